//! The outbox: written with its change, delivered at least once, once in effect; killed at any moment nothing is lost or doubled.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use base::{Role, Scope};
use desk::{Desk, DeskError, OutboxKind, Outgoing, Permission, SeededIds, Unit, UnitKind};

use crate::support::{HA_DONG, Place, city_officer, code, ticking};

const TO: &str = "folder";

/// Withdraws the cards of some new collectors: each is one event.
async fn withdraw(desk: &Desk, range: std::ops::Range<usize>) {
    for n in range {
        let card = desk::NewCard {
            number: format!("T-{n}"),
            area: [code(HA_DONG)].into(),
            first_day: "2026-01-01".parse().unwrap(),
            last_day: "2026-12-31".parse().unwrap(),
            client_tx: format!("outbox-{n:06}"),
        };
        let new = desk::NewCollector {
            organisation: "thu-a".into(),
            point: "BD01".into(),
            code: format!("NV{n}"),
            holder: "Người thu".into(),
            card,
        };
        let made = desk.add_collector(&city_officer(), new).await.unwrap();
        desk.withdraw_card(&city_officer(), &made.cards[0].id, "2026-11-02".parse().unwrap(), "Thử").await.unwrap();
    }
}

async fn ready(place: &Place, seed: u64) -> Desk {
    let desk = place.open_seeded(seed).await;
    let unit = Unit { id: "thu-a".into(), name: "Tổ chức thu".into(), kind: UnitKind::CollectionOrganisation, parent: None };
    desk.put_unit(&Scope::system(), &unit).await.unwrap();
    desk.set_outbox_receivers(&[(TO, &[OutboxKind::CardWithdrawn])]).await.unwrap();
    desk
}

fn administrator() -> Scope {
    Scope { role: Role::Administrator, ..city_officer() }
}

async fn next(desk: &Desk) -> Option<Outgoing> {
    desk.outbox_next(TO).await.unwrap()
}

