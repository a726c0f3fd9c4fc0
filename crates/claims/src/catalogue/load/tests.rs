//! Catalogues from rows that could stand in files of facilities.

use std::sync::Arc;

use base::{Amount, Date};
use engine::arrow::array::{ArrayRef, Date32Array, Int64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field, Schema};

use super::*;
use crate::catalogue::Term;

/// Rows as intake stores them: cells between strokes, an empty one is nothing; days as ISO, prices in thousandths.
fn rows(header: &str, lines: &[&str]) -> RecordBatch {
    let names: Vec<&str> = header.split('|').collect();
    let cell = |line: &str, at: usize| Some(line.split('|').nth(at).unwrap().to_owned()).filter(|cell| !cell.is_empty());
    let mut fields = Vec::new();
    let mut columns: Vec<ArrayRef> = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let cells = lines.iter().map(|line| cell(line, at));
        let (kind, column): (DataType, ArrayRef) = match *name {
            "valid_from" | "valid_to" => {
                let days = cells.map(|cell| cell.map(|c| c.parse::<Date>().unwrap().days_since_epoch()));
                (DataType::Date32, Arc::new(days.collect::<Date32Array>()))
            }
            "price" | "fund_price" | "points" | "age_from" | "age_to" => {
                (DataType::Int64, Arc::new(cells.map(|cell| cell.map(|c| c.parse::<i64>().unwrap())).collect::<Int64Array>()))
            }
            _ => (DataType::Utf8, Arc::new(cells.collect::<StringArray>())),
        };
        fields.push(Field::new(*name, kind, true));
        columns.push(column);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns).unwrap()
}

fn load(files: &[(&str, RecordBatch)]) -> Catalogues {
    let mut tables = CatalogueTables::default();
    for (roster, rows) in files {
        assert!(tables.add(roster, vec![rows.clone()]), "{roster}");
    }
    Catalogues::load(&tables, &Places::default()).unwrap()
}

fn day(text: &str) -> Option<Date> {
    text.parse().ok()
}

#[test]
fn what_did_not_arrive_stays_absent() {
    let catalogues = load(&[("department_catalogue", rows("facility|code|valid_from", &["01999|K02|"]))]);
    assert_eq!(catalogues.departments.as_ref().map(|all| all.len()), Some(1));
    let missing = catalogues.missing();
    assert_eq!(missing, ["icd", "facility", "drug", "service", "supply", "staff", "bed", "machine", "occupation"]);
    assert!(catalogues.components.is_none());
    assert!(!CatalogueTables::default().add("population", Vec::new()), "another roster is no catalogue");
}

#[test]
fn files_of_facilities_add_up_and_the_newest_row_of_a_day_counts() {
    let header = "facility|code|name|strength|registration|price|fund_price|valid_from|valid_to";
    let first = rows(
        header,
        &[
            "01999|40.30|Thuốc Thử|50mg|VD-1|12500000||2026-01-01|2026-03-31",
            "01999|40.30|Thuốc Thử|50mg|VD-1|13000000||2026-04-01|",
            "01999|40.30|Thuốc Thử|100mg|VD-2|20000000||2026-01-01|",
        ],
    );
    // Excel took the zero away; the price of the second row is corrected and it ends.
    let second = rows(header, &["1999|40.30|Thuốc Thử|50mg|VD-1|14000000|13500000|2026-04-01|2026-12-31"]);
    let other = rows(header, &["01998|40.30|Thuốc Thử|50mg|VD-1|11000000||2026-01-01|"]);
    let drugs = load(&[("drug_catalogue", first), ("drug_catalogue", second), ("drug_catalogue", other)]).drugs.unwrap();
    assert_eq!(drugs.len(), 2);
    let mut own: Vec<_> = drugs["01999"]["40.30"].iter().map(|i| (i.strength.to_string(), i.term, i.price)).collect();
    own.sort();
    let price = |dong: i64| Some(Amount::whole(dong));
    let term = |from: &str, to: &str| Term { from: day(from), to: day(to) };
    assert_eq!(
        own,
        [
            ("100mg".to_owned(), term("2026-01-01", ""), price(20_000)),
            ("50mg".to_owned(), term("2026-01-01", "2026-03-31"), price(12_500)),
            ("50mg".to_owned(), term("2026-04-01", "2026-12-31"), price(14_000)),
        ]
    );
    assert_eq!(drugs["01998"]["40.30"].len(), 1);
}

