//! VNI letters: most are a letter without marks and a byte for its marks; a few have a byte of their own.

use unicode_normalization::UnicodeNormalization;

/// Small letters with a byte of their own; the capital is 0x20 below.
const WHOLE: [(char, u8); 9] =
    [('đ', 0xf1), ('ì', 0xec), ('í', 0xed), ('ỉ', 0xe6), ('ĩ', 0xf3), ('ị', 0xf2), ('ỵ', 0xee), ('ơ', 0xf4), ('ư', 0xf6)];

/// Marks after a small letter by the shape on it and its tone (none, grave, acute, hook, tilde, dot); 0 is no byte. After a capital 0x20 less.
const PLAIN: [u8; 6] = [0, 0xf8, 0xf9, 0xfb, 0xf5, 0xef];
const CIRCUMFLEX: [u8; 6] = [0xe2, 0xe0, 0xe1, 0xe5, 0xe3, 0xe4];
const BREVE: [u8; 6] = [0xea, 0xe8, 0xe9, 0xfa, 0xfc, 0xeb];

/// Tones as combining marks, in the order of the tables.
const TONES: [char; 5] = ['\u{300}', '\u{301}', '\u{309}', '\u{303}', '\u{323}'];

/// The bytes of a letter; what VNI does not have becomes a question mark.
pub fn letter(c: char) -> Vec<u8> {
    if let Some(byte) = u8::try_from(c).ok().filter(u8::is_ascii) {
        return vec![byte];
    }
    if c == '\u{a0}' {
        return vec![b' '];
    }
    let capital = c.is_uppercase();
    let lower = |byte: u8| if capital { byte - 0x20 } else { byte };
    let small = c.to_lowercase().next().unwrap_or(c);
    if let Some((_, byte)) = WHOLE.iter().find(|(letter, _)| *letter == small) {
        return vec![lower(*byte)];
    }
    let mut parts = std::iter::once(small).nfd();
    let Some(base) = parts.next() else { return vec![b'?'] };
    let marks: Vec<char> = parts.collect();
    let tone = TONES.iter().position(|tone| marks.contains(tone)).map_or(0, |at| at + 1);
    let horn = marks.contains(&'\u{31b}');
    let table = match () {
        _ if marks.contains(&'\u{302}') => CIRCUMFLEX,
        _ if marks.contains(&'\u{306}') => BREVE,
        _ => PLAIN,
    };
    let first = match (base, horn) {
        ('o', true) => lower(0xf4),
        ('u', true) => lower(0xf6),
        (letter, false) if letter.is_ascii() => letter as u8 - if capital { 0x20 } else { 0 },
        _ => b'?',
    };
    std::iter::once(first).chain(Some(table[tone]).filter(|byte| *byte != 0).map(lower)).collect()
}