#[tokio::test]
async fn an_event_is_there_with_its_change_and_for_who_takes_its_kind() {
    for place in Place::all().await {
        let desk = ready(&place, 1).await;
        desk.set_outbox_receivers(&[(TO, &[OutboxKind::CardWithdrawn]), ("office", &[OutboxKind::DocumentsSent])]).await.unwrap();
        withdraw(&desk, 0..2).await;
        assert_eq!(place.number("SELECT count(*) FROM outbox_event").await, 2);
        assert_eq!(place.number("SELECT count(*) FROM outbox_delivery WHERE receiver = 'office'").await, 0);
        let first = next(&desk).await.unwrap();
        assert_eq!((first.event.kind, first.attempt, first.event.unit.as_str()), (OutboxKind::CardWithdrawn, 1, "bhxh-hn"));
        let second = next(&desk).await.unwrap();
        assert!(first.event.id < second.event.id, "in the order of changes, and a claimed one is not given twice");
        assert_eq!(next(&desk).await, None);
        desk.outbox_done(&first).await.unwrap();
        desk.outbox_done(&first).await.unwrap();
        // A change that was given up leaves no event: it is refused here after the first statements.
        let refused = desk.withdraw_card(&city_officer(), "khong-co", "2026-11-02".parse().unwrap(), "x").await;
        assert_eq!(refused, Err(DeskError::NotFound { kind: "card" }));
        assert_eq!(place.number("SELECT count(*) FROM outbox_event").await, 2);
        // A receiver that is no longer there gets nothing new; what waits for it stays.
        desk.set_outbox_receivers(&[]).await.unwrap();
        withdraw(&desk, 2..3).await;
        let (states, dead) = desk.outbox(&administrator()).await.unwrap();
        let folder = states.iter().find(|state| state.name == TO).unwrap();
        assert_eq!((folder.active, folder.waiting, folder.done, folder.dead, dead.len()), (false, 1, 1, 0, 0));
        for sql in [
            "UPDATE outbox_event SET payload = '{}'",
            "DELETE FROM outbox_event",
            "DELETE FROM outbox_delivery",
            "UPDATE outbox_delivery SET state = 'waiting', done_at = NULL WHERE state = 'done'",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_fails_rests_twice_as_long_each_time_and_then_waits_for_an_administrator() {
    for place in Place::all().await {
        let desk = ready(&place, 1).await;
        withdraw(&desk, 0..1).await;
        let mut attempts = 0;
        let mut asked = 0;
        let mut rests = Vec::new();
        // The clock moves a second with each look, so a rest is over after so many looks.
        loop {
            let mut looks = 0;
            let outgoing = loop {
                looks += 1;
                asked += 1;
                assert!(asked < 5_000, "it never comes again");
                if let Some(outgoing) = next(&desk).await {
                    break outgoing;
                }
            };
            rests.push(looks);
            attempts += 1;
            assert_eq!(outgoing.attempt, attempts);
            if !desk.outbox_failed(&outgoing, "folder_gone").await.unwrap() {
                break;
            }
        }
        assert_eq!(attempts, 8);
        assert!(rests[1..].windows(2).all(|pair| pair[1] > pair[0] + pair[0] / 2), "{rests:?}");
        assert_eq!(next(&desk).await, None);
        let (states, dead) = desk.outbox(&administrator()).await.unwrap();
        assert_eq!((states[0].dead, dead.len(), dead[0].failed.as_str(), dead[0].attempts), (1, 1, "folder_gone", 8));
        let forbidden = DeskError::Forbidden { permission: Permission::ManageUsers };
        assert_eq!(desk.outbox(&city_officer()).await, Err(forbidden.clone()));
        assert_eq!(desk.outbox_again(&city_officer(), &dead[0].event.id, TO).await, Err(forbidden));
        desk.outbox_again(&administrator(), &dead[0].event.id, TO).await.unwrap();
        let again = desk.outbox_again(&administrator(), &dead[0].event.id, TO).await;
        assert_eq!(again, Err(DeskError::NotFound { kind: "delivery" }));
        let outgoing = next(&desk).await.unwrap();
        assert_eq!(outgoing.attempt, 1);
        desk.outbox_done(&outgoing).await.unwrap();
        assert_eq!(desk.outbox(&administrator()).await.unwrap().0[0].done, 1);
        place.remove(desk).await;
    }
}

const CHILD: &str = "DESK_TEST_OUTBOX";

/// Not a case by itself: the program that the next test kills. Makes changes and delivers them into a folder, one file an event, named by
/// its id; says each change that was acknowledged and each delivery.
#[tokio::test]
async fn child_that_sends_until_killed() {
    let Ok(given) = std::env::var(CHILD) else { return };
    let (url, rest) = given.split_once(' ').unwrap();
    let (folder, seed) = rest.rsplit_once(' ').unwrap();
    let seed: u64 = seed.parse().unwrap();
    let desk = Desk::open(url, ticking(), Arc::new(SeededIds::new(seed))).await.unwrap();
    let maker = {
        let desk = desk.clone();
        tokio::spawn(async move {
            for n in 0..15 {
                let n = seed as usize * 100 + n;
                withdraw(&desk, n..n + 1).await;
                println!("\nchanged {n}");
            }
        })
    };
    let mut idle = 0;
    while idle < 40 || !maker.is_finished() {
        // A busy store is asked again.
        match desk.outbox_next(TO).await {
            Ok(Some(outgoing)) => {
                idle = 0;
                take(Path::new(folder), &outgoing);
                println!("\ntook {}", outgoing.event.id);
                desk.outbox_done(&outgoing).await.unwrap();
            }
            // The clock moves with each look, so a lease that a killed program left runs out while asking.
            _ => {
                idle += 1;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        }
    }
    maker.await.unwrap();
    println!("\nsent all");
}

/// A receiver as it has to be: what comes twice under one id is taken once. Each taking leaves a line, so that doubles would show.
fn take(folder: &Path, outgoing: &Outgoing) {
    let draft = folder.join(format!("{}.draft", outgoing.event.id));
    std::fs::write(&draft, serde_json::to_string(&outgoing.event).unwrap()).unwrap();
    std::fs::rename(draft, folder.join(format!("{}.json", outgoing.event.id))).unwrap();
}

#[tokio::test]
async fn an_outbox_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    for place in Place::all().await {
        let folder = tempfile::tempdir().unwrap();
        let desk = ready(&place, 1).await;
        let mut acknowledged = BTreeSet::new();
        let mut killed = 0;
        for seed in 2_u64..14 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "outbox::child_that_sends_until_killed", "--nocapture", "--test-threads=1"])
                .env(CHILD, format!("{} {} {seed}", place.url, folder.path().display()))
                .stdout(Stdio::piped())
                .spawn()
                .unwrap();
            let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
            let mut steps = 0;
            let mut ended = false;
            for line in lines.by_ref() {
                if let Some(n) = line.strip_prefix("changed ") {
                    acknowledged.insert(n.parse::<usize>().unwrap());
                    steps += 1;
                }
                steps += u64::from(line.starts_with("took "));
                ended = line == "sent all";
                // The last one runs to its end.
                if ended || (seed < 13 && steps > seed % 5 * 3) {
                    break;
                }
            }
            if ended {
                child.wait().unwrap();
                continue;
            }
            std::thread::sleep(Duration::from_micros(seed * 1_717 % 9_000));
            child.kill().unwrap();
            child.wait().unwrap();
            killed += 1;
        }
        assert!(killed >= 8, "only {killed} were killed");
        // Whatever waits under a lease of a killed program is delivered in the end.
        let mut asked = 0;
        while desk.outbox(&administrator()).await.unwrap().0[0].waiting > 0 {
            asked += 1;
            assert!(asked < 2_000, "something waits for ever");
            if let Some(outgoing) = next(&desk).await {
                take(folder.path(), &outgoing);
                desk.outbox_done(&outgoing).await.unwrap();
            }
        }
        let state = desk.outbox(&administrator()).await.unwrap().0.remove(0);
        let files: BTreeMap<String, String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "json"))
            .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()))
            .collect();
        let withdrawn = place.number("SELECT count(*) FROM collector_card WHERE withdrawn_on IS NOT NULL").await;
        let events = place.number("SELECT count(*) FROM outbox_event").await;
        // One event a change, one delivery an event, one file a delivery; and nothing that was acknowledged is missing.
        assert_eq!((events, state.done, state.dead, files.len() as i64), (withdrawn, withdrawn, 0, withdrawn));
        assert!(acknowledged.len() as i64 <= withdrawn && acknowledged.len() > 15, "{} of {withdrawn}", acknowledged.len());
        for n in acknowledged {
            let of = format!("SELECT count(*) FROM collector_card WHERE number = 'T-{n}' AND withdrawn_on IS NOT NULL");
            assert_eq!(place.number(&of).await, 1, "T-{n}");
        }
        let objects: BTreeSet<String> = files
            .values()
            .map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap()["object"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(objects.len() as i64, withdrawn, "each card once");
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}
