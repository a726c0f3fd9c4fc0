//! The sheet of a queue as it comes back: `POST /viec/nhan-tep` reads it and writes it down with its job, `GET /viec/nhan-tep/{number}` shows how
//! far it is and which rows changed nothing. Each row is a change of its own.

use axum::Extension;
use axum::extract::{Multipart, Path, Query as FromQuery, State};
use axum::response::Response;
use base::{Date, names};
use chapter::{App, PageError, Shown, SmallRow, SmallSheet, Viewer, reject_row};
use desk::{AuditAction, DeskError, NewSheet, Outcome, ReadEvent, Refusal, SHEET_ROWS, SheetDone, SheetRefusal};
use intake::RejectReason;
use serde::Deserialize;
use web::component::{Cell, Column, Link, NoteKind, Panel, Row, Table, audit_note, note, paragraph, progress as bar};
use web::{Lang, Locale, SafeHtml};

use super::bulk::how_far;
use super::{SHEET_BYTES, go, require};
use crate::{CASES, Office, words};

/// Where the sheet is sent.
pub(super) const TAKE: &str = "/viec/nhan-tep";
/// Rows that are worked before the answer: more wait for the worker.
const AT_ONCE: usize = 50;
/// Rows shown that changed nothing.
const MOST_REFUSED: i64 = 5_000;

/// How the sheet is read.
const SHEET: SmallSheet<'static> =
    SmallSheet { layout: include_str!("answer.yaml"), kind: "case_answer", max_bytes: SHEET_BYTES };

/// Why a row is not taken, as the desk keeps it beside its own reasons.
mod why {
    /// The outcome is no word of the list.
    pub(super) const WORD: &str = "row_word";
    /// The outcome needs a day.
    pub(super) const DAY: &str = "row_day";
    /// Nothing says when and how.
    pub(super) const REASON: &str = "row_reason";
    /// Before the code of a cell that intake could not read.
    pub(super) const CELL: &str = "cell_";
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

/// `POST /viec/nhan-tep`.
pub(super) async fn take(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    mut sent: Multipart,
) -> Result<Response, PageError> {
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
    let new = read(app, bytes).map_err(|()| PageError::BadRequest(l.t("office-sheet-unreadable")))?;
    let begun = app.desk.start_sheet(&viewer.scope, &new, app.today(), &number).await.map_err(|error| match error {
        DeskError::Invalid { field: "sheet_rows", .. } => {
            PageError::BadRequest(l.t_args("office-sheet-long", &[("most", (SHEET_ROWS as i64).into())]))
        }
        other => PageError::desk(other),
    })?;
    if new.rows.len() <= AT_ONCE && !begun.finished {
        // What does not come to its end here is written down: the worker goes on with it, and its page says how far it is.
        let worked = app.desk.finish_sheet(&viewer.scope, &words::allowed(app), &begun.form).await;
        worked.or_else(|error| if matches!(error, DeskError::Busy) { Ok(()) } else { Err(PageError::desk(error)) })?;
    }
    let before = if begun.form == number { "" } else { "?da-gui=1" };
    Ok(go(&format!("{TAKE}/{}{before}", begun.form)))
}

/// What the address says beside the number.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// `1`: the same sheet came before, and this is what came of it then.
    #[serde(rename = "da-gui", default)]
    before: String,
}

