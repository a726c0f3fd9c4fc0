//! Rows of the portal's lists held against visits.

use std::sync::Arc;

use engine::arrow::array::ArrayRef;
use engine::arrow::datatypes::{DataType, Field, Schema};

use super::*;

const HEADER: &str =
    "facility|portal_id|case_id|line_table|line_id|line_no|item_code|item_name|reason|amount_asked|amount_refused|quantity_left";

/// Rows between strokes; an empty cell is nothing. Amounts are thousandths of a đồng.
fn list(lines: &[&str]) -> ListRows {
    let (mut fields, mut columns): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for (at, name) in HEADER.split('|').enumerate() {
        let cells = lines.iter().map(|line| line.split('|').nth(at).filter(|cell| !cell.is_empty()));
        let (kind, column): (DataType, ArrayRef) = if name.starts_with("amount_") || name.ends_with("_left") {
            (DataType::Int64, Arc::new(cells.map(|cell| cell.map(|c| c.parse::<i64>().unwrap())).collect::<Int64Array>()))
        } else {
            (DataType::Utf8, Arc::new(cells.map(|cell| cell.map(str::to_owned)).collect::<StringArray>()))
        };
        fields.push(Field::new(name, kind, true));
        columns.push(column);
    }
    ListRows::of(&RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()).unwrap()
}

/// Holds rows against a month that has LK1 (whose number at the portal is 77) and, from a sheet alone, 78; both of facility 01999.
fn national(lines: &[&str]) -> National {
    let by_portal = HashMap::from([(of_portal("01999", "77"), VisitId::of("01999", "LK1"))]);
    let month = [VisitId::of("01999", "LK1"), of_portal("01999", "78")];
    let rows = list(lines);
    let mut national = National::default();
    for row in 0..rows.len() {
        if let Some(share) = rows.share(row) {
            national.row(&rows, row, share, &by_portal, &|id| month.iter().any(|known| known.0 == id));
        }
    }
    national
}

/// What is said of a finding of 60,000 đồng about line 2 of XML3 of a visit that asks a million.
fn word(national: &National, visit: VisitId) -> Option<Said> {
    let fund = Amount::whole(1_000_000);
    let amount = Some(Amount::whole(60_000));
    national.of(&About { visit: visit.0, fund, table: Some("xml3"), line: Some(2), stt: None, code: Some("23.0003"), amount })
}

fn refused() -> Option<Said> {
    Some(Said { word: "refused", taken: None })
}

fn partly(taken: Option<i64>) -> Option<Said> {
    Some(Said { word: "partly", taken: taken.map(Amount::whole) })
}

#[test]
fn a_row_is_matched_by_ma_lk_or_by_the_portals_number_and_what_is_not_is_counted() {
    let lk1 = VisitId::of("01999", "LK1");
    for row in ["01999||LK1|XML3||2||||||", "1999|77||XML3||2||||||", "01999|77|LK9|XML3||2||||||"] {
        let national = national(&[row]);
        assert_eq!(word(&national, lk1), refused(), "{row}");
        assert_eq!(national.listed["01999"], Listed { rows: 1, unmatched: 0, unplaced: 0 }, "{row}");
    }
    let of_a_sheet = national(&["01999|78||||||||||"]);
    assert_eq!(word(&of_a_sheet, of_portal("01999", "78")), refused(), "a visit that a sheet alone tells");
    let unknown = national(&["01999|79||||||||||", "01998|77||||||||||"]);
    assert_eq!(word(&unknown, lk1), None);
    assert_eq!(unknown.listed["01999"], Listed { rows: 1, unmatched: 1, unplaced: 0 });
    assert_eq!(unknown.listed["01998"].unmatched, 1, "the number of another facility");
}

#[test]
fn a_visit_is_refused_as_a_whole_only_when_no_cell_speaks_of_a_line() {
    let lk1 = VisitId::of("01999", "LK1");
    assert_eq!(word(&national(&["01999|77|||||||Sai thẻ|||"]), lk1), refused());
    for row in ["01999|77|||4711||||Trùng|||", "01999|77||khác|||||Trùng|||", "01999|77||||||Siêu âm|Trùng|||"] {
        let national = national(&[row]);
        assert_eq!(word(&national, lk1), partly(None), "{row}");
        assert_eq!(national.listed["01999"].unplaced, 1, "{row}");
    }
}

#[test]
fn the_amount_refused_counts() {
    let lk1 = VisitId::of("01999", "LK1");
    let line = |amounts: &str| word(&national(&[&format!("01999|77||DVKT||2|23.0003||Giá|{amounts}")]), lk1);
    assert_eq!(line("100000000|40000000|"), partly(Some(40_000)), "20,000 of the finding are left");
    assert_eq!(line("100000000|100000000|"), refused());
    assert_eq!(line("100000000|0|"), None, "nothing was refused");
    assert_eq!(line("100000000||"), refused(), "no amount and nothing left");
    assert_eq!(line("100000000||5000"), partly(None), "some of the quantity is left, nobody says how much");
    assert_eq!(line("100000000||0"), refused());
    assert_eq!(
        word(&national(&["01999|77|||||||Sai thẻ|1000000000|400000000|"]), lk1),
        partly(None),
        "600,000 of the visit are left"
    );
}

#[test]
fn the_portals_words_for_tables_are_known() {
    assert_eq!(table("Thuốc"), Some("xml2"));
    assert_eq!(table("XML3"), Some("xml3"));
    assert_eq!(table("Giường bệnh"), Some("xml3"));
    assert_eq!(table("khác"), None);
}
