//! Rows of sheets 79a and 80a as intake keeps them: money in thousandths of a đồng, days as dates with the hour beside them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use base::Date;
use base::places::Places;
use claimfile::{Dossier, TableId};
use engine::arrow::array::{Array, ArrayRef, Date32Array, Int64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field as Column, Schema};
use engine::arrow::record_batch::RecordBatch;
use law::Law;
use rules::TableSchemas;

use super::sheet_columns::{As, FIELDS, OWN, RowKind, provided};
use super::sheet_row::{Mapping, Numbers, Refusal, SheetRows};
use crate::catalogue::CatalogueTables;
use crate::{Catalogues, Contexts, Formats};

const OLD: &str = "claim-visit-4210-2018 1";
const NEW: &str = "claim-visit-130-2024 1";
const PLAIN: RowKind = RowKind { armed: false, days_only: false };

/// Files of a content folder by their path in it.
fn content(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let mut found = Vec::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|ending| ending == "yaml") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn formats() -> Formats {
    let all = content("formats/claims");
    let (lists, forms): (Vec<_>, Vec<_>) = all.iter().partition(|(name, _)| name.starts_with("lists/"));
    let forms = forms.into_iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let lists = lists.into_iter().map(|(name, text)| (name.trim_start_matches("lists/"), text.as_str()));
    Formats::load(forms, lists).unwrap()
}

