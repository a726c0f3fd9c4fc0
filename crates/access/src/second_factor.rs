//! `GET /ma-xac-thuc`: setting up the second factor.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use chapter::{ACCOUNT, App, PageError, SECOND_FACTOR, Viewer};
use desk::{DeskError, Session, Stage};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, ErrorSummary, Field, NoteKind, Panel, note, paragraph};
use web::{SafeHtml, tag};

use crate::forms::session;
use crate::shell::{go, no_data, page_without_data};

/// `GET /ma-xac-thuc`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    Ok(page_without_data(page(&app, &viewer, session, None).await?))
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "ma", default)]
    code: String,
}

/// `POST /ma-xac-thuc`.
pub(crate) async fn confirm(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    match app.desk.confirm_totp(session, &typed.code).await {
        Ok(()) => Ok(go(&format!("{ACCOUNT}?da-ghi=ma-xac-thuc"))),
        Err(DeskError::Invalid { field: "code", .. }) => {
            let text = app.locale(&viewer).t("access-totp-wrong");
            let html = page(&app, &viewer, session, Some(text)).await?;
            Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()))
        }
        // It is in force already: the account's page says so.
        Err(DeskError::NotFound { .. }) => Ok(go(ACCOUNT)),
        Err(error) => Err(PageError::desk(error)),
    }
}

async fn page(app: &App, viewer: &Viewer, session: &Session, wrong: Option<String>) -> Result<String, PageError> {
    let l = app.locale(viewer);
    let mut page = app.page(viewer, SECOND_FACTOR, l.t("access-totp-title"));
    let secret = match app.desk.begin_totp(session).await {
        Ok(secret) => secret,
        Err(DeskError::Invalid { .. }) => {
            page.body = note(NoteKind::Info, "", paragraph(SafeHtml::text(&l.t("access-totp-there"))));
            return Ok(page.render(l));
        }
        Err(error) => return Err(PageError::desk(error)),
    };
    let steps = [l.t("access-totp-step-app"), l.t("access-totp-step-secret"), l.t("access-totp-step-code")];
    let steps = tag("ol").children(steps.iter().map(|step| tag("li").text(step))).html();
    let shown = SafeHtml::concat([
        tag("p").child(tag("code").class("secret").text(&secret.text)).html(),
        tag("p").class("small").child(tag("code").text(&secret.link)).html(),
    ]);
    let code = Field { autocomplete: Some("one-time-code".into()), ..Field::new("ma", l.t("access-code"), Control::Digits) }
        .error(wrong);
    let form = web::component::Form {
        action: SECOND_FACTOR.into(),
        reads: false,
        hidden: Vec::new(),
        body: code.html(l),
        buttons: vec![Button::submit(l.t("access-totp-confirm"), ButtonKind::Primary).busy(l.t("access-saving"))],
    };
    let must = (session.stage == Stage::MustEnrol).then(|| note(NoteKind::Info, "", SafeHtml::text(&l.t("access-totp-must"))));
    let errors = ErrorSummary::of(std::slice::from_ref(&code)).html(l);
    let inner = errors.then(must.unwrap_or_default()).then(Panel::new("", steps.then(shown).then(form.html())));
    page.body = tag("div").class("narrow").child(inner).html();
    Ok(page.render(l))
}
