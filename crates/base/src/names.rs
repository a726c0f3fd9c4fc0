//! Vietnamese text: cleaning, comparing without marks, tone placement.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Cleans a text as handed over: composed Unicode (NFC), outer white space gone, inner runs of any
/// white space (no-break spaces too) one space, zero-width characters and byte-order marks gone.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfc() {
        if c.is_whitespace() {
            if !out.is_empty() && !out.ends_with(' ') {
                out.push(' ');
            }
        } else if !matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}') {
            out.push(c);
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// Lower case without any marks, đ as d: the form for search and rough comparison.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(|c| if matches!(c, 'đ' | 'Đ') { 'd'.to_lowercase() } else { c.to_lowercase() })
        .collect()
}

/// Lower case with marks, the tone moved to its old-style place (`hoà` becomes `hòa`, `thuý` `thúy`).
///
/// Both placements are right Vietnamese; a comparison must not see a difference. Applies to open
/// syllables in `oa`, `oe`, `uy`; `quý` keeps its tone, because there `u` belongs to `qu`.
pub fn canonical_tones(text: &str) -> String {
    clean(text).to_lowercase().split(' ').map(canonical_syllable).collect::<Vec<_>>().join(" ")
}

/// The given name: the last syllable (people are sorted by it).
pub fn given_name(full_name: &str) -> &str {
    full_name.rsplit(' ').next().unwrap_or(full_name)
}

const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{303}', '\u{309}', '\u{323}'];

fn canonical_syllable(syllable: &str) -> String {
    // Work on the decomposed form: the tone is one combining mark, the vowel's own mark another.
    let decomposed: Vec<char> = syllable.nfd().collect();
    let Some(tone_at) = decomposed.iter().position(|c| TONES.contains(c)) else {
        return syllable.nfc().collect();
    };
    let mut rest = decomposed.clone();
    let tone = rest.remove(tone_at);
    let n = rest.len();
    let is_open_pair = n >= 2
        && matches!((rest[n - 2], rest[n - 1]), ('o', 'a') | ('o', 'e') | ('u', 'y'))
        && !(n >= 3 && rest[n - 3] == 'q')
        && tone_at == n;
    if is_open_pair {
        rest.insert(n - 1, tone);
    } else {
        rest.insert(tone_at, tone);
    }
    rest.into_iter().nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cleans_decomposed_text_and_odd_spaces() {
        let decomposed: String = "  Nguyễn\u{a0}\u{a0}Thị  Hường\u{feff} ".nfd().collect();
        assert_eq!(clean(&decomposed), "Nguyễn Thị Hường");
    }

    #[test]
    fn folds_marks_and_d() {
        assert_eq!(fold("Đỗ Thị Mỹ Hạnh"), "do thi my hanh");
    }

    #[test]
    fn both_tone_placements_are_one() {
        for (new, old) in [("Hoà", "Hòa"), ("Thuý", "Thúy"), ("Khoẻ", "Khỏe"), ("Yên Hoà", "Yên Hòa")] {
            assert_eq!(canonical_tones(new), canonical_tones(old), "{new}");
        }
        assert_eq!(canonical_tones("Quý"), "quý");
        assert_eq!(canonical_tones("Hoàng"), "hoàng");
        assert_eq!(canonical_tones("Mỹ"), "mỹ");
    }

    proptest! {
        #[test]
        fn cleaning_twice_is_cleaning_once(text in "\\PC{0,40}") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }

        #[test]
        fn folding_does_not_see_composition(text in "[a-zA-ZàáảãạăắâấđĐêếôốơớưứỳýỹ ]{0,30}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&decomposed), fold(&text));
        }
    }
}
