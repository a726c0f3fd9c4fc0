//! `GET /nhat-ky/mo-khan-cap`: who opened whom in an emergency and why; who looks after personal data writes down what a review found.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Form};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, BreakGlass, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Column, Control, Field, Link, NoteKind, Panel, Row, Status, Table, empty_state, note,
};
use web::{Locale, SafeHtml};

use crate::shell::go;
use crate::{GLASS, LOG, words};

/// Openings on the page: those that wait come first, so none of them is beyond it for long.
const MOST: i64 = 200;

/// `GET /nhat-ky/mo-khan-cap`.
pub(crate) async fn show(State(app): State<App>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ReadAudit, "break_glass")).await?;
    let glasses = app.desk.glasses(&viewer.scope, MOST).await.map_err(PageError::desk)?;
    let people: BTreeSet<&str> =
        glasses.iter().flat_map(|glass| [Some(glass.actor.as_str()), glass.reviewed_by.as_deref()]).flatten().collect();
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
            Cell::link(&object, format!("{LOG}?doi-tuong={object}")),
            Cell::text(&glass.reason),
            Cell::html(reviewed(l, &viewer, glass, reviews, who)),
        ])
    });
    let empty = empty_state(&l.t("access-glass-none"), "", None);
    let table = Table::new("mo-khan-cap", l.t("access-glass-title"), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, GLASS, l.t("access-glass-title"));
    page.crumbs = vec![Link::new(l.t("access-log-title"), LOG)];
    page.here = l.t("access-glass-title");
    page.facts = SafeHtml::text(&l.t("access-glass-intro"));
    page.table_id = "mo-khan-cap".into();
    page.body = Panel::flush(l.t("access-glass-title"), table).html();
    Ok(Shown::page(page.render(l), audited))
}

fn reviewed(l: Locale, viewer: &Viewer, glass: &BreakGlass, reviews: bool, who: impl Fn(&str) -> String) -> SafeHtml {
    if let (Some(by), Some(at), Some(review)) = (&glass.reviewed_by, glass.reviewed_at, &glass.review) {
        let at = words::moment(l, at);
        let values = [("who", who(by).into()), ("at", at.into()), ("review", review.as_str().into())];
        return SafeHtml::text(&l.t_args("access-glass-reviewed", &values));
    }
    if !reviews || glass.actor == viewer.scope.actor.0 {
        return Status::warn(l.t_args("access-glass-waiting", &[("n", 1.into())])).html();
    }
    let field = Field::new(format!("xem-xet-{}", glass.id), l.t("access-glass-review"), Control::Lines);
    web::component::Form {
        action: format!("{GLASS}/{}", glass.id),
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

/// How many wait, for who reviews them; nothing when none does.
pub(crate) async fn waiting(app: &App, viewer: &Viewer) -> Result<SafeHtml, PageError> {
    let n = app.desk.glasses_waiting(&viewer.scope).await.map_err(PageError::desk)?;
    if n == 0 {
        return Ok(SafeHtml::default());
    }
    let l = app.locale(viewer);
    let link = Link::new(l.t_args("access-glass-waiting", &[("n", n.into())]), GLASS);
    Ok(note(NoteKind::Caution, "", link.html()))
}
