//! Sheets that come back: each row taken or refused by itself, worked by a job that may be killed at any moment, and nothing done twice.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base::Scope;
use desk::{Case, Desk, DeskError, NewSheet, Outcome, SeededIds, SheetRefusal, SheetRow, To};

use super::{allowed, base_officer, day, poor, put_users, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, commune_staff, communes, ticking};

/// A row that says that somebody died.
pub fn row(number: i64, case: &str, version: i64) -> SheetRow {
    SheetRow {
        row: number, case: case.into(), version, outcome: Outcome::Dead, day: None, words: "Giấy báo tử tháng 10".into()
    }
}

async fn opened(desk: &Desk, scope: &Scope, from: i64, to: i64) -> Vec<Case> {
    let new = (from..to).map(|n| poor(n, HA_DONG)).collect();
    desk.open_cases(scope, new, &To::Unit, &format!("form-open-{from}")).await.unwrap().cases
}

fn sheet(cases: &[Case]) -> NewSheet {
    NewSheet { rows: (2..).zip(cases).map(|(at, case)| row(at, &case.id, case.version)).collect(), ..NewSheet::default() }
}

#[tokio::test]
async fn each_row_is_taken_or_refused_by_itself_and_no_words_stay() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (officer, staff) = (base_officer(), commune_staff(HA_DONG));
        let cases = opened(&desk, &officer, 0, 5).await;
        let more = vec![wage(10, HA_DONG), poor(11, HOAN_KIEM)];
        let more = desk.open_cases(&officer, more, &To::Unit, "form-open-10").await.unwrap().cases;
        let mut new = sheet(&cases[..4]);
        // Changed since the sheet was made; a day that has passed; named twice; not the clerk's to see; a number that is none.
        new.rows[1].version = 7;
        new.rows[2] = SheetRow { outcome: Outcome::Exempt, day: Some(day("2026-11-01")), ..new.rows[2].clone() };
        new.rows.push(row(20, &cases[0].id, 1));
        new.rows.extend(more.iter().zip(21..).map(|(case, at)| row(at, &case.id, 1)));
        new.rows.push(row(23, "Nguyễn Thị Lan", 1));
        new.refused.push(SheetRefusal { row: 24, case: Some(cases[4].id.clone()), why: "row_word".into() });
        new.empty = 3;
        let begun = desk.start_sheet(&staff, &new, today(), "form-sheet-1").await.unwrap();
        assert_eq!((begun.total, begun.empty, begun.done, begun.refused, begun.finished), (9, 3, 0, 3, false));
        assert!(desk.work(&allowed()).await.unwrap().unwrap().failed.is_none());
        let done = desk.sheet(&staff, "form-sheet-1").await.unwrap();
        assert_eq!((done.done, done.refused, done.finished, done.stopped), (2, 7, true, None));
        let mut said: Vec<(i64, String)> =
            desk.sheet_refused(&staff, "form-sheet-1", 50).await.unwrap().into_iter().map(|one| (one.row, one.why)).collect();
        said.sort();
        let expected = [
            (3, "stale"),
            (4, "row_value"),
            (20, "row_twice"),
            (21, "not_found"),
            (22, "not_found"),
            (23, "not_found"),
            (24, "row_word"),
        ];
        assert_eq!(said, expected.map(|(at, why)| (at, why.to_owned())));
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE outcome = 'dead'").await, 2);
        // Neither what was written nor what stood where an id belongs is kept beside the history of the cases.
        assert_eq!(place.number("SELECT count(*) FROM case_sheet_part WHERE changes <> ''").await, 0);
        assert_eq!(place.number("SELECT count(*) FROM case_sheet_refused WHERE case_id LIKE '%Lan%'").await, 0);
        assert_eq!(desk.sheet(&officer, "form-sheet-1").await.unwrap_err(), DeskError::NotFound { kind: "sheet" }, "another's");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_same_sheet_twice_changes_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let cases = opened(&desk, &officer, 0, 3).await;
        let new = sheet(&cases);
        // A small one is worked at once by whoever sent it; the worker finds nothing left of its job.
        desk.start_sheet(&officer, &new, today(), "form-sheet-1").await.unwrap();
        desk.finish_sheet(&officer, &allowed(), "form-sheet-1").await.unwrap();
        assert_eq!((desk.jobs_waiting().await.unwrap(), desk.work(&allowed()).await.unwrap()), (0, None));
        let done = desk.sheet(&officer, "form-sheet-1").await.unwrap();
        assert_eq!((done.done, done.refused, done.finished), (3, 0, true));
        // The same form; the same file under another form: what is known of the first time.
        for form in ["form-sheet-1", "form-sheet-2"] {
            assert_eq!(desk.start_sheet(&officer, &new, today(), form).await.unwrap(), done, "{form}");
        }
        // Another user's copy of it finds cases that were changed since.
        let staff = commune_staff(HA_DONG);
        desk.start_sheet(&staff, &new, today(), "form-sheet-3").await.unwrap();
        desk.work(&allowed()).await.unwrap();
        let copy = desk.sheet(&staff, "form-sheet-3").await.unwrap();
        assert_eq!((copy.done, copy.refused), (0, 3));
        assert!(desk.sheet_refused(&staff, "form-sheet-3", 9).await.unwrap().iter().all(|one| one.why == "stale"));
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'closed'").await, 3);
        // Another content under a form that was used is refused.
        let other = NewSheet { empty: 9, ..new };
        let reused = desk.start_sheet(&officer, &other, today(), "form-sheet-1").await.unwrap_err();
        assert_eq!(reused, DeskError::ClientTxReused);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_sheet_of_somebody_whose_rights_changed_is_given_up_and_can_go_on() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let new = sheet(&opened(&desk, &officer, 0, 2).await);
        desk.start_sheet(&officer, &new, today(), "form-sheet-1").await.unwrap();
        let known = desk.users(&Scope::system()).await.unwrap().into_iter().find(|user| user.id == "u-base").unwrap();
        desk.put_user(&Scope::system(), &desk::User { area: communes(&[HA_DONG]), ..known.clone() }).await.unwrap();
        assert_eq!(desk.work(&allowed()).await.unwrap().unwrap().failed.as_deref(), Some("rights_changed"));
        let stopped = desk.sheet(&officer, "form-sheet-1").await.unwrap();
        assert_eq!((stopped.done, stopped.finished, stopped.stopped.as_deref()), (0, false, Some("rights_changed")));
        // Sent once more it leads to the one that stopped; that goes on when it is let.
        assert_eq!(desk.start_sheet(&officer, &new, today(), "form-sheet-2").await.unwrap(), stopped);
        desk.put_user(&Scope::system(), &known).await.unwrap();
        desk.retry_bulk(&officer, "form-sheet-1").await.unwrap();
        assert_eq!(desk.work(&allowed()).await.unwrap().unwrap().failed, None);
        let done = desk.sheet(&officer, "form-sheet-1").await.unwrap();
        assert_eq!((done.done, done.finished, done.stopped), (2, true, None));
        place.remove(desk).await;
    }
}

