//! The pages of personal data.

mod agreement;
mod breaches;
mod copy;
mod fresh;
mod home;
mod looked;
pub(crate) mod report;
mod requests;
mod restrictions;

use std::collections::BTreeMap;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chapter::{App, Needs, NoData, PageError, Route, Viewer};
use desk::{Permission, UserLabel};

use crate::HOME;

pub(crate) use looked::units;

const VIEW: Needs = Needs::May(Permission::ViewPrivacy);
const MANAGE: Needs = Needs::May(Permission::ManagePrivacy);
const ANSWER: Needs = Needs::May(Permission::AnswerRequests);
/// A copy holds what is known of a person, with whole numbers: who looks after personal data sees no content, and makes none.
const COPY: Needs = Needs::May(Permission::RevealIdentity);

/// What each address asks.
pub(crate) const ROUTES: &[Route] = &[
    Route::get(HOME, VIEW),
    Route::get("/du-lieu-ca-nhan/so-dang-ky/{ending}", VIEW),
    Route::get("/du-lieu-ca-nhan/thoa-thuan-moi", MANAGE).and_post(MANAGE),
    Route::get("/du-lieu-ca-nhan/thoa-thuan/{agreement}", VIEW),
    Route::post("/du-lieu-ca-nhan/thoa-thuan/{agreement}/ket-thuc", MANAGE),
    Route::get("/du-lieu-ca-nhan/ai-da-xem/{person}", ANSWER),
    Route::get("/du-lieu-ca-nhan/yeu-cau", ANSWER).and_post(ANSWER),
    Route::get("/du-lieu-ca-nhan/yeu-cau/{request}", ANSWER),
    Route::post("/du-lieu-ca-nhan/yeu-cau/{request}/buoc", ANSWER),
    Route::post("/du-lieu-ca-nhan/yeu-cau/{request}/ban-sao.xlsx", COPY),
    Route::post("/du-lieu-ca-nhan/han-che/{restriction}/bo", ANSWER),
    Route::get("/du-lieu-ca-nhan/vi-pham", ANSWER).and_post(ANSWER),
    Route::get("/du-lieu-ca-nhan/vi-pham/{breach}", ANSWER),
    Route::post("/du-lieu-ca-nhan/vi-pham/{breach}/bao-cao", ANSWER),
    Route::post("/du-lieu-ca-nhan/vi-pham/{breach}/dong", ANSWER),
];

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(home::show))
        .route("/du-lieu-ca-nhan/so-dang-ky/{ending}", get(report::show))
        .route("/du-lieu-ca-nhan/ai-da-xem/{person}", get(looked::show))
        .route("/du-lieu-ca-nhan/yeu-cau", get(requests::list).post(requests::receive))
        .route("/du-lieu-ca-nhan/yeu-cau/{request}", get(requests::show))
        .route("/du-lieu-ca-nhan/yeu-cau/{request}/buoc", post(requests::step))
        .route("/du-lieu-ca-nhan/yeu-cau/{request}/ban-sao.xlsx", post(copy::locked))
        .route("/du-lieu-ca-nhan/han-che/{restriction}/bo", post(restrictions::lift))
        .route("/du-lieu-ca-nhan/vi-pham", get(breaches::list).post(breaches::report))
        .route("/du-lieu-ca-nhan/vi-pham/{breach}", get(breaches::show))
        .route("/du-lieu-ca-nhan/vi-pham/{breach}/bao-cao", post(breaches::tell))
        .route("/du-lieu-ca-nhan/vi-pham/{breach}/dong", post(breaches::close))
        .route("/du-lieu-ca-nhan/thoa-thuan-moi", get(fresh::show).post(fresh::add))
        .route("/du-lieu-ca-nhan/thoa-thuan/{agreement}", get(agreement::show))
        .route("/du-lieu-ca-nhan/thoa-thuan/{agreement}/ket-thuc", post(agreement::end))
}

/// Who may open these pages.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ViewPrivacy).map_err(|_| PageError::Forbidden)
}

/// Who may write agreements down.
fn may_manage(viewer: &Viewer) -> bool {
    desk::may(&viewer.scope, Permission::ManagePrivacy)
}

/// The address of an agreement.
fn href(id: &str) -> String {
    format!("{HOME}/thoa-thuan/{id}")
}

/// Leads to another page of the portal.
fn go(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(NoData);
    response
}

/// What the screens call users.
struct Labels(BTreeMap<String, UserLabel>);

impl Labels {
    /// Of these users, as far as the viewer may know them.
    async fn of<'a>(app: &App, viewer: &Viewer, users: impl IntoIterator<Item = &'a str>) -> Result<Self, PageError> {
        let users = users.into_iter().collect();
        Ok(Self(app.desk.user_labels(&viewer.scope, &users).await.map_err(PageError::desk)?))
    }

    /// The words for a user; the id itself where nobody is known under it.
    fn label(&self, user: &str) -> String {
        self.0.get(user).map_or_else(|| user.to_owned(), |known| known.label.clone())
    }
}
