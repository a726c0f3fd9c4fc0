//! Refused rows as files: one batch in its own columns to be mended, or a list of what the filter shows.

use axum::Extension;
use axum::extract::{Path, Query, State};
use book::BatchRecord;
use chapter::{Audited, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use documents::sheet::{Cell, Column, Language, Provenance, Sheet, write_csv, write_xlsx};
use web::{Lang, Locale};

use super::{Filter, batches, file_of, of_batch, page, read, read_rejects};
use crate::pages::Pages;
use crate::pages::export::moment;
use crate::pages::rosters::{PeriodQuery, Received, reason_words, received, roster_title};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";

/// `GET /du-lieu/{batch}/tra-lai.csv`: the refused rows with their reasons, to be mended and sent again.
pub(crate) async fn csv_of_batch(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
) -> Result<Shown, PageError> {
    let (received, audited) = one(&pages, &viewer, &id, &query).await?;
    let batch = received.batch(&id).ok_or(PageError::NotFound)?;
    let bytes = read_rejects(&pages.app, batch)?;
    Ok(Shown::file(bytes, CSV, format!("tra-lai-{id}.csv"), audited))
}

/// `GET /du-lieu/{batch}/tra-lai.xlsx`: the same as a workbook.
///
/// The added columns stand first: the lines below the table, which say where it comes from, then stand in a
/// column that is not read when the workbook comes back.
pub(crate) async fn xlsx_of_batch(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(query): Query<PeriodQuery>,
) -> Result<Shown, PageError> {
    let (received, audited) = one(&pages, &viewer, &id, &query).await?;
    let batch = received.batch(&id).ok_or(PageError::NotFound)?;
    let l = pages.app.locale(&viewer);
    let file = file_of(&pages.app, batch)?;
    let mut columns: Vec<Column> = read::ADDED.iter().zip([10, 18, 44]).map(|(h, w)| Column::new(*h, w)).collect();
    columns.extend(file.header.iter().map(|h| Column::new(h.clone(), 18)));
    let width = file.header.len();
    let line = |added: [String; 3], cells: Vec<String>| -> Vec<Cell> {
        let blank = std::iter::repeat_n(Cell::Empty, width.saturating_sub(cells.len()));
        added.into_iter().chain(cells.into_iter().take(width)).map(Cell::from).chain(blank).collect()
    };
    let mut rows = Vec::new();
    let mut section = String::new();
    for row in file.rows {
        if row.section != section {
            section.clone_from(&row.section);
            rows.push(line(Default::default(), vec![row.section]));
        }
        rows.push(line([row.source_row, row.column, row.reason], row.cells));
    }
    let sheet = Sheet {
        name: l.t("coverage-batch-refused"),
        title: file.title.iter().map(|(label, value)| format!("{}: {value}", label.trim_end_matches(':'))).collect(),
        columns,
        rows,
        footer: Vec::new(),
        provenance: provenance(&pages, l, &viewer, &received, batch.file_name.clone()),
    };
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("tra-lai-{id}.xlsx"), audited))
}

/// `GET /du-lieu/tra-lai.csv`: what the filter shows.
pub(crate) async fn csv(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(filter): Query<Filter>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = listed(&pages, &viewer, &filter).await?;
    Ok(Shown::file(write_csv(&sheet), CSV, format!("{name}.csv"), audited))
}

/// `GET /du-lieu/tra-lai.xlsx`: the same as a workbook.
pub(crate) async fn xlsx(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(filter): Query<Filter>,
) -> Result<Shown, PageError> {
    let (sheet, name, audited) = listed(&pages, &viewer, &filter).await?;
    let bytes = write_xlsx(&sheet).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("{name}.xlsx"), audited))
}

/// Permission and event of a file of one batch.
async fn one(pages: &Pages, viewer: &Viewer, id: &str, query: &PeriodQuery) -> Result<(Received, Audited), PageError> {
    super::require(viewer)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let received = received(&pages.app, query)?;
    let batch: &BatchRecord = received.batch(id).filter(|b| b.quarantined > 0).ok_or(PageError::NotFound)?;
    let event = ReadEvent::new(AuditAction::Export, "batch").object(batch.id.as_str()).count("rows", batch.quarantined as i64);
    let audited = pages.app.audit(viewer, event).await?;
    Ok((received, audited))
}

async fn listed(pages: &Pages, viewer: &Viewer, filter: &Filter) -> Result<(Sheet, String, Audited), PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    super::require(viewer)?;
    desk::require(&viewer.scope, Permission::Export).map_err(|_| PageError::Forbidden)?;
    let received = received(app, &PeriodQuery { period: filter.period.clone() })?;
    let mut rows = Vec::new();
    for batch in batches(&received, filter) {
        let mended = received.mended_rows(batch);
        let roster = roster_title(app, l, &batch.roster);
        for row in of_batch(app, batch)? {
            let is_mended = row.row.is_some_and(|row| mended.contains(&row));
            if filter.takes(&row, is_mended) {
                let why = row.code.map_or_else(|| row.reason.clone(), |code| reason_words(l, code));
                let state = page::state(l, is_mended).words;
                let cells = [roster.clone(), batch.file_name.clone(), row.source_row, row.column, row.value, why, state];
                rows.push(cells.map(Cell::from).into_iter().collect());
            }
        }
    }
    let event = ReadEvent::new(AuditAction::Export, "reject").count("rows", rows.len() as i64);
    let audited = app.audit(viewer, event).await?;
    let heads = [
        ("coverage-column-roster", 30),
        ("coverage-column-file", 34),
        ("coverage-column-row", 8),
        ("coverage-column-column", 20),
        ("coverage-column-value", 26),
        ("coverage-column-why", 50),
        ("coverage-column-state", 18),
    ];
    let count = l.t_args("coverage-rejects-count", &[("n", (rows.len() as i64).into())]);
    let sheet = Sheet {
        name: l.t("coverage-batch-refused"),
        title: vec![l.t("coverage-rejects-title")],
        columns: heads.iter().map(|(key, width)| Column::new(l.t(key), *width)).collect(),
        rows,
        footer: Vec::new(),
        provenance: provenance(pages, l, viewer, &received, count),
    };
    Ok((sheet, format!("dong-tra-lai-{}", received.period), audited))
}

fn provenance(pages: &Pages, l: Locale, viewer: &Viewer, received: &Received, filter: String) -> Provenance {
    let as_of = received.period.last_day();
    Provenance {
        language: if viewer.lang == Lang::En { Language::En } else { Language::Vi },
        filter,
        as_of,
        exported_by: format!("{}, {}", viewer.label, viewer.unit_name),
        purpose: l.t("coverage-rejects-purpose"),
        exported_at: moment((pages.app.clock)(), as_of),
    }
}
