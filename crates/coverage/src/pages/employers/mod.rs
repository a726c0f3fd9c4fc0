//! Employers (đơn vị sử dụng lao động): the list of findings about them, the page of one, whose they are by the rosters.

mod company;
mod data;
mod export;
mod list;
mod people;
mod review;

use axum::Router;
use axum::routing::{get, post};
use chapter::{PageError, Viewer};
use desk::Permission;
use web::Locale;

use super::Pages;

/// Path of the list.
pub(crate) const EMPLOYERS: &str = "/don-vi";

/// The routes.
pub(super) fn routes() -> Router<Pages> {
    Router::new()
        .route(EMPLOYERS, get(list::show).post(list::search))
        .route("/don-vi.xlsx", get(export::xlsx))
        .route("/don-vi.csv", get(export::csv))
        .route("/don-vi/can-xem", get(review::show))
        .route("/don-vi/{employer}", get(company::show))
        .route("/don-vi/{employer}/thu/{rule}", post(company::letter))
        .route("/don-vi/{employer}/nguoi", get(people::show))
}

/// Employers and their findings are for insurance officers: they rest on tax data and name people by their work.
fn require(viewer: &Viewer) -> Result<(), PageError> {
    desk::require(&viewer.scope, Permission::ViewEmployeeFindings).map_err(|_| PageError::Forbidden)
}

/// Kind of an employer in words; a word nobody knows is shown as it is.
fn kind(l: Locale, code: &str) -> String {
    word(l, &KINDS, code, |code| l.t(&format!("employer-kind-{}", code.replace('_', "-"))))
}

fn word(_: Locale, known: &[&str], code: &str, words: impl Fn(&str) -> String) -> String {
    if known.contains(&code) { words(code) } else { code.to_owned() }
}

/// Codes of `formats/codes/employer_kind.yaml`.
const KINDS: [&str; 7] = ["enterprise", "branch", "cooperative", "household_business", "public", "foreign", "other"];
