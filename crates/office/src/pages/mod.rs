//! The pages of cases and of documents.

mod answer;
mod bulk;
mod case;
mod change;
mod check;
mod collection;
mod collector;
mod document;
mod files;
mod forms;
mod links;
mod outbox;
mod pick;
mod queue;
mod results;
mod sheet;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use chapter::{Needs, NoData, PageError, Route, Viewer};
use desk::Permission;

use crate::{CASES, Office};

pub(crate) use collector::{ORGANISATIONS, ROUTES as COLLECTOR_ROUTES};
pub(crate) use document::{DOCUMENTS, ROUTES as DOCUMENT_ROUTES, package_zip};
pub(crate) use outbox::OUTBOX;

/// Bytes of a sheet that comes back.
const SHEET_BYTES: usize = 8 << 20;

const WORK: Needs = Needs::May(Permission::WorkCases);
const EXPORT: Needs = Needs::May(Permission::Export);

/// What each address asks; files besides ask for [`Permission::WorkCases`].
pub(crate) const ROUTES: &[Route] = &[
    Route::get(CASES, WORK),
    Route::get("/viec/danh-sach.xlsx", EXPORT),
    Route::post(answer::TAKE, WORK),
    Route::get("/viec/nhan-tep/{number}", WORK),
    Route::post("/viec/nhan-tep/{number}/chay-tiep", WORK),
    Route::post(pick::PICK, WORK),
    Route::post(bulk::REVIEW, WORK),
    Route::post(bulk::START, WORK),
    Route::get("/viec/hang-loat/{number}", WORK),
    Route::post("/viec/hang-loat/{number}/chay-tiep", WORK),
    Route::get(results::RESULTS, WORK),
    Route::get("/viec/{case}", WORK),
    Route::post("/viec/{case}/doi", WORK),
    Route::post("/viec/{case}/y-kien", WORK),
    Route::post("/viec/{case}/tep", WORK),
    Route::get("/viec/{case}/tep/{file}", WORK),
    Route::post("/viec/{case}/lien-ket", WORK),
    Route::post("/viec/{case}/lien-ket/{link}/bo", WORK),
];

/// The outbox is the administrator's.
pub(crate) const OUTBOX_ROUTES: &[Route] = &[Route::get(OUTBOX, MANAGE), Route::post("/hang-gui-di/gui-lai", MANAGE)];

const MANAGE: Needs = Needs::May(Permission::ManageUsers);

pub(crate) fn routes() -> Router<Office> {
    let file = desk::FILE_BYTES + (64 << 10);
    Router::new()
        .route(CASES, get(queue::show))
        .route("/viec/danh-sach.xlsx", get(sheet::xlsx))
        .route(answer::TAKE, post(answer::take).layer(DefaultBodyLimit::max(SHEET_BYTES)))
        .route("/viec/nhan-tep/{number}", get(answer::show))
        .route("/viec/nhan-tep/{number}/chay-tiep", post(answer::again))
        .route(pick::PICK, post(pick::pick))
        .route(bulk::REVIEW, post(bulk::review))
        .route(bulk::START, post(bulk::start))
        .route("/viec/hang-loat/{number}", get(bulk::progress))
        .route("/viec/hang-loat/{number}/chay-tiep", post(bulk::again))
        .route(results::RESULTS, get(results::show))
        .route("/viec/{case}", get(case::show))
        .route("/viec/{case}/doi", post(change::change))
        .route("/viec/{case}/y-kien", post(change::comment))
        .route("/viec/{case}/tep", post(files::attach).layer(DefaultBodyLimit::max(file)))
        .route("/viec/{case}/tep/{file}", get(files::show))
        .route("/viec/{case}/lien-ket", post(links::add))
        .route("/viec/{case}/lien-ket/{link}/bo", post(links::remove))
        .route(check::CHECK, get(check::show))
        .route(OUTBOX, get(outbox::show))
        .route("/hang-gui-di/gui-lai", post(outbox::again))
        .merge(document::routes())
        .merge(collector::routes())
}

/// Who may open any of these pages.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::WorkCases).map_err(|_| PageError::Forbidden)
}

/// Leads to another page of the portal.
fn go(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(NoData);
    response
}
