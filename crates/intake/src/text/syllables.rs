//! Whether a word is a Vietnamese syllable: the evidence by which encodings are told apart.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

/// Consonants that open a syllable, the longest first.
const ONSETS: [&str; 29] = [
    "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr", "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p",
    "q", "r", "s", "t", "v", "x", "",
];

/// Vowels and closing consonants without tone.
const RIMES: &str = "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây \
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich iêc iêm iên iêng iêp iêt iêu im in inh ip it iu \
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oc oe oen oeo oet oi om on ong ooc oong op ot \
    ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt up ut uơ \
    uy uya uych uyên uyêt uyn uynh uyt uyu ư ưa ưc ưi ưm ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu \
    y yêm yên yêng yêt yêu ynh ych yt";

const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

/// Whether a word, in any case and composition, is a syllable that Vietnamese can have.
///
/// At most one tone, on a vowel; a syllable closed by c, ch, p or t has the tone sắc or nặng.
pub(crate) fn is_syllable(word: &str) -> bool {
    let mut tones = Vec::new();
    let plain: String = word
        .to_lowercase()
        .nfd()
        .filter(|c| {
            if TONES.contains(c) {
                tones.push(*c);
                false
            } else {
                true
            }
        })
        .nfc()
        .collect();
    if tones.len() > 1 || plain.chars().count() > 7 || !plain.chars().all(char::is_alphabetic) {
        return false;
    }
    let closed = ["c", "ch", "p", "t"].iter().any(|coda| plain.ends_with(coda));
    if closed && !matches!(tones.first(), Some('\u{301}' | '\u{323}')) {
        return false;
    }
    ONSETS.iter().filter_map(|onset| plain.strip_prefix(onset)).any(|rime| !rime.is_empty() && has_rime(rime))
}

fn has_rime(rime: &str) -> bool {
    static SORTED: OnceLock<BTreeSet<&str>> = OnceLock::new();
    SORTED.get_or_init(|| RIMES.split_whitespace().collect()).contains(rime)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn syllables_of_names_and_places() {
        let text = "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý Đức Quỳnh Thúy Nghĩa Khuê Giang Gìn Quốc \
            Huyền Nguyệt Ước Yến Xuân Thoại Khoét Phường Xã Thôn Quận Tổ dân phố số ngõ ngách đường Việt Quyết Tuyết Uyên Thuở Khuya";
        for word in text.split_whitespace() {
            assert!(is_syllable(word), "{word}");
        }
    }

    #[test]
    fn what_no_syllable_is() {
        for word in ["NguyÔn", "V¨n", "§øc", "thà̉", "đat", "hằt", "Hoũ", "éụị", "Smith", "b", "", "Müller", "nghng", "aê"]
        {
            assert!(!is_syllable(word), "{word}");
        }
    }
}
