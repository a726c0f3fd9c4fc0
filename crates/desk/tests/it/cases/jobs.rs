//! Bulks as jobs: begun, claimed, taken over when their worker is gone, given up when rights changed, tried again; killed at any moment they
//! end exact.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base::Scope;
use desk::{CaseQuery, Change, Desk, DeskError, Outcome, Queue, SeededIds, To, User};

use super::{allowed, base_officer, day, poor, put_users, today, wage};
use crate::support::{HA_DONG, Place, communes, ticking};

fn outcome() -> Change {
    Change::Outcome { outcome: Outcome::Exempt, day: Some(day("2027-06-30")), reason: "Đang đi nghĩa vụ quân sự".into() }
}

fn query() -> CaseQuery {
    CaseQuery::of(Queue::Open, today())
}

#[tokio::test]
async fn a_bulk_that_was_begun_is_done_by_whoever_works_and_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let new = (0..300).map(|n| poor(n, HA_DONG)).collect();
        desk.open_cases(&officer, new, &To::Unit, "form-open-1").await.unwrap();
        let to = Change::Assign { to: "u-09556".into() };
        let begun = desk.start_bulk(&officer, &query(), &to, 300, "form-bulk-1").await.unwrap();
        assert_eq!((begun.total, begun.done, begun.finished), (300, 0, false));
        // Sent twice it is begun once; with another content it is refused.
        assert_eq!(desk.start_bulk(&officer, &query(), &to, 300, "form-bulk-1").await.unwrap(), begun);
        assert!(desk.start_bulk(&officer, &query(), &Change::Take, 300, "form-bulk-1").await.is_err());
        assert_eq!(desk.jobs_waiting().await.unwrap(), 1);
        let rules = allowed();
        let (one, two) = tokio::join!(desk.work(&rules), desk.work(&rules));
        let done: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().collect();
        assert!(done.len() == 1 && done[0].failed.is_none(), "one of them has it: {done:?}");
        let after = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((after.done, after.finished, after.stopped), (300, true, None));
        assert_eq!((desk.jobs_waiting().await.unwrap(), desk.work(&rules).await.unwrap()), (0, None));
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'assigned'").await, 300);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_job_of_somebody_whose_rights_changed_is_given_up_and_says_so() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        desk.open_cases(&officer, vec![poor(1, HA_DONG)], &To::Unit, "form-open-1").await.unwrap();
        desk.start_bulk(&officer, &query(), &Change::Take, 1, "form-bulk-1").await.unwrap();
        let known = desk.users(&Scope::system()).await.unwrap().into_iter().find(|user| user.id == "u-base").unwrap();
        let narrowed = User { area: communes(&[HA_DONG]), ..known };
        desk.put_user(&Scope::system(), &narrowed).await.unwrap();
        let done = desk.work(&allowed()).await.unwrap().unwrap();
        assert_eq!((done.failed.as_deref(), done.again), (Some("rights_changed"), false));
        let bulk = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((bulk.finished, bulk.done, bulk.stopped.as_deref()), (false, 0, Some("rights_changed")));
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE owner IS NULL").await, 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_job_that_was_given_up_goes_on_where_it_stopped_when_it_is_let_try_again() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let new = (0..200).map(|n| poor(n, HA_DONG)).collect();
        desk.open_cases(&officer, new, &To::Unit, "form-open-1").await.unwrap();
        desk.start_bulk(&officer, &query(), &Change::Take, 200, "form-bulk-1").await.unwrap();
        let known = desk.users(&Scope::system()).await.unwrap().into_iter().find(|user| user.id == "u-base").unwrap();
        desk.put_user(&Scope::system(), &User { area: communes(&[HA_DONG]), ..known.clone() }).await.unwrap();
        desk.work(&allowed()).await.unwrap();
        // Nothing has changed: it is given up again.
        desk.retry_bulk(&officer, "form-bulk-1").await.unwrap();
        desk.retry_bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!(desk.bulk(&officer, "form-bulk-1").await.unwrap().stopped, None, "it waits");
        let done = desk.work(&allowed()).await.unwrap().unwrap();
        assert_eq!(done.failed.as_deref(), Some("rights_changed"));
        let missing = DeskError::NotFound { kind: "bulk" };
        assert_eq!(desk.retry_bulk(&crate::support::city_officer(), "form-bulk-1").await, Err(missing), "only who began it");
        desk.put_user(&Scope::system(), &known).await.unwrap();
        desk.retry_bulk(&officer, "form-bulk-1").await.unwrap();
        let done = desk.work(&allowed()).await.unwrap().unwrap();
        assert_eq!(done.failed, None);
        let bulk = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((bulk.done, bulk.finished, bulk.stopped), (200, true, None));
        // At its end there is nothing to try again.
        desk.retry_bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!(desk.jobs_waiting().await.unwrap(), 0);
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'taken'").await, 200);
        place.remove(desk).await;
    }
}

const CHILD: &str = "DESK_TEST_JOBS_URL";

