//! The terms of the claims audit in one table: what starts each of them, how long it is by the law of that day, until when it runs and how it stands now.
//!
//! Lengths are parameters of `law/bhyt/review` and `law/hospital`, working days go by the calendar of the law. A term whose law was not yet in force on the day that starts it
//! is none; one whose length no text that was read names is unknown. Nothing here decides: a term tells people, the desk refuses.

mod case;
mod sending;

#[cfg(test)]
mod tests;

use base::{Date, Month};
use chapter::day_in_hanoi;
use law::calc::{CalcError, Calendar};
use law::{Confidence, Law, LookupError, Value};

pub(crate) use case::{Begun, CaseDays, of_case, of_month};
pub(crate) use sending::{Sending, of_sending};

/// Milliseconds of an hour.
const HOUR: i64 = 3_600_000;

/// A term of the audit. In brackets what starts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Clock {
    /// Data of a visit may be sent, corrected and completed (the end of the visit).
    Send,
    /// The portal tells that a dossier came late (its receipt).
    PortalLate,
    /// The portal tells errors of structure (its receipt).
    PortalStructure,
    /// The portal tells totals that do not match (its receipt).
    PortalTotals,
    /// The facility corrects what the portal found wrong (the day the portal said so).
    Correct,
    /// The portal gives the result of the automatic review (its receipt).
    Auto,
    /// The facility answers what is proposed to be refused (the day it was told).
    Answer,
    /// The facility appeals against a decision (the day of the decision).
    Appeal,
    /// An active audit begins at the earliest (the day of its notice).
    AuditStart,
    /// The facility hands over the files of an active audit (the day of its notice).
    Files,
    /// The facility signs the minutes, form 03/BH (the day they were made).
    Minutes,
    /// The facility has sent all data of a month (the month).
    MonthSend,
    /// The agency warns of rising cost (the month).
    Warning,
    /// The facility reviews and answers a warning (the warning).
    FacilityReview,
    /// The facility sends the summary of the month, the report of the quarter (the month).
    MonthReport,
    /// The agency tells the result of a quarter (its report); the length differs by quarter.
    SettleNotice,
    /// The facility signs the minutes of the settlement, form 06/BH (they were made).
    SettleSign,
    /// The agency pays the rest, by the circular (the minutes were signed).
    SettlePay,
    /// The agency has paid all, by the law on health insurance (the notice).
    SettlePaid,
}

/// How a term is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    WorkingDays,
    Days,
    Hours,
    /// Before a day of the month that follows.
    BeforeDay,
    /// Until the end of a day of the month that follows.
    UntilDay,
}

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    /// The facility.
    Facility,
    /// The insurance office.
    Agency,
    /// The national portal.
    Portal,
}

impl Clock {
    /// The table: the parameter, how it is counted, who has to act.
    const fn line(self) -> (&'static str, Length, Who) {
        use {Length as L, Who as W};
        match self {
            Self::Send => ("bhyt.review.send_working_days", L::WorkingDays, W::Facility),
            Self::PortalLate => ("bhyt.review.portal_late_hours", L::Hours, W::Portal),
            Self::PortalStructure => ("bhyt.review.portal_structure_hours", L::Hours, W::Portal),
            Self::PortalTotals => ("bhyt.review.portal_totals_hours", L::Hours, W::Portal),
            Self::Correct => ("bhyt.review.correct_working_days", L::WorkingDays, W::Facility),
            Self::Auto => ("bhyt.review.auto_working_days", L::WorkingDays, W::Portal),
            Self::Answer => ("bhyt.review.answer_working_days", L::WorkingDays, W::Facility),
            Self::Appeal => ("bhyt.review.appeal_days", L::Days, W::Facility),
            Self::AuditStart => ("bhyt.review.notice_working_days", L::WorkingDays, W::Agency),
            Self::Files => ("bhyt.review.files_working_days", L::WorkingDays, W::Facility),
            Self::Minutes => ("bhyt.review.minutes_working_days", L::WorkingDays, W::Facility),
            Self::MonthSend => ("bhyt.review.month_send_day", L::BeforeDay, W::Facility),
            Self::Warning => ("bhyt.review.warning_day", L::BeforeDay, W::Agency),
            Self::FacilityReview => ("bhyt.review.facility_review_days", L::Days, W::Facility),
            Self::MonthReport => ("hospital.report_day", L::UntilDay, W::Facility),
            Self::SettleNotice => ("hospital.settle_notice_days", L::Days, W::Agency),
            Self::SettleSign => ("bhyt.review.settle_sign_working_days", L::WorkingDays, W::Facility),
            Self::SettlePay => ("bhyt.review.settle_pay_working_days", L::WorkingDays, W::Agency),
            Self::SettlePaid => ("hospital.settle_pay_days", L::Days, W::Agency),
        }
    }

