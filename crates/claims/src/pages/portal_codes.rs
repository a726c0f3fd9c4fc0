//! `POST /giam-dinh/ma-cong`: numbers that the agency's portal gave to dossiers (mã hồ sơ trên Cổng giám định), from a sheet, onto the cases they are about.
//! Each row is a change of its own: taken, or refused with its reason.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Multipart, State};
use base::places::Places;
use chapter::{PageError, Shown, SmallRow, SmallSheet, Viewer, reject_row};
use desk::{AuditAction, DeskError, ReadEvent, ReviewCase, ReviewRefusal};
use intake::{Reject, RejectReason};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, Panel, Row, Table, audit_note, columns, paragraph,
};
use web::{Lang, Locale, SafeHtml, tag};

use super::files::Parts;
use super::{AUDIT, Audit, PORTAL_CODES, words};
use crate::store::VisitId;

/// Bytes of a sheet at most.
pub(super) const BYTES: usize = 8 << 20;
/// Rows of a sheet at most: as many as the queue gives out.
const ROWS: usize = 5_000;
/// How the sheet is read.
const SHEET: SmallSheet<'static> =
    SmallSheet { layout: include_str!("portal_codes.yaml"), kind: "claim_portal_codes", max_bytes: BYTES };

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
struct SheetRow {
    /// Row of the file.
    number: i64,
    facility: String,
    link: String,
    code: String,
}

impl SheetRow {
    fn of(row: SmallRow<'_>) -> Self {
        let text = |name: &str| row.text(name).unwrap_or_default().trim().to_owned();
        Self { number: row.number(), facility: text("facility"), link: text("link"), code: text("portal_code") }
    }

    /// The book's number of its visit, which follows from facility and key.
    fn visit(&self) -> i64 {
        VisitId::of(&self.facility, &self.link).0
    }
}

/// Why a row is not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Why {
    /// No case of this visit is open to who asks.
    NoCase,
    /// Another row gave the same visit another number.
    Twice,
    /// No number of a portal.
    Code,
    /// The desk refused it.
    Desk(ReviewRefusal),
    /// A cell that could not be read.
    Cell(RejectReason),
}

/// What became of a sheet.
#[derive(Debug, Default)]
struct Taken {
    rows: usize,
    /// Rows without a number.
    empty: usize,
    /// Rows whose case has the number already.
    same: usize,
    done: usize,
    refused: Vec<(i64, Why)>,
}

