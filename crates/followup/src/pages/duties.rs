//! `GET /ke-hoach/du-lieu`: the data each unit owes, whether it came, how late and how good; `GET /ke-hoach/du-lieu/{duty}`: one of them.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, Query, State};
use axum::response::Response;
use base::Date;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, Reminder, ReminderKind};
use law::calc::Calendar;
use plan::rhythm::Window;
use serde::Deserialize;
use web::component::{Cell, Column, Link, Panel, Row, Status, Table, definition_list, empty_state, paragraph};
use web::{Locale, SafeHtml, tag};

use super::remind::{self, About, Asked};
use super::{asked_year, nav, period_words, said};
use crate::duties::{Arrived, DutyStanding, DutyState, DutyTerm, rhythm_words, standings};
use crate::period::Period;
use crate::status::days_of;
use crate::{Followup, HOME};

/// Path of these pages.
const DUTIES: &str = "/ke-hoach/du-lieu";

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Year {
    #[serde(rename = "nam")]
    year: Option<i32>,
}

impl Followup {
    /// What came in, for every period.
    pub(crate) async fn arrived(&self, viewer: &Viewer) -> Result<Vec<Arrived>, PageError> {
        let days = self.app.desk.batch_arrivals(&viewer.scope).await.map_err(PageError::desk)?;
        let (book, arrivals) = (self.app.book.clone(), self.arrivals.clone());
        let read = move || arrivals.read(&book, &days);
        // Hundreds of small files: not on the threads that answer.
        let read = tokio::task::spawn_blocking(read).await.map_err(|_| PageError::Internal { code: "arrivals" })?;
        read.map_err(|e| PageError::inner(&e))
    }

    /// The duties of a year.
    pub(crate) async fn duties(&self, viewer: &Viewer, year: i32) -> Result<Vec<DutyStanding<'_>>, PageError> {
        let app = &self.app;
        let arrived = self.arrived(viewer).await?;
        let today = app.today();
        let (first, last) = days_of(year, today);
        let from = self.plan().binds_from().map_or(first, |day| day.max(first));
        let first_run = app.book.periods().map_err(|e| PageError::inner(&e))?.first().map(|state| state.period.last_day());
        let calendar = Calendar::of(&app.law).map_err(|e| PageError::inner(&e))?;
        Ok(standings(self.plan(), &arrived, Window { from, to: last, first_run }, &calendar, today))
    }
}

