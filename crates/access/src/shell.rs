//! What every portal has: scripts and styles, language, colours, the menu for narrow screens.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use chapter::{App, LANGUAGE_COOKIE, NoData, PageError, THEME_COOKIE, Viewer};
use serde::Deserialize;
use web::Lang;

/// `GET /assets/{name}`.
pub(crate) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Result<Response, PageError> {
    let asset = web::assets::get(&name).ok_or(PageError::NotFound)?;
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == asset.etag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        asset.bytes.to_vec().into_response()
    };
    let fixed = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::ETAG, asset.etag.as_str()),
        (header::CACHE_CONTROL, web::assets::CACHE_CONTROL),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    Ok(no_data(response))
}

/// What a switch sends.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Switch {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

/// `GET /ngon-ngu`.
pub(crate) async fn language(State(app): State<App>, Query(switch): Query<Switch>) -> Response {
    let tag = Lang::parse(&switch.lang).unwrap_or(Lang::Vi).tag();
    back_with_cookie(&app, &switch.back, LANGUAGE_COOKIE, tag)
}

/// `GET /giao-dien`.
pub(crate) async fn theme(State(app): State<App>, Query(switch): Query<Switch>) -> Response {
    let tag = if matches!(switch.theme.as_str(), "light" | "dark") { switch.theme.as_str() } else { "auto" };
    back_with_cookie(&app, &switch.back, THEME_COOKIE, tag)
}

/// `GET /muc`: all menu entries.
pub(crate) async fn menu_page(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Response {
    let l = app.locale(&viewer);
    let mut page = app.page(&viewer, "/muc", l.t("app-menu-title"));
    page.body = web::menu_links(&page.menu);
    page_without_data(page.render(l))
}

/// A page that shows no data of people.
pub(crate) fn page_without_data(html: String) -> Response {
    no_data(Html(html).into_response())
}

pub(crate) fn no_data(mut response: Response) -> Response {
    response.extensions_mut().insert(NoData);
    response
}

/// Leads to another page of this portal.
pub(crate) fn go(to: &str) -> Response {
    no_data(Redirect::to(own(to)).into_response())
}

/// The path, when it is one of this portal; else the first page.
pub(crate) fn own(path: &str) -> &str {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.contains(char::is_control);
    if own { path } else { "/" }
}

/// Sets a cookie of a choice and leads back, only ever to a page of this portal.
pub(crate) fn back_with_cookie(app: &App, back: &str, name: &str, value: &str) -> Response {
    with_cookie(app, go(back), name, value, "; Max-Age=31536000")
}

/// The answer with a cookie; over HTTPS it never goes another way.
pub(crate) fn with_cookie(app: &App, mut response: Response, name: &str, value: &str, life: &str) -> Response {
    let secure = if app.entry.public_host().is_some() { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{secure}{life}");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_switch_leads_to_pages_of_this_portal_only() {
        assert_eq!(own("/xa-phuong?a=1"), "/xa-phuong?a=1");
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\nSet-Cookie: b"] {
            assert_eq!(own(foreign), "/", "{foreign:?}");
        }
    }
}
