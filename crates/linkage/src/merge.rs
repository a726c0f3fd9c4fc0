//! One record out of the rows of a person.

use std::cmp::Reverse;

use crate::prepared::Prepared;
use crate::record::{NO_COMMUNE, NO_NUMBER, NO_OLD_ID, PackedBirth, Record};

impl Prepared {
    /// One record a group, in the order of the groups' first rows, and for each row its group's place.
    ///
    /// `groups` is what [`crate::group_rows`] gives. Of each field a complete value is kept (a name
    /// with marks, a date with its day, one commune) before others, of those the most frequent, then the first.
    pub fn merged(&self, groups: &[u32]) -> (Prepared, Vec<u32>) {
        let mut sorted: Vec<(u32, u32)> = groups.iter().copied().zip(0..).collect();
        sorted.sort_unstable();
        let mut place = vec![0u32; self.len()];
        let mut records = Vec::new();
        for group in sorted.chunk_by(|a, b| a.0 == b.0) {
            group.iter().for_each(|(_, row)| place[*row as usize] = records.len() as u32);
            let rows: Vec<&Record> = group.iter().map(|(_, row)| &self.records[*row as usize]).collect();
            records.push(self.one_of(&rows));
        }
        (Prepared { records, syllables: self.syllables.clone() }, place)
    }

    fn one_of(&self, rows: &[&Record]) -> Record {
        let mut out = *rows[0];
        if rows.len() == 1 {
            return out;
        }
        let given = |n: u64| (n != NO_NUMBER).then_some(n);
        out.id = best(rows.iter().filter_map(|r| given(r.id)), |_| true).unwrap_or(NO_NUMBER);
        out.insurance = best(rows.iter().filter_map(|r| given(r.insurance)), |_| true).unwrap_or(NO_NUMBER);
        let old_ids = rows.iter().map(|r| r.old_id).filter(|n| *n != NO_OLD_ID);
        out.old_id = best(old_ids, |_| true).unwrap_or(NO_OLD_ID);
        let names = rows.iter().filter(|r| r.syllables > 0).map(|r| (r.name, r.syllables));
        let marked = |codes: &[u32]| codes.iter().any(|c| self.syllables[*c as usize].marks != 0);
        if let Some((name, syllables)) = best(names, |(name, n)| marked(&name[..usize::from(*n)])) {
            (out.name, out.syllables) = (name, syllables);
        }
        let births = rows.iter().filter(|r| !r.birth.is_none() && !r.birth_from_id).map(|r| r.birth);
        let birth = best(births, |b| b.has_day());
        (out.birth, out.birth_from_id) = (birth.unwrap_or(PackedBirth::NONE), false);
        let sexes = rows.iter().filter(|r| r.sex != 0 && !r.sex_from_id).map(|r| r.sex);
        (out.sex, out.sex_from_id) = (best(sexes, |_| true).unwrap_or(0), false);
        let communes = rows.iter().filter(|r| r.communes[0] != NO_COMMUNE).map(|r| r.communes);
        out.communes = best(communes, |c| c[1] == NO_COMMUNE).unwrap_or(out.communes);
        out.derive_from_id();
        out
    }
}

/// A complete value before others, then the most frequent, then the first.
fn best<T: PartialEq + Copy>(values: impl Iterator<Item = T>, complete: impl Fn(&T) -> bool) -> Option<T> {
    let values: Vec<T> = values.collect();
    let rank = |at: usize| (complete(&values[at]), values.iter().filter(|v| **v == values[at]).count(), Reverse(at));
    (0..values.len()).max_by_key(|at| rank(*at)).map(|at| values[at])
}

#[cfg(test)]
mod tests {
    use crate::group_rows;
    use crate::prepared::tests::prepared;

    #[test]
    fn a_complete_value_stays_before_a_frequent_one() {
        let roster = prepared(&[
            "NGUYEN THI HUONG|1980|f|0155000001|1,2",
            "Lê Văn Ba|1970-02-03|m||9",
            "Nguyễn Thị Hường|1980-03-07|f|0155000001|1",
            "NGUYEN THI HUONG|1980-03-07|f|0155000001|3",
            "NGUYEN THI HUONG|1980|f|0155000001|3",
        ]);
        let (merged, place) = roster.merged(&group_rows(&roster));
        assert_eq!((merged.len(), place), (2, vec![0, 1, 0, 0, 0]));
        let expected = prepared(&["Nguyễn Thị Hường|1980-03-07|f|0155000001|3", "Lê Văn Ba|1970-02-03|m||9"]);
        assert_eq!(merged.records[0].birth, expected.records[0].birth);
        assert_eq!(merged.records[0].communes, expected.records[0].communes);
        assert_eq!(merged.records[0].name, roster.records[2].name);
        assert_ne!(merged.records[0].name, roster.records[0].name);
    }
}
