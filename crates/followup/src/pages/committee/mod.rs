//! Pages of the steering committee and the communes' teams (plan III.2e).

mod act;
mod body;
mod conclusion;
mod file;
mod list;
mod meeting;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};
use base::Date;
use chapter::Route;
use desk::{Committee, CommitteePart, Conclusion, ConclusionState};
use web::Locale;
use web::component::Status;

use super::parts::commune_name;
use super::{BODY, REPORT, SEE};
use crate::Followup;

pub(super) use conclusion::owed;

/// Path of the bodies.
pub(crate) const COMMITTEES: &str = "/ke-hoach/ban-chi-dao";

pub(super) const ROUTES: &[Route] = &[
    Route::get(COMMITTEES, SEE).and_post(REPORT),
    Route::get("/ke-hoach/ban-chi-dao/{committee}", SEE).and_post(REPORT),
    Route::get("/ke-hoach/cuoc-hop/{meeting}", SEE).and_post(REPORT),
    Route::post("/ke-hoach/cuoc-hop/{meeting}/bien-ban", REPORT),
    Route::get("/ke-hoach/ket-luan/{conclusion}", SEE).and_post(REPORT),
    Route::post("/ke-hoach/ket-luan/{conclusion}/minh-chung", REPORT),
    Route::get("/ke-hoach/tep-hop/{file}", SEE),
    Route::post("/ke-hoach/tep-hop/{file}/bo", REPORT),
];

pub(super) fn routes() -> Router<Followup> {
    Router::new()
        .route(COMMITTEES, get(list::show).post(act::establish))
        .route("/ke-hoach/ban-chi-dao/{committee}", get(body::show).post(act::change_body))
        .route("/ke-hoach/cuoc-hop/{meeting}", get(meeting::show).post(act::change_meeting))
        .route("/ke-hoach/cuoc-hop/{meeting}/bien-ban", post(file::add_minutes).layer(DefaultBodyLimit::max(BODY)))
        .route("/ke-hoach/ket-luan/{conclusion}", get(conclusion::show).post(act::change_conclusion))
        .route("/ke-hoach/ket-luan/{conclusion}/minh-chung", post(file::add_evidence).layer(DefaultBodyLimit::max(BODY)))
        .route("/ke-hoach/tep-hop/{file}", get(file::open))
        .route("/ke-hoach/tep-hop/{file}/bo", post(file::remove))
}

fn body_href(id: &str) -> String {
    format!("{COMMITTEES}/{id}")
}

fn meeting_href(id: &str) -> String {
    format!("/ke-hoach/cuoc-hop/{id}")
}

fn conclusion_href(id: &str) -> String {
    format!("/ke-hoach/ket-luan/{id}")
}

/// Whose body it is: the city, or the commune by name.
fn whose(followup: &Followup, l: Locale, committee: &Committee) -> String {
    committee.commune.as_ref().map_or_else(|| l.t("committee-city"), |commune| commune_name(&followup.app, commune))
}

fn part_name(l: Locale, part: CommitteePart, of_city: bool) -> String {
    l.t(match (part, of_city) {
        (CommitteePart::Head, true) => "committee-part-head",
        (CommitteePart::Head, false) => "committee-part-team-head",
        (CommitteePart::Deputy, true) => "committee-part-deputy",
        (CommitteePart::Deputy, false) => "committee-part-team-deputy",
        (CommitteePart::Member, true) => "committee-part-member",
        (CommitteePart::Member, false) => "committee-part-team-member",
        (CommitteePart::Secretary, _) => "committee-part-secretary",
    })
}

/// How a conclusion stands, in words.
fn conclusion_status(l: Locale, conclusion: &Conclusion, today: Date) -> Status {
    match (conclusion.state, conclusion.late_since(today)) {
        (ConclusionState::Open, Some(days)) => Status::bad(l.t_args("followup-late", &[("n", i64::from(days).into())])),
        (ConclusionState::Open, None) => Status::doing(l.t("committee-conclusion-open")),
        (ConclusionState::Reported, _) => Status::warn(l.t("committee-conclusion-reported")),
        (ConclusionState::Confirmed, _) => Status::ok(l.t("committee-conclusion-confirmed")),
        (ConclusionState::Dropped, _) => Status::neutral(l.t("committee-conclusion-dropped")),
    }
}
