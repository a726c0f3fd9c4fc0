//! Monthly step: who is entitled to support of the premium (hỗ trợ mức đóng), who gets it, and what each payer owes.
//!
//! Plan III.2b: "100 % of people entitled take part, every group reviewed in full", and the quarterly sheet of each payer. One pass over
//! tables sorted by person: of each resident all groups are gathered ([`facts`]), the law's calculator chooses the one with the highest
//! support and works out who pays what ([`money`]), the cards say where the person stands ([`judge`]), and the months of the quarter are
//! added up ([`bill`]). Nobody's row is kept in memory.

mod bill;
pub(crate) mod explain;
mod facts;
mod judge;
mod money;
mod voluntary;
mod write;

#[cfg(test)]
mod tests;

use base::{Date, Month};
use chapter::{ChapterError, Step, StepContext, StepTable};

use bill::Bill;
use facts::People;
use judge::Day;
use money::Money;

/// Writes `support_entitlement` and `support_bill`.
pub struct SupportStep;

const NAME: &str = "coverage.support";

/// Health insurance (BHYT).
pub(crate) const HEALTH: &str = "health";
/// Voluntary social insurance (BHXH tự nguyện).
pub(crate) const VOLUNTARY: &str = "voluntary";

/// Who pays. Donors (nhà tài trợ) and communes pay only where a roster names whom: there is none yet, so they have no rows.
pub(crate) const PAYERS: [&str; 2] = ["state", "city"];

impl Step for SupportStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "person",
            "bhyt_card",
            "supported_group",
            "pupil",
            "social_pension",
            "pension",
            "bhxh_month",
            "voluntary_payment",
            "insured_elsewhere",
            "previous.support_bill",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["support_entitlement", "support_bill"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let law = context.inputs.law;
        let days = quarter_so_far(period).into_iter().map(|month| Day::new(law, month)).collect::<Result<Vec<_>, _>>()?;
        let mut money = Money::new(law);
        let mut people = People::open(context)?;
        let mut out = context.writer("support_entitlement")?;
        let mut bill = Bill::default();
        while let Some(person) = people.next()? {
            if person.id % 65_536 == 0 {
                context.cancelled.check()?;
            }
            for day in &days {
                let last = day.month == period;
                if !person.lived_on(day.last, last) {
                    continue;
                }
                let health = judge::health(&person, day, &mut money)?;
                let voluntary = voluntary::judge(&person, day, law, &mut money)?;
                for entitled in health.iter().chain(&voluntary) {
                    bill.month(person.commune.as_deref(), entitled);
                    if last {
                        write::entitlement(out.row()?, &person, entitled);
                    }
                }
            }
            bill.close_person();
        }
        let bill = write::bill(context, period, bill)?;
        Ok(vec![out.finish()?, bill])
    }
}

/// The months of the quarter up to the month of the period, the first one first.
fn quarter_so_far(period: Month) -> Vec<Month> {
    let first = quarter_of(period);
    (0..=first.months_until(period)).map(|n| first.plus(n)).collect()
}

/// The first month of a month's quarter.
pub(crate) fn quarter_of(month: Month) -> Month {
    month.plus(-((month.number() - 1) % 3))
}

/// A day as tables hold it.
fn days(day: Date) -> i32 {
    day.days_since_epoch()
}
