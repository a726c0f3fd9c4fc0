//! Pages of donors (nhà tài trợ, plan IV.16): funds, money received, people chosen by communes, payments, thanks.

mod choice;
mod choose;
mod fund;
mod list;
mod people;
mod thanks;

use std::collections::BTreeMap;

use axum::Router;
use axum::routing::get;
use chapter::{Needs, Route};
use desk::{Choice, Fund, Permission, Scheme};
use web::Locale;

use super::{REPORT, SEE};
use crate::Followup;

pub(crate) use people::People;

/// Path of the funds.
pub(crate) const FUNDS: &str = "/ke-hoach/tai-tro";
const PEOPLE: Needs = Needs::May(Permission::ListPeople);
const WORK: Needs = Needs::May(Permission::WorkCases);

pub(super) const ROUTES: &[Route] = &[
    Route::get(FUNDS, SEE).and_post(REPORT),
    Route::get("/ke-hoach/tai-tro/{fund}", SEE).and_post(REPORT),
    Route::get("/ke-hoach/tai-tro/{fund}/cam-on", SEE),
    Route::get("/ke-hoach/tai-tro/{fund}/cam-on.xlsx", SEE),
    Route::get("/ke-hoach/chon-tai-tro/{person}", PEOPLE).and_post(WORK),
    Route::get("/ke-hoach/nguoi-duoc-tai-tro/{choice}", PEOPLE).and_post(WORK),
];

pub(super) fn routes() -> Router<Followup> {
    Router::new()
        .route(FUNDS, get(list::show).post(list::add))
        .route("/ke-hoach/tai-tro/{fund}", get(fund::show).post(fund::change))
        .route("/ke-hoach/tai-tro/{fund}/cam-on", get(thanks::show))
        .route("/ke-hoach/tai-tro/{fund}/cam-on.xlsx", get(thanks::file))
        .route("/ke-hoach/chon-tai-tro/{person}", get(choose::show).post(choose::take))
        .route("/ke-hoach/nguoi-duoc-tai-tro/{choice}", get(choice::show).post(choice::change))
}

fn fund_href(id: &str) -> String {
    format!("{FUNDS}/{id}")
}

fn choice_href(id: &str) -> String {
    format!("/ke-hoach/nguoi-duoc-tai-tro/{id}")
}

fn scheme_name(l: Locale, scheme: Scheme) -> String {
    l.t(match scheme {
        Scheme::HouseholdHealth => "donor-scheme-health",
        Scheme::VoluntarySocial => "donor-scheme-social",
    })
}

/// Who gives, or that they asked not to be named.
fn donor_name(l: Locale, fund: &Fund) -> String {
    match (&fund.donor, fund.anonymous) {
        (Some(donor), true) => l.t_args("donor-hidden-name", &[("name", donor.as_str().into())]),
        (Some(donor), false) => donor.clone(),
        (None, _) => l.t("donor-anonymous"),
    }
}

/// Who was chosen: their title by the book's number, or that nobody knows any more.
fn person_title(l: Locale, choice: &Choice, titles: &BTreeMap<i64, String>) -> String {
    match choice.person {
        Some(person) => titles.get(&person).cloned().unwrap_or_default(),
        None => l.t("donor-person-erased"),
    }
}

/// The name of a reason: the title of its rule.
fn reason_name(followup: &Followup, l: Locale, reason: &str) -> String {
    match followup.app.rules.get(reason) {
        Some(rule) if l.lang() == web::Lang::En => rule.title.en.clone(),
        Some(rule) => rule.title.vi.clone(),
        None if reason == NO_REASON => l.t("donor-reason-unexplained"),
        None => reason.to_owned(),
    }
}

/// The reason of who is on the list without a card and without another reason.
const NO_REASON: &str = "no-card-unexplained";
