//! Collection organisations (tổ chức hỗ trợ phát triển đối tượng) and their collectors (nhân viên thu), plan III.2c: who may collect, what
//! came of it, what was complained of, and the lists they are handed.

mod act;
mod cards;
mod data;
mod hand;
mod list;
mod one;
mod organisation;
mod resolve;
mod sheet;
mod training;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use chapter::{Needs, PageError, Route, Viewer};
use desk::Permission;

use super::{EXPORT, SHEET_BYTES, WORK};
use crate::Office;

/// Path of the organisations.
pub(crate) const ORGANISATIONS: &str = "/to-chuc-thu";
/// Path of collectors.
const COLLECTORS: &str = "/nhan-vien-thu";

const VIEW: Needs = Needs::May(Permission::ViewCollectors);
const MANAGE: Needs = Needs::May(Permission::ManageCollectors);

/// What each address asks; files besides ask for [`Permission::ManageCollectors`] or [`Permission::ViewCollectors`].
pub(crate) const ROUTES: &[Route] = &[
    Route::get(ORGANISATIONS, VIEW),
    Route::get("/to-chuc-thu/{organisation}", VIEW),
    Route::get("/to-chuc-thu/{organisation}/nhan-vien.xlsx", EXPORT),
    Route::get("/to-chuc-thu/{organisation}/nhan-vien-moi", MANAGE).and_post(MANAGE),
    Route::get("/to-chuc-thu/{organisation}/mau-the.xlsx", MANAGE),
    Route::post("/to-chuc-thu/{organisation}/nhan-the", MANAGE),
    Route::get("/to-chuc-thu/{organisation}/tap-huan", MANAGE).and_post(MANAGE),
    Route::get("/nhan-vien-thu/{collector}", VIEW),
    Route::post("/nhan-vien-thu/{collector}/the", MANAGE),
    Route::post("/nhan-vien-thu/{collector}/thu-hoi", MANAGE),
    Route::post("/nhan-vien-thu/{collector}/phan-anh", MANAGE),
    Route::post("/nhan-vien-thu/{collector}/giai-quyet", MANAGE),
    Route::get("/nhan-vien-thu/{collector}/viec", WORK),
    Route::get("/nhan-vien-thu/{collector}/{list}/toi-thieu.xlsx", EXPORT),
    Route::get("/nhan-vien-thu/{collector}/{list}/d03-tk1-vnpt.xlsx", EXPORT),
    Route::get(hand::HAND, MANAGE).and_post(MANAGE),
];

pub(crate) use hand::HAND;

pub(super) fn routes() -> Router<Office> {
    Router::new()
        .route(ORGANISATIONS, get(list::show))
        .route("/to-chuc-thu/{organisation}", get(organisation::show))
        .route("/to-chuc-thu/{organisation}/nhan-vien.xlsx", get(sheet::collectors))
        .route("/to-chuc-thu/{organisation}/nhan-vien-moi", get(act::form).post(act::add))
        .route("/to-chuc-thu/{organisation}/mau-the.xlsx", get(cards::template))
        .route("/to-chuc-thu/{organisation}/nhan-the", post(cards::take).layer(DefaultBodyLimit::max(SHEET_BYTES)))
        .route("/to-chuc-thu/{organisation}/tap-huan", get(training::form).post(training::add))
        .route("/nhan-vien-thu/{collector}", get(one::show))
        .route("/nhan-vien-thu/{collector}/the", post(act::give))
        .route("/nhan-vien-thu/{collector}/thu-hoi", post(act::withdraw))
        .route("/nhan-vien-thu/{collector}/phan-anh", post(act::complain))
        .route("/nhan-vien-thu/{collector}/giai-quyet", post(resolve::take))
        .route("/nhan-vien-thu/{collector}/viec", get(one::cases))
        .route("/nhan-vien-thu/{collector}/{list}/toi-thieu.xlsx", get(sheet::least))
        .route("/nhan-vien-thu/{collector}/{list}/d03-tk1-vnpt.xlsx", get(super::collection::xlsx))
        .route(hand::HAND, get(hand::form).post(hand::hand))
}

/// Who may read these pages.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ViewCollectors).map_err(|_| PageError::Forbidden)
}

/// Whether who looks writes here.
fn manages(viewer: &Viewer) -> bool {
    desk::may(&viewer.scope, Permission::ManageCollectors)
}
