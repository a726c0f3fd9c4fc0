//! The syllables of both rosters in one list, with what comparing and blocking need of each.

use crate::name::MAX_SYLLABLES;
use crate::prepared::{Prepared, code_of, recode};
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
}

impl Lexicon {
    /// The lexicon of an ascending list of syllables.
    pub(crate) fn new(syllables: Vec<Syllable>) -> Self {
        let mut folded = Vec::with_capacity(syllables.len());
        let mut last = (u64::MAX, 0u32);
        for syllable in &syllables {
            // Ascending order puts equal letters side by side.
            if syllable.letters != last.0 {
                last = (syllable.letters, last.1 + 1);
            }
            folded.push(last.1);
        }
        let sound = syllables.iter().map(|s| sound_key(s.letters)).collect();
        Self { syllables, folded, sound }
    }

    /// One lexicon for two rosters and their records in its codes.
    pub(crate) fn join(left: &Prepared, right: &Prepared) -> (Self, Vec<Record>, Vec<Record>) {
        let mut all: Vec<Syllable> = left.syllables.iter().chain(&right.syllables).copied().collect();
        all.sort_unstable();
        all.dedup();
        let records = |roster: &Prepared| {
            let codes: Vec<u32> = roster.syllables.iter().map(|s| code_of(&all, s)).collect();
            let mut records = roster.records.clone();
            records.iter_mut().for_each(|record| recode(record, &codes));
            records
        };
        let (l, r) = (records(left), records(right));
        (Self::new(all), l, r)
    }

    pub(crate) fn letters(&self, code: u32) -> u64 {
        self.syllables[code as usize].letters
    }

    /// The letters of a name's syllables in ascending order.
    pub(crate) fn sorted_letters(&self, record: &Record) -> ([u64; MAX_SYLLABLES], usize) {
        self.sorted(record, |code| self.letters(code))
    }

    /// The sound keys of a name's syllables in ascending order.
    pub(crate) fn sorted_sounds(&self, record: &Record) -> ([u64; MAX_SYLLABLES], usize) {
        self.sorted(record, |code| self.sound[code as usize])
    }

    fn sorted(&self, record: &Record, of: impl Fn(u32) -> u64) -> ([u64; MAX_SYLLABLES], usize) {
        let n = usize::from(record.syllables);
        let mut out = [0; MAX_SYLLABLES];
        for (slot, code) in out.iter_mut().zip(&record.name[..n]) {
            *slot = of(*code);
        }
        out[..n].sort_unstable();
        (out, n)
    }
}
