//! `GET /mat-khau`: choosing a password, also right after a one-time code.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use chapter::{ACCOUNT, App, PASSWORD, PageError, SECOND_FACTOR, Viewer};
use desk::{DeskError, Session, Stage};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, ErrorSummary, Field, NoteKind, Panel, note};
use web::{SafeHtml, tag};

use crate::forms::session;
use crate::shell::{go, no_data, page_without_data};
use crate::words;

/// `GET /mat-khau`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    Ok(page_without_data(page(&app, &viewer, session, None)))
}

/// What was typed.
#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "cu", default)]
    present: String,
    #[serde(rename = "moi", default)]
    new: String,
    #[serde(rename = "lai", default)]
    again: String,
}

/// `POST /mat-khau`.
pub(crate) async fn change(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let session = session(&viewer)?;
    let wrong = if typed.new != typed.again {
        ("lai", l.t("access-password-differs"))
    } else {
        match app.desk.change_password(session, &typed.present, &typed.new).await {
            // An administrator goes on to the second factor; the guard would lead there anyway.
            Ok(()) if session.scope.role == base::Role::Administrator => return Ok(go(SECOND_FACTOR)),
            Ok(()) => return Ok(go(&format!("{ACCOUNT}?da-ghi=mat-khau"))),
            Err(DeskError::Password { fault }) => ("moi", words::fault(l, fault)),
            Err(DeskError::SignInRefused) => ("cu", l.t("access-password-present-wrong")),
            Err(DeskError::SignInLocked { until }) => {
                let at = words::moment(l, until);
                ("cu", l.t_args("access-sign-in-locked", &[("at", at.as_str().into())]))
            }
            Err(error) => return Err(PageError::desk(error)),
        }
    };
    let html = page(&app, &viewer, session, Some(wrong));
    Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()))
}

fn page(app: &App, viewer: &Viewer, session: &Session, wrong: Option<(&str, String)>) -> String {
    let l = app.locale(viewer);
    let error = |name: &str| wrong.as_ref().filter(|(field, _)| *field == name).map(|(_, text)| text.clone());
    let first = session.stage == Stage::MustChange;
    let mut fields = Vec::new();
    if !first {
        let present = Field::new("cu", l.t("access-password-present"), Control::Password("current-password"));
        fields.push(present.error(error("cu")));
    }
    let new = Field::new("moi", l.t("access-password-new"), Control::Password("new-password"));
    fields.push(new.hint(l.t("access-password-rule")).error(error("moi")));
    fields.push(Field::new("lai", l.t("access-password-again"), Control::Password("new-password")).error(error("lai")));
    let form = web::component::Form {
        action: PASSWORD.into(),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("access-password-save"), ButtonKind::Primary).busy(l.t("access-saving"))],
    };
    let intro = first.then(|| note(NoteKind::Info, "", SafeHtml::text(&l.t("access-password-first"))));
    let inner = ErrorSummary::of(&fields).html(l).then(intro.unwrap_or_default()).then(Panel::new("", form.html()));
    let mut page = app.page(viewer, PASSWORD, l.t("access-password-title"));
    page.body = tag("div").class("narrow").child(inner).html();
    page.render(l)
}