/// Cells between strokes; an empty one is nothing.
pub(super) fn rows(header: &str, lines: &[&str]) -> RecordBatch {
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (at, name) in header.split('|').enumerate() {
        let cells = lines.iter().map(|line| line.split('|').nth(at).filter(|cell| !cell.is_empty()));
        let how = FIELDS.iter().find(|field| field.name == name).map(|field| field.how);
        let (kind, column): (DataType, ArrayRef) = match (how, name) {
            (Some(As::Money | As::Count), _) | (None, "refused" | "points") => {
                (DataType::Int64, Arc::new(cells.map(|cell| cell.map(|c| c.parse::<i64>().unwrap())).collect::<Int64Array>()))
            }
            (Some(As::Moment | As::Birth), _) | (None, "valid_from") => {
                let days = cells.map(|cell| cell.map(|c| c.parse::<Date>().unwrap().days_since_epoch()));
                (DataType::Date32, Arc::new(days.collect::<Date32Array>()))
            }
            _ => (DataType::Utf8, Arc::new(cells.map(|cell| cell.map(str::to_owned)).collect::<StringArray>())),
        };
        fields.push(Column::new(name, kind, true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

/// The cells of a row in XML1, by column.
fn cells(layout: &str, batch: &RecordBatch, row: usize) -> BTreeMap<String, String> {
    let formats = formats();
    let mapping = Mapping::of(&formats.forms).unwrap();
    let mut dossier = Dossier::new();
    SheetRows::of(layout, batch).unwrap().dossier(row, &mapping, &mut dossier);
    let own = dossier.row(TableId::XML1, 0).unwrap();
    let form = formats.forms.get(TableId::XML1).unwrap();
    let filled = form.columns.iter().enumerate().filter_map(|(at, column)| Some((column.name.clone(), own.get(at)?.to_owned())));
    filled.collect()
}

#[test]
fn a_row_with_the_old_headings_is_an_xml1() {
    let header = "patient_code|full_name|birth_date|birth_precision|sex_code|card_number|registered_facility|main_disease|arrived|arrived_time|\
        ended|ended_time|stay_days|total_cost|drugs|patient_paid|fund_asked|care_form|facility|settlement_month";
    let batch = rows(
        header,
        &[
            "BN1|Lê Thị Mai|1968-05-12|day|2|GD4010123456789|1999|J00|2026-10-05|08:30|2026-10-05|10:05|0|385250500|215250500|77050100|308200400|1|1999|10",
            "BN2|Đỗ Văn Oai|1941-01-01|year|1|HT2010123456780;CN3010123456780|01999;1998|I10|2026-10-06||2026-10-06||1|412500750|400000000|0|412500750|1|01999|10",
        ],
    );
    let first = cells(OLD, &batch, 0);
    for (column, wanted) in [
        ("MA_BN", "BN1"),
        ("NGAY_SINH", "196805120000"),
        ("MA_DKBD", "01999"),
        ("MA_BENH_CHINH", "J00"),
        ("NGAY_VAO", "202610050830"),
        ("NGAY_RA", "202610051005"),
        ("SO_NGAY_DTRI", "0"),
        ("T_TONGCHI_BV", "385250.5"),
        ("T_THUOC", "215250.5"),
        ("T_BHTT", "308200.4"),
        ("MA_CSKCB", "01999"),
        ("THANG_QT", "10"),
    ] {
        assert_eq!(first.get(column).map(String::as_str), Some(wanted), "{column}");
    }
    assert!(!first.contains_key("T_BNTT"), "under the old headings it holds the share too");
    assert!(!first.contains_key("T_TONGCHI_BH"), "there is no such column");
    let second = cells(OLD, &batch, 1);
    assert_eq!(second["NGAY_SINH"], "194100000000");
    assert_eq!((second["NGAY_VAO"].as_str(), second["NGAY_RA"].as_str()), ("20261006", "20261006"), "no hour is made up");
    assert_eq!(second["MA_DKBD"], "01999;01998");
}

#[test]
fn a_row_with_the_new_headings_has_its_share_and_scope() {
    let header = "case_id|card_number|category|main_disease|arrived|arrived_time|admitted|admitted_time|ended|ended_time|total_cost|total_in_scope|\
        patient_paid|copay|fund_asked|discharge|care_form|facility";
    let line = "LK0001|GD4010123456789|1.1|K35.8|2026-10-05|08:30|2026-10-05|09:15|2026-10-09|08:00|8123456780|8000000000|123456780|1600000000|6400000000|1|03|01999";
    let first = cells(NEW, &rows(header, &[line]), 0);
    for (column, wanted) in [
        ("MA_LK", "LK0001"),
        ("MA_DOITUONG_KCB", "1.1"),
        ("NGAY_VAO_NOI_TRU", "202610050915"),
        ("T_TONGCHI_BV", "8123456.78"),
        ("T_TONGCHI_BH", "8000000"),
        ("T_BNTT", "123456.78"),
        ("T_BNCCT", "1600000"),
        ("MA_LOAI_RV", "1"),
        ("MA_LOAI_KCB", "03"),
    ] {
        assert_eq!(first.get(column).map(String::as_str), Some(wanted), "{column}");
    }
}

#[test]
fn a_visit_has_one_number_and_no_row_is_lost() {
    let header = "facility|case_id|portal_id|card_number|arrived|arrived_time|ended|total_cost";
    let lines = [
        "01999|LK1|77|GD4010123456789|2026-10-05|08:30|2026-10-05|100000",
        "01999||77|GD4010123456789|2026-10-05|08:30|2026-10-05|100000",
        "01999|||GD4010123456789|2026-10-05||2026-10-05|100000",
        "01999|||GD4010123456789|2026-10-05||2026-10-05|100000",
        "01998|||GD4010123456789|2026-10-05||2026-10-05|100000",
    ];
    let ids = |lines: &[&str]| {
        let batch = rows(header, lines);
        let rows = SheetRows::of(OLD, &batch).unwrap();
        let mut numbers = Numbers::default();
        (0..rows.len()).map(|row| numbers.next(&rows, row)).collect::<Vec<_>>()
    };
    let first = ids(&lines);
    assert_eq!(first[0].0, crate::VisitId::of("01999", "LK1"), "the number of the facility's own dossier");
    assert_eq!((first[0].1.as_str(), first[1].1.as_str(), first[2].1.as_str()), ("LK1", "77", ""));
    let different: BTreeSet<i64> = first.iter().map(|(id, _)| id.0).collect();
    assert_eq!(different.len(), lines.len(), "two visits of a day that look the same are two");
    assert_eq!(ids(&lines), first, "the same file again has the same numbers");
    assert_eq!(ids(&lines[3..])[0].0, first[2].0, "and so has another file with one of the rows");
}

#[test]
fn what_was_refused_is_told_by_the_amount_before_words() {
    let header = "facility|fund_asked|refused|refusal_reason|audit_state";
    let cases = [
        ("01999|308200400|308200400|Sai thẻ|", Some(Refusal::Whole)),
        ("01999|308200400|12000250|Thuốc ngoài danh mục|", Some(Refusal::Part)),
        ("01999|308200400|0|Đã giải trình|Đã giám định", None),
        ("01999|308200400|||Từ chối thanh toán", Some(Refusal::Whole)),
        ("01999|308200400|||Từ chối một phần", Some(Refusal::Part)),
        ("01999|308200400|||Không từ chối", None),
        ("01999|308200400||Thiếu giấy tờ|", Some(Refusal::Part)),
        ("01999|308200400|||1", None),
        ("01999|0|100000|Sai thẻ|", Some(Refusal::Part)),
    ];
    let batch = rows(header, &cases.map(|(line, _)| line));
    let rows = SheetRows::of(OLD, &batch).unwrap();
    for (row, (line, wanted)) in cases.iter().enumerate() {
        assert_eq!(rows.refusal(row), *wanted, "{line}");
    }
}

#[test]
fn what_a_file_never_fills_is_not_provided() {
    let header =
        "facility|card_number|object_code|full_name|arrived|arrived_time|ended|ended_time|total_cost|fund_asked|discharge";
    let lines = [
        "01999|GD4010123456789|GD|Lê Thị Mai|2026-10-05|08:30|2026-10-05|10:05|100000|100000|",
        "01999|GD4010123456789|GD|Lê Thị Mai|2026-10-06||2026-10-06||100000|100000|",
        "01999||QN||2026-10-07|09:00|2026-10-07|10:00|100000|100000|",
    ];
    let batch = rows(header, &lines);
    let rows = SheetRows::of(OLD, &batch).unwrap();
    let filled = rows.filled();
    let has = |kind: RowKind, column: &str| provided(&filled, kind).contains(column);
    assert!(has(rows.kind(0), "stay_minutes") && has(rows.kind(0), "name_syllables") && has(rows.kind(0), "t_bhtt"));
    assert!(!has(PLAIN, "ma_loai_rv") && !has(PLAIN, "discharge"), "the column is there and empty");
    assert!(!has(PLAIN, "ngay_vao_noi_tru") && !has(PLAIN, "sum_bv") && !has(PLAIN, "received_on"));
    assert_eq!(rows.kind(1), RowKind { armed: false, days_only: true });
    assert!(!has(rows.kind(1), "stay_minutes") && !has(rows.kind(1), "ngay_ra") && has(rows.kind(1), "visit_end"));
    assert_eq!(rows.kind(2), RowKind { armed: true, days_only: false });
    assert!(!has(rows.kind(2), "cards") && !has(rows.kind(2), "ho_ten") && has(rows.kind(2), "t_bhtt"));
}

/// A row in which every field is filled.
fn full() -> RecordBatch {
    let told = [
        ("case_id", "LK1"),
        ("full_name", "Nguyễn Thị Hoa"),
        ("birth_date", "1985-03-17"),
        ("sex_code", "2"),
        ("card_number", "GD4010123456789"),
        ("registered_facility", "01999"),
        ("card_from", "20260101"),
        ("card_to", "20261231"),
        ("main_disease", "J02"),
        ("other_diseases", "I10"),
        ("category", "1.1"),
        ("from_facility", "01998"),
        ("to_facility", "01998"),
        ("arrived", "2026-10-05"),
        ("admitted", "2026-10-05"),
        ("ended", "2026-10-09"),
        ("outcome", "1"),
        ("discharge", "1"),
        ("care_form", "03"),
        ("facility", "01999"),
    ];
    let value = |name: &str| told.iter().find(|(field, _)| *field == name).map_or("1", |(_, value)| *value);
    let mut header: Vec<&str> = FIELDS.iter().map(|field| field.name).collect();
    let mut line: Vec<&str> = header.iter().map(|name| value(name)).collect();
    for (name, value) in
        [("arrived_time", "08:30"), ("admitted_time", "09:15"), ("ended_time", "08:00"), ("birth_precision", "day")]
    {
        header.push(name);
        line.push(value);
    }
    rows(&header.join("|"), &[&line.join("|")])
}

#[test]
fn what_is_provided_is_there_in_a_full_row_and_lines_are_not() {
    let formats = formats();
    let law = content("law");
    let law = Law::load(law.iter().map(|(path, text)| (path.as_str(), text.as_str()))).unwrap();
    let schemas = TableSchemas::load(content("formats/tables"), content("formats/claims")).unwrap();
    let mut tables = CatalogueTables::default();
    tables.add("icd_catalogue", vec![rows("code|valid_from", &["J02|2026-01-01", "I10|2026-01-01"])]);
    let facilities = rows("code|level|points|former_route|valid_from", &["01999|basic_mid|||", "01998|basic_low|||"]);
    tables.add("facility_catalogue", vec![facilities]);
    let catalogues = Catalogues::load(&tables, &Places::default()).unwrap();
    let mut contexts = Contexts::new(&formats.forms, &formats.lists, &law, &schemas, &catalogues).unwrap();

    let batch = full();
    let sheet = SheetRows::of(NEW, &batch).unwrap();
    let mut dossier = Dossier::new();
    sheet.dossier(0, &Mapping::of(&formats.forms).unwrap(), &mut dossier);
    contexts.add_sheet(1, &dossier, &mut |_, _, _| Ok(())).unwrap();
    let visit = contexts.take("claim_visit").unwrap();
    let known = |name: &str| visit.column_by_name(name).unwrap_or_else(|| panic!("no column {name}")).is_valid(0);

    let provided = provided(&sheet.filled(), PLAIN);
    for name in &provided {
        assert!(known(name), "{name} is provided and empty");
    }
    for (name, from) in OWN {
        assert!(provided.contains(name), "{name}: {from:?}");
    }
    for name in
        ["drug_lines", "bed_days", "sum_bv", "sum_fund", "negative_amounts", "result_rows", "discharge_papers", "received_on"]
    {
        assert!(!known(name) && !provided.contains(name), "{name}");
    }
    assert_eq!(contexts.waiting("claim_line"), 0);
}
