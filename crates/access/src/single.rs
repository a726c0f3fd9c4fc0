//! Signing in with the account of the city (đăng nhập một lần): there and back, the own second factor, signing out there too.
//!
//! The address of an answer holds a code and a state that count once and within this browser; on success the answer leads on at once. No page,
//! log or event holds a code, a token or, but for the person's own page, who somebody is at the provider.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::{Extension, Form};
use base::Explain;
use chapter::{App, ClientAddress, PASSWORD, PageError, SECOND_FACTOR, SIGN_IN, Viewer, encode};
use desk::{DeskError, IdentitySignIn, ProviderIdentity, ProviderSession, SignedIn, Stage};
use oidc::{Answer, OidcError, Provider};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, ErrorSummary, Field, NoteKind, Panel, note, paragraph};
use web::{Lang, Locale, SafeHtml, tag};

use crate::entry::Back;
use crate::shell::{go, no_data, own, page_without_data, with_cookie};
use crate::words;

/// Where one leaves for the provider.
pub(crate) const BEGIN: &str = "/dang-nhap/thanh-pho";
/// Where the provider's answer arrives; registered there as the redirect address.
pub(crate) const BACK: &str = "/dang-nhap/thanh-pho/ve";
/// Where the code of the own second factor is typed.
pub(crate) const CODE: &str = "/dang-nhap/thanh-pho/ma";
/// What is said after signing out.
pub(crate) const OUT: &str = "/dang-nhap/thanh-pho/ra";
/// Seconds for which the browser keeps a sign-in that is on its way; the desk ends it besides.
const ON_ITS_WAY: &str = "; Max-Age=600";

/// The provider with the words of its button.
#[derive(Debug)]
pub struct SingleSignOn {
    provider: Provider,
    label_vi: Option<String>,
    label_en: Option<String>,
}

impl SingleSignOn {
    /// The provider; words of the button in Vietnamese and English, or none for the program's own.
    pub fn new(provider: Provider, label_vi: Option<String>, label_en: Option<String>) -> Self {
        Self { provider, label_vi, label_en }
    }

    /// The provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }
}

/// The provider where one is set.
#[derive(Debug, Clone, Default)]
pub(crate) struct Single(pub(crate) Option<Arc<SingleSignOn>>);

impl Single {
    /// The provider, or that there is no such page where none is set.
    pub(crate) fn there(&self) -> Result<&SingleSignOn, PageError> {
        self.0.as_deref().ok_or(PageError::NotFound)
    }

    /// The button that leads there; none where no provider is set.
    pub(crate) fn button(&self, l: Locale, back: &str) -> Option<Button> {
        let single = self.0.as_deref()?;
        let label = if l.lang() == Lang::Vi { &single.label_vi } else { &single.label_en };
        let label = label.clone().unwrap_or_else(|| l.t("access-single-button"));
        let href = if own(back) == "/" { BEGIN.to_owned() } else { format!("{BEGIN}?ve={}", encode(own(back))) };
        Some(Button::link(label, href, ButtonKind::Primary))
    }

    /// Somebody at this provider by the claim that names people there.
    pub(crate) fn identity(&self, subject: &str) -> Option<ProviderIdentity> {
        let provider = &self.0.as_deref()?.provider;
        Some(ProviderIdentity { issuer: provider.issuer().into(), claim: provider.claim().into(), subject: subject.into() })
    }
}

/// `GET /dang-nhap/thanh-pho`: leaves for the provider.
///
/// A link and no form: browsers hold `form-action 'self'` against the redirect too.
pub(crate) async fn begin(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Query(back): Query<Back>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let provider = &single.there()?.provider;
    if viewer.session.is_some() {
        return Ok(go(own(&back.back)));
    }
    let flow = app.desk.begin_identity(own(&back.back)).await.map_err(|e| PageError::inner(&e))?;
    let to =
        provider.authorization_url(&here(&app, &headers, BACK), &flow.state, &flow.nonce, &flow.verifier, (app.clock)()).await;
    match to {
        Ok(to) => Ok(with_cookie(&app, no_data(Redirect::to(&to).into_response()), cookie(&app), &flow.token, ON_ITS_WAY)),
        Err(error) => Ok(failed(&app, &viewer, &error)),
    }
}

/// What the browser brings back.
#[derive(Default, Deserialize)]
pub(crate) struct Landing {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    iss: Option<String>,
    error: Option<String>,
}

