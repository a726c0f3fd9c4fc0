//! The guard before every page: which door, who comes, may they, was it audited.
//!
//! The Host header must name this portal, writes must come from it and bear the token of their session, the route's list says what is
//! asked of who comes. A page of data that does not stand in the audit log is not sent.

mod csrf;
mod door;
pub(crate) mod limit;
mod shown;
mod viewer;

use axum::extract::{MatchedPath, Request, State};
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use desk::{Permission, may};

use crate::app::{App, Audited, Entry};
use crate::returned::{fields_of, held, is_short_form, to_copy};
use crate::sought::without_words;
use crate::{Needs, PageError};

pub use shown::{NoData, Shown};
pub use viewer::{ClientAddress, LANGUAGE_COOKIE, ROLE_COOKIE, THEME_COOKIE, Viewer};
use viewer::{Comes, cookies};

/// Page of signing in.
pub const SIGN_IN: &str = "/dang-nhap";
/// Page of one's own account.
pub const ACCOUNT: &str = "/tai-khoan";
/// Page of a health facility (cơ sở KCB), of the chapter of claims.
const FACILITY: &str = "/co-so";
/// Page where a password is chosen.
pub const PASSWORD: &str = "/mat-khau";
/// Page where the second factor is set up.
pub const SECOND_FACTOR: &str = "/ma-xac-thuc";
/// Address that ends a session.
pub const SIGN_OUT: &str = "/dang-xuat";

/// Checks a request, finds its viewer, runs the page, refuses what was not audited, adds the headers.
pub async fn guard_pages(State(app): State<App>, request: Request, next: Next) -> Response {
    let secure_transport = app.entry.public_host().is_some();
    let mut response = guarded(&app, request, next).await;
    secure(response.headers_mut(), secure_transport);
    response
}

