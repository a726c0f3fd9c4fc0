//! Following the plan: its tasks and their terms, what units report of them with evidence, what is late (plan I, IV, III.8).
//!
//! Which tasks and terms there are comes from the plan as data (content folder `plan/`) and the calendar of the law; what people write stands
//! on the desk. These pages say nothing of any person.

mod pages;
mod standing;
mod who;

use std::sync::Arc;

use axum::Router;
use axum::extract::FromRef;
use base::Scope;
use chapter::{App, Route};
use desk::Permission;
use plan::data::PlanData;
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

/// Path of the pages.
pub(crate) const HOME: &str = "/ke-hoach";

/// What each address asks.
pub const ROUTES: &[Route] = pages::ROUTES;

/// What the pages work on: the portal and the plan that is followed.
#[derive(Clone)]
pub(crate) struct Followup {
    pub(crate) app: App,
    pub(crate) plan: Arc<PlanData>,
    /// Id of the plan: the name of its file.
    pub(crate) id: Arc<str>,
}

impl FromRef<Followup> for App {
    fn from_ref(followup: &Followup) -> Self {
        followup.app.clone()
    }
}

/// The routes; `id` is the name of the plan's file without its ending, by which reports are kept.
pub fn routes(app: &App, id: &str, plan: PlanData) -> Router {
    pages::routes().with_state(Followup { app: app.clone(), plan: Arc::new(plan), id: id.into() })
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
    Some(MenuGroup { label: l.t("followup-menu-group"), items })
}
