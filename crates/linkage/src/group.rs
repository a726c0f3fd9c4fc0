//! Rows of one person within one roster: renewals of a card, spells of work.

use crate::certain::agrees_otherwise;
use crate::compare::compare;
use crate::lexicon::Lexicon;
use crate::prepared::Prepared;
use crate::record::{NO_NUMBER, NO_OLD_ID, NO_SYLLABLE, Record};

/// The group of each row: the smallest row number of the same person.
///
/// Only certain evidence joins rows: the same personal, old or insurance number with an agreeing
/// name or birth date; for rows without any number the same name with its marks, birth day, sex and commune.
pub fn group_rows(rows: &Prepared) -> Vec<u32> {
    let lexicon = Lexicon::new(rows.syllables.clone());
    let mut groups = Groups::new(rows.len());
    let numbers: [fn(&Record) -> u64; 3] = [|r| r.id, |r| r.insurance, old_id];
    for number in numbers {
        let with = rows.records.iter().enumerate().filter(|(_, r)| number(r) != NO_NUMBER);
        let mut sorted: Vec<(u64, u32)> = with.map(|(at, r)| (number(r), at as u32)).collect();
        sorted.sort_unstable();
        for run in sorted.chunk_by(|a, b| a.0 == b.0).filter(|run| run.len() > 1) {
            join_run(&lexicon, &rows.records, run, &mut groups);
        }
    }
    join_identical(&rows.records, &mut groups);
    (0..rows.len() as u32).map(|row| groups.find(row)).collect()
}

fn old_id(record: &Record) -> u64 {
    if record.old_id == NO_OLD_ID { NO_NUMBER } else { u64::from(record.old_id) }
}

/// People told apart under one number; a number borne by more is a placeholder.
const MOST_PEOPLE: usize = 8;

/// Joins the rows of one number that agree, each to the first row of a person found so far.
fn join_run(lexicon: &Lexicon, records: &[Record], run: &[(u64, u32)], groups: &mut Groups) {
    let mut people: Vec<u32> = Vec::new();
    for (_, row) in run {
        let own = &records[*row as usize];
        match people.iter().find(|p| agrees_otherwise(compare(lexicon, &records[**p as usize], own))) {
            Some(person) => groups.join(*person, *row),
            None if people.len() < MOST_PEOPLE => people.push(*row),
            None => {}
        }
    }
}

fn join_identical(records: &[Record], groups: &mut Groups) {
    let whole = |r: &&Record| {
        !r.has_any_number() && r.name[1] != NO_SYLLABLE && r.birth.has_day() && r.sex != 0 && r.one_commune().is_some()
    };
    let key = |row: &u32| {
        let r = &records[*row as usize];
        (r.name, r.birth, r.sex, r.communes[0])
    };
    let mut sorted: Vec<u32> = (0..records.len() as u32).filter(|row| whole(&&records[*row as usize])).collect();
    sorted.sort_unstable_by_key(|row| (key(row), *row));
    for pair in sorted.windows(2).filter(|pair| key(&pair[0]) == key(&pair[1])) {
        groups.join(pair[0], pair[1]);
    }
}

/// Sets of rows; the smallest row stands for its set.
pub(crate) struct Groups(Vec<u32>);

impl Groups {
    /// Every row by itself.
    pub(crate) fn new(rows: usize) -> Self {
        Self((0..rows as u32).collect())
    }

    /// The smallest row of the set of a row.
    pub(crate) fn find(&mut self, row: u32) -> u32 {
        let mut at = row;
        while self.0[at as usize] != at {
            let up = self.0[self.0[at as usize] as usize];
            self.0[at as usize] = up;
            at = up;
        }
        at
    }

    /// Makes one set of the sets of two rows.
    pub(crate) fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn renewals_are_joined_and_relatives_are_not() {
        let roster = prepared(&[
            "Nguyễn Văn An|1955-03-02|m|0155000001|1",
            "NGUYEN VAN AN|1955|m|0155000001|1",
            // The son under his father's number.
            "Nguyễn Văn Anh|1985-09-03|m|0155000001|1",
            // No numbers: the same in everything, and a twin by another vowel.
            "Nguyễn Văn Anh|2019-09-03|m||1",
            "Nguyễn Vân Anh|2019-09-03|m||1",
            "Nguyễn Văn Anh|2019-09-03|m||1",
            "Nguyễn Văn Anh|2019|m||1",
        ]);
        assert_eq!(group_rows(&roster), [0, 0, 2, 3, 4, 3, 6]);
    }

    #[test]
    fn a_placeholder_number_joins_nobody_for_good() {
        let given = ["An", "Bình", "Cúc", "Dũng", "Hoa", "Khoa", "Lan", "Minh", "Phúc", "Tâm"];
        let row =
            |i: usize| format!("Đỗ {}|{}-{:02}-{:02}|m|000000000000|1", given[i % 10], 1930 + i / 3, 1 + i % 12, 2 + i % 27);
        let rows: Vec<String> = (0..200).map(row).collect();
        let roster = prepared(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let groups = group_rows(&roster);
        assert!(groups.iter().enumerate().filter(|(at, g)| **g as usize == *at).count() > 150);
    }
}
