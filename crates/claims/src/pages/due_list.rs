//! What is due to a facility, on its page: answers, files and minutes by their last day, and the terms of a month.

use base::{Date, Month};
use chapter::{PageError, Viewer};
use desk::{OpenReviewStep, PageAt, ReviewOrder, ReviewQuery, ReviewState};
use web::component::{Cell, Column, Panel, Row, Table, empty_state};
use web::{Locale, SafeHtml};

use super::facility::case_href;
use super::{Audit, clock_page, queue};
use crate::clocks::{self, Clock};

/// Answers asked for; a facility with more is told how many there are.
const MOST: i64 = 200;

/// Something that is due.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct DueLine {
    due: Date,
    visit: i64,
    case: String,
    clock: Clock,
}

impl From<OpenReviewStep> for DueLine {
    fn from(step: OpenReviewStep) -> Self {
        Self { due: step.due, visit: step.visit, case: step.case, clock: clock_page::clock_of(step.kind) }
    }
}

/// What waits for the facility, of all months, the earliest day first.
pub(super) async fn panel(audit: &Audit, l: Locale<'_>, viewer: &Viewer) -> Result<SafeHtml, PageError> {
    let (desk, today) = (&audit.app.desk, audit.app.today());
    let query = ReviewQuery { state: Some(ReviewState::Sent), order: ReviewOrder::Due, ..ReviewQuery::new(today) };
    let sent = desk.facility_reviews(&viewer.scope, &query, &PageAt::First, MOST).await.map_err(PageError::desk)?;
    let steps = desk.facility_steps(&viewer.scope).await.map_err(PageError::desk)?;
    let all_lines = sent.count + steps.len() as i64;
    let answers =
        sent.rows.into_iter().map(|case| DueLine { due: case.due, visit: case.visit, case: case.id, clock: Clock::Answer });
    let mut lines: Vec<DueLine> = answers.chain(steps.into_iter().map(DueLine::from)).collect();
    lines.sort();
    let calendar = clock_page::calendar(&audit.app)?;
    let head = vec![
        Column::text(l.t("claims-clock-what")),
        Column::text(l.t("claims-column-visit")),
        Column::text(l.t("claims-clock-until")),
        Column::text(l.t("claims-clock-stands")),
    ];
    let shown = lines.len();
    let rows = lines.into_iter().map(|line| {
        let stands = clock_page::status(l, clocks::waiting(&calendar, line.due, today));
        Row::new(vec![
            Cell::text(clock_page::name(l, line.clock)),
            Cell::link(queue::visit_name(l, line.visit), case_href(&line.case)),
            Cell::text(l.date(line.due)),
            Cell::status(&stands),
        ])
    });
    let title = l.t("claims-due-list");
    let empty = empty_state(&l.t("claims-due-list-none"), &l.t("claims-due-list-none-why"), None);
    let table = Table::new("phai-lam", title.clone(), head).rows(rows).empty(empty).worklist().html(l);
    let count = l.t_args("claims-range", &[("rows", shown.into()), ("n", all_lines.into())]);
    Ok(Panel::flush(title, table).id("den-han").foot(SafeHtml::text(&count)).html())
}

/// The terms that a month starts for the facility and for those who answer it.
pub(super) fn month(audit: &Audit, l: Locale, month: Month) -> Result<SafeHtml, PageError> {
    let app = &audit.app;
    let terms = clocks::of_month(&app.law, &clock_page::calendar(app)?, month).map_err(|e| PageError::inner(&e))?;
    let of = l.month(month);
    let title = l.t_args("claims-month-clocks", &[("month", of.as_str().into())]);
    clock_page::panel(app, l, ("han-cua-ky", title), &terms)
}

#[cfg(test)]
mod tests {
    use desk::ReviewStepKind;

    use super::*;

    #[test]
    fn what_is_due_first_stands_first_whatever_it_is() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let step = |visit, due, kind| {
            DueLine::from(OpenReviewStep { case: format!("c-{visit}"), visit, kind, day: day("2026-11-02"), due: day(due) })
        };
        let answer = |visit: i64, due| DueLine { due: day(due), visit, case: format!("c-{visit}"), clock: Clock::Answer };
        let mut lines = [
            answer(3, "2026-11-09"),
            step(2, "2026-11-05", ReviewStepKind::MinutesMade),
            answer(1, "2026-11-05"),
            step(1, "2026-11-04", ReviewStepKind::AuditNotice),
        ];
        lines.sort();
        let order: Vec<(i64, Clock)> = lines.iter().map(|line| (line.visit, line.clock)).collect();
        assert_eq!(order, [(1, Clock::Files), (1, Clock::Answer), (2, Clock::Minutes), (3, Clock::Answer)]);
    }
}
