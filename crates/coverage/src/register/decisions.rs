//! Human decisions about who is who: they outlive every run.

use std::collections::BTreeMap;

use book::Fingerprint;
use chapter::{ChapterError, StepContext};
use engine::rows;
use linkage::Decisions;

use super::linking::Spine;
use super::roster::{Roster, cell};

/// Roster whose people the others are linked to.
const SPINE: &str = "population";

/// What a row says about the person, as written: the same next month, whatever file or row it stands in.
///
/// A decision names rows by this key, so that it holds for renewed cards and corrected files alike.
pub(crate) fn row_key(roster: &str, identity: [Option<&str>; 4]) -> String {
    let print = identity.iter().fold(Fingerprint::new(roster), |f, part| f.with("part", part.unwrap_or("")));
    print.finish()[..32].to_owned()
}

/// Decisions of the desk as copied into the book: pairs of row keys.
#[derive(Debug, Default)]
pub(crate) struct RowDecisions {
    /// By roster of the other row: key of the spine's row, key of the other, and whether they are one person.
    by_roster: BTreeMap<String, Vec<(String, String, bool)>>,
}

/// Reads the copied decisions.
pub(crate) fn read(context: &StepContext) -> Result<RowDecisions, ChapterError> {
    let mut decisions = RowDecisions::default();
    let Some(table) = context.inputs.desk.get("decision") else { return Ok(decisions) };
    for batch in context.book.read_table(table, None)? {
        let text = |name: &str| rows::text(&batch, name);
        let (kinds, left_rosters, right_rosters) = (text("kind")?, text("left_roster")?, text("right_roster")?);
        let (left, right) = (text("left_key")?, text("right_key")?);
        for row in 0..batch.num_rows() {
            let same = kinds.value(row) == "same";
            // The desk keeps a pair in one order of its own; the spine's row may stand on either side.
            let (spine, other, roster) = if right_rosters.value(row) == SPINE {
                (right.value(row), left.value(row), left_rosters.value(row))
            } else {
                (left.value(row), right.value(row), right_rosters.value(row))
            };
            decisions.by_roster.entry(roster.to_owned()).or_default().push((spine.to_owned(), other.to_owned(), same));
        }
    }
    Ok(decisions)
}

impl RowDecisions {
    /// The decisions about a roster's groups and the people of the spine, as linkage takes them.
    pub(crate) fn of_roster(&self, spine: &Spine, roster: &Roster, group_of_row: &[u32]) -> Decisions {
        let mut decided = Decisions::default();
        let (Some(pairs), Some(people)) = (self.by_roster.get(roster.name), &spine.roster) else { return decided };
        let left = places(people, &spine.person_of_row);
        let right = places(roster, group_of_row);
        for (spine_key, other_key, same) in pairs {
            let (Some(left), Some(right)) = (left.get(spine_key), right.get(other_key)) else { continue };
            for pair in left.iter().flat_map(|l| right.iter().map(move |r| (*l, *r))) {
                if *same { decided.same.push(pair) } else { decided.not_same.push(pair) }
            }
        }
        decided
    }
}

/// The people or groups of each row key.
fn places(roster: &Roster, place_of_row: &[u32]) -> BTreeMap<String, Vec<u32>> {
    let mut found: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    for (row, place) in place_of_row.iter().enumerate() {
        let places = found.entry(row_key(roster.name, roster.identity(row))).or_default();
        if !places.contains(place) {
            places.push(*place);
        }
    }
    found
}

impl Roster {
    /// What a row says about the person, as written.
    pub(crate) fn identity(&self, row: usize) -> [Option<&str>; 4] {
        [
            cell(self.personal_id_raw.as_ref(), row),
            cell(self.insurance_number.as_ref(), row),
            Some(self.full_name.value(row)),
            cell(self.birth_date_raw.as_ref(), row),
        ]
    }
}
