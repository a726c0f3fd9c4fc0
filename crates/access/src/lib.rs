//! Who comes in and what they may do: signing in, one's own account, users and units, tokens of programs, the log.
//!
//! What is proved and kept is in the desk (`desk::account`); the guard before every page is in `chapter`. Here are the pages of both,
//! and those every portal has: languages, colours, the menu for narrow screens, scripts and styles.

mod account;
mod binding;
mod entry;
mod forms;
mod glass;
mod log;
mod password;
mod picker;
mod second_factor;
mod shell;
mod signed_out;
mod single;
mod tokens;
mod units;
mod user;
mod users;
mod words;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use axum::{Extension, Router};
use base::Scope;
use chapter::{ACCOUNT, App, Needs, PASSWORD, Route, SECOND_FACTOR, SIGN_IN, SIGN_OUT};
use desk::Permission;
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

use signed_out::SIGNED_OUT;
pub use single::SingleSignOn;
use single::{BACK, BEGIN, CODE, OUT, Single};

/// Path of users.
const USERS: &str = "/nguoi-dung";
/// Path of units.
const UNITS: &str = "/co-quan";
/// Path of tokens of programs.
const TOKENS: &str = "/ma-truy-cap";
/// Path of the log.
const LOG: &str = "/nhat-ky";
/// Path of openings in emergencies.
const GLASS: &str = "/nhat-ky/mo-khan-cap";
/// Bytes of a form.
const FORM_BYTES: usize = 64 << 10;

const MANAGE: Needs = Needs::May(Permission::ManageUsers);

/// What each address asks. Everybody sees in the log what they did themselves.
pub const ROUTES: &[Route] = &[
    Route::get("/assets/{name}", Needs::Nothing),
    Route::get("/ngon-ngu", Needs::Nothing),
    Route::get("/giao-dien", Needs::Nothing),
    Route::get("/muc", Needs::SignedIn),
    Route::get("/vai-tro", Needs::SignedIn),
    Route::post("/vai-tro/chon", Needs::SignedIn),
    Route::get(SIGN_IN, Needs::Nothing).and_post(Needs::Nothing),
    Route::get(BEGIN, Needs::Nothing),
    Route::get(BACK, Needs::Nothing),
    Route::get(CODE, Needs::Nothing).and_post(Needs::Nothing),
    Route::get(OUT, Needs::Nothing),
    Route::post(SIGNED_OUT, Needs::Nothing),
    Route::post(SIGN_OUT, Needs::SignedIn),
    Route::get(PASSWORD, Needs::SignedIn).and_post(Needs::SignedIn),
    Route::get(SECOND_FACTOR, Needs::SignedIn).and_post(Needs::SignedIn),
    Route::get(ACCOUNT, Needs::SignedIn),
    Route::post("/tai-khoan/phien", Needs::SignedIn),
    Route::post("/tai-khoan/lam-thay", Needs::SignedIn),
    Route::post("/tai-khoan/uy-quyen", Needs::SignedIn),
    Route::post("/tai-khoan/uy-quyen/{delegation}/thoi", Needs::SignedIn),
    Route::get(USERS, MANAGE).and_post(MANAGE),
    Route::get("/nguoi-dung/moi", MANAGE).and_post(MANAGE),
    Route::get("/nguoi-dung/{user}", MANAGE).and_post(MANAGE),
    Route::post("/nguoi-dung/{user}/ma", MANAGE),
    Route::post("/nguoi-dung/{user}/phien", MANAGE),
    Route::post("/nguoi-dung/{user}/dinh-danh", MANAGE),
    Route::get(UNITS, MANAGE),
    Route::get("/co-quan/moi", MANAGE).and_post(MANAGE),
    Route::get("/co-quan/{unit}", MANAGE).and_post(MANAGE),
    Route::get(TOKENS, MANAGE).and_post(MANAGE),
    Route::post("/ma-truy-cap/{token}/thu-hoi", MANAGE),
    Route::get(LOG, Needs::SignedIn).and_post(Needs::SignedIn),
    Route::get(GLASS, Needs::SignedIn),
    Route::post("/nhat-ky/mo-khan-cap/{glass}", Needs::May(Permission::ReviewBreakGlass)),
    Route::post("/nhat-ky/mo-khan-cap/ho-so/{opening}", Needs::May(Permission::ReviewBreakGlass)),
];

/// The routes; `single` is the provider of the city's accounts where one is set.
pub fn routes(app: &App, single: Option<Arc<SingleSignOn>>) -> Router {
    Router::new()
        .route("/assets/{name}", get(shell::asset))
        .route("/ngon-ngu", get(shell::language))
        .route("/giao-dien", get(shell::theme))
        .route("/muc", get(shell::menu_page))
        .route("/vai-tro", get(picker::show))
        .route("/vai-tro/chon", post(picker::choose))
        .route(SIGN_IN, get(entry::show).post(entry::sign_in))
        .route(BEGIN, get(single::begin))
        .route(BACK, get(single::back))
        .route(CODE, get(single::ask_code).post(single::take_code))
        .route(OUT, get(single::out))
        .route(SIGNED_OUT, post(signed_out::take))
        .route(SIGN_OUT, post(entry::sign_out))
        .route(PASSWORD, get(password::show).post(password::change))
        .route(SECOND_FACTOR, get(second_factor::show).post(second_factor::confirm))
        .route(ACCOUNT, get(account::show))
        .route("/tai-khoan/phien", post(account::end_sessions))
        .route("/tai-khoan/lam-thay", post(account::act_for))
        .route("/tai-khoan/uy-quyen", post(account::delegate))
        .route("/tai-khoan/uy-quyen/{delegation}/thoi", post(account::end_delegation))
        .route(USERS, get(users::show).post(users::search))
        .route("/nguoi-dung/moi", get(user::form).post(user::add))
        .route("/nguoi-dung/{user}", get(user::show).post(user::change))
        .route("/nguoi-dung/{user}/ma", post(user::reset))
        .route("/nguoi-dung/{user}/phien", post(user::end_sessions))
        .route("/nguoi-dung/{user}/dinh-danh", post(binding::change))
        .route(UNITS, get(units::list))
        .route("/co-quan/moi", get(units::form).post(units::add))
        .route("/co-quan/{unit}", get(units::show).post(units::change))
        .route(TOKENS, get(tokens::show).post(tokens::make))
        .route("/ma-truy-cap/{token}/thu-hoi", post(tokens::revoke))
        .route(LOG, get(log::show).post(log::search))
        .route(GLASS, get(glass::show))
        .route("/nhat-ky/mo-khan-cap/{glass}", post(glass::review))
        .route("/nhat-ky/mo-khan-cap/ho-so/{opening}", post(glass::review_visit))
        .layer(DefaultBodyLimit::max(FORM_BYTES))
        .layer(Extension(Single(single)))
        .with_state(app.clone())
}

/// The menu entries: users and units for administrators, the log for everybody who has one.
pub fn menu(l: Locale, scope: &Scope) -> Vec<MenuGroup> {
    let item = |key: &str, href: &str, icon: Icon| MenuItem::new(l.t(key), href, icon);
    let mut items = Vec::new();
    if desk::may(scope, Permission::ManageUsers) {
        items.push(item("access-menu-users", USERS, Icon::People));
        items.push(item("access-menu-units", UNITS, Icon::Building));
        items.push(item("access-menu-tokens", TOKENS, Icon::Card));
    }
    items.push(item("access-menu-log", LOG, Icon::Eye));
    vec![MenuGroup { label: l.t("access-menu-group"), items }]
}
