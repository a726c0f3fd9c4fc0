//! Where findings become work that somebody finishes (plan III, all tasks): queues of cases, one case with its history, one change for
//! many, and sheets for work without a network.
//!
//! A case is made on the pages of what was found (a person, an employer, a list) and lies in the desk. Names come from the newest run by
//! number, after the page of cases is known. Which cases somebody sees is decided by the desk alone.

mod names;
mod pages;
mod query;
mod words;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use base::Scope;
use chapter::{App, PageError, Route, Viewer};
use desk::{Permission, UserLabel};
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

use names::Names;
pub use work::work;

/// Path of the queues.
pub(crate) const CASES: &str = "/viec";

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) names: Arc<Names>,
    labels: Arc<BTreeMap<String, UserLabel>>,
}

impl Office {
    /// The same, knowing what the screens call these users.
    pub(crate) async fn knowing<'a>(&self, viewer: &Viewer, users: impl IntoIterator<Item = &'a str>) -> Result<Self, PageError> {
        let labels = self.app.desk.user_labels(&viewer.scope, &users.into_iter().collect()).await.map_err(PageError::desk)?;
        Ok(Self { labels: Arc::new(labels), ..self.clone() })
    }

    /// What the screens call a user; the id itself where nobody is known under it.
    pub(crate) fn user_label(&self, user: &str) -> String {
        self.labels.get(user).map_or_else(|| user.to_owned(), |known| known.label.clone())
    }
}

/// The routes.
pub fn routes(app: &App) -> Router {
    pages::routes().with_state(Office { app: app.clone(), names: Arc::default(), labels: Arc::default() })
}

/// What each address asks.
pub const ROUTES: &[Route] = pages::ROUTES;

/// The menu entry of who works on cases.
pub fn menu(l: Locale, scope: &Scope) -> Vec<MenuGroup> {
    if !desk::may(scope, Permission::WorkCases) {
        return Vec::new();
    }
    let items = vec![MenuItem::new(l.t("office-menu"), CASES, Icon::Clipboard)];
    vec![MenuGroup { label: l.t("office-menu-group"), items }]
}
