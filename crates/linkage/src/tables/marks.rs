//! Letters and digits of ids and codes, and how two of them agree.

use super::edits::slips;
use super::level::missing;
use super::pool::each;
use super::spec::Kind;

/// Longest text kept in place.
const SHORT: usize = 15;

/// All values of a field of marks.
#[derive(Debug)]
pub(crate) struct Marks {
    /// Letters of short values, the last byte their number; of long values that byte is [`LONG`] and the rest a place.
    short: Vec<[u8; SHORT + 1]>,
    long: Vec<Box<[char]>>,
    /// How often which letters stand in a value, as bits: an edit changes two of them at most. The lowest four bits
    /// are the length, from 15 on 15.
    held: Vec<u64>,
}

/// Stands for the length of a long value.
const LONG: u8 = 255;

/// A letter or digit, of one byte or any.
pub(crate) trait Letter: PartialEq + Copy {
    /// Whether it is one of 0-9.
    fn is_digit(&self) -> bool;
}

impl Letter for u8 {
    fn is_digit(&self) -> bool {
        self.is_ascii_digit()
    }
}

impl Letter for char {
    fn is_digit(&self) -> bool {
        self.is_ascii_digit()
    }
}

impl Marks {
    /// Reads canonical texts.
    pub(crate) fn new(count: usize, spelling: &(dyn Fn(usize, &mut String) + Sync)) -> Self {
        let read = |text: &str| -> ([u8; SHORT + 1], Option<Box<[char]>>) {
            let mut bytes = [0; SHORT + 1];
            match bytes.get_mut(..text.len()).filter(|_| text.is_ascii() && text.len() <= SHORT) {
                Some(slot) => slot.copy_from_slice(text.as_bytes()),
                None => return (bytes, Some(text.chars().collect())),
            }
            bytes[SHORT] = text.len() as u8;
            (bytes, None)
        };
        let mut out = Self { short: Vec::with_capacity(count), long: Vec::new(), held: Vec::with_capacity(count) };
        for (mut bytes, long) in each(count, spelling, read) {
            out.held.push(match &long {
                Some(letters) => held(letters.iter().map(|c| u32::from(*c))),
                None => held(bytes[..usize::from(bytes[SHORT])].iter().map(|b| u32::from(*b))),
            });
            if let Some(letters) = long {
                bytes[..4].copy_from_slice(&(out.long.len() as u32).to_le_bytes());
                bytes[SHORT] = LONG;
                out.long.push(letters);
            }
            out.short.push(bytes);
        }
        out
    }

    /// All letters of a value.
    pub(crate) fn letters(&self, code: usize) -> Vec<char> {
        match self.text(code) {
            Ok(bytes) => bytes.iter().map(|b| char::from(*b)).collect(),
            Err(letters) => letters.to_vec(),
        }
    }

    fn text(&self, code: usize) -> Result<&[u8], &[char]> {
        let bytes = &self.short[code];
        if bytes[SHORT] != LONG {
            return Ok(&bytes[..usize::from(bytes[SHORT])]);
        }
        let at = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        Err(&self.long[at])
    }

    /// What letters a value holds, for [`may_agree`].
    pub(crate) fn held(&self, code: u32) -> u64 {
        self.held[code as usize]
    }

    /// Something of all that is read of a value when it is compared.
    #[inline]
    pub(crate) fn touch(&self, code: u32) -> u64 {
        self.held[code as usize] ^ u64::from(self.short[code as usize][SHORT])
    }

    /// The level on which two values agree.
    pub(crate) fn level(&self, kind: Kind, a: u32, b: u32) -> u8 {
        let (a, b) = (a as usize, b as usize);
        if !may_agree(kind, self.held[a], self.held[b]) {
            return different(kind);
        }
        let near = near(self.held[a], self.held[b]);
        match (self.text(a), self.text(b)) {
            (Ok(x), Ok(y)) => marks_level(kind, x, y, near),
            _ => marks_level(kind, &self.letters(a), &self.letters(b), near),
        }
    }
}

