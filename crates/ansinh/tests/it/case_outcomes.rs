//! What came of cases reaches the next run: the register, the lists, the states and the review of links; and it can be undone.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use ::desk::{Allowed, Case, CaseUnit, Change, Desk, NewCase, Outcome, SeededIds, To};
use base::{Actor, Area, CommuneCode, Date, FindingKey, Purpose, Role, Scope, SubjectKind};
use engine::rows;

use crate::support::{PERIOD, book, good, latest_run, rosters, run_arguments, small_city, text};

const RULE: &str = "household-card-lapsed";
/// 3 November 2026, 9 o'clock in Hà Nội.
const NOW: i64 = 1_793_671_200_000;

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

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// A table of the newest run, its rows by a column of numbers as text cells by name.
fn table(data: &Path, name: &str, by: &str) -> BTreeMap<i64, Vec<BTreeMap<String, String>>> {
    let mut found: BTreeMap<i64, Vec<BTreeMap<String, String>>> = BTreeMap::new();
    for batch in book(data).read_table(&latest_run(data).tables()[name], None).unwrap() {
        let (keys, schema) = (rows::int(&batch, by).unwrap(), batch.schema());
        for row in 0..batch.num_rows() {
            let Some(key) = rows::int_at(&keys, row) else { continue };
            let cells = schema
                .fields()
                .iter()
                .zip(batch.columns())
                .map(|(field, column)| (field.name().clone(), rows::canonical(column, row).unwrap().unwrap_or_default()));
            found.entry(key).or_default().push(cells.collect());
        }
    }
    found
}

/// People whose one reason is a lapsed household card and who are linked to a row besides, with commune and key.
fn listed(data: &Path) -> Vec<(i64, Option<CommuneCode>, FindingKey)> {
    let links = table(data, "link", "person_id");
    let weighed = |person: &i64| links[person].iter().any(|link| !link["pattern"].is_empty());
    let lines = table(data, "worklist", "person_id");
    let mut found = Vec::new();
    for (person, lines) in lines.iter().filter(|(person, lines)| lines.len() == 1 && weighed(person)) {
        if lines[0]["reason"] == RULE && lines[0]["unit"] == "commune" {
            let key = FindingKey::parse(&lines[0]["finding_key"]).unwrap();
            found.push((*person, CommuneCode::parse(&lines[0]["commune"]), key));
        }
    }
    found
}

/// Outcomes in the order in which people are given them.
const SAID: [(Outcome, Option<&str>); 8] = [
    (Outcome::Dead, None),
    (Outcome::Moved, None),
    (Outcome::Exempt, Some("2027-06-30")),
    (Outcome::InsuredElsewhere, Some("2026-12-31")),
    (Outcome::JoinsOnDate, Some("2026-11-15")),
    (Outcome::Joined, None),
    (Outcome::NotSamePerson, None),
    (Outcome::Refused, None),
];

async fn open(data: &Path, seed: u64) -> Desk {
    let place = data.join("desk.sqlite");
    Desk::open(text(&place), Arc::new(|| NOW), Arc::new(SeededIds::new(seed))).await.unwrap()
}

/// Makes a case of each person and closes it.
async fn close(data: &Path, people: &[(i64, Option<CommuneCode>, FindingKey)]) -> Vec<Case> {
    let desk = open(data, 1).await;
    let allowed: Allowed = [(RULE.to_owned(), SAID.map(|(outcome, _)| outcome).to_vec())].into();
    let new = |(person, commune, key): &(i64, Option<CommuneCode>, FindingKey)| NewCase {
        rule: RULE.into(),
        finding: *key,
        subject_kind: SubjectKind::Person,
        subject: *person,
        period: PERIOD.parse().unwrap(),
        commune: commune.clone(),
        village: None,
        unit: CaseUnit::Commune,
        due: day("2026-11-30"),
    };
    let mut closed = Vec::new();
    for (at, (one, (outcome, until))) in people.iter().zip(SAID).enumerate() {
        let made = desk.open_cases(&officer(), vec![new(one)], &To::Me, &format!("form-open-{at}")).await.unwrap();
        let case = &made.cases[0];
        let change = Change::Outcome { outcome, day: until.map(day), reason: "Đã đến nhà, xem giấy tờ".into() };
        let form = format!("form-close-{at}");
        let case = desk.change_case(&officer(), &case.id, case.version, &change, &allowed, day("2026-11-03"), &form).await;
        closed.push(case.unwrap());
    }
    desk.close().await;
    closed
}

