//! Which rows of a sheet are left out because XML has their visit.

use std::sync::OnceLock;

use super::super::sheet_row::SheetRows;
use super::super::sheet_tests::rows;
use super::*;
use crate::store::Version;

const OLD: &str = "claim-visit-4210-2018 1";
const HEADER: &str = "facility|case_id|portal_id|card_number|object_code|arrived|arrived_time|ended|total_cost";

/// The month as XML has it: these dossiers of facility 01999.
fn month(cases: &[&str]) -> Latest {
    let version = Version { packet: 0, part: 0, number: 1, versions: 1 };
    cases.iter().map(|case| (VisitId::of("01999", case), version)).collect()
}

/// The list of categories, as far as it matters here.
fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    let text = include_str!("../../../../../formats/claims/lists/ma_doituong_kcb.yaml");
    LISTS.get_or_init(|| Lists::load([("ma_doituong_kcb.yaml", text)]).unwrap())
}

/// What a dossier of 01999 looks like.
fn looks(card: &str, start: &str, end: &str, dong: i64) -> i64 {
    let card = last_card(Some(card)).unwrap();
    look_of("01999", &card, (Some(start), Some(end)), Amount::whole(dong)).unwrap()
}

/// For each row whether it is left out.
fn left_out(xml: &Xml<'_>, lines: &[&str]) -> Vec<bool> {
    let batch = rows(HEADER, lines);
    let rows = SheetRows::of(OLD, &batch).unwrap();
    let mut met = HashSet::new();
    (0..rows.len()).map(|row| xml.of(&rows, row, &mut met).is_some()).collect()
}

#[test]
fn one_dossier_leaves_out_its_own_row_and_no_other_of_the_facility() {
    let visits = month(&["LK1"]);
    let xml = Xml { visits: &visits, lists: lists(), portal: HashMap::new(), alike: HashMap::new() };
    let lines: Vec<String> =
        (1..=1_001).map(|n| format!("01999|LK{n}||GD4010123456789||2026-10-05|08:30|2026-10-05|100000000")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let out = left_out(&xml, &lines);
    assert!(out[0], "LK1 is there as XML");
    assert_eq!(out.iter().filter(|out| !**out).count(), 1_000, "all others stay in the audit");
    assert_eq!(left_out(&xml, &["01998|LK1||||2026-10-05||2026-10-05|1"]), [false], "the same MA_LK of another facility");
}

#[test]
fn a_row_without_ma_lk_is_told_by_the_portals_number_or_by_card_days_and_cost() {
    let visits = month(&["LK1", "LK2", "LK3"]);
    let portal = HashMap::from([(of_portal("01999", "77"), VisitId::of("01999", "LK1"))]);
    let of = |case: &str| vec![VisitId::of("01999", case)];
    let alike = HashMap::from([
        (looks("GD4010123456789", "202610050830", "202610051000", 100_000), of("LK2")),
        (looks("QN5970000000000", "202610060800", "202610060900", 200_000), of("LK3")),
    ]);
    let xml = Xml { visits: &visits, lists: lists(), portal, alike };
    let out = left_out(
        &xml,
        &[
            "01999||77|GD4010123456780||2026-10-07||2026-10-07|500000000",
            "01999|||gd4010123456789||2026-10-05||2026-10-05|100000000",
            "01999||||QN|2026-10-06||2026-10-06|200000000",
            "01999||78|GD4010123456789||2026-10-05||2026-10-05|100000001",
            "01999|||GD4010123456789||2026-10-05||2026-10-06|100000000",
            "01999|LK9||GD4010123456789||2026-10-05||2026-10-05|100000000",
        ],
    );
    assert_eq!(out, [true, true, true, false, false, false], "another cost, another day, another MA_LK are other visits");
}

#[test]
fn two_rows_that_look_the_same_are_two_visits_and_one_dossier_stands_for_one() {
    let visits = month(&["LK2"]);
    let alike = HashMap::from([(looks("GD4010123456789", "20261005", "20261005", 100_000), vec![VisitId::of("01999", "LK2")])]);
    let xml = Xml { visits: &visits, lists: lists(), portal: HashMap::new(), alike };
    let line = "01999|||GD4010123456789||2026-10-05||2026-10-05|100000000";
    assert_eq!(left_out(&xml, &[line, line]), [true, false]);
    assert_eq!(left_out(&xml, &[line]), [true], "the same row of a later file is the same visit");
}

#[test]
fn a_row_of_category_8_withdraws_its_visit() {
    let visits = month(&[]);
    let xml = Xml { visits: &visits, lists: lists(), portal: HashMap::new(), alike: HashMap::new() };
    let batch = rows(
        "facility|category|arrived|ended|total_cost",
        &["01999|8|2026-10-05|2026-10-05|1", "01999|1.1|2026-10-05|2026-10-05|1"],
    );
    let rows = SheetRows::of("claim-visit-130-2024 1", &batch).unwrap();
    assert_eq!((xml.is_withdrawal(&rows, 0), xml.is_withdrawal(&rows, 1)), (true, false));
}
