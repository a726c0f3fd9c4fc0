//! The pages of the plan.

mod committee;
mod donor;
mod evidence;
mod money;
mod months;
mod overview;
mod owed;
mod parts;
mod report;
mod survey;
mod task;

use std::collections::BTreeMap;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base::Date;
use chapter::{App, Needs, NoData, PageError, Route, Viewer};
use desk::{Permission, ReportState, TaskReport};
use law::calc::Calendar;
use plan::data::Words;
use web::component::Status;
use web::{Lang, Locale};

pub(crate) use committee::COMMITTEES;
pub(crate) use donor::{FUNDS, People};
pub(crate) use money::MONEY;
pub(crate) use survey::CAMPAIGNS;

use crate::standing::{Question, Standing, TaskState, standings};
use crate::{Followup, HOME};

const SEE: Needs = Needs::May(Permission::ViewAggregates);
const REPORT: Needs = Needs::May(Permission::ReportTasks);
/// Bytes of a form with a file at most: a file of 10 MB and its frame.
const BODY: usize = 11 << 20;

/// What each address of tasks and reports asks. Who may do what with a report is said by the desk.
const ROUTES: &[Route] = &[
    Route::get(HOME, SEE),
    Route::get("/ke-hoach/nhiem-vu/{task}", SEE),
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
        .route("/ke-hoach/viec-cua-don-vi", get(owed::show))
        .route("/ke-hoach/bao-cao", post(report::draft))
        .route("/ke-hoach/bao-cao/{report}", get(report::show).post(report::change))
        .route("/ke-hoach/bao-cao/{report}/minh-chung", post(evidence::add).layer(DefaultBodyLimit::max(BODY)))
        .route("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}/bo", post(evidence::remove))
        .route("/ke-hoach/bao-cao/{report}/minh-chung/{evidence}", get(evidence::open))
}

/// What a year of the plan looks like to somebody.
struct Seen<'a> {
    reports: Vec<TaskReport>,
    standings: Vec<Standing<'a>>,
}

impl Followup {
    /// The tasks of a year with the reports that are open to the viewer.
    async fn seen(&self, viewer: &Viewer, year: i32) -> Result<Seen<'_>, PageError> {
        let app = &self.app;
        let today = app.today();
        let january = today.month().plus(12 * (year - today.year()) + 1 - today.month().number());
        let (first, last) = (january.first_day(), january.plus(11).last_day());
        let reports = app.desk.task_reports(&viewer.scope, &self.id, first, last).await.map_err(PageError::desk)?;
        let calendar = Calendar::of(&app.law).map_err(|e| PageError::inner(&e))?;
        let first_run = app.book.periods().map_err(|e| PageError::inner(&e))?.first().map(|state| state.period.last_day());
        let communes = app.places.communes().len();
        let question = Question { plan: &self.plan, year, today, first_run, reports: &reports, communes };
        let standings = standings(&question, &calendar);
        Ok(Seen { reports, standings })
    }

    /// The name of a plan's unit.
    fn unit_name(&self, l: Locale, id: &str) -> String {
        self.plan.units.iter().find(|unit| unit.id == id).map_or_else(|| id.to_owned(), |unit| said(l, &unit.name).to_owned())
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
