//! `POST /viec/nhan-tep`: the sheet of a queue as it comes back. Each row is a change of its own: taken, or refused with its reason.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Multipart, State};
use base::{Date, names};
use chapter::{App, PageError, Shown, SmallRow, SmallSheet, Viewer, reject_row};
use desk::{AuditAction, Change, DeskError, Outcome, ReadEvent, Refusal};
use intake::RejectReason;
use web::component::{Button, ButtonKind, Cell, Column, Link, Panel, Row, Table, audit_note, paragraph};
use web::{Lang, Locale, SafeHtml};

use super::{SHEET_BYTES, require};
use crate::{CASES, Office, words};

/// How the sheet is read.
const SHEET: SmallSheet<'static> =
    SmallSheet { layout: include_str!("answer.yaml"), kind: "case_answer", max_bytes: SHEET_BYTES };

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// The outcome is no word of the list.
    Word,
    /// The outcome needs a day.
    Day,
    /// Nothing says when and how.
    Reason,
    /// A second row of the same case.
    Twice,
    /// The desk refused it.
    Desk(Refusal),
    /// A value the desk does not take, e.g. a day that has passed.
    Value,
    /// A cell that intake could not read.
    Cell(RejectReason),
}

/// A row as it was read.
#[derive(Debug, Default)]
struct SheetRow {
    number: i64,
    case: String,
    version: Option<i64>,
    outcome: Option<String>,
    day: Option<Date>,
    words: Option<String>,
}

/// What became of a sheet.
#[derive(Debug, Default)]
struct Taken {
    rows: usize,
    empty: usize,
    done: usize,
    refused: Vec<(i64, Why)>,
}

/// `POST /viec/nhan-tep`.
pub(super) async fn take(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    mut sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let wrong = |_| PageError::BadRequest(l.t("office-sheet-unreadable"));
    let (mut number, mut bytes) = (String::new(), Vec::new());
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => number = field.text().await.map_err(wrong)?,
            "tep" => bytes = field.bytes().await.map_err(wrong)?.to_vec(),
            _ => return Err(PageError::BadRequest(l.t("office-wrong-form"))),
        }
    }
    let (rows, mut taken) = read(bytes, &app.places).map_err(|()| PageError::BadRequest(l.t("office-sheet-unreadable")))?;
    let allowed = words::allowed(app);
    let mut seen = BTreeSet::new();
    for row in rows {
        if row.outcome.is_none() && row.day.is_none() && row.words.is_none() {
            taken.empty += 1;
            continue;
        }
        if !seen.insert(row.case.clone()) {
            taken.refused.push((row.number, Why::Twice));
            continue;
        }
        let answer = match change(app, &row) {
            Ok(change) => {
                let version = row.version.unwrap_or(0);
                let done = app.desk.change_case(&viewer.scope, &row.case, version, &change, &allowed, app.today(), &number).await;
                done.map(|_| None).or_else(refused)?
            }
            Err(why) => Some(why),
        };
        match answer {
            None => taken.done += 1,
            Some(why) => taken.refused.push((row.number, why)),
        }
    }
    taken.refused.sort_by_key(|(row, _)| *row);
    let event = ReadEvent::new(AuditAction::ViewRows, "case_sheet").count("rows", taken.rows as i64);
    let audited = app.audit(&viewer, event.count("refused", taken.refused.len() as i64)).await?;
    let mut page = app.page(&viewer, CASES, l.t("office-sheet-result"));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = l.t("office-sheet-result");
    page.actions = vec![Button::link(l.t("office-bulk-back"), CASES, ButtonKind::Primary)];
    page.body = result(l, &taken);
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// A refusal of the desk as the reason of its row; anything else stops the sheet, of which the rows before are written already.
fn refused(error: DeskError) -> Result<Option<Why>, PageError> {
    match error {
        DeskError::CaseRefused { why } => Ok(Some(Why::Desk(why))),
        // The sheet was sent before, with something else in this row: the case is no longer as the sheet has it.
        DeskError::ClientTxReused => Ok(Some(Why::Desk(Refusal::Stale))),
        DeskError::NotFound { .. } => Ok(Some(Why::Desk(Refusal::NotFound))),
        DeskError::Invalid { field: "client_tx", .. } => Err(PageError::desk(error)),
        DeskError::Invalid { .. } => Ok(Some(Why::Value)),
        other => Err(PageError::desk(other)),
    }
}

/// The change that a row asks for.
fn change(app: &App, row: &SheetRow) -> Result<Change, Why> {
    let told = row.outcome.as_deref().ok_or(Why::Word)?;
    let outcome = outcome_of(app, told).ok_or(Why::Word)?;
    let reason = row.words.clone().filter(|text| text.trim().chars().count() >= 3).ok_or(Why::Reason)?;
    if outcome.needs_day() && row.day.is_none() {
        return Err(Why::Day);
    }
    Ok(Change::Outcome { outcome, day: row.day.filter(|_| outcome.needs_day()), reason })
}

/// The outcome of its words in either language, with or without marks, or of its stable word.
fn outcome_of(app: &App, told: &str) -> Option<Outcome> {
    let folded = names::fold(&names::clean(told));
    let is = |outcome: &Outcome| {
        let of = |lang| names::fold(&words::outcome(app.texts.lang(lang), *outcome)) == folded;
        *outcome != Outcome::Gone && (of(Lang::Vi) || of(Lang::En) || outcome.as_str() == told.trim())
    };
    Outcome::ALL.into_iter().find(is)
}

/// Reads the sheet. An error is a file that is no sheet of this portal.
fn read(bytes: Vec<u8>, places: &base::places::Places) -> Result<(Vec<SheetRow>, Taken), ()> {
    let mut rows = Vec::new();
    let rejects = SHEET.read(bytes, places, &mut |row| rows.push(SheetRow::of(row)))?;
    let refused: Vec<(i64, Why)> = rejects.iter().map(|reject| (reject_row(reject), Why::Cell(reject.reason))).collect();
    let taken = Taken { rows: rows.len() + refused.len(), refused, ..Taken::default() };
    Ok((rows, taken))
}

impl SheetRow {
    fn of(row: SmallRow<'_>) -> Self {
        Self {
            number: row.number(),
            case: row.text("row_key").unwrap_or_default(),
            version: row.version("row_version"),
            outcome: row.text("outcome"),
            day: row.day("outcome_day"),
            words: row.text("words"),
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
    let mut body = paragraph(SafeHtml::text(&l.t_args("office-sheet-counts", &counts)));
    if !taken.refused.is_empty() {
        let head = vec![Column::text(l.t("office-sheet-row")), Column::text(l.t("office-bulk-why"))];
        let rows = taken.refused.iter().map(|(row, why)| Row::new(vec![Cell::text(l.number(*row)), Cell::text(said(l, why))]));
        let title = l.t("office-bulk-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}

fn said(l: Locale, why: &Why) -> String {
    match why {
        Why::Word => l.t("office-wrong-outcome"),
        Why::Day => l.t("office-wrong-outcome-day"),
        Why::Reason => l.t("office-wrong-reason"),
        Why::Twice => l.t("office-sheet-twice"),
        Why::Value => l.t("office-sheet-value"),
        Why::Desk(why) => words::refusal(l, *why),
        Why::Cell(reason) if l.lang() == Lang::En => reason.en().to_owned(),
        Why::Cell(reason) => reason.vi().to_owned(),
    }
}
