//! The guard before every page of the local portal.
//!
//! Loopback only: the Host header must name this machine, writes must come from the portal itself. A
//! page of data that does not stand in the audit log is not sent.

use std::collections::BTreeMap;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use base::Scope;
use web::{Lang, Theme};

use crate::app::{App, Audited};
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
}

/// Cookies of the portal: language, colours, role.
pub const LANGUAGE_COOKIE: &str = "ngon-ngu";
/// Colours of the portal.
pub const THEME_COOKIE: &str = "giao-dien";
/// Chosen role of the local portal.
pub const ROLE_COOKIE: &str = "vai-tro";

/// A page with the proof that it was audited.
pub struct Shown {
    body: Vec<u8>,
    content_type: &'static str,
    file_name: Option<String>,
    audited: Audited,
}

impl Shown {
    /// An HTML page.
    pub fn page(html: String, audited: Audited) -> Self {
        Self { body: html.into_bytes(), content_type: "text/html; charset=utf-8", file_name: None, audited }
    }

    /// A file to be saved. The name is fixed words only, never personal data.
    pub fn file(bytes: Vec<u8>, content_type: &'static str, file_name: String, audited: Audited) -> Self {
        Self { body: bytes, content_type, file_name: Some(file_name), audited }
    }
}

impl IntoResponse for Shown {
    fn into_response(self) -> Response {
        let mut response = self.body.into_response();
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(name) = self.file_name
            && let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\""))
        {
            response.headers_mut().insert(header::CONTENT_DISPOSITION, value);
        }
        response.extensions_mut().insert(self.audited);
        response
    }
}

/// Marks an answer that shows no data: switches, assets, the page of menu entries.
#[derive(Debug, Clone, Copy)]
pub struct NoData;

/// Checks a request, finds its viewer, runs the page, refuses what was not audited, adds the headers.
pub async fn guard_pages(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if !host_is_local(request.headers()) {
        return plain(StatusCode::MISDIRECTED_REQUEST, "Cổng này chỉ mở trên chính máy đang chạy.");
    }
    if request.method() != Method::GET && request.method() != Method::HEAD && !from_this_portal(request.headers()) {
        return plain(StatusCode::FORBIDDEN, "Thao tác ghi phải được gửi từ chính cổng này.");
    }
    let viewer = viewer_of(&app, request.headers());
    let path = request.uri().path().to_owned();
    request.extensions_mut().insert(viewer.clone());
    let mut response = next.run(request).await;
    let proven = response.extensions().get::<Audited>().is_some() || response.extensions().get::<NoData>().is_some();
    if response.status().is_success() && !proven {
        response = PageError::Internal { code: "not_audited" }.into_response();
    }
    let own_words = response.extensions().get::<ShownError>().is_some() || response.extensions().get::<NoData>().is_some();
    if response.status().is_client_error() && !own_words {
        // An address or form that could not be read: the reader gets a page, not a parser's words.
        response = PageError::BadRequest(app.locale(&viewer).t("app-error-address")).into_response();
    }
    if let Some(error) = response.extensions_mut().remove::<ShownError>() {
        response = error_page(&app, &viewer, &path, &error);
    }
    secure(response.headers_mut());
    response
}

/// An error on its way to the guard, which draws the page in the viewer's language.
#[derive(Debug, Clone)]
pub(crate) struct ShownError {
    pub(crate) status: StatusCode,
    pub(crate) key: &'static str,
    pub(crate) detail: String,
}

fn error_page(app: &App, viewer: &Viewer, path: &str, error: &ShownError) -> Response {
    let l = app.locale(viewer);
    let mut page = app.page(viewer, path, l.t(&format!("{}-title", error.key)));
    let text = l.t_args(error.key, &[("detail", error.detail.as_str().into())]);
    page.body = web::component::note(web::component::NoteKind::Caution, &l.t("app-error-what"), web::SafeHtml::text(&text));
    (error.status, Html(page.render(l))).into_response()
}

fn plain(status: StatusCode, text: &str) -> Response {
    let mut response = (status, text.to_owned()).into_response();
    secure(response.headers_mut());
    response
}

/// Only names of this machine: a page of another site that points its name here is refused.
fn host_is_local(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST).and_then(|h| h.to_str().ok()) else { return false };
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    matches!(name, "127.0.0.1" | "localhost" | "::1")
}

/// Browsers say where a request comes from; programs without a browser say nothing.
fn from_this_portal(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_none_or(|site| matches!(site.as_bytes(), b"same-origin" | b"none"))
        && headers.get(header::ORIGIN).and_then(|o| o.to_str().ok()).is_none_or(|origin| {
            let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or_default();
            origin.strip_prefix("http://") == Some(host)
        })
}

fn viewer_of(app: &App, headers: &HeaderMap) -> Viewer {
    let cookies = cookies(headers);
    let chosen = cookies.get(ROLE_COOKIE).and_then(|user| app.roles.iter().find(|r| r.user == **user));
    let role = chosen.or_else(|| app.roles.first()).cloned().unwrap_or_else(nobody);
    Viewer {
        scope: role.scope,
        label: role.label,
        unit_name: role.unit_name,
        lang: cookies.get(LANGUAGE_COOKIE).and_then(|tag| Lang::parse(tag)).unwrap_or(Lang::Vi),
        theme: match cookies.get(THEME_COOKIE).copied() {
            Some("light") => Theme::Light,
            Some("dark") => Theme::Dark,
            _ => Theme::Auto,
        },
    }
}

/// Without any role nothing about people may be seen.
fn nobody() -> LocalRole {
    let scope = Scope {
        actor: base::Actor("nobody".into()),
        unit: "nobody".into(),
        area: base::Area::Communes(std::collections::BTreeSet::new()),
        role: base::Role::Administrator,
        purpose: base::Purpose::Statistics,
        acting_for: None,
    };
    LocalRole { user: "nobody".into(), label: String::new(), unit_name: String::new(), scope }
}

fn cookies(headers: &HeaderMap) -> BTreeMap<&str, &str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('=')).collect()
}

fn secure(headers: &mut HeaderMap) {
    let fixed = [
        ("content-security-policy", web::assets::CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // Pages hold people's data: nothing but assets is kept by browsers or proxies.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(n, v)| (n.parse::<header::HeaderName>().unwrap(), HeaderValue::from_static(v))).collect()
    }

    #[test]
    fn only_this_machine_is_a_host() {
        for host in ["127.0.0.1:8080", "localhost:8080", "localhost", "[::1]:8080"] {
            assert!(host_is_local(&headers(&[("host", host)])), "{host}");
        }
        for host in ["example.com", "127.0.0.1.example.com:8080", "192.168.1.5:8080", ""] {
            assert!(!host_is_local(&headers(&[("host", host)])), "{host}");
        }
        assert!(!host_is_local(&headers(&[])));
    }

    #[test]
    fn writes_come_from_the_portal_itself() {
        let host = ("host", "127.0.0.1:8080");
        assert!(from_this_portal(&headers(&[host, ("sec-fetch-site", "same-origin")])));
        assert!(from_this_portal(&headers(&[host, ("origin", "http://127.0.0.1:8080")])));
        assert!(!from_this_portal(&headers(&[host, ("sec-fetch-site", "cross-site")])));
        assert!(!from_this_portal(&headers(&[host, ("origin", "http://evil.example")])));
        assert!(!from_this_portal(&headers(&[host, ("origin", "null")])));
    }
}
