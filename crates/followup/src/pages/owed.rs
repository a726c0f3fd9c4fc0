//! `GET /ke-hoach/viec-cua-don-vi`: what the viewer's unit owes now, the oldest first.

use axum::Extension;
use axum::extract::State;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent, ReportState, TaskReport};
use web::component::{Button, ButtonKind, Cell, Column, Form, Link, Panel, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml};

use super::{report_href, report_status, task};
use crate::standing::{Term, TermState};
use crate::who::{owes, units};
use crate::{Followup, HOME};

/// Days ahead that are shown.
const AHEAD: i32 = 31;

/// `GET /ke-hoach/viec-cua-don-vi`.
pub(super) async fn show(State(followup): State<Followup>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let path = format!("{HOME}/viec-cua-don-vi");
    let seen = followup.seen(&viewer, today.year()).await?;
    let own: Vec<&TaskReport> = seen.reports.iter().filter(|report| report.unit == viewer.scope.unit).collect();
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").count("rows", own.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut rows: Vec<(base::Date, Row)> = Vec::new();
    let begun = |task: &str, term: &Term| own.iter().find(|report| report.about.task == task && report.about.term == term.due);
    for standing in seen.standings.iter().filter(|standing| owes(followup.plan(), standing.task, &viewer.scope)) {
        // Before the first run nothing could be known: one line a task, its page has them all.
        let unknown: Vec<&Term> =
            standing.terms.iter().filter(|term| is_unknown(term) && begun(&standing.task.id, term).is_none()).collect();
        rows.extend(unknown.first().map(|first| (first.due, unknown_row(l, standing.task, &unknown))));
        for term in standing.terms.iter().filter(|term| today.days_until(term.day()) <= AHEAD) {
            let report = begun(&standing.task.id, term);
            if report.is_none() && is_unknown(term) {
                continue;
            }
            if report.is_some_and(|report| report.state == ReportState::Confirmed) {
                continue;
            }
            let due = today.days_until(term.day());
            let when = match due {
                ..0 => Status::bad(l.t_args("followup-late", &[("n", i64::from(-due).into())])),
                0..=7 => Status::warn(l.t_args("followup-in-days", &[("n", i64::from(due).into())])),
                _ => Status::neutral(l.t_args("followup-in-days", &[("n", i64::from(due).into())])),
            };
            let standing_now = match report {
                Some(report) => Cell::status(&report_status(l, report.state)),
                None => Cell::text(l.t("followup-not-begun")),
            };
            let act = match report {
                Some(report) => Link::new(l.t("followup-open"), report_href(&report.id)).html(),
                None => begin(&followup, l, &viewer, &standing.task.id, term),
            };
            rows.push((
                term.day(),
                Row::new(vec![
                    Cell::html(task::link(l, standing.task).html()),
                    Cell::link(l.date(term.day()), super::term::term_href(&standing.task.id, term.due)),
                    Cell::status(&when),
                    standing_now,
                    Cell::html(act),
                ]),
            ));
        }
    }
    rows.sort_by_key(|(due, _)| *due);
    let head = vec![
        Column::text(l.t("followup-column-task")),
        Column::text(l.t("followup-column-due")),
        Column::text(l.t("followup-column-when")),
        Column::text(l.t("followup-column-report")),
        Column::text(l.t("followup-column-act")),
    ];
    let why = if units(followup.plan(), &viewer.scope).is_empty() { "followup-owed-no-unit" } else { "followup-owed-none-why" };
    let empty = empty_state(&l.t("followup-owed-none"), &l.t(why), None);
    let table =
        Table::new("viec", l.t("followup-owed"), head).rows(rows.into_iter().map(|(_, row)| row)).empty(empty).worklist().html(l);
    let mut page = app.page(&viewer, &path, l.t("followup-owed"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = SafeHtml::text(&l.t_args("followup-owed-intro", &[("n", i64::from(AHEAD).into())]));
    let concluded = super::committee::owed(&followup, l, &viewer).await?;
    page.body = concluded.then(Panel::flush(l.t("followup-owed"), table).html());
    page.foot = vec![l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

/// Whether a term was over before anything was run here.
fn is_unknown(term: &Term) -> bool {
    term.before_first_run && term.state == TermState::Late
}

/// The terms of a task of before the first run that nobody reported, as one line.
fn unknown_row(l: Locale, task: &plan::data::PlanTask, terms: &[&Term]) -> Row {
    let dash = || "–".to_owned();
    let (first, last) =
        (terms.first().map_or_else(dash, |term| l.date(term.due)), terms.last().map_or_else(dash, |term| l.date(term.due)));
    let span = l.t_args("followup-span", &[("from", first.as_str().into()), ("to", last.as_str().into())]);
    let count = l.t_args("followup-unknown-terms", &[("n", (terms.len() as i64).into())]);
    Row::new(vec![
        Cell::html(task::link(l, task).html()),
        Cell::text(span),
        Cell::status(&Status::bad(l.t("followup-term-late-no-data"))),
        Cell::text(count),
        Cell::html(Link::new(l.t("followup-open"), super::task_href(&task.id)).html()),
    ])
}

/// The button that begins a report.
pub(super) fn begin(followup: &Followup, l: Locale, viewer: &Viewer, task: &str, term: &Term) -> SafeHtml {
    let form = Form {
        action: format!("{HOME}/bao-cao"),
        reads: false,
        hidden: vec![
            ("nhiem-vu".into(), task.to_owned()),
            ("han".into(), term.due.to_string()),
            ("so".into(), followup.app.form_number(viewer, "task report")),
        ],
        body: SafeHtml::empty(),
        buttons: vec![Button::submit(l.t("followup-begin"), ButtonKind::Default)],
    };
    form.html()
}
