//! Opening protected visits: who may, for how long, with which reason; written down, reviewed by somebody else, kept for good.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{Actor, Purpose, Role, Scope};
use desk::{Clock, Desk, DeskError, Permission, SeededIds};

use super::{HOSPITAL, auditor, opening, second, staff};
use crate::support::{HA_DONG, Place, city_officer, commune_staff};

const REASON: &str = "Đối chiếu thuốc với chỉ định của vụ việc";

/// Who looks after personal data.
fn protection() -> Scope {
    Scope {
        actor: Actor("u-bao-ve".into()),
        unit: "bao-ve-du-lieu".into(),
        role: Role::DataProtection,
        purpose: Purpose::Operation,
        ..city_officer()
    }
}

#[tokio::test]
async fn a_visit_is_open_for_two_hours_to_who_opened_it_alone() {
    for place in Place::all().await {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let look = Arc::clone(&now);
        let clock: Clock = Arc::new(move || look.load(Ordering::Relaxed));
        let desk = Desk::open(&place.url, clock, Arc::new(SeededIds::new(1))).await.unwrap();
        let (an, binh) = (city_officer(), second());
        assert_eq!(desk.protected_opening(&an, 11).await, Ok(None));
        let opened = desk.open_protected(&an, opening(11, REASON, "open-prot-01")).await.unwrap();
        assert_eq!((opened.visit, opened.facility.as_str(), opened.until - opened.opened_at), (11, HOSPITAL, 7_200_000));
        assert_eq!(desk.open_protected(&an, opening(11, REASON, "open-prot-01")).await.unwrap(), opened, "sent twice");
        let reused = desk.open_protected(&an, opening(12, REASON, "open-prot-01")).await;
        assert_eq!(reused, Err(DeskError::ClientTxReused));
        assert_eq!(desk.protected_opening(&an, 11).await, Ok(Some(opened)));
        assert_eq!(desk.protected_opening(&an, 12).await, Ok(None), "another visit");
        assert_eq!(desk.protected_opening(&binh, 11).await, Ok(None), "another auditor");
        let statistics = Scope { purpose: Purpose::Statistics, ..an.clone() };
        assert_eq!(desk.protected_opening(&statistics, 11).await, Ok(None), "another purpose");
        now.fetch_add(2 * 3_600_000, Ordering::Relaxed);
        assert_eq!(desk.protected_opening(&an, 11).await, Ok(None), "its time is over");
        let events = place.number("SELECT count(*) FROM audit_event WHERE action = 'open_protected' AND object_id = 'V11'").await;
        assert_eq!(events, 1, "each opening is one event, a form sent twice is none");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn it_needs_the_role_and_a_reason_and_no_more_than_fifty_a_day() {
    for place in Place::all().await {
        let desk = place.open().await;
        let an = city_officer();
        let short = desk.open_protected(&an, opening(11, "xem", "open-prot-02")).await;
        assert!(matches!(short, Err(DeskError::Invalid { field: "reason", .. })), "{short:?}");
        for (scope, permission) in [
            (auditor(), Permission::ViewProtectedHealth),
            (staff(HOSPITAL), Permission::ReviewClaims),
            (commune_staff(HA_DONG), Permission::ReviewClaims),
            (protection(), Permission::ReviewClaims),
            (Scope { purpose: Purpose::Statistics, ..an.clone() }, Permission::ReviewClaims),
        ] {
            let answer = desk.open_protected(&scope, opening(11, REASON, "open-prot-03")).await;
            assert_eq!(answer, Err(DeskError::Forbidden { permission }), "{:?}", scope.role);
        }
        for n in 0..50 {
            desk.open_protected(&an, opening(100 + n, REASON, &format!("open-many-{n:02}"))).await.unwrap();
        }
        let many = desk.open_protected(&an, opening(200, REASON, "open-many-50")).await;
        assert!(matches!(many, Err(DeskError::Invalid { field: "count", .. })), "{many:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn openings_are_reviewed_once_by_somebody_else_and_kept() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (an, reviewer) = (city_officer(), protection());
        let opened = desk.open_protected(&an, opening(11, REASON, "open-prot-04")).await.unwrap();
        assert_eq!(desk.protected_openings_waiting(&reviewer).await, Ok(1));
        assert_eq!(desk.protected_openings_waiting(&an).await, Ok(0));
        assert_eq!(desk.protected_openings(&second(), 10).await, Ok(Vec::new()), "others see nothing of it");
        assert_eq!(desk.protected_openings(&an, 10).await.unwrap().len(), 1);
        let own = desk.review_protected_opening(&an, &opened.id, "Tự xem xét").await;
        assert_eq!(own, Err(DeskError::Forbidden { permission: Permission::ReviewBreakGlass }));
        desk.review_protected_opening(&reviewer, &opened.id, "Có vụ việc đang giám định").await.unwrap();
        let again = desk.review_protected_opening(&reviewer, &opened.id, "Lần nữa").await;
        assert_eq!(again, Err(DeskError::AlreadyDecided));
        let known = desk.protected_openings(&reviewer, 10).await.unwrap();
        assert_eq!(known[0].review.as_deref(), Some("Có vụ việc đang giám định"));
        assert_eq!(desk.protected_openings_waiting(&reviewer).await, Ok(0));
        for sql in [
            "DELETE FROM protected_opening",
            "UPDATE protected_opening SET reason = 'x'",
            "UPDATE protected_opening SET review = 'x'",
            "UPDATE protected_opening SET until_at = until_at + 1",
        ] {
            assert!(place.raw(sql).await.is_err(), "the table itself refuses: {sql}");
        }
        place.remove(desk).await;
    }
}
