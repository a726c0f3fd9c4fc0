//! Opening one person in an emergency: for a while, with a reason, reviewed by somebody else, kept for good.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{Area, Purpose, Role, Scope};
use desk::{
    AuditAction, Clock, Desk, DeskError, NewBreakGlass, Permission, ReadEvent, SeededIds, URGENT_LOOK_UP, Unit, UnitKind, User,
};

use crate::support::{HA_DONG, HOAN_KIEM, Place, code};

fn user(id: &str, role: Role) -> User {
    User {
        id: id.into(),
        label: id.into(),
        role,
        unit: "u".into(),
        area: if role == Role::DataProtection { Area::City } else { Area::Communes([code(HA_DONG)].into()) },
        active: true,
        valid_from: None,
        valid_to: None,
    }
}

async fn people(desk: &Desk) -> (Scope, Scope, Scope) {
    let system = Scope::system();
    let unit = Unit { id: "u".into(), name: "Đơn vị".into(), kind: UnitKind::Other, parent: None };
    desk.put_unit(&system, &unit).await.unwrap();
    let mut scopes = Vec::new();
    for (id, role) in [("an", Role::CommuneStaff), ("binh", Role::CommuneStaff), ("bao-ve", Role::DataProtection)] {
        let user = user(id, role);
        desk.put_user(&system, &user).await.unwrap();
        scopes.push(user.scope(desk::role_purpose(role)));
    }
    let [an, binh, officer] = scopes.try_into().unwrap();
    (an, binh, officer)
}

fn opening(person: i64, reason: &str, tx: &str) -> NewBreakGlass {
    NewBreakGlass { person, commune: Some(code(HOAN_KIEM)), reason: reason.into(), client_tx: tx.into() }
}

const REASON: &str = "Cấp cứu, bệnh viện hỏi thẻ";

#[tokio::test]
async fn a_person_is_open_for_half_an_hour_to_who_opened_them_alone() {
    for place in Place::all().await {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let look = Arc::clone(&now);
        let clock: Clock = Arc::new(move || look.load(Ordering::Relaxed));
        let desk = Desk::open(&place.url, clock, Arc::new(SeededIds::new(1))).await.unwrap();
        let (an, binh, _) = people(&desk).await;
        assert_eq!(desk.open_glass(&an, 7).await, Ok(None));
        let opened = desk.break_glass(&an, opening(7, REASON, "glass-0001")).await.unwrap();
        assert_eq!(desk.break_glass(&an, opening(7, REASON, "glass-0001")).await.unwrap().id, opened.id);
        assert_eq!(desk.break_glass(&an, opening(8, REASON, "glass-0001")).await, Err(DeskError::ClientTxReused));
        assert_eq!(desk.open_glass(&an, 7).await.unwrap().unwrap().id, opened.id);
        assert_eq!(desk.open_glass(&an, 8).await, Ok(None));
        assert_eq!(desk.open_glass(&binh, 7).await, Ok(None));
        now.fetch_add(31 * 60_000, Ordering::Relaxed);
        assert_eq!(desk.open_glass(&an, 7).await, Ok(None));
        let again = desk.break_glass(&an, opening(7, REASON, "glass-0002")).await.unwrap();
        desk.close_glass(&binh, &again.id).await.unwrap();
        assert!(desk.open_glass(&an, 7).await.unwrap().is_some(), "nobody ends another's");
        desk.close_glass(&an, &again.id).await.unwrap();
        assert_eq!(desk.open_glass(&an, 7).await, Ok(None));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn it_needs_a_reason_a_role_and_a_purpose_and_no_more_than_ten_a_day() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (an, _, officer) = people(&desk).await;
        let short = desk.break_glass(&an, opening(7, "khẩn", "glass-0001")).await;
        assert!(matches!(short, Err(DeskError::Invalid { field: "reason", .. })), "{short:?}");
        let refused = Err(DeskError::Forbidden { permission: Permission::BreakGlass });
        assert_eq!(desk.break_glass(&officer, opening(7, REASON, "glass-0002")).await, refused);
        let statistics = Scope { purpose: Purpose::Statistics, ..an.clone() };
        assert_eq!(desk.break_glass(&statistics, opening(7, REASON, "glass-0003")).await, refused);
        for n in 0..10 {
            desk.break_glass(&an, opening(n, REASON, &format!("glass-1{n:03}"))).await.unwrap();
        }
        let many = desk.break_glass(&an, opening(99, REASON, "glass-2000")).await;
        assert!(matches!(many, Err(DeskError::Invalid { field: "count", .. })), "{many:?}");
        place.remove(desk).await;
    }
}

