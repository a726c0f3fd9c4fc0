//! Human decisions about who is who: they outlive every run.
//!
//! A decision names two rows by what they say, so that it holds for renewed cards and corrected files alike.
//! When a roster is taken, decisions about two of its rows join them; decisions about one of its rows and a row of a
//! roster taken before become constraints of linkage.

use std::collections::{BTreeMap, BTreeSet};

use book::Fingerprint;
use chapter::{ChapterError, StepContext};
use engine::rows;

/// What a row says about the person, as written: the same next month, whatever file or row it stands in.
pub(crate) fn row_key(roster: &str, identity: [Option<&str>; 4]) -> String {
    let print = identity.iter().fold(Fingerprint::new(roster), |f, part| f.with("part", part.unwrap_or("")));
    print.finish()[..32].to_owned()
}

/// A row by roster and key.
type Named = (String, String);

/// Decisions of the desk as copied into the book.
#[derive(Debug, Default)]
pub(crate) struct RowDecisions {
    /// Two rows and whether they are one person.
    pairs: Vec<(Named, Named, bool)>,
    /// Keys that a decision names, by roster.
    wanted: BTreeMap<String, BTreeSet<String>>,
    /// Places of the people of the named rows, of the rosters taken so far.
    places: BTreeMap<Named, BTreeSet<u32>>,
}

/// What decisions say about a roster's groups.
#[derive(Debug, Default)]
pub(crate) struct Decided {
    /// Place, group, and whether they are one person.
    pub(crate) pairs: Vec<(u32, u32, bool)>,
}

impl RowDecisions {
    /// Reads the copied decisions.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut decisions = Self::default();
        let Some(table) = context.inputs.desk.get("decision") else { return Ok(decisions) };
        for batch in context.book.read_table(table, None)? {
            let text = |name: &str| rows::text(&batch, name);
            let (kinds, left_rosters, right_rosters) = (text("kind")?, text("left_roster")?, text("right_roster")?);
            let (left, right) = (text("left_key")?, text("right_key")?);
            for row in 0..batch.num_rows() {
                let one = (left_rosters.value(row).to_owned(), left.value(row).to_owned());
                let other = (right_rosters.value(row).to_owned(), right.value(row).to_owned());
                for (roster, key) in [&one, &other] {
                    decisions.wanted.entry(roster.clone()).or_default().insert(key.clone());
                }
                decisions.pairs.push((one, other, kinds.value(row) == "same"));
            }
        }
        Ok(decisions)
    }

    /// The keys a decision names in a roster; none for nearly all rosters, and then no key is worked out.
    pub(crate) fn wanted(&self, roster: &str) -> Option<&BTreeSet<String>> {
        self.wanted.get(roster)
    }

    /// Joins the groups of rows of one roster that a person called the same.
    ///
    /// `rows` are the named rows by key; `groups` names each row's group by its smallest row.
    pub(crate) fn join_within(&self, roster: &str, rows: &BTreeMap<String, Vec<u32>>, groups: &mut [u32]) {
        for ((left_roster, left), (right_roster, right), same) in &self.pairs {
            if !same || left_roster != roster || right_roster != roster {
                continue;
            }
            let named = |key: &String| rows.get(key).and_then(|rows| rows.first()).map(|row| groups[*row as usize]);
            let (Some(a), Some(b)) = (named(left), named(right)) else { continue };
            let (first, second) = (a.min(b), a.max(b));
            groups.iter_mut().filter(|group| **group == second).for_each(|group| *group = first);
        }
    }

    /// What was decided about the groups of a roster and people of rosters taken before.
    pub(crate) fn about(&self, roster: &str, groups: &BTreeMap<String, BTreeSet<u32>>) -> Decided {
        let mut decided = Decided::default();
        for (one, other, same) in &self.pairs {
            for (near, far) in [(one, other), (other, one)] {
                let (Some(groups), Some(places)) = (groups.get(&near.1).filter(|_| near.0 == roster), self.places.get(far))
                else {
                    continue;
                };
                decided.pairs.extend(places.iter().flat_map(|place| groups.iter().map(move |group| (*place, *group, *same))));
            }
        }
        decided.pairs.sort_unstable();
        decided.pairs.dedup();
        decided
    }

    /// Notes who the named rows of a roster became.
    pub(crate) fn settle(&mut self, roster: &str, groups: &BTreeMap<String, BTreeSet<u32>>, place_of_group: &[u32]) {
        for (key, groups) in groups {
            let places = groups.iter().filter_map(|group| place_of_group.get(*group as usize)).copied();
            self.places.entry((roster.to_owned(), key.clone())).or_default().extend(places);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(roster: &str, key: &str) -> Named {
        (roster.to_owned(), key.to_owned())
    }

    #[test]
    fn a_decision_holds_whichever_side_was_written_first() {
        let pairs = vec![
            (named("bhyt_card", "c1"), named("population", "p1"), false),
            (named("population", "p2"), named("bhyt_card", "c2"), true),
        ];
        let mut decisions = RowDecisions { pairs, ..RowDecisions::default() };
        let groups =
            |list: &[(&str, u32)]| list.iter().map(|(key, group)| ((*key).to_owned(), BTreeSet::from([*group]))).collect();
        decisions.settle("population", &groups(&[("p1", 0), ("p2", 1)]), &[10, 11]);
        let decided = decisions.about("bhyt_card", &groups(&[("c1", 5), ("c2", 6)]));
        assert_eq!(decided.pairs, [(10, 5, false), (11, 6, true)]);
    }

    #[test]
    fn rows_of_one_roster_are_joined() {
        let pairs = vec![(named("population", "a"), named("population", "b"), true)];
        let decisions = RowDecisions { pairs, ..RowDecisions::default() };
        let rows = BTreeMap::from([("a".to_owned(), vec![3]), ("b".to_owned(), vec![1])]);
        let mut groups = vec![0, 1, 1, 3];
        decisions.join_within("population", &rows, &mut groups);
        assert_eq!(groups, [0, 1, 1, 1]);
    }
}
