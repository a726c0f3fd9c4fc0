//! `GET /du-lieu/{batch}`: one file, how it was read, what was refused, what it replaces.

use axum::Extension;
use axum::extract::{Path, Query, State};
use book::{BatchRecord, replaced_by};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Link, NoteKind, Panel, Row, Status, Table, audit_note, columns, definition_list,
    note,
};
use web::{Locale, SafeHtml, tag};

use super::{DATA, PeriodQuery, Received, overview, parts};
use crate::pages::Pages;

/// Refused rows shown on the page; all of them are in the file.
const SHOWN: usize = 100;

/// `GET /du-lieu/{batch}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    super::require(&viewer)?;
    let received = super::received(app, &query)?;
    let batch = received.batch(&id).ok_or(PageError::NotFound)?;
    let shown = batch.quarantined.min(SHOWN as u64) as i64;
    let event = ReadEvent::new(AuditAction::ViewRows, "batch").object(batch.id.as_str()).count("rows", shown);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, &super::batch_href(batch), batch.file_name.clone());
    if batch.quarantined > 0 && desk::may(&viewer.scope, Permission::Export) {
        let of = |kind: &str| format!("{DATA}/{}/tra-lai.{kind}?ky={}", batch.id, batch.period);
        page.actions.push(Button::link(l.t("coverage-batch-download-xlsx"), of("xlsx"), ButtonKind::Default));
        page.actions.push(Button::link(l.t("coverage-batch-download"), of("csv"), ButtonKind::Default));
        if received.counts(batch) {
            let send = format!("{DATA}/gui?ky={}&sua={}", batch.period, batch.id);
            page.actions.push(Button::link(l.t("coverage-batch-send-mended"), send, ButtonKind::Primary));
        }
    }
    page.crumbs = vec![Link::new(l.t("coverage-data-title"), format!("{DATA}?ky={}", batch.period))];
    page.here = l.t("coverage-batch-here");
    let main =
        SafeHtml::concat([standing(l, &received, batch), replaces(l, &received, batch), refused(app, l, &received, batch)?]);
    page.body = columns(
        Columns::MainSide,
        [tag("div").class("grid").child(main).html(), tag("div").class("grid").child(side(app, l, &received, batch)).html()],
    );
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-batch-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// Whether the batch counts; what stands for it now.
fn standing(l: Locale, received: &Received, batch: &BatchRecord) -> SafeHtml {
    let Some(new) = replaced_by(&received.all, &batch.id) else { return SafeHtml::default() };
    let mut body = tag("p").text(&l.t("coverage-batch-replaced-text")).html();
    body.push(tag("p").child(Link::new(new.file_name.clone(), super::batch_href(new))).text(&format!(" ({})", new.id)));
    let used = match received.run_of(batch) {
        Some(run) => l.t_args("coverage-batch-replaced-used", &[("run", run.id.as_str().into())]),
        None => l.t("coverage-batch-replaced-unused"),
    };
    body.push(tag("p").class("small").text(&used));
    let mut out = note(NoteKind::Caution, &l.t("coverage-batch-replaced"), body);
    if let Some(r) = new.replaces.iter().find(|r| r.batch == batch.id) {
        let table = parts::changes_table(l, "thay-doi", batch, new, &r.changes);
        out.push(Panel::new(l.t("coverage-change-title"), table).html());
    }
    out
}

/// What the batch itself stands for, old and new side by side.
fn replaces(l: Locale, received: &Received, batch: &BatchRecord) -> SafeHtml {
    let tables = batch.replaces.iter().enumerate().filter_map(|(at, r)| {
        let old = received.batch(&r.batch)?;
        let table = parts::changes_table(l, &format!("thay-{}", at + 1), old, batch, &r.changes);
        Some(Panel::new(l.t("coverage-batch-replaces"), table).html())
    });
    SafeHtml::concat(tables)
}

fn side(app: &App, l: Locale, received: &Received, batch: &BatchRecord) -> SafeHtml {
    let facts = definition_list(
        false,
        [
            (l.t("coverage-column-roster"), SafeHtml::text(&parts::roster_title(app, l, &batch.roster))),
            (l.t("coverage-data-period"), SafeHtml::text(&l.month(batch.period))),
            (l.t("coverage-column-layout"), SafeHtml::text(&batch.layout)),
            (l.t("coverage-batch-id"), SafeHtml::text(&batch.id)),
            (l.t("coverage-column-used"), overview::used(l, received, batch).html()),
        ],
    );
    let mut out = Panel::new(l.t("coverage-batch-facts"), facts.then(parts::counts(l, batch))).html();
    if !batch.refused.is_empty() {
        out.push(Panel::new(l.t("coverage-batch-reasons"), parts::reason_lines(l, batch)).html());
    }
    out.push(columns_told(app, l, batch));
    if let Some(mended) = &batch.mends
        && let Some(first) = received.batch(&mended.batch)
    {
        let n = mended.rows.len() as i64;
        let words = tag("p").text(&l.t_args("coverage-batch-mends-text", &[("n", n.into())])).html();
        let link = tag("p").child(Link::new(first.file_name.clone(), super::batch_href(first))).html();
        out.push(note(NoteKind::Info, &l.t("coverage-batch-mends"), words.then(link)));
    }
    out
}