/// `GET /ke-hoach/du-lieu`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Year>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let year = asked_year(followup.plan(), asked.year, app.today());
    let duties = followup.duties(&viewer, year).await?;
    let reminders = app.desk.reminders(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "plan_duty").count("rows", duties.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let rows = duties.iter().map(|one| row(&followup, l, one, &reminders));
    let table = Table::new("du-lieu", l.t("followup-duties"), head(l)).rows(rows).worklist().html(l);
    let mut page = app.page(&viewer, DUTIES, l.t("followup-duties"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = SafeHtml::text(&l.t_args("followup-duties-intro", &[("year", year.to_string().into())]));
    page.table_id = "du-lieu".into();
    page.body = nav(l, DUTIES).then(tally(l, &duties)).then(Panel::flush(l.t("followup-duties"), table).html());
    page.foot = vec![l.t("followup-duties-foot"), l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

/// How many terms came, came late, are late.
fn tally(l: Locale, duties: &[DutyStanding<'_>]) -> SafeHtml {
    let count =
        |is: fn(&DutyState) -> bool| duties.iter().flat_map(|one| &one.terms).filter(|term| is(&term.state)).count() as i64;
    let items = [
        (count(|s| matches!(s, DutyState::Came)), Status::ok(l.t("followup-duty-came"))),
        (count(|s| matches!(s, DutyState::CameLate(_))), Status::warn(l.t("followup-duty-came-late-tally"))),
        (count(|s| matches!(s, DutyState::Late(_))), Status::bad(l.t("followup-duty-late-tally"))),
        (count(|s| matches!(s, DutyState::NoData)), Status::neutral(l.t("followup-duty-no-data"))),
    ];
    let items = items.map(|(n, status)| {
        let number = tag("p").class("tally-number").text(&l.number(n)).html();
        tag("li").child(number).child(status.html()).html()
    });
    tag("ul").class("panel tally").attr("aria-label", l.t("followup-duty-tally")).children(items).html()
}

/// Columns of duties.
pub(super) fn head(l: Locale) -> Vec<Column> {
    vec![
        Column::text(l.t("followup-duty-from")),
        Column::text(l.t("followup-duty-what")),
        Column::text(l.t("followup-duty-rhythm")),
        Column::text(l.t("followup-column-next")),
        Column::text(l.t("followup-duty-last")),
        Column::text(l.t("followup-duty-quality")),
        Column::text(l.t("followup-column-state")),
    ]
}

/// A duty in a table.
pub(super) fn row(followup: &Followup, l: Locale, one: &DutyStanding<'_>, reminders: &[Reminder]) -> Row {
    let duty = one.duty;
    let own = reminders.iter().filter(|past| past.kind == ReminderKind::Duty && past.subject == duty.id);
    let state = one.next().map(|term| state(l, term.state)).or_else(|| one.terms.last().map(|term| state(l, term.state)));
    let state = match (state, duty.rosters.is_empty()) {
        (_, true) => Cell::status(&Status::neutral(l.t("followup-duty-by-hand"))),
        (Some(state), _) => Cell::status(&state),
        (None, _) => Cell::status(&Status::neutral(l.t("followup-duty-no-time"))),
    };
    let reminded = own.count() as i64;
    let state = if reminded > 0 { state.note(l.t_args("followup-reminded", &[("n", reminded.into())])) } else { state };
    let rhythm = Cell::text(rhythm_words(duty).unwrap_or_else(|| "–".into()));
    let rhythm = match (&one.binding, duty.obligation()) {
        (Some(_), Some((binding, place))) => {
            let of = [("time", binding.to_string().into()), ("place", place.into())];
            rhythm.note(l.t_args("followup-duty-binds", &of))
        }
        _ => rhythm,
    };
    let last = one.last_came();
    Row::new(vec![
        Cell::text(followup.unit_name(l, &duty.from)),
        Cell::link(said(l, &duty.what), format!("{DUTIES}/{}", duty.id)),
        rhythm,
        Cell::text(one.next().map_or_else(|| "–".into(), |term| l.date(term.due))),
        Cell::text(last.map_or_else(|| "–".into(), |term| span_words(l, term.span))),
        quality(l, last),
        state,
    ])
}

/// The time a term is about, in few words: a month, or the year.
fn span_words(l: Locale, (from, to): (Date, Date)) -> String {
    match from.month() == to.month() {
        true => l.month(to.month()),
        false if (from.month_number(), to.month_number()) == (1, 12) => period_words(l, Period::Year(to.year())),
        false => l.t_args("followup-span", &[("from", l.date(from).into()), ("to", l.date(to).into())]),
    }
}

fn quality(l: Locale, term: Option<&DutyTerm>) -> Cell {
    let Some(term) = term.filter(|term| term.read > 0) else { return Cell::text("–") };
    let (read, refused) = (i64::try_from(term.read).unwrap_or(i64::MAX), i64::try_from(term.refused).unwrap_or(i64::MAX));
    let kept = web::Percent::of(read - refused, read).map(|share| l.percent(share)).unwrap_or_default();
    let cell = Cell::text(l.t_args("followup-duty-kept", &[("share", kept.into()), ("rows", read.into())]));
    match term.missing_columns {
        0 => cell,
        n => cell.note(l.t_args("followup-duty-columns", &[("n", (n as i64).into())])),
    }
}

fn state(l: Locale, state: DutyState) -> Status {
    match state {
        DutyState::Came => Status::ok(l.t("followup-duty-came")),
        DutyState::CameLate(days) => Status::warn(l.t_args("followup-duty-came-late", &[("n", i64::from(days).into())])),
        DutyState::Ahead => Status::neutral(l.t("followup-term-ahead")),
        DutyState::Late(days) => Status::bad(l.t_args("followup-duty-late", &[("n", i64::from(days).into())])),
        DutyState::NoData => Status::neutral(l.t("followup-duty-no-data")),
    }
}

/// `GET /ke-hoach/du-lieu/{duty}`.
pub(super) async fn one(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(asked): Query<Year>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let year = asked_year(followup.plan(), asked.year, app.today());
    let duties = followup.duties(&viewer, year).await?;
    let standing = duties.iter().find(|one| one.duty.id == id).ok_or(PageError::NotFound)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "plan_duty").word("duty", &id).count("rows", standing.terms.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let reminders = app.desk.reminders(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
    let own: Vec<&Reminder> = reminders.iter().filter(|past| past.kind == ReminderKind::Duty && past.subject == id).collect();
    let title = format!("{}: {}", followup.unit_name(l, &standing.duty.from), said(l, &standing.duty.what));
    let mut page = app.page(&viewer, DUTIES, title);
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME), Link::new(l.t("followup-duties"), DUTIES)];
    page.here = l.t("followup-duty-here");
    let mut blocks = vec![
        Panel::new(l.t("followup-duty-facts"), facts(&followup, l, standing)).html(),
        Panel::flush(l.t_args("followup-terms", &[("year", year.to_string().into())]), terms(l, "ky-han", &standing.terms))
            .html(),
    ];
    if let Some(binding) = &standing.binding {
        blocks.push(Panel::flush(l.t("followup-duty-binding"), terms(l, "ky-han-bat-buoc", binding)).html());
    }
    blocks.push(remind::past(l, &own));
    if desk::may(&viewer.scope, Permission::ConfirmTasks) {
        let due = standing.next().or(standing.terms.last()).map(|term| term.due);
        blocks.push(match due {
            Some(due) => remind::form(&followup, l, &viewer, &format!("{DUTIES}/{id}/nhac"), due, &[]),
            None => Panel::new(l.t("followup-remind"), paragraph(l.t("followup-duty-no-time-why"))).html(),
        });
    }
    page.body = tag("div").class("grid").children(blocks).html();
    page.foot = vec![l.t("followup-duties-foot"), l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

fn facts(followup: &Followup, l: Locale, standing: &DutyStanding<'_>) -> SafeHtml {
    let duty = standing.duty;
    let layouts = followup.app.shelf.layouts();
    let title = |roster: &String| match layouts.newest(roster) {
        Some(layout) if l.lang() == web::Lang::En => layout.title.en.clone(),
        Some(layout) => layout.title.vi.clone(),
        None => roster.clone(),
    };
    let rosters = duty.rosters.iter().map(title).collect::<Vec<_>>().join("; ");
    let mut items = vec![
        (l.t("followup-duty-from"), SafeHtml::text(&followup.unit_name(l, &duty.from))),
        (l.t("followup-duty-what"), SafeHtml::text(said(l, &duty.what))),
        (
            l.t("followup-duty-rosters"),
            if rosters.is_empty() {
                SafeHtml::text(&l.t("followup-duty-no-roster"))
            } else {
                Link::new(rosters, "/du-lieu").html()
            },
        ),
    ];
    for one in &duty.rhythms {
        items.push((l.t_args("followup-duty-place", &[("place", one.place.as_str().into())]), SafeHtml::text(&one.time)));
    }
    if let Some(note) = &duty.note {
        items.push((l.t("followup-duty-note"), SafeHtml::text(note)));
    }
    definition_list(false, items)
}

fn terms(l: Locale, id: &str, terms: &[DutyTerm]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("followup-column-span")),
        Column::text(l.t("followup-column-due")),
        Column::number(l.t("followup-duty-files"), ""),
        Column::text(l.t("followup-duty-quality")),
        Column::text(l.t("followup-column-state")),
    ];
    let span = |(from, to): (Date, Date)| l.t_args("followup-span", &[("from", l.date(from).into()), ("to", l.date(to).into())]);
    let rows = terms.iter().map(|term| {
        let files = Cell::figure(l.number(term.files as i64), format!("/du-lieu?ky={}", term.span.1.month()));
        Row::new(vec![
            Cell::text(span(term.span)),
            Cell::text(l.date(term.due)),
            if term.files > 0 { files } else { Cell::text("0") },
            quality(l, Some(term)),
            Cell::status(&state(l, term.state)),
        ])
    });
    let empty = empty_state(&l.t("followup-duty-no-time"), &l.t("followup-duty-no-time-why"), None);
    Table::new(id, l.t("followup-column-term"), head).rows(rows).empty(empty).html(l)
}

/// `POST /ke-hoach/du-lieu/{duty}/nhac`.
pub(super) async fn remind_unit(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(asked): FromForm<Asked>,
) -> Result<Response, PageError> {
    let duty = followup.plan().duties.iter().find(|duty| duty.id == id && duty.is_data).ok_or(PageError::NotFound)?;
    let about = About { kind: ReminderKind::Duty, subject: &duty.id, unit: &duty.from, what: &duty.what.vi, task: "2a" };
    remind::keep(&followup, &viewer, about, asked, &format!("{DUTIES}/{id}")).await
}