/// Whether two values that differ must be looked at, by what they hold; else they are simply different.
#[inline]
pub(crate) fn may_agree(kind: Kind, a: u64, b: u64) -> bool {
    // The end of a longer number is the number too; a postcode shares its beginning with others.
    kind == Kind::Postcode || near(a, b) || (kind == Kind::Id && (a & 15 != b & 15 || a & 15 == 15))
}

/// The level of values that share nothing.
pub(crate) fn different(kind: Kind) -> u8 {
    missing(kind) - 1
}

/// Whether no more than two edits can lie between two values, by what they hold.
fn near(a: u64, b: u64) -> bool {
    ((a ^ b) >> 4).count_ones() <= 4
}

/// The length, and fifteen groups of letters, in each a bit for the first, second, third and fourth of them.
fn held(letters: impl Iterator<Item = u32>) -> u64 {
    letters.fold(0, |bits, letter| {
        let group = 4 + letter % 15 * 4;
        let count = (bits >> group & 15).count_ones();
        let length = (bits & 15) + u64::from(bits & 15 < 15);
        let held = if count < 4 { bits | 1 << (group + count) } else { bits };
        held & !15 | length
    })
}

/// `near`: two edits may lie between them at most.
pub(crate) fn marks_level<T: Letter>(kind: Kind, a: &[T], b: &[T], near: bool) -> u8 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let one = |least: usize| near && long.len() >= least && slips(a, b, 1) == 1;
    match kind {
        Kind::Id if one(4) => 1,
        Kind::Id if near && long.len() >= 7 && slips(a, b, 2) == 2 || short.len() >= 6 && long.ends_with(short) => 2,
        Kind::Id => 3,
        Kind::Postcode if one(4) => 1,
        // Of five characters or more the last two or three are the finer part.
        Kind::Postcode if short.len() >= 3 && area(a) == area(b) => 2,
        Kind::Postcode => 3,
        _ if one(2) => 1,
        _ => 2,
    }
}

/// The beginning of a postcode that names the wider area.
pub(crate) fn area<T: Letter>(code: &[T]) -> &[T] {
    let kept = if code.iter().all(|c| c.is_digit()) { 2.max(code.len() / 2) } else { code.len().saturating_sub(3).max(2) };
    &code[..kept.min(code.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks(texts: &[String]) -> Marks {
        Marks::new(texts.len(), &|at, out| out.clone_from(&texts[at]))
    }

    #[test]
    fn marks_agree_on_levels() {
        let of = |kind, a: &str, b: &str| marks(&[a.to_owned(), b.to_owned()]).level(kind, 0, 1);
        assert_eq!(of(Kind::Id, "1804974", "1840974"), 1);
        assert_eq!(of(Kind::Id, "1804974", "1840979"), 2);
        assert_eq!(of(Kind::Id, "79001804974", "1804974"), 2);
        assert_eq!(of(Kind::Id, "1804974", "9321555"), 3);
        assert_eq!(of(Kind::Id, "a0123456789012345678", "a0123456789012345687"), 1);
        assert_eq!(of(Kind::Postcode, "sw1a1aa", "sw1a2bb"), 2);
        assert_eq!(of(Kind::Postcode, "75001", "75116"), 2);
        assert_eq!(of(Kind::Code, "f", "m"), 2);
        assert_eq!(of(Kind::Code, "12", "12a"), 1);
    }

    proptest! {
        #[test]
        fn looking_at_what_is_held_first_changes_no_level(a in "[0-3a-c]{0,18}", b in "[0-3a-c]{0,18}", cut in 0usize..18) {
            // Now and then the one is the end of the other.
            let b = if cut < 6 { a.chars().skip(cut).collect() } else { b };
            let texts = [a, b];
            let letters = |at: usize| texts[at].chars().collect::<Vec<_>>();
            for kind in [Kind::Id, Kind::Code, Kind::Postcode] {
                let slow = marks_level(kind, &letters(0), &letters(1), true);
                prop_assert_eq!(marks(&texts).level(kind, 0, 1), slow);
                prop_assert_eq!(marks(&texts).level(kind, 1, 0), slow);
            }
        }
    }
}
