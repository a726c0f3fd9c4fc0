//! The terms of the audit as pages show them: what runs, since when and until when, what is left in words, and by which law.

use base::Date;
use chapter::{App, PageError};
use desk::{HistoryEvent, OpenReviewStep, ReviewState, ReviewStep, ReviewStepKind};
use law::calc::Calendar;
use web::component::{Cell, Column, Link, Panel, Row, Status, StatusKind, Table};
use web::{Locale, SafeHtml};

use super::words;
use crate::clocks::{self, Begun, CaseDays, Clock, Due, Left, Standing, Start, Term, Who};

/// What a case says of the days that start and end its terms.
#[derive(Debug, Clone, Copy)]
pub(super) struct CaseTimes {
    /// Where it stands.
    pub(super) state: ReviewState,
    /// Whether a decision refuses something.
    pub(super) refuses: bool,
    /// End of the visit, where it is known.
    pub(super) visit_end: Option<Date>,
    /// The day the facility was told, and its last day to answer.
    pub(super) told: Option<(Date, Date)>,
    /// The day it answered.
    pub(super) answered: Option<Date>,
}

/// The working calendar of the law.
pub(crate) fn calendar(app: &App) -> Result<Calendar, PageError> {
    Calendar::of(&app.law).map_err(|e| PageError::inner(&e))
}

/// The terms of a case, with its steps and its history.
pub(super) fn of_case(
    app: &App,
    times: &CaseTimes,
    steps: &[ReviewStep],
    history: &[HistoryEvent],
) -> Result<Vec<Term>, PageError> {
    clocks::of_case(&app.law, &calendar(app)?, &days(times, steps, history)).map_err(|e| PageError::inner(&e))
}

fn days(times: &CaseTimes, steps: &[ReviewStep], history: &[HistoryEvent]) -> CaseDays {
    let begun = |kind| ReviewStep::of(steps, kind).map(|step| Begun { day: step.day, due: step.due });
    // Asked again after it was done: it is open again.
    let done = |kind: ReviewStepKind| ReviewStep::last(steps, kind.track()).filter(|step| step.kind == kind).map(|step| step.day);
    let decided = || history.iter().rev().find(|event| event.what == "decided").map(|event| chapter::day_in_hanoi(event.at));
    CaseDays {
        visit_end: times.visit_end,
        told: times.told.map(|(day, due)| Begun { day, due: Some(due) }),
        answered: times.answered,
        waits: times.state == ReviewState::Sent,
        decided: if times.state == ReviewState::Decided && times.refuses { decided() } else { None },
        notice: begun(ReviewStepKind::AuditNotice),
        files: done(ReviewStepKind::FilesHanded),
        minutes: begun(ReviewStepKind::MinutesMade),
        signed: done(ReviewStepKind::MinutesSigned),
    }
}

/// Terms as a panel of their own; nothing where there are none.
pub(crate) fn panel(app: &App, l: Locale, (id, title): (&str, String), terms: &[Term]) -> Result<SafeHtml, PageError> {
    if terms.is_empty() {
        return Ok(SafeHtml::default());
    }
    let (calendar, now) = (calendar(app)?, (app.clock)());
    let head = vec![
        Column::text(l.t("claims-clock-what")),
        Column::text(l.t("claims-clock-from")),
        Column::text(l.t("claims-clock-until")),
        Column::text(l.t("claims-clock-stands")),
        Column::text(l.t("claims-clock-law")),
    ];
    let rows = terms.iter().map(|term| {
        Row::new(vec![
            Cell::text(name(l, term.clock)).note(who(l, term.clock.who())),
            Cell::text(start(l, term.start)),
            Cell::text(until(l, term.due)),
            Cell::status(&status(l, term.standing(&calendar, now))),
            Cell::html(ground(l, term)),
        ])
    });
    let table = Table { cards: true, ..Table::new(id, title.clone(), head) }.rows(rows).html(l);
    Ok(Panel::flush(title, table).foot(SafeHtml::text(&l.t("claims-clock-foot"))).html())
}

/// The article, which leads to the parameter, and that it is to be compared with the text.
fn ground(l: Locale, term: &Term) -> SafeHtml {
    let link = Link::new(term.ground.as_str(), format!("/luat/{}", term.clock.key())).html();
    if term.confidence.is_doubtful() { link.then(" ").then(Status::warn(l.t("claims-law-doubtful"))) } else { link }
}

/// What a term is called.
pub(super) fn name(l: Locale, clock: Clock) -> String {
    match clock {
        Clock::Send => l.t("claims-clock-send"),
        Clock::PortalLate => l.t("claims-clock-portal-late"),
        Clock::PortalStructure => l.t("claims-clock-portal-structure"),
        Clock::PortalTotals => l.t("claims-clock-portal-totals"),
        Clock::Correct => l.t("claims-clock-correct"),
        Clock::Auto => l.t("claims-clock-auto"),
        Clock::Answer => l.t("claims-clock-answer"),
        Clock::Appeal => l.t("claims-clock-appeal"),
        Clock::AuditStart => l.t("claims-clock-audit-start"),
        Clock::Files => l.t("claims-clock-files"),
        Clock::Minutes => l.t("claims-clock-minutes"),
        Clock::MonthSend => l.t("claims-clock-month-send"),
        Clock::Warning => l.t("claims-clock-warning"),
        Clock::FacilityReview => l.t("claims-clock-facility-review"),
        Clock::MonthReport => l.t("claims-clock-month-report"),
        Clock::SettleNotice => l.t("claims-clock-settle-notice"),
        Clock::SettleSign => l.t("claims-clock-settle-sign"),
        Clock::SettlePay => l.t("claims-clock-settle-pay"),
        Clock::SettlePaid => l.t("claims-clock-settle-paid"),
    }
}

