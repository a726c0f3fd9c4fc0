//! `GET /nhat-ky/mo-khan-cap`: who opened whom in an emergency, or a protected visit, and why; who looks after personal data writes down what a review found.
//! Below, for them, what administrators did with accounts of people who may open people's data.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, AuditEvent, BreakGlass, Permission, ProtectedOpening, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Column, Control, Field, Link, NoteKind, Panel, Row, Status, Table, empty_state, note,
};
use web::{Locale, SafeHtml};

use crate::shell::go;
use crate::{GLASS, LOG, log, words};

/// Openings on the page: those that wait come first, so none of them is beyond it for long.
const MOST: i64 = 200;

/// `GET /nhat-ky/mo-khan-cap`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ReadAudit, "break_glass")).await?;
    let glasses = app.desk.glasses(&viewer.scope, MOST).await.map_err(PageError::desk)?;
    let openings = app.desk.protected_openings(&viewer.scope, MOST).await.map_err(PageError::desk)?;
    let accounts = app.desk.account_events(&viewer.scope, MOST).await.map_err(PageError::desk)?;
    let of_glasses = glasses.iter().flat_map(|glass| [Some(glass.actor.as_str()), glass.reviewed_by.as_deref()]);
    let of_openings = openings.iter().flat_map(|one| [Some(one.actor.as_str()), one.reviewed_by.as_deref()]);
    let of_accounts = accounts.iter().flat_map(|event| [Some(event.actor.as_str()), event.object_id.as_deref()]);
    let people: BTreeSet<&str> = of_glasses.chain(of_openings).chain(of_accounts).flatten().collect();
    let labels = app.desk.user_labels(&viewer.scope, &people).await.map_err(PageError::desk)?;
    let who = |id: &str| labels.get(id).map_or_else(|| id.to_owned(), |known| format!("{}, {}", known.label, known.unit_name));
    let reviews = desk::may(&viewer.scope, Permission::ReviewBreakGlass);
    let head = vec![
        Column::text(l.t("access-log-at")),
        Column::text(l.t("access-log-who")),
        Column::text(l.t("access-glass-person")),
        Column::text(l.t("access-glass-reason")),
        Column::text(l.t("access-glass-review")),
    ];
    let now = (app.clock)();
    let rows = glasses.iter().map(|glass| {
        let over = glass.ended_at.unwrap_or(glass.until).min(glass.until);
        let key = if over > now { "access-glass-open" } else { "access-glass-over" };
        let until = l.t_args(key, &[("until", words::moment(l, over).as_str().into())]);
        let object = format!("P{}", glass.person);
        Row::new(vec![
            Cell::text(words::moment(l, glass.opened_at)).note(until),
            Cell::text(who(&glass.actor)),
            Cell::link(&object, log::of_object(&app, &viewer, &object)),
            Cell::text(&glass.reason),
            Cell::html(reviewed(l, &viewer, &Review::of_person(glass), reviews, who)),
        ])
    });
    let empty = empty_state(&l.t("access-glass-none"), "", None);
    let table = Table::new("mo-khan-cap", l.t("access-glass-title"), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, GLASS, l.t("access-glass-title"));
    page.crumbs = vec![Link::new(l.t("access-log-title"), LOG)];
    page.here = l.t("access-glass-title");
    page.facts = SafeHtml::text(&l.t("access-glass-intro"));
    page.table_id = "mo-khan-cap".into();
    let visits = protected_table(&app, l, &viewer, &openings, now, reviews, who);
    page.body = Panel::flush(l.t("access-glass-title"), table).html().then(visits);
    if reviews {
        page.body.push(accounts_table(&app, &viewer, &accounts, who));
    }
    Ok(Shown::page(page.render(l), audited))
}

/// Openings of protected visits.
fn protected_table(
    app: &App,
    l: Locale,
    viewer: &Viewer,
    openings: &[ProtectedOpening],
    now: i64,
    reviews: bool,
    who: impl Fn(&str) -> String + Copy,
) -> SafeHtml {
    let head = vec![
        Column::text(l.t("access-log-at")),
        Column::text(l.t("access-log-who")),
        Column::text(l.t("access-protected-visit")),
        Column::text(l.t("access-glass-reason")),
        Column::text(l.t("access-glass-review")),
    ];
    let rows = openings.iter().map(|one| {
        let key = if one.until > now { "access-glass-open" } else { "access-glass-over" };
        let until = l.t_args(key, &[("until", words::moment(l, one.until).as_str().into())]);
        let object = format!("V{}", one.visit);
        Row::new(vec![
            Cell::text(words::moment(l, one.opened_at)).note(until),
            Cell::text(who(&one.actor)),
            Cell::link(&object, log::of_object(app, viewer, &object)).note(&one.facility),
            Cell::text(&one.reason),
            Cell::html(reviewed(l, viewer, &Review::of_visit(one), reviews, who)),
        ])
    });
    let empty = empty_state(&l.t("access-glass-none"), "", None);
    let title = l.t("access-protected-title");
    let table = Table::new("ho-so-bao-ve", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("access-protected-intro"))).html()
}