#[test]
fn what_came_of_cases_is_evidence_of_the_next_run_until_the_case_is_opened_again() {
    let rosters = rosters(small_city());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    good(&run_arguments(&rosters, data));
    let before = latest_run(data);
    let people = listed(data);
    assert!(people.len() >= SAID.len(), "only {} people fit", people.len());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cases = runtime.block_on(close(data, &people));
    let run = || good(&["run", "--period", PERIOD, "--data", text(data)]);
    assert_ne!(run()["run"], before.id.as_str(), "outcomes are part of a run");

    let (persons, lines) = (table(data, "person", "person_id"), table(data, "worklist", "person_id"));
    let (states, outcomes) = (table(data, "coverage_state", "person_id"), table(data, "case_outcome", "person_id"));
    let reviewed = table(data, "link_review", "person_id");
    let reviewed = |person: &i64| reviewed.get(person).into_iter().flatten().any(|pair| pair["why"] == "said_of_case");
    for ((person, ..), (outcome, _)) in people.iter().zip(SAID) {
        let told = outcomes[person][0].clone();
        assert_eq!((told["outcome"].as_str(), told["closed_on"].as_str()), (outcome.as_str(), "2026-11-03"));
        let state = states.get(person).map(|rows| (rows[0]["health"].as_str(), rows[0]["health_ground"].as_str()));
        let units: Vec<&str> = lines.get(person).into_iter().flatten().map(|line| line["unit"].as_str()).collect();
        let who = &persons[person][0];
        let checked = (who["checked"].as_str(), who["checked_by"].as_str(), who["checked_on"].as_str());
        let shown = (told["effect"].as_str(), state, units.as_slice());
        match outcome {
            Outcome::Dead => {
                assert_eq!(shown, ("register", None, &[][..]));
                assert_eq!((who["alive_on_period_end"].as_str(), checked), ("false", ("dead", "case", "2026-11-03")));
            }
            Outcome::Moved => {
                assert_eq!(shown, ("register", None, &[][..]));
                assert_eq!((who["on_spine"].as_str(), checked), ("false", ("not_resident", "case", "2026-11-03")));
            }
            Outcome::Exempt => assert_eq!(shown, ("left_out", Some(("not_obliged", "said_exempt")), &[][..])),
            Outcome::InsuredElsewhere => {
                assert_eq!(shown, ("look_up", Some(("needs_lookup", "said_elsewhere")), &["look_up"][..]));
            }
            Outcome::JoinsOnDate => assert_eq!(shown, ("left_out", Some(("not_covered", "said_joins")), &[][..])),
            Outcome::Joined => assert_eq!(shown, ("left_out", Some(("needs_lookup", "said_joined")), &[][..])),
            Outcome::NotSamePerson => {
                assert_eq!(shown, ("link_review", Some(("needs_lookup", "said_other_person")), &["look_up"][..]));
                assert!(reviewed(person), "its links are not laid before anybody");
            }
            _ => assert_eq!(shown, ("listed", Some(("not_covered", RULE)), &["commune"][..])),
        }
    }
    // Nobody became covered, and the runs can be done again from their own copies of the desk.
    let covered = |run: &book::RunManifest| {
        let batches = book(data).read_table(&run.tables()["coverage_state"], None).unwrap();
        let of = |batch: &engine::arrow::record_batch::RecordBatch| {
            let states = rows::text(batch, "health").unwrap();
            (0..batch.num_rows()).filter(|row| states.value(*row) == "covered").count()
        };
        batches.iter().map(of).sum::<usize>()
    };
    assert_eq!(covered(&before), covered(&latest_run(data)));
    for id in [before.id.as_str().to_owned(), latest_run(data).id.as_str().to_owned()] {
        let replay = good(&["replay", &id, "--data", text(data)]);
        assert_eq!((&replay["differing"], &replay["same_bytes"]), (&serde_json::json!([]), &replay["tables"]), "{replay}");
    }

    // The dead person's finding is gone, and the case says so; opened again, the person is alive in the next run.
    let reopened = runtime.block_on(async {
        let desk = open(data, 2).await;
        let dead = desk.case(&officer(), &cases[0].id).await.unwrap();
        let history = desk.case_history(&officer(), &dead.id).await.unwrap();
        assert_eq!(history.last().map(|event| event.what.as_str()), Some("vanished"), "{history:?}");
        let change = Change::Reopen { reason: "Nhầm người".into() };
        let today = day("2026-11-03");
        let case = desk.change_case(&officer(), &dead.id, dead.version, &change, &Allowed::new(), today, "form-again-1").await;
        desk.close().await;
        case.unwrap()
    });
    assert_eq!(reopened.outcome, None);
    run();
    let (persons, lines) = (table(data, "person", "person_id"), table(data, "worklist", "person_id"));
    let (dead, ..) = people[0];
    assert_eq!((persons[&dead][0]["alive_on_period_end"].as_str(), persons[&dead][0]["checked"].as_str()), ("true", ""));
    assert_eq!(lines[&dead][0]["reason"], RULE);
    let history = runtime.block_on(async {
        let desk = open(data, 3).await;
        let history = desk.case_history(&officer(), &cases[0].id).await.unwrap();
        desk.close().await;
        history.into_iter().map(|event| event.what).collect::<Vec<_>>()
    });
    // Runs read the machine's clock and the desk here stands still, so only what happened is told.
    let history: std::collections::BTreeSet<&str> = history.iter().map(String::as_str).collect();
    assert_eq!(history, ["taken", "closed", "vanished", "reopened", "seen_again"].into());
}
