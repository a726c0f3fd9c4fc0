//! `/ke-hoach/kinh-phi`: money of the tasks in a year, planned and spent, by task, source and unit (plan V, IV.4, IV.17; optional).

use std::collections::BTreeMap;

use axum::Extension;
use axum::Router;
use axum::extract::{Form as FromForm, Query, State};
use axum::response::Response;
use axum::routing::get;
use base::Dong;
use chapter::{PageError, Route, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, MoneySource, MoneyTotal, NewTaskMoney, Permission, ReadEvent, TaskMoney, money_totals};
use documents::sheet::{Cell as SheetCell, Column as SheetColumn, Sheet, write_xlsx};
use plan::data::PlanTask;
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Control, Field, Icon, Link, Panel, Row, Tab, Table, empty_state, segments,
};
use web::{Locale, Percent, SafeHtml, tag};

use super::parts::{Sent, XLSX, done, form, provenance};
use super::{REPORT, SEE, asked_year, heading, task_href, unit_names};
use crate::{Followup, HOME};

/// Path of the page.
pub(crate) const MONEY: &str = "/ke-hoach/kinh-phi";

pub(super) const ROUTES: &[Route] = &[Route::get(MONEY, SEE).and_post(REPORT), Route::get("/ke-hoach/kinh-phi.xlsx", SEE)];

pub(super) fn routes() -> Router<Followup> {
    Router::new().route(MONEY, get(show).post(put)).route("/ke-hoach/kinh-phi.xlsx", get(file))
}

/// What the address asks.
#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(rename = "nam")]
    year: Option<i32>,
}

/// Entries of a year with what is known of units.
struct Year {
    year: i32,
    entries: Vec<TaskMoney>,
    names: BTreeMap<String, String>,
}

impl Year {
    async fn read(followup: &Followup, viewer: &Viewer, asked: Option<i32>) -> Result<Self, PageError> {
        let app = &followup.app;
        let year = asked_year(followup.plan(), asked, app.today());
        let mut entries = app.desk.task_money(&viewer.scope, &followup.followed.id, year).await.map_err(PageError::desk)?;
        let place = |task: &str| followup.plan().tasks.iter().position(|known| known.id == task);
        entries.sort_by(|a, b| (place(&a.task), a.source, &a.unit).cmp(&(place(&b.task), b.source, &b.unit)));
        Ok(Self { year, entries, names: unit_names(app, viewer).await? })
    }

    fn unit<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }

    fn totals<K: Ord>(&self, key: impl Fn(&TaskMoney) -> K) -> Result<BTreeMap<K, MoneyTotal>, PageError> {
        money_totals(&self.entries, key).map_err(|_| PageError::Internal { code: "money_overflow" })
    }

    fn all(&self) -> Result<MoneyTotal, PageError> {
        Ok(self.totals(|_| ())?.remove(&()).unwrap_or_default())
    }
}

/// `GET /ke-hoach/kinh-phi`.
async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let year = Year::read(&followup, &viewer, asked.year).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "task_money").count("rows", year.entries.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let history = app.desk.task_money_history(&viewer.scope, &followup.followed.id, year.year).await.map_err(PageError::desk)?;
    let mut body = vec![years(&followup, l, year.year), by_source(l, &year)?, table(&followup, l, &year)?];
    if desk::may(&viewer.scope, Permission::ReportTasks) {
        body.push(put_form(&followup, l, &viewer, &year));
    }
    body.extend(corrections(&followup, l, &year, &history));
    let mut page = app.page(&viewer, MONEY, l.t_args("money-title", &[("year", year.year.to_string().as_str().into())]));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("money-menu");
    page.facts = SafeHtml::text(&l.t("money-intro"));
    page.actions = vec![
        Button::link(l.t("money-file"), format!("{MONEY}.xlsx?nam={}", year.year), ButtonKind::Default).icon(Icon::Download),
    ];
    page.body = SafeHtml::concat(body);
    page.foot = vec![l.t("money-foot")];
    page.table_id = "kinh-phi".into();
    Ok(Shown::page(page.render(l), audited))
}

fn years(followup: &Followup, l: Locale, year: i32) -> SafeHtml {
    let (Some(first), Some(last)) = (followup.plan().first_year, followup.plan().last_year) else { return SafeHtml::empty() };
    let tab = |other: i32| Tab {
        link: Link::new(other.to_string(), format!("{MONEY}?nam={other}")),
        count: None,
        current: other == year,
    };
    segments(&l.t("followup-year"), &(first..=last).map(tab).collect::<Vec<_>>())
}

