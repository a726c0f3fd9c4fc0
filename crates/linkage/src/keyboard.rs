//! What a keyboard leaves behind when the Vietnamese typing program was off: `Nguyeenx`, `Nguye6n4`.
//!
//! A syllable is only re-read when it cannot be Vietnamese as it stands and can be after undoing.

use crate::syllable::{CIRCUMFLEX, HORN, tone};

/// Letters of a syllable under work; digits are kept as 27 + digit until they are undone or dropped.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Token {
    pub letters: Vec<u8>,
    pub marks: Vec<u8>,
    pub tone: u8,
}

/// The code under which a digit stands among the letters.
pub(crate) const DIGIT: u8 = 27;

const fn code(letter: u8) -> u8 {
    letter - b'a' + 1
}

impl Token {
    fn push(&mut self, letter: u8, mark: u8) {
        self.letters.push(letter);
        self.marks.push(mark);
    }

    /// Whether the token needs no undoing.
    pub(crate) fn is_plain(&self) -> bool {
        self.letters.is_empty() || (!self.has_digit() && is_vietnamese(&self.letters))
    }

    /// Empties the token and keeps its memory.
    pub(crate) fn clear(&mut self) {
        self.letters.clear();
        self.marks.clear();
        self.tone = 0;
    }

    fn has_digit(&self) -> bool {
        self.letters.iter().any(|l| *l >= DIGIT)
    }

    /// The token with keyboard residue undone, where that and only that makes a Vietnamese syllable.
    pub(crate) fn undone(self) -> Self {
        if self.is_plain() {
            return self;
        }
        let candidate = if self.has_digit() { self.undo_vni() } else { self.undo_telex() };
        if is_vietnamese(&candidate.letters) {
            return candidate;
        }
        let mut plain = Self { tone: self.tone, ..Self::default() };
        for (letter, mark) in self.letters.iter().zip(&self.marks).filter(|(l, _)| **l < DIGIT) {
            plain.push(*letter, *mark);
        }
        plain
    }

    fn undo_telex(&self) -> Self {
        let mut out = Self::default();
        for (letter, mark) in self.letters.iter().copied().zip(self.marks.iter().copied()) {
            let vowel_seen = out.letters.iter().any(|l| is_vowel(*l));
            let last_is_same = out.letters.last() == Some(&letter) && out.marks.last() == Some(&0);
            match letter {
                T_S if vowel_seen => out.tone = tone::ACUTE,
                T_F if vowel_seen => out.tone = tone::GRAVE,
                T_R if vowel_seen => out.tone = tone::HOOK,
                T_X if vowel_seen => out.tone = tone::TILDE,
                T_J if vowel_seen => out.tone = tone::DOT,
                A | E | O if last_is_same => out.mark_last(&[letter], CIRCUMFLEX),
                D if last_is_same => out.mark_last(&[D], CIRCUMFLEX),
                T_W if vowel_seen => out.horn(),
                T_W => out.push(U, HORN),
                _ => out.push(letter, mark),
            }
        }
        out.keep_tone_of(self)
    }

    fn undo_vni(&self) -> Self {
        let mut out = Self::default();
        for (letter, mark) in self.letters.iter().copied().zip(self.marks.iter().copied()) {
            match letter.checked_sub(DIGIT) {
                None => out.push(letter, mark),
                Some(1) => out.tone = tone::ACUTE,
                Some(2) => out.tone = tone::GRAVE,
                Some(3) => out.tone = tone::HOOK,
                Some(4) => out.tone = tone::TILDE,
                Some(5) => out.tone = tone::DOT,
                Some(6) => out.mark_last(&[A, E, O], CIRCUMFLEX),
                Some(7) => out.horn(),
                Some(8) => out.mark_last(&[A], HORN),
                Some(9) => out.mark_last(&[D], CIRCUMFLEX),
                Some(_) => {}
            }
        }
        out.keep_tone_of(self)
    }

