//! Small sheets of the portal held against a facility of four visits.

use std::sync::Arc;

use engine::arrow::array::ArrayRef;
use engine::arrow::datatypes::{DataType, Field, Schema};

use super::compare::Said;
use super::*;

const HEADER: &str = "from_period|to_period|facility|visits|total_cost|fund_cost|average_cost";

/// Rows between strokes; an empty cell is nothing. Money is in thousandths of a đồng, as intake keeps it.
fn batch(lines: &[&str]) -> RecordBatch {
    let (mut fields, mut columns): (Vec<Field>, Vec<ArrayRef>) = (Vec::new(), Vec::new());
    for (at, name) in HEADER.split('|').enumerate() {
        let cells = lines.iter().map(|line| line.split('|').nth(at).filter(|cell| !cell.is_empty()));
        let (kind, column): (DataType, ArrayRef) = if at < 3 {
            (DataType::Utf8, Arc::new(cells.map(|cell| cell.map(str::to_owned)).collect::<StringArray>()))
        } else {
            (DataType::Int64, Arc::new(cells.map(|cell| cell.map(|c| c.parse::<i64>().unwrap())).collect::<Int64Array>()))
        };
        fields.push(Field::new(name, kind, true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn october() -> Month {
    Month::new(2026, 10).unwrap()
}

fn sheet(lines: &[&str]) -> Sheet {
    let mut sheet = Sheet::default();
    sheet.take(&batch(lines), october()).unwrap();
    sheet
}

/// Four visits of 1,000,000.25 đồng together, 800,000 of it asked from the fund.
fn ours() -> Ours {
    Ours { visits: 4, total: Amount::parse("1000000.25").unwrap(), fund: Amount::whole(800_000), refused: Amount::whole(50_000) }
}

/// What comes of the facility 01999 beside three sheets.
fn state(ours: Ours, sheets: [&Sheet; 3]) -> &'static str {
    compared(ours, sheets.map(|sheet| sheet.says("01999"))).state()
}

#[test]
fn a_sheet_that_says_the_same_agrees_and_one_that_does_not_differs() {
    let none = Sheet::default();
    // Excel took the zero of the code away; the sheet is rounded to the đồng.
    let same = sheet(&["10/2026|10/2026|1999|4|1000000000|800000000|250000060"]);
    let average = sheet(&["10/2026|10/2026|01999||||250000060"]);
    assert_eq!(state(ours(), [&same, &average, &average]), "agrees");
    for other in ["5|1000000000|800000000", "4|1000002000|800000000", "4|1000000000|750000000"] {
        let other = sheet(&[&format!("10/2026|10/2026|01999|{other}|")]);
        assert_eq!(state(ours(), [&other, &none, &none]), "differs");
    }
    let dear = sheet(&["10/2026|10/2026|01999||||251000000"]);
    assert_eq!(state(ours(), [&same, &none, &dear]), "differs", "the average of B26 alone");
}

#[test]
fn what_did_not_arrive_or_speaks_of_other_months_is_not_compared() {
    let none = Sheet::default();
    assert_eq!(state(ours(), [&none, &none, &none]), "not_compared");
    let of_year = sheet(&["01/2026|10/2026|01999|40|9|9|9"]);
    assert_eq!(state(ours(), [&of_year, &none, &none]), "not_compared");
    let row = compared(ours(), [&of_year, &none, &none].map(|sheet| sheet.says("01999")));
    assert_eq!(row.said, [Said::OtherMonths, Said::NotArrived, Said::NotArrived]);
    assert_eq!((row.visits, row.total), (None, None), "no figure of ten months stands beside one");
    let untitled = sheet(&["||01999|4|||"]);
    assert_eq!(state(ours(), [&untitled, &none, &none]), "agrees", "without months it is of the month it was handed over for");
}

#[test]
fn a_facility_that_one_side_alone_has_is_told() {
    let none = Sheet::default();
    let others = sheet(&["10/2026|10/2026||900000|1|1|1", "10/2026|10/2026|01998|4|1|1|1"]);
    assert_eq!(state(ours(), [&others, &none, &none]), "ours_only");
    assert_eq!(others.rows.len(), 1, "the row of the province is no facility");
    let own = sheet(&["10/2026|10/2026|01999|4|1|1|1"]);
    assert_eq!(state(Ours::default(), [&own, &none, &none]), "portal_only");
}

#[test]
fn the_months_of_a_title_are_read() {
    for text in ["10/2026", "tháng 10 năm 2026", " 10-2026 "] {
        assert_eq!(month_in(text), Some(october()), "{text}");
    }
    for text in ["", "13/2026", "quý 4", "10/2026 11/2026", "2026"] {
        assert_eq!(month_in(text), None, "{text}");
    }
}