fn source_name(l: Locale, source: MoneySource) -> String {
    l.t(match source {
        MoneySource::CityBudget => "money-source-city",
        MoneySource::CommuneBudget => "money-source-commune",
        MoneySource::Insurance => "money-source-insurance",
        MoneySource::Other => "money-source-other",
    })
}

/// Spent of planned; nothing where nothing was planned.
fn share(l: Locale, total: MoneyTotal) -> String {
    Percent::of(total.spent.get(), total.planned.get()).map_or_else(|| "–".into(), |share| l.percent(share))
}

fn head(l: Locale, first: Vec<Column>) -> Vec<Column> {
    let dong = l.t("money-dong");
    let more = [
        Column::number(l.t("money-planned"), dong.clone()),
        Column::number(l.t("money-spent"), dong.clone()),
        Column::number(l.t("money-left"), dong),
        Column::number(l.t("money-share"), ""),
    ];
    first.into_iter().chain(more).collect()
}

fn amounts(l: Locale, total: MoneyTotal) -> Vec<Cell> {
    let left = total.planned.get().saturating_sub(total.spent.get());
    vec![
        Cell::number(l, total.planned.get()),
        Cell::number(l, total.spent.get()),
        Cell::number(l, left),
        Cell::text(share(l, total)),
    ]
}

fn by_source(l: Locale, year: &Year) -> Result<SafeHtml, PageError> {
    if year.entries.is_empty() {
        return Ok(SafeHtml::empty());
    }
    let totals = year.totals(|entry| entry.source)?;
    let rows = totals.into_iter().map(|(source, total)| {
        let mut cells = vec![Cell::text(source_name(l, source))];
        cells.extend(amounts(l, total));
        Row::new(cells)
    });
    let mut total = vec![Cell::text(l.t("money-all"))];
    total.extend(amounts(l, year.all()?));
    let title = l.t("money-by-source");
    let table = Table::new("theo-nguon", title.clone(), head(l, vec![Column::text(l.t("money-source"))])).rows(rows).total(total);
    Ok(Panel::flush(title, table.html(l)).html())
}

fn table(followup: &Followup, l: Locale, year: &Year) -> Result<SafeHtml, PageError> {
    let totals = year.totals(|entry| entry.task.clone())?;
    let mut rows = Vec::new();
    let mut task: Option<&str> = None;
    for entry in &year.entries {
        if task != Some(entry.task.as_str()) {
            task = Some(&entry.task);
            let total = totals.get(&entry.task).copied().unwrap_or_default();
            let known = followup.plan().task(&entry.task);
            let name = known.map_or_else(|| entry.task.clone(), |known| format!("{} {}", known.id, heading(l, known)));
            let values = [
                ("spent", l.dong(total.spent).as_str().into()),
                ("planned", l.dong(total.planned).as_str().into()),
                ("share", share(l, total).as_str().into()),
            ];
            rows.push(Row::group(Cell::link(name, task_href(&entry.task)).note(l.t_args("money-of-task", &values))));
        }
        let mut cells = vec![
            Cell::text(source_name(l, entry.source)),
            match &entry.reason {
                Some(reason) => Cell::text(year.unit(&entry.unit)).note(reason),
                None => Cell::text(year.unit(&entry.unit)),
            },
        ];
        cells.extend(amounts(l, MoneyTotal { planned: entry.planned, spent: entry.spent }));
        rows.push(Row::new(cells));
    }
    let columns = head(l, vec![Column::text(l.t("money-source")), Column::text(l.t("money-unit"))]);
    let mut total = vec![Cell::text(l.t("money-all")), Cell::text("")];
    total.extend(amounts(l, year.all()?));
    let title = l.t("money-by-task");
    let empty = empty_state(&l.t("money-none"), &l.t("money-none-why"), None);
    let table = Table::new("kinh-phi", title.clone(), columns).rows(rows).empty(empty);
    let table = if year.entries.is_empty() { table } else { table.total(total) };
    Ok(Panel::flush(title, table.html(l)).html())
}

