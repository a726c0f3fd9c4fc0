//! Personal data (Law 91/2025/QH15): under which agreements rosters come in.
//!
//! These pages say what is held and on what ground; they show nobody's data.

mod pages;
mod words;

use axum::Router;
use base::Scope;
use chapter::{App, Needs, Route};
use desk::Permission;
use web::component::Icon;
use web::{Locale, MenuItem};

/// Path of the pages.
pub(crate) const HOME: &str = "/du-lieu-ca-nhan";

const READ: Needs = Needs::May(Permission::ViewPrivacy);
const WRITE: Needs = Needs::May(Permission::ManagePrivacy);

/// What each address asks.
pub const ROUTES: &[Route] = &[
    Route::get(HOME, READ),
    Route::get("/du-lieu-ca-nhan/thoa-thuan-moi", WRITE).and_post(WRITE),
    Route::get("/du-lieu-ca-nhan/thoa-thuan/{agreement}", READ),
    Route::post("/du-lieu-ca-nhan/thoa-thuan/{agreement}/ket-thuc", WRITE),
];

/// The routes.
pub fn routes(app: &App) -> Router {
    pages::routes().with_state(app.clone())
}

/// The menu entry of who looks after personal data.
pub fn menu(l: Locale, scope: &Scope) -> Option<MenuItem> {
    desk::may(scope, Permission::ViewPrivacy).then(|| MenuItem::new(l.t("privacy-menu"), HOME, Icon::Eye))
}
