//! Personal data (Law 91/2025/QH15): under which agreements rosters come in, the register of processing and impact
//! assessment, what people ask about their data, who looked at it, what was breached.
//!
//! These pages say what is held, on what ground and who looked; they show nobody's data: a person is a number here.

mod clock;
mod copy;
mod pages;
mod register;
mod report;
mod stays;
mod words;

pub use pages::report::{midnight, moment};
pub use report::{Format, Inputs, paper};

use axum::Router;
use base::Scope;
use chapter::{App, Route};
use desk::Permission;
use web::component::Icon;
use web::{Locale, MenuItem};

/// Path of the pages.
pub(crate) const HOME: &str = "/du-lieu-ca-nhan";

/// What each address asks.
pub const ROUTES: &[Route] = pages::ROUTES;

/// The routes.
pub fn routes(app: &App) -> Router {
    pages::routes().with_state(app.clone())
}

/// The menu entry of who looks after personal data.
pub fn menu(l: Locale, scope: &Scope) -> Option<MenuItem> {
    desk::may(scope, Permission::ViewPrivacy).then(|| MenuItem::new(l.t("privacy-menu"), HOME, Icon::Eye))
}
