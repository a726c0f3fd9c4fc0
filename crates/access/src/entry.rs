//! Signing in and out.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use chapter::{App, ClientAddress, Entry, PASSWORD, PageError, SECOND_FACTOR, SIGN_IN, Viewer};
use desk::{DeskError, SignIn, Stage, Which};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, NoteKind, Panel, note, paragraph};
use web::{SafeHtml, tag};

use crate::shell::{go, no_data, own, page_without_data, with_cookie};
use crate::single::{OUT, Single};
use crate::words;

/// Where to go after signing in.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Back {
    #[serde(rename = "ve", default)]
    pub(crate) back: String,
}

/// `GET /dang-nhap`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Query(back): Query<Back>,
) -> Result<Response, PageError> {
    only_with_accounts(&app)?;
    if viewer.session.is_some() {
        return Ok(go(own(&back.back)));
    }
    Ok(page_without_data(page(&app, &single, &viewer, "", &back.back, None)))
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "ten", default)]
    login: String,
    #[serde(rename = "mat-khau", default)]
    secret: String,
    #[serde(rename = "ma", default)]
    code: String,
    #[serde(rename = "ve", default)]
    back: String,
}

/// `POST /dang-nhap`.
pub(crate) async fn sign_in(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Extension(address): Extension<ClientAddress>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    only_with_accounts(&app)?;
    let given = SignIn { login: &typed.login, secret: &typed.secret, code: &typed.code, address: &address.0 };
    let l = app.locale(&viewer);
    match app.desk.sign_in_with(given).await {
        Ok(signed) => {
            let to = match signed.stage {
                Stage::Open => own(&typed.back),
                Stage::MustChange => PASSWORD,
                Stage::MustEnrol => SECOND_FACTOR,
            };
            // Without an age the browser forgets it when it is closed; the desk ends it besides.
            Ok(with_cookie(&app, go(to), app.entry.session_cookie(), &signed.token, ""))
        }
        Err(DeskError::SignInRefused) => {
            let html = page(&app, &single, &viewer, &typed.login, &typed.back, Some(l.t("access-sign-in-refused")));
            Ok(no_data((StatusCode::UNAUTHORIZED, Html(html)).into_response()))
        }
        Err(DeskError::SignInLocked { until }) => {
            let at = words::moment(l, until);
            let text = l.t_args("access-sign-in-locked", &[("at", at.as_str().into())]);
            let html = page(&app, &single, &viewer, &typed.login, &typed.back, Some(text));
            Ok(no_data((StatusCode::TOO_MANY_REQUESTS, Html(html)).into_response()))
        }
        Err(error) => Err(PageError::inner(&error)),
    }
}

/// `POST /dang-xuat`.
pub(crate) async fn sign_out(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
) -> Result<Response, PageError> {
    let session = viewer.session.as_ref().ok_or(PageError::NotFound)?;
    app.desk.end_my_sessions(&viewer.scope, Which::One(&session.id)).await.map_err(PageError::desk)?;
    // Who came by the account of the city is still signed in there, and is told so.
    let to = if session.issuer.is_some() && single.0.is_some() { OUT } else { SIGN_IN };
    Ok(with_cookie(&app, go(to), app.entry.session_cookie(), "", "; Max-Age=0"))
}

fn only_with_accounts(app: &App) -> Result<(), PageError> {
    match app.entry {
        Entry::SignIn { .. } => Ok(()),
        Entry::Picker(_) => Err(PageError::NotFound),
    }
}

fn page(app: &App, single: &Single, viewer: &Viewer, login: &str, back: &str, refused: Option<String>) -> String {
    let l = app.locale(viewer);
    let city = single.button(l, back);
    // The account of the city is the usual way where there is one; a page has one main button.
    let (weight, title) = match &city {
        Some(_) => (ButtonKind::Default, l.t("access-single-own")),
        None => (ButtonKind::Primary, String::new()),
    };
    let city = city.map(|button| Panel::new(l.t("access-single-title"), tag("div").class("actions").child(button.html())));
    let name =
        Field { autocomplete: Some("username".into()), ..Field::new("ten", l.t("access-login"), Control::Text).value(login) };
    let code = Field { autocomplete: Some("one-time-code".into()), ..Field::new("ma", l.t("access-code"), Control::Digits) };
    let body = SafeHtml::concat([
        name.html(l),
        Field::new("mat-khau", l.t("access-password"), Control::Password("current-password"))
            .hint(l.t("access-password-or-code"))
            .html(l),
        code.hint(l.t("access-code-hint")).optional().html(l),
    ]);
    let form = web::component::Form {
        action: SIGN_IN.into(),
        reads: false,
        hidden: vec![("ve".into(), own(back).to_owned())],
        body,
        buttons: vec![Button::submit(l.t("access-sign-in"), weight).busy(l.t("access-signing-in"))],
    };
    let refused =
        refused.map(|text| note(NoteKind::Error, &l.t("access-sign-in-refused-title"), paragraph(SafeHtml::text(&text))));
    let help = paragraph(SafeHtml::text(&l.t("access-sign-in-help")));
    let own = Panel::new(title, form.html()).foot(help);
    let inner = refused.unwrap_or_default().then(city.map(|panel| panel.html()).unwrap_or_default()).then(own);
    let mut page = app.page(viewer, SIGN_IN, l.t("access-sign-in-title"));
    page.facts = SafeHtml::text(&l.t("access-sign-in-intro"));
    page.body = tag("div").class("narrow").child(inner).html();
    page.render(l)
}
