//! Counting, in some text of doubtful encoding, how many words are Vietnamese under each reading.

use encoding_rs::{WINDOWS_1252, WINDOWS_1258};

use super::syllables::is_syllable;
use super::tables::OldEncoding;

/// Words looked at: more add nothing.
const ENOUGH: u64 = 20_000;

/// How many words with marks are syllables, read in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// Words with at least one byte or letter beyond ASCII.
    pub words: u64,
    /// Syllables as they stand (bytes: as Windows-1258).
    pub as_is: u64,
    /// Syllables as TCVN3.
    pub tcvn3: u64,
    /// Syllables as VNI.
    pub vni: u64,
}

impl Evidence {
    /// Adds the words of some bytes.
    pub fn add_bytes(&mut self, bytes: &[u8]) {
        let is_part = |b: &u8| b.is_ascii_alphabetic() || *b >= 0x80 || (*b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r'));
        for word in bytes.split(|b| !is_part(b)).filter(|word| word.iter().any(|b| !b.is_ascii())) {
            if self.words >= ENOUGH {
                return;
            }
            let (as_is, _) = WINDOWS_1258.decode_without_bom_handling(word);
            self.add_word(&as_is, word);
        }
    }

    /// Adds the words of a text that may have been read as Latin letters by mistake.
    pub fn add_text(&mut self, text: &str) {
        if text.is_ascii() || self.words >= ENOUGH {
            return;
        }
        let separates = |c: char| c.is_ascii() && !c.is_ascii_alphabetic();
        for word in text.split(separates).filter(|word| !word.is_ascii()) {
            match latin_bytes(word) {
                Some(bytes) => self.add_word(word, &bytes),
                None => {
                    self.words += 1;
                    self.as_is += u64::from(is_syllable(word));
                }
            }
        }
    }

    fn add_word(&mut self, as_is: &str, bytes: &[u8]) {
        let reads = |encoding: OldEncoding| encoding.decode(bytes).is_some_and(|word| is_syllable(&word));
        self.words += 1;
        self.as_is += u64::from(is_syllable(as_is));
        self.tcvn3 += u64::from(reads(OldEncoding::Tcvn3));
        self.vni += u64::from(reads(OldEncoding::Vni));
    }

    /// Syllables under an old encoding.
    pub fn of(&self, encoding: OldEncoding) -> u64 {
        match encoding {
            OldEncoding::Tcvn3 => self.tcvn3,
            OldEncoding::Vni => self.vni,
        }
    }

    /// Whether a reading that makes `count` of the words syllables is sound: seven in ten, the rest being
    /// foreign names and abbreviations.
    pub fn is_sound(&self, count: u64) -> bool {
        count > 0 && count * 10 >= self.words * 7
    }

    /// The old encoding that alone is sound: three words at least, and twice as many as any other reading.
    pub fn clear(&self) -> Option<OldEncoding> {
        let (encoding, count, other) = if self.tcvn3 >= self.vni {
            (OldEncoding::Tcvn3, self.tcvn3, self.vni.max(self.as_is))
        } else {
            (OldEncoding::Vni, self.vni, self.tcvn3.max(self.as_is))
        };
        (count >= 3 && self.is_sound(count) && other * 2 <= count).then_some(encoding)
    }
}

/// The bytes of a text that was read as Windows-1252; `None` when it holds other letters.
pub(crate) fn latin_bytes(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, lost) = WINDOWS_1252.encode(text);
    (!lost).then(|| bytes.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_text(text: &str) -> Evidence {
        let mut evidence = Evidence::default();
        evidence.add_text(text);
        evidence
    }

    #[test]
    fn mojibake_is_told_from_vietnamese() {
        let spoiled = of_text("NguyÔn V¨n §øc; TrÇn ThÞ Mü H¹nh; Sè 5 ph\u{ad}êng Ba §×nh");
        assert_eq!(spoiled.clear(), Some(OldEncoding::Tcvn3), "{spoiled:?}");
        let vni = of_text("Nguyeãn Vaên Ñöùc; Traàn Thò Myõ Haïnh; Soá 5 phöôøng Ba Ñình");
        assert_eq!(vni.clear(), Some(OldEncoding::Vni), "{vni:?}");
        for sound in ["Nguyễn Văn Đức; Trần Thị Mỹ Hạnh", "Hà Nam, Hòa Bình, Lâm Hà, Tân Trào", "Müller Café Ångström", ""]
        {
            assert_eq!(of_text(sound).clear(), None, "{sound}");
        }
    }

    #[test]
    fn two_words_are_no_evidence() {
        assert_eq!(of_text("NguyÔn V¨n").clear(), None);
    }
}
