//! `GET /ma-truy-cap`: tokens of programs of units.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use chapter::{App, PageError, Shown, Viewer};
use desk::{ApiScope, ApiToken, AuditAction, DeskError, NewApiToken, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, NoteKind, Panel, Row, Status, Table, columns, empty_state,
    note, paragraph,
};
use web::{Locale, SafeHtml, tag};

use crate::shell::{go, no_data};
use crate::{TOKENS, words};

/// `GET /ma-truy-cap`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "api_tokens")).await?;
    Ok(Shown::page(page(&app, &viewer, SafeHtml::default()).await?, audited))
}

/// What was typed.
#[derive(Debug, Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "co-quan", default)]
    unit: String,
    #[serde(rename = "ten", default)]
    label: String,
    #[serde(rename = "ngay", default)]
    days: String,
    #[serde(default)]
    law: String,
    #[serde(default)]
    calculators: String,
    #[serde(default)]
    claims_send: String,
}

/// `POST /ma-truy-cap`: the token is shown this once.
pub(crate) async fn make(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let chosen =
        [(ApiScope::Law, &typed.law), (ApiScope::Calculators, &typed.calculators), (ApiScope::ClaimsSend, &typed.claims_send)];
    let scopes: BTreeSet<ApiScope> = chosen.into_iter().filter(|(_, ticked)| *ticked == "1").map(|(scope, _)| scope).collect();
    let new = NewApiToken { unit: typed.unit, label: typed.label, scopes, days: typed.days.trim().parse().unwrap_or(0) };
    let (status, said) = match app.desk.make_api_token(&viewer.scope, new).await {
        Ok((_, secret)) => {
            let shown = tag("p").child(tag("code").class("secret").text(&secret)).html();
            let shown = shown.then(paragraph(SafeHtml::text(&l.t("access-token-tell"))));
            (StatusCode::OK, note(NoteKind::Info, &l.t("access-token-new"), shown))
        }
        Err(DeskError::Invalid { field, .. }) => {
            let key = match field {
                "days" => "access-token-wrong-days",
                "scopes" => "access-token-wrong-scopes",
                _ => "access-wrong-label",
            };
            (StatusCode::UNPROCESSABLE_ENTITY, note(NoteKind::Error, "", paragraph(SafeHtml::text(&l.t(key)))))
        }
        Err(error) => return Err(PageError::desk(error)),
    };
    let html = page(&app, &viewer, said).await?;
    Ok(no_data((status, Html(html)).into_response()))
}

/// `POST /ma-truy-cap/{token}/thu-hoi`.
pub(crate) async fn revoke(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    app.desk.revoke_api_token(&viewer.scope, &id).await.map_err(PageError::desk)?;
    Ok(go(TOKENS))
}

async fn page(app: &App, viewer: &Viewer, said: SafeHtml) -> Result<String, PageError> {
    let l = app.locale(viewer);
    let tokens = app.desk.api_tokens(&viewer.scope).await.map_err(PageError::desk)?;
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let unit = |id: &str| units.iter().find(|unit| unit.id == id).map_or(id, |unit| unit.name.as_str()).to_owned();
    let head = vec![
        Column::text(l.t("access-token-label")),
        Column::text(l.t("app-role-column-unit")),
        Column::text(l.t("access-token-may")),
        Column::text(l.t("access-token-until")),
        Column::text(l.t("access-state")),
    ];
    let now = (app.clock)();
    let rows = tokens.iter().map(|token| {
        let may: Vec<String> = token.scopes.iter().map(|scope| scope_words(l, *scope)).collect();
        Row::new(vec![
            Cell::text(&token.label),
            Cell::text(unit(&token.unit)),
            Cell::text(may.join(", ")),
            Cell::text(words::moment(l, token.until)),
            Cell::html(state(l, token, now)),
        ])
    });
    let empty = empty_state(&l.t("access-tokens-none"), "", None);
    let table = Table::new("ma-truy-cap", l.t("access-tokens-title"), head).rows(rows).empty(empty).html(l);
    let choices = units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.as_str(), false)).collect();
    let form = web::component::Form {
        action: TOKENS.into(),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat([
            Field::new("co-quan", l.t("app-role-column-unit"), Control::Select(choices)).html(l),
            Field::new("ten", l.t("access-token-label"), Control::Text).html(l),
            Field::new("ngay", l.t("access-token-days"), Control::Digits).value("90").html(l),
            Field::new("law", scope_words(l, ApiScope::Law), Control::Tick).html(l),
            Field::new("calculators", scope_words(l, ApiScope::Calculators), Control::Tick).html(l),
            Field::new("claims_send", scope_words(l, ApiScope::ClaimsSend), Control::Tick).html(l),
        ]),
        buttons: vec![Button::submit(l.t("access-token-make"), ButtonKind::Primary).busy(l.t("access-saving"))],
    };
    let list = Panel::flush(l.t("access-tokens-title"), table).html();
    let make = Panel::new(l.t("access-token-make"), form.html()).html();
    let mut page = app.page(viewer, TOKENS, l.t("access-tokens-title"));
    page.facts = SafeHtml::text(&l.t("access-tokens-intro"));
    page.table_id = "ma-truy-cap".into();
    page.body = said.then(columns(Columns::MainSide, [list, make]));
    Ok(page.render(l))
}

fn scope_words(l: Locale, scope: ApiScope) -> String {
    l.t(match scope {
        ApiScope::Law => "access-scope-law",
        ApiScope::Calculators => "access-scope-calculators",
        ApiScope::ClaimsSend => "access-scope-claims-send",
    })
}

fn state(l: Locale, token: &ApiToken, now: i64) -> SafeHtml {
    if token.revoked_at.is_some() {
        return Status::neutral(l.t("access-token-revoked")).html();
    }
    if token.until <= now {
        return Status::neutral(l.t("access-token-over")).html();
    }
    let revoke = web::component::Form {
        action: format!("{TOKENS}/{}/thu-hoi", token.id),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::default(),
        buttons: vec![Button::submit(l.t("access-token-revoke"), ButtonKind::Danger)],
    };
    Status::ok(l.t("access-token-counts")).html().then(revoke.html())
}
