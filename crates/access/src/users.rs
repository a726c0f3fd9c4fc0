//! `GET /nguoi-dung`: who may work here, with which role, and whether they can sign in.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use chapter::{App, FromAddress, PageError, Searched, Shown, Sought, Viewer};
use desk::{Account, AuditAction, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Control, Field, FilterBar, Link, Panel, Row, Status, Table, empty_state, note, paragraph,
};
use web::{Locale, SafeHtml};

use crate::{USERS, words};

/// Users on a page; who looks for one types more of the name.
const MOST: usize = 200;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// Part of a label, a login, an id or the name of a unit.
    #[serde(rename = "tim", default)]
    search: Sought,
}

impl Searched for Asked {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.search]
    }
}

/// `GET /nguoi-dung`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(asked): FromAddress<Asked>,
) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let accounts = app.desk.accounts(&viewer.scope).await.map_err(PageError::desk)?;
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let unit = |id: &str| units.iter().find(|unit| unit.id == id).map_or(id, |unit| unit.name.as_str()).to_owned();
    let wanted = base::names::fold(&asked.search);
    let found: Vec<&Account> = accounts
        .iter()
        .filter(|account| {
            let user = &account.user;
            let texts = [user.label.as_str(), user.id.as_str(), account.login.as_deref().unwrap_or_default(), &unit(&user.unit)];
            wanted.is_empty() || texts.iter().any(|text| base::names::fold(text).contains(&wanted))
        })
        .collect();
    let event = ReadEvent::new(AuditAction::ViewRows, "users").count("rows", found.len().min(MOST) as i64);
    let audited = app.audit(&viewer, event).await?;
    let head = vec![
        Column::text(l.t("access-label")),
        Column::text(l.t("access-login")),
        Column::text(l.t("app-role-column-role")),
        Column::text(l.t("app-role-column-unit")),
        Column::text(l.t("app-role-column-sees")),
        Column::text(l.t("access-state")),
    ];
    let today = app.today();
    let rows = found.iter().take(MOST).map(|account| {
        let user = &account.user;
        Row::new(vec![
            Cell::link(&user.label, format!("{USERS}/{}", user.id)),
            Cell::text(account.login.as_deref().unwrap_or_default()),
            Cell::text(words::role(l, user.role)),
            Cell::text(unit(&user.unit)),
            Cell::text(words::area(&app, l, &user.area)),
            Cell::html(state(l, account, today).html()),
        ])
    });
    let empty = empty_state(&l.t("access-users-none"), &asked.search, Some(&Link::new(l.t("access-users-all"), USERS)));
    let table = Table::new("nguoi-dung", l.t("access-users-title"), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, USERS, l.t("access-users-title"));
    page.actions = vec![Button::link(l.t("access-user-new"), "/nguoi-dung/moi", ButtonKind::Primary)];
    page.table_id = "nguoi-dung".into();
    let sentence = l.t_args("access-users-sentence", &[("n", (found.len() as i64).into())]);
    let bar = FilterBar { chips: Vec::new(), sentence, more: filter(l, &asked) }.html(l);
    let cut = (found.len() > MOST).then(|| {
        let text = l.t_args("access-users-cut", &[("n", (MOST as i64).into())]);
        note(web::component::NoteKind::Info, "", paragraph(SafeHtml::text(&text)))
    });
    page.body = bar.then(Panel::flush(l.t("access-users-title"), table)).then(cut.unwrap_or_default());
    Ok(Shown::page(page.render(l), audited))
}

fn filter(l: Locale, asked: &Asked) -> SafeHtml {
    web::component::Form {
        action: USERS.into(),
        reads: false,
        hidden: Vec::new(),
        body: Field::new("tim", l.t("access-users-search"), Control::Text).value(asked.search.as_str()).optional().html(l),
        buttons: vec![Button::submit(l.t("access-users-find"), ButtonKind::Default)],
    }
    .search()
}

/// `POST /nguoi-dung`: leads to those who are looked for; what was typed stands sealed in the address.
pub(crate) async fn search(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&app, &viewer, USERS, fields, &["tim"])
}

/// Whether they can sign in now, and if not, why.
pub(crate) fn state(l: Locale, account: &Account, today: base::Date) -> Status {
    if !account.user.works_on(today) {
        return Status::neutral(l.t("access-state-off"));
    }
    match (account.has_password, account.code_waits) {
        (_, true) => Status::warn(l.t("access-state-code")),
        (true, _) if account.has_totp => Status::ok(l.t("access-state-two")),
        (true, _) => Status::ok(l.t("access-state-password")),
        _ if !account.identities.is_empty() => Status::ok(l.t("access-state-single")),
        _ => Status::warn(l.t("access-state-none")),
    }
}