    /// A tone written as such wins over one undone from a key (`Nguyễnx`).
    fn keep_tone_of(mut self, written: &Self) -> Self {
        if written.tone != 0 {
            self.tone = written.tone;
        }
        self
    }

    fn mark_last(&mut self, among: &[u8], mark: u8) {
        if let Some(at) = self.letters.iter().rposition(|l| among.contains(l)) {
            self.marks[at] = mark;
        }
    }

    /// One key puts the horn on both letters of `uo`.
    fn horn(&mut self) {
        if let Some(at) = self.letters.iter().rposition(|l| [A, O, U].contains(l)) {
            self.marks[at] = HORN;
            if self.letters[at] == O && at > 0 && self.letters[at - 1] == U {
                self.marks[at - 1] = HORN;
            }
        }
    }
}

const A: u8 = code(b'a');
const D: u8 = code(b'd');
const E: u8 = code(b'e');
const O: u8 = code(b'o');
const U: u8 = code(b'u');
const T_S: u8 = code(b's');
const T_F: u8 = code(b'f');
const T_R: u8 = code(b'r');
const T_X: u8 = code(b'x');
const T_J: u8 = code(b'j');
const T_W: u8 = code(b'w');

fn is_vowel(letter: u8) -> bool {
    [A, E, code(b'i'), O, U, code(b'y')].contains(&letter)
}

/// Whether letters without marks can be a Vietnamese syllable: onset, one to three vowels, coda.
pub(crate) fn is_vietnamese(letters: &[u8]) -> bool {
    let Some(start) = letters.iter().position(|l| is_vowel(*l)) else { return false };
    let vowels = letters[start..].iter().take_while(|l| is_vowel(**l)).count();
    let doubled = letters[start..start + vowels].windows(2).any(|w| w[0] == w[1] && w[0] != U);
    vowels <= 3 && !doubled && is_onset(&letters[..start]) && is_coda(&letters[start + vowels..])
}

fn is_onset(letters: &[u8]) -> bool {
    const SINGLE: &[u8] = b"bcdghklmnpqrstvx";
    const DOUBLE: [&[u8; 2]; 8] = [b"ch", b"gh", b"kh", b"ng", b"nh", b"ph", b"th", b"tr"];
    match letters {
        [] => true,
        [one] => SINGLE.iter().any(|l| code(*l) == *one),
        [a, b] => DOUBLE.iter().any(|d| code(d[0]) == *a && code(d[1]) == *b),
        [a, b, c] => [*a, *b, *c] == [code(b'n'), code(b'g'), code(b'h')],
        _ => false,
    }
}

fn is_coda(letters: &[u8]) -> bool {
    match letters {
        [] => true,
        [one] => b"cmnpt".iter().any(|l| code(*l) == *one),
        [a, b] => [b"ch", b"ng", b"nh"].iter().any(|d| code(d[0]) == *a && code(d[1]) == *b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::name::tests::syllable;

    #[test]
    fn telex_and_vni_are_undone() {
        let cases = [
            ("Nguyeenx", "Nguyễn"),
            ("Nguyễnx", "Nguyễn"),
            ("Vawn", "Văn"),
            ("Hufng", "Hùng"),
            ("Dduwcs", "Đức"),
            ("Cuowngf", "Cường"),
            ("Thijj", "Thị"),
            ("Nguye6n4", "Nguyễn"),
            ("Va8n", "Văn"),
            ("D9u7c1", "Đức"),
            ("Hu7o7ng2", "Hường"),
        ];
        for (typed, meant) in cases {
            assert_eq!(syllable(typed), syllable(meant), "{typed}");
        }
    }

    #[test]
    fn what_can_stand_is_left_alone() {
        for good in ["Xuân", "Sơn", "Rơ", "Thảo", "Quyết", "Nghiêng", "Lưu", "Khuyên"] {
            assert_eq!(syllable(good), syllable(&good.to_uppercase()), "{good}");
        }
        // A foreign name is not Vietnamese after undoing either.
        assert_ne!(syllable("James"), syllable("Jame"));
    }
}
