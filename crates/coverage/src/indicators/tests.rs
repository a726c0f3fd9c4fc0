//! Indicators over tables written by hand.

use crate::testing::{Desk, Tables};
use crate::{IndicatorsStep, StatesStep};

/// Ten people of two communes, and one of no known commune.
const PEOPLE: &str = "person_id, birth_date, sex, commune, personal_id, id_from, checked
    1, 1985-03-02, male,   00004, 001085000001, population,
    2, 1990-03-02, female, 00004, 001190000002, bhyt_card, resident
    3, 2015-05-12, female, 00004, , ,
    4, 1950-01-01, male,   00004, 001050000004, bhyt_card,
    5, 1980-01-01, male,   00070, , ,
    6, 1981-01-01, female, 00070, , ,
    7, 1982-01-01, male,        , , ,
    8, 1948-01-01, male,   00070, , ,";

const GIVEN: Tables = &[
    ("person", PEOPLE),
    ("bhyt_card", "person_id, object_code\n 1, DN\n 2, GD\n 3, HS\n 5, GD"),
    ("insured_elsewhere", "person_id, scheme\n 6, bhyt"),
    ("bhxh_month", "person_id, month\n 1, 2026-10-01\n 5, 2026-10-01\n 5, 2026-10-01"),
    ("voluntary_payment", "person_id, from_month, to_month\n 2, 2026-10-01, 2026-12-01"),
    ("pension", "person_id, month, benefit_code\n 4, 2026-10-01, pension"),
    ("social_pension", "person_id, month, ground_code\n 8, 2026-10-01, disabled"),
    ("pupil", "person_id, school_year\n 3, 2026-2027\n 3, 2026-2027\n 6, 2025-2026"),
    (
        "support_entitlement",
        "person_id, scheme, commune, standing\n 2, health, 00004, supported\n 5, health, 00070, no_card\n 1, health, 00004, other_payer\n 2, voluntary, 00004, no_card",
    ),
];

fn steps() -> Vec<Box<dyn chapter::Step>> {
    vec![Box::new(StatesStep), Box::new(IndicatorsStep)]
}

/// A city whose two communes the statistics office counts.
fn statistics(desk: &mut Desk, of_all: i64) {
    let mut lines = String::from("commune, year:int, population:int, labour_force:int, source\n");
    let communes: Vec<String> = ["00004", "00070"].map(str::to_owned).to_vec();
    for code in communes {
        lines.push_str(&format!("{code}, 2026, {of_all}, {}, Thống kê thành phố\n", of_all / 2));
        lines.push_str(&format!("{code}, 2026, {}, , Công an thành phố\n", of_all + 1));
    }
    desk.roster("commune_figure", &lines);
}

const CITY: &str =
    "SELECT id, basis, main, numerator, denominator, aggregate, unknown FROM indicator WHERE commune IS NULL ORDER BY id, basis";

#[test]
fn the_same_heads_stand_on_every_denominator() {
    let mut desk = Desk::new();
    statistics(&mut desk, 4);
    desk.roster("population", "full_name\n An");
    desk.roster(
        "card_aggregate",
        "group, commune, count:int, as_of:date, source
        Lực lượng vũ trang, , 3, 2026-09-30, Bộ Tư lệnh Thủ đô
        Thẻ do tỉnh khác phát hành, 00070, 1, 2026-09-30, BHXH Việt Nam",
    );
    desk.run("2026-10", GIVEN, steps());
    assert_eq!(
        desk.lines(CITY),
        [
            // 1, 2, 3, 5 have cards, 6 is insured elsewhere (and is the one card of another province), 3 more are armed forces.
            "I1 | cong-an-thanh-pho | false | 8 | 10 | 3 | 0",
            "I1 | register | true | 8 | 8 | 3 | 0",
            "I1 | thong-ke-thanh-pho | false | 8 | 8 | 3 | 0",
            "I2 | register | false | 2 | 5 | - | 2",
            "I2 | thong-ke-thanh-pho | true | 2 | 4 | - | 2",
            "I3 | register | false | 1 | 5 | - | 2",
            "I3 | thong-ke-thanh-pho | true | 1 | 4 | - | 2",
            "I4 | register | false | 2 | 5 | - | 2",
            "I4 | thong-ke-thanh-pho | true | 2 | 4 | - | 2",
            "I5 | register | true | 1 | 2 | - | 0",
            "T-id | register | true | 2 | 8 | - | 0",
            "T2b | entitled | true | 1 | 2 | - | 0",
            "T2f | class_list | true | 1 | 1 | - | 0",
            // One pensioner, whose number no office has confirmed.
            "T6b | payment_list | true | 0 | 1 | - | 0",
        ]
    );
    let source = desk.lines("SELECT aggregate_source FROM indicator WHERE id = 'I1' AND commune IS NULL AND main");
    assert_eq!(
        source,
        ["Lực lượng vũ trang: Bộ Tư lệnh Thủ đô (đến 30/09/2026); Thẻ do tỉnh khác phát hành: BHXH Việt Nam (đến 30/09/2026)"]
    );
    let ward =
        desk.lines("SELECT numerator, denominator, aggregate FROM indicator WHERE id = 'I1' AND commune = '00070' AND main");
    assert_eq!(ward, ["2 | 3 | 0"]);
}

