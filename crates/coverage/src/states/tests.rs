//! Tables written by hand, as a clerk would check them.

use crate::StatesStep;
use crate::testing::{Desk, Tables};

/// October 2026, phường Ba Đình (00004) and phường Hoàn Kiếm (00070).
const PEOPLE: &str = "person_id, birth_date, sex, commune, village, looked_up, alive_on_period_end, on_spine
    1, 1985-03-02, male,   00004, TDP 1, false, true,  true
    2, 1990-03-02, female, 00004, TDP 1, false, true,  true
    3, 2015-05-12, female, 00004, TDP 2, false, true,  true
    4, 1950-01-01, male,   00004,      , false, true,  true
    5, 1980-01-01, male,   00070,      , true,  true,  true
    6, 1981-01-01, female, 00070,      , true,  true,  true
    7, 1982-01-01, male,        ,      , false, true,  true
    8, 1983-01-01, male,   00070,      , false, false, true
    9, 1984-01-01, female, 00070,      , false, true,  false
    10, 1979-07-01, female, 00070,     , false, true,  true
    11, 1976-07-01, male,  00070,      , false, true,  true
    12, 1948-07-01, female, 00070,     , false, true,  true";

const ALL: Tables = &[
    ("person", PEOPLE),
    (
        "bhyt_card",
        "person_id, object_code, valid_from, valid_to
        1, GD, 2025-11-01, 2026-10-30
        1, DN, 2026-01-01, 2026-12-31
        2, GD, 2025-10-01, 2026-09-30
        4, HT, 2020-01-01,
        9, DN, 2026-01-01, 2026-12-31",
    ),
    (
        "bhxh_month",
        "person_id, month, employer_name
        1, 2026-09-01, Công ty A
        1, 2026-10-01, Công ty A
        2, 2026-09-01, Công ty A
        9, 2026-10-01, Công ty A",
    ),
    ("voluntary_payment", "person_id, from_month, to_month\n 10, 2026-08-01, 2026-10-01\n 11, 2026-06-01, 2026-09-01"),
    ("pension", "person_id, month, benefit_code\n 4, 2026-10-01, pension\n 12, 2026-09-01, pension"),
    ("social_pension", "person_id, month, ground_code\n 12, 2026-10-01, age_75"),
    ("pupil", "person_id, school_year\n 3, 2026-2027"),
    ("labour", "person_id, work_code\n 2, employee\n 7, employee\n 11, own_account"),
    ("tour_guide", "person_id, issued, expires\n 5, 2024-01-01, 2027-01-01"),
    ("tax_wage", "person_id, year\n 6, 2025\n 11, 2024"),
    (
        "insured_elsewhere",
        "person_id, scheme, valid_from, valid_to
        5, bhyt, 2026-01-01, 2026-12-31
        6, bhyt, 2026-01-01, 2026-09-30",
    ),
    (
        "finding",
        "finding_key, rule, subject_kind, person_id, state, evidence
        a, household-card-lapsed, person, 2, still, []
        b, labour-without-compulsory, person, 2, new, []
        c, pupil-without-valid-card, person, 3, resolved, []
        d, wage-without-compulsory, person, 6, new, []
        e, labour-without-compulsory, person, 7, not_evaluated, []
        f, social-pension-due, person, 12, resolved, []
        g, business-owner-due, person, 11, new, [{\"name\":\"duty\";\"value\":\"doubtful\"}]",
    ),
];

fn states(given: Tables) -> (Desk, Vec<String>) {
    let mut desk = Desk::new();
    desk.run("2026-10", given, vec![Box::new(StatesStep)]);
    let lines = desk.lines(
        "SELECT person_id, health, health_ground, social, social_ground, jobless, jobless_ground FROM coverage_state ORDER BY person_id",
    );
    (desk, lines)
}

fn without(table: &str) -> Vec<(&'static str, &'static str)> {
    ALL.iter().filter(|(name, _)| *name != table).copied().collect()
}

#[test]
fn each_resident_stands_under_the_first_answer_that_fits() {
    let (desk, lines) = states(ALL);
    assert_eq!(
        lines,
        [
            "1 | covered | DN | covered | compulsory | covered | compulsory",
            "2 | not_covered | household-card-lapsed | not_covered | labour-without-compulsory | not_covered | labour-without-compulsory",
            "3 | needs_lookup | no-card-unexplained | not_obliged | under_age | not_obliged | under_age",
            "4 | covered | HT | not_obliged | pensioner | not_obliged | pensioner",
            "5 | covered_elsewhere | look_up | needs_lookup | tour_guide | needs_lookup | tour_guide",
            "6 | not_covered | nothing_found | needs_lookup | wage-without-compulsory | needs_lookup | wage-without-compulsory",
            "7 | needs_lookup | no-card-unexplained | needs_lookup | labour | needs_lookup | labour",
            "10 | needs_lookup | no-card-unexplained | covered | voluntary | not_obliged | voluntary",
            "11 | needs_lookup | no-card-unexplained | needs_lookup | business-owner-due | not_obliged | owner",
            "12 | needs_lookup | no-card-unexplained | not_obliged | past_age | not_obliged | past_age",
        ]
    );
    // The dead (8) and whoever is known from work alone (9) are no residents.
    assert_eq!(
        desk.lines("SELECT commune, what, people FROM coverage_outside ORDER BY 1, 2"),
        ["00070 | card | 1", "00070 | compulsory | 1", "00070 | jobless | 1"]
    );
    assert_eq!(
        desk.lines("SELECT what, commune, person_id FROM coverage_outside_person"),
        ["card | 00070 | 9", "compulsory | 00070 | 9", "jobless | 00070 | 9"]
    );
    assert_eq!(
        desk.lines("SELECT village, person_id FROM coverage_state WHERE person_id <= 4 ORDER BY person_id"),
        ["TDP 1 | 1", "TDP 1 | 2", "TDP 2 | 3", "- | 4"]
    );
    let ages = desk.lines("SELECT person_id, working_age, past_retirement, old_age FROM coverage_state ORDER BY person_id");
    assert_eq!(ages[2..5], ["3 | false | false | -", "4 | false | true | pension", "5 | true | false | -"]);
    assert_eq!(ages[9], "12 | false | true | social_pension");
    // The table stands in the order of communes, people of none first.
    assert_eq!(desk.lines("SELECT person_id, commune FROM coverage_state")[..3], ["7 | -", "1 | 00004", "2 | 00004"]);
}

/// An owner pays through the business and is no worker there; a second job is one.
#[test]
fn owners_of_household_businesses_are_not_in_unemployment_insurance() {
    let mut desk = Desk::new();
    let given: Tables = &[
        ("person", "person_id, personal_id\n 1, 001085000001\n 2, 001085000002\n 3, 001085000003"),
        (
            "employer",
            "employer_id, kind_code, owner_personal_id\n 1, household_business, 001085000001\n 2, household_business, 001085000002",
        ),
        (
            "bhxh_month",
            "person_id, month, employer_name
            1, 2026-10-01, Hộ kinh doanh Trần Thị Lan
            2, 2026-10-01, Hộ kinh doanh Lê Văn Minh
            2, 2026-10-01, Công ty A
            3, 2026-10-01, Hộ kinh doanh Lê Văn Minh",
        ),
    ];
    desk.run("2026-10", given, vec![Box::new(StatesStep)]);
    assert_eq!(
        desk.lines("SELECT person_id, social, jobless, jobless_ground FROM coverage_state ORDER BY person_id"),
        ["1 | covered | not_obliged | owner", "2 | covered | covered | compulsory", "3 | covered | covered | compulsory"]
    );
}

#[test]
fn without_the_rosters_nothing_is_said() {
    let (_, lines) = states(&without("bhyt_card"));
    assert!(lines[0].starts_with("1 | unknown | no_roster | covered | compulsory"), "{lines:?}");
    assert!(lines[4].starts_with("5 | covered_elsewhere | look_up"), "{lines:?}");
    assert!(lines[1].starts_with("2 | unknown | no_roster"), "nobody is said to have no card: {lines:?}");
    let (_, lines) = states(&without("bhxh_month"));
    assert!(lines[0].ends_with("unknown | no_roster | unknown | no_roster"), "{lines:?}");
    assert!(lines[3].contains("not_obliged | pensioner"), "{lines:?}");
}

/// Every second person of a commune has a card, but of one of the communes no cards arrived.
#[test]
fn a_commune_without_cards_is_not_known() {
    let mut people = String::from("person_id, commune\n");
    let mut cards = String::from("person_id, object_code\n");
    for n in 0..60 {
        people.push_str(&format!("{n}, {}\n", ["00004", "00070", "00082"][n % 3]));
        if n % 2 == 0 && n % 3 != 1 || n % 3 == 2 && n == 5 {
            cards.push_str(&format!("{n}, GD\n"));
        }
    }
    let mut desk = Desk::new();
    desk.run("2026-10", &[("person", &people), ("bhyt_card", &cards)], vec![Box::new(StatesStep)]);
    let said =
        desk.lines("SELECT commune, state, sum(people) FROM coverage_count WHERE scheme = 'health' GROUP BY 1, 2 ORDER BY 1, 2");
    assert_eq!(
        said,
        [
            "00004 | covered | 10",
            "00004 | needs_lookup | 10",
            "00070 | unknown | 20",
            "00082 | covered | 11",
            "00082 | needs_lookup | 9"
        ]
    );
}

/// Whatever is drawn: each resident stands in one state of each scheme, and the sums are the table.
#[test]
fn states_partition_the_residents() {
    let mut draw = 7u64;
    let mut next = |below: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % below
    };
    for _ in 0..3 {
        let mut people = String::from("person_id, birth_date, sex, commune, village, looked_up, alive_on_period_end, on_spine\n");
        let mut cards = String::from("person_id, object_code, valid_to\n");
        let mut months = String::from("person_id, month\n");
        let mut findings = String::from("finding_key, rule, subject_kind, person_id, state\n");
        let mut residents = 0;
        for person in 0..400 {
            let (alive, spine) = (next(20) > 0, next(10) > 0);
            residents += i64::from(alive && spine);
            let commune = ["00004", "00070", ""][next(3) as usize];
            let sex = ["male", "female", ""][next(3) as usize];
            let (year, village, looked) = (1930 + next(97), ["Thôn A", "Thôn B", ""][next(3) as usize], next(2) > 0);
            people.push_str(&format!("{person}, {year}-05-01, {sex}, {commune}, {village}, {looked}, {alive}, {spine}\n"));
            if next(3) > 0 {
                cards.push_str(&format!("{person}, GD, 2026-{:02}-28\n", 8 + next(5)));
            }
            if next(4) == 0 {
                months.push_str(&format!("{person}, 2026-{:02}-01\n", 9 + next(2)));
            }
            if next(5) == 0 {
                let rule = ["poor-without-card", "labour-without-compulsory", "turning-six"][next(3) as usize];
                findings.push_str(&format!("k{person}, {rule}, person, {person}, new\n"));
            }
        }
        let mut desk = Desk::new();
        let given: Tables = &[("person", &people), ("bhyt_card", &cards), ("bhxh_month", &months), ("finding", &findings)];
        desk.run("2026-10", given, vec![Box::new(StatesStep)]);
        assert_eq!(
            desk.lines("SELECT count(*), count(DISTINCT person_id) FROM coverage_state"),
            [format!("{residents} | {residents}")]
        );
        for scheme in ["health", "social", "jobless"] {
            let counted = desk.lines(&format!(
                "SELECT commune, state, ground, sum(people) FROM coverage_count WHERE scheme = '{scheme}' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            ));
            let there = desk.lines(&format!(
                "SELECT commune, {scheme}, {scheme}_ground, count(*) FROM coverage_state GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
            ));
            assert_eq!(counted, there);
            assert_eq!(
                desk.lines(&format!("SELECT sum(people) FROM coverage_count WHERE scheme = '{scheme}'")),
                [residents.to_string()]
            );
        }
    }
}

#[test]
fn what_came_of_a_case_is_said_and_covers_nobody() {
    let found = "finding_key, rule, subject_kind, person_id, state, evidence
        00000000000000000000000000000001, household-card-lapsed, person, 2, still, []
        00000000000000000000000000000002, labour-without-compulsory, person, 2, new, []
        00000000000000000000000000000003, labour-without-compulsory, person, 7, new, []";
    let said = "finding_key, rule, person_id, outcome, closed_on, effect
        00000000000000000000000000000001, household-card-lapsed, 2, joined, 2026-10-20, left_out
        00000000000000000000000000000002, labour-without-compulsory, 2, exempt, 2026-10-20, left_out
        00000000000000000000000000000003, labour-without-compulsory, 7, insured_elsewhere, 2026-10-20, ended
        00000000000000000000000000000009, no-card-unexplained, 1, exempt, 2026-10-20, left_out";
    let mut given = without("finding");
    given.extend([("finding", found), ("case_outcome", said)]);
    let (_, lines) = states(&given);
    let of = |person: &str| lines.iter().find(|line| line.starts_with(&format!("{person} |"))).unwrap().clone();
    assert_eq!(of("2"), "2 | needs_lookup | said_joined | not_obliged | said_exempt | not_obliged | said_exempt");
    // A card outdoes every word, and what ended is no word any more.
    assert!(of("1").starts_with("1 | covered | DN"), "{}", of("1"));
    assert!(
        of("7").ends_with("not_covered | labour-without-compulsory | not_covered | labour-without-compulsory"),
        "{}",
        of("7")
    );
}
