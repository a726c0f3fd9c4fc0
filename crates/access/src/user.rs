//! `GET /nguoi-dung/{user}`: adding somebody, changing their role, unit, area and days, giving a one-time code, ending their sessions.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use axum::{Extension, Form};
use base::{Area, Role};
use chapter::{App, PageError, Shown, Viewer, typed_day};
use desk::{Account, AuditAction, DeskError, OneTimeCode, ReadEvent, Unit, User, role_from_word, role_word};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Choice, Columns, Control, ErrorSummary, Field, Link, NoteKind, Panel, columns, definition_list, note,
    paragraph,
};
use web::{Locale, SafeHtml, tag};

use crate::forms::{area_list, communes};
use crate::shell::{go, no_data};
use crate::single::Single;
use crate::{USERS, binding, users, words};

/// What was typed of a user.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Typed {
    #[serde(rename = "ma-so", default)]
    id: String,
    #[serde(rename = "ten", default)]
    label: String,
    #[serde(rename = "vai-tro", default)]
    role: String,
    #[serde(rename = "co-quan", default)]
    unit: String,
    #[serde(rename = "dia-ban", default)]
    area: String,
    #[serde(rename = "toan-thanh-pho", default)]
    city: String,
    #[serde(rename = "tu", default)]
    from: String,
    #[serde(rename = "den", default)]
    to: String,
    #[serde(rename = "dang-lam", default)]
    active: String,
    #[serde(rename = "dang-nhap", default)]
    login: String,
}

impl Typed {
    fn of(user: &User, l: Locale) -> Self {
        let day = |day: Option<base::Date>| day.map(|day| l.date(day)).unwrap_or_default();
        Self {
            id: user.id.clone(),
            label: user.label.clone(),
            role: role_word(user.role).to_owned(),
            unit: user.unit.clone(),
            area: area_list(&user.area),
            city: if user.area == Area::City { "1".into() } else { String::new() },
            from: day(user.valid_from),
            to: day(user.valid_to),
            active: if user.active { "1".into() } else { String::new() },
            login: String::new(),
        }
    }

    /// The user, or which field is wrong and why.
    fn user(&self, app: &App, l: Locale, id: &str) -> Result<User, (&'static str, String)> {
        let day = |name: &'static str, text: &str| match text.trim() {
            "" => Ok(None),
            text => typed_day(text).map(Some).ok_or_else(|| (name, l.t("access-wrong-day"))),
        };
        let area = if self.city == "1" {
            Area::City
        } else {
            let wrong = |word: String| ("dia-ban", l.t_args("access-wrong-commune", &[("word", word.into())]));
            Area::Communes(communes(app, &self.area).map_err(wrong)?)
        };
        Ok(User {
            id: id.to_owned(),
            label: self.label.trim().to_owned(),
            role: role_from_word(&self.role).ok_or_else(|| ("vai-tro", l.t("access-wrong-role")))?,
            unit: self.unit.clone(),
            area,
            active: self.active == "1",
            valid_from: day("tu", &self.from)?,
            valid_to: day("den", &self.to)?,
        })
    }
}

/// `GET /nguoi-dung/moi`.
pub(crate) async fn form(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "units")).await?;
    let typed = Typed { active: "1".into(), ..Typed::default() };
    Ok(Shown::page(new_page(&app, &viewer, &typed, None).await?, audited))
}

/// `POST /nguoi-dung/moi`: the user, and with a login the first one-time code.
pub(crate) async fn add(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let id = typed.id.trim().to_lowercase();
    let there = app.desk.accounts(&viewer.scope).await.map_err(PageError::desk)?.iter().any(|account| account.user.id == id);
    let made = match typed.user(&app, l, &id) {
        Err(wrong) => Err(wrong),
        Ok(_) if there => Err(("ma-so", l.t("access-wrong-id-taken"))),
        Ok(user) => put(&app, &viewer, &user).await?,
    };
    if let Err(wrong) = made {
        let html = new_page(&app, &viewer, &typed, Some(wrong)).await?;
        return Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()));
    }
    if typed.login.trim().is_empty() {
        return Ok(go(&format!("{USERS}/{id}")));
    }
    give_code(&app, &single, &viewer, &id, Some(&typed.login)).await
}

/// `GET /nguoi-dung/{user}`.
pub(crate) async fn show(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "user").object(id.as_str())).await?;
    let account = account(&app, &viewer, &id).await?;
    let typed = Typed::of(&account.user, app.locale(&viewer));
    Ok(Shown::page(page(&app, &single, &viewer, &account, &typed, None, None).await?, audited))
}

/// `POST /nguoi-dung/{user}`.
pub(crate) async fn change(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, PageError> {
    let account = account(&app, &viewer, &id).await?;
    let changed = match typed.user(&app, app.locale(&viewer), &id) {
        Err(wrong) => Err(wrong),
        Ok(user) => put(&app, &viewer, &user).await?,
    };
    match changed {
        Ok(()) => Ok(go(&format!("{USERS}/{id}"))),
        Err(wrong) => {
            let html = page(&app, &single, &viewer, &account, &typed, Some(wrong), None).await?;
            Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()))
        }
    }
}