#[test]
fn services_say_for_whom_they_are() {
    let header = "facility|code|name|price|for_sex|age_from|age_to|valid_from|valid_to";
    let services =
        load(&[("service_catalogue", rows(header, &["01999|02.1|Khám thai|50000000|Nữ|10|55|2026-01-01|"]))]).services.unwrap();
    let item = &services["01999"]["02.1"][0];
    assert_eq!(
        (item.sex, item.age_from, item.age_to, item.price),
        (Some("female"), Some(10), Some(55), Some(Amount::whole(50_000)))
    );
}

#[test]
fn people_are_known_by_each_of_their_numbers() {
    let header = "facility|insurance_number|certificate|personal_id|valid_from|valid_to";
    let lines = ["01999|0123456789|000001/HNO-CCHN||2026-04-01|", "01999||000002/HNO-CCHN|001085000013|2026-04-01|2026-04-30"];
    let catalogues = load(&[("staff_catalogue", rows(header, &lines))]);
    let knows = |number: &'static str, on: &str| catalogues.approves("01999", [number].into_iter(), day(on));
    for number in ["0123456789", "000001/HNO-CCHN", "000002/HNO-CCHN", "001085000013"] {
        assert_eq!(knows(number, "2026-04-15"), Some(true), "{number}");
    }
    assert_eq!((knows("001085000013", "2026-05-01"), knows("0000000000", "2026-04-15")), (Some(false), Some(false)));
}

#[test]
fn beds_hang_on_their_department() {
    let catalogues =
        load(&[("bed_catalogue", rows("facility|department|bed|valid_from", &["01999|K02|H001|", "01999|K03|H002|"]))]);
    let has = |department: &str, bed: &'static str| catalogues.has_beds("01999", department, [bed].into_iter(), None);
    assert_eq!((has("K02", "H001"), has("K02", "H002"), has("K03", "H002")), (Some(true), Some(false), Some(true)));
}

#[test]
fn a_list_without_levels_adds_facilities_and_takes_no_level_away() {
    let own = rows(
        "code|level|points|former_route|valid_from|valid_to",
        &["01999|Cơ bản|49500|Huyện|2025-01-01|2025-12-31", "01999|Chuyên sâu|82000|Tỉnh|2026-01-01|"],
    );
    let portal = rows("code|level|former_route|valid_from", &["01999||Huyện|", "01997||Xã|"]);
    for files in [[&own, &portal], [&portal, &own]] {
        let files = files.map(|rows| ("facility_catalogue", rows.clone()));
        let catalogues = load(&files);
        assert_eq!(catalogues.level("01999", day("2025-06-01")), Some("basic_low"));
        assert_eq!(catalogues.level("01999", day("2026-06-01")), Some("special_former_province"));
        assert_eq!((catalogues.has_facility("01997", None), catalogues.level("01997", None)), (Some(true), None));
    }
}

#[test]
fn facilities_keep_name_and_commune_and_stations_are_told() {
    let list = rows(
        "code|name|level|commune",
        &[
            "1501|Trạm  Y tế phường Ba Đình|primary|00004",
            "01041|Bệnh viện Đa khoa|basic_mid|",
            "01502|Trạm Y tế xã A|basic_mid|",
        ],
    );
    let catalogues = load(&[("facility_catalogue", list)]);
    let at = |code: &str| catalogues.facility(code, day("2026-10-31").unwrap()).unwrap().clone();
    let station = at("01501");
    assert_eq!((station.name.as_deref(), station.commune.as_deref()), (Some("Trạm Y tế phường Ba Đình"), Some("00004")));
    assert_eq!((station.station, at("01041").station), (true, false));
    assert!(!at("01502").station, "a station is of the first level, whatever its name");
}

