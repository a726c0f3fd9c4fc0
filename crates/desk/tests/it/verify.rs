//! Whoever tampers with the log behind the desk's back is found, and where.

use desk::{AuditAction, Broken, Desk, DeskError, Gap, ReadEvent, Seal};

use crate::support::{Place, city_officer};

/// A store with three sealed events in two batches and one unsealed; event 2 shows `rows`.
async fn prepared(place: &Place, rows: i64) -> (Desk, Seal) {
    let desk = place.open().await;
    let city = city_officer();
    for n in 1..=4 {
        let event = ReadEvent::new(AuditAction::ListPeople, "list").object(format!("L{n}"));
        desk.audit_read(&city, event.count("rows", if n == 2 { rows } else { 9 })).await.unwrap();
        if n == 2 || n == 3 {
            desk.seal().await.unwrap().unwrap();
        }
    }
    let seal = desk.export_seal().await.unwrap().unwrap();
    assert!(desk.verify_audit().await.unwrap().is_whole());
    (desk, seal)
}

#[tokio::test]
async fn a_changed_byte_is_found_with_its_event() {
    for place in Place::all().await {
        let (desk, _) = prepared(&place, 5).await;
        place.disarm("audit_event").await;
        for (sql, seq) in [
            ("UPDATE audit_event SET at = at + 1 WHERE seq = 4", 4),
            ("UPDATE audit_event SET detail = '{\"rows\":8}' WHERE seq = 3", 3),
            ("UPDATE audit_event SET actor = 'u-citx' WHERE seq = 2", 2),
            ("UPDATE audit_event SET run = '' WHERE seq = 1", 1),
        ] {
            place.raw(sql).await.unwrap();
            assert_eq!(desk.verify_audit().await.unwrap().broken, Some(Broken::Event { seq }), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_changed_event_is_not_sealed_over() {
    for place in Place::all().await {
        let (desk, _) = prepared(&place, 5).await;
        place.disarm("audit_event").await;
        place.raw("UPDATE audit_event SET object_id = 'L9' WHERE seq = 4").await.unwrap();
        assert_eq!(desk.seal().await, Err(DeskError::AuditBroken { seq: 4 }));
        assert_eq!(desk.verify_audit().await.unwrap().unsealed, 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn an_event_changed_together_with_its_hash_is_found_with_its_batch() {
    for place in Place::all().await {
        let (desk, _) = prepared(&place, 5).await;
        // A twin store with the same ids and times gives the right hash for the wrong event.
        let twin = Place::sqlite();
        let (other, _) = prepared(&twin, 4).await;
        let (detail, hash) = (
            twin.text("SELECT detail FROM audit_event WHERE seq = 2").await,
            twin.text("SELECT hash FROM audit_event WHERE seq = 2").await,
        );
        place.disarm("audit_event").await;
        place.raw(&format!("UPDATE audit_event SET detail = '{detail}', hash = '{hash}' WHERE seq = 2")).await.unwrap();
        let found = desk.verify_audit().await.unwrap().broken;
        assert_eq!(found, Some(Broken::Batch { batch: 1, first_seq: 1, last_seq: 2 }));
        place.remove(desk).await;
        twin.remove(other).await;
    }
}

#[tokio::test]
async fn removed_events_leave_gaps_also_at_the_end() {
    for place in Place::all().await {
        let (desk, _) = prepared(&place, 5).await;
        place.disarm("audit_event").await;
        place.raw("DELETE FROM audit_event WHERE seq = 4").await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert_eq!((report.gaps, report.broken), (vec![Gap { from: 4, to: 4 }], None));
        place.raw("DELETE FROM audit_event WHERE seq IN (1, 2)").await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert_eq!(report.gaps, [Gap { from: 1, to: 2 }, Gap { from: 4, to: 4 }]);
        assert_eq!(report.broken, Some(Broken::Batch { batch: 1, first_seq: 1, last_seq: 2 }));

        // The counter turned back hides nothing that is sealed.
        place.disarm("audit_counter").await;
        place.raw("UPDATE audit_counter SET last_seq = 2").await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert!(!report.is_whole() && report.gaps == [Gap { from: 1, to: 2 }], "{report:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn an_event_beyond_the_counter_is_found() {
    for place in Place::all().await {
        let (desk, _) = prepared(&place, 5).await;
        place.disarm("audit_counter").await;
        place.raw("UPDATE audit_counter SET last_seq = 3").await.unwrap();
        assert_eq!(desk.verify_audit().await.unwrap().broken, Some(Broken::BeyondCounter { seq: 4 }));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn changed_and_removed_seals_are_found() {
    for place in Place::all().await {
        let (desk, seal) = prepared(&place, 5).await;
        place.disarm("audit_seal").await;
        place.raw("DELETE FROM audit_seal WHERE batch = 2").await.unwrap();
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "what was never sealed elsewhere cannot be missed: {report:?}");
        let report = desk.verify_audit_against(std::slice::from_ref(&seal)).await.unwrap();
        assert_eq!(report.broken, Some(Broken::Exported { batch: 2 }));

        desk.seal().await.unwrap().unwrap();
        place.raw("UPDATE audit_seal SET first_seq = 2 WHERE batch = 1").await.unwrap();
        assert_eq!(desk.verify_audit().await.unwrap().broken, Some(Broken::Chain { batch: 1 }));
        place.raw("DELETE FROM audit_seal WHERE batch = 1").await.unwrap();
        assert_eq!(desk.verify_audit().await.unwrap().broken, Some(Broken::Chain { batch: 2 }));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_log_written_anew_as_a_whole_is_found_by_the_seal_kept_elsewhere() {
    let (place, forged) = (Place::sqlite(), Place::sqlite());
    let (desk, seal) = prepared(&place, 5).await;
    let (anew, _) = prepared(&forged, 4).await;
    assert!(anew.verify_audit().await.unwrap().is_whole());
    assert_eq!(anew.verify_audit_against(std::slice::from_ref(&seal)).await.unwrap().broken, Some(Broken::Exported { batch: 2 }));
    place.remove(desk).await;
    forged.remove(anew).await;
}
