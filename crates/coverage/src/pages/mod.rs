//! The chapter's pages.

mod addresses;
mod code_gaps;
mod communes;
mod counts;
mod decisions;
mod employers;
mod export;
mod find;
mod indicator;
mod letters;
mod list;
mod manual;
mod mapping;
mod overview;
mod person;
mod person_data;
mod person_links;
mod register;
mod rejects;
mod review;

mod rosters;
mod rule;
mod runs;
mod schools;
mod support;
mod support_person;
mod targets;
mod upload;
mod words;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};
use base::{CommuneCode, Scope};
use chapter::{App, Viewer};
use documents::letter::Letters;
use web::component::{Choice, Icon};
use web::{Locale, MenuGroup, MenuItem};

use crate::Plan;
use crate::figures;
use crate::serving::Serving;

pub(crate) use support::VIEWS;
pub use work::{UNEXPLAINED_DUE, case_key};

/// What the chapter's pages share.
#[derive(Clone)]
pub(crate) struct Pages {
    pub(crate) app: App,
    pub(crate) serving: Arc<Serving>,
    pub(crate) figures: Arc<figures::Serving>,
    pub(crate) plan: Arc<Plan>,
    pub(crate) letters: Arc<Letters>,
    /// Look-ups of people by number in the running minute.
    pub(crate) looked_up: Arc<chapter::Asked>,
}

/// Path of the list of people.
pub(crate) const LIST: &str = "/nguoi-chua-tham-gia";

/// The chapter's routes; `plan` is section II of the plan, `letters` the templates that rules name.
pub fn routes(app: &App, plan: Plan, letters: Letters) -> Router {
    let (serving, figures) = (Arc::new(Serving::default()), Arc::new(figures::Serving::default()));
    let (plan, letters) = (Arc::new(plan), Arc::new(letters));
    let pages = Pages { app: app.clone(), serving, figures, plan, letters, looked_up: Arc::default() };
    Router::new()
        .route("/", get(overview::show))
        .route(LIST, get(list::show).post(list::search))
        .route("/nguoi-chua-tham-gia/in", get(list::print))
        .route("/nguoi-chua-tham-gia.xlsx", get(export::xlsx).post(export::locked))
        .route("/nguoi-chua-tham-gia.csv", get(export::csv))
        .route("/nguoi/{person}", get(person::show))
        .route("/nguoi/{person}/thu/{rule}", post(letters::to_person))
        .route("/nguoi/{person}/khong-cung-nguoi", post(decisions::decide))
        .route("/nguoi/{person}/nhan-viec", post(work::take_person))
        .route("/don-vi/{employer}/nhan-viec", post(work::take_employer))
        .route("/nguoi-chua-tham-gia/nhan-viec", post(work::take_list))
        .route("/nguoi/{person}/hoan-lai", post(decisions::undo))
        .route("/xa-phuong", get(communes::list))
        .route("/xa-phuong/{code}", get(communes::show))
        .route("/xa-phuong/{code}/het-dau-hieu", get(communes::ended))
        .route("/xa-phuong/{code}/ban-tin", get(communes::speaker))
        .route("/chi-tieu/{id}", get(indicator::show))
        .route("/chi-tieu/{id}/xa-phuong.csv", get(indicator::csv))
        .route("/chi-tieu/{id}/{part}", get(indicator::rows))
        .route("/chi-tieu-giao", get(targets::list))
        .route("/chi-tieu-giao/{year}/van-ban", post(targets::draft))
        .route("/chi-tieu-giao/{year}/{id}", get(targets::year).post(targets::give_all))
        .route("/chi-tieu-giao/{year}/{id}/{area}", get(targets::one).post(targets::change))
        .route("/lan-chay", get(runs::list))
        .route("/lan-chay/{run}", get(runs::show))
        .route("/huong-dan", get(manual::list))
        .route("/huong-dan/{page}", get(manual::show))
        .route("/so-nguoi", get(register::show))
        .route(find::FIND, get(find::form).post(find::find))
        .route(find::URGENT, post(find::urgent))
        .route("/tim-nguoi/khan-cap/thoi", post(find::end_urgent))
        .route("/ra-soat-ghep-noi", get(review::list))
        .route("/ra-soat-ghep-noi/{rank}", get(review::show).post(review::decide))
        .route("/quy-tac", get(rule::list))
        .route("/quy-tac/{rule}", get(rule::show))
        .merge(employers::routes())
        .merge(schools::routes())
        .merge(rosters::routes())
        .merge(rejects::routes())
        .merge(support::routes())
        .merge(upload::routes(app))
        .with_state(pages)
}