/// Who tries out numbers pays for those that nobody has, and is told about reason and count before anybody is looked up.
#[tokio::test]
async fn look_ups_that_find_nobody_count_as_openings_of_the_day() {
    for place in Place::all().await {
        let now = Arc::new(AtomicI64::new(1_800_000_000_000));
        let look = Arc::clone(&now);
        let clock: Clock = Arc::new(move || look.fetch_add(1, Ordering::Relaxed));
        let desk = Desk::open(&place.url, clock, Arc::new(SeededIds::new(1))).await.unwrap();
        let (an, binh, officer) = people(&desk).await;
        let field = |answer: Result<(), DeskError>| match answer {
            Ok(()) => "may",
            Err(DeskError::Invalid { field, .. }) => field,
            Err(other) => panic!("{other:?}"),
        };
        assert_eq!(field(desk.may_break_glass(&an, "khẩn").await), "reason");
        let forbidden = Err(DeskError::Forbidden { permission: Permission::BreakGlass });
        assert_eq!(desk.may_break_glass(&officer, REASON).await, forbidden);

        let searched = async |scope: &Scope, field: &str, rows| {
            let event = ReadEvent::new(AuditAction::SearchPeople, "person").word("field", field).count("rows", rows);
            desk.audit_read(scope, event).await.unwrap();
        };
        for _ in 0..6 {
            searched(&an, URGENT_LOOK_UP, 0).await;
            // Found, searched otherwise, or refused: nothing that counts.
            searched(&an, URGENT_LOOK_UP, 1).await;
            searched(&an, "personal_id", 0).await;
            searched(&an, "refused", 0).await;
        }
        for n in 0..3 {
            desk.break_glass(&an, opening(n, REASON, &format!("glass-1{n:03}"))).await.unwrap();
        }
        assert_eq!(field(desk.may_break_glass(&an, REASON).await), "may", "nine of ten");
        searched(&an, URGENT_LOOK_UP, 0).await;
        assert_eq!(field(desk.may_break_glass(&an, REASON).await), "count");
        let many = desk.break_glass(&an, opening(99, REASON, "glass-2000")).await;
        assert!(matches!(many, Err(DeskError::Invalid { field: "count", .. })), "{many:?}");
        assert_eq!(field(desk.may_break_glass(&binh, REASON).await), "may", "another user's count is their own");
        // More events than are read at once lie between, and a day later it begins anew.
        for _ in 0..600 {
            searched(&an, "personal_id", 0).await;
        }
        assert_eq!(field(desk.may_break_glass(&an, REASON).await), "count");
        now.fetch_add(25 * 3_600_000, Ordering::Relaxed);
        assert_eq!(field(desk.may_break_glass(&an, REASON).await), "may");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn every_opening_is_reviewed_once_by_somebody_else_and_stays() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (an, binh, officer) = people(&desk).await;
        let opened = desk.break_glass(&an, opening(7, REASON, "glass-0001")).await.unwrap();
        assert_eq!(desk.glasses_waiting(&officer).await, Ok(1));
        assert_eq!(desk.glasses_waiting(&an).await, Ok(0));
        assert_eq!(desk.glasses(&officer, 10).await.unwrap().len(), 1);
        assert_eq!(desk.glasses(&an, 10).await.unwrap().len(), 1);
        assert!(desk.glasses(&binh, 10).await.unwrap().is_empty());
        let refused = Err(DeskError::Forbidden { permission: Permission::ReviewBreakGlass });
        assert_eq!(desk.review_glass(&an, &opened.id, "được").await, refused);
        desk.review_glass(&officer, &opened.id, "Đúng việc, có văn bản của bệnh viện").await.unwrap();
        assert_eq!(desk.review_glass(&officer, &opened.id, "lần nữa").await, Err(DeskError::AlreadyDecided));
        assert_eq!(desk.glasses_waiting(&officer).await, Ok(0));
        for sql in ["DELETE FROM break_glass", "UPDATE break_glass SET reason = 'x'", "UPDATE break_glass SET review = 'x'"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}
