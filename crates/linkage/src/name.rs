//! A full name (họ và tên) as syllables: surname first, given name last.

use crate::keyboard::{DIGIT, Token};
use crate::syllable::{Piece, Syllable, piece};

/// Syllables kept of a name; of a longer one the first five and the last.
pub(crate) const MAX_SYLLABLES: usize = 6;

/// The syllables of a name and how many there are.
pub(crate) type Syllables = ([Syllable; MAX_SYLLABLES], u8);

/// Splits a name however it was typed: case, spaces, composition, dots of abbreviations and keyboard residue do not matter.
pub(crate) fn syllables(name: &str) -> Syllables {
    let mut out = ([Syllable::default(); MAX_SYLLABLES], 0u8);
    let mut token = Token::default();
    for c in name.chars() {
        match piece(c) {
            Piece::Letter { letter, mark, tone } => {
                token.letters.push(letter);
                token.marks.push(mark);
                token.tone = token.tone.max(tone);
            }
            Piece::Tone(tone) => token.tone = tone,
            Piece::Mark(mark) => {
                if let Some(last) = token.marks.last_mut() {
                    *last = mark;
                }
            }
            Piece::Digit(digit) => {
                token.letters.push(DIGIT + digit);
                token.marks.push(0);
            }
            Piece::Break => finish(&mut token, &mut out),
            Piece::Nothing => {}
        }
    }
    finish(&mut token, &mut out);
    out
}

fn finish(token: &mut Token, out: &mut Syllables) {
    // Nearly every syllable can stand as it is; only the others are copied and re-read.
    let undone = (!token.is_plain()).then(|| token.clone().undone());
    let read = undone.as_ref().unwrap_or(token);
    if !read.letters.is_empty() {
        let at = usize::from(out.1).min(MAX_SYLLABLES - 1);
        out.0[at] = Syllable::pack(&read.letters, &read.marks, read.tone);
        out.1 = at as u8 + 1;
    }
    token.clear();
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// The first syllable of a text.
    pub(crate) fn syllable(text: &str) -> Syllable {
        syllables(text).0[0]
    }

    #[test]
    fn one_name_however_it_is_typed() {
        let meant = syllables("Nguyễn Thị Thu Hà");
        assert_eq!(meant.1, 4);
        for typed in [
            "  NGUYỄN\u{a0}THỊ  THU HÀ ",
            "nguyễn thị thu hà",
            "Nguye\u{302}\u{303}n Thi\u{323} Thu Ha\u{300}",
            "Nguyeenx Thij Thu Haf",
            "Nguyễn Thị Thu Hà.",
        ] {
            assert_eq!(syllables(typed), meant, "{typed}");
        }
    }

    #[test]
    fn abbreviations_are_split_at_dots() {
        assert_eq!(syllables("Ng.T.T. Hà").1, 4);
        assert_eq!(syllables("").1, 0);
        assert_eq!(syllables("a b c d e f g h").0[5], syllable("h"));
    }
}