/// The name to sign in with; empty to keep the one there is.
#[derive(Debug, Deserialize)]
pub(crate) struct Login {
    #[serde(rename = "dang-nhap", default)]
    login: String,
}

/// `POST /nguoi-dung/{user}/ma`: a one-time code, shown this once. Ends sessions, takes the password and the second factor away.
pub(crate) async fn reset(
    State(app): State<App>,
    Extension(single): Extension<Single>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(given): Form<Login>,
) -> Result<Response, PageError> {
    let login = Some(given.login.as_str()).filter(|login| !login.trim().is_empty());
    give_code(&app, &single, &viewer, &id, login).await
}

/// `POST /nguoi-dung/{user}/phien`.
pub(crate) async fn end_sessions(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Response, PageError> {
    account(&app, &viewer, &id).await?;
    app.desk.end_sessions_of(&viewer.scope, &id).await.map_err(PageError::desk)?;
    Ok(go(&format!("{USERS}/{id}")))
}

/// The page of a user with what was wrong at a field.
pub(crate) async fn refused(app: &App, single: &Single, viewer: &Viewer, id: &str, wrong: Wrong) -> Result<Response, PageError> {
    let account = account(app, viewer, id).await?;
    let typed = Typed::of(&account.user, app.locale(viewer));
    let html = page(app, single, viewer, &account, &typed, Some(wrong), None).await?;
    Ok(no_data((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response()))
}

async fn account(app: &App, viewer: &Viewer, id: &str) -> Result<Account, PageError> {
    let accounts = app.desk.accounts(&viewer.scope).await.map_err(PageError::desk)?;
    accounts.into_iter().find(|account| account.user.id == id).ok_or(PageError::NotFound)
}

pub(crate) type Wrong = (&'static str, String);

/// Puts the user in; what the desk refuses stands at its field.
async fn put(app: &App, viewer: &Viewer, user: &User) -> Result<Result<(), Wrong>, PageError> {
    let l = app.locale(viewer);
    match app.desk.put_user(&viewer.scope, user).await {
        Ok(()) => Ok(Ok(())),
        Err(DeskError::Invalid { field, .. }) => Ok(Err(match field {
            "valid_to" => ("den", l.t("access-wrong-days")),
            "role" => ("vai-tro", l.t("access-wrong-role")),
            "label" => ("ten", l.t("access-wrong-label")),
            _ => ("ma-so", l.t("access-wrong-id")),
        })),
        Err(DeskError::NotFound { .. }) => Ok(Err(("co-quan", l.t("access-wrong-unit")))),
        Err(error) => Err(PageError::desk(error)),
    }
}

async fn give_code(app: &App, single: &Single, viewer: &Viewer, id: &str, login: Option<&str>) -> Result<Response, PageError> {
    let l = app.locale(viewer);
    let given = match app.desk.reset_account(&viewer.scope, id, login).await {
        Ok(code) => Ok(code),
        Err(DeskError::Invalid { .. }) => Err(("dang-nhap", l.t("access-wrong-login"))),
        Err(error) => return Err(PageError::desk(error)),
    };
    let account = account(app, viewer, id).await?;
    let typed = Typed::of(&account.user, l);
    let (code, wrong) = match given {
        Ok(code) => (Some(code), None),
        Err(wrong) => (None, Some(wrong)),
    };
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let html = page(app, single, viewer, &account, &typed, wrong, code.as_ref()).await?;
    Ok(no_data((status, Html(html)).into_response()))
}

async fn new_page(app: &App, viewer: &Viewer, typed: &Typed, wrong: Option<Wrong>) -> Result<String, PageError> {
    let l = app.locale(viewer);
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let mut all = vec![Field::new("ma-so", l.t("access-id"), Control::Text).value(&typed.id).hint(l.t("access-id-hint"))];
    all.extend(fields(l, typed, &units));
    all.push(
        Field::new("dang-nhap", l.t("access-login"), Control::Text).value(&typed.login).hint(l.t("access-login-hint")).optional(),
    );
    let body = with_errors(l, all, wrong, USERS, "/nguoi-dung/moi", &l.t("access-user-add"));
    let mut page = app.page(viewer, "/nguoi-dung/moi", l.t("access-user-new"));
    page.crumbs = vec![Link::new(l.t("access-users-title"), USERS)];
    page.here = l.t("access-user-new");
    page.body = tag("div").class("narrow").child(body).html();
    Ok(page.render(l))
}

async fn page(
    app: &App,
    single: &Single,
    viewer: &Viewer,
    account: &Account,
    typed: &Typed,
    wrong: Option<Wrong>,
    code: Option<&OneTimeCode>,
) -> Result<String, PageError> {
    let l = app.locale(viewer);
    let units = app.desk.units(&viewer.scope).await.map_err(PageError::desk)?;
    let path = format!("{USERS}/{}", account.user.id);
    let (login_wrong, subject_wrong, wrong) = match wrong {
        Some(("dang-nhap", text)) => (Some(text), None, None),
        Some(("dinh-danh", text)) => (None, Some(text), None),
        other => (None, None, other),
    };
    let left = with_errors(l, fields(l, typed, &units), wrong, USERS, &path, &l.t("access-save"));
    let right = tag("div")
        .class("grid")
        .child(standing(app, l, account))
        .child(binding::panel(l, single, account, subject_wrong))
        .child(code_panel(l, account, &path, login_wrong))
        .html();
    let shown = code.map(|code| code_note(l, code)).unwrap_or_default();
    let mut page = app.page(viewer, &path, account.user.label.clone());
    page.crumbs = vec![Link::new(l.t("access-users-title"), USERS)];
    page.here = account.user.label.clone();
    page.body = shown.then(columns(Columns::MainSide, [left, right]));
    Ok(page.render(l))
}

fn fields(l: Locale, typed: &Typed, units: &[Unit]) -> Vec<Field> {
    let roles = Role::ALL.into_iter().filter(|role| role.is_of_a_person());
    let roles = roles.map(|role| Choice::new(role_word(role), words::role(l, role), typed.role == role_word(role))).collect();
    let units = units.iter().map(|unit| Choice::new(unit.id.as_str(), unit.name.as_str(), typed.unit == unit.id)).collect();
    vec![
        Field::new("ten", l.t("access-label"), Control::Text).value(&typed.label).hint(l.t("access-label-hint")),
        Field::new("vai-tro", l.t("app-role-column-role"), Control::Select(roles)),
        Field::new("co-quan", l.t("app-role-column-unit"), Control::Select(units)),
        Field::new("toan-thanh-pho", l.t("access-area-city"), Control::Tick).value(&typed.city),
        Field::new("dia-ban", l.t("access-area"), Control::Lines).value(&typed.area).hint(l.t("access-area-hint")).optional(),
        Field::new("tu", l.t("access-valid-from"), Control::Date).value(&typed.from).optional(),
        Field::new("den", l.t("access-valid-to"), Control::Date).value(&typed.to).optional(),
        Field::new("dang-lam", l.t("access-active"), Control::Tick).value(&typed.active),
    ]
}

fn with_errors(l: Locale, mut fields: Vec<Field>, wrong: Option<Wrong>, back: &str, action: &str, save: &str) -> SafeHtml {
    if let Some((name, text)) = wrong
        && let Some(field) = fields.iter_mut().find(|field| field.name == name)
    {
        field.error = Some(text);
    }
    let form = web::component::Form {
        action: action.to_owned(),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![
            Button::submit(save, ButtonKind::Primary).busy(l.t("access-saving")),
            Button::link(l.t("access-cancel"), back, ButtonKind::Default),
        ],
    };
    ErrorSummary::of(&fields).html(l).then(Panel::new("", form.html()))
}

fn standing(app: &App, l: Locale, account: &Account) -> SafeHtml {
    let text = |text: &str| SafeHtml::text(text);
    let items = vec![
        (l.t("access-id"), text(&account.user.id)),
        (l.t("access-login"), text(account.login.as_deref().unwrap_or("—"))),
        (l.t("access-state"), users::state(l, account, app.today()).html()),
    ];
    let end = web::component::Form {
        action: format!("{USERS}/{}/phien", account.user.id),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::default(),
        buttons: vec![Button::submit(l.t("access-user-end-sessions"), ButtonKind::Default)],
    };
    Panel::new(l.t("access-state"), definition_list(false, items).then(end.html())).html()
}

fn code_panel(l: Locale, account: &Account, path: &str, wrong: Option<String>) -> SafeHtml {
    let login = Field::new("dang-nhap", l.t("access-login"), Control::Text).value(account.login.as_deref().unwrap_or_default());
    let form = web::component::Form {
        action: format!("{path}/ma"),
        reads: false,
        hidden: Vec::new(),
        body: login.error(wrong).html(l),
        buttons: vec![Button::submit(l.t("access-code-give"), ButtonKind::Danger)],
    };
    Panel::new(l.t("access-code-title"), paragraph(SafeHtml::text(&l.t("access-code-about"))).then(form.html())).html()
}

fn code_note(l: Locale, code: &OneTimeCode) -> SafeHtml {
    let until = words::moment(l, code.until);
    let values = [("login", code.login.as_str().into()), ("until", until.as_str().into())];
    let shown = tag("p").child(tag("code").class("secret").text(&code.code)).html();
    note(NoteKind::Info, &l.t("access-code-new"), shown.then(paragraph(SafeHtml::text(&l.t_args("access-code-tell", &values)))))
}
