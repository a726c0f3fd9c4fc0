//! Where findings become work that somebody finishes (plan III, all tasks): queues of cases, one case with its history, one change for
//! many, sheets for work without a network, and documents on their way from draft to delivery.
//!
//! A case is made on the pages of what was found (a person, an employer, a list) and lies in the desk. Names come from the newest run by
//! number, after the page of cases is known. Which cases somebody sees is decided by the desk alone.

mod names;
mod outbox;
mod pages;
mod query;
mod rating;
mod words;
mod work;

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use base::Scope;
use chapter::{App, PageError, Route, Viewer};
use desk::{Permission, UserLabel};
use documents::letter::Letters;
use documents::signature::Trust;
use web::component::Icon;
use web::{Locale, MenuGroup, MenuItem};

use names::Names;
pub use outbox::{NotTaken, Receiver, Receivers, Taking, deliver, folder_receivers, register};
pub use work::work;

/// Path of the queues.
pub(crate) const CASES: &str = "/viec";

/// What the pages share.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) app: App,
    pub(crate) names: Arc<Names>,
    labels: Arc<BTreeMap<String, UserLabel>>,
    pub(crate) letters: Arc<Letters>,
    /// Address under which everybody reaches the portal, without a stroke at its end; printed on documents.
    pub(crate) public: Option<Arc<str>>,
    /// Whose digital signatures are confirmed.
    pub(crate) trust: Arc<Trust>,
    /// Questions about verification numbers in the running minute.
    pub(crate) asked: Arc<chapter::Asked>,
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

    /// Whether a user whom the screens know is of the unit of who looks.
    pub(crate) fn is_colleague(&self, viewer: &Viewer, user: &str) -> bool {
        self.labels.get(user).is_some_and(|known| known.unit == viewer.scope.unit)
    }
}

/// What the chapter is told beside the app.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    /// Templates that rules name.
    pub letters: Letters,
    /// Root certificates whose signatures are confirmed.
    pub trust: Trust,
}

/// The routes.
pub fn routes(app: &App, setup: Setup) -> Router {
    pages::routes().with_state(Office {
        app: app.clone(),
        names: Arc::default(),
        labels: Arc::default(),
        letters: Arc::new(setup.letters),
        public: app.entry.public_host().map(|host| Arc::from(format!("https://{host}"))),
        trust: Arc::new(setup.trust),
        asked: Arc::default(),
    })
}

/// What each address asks.
pub fn route_list() -> Vec<Route> {
    [pages::ROUTES, pages::DOCUMENT_ROUTES, pages::COLLECTOR_ROUTES, pages::OUTBOX_ROUTES].concat()
}

/// The menu entries of who works on cases and documents, and of who switches how units work on documents.
pub fn menu(l: Locale, scope: &Scope) -> Vec<MenuGroup> {
    let mut items = Vec::new();
    if desk::may(scope, Permission::WorkCases) {
        items.push(MenuItem::new(l.t("office-menu"), CASES, Icon::Clipboard));
    }
    if desk::may(scope, Permission::PrepareDocuments) {
        items.push(MenuItem::new(l.t("document-title"), pages::DOCUMENTS, Icon::Document));
    }
    if desk::may(scope, Permission::ViewCollectors) {
        items.push(MenuItem::new(l.t("collector-menu"), pages::ORGANISATIONS, Icon::People));
    }
    if desk::may(scope, Permission::ManageUsers) {
        items.push(MenuItem::new(l.t("document-settings"), "/van-ban/thiet-lap", Icon::Document));
        items.push(MenuItem::new(l.t("outbox-title"), pages::OUTBOX, Icon::Document));
    }
    if items.is_empty() { Vec::new() } else { vec![MenuGroup { label: l.t("office-menu-group"), items }] }
}
