//! `GET /tai-khoan`: one's own account: role, password, second factor, sessions, who acts for whom.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::{Extension, Form};
use chapter::{ACCOUNT, App, PASSWORD, PageError, SECOND_FACTOR, SIGN_OUT, Shown, Viewer, typed_day};
use desk::{AuditAction, Delegation, MySession, NewDelegation, ReadEvent, Session, User, UserLabel, Which};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Choice, Column, Columns, Control, Field, NoteKind, Panel, Row, Status, Table, columns,
    definition_list, note, paragraph,
};
use web::{Locale, SafeHtml, tag};

use crate::forms::session;
use crate::shell::go;
use crate::{glass, words};

/// What was just done.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    #[serde(rename = "da-ghi", default)]
    saved: String,
}

/// `GET /tai-khoan`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let session = session(&viewer)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "account")).await?;
    let sessions = app.desk.my_sessions(&viewer.scope).await.map_err(PageError::desk)?;
    let delegations = app.desk.delegations(&viewer.scope).await.map_err(PageError::desk)?;
    let own = &viewer.scope.actor.0;
    let delegations: Vec<Delegation> = delegations.into_iter().filter(|d| d.from == *own || d.to == *own).collect();
    let people: BTreeSet<&str> = delegations.iter().flat_map(|d| [d.from.as_str(), d.to.as_str()]).collect();
    let labels = app.desk.user_labels(&viewer.scope, &people).await.map_err(PageError::desk)?;
    let colleagues = app.desk.users(&viewer.scope).await.map_err(PageError::desk)?;
    let mut body = glass::waiting(&app, &viewer).await?;
    if matches!(view.saved.as_str(), "mat-khau" | "ma-xac-thuc" | "uy-quyen") {
        body.push(note(NoteKind::Info, "", SafeHtml::text(&l.t("access-saved"))));
    }
    let left = SafeHtml::concat([mine(&app, l, &viewer, session), sessions_panel(l, session, &sessions)]);
    let right = SafeHtml::concat([
        acting(&app, l, session, &delegations, &labels),
        away(&app, l, &viewer, session, &delegations, &labels, &colleagues),
    ]);
    let stack = |blocks: SafeHtml| tag("div").class("grid").child(blocks).html();
    body.push(columns(Columns::Two, [stack(left), stack(right)]));
    let mut page = app.page(&viewer, ACCOUNT, l.t("access-account-title"));
    page.body = body;
    Ok(Shown::page(page.render(l), audited))
}

fn button(action: &str, hidden: Vec<(String, String)>, button: Button) -> SafeHtml {
    web::component::Form { action: action.into(), reads: false, hidden, body: SafeHtml::default(), buttons: vec![button] }.html()
}

fn mine(app: &App, l: Locale, viewer: &Viewer, session: &Session) -> SafeHtml {
    let text = |text: &str| SafeHtml::text(text);
    let items = vec![
        (l.t("access-label"), text(&session.label)),
        (l.t("app-role-column-role"), text(&words::role(l, viewer.scope.role))),
        (l.t("app-role-column-unit"), text(&viewer.unit_name)),
        (l.t("app-role-column-sees"), text(&words::area(app, l, &viewer.scope.area))),
    ];
    let links = SafeHtml::concat([
        Button::link(l.t("access-password-title"), PASSWORD, ButtonKind::Default).html(),
        Button::link(l.t("access-totp-title"), SECOND_FACTOR, ButtonKind::Default).html(),
    ]);
    let out = button(SIGN_OUT, Vec::new(), Button::submit(l.t("access-sign-out"), ButtonKind::Primary));
    let body = definition_list(false, items).then(tag("div").class("actions").child(links)).then(out);
    Panel::new(l.t("access-account-mine"), body).html()
}

fn sessions_panel(l: Locale, session: &Session, sessions: &[MySession]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("access-session-began")),
        Column::text(l.t("access-session-used")),
        Column::text(l.t("access-end")).hidden(),
    ];
    let rows = sessions.iter().map(|one| {
        let act = if one.id == session.id {
            Status::ok(l.t("access-session-this")).html()
        } else {
            let hidden = vec![("phien".into(), one.id.clone())];
            button("/tai-khoan/phien", hidden, Button::submit(l.t("access-end"), ButtonKind::Quiet))
        };
        Row::new(vec![Cell::text(words::moment(l, one.made_at)), Cell::text(words::moment(l, one.used_at)), Cell::html(act)])
    });
    let table = Table::new("phien", l.t("access-sessions"), head).rows(rows).html(l);
    let others = (sessions.len() > 1)
        .then(|| button("/tai-khoan/phien", Vec::new(), Button::submit(l.t("access-end-others"), ButtonKind::Default)));
    Panel::flush(l.t("access-sessions"), table).foot(others.unwrap_or_default()).html()
}

fn label(labels: &BTreeMap<String, UserLabel>, user: &str) -> String {
    labels.get(user).map_or_else(|| user.to_owned(), |known| format!("{}, {}", known.label, known.unit_name))
}

