//! The terms of a case and of a facility's month.

use base::{Date, Month};
use law::Law;
use law::calc::{CalcError, Calendar};

use super::{Clock, Start, Term, selected, term};

/// A step that starts a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Begun {
    /// Its day.
    pub(crate) day: Date,
    /// The last day of the term as it was written down then.
    pub(crate) due: Option<Date>,
}

/// The days of a case that start and end terms.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CaseDays {
    /// End of the visit.
    pub(crate) visit_end: Option<Date>,
    /// The facility was told.
    pub(crate) told: Option<Begun>,
    /// It answered.
    pub(crate) answered: Option<Date>,
    /// Whether its answer is still waited for.
    pub(crate) waits: bool,
    /// The decision that stands and can be appealed against.
    pub(crate) decided: Option<Date>,
    /// Notice of an active audit.
    pub(crate) notice: Option<Begun>,
    /// The files were handed over after it.
    pub(crate) files: Option<Date>,
    /// The minutes were made.
    pub(crate) minutes: Option<Begun>,
    /// They were signed after that.
    pub(crate) signed: Option<Date>,
}

/// The terms of a case in the order they start in.
pub(crate) fn of_case(law: &Law, calendar: &Calendar, days: &CaseDays) -> Result<Vec<Term>, CalcError> {
    let start = |clock: Clock, day: Option<Date>| match day {
        Some(day) => term(law, calendar, clock, Start::Day(day)),
        None => Ok(None),
    };
    let begun = |clock: Clock, step: Option<Begun>| -> Result<Option<Term>, CalcError> {
        let started = start(clock, step.map(|step| step.day))?;
        Ok(started.map(|term| term.kept(step.and_then(|step| step.due))))
    };
    let told = days.told.filter(|_| days.waits || days.answered.is_some());
    let all = [
        start(Clock::Send, days.visit_end)?,
        start(Clock::AuditStart, days.notice.map(|step| step.day))?,
        begun(Clock::Files, days.notice)?.map(|term| term.met(days.files)),
        begun(Clock::Answer, told)?.map(|term| term.met(days.answered)),
        begun(Clock::Minutes, days.minutes)?.map(|term| term.met(days.signed)),
        start(Clock::Appeal, days.decided)?,
    ];
    Ok(all.into_iter().flatten().collect())
}

/// The terms that a month of a facility starts. What no month starts by itself (a warning, the notice of a quarter) is counted from the last day of the term
/// before it: so late it may be at most.
pub(crate) fn of_month(law: &Law, calendar: &Calendar, month: Month) -> Result<Vec<Term>, CalcError> {
    let mut all = Vec::new();
    let quarter = ["q1", "q2", "q3", "q4"].get((month.number() as usize).saturating_sub(1) / 3).copied();
    let mut add = |clock: Clock, start: Option<Start>| -> Result<Option<Start>, CalcError> {
        let Some(start) = start else { return Ok(None) };
        let word = quarter.filter(|_| clock == Clock::SettleNotice);
        let started = selected(law, calendar, (clock, word), start)?;
        let last = started.as_ref().and_then(Term::last);
        all.extend(started);
        Ok(last.map(Start::Day))
    };
    let over = Some(Start::Month(month));
    add(Clock::MonthSend, over)?;
    let warned = add(Clock::Warning, over)?;
    add(Clock::FacilityReview, warned)?;
    let reported = add(Clock::MonthReport, over)?;
    // Quarters are settled, after their last month.
    if month.number() % 3 == 0 {
        let told = add(Clock::SettleNotice, reported)?;
        let signed = add(Clock::SettleSign, told)?;
        add(Clock::SettlePay, signed)?;
        add(Clock::SettlePaid, told)?;
    }
    Ok(all)
}