#[test]
fn without_a_population_roster_coverage_stands_on_the_statistics() {
    let mut desk = Desk::new();
    statistics(&mut desk, 4);
    desk.run("2026-10", GIVEN, steps());
    let lines = desk.lines(CITY);
    assert!(lines.contains(&"I1 | thong-ke-thanh-pho | true | 5 | 8 | - | 0".to_owned()), "{lines:?}");
    assert!(lines.contains(&"I1 | register | false | 5 | - | - | 0".to_owned()), "{lines:?}");
    assert!(lines.contains(&"I5 | register | true | 1 | - | - | 0".to_owned()), "{lines:?}");
}

#[test]
fn figures_of_another_size_are_shown_and_not_followed() {
    let mut desk = Desk::new();
    statistics(&mut desk, 40_000);
    desk.roster("population", "full_name\n An");
    desk.run("2026-10", GIVEN, steps());
    let said =
        desk.lines("SELECT basis, main, denominator_source FROM indicator WHERE id = 'I2' AND commune IS NULL ORDER BY basis");
    assert!(said[0].starts_with("register | true | Người trong độ tuổi lao động theo danh sách dân cư kỳ 2026-10"), "{said:?}");
    assert!(said[1].starts_with("thong-ke-thanh-pho | false") && said[1].contains("khác quy mô"), "{said:?}");
}

#[test]
fn a_roster_that_did_not_arrive_gives_no_number() {
    for (table, id) in [
        ("bhyt_card", "I1"),
        ("bhxh_month", "I2"),
        ("voluntary_payment", "I3"),
        ("bhxh_month", "I4"),
        ("pension", "I5"),
        ("social_pension", "I5"),
    ] {
        let given: Vec<_> = GIVEN.iter().filter(|(name, _)| *name != table).copied().collect();
        let mut desk = Desk::new();
        desk.run("2026-10", &given, steps());
        let said = desk.lines(&format!("SELECT DISTINCT numerator, unmatched FROM indicator WHERE id = '{id}'"));
        assert_eq!(said, ["- | -"], "{id} without {table}");
    }
    // Without people of support, or without class lists, there is no line at all.
    let given: Vec<_> = GIVEN.iter().filter(|(name, _)| !matches!(*name, "support_entitlement" | "pupil")).copied().collect();
    let mut desk = Desk::new();
    desk.run("2026-10", &given, steps());
    assert_eq!(desk.lines("SELECT count(*) FROM indicator WHERE id IN ('T2b', 'T2f')"), ["0"]);
}

/// The number on a page and the rows it opens are the same people.
#[test]
fn the_query_of_each_line_opens_exactly_the_people_counted() {
    let mut desk = Desk::new();
    statistics(&mut desk, 4);
    desk.roster(
        "card_aggregate",
        "group, commune, count:int, as_of:date, source\n Lực lượng vũ trang, 00004, 3, 2026-09-30, Bộ Tư lệnh",
    );
    desk.run("2026-10", GIVEN, steps());
    let lines = desk.lines(
        "SELECT rows_query, numerator - coalesce(aggregate, 0) AS people FROM indicator \
         WHERE commune IS NULL OR commune IN ('00004', '00070', '00082') ORDER BY 1",
    );
    let mut opened = 0;
    for line in &lines {
        let (query, people) = line.rsplit_once(" | ").unwrap();
        let rows = desk.lines(query);
        assert_eq!(rows.len().to_string(), people, "{query}");
        opened += rows.len();
    }
    assert!(lines.len() > 40 && opened > 20, "{} lines, {opened} rows", lines.len());
}

#[test]
fn communes_and_people_of_none_add_up_to_the_city() {
    let mut desk = Desk::new();
    desk.roster("population", "full_name\n An");
    desk.run("2026-10", GIVEN, steps());
    for (id, condition) in [
        ("I1", "health IN ('covered', 'covered_elsewhere')"),
        ("I2", "social_ground = 'compulsory'"),
        ("I4", "jobless = 'covered'"),
    ] {
        let sum = desk.lines(&format!(
            "SELECT sum(numerator), sum(denominator) FROM indicator WHERE id = '{id}' AND commune IS NOT NULL AND basis = 'register'"
        ));
        let over = if id == "I1" { "true" } else { "working_age" };
        let none = desk.lines(&format!(
            "SELECT count(*) FILTER (WHERE {condition}), count(*) FILTER (WHERE {over}) FROM coverage_state WHERE commune IS NULL"
        ));
        let city = desk.lines(&format!(
            "SELECT numerator, denominator FROM indicator WHERE id = '{id}' AND commune IS NULL AND basis = 'register'"
        ));
        let numbers = |lines: &[String]| -> Vec<i64> { lines[0].split(" | ").map(|cell| cell.parse().unwrap()).collect() };
        let (sum, none, city) = (numbers(&sum), numbers(&none), numbers(&city));
        assert_eq!([sum[0] + none[0], sum[1] + none[1]], [city[0], city[1]], "{id}");
    }
}
