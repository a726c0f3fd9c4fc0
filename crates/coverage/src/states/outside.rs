//! Participants who are no known residents: each of them, and how many by commune and by what they take part in.

use std::collections::BTreeMap;

use chapter::{ChapterError, StepContext, StepTable, TableBuilder};

use super::decide::{Own, Period, Standing};
use super::words::State;

/// What somebody takes part in, in the order of the words.
const WHAT: [&str; 6] = ["card", "compulsory", "jobless", "old_age", "pupil", "voluntary"];

/// Who takes part and is no known resident: numbers of people by what and by commune, in the order they came.
#[derive(Default)]
pub(super) struct Outside(BTreeMap<(&'static str, Option<String>), Vec<i64>>);

impl Outside {
    /// Adds a person; people come in the order of their numbers.
    pub(super) fn add(&mut self, person: i64, commune: Option<&str>, own: &Own, standing: &Standing, period: &Period) {
        let compulsory = own.insured.iter().any(|(month, _)| *month == period.first);
        let takes_part = [
            own.card(period).is_some(),
            compulsory,
            standing.jobless.0 == State::Covered,
            own.age.past && standing.old_age.is_some(),
            own.is_pupil(period),
            !compulsory && own.voluntary(period),
        ];
        for (what, _) in WHAT.into_iter().zip(takes_part).filter(|(_, yes)| *yes) {
            self.0.entry((what, commune.map(str::to_owned))).or_default().push(person);
        }
    }

    /// Writes `coverage_outside` and `coverage_outside_person`: the one counts what the other names.
    pub(super) fn write(self, context: &StepContext) -> Result<[StepTable; 2], ChapterError> {
        let mut people = context.writer("coverage_outside_person")?;
        let mut sums: Vec<(Option<&str>, &str, i64)> = Vec::with_capacity(self.0.len());
        for ((what, commune), found) in &self.0 {
            for person in found {
                people.row()?.text(Some(what)).text(commune.as_deref()).int(Some(*person));
            }
            sums.push((commune.as_deref(), what, found.len() as i64));
        }
        sums.sort_unstable();
        let mut out = TableBuilder::new(context.schema("coverage_outside")?)?;
        for (commune, what, people) in sums {
            out.text(commune).text(Some(what)).int(Some(people));
        }
        Ok([StepTable::new("coverage_outside", context.schema("coverage_outside")?, out.finish()?), people.finish()?])
    }
}