/// Not a case by itself: the worker that the next test kills. Says each step; ends when nothing is left to do.
#[tokio::test]
async fn child_that_works_until_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let (url, seed) = url.rsplit_once(' ').unwrap();
    let desk = Desk::open(url, ticking(), Arc::new(SeededIds::new(seed.parse().unwrap()))).await.unwrap();
    let steps = {
        let desk = desk.clone();
        tokio::spawn(async move {
            let mut seen = -1;
            loop {
                // A busy store is asked again.
                if let Ok(bulk) = desk.bulk(&base_officer(), "form-bulk-1").await
                    && bulk.done + bulk.refused != seen
                {
                    seen = bulk.done + bulk.refused;
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
async fn bulk_approval_killed_at_any_moment_is_neither_lost_nor_doubled_nor_half_done() {
    for place in Place::all().await {
        let desk = place.open_seeded(1).await;
        put_users(&desk).await;
        let officer = base_officer();
        // The rule about wages does not offer this outcome: those cases are refused, each once.
        let new = (0..2_500).map(|n| poor(n, HA_DONG)).chain((2_500..2_600).map(|n| wage(n, HA_DONG)));
        desk.open_cases(&officer, new.collect(), &To::Unit, "form-open-1").await.unwrap();
        desk.start_bulk(&officer, &query(), &outcome(), 2_600, "form-bulk-1").await.unwrap();
        let mut killed = 0;
        for seed in 2_u64..60 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "cases::jobs::child_that_works_until_killed", "--nocapture", "--test-threads=1"])
                .env(CHILD, format!("{} {seed}", place.url))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            // Let it come two steps further than where it began, then some part of the next.
            let mut steps = 0;
            let ended = loop {
                match lines.next() {
                    Some(line) if line == "step end" => break true,
                    Some(line) if line.starts_with("step ") => steps += 1,
                    Some(_) => {}
                    None => break true,
                }
                if steps >= 3 {
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
            let now = desk.bulk(&officer, "form-bulk-1").await.unwrap();
            assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'closed'").await, now.done);
            assert_eq!(place.number("SELECT count(*) FROM work_case WHERE state = 'done' AND version = 2").await, now.done);
            assert_eq!(place.number("SELECT count(*) FROM work_case WHERE version > 2").await, 0);
            assert_eq!(place.number("SELECT count(*) FROM case_bulk_refused").await, now.refused);
        }
        assert!(killed >= 3, "only killed {killed} times");
        let done = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((done.total, done.done, done.refused, done.finished, done.stopped), (2_600, 2_500, 100, true, None));
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'closed'").await, 2_500);
        assert_eq!(place.number("SELECT count(DISTINCT case_id) FROM case_event WHERE what = 'closed'").await, 2_500);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        place.remove(desk).await;
    }
}

const CLERK: &str = "DESK_TEST_CLERK_URL";
const FINDINGS: i64 = 60;

/// All that a clerk does with a finding, each under a form of its own; done again it must change nothing.
async fn day_of_a_clerk(desk: &Desk, told: impl Fn(i64)) {
    let officer = base_officer();
    for n in 0..FINDINGS {
        let opened = desk.open_cases(&officer, vec![poor(n, HA_DONG)], &To::Unit, &format!("form-open-{n}")).await.unwrap();
        let id = &opened.cases[0].id;
        let take = Change::Assign { to: "u-09556".into() };
        let change = async |version: i64, change: &Change, form: String| {
            desk.change_case(&officer, id, version, change, &allowed(), today(), &form).await.unwrap()
        };
        change(1, &take, format!("form-take-{n}")).await;
        desk.comment_case(&officer, id, "Đã gọi hai lần", &format!("form-word-{n}")).await.unwrap();
        change(2, &outcome(), format!("form-close-{n}")).await;
        told(n);
    }
}

/// Not a case by itself: the clerk that the next test kills.
#[tokio::test]
async fn child_that_is_a_clerk_until_killed() {
    let Ok(url) = std::env::var(CLERK) else { return };
    let (url, seed) = url.rsplit_once(' ').unwrap();
    let desk = Desk::open(url, ticking(), Arc::new(SeededIds::new(seed.parse().unwrap()))).await.unwrap();
    day_of_a_clerk(&desk, |n| println!("\nstep {n}")).await;
}

#[tokio::test]
async fn a_clerks_day_killed_and_sent_again_is_done_once() {
    for place in Place::all().await {
        let desk = place.open_seeded(1).await;
        put_users(&desk).await;
        for seed in 2_u64..10 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "cases::jobs::child_that_is_a_clerk_until_killed", "--nocapture", "--test-threads=1"])
                .env(CLERK, format!("{} {seed}", place.url))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let far = format!("step {}", seed * 6);
            let reached = lines.any(|line| line == far);
            std::thread::sleep(Duration::from_micros(seed * 1_717 % 7_000));
            child.kill().unwrap();
            child.wait().unwrap();
            assert!(reached, "{far}");
            let lonely = "SELECT count(*) FROM work_case c WHERE version <> (SELECT max(version) FROM case_event e WHERE e.case_id = c.id)";
            assert_eq!(place.number(lonely).await, 0, "a case without its event");
        }
        // The same forms a last time, to the end.
        day_of_a_clerk(&desk, |_| ()).await;
        for what in ["opened", "assigned", "comment", "closed"] {
            assert_eq!(place.number(&format!("SELECT count(*) FROM case_event WHERE what = '{what}'")).await, FINDINGS, "{what}");
        }
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE state = 'done' AND version = 3").await, FINDINGS);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        place.remove(desk).await;
    }
}