    /// The parameter of its length.
    pub(crate) const fn key(self) -> &'static str {
        self.line().0
    }

    /// Who has to act.
    pub(crate) const fn who(self) -> Who {
        self.line().2
    }

    /// Whether the desk knows when it was met, so that one that is over and was not met is overdue. Others end without anybody knowing here.
    const fn is_watched(self) -> bool {
        matches!(self, Self::Answer | Self::Files | Self::Minutes)
    }
}

/// What starts a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    /// A day, which does not count.
    Day(Date),
    /// A moment, Unix milliseconds.
    Moment(i64),
    /// A month that is over.
    Month(Month),
}

impl Start {
    /// The day whose law holds: that of the start, of a month the day after it.
    fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Moment(at) => day_in_hanoi(at),
            Self::Month(month) => month.next().first_day(),
        }
    }
}

/// Until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Due {
    /// Until the end of a day.
    Day(Date),
    /// Until a moment, Unix milliseconds.
    Moment(i64),
    /// No text that was read names it.
    Unknown,
}

/// A term that was started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// Which one.
    pub(crate) clock: Clock,
    /// What started it.
    pub(crate) start: Start,
    /// Until when.
    pub(crate) due: Due,
    /// The day it was met.
    pub(crate) done: Option<Date>,
    /// Clause, article and law.
    pub(crate) ground: String,
    /// How sure the law is.
    pub(crate) confidence: Confidence,
}

/// Time that is left, or over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Working days.
    Working(i64),
    /// Days, also where the holidays of a year are not known.
    Days(i64),
    /// Whole hours.
    Hours(i64),
}

/// How a term stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It runs; nothing left but the day itself is 0.
    Runs(Left),
    /// It is over and was not met.
    Overdue(Left),
    /// It was met in time.
    Met(Date),
    /// It was met after it was over.
    MetLate(Date),
    /// It is over; whether it was met is not known here.
    Ended,
    /// What may begin after it may not begin yet.
    NotYet(Left),
    /// What may begin after it may begin.
    Open,
    /// Its length is not known.
    Unknown,
}

/// Starts a term by the law of the day of its start; none where that law was not yet in force.
pub(crate) fn term(law: &Law, calendar: &Calendar, clock: Clock, start: Start) -> Result<Option<Term>, CalcError> {
    selected(law, calendar, (clock, None), start)
}