/// For whom one may act today.
fn acting(app: &App, l: Locale, session: &Session, delegations: &[Delegation], labels: &BTreeMap<String, UserLabel>) -> SafeHtml {
    let own = &session.scope.actor.0;
    if session.acting_for.is_some() {
        let back = Button::submit(l.t("access-act-as-self"), ButtonKind::Primary);
        let form = button("/tai-khoan/lam-thay", vec![("cho".into(), String::new())], back);
        let text = l.t_args("access-acting", &[("who", session.acting_for.as_deref().unwrap_or_default().into())]);
        return Panel::new(l.t("access-act-title"), paragraph(SafeHtml::text(&text)).then(form)).html();
    }
    let today = app.today();
    let open = delegations.iter().filter(|d| d.to == *own && d.ended_at.is_none() && d.first_day <= today && today <= d.last_day);
    let items: Vec<SafeHtml> = open
        .map(|one| {
            let act = Button::submit(l.t("access-act"), ButtonKind::Default);
            let until =
                l.t_args("access-act-until", &[("who", label(labels, &one.from).into()), ("day", l.date(one.last_day).into())]);
            paragraph(SafeHtml::text(&until)).then(button("/tai-khoan/lam-thay", vec![("cho".into(), one.from.clone())], act))
        })
        .collect();
    if items.is_empty() {
        return SafeHtml::default();
    }
    Panel::new(l.t("access-act-title"), SafeHtml::concat(items)).html()
}

/// Who acts for oneself, and the form that says so. An administrator's work is not delegated.
fn away(
    app: &App,
    l: Locale,
    viewer: &Viewer,
    session: &Session,
    delegations: &[Delegation],
    labels: &BTreeMap<String, UserLabel>,
    colleagues: &[User],
) -> SafeHtml {
    let own = &session.scope.actor.0;
    if session.acting_for.is_some() || viewer.scope.role == base::Role::Administrator {
        return SafeHtml::default();
    }
    let mut body = SafeHtml::default();
    for one in delegations.iter().filter(|d| d.from == *own) {
        let values =
            [("who", label(labels, &one.to).into()), ("from", l.date(one.first_day).into()), ("to", l.date(one.last_day).into())];
        body.push(paragraph(SafeHtml::text(&l.t_args("access-away-line", &values))));
        if one.ended_at.is_some() {
            body.push(paragraph(Status::neutral(l.t("access-away-ended")).html()));
        } else if one.last_day >= app.today() {
            let end = Button::submit(l.t("access-end"), ButtonKind::Quiet);
            body.push(button(&format!("/tai-khoan/uy-quyen/{}/thoi", one.id), Vec::new(), end));
        }
    }
    let choices: Vec<Choice> = colleagues
        .iter()
        .filter(|user| user.id != *own && user.works_on(app.today()))
        .map(|user| Choice::new(user.id.as_str(), user.label.as_str(), false))
        .collect();
    if choices.is_empty() {
        body.push(paragraph(SafeHtml::text(&l.t("access-away-nobody"))));
    } else {
        let fields = SafeHtml::concat([
            Field::new("cho", l.t("access-away-to"), Control::Select(choices)).html(l),
            Field::new("tu", l.t("access-away-from"), Control::Date).html(l),
            Field::new("den", l.t("access-away-until"), Control::Date).html(l),
            Field::new("ly-do", l.t("access-away-reason"), Control::Lines).html(l),
        ]);
        let form = web::component::Form {
            action: "/tai-khoan/uy-quyen".into(),
            reads: false,
            hidden: vec![("so".into(), app.form_number(viewer, "delegation"))],
            body: fields,
            buttons: vec![Button::submit(l.t("access-away-save"), ButtonKind::Default).busy(l.t("access-saving"))],
        };
        body.push(form.html());
    }
    Panel::new(l.t("access-away-title"), body).html()
}

/// Which session to end; empty for all but this one.
#[derive(Debug, Deserialize)]
pub(crate) struct Ended {
    #[serde(rename = "phien", default)]
    id: String,
}

/// `POST /tai-khoan/phien`.
pub(crate) async fn end_sessions(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(ended): Form<Ended>,
) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    let which = if ended.id.is_empty() { Which::AllBut(&session.id) } else { Which::One(&ended.id) };
    app.desk.end_my_sessions(&session.scope, which).await.map_err(PageError::desk)?;
    Ok(go(ACCOUNT))
}

/// For whom; empty for oneself again.
#[derive(Debug, Deserialize)]
pub(crate) struct Acting {
    #[serde(rename = "cho", default)]
    away: String,
}

/// `POST /tai-khoan/lam-thay`.
pub(crate) async fn act_for(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(acting): Form<Acting>,
) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    let away = Some(acting.away.as_str()).filter(|away| !away.is_empty());
    app.desk.act_for(session, away).await.map_err(PageError::desk)?;
    Ok(go(ACCOUNT))
}

/// Who acts, from when to when, why.
#[derive(Debug, Deserialize)]
pub(crate) struct Away {
    #[serde(rename = "cho", default)]
    to: String,
    #[serde(rename = "tu", default)]
    first: String,
    #[serde(rename = "den", default)]
    last: String,
    #[serde(rename = "ly-do", default)]
    reason: String,
    #[serde(rename = "so", default)]
    number: String,
}

/// `POST /tai-khoan/uy-quyen`.
pub(crate) async fn delegate(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Form(given): Form<Away>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let session = session(&viewer)?;
    let day =
        |text: &str, label: &str| typed_day(text).ok_or_else(|| PageError::BadRequest(format!("{}: dd/mm/yyyy", l.t(label))));
    let new = NewDelegation {
        from: session.scope.actor.0.clone(),
        to: given.to,
        first_day: day(&given.first, "access-away-from")?,
        last_day: day(&given.last, "access-away-until")?,
        reason: given.reason,
        client_tx: given.number,
    };
    app.desk.delegate(&session.scope, new).await.map_err(PageError::desk)?;
    Ok(go(&format!("{ACCOUNT}?da-ghi=uy-quyen")))
}

/// `POST /tai-khoan/uy-quyen/{delegation}/thoi`.
pub(crate) async fn end_delegation(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    let session = session(&viewer)?;
    app.desk.end_delegation(&session.scope, &id).await.map_err(PageError::desk)?;
    Ok(go(&format!("{ACCOUNT}?da-ghi=uy-quyen")))
}