/// `POST /giam-dinh/ma-cong`.
pub(super) async fn take(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let parts = Parts::read(l, sent).await?;
    let form = parts.text("so");
    let unreadable = || PageError::BadRequest(l.t("claims-portal-unreadable"));
    let bytes = parts.file.map(|file| file.bytes).ok_or_else(unreadable)?;
    let (rows, rejects) = read(bytes, &app.places).map_err(|()| unreadable())?;
    if rows.len() > ROWS {
        return Err(PageError::BadRequest(l.t_args("claims-portal-many", &[("most", ROWS.into())])));
    }
    let mut taken = Taken { rows: rows.len() + rejects.len(), ..Taken::default() };
    taken.refused = rejects.iter().map(|reject| (reject_row(reject), Why::Cell(reject.reason))).collect();
    let visits: Vec<i64> = rows.iter().filter(|row| !row.code.is_empty()).map(SheetRow::visit).collect();
    let cases = app.desk.reviews_of_visits(&viewer.scope, &visits).await.map_err(PageError::desk)?;
    let cases: BTreeMap<i64, ReviewCase> = cases.into_iter().map(|case| (case.visit, case)).collect();
    let mut given: BTreeMap<i64, String> = BTreeMap::new();
    for row in rows {
        if row.code.is_empty() {
            taken.empty += 1;
            continue;
        }
        match given.insert(row.visit(), row.code.clone()) {
            Some(before) if before == row.code => taken.same += 1,
            Some(_) => taken.refused.push((row.number, Why::Twice)),
            None => match cases.get(&row.visit()) {
                None => taken.refused.push((row.number, Why::NoCase)),
                Some(case) if case.portal_code.as_deref() == Some(row.code.as_str()) => taken.same += 1,
                Some(case) => {
                    let set = app.desk.set_portal_code(&viewer.scope, &case.id, case.version, &row.code, &form).await;
                    match set.map(|_| None).or_else(refused)? {
                        None => taken.done += 1,
                        Some(why) => taken.refused.push((row.number, why)),
                    }
                }
            },
        }
    }
    taken.refused.sort_by_key(|(row, _)| *row);
    let event = ReadEvent::new(AuditAction::ListReviews, "reviews").object("portal_codes").count("rows", taken.rows as i64);
    let audited = app.audit(&viewer, event.count("refused", taken.refused.len() as i64)).await?;
    let mut page = app.page(&viewer, AUDIT, l.t("claims-portal-result"));
    page.crumbs = vec![Link::new(l.t("claims-queue-title"), AUDIT)];
    page.here = l.t("claims-portal-result");
    page.actions = vec![Button::link(l.t("claims-portal-back"), AUDIT, ButtonKind::Primary)];
    page.body = columns(Columns::One, [result(l, &taken)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("claims-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// A refusal of the desk as the reason of its row; anything else stops the sheet, of which the rows before are written already.
fn refused(error: DeskError) -> Result<Option<Why>, PageError> {
    match error {
        DeskError::ReviewRefused { why } => Ok(Some(Why::Desk(why))),
        DeskError::NotFound { .. } => Ok(Some(Why::NoCase)),
        DeskError::Invalid { field: "portal_code", .. } => Ok(Some(Why::Code)),
        other => Err(PageError::desk(other)),
    }
}

/// Reads the sheet. An error is a file that is no such list.
fn read(bytes: Vec<u8>, places: &Places) -> Result<(Vec<SheetRow>, Vec<Reject>), ()> {
    let mut rows = Vec::new();
    let rejects = SHEET.read(bytes, places, &mut |row| rows.push(SheetRow::of(row)))?;
    Ok((rows, rejects))
}

fn result(l: Locale, taken: &Taken) -> SafeHtml {
    let counts = [
        ("rows", taken.rows.into()),
        ("done", taken.done.into()),
        ("same", taken.same.into()),
        ("empty", taken.empty.into()),
        ("refused", taken.refused.len().into()),
    ];
    let mut body = paragraph(SafeHtml::text(&l.t_args("claims-portal-counts", &counts)));
    if !taken.refused.is_empty() {
        let head = vec![Column::text(l.t("claims-portal-row")), Column::text(l.t("claims-portal-why"))];
        let rows = taken.refused.iter().map(|(row, why)| Row::new(vec![Cell::text(l.number(*row)), Cell::text(said(l, why))]));
        let title = l.t("claims-portal-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    body
}

fn said(l: Locale, why: &Why) -> String {
    match why {
        Why::NoCase => l.t("claims-portal-no-case"),
        Why::Twice => l.t("claims-portal-twice"),
        Why::Code => l.t("claims-portal-wrong-code"),
        Why::Desk(why) => words::refusal(l, *why),
        Why::Cell(reason) if l.lang() == Lang::En => reason.en().to_owned(),
        Why::Cell(reason) => reason.vi().to_owned(),
    }
}

/// The form that takes the sheet, folded away under the queue.
pub(super) fn form(audit: &Audit, l: Locale, viewer: &Viewer) -> SafeHtml {
    let file = Field::new("tep", l.t("claims-file"), Control::File(".xlsx,.csv".into())).hint(l.t("claims-portal-hint"));
    let form = Form {
        action: PORTAL_CODES.into(),
        reads: false,
        hidden: vec![("so".into(), audit.app.form_number(viewer, "portal codes"))],
        body: paragraph(SafeHtml::text(&l.t("claims-portal-what"))).then(file.html(l)),
        buttons: vec![Button::submit(l.t("claims-portal-take"), ButtonKind::Default).busy(l.t("claims-saving"))],
    };
    tag("details").class("panel").child(tag("summary").text(&l.t("claims-portal-title"))).child(form.with_files()).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_csv(text: &str) -> (Vec<SheetRow>, Vec<Reject>) {
        read(text.as_bytes().to_vec(), &Places::default()).unwrap()
    }

    #[test]
    fn three_columns_are_a_list_and_zeros_stay() {
        let (rows, rejects) = read_csv("MA_CSKCB,MA_LK,Mã hồ sơ trên cổng\n01001,0007,2512345678\n01001,HS8,\n,HS9,1\n");
        assert_eq!(rejects.len(), 1, "a row without a facility");
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].link.as_str(), rows[0].code.as_str()), ("0007", "2512345678"));
        assert_eq!(rows[0].visit(), VisitId::of("01001", "0007").0);
        assert_eq!(rows[1].code, "", "no number yet");
    }

    #[test]
    fn another_sheet_is_no_list() {
        assert!(read(b"Ho ten,Ngay sinh\nAn,01/01/1990\n".to_vec(), &Places::default()).is_err());
    }
}
