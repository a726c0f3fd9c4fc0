//! A worklist written by hand, as a clerk would check it.

use super::*;
use crate::testing::{Desk, Tables};

/// October 2026. An has two reasons; Bình and Chi none, and Chi was looked up; Dũng works without BHXH and has no card; Én is insured
/// elsewhere for health and Giang for social insurance; Hoa is no known resident; Khang has a card.
const GIVEN: Tables = &[
    (
        "person",
        "person_id, full_name, commune, village, looked_up, on_spine
        1, Lê An, 00004, Tổ 1, false, true
        2, Lê Bình, 00004, , false, true
        3, Lê Chi, 00004, , true, true
        4, Lê Dũng, 00070, , false, true
        5, Lê Én, 00070, , true, true
        6, Lê Giang, 00070, , true, true
        7, Lê Hoa, 00070, , false, false
        8, Lê Khang, 00070, , false, true",
    ),
    (
        "bhyt_card",
        "person_id, object_code, valid_from, valid_to
        1, GD, 2025-10-01, 2026-09-30
        6, DN, 2026-01-01,
        8, GD, 2026-01-01, 2026-10-31",
    ),
    ("insured_elsewhere", "person_id, scheme, valid_from, valid_to\n 5, bhyt, 2026-01-01,\n 6, bhxh, 2026-01-01,"),
    (
        "finding",
        "finding_key, rule, subject_kind, person_id, state, first_period
        00000000000000000000000000000001, household-card-lapsed, person, 1, still, 2026-09-01
        00000000000000000000000000000002, household-card-lapsed, person, 5, new, 2026-10-01
        00000000000000000000000000000003, household-card-lapsed, person, 2, resolved, 2026-09-01
        00000000000000000000000000000004, labour-without-compulsory, person, 4, new, 2026-10-01
        00000000000000000000000000000005, labour-without-compulsory, person, 6, new, 2026-10-01
        00000000000000000000000000000006, pupil-without-valid-card, person, 1, new, 2026-10-01
        00000000000000000000000000000007, pupil-without-valid-card, person, 7, new, 2026-10-01",
    ),
];

fn lines(given: Tables, columns: &str) -> Vec<String> {
    let mut desk = Desk::new();
    desk.run("2026-10", given, vec![Box::new(WorklistStep)]);
    desk.lines(&format!("SELECT {columns} FROM worklist ORDER BY rank"))
}

#[test]
fn each_person_has_one_main_reason_and_what_no_rule_explains_waits_for_the_look_up() {
    assert_eq!(
        lines(GIVEN, "rank, reason, person_id, main, without_card, unit, state, first_period"),
        [
            "1 | household-card-lapsed | 1 | false | true | commune | still | 2026-09-01",
            // A wage says nothing about the card: the card of this person is unexplained.
            "2 | labour-without-compulsory | 4 | false | true | commune | new | 2026-10-01",
            "3 | no-card-unexplained | 2 | true | true | look_up |  | 2026-10-01",
            "4 | no-card-unexplained | 3 | true | true | commune |  | 2026-10-01",
            "5 | no-card-unexplained | 4 | true | true | look_up |  | 2026-10-01",
            "6 | pupil-without-valid-card | 1 | true | true | commune | new | 2026-10-01",
        ]
    );
}

#[test]
fn a_line_says_where_the_person_lives() {
    let found = lines(GIVEN, "full_name, commune, village, household_number");
    assert_eq!(found[0], "Lê An | 00004 | Tổ 1 | -");
}

#[test]
fn without_a_roster_of_cards_nobody_is_said_to_have_none() {
    let given: Vec<_> = GIVEN.iter().filter(|(table, _)| *table != "bhyt_card").copied().collect();
    let found = lines(&given, "reason, person_id, main, without_card");
    assert_eq!(
        found,
        [
            "household-card-lapsed | 1 | false | false",
            "labour-without-compulsory | 4 | true | false",
            "pupil-without-valid-card | 1 | true | false"
        ]
    );
}

#[test]
fn what_came_of_a_case_keeps_off_the_list_or_waits_for_the_look_up() {
    let said = "finding_key, rule, person_id, outcome, closed_on, effect
        00000000000000000000000000000001, household-card-lapsed, 1, joins_on_date, 2026-10-20, left_out
        00000000000000000000000000000004, labour-without-compulsory, 4, insured_elsewhere, 2026-10-20, look_up
        00000000000000000000000000000010, no-card-unexplained, 3, insured_elsewhere, 2026-10-20, look_up
        00000000000000000000000000000011, no-card-unexplained, 2, exempt, 2025-10-20, ended";
    let given: Vec<_> = GIVEN.iter().copied().chain([("case_outcome", said)]).collect();
    assert_eq!(
        lines(&given, "reason, person_id, unit"),
        [
            "labour-without-compulsory | 4 | look_up",
            // What ended asks again; a word about a card is no word about work.
            "no-card-unexplained | 2 | look_up",
            "no-card-unexplained | 3 | look_up",
            "no-card-unexplained | 4 | look_up",
        ]
    );
}