/// `GET /dang-nhap/thanh-pho/ve`: the provider's answer.
pub(crate) async fn back(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Query(landing): Query<Landing>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let provider = &single.there()?.provider;
    let token = held(&app, &headers);
    let flow = app.desk.identity_returned(token, &landing.state).await.map_err(|e| PageError::inner(&e))?;
    let Some(flow) = flow else { return refused(&app, &viewer, "state", "access-single-old").await };
    if landing.error.is_some() {
        return refused(&app, &viewer, "provider", "access-single-refused").await;
    }
    let answer = Answer { code: &landing.code, issuer: landing.iss.as_deref() };
    let proved = provider.identity(answer, &here(&app, &headers, BACK), &flow.nonce, &flow.verifier, (app.clock)()).await;
    let proved = match proved {
        Ok(proved) => proved,
        Err(error) => {
            app.desk.identity_refused(None, error.word()).await.map_err(|e| PageError::inner(&e))?;
            return Ok(failed(&app, &viewer, &error));
        }
    };
    let identity = single.identity(&proved.subject).ok_or(PageError::NotFound)?;
    let session = ProviderSession { subject: Some(proved.sub), sid: proved.sid };
    let signed = app.desk.sign_in_identity(&identity, &session, proved.second_factor, &flow.back).await;
    let signed = signed.map_err(|e| PageError::inner(&e))?;
    Ok(match signed {
        IdentitySignIn::Open(signed) => entered(&app, &signed, &flow.back),
        IdentitySignIn::Code(token) => with_cookie(&app, go(CODE), cookie(&app), &token, ON_ITS_WAY),
        IdentitySignIn::SignedOut => return refused(&app, &viewer, "signed_out", "access-single-out-there").await,
        IdentitySignIn::Nobody => nobody(&app, &viewer, &identity.subject),
    })
}

/// `GET /dang-nhap/thanh-pho/ma`.
pub(crate) async fn ask_code(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    single.there()?;
    if !app.desk.identity_waits(held(&app, &headers)).await.map_err(|e| PageError::inner(&e))? {
        return Ok(go(SIGN_IN));
    }
    Ok(page_without_data(code_page(&app, &viewer, None)))
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "ma", default)]
    code: String,
}

/// `POST /dang-nhap/thanh-pho/ma`.
pub(crate) async fn take_code(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<ClientAddress>,
    headers: HeaderMap,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    single.there()?;
    let l = app.locale(&viewer);
    let wrong = |status, text| Ok(no_data((status, Html(code_page(&app, &viewer, Some(text)))).into_response()));
    match app.desk.finish_identity(held(&app, &headers), &typed.code, &address.0).await {
        Ok(Some((signed, back))) => Ok(entered(&app, &signed, &back)),
        Ok(None) => Ok(go(SIGN_IN)),
        Err(DeskError::SignInRefused) => wrong(StatusCode::UNAUTHORIZED, l.t("access-totp-wrong")),
        Err(DeskError::SignInLocked { until }) => {
            let at = words::moment(l, until);
            wrong(StatusCode::TOO_MANY_REQUESTS, l.t_args("access-sign-in-locked", &[("at", at.as_str().into())]))
        }
        Err(error) => Err(PageError::inner(&error)),
    }
}

/// `GET /dang-nhap/thanh-pho/ra`: signed out here; a link signs out at the provider too, which ends other programs of the city as well.
pub(crate) async fn out(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let there = single.there()?.provider.end_session_url(&here(&app, &headers, SIGN_IN), (app.clock)()).await;
    let there = there.unwrap_or_else(|error| {
        told("sign-in through the provider failed", &error);
        None
    });
    let buttons = there.into_iter().map(|href| Button::link(l.t("access-single-out-link"), href, ButtonKind::Primary).html());
    let again = Button::link(l.t("access-single-out-again"), SIGN_IN, ButtonKind::Default).html();
    let buttons = tag("div").class("actions").child(SafeHtml::concat(buttons.chain([again])));
    let said = paragraph(SafeHtml::text(&l.t("access-single-out")));
    Ok(page_without_data(narrow(&app, &viewer, OUT, "access-single-out-title", Panel::new("", said.then(buttons)).html())))
}

/// The session's cookie, and on to the page that was asked first.
fn entered(app: &App, signed: &SignedIn, back: &str) -> Response {
    let to = match signed.stage {
        Stage::Open => own(back),
        Stage::MustChange => PASSWORD,
        Stage::MustEnrol => SECOND_FACTOR,
    };
    let gone = with_cookie(app, go(to), cookie(app), "", "; Max-Age=0");
    with_cookie(app, gone, app.entry.session_cookie(), &signed.token, "")
}

