//! What a row says, as one number: rows of equal prints say the same about a person.

use rayon::prelude::*;

use crate::hash::join;
use crate::prepared::Prepared;
use crate::record::Record;

impl Prepared {
    /// The print of each row: a hash of all that is compared, the same in whatever roster and place the row stands.
    ///
    /// Of thirty million rows two that differ have the same print once in forty thousand cities.
    pub fn prints(&self) -> Vec<u64> {
        let syllables: Vec<u64> = self.syllables.iter().map(|s| join(s.letters, u64::from(s.marks))).collect();
        self.records.par_iter().map(|record| print(&syllables, record)).collect()
    }
}

/// No row that says the same.
pub const GONE: u32 = u32::MAX;

/// For each of `prints` the place in `others` that has it too, [`GONE`] where none has or where either side has it
/// more than once: of rows that say the same nobody can tell which was which.
pub fn same_rows(prints: &[u64], others: &[u64]) -> Vec<u32> {
    let sorted = |list: &[u64]| {
        let mut all: Vec<(u64, u32)> = list.iter().copied().zip(0..).collect();
        all.par_sort_unstable();
        all
    };
    let (own, other) = (sorted(prints), sorted(others));
    let mut found = vec![GONE; prints.len()];
    let mut from = 0;
    for run in own.chunk_by(|a, b| a.0 == b.0) {
        let print = run[0].0;
        from += other[from..].iter().take_while(|(p, _)| *p < print).count();
        let same = other[from..].iter().take_while(|(p, _)| *p == print).count();
        if let ([(_, row)], 1) = (run, same) {
            found[*row as usize] = other[from].1;
        }
        from += same;
    }
    found
}

fn print(syllables: &[u64], r: &Record) -> u64 {
    let count = usize::from(r.syllables);
    let flags = u64::from(r.sex) | u64::from(r.birth_from_id) << 2 | u64::from(r.sex_from_id) << 3 | u64::from(r.syllables) << 8;
    let name = r.name[..count].iter().fold(flags, |print, code| join(print, syllables[*code as usize]));
    let numbers = join(join(r.id, r.insurance), u64::from(r.old_id) << 32 | u64::from(r.birth.bits()));
    r.communes.iter().fold(join(name, numbers), |print, commune| join(print, u64::from(*commune)))
}

#[cfg(test)]
mod tests {
    use super::{GONE, same_rows};
    use crate::prepared::tests::prepared;

    #[test]
    fn rows_are_known_again_where_one_of_each_side_says_so() {
        assert_eq!(same_rows(&[5, 7, 9, 9, 1], &[9, 5, 1, 1, 8]), [1, GONE, GONE, GONE, GONE]);
        assert_eq!(same_rows(&[], &[1]), Vec::<u32>::new());
        assert_eq!(same_rows(&[3, 2], &[2, 3]), [1, 0]);
    }

    #[test]
    fn a_print_is_of_what_a_row_says_and_of_nothing_else() {
        let rows = [
            "Trần Văn An|1970-02-03|m|001070123456|1",
            "Trần Văn An|1970-02-03|m|001070123456|2",
            "Trần Văn Ân|1970-02-03|m|001070123456|1",
            "Trần Văn An|1970|m|001070123456|1",
            "Trần Văn An|1970-02-03||001070123456|1",
            "An Trần Văn|1970-02-03|m|001070123456|1",
            "||||",
        ];
        let prints = prepared(&rows).prints();
        let mut distinct = prints.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), rows.len());
        // Beside other names the syllables have other codes.
        let among_others = prepared(&["Âu Thị Bê||||", rows[0], "Zơ||||", rows[6]]).prints();
        assert_eq!((among_others[1], among_others[3]), (prints[0], prints[6]));
    }
}