pub use addresses::ROUTES;

/// The chapter's menu entries for a role; who sees no figures has the handbook alone.
pub fn menu(l: Locale, scope: &Scope) -> Vec<MenuGroup> {
    let item = |key: &str, href: &str, icon: Icon| MenuItem::new(l.t(key), href, icon);
    if !desk::may(scope, desk::Permission::ViewAggregates) {
        let items = vec![item("manual-menu", "/huong-dan", Icon::Document)];
        return vec![MenuGroup { label: l.t("coverage-menu-operation"), items }];
    }
    let mut groups = vec![MenuGroup { label: String::new(), items: vec![item("coverage-menu-overview", "/", Icon::Home)] }];
    let mut items = vec![item("commune-menu", "/xa-phuong", Icon::Place)];
    if scope.may_list_people() {
        items.push(item("coverage-menu-people", LIST, Icon::People));
        if desk::may(scope, desk::Permission::ViewEmployeeFindings) {
            items.push(item("employer-menu", employers::EMPLOYERS, Icon::Building));
        }
        items.push(item("school-menu", schools::SCHOOLS, Icon::School));
        items.push(item("support-menu", support::HOME, Icon::Hand));
        if desk::may(scope, desk::Permission::RevealIdentity) {
            items.push(item("coverage-menu-find", find::FIND, Icon::Search));
        }
    }
    items.push(item("targets-menu", "/chi-tieu-giao", Icon::Target));
    groups.push(MenuGroup { label: l.t("coverage-menu-coverage"), items });
    let mut items = Vec::new();
    if scope.may_list_people() && scope.area == base::Area::City {
        items.push(item("coverage-menu-data", "/du-lieu", Icon::Inbox));
        items.push(item("coverage-menu-register", "/so-nguoi", Icon::People));
    }
    if desk::may(scope, desk::Permission::DecideLinks) {
        items.push(item("coverage-menu-review", "/ra-soat-ghep-noi", Icon::Clipboard));
    }
    items.push(item("coverage-menu-rules", "/quy-tac", Icon::Scales));
    if scope.area == base::Area::City {
        items.push(item("runs-menu", "/lan-chay", Icon::Clock));
    }
    items.push(item("manual-menu", "/huong-dan", Icon::Document));
    groups.push(MenuGroup { label: l.t("coverage-menu-operation"), items });
    groups
}

impl Pages {
    /// "Phường Hà Đông" of a code; the code itself when it is not of this city.
    pub(crate) fn place(&self, code: &CommuneCode) -> String {
        match self.app.places.commune(code) {
            Some(commune) => format!("{} {}", capital(&commune.kind), commune.name),
            None => code.to_string(),
        }
    }
}

/// The communes a viewer sees, by name, as the choices of a filter.
pub(crate) fn commune_choices(pages: &Pages, l: Locale, viewer: &Viewer, chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", l.t("coverage-filter-all"), chosen.is_empty())];
    let seen = pages.serving.communes_by_name(&pages.app).iter().filter(|code| viewer.scope.sees(Some(code)));
    choices.extend(seen.map(|code| Choice::new(code.as_str(), pages.place(code), chosen == code.as_str())));
    choices
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
