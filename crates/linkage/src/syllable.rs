//! One syllable of a name as two numbers: its letters without marks, and its marks.
//!
//! The tone belongs to the syllable and not to a letter, so `hoà` and `hòa` are the same numbers.

use std::sync::LazyLock;

use unicode_normalization::char::decompose_canonical;

/// Letters that fit into the 64 bits of [`Syllable::letters`].
pub(crate) const MAX_LETTERS: usize = 12;

/// A syllable (tiếng): equal letters mean equal without marks, equal letters and marks mean equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Syllable {
    /// Five bits a letter (a = 1 … z = 26), the first letter lowest.
    pub letters: u64,
    /// Tone in the lowest three bits, then two bits a letter for its own mark.
    pub marks: u32,
}

/// Tones of the lowest three bits of the marks.
pub(crate) mod tone {
    pub(crate) const GRAVE: u8 = 1;
    pub(crate) const ACUTE: u8 = 2;
    pub(crate) const HOOK: u8 = 3;
    pub(crate) const TILDE: u8 = 4;
    pub(crate) const DOT: u8 = 5;
}

/// Mark of one letter: the circumflex of â, ê, ô and the stroke of đ.
pub(crate) const CIRCUMFLEX: u8 = 1;
/// Mark of one letter: the breve of ă and the horn of ơ, ư.
pub(crate) const HORN: u8 = 2;

/// What one character is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Piece {
    /// A letter 1-26 with its mark and tone (0 when it has none).
    Letter { letter: u8, mark: u8, tone: u8 },
    /// A combining tone.
    Tone(u8),
    /// A combining mark of the letter before.
    Mark(u8),
    /// A digit 0-9.
    Digit(u8),
    /// Ends a syllable.
    Break,
    /// Says nothing: other marks and signs inside a word.
    Nothing,
}

/// Reads a character. Letters of other alphabets get a stable letter so that they can be compared.
pub(crate) fn piece(c: char) -> Piece {
    match c {
        'a'..='z' => Piece::Letter { letter: c as u8 - b'a' + 1, mark: 0, tone: 0 },
        'A'..='Z' => Piece::Letter { letter: c as u8 - b'A' + 1, mark: 0, tone: 0 },
        '0'..='9' => Piece::Digit(c as u8 - b'0'),
        '\u{300}' => Piece::Tone(tone::GRAVE),
        '\u{301}' => Piece::Tone(tone::ACUTE),
        '\u{309}' => Piece::Tone(tone::HOOK),
        '\u{303}' => Piece::Tone(tone::TILDE),
        '\u{323}' => Piece::Tone(tone::DOT),
        '\u{302}' => Piece::Mark(CIRCUMFLEX),
        '\u{306}' | '\u{31b}' => Piece::Mark(HORN),
        '\'' | '\u{2019}' | '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => Piece::Nothing,
        _ if c.is_ascii() => Piece::Break,
        _ => accented(c),
    }
}

fn accented(c: char) -> Piece {
    let packed = TABLE.get(c as usize).copied().unwrap_or(0);
    if packed != 0 {
        return Piece::Letter { letter: (packed & 31) as u8, mark: (packed >> 5 & 3) as u8, tone: (packed >> 7) as u8 };
    }
    if !c.is_alphabetic() {
        return if c.is_whitespace() || ('\u{2010}'..='\u{2015}').contains(&c) { Piece::Break } else { Piece::Nothing };
    }
    let mut first = None;
    decompose_canonical(c, |part| {
        first.get_or_insert(part);
    });
    match first.map(|f| f.to_ascii_lowercase()) {
        Some(base @ 'a'..='z') => Piece::Letter { letter: base as u8 - b'a' + 1, mark: 0, tone: 0 },
        _ => Piece::Letter { letter: (u32::from(c) % 26) as u8 + 1, mark: 0, tone: 0 },
    }
}

/// Letter, mark and tone of every composed Vietnamese letter by code point; 0 for all others.
static TABLE: LazyLock<Vec<u16>> = LazyLock::new(|| {
    const ROWS: [(&str, char, u8); 12] = [
        ("aàáảãạ", 'a', 0),
        ("ăằắẳẵặ", 'a', HORN),
        ("âầấẩẫậ", 'a', CIRCUMFLEX),
        ("eèéẻẽẹ", 'e', 0),
        ("êềếểễệ", 'e', CIRCUMFLEX),
        ("iìíỉĩị", 'i', 0),
        ("oòóỏõọ", 'o', 0),
        ("ôồốổỗộ", 'o', CIRCUMFLEX),
        ("ơờớởỡợ", 'o', HORN),
        ("uùúủũụ", 'u', 0),
        ("ưừứửữự", 'u', HORN),
        ("yỳýỷỹỵ", 'y', 0),
    ];
    let mut table = vec![0u16; 0x1f00];
    let mut put = |c: char, base: char, mark: u8, tone: usize| {
        let packed = (base as u16 - u16::from(b'a') + 1) | u16::from(mark) << 5 | (tone as u16) << 7;
        for form in [Some(c), c.to_uppercase().next()].into_iter().flatten() {
            if let Some(slot) = table.get_mut(form as usize) {
                *slot = packed;
            }
        }
    };
    for (letters, base, mark) in ROWS {
        for (tone, c) in letters.chars().enumerate() {
            put(c, base, mark, tone);
        }
    }
    put('đ', 'd', CIRCUMFLEX, 0);
    table
});

