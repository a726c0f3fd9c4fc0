//! `GET /ke-hoach/nhiem-vu/{task}/ky-han/{term}`: one term of a task: who owes it and how far they are, reminders, putting it off.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::{CommuneCode, Date};
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, NewExtension, Permission, ReadEvent, Reminder, ReminderKind, TaskReport, TaskTerm};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, Panel, Row, Status, Table, columns, definition_list,
};
use web::{Locale, SafeHtml, tag};

use super::remind::{self, About, Asked};
use super::{go, heading, report_href, report_status, typed_day};
use crate::standing::{Standing, Term};
use crate::who::is_of;
use crate::{Followup, HOME};

/// The address of a term.
pub(super) fn term_href(task: &str, term: Date) -> String {
    format!("{HOME}/nhiem-vu/{task}/ky-han/{term}")
}

/// `GET /ke-hoach/nhiem-vu/{task}/ky-han/{term}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path((id, day)): Path<(String, Date)>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let seen = followup.seen(&viewer, day.year()).await?;
    let standing = seen.standings.iter().find(|one| one.task.id == id).ok_or(PageError::NotFound)?;
    let term = standing.terms.iter().find(|term| term.due == day).ok_or(PageError::NotFound)?;
    let own: Vec<&TaskReport> =
        seen.reports.iter().filter(|report| report.about.task == id && report.about.term == day).collect();
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").word("task", &id).count("rows", own.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let reminders = app.desk.reminders(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
    let past: Vec<&Reminder> =
        reminders.iter().filter(|one| one.kind == ReminderKind::Task && one.subject == id && one.term == day).collect();
    let title = l.t_args("followup-term-title", &[("day", l.date(day).into()), ("task", heading(l, standing.task).into())]);
    let mut page = app.page(&viewer, HOME, title);
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME), super::task::link(l, standing.task)];
    page.here = l.t_args("followup-term-here", &[("day", l.date(day).into())]);
    page.facts = super::task::state(l, term).html();
    let main = vec![
        Panel::new(l.t("followup-term-facts"), facts(l, standing, term, &seen.extensions)).html(),
        owing(&followup, l, &viewer, standing, &own),
        remind::past(l, &past),
    ];
    let mut side = Vec::new();
    if desk::may(&viewer.scope, Permission::ConfirmTasks) {
        let here = term_href(&id, day);
        side.push(put_off_form(&followup, l, &viewer, &here));
        let units: Vec<(String, String)> =
            standing.task.leads.iter().map(|unit| (unit.clone(), followup.unit_name(l, unit))).collect();
        side.push(remind::form(&followup, l, &viewer, &format!("{here}/nhac"), term.day(), &units));
    }
    let stack = |blocks: Vec<SafeHtml>| tag("div").class("grid").children(blocks).html();
    page.body = if side.is_empty() { stack(main) } else { columns(Columns::MainSide, [stack(main), stack(side)]) };
    page.foot = vec![l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(l: Locale, standing: &Standing<'_>, term: &Term, extensions: &[desk::Extension]) -> SafeHtml {
    let span = [("from", l.date(term.span.0).into()), ("to", l.date(term.span.1).into())];
    let confirmed = [("n", (term.confirmed as i64).into()), ("all", (standing.owing as i64).into())];
    let mut items = vec![
        (l.t("followup-column-span"), SafeHtml::text(&l.t_args("followup-span", &span))),
        (l.t("followup-column-due"), SafeHtml::text(&l.date(term.due))),
        (l.t("followup-column-reports"), SafeHtml::text(&l.t_args("followup-of", &confirmed))),
    ];
    let put_off = extensions.iter().find(|one| one.about.task == standing.task.id && one.about.term == term.due);
    if let Some(one) = put_off {
        let of = [
            ("day", l.date(one.new_term).into()),
            ("document", one.document.as_str().into()),
            ("on", l.date(day_in_hanoi(one.decided_at)).into()),
        ];
        items.push((l.t("followup-put-off"), SafeHtml::text(&l.t_args("followup-put-off-by", &of))));
        items.push((l.t("followup-put-off-why"), SafeHtml::text(&one.reason)));
    }
    definition_list(false, items)
}

/// Who owes the term: units by name, communes one by one as far as the viewer sees them.
fn owing(followup: &Followup, l: Locale, viewer: &Viewer, standing: &Standing<'_>, reports: &[&TaskReport]) -> SafeHtml {
    let head = vec![Column::text(l.t("followup-column-unit")), Column::text(l.t("followup-column-report"))];
    let mut rows: Vec<(u8, Row)> = Vec::new();
    let mut push = |name: String, report: Option<&TaskReport>| {
        let state = match report {
            Some(report) => Cell::html(
                Link::new(l.t("followup-open"), report_href(&report.id))
                    .html()
                    .then(" ")
                    .then(report_status(l, report.state).html()),
            ),
            None => Cell::status(&Status::neutral(l.t("followup-not-begun"))),
        };
        rows.push((report.map_or(0, |report| 1 + report.state as u8), Row::new(vec![Cell::text(name), state])));
    };
    for unit in standing.task.leads.iter().filter_map(|id| followup.plan().unit(id)) {
        if unit.kind == "commune" {
            let seen = |code: &CommuneCode| viewer.scope.sees(Some(code));
            for commune in followup.app.places.communes().iter().filter(|commune| seen(&commune.code)) {
                let own = reports.iter().find(|report| report.commune.as_ref() == Some(&commune.code));
                push(commune.name.clone(), own.copied());
            }
        } else {
            let own = reports.iter().find(|report| is_of(followup.plan(), unit, report));
            push(followup.unit_name(l, &unit.id), own.copied());
        }
    }
    // Who has nothing yet stands first; the order of names stays within.
    rows.sort_by_key(|(rank, _)| *rank);
    let table = Table::new("don-vi", l.t("followup-owing"), head).rows(rows.into_iter().map(|(_, row)| row)).dense().html(l);
    Panel::flush(l.t("followup-owing"), table).html()
}

fn put_off_form(followup: &Followup, l: Locale, viewer: &Viewer, here: &str) -> SafeHtml {
    let fields = [
        Field::new("han-moi", l.t("followup-put-off-to"), Control::Date),
        Field::new("van-ban", l.t("followup-put-off-document"), Control::Text).hint(l.t("followup-put-off-document-hint")),
        Field::new("ly-do", l.t("followup-put-off-why"), Control::Lines),
    ];
    let form = Form {
        action: format!("{here}/lui"),
        reads: false,
        hidden: vec![("so".into(), followup.app.form_number(viewer, &format!("put off {here}")))],
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("followup-put-off-button"), ButtonKind::Default)],
    };
    Panel::new(l.t("followup-put-off-title"), form.html()).html()
}

