//! Pages of support of the premium (hỗ trợ mức đóng): overview, people, the quarter's sheet of each payer.
//!
//! That somebody is poor, disabled or of an ethnic minority is a sensitive ground: every page here is for roles that may list people, a
//! commune sees its own people and its own sums, and every look stands in the audit log before anything is shown.

mod data;
mod export;
mod overview;
mod people;
mod sheet;
mod view;

use axum::Router;
use axum::routing::get;

use super::Pages;

/// Path of the overview.
pub(crate) const HOME: &str = "/ho-tro";
/// Path of the list of people.
pub(crate) const PEOPLE: &str = "/ho-tro/nguoi";
/// Path of the quarter's sheet.
pub(crate) const SHEET: &str = "/ho-tro/kinh-phi";

/// Routes of support.
pub(crate) fn routes() -> Router<Pages> {
    Router::new()
        .route(HOME, get(overview::show))
        .route(PEOPLE, get(people::show))
        .route("/ho-tro/nguoi.xlsx", get(export::xlsx))
        .route("/ho-tro/nguoi.csv", get(export::csv))
        .route(SHEET, get(sheet::show))
        .route("/ho-tro/kinh-phi.xlsx", get(sheet::xlsx))
        .route("/ho-tro/kinh-phi.csv", get(sheet::csv))
}

pub(crate) use view::{VIEWS, group, standing};
