//! Who comes: by their session, by the role picked on this machine, or with a program's token.

use std::collections::BTreeMap;

use axum::http::header::{self, HeaderMap};
use base::Scope;
use desk::{ApiClient, Session, Stage};
use web::{Lang, Theme};

use super::{ACCOUNT, PASSWORD, SECOND_FACTOR, SIGN_OUT};
use crate::app::{App, Entry};
use crate::{LocalRole, PageError};

/// Who looks at a page, in which language and colours.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// What may be seen.
    pub scope: Scope,
    /// Words for the viewer.
    pub label: String,
    /// The viewer's unit.
    pub unit_name: String,
    /// Language.
    pub lang: Lang,
    /// Colours.
    pub theme: Theme,
    /// The session; none on a portal where roles are picked, for programs, and for who is not signed in.
    pub session: Option<Session>,
}

/// The address a request came from, for counting failures at sign-in.
#[derive(Debug, Clone)]
pub struct ClientAddress(pub String);

/// Language.
pub const LANGUAGE_COOKIE: &str = "ngon-ngu";
/// Colours of the portal.
pub const THEME_COOKIE: &str = "giao-dien";
/// Chosen role of the local portal.
pub const ROLE_COOKIE: &str = "vai-tro";

/// Who comes, and by what.
pub(super) struct Comes {
    pub(super) viewer: Viewer,
    pub(super) client: Option<ApiClient>,
    picked: bool,
}

impl Comes {
    pub(super) fn signed_in(&self) -> bool {
        self.picked || self.viewer.session.is_some()
    }

    pub(super) fn session_id(&self) -> Option<&str> {
        self.viewer.session.as_ref().map(|session| session.id.as_str())
    }

    /// The page that stands before all others, when this is not it: a password to be chosen, a second factor to be set up.
    pub(super) fn first_page(&self, path: &str) -> Option<&'static str> {
        let first = match self.viewer.session.as_ref()?.stage {
            Stage::Open => return None,
            Stage::MustChange => PASSWORD,
            Stage::MustEnrol => SECOND_FACTOR,
        };
        (path != first && path != SIGN_OUT).then_some(first)
    }
}

impl Viewer {
    /// Who is not signed in: nothing about people may be seen.
    pub(super) fn nobody(cookies: BTreeMap<&str, &str>) -> Self {
        let scope = Scope {
            actor: base::Actor("nobody".into()),
            unit: "nobody".into(),
            area: base::Area::Communes(std::collections::BTreeSet::new()),
            role: base::Role::ApiClient,
            purpose: base::Purpose::Statistics,
            acting_for: None,
        };
        Self::new(scope, String::new(), String::new(), &cookies, None)
    }

    fn new(scope: Scope, label: String, unit_name: String, cookies: &BTreeMap<&str, &str>, session: Option<Session>) -> Self {
        Self {
            scope,
            label,
            unit_name,
            lang: cookies.get(LANGUAGE_COOKIE).and_then(|tag| Lang::parse(tag)).unwrap_or(Lang::Vi),
            theme: match cookies.get(THEME_COOKIE).copied() {
                Some("light") => Theme::Light,
                Some("dark") => Theme::Dark,
                _ => Theme::Auto,
            },
            session,
        }
    }

    /// Where the words for the viewer lead: the choice of role or the own account.
    pub(crate) fn own_page(&self) -> &'static str {
        if self.session.is_some() { ACCOUNT } else { "/vai-tro" }
    }

    /// Whether somebody is there at all: a role was picked or somebody signed in.
    pub fn is_somebody(&self) -> bool {
        self.session.is_some() || !self.label.is_empty()
    }
}

/// Who comes with these headers.
pub(super) async fn who(app: &App, headers: &HeaderMap) -> Result<Comes, PageError> {
    let cookies = cookies(headers);
    let roles = match &app.entry {
        Entry::Picker(roles) => roles,
        Entry::SignIn { .. } => return signed_in(app, headers, &cookies).await,
    };
    let chosen = cookies.get(ROLE_COOKIE).and_then(|user| roles.iter().find(|r| r.user == **user));
    Ok(match chosen.or_else(|| roles.first()) {
        Some(LocalRole { label, unit_name, scope, .. }) => {
            let viewer = Viewer::new(scope.clone(), label.clone(), unit_name.clone(), &cookies, None);
            Comes { viewer, client: None, picked: true }
        }
        None => Comes { viewer: Viewer::nobody(cookies), client: None, picked: true },
    })
}

async fn signed_in(app: &App, headers: &HeaderMap, cookies: &BTreeMap<&str, &str>) -> Result<Comes, PageError> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
    if let Some(token) = bearer {
        let client = app.desk.api_client(token.trim()).await.map_err(|e| PageError::inner(&e))?;
        let viewer = match &client {
            Some(client) => Viewer::new(client.scope.clone(), String::new(), client.unit_name.clone(), cookies, None),
            None => Viewer::nobody(cookies.clone()),
        };
        return Ok(Comes { viewer, client, picked: false });
    }
    let session = match cookies.get(app.entry.session_cookie()) {
        Some(token) => app.desk.session(token).await.map_err(|e| PageError::inner(&e))?,
        None => None,
    };
    let viewer = match session {
        Some(session) => {
            let (scope, unit_name) = (session.scope.clone(), session.unit_name.clone());
            let mut viewer = Viewer::new(scope, session.label.clone(), unit_name, cookies, Some(session));
            if let Some(away) = viewer.session.as_ref().and_then(|session| session.acting_for.clone()) {
                let names = [("who", viewer.label.as_str().into()), ("away", away.into())];
                viewer.label = app.locale(&viewer).t_args("app-acting-for", &names);
            }
            viewer
        }
        None => Viewer::nobody(cookies.clone()),
    };
    Ok(Comes { viewer, client: None, picked: false })
}

pub(super) fn cookies(headers: &HeaderMap) -> BTreeMap<&str, &str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect()
}
