//! Linking one roster to the spine.

use chapter::{ChapterError, StepContext};
use linkage::{Config, Link, Model, Prepared, Row, explain, group_rows, link};

use super::decisions::RowDecisions;
use super::roster::{CommuneIndex, Roster};

/// The population roster, one record a person.
pub(crate) struct Spine {
    /// The roster; `None` when none arrived, then there is nobody to link to.
    pub(crate) roster: Option<Roster>,
    /// One record a person.
    pub(crate) people: Prepared,
    /// Which person each row is.
    pub(crate) person_of_row: Vec<u32>,
    /// The first row of each person.
    pub(crate) row_of_person: Vec<u32>,
}

/// A roster after linking.
pub(crate) struct LinkedRoster {
    /// The roster.
    pub(crate) roster: Roster,
    /// Which group (person within the roster) each row belongs to.
    pub(crate) group_of_row: Vec<u32>,
    /// The first row of each group.
    pub(crate) row_of_group: Vec<u32>,
    /// The link of each group, where it found a person of the spine.
    pub(crate) link_of_group: Vec<Option<Found>>,
    /// The weights used.
    pub(crate) model: Model,
}

/// A link with the part of its weight that the pattern does not tell.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    pub(crate) link: Link,
    /// What the name's frequency added, in thousandths of a bit.
    pub(crate) frequency_millibits: i32,
}

impl Spine {
    /// Reads and groups the population roster: rows that are certainly one person become one.
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let Some(roster) = Roster::read(context, "population")? else {
            let nobody = Prepared::new(&[]);
            return Ok(Self { roster: None, people: nobody, person_of_row: Vec::new(), row_of_person: Vec::new() });
        };
        let (people, person_of_row, row_of_person) = grouped(&roster, &roster.communes(context.inputs.places));
        Ok(Self { roster: Some(roster), people, person_of_row, row_of_person })
    }
}

/// Links a roster to the spine and lets the spine learn the numbers of certain links.
pub(crate) fn link_roster(
    context: &StepContext,
    spine: &mut Spine,
    roster: Roster,
    decisions: &RowDecisions,
) -> Result<LinkedRoster, ChapterError> {
    let (people, group_of_row, row_of_group) = grouped(&roster, &roster.communes(context.inputs.places));
    let decided = decisions.of_roster(spine, &roster, &group_of_row);
    let linked = link(&spine.people, &people, &decided, &Config::default());
    let mut link_of_group = vec![None; row_of_group.len()];
    for found in &linked.links {
        let waterfall = explain(&linked.model, found, &spine.people);
        let frequency = waterfall.parts.iter().filter(|p| p.field == linkage::FieldName::NameFrequency);
        let frequency_millibits = frequency.map(|p| p.millibits).sum();
        link_of_group[found.right as usize] = Some(Found { link: *found, frequency_millibits });
    }
    spine.people = spine.people.enriched(&linked, &people);
    Ok(LinkedRoster { roster, group_of_row, row_of_group, link_of_group, model: linked.model })
}

/// Prepares a roster and makes one record of the rows of each person.
fn grouped(roster: &Roster, communes: &CommuneIndex) -> (Prepared, Vec<u32>, Vec<u32>) {
    let rows: Vec<Row> = (0..roster.len()).map(|row| roster.row(row, communes)).collect();
    let prepared = Prepared::new(&rows);
    let (people, place_of_row) = prepared.merged(&group_rows(&prepared));
    let mut first_row = vec![u32::MAX; people.len()];
    for (row, place) in place_of_row.iter().enumerate() {
        let first = &mut first_row[*place as usize];
        *first = (*first).min(row as u32);
    }
    (people, place_of_row, first_row)
}