/// Columns that were dropped, each by name, and columns the layout knows that the file does not have.
pub(crate) fn columns_told(app: &App, l: Locale, batch: &BatchRecord) -> SafeHtml {
    let mut out = agreed(l, batch);
    let count = |n: usize| [("n", (n as i64).into())];
    if !batch.unknown_columns.is_empty() {
        let body = tag("p").text(&batch.unknown_columns.join(", ")).html();
        let why = tag("p").class("small").text(&l.t("coverage-batch-dropped-why")).html();
        let title = l.t_args("coverage-batch-dropped", &count(batch.unknown_columns.len()));
        out.push(note(NoteKind::Info, &title, body.then(why)));
    }
    if !batch.missing_columns.is_empty() {
        let layouts = app.shelf.layouts();
        let layout = layouts.newest(&batch.roster);
        let called = |name: &String| {
            let field = layout.and_then(|layout| layout.field(name));
            field.and_then(|f| f.headers.first()).unwrap_or(name).clone()
        };
        let names: Vec<String> = batch.missing_columns.iter().map(called).collect();
        let title = l.t_args("coverage-batch-missing", &count(names.len()));
        out.push(note(NoteKind::Info, &title, tag("p").text(&names.join(", "))));
    }
    out
}

/// Under which agreements it came in, and what they left out.
fn agreed(l: Locale, batch: &BatchRecord) -> SafeHtml {
    let Some(agreed) = &batch.agreed else {
        return note(
            NoteKind::Caution,
            &l.t("coverage-batch-no-agreement"),
            SafeHtml::text(&l.t("coverage-batch-no-agreement-why")),
        );
    };
    let links = agreed.agreements.iter().map(|agreement| {
        tag("p").child(Link::new(agreement.number.clone(), format!("/du-lieu-ca-nhan/thoa-thuan/{}", agreement.id))).html()
    });
    let mut body = SafeHtml::concat(links);
    if agreed.dropped.is_empty() {
        return note(NoteKind::Info, &l.t("coverage-batch-agreed"), body);
    }
    let cells = |(header, n): (&String, &u64)| {
        l.t_args("coverage-batch-outside-column", &[("column", header.as_str().into()), ("n", (*n as i64).into())])
    };
    body.push(tag("ul").children(agreed.dropped.iter().map(|column| tag("li").text(&cells(column)))).html());
    body.push(tag("p").class("small").text(&l.t("coverage-batch-dropped-why")).html());
    note(NoteKind::Info, &l.t_args("coverage-batch-outside", &[("n", (agreed.dropped.len() as i64).into())]), body)
}

fn refused(app: &App, l: Locale, received: &Received, batch: &BatchRecord) -> Result<SafeHtml, PageError> {
    if batch.quarantined == 0 {
        let whole = Status::ok(l.t("coverage-batch-whole")).html();
        return Ok(Panel::new(l.t("coverage-batch-refused"), whole).html());
    }
    let rejects = crate::pages::rejects::of_batch(app, batch)?;
    let mended = received.mended_rows(batch);
    let head = vec![
        Column::number(l.t("coverage-column-row"), ""),
        Column::text(l.t("coverage-column-column")),
        Column::text(l.t("coverage-column-value")),
        Column::text(l.t("coverage-column-why")),
        Column::text(l.t("coverage-column-state")),
    ];
    let rows = rejects.iter().take(SHOWN).map(|r| {
        let state = if r.row.is_some_and(|row| mended.contains(&row)) {
            Status::ok(l.t("coverage-reject-mended"))
        } else {
            Status::warn(l.t("coverage-reject-waiting"))
        };
        let cells = [&r.source_row, &r.column, &r.value, &r.reason].map(Cell::text);
        Row::new(cells.into_iter().chain([Cell::html(state.html())]).collect())
    });
    let table = Table::new("tra-lai", l.t("coverage-batch-refused"), head).rows(rows).html(l);
    let shown = (rejects.len().min(SHOWN) as i64, rejects.len() as i64);
    let foot = l.t_args("coverage-batch-shown", &[("shown", shown.0.into()), ("n", shown.1.into())]);
    Ok(Panel::flush(l.t("coverage-batch-refused"), table).foot(SafeHtml::text(&foot)).html())
}