async fn refused(app: &App, viewer: &Viewer, why: &str, key: &str) -> Result<Response, PageError> {
    app.desk.identity_refused(None, why).await.map_err(|e| PageError::inner(&e))?;
    let said = paragraph(SafeHtml::text(&app.locale(viewer).t(key)));
    Ok(said_page(app, viewer, StatusCode::BAD_REQUEST, said))
}

fn failed(app: &App, viewer: &Viewer, error: &OidcError) -> Response {
    told("sign-in through the provider failed", error);
    let l = app.locale(viewer);
    let (status, text) = if error.is_away() {
        (StatusCode::SERVICE_UNAVAILABLE, l.t("access-single-away"))
    } else {
        // What came back with the browser is at fault, or what the provider itself says.
        let answer = matches!(error, OidcError::CodeRefused { .. } | OidcError::WrongIssuer | OidcError::Token(_));
        let status = if answer { StatusCode::BAD_REQUEST } else { StatusCode::BAD_GATEWAY };
        (status, l.t_args("access-single-wrong", &[("code", error.code().into())]))
    };
    said_page(app, viewer, status, paragraph(SafeHtml::text(&text)))
}

/// The operator learns why from standard error; errors of the provider hold nothing of a person.
pub(crate) fn told(what: &str, error: &OidcError) {
    eprintln!("{what}: {} ({})", error.what(), error.code());
}

/// Their own name at the provider, shown to who proved to be that person, so that an administrator can bind it.
fn nobody(app: &App, viewer: &Viewer, subject: &str) -> Response {
    let said = paragraph(SafeHtml::text(&app.locale(viewer).t("access-single-nobody")));
    let subject = tag("p").child(tag("code").class("secret").text(subject));
    said_page(app, viewer, StatusCode::FORBIDDEN, said.then(subject))
}

/// Why it did not work, and both ways on: once more, or with the own password.
fn said_page(app: &App, viewer: &Viewer, status: StatusCode, said: SafeHtml) -> Response {
    let l = app.locale(viewer);
    let buttons = SafeHtml::concat([
        Button::link(l.t("access-single-again"), BEGIN, ButtonKind::Primary).html(),
        Button::link(l.t("access-single-own-link"), SIGN_IN, ButtonKind::Default).html(),
    ]);
    let body = note(NoteKind::Error, &l.t("access-sign-in-refused-title"), said).then(tag("div").class("actions").child(buttons));
    no_data((status, Html(narrow(app, viewer, BEGIN, "access-single-failed", body))).into_response())
}

fn code_page(app: &App, viewer: &Viewer, wrong: Option<String>) -> String {
    let l = app.locale(viewer);
    let code = Field { autocomplete: Some("one-time-code".into()), ..Field::new("ma", l.t("access-code"), Control::Digits) }
        .error(wrong);
    let form = web::component::Form {
        action: CODE.into(),
        reads: false,
        hidden: Vec::new(),
        body: code.html(l),
        buttons: vec![Button::submit(l.t("access-sign-in"), ButtonKind::Primary).busy(l.t("access-signing-in"))],
    };
    let intro = paragraph(SafeHtml::text(&l.t("access-single-code-intro")));
    let errors = ErrorSummary::of(std::slice::from_ref(&code)).html(l);
    narrow(app, viewer, CODE, "access-single-code-title", errors.then(Panel::new("", intro.then(form.html()))))
}

fn narrow(app: &App, viewer: &Viewer, path: &str, title: &str, body: SafeHtml) -> String {
    let l = app.locale(viewer);
    let mut page = app.page(viewer, path, l.t(title));
    page.body = tag("div").class("narrow").child(body).html();
    page.render(l)
}

/// An address of this portal as the browser knows it: the published name, or the name of this machine that the guard has checked.
fn here(app: &App, headers: &HeaderMap, path: &str) -> String {
    match app.entry.public_host() {
        Some(host) => format!("https://{host}{path}"),
        None => format!("http://{}{path}", headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()),
    }
}

/// Name of the cookie of a sign-in on its way.
fn cookie(app: &App) -> &'static str {
    if app.entry.public_host().is_some() { "__Host-dang-nhap" } else { "dang-nhap" }
}

/// The token of the sign-in this browser began; empty when there is none.
fn held<'a>(app: &App, headers: &'a HeaderMap) -> &'a str {
    let name = cookie(app);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(key, _)| *key == name).map_or("", |(_, value)| value)
}
