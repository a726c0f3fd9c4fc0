//! The pages of documents: lists by state, one document with its next step, packages for the document office, numbers that come back.

mod act;
mod files;
mod forms;
mod list;
mod numbers;
mod package;
mod settings;
mod show;
mod upload;
mod words;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use chapter::{Needs, PageError, Route, Viewer};
use desk::{Document, Permission};
use documents::letter::{Check, Letter, Marks, two_digits};

use super::SHEET_BYTES;
use crate::Office;

pub(super) use words::{status, verdict};

pub(crate) use package::package_zip;

/// Path of the documents.
pub(crate) const DOCUMENTS: &str = "/van-ban";

const LETTERS: Needs = Needs::May(Permission::PrepareDocuments);
const MANAGE: Needs = Needs::May(Permission::ManageUsers);

/// What each address asks; approving asks for [`Permission::ApproveDocuments`] besides.
pub(crate) const ROUTES: &[Route] = &[
    Route::get(DOCUMENTS, LETTERS),
    Route::post("/van-ban/chuyen-van-thu", LETTERS),
    Route::get("/van-ban/goi/{package}", LETTERS),
    Route::post("/van-ban/nhan-so", LETTERS),
    Route::get("/van-ban/thiet-lap", MANAGE).and_post(MANAGE),
    Route::get("/van-ban/{document}", LETTERS),
    Route::post("/van-ban/{document}/doi", LETTERS),
    Route::post("/van-ban/{document}/da-ky", LETTERS),
    Route::post("/van-ban/{document}/da-gui", LETTERS),
    Route::get("/van-ban/{document}/van-ban.docx", LETTERS),
    Route::get("/van-ban/{document}/van-ban.pdf", LETTERS),
    Route::get("/van-ban/{document}/tep/{file}", LETTERS),
    Route::get(super::check::CHECK, Needs::Nothing),
];

pub(super) fn routes() -> Router<Office> {
    let file = DefaultBodyLimit::max(desk::DOCUMENT_BYTES + (64 << 10));
    Router::new()
        .route(DOCUMENTS, get(list::show))
        .route("/van-ban/chuyen-van-thu", post(package::send))
        .route("/van-ban/goi/{package}", get(package::zip))
        .route("/van-ban/nhan-so", post(numbers::take).layer(DefaultBodyLimit::max(SHEET_BYTES)))
        .route("/van-ban/thiet-lap", get(settings::show).post(settings::set))
        .route("/van-ban/{document}", get(show::show))
        .route("/van-ban/{document}/doi", post(act::change))
        .route("/van-ban/{document}/da-ky", post(upload::signed).layer(file))
        .route("/van-ban/{document}/da-gui", post(upload::delivered).layer(file))
        .route("/van-ban/{document}/van-ban.docx", get(files::docx))
        .route("/van-ban/{document}/van-ban.pdf", get(files::pdf))
        .route("/van-ban/{document}/tep/{file}", get(files::show))
}

/// Who may open any of these pages.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::PrepareDocuments).map_err(|_| PageError::Forbidden)
}

/// The letter of a document; one that was erased after its term of retention is not there any more.
fn letter(document: &Document) -> Result<Letter, PageError> {
    if document.erased.is_some() {
        return Err(PageError::NotFound);
    }
    serde_json::from_str(&document.letter).map_err(|_| PageError::Internal { code: "document_letter" })
}

/// What is printed beside its text: number and day where it has them, the number everybody checks it by.
fn marks(office: &Office, document: &Document) -> Marks {
    let number = document.number.as_ref().map(|(number, day)| {
        let written = number.parse().map_or_else(|_| desk::document_number(number, ""), two_digits);
        (written, *day)
    });
    let page = office.public.as_deref().map(|url| format!("{url}{}", super::check::CHECK));
    Marks { number, check: Some(Check { code: grouped(&document.check_code), page: page.unwrap_or_default() }) }
}

/// A verification number in groups of four, as it is printed and typed.
fn grouped(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    #[test]
    fn verification_numbers_are_read_in_groups() {
        assert_eq!(super::grouped("ABCDEFGHJK"), "ABCD-EFGH-JK");
    }
}
