//! The syllables of both rosters in one list, with what comparing and blocking need of each.

use crate::name::MAX_SYLLABLES;
use crate::prepared::{Prepared, recode};
use crate::record::Record;
use crate::sound::sound_key;
use crate::syllable::Syllable;

/// What is known of every syllable code.
#[derive(Debug, Default)]
pub(crate) struct Lexicon {
    pub syllables: Vec<Syllable>,
    /// Number of the letters without marks: equal where the letters are.
    pub folded: Vec<u32>,
    /// Sound key.
    pub sound: Vec<u64>,
    /// Place of the syllable in ascending order.
    pub rank: Vec<u32>,
}

impl Lexicon {
    /// The lexicon of an ascending list of syllables.
    pub(crate) fn new(syllables: Vec<Syllable>) -> Self {
        Self::beside(&syllables, &[]).0
    }

    /// The lexicon of two ascending lists, and the code of each syllable of the second.
    ///
    /// The syllables of the first keep their places as codes, so that its records are compared as they
    /// lie: the spine is not copied. What only the second has follows.
    pub(crate) fn beside(first: &[Syllable], second: &[Syllable]) -> (Self, Vec<u32>) {
        let mut syllables = first.to_vec();
        let codes = second.iter().map(|s| match first.binary_search(s) {
            Ok(at) => at as u32,
            Err(_) => {
                syllables.push(*s);
                syllables.len() as u32 - 1
            }
        });
        let codes: Vec<u32> = codes.collect();
        let mut order: Vec<u32> = (0..syllables.len() as u32).collect();
        order.sort_unstable_by_key(|code| syllables[*code as usize]);
        let (mut folded, mut rank) = (vec![0; order.len()], vec![0; order.len()]);
        let mut last = (u64::MAX, 0u32);
        for (at, code) in order.iter().enumerate() {
            // Ascending order puts equal letters side by side.
            let letters = syllables[*code as usize].letters;
            if letters != last.0 {
                last = (letters, last.1 + 1);
            }
            folded[*code as usize] = last.1;
            rank[*code as usize] = at as u32;
        }
        let sound = syllables.iter().map(|s| sound_key(s.letters)).collect();
        (Self { syllables, folded, sound, rank }, codes)
    }

    /// One lexicon for two rosters, in which the left one's records are right as they are, and the
    /// right one's records in its codes.
    pub(crate) fn join(left: &Prepared, right: &Prepared) -> (Self, Vec<Record>) {
        let (lexicon, codes) = Self::beside(&left.syllables, &right.syllables);
        let mut records = right.records.clone();
        records.iter_mut().for_each(|record| recode(record, &codes));
        (lexicon, records)
    }

    pub(crate) fn letters(&self, code: u32) -> u64 {
        self.syllables[code as usize].letters
    }

    /// The letters of a name's syllables in ascending order.
    pub(crate) fn sorted_letters(&self, record: &Record) -> ([u64; MAX_SYLLABLES], usize) {
        let list = &record.name[..usize::from(record.syllables)];
        (self.sorted(list, |code| self.letters(code)), list.len())
    }

    /// The sound keys of a name's syllables in ascending order.
    pub(crate) fn sorted_sounds(&self, record: &Record) -> ([u64; MAX_SYLLABLES], usize) {
        let list = &record.name[..usize::from(record.syllables)];
        (self.sorted(list, |code| self.sound[code as usize]), list.len())
    }

    /// Something of the syllables of a name, ascending; unused places follow as zeros.
    pub(crate) fn sorted(&self, list: &[u32], of: impl Fn(u32) -> u64) -> [u64; MAX_SYLLABLES] {
        let mut out = [0; MAX_SYLLABLES];
        for (slot, code) in out.iter_mut().zip(list) {
            *slot = of(*code);
        }
        out[..list.len().min(MAX_SYLLABLES)].sort_unstable();
        out
    }
}
