//! Following the plan: its tasks and their terms, what units report of them with evidence, what is late (plan I, IV, III.8).
//!
//! Which tasks and terms there are comes from the plan as data (content folder `plan/`) and the calendar of the law; what people write stands
//! on the desk. Nothing here is about any person but whom a commune chose for a donor's fund, shown to who works with people of that commune.

mod arrivals;
mod duties;
mod figures;
mod followed;
mod pages;
mod period;
pub mod report;
mod scorecard;
mod standing;
mod status;
mod survey;
mod who;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use base::Scope;
use chapter::{App, Asked, Route};
use desk::Permission;
use plan::data::PlanData;
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

pub use figures::{Answer, DeskCounts, Missing, RunFigures, Value};
pub use followed::{Followed, FollowupError, run_of};
pub use period::{Period, PeriodError};
pub use status::{FigureStatus, IndicatorStatus, PlanStatus, StatusQuestion, TaskStatus};
pub use survey::{SurveyError, Surveys};

/// Path of the pages.
pub(crate) const HOME: &str = "/ke-hoach";

/// What each address asks.
pub fn route_list() -> Vec<Route> {
    pages::route_list()
}

/// What the pages work on: the portal and the plan that is followed.
#[derive(Clone)]
pub(crate) struct Followup {
    pub(crate) app: App,
    pub(crate) followed: Arc<Followed>,
    pub(crate) shelf: Arc<figures::Shelf>,
    pub(crate) arrivals: Arc<arrivals::Arrivals>,
    /// Surveys of satisfaction.
    pub(crate) surveys: Arc<Surveys>,
    /// Questions to the page that is open to everybody, in the running minute.
    pub(crate) asked: Arc<Asked>,
    /// Sessions over the newest run, for the pages on which people are chosen.
    pub(crate) people: Arc<pages::People>,
}

impl Followup {
    /// Tasks, units, duties.
    pub(crate) fn plan(&self) -> &PlanData {
        &self.followed.plan
    }
}

impl FromRef<Followup> for App {
    fn from_ref(followup: &Followup) -> Self {
        followup.app.clone()
    }
}

/// The routes of the plan that is followed, and of its surveys.
pub fn routes(app: &App, followed: Followed, surveys: Surveys) -> Router {
    let (shelf, arrivals) = Default::default();
    pages::routes().with_state(Followup {
        app: app.clone(),
        followed: Arc::new(followed),
        shelf,
        arrivals,
        surveys: Arc::new(surveys),
        asked: Arc::default(),
        people: Arc::default(),
    })
}

/// The menu entries of who may see figures.
pub fn menu(l: Locale, scope: &Scope) -> Option<MenuGroup> {
    if !desk::may(scope, Permission::ViewAggregates) {
        return None;
    }
    let mut items = vec![MenuItem::new(l.t("followup-menu"), HOME, Icon::Clipboard)];
    items.push(MenuItem::new(l.t("planreport-menu"), format!("{HOME}/bao-cao-ky"), Icon::Document));
    if desk::may(scope, Permission::ReportTasks) {
        items.push(MenuItem::new(l.t("followup-menu-owed"), format!("{HOME}/viec-cua-don-vi"), Icon::Calendar));
    }
    items.push(MenuItem::new(l.t("committee-menu"), pages::COMMITTEES, Icon::People));
    items.push(MenuItem::new(l.t("money-menu"), pages::MONEY, Icon::Clipboard));
    items.push(MenuItem::new(l.t("donor-menu"), pages::FUNDS, Icon::People));
    items.push(MenuItem::new(l.t("survey-menu"), pages::CAMPAIGNS, Icon::Clipboard));
    Some(MenuGroup { label: l.t("followup-menu-group"), items })
}
