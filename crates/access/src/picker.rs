//! `GET /vai-tro`: the roles of a portal on one machine. Nothing is proved here, so there is no such page where one signs in.

use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Form};
use base::Area;
use chapter::{App, Entry, LocalRole, PageError, ROLE_COOKIE, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Button, ButtonKind, Cell, Column, Panel, Row, Status, Table};

use crate::shell::back_with_cookie;

fn roles(app: &App) -> Result<&[LocalRole], PageError> {
    match &app.entry {
        Entry::Picker(roles) => Ok(roles),
        Entry::SignIn { .. } => Err(PageError::NotFound),
    }
}

/// `GET /vai-tro`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let roles = roles(&app)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "roles")).await?;
    let head = vec![
        Column::text(l.t("app-role-column-role")),
        Column::text(l.t("app-role-column-unit")),
        Column::text(l.t("app-role-column-sees")),
        Column::text(l.t("app-role-choose")).hidden(),
    ];
    let rows = roles.iter().map(|role| {
        let current = role.scope.actor == viewer.scope.actor;
        let choose = if current {
            Status::ok(l.t("app-role-current")).html()
        } else {
            web::component::Form {
                action: "/vai-tro/chon".into(),
                reads: false,
                hidden: vec![("user".into(), role.user.clone())],
                body: SafeHtml::default(),
                buttons: vec![Button::submit(l.t("app-role-choose"), ButtonKind::Default)],
            }
            .html()
        };
        let sees = match &role.scope.area {
            Area::City => "app-role-sees-city",
            Area::Communes(communes) if communes.len() == 1 => "app-role-sees-commune",
            Area::Communes(communes) if communes.is_empty() => "app-role-sees-nobody",
            Area::Communes(_) => "app-role-sees-communes",
        };
        Row::new(vec![Cell::text(&role.label), Cell::text(&role.unit_name), Cell::text(l.t(sees)), Cell::html(choose)])
            .selected(current)
    });
    let table = Table::new("vai-tro", l.t("app-role-title"), head).rows(rows).html(l);
    let mut page = app.page(&viewer, "/vai-tro", l.t("app-role-title"));
    page.facts = SafeHtml::text(&l.t("app-role-intro"));
    page.table_id = "vai-tro".into();
    page.body = Panel::flush(l.t("app-role-title"), table).html();
    Ok(Shown::page(page.render(l), audited))
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    user: String,
}

/// `POST /vai-tro/chon`: takes a role; written into the audit log as a sign-in.
pub(crate) async fn choose(State(app): State<App>, Form(chosen): Form<Chosen>) -> Result<Response, PageError> {
    let role = roles(&app)?.iter().find(|role| role.user == chosen.user).ok_or(PageError::NotFound)?;
    app.desk.sign_in(&role.user, role.scope.purpose).await.map_err(|e| PageError::inner(&e))?;
    Ok(back_with_cookie(&app, "/", ROLE_COOKIE, &role.user))
}
