//! `rules test` finds rules whose cases do not test them.

use rules::{Rules, TestReport, prove};

use super::{law, schemas};

const CONDITIONS: &str = "c.object_code = 'GD' AND coalesce(c.valid_to, $period_end) < $period_end";

const HIT: &str = "- name: hit\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: GD, valid_to: 2026-10-30}]}\n  expect: [{person_id: P1}]\n";
const OTHER_GROUP: &str = "- name: other group\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: DN, valid_to: 2026-10-30}]}\n  expect: []\n";
const STILL_VALID: &str = "- name: still valid\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: GD, valid_to: 2026-10-31}]}\n  expect: []\n";

fn rule(front: &str, sql: &str, cases: &str) -> String {
    let section = |title: &str| format!("## {title}\n\nMột.\n\n### English\n\nOne.\n\n");
    let sections: String = ["What it finds", "Why it matters", "Honest reasons", "What to ask for"].map(section).concat();
    format!(
        "---\nid: one\ntitle: {{vi: Một, en: One}}\nchapter: coverage\nsubject: person\nshape: query\nstrength: warn\nreads: [bhyt_card]\n{front}\
         work: {{unit: commune, due_working_days: 5}}\nvalid: {{from: 2025-07-01}}\n---\n\n{sections}```sql\n{sql}\n```\n\n```yaml\n{cases}```\n"
    )
}

fn report(text: &str) -> TestReport {
    let (law, schemas) = (law(), schemas());
    let rules = Rules::load([("coverage/one.md", text)], &law, &schemas).unwrap_or_else(|faults| panic!("{faults:#?}"));
    prove(&rules, &law, &schemas)
}

fn failures(sql: &str, cases: &[&str]) -> Vec<String> {
    let report = report(&rule("", sql, &cases.concat()));
    report.failed.into_iter().map(|f| format!("{}: {}", f.case.unwrap_or_default(), f.what)).collect()
}

fn select(conditions: &str) -> String {
    format!("SELECT c.person_id FROM bhyt_card c WHERE {conditions}")
}

#[test]
fn a_rule_whose_cases_test_it_passes() {
    let cases = [HIT, OTHER_GROUP, STILL_VALID];
    assert_eq!(failures(&select(CONDITIONS), &cases), Vec::<String>::new());
}

#[test]
fn a_condition_that_no_case_decides_is_named() {
    assert_eq!(
        failures(&select(CONDITIONS), &[HIT, STILL_VALID]),
        [": no case notices when the condition `c.object_code = 'GD'` is forced true: add one where only this decides"]
    );
}

#[test]
fn a_condition_inside_a_subquery_is_tested_as_well() {
    let sql = "SELECT c.person_id FROM bhyt_card c WHERE c.object_code = 'GD' AND NOT EXISTS \
               (SELECT 1 FROM bhyt_card d WHERE d.person_id = c.person_id AND d.object_code = 'DN')";
    let third = OTHER_GROUP.replace("DN", "HS");
    let both = "- name: both\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: GD}, {person_id: P1, object_code: DN}]}\n  expect: []\n";
    assert_eq!(
        failures(sql, &[HIT, &third, both]),
        [": no case notices when the condition `d.person_id = c.person_id` is forced true: add one where only this decides"]
    );
    // With a row of somebody else, forcing that condition loses the hit.
    let others = "- name: others\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: GD}, {person_id: P2, object_code: DN}]}\n  expect: [{person_id: P1}]\n";
    assert_eq!(failures(sql, &[HIT, &third, both, others]), Vec::<String>::new());
}

#[test]
fn a_rule_needs_a_hit_and_a_near_miss() {
    assert_eq!(failures(&select(CONDITIONS), &[OTHER_GROUP]), [": no case expects a finding"]);
    let empty = "- name: nothing at all\n  on: 2026-10-31\n  expect: []\n";
    let found = failures(&select("c.object_code = 'GD'"), &[HIT, empty]);
    assert!(found.iter().any(|what| what.contains("there is no near miss")), "{found:?}");
}

#[test]
fn a_case_that_differs_says_how() {
    let wrong = HIT.replace("expect: [{person_id: P1}]", "expect: [{person_id: P2}]");
    assert_eq!(failures(&select(CONDITIONS), &[&wrong]), ["hit: expected {person_id: P2}, found {person_id: P1}"]);
    let wrong = OTHER_GROUP.replace("expect: []", "expect: [{person_id: P1}]");
    assert_eq!(failures(&select(CONDITIONS), &[&wrong]), ["other group: expected {person_id: P1}, found nothing more"]);
}

#[test]
fn each_side_of_a_change_of_law_needs_a_case() {
    // The reference level changed on 2026-07-01; bhyt.rate did not.
    let sql = "SELECT c.person_id FROM bhyt_card c WHERE c.source_row > law('bhxh.reference_level', $period_end)";
    let case = |on: &str, row: u32, expect: &str| {
        format!(
            "- name: \"{on} {row}\"\n  on: {on}\n  given: {{bhyt_card: [{{person_id: P1, source_row: {row}}}]}}\n  expect: {expect}\n"
        )
    };
    let after = case("2026-10-31", 2_530_001, "[{person_id: P1}]") + &case("2026-10-31", 2_530_000, "[]");
    let front = "law: [bhxh.reference_level]\n";
    let one_side = report(&rule(front, sql, &after));
    assert_eq!(
        one_side.failed.iter().map(|f| f.what.as_str()).collect::<Vec<_>>(),
        ["no case lies on or after 2025-07-01 and before 2026-07-01, though the law it uses changes there"]
    );
    let both = after + &case("2026-06-30", 2_340_001, "[{person_id: P1}]");
    assert_eq!(report(&rule(front, sql, &both)).failed, []);
}

#[test]
fn a_type_error_is_found_without_any_case() {
    let found = failures(&select("c.valid_to > c.object_code AND c.nothing = 1"), &[HIT]);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("nothing"), "{found:?}");
}

#[test]
fn two_rows_of_one_key_and_a_null_key_are_errors() {
    let twice = "- name: twice\n  on: 2026-10-31\n  given: {bhyt_card: [{person_id: P1, object_code: GD}, {person_id: P1, object_code: GD}]}\n  expect: [{person_id: P1}]\n";
    let found = failures(&select("c.object_code = 'GD'"), &[twice]);
    assert_eq!(found, ["twice: rule one: 1 row(s) repeat the key (person_id) of another row"]);
    let text = rule("key: [card_number]\n", "SELECT c.person_id, c.card_number FROM bhyt_card c WHERE c.object_code = 'GD'", HIT);
    assert_eq!(report(&text).failed[0].what, "rule one: column `card_number` is NULL in 1 row(s), but it names the finding");
}