async fn guarded(app: &App, request: Request, next: Next) -> Response {
    if !door::host_is_ours(&app.entry, request.headers()) {
        return plain(StatusCode::MISDIRECTED_REQUEST, "Địa chỉ này không phải của cổng.");
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !door::from_this_portal(&app.entry, request.headers()) {
        return plain(StatusCode::FORBIDDEN, "Thao tác ghi phải được gửi từ chính cổng này.");
    }
    let address = door::address(&app.entry, &request);
    let comes = match viewer::who(app, request.headers()).await {
        Ok(comes) => comes,
        Err(error) => {
            return drawn(app, &Viewer::nobody(cookies(request.headers())), &request_path(&request), error.into_response());
        }
    };
    if matches!(app.entry, Entry::SignIn { .. })
        && let Some(seconds) = app.limiter().count(comes.session_id(), &address, (app.clock)())
    {
        let mut response = plain(StatusCode::TOO_MANY_REQUESTS, "Quá nhiều yêu cầu trong một phút. Hãy đợi rồi thử lại.");
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        return response;
    }
    let path = request_path(&request);
    let viewer = comes.viewer.clone();
    let response = match admit(app, &comes, &request) {
        Ok(needs) => through(app, comes, needs, address, request, next).await,
        Err(response) if reads => *response,
        Err(response) => with_typed(*response, request).await,
    };
    let response = drawn(app, &viewer, &path, response);
    match &viewer.session {
        Some(session) => csrf::put(response, &session.csrf).await,
        None => response,
    }
}

/// What the route asks, where it is met; otherwise the answer.
fn admit(app: &App, comes: &Comes, request: &Request) -> Result<Option<Needs>, Box<Response>> {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(|path| app.routes.of(path.as_str()));
    let needs = match route {
        // No page has this address: who is signed in is told so.
        None => Needs::SignedIn,
        Some(None) => return Err(Box::new(PageError::Internal { code: "route_not_listed" }.into_response())),
        // A method that the route does not have gets its answer from the router; it runs nothing.
        Some(Some(route)) => match route.needs(request.method()) {
            Some(needs) => needs,
            None => Needs::SignedIn,
        },
    };
    if needs == Needs::Nothing {
        return Ok(Some(needs));
    }
    if let (Needs::Api(scope), Some(client)) = (needs, &comes.client) {
        if client.scopes.contains(&scope) {
            return Ok(Some(needs));
        }
        return Err(Box::new(api_refusal(StatusCode::FORBIDDEN, "token_scope", "mã truy cập không có quyền này")));
    }
    if !comes.signed_in() {
        let response = match needs {
            Needs::Api(_) => {
                api_refusal(StatusCode::UNAUTHORIZED, "token_missing", "cần mã truy cập còn hạn: Authorization: Bearer …")
            }
            _ if reads => to_sign_in(request),
            _ => PageError::SignedOut.into_response(),
        };
        return Err(Box::new(response));
    }
    if let Some(first) = comes.first_page(request.uri().path()) {
        return Err(Box::new(lead(first)));
    }
    if !needs.admits(&comes.viewer.scope) {
        // Who has no page of figures begins at their facility's page or at their own account.
        let home = request.uri().path() == "/" && reads;
        let own = if may(&comes.viewer.scope, Permission::AnswerClaims) { FACILITY } else { ACCOUNT };
        return Err(Box::new(if home { lead(own) } else { PageError::Forbidden.into_response() }));
    }
    Ok(Some(needs))
}

/// Runs the page.
async fn through(app: &App, comes: Comes, needs: Option<Needs>, address: String, request: Request, next: Next) -> Response {
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    let proves = !reads && !matches!(needs, Some(Needs::Nothing | Needs::Api(_)));
    // The length is told before the token is taken out.
    let short = proves && is_short_form(request.headers());
    let request = match comes.viewer.session.as_ref().filter(|_| proves) {
        Some(session) => match csrf::take(request, &session.csrf).await {
            Ok(request) => request,
            Err(request) => return with_typed(PageError::StaleForm.into_response(), *request).await,
        },
        None => request,
    };
    let (mut request, sent) = if short { held(request).await } else { (request, None) };
    let viewer = comes.viewer;
    request.extensions_mut().insert(app.clone());
    request.extensions_mut().insert(viewer.clone());
    request.extensions_mut().insert(ClientAddress(address));
    let response = next.run(request).await;
    let extensions = response.extensions();
    let no_data = extensions.get::<NoData>().is_some();
    let proven = extensions.get::<Audited>().is_some() || no_data;
    if response.status().is_success() && !proven {
        return PageError::Internal { code: "not_audited" }.into_response();
    }
    // A form that comes back with what is wrong stands on its page, which says so itself.
    let own_words = extensions.get::<ShownError>().is_some() || proven;
    if response.status().is_client_error() && response.status() != StatusCode::METHOD_NOT_ALLOWED && !own_words {
        // An address or form that could not be read: the reader gets a page, not a parser's words.
        let response = PageError::BadRequest(app.locale(&viewer).t("app-error-address")).into_response();
        return with_sent(response, sent).await;
    }
    with_sent(response, sent).await
}

/// The answer with what was typed, where the form was refused and its page does not bring it back by itself.
async fn with_sent(mut response: Response, sent: Option<Request>) -> Response {
    let refused = response.extensions().get::<ShownError>().is_some_and(|error| error.key == "app-error-request");
    if let (true, Some(sent)) = (refused, sent) {
        let typed = fields_of(sent).await;
        if let Some(error) = response.extensions_mut().get_mut::<ShownError>() {
            error.typed = typed;
        }
    }
    response
}

/// The answer to a form whose session is over or is another one: with what was typed, so that it can be copied. Who sent it from this
/// portal's own page sees it again and nobody else; it is kept nowhere.
async fn with_typed(mut response: Response, request: Request) -> Response {
    let over = |error: &ShownError| matches!(error.key, "app-error-signed-out" | "app-error-stale-form");
    if response.extensions().get::<ShownError>().is_some_and(over) {
        let typed = fields_of(request).await;
        if let Some(error) = response.extensions_mut().get_mut::<ShownError>() {
            error.typed = typed;
        }
    }
    response
}

/// Leads to the page of signing in and from there back here, without words that somebody typed.
fn to_sign_in(request: &Request) -> Response {
    let here = without_words(request.uri().path_and_query().map_or("/", |path| path.as_str()));
    lead(&if here == "/" { SIGN_IN.to_owned() } else { format!("{SIGN_IN}?ve={}", crate::encode(&here)) })
}

fn lead(to: &str) -> Response {
    Redirect::to(to).into_response()
}

fn api_refusal(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        r#"{{"schema":1,"error":{{"code":"{code}","message":"{message}","place":"Authorization","remedy":"/ma-truy-cap"}}}}"#
    );
    let mut response = (status, [(header::CONTENT_TYPE, "application/json")], body).into_response();
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

fn request_path(request: &Request) -> String {
    request.uri().path().to_owned()
}

/// An error on its way to the guard, which draws the page in the viewer's language.
#[derive(Clone)]
pub(crate) struct ShownError {
    pub(crate) status: StatusCode,
    pub(crate) key: &'static str,
    pub(crate) detail: String,
    /// Names and values of a form that was not taken.
    pub(crate) typed: Vec<(String, String)>,
}

/// The answer, with the page of its error where it is one.
fn drawn(app: &App, viewer: &Viewer, path: &str, mut response: Response) -> Response {
    let Some(error) = response.extensions_mut().remove::<ShownError>() else { return response };
    let l = app.locale(viewer);
    let mut page = app.page(viewer, path, l.t(&format!("{}-title", error.key)));
    let text = l.t_args(error.key, &[("detail", error.detail.as_str().into())]);
    page.body = web::component::note(web::component::NoteKind::Caution, &l.t("app-error-what"), web::SafeHtml::text(&text));
    page.body.push(to_copy(l, error.typed.iter().map(|(name, value)| (name.as_str(), value.as_str())), ""));
    (error.status, Html(page.render(l))).into_response()
}

fn plain(status: StatusCode, text: &str) -> Response {
    (status, text.to_owned()).into_response()
}

fn secure(headers: &mut HeaderMap, secure_transport: bool) {
    let fixed = [
        ("content-security-policy", web::assets::CONTENT_SECURITY_POLICY),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    for (name, value) in fixed {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if secure_transport {
        headers.insert("strict-transport-security", HeaderValue::from_static("max-age=31536000"));
    }
    // Pages hold people's data: nothing but assets is kept by browsers or proxies.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}
