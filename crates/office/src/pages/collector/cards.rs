//! `POST /to-chuc-thu/{organisation}/nhan-the`: cards from a sheet. Each row is a collector with a first card: taken, or refused with its
//! reason; the same sheet again changes nothing. `…/mau-the.xlsx` is the sheet to fill in.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use base::Date;
use base::places::Places;
use chapter::{PageError, Shown, SmallRow, SmallSheet, Viewer, reject_row, reject_why};
use desk::{AuditAction, CollectorRefusal, DeskError, NewCard, NewCollector, ReadEvent};
use documents::sheet::{Column as SheetColumn, Sheet, write_xlsx};
use web::component::{Button, ButtonKind, Cell, Column, Link, Panel, Row, Table, audit_note, paragraph};
use web::{Locale, SafeHtml};

use super::act::communes;
use super::data::Known;
use super::{ORGANISATIONS, manages};
use crate::Office;
use crate::pages::SHEET_BYTES;
use crate::pages::sheet::{XLSX, provenance};

/// How the sheet is read.
const SHEET: SmallSheet<'static> =
    SmallSheet { layout: include_str!("cards.yaml"), kind: "collector_cards", max_bytes: SHEET_BYTES };
/// Headings of the sheet to fill in.
const HEADINGS: [&str; 7] =
    ["Họ và tên", "Mã điểm thu", "Mã nhân viên thu", "Số thẻ", "Địa bàn", "Có giá trị từ", "Có giá trị đến"];

#[derive(Debug, Default, PartialEq, Eq)]
struct CardRow {
    number: i64,
    holder: String,
    point: String,
    code: String,
    card: String,
    area: String,
    days: Option<(Date, Date)>,
}

/// `GET /to-chuc-thu/{organisation}/mau-the.xlsx`: it holds nobody.
pub(super) async fn template(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
) -> Result<Shown, PageError> {
    Known::read(&office, &viewer, Some(&organisation)).await?;
    let l = office.app.locale(&viewer);
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(organisation.as_str()).count("rows", 0);
    let audited = office.app.audit(&viewer, event).await?;
    let today = office.app.today();
    let bytes = write_xlsx(&empty(l, provenance(&office, &viewer, String::new(), today))).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, "the-nhan-vien-thu.xlsx".into(), audited))
}

fn empty(l: Locale, provenance: documents::sheet::Provenance) -> Sheet {
    Sheet {
        name: l.t("collector-cards-title"),
        title: Vec::new(),
        columns: HEADINGS.iter().map(|heading| SheetColumn::new(*heading, 24)).collect(),
        rows: Vec::new(),
        footer: Vec::new(),
        provenance,
    }
}

