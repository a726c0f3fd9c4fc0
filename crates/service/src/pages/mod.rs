//! The chapter's pages.

mod calculator;
mod chart;
mod fields;
mod parameter;
mod parameters;
mod words;

use axum::Router;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use chapter::NoData;

use crate::Lookup;

/// Routes of the pages.
pub(crate) fn routes() -> Router<Lookup> {
    Router::new()
        .route("/luat", get(parameters::show))
        .route("/luat/{key}", get(parameter::show))
        .route("/tinh", get(calculator::list))
        .route("/tinh/{name}", get(calculator::form).post(calculator::answer))
}

/// A page that shows law and no people: nothing to be written into the audit log.
fn open_page(html: String) -> Response {
    let mut response = Html(html).into_response();
    response.extensions_mut().insert(NoData);
    response
}