#[test]
fn diseases_have_the_flags_of_the_circular_and_the_annex() {
    let main = rows(
        "code|not_main|needs_finer|death_only|female|male|over_30_days|over_30_days_number|valid_from",
        &["J02||||||||2026-07-01", "O80.0||||x||||2026-07-01", "R99|x|x|x|||||2026-07-01", "I10||||||||2026-07-01"],
    );
    let annex = rows("code|over_30_days_number|valid_from", &["I10 đến I13|8.1|"]);
    let at =
        |catalogues: &Catalogues, code: &str| *catalogues.icd.as_ref().unwrap().at(code, day("2026-08-01")).unwrap().unwrap();
    let without = load(&[("icd_catalogue", main.clone())]);
    assert_eq!(at(&without, "I10").over_30_days, None, "nobody handed the annex over");
    let with = load(&[("icd_catalogue", annex.clone()), ("icd_catalogue", main)]);
    assert_eq!((at(&with, "I10").over_30_days, at(&with, "J02").over_30_days), (Some(true), Some(false)));
    let dead = at(&with, "R99");
    assert!(dead.not_main && dead.unspecific && dead.death_only && !dead.female && at(&with, "O800").female);
    assert!(load(&[("icd_catalogue", annex)]).icd.is_none(), "the annex alone does not say which codes there are");
}

#[test]
fn occupations_are_known_by_their_day_and_a_list_of_a_higher_level_accuses_nobody() {
    let header = "code|name|level|valid_from|valid_to";
    let first = rows(header, &["01110|Nghề Một|5|2021-01-15|2026-06-30", "91110|Nghề Hai|5|2021-01-15|"]);
    // Excel took the zero away; the first code lives on.
    let second = rows(header, &["1110|Nghề Một|5|2021-01-15|", "0|Không có nghề|5|2021-01-15|"]);
    let has = |catalogues: &Catalogues, code: &str, on: &str| catalogues.occupations.as_ref().unwrap().has(code, day(on));
    let old = load(&[("occupation_catalogue", first.clone())]);
    assert_eq!((has(&old, "01110", "2026-06-30"), has(&old, "01110", "2026-07-01")), (Some(true), Some(false)));
    assert_eq!((has(&old, "99", "2026-07-01"), has(&old, "12345", "2026-07-01")), (Some(false), Some(false)));
    assert_eq!(has(&old, "91110", "2020-12-31"), None, "before the list began nothing is known");
    assert_eq!((has(&old, "00000", "2026-07-01"), has(&old, "12345", "")), (Some(true), Some(false)));
    let new = load(&[("occupation_catalogue", first), ("occupation_catalogue", second)]);
    assert_eq!((has(&new, "01110", "2026-07-01"), has(&new, "1110", "2026-07-01")), (Some(true), Some(true)));
    let level_2 = load(&[("occupation_catalogue", rows(header, &["11|Nhóm Một|2||", "0|Không có nghề|2||"]))]);
    assert_eq!((has(&level_2, "11", "2026-07-01"), has(&level_2, "12", "2026-07-01")), (Some(true), Some(false)));
    assert_eq!(has(&level_2, "91110", "2026-07-01"), None, "it has no code of five digits");
    assert!(!level_2.missing().contains(&"occupation") && Catalogues::default().missing().contains(&"occupation"));
}

#[test]
fn pairs_of_services_stand_once_in_order() {
    let header = "parent_code|component_code|valid_from|valid_to|reference";
    let first = rows(header, &["B|C|2025-01-01||QĐ 1", "A|B|2025-01-01||", "D|D|2025-01-01||"]);
    let second = rows(header, &["B|C|2025-01-01|2026-12-31|QĐ 2"]);
    let pairs = load(&[("service_component", first), ("service_component", second)]).components.unwrap();
    let said: Vec<_> = pairs.iter().map(|p| (p.parent_code.as_str(), p.valid_to, p.reference.as_deref())).collect();
    assert_eq!(said, [("A", None, None), ("B", day("2026-12-31"), Some("QĐ 2"))]);
}