/// `POST /to-chuc-thu/{organisation}/nhan-the`.
pub(super) async fn take(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(organisation): Path<String>,
    mut sent: Multipart,
) -> Result<Shown, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    if !manages(&viewer) {
        return Err(PageError::Forbidden);
    }
    Known::read(&office, &viewer, Some(&organisation)).await?;
    let wrong = |_| PageError::BadRequest(l.t("collector-cards-unreadable"));
    let mut bytes = Vec::new();
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => drop(field.text().await.map_err(wrong)?),
            "tep" => bytes = field.bytes().await.map_err(wrong)?.to_vec(),
            _ => return Err(PageError::BadRequest(l.t("office-wrong-form"))),
        }
    }
    let unreadable = |()| PageError::BadRequest(l.t("collector-cards-unreadable"));
    let (rows, mut refused) = read(l, bytes, &app.places).map_err(unreadable)?;
    let all = rows.len() + refused.len();
    let mut done = 0;
    for row in rows {
        let number = row.number;
        match put(&office, &viewer, l, &organisation, row).await? {
            None => done += 1,
            Some(why) => refused.push((number, why)),
        }
    }
    refused.sort();
    let event = ReadEvent::new(AuditAction::ViewCollectors, "organisation").object(organisation.as_str());
    let audited = app.audit(&viewer, event.count("rows", done).count("refused", refused.len() as i64)).await?;
    let to = format!("{ORGANISATIONS}/{organisation}");
    let mut page = app.page(&viewer, &to, l.t("collector-cards-result"));
    page.crumbs = vec![Link::new(l.t("collector-title"), ORGANISATIONS)];
    page.here = l.t("collector-cards-result");
    page.actions = vec![Button::link(l.t("collector-back"), &to, ButtonKind::Primary)];
    let counts = [("rows", (all as i64).into()), ("done", done.into()), ("refused", (refused.len() as i64).into())];
    let mut body = paragraph(SafeHtml::text(&l.t_args("collector-cards-counts", &counts)));
    if !refused.is_empty() {
        let head = vec![Column::text(l.t("office-sheet-row")), Column::text(l.t("office-bulk-why"))];
        let rows = refused.iter().map(|(row, why)| Row::new(vec![Cell::text(l.number(*row)), Cell::text(why)]));
        let title = l.t("office-bulk-refused");
        body.push(Panel::flush(title.clone(), Table::new("tra-lai", title, head).rows(rows).html(l)).html());
    }
    page.body = body;
    page.audit = audit_note(l, SafeHtml::text(&l.t("collector-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// Puts a row into the desk; why it was refused, where it was.
async fn put(
    office: &Office,
    viewer: &Viewer,
    l: Locale<'_>,
    organisation: &str,
    row: CardRow,
) -> Result<Option<String>, PageError> {
    let area = match communes(&office.app, &row.area) {
        Ok(area) => area,
        Err(word) => return Ok(Some(l.t_args("collector-wrong-commune", &[("word", word.as_str().into())]))),
    };
    let Some((first_day, last_day)) = row.days else { return Ok(Some(l.t("collector-wrong-day"))) };
    // The number of the form is what the row says: sent again it is the same row.
    let said = format!("{organisation}\n{}\n{}\n{}\n{}\n{}", row.holder, row.point, row.code, row.card, row.area);
    let print = book::Fingerprint::new("collector card").with("row", said.as_bytes());
    let client_tx = format!("n{}", &print.with("days", format!("{first_day} {last_day}")).finish()[..30]);
    let new = NewCollector {
        organisation: organisation.to_owned(),
        point: row.point,
        code: row.code,
        holder: row.holder,
        card: NewCard { number: row.card, area, first_day, last_day, client_tx },
    };
    Ok(match office.app.desk.add_collector(&viewer.scope, new).await {
        Ok(_) => None,
        Err(DeskError::CollectorRefused { why: CollectorRefusal::OutsideArea }) => Some(l.t("collector-why-outside-area")),
        Err(DeskError::CollectorRefused { why: CollectorRefusal::Taken }) => Some(l.t("collector-why-taken")),
        Err(DeskError::Invalid { field: "point" | "code", .. }) => Some(l.t("collector-wrong-code")),
        Err(DeskError::Invalid { field: "last_day", .. }) => Some(l.t("collector-wrong-last-day")),
        Err(DeskError::Invalid { .. }) => Some(l.t("collector-wrong-row")),
        Err(other) => return Err(PageError::desk(other)),
    })
}

/// Rows, and rows that could not be read: their number and why.
type ReadRows = (Vec<CardRow>, Vec<(i64, String)>);

/// Reads a sheet. An error is a file that is no such sheet.
fn read(l: Locale, bytes: Vec<u8>, places: &Places) -> Result<ReadRows, ()> {
    let mut rows = Vec::new();
    let rejects = SHEET.read(bytes, places, &mut |row| rows.push(CardRow::of(row)))?;
    let refused = rejects.iter().map(|reject| (reject_row(reject), reject_why(l, reject))).collect();
    Ok((rows, refused))
}

impl CardRow {
    fn of(row: SmallRow<'_>) -> Self {
        let text = |name: &str| row.text(name).unwrap_or_default();
        Self {
            number: row.number(),
            holder: text("holder"),
            point: text("point"),
            code: text("code"),
            card: text("card_number"),
            area: text("area"),
            days: row.day("first_day").zip(row.day("last_day")),
        }
    }
}

#[cfg(test)]
mod tests {
    use web::{Lang, Texts};

    use super::*;

    fn read_text(text: &str) -> Result<ReadRows, ()> {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/places");
        let file = |name: &str| std::fs::read_to_string(root.join(name)).unwrap();
        let places = Places::from_csv(&file("communes.csv"), &file("old_units.csv")).unwrap();
        let texts = Texts::load(&[]).unwrap();
        read(texts.lang(Lang::Vi), text.as_bytes().to_vec(), &places)
    }

    #[test]
    fn a_sheet_with_the_headings_of_the_template_is_read_row_by_row() {
        let heads = HEADINGS.join(";");
        let good = "Lê Thị Mai;BD01;NV01;T-0001;\"Ba Đình, 00008\";01/01/2026;31/12/2026";
        let bad = "Trần Văn Tú;BD01;NV02;T-0002;Ba Đình;31/02/2026;31/12/2026";
        let nameless = ";BD01;NV03;T-0003;Ba Đình;01/01/2026;31/12/2026";
        let (rows, refused) = read_text(&format!("{heads}\n{good}\n{bad}\n{nameless}\n")).unwrap();
        assert_eq!(rows.len(), 1, "{refused:?}");
        assert_eq!((rows[0].holder.as_str(), rows[0].code.as_str(), rows[0].card.as_str()), ("Lê Thị Mai", "NV01", "T-0001"));
        assert_eq!(rows[0].area, "Ba Đình, 00008");
        let days = rows[0].days.map(|(first, last)| format!("{first} {last}"));
        assert_eq!(days.as_deref(), Some("2026-01-01 2026-12-31"));
        assert_eq!(refused.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [3, 4]);
        assert!(read_text("Tên,Tuổi\nA,1\n").is_err());
    }
}
