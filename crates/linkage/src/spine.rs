//! What linked rosters add to the spine: what it lacks of a person, and people it did not know.

use crate::link::{Link, Linked};
use crate::prepared::{Prepared, code_of, recode};
use crate::record::{NO_COMMUNE, NO_NUMBER, NO_OLD_ID, Record};
use crate::syllable::Syllable;

/// Least probability, in thousandths, at which a link may add to what the spine knows.
const SURE: u16 = 990;

impl Link {
    /// Whether the row may tell of the person: the link is all but certain, or a person's decision.
    pub fn is_sure(&self) -> bool {
        self.decided || self.probability_thousandths >= SURE
    }
}

impl Prepared {
    /// The spine with what it lacks taken from rows linked to it; see [`Prepared::enrich`].
    pub fn enriched(&self, linked: &Linked, right: &Prepared) -> Prepared {
        let mut out = self.clone();
        out.enrich(linked, right);
        out
    }

    /// Takes what the spine lacks from rows linked to it, so that a later roster can be linked by it:
    /// numbers (an insurance number from the cards, an old CMND from an old list), the birth date
    /// where it is missing or only a year and the years agree, sex and commune where missing.
    ///
    /// Only links of at least 0.99 or decided by a person add anything, and the first source wins: what
    /// is stated is never replaced, and of two rows of one person the one further up speaks.
    ///
    /// Gives the rows that learned something, ascending, and whether it was more than numbers.
    pub fn enrich(&mut self, linked: &Linked, right: &Prepared) -> Vec<(u32, bool)> {
        let mut learned: Vec<(u32, bool)> = Vec::new();
        for link in linked.links.iter().chain(&linked.also).filter(|l| l.is_sure()) {
            if let (Some(own), Some(from)) = (self.records.get_mut(link.left as usize), right.records.get(link.right as usize)) {
                let before = *own;
                own.take_missing(from);
                if *own != before {
                    learned.push((link.left, (own.birth, own.communes) != (before.birth, before.communes)));
                }
            }
        }
        learned.sort_unstable_by_key(|(row, words)| (*row, !*words));
        learned.dedup_by_key(|(row, _)| *row);
        learned
    }

    /// The roster with these rows of another one at its end, in the order given: people of whom the
    /// spine did not know. The first of them gets the number [`Prepared::len`].
    ///
    /// Rows that do not exist are left out.
    pub fn extended(&self, other: &Prepared, rows: &[u32]) -> Prepared {
        let mut out = self.clone();
        out.extend(other, rows);
        out
    }

    /// [`Prepared::extended`] in place, without a copy of the spine.
    pub fn extend(&mut self, other: &Prepared, rows: &[u32]) {
        let mut added: Vec<Record> = rows.iter().filter_map(|row| other.records.get(*row as usize)).copied().collect();
        let mut all: Vec<Syllable> = self.syllables.clone();
        let used = added.iter().flat_map(|r| &r.name[..usize::from(r.syllables)]);
        let mut new: Vec<Syllable> = used.map(|code| other.syllables[*code as usize]).collect();
        new.sort_unstable();
        new.dedup();
        all.append(&mut new);
        all.sort_unstable();
        all.dedup();
        // Most rosters bring few syllables that nobody had; without any the records stay as they are.
        if all.len() > self.syllables.len() {
            let codes: Vec<u32> = self.syllables.iter().map(|s| code_of(&all, s)).collect();
            self.records.iter_mut().for_each(|record| recode(record, &codes));
            self.syllables = all;
        }
        let codes: Vec<u32> = other.syllables.iter().map(|s| code_of(&self.syllables, s)).collect();
        added.iter_mut().for_each(|record| recode(record, &codes));
        self.records.append(&mut added);
    }
}

impl Record {
    /// Takes from a row of the same person what this record does not state.
    fn take_missing(&mut self, from: &Record) {
        if self.id == NO_NUMBER {
            self.id = from.id;
        }
        if self.insurance == NO_NUMBER {
            self.insurance = from.insurance;
        }
        if self.old_id == NO_OLD_ID {
            self.old_id = from.old_id;
        }
        let unstated = self.birth.is_none() || self.birth_from_id;
        let finer = !self.birth.has_day() && from.birth.has_day() && self.birth.year() == from.birth.year();
        if !from.birth.is_none() && !from.birth_from_id && (unstated || finer) {
            (self.birth, self.birth_from_id) = (from.birth, false);
        }
        if (self.sex == 0 || self.sex_from_id) && from.sex != 0 && !from.sex_from_id {
            (self.sex, self.sex_from_id) = (from.sex, false);
        }
        if self.communes[0] == NO_COMMUNE {
            self.communes = from.communes;
        }
        // A number just learned may tell the year and the sex that nobody stated.
        self.derive_from_id();
    }
}

#[cfg(test)]
mod tests {
    use crate::prepared::tests::prepared;

    #[test]
    fn appended_rows_follow_in_the_order_given_and_keep_their_names() {
        let spine = prepared(&["Trần Văn An|1970-02-03|m||1", "Lê Thị Zơ|1980|f||2"]);
        let other = prepared(&["Đỗ Bê|1990-05-06|f|001190000002|3", "Âu Văn An|1950|m||", "Trần Thị An|1999-09-09|f||"]);
        let all = spine.extended(&other, &[2, 0, 9]);
        let expected = prepared(&[
            "Trần Văn An|1970-02-03|m||1",
            "Lê Thị Zơ|1980|f||2",
            "Trần Thị An|1999-09-09|f||",
            "Đỗ Bê|1990-05-06|f|001190000002|3",
        ]);
        assert_eq!(all.records, expected.records);
        assert_eq!(all.syllables, expected.syllables);
        assert_eq!(spine.len(), 2);
    }

    #[test]
    fn the_spine_takes_what_it_lacks_and_keeps_what_it_states() {
        let taken = |own: &str, from: &str, expected: &str| {
            let rows = prepared(&[own, from, expected]);
            let mut record = rows.records[0];
            record.take_missing(&rows.records[1]);
            record.name = rows.records[2].name;
            assert_eq!(record, rows.records[2], "{own} + {from}");
        };
        taken("An||||", "An|1980-03-07|m|012345678|5", "An|1980-03-07|m|012345678|5");
        taken("An|1980|||", "An|1980-03-07|||7,8", "An|1980-03-07|||7,8");
        // Another year is a contradiction, not something that was missing.
        taken("An|1981|f|012345678|", "An|1980-03-07|m|087654321|", "An|1981|f|012345678|");
        taken("An|1980-03-07||0155000001|4", "An|1980-07-03||0166000001|5", "An|1980-03-07||0155000001|4");
        // The year in a number gives way to a stated date, and a new number tells year and sex.
        taken("An|||001185123456|", "An|1985-03-07|f||", "An|1985-03-07|f|001185123456|");
        taken("An||||", "An|||001185123456|", "An|||001185123456|");
    }
}