fn who(l: Locale, who: Who) -> String {
    match who {
        Who::Facility => l.t("claims-clock-facility"),
        Who::Agency => l.t("claims-agency"),
        Who::Portal => l.t("claims-clock-portal"),
    }
}

fn start(l: Locale, start: Start) -> String {
    match start {
        Start::Day(day) => l.date(day),
        Start::Moment(at) => words::moment(l, at),
        Start::Month(month) => l.month(month),
    }
}

fn until(l: Locale, due: Due) -> String {
    match due {
        Due::Day(day) => l.date(day),
        Due::Moment(at) => words::moment(l, at),
        Due::Unknown => l.t("claims-clock-unknown"),
    }
}

/// How a term stands, in words first.
pub(crate) fn status(l: Locale, standing: Standing) -> Status {
    let left = |key: &str, left: Left| l.t_args(key, &[("left", span(l, left).into())]);
    let on = |key: &str, day: Date| l.t_args(key, &[("day", l.date(day).into())]);
    let words = match standing {
        Standing::Runs(Left::Working(0) | Left::Days(0)) => l.t("claims-clock-last-day"),
        Standing::Runs(time) => left("claims-clock-left", time),
        Standing::Overdue(time) => left("claims-clock-over", time),
        Standing::Met(day) => on("claims-clock-met", day),
        Standing::MetLate(day) => on("claims-clock-met-late", day),
        Standing::Ended => l.t("claims-clock-ended"),
        Standing::NotYet(time) => left("claims-clock-not-yet", time),
        Standing::Open => l.t("claims-clock-open"),
        Standing::Unknown => l.t("claims-clock-unknown"),
    };
    let kind = match standing {
        Standing::Runs(Left::Working(..=1) | Left::Days(..=1) | Left::Hours(..=1)) | Standing::MetLate(_) => StatusKind::Warn,
        Standing::Runs(_) | Standing::NotYet(_) => StatusKind::Doing,
        Standing::Overdue(_) => StatusKind::Bad,
        Standing::Met(_) | Standing::Open => StatusKind::Ok,
        Standing::Ended | Standing::Unknown => StatusKind::Neutral,
    };
    Status::new(kind, words)
}

fn span(l: Locale, left: Left) -> String {
    match left {
        Left::Working(n) => l.t_args("claims-clock-working-days", &[("n", n.into())]),
        Left::Days(n) => l.t_args("claims-clock-days", &[("n", n.into())]),
        Left::Hours(n) => l.t_args("claims-clock-hours", &[("n", n.into())]),
    }
}

/// What is open of a case and how it stands: "Ký biên bản 03/BH: quá hạn 1 ngày làm việc".
pub(super) fn open_step(l: Locale, calendar: &Calendar, step: &OpenReviewStep, today: Date) -> Status {
    let Status { kind, words } = words::due(l, calendar, step.due, today);
    let values = [("what", name(l, clock_of(step.kind)).into()), ("stands", words.into())];
    Status::new(kind, l.t_args("claims-clock-of", &values))
}

/// The term that a step begins, or ended.
pub(super) fn clock_of(kind: ReviewStepKind) -> Clock {
    match kind {
        ReviewStepKind::AuditNotice | ReviewStepKind::FilesHanded => Clock::Files,
        ReviewStepKind::MinutesMade | ReviewStepKind::MinutesSigned => Clock::Minutes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn step(kind: ReviewStepKind, version: i64, on: &str, due: Option<&str>) -> ReviewStep {
        let (id, case) = (format!("s-{version}"), "c".to_owned());
        let (day, due) = (day(on), due.map(day));
        ReviewStep { id, case, version, kind, day, due, recorded_by: "u".into(), recorded_at: 0 }
    }

    #[test]
    fn what_was_asked_again_is_open_again() {
        use ReviewStepKind as K;
        let times = CaseTimes { state: ReviewState::Open, refuses: false, visit_end: None, told: None, answered: None };
        let mut steps = vec![
            step(K::AuditNotice, 2, "2026-11-02", Some("2026-11-05")),
            step(K::FilesHanded, 3, "2026-11-04", None),
            step(K::MinutesMade, 4, "2026-11-09", Some("2026-11-11")),
        ];
        let known = days(&times, &steps, &[]);
        assert_eq!((known.files, known.signed), (Some(day("2026-11-04")), None));
        assert_eq!(known.minutes, Some(Begun { day: day("2026-11-09"), due: Some(day("2026-11-11")) }));
        steps.push(step(K::AuditNotice, 5, "2026-11-16", Some("2026-11-19")));
        let again = days(&times, &steps, &[]);
        assert_eq!((again.notice.map(|begun| begun.day), again.files), (Some(day("2026-11-16")), None));
    }

    #[test]
    fn a_decision_that_refuses_nothing_starts_no_appeal() {
        let event = HistoryEvent {
            id: "e".into(),
            version: 5,
            at: 1_796_057_999_000,
            actor: "u".into(),
            what: "decided".into(),
            value: None,
            day: None,
            reason: None,
        };
        let of = |refuses| {
            let told = Some((day("2026-11-25"), day("2026-11-30")));
            let times = CaseTimes { state: ReviewState::Decided, refuses, visit_end: None, told, answered: None };
            days(&times, &[], std::slice::from_ref(&event)).decided
        };
        assert_eq!(of(true), Some(day("2026-11-30")));
        assert_eq!(of(false), None);
    }
}
