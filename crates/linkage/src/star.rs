//! A register out of several rosters, one after the other, with or without a population roster.
//!
//! The first roster is the spine. Each further one is linked to it, adds what the spine lacks, and
//! its people of whom nobody knew become people of the spine, so that the next roster meets them all.

use serde::Serialize;

use crate::config::Config;
use crate::decisions::Decisions;
use crate::link::{Linked, link};
use crate::prepared::Prepared;

/// What a roster is in a register, best spine first.
///
/// A roster further up states names, birth dates and numbers more carefully or of more people, so it
/// should give the person, and rosters further down should be linked to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SpineRole {
    /// The population roster (dân cư): everybody, with the number given by the police.
    Population,
    /// Health insurance cards (thẻ BHYT): nearly everybody, insurance number, address.
    HealthCards,
    /// Participants of social insurance (người tham gia BHXH): adults, insurance number.
    Participants,
    /// Pensioners and other recipients (người hưởng): old records, birth years without day.
    Pensioners,
    /// Pupils and students (học sinh, sinh viên): often without any number.
    Pupils,
    /// Household lists of communes (danh sách hộ gia đình): typed by hand.
    HouseholdLists,
    /// Lists of name and number only, such as the tax settlement: they describe nobody.
    Others,
}

/// The order in which rosters of these roles should be taken: by role, equal roles as given.
pub fn spine_order(roles: &[SpineRole]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..roles.len()).collect();
    order.sort_by_key(|at| roles[*at]);
    order
}

/// Where the record of a person comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Source {
    /// Which roster, counted in the order of taking.
    pub roster: u16,
    /// Row of that roster as it was given (after [`Prepared::merged`]: the group).
    pub row: u32,
}

/// The people known so far.
#[derive(Debug, Clone, Default)]
pub struct Star {
    people: Prepared,
    sources: Vec<Source>,
    rosters: u16,
}

/// What taking a roster gave.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The links; `left` is a person of the star.
    pub linked: Linked,
    /// The person of each row: the one it was linked to, or the new one it became.
    pub person_of_row: Vec<u32>,
    /// How many people the star had before; persons from this number on are new.
    pub known_before: u32,
}

impl Star {
    /// A star of nobody.
    pub fn new() -> Self {
        Self::default()
    }

    /// The people, one record each. Nobody is ever taken out or moved.
    pub fn people(&self) -> &Prepared {
        &self.people
    }

    /// Where the record of a person comes from.
    pub fn source(&self, person: u32) -> Option<Source> {
        self.sources.get(person as usize).copied()
    }

    /// Takes a roster of one record a person (see [`Prepared::merged`] and [`crate::doubles`]): links it to the people known,
    /// enriches them, and makes people of the rows that found nobody, in the order of rows.
    ///
    /// A row that only a person may link becomes a person of its own for now; it stands in the review
    /// list, and a decision joins it in the next run.
    pub fn take(&mut self, roster: &Prepared, decisions: &Decisions, config: &Config) -> Taken {
        const NOBODY: u32 = u32::MAX;
        let known_before = self.people.len() as u32;
        let linked = link(&self.people, roster, decisions, config);
        let mut person_of_row = vec![NOBODY; roster.len()];
        linked.links.iter().chain(&linked.also).for_each(|l| person_of_row[l.right as usize] = l.left);
        self.people.enrich(&linked, roster);
        let new: Vec<u32> = (0..roster.len() as u32).filter(|row| person_of_row[*row as usize] == NOBODY).collect();
        for (row, person) in new.iter().zip(known_before..) {
            person_of_row[*row as usize] = person;
        }
        self.people.extend(roster, &new);
        self.sources.extend(new.iter().map(|row| Source { roster: self.rosters, row: *row }));
        self.rosters += 1;
        Taken { linked, person_of_row, known_before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn rosters_are_taken_best_first_and_equal_ones_as_given() {
        use SpineRole::{HealthCards, Others, Participants, Pupils};
        assert_eq!(spine_order(&[Others, Pupils, HealthCards, Participants, HealthCards]), [2, 4, 3, 1, 0]);
    }

    #[test]
    fn a_person_of_the_second_roster_is_met_by_the_third() {
        let an = "Nguyễn Văn An|1955-03-02|m|001055000001|1";
        let binh = "Trần Thị Bình|1990-05-06|f|001190000002|1";
        let mut star = Star::new();
        let config = Config::default();
        for (roster, expected) in [(vec![an], vec![0]), (vec![binh, an], vec![1, 0]), (vec![an, binh], vec![0, 1])] {
            assert_eq!(star.take(&prepared(&roster), &Decisions::default(), &config).person_of_row, expected);
        }
        assert_eq!(star.people().len(), 2);
        assert_eq!(
            (star.source(0), star.source(1), star.source(2)),
            (Some(Source { roster: 0, row: 0 }), Some(Source { roster: 1, row: 0 }), None)
        );
    }
}