/// The same of a term whose length differs by a word.
fn selected(
    law: &Law,
    calendar: &Calendar,
    (clock, word): (Clock, Option<&str>),
    start: Start,
) -> Result<Option<Term>, CalcError> {
    let (key, length, _) = clock.line();
    let shown = match law.show(key, start.day(), word) {
        Ok(shown) => shown,
        Err(LookupError::NotYetInForce { .. }) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let due = match shown.value {
        None => Due::Unknown,
        Some(Value::Int(count)) => due(calendar, length, count, start)?,
        Some(_) => return Err(CalcError::WrongUnit { key: key.to_owned() }),
    };
    let (ground, confidence) = (shown.reference.to_string(), shown.confidence);
    Ok(Some(Term { clock, start, due, done: None, ground, confidence }))
}

fn due(calendar: &Calendar, length: Length, count: i32, start: Start) -> Result<Due, CalcError> {
    // Counts from day 1 of the month that follows; a day that the month does not have is an error of the law's file.
    let of_month = |days: i32| start.day().month().first_day().add_days(days).map(Due::Day).ok_or(CalcError::Money);
    let day = start.day();
    match length {
        Length::WorkingDays => calendar.working_days_after(day, count).map(Due::Day),
        Length::Days => day.add_days(count).map(Due::Day).ok_or(CalcError::Money),
        Length::Hours => {
            let from = if let Start::Moment(at) = start { at } else { midnight(day) };
            Ok(Due::Moment(from.saturating_add(i64::from(count).saturating_mul(HOUR))))
        }
        Length::BeforeDay => of_month(count - 2),
        Length::UntilDay => of_month(count - 1),
    }
}

/// The moment a day begins in Hà Nội.
fn midnight(day: Date) -> i64 {
    (i64::from(day.days_since_epoch()) * 24 - 7) * HOUR
}

impl Term {
    /// The same with the day that was written down when it started: later changes of the law or the calendar do not move it.
    fn kept(self, due: Option<Date>) -> Self {
        Self { due: due.map_or(self.due, Due::Day), ..self }
    }

    /// The same with the day it was met.
    fn met(self, done: Option<Date>) -> Self {
        Self { done, ..self }
    }

    /// Its last day, where it is known.
    pub(crate) fn last(&self) -> Option<Date> {
        match self.due {
            Due::Day(day) => Some(day),
            Due::Moment(at) => Some(day_in_hanoi(at)),
            Due::Unknown => None,
        }
    }

    /// How it stands at a moment, Unix milliseconds.
    pub(crate) fn standing(&self, calendar: &Calendar, now: i64) -> Standing {
        let today = day_in_hanoi(now);
        let last = match (self.due, self.done) {
            (Due::Unknown, Some(done)) => return Standing::Met(done),
            (Due::Unknown, None) => return Standing::Unknown,
            (Due::Moment(at), _) if now > at => return Standing::Ended,
            (Due::Moment(at), _) => return Standing::Runs(Left::Hours((at - now) / HOUR)),
            (Due::Day(last), _) => last,
        };
        match self.done {
            Some(done) if done <= last => Standing::Met(done),
            Some(done) => Standing::MetLate(done),
            None if self.clock == Clock::AuditStart && today < last => Standing::NotYet(self.between(calendar, today, last)),
            None if self.clock == Clock::AuditStart => Standing::Open,
            None if today <= last => Standing::Runs(self.between(calendar, today, last)),
            None if self.clock.is_watched() => Standing::Overdue(self.between(calendar, last, today)),
            None => Standing::Ended,
        }
    }

    /// What lies between two days, in the days the term counts by.
    fn between(&self, calendar: &Calendar, from: Date, to: Date) -> Left {
        match self.clock.line().1 {
            Length::WorkingDays => working_days(calendar, from, to),
            _ => Left::Days(i64::from(from.days_until(to))),
        }
    }
}

/// How something that is watched and not yet done stands, by its last day alone.
pub(crate) fn waiting(calendar: &Calendar, last: Date, today: Date) -> Standing {
    match today <= last {
        true => Standing::Runs(working_days(calendar, today, last)),
        false => Standing::Overdue(working_days(calendar, last, today)),
    }
}

/// The working days between two days. A term that ended on a Friday is one day over on Saturday, not no working day.
fn working_days(calendar: &Calendar, from: Date, to: Date) -> Left {
    let days = i64::from(from.days_until(to));
    match calendar.working_days_until(from, to) {
        Some(0) if days > 0 => Left::Days(days),
        Some(working) => Left::Working(working),
        None => Left::Days(days),
    }
}
