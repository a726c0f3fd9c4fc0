//! What was received: every file with what was read, stored and refused, and the refused rows.

use axum::Extension;
use axum::extract::{Path, State};
use book::BatchRecord;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Link, NoteKind, Panel, Row, Status, Table, audit_note, columns, definition_list,
    note,
};
use web::{Locale, SafeHtml, tag};

use super::{Pages, words};
use crate::serving::Snapshot;

/// Refused rows shown on the page; all of them are in the file.
const SHOWN: usize = 100;

/// `GET /du-lieu`.
pub(crate) async fn show(State(pages): State<Pages>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let (l, snapshot) = open(&pages, &viewer).await?;
    let app = &pages.app;
    let audited = app.audit(&viewer, ReadEvent::new(AuditAction::ViewRows, "batch").object("all").run(&snapshot.run)).await?;
    let head = vec![
        Column::text(l.t("coverage-column-file")),
        Column::text(l.t("coverage-column-roster")),
        Column::number(l.t("coverage-column-declared"), ""),
        Column::number(l.t("coverage-column-read"), ""),
        Column::number(l.t("coverage-column-stored"), ""),
        Column::number(l.t("coverage-column-refused"), ""),
    ];
    let mut batches: Vec<&BatchRecord> = snapshot.batches.iter().collect();
    batches.sort_by(|a, b| (a.quarantined == 0, &a.roster, &a.file_name).cmp(&(b.quarantined == 0, &b.roster, &b.file_name)));
    let rows = batches.iter().map(|batch| {
        let href = format!("/du-lieu/{}", batch.id);
        Row::new(vec![
            Cell::link(&batch.file_name, &href),
            Cell::text(words::roster(l, &batch.roster)),
            Cell::text(batch.declared.map(|n| l.number(n as i64)).unwrap_or_else(|| "–".into())),
            Cell::number(l, batch.read as i64),
            Cell::number(l, batch.stored as i64),
            Cell::figure(l.number(batch.quarantined as i64), href),
        ])
    });
    let sum = |of: fn(&BatchRecord) -> u64| l.number(batches.iter().map(|b| of(b)).sum::<u64>() as i64);
    let total = vec![
        Cell::text(l.t("coverage-total")),
        Cell::text(""),
        Cell::text(""),
        Cell::text(sum(|b| b.read)),
        Cell::text(sum(|b| b.stored)),
        Cell::text(sum(|b| b.quarantined)),
    ];
    let table = Table::new("tep", l.t("coverage-data-title"), head).rows(rows).total(total).dense().html(l);
    let mut page = app.page(&viewer, "/du-lieu", l.t("coverage-data-title"));
    page.facts = SafeHtml::text(&l.t_args("coverage-data-intro", &[("period", l.month(snapshot.period).as_str().into())]));
    page.table_id = "tep".into();
    page.body = Panel::flush(l.t("coverage-data-panel"), table).foot(SafeHtml::text(&l.t("coverage-data-foot"))).html();
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /du-lieu/{batch}`: one file and its refused rows.
pub(crate) async fn batch(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let (l, snapshot) = open(&pages, &viewer).await?;
    let app = &pages.app;
    let batch = snapshot.batches.iter().find(|b| b.id == id).ok_or(PageError::NotFound)?;
    let shown = batch.quarantined.min(SHOWN as u64) as i64;
    let event = ReadEvent::new(AuditAction::ViewRows, "batch").object(batch.id.as_str()).count("rows", shown).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let declared = batch.declared.map(|n| l.number(n as i64)).unwrap_or_else(|| l.t("coverage-declared-none"));
    let facts = definition_list(
        true,
        [
            (l.t("coverage-column-roster"), SafeHtml::text(&words::roster(l, &batch.roster))),
            (l.t("coverage-column-layout"), SafeHtml::text(&batch.layout)),
            (l.t("coverage-column-declared"), SafeHtml::text(&declared)),
            (l.t("coverage-column-read"), SafeHtml::text(&l.number(batch.read as i64))),
            (l.t("coverage-column-stored"), SafeHtml::text(&l.number(batch.stored as i64))),
            (l.t("coverage-column-refused"), SafeHtml::text(&l.number(batch.quarantined as i64))),
        ],
    );
    let mut side = Panel::new(l.t("coverage-batch-facts"), facts).html();
    if !batch.unknown_columns.is_empty() {
        let text = SafeHtml::text(&batch.unknown_columns.join(", "));
        side.push(note(NoteKind::Info, &l.t("coverage-batch-dropped"), text));
    }
    let mut page = app.page(&viewer, &format!("/du-lieu/{}", batch.id), batch.file_name.clone());
    if batch.quarantined > 0 && desk::may(&viewer.scope, Permission::Export) {
        let href = format!("/du-lieu/{}/tra-lai.csv", batch.id);
        page.actions = vec![Button::link(l.t("coverage-batch-download"), href, ButtonKind::Primary)];
    }
    page.crumbs = vec![Link::new(l.t("coverage-data-title"), "/du-lieu")];
    page.here = l.t("coverage-batch-here");
    page.body = columns(Columns::MainSide, [refused(&pages, l, batch)?, tag("div").class("grid").child(side).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-batch-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// `GET /du-lieu/{batch}/tra-lai.csv`: the refused rows with their reasons, to be mended and sent again.
pub(crate) async fn rejects(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    let (_, snapshot) = open(&pages, &viewer).await?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let batch = snapshot.batches.iter().find(|b| b.id == id && b.quarantined > 0).ok_or(PageError::NotFound)?;
    let event = ReadEvent::new(AuditAction::Export, "batch").object(batch.id.as_str());
    let event = event.count("rows", batch.quarantined as i64).run(&snapshot.run);
    let audited = pages.app.audit(&viewer, event).await?;
    let bytes = std::fs::read(pages.app.book.rejects_path(batch)).map_err(|_| PageError::NotFound)?;
    Ok(Shown::file(bytes, "text/csv; charset=utf-8", format!("tra-lai-{}.csv", batch.id), audited))
}

async fn open<'a>(pages: &'a Pages, viewer: &Viewer) -> Result<(Locale<'a>, std::sync::Arc<Snapshot>), PageError> {
    // Refused rows know no commune, so only who sees the whole city may open them.
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    if viewer.scope.area != base::Area::City {
        return Err(PageError::Forbidden);
    }
    Ok((pages.app.locale(viewer), pages.serving.current(&pages.app).await?))
}

fn refused(pages: &Pages, l: Locale, batch: &BatchRecord) -> Result<SafeHtml, PageError> {
    if batch.quarantined == 0 {
        let whole = Status::ok(l.t("coverage-batch-whole")).html();
        return Ok(Panel::new(l.t("coverage-batch-refused"), whole).html());
    }
    let text = std::fs::read_to_string(pages.app.book.rejects_path(batch)).map_err(|_| PageError::NotFound)?;
    let rejects = super::rejects::read(&text);
    let head = vec![
        Column::number(l.t("coverage-column-row"), ""),
        Column::text(l.t("coverage-column-column")),
        Column::text(l.t("coverage-column-value")),
        Column::text(l.t("coverage-column-why")),
    ];
    let rows = rejects
        .iter()
        .take(SHOWN)
        .map(|r| Row::new(vec![Cell::text(&r.source_row), Cell::text(&r.column), Cell::text(&r.value), Cell::text(&r.reason)]));
    let table = Table::new("tra-lai", l.t("coverage-batch-refused"), head).rows(rows).html(l);
    let shown = (rejects.len().min(SHOWN) as i64, rejects.len() as i64);
    let foot = l.t_args("coverage-batch-shown", &[("shown", shown.0.into()), ("n", shown.1.into())]);
    Ok(Panel::flush(l.t("coverage-batch-refused"), table).foot(SafeHtml::text(&foot)).html())
}