/// What administrators did with accounts, newest first.
fn accounts_table(app: &App, viewer: &Viewer, accounts: &[AuditEvent], who: impl Fn(&str) -> String + Copy) -> SafeHtml {
    let l = app.locale(viewer);
    let head = vec![
        Column::text(l.t("access-log-at")),
        Column::text(l.t("access-log-who")),
        Column::text(l.t("access-log-action")),
        Column::text(l.t("access-accounts-user")),
        Column::text(l.t("access-log-detail")),
    ];
    let rows = accounts.iter().map(|event| {
        let user = event.object_id.as_deref().unwrap_or_default();
        Row::new(vec![
            Cell::text(words::moment(l, event.at)).note(format!("№ {}", event.seq)),
            Cell::text(who(&event.actor)),
            Cell::text(log::action(l, &event.action)),
            Cell::link(who(user), log::of_object(app, viewer, user)),
            Cell::text(log::detail(event)),
        ])
    });
    let empty = empty_state(&l.t("access-accounts-none"), "", None);
    let title = l.t("access-accounts-title");
    let table = Table::new("tai-khoan-da-lap", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("access-accounts-intro"))).html()
}

/// What the review of an opening needs to know, of whatever kind it is.
struct Review<'o> {
    id: &'o str,
    actor: &'o str,
    action: String,
    done: Option<(&'o str, i64, &'o str)>,
}

impl<'o> Review<'o> {
    fn of_person(glass: &'o BreakGlass) -> Self {
        let done = glass.reviewed_by.as_deref().zip(glass.reviewed_at).zip(glass.review.as_deref());
        let done = done.map(|((by, at), review)| (by, at, review));
        Self { id: &glass.id, actor: &glass.actor, action: format!("{GLASS}/{}", glass.id), done }
    }

    fn of_visit(one: &'o ProtectedOpening) -> Self {
        let done = one.reviewed_by.as_deref().zip(one.reviewed_at).zip(one.review.as_deref());
        let done = done.map(|((by, at), review)| (by, at, review));
        Self { id: &one.id, actor: &one.actor, action: format!("{GLASS}/ho-so/{}", one.id), done }
    }
}

fn reviewed(l: Locale, viewer: &Viewer, opening: &Review, reviews: bool, who: impl Fn(&str) -> String) -> SafeHtml {
    if let Some((by, at, review)) = opening.done {
        let at = words::moment(l, at);
        let values = [("who", who(by).into()), ("at", at.into()), ("review", review.into())];
        return SafeHtml::text(&l.t_args("access-glass-reviewed", &values));
    }
    if !reviews || opening.actor == viewer.scope.actor.0 {
        return Status::warn(l.t_args("access-glass-waiting", &[("n", 1.into())])).html();
    }
    let field = Field::new(format!("xem-xet-{}", opening.id), l.t("access-glass-review"), Control::Lines);
    web::component::Form {
        action: opening.action.clone(),
        reads: false,
        hidden: Vec::new(),
        body: field.html(l),
        buttons: vec![Button::submit(l.t("access-glass-save"), ButtonKind::Primary)],
    }
    .html()
}

/// `POST /nhat-ky/mo-khan-cap/{glass}`. The field bears the opening's id, so that each on the page has a label of its own.
pub(crate) async fn review(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let review = given.get(&format!("xem-xet-{id}")).cloned().unwrap_or_default();
    app.desk.review_glass(&viewer.scope, &id, &review).await.map_err(PageError::desk)?;
    Ok(go(GLASS))
}

/// `POST /nhat-ky/mo-khan-cap/ho-so/{opening}`: the review of an opening of a protected visit.
pub(crate) async fn review_visit(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Form(given): Form<BTreeMap<String, String>>,
) -> Result<Response, PageError> {
    let review = given.get(&format!("xem-xet-{id}")).cloned().unwrap_or_default();
    app.desk.review_protected_opening(&viewer.scope, &id, &review).await.map_err(PageError::desk)?;
    Ok(go(GLASS))
}

/// How many wait, for who reviews them; nothing when none does.
pub(crate) async fn waiting(app: &App, viewer: &Viewer) -> Result<SafeHtml, PageError> {
    let people = app.desk.glasses_waiting(&viewer.scope).await.map_err(PageError::desk)?;
    let n = people + app.desk.protected_openings_waiting(&viewer.scope).await.map_err(PageError::desk)?;
    if n == 0 {
        return Ok(SafeHtml::default());
    }
    let l = app.locale(viewer);
    let link = Link::new(l.t_args("access-glass-waiting", &[("n", n.into())]), GLASS);
    Ok(note(NoteKind::Caution, "", link.html()))
}
