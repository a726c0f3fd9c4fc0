//! Values made of words: names, texts and places, and how two of them agree.

use std::collections::HashMap;

use super::edits::{letter_bits, may_be_within, slips, sound};
use super::level::{name, text};

/// Words kept of a value.
const MOST_WORDS: usize = 48;
/// Words whose slips are looked for; beyond these only equal words count.
const SLIP_WORDS: usize = 8;

/// One value.
#[derive(Debug, Clone)]
struct Value {
    /// Word codes in the order of the text.
    words: Vec<u32>,
    /// The same, ascending.
    sorted: Vec<u32>,
    /// All letters without spaces.
    letters: Vec<char>,
    bits: u64,
    sound: u64,
    /// Sum of what its words tell, in thousandths of a bit.
    told: u32,
}

/// All values of a field with their words.
#[derive(Debug, Default)]
pub(crate) struct Words {
    values: Vec<Value>,
    word_letters: Vec<Vec<char>>,
    word_bits: Vec<u64>,
    /// What a word tells: a rare one more. Thousandths of a bit.
    word_told: Vec<u32>,
}

impl Words {
    /// Reads canonical texts; `counts` tells how many rows hold each.
    pub(crate) fn new(texts: &[String], counts: &[u32]) -> Self {
        let mut out = Self::default();
        // Codes in the order of the alphabet: they are then the same in whatever order values come.
        let mut codes: HashMap<&str, u32> =
            texts.iter().flat_map(|text| text.split(' ').take(MOST_WORDS)).map(|w| (w, 0)).collect();
        let mut all: Vec<&str> = codes.keys().copied().collect();
        all.sort_unstable();
        for (code, word) in all.into_iter().enumerate() {
            let letters: Vec<char> = word.chars().collect();
            out.word_bits.push(letter_bits(&letters));
            out.word_letters.push(letters);
            codes.insert(word, code as u32);
        }
        let mut held = vec![0u64; out.word_letters.len()];
        for (value, count) in texts.iter().zip(counts) {
            let mut words = Vec::new();
            for code in value.split(' ').take(MOST_WORDS).filter_map(|word| codes.get(word).copied()) {
                held[code as usize] += u64::from(*count);
                words.push(code);
            }
            let mut sorted = words.clone();
            sorted.sort_unstable();
            let letters: Vec<char> = value.chars().filter(|c| *c != ' ').collect();
            let (bits, sound) = (letter_bits(&letters), sound_of(value));
            out.values.push(Value { words, sorted, bits, letters, sound, told: 0 });
        }
        let rows: u64 = counts.iter().map(|c| u64::from(*c)).sum::<u64>().max(1);
        let told = |held: &u64| (libm::log2(1.0 + rows as f64 / (*held).max(1) as f64) * 1_000.0) as u32;
        out.word_told = held.iter().map(told).collect();
        for value in &mut out.values {
            value.told = value.words.iter().map(|w| out.word_told[*w as usize]).sum::<u32>().max(1);
        }
        out
    }

    /// How two names agree; `name::SWAPPED` is found by whoever sees the other fields.
    pub(crate) fn name_level(&self, a: u32, b: u32) -> u8 {
        let (x, y) = (&self.values[a as usize], &self.values[b as usize]);
        if x.sorted == y.sorted || (x.bits == y.bits && x.letters == y.letters) {
            return name::REORDERED;
        }
        let most = if x.letters.len().min(y.letters.len()) >= 5 { 2 } else { 1 };
        let apart = if may_be_within(x.bits, y.bits, most) { slips(&x.letters, &y.letters, most as usize) } else { 9 };
        if apart <= 1 && x.letters.len().min(y.letters.len()) >= 2 {
            return name::ONE_SLIP;
        }
        if self.initials(x, y) {
            return name::INITIALS;
        }
        if apart == 2 {
            return name::TWO_SLIPS;
        }
        let (short, long) = if x.words.len() <= y.words.len() { (x, y) } else { (y, x) };
        let found = short.words.iter().filter(|w| long.words.iter().any(|l| self.word_near(**w, *l))).count();
        match found {
            n if n == short.words.len() && long.words.len() == short.words.len() => name::TWO_SLIPS,
            n if n == short.words.len() => name::SHORTER,
            _ if x.sound == y.sound => name::SOUND,
            0 if !begins_alike(&x.letters, &y.letters) => name::DIFFERENT,
            _ => name::SIMILAR,
        }
    }

    /// Whether one is the other with words cut to their first letter (or first letters).
    fn initials(&self, x: &Value, y: &Value) -> bool {
        let starts = |p: u32, q: u32| {
            let (p, q) = (&self.word_letters[p as usize], &self.word_letters[q as usize]);
            p == q || (p.len() == 1 || q.len() == 1) && p[0] == q[0]
        };
        x.words.len() == y.words.len() && x.words.iter().zip(&y.words).all(|(p, q)| starts(*p, *q))
    }

    fn word_near(&self, a: u32, b: u32) -> bool {
        let (a, b) = (a as usize, b as usize);
        let (x, y) = (&self.word_letters[a], &self.word_letters[b]);
        let most = match x.len().min(y.len()) {
            0..=2 => return a == b,
            3..=6 => 1,
            _ => 2,
        };
        a == b || (may_be_within(self.word_bits[a], self.word_bits[b], most) && slips(x, y, most as usize) <= most as usize)
    }

