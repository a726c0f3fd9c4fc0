//! The pages of personal data.

mod agreement;
mod breaches;
mod fresh;
mod home;
mod looked;
pub(crate) mod report;
mod requests;

use axum::Router;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chapter::{App, NoData, PageError, Viewer};
use desk::Permission;

use crate::HOME;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(home::show))
        .route("/du-lieu-ca-nhan/so-dang-ky/{ending}", get(report::show))
        .route("/du-lieu-ca-nhan/ai-da-xem/{person}", get(looked::show))
        .route("/du-lieu-ca-nhan/yeu-cau", get(requests::list).post(requests::receive))
        .route("/du-lieu-ca-nhan/yeu-cau/{request}", get(requests::show))
        .route("/du-lieu-ca-nhan/yeu-cau/{request}/buoc", post(requests::step))
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
