//! Months that are linked by what changed: what stands, what a full run would give, what is told.

use std::collections::BTreeMap;
use std::path::Path;

use engine::rows;
use serde_json::Value;

use crate::support::{ansinh, book, copy_folder, good, latest_run, shared_folder, text};

const MONTHS: [&str; 3] = ["2026-09", "2026-10", "2026-11"];

fn run(city: &Path, data: &Path, month: &str, more: &[&str]) -> Value {
    let rosters = city.join("rosters").join(month);
    let mut arguments = vec!["run", "--period", month, "--rosters", text(&rosters), "--data", text(data)];
    arguments.extend_from_slice(more);
    good(&arguments)["links"].clone()
}

/// Roster, file and line of a row.
type RowOf = (String, String, i64);

/// Whose each row is: the row that brought the person, by roster, file and row.
fn people(data: &Path) -> BTreeMap<RowOf, Option<RowOf>> {
    let mut found = BTreeMap::new();
    for batch in book(data).read_table(&latest_run(data).tables()["link"], None).unwrap() {
        let text = |name: &str| rows::text(&batch, name).unwrap();
        let int = |name: &str| rows::int(&batch, name).unwrap();
        let (rosters, files, source) = (text("roster"), text("source_file"), int("source_row"));
        let (spine, spine_file, spine_row) = (text("spine_roster"), text("spine_file"), int("spine_row"));
        for row in 0..batch.num_rows() {
            let to = rows::text_at(&spine, row).map(str::to_owned);
            let to = to.map(|roster| (roster, spine_file.value(row).to_owned(), spine_row.value(row)));
            found.insert((rosters.value(row).to_owned(), files.value(row).to_owned(), source.value(row)), to);
        }
    }
    found
}

fn f1(city: &Path, data: &Path) -> f64 {
    good(&["city", "score", "--truth", text(&city.join("truth")), "--data", text(data)])["links"]["f1"].as_f64().unwrap()
}

#[test]
fn a_month_by_what_changed_is_as_good_as_in_full_and_is_replayed_to_the_same_bytes() {
    let city = shared_folder().join("standing-city");
    good(&["city", "--scale", "0.0004", "--seed", "31", "--from", MONTHS[0], "--months", "3", "--out", text(&city)]);
    let (by_change, in_full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = run(&city, by_change.path(), MONTHS[0], &[]);
    assert_eq!((&first["full"], &first["stood"], &first["changed"]), (&true.into(), &0.into(), &0.into()), "{first}");
    copy_folder(by_change.path(), in_full.path());
    for month in &MONTHS[1..] {
        let links = run(&city, by_change.path(), month, &[]);
        let full = run(&city, in_full.path(), month, &["--full"]);
        let number = |links: &Value, of: &str| links[of].as_i64().unwrap();
        let (stood, anew) = (number(&links, "stood"), number(&links, "anew"));
        assert_eq!((&links["full"], &full["full"]), (&false.into(), &true.into()), "{links} {full}");
        assert_eq!(stood + anew, number(&full, "anew"), "{links} {full}");
        assert!(stood > anew * 4, "{links}");
        let (now, other) = (people(by_change.path()), people(in_full.path()));
        assert_eq!(now.len(), other.len());
        let differing: Vec<_> = now.iter().filter(|(row, to)| other.get(row) != Some(to)).collect();
        println!("{month}: {stood} stood, {anew} anew; {} of {} rows other than in full", differing.len(), now.len());
        assert!(differing.len() * 1_000 <= now.len(), "{} of {}: {differing:?}", differing.len(), now.len());
        let (a, b) = (f1(&city, by_change.path()), f1(&city, in_full.path()));
        println!("F1 {a}, in full {b}");
        assert!(a > b - 0.000_5, "{a} {b}");
        // What changed is told line by line, with the old person.
        let mut told = 0;
        for batch in book(by_change.path()).read_table(&latest_run(by_change.path()).tables()["link_changed"], None).unwrap() {
            let (new, old) = (rows::int(&batch, "person_id").unwrap(), rows::int(&batch, "old_person_id").unwrap());
            told += batch.num_rows() as i64;
            assert!(new.values().iter().zip(old.values()).all(|(new, old)| new != old));
        }
        assert_eq!(told, number(&links, "changed"));
    }
    let report = good(&["replay", "--threads", "1", "--partitions", "1", "--data", text(by_change.path())]);
    assert_eq!(report["differing"], serde_json::json!([]), "{report}");
    assert_eq!(report["same_bytes"], report["tables"], "{report}");
    // Run again with nothing changed it is the same run; asked for in full it is another, and all are linked anew.
    let name = latest_run(by_change.path()).id;
    run(&city, by_change.path(), MONTHS[2], &[]);
    assert_eq!(latest_run(by_change.path()).id, name);
    let again = run(&city, by_change.path(), MONTHS[2], &["--full"]);
    assert_eq!((&again["full"], &again["stood"]), (&true.into(), &0.into()), "{again}");
    assert_ne!(latest_run(by_change.path()).id, name);
    old_months_lose_their_people(by_change.path());
}

/// By decision September loses its people. October stays, since November was run on it; what is left can be run again.
fn old_months_lose_their_people(data: &Path) {
    let retain = |more: &[&str]| {
        let fixed = ["privacy", "retain", "--as-of", "2026-12-01", "--months", "1", "--data", text(data)];
        good(&[&fixed[..], more].concat())["book"].clone()
    };
    let first = book(data).runs_of(MONTHS[0].parse().unwrap()).unwrap().remove(0);
    let counted = retain(&["--dry-run"]);
    assert!(counted["tables"].as_u64() > Some(20) && counted["batches"].as_u64() > Some(100), "{counted}");
    assert!(book(data).read_table(&first.tables()["person"], None).is_ok(), "only counted");
    assert_eq!(retain(&["--decision", "Quyết định 15/QĐ-BHXH"]), counted);
    for table in ["person", "link", "worklist", "finding"] {
        let gone = book(data).read_table(&first.tables()[table], None).unwrap_err().to_string();
        assert!(gone.contains("15/QĐ-BHXH"), "{table}: {gone}");
    }
    assert!(book(data).read_table(&first.tables()["indicator"], None).is_ok(), "figures stay");
    let replayed = ansinh(&["replay", first.id.as_str(), "--json", "--data", text(data)]);
    assert_ne!(replayed.code, 0);
    assert!(replayed.stdout.contains("book_forgotten"), "{replayed:?}");
    let report = good(&["replay", "--data", text(data)]);
    assert_eq!(report["differing"], serde_json::json!([]), "{report}");
}
