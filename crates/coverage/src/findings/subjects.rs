//! Whom findings are about: where people live, and which employer has a tax code.

use std::collections::{BTreeMap, HashMap};

use base::SubjectKind;
use chapter::{ChapterError, StepContext};
use engine::rows;

/// Rows read at once.
const ROWS: usize = 65_536;

/// The communes of people and the employers of tax codes. Millions of people: each takes ten bytes.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    /// People with a commune, ascending, and the place of its code.
    people: Vec<i64>,
    commune_of: Vec<u16>,
    communes: Vec<String>,
    /// Of each tax code the number and commune of the employer it is of: whoever is no branch before branches that are written
    /// under the code of their parent, then the lowest number.
    employers: BTreeMap<String, (bool, i64, Option<String>)>,
}

impl Subjects {
    /// Reads the tables of people and employers.
    pub(super) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut subjects = Self::default();
        let mut place_of: HashMap<String, u16> = HashMap::new();
        if let Some(table) = context.table("person") {
            for batch in context.book.stream_table(table, &["person_id", "commune"], ROWS)? {
                let batch = batch?;
                let (ids, codes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "commune")?);
                for row in 0..batch.num_rows() {
                    let Some(code) = rows::text_at(&codes, row) else { continue };
                    let place = match place_of.get(code) {
                        Some(place) => *place,
                        None => subjects.add_commune(code, &mut place_of),
                    };
                    subjects.people.push(ids.value(row));
                    subjects.commune_of.push(place);
                }
            }
        }
        if let Some(table) = context.table("employer") {
            for batch in context.book.stream_table(table, &["employer_id", "parent_id", "tax_code", "commune"], ROWS)? {
                let batch = batch?;
                let (taxes, communes) = (rows::text(&batch, "tax_code")?, rows::text(&batch, "commune")?);
                let (ids, parents) = (rows::int(&batch, "employer_id")?, rows::int(&batch, "parent_id")?);
                for row in 0..batch.num_rows() {
                    let Some(tax) = rows::text_at(&taxes, row) else { continue };
                    let commune = rows::text_at(&communes, row).map(str::to_owned);
                    let one = (rows::int_at(&parents, row).is_some(), ids.value(row), commune);
                    match subjects.employers.get_mut(tax) {
                        Some(known) => {
                            if one < *known {
                                *known = one;
                            }
                        }
                        None => {
                            subjects.employers.insert(tax.to_owned(), one);
                        }
                    }
                }
            }
        }
        Ok(subjects)
    }

    fn add_commune(&mut self, code: &str, place_of: &mut HashMap<String, u16>) -> u16 {
        let place = u16::try_from(self.communes.len()).unwrap_or(u16::MAX);
        self.communes.push(code.to_owned());
        place_of.insert(code.to_owned(), place);
        place
    }

    /// Number of the person, number of the employer, and commune of a subject.
    pub(super) fn of(&self, kind: SubjectKind, subject: &str) -> (Option<i64>, Option<i64>, Option<String>) {
        // The subject of a rule about employers is a tax code, which is no person's number.
        match kind {
            SubjectKind::Person => {
                let person = subject.trim_start_matches('P').parse::<i64>().ok();
                let at = person.and_then(|person| self.people.binary_search(&person).ok());
                let commune = at.and_then(|at| self.communes.get(usize::from(self.commune_of[at])).cloned());
                (person, None, commune)
            }
            SubjectKind::Employer => match self.employers.get(subject) {
                Some((_, employer, commune)) => (None, Some(*employer), commune.clone()),
                None => (None, None, None),
            },
            // Claimed visits are the subject of another chapter's rules.
            SubjectKind::Visit => (None, None, None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tax_code_is_an_employer_and_never_a_person() {
        let subjects = Subjects {
            people: vec![3, 9],
            commune_of: vec![0, 1],
            communes: vec!["00004".into(), "00008".into()],
            employers: BTreeMap::from([("9".to_owned(), (false, 77, Some("00070".to_owned())))]),
        };
        assert_eq!(subjects.of(SubjectKind::Person, "P9"), (Some(9), None, Some("00008".into())));
        assert_eq!(subjects.of(SubjectKind::Person, "P4"), (Some(4), None, None));
        assert_eq!(subjects.of(SubjectKind::Employer, "9"), (None, Some(77), Some("00070".into())));
        assert_eq!(subjects.of(SubjectKind::Employer, "8"), (None, None, None));
    }
}