fn put_form(followup: &Followup, l: Locale, viewer: &Viewer, year: &Year) -> SafeHtml {
    let own: Vec<&TaskMoney> = year.entries.iter().filter(|entry| entry.unit == viewer.scope.unit).collect();
    let tasks = followup
        .plan()
        .tasks
        .iter()
        .map(|task: &PlanTask| Choice::new(&task.id, format!("{} {}", task.id, shortened(heading(l, task))), false));
    let sources = MoneySource::ALL
        .map(|source| Choice::new(source.as_str(), source_name(l, source), source == own_source(viewer)))
        .to_vec();
    let fields = [
        Field::new("nhiem-vu", l.t("followup-column-task"), Control::Select(tasks.collect())),
        Field::new("nguon", l.t("money-source"), Control::Select(sources)),
        Field::new("ke-hoach", l.t("money-planned"), Control::Digits).hint(l.t("donor-dong-hint")),
        Field::new("da-chi", l.t("money-spent"), Control::Digits).value("0").hint(l.t("donor-dong-hint")),
        Field::new("ly-do", l.t("money-reason"), Control::Text).hint(l.t("money-reason-hint")).optional(),
    ];
    let body = SafeHtml::concat(fields.iter().map(|field| field.html(l)));
    let buttons = vec![Button::submit(l.t("money-put"), ButtonKind::Primary)];
    let more = vec![("nam".to_owned(), year.year.to_string()), ("da-thay".to_owned(), versions(&own))];
    Panel::new(l.t("money-put-title"), form(&followup.app, viewer, MONEY, more, body, buttons).html()).html()
}

/// The first words of a task, as many as a list on a phone shows.
fn shortened(words: &str) -> String {
    const MOST: usize = 90;
    if words.chars().count() <= MOST {
        return words.to_owned();
    }
    let cut: String = words.chars().take(MOST).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{whole}…")
}

/// The source most of a unit's money comes from.
fn own_source(viewer: &Viewer) -> MoneySource {
    match viewer.scope.role {
        base::Role::CommuneStaff => MoneySource::CommuneBudget,
        base::Role::CityOfficer | base::Role::BaseOfficer => MoneySource::Insurance,
        _ => MoneySource::CityBudget,
    }
}

/// The versions of one's own entries as the form was drawn: `2a/city_budget=3;…`. What changed in between is refused.
fn versions(own: &[&TaskMoney]) -> String {
    let one = |entry: &&TaskMoney| format!("{}/{}={}", entry.task, entry.source.as_str(), entry.version);
    own.iter().map(one).collect::<Vec<_>>().join(";")
}

fn version_in(seen: &str, task: &str, source: MoneySource) -> i64 {
    let key = format!("{task}/{}", source.as_str());
    let found = seen.split(';').filter_map(|part| part.split_once('=')).find(|(known, _)| *known == key);
    found.and_then(|(_, version)| version.parse().ok()).unwrap_or_default()
}

/// What was corrected, the newest first.
fn corrections(followup: &Followup, l: Locale, year: &Year, history: &[TaskMoney]) -> Option<SafeHtml> {
    let corrected: Vec<&TaskMoney> = history.iter().filter(|entry| entry.version > 1).collect();
    if corrected.is_empty() {
        return None;
    }
    let first = vec![
        Column::text(l.t("money-when")),
        Column::text(l.t("followup-column-task")),
        Column::text(l.t("money-source")),
        Column::text(l.t("money-unit")),
    ];
    let rows = corrected.iter().map(|entry| {
        let task = followup.plan().task(&entry.task).map_or(entry.task.as_str(), |task| task.id.as_str());
        let mut cells = vec![
            Cell::text(l.date(day_in_hanoi(entry.made_at))),
            Cell::text(task).note(entry.reason.clone().unwrap_or_default()),
            Cell::text(source_name(l, entry.source)),
            Cell::text(year.unit(&entry.unit)),
        ];
        cells.extend(amounts(l, MoneyTotal { planned: entry.planned, spent: entry.spent }));
        Row::new(cells)
    });
    let title = l.t("money-corrections");
    let table = Table::new("dieu-chinh", title.clone(), head(l, first)).rows(rows).dense().html(l);
    Some(Panel::flush(title, table).html())
}

