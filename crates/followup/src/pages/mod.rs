//! The pages of the plan.

mod brief;
mod calendar;
mod care;
mod committee;
mod donor;
mod duties;
mod evidence;
mod figure;
mod lock;
mod money;
mod months;
mod overview;
mod owed;
mod parts;
mod periodic;
mod remind;
mod report;
mod scorecard;
mod survey;
mod task;
mod term;
mod unit;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Date;
use chapter::{App, Needs, NoData, PageError, Route, Viewer, typed_day};
use desk::{Extension, Permission, ReportState, TaskReport};
use law::calc::Calendar;
use plan::data::Words;
use web::component::{Link, Status, Tab, tabs as tabs_of};
use web::{Lang, Locale, SafeHtml};

pub(crate) use committee::COMMITTEES;
pub(crate) use donor::{FUNDS, People};
pub(crate) use money::MONEY;
pub(crate) use survey::CAMPAIGNS;

use crate::period::Period;
use crate::standing::{Question, Standing, TaskState, standings};
use crate::status::days_of;
use crate::{Followup, HOME};

const SEE: Needs = Needs::May(Permission::ViewAggregates);
const REPORT: Needs = Needs::May(Permission::ReportTasks);
const CONFIRM: Needs = Needs::May(Permission::ConfirmTasks);
/// Bytes of a form with a file at most: a file of 10 MB and its frame.
const BODY: usize = 11 << 20;

/// What each address of tasks and reports asks. Who may do what with a report is said by the desk.
const ROUTES: &[Route] = &[
    Route::get(HOME, SEE),
    Route::get("/ke-hoach/nhiem-vu/{task}", SEE),
    Route::get("/ke-hoach/nhiem-vu/{task}/ky-han/{term}", SEE),
    Route::post("/ke-hoach/nhiem-vu/{task}/ky-han/{term}/lui", CONFIRM),
    Route::post("/ke-hoach/nhiem-vu/{task}/ky-han/{term}/nhac", CONFIRM),
    Route::get("/ke-hoach/don-vi/{lead}", SEE),
    Route::get("/ke-hoach/tom-tat", SEE),
    Route::get("/ke-hoach/lich", SEE),
    Route::get(care::CARE, SEE),
    Route::get("/ke-hoach/du-lieu", SEE),
    Route::get("/ke-hoach/du-lieu/{duty}", SEE),
    Route::post("/ke-hoach/du-lieu/{duty}/nhac", CONFIRM),
    Route::get("/ke-hoach/danh-gia", SEE),
    Route::get("/ke-hoach/khoa-ky", SEE).and_post(CONFIRM),
    Route::get("/ke-hoach/bao-cao-ky", SEE),
    Route::get("/ke-hoach/bao-cao-ky/loi-van", SEE).and_post(REPORT),
    Route::get("/ke-hoach/bao-cao-ky/tep", SEE),
    Route::get("/ke-hoach/bao-cao-ky/anh", SEE),
    Route::get("/ke-hoach/trinh-chieu", SEE),
    Route::get("/ke-hoach/viec-cua-don-vi", REPORT),
    Route::post("/ke-hoach/bao-cao", REPORT),
    Route::get("/ke-hoach/bao-cao/{report}", SEE).and_post(SEE),
    Route::post("/ke-hoach/bao-cao/{report}/minh-chung", REPORT),
    Route::post("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}/bo", REPORT),
    Route::get("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}", SEE),
];

/// What each address asks.
pub(crate) fn route_list() -> Vec<Route> {
    [ROUTES, committee::ROUTES, money::ROUTES, donor::ROUTES, survey::ROUTES].concat()
}

pub(crate) fn routes() -> Router<Followup> {
    Router::new()
        .merge(committee::routes())
        .merge(money::routes())
        .merge(donor::routes())
        .merge(survey::routes())
        .route(HOME, get(overview::show))
        .route("/ke-hoach/nhiem-vu/{task}", get(task::show))
        .route("/ke-hoach/nhiem-vu/{task}/ky-han/{term}", get(term::show))
        .route("/ke-hoach/nhiem-vu/{task}/ky-han/{term}/lui", post(term::put_off))
        .route("/ke-hoach/nhiem-vu/{task}/ky-han/{term}/nhac", post(term::remind_unit))
        .route("/ke-hoach/don-vi/{lead}", get(unit::show))
        .route("/ke-hoach/tom-tat", get(brief::show))
        .route("/ke-hoach/lich", get(calendar::show))
        .route(care::CARE, get(care::show))
        .route("/ke-hoach/du-lieu", get(duties::show))
        .route("/ke-hoach/du-lieu/{duty}", get(duties::one))
        .route("/ke-hoach/du-lieu/{duty}/nhac", post(duties::remind_unit))
        .route("/ke-hoach/danh-gia", get(scorecard::show))
        .route("/ke-hoach/khoa-ky", get(lock::show).post(lock::lock))
        .route("/ke-hoach/bao-cao-ky", get(periodic::show))
        .route("/ke-hoach/bao-cao-ky/loi-van", get(periodic::edit_show).post(periodic::edit_write))
        .route("/ke-hoach/bao-cao-ky/tep", get(periodic::file))
        .route("/ke-hoach/bao-cao-ky/anh", get(periodic::picture))
        .route("/ke-hoach/trinh-chieu", get(periodic::slides_show))
        .route("/ke-hoach/viec-cua-don-vi", get(owed::show))
        .route("/ke-hoach/bao-cao", post(report::draft))
        .route("/ke-hoach/bao-cao/{report}", get(report::show).post(report::change))
        .route("/ke-hoach/bao-cao/{report}/minh-chung", post(evidence::add).layer(DefaultBodyLimit::max(BODY)))
        .route("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}/bo", post(evidence::remove))
        .route("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}", get(evidence::open))
}