const CHILD: &str = "DESK_TEST_SHEETS_URL";
/// Rows of the large sheet.
const ROWS: i64 = 5_000;

/// Not a case by itself: the worker that the next test kills. Says each step; ends when nothing is left to do.
#[tokio::test]
async fn child_that_works_a_sheet_until_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let (url, seed) = url.rsplit_once(' ').unwrap();
    let desk = Desk::open(url, ticking(), Arc::new(SeededIds::new(seed.parse().unwrap()))).await.unwrap();
    let steps = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let mut seen = -1;
            loop {
                // A busy store is asked again.
                if let Ok(sheet) = desk.sheet(&base_officer(), "form-sheet-1").await
                    && sheet.done + sheet.refused != seen
                {
                    seen = sheet.done + sheet.refused;
                    println!("\nstep {seen}");
                }
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        })
    };
    // The clock moves with each look, so a lease that a killed worker left runs out while asking.
    while desk.jobs_waiting().await.unwrap() > 0 {
        desk.work(&allowed()).await.unwrap();
    }
    steps.abort();
    println!("\nstep end");
}

#[tokio::test]
async fn five_thousand_rows_killed_at_any_moment_are_each_done_once() {
    for place in Place::all().await {
        let desk = place.open_seeded(1).await;
        put_users(&desk).await;
        let officer = base_officer();
        let mut new = sheet(&opened(&desk, &officer, 0, ROWS).await);
        // Every hundredth was changed since.
        new.rows.iter_mut().step_by(100).for_each(|row| row.version = 2);
        let begun = desk.start_sheet(&officer, &new, today(), "form-sheet-1").await.unwrap();
        assert_eq!((begun.total, begun.done, begun.refused), (ROWS, 0, 0));
        let mut killed = 0;
        for seed in 2_u64..60 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "cases::sheets::child_that_works_a_sheet_until_killed", "--nocapture", "--test-threads=1"])
                .env(CHILD, format!("{} {seed}", place.url))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let mut steps = 0;
            let ended = loop {
                match lines.next() {
                    Some(line) if line == "step end" => break true,
                    Some(line) if line.starts_with("step ") => steps += 1,
                    Some(_) => {}
                    None => break true,
                }
                // Five are killed, each some way into a part; the sixth may come to the end.
                if killed < 5 && steps >= 3 {
                    break false;
                }
            };
            if ended {
                assert!(child.wait().unwrap().success());
                break;
            }
            std::thread::sleep(Duration::from_micros(seed * 1_313 % 9_000));
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
            // Whatever moment it was: what is said to be done is done, with its event, and nothing else is.
            let now = desk.sheet(&officer, "form-sheet-1").await.unwrap();
            assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'closed'").await, now.done);
            assert_eq!(place.number("SELECT count(*) FROM work_case WHERE state = 'done' AND version = 2").await, now.done);
            assert_eq!(place.number("SELECT count(*) FROM case_sheet_refused").await, now.refused);
        }
        assert_eq!(killed, 5, "only killed {killed} times");
        let done = desk.sheet(&officer, "form-sheet-1").await.unwrap();
        assert_eq!((done.total, done.done, done.refused, done.finished, done.stopped), (ROWS, 4_950, 50, true, None));
        assert_eq!(place.number("SELECT count(DISTINCT case_id) FROM case_event WHERE what = 'closed'").await, 4_950);
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'closed'").await, 4_950);
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE version > 2").await, 0);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        place.remove(desk).await;
    }
}
