//! `ansinh serve`: the portal on this machine.

use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Extension, Form, Router, middleware};
use base::places::Places;
use base::{Area, Purpose, Role, Scope};
use chapter::{App, LANGUAGE_COOKIE, LocalRole, NoData, PageError, ROLE_COOKIE, Setup, Shown, THEME_COOKIE, Viewer, guard_pages};
use desk::{AuditAction, Desk, ReadEvent, Unit, UnitKind, User};
use documents::letter::Letters;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Panel, Row, Status, Table};
use web::{Lang, SafeHtml};

use super::Environment;
use crate::failure::Failure;
use crate::workshop::{Workshop, open_book};

/// What `serve` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Cổng TCP; 0 là cổng trống bất kỳ
    #[arg(long)]
    port: Option<u16>,
    /// Ghi trên mọi trang rằng dữ liệu là dữ liệu mẫu
    #[arg(long)]
    sample: bool,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    serve(environment, arguments.port, arguments.sample)
}

/// Serves until Ctrl-C.
pub fn serve(environment: &Environment, port: Option<u16>, sample_data: bool) -> Result<ExitCode, Failure> {
    let port = match port {
        Some(port) => port,
        None => u16::try_from(environment.config.number("port")?).map_err(|_| Failure::usage("cổng TCP từ 0 đến 65535"))?,
    };
    let shop = Workshop::open(&environment.config.overlays())?;
    let data = environment.config.data();
    let book = open_book(&data)?;
    let texts = shop.texts()?;
    let content = shop.content.clone();
    let plan = coverage::Plan::load(&content.under("plan")).map_err(|e| Failure::of(&e, 3))?;
    let letters = letters(&content)?;
    let shelf = shop.shelf(&data)?;
    let upload_bytes = (environment.config.number("upload_mb")? as u64) << 20;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let roles = runtime.block_on(local_roles(&desk, &shop.places))?;
    let app = App::new(Setup {
        book,
        desk: desk.clone(),
        law: shop.law,
        rules: shop.rules,
        schemas: shop.schemas,
        places: shop.places,
        shelf,
        upload_bytes,
        texts,
        clock: super::run::clock(),
        sample_data,
        roles,
        protection: environment.config.protection(),
        menu,
    });
    runtime.block_on(async move {
        let sealer = tokio::spawn(seal_each_second(desk.clone()));
        let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(|e| Failure::usage(format!("không mở được cổng {port} trên máy này: {e}")))?;
        let address = listener.local_addr().map_err(|e| Failure::internal(e.to_string()))?;
        println!("Cổng đang mở: http://{address} (dừng: Ctrl-C)");
        let stop = async {
            // When the signal cannot be listened for, the server runs until it is killed.
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let served = axum::serve(listener, router(app, &content, plan, letters)).with_graceful_shutdown(stop).await;
        sealer.abort();
        desk.seal().await?;
        desk.close().await;
        served.map_err(|e| Failure::internal(e.to_string()))
    })?;
    Ok(ExitCode::SUCCESS)
}

/// The menu of all chapters; the operation of the system stands last.
fn menu(l: web::Locale, scope: &Scope) -> Vec<web::MenuGroup> {
    let mut groups = coverage::menu(l, scope);
    let place = groups.len().saturating_sub(1);
    groups.splice(place..place, service::menu(l, scope));
    // What waits for somebody stands right under the overview.
    let first = 1.min(groups.len());
    groups.splice(first..first, office::menu(l, scope));
    if let (Some(operation), Some(item)) = (groups.last_mut(), privacy::menu(l, scope)) {
        operation.items.push(item);
    }
    groups
}

/// The templates of letters; all their faults at once.
fn letters(content: &book::Content) -> Result<Letters, Failure> {
    Letters::load(content.under("letters")).map_err(|faults| {
        let said: Vec<String> = faults.iter().map(ToString::to_string).collect();
        Failure::input("letter_template", said.join("\n"))
    })
}

fn router(app: App, content: &book::Content, plan: coverage::Plan, letters: Letters) -> Router {
    let own = Router::new()
        .route("/assets/{name}", get(asset))
        .route("/ngon-ngu", get(language))
        .route("/giao-dien", get(theme))
        .route("/vai-tro", get(roles_page))
        .route("/vai-tro/chon", post(choose_role))
        .route("/muc", get(menu_page))
        .with_state(app.clone());
    coverage::routes(&app, plan, letters)
        .merge(service::routes(&app, content.under("cases/law")))
        .merge(office::routes(&app))
        .merge(privacy::routes(&app))
        .merge(own)
        .fallback(async || PageError::NotFound)
        .layer(middleware::from_fn_with_state(app, guard_pages))
}

/// The sealer: chains what was logged into the audit chain each second.
async fn seal_each_second(desk: Desk) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tick.tick().await;
        if let Err(error) = desk.seal().await {
            eprintln!("niêm phong nhật ký chưa được, sẽ thử lại: {error}");
        }
    }
}