    /// How two texts agree.
    pub(crate) fn text_level(&self, a: u32, b: u32) -> u8 {
        let (x, y) = (&self.values[a as usize], &self.values[b as usize]);
        if x.sorted == y.sorted || (x.bits == y.bits && x.letters == y.letters) {
            return text::REORDERED;
        }
        let length = x.letters.len().min(y.letters.len());
        let apart = if may_be_within(x.bits, y.bits, 2) { slips(&x.letters, &y.letters, 2) } else { 9 };
        if apart <= 1 && length >= 3 {
            return text::ONE_SLIP;
        }
        if apart == 2 && length >= 6 {
            return text::MOST;
        }
        let shared = self.shared(x, y);
        // Of what both tell together: 1 when the words are the same.
        let share = u64::from(2 * shared) * 100 / u64::from(x.told + y.told);
        // One text holding the other whole is close, whatever else the longer adds.
        let inside = u64::from(shared) * 100 / u64::from(x.told.min(y.told));
        match (share, inside) {
            (75.., _) => text::MOST,
            (45.., _) | (_, 85..) => text::HALF,
            (15.., _) => text::SOME,
            _ => text::DIFFERENT,
        }
    }

    /// What the words of both tell, words with slips counted at four fifths.
    fn shared(&self, x: &Value, y: &Value) -> u32 {
        let told = |w: u32| self.word_told[w as usize];
        let (mut shared, mut i, mut j) = (0, 0, 0);
        let (mut left, mut right) = (Vec::new(), Vec::new());
        while i < x.sorted.len() || j < y.sorted.len() {
            match (x.sorted.get(i), y.sorted.get(j)) {
                (Some(p), Some(q)) if p == q => {
                    shared += told(*p);
                    (i, j) = (i + 1, j + 1);
                }
                (Some(p), q) if q.is_none_or(|q| p < q) => {
                    left.push(*p);
                    i += 1;
                }
                (_, Some(q)) => {
                    right.push(*q);
                    j += 1;
                }
                _ => break,
            }
        }
        right.truncate(SLIP_WORDS);
        for p in left.into_iter().take(SLIP_WORDS) {
            if let Some(at) = right.iter().position(|q| self.word_near(p, *q)) {
                let q = right.swap_remove(at);
                shared += told(p).min(told(q)) * 4 / 5;
            }
        }
        shared
    }

    /// Something of what is read first of a value when it is compared.
    #[inline]
    pub(crate) fn touch(&self, code: u32) -> u64 {
        self.values[code as usize].bits
    }

    /// A number for the sound of the words, in any order.
    pub(crate) fn sound(&self, code: u32) -> u64 {
        self.values[code as usize].sound
    }

    /// Codes of the words in order.
    pub(crate) fn words(&self, code: u32) -> &[u32] {
        &self.values[code as usize].words
    }

    /// Codes of the words, ascending.
    pub(crate) fn sorted(&self, code: u32) -> &[u32] {
        &self.values[code as usize].sorted
    }

    /// All letters without spaces.
    pub(crate) fn letters(&self, code: u32) -> &[char] {
        &self.values[code as usize].letters
    }

    /// The word of a value that tells most; of two alike the one first in the alphabet, as codes are.
    pub(crate) fn rarest(&self, code: u32) -> Option<u32> {
        let words = &self.values[code as usize].words;
        words.iter().copied().max_by_key(|w| (self.word_told[*w as usize], std::cmp::Reverse(*w)))
    }
}

/// Whether two texts of four letters or more share their first four, or all but the last third.
fn begins_alike(a: &[char], b: &[char]) -> bool {
    let head = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    head >= 4 || (head >= 3 && head * 3 >= a.len().min(b.len()) * 2)
}

fn sound_of(value: &str) -> u64 {
    let mut sounds: Vec<String> = value
        .split(' ')
        .map(|word| {
            let mut out = String::new();
            sound(&word.chars().collect::<Vec<_>>(), &mut out);
            out
        })
        .collect();
    sounds.sort_unstable();
    super::pool::hash_text(&sounds.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(of: fn(&Words, u32, u32) -> u8, pairs: &[(&str, &str, u8)]) {
        let texts: Vec<String> = pairs.iter().flat_map(|(a, b, _)| [(*a).to_owned(), (*b).to_owned()]).collect();
        let words = Words::new(&texts, &vec![1; texts.len()]);
        for (at, (a, b, expected)) in pairs.iter().enumerate() {
            let at = at as u32 * 2;
            assert_eq!(of(&words, at, at + 1), *expected, "{a} | {b}");
            assert_eq!(of(&words, at + 1, at), *expected, "{b} | {a}");
        }
    }

    #[test]
    fn names_agree_on_levels() {
        levels(
            Words::name_level,
            &[
                ("john smith", "smith john", name::REORDERED),
                ("mary ann", "maryann", name::REORDERED),
                ("j smith", "john smith", name::INITIALS),
                ("smith", "smiht", name::ONE_SLIP),
                ("mitchell", "mithel", name::TWO_SLIPS),
                ("john paul smith", "john smith", name::SHORTER),
                ("catherine", "kathryn", name::SOUND),
                ("alexander stone", "alexandra smythe", name::SIMILAR),
                ("john smith", "peter jones", name::DIFFERENT),
            ],
        );
    }

    #[test]
    fn texts_agree_on_levels() {
        levels(
            Words::text_level,
            &[
                ("wallaby place", "place wallaby", text::REORDERED),
                ("pridham street", "pridhamstreet", text::REORDERED),
                ("wallaby place", "walaby place", text::ONE_SLIP),
                ("the old mill house lane", "old mill house lane", text::MOST),
                ("old mill", "old mill by the long river bend", text::HALF),
                ("green road", "blue lane", text::DIFFERENT),
            ],
        );
    }
}