/// The pages of the plan that stand side by side: key of the name, address.
pub(super) const HOME_TABS: [(&str, &str); 7] = [
    ("followup-tab-tasks", HOME),
    ("followup-tab-brief", "/ke-hoach/tom-tat"),
    ("followup-tab-calendar", "/ke-hoach/lich"),
    ("followup-tab-data", "/ke-hoach/du-lieu"),
    ("followup-tab-care", care::CARE),
    ("followup-tab-scores", "/ke-hoach/danh-gia"),
    ("followup-tab-locks", "/ke-hoach/khoa-ky"),
];

/// The pages of the plan, as tabs.
pub(super) fn nav(l: Locale, current: &str) -> SafeHtml {
    let tabs: Vec<Tab> = HOME_TABS
        .iter()
        .map(|(key, href)| Tab { link: Link::new(l.t(key), *href), count: None, current: *href == current })
        .collect();
    tabs_of(&l.t("followup-tabs"), &tabs)
}

/// A period of reporting, in words.
pub(crate) fn period_words(l: Locale, period: Period) -> String {
    let year = period.year().to_string();
    let numbered = |key: &str, number: u8| l.t_args(key, &[("n", i64::from(number).into()), ("year", year.as_str().into())]);
    match period {
        Period::Week(_, week) => numbered("followup-period-week", week),
        Period::Month(month) => l.month(month),
        Period::Quarter(_, quarter) => numbered("followup-period-quarter", quarter),
        Period::Half(_, half) => numbered("followup-period-half", half),
        Period::Year(_) => l.t_args("followup-period-year", &[("year", year.as_str().into())]),
    }
}

/// What a year of the plan looks like to somebody.
struct Seen<'a> {
    reports: Vec<TaskReport>,
    extensions: Vec<Extension>,
    standings: Vec<Standing<'a>>,
}

impl Followup {
    /// The tasks of a year with the reports that are open to the viewer.
    async fn seen(&self, viewer: &Viewer, year: i32) -> Result<Seen<'_>, PageError> {
        let app = &self.app;
        let today = app.today();
        let (first, last) = days_of(year, today);
        let reports = app.desk.task_reports(&viewer.scope, &self.followed.id, first, last).await.map_err(PageError::desk)?;
        let calendar = Calendar::of(&app.law).map_err(|e| PageError::inner(&e))?;
        let first_run = app.book.periods().map_err(|e| PageError::inner(&e))?.first().map(|state| state.period.last_day());
        let communes = app.places.communes().len();
        let extensions = app.desk.extensions(&viewer.scope, &self.followed.id).await.map_err(PageError::desk)?;
        let question =
            Question { plan: self.plan(), year, today, first_run, reports: &reports, extensions: &extensions, communes };
        let standings = standings(&question, &calendar);
        Ok(Seen { reports, extensions, standings })
    }

    /// The name of a plan's unit.
    fn unit_name(&self, l: Locale, id: &str) -> String {
        self.plan().units.iter().find(|unit| unit.id == id).map_or_else(|| id.to_owned(), |unit| said(l, &unit.name).to_owned())
    }

    /// Who leads a task, by name.
    fn leads(&self, l: Locale, task: &plan::data::PlanTask) -> String {
        task.leads.iter().map(|id| self.unit_name(l, id)).collect::<Vec<_>>().join("; ")
    }
}

/// A text of the plan in the reader's language.
fn said<'w>(l: Locale, words: &'w Words) -> &'w str {
    match (l.lang(), &words.en) {
        (Lang::En, Some(en)) => en,
        _ => &words.vi,
    }
}

/// What a task is, as a heading: without the stop at its end.
fn heading<'p>(l: Locale, task: &'p plan::data::PlanTask) -> &'p str {
    said(l, &task.content).trim_end_matches('.')
}

/// The year an address asks for, within the plan; today's where it asks for none.
fn asked_year(plan: &plan::data::PlanData, asked: Option<i32>, today: Date) -> i32 {
    let (first, last) = (plan.first_year.unwrap_or(today.year()), plan.last_year.unwrap_or(today.year()));
    asked.unwrap_or(today.year()).clamp(first, last.max(first))
}

/// How a task stands, in words.
fn task_status(l: Locale, standing: &Standing<'_>, today: Date) -> Status {
    match standing.state(today) {
        TaskState::Late(days) => Status::bad(l.t_args("followup-late", &[("n", i64::from(days).into())])),
        TaskState::Doing => Status::doing(l.t("followup-doing")),
        TaskState::OnTime => Status::ok(l.t("followup-on-time")),
        TaskState::NoTerm => Status::neutral(l.t("followup-no-term")),
    }
}

/// The words of a report's state.
fn report_status(l: Locale, state: ReportState) -> Status {
    match state {
        ReportState::Draft => Status::neutral(l.t("followup-state-draft")),
        ReportState::Submitted => Status::doing(l.t("followup-state-submitted")),
        ReportState::Confirmed => Status::ok(l.t("followup-state-confirmed")),
        ReportState::Returned => Status::warn(l.t("followup-state-returned")),
    }
}

/// The address of a task.
fn task_href(task: &str) -> String {
    format!("{HOME}/nhiem-vu/{task}")
}

/// The address of a report.
fn report_href(report: &str) -> String {
    format!("{HOME}/bao-cao/{report}")
}

/// Leads to another page of the portal.
fn go(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(NoData);
    response
}

/// What the screens call desk units.
async fn unit_names(app: &App, viewer: &Viewer) -> Result<BTreeMap<String, String>, PageError> {
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.name)).collect())
}
