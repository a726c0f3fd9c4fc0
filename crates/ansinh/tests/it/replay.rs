//! Replay gives the same bytes, on any number of threads, and after any interruption.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use book::TableRef;

use crate::support::{ansinh, assert_whole, good, latest_run, program, rosters, run_arguments, small_city, text};

fn tables(data: &Path) -> BTreeMap<String, TableRef> {
    latest_run(data).tables()
}

#[test]
fn replay_gives_the_same_bytes_on_any_number_of_threads() {
    let data = tempfile::tempdir().unwrap();
    let run = good(&run_arguments(&rosters(small_city()), data.path()));
    for [partitions, threads] in [["1", "1"], ["4", "2"], ["3", "5"]] {
        let report = good(&["replay", "--partitions", partitions, "--threads", threads, "--data", text(data.path())]);
        assert_eq!(report["run"], run["run"]);
        assert_eq!(report["same_program"], true);
        assert_eq!(report["differing"], serde_json::json!([]), "{partitions} partitions, {threads} threads: {report}");
        assert!(report["tables"].as_u64().is_some_and(|n| n >= 10), "{report}");
        assert_eq!(report["same_bytes"], report["tables"], "{report}");
    }
    // By its name as well; another name is an error.
    let name = run["run"].as_str().unwrap();
    assert_eq!(good(&["replay", name, "--data", text(data.path())])["run"], run["run"]);
    let unknown = ansinh(&["replay", "2026-10-00000000", "--data", text(data.path()), "--json"]);
    assert_ne!(unknown.code, 0);
    assert_eq!(unknown.error()["code"], "book_missing");
    assert_whole(data.path());
}

#[test]
fn a_damaged_table_is_named_by_replay() {
    let data = tempfile::tempdir().unwrap();
    good(&run_arguments(&rosters(small_city()), data.path()));
    // A manifest that names other bytes for one table stands for a run whose result cannot be had again.
    let run = latest_run(data.path());
    let table = run.tables()["indicator"].hash.clone();
    let manifest = data.path().join("book/runs").join(format!("{}.json", run.id));
    let other = "0".repeat(table.len());
    let text_of = std::fs::read_to_string(&manifest).unwrap();
    std::fs::write(&manifest, text_of.replace(&table, &other)).unwrap();
    let report = ansinh(&["replay", "--data", text(data.path()), "--json"]);
    assert_eq!(report.code, 1, "{report:?}");
    assert_eq!(report.json()["differing"], serde_json::json!(["indicator"]));
}

#[test]
fn an_interrupted_run_ends_like_an_undisturbed_one() {
    let undisturbed = tempfile::tempdir().unwrap();
    let expected = good(&run_arguments(&rosters(small_city()), undisturbed.path()));
    // Progress lines tell where the run is, so that each step is interrupted whatever the machine does.
    for step in
        ["intake 16/", "coverage.register", "coverage.findings", "coverage.worklist", "coverage.states", "coverage.indicators"]
    {
        let data = tempfile::tempdir().unwrap();
        let rosters = rosters(small_city());
        assert!(kill_at(step, &run_arguments(&rosters, data.path())), "the run never said `{step}`");
        assert!(book_shows_nothing(data.path()), "interrupted at {step}, the period must not be shown");
        let completed = good(&run_arguments(&rosters, data.path()));
        assert_eq!(completed["run"], expected["run"], "interrupted at {step}");
        assert_eq!(tables(data.path()), tables(undisturbed.path()), "interrupted at {step}");
        assert_whole(data.path());
    }
}

fn book_shows_nothing(data: &Path) -> bool {
    crate::support::book(data).periods().unwrap().is_empty()
}

/// Runs until a progress line holds the words, then SIGKILL. False when the run ended before.
fn kill_at(words: &str, arguments: &[&str]) -> bool {
    let mut child = program(arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let seen = lines.map_while(Result::ok).any(|line| line.contains(words));
    child.kill().unwrap();
    child.wait().unwrap();
    seen
}
