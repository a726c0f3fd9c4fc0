//! What was acknowledged is there after many writers, after a drop and after a kill.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use desk::{AuditAction, NewDecision, ReadEvent};
use futures::future::join_all;

use crate::support::{HA_DONG, Place, city_officer, code, commune_staff, decision};

#[tokio::test(flavor = "multi_thread")]
async fn twenty_writers_at_once_all_get_through() {
    for place in Place::all().await {
        let desk = place.open().await;
        let tasks = (0..20).map(|task| {
            let desk = desk.clone();
            tokio::spawn(async move {
                let staff = commune_staff(HA_DONG);
                for n in 0..10 {
                    let made = desk.decide(&staff, decision(task * 100 + n, HA_DONG)).await.unwrap();
                    let event = ReadEvent::new(AuditAction::CompareRecords, "row").commune(&code(HA_DONG));
                    desk.audit_read(&staff, event).await.unwrap();
                    if n % 5 == 0 {
                        desk.undo(&staff, &made.id, "Nhầm").await.unwrap();
                    }
                }
            })
        });
        join_all(tasks).await.into_iter().for_each(Result::unwrap);
        assert_eq!(desk.active_decisions(&city_officer()).await.unwrap().len(), 160);
        assert_eq!(place.number("SELECT count(*) FROM decision").await, 200);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 440, "{report:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn two_programs_on_one_store_do_not_disturb_each_other() {
    for place in Place::all().await {
        let (one, two) = (place.open_seeded(1).await, place.open_seeded(2).await);
        let city = city_officer();
        for n in 0..10 {
            let event = ReadEvent::new(AuditAction::Export, "list");
            let (a, b) = tokio::join!(one.decide(&city, decision(n, HA_DONG)), two.audit_read(&city, event));
            a.unwrap();
            b.unwrap();
        }
        let (first, second) = tokio::join!(one.seal(), two.seal());
        assert!(first.unwrap().is_some() != second.unwrap().is_some(), "one of them sealed");
        let report = two.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 20 && report.unsealed == 0, "{report:?}");
        two.close().await;
        place.remove(one).await;
    }
}

#[tokio::test]
async fn a_desk_dropped_without_closing_loses_nothing() {
    for place in Place::all().await {
        let desk = place.open_seeded(1).await;
        let made = desk.decide(&city_officer(), decision(1, HA_DONG)).await.unwrap();
        desk.audit_read(&city_officer(), ReadEvent::new(AuditAction::ViewDecisions, "decision")).await.unwrap();
        drop(desk);
        let again = place.open_seeded(2).await;
        assert_eq!(again.active_decisions(&city_officer()).await.unwrap(), [made]);
        let report = again.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 2, "{report:?}");
        place.remove(again).await;
    }
}

#[tokio::test]
async fn a_change_given_up_half_way_leaves_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        for n in 0..20 {
            // Polled a few times, then dropped wherever it stands.
            let change = desk.decide(&city, NewDecision { client_tx: format!("given-up-{n}"), ..decision(n, HA_DONG) });
            let _ = tokio::time::timeout(std::time::Duration::from_micros(150 * n as u64), change).await;
        }
        // In one statement: a commit that was already on its way may still arrive.
        let lonely = "SELECT (SELECT count(*) FROM audit_event) - (SELECT count(*) FROM decision)";
        assert_eq!(place.number(lonely).await, 0);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "{report:?}");
        desk.decide(&city_officer(), decision(99, HA_DONG)).await.unwrap();
        place.remove(desk).await;
    }
}

const CHILD: &str = "DESK_TEST_KILL_URL";

/// Not a case by itself: the process that the next test kills. Prints each acknowledged decision.
#[tokio::test]
async fn child_that_decides_until_killed() {
    let Ok(url) = std::env::var(CHILD) else { return };
    let desk = desk::Desk::open(&url, crate::support::ticking(), std::sync::Arc::new(desk::SeededIds::new(1))).await.unwrap();
    for n in 0..100_000 {
        let made = desk.decide(&city_officer(), decision(n, HA_DONG)).await.unwrap();
        println!("\nacknowledged {}", made.id);
    }
}

#[tokio::test]
async fn a_killed_program_has_kept_what_it_acknowledged() {
    for place in Place::all().await {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "durability::child_that_decides_until_killed", "--nocapture", "--test-threads=1"])
            .env(CHILD, &place.url)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged: Vec<String> = lines
            .map_while(Result::ok)
            .filter_map(|line| line.strip_prefix("acknowledged ").map(str::to_owned))
            .take(40)
            .collect();
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(acknowledged.len(), 40);

        let desk = place.open_seeded(2).await;
        let kept = desk.active_decisions(&city_officer()).await.unwrap();
        for id in &acknowledged {
            assert!(kept.iter().any(|decision| decision.id == *id), "{id} was acknowledged and is lost");
        }
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == kept.len() as i64, "{report:?}");
        place.remove(desk).await;
    }
}
