//! `GET /hang-gui-di`: how the outbox stands, by receiver, and what was given up; for who manages the system.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, DeadDelivery, ReadEvent, ReceiverState};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Form, NoteKind, Panel, Row, Status, Table, columns, empty_state, note,
};
use web::{Locale, SafeHtml};

use super::case::clock;
use super::go;
use crate::Office;

/// Path of the page.
pub(crate) const OUTBOX: &str = "/hang-gui-di";

/// `GET /hang-gui-di`.
pub(super) async fn show(State(office): State<Office>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let (receivers, dead) = app.desk.outbox(&viewer.scope).await.map_err(PageError::desk)?;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "outbox").count("rows", dead.len() as i64)).await?;
    let mut page = app.page(&viewer, OUTBOX, l.t("outbox-title"));
    page.facts = SafeHtml::text(&l.t("outbox-intro"));
    page.table_id = "dung-gui".into();
    let mut blocks = Vec::new();
    if !receivers.iter().any(|receiver| receiver.active) {
        blocks.push(note(NoteKind::Info, &l.t("outbox-off"), SafeHtml::text(&l.t("outbox-off-how"))));
    }
    blocks.push(states(l, &receivers));
    blocks.push(given_up(l, &dead));
    page.body = columns(Columns::One, blocks);
    Ok(Shown::page(page.render(l), audited))
}

fn receiver(l: Locale, name: &str) -> String {
    match name {
        "folder" => l.t("outbox-receiver-folder"),
        "document-office" => l.t("outbox-receiver-document-office"),
        other => other.to_owned(),
    }
}

fn states(l: Locale, receivers: &[ReceiverState]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("outbox-receiver")),
        Column::text(l.t("outbox-state")),
        Column::number(l.t("outbox-waiting"), ""),
        Column::number(l.t("outbox-done"), ""),
        Column::number(l.t("outbox-dead"), ""),
    ];
    let rows = receivers.iter().map(|one| {
        let state = match (one.active, one.dead) {
            (false, _) => Status::neutral(l.t("outbox-inactive")),
            (true, 0) => Status::ok(l.t("outbox-active")),
            (true, _) => Status::bad(l.t("outbox-stuck")),
        };
        Row::new(vec![
            Cell::text(receiver(l, &one.name)),
            Cell::html(state.html()),
            Cell::number(l, one.waiting),
            Cell::number(l, one.done),
            Cell::figure(l.number(one.dead), "#dung-gui"),
        ])
    });
    let empty = empty_state(&l.t("outbox-nobody"), &l.t("outbox-off-how"), None);
    let title = l.t("outbox-receivers");
    Panel::flush(title.clone(), Table::new("noi-nhan", title, head).rows(rows).empty(empty).html(l)).html()
}

fn given_up(l: Locale, dead: &[DeadDelivery]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("outbox-when")),
        Column::text(l.t("outbox-what")),
        Column::text(l.t("outbox-receiver")),
        Column::number(l.t("outbox-attempts"), ""),
        Column::text(l.t("outbox-failed")),
        Column::text(l.t("outbox-again")).hidden(),
    ];
    let rows = dead.iter().map(|one| {
        let form = Form {
            action: format!("{OUTBOX}/gui-lai"),
            reads: false,
            hidden: vec![("muc".into(), one.event.id.clone()), ("noi-nhan".into(), one.receiver.clone())],
            body: SafeHtml::default(),
            buttons: vec![Button::submit(l.t("outbox-again"), ButtonKind::Quiet)],
        };
        let (day, time) = clock(one.event.at);
        let when = day.map_or_else(|| time.clone(), |day| format!("{} {time}", l.date(day)));
        let what = l.t(&format!("outbox-kind-{}", one.event.kind.as_str().replace('_', "-")));
        Row::new(vec![
            Cell::text(when),
            Cell::text(what).note(&one.event.id),
            Cell::text(receiver(l, &one.receiver)),
            Cell::number(l, one.attempts),
            Cell::text(&one.failed),
            Cell::html(form.html()),
        ])
    });
    let empty = empty_state(&l.t("outbox-no-dead"), &l.t("outbox-no-dead-why"), None);
    let title = l.t("outbox-dead-title");
    let table = Table::new("dung-gui", title.clone(), head).rows(rows).empty(empty).html(l);
    Panel::flush(title, table).foot(SafeHtml::text(&l.t("outbox-dead-what"))).html()
}

/// What the button sends.
#[derive(Debug, Deserialize)]
pub(super) struct Again {
    #[serde(rename = "muc")]
    event: String,
    #[serde(rename = "noi-nhan")]
    receiver: String,
}

/// `POST /hang-gui-di/gui-lai`.
pub(super) async fn again(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Again>,
) -> Result<Response, PageError> {
    office.app.desk.outbox_again(&viewer.scope, &sent.event, &sent.receiver).await.map_err(PageError::desk)?;
    Ok(go(OUTBOX))
}
