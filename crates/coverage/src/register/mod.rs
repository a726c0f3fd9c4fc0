//! Monthly step: who is who. Links every roster to the population roster and writes the register.
//!
//! The population roster is the spine; cards, participation, pupils and the tax settlement are linked
//! to it one after another, each adding the numbers it knows to the spine for the next. Rows that find
//! nobody become people of their own outside the spine: they are never said to be not covered.

mod decisions;
mod linking;
mod numbers;
mod people;
mod roster;
mod write;

use chapter::{ChapterError, Step, StepContext, StepTable};

use linking::link_roster;
use people::number_people;
use roster::Roster;

pub(crate) use decisions::row_key;

/// Builds the register of a period.
pub struct RegisterStep;

pub(crate) const NAME: &str = "coverage.register";

/// Linked in this order: a roster that knows insurance numbers helps the ones after it.
const LINKED: [&str; 4] = ["bhyt_card", "bhxh_participation", "pupils", "tax_settlement"];

impl Step for RegisterStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "roster.population",
            "roster.bhyt_card",
            "roster.bhxh_participation",
            "roster.pupils",
            "roster.tax_settlement",
            "desk.decision",
            "numbering.person",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["person", "bhyt_card", "bhxh_month", "tax_wage", "pupil", "link", "link_pattern"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let total = LINKED.len() as u64 + 2;
        context.progress.at("coverage.register population", 0, total);
        let decisions = decisions::read(context)?;
        let mut spine = linking::Spine::read(context)?;
        let mut linked = Vec::new();
        for (done, name) in LINKED.into_iter().enumerate() {
            context.cancelled.check()?;
            context.progress.at(&format!("{NAME} {name}"), done as u64 + 1, total);
            if let Some(roster) = Roster::read(context, name)? {
                linked.push(link_roster(context, &mut spine, roster, &decisions)?);
            }
        }
        context.cancelled.check()?;
        context.progress.at("coverage.register tables", total - 1, total);
        let mut register = people::gather(&spine, &linked);
        let known = numbers::known_people(context)?;
        let numbers = number_people(&mut register.people, &known);
        write::tables(context, &spine, &linked, &register, &numbers)
    }
}