/// Roles of the local portal: the city agency first, then each commune.
async fn local_roles(desk: &Desk, places: &Places) -> Result<Vec<LocalRole>, Failure> {
    let system = Scope::system();
    let agency =
        Unit { id: "bhxh-hn".into(), name: "BHXH thành phố Hà Nội".into(), kind: UnitKind::CityAgency, parent: None };
    let officer = User {
        id: "u-city".into(),
        label: "Cán bộ BHXH thành phố".into(),
        role: Role::CityOfficer,
        unit: agency.id.clone(),
        area: Area::City,
        active: true,
        valid_from: None,
        valid_to: None,
    };
    let mut wanted = vec![(agency, officer)];
    for commune in places.communes() {
        let name = format!("UBND {} {}", commune.kind, commune.name);
        let unit = Unit { id: format!("xa-{}", commune.code), name, kind: UnitKind::Commune, parent: None };
        let staff = User {
            id: format!("u-xa-{}", commune.code),
            label: format!("Công chức {} {}", commune.kind, commune.name),
            role: Role::CommuneStaff,
            unit: unit.id.clone(),
            area: Area::Communes([commune.code.clone()].into()),
            active: true,
            valid_from: None,
            valid_to: None,
        };
        wanted.push((unit, staff));
    }
    let known: std::collections::BTreeSet<String> = desk.users(&system).await?.into_iter().map(|u| u.id).collect();
    let mut roles = Vec::new();
    for (unit, user) in wanted {
        if !known.contains(&user.id) {
            desk.put_unit(&system, &unit).await?;
            desk.put_user(&system, &user).await?;
        }
        let scope = user.scope(Purpose::CoverageReview);
        roles.push(LocalRole { user: user.id, label: user.label, unit_name: unit.name, scope });
    }
    Ok(roles)
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    let Some(asset) = web::assets::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = if headers.get(header::IF_NONE_MATCH).is_some_and(|t| t.as_bytes() == asset.etag.as_bytes()) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        asset.bytes.to_vec().into_response()
    };
    let fixed = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::ETAG, asset.etag.as_str()),
        (header::CACHE_CONTROL, web::assets::CACHE_CONTROL),
    ];
    for (name, value) in fixed {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    }
    response.extensions_mut().insert(NoData);
    response
}

#[derive(Debug, Default, Deserialize)]
struct Switch {
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    back: String,
}

async fn language(Query(switch): Query<Switch>) -> Response {
    let tag = Lang::parse(&switch.lang).unwrap_or(Lang::Vi).tag();
    back_with_cookie(&switch.back, LANGUAGE_COOKIE, tag)
}

async fn theme(Query(switch): Query<Switch>) -> Response {
    let tag = if matches!(switch.theme.as_str(), "light" | "dark") { switch.theme.as_str() } else { "auto" };
    back_with_cookie(&switch.back, THEME_COOKIE, tag)
}

#[derive(Debug, Deserialize)]
struct Chosen {
    user: String,
}

/// Takes a role: written into the audit log as a sign-in.
async fn choose_role(State(app): State<App>, Form(chosen): Form<Chosen>) -> Result<Response, PageError> {
    if !app.roles.iter().any(|r| r.user == chosen.user) {
        return Err(PageError::NotFound);
    }
    app.desk.sign_in(&chosen.user, Purpose::CoverageReview).await.map_err(|e| PageError::inner(&e))?;
    Ok(back_with_cookie("/", ROLE_COOKIE, &chosen.user))
}

/// Sets a cookie and leads back, only ever to a page of this portal.
fn back_with_cookie(back: &str, name: &str, value: &str) -> Response {
    let own = back.starts_with('/') && !back.starts_with("//") && !back.contains('\\') && !back.contains(char::is_control);
    let mut response = Redirect::to(if own { back } else { "/" }).into_response();
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response.extensions_mut().insert(NoData);
    response
}

async fn roles_page(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "roles")).await?;
    let head = vec![
        Column::text(l.t("app-role-column-role")),
        Column::text(l.t("app-role-column-unit")),
        Column::text(l.t("app-role-column-sees")),
        Column::text(l.t("app-role-choose")).hidden(),
    ];
    let rows = app.roles.iter().map(|role| {
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
        let sees = if role.scope.area == Area::City { "app-role-sees-city" } else { "app-role-sees-commune" };
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

/// All menu entries, for narrow screens.
async fn menu_page(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Response {
    let l = app.locale(&viewer);
    let mut page = app.page(&viewer, "/muc", l.t("app-menu-title"));
    page.body = web::menu_links(&page.menu);
    let mut response = axum::response::Html(page.render(l)).into_response();
    response.extensions_mut().insert(NoData);
    response
}
