//! The keys of the spine's rows, kept: made once a run instead of once a roster and once a wave.
//!
//! Few new rows are searched for among all people. Making the keys of all people costs more than comparing the few
//! candidates, so each key is kept as four bytes: enough to pass over nearly everybody, and whoever is left
//! gets the whole key made again. Candidates are therefore the same as without columns.

use rayon::prelude::*;

use crate::blocks::Filter;
use crate::hash::mix;
use crate::keys::{Pass, SINGLE, Side, key, keys};
use crate::lexicon::Lexicon;
use crate::record::{NO_NUMBER, Record};

/// No key: the row lacks what the key needs.
const NONE: u32 = 0;
/// Digits of a personal number.
const DIGITS: u32 = 12;

/// Four bytes of each key of each row.
#[derive(Debug, Clone, Default)]
pub(crate) struct Columns {
    /// In the order of [`SINGLE`].
    single: Vec<Vec<u32>>,
    /// Of the whole personal number.
    id: Vec<u32>,
    /// Of date and first commune.
    date_commune: Vec<u32>,
}

/// The four bytes of a key that are kept; never [`NONE`].
pub(crate) fn short(key: u64) -> u32 {
    (key as u32).max(1)
}

impl Columns {
    /// The columns of all records.
    pub(crate) fn new(lexicon: &Lexicon, records: &[Record]) -> Self {
        let mut columns = Self { single: vec![Vec::new(); SINGLE.len()], ..Self::default() };
        columns.append(lexicon, records);
        columns
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.id.len()
    }

    /// Adds rows at the end.
    pub(crate) fn append(&mut self, lexicon: &Lexicon, records: &[Record]) {
        for (pass, column) in SINGLE.iter().zip(&mut self.single) {
            column.par_extend(records.par_iter().map(|r| kept(*pass, lexicon, r)));
        }
        self.id.par_extend(records.par_iter().map(id));
        self.date_commune.par_extend(records.par_iter().map(date_commune));
    }

    /// Makes the keys of one row again; `words` says whether its birth date or commune changed too, not its numbers alone.
    pub(crate) fn refresh(&mut self, lexicon: &Lexicon, row: usize, record: &Record, words: bool) {
        for (pass, column) in SINGLE.iter().zip(&mut self.single) {
            if words || matches!(pass, Pass::IdSerial | Pass::OldId | Pass::Insurance) {
                column[row] = kept(*pass, lexicon, record);
            }
        }
        self.id[row] = id(record);
        if words {
            self.date_commune[row] = date_commune(record);
        }
    }

    /// The column of a pass with one key a row.
    pub(crate) fn of(&self, pass: Pass) -> Option<&[u32]> {
        SINGLE.iter().position(|p| *p == pass).and_then(|at| self.single.get(at)).map(Vec::as_slice)
    }

    /// Rows that may share a key with one of `others` in a pass with several keys, ascending.
    pub(crate) fn rows_near(&self, pass: Pass, records: &[Record], others: &[Record]) -> Vec<u32> {
        if pass == Pass::IdNear {
            let wanted =
                Filter::of_keys(others.par_iter().filter(|r| r.id != NO_NUMBER).flat_map_iter(|r| neighbours(r.id)).collect());
            return self.rows(&self.id, &|_, short| wanted.may_hold(u64::from(short)));
        }
        let own = |record: &Record| {
            let mut own = Vec::new();
            keys(pass, record, &mut own);
            own
        };
        let wanted = Filter::of_keys(others.par_iter().flat_map_iter(own).map(|key| u64::from(short(key))).collect());
        // Of a row that may lie in several communes only the first is kept; such rows are looked at themselves.
        self.rows(&self.date_commune, &|row, short| wanted.may_hold(u64::from(short)) || records[row].one_commune().is_none())
    }

    fn rows(&self, column: &[u32], may: &(dyn Fn(usize, u32) -> bool + Sync)) -> Vec<u32> {
        let rows = column.par_iter().enumerate().filter(|(row, short)| **short != NONE && may(*row, **short));
        rows.map(|(row, _)| row as u32).collect()
    }
}

fn kept(pass: Pass, lexicon: &Lexicon, record: &Record) -> u32 {
    key(pass, lexicon, record, Side::Left).map_or(NONE, short)
}

fn id(record: &Record) -> u32 {
    if record.id == NO_NUMBER { NONE } else { short(mix(record.id)) }
}

fn date_commune(record: &Record) -> u32 {
    let mut own = Vec::new();
    keys(Pass::DateCommune, record, &mut own);
    own.first().map_or(NONE, |key| short(*key))
}

/// Four bytes of every number that is one wrong digit or one swap of neighbours away.
fn neighbours(id: u64) -> Vec<u64> {
    let mut out = Vec::with_capacity(119);
    let place = |at: u32| 10u64.pow(at);
    let digit = |at: u32| id / place(at) % 10;
    for at in 0..DIGITS {
        let without = id - digit(at) * place(at);
        out.extend((0..10).map(|d| without + d * place(at)).filter(|other| *other != id));
        if at + 1 < DIGITS && digit(at) != digit(at + 1) {
            let rest = id - digit(at) * place(at) - digit(at + 1) * place(at + 1);
            out.push(rest + digit(at + 1) * place(at) + digit(at) * place(at + 1));
        }
    }
    out.iter().map(|other| u64::from(short(mix(*other)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::near;

    #[test]
    fn every_near_number_is_a_neighbour() {
        let id = 1_185_123_456u64;
        let near_ones = neighbours(id);
        let held = |other: u64| near_ones.contains(&u64::from(short(mix(other))));
        for at in 0..DIGITS {
            for d in 0..10 {
                let other = id - id / 10u64.pow(at) % 10 * 10u64.pow(at) + d * 10u64.pow(at);
                assert_eq!(held(other), other != id, "{other}");
                assert!(other == id || near(id, other));
            }
        }
        assert!(held(1_185_123_465) && held(1_158_123_456) && held(101_185_123_456));
        assert!(!held(1_185_123_411));
    }
}
