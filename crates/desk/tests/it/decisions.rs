//! Decisions are made once, undone with a trace, and copied for runs in one order.

use std::sync::Arc;

use desk::{AuditAction, AuditQuery, DecisionKind, Desk, DeskError, NewDecision, RowRef};
use futures::future::join_all;

use crate::support::{HA_DONG, Place, city_officer, commune_staff, decision};

#[tokio::test]
async fn a_form_sent_twice_decides_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let first = desk.decide(&staff, decision(1, HA_DONG)).await.unwrap();
        assert_eq!(desk.decide(&staff, decision(1, HA_DONG)).await.unwrap(), first);
        // The pair given the other way round is the same pair.
        let NewDecision { left, right, .. } = decision(1, HA_DONG);
        let turned = NewDecision { left: right, right: left, ..decision(1, HA_DONG) };
        assert_eq!(desk.decide(&staff, turned).await.unwrap(), first);
        assert_eq!(place.number("SELECT count(*) FROM decision").await, 1);
        assert_eq!(place.number("SELECT count(*) FROM audit_event").await, 1);

        let other = NewDecision { client_tx: "form-00000001".into(), ..decision(2, HA_DONG) };
        assert_eq!(desk.decide(&staff, other).await, Err(DeskError::ClientTxReused));
        assert_eq!(desk.decide(&city_officer(), decision(1, HA_DONG)).await, Err(DeskError::ClientTxReused));
        place.remove(desk).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_ten_times_at_once_decides_once() {
    for place in Place::all().await {
        let desk = Arc::new(place.open().await);
        let tasks = (0..10).map(|_| {
            let desk = Arc::clone(&desk);
            tokio::spawn(async move { desk.decide(&commune_staff(HA_DONG), decision(1, HA_DONG)).await.unwrap() })
        });
        let answers: Vec<_> = join_all(tasks).await.into_iter().map(Result::unwrap).collect();
        assert!(answers.iter().all(|answer| *answer == answers[0]));
        assert_eq!(place.number("SELECT count(*) FROM decision").await, 1);
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == 1, "{report:?}");
        place.remove(Desk::clone(&desk)).await;
    }
}

#[tokio::test]
async fn undoing_keeps_the_trace_and_frees_the_pair() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let first = desk.decide(&staff, decision(1, HA_DONG)).await.unwrap();
        let opposite = NewDecision { kind: DecisionKind::Same, client_tx: "form-opposite".into(), ..decision(1, HA_DONG) };
        assert_eq!(desk.decide(&city, opposite.clone()).await, Err(DeskError::AlreadyDecided));

        let undone = desk.undo(&city, &first.id, "Có giấy khai sinh mới").await.unwrap();
        let trace = undone.undone.clone().unwrap();
        assert_eq!((trace.by.as_str(), trace.reason.as_str()), ("u-city", "Có giấy khai sinh mới"));
        assert!(trace.at > first.decided_at);
        assert_eq!(desk.active_decisions(&city).await.unwrap(), []);
        // Asked again the same way: the same answer, no second event. Otherwise: refused.
        assert_eq!(desk.undo(&city, &first.id, "Có giấy khai sinh mới").await.unwrap(), undone);
        assert_eq!(desk.undo(&staff, &first.id, "Có giấy khai sinh mới").await, Err(DeskError::AlreadyUndone));

        let second = desk.decide(&city, opposite).await.unwrap();
        assert_eq!(desk.decisions_for(&staff, &first.left).await.unwrap(), [undone, second.clone()]);
        assert_eq!(desk.active_decisions(&staff).await.unwrap(), [second]);
        let log = desk
            .audit_search(&city, &AuditQuery { object_kind: Some("decision".into()), ..AuditQuery::default() })
            .await
            .unwrap();
        let actions: Vec<_> = log.iter().map(|event| event.action.as_str()).collect();
        assert_eq!(actions, ["decide_link", "undo_decision", "decide_link"]);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn reasons_and_references_are_checked() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let city = city_officer();
    let silent = NewDecision { reason: "  ".into(), ..decision(1, HA_DONG) };
    assert!(matches!(desk.decide(&city, silent).await, Err(DeskError::Invalid { field: "reason", .. })));
    let one = decision(1, HA_DONG);
    let same_row = NewDecision { right: one.left.clone(), ..one };
    assert!(matches!(desk.decide(&city, same_row).await, Err(DeskError::Invalid { field: "right", .. })));
    assert!(RowRef::new("population", "001190000017").is_err(), "a personal id is no row key");
    assert!(RowRef::new("population", "Nguyễn An").is_err());
    assert_eq!(RowRef::new("bhyt_card", "9f:3a").unwrap().parts(), ("bhyt_card", "9f:3a"));
    assert!(matches!(desk.undo(&city, "no-such", "x").await, Err(DeskError::NotFound { kind: "decision" })));
    place.remove(desk).await;
}

#[tokio::test]
async fn the_copy_for_a_run_does_not_depend_on_the_order_of_decisions() {
    for place in Place::all().await {
        let other = if place.is_postgres() { Place::postgres().await.unwrap() } else { Place::sqlite() };
        let (one, two) = (place.open().await, other.open().await);
        let city = city_officer();
        let pair = |n: usize, left: &str| NewDecision { left: RowRef::new("population", left).unwrap(), ..decision(n, HA_DONG) };
        // Upper and lower case: a database that sorts by language would mix them.
        let lefts = ["b", "A", "a", "B", "_", "10", "9"];
        for (n, left) in lefts.iter().enumerate() {
            one.decide(&city, pair(n, left)).await.unwrap();
        }
        for (n, left) in lefts.iter().enumerate().rev() {
            two.decide(&city, pair(n, left)).await.unwrap();
        }
        let pairs = async |desk: &Desk| -> Vec<(RowRef, RowRef)> {
            let copy = desk.active_decisions_sorted(&base::Scope::system()).await.unwrap();
            copy.into_iter().map(|decision| (decision.left, decision.right)).collect()
        };
        let copy = pairs(&one).await;
        assert_eq!(copy, pairs(&two).await);
        assert!(copy.is_sorted() && copy.len() == lefts.len());
        place.remove(one).await;
        other.remove(two).await;
    }
}

#[tokio::test]
async fn an_event_holds_the_decision_and_no_words_of_its_reason() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let made = desk.decide(&commune_staff(HA_DONG), decision(1, HA_DONG)).await.unwrap();
    let query = AuditQuery { action: Some(AuditAction::DecideLink), ..AuditQuery::default() };
    let event = desk.audit_search(&city_officer(), &query).await.unwrap().remove(0);
    assert_eq!(event.object_id.as_deref(), Some(made.id.as_str()));
    assert_eq!(event.detail, r#"{"kind":"not_same","period":"2026-10"}"#);
    assert_eq!((event.commune.as_deref(), event.client_tx.as_deref()), (Some(HA_DONG), Some("form-00000001")));
    assert_eq!((event.role.as_str(), event.purpose.as_str()), ("commune_staff", "coverage_review"));
    place.remove(desk).await;
}
