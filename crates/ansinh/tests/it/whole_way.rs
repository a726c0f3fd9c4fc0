//! From the files of the agencies to the list of those not covered, held against the truth.

use std::path::Path;

use crate::support::{assert_whole, city, good, latest_run, rosters, run_arguments, text};

/// What a first slice must reach on a seed that was not used for tuning.
const LINK_F1: f64 = 0.98;
const PRECISION: f64 = 0.90;
const RECALL: f64 = 0.95;

fn score(data: &Path) -> serde_json::Value {
    good(&["city", "score", "--truth", text(&city().join("truth")), "--data", text(data)])
}

#[test]
fn a_month_reaches_its_floors_and_is_not_done_twice() {
    let data = tempfile::tempdir().unwrap();
    let arguments = run_arguments(&rosters(city()), data.path()).iter().map(ToString::to_string).collect::<Vec<_>>();
    let first = good(&arguments);
    let count = |report: &serde_json::Value, key: &str| report[key].as_u64().unwrap_or_else(|| panic!("`{key}` in {report}"));
    assert!(count(&first, "files") > 5 && count(&first, "known_files") == 0, "{first}");
    assert!(count(&first, "read") > 20_000, "{first}");
    assert_eq!(count(&first, "read"), count(&first, "stored") + count(&first, "quarantined"), "{first}");
    // The city plants rows that must be refused.
    assert!(count(&first, "quarantined") > 0, "{first}");
    let rules = ["pupil-without-valid-card", "household-card-lapsed", "wage-without-compulsory"];
    assert!(rules.iter().all(|rule| first["findings"][rule].as_u64().is_some_and(|n| n > 0)), "{first}");

    let score = score(data.path());
    println!("links {}\nnot covered {}", score["links"], score["not_covered"]);
    let figure =
        |path: &str| score.pointer(path).and_then(serde_json::Value::as_f64).unwrap_or_else(|| panic!("{path} in {score}"));
    assert!(figure("/links/f1") >= LINK_F1, "{}", score["links"]);
    assert!(figure("/not_covered/precision") >= PRECISION, "{}", score["not_covered"]);
    assert!(figure("/not_covered/recall") >= RECALL, "{}", score["not_covered"]);
    for rule in rules {
        let true_count = score["not_covered"]["by_reason"][rule]["true"].as_u64();
        assert!(true_count.is_some_and(|n| n > 0), "the truth plants nobody for {rule}: {score}");
    }

    facts_agree(data.path());

    let before = latest_run(data.path());
    let second = good(&arguments);
    assert_eq!(count(&second, "files"), 0, "{second}");
    assert_eq!(count(&second, "known_files"), count(&first, "files"), "{second}");
    for key in ["run", "read", "stored", "quarantined", "findings"] {
        assert_eq!(first[key], second[key], "{key}");
    }
    assert_eq!(before, latest_run(data.path()));
    assert_whole(data.path());
}

/// What steps hand to one another, asked of the tables they wrote.
fn facts_agree(data: &Path) {
    let ask = |sql: &str| -> i64 {
        let answer = good(&["query", sql, "--data", text(data)])["rows"][0][0].to_string();
        answer.trim_matches('"').parse().unwrap_or_else(|_| panic!("{sql}: {answer}"))
    };
    let none = |sql: &str| assert_eq!(ask(sql), 0, "{sql}");
    // The synthetic offices write in words that the lists of codes know.
    none("SELECT count(*) FROM code_gap");
    none("SELECT count(*) FROM supported_group WHERE group_code IS NULL");
    none("SELECT count(*) FROM employer WHERE kind_code IS NULL AND kind IS NOT NULL");
    // Owners of household businesses have numbers, and nobody else is an owner.
    none("SELECT count(*) FROM employer WHERE owner_personal_id IS NOT NULL AND kind_code <> 'household_business'");
    assert!(ask("SELECT count(*) FROM employer WHERE owner_personal_id IS NOT NULL") > 0);
    // Who is insured somewhere makes that employer known to the agency.
    assert!(ask("SELECT count(*) FROM employer_count WHERE insured_year > 0 AND paid_year > 0") > 0);
    none(
        "SELECT count(*) FROM employer_count n JOIN employer e USING (employer_id) WHERE n.insured_now > 0 AND NOT e.registered",
    );
    none("SELECT count(*) FROM employer_count WHERE paid_uninsured + paid_insured_elsewhere > paid_year");
    // Findings about employers have their employer, and all of them are on the list.
    let open = "FROM finding WHERE subject_kind = 'employer' AND state IN ('new', 'still')";
    none(&format!("SELECT count(*) {open} AND employer_id IS NULL"));
    assert_eq!(ask(&format!("SELECT count(*) {open}")), ask("SELECT count(*) FROM employer_list"));
    // Each person is counted under one reason; what no rule explains waits, for nobody was looked up here.
    let once = "SELECT person_id FROM worklist GROUP BY person_id HAVING sum(CASE WHEN main THEN 1 ELSE 0 END) <> 1";
    none(&format!("SELECT count(*) FROM ({once})"));
    none("SELECT count(*) FROM worklist WHERE (reason = 'no-card-unexplained') <> (unit = 'look_up')");
    assert!(ask("SELECT count(*) FROM school_class") > 0);
    none("SELECT count(*) FROM school_class WHERE without_card > pupils OR to_verify > without_card");
}

#[test]
fn a_city_is_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    let make = |name: &str| {
        let out = folder.path().join(name);
        good(&["city", "--scale", "0.0003", "--seed", "5", "--from", "2026-10", "--months", "1", "--out", text(&out)]);
        let below = |path: std::path::PathBuf| {
            let bytes = blake3::hash(&std::fs::read(&path).unwrap());
            (path.strip_prefix(&out).unwrap().to_owned(), bytes)
        };
        crate::support::files_below(&out).into_iter().map(below).collect::<Vec<_>>()
    };
    let (one, two) = (make("one"), make("two"));
    assert!(one.len() > 8, "{one:?}");
    assert_eq!(one, two);
}

#[test]
fn a_period_without_rosters_says_what_to_do() {
    let data = tempfile::tempdir().unwrap();
    let outcome = crate::support::ansinh(&["run", "--period", "2026-10", "--data", text(data.path()), "--json"]);
    assert_eq!(outcome.code, 3, "{outcome:?}");
    let error = outcome.error();
    assert_eq!(error["code"], "no_rosters");
    assert!(error["remedy"].as_str().unwrap().contains("--rosters"), "{error}");
}

/// The content folders of the repository laid over the embedded ones are the same content, pages for people included.
#[test]
fn the_repository_can_be_laid_over_itself() {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    for arguments in [&["law", "list"][..], &["rules", "list"]] {
        let embedded = good(arguments);
        assert_eq!(good(&[arguments, &["--content", root]].concat()), embedded, "{arguments:?}");
    }
}

#[test]
fn rules_pass_their_cases() {
    let report = good(&["rules", "test"]);
    assert!(report["rules"].as_u64().is_some_and(|n| n >= 3), "{report}");
    assert!(report["cases"].as_u64().is_some_and(|n| n >= 10), "{report}");
    assert_eq!(report["failed"], serde_json::json!([]), "{report}");
}
