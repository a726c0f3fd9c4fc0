//! Following the plan: its tasks and their terms, what units report of them with evidence, what is late (plan I, IV, III.8).
//!
//! Which tasks and terms there are comes from the plan as data (content folder `plan/`) and the calendar of the law; what people write stands
//! on the desk. These pages say nothing of any person.

mod pages;
mod standing;
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
    pub(crate) plan: Arc<PlanData>,
    /// Id of the plan: the name of its file.
    pub(crate) id: Arc<str>,
    /// Surveys of satisfaction.
    pub(crate) surveys: Arc<Surveys>,
    /// Questions to the page that is open to everybody, in the running minute.
    pub(crate) asked: Arc<Asked>,
    /// Sessions over the newest run, for the pages on which people are chosen.
    pub(crate) people: Arc<pages::People>,
}

impl FromRef<Followup> for App {
    fn from_ref(followup: &Followup) -> Self {
        followup.app.clone()
    }
}

/// The routes; `id` is the name of the plan's file without its ending, by which reports are kept.
pub fn routes(app: &App, id: &str, plan: PlanData, surveys: Surveys) -> Router {
    pages::routes().with_state(Followup {
        app: app.clone(),
        plan: Arc::new(plan),
        id: id.into(),
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
    if desk::may(scope, Permission::ReportTasks) {
        items.push(MenuItem::new(l.t("followup-menu-owed"), format!("{HOME}/viec-cua-don-vi"), Icon::Calendar));
    }
    items.push(MenuItem::new(l.t("committee-menu"), pages::COMMITTEES, Icon::People));
    items.push(MenuItem::new(l.t("money-menu"), pages::MONEY, Icon::Clipboard));
    items.push(MenuItem::new(l.t("donor-menu"), pages::FUNDS, Icon::People));
    items.push(MenuItem::new(l.t("survey-menu"), pages::CAMPAIGNS, Icon::Clipboard));
    Some(MenuGroup { label: l.t("followup-menu-group"), items })
}
