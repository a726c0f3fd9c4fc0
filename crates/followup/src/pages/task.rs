//! `GET /ke-hoach/nhiem-vu/{task}`: one task, its terms and what was reported.

use axum::Extension;
use axum::extract::{Path, Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, TaskReport};
use plan::data::PlanTask;
use serde::Deserialize;
use web::component::{Cell, Column, Link, Panel, Row, Status, Table, definition_list, empty_state};
use web::{Locale, SafeHtml, tag};

use super::figure::{self, Sources};
use super::owed::begin;
use super::term::term_href;
use super::{asked_year, heading, report_href, report_status, said, task_href, task_status, unit_names};
use crate::standing::{Standing, Term, TermState};
use crate::who::owes;
use crate::{Followup, HOME};

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "nam")]
    year: Option<i32>,
}

/// `GET /ke-hoach/nhiem-vu/{task}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let year = asked_year(followup.plan(), asked.year, today);
    let seen = followup.seen(&viewer, year).await?;
    let standing = seen.standings.iter().find(|one| one.task.id == id).ok_or(PageError::NotFound)?;
    let own: Vec<&TaskReport> = seen.reports.iter().filter(|report| report.about.task == id).collect();
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").word("task", &id).count("rows", own.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let names = unit_names(app, &viewer).await?;
    let mut page = app.page(&viewer, HOME, heading(l, standing.task));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t_args("followup-task-here", &[("id", id.as_str().into())]);
    page.facts = task_status(l, standing, today).html();
    let rows = own.iter().rev().map(|report| {
        Row::new(vec![
            Cell::link(names.get(&report.unit).unwrap_or(&report.unit), report_href(&report.id)),
            Cell::text(l.date(report.about.term)),
            Cell::status(&report_status(l, report.state)),
        ])
    });
    let head = vec![
        Column::text(l.t("followup-column-unit")),
        Column::text(l.t("followup-column-term")),
        Column::text(l.t("followup-column-state")),
    ];
    let sources = Sources::now(&followup, &viewer, year).await?;
    let empty = empty_state(&l.t("followup-no-report"), &l.t("followup-no-report-why"), None);
    let reports = Table::new("bao-cao", l.t("followup-reports"), head).rows(rows).empty(empty).html(l);
    let money = super::money::of_task(&followup, l, &viewer, &id, year).await?;
    page.body = tag("div")
        .class("grid")
        .child_opt((!money.is_empty()).then_some(money))
        .child(Panel::new(l.t("followup-task-facts"), facts(&followup, l, standing.task)).html())
        .child(figure::panel(&followup, l, &viewer, standing.task, &sources))
        .child(Panel::flush(terms_of(l, year), terms(&followup, l, &viewer, standing, &seen.reports)).html())
        .child(Panel::flush(l.t("followup-reports"), reports).html())
        .html();
    page.foot = vec![l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(followup: &Followup, l: Locale, task: &PlanTask) -> SafeHtml {
    let list = |ids: &[String]| ids.iter().map(|id| followup.unit_name(l, id)).collect::<Vec<_>>().join("; ");
    let mut items = vec![
        (l.t("followup-column-lead"), SafeHtml::text(&followup.leads(l, task))),
        (l.t("followup-partners"), SafeHtml::text(&or_dash(list(&task.partners)))),
        (l.t("followup-product"), SafeHtml::text(task.product.as_ref().map_or("–", |words| said(l, words)))),
        (l.t("followup-time"), SafeHtml::text(&or_dash(task.time.clone()))),
    ];
    for measure in &task.measures {
        items.push((l.t("followup-measure"), SafeHtml::text(said(l, &measure.name))));
    }
    if !task.indicators.is_empty() {
        items.push((l.t("followup-indicators"), SafeHtml::text(&task.indicators.join("; "))));
    }
    definition_list(false, items)
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".into() } else { text }
}

fn terms_of(l: Locale, year: i32) -> String {
    l.t_args("followup-terms", &[("year", year.to_string().as_str().into())])
}

fn terms(followup: &Followup, l: Locale, viewer: &Viewer, standing: &Standing<'_>, reports: &[TaskReport]) -> SafeHtml {
    let owes = desk::may(&viewer.scope, Permission::ReportTasks) && owes(followup.plan(), standing.task, &viewer.scope);
    let own = |term: &Term| {
        let is = |report: &&TaskReport| {
            report.unit == viewer.scope.unit && report.about.task == standing.task.id && report.about.term == term.due
        };
        reports.iter().find(is)
    };
    let mut head = vec![
        Column::text(l.t("followup-column-span")),
        Column::text(l.t("followup-column-due")),
        Column::text(l.t("followup-column-reports")),
        Column::text(l.t("followup-column-state")),
    ];
    if owes {
        head.push(Column::text(l.t("followup-column-act")));
    }
    let row = |term: &Term| {
        let of = [("n", (term.confirmed as i64).into()), ("all", (standing.owing as i64).into())];
        let span = l.t_args(
            "followup-span",
            &[("from", l.date(term.span.0).as_str().into()), ("to", l.date(term.span.1).as_str().into())],
        );
        let due = Cell::link(l.date(term.due), term_href(&standing.task.id, term.due));
        let due = match term.put_off {
            Some(day) => due.note(l.t_args("followup-put-off-to-day", &[("day", l.date(day).into())])),
            None => due,
        };
        let due = if term.calendar_known { due } else { due.note(l.t("followup-calendar-unknown")) };
        let mut cells = vec![Cell::text(span), due, Cell::text(l.t_args("followup-of", &of)), Cell::status(&state(l, term))];
        if owes {
            cells.push(Cell::html(match own(term) {
                Some(report) => Link::new(l.t("followup-open"), report_href(&report.id)).html(),
                None => begin(followup, l, viewer, &standing.task.id, term),
            }));
        }
        Row::new(cells)
    };
    let empty = empty_state(&l.t("followup-no-term"), &l.t("followup-no-term-why"), None);
    Table::new("ky-han", l.t("followup-column-term"), head).rows(standing.terms.iter().map(row)).empty(empty).html(l)
}

/// How a term stands, in words.
pub(super) fn state(l: Locale, term: &Term) -> Status {
    match term.state {
        TermState::Done => Status::ok(l.t("followup-term-done")),
        TermState::Partly => Status::doing(l.t("followup-term-partly")),
        TermState::Ahead => Status::neutral(l.t("followup-term-ahead")),
        TermState::Late if term.before_first_run && term.reported == 0 => Status::bad(l.t("followup-term-late-no-data")),
        TermState::Late => Status::bad(l.t("followup-term-late")),
    }
}

/// The address of a task, for other pages.
pub(super) fn link(l: Locale, task: &PlanTask) -> Link {
    Link::new(format!("{} {}", task.id, heading(l, task)), task_href(&task.id))
}
