//! Rules that say `auto`: a run opens one case of each finding that is somebody's main reason, and done again no other.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ::desk::{CaseQuery, Desk, PageAt, Queue, SeededIds};
use base::{Actor, Area, Purpose, Role, Scope, SubjectKind};
use engine::rows;

use crate::support::{PERIOD, book, good, latest_run, rosters, run_arguments, small_city, text};

/// The rules of the coverage chapter that say so.
const AUTO: [&str; 5] = [
    "child-under-six-without-card",
    "near-poor-without-card",
    "pensioner-without-card",
    "poor-without-card",
    "supported-without-card",
];

fn officer() -> Scope {
    Scope {
        actor: Actor("u-city".into()),
        unit: "bhxh-hn".into(),
        area: Area::City,
        role: Role::CityOfficer,
        purpose: Purpose::CoverageReview,
        acting_for: None,
    }
}

/// Whose main reason is one of these rules, without who waits for the national look-up: person and rule.
fn expected(data: &Path) -> BTreeSet<(i64, String)> {
    let mut found = BTreeSet::new();
    for batch in book(data).read_table(&latest_run(data).tables()["worklist"], None).unwrap() {
        let (reasons, units) = (rows::text(&batch, "reason").unwrap(), rows::text(&batch, "unit").unwrap());
        let (people, main) = (rows::int(&batch, "person_id").unwrap(), rows::flag(&batch, "main").unwrap());
        for row in (0..batch.num_rows()).filter(|row| main.value(*row) && units.value(*row) != "look_up") {
            if AUTO.contains(&reasons.value(row)) {
                found.insert((people.value(row), reasons.value(row).to_owned()));
            }
        }
    }
    found
}

/// How many cases there are, and those of some people: person, rule, number of the case.
async fn cases(data: &Path, seed: u64, people: &BTreeSet<(i64, String)>) -> (i64, BTreeSet<(i64, String, String)>) {
    let clock = Arc::new(|| 1_793_671_200_000_i64);
    let desk = Desk::open(text(&data.join("desk.sqlite")), clock, Arc::new(SeededIds::new(seed))).await.unwrap();
    let query = CaseQuery::of(Queue::Open, "2026-11-03".parse().unwrap());
    let count = desk.cases(&officer(), &query, &PageAt::First, 1).await.unwrap().count;
    let mut found = BTreeSet::new();
    for (person, _) in people {
        for case in desk.cases_of(&officer(), SubjectKind::Person, *person).await.unwrap() {
            assert_eq!((case.owner.as_deref(), case.version), (None, 1), "{case:?}");
            found.insert((*person, case.rule, case.id));
        }
    }
    desk.close().await;
    (count, found)
}

#[test]
fn a_run_opens_the_cases_of_rules_that_say_auto_once() {
    let rosters = rosters(small_city());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    good(&run_arguments(&rosters, data));
    let expected = expected(data);
    assert!(!expected.is_empty(), "nobody of the small city has such a reason");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (count, opened) = runtime.block_on(cases(data, 1, &expected));
    assert_eq!(count, expected.len() as i64);
    let told: BTreeSet<(i64, String)> = opened.iter().map(|(person, rule, _)| (*person, rule.clone())).collect();
    assert_eq!(told, expected);
    good(&["run", "--period", PERIOD, "--data", text(data)]);
    assert_eq!(runtime.block_on(cases(data, 2, &expected)), (count, opened), "the same run opens no other");
}
