//! Events are only added, hold no personal data, and are sealed.

use base::Scope;
use desk::{AuditAction, AuditQuery, DeskError, ReadEvent};
use futures::future::join_all;

use crate::support::{HA_DONG, Place, city_officer, code, commune_staff, decision};

fn view(n: usize) -> ReadEvent {
    ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{n}")).commune(&code(HA_DONG))
}

#[tokio::test]
async fn nothing_changes_or_deletes_what_is_in_the_log() {
    for place in Place::all().await {
        let desk = place.open().await;
        desk.decide(&city_officer(), decision(1, HA_DONG)).await.unwrap();
        desk.audit_read(&city_officer(), view(1)).await.unwrap();
        desk.seal().await.unwrap().unwrap();
        let columns = "id, at, actor, unit, role, purpose, action, object_kind, object_id, commune, detail, run, client_tx, hash";
        let mut attempts: Vec<String> = [
            "UPDATE audit_event SET actor = 'somebody' WHERE seq = 1",
            "UPDATE audit_event SET seq = 7 WHERE seq = 1",
            "DELETE FROM audit_event WHERE seq = 1",
            "DELETE FROM audit_event",
            "UPDATE audit_seal SET hash = ''",
            "DELETE FROM audit_seal",
            "UPDATE audit_counter SET last_seq = 1",
            "DELETE FROM audit_counter",
            "INSERT INTO audit_counter (one, last_seq) VALUES (2, 0)",
            "DELETE FROM decision",
            "UPDATE decision SET reason = 'khác'",
            "UPDATE decision SET kind = 'same', undone_by = 'u', undone_at = 1, undo_reason = 'x'",
        ]
        .map(str::to_owned)
        .into();
        if place.is_postgres() {
            attempts.extend(["audit_event", "audit_seal", "audit_counter", "decision"].map(|table| format!("TRUNCATE {table}")));
        } else {
            attempts.push(format!(
                "INSERT OR REPLACE INTO audit_event (seq, {columns}) SELECT 1, {columns} FROM audit_event WHERE seq = 2"
            ));
            attempts.push("INSERT OR REPLACE INTO audit_seal SELECT batch, 1, 1, '', '', 0 FROM audit_seal".into());
        }
        for sql in attempts {
            assert!(place.raw(&sql).await.is_err(), "was not refused: {sql}");
        }
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 2 && report.batches == 1, "{report:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn personal_data_and_changes_do_not_come_in_through_reads() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let city = city_officer();
    for (field, event) in [
        ("object_id", view(1).object("001190000017")),
        ("object_id", view(1).object("Nguyễn Văn An")),
        ("name", view(1).word("name", "nguyen van an")),
    ] {
        assert_eq!(desk.audit_read(&city, event).await, Err(DeskError::PersonalDataInAudit { field: field.into() }));
    }
    let forged = desk.audit_read(&city, ReadEvent::new(AuditAction::UndoDecision, "decision")).await;
    assert!(matches!(forged, Err(DeskError::Invalid { field: "action", .. })), "{forged:?}");
    assert_eq!(desk.verify_audit().await.unwrap().events, 0);
    place.remove(desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reads_at_once_are_committed_together_and_each_before_its_answer() {
    for place in Place::all().await {
        let desk = place.open().await;
        let tasks = (0..300).map(|n| {
            let desk = desk.clone();
            tokio::spawn(async move { desk.audit_read(&commune_staff(HA_DONG), view(n)).await })
        });
        assert!(join_all(tasks).await.into_iter().all(|answer| answer.unwrap().is_ok()));
        // Seen from outside the desk: the answers came after the commit.
        assert_eq!(place.number("SELECT count(DISTINCT object_id) FROM audit_event").await, 300);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 300, "{report:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_page_of_the_log_is_itself_in_the_log() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        for n in 0..7 {
            desk.audit_read(&commune_staff(HA_DONG), view(n)).await.unwrap();
        }
        let mut query = AuditQuery { actor: Some("u-09556".into()), limit: Some(3), ..AuditQuery::default() };
        let mut seen = Vec::new();
        loop {
            let page = desk.audit_search(&city, &query).await.unwrap();
            query.before_seq = page.last().map(|event| event.seq);
            seen.extend(page.iter().map(|event| event.object_id.clone().unwrap()));
            if page.len() < 3 {
                break;
            }
        }
        assert_eq!(seen, ["P6", "P5", "P4", "P3", "P2", "P1", "P0"]);
        let about = AuditQuery { object_id: Some("P3".into()), object_kind: Some("person".into()), ..AuditQuery::default() };
        assert_eq!(desk.audit_search(&city, &about).await.unwrap().len(), 1);
        let readings = AuditQuery { action: Some(AuditAction::ReadAudit), ..AuditQuery::default() };
        let log = desk.audit_search(&city, &readings).await.unwrap();
        assert_eq!(log.len(), 5, "three pages, one search, and this one");
        let from = AuditQuery { from: Some(log[1].at), until: Some(log[0].at), ..AuditQuery::default() };
        assert_eq!(desk.audit_search(&city, &from).await.unwrap().len(), 1, "from is included, until is not");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn seals_follow_one_another_and_nothing_new_makes_no_seal() {
    for place in Place::all().await {
        let desk = place.open().await;
        assert_eq!(desk.seal().await.unwrap(), None);
        assert_eq!(desk.export_seal().await.unwrap(), None);
        // More events than are read at once.
        let system = Scope::system();
        for _ in 0..9 {
            join_all((0..300).map(|n| desk.audit_read(&system, view(n)))).await.into_iter().for_each(Result::unwrap);
        }
        let first = desk.seal().await.unwrap().unwrap();
        assert_eq!(
            (first.batch, first.first_seq, first.last_seq, first.prev_hash.as_str()),
            (1, 1, 2700, "0".repeat(64).as_str())
        );
        assert_eq!(desk.seal().await.unwrap(), None);
        desk.decide(&city_officer(), decision(1, HA_DONG)).await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert_eq!((report.events, report.batches, report.unsealed), (2701, 1, 1));
        let second = desk.seal().await.unwrap().unwrap();
        assert_eq!((second.batch, second.first_seq, &second.prev_hash), (2, 2701, &first.hash));
        assert_eq!(desk.export_seal().await.unwrap(), Some(second.clone()));
        for seal in [&first, &second] {
            assert!(desk.verify_audit_against(std::slice::from_ref(seal)).await.unwrap().is_whole());
        }
        place.remove(desk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sealing_while_people_work_loses_and_repeats_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        let work = (0..6).map(|task| {
            let desk = desk.clone();
            tokio::spawn(async move {
                for n in 0..20 {
                    match (task, n % 2) {
                        (0 | 1, _) => drop(desk.seal().await.unwrap()),
                        (_, 0) => desk.audit_read(&city_officer(), view(n)).await.unwrap(),
                        _ => drop(desk.decide(&city_officer(), decision(task * 100 + n, HA_DONG)).await.unwrap()),
                    }
                }
            })
        });
        join_all(work).await.into_iter().for_each(Result::unwrap);
        desk.seal().await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 80 && report.unsealed == 0, "{report:?}");
        place.remove(desk).await;
    }
}
