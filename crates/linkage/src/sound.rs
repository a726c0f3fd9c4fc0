//! Letters that hands and dialects confuse, made one: i/y, s/x, ch/tr, d/gi/r, l/n, n/ng/nh, c/t/ch at the end.

use crate::syllable::{MAX_LETTERS, length};

const fn code(letter: u8) -> u8 {
    letter - b'a' + 1
}

/// The packed letters of a syllable with all confused sounds written one way.
///
/// Two syllables of the same sound key need not be the same: the key only brings candidates
/// together, and "sounds alike" is a level of its own when names are compared.
pub(crate) fn sound_key(letters: u64) -> u64 {
    let mut text = [0u8; MAX_LETTERS];
    let n = length(letters) as usize;
    for (at, slot) in text.iter_mut().enumerate().take(n) {
        *slot = (letters >> (5 * at) & 31) as u8;
    }
    let text = &text[..n];
    let (onset, rest) = onset(text);
    let mut out = 0u64;
    let mut at = 0;
    let mut push = |letter: u8| {
        if letter != 0 && at < MAX_LETTERS {
            out |= u64::from(if letter == code(b'y') { code(b'i') } else { letter }) << (5 * at);
            at += 1;
        }
    };
    onset.iter().for_each(|l| push(*l));
    let vowels = rest.iter().take_while(|l| b"aeiouy".iter().any(|v| code(*v) == **l)).count();
    rest[..vowels].iter().for_each(|l| push(*l));
    match &rest[vowels..] {
        // Final ng, nh as n; final c, ch as t.
        [n, ..] if *n == code(b'n') => push(code(b'n')),
        [c, ..] if *c == code(b'c') => push(code(b't')),
        other => other.iter().for_each(|l| push(*l)),
    }
    out
}

/// The canonical onset (up to two letters, 0 for none) and what follows it.
fn onset(text: &[u8]) -> ([u8; 2], &[u8]) {
    let starts = |with: &[u8]| text.len() > with.len() && with.iter().zip(text).all(|(w, t)| code(*w) == *t);
    let vowel_after = |at: usize| text.get(at).is_some_and(|l| b"aeiouy".iter().any(|v| code(*v) == *l));
    let one = |letter: u8, skip: usize| ([code(letter), 0], &text[skip..]);
    if starts(b"tr") || starts(b"ch") {
        ([code(b'c'), code(b'h')], &text[2..])
    } else if starts(b"ngh") {
        ([code(b'n'), code(b'g')], &text[3..])
    } else if starts(b"ng") || starts(b"nh") || starts(b"kh") || starts(b"ph") || starts(b"th") {
        ([text[0], text[1]], &text[2..])
    } else if starts(b"gh") {
        one(b'g', 2)
    } else if starts(b"gi") && vowel_after(2) {
        one(b'd', 2)
    } else if starts(b"gi") || starts(b"r") || starts(b"d") {
        one(b'd', 1)
    } else if starts(b"x") || starts(b"s") {
        one(b's', 1)
    } else if starts(b"l") || starts(b"n") {
        one(b'n', 1)
    } else if starts(b"k") {
        one(b'c', 1)
    } else if text.is_empty() || vowel_after(0) {
        ([0, 0], text)
    } else {
        ([text[0], 0], &text[1..])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::tests::syllable;

    fn alike(a: &str, b: &str) -> bool {
        sound_key(syllable(a).letters) == sound_key(syllable(b).letters)
    }

    #[test]
    fn confused_sounds_are_one() {
        for (a, b) in [
            ("Lý", "Lí"),
            ("Mỹ", "Mĩ"),
            ("Nam", "Lam"),
            ("Trung", "Chung"),
            ("Sơn", "Xơn"),
            ("Giang", "Dang"),
            ("Rung", "Dung"),
            ("Hoàng", "Hoàn"),
            ("Các", "Cát"),
            ("Nghĩa", "Ngĩa"),
        ] {
            assert!(alike(a, b), "{a} {b}");
        }
    }

    #[test]
    fn other_names_are_not() {
        for (a, b) in [("Nam", "Tâm"), ("Hà", "Hoa"), ("Nga", "Na"), ("Thanh", "Tanh"), ("Khang", "Cang")] {
            assert!(!alike(a, b), "{a} {b}");
        }
    }
}