impl Syllable {
    /// Packs letters (1-26) with their marks and the tone; letters past the twelfth are dropped.
    pub(crate) fn pack(letters: &[u8], marks: &[u8], tone: u8) -> Self {
        let mut packed = Self { letters: 0, marks: u32::from(tone) };
        for (at, (letter, mark)) in letters.iter().zip(marks).take(MAX_LETTERS).enumerate() {
            packed.letters |= u64::from(*letter) << (5 * at);
            packed.marks |= u32::from(*mark) << (3 + 2 * at);
        }
        packed
    }

    /// Tone 0-5.
    pub(crate) fn tone(self) -> u32 {
        self.marks & 7
    }

    /// How two syllables of the same letters differ in their marks.
    pub(crate) fn marks_against(self, other: Self) -> MarkDifference {
        if self.marks == other.marks {
            return MarkDifference::None;
        }
        let (a, b) = (self.marks >> 3, other.marks >> 3);
        // A letter conflicts when both sides have a mark there and not the same one.
        let present = |m: u32| (m | m >> 1) & 0x5555_5555;
        let differing = present(a ^ b);
        if differing & present(a) & present(b) != 0 {
            MarkDifference::Vowel
        } else if self.tone() != other.tone() && self.tone() != 0 && other.tone() != 0 {
            MarkDifference::Tone
        } else {
            MarkDifference::Lost
        }
    }
}

/// How marks differ where the letters agree, mildest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum MarkDifference {
    /// Not at all.
    None,
    /// One side lacks a mark that the other has (`Huong` or `Hương` for `Hường`).
    Lost,
    /// Two different tones (`Mỹ`, `Mỷ`).
    Tone,
    /// Two different vowels (`Văn`, `Vân`).
    Vowel,
}

/// Whether two packed letter runs are at most one edit apart: a letter put in, left out, changed, or two neighbours swapped.
pub(crate) fn one_edit(a: u64, b: u64) -> bool {
    if a == b {
        return true;
    }
    let (la, lb) = (length(a), length(b));
    // Bits below the first difference agree in both; the rest must agree after one edit.
    let at = (a ^ b).trailing_zeros() / 5 * 5;
    let (ra, rb) = (a >> at, b >> at);
    match la.abs_diff(lb) {
        0 => {
            let swapped = (ra & 31) << 5 | ra >> 5 & 31;
            ra >> 5 == rb >> 5 || (ra >> 10 == rb >> 10 && swapped == rb & 1023)
        }
        1 if la > lb => ra >> 5 == rb,
        1 => rb >> 5 == ra,
        _ => false,
    }
}

/// Number of letters.
pub(crate) fn length(letters: u64) -> u32 {
    (64 - letters.leading_zeros()).div_ceil(5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::tests::syllable;
    use proptest::prelude::*;

    #[test]
    fn tone_placement_does_not_matter_and_marks_do() {
        assert_eq!(syllable("Hoà"), syllable("hòa"));
        assert_eq!(syllable("Thuý"), syllable("THÚY"));
        assert_ne!(syllable("Văn"), syllable("Vân"));
        assert_eq!(syllable("Đức").letters, syllable("Duc").letters);
    }

    #[test]
    fn marks_are_lost_or_in_conflict() {
        let cases = [
            ("Hường", "Hương", MarkDifference::Lost),
            ("Đức", "DUC", MarkDifference::Lost),
            ("Mỹ", "Mỷ", MarkDifference::Tone),
            ("Văn", "Vân", MarkDifference::Vowel),
            ("Lan", "Lân", MarkDifference::Lost),
            ("Hoà", "Hòa", MarkDifference::None),
        ];
        for (a, b, expected) in cases {
            assert_eq!(syllable(a).marks_against(syllable(b)), expected, "{a} {b}");
            assert_eq!(syllable(b).marks_against(syllable(a)), expected, "{b} {a}");
        }
    }

    proptest! {
        #[test]
        fn one_edit_is_what_the_textbook_says(a in "[a-d]{0,6}", b in "[a-d]{0,6}") {
            let packed = |t: &str| {
                let letters: Vec<u8> = t.bytes().map(|b| b - b'a' + 1).collect();
                Syllable::pack(&letters, &[0; 6], 0).letters
            };
            let expected = rapidfuzz::distance::osa::distance(a.chars(), b.chars()) <= 1;
            prop_assert_eq!(one_edit(packed(&a), packed(&b)), expected);
        }
    }
}
