//! Plan III.7: what citizens and clerks look up.
//!
//! Today: the law page of every parameter, the calculators as forms, and both as a JSON interface with
//! OpenAPI. Nothing here reads or keeps data of people: inputs of a calculator are worked out and
//! forgotten, are sent in the body and never stand in an address, and no audit event is written for them.

mod api;
mod pages;

use axum::Router;
use base::Scope;
use chapter::{App, Needs, Route};
use desk::ApiScope;
use law::Law;
use law::calc::CaseFile;
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

use std::collections::BTreeMap;
use std::sync::Arc;

/// What the pages of this chapter share.
#[derive(Clone)]
pub(crate) struct Lookup {
    pub(crate) app: App,
    /// Which calculators use a parameter: found by running the cases, so that it is never out of date.
    pub(crate) used_by: Arc<BTreeMap<String, Vec<&'static str>>>,
}

impl Lookup {
    /// Today in Hà Nội.
    pub(crate) fn today(&self) -> base::Date {
        self.app.today()
    }
}

/// The chapter's routes. `cases` are path and text of the files in `cases/law`.
pub fn routes<'a>(app: &App, cases: impl IntoIterator<Item = (&'a str, &'a str)>) -> Router {
    let lookup = Lookup { app: app.clone(), used_by: Arc::new(used_by(&app.law, cases)) };
    pages::routes().merge(api::routes()).with_state(lookup)
}

const LAW: Needs = Needs::Api(ApiScope::Law);
const CALCULATORS: Needs = Needs::Api(ApiScope::Calculators);

/// What each address asks: nothing here is about people, so whoever is signed in may look.
pub const ROUTES: &[Route] = &[
    Route::get("/luat", Needs::SignedIn),
    Route::get("/luat/{key}", Needs::SignedIn),
    Route::get("/tinh", Needs::SignedIn),
    Route::get("/tinh/{name}", Needs::SignedIn).and_post(Needs::SignedIn),
    Route::get("/api/law", LAW),
    Route::get("/api/law/{key}", LAW),
    Route::get("/api/calculators", CALCULATORS),
    Route::post("/api/calculators/{name}", CALCULATORS),
    Route::get("/api/openapi.json", Needs::Nothing),
];

/// The chapter's menu entries: open to every role.
pub fn menu(l: Locale, _: &Scope) -> Vec<MenuGroup> {
    let item = |key: &str, href: &str, icon: Icon| MenuItem::new(l.t(key), href, icon);
    let items = vec![item("service-menu-law", "/luat", Icon::Document), item("service-menu-calculators", "/tinh", Icon::Card)];
    vec![MenuGroup { label: l.t("service-menu-lookup"), items }]
}

fn used_by<'a>(law: &Law, cases: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeMap<String, Vec<&'static str>> {
    let mut used: BTreeMap<String, Vec<&'static str>> = BTreeMap::new();
    for (path, text) in cases {
        // A broken file of cases is told by `ansinh law test`; here it only shortens a list.
        let Ok(file) = CaseFile::read(path, text) else { continue };
        for key in file.parameters(law) {
            let names = used.entry(key).or_default();
            if !names.contains(&file.calculator) {
                names.push(file.calculator);
            }
        }
    }
    used
}