/// `GET /viec/nhan-tep/{number}`: how far a sheet is, and which of its rows changed nothing.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(number): Path<String>,
    FromQuery(asked): FromQuery<Asked>,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let done = app.desk.sheet(&viewer.scope, &number).await.map_err(PageError::desk)?;
    let mut refused = app.desk.sheet_refused(&viewer.scope, &number, MOST_REFUSED).await.map_err(PageError::desk)?;
    refused.sort_by_key(|one| one.row);
    let event = ReadEvent::new(AuditAction::ViewRows, "case_sheet").count("rows", done.total + done.empty);
    let audited = app.audit(&viewer, event.count("refused", refused.len() as i64)).await?;
    let mut page = app.page(&viewer, &format!("{TAKE}/{number}"), l.t("office-sheet-result"));
    page.crumbs = vec![Link::new(l.t("office-title"), CASES)];
    page.here = l.t("office-sheet-result");
    page.refresh_seconds = (!done.finished && done.stopped.is_none()).then_some(2);
    let (step, back) = how_far(l, done.stopped.as_deref(), done.finished, format!("{TAKE}/{number}/chay-tiep"));
    let whole = |n: i64| u64::try_from(n).unwrap_or(0);
    let (name, unit) = (l.t("office-sheet-result"), l.t("office-sheet-unit"));
    let shown = bar(l, &name, whole(done.done + done.refused), whole(done.total), &unit, &step, back);
    let mut body = SafeHtml::default();
    if !asked.before.is_empty() {
        body.push(note(NoteKind::Info, "", paragraph(SafeHtml::text(&l.t("office-sheet-before")))));
    }
    page.body = body.then(shown).then(result(l, &done, &refused));
    page.audit = audit_note(l, SafeHtml::text(&l.t("office-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /viec/nhan-tep/{number}/chay-tiep`: one that was given up goes on.
pub(super) async fn again(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(number): Path<String>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    office.app.desk.retry_bulk(&viewer.scope, &number).await.map_err(PageError::desk)?;
    Ok(go(&format!("{TAKE}/{number}")))
}

/// The change that a row asks for; why it asks for none that could be made.
fn asked_for(app: &App, row: &SheetRow) -> Result<desk::SheetRow, &'static str> {
    let told = row.outcome.as_deref().ok_or(why::WORD)?;
    let outcome = outcome_of(app, told).ok_or(why::WORD)?;
    let words = row.words.clone().filter(|text| text.trim().chars().count() >= 3).ok_or(why::REASON)?;
    if outcome.needs_day() && row.day.is_none() {
        return Err(why::DAY);
    }
    Ok(desk::SheetRow {
        row: row.number,
        case: row.case.clone(),
        version: row.version.unwrap_or(0),
        outcome,
        day: row.day.filter(|_| outcome.needs_day()),
        words,
    })
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
fn read(app: &App, bytes: Vec<u8>) -> Result<NewSheet, ()> {
    let mut rows = Vec::new();
    let rejects = SHEET.read(bytes, &app.places, &mut |row| rows.push(SheetRow::of(row)))?;
    let mut new = NewSheet::default();
    new.refused.extend(rejects.iter().map(|reject| SheetRefusal {
        row: reject_row(reject),
        case: None,
        why: format!("{}{}", why::CELL, reject.reason.code()),
    }));
    for row in rows {
        if row.outcome.is_none() && row.day.is_none() && row.words.is_none() {
            new.empty += 1;
            continue;
        }
        match asked_for(app, &row) {
            Ok(asked) => new.rows.push(asked),
            Err(why) => new.refused.push(SheetRefusal { row: row.number, case: Some(row.case), why: why.to_owned() }),
        }
    }
    Ok(new)
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

fn result(l: Locale, done: &SheetDone, refused: &[SheetRefusal]) -> SafeHtml {
    let counts = [
        ("rows", (done.total + done.empty).into()),
        ("done", done.done.into()),
        ("empty", done.empty.into()),
        ("refused", done.refused.into()),
    ];
    let mut body = paragraph(SafeHtml::text(&l.t_args("office-sheet-counts", &counts)));
    if !refused.is_empty() {
        let head = vec![
            Column::text(l.t("office-sheet-row")),
            Column::text(l.t("office-bulk-why")),
            Column::text(l.t("office-case")).hidden(),
        ];
        let rows = refused.iter().map(|one| {
            let name = l.t_args("office-sheet-open", &[("n", one.row.into())]);
            let open = one.case.as_ref().filter(|_| one.why != Refusal::NotFound.as_str());
            let open = open.map_or_else(Cell::default, |case| Cell::link(name, format!("{CASES}/{case}")));
            Row::new(vec![Cell::text(l.number(one.row)), Cell::text(said(l, &one.why)), open])
        });
        let title = l.t("office-bulk-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}

fn said(l: Locale, why: &str) -> String {
    match why {
        why::WORD => l.t("office-wrong-outcome"),
        why::DAY => l.t("office-wrong-outcome-day"),
        why::REASON => l.t("office-wrong-reason"),
        "row_twice" => l.t("office-sheet-twice"),
        "row_value" => l.t("office-sheet-value"),
        other => match (Refusal::from_word(other), other.strip_prefix(why::CELL).and_then(RejectReason::from_code)) {
            (Some(refusal), _) => words::refusal(l, refusal),
            (None, Some(reason)) if l.lang() == Lang::En => reason.en().to_owned(),
            (None, Some(reason)) => reason.vi().to_owned(),
            // A reason of another version of the program.
            (None, None) => other.to_owned(),
        },
    }
}