/// What the form of putting off sends.
#[derive(Debug, Deserialize)]
pub(super) struct PutOff {
    #[serde(rename = "han-moi")]
    new_term: String,
    #[serde(rename = "van-ban")]
    document: String,
    #[serde(rename = "ly-do")]
    reason: String,
    #[serde(rename = "so")]
    number: String,
}

/// `POST /ke-hoach/nhiem-vu/{task}/ky-han/{term}/lui`.
pub(super) async fn put_off(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path((id, day)): Path<(String, Date)>,
    FromForm(asked): FromForm<PutOff>,
) -> Result<Response, PageError> {
    let l = followup.app.locale(&viewer);
    known(&followup, &viewer, &id, day).await?;
    let new_term = typed_day(&asked.new_term).ok_or_else(|| PageError::BadRequest(l.t("followup-fault-day")))?;
    let new = NewExtension {
        about: TaskTerm { plan: followup.followed.id.clone(), task: id.clone(), term: day },
        new_term,
        document: base::names::clean(&asked.document),
        reason: base::names::clean(&asked.reason),
    };
    followup.app.desk.extend_term(&viewer.scope, &new, &asked.number).await.map_err(PageError::desk)?;
    Ok(go(&term_href(&id, day)))
}

/// `POST /ke-hoach/nhiem-vu/{task}/ky-han/{term}/nhac`.
pub(super) async fn remind_unit(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path((id, day)): Path<(String, Date)>,
    FromForm(asked): FromForm<Asked>,
) -> Result<Response, PageError> {
    known(&followup, &viewer, &id, day).await?;
    let task = followup.plan().task(&id).ok_or(PageError::NotFound)?;
    let chosen = task.leads.iter().find(|unit| **unit == asked.unit).or(task.leads.first()).ok_or(PageError::NotFound)?;
    let about = About { kind: ReminderKind::Task, subject: &id, unit: chosen, what: &task.content.vi, task: &id };
    remind::keep(&followup, &viewer, about, asked, &term_href(&id, day)).await
}

/// Whether the plan has the term.
async fn known(followup: &Followup, viewer: &Viewer, task: &str, day: Date) -> Result<(), PageError> {
    let seen = followup.seen(viewer, day.year()).await?;
    let there = seen.standings.iter().any(|one| one.task.id == task && one.terms.iter().any(|term| term.due == day));
    if there { Ok(()) } else { Err(PageError::NotFound) }
}
