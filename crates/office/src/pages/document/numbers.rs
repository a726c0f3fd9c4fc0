//! `POST /van-ban/nhan-so`: the list of a package as the document office sends it back. Each row is a change of its own: taken, or
//! refused with its reason.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Multipart, State};
use base::Date;
use chapter::{PageError, Shown, SmallRow, SmallSheet, Viewer, reject_row, reject_why};
use desk::{AuditAction, DeskError, DocumentChange, ReadEvent};
use web::component::{Button, ButtonKind, Cell, Column, Link, Panel, Row, Table, audit_note, paragraph};
use web::{Locale, SafeHtml};

use super::{DOCUMENTS, require, words};
use crate::Office;
use crate::pages::SHEET_BYTES;

/// How the list is read.
const SHEET: SmallSheet<'static> =
    SmallSheet { layout: include_str!("numbers.yaml"), kind: "document_numbers", max_bytes: SHEET_BYTES };

#[derive(Default)]
struct NumberRow {
    number: i64,
    document: String,
    version: Option<i64>,
    given: Option<String>,
    symbol: Option<String>,
    day: Option<Date>,
}

/// What became of a list.
#[derive(Default)]
struct Taken {
    rows: usize,
    empty: usize,
    done: usize,
    /// Row and words.
    refused: Vec<(i64, String)>,
}

/// `POST /van-ban/nhan-so`.
pub(super) async fn take(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    mut sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let wrong = |_| PageError::BadRequest(l.t("document-numbers-unreadable"));
    let (mut form, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => form = field.text().await.map_err(wrong)?,
            "tep" => bytes = field.bytes().await.map_err(wrong)?.to_vec(),
            _ => return Err(PageError::BadRequest(l.t("office-wrong-form"))),
        }
    }
    let read = read(l, bytes, &app.places);
    let (rows, mut taken) = read.map_err(|()| PageError::BadRequest(l.t("document-numbers-unreadable")))?;
    let mut seen = BTreeSet::new();
    for row in rows {
        let (Some(given), Some(day)) = (row.given.clone(), row.day) else {
            if row.given.is_none() && row.day.is_none() {
                taken.empty += 1;
            } else {
                taken.refused.push((row.number, l.t("document-numbers-half")));
            }
            continue;
        };
        if !seen.insert(row.document.clone()) {
            taken.refused.push((row.number, l.t("document-numbers-twice")));
            continue;
        }
        let change = DocumentChange::Number { number: given, symbol: row.symbol.clone(), day };
        let version = row.version.unwrap_or(0);
        match app.desk.change_document(&viewer.scope, &row.document, version, &change, app.today(), &form).await {
            Ok(_) => taken.done += 1,
            Err(error) => taken.refused.push((row.number, refused(l, error)?)),
        }
    }
    taken.refused.sort();
    let event = ReadEvent::new(AuditAction::ViewRows, "document_numbers").count("rows", taken.rows as i64);
    let audited = app.audit(&viewer, event.count("refused", taken.refused.len() as i64)).await?;
    let mut page = app.page(&viewer, DOCUMENTS, l.t("document-numbers-title"));
    page.crumbs = vec![Link::new(l.t("document-title"), DOCUMENTS)];
    page.here = l.t("document-numbers-title");
    page.actions = vec![Button::link(l.t("document-back"), format!("{DOCUMENTS}?trang-thai=numbered"), ButtonKind::Primary)];
    page.body = result(l, &taken);
    page.audit = audit_note(l, SafeHtml::text(&l.t("document-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// A refusal of the desk as the words of its row; anything else stops the list, of which the rows before are written already.
fn refused(l: Locale, error: DeskError) -> Result<String, PageError> {
    Ok(match error {
        DeskError::DocumentRefused { why } => words::refusal(l, why),
        DeskError::NotFound { .. } => l.t("document-numbers-unknown"),
        DeskError::Invalid { field: "client_tx", .. } => return Err(PageError::desk(error)),
        DeskError::Invalid { field: "day", .. } => l.t("document-wrong-day"),
        DeskError::Invalid { field: "symbol", .. } => l.t("document-wrong-symbol"),
        DeskError::Invalid { .. } => l.t("document-wrong-number"),
        other => return Err(PageError::desk(other)),
    })
}

/// Reads the list. An error is a file that is no list of this portal.
fn read(l: Locale, bytes: Vec<u8>, places: &base::places::Places) -> Result<(Vec<NumberRow>, Taken), ()> {
    let mut rows = Vec::new();
    let rejects = SHEET.read(bytes, places, &mut |row| rows.push(NumberRow::of(row)))?;
    let refused: Vec<(i64, String)> = rejects.iter().map(|reject| (reject_row(reject), reject_why(l, reject))).collect();
    let taken = Taken { rows: rows.len() + refused.len(), refused, ..Taken::default() };
    Ok((rows, taken))
}

impl NumberRow {
    fn of(row: SmallRow<'_>) -> Self {
        Self {
            number: row.number(),
            document: row.text("row_key").unwrap_or_default(),
            version: row.version("row_version"),
            given: row.text("number"),
            symbol: row.text("symbol"),
            day: row.day("day"),
        }
    }
}

fn result(l: Locale, taken: &Taken) -> SafeHtml {
    let counts = [
        ("rows", (taken.rows as i64).into()),
        ("done", (taken.done as i64).into()),
        ("empty", (taken.empty as i64).into()),
        ("refused", (taken.refused.len() as i64).into()),
    ];
    let mut body = paragraph(SafeHtml::text(&l.t_args("document-numbers-counts", &counts)));
    if !taken.refused.is_empty() {
        let head = vec![Column::text(l.t("office-sheet-row")), Column::text(l.t("office-bulk-why"))];
        let rows = taken.refused.iter().map(|(row, why)| Row::new(vec![Cell::text(l.number(*row)), Cell::text(why)]));
        let title = l.t("office-bulk-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}
