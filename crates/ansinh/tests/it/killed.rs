//! SIGKILL at many moments: the data folder stays whole, and doing it again ends as if nothing had been.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::postgres::Database;
use crate::support::{
    PERIOD, ansinh, assert_whole_over, batches, book, files_below, good, latest_run, rosters, run_arguments, small_city,
    start_and_kill, text,
};

/// Moments spread over a duration, one drawn within each of `count` equal parts.
pub fn moments(seed: &str, count: u32, whole: Duration) -> Vec<Duration> {
    let draw = |part: u32| {
        let hash = blake3::hash(format!("{seed} {part}").as_bytes());
        let within = f64::from(u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]])) / f64::from(u16::MAX);
        whole.mul_f64((f64::from(part) + within) / f64::from(count))
    };
    (0..count).map(draw).collect()
}

/// The options that name the desk: none for the file in the data folder.
fn desk(database: &Option<Database>) -> Vec<&str> {
    database.as_ref().map_or_else(Vec::new, |database| vec!["--desk", database.url.as_str()])
}

#[test]
fn a_run_killed_at_any_moment_leaves_the_folder_whole() {
    killed_runs(|| None, 14, 3);
}

#[test]
fn a_run_over_postgres_killed_at_any_moment_leaves_folder_and_database_whole() {
    if Database::new().is_some() {
        killed_runs(Database::new, 5, 1);
    }
}

/// Kills a run at `count` moments, each on a new folder and desk; `least` of them must have been before its end.
fn killed_runs(database: fn() -> Option<Database>, count: u32, least: u32) {
    let rosters = rosters(small_city());
    let (undisturbed, store) = (tempfile::tempdir().unwrap(), database());
    let begun = Instant::now();
    let expected = good(&[run_arguments(&rosters, undisturbed.path()), desk(&store)].concat());
    let whole = begun.elapsed();
    let expected_run = latest_run(undisturbed.path());
    let mut killed = 0;
    for moment in moments("run", count, whole) {
        let (data, store) = (tempfile::tempdir().unwrap(), database());
        let arguments = [run_arguments(&rosters, data.path()), desk(&store)].concat();
        killed += u32::from(start_and_kill(&arguments, moment));
        // The folder of an early kill may not even be there.
        if data.path().join("book").exists() {
            assert_whole_over(data.path(), &desk(&store));
        }
        let again = good(&arguments);
        for key in ["run", "read", "stored", "quarantined", "findings"] {
            assert_eq!(again[key], expected[key], "{key} after a kill at {moment:?}");
        }
        assert_eq!(latest_run(data.path()), expected_run, "after a kill at {moment:?}");
        assert_whole_over(data.path(), &desk(&store));
    }
    assert!(killed >= least, "only {killed} of {count} runs were killed before their end");
}

/// A second month over a published one: whatever happens to it, the first stays shown until it is done.
#[test]
fn a_killed_second_run_leaves_the_shown_one_shown() {
    let rosters = rosters(small_city());
    let data = tempfile::tempdir().unwrap();
    good(&run_arguments(&rosters, data.path()));
    let shown = latest_run(data.path());
    // One file less is another run of the same period.
    let batch = batches(&book(data.path())).into_iter().find(|b| b.roster == "pupils").unwrap();
    std::fs::remove_file(data.path().join("book/batches").join(format!("{PERIOD}_{}.json", batch.id))).unwrap();
    let without = ["run", "--period", PERIOD, "--data", text(data.path())];
    let reference = tempfile::tempdir().unwrap();
    crate::support::copy_folder(data.path(), reference.path());
    let begun = Instant::now();
    good(&["run", "--period", PERIOD, "--data", text(reference.path())]);
    let whole = begun.elapsed();
    let other = latest_run(reference.path());
    assert_ne!(other.id, shown.id);
    for moment in moments("second run", 8, whole) {
        start_and_kill(&without, moment);
        let now = latest_run(data.path());
        assert!(now == shown || now == other, "{} is neither the old nor the new run", now.id);
    }
    good(&without);
    assert_eq!(latest_run(data.path()), other);
}

#[test]
fn an_intake_killed_at_any_moment_leaves_whole_batches() {
    killed_intakes(|| None, 9, 2);
}

#[test]
fn an_intake_over_postgres_killed_at_any_moment_leaves_whole_batches() {
    if Database::new().is_some() {
        killed_intakes(Database::new, 4, 1);
    }
}

/// Kills an intake of every roster at `count` moments, each on a new folder and desk; `least` of them must have been before its end.
fn killed_intakes(database: fn() -> Option<Database>, count: u32, least: u32) {
    let files = files_below(&rosters(small_city()));
    let arguments = |data: &Path, store: &Option<Database>| {
        let mut all = vec!["intake".to_owned(), "auto".to_owned()];
        all.extend(files.iter().map(|f| text(f).to_owned()));
        all.extend(["--period", PERIOD, "--data", text(data), "--json"].map(str::to_owned));
        all.extend(desk(store).into_iter().map(str::to_owned));
        all
    };
    let (undisturbed, store) = (tempfile::tempdir().unwrap(), database());
    let begun = Instant::now();
    let expected = ansinh(&arguments(undisturbed.path(), &store));
    let whole = begun.elapsed();
    // The city plants rows to be refused, which exit code 1 says.
    assert_eq!(expected.code, 1, "{expected:?}");
    let expected_batches = batches(&book(undisturbed.path()));
    // An archive is one file and several batches.
    assert!(expected_batches.len() >= files.len(), "{} batches of {} files", expected_batches.len(), files.len());
    let mut killed = 0;
    for moment in moments("intake", count, whole) {
        let (data, store) = (tempfile::tempdir().unwrap(), database());
        killed += u32::from(start_and_kill(&arguments(data.path(), &store), moment));
        if data.path().join("book").exists() {
            assert_whole_over(data.path(), &desk(&store));
            let kept = batches(&book(data.path()));
            assert!(kept.iter().all(|b| expected_batches.contains(b)), "a half batch after a kill at {moment:?}");
        }
        let again = ansinh(&arguments(data.path(), &store));
        assert_eq!(again.code, 1, "{again:?}");
        assert_eq!(batches(&book(data.path())), expected_batches, "after a kill at {moment:?}");
        assert_whole_over(data.path(), &desk(&store));
    }
    assert!(killed >= least, "only {killed} of {count} were killed before their end");
}

#[test]
fn two_writers_at_once_are_refused() {
    let data = tempfile::tempdir().unwrap();
    let held = book(data.path());
    let _lock = held.lock().unwrap();
    let outcome = ansinh(&[&run_arguments(&rosters(small_city()), data.path())[..], &["--json"]].concat());
    assert_eq!(outcome.code, 4, "{outcome:?}");
    assert_eq!(outcome.error()["code"], "book_busy");
}