/// `POST /ke-hoach/kinh-phi`.
async fn put(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let (l, sent) = (app.locale(&viewer), Sent(sent));
    let task = sent.text("nhiem-vu");
    let wrong = || PageError::BadRequest(l.t("money-fault-task"));
    followup.plan().task(&task).ok_or_else(wrong)?;
    let source = MoneySource::from_word(sent.raw("nguon")).ok_or_else(wrong)?;
    let year = i32::try_from(sent.int(l, "nam")?).map_err(|_| wrong())?;
    if asked_year(followup.plan(), Some(year), app.today()) != year {
        return Err(wrong());
    }
    let after = version_in(sent.raw("da-thay"), &task, source);
    let reason = sent.text("ly-do");
    if after > 0 && reason.is_empty() {
        return Err(PageError::BadRequest(l.t("money-fault-reason")));
    }
    let new = NewTaskMoney {
        plan: followup.followed.id.clone(),
        task,
        year,
        source,
        after,
        planned: sent.dong(l, "ke-hoach")?,
        spent: sent.dong(l, "da-chi")?,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
        client_tx: sent.number().to_owned(),
    };
    done(app.desk.put_task_money(&viewer.scope, &new).await, &format!("{MONEY}?nam={year}"))
}

/// `GET /ke-hoach/kinh-phi.xlsx`.
async fn file(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let year = Year::read(&followup, &viewer, asked.year).await?;
    let event = ReadEvent::new(AuditAction::Export, "task_money").count("rows", year.entries.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let bytes = write_xlsx(&sheet(&followup, l, &viewer, &year)?).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("kinh-phi-{}.xlsx", year.year), audited))
}

fn sheet(followup: &Followup, l: Locale, viewer: &Viewer, year: &Year) -> Result<Sheet, PageError> {
    let in_dong = |key: &str| format!("{} ({})", l.t(key), l.t("money-dong"));
    let row = |entry: &TaskMoney| {
        let name = followup.plan().task(&entry.task).map_or("", |task| heading(l, task));
        vec![
            SheetCell::from(entry.task.as_str()),
            name.into(),
            source_name(l, entry.source).into(),
            year.unit(&entry.unit).into(),
            entry.planned.get().into(),
            entry.spent.get().into(),
            entry.version.into(),
            entry.reason.clone().into(),
        ]
    };
    let mut rows: Vec<Vec<SheetCell>> = year.entries.iter().map(row).collect();
    let all = year.all()?;
    let sum = |dong: Dong| SheetCell::Int(dong.get());
    let empty = || SheetCell::Empty;
    rows.push(vec![l.t("money-all").into(), empty(), empty(), empty(), sum(all.planned), sum(all.spent), empty(), empty()]);
    let title = l.t_args("money-title", &[("year", year.year.to_string().as_str().into())]);
    Ok(Sheet {
        name: l.t("money-menu"),
        title: vec![title.clone(), l.t("money-foot")],
        columns: vec![
            SheetColumn::new(l.t("followup-column-id"), 8),
            SheetColumn::new(l.t("followup-column-task"), 60),
            SheetColumn::new(l.t("money-source"), 26),
            SheetColumn::new(l.t("money-unit"), 30),
            SheetColumn::new(in_dong("money-planned"), 18),
            SheetColumn::new(in_dong("money-spent"), 18),
            SheetColumn::new(l.t("money-version"), 8),
            SheetColumn::new(l.t("money-reason"), 36),
        ],
        rows,
        footer: Vec::new(),
        provenance: provenance(&followup.app, viewer, title),
    })
}

/// What one task costs in a year, for the task's own page; empty where nothing was written down.
pub(super) async fn of_task(
    followup: &Followup,
    l: Locale<'_>,
    viewer: &Viewer,
    task: &str,
    year: i32,
) -> Result<SafeHtml, PageError> {
    let entries = followup.app.desk.task_money(&viewer.scope, &followup.followed.id, year).await.map_err(PageError::desk)?;
    let overflow = |_| PageError::Internal { code: "money_overflow" };
    let Some(total) = money_totals(&entries, |entry| entry.task.clone()).map_err(overflow)?.remove(task) else {
        return Ok(SafeHtml::empty());
    };
    let values = [
        ("spent", l.dong(total.spent).as_str().into()),
        ("planned", l.dong(total.planned).as_str().into()),
        ("share", share(l, total).as_str().into()),
    ];
    let link = Link::new(l.t("money-menu"), format!("{MONEY}?nam={year}")).html();
    let words = tag("p").text(&l.t_args("money-of-task", &values)).html();
    Ok(Panel::new(l.t_args("money-title", &[("year", year.to_string().as_str().into())]), words).aside(link).html())
}

#[cfg(test)]
#[path = "money_tests.rs"]
mod tests;
