//! Nobody sees or changes what lies outside their area, role or purpose.

use base::{Area, Purpose, Role, Scope};
use desk::{AuditAction, AuditQuery, DeskError, Permission, ReadEvent};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff, communes, decision};

#[tokio::test]
async fn commune_staff_see_only_the_decisions_of_their_commune() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (ha_dong, hoan_kiem, city) = (commune_staff(HA_DONG), commune_staff(HOAN_KIEM), city_officer());
        let own = desk.decide(&ha_dong, decision(1, HA_DONG)).await.unwrap();
        let other = desk.decide(&hoan_kiem, decision(2, HOAN_KIEM)).await.unwrap();
        let nowhere = desk.decide(&city, desk::NewDecision { commune: None, ..decision(3, HA_DONG) }).await.unwrap();

        assert_eq!(desk.active_decisions(&ha_dong).await.unwrap(), std::slice::from_ref(&own));
        assert_eq!(desk.active_decisions(&city).await.unwrap(), [own.clone(), other.clone(), nowhere.clone()]);
        assert_eq!(desk.decisions_for(&ha_dong, &other.left).await.unwrap(), []);
        assert_eq!(desk.decisions_for(&ha_dong, &own.right).await.unwrap(), std::slice::from_ref(&own));
        for hidden in [&other.id, &nowhere.id] {
            let missing = Err(DeskError::NotFound { kind: "decision" });
            assert_eq!(desk.decision(&ha_dong, hidden).await, missing);
            assert_eq!(desk.undo(&ha_dong, hidden, "nhầm").await, missing);
        }
        assert_eq!(desk.decision(&city, &other.id).await.unwrap().undone, None);

        let both = Scope { area: communes(&[HA_DONG, HOAN_KIEM]), ..commune_staff(HA_DONG) };
        assert_eq!(desk.active_decisions(&both).await.unwrap(), [own, other]);
        let none = Scope { area: Area::Communes(Default::default()), ..commune_staff(HA_DONG) };
        assert_eq!(desk.active_decisions(&none).await.unwrap(), []);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn nobody_decides_about_rows_of_another_commune() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        assert_eq!(desk.decide(&staff, decision(1, HOAN_KIEM)).await, Err(DeskError::NotFound { kind: "row" }));
        let nowhere = desk::NewDecision { commune: None, ..decision(1, HA_DONG) };
        assert_eq!(desk.decide(&staff, nowhere).await, Err(DeskError::NotFound { kind: "row" }));
        assert_eq!(desk.active_decisions(&city_officer()).await.unwrap(), []);
        assert_eq!(desk.verify_audit().await.unwrap().events, 0);

        // A pair decided elsewhere stays hidden, but is not decided twice.
        desk.decide(&city_officer(), decision(2, HOAN_KIEM)).await.unwrap();
        let again = desk::NewDecision { client_tx: "another-form".into(), ..decision(2, HA_DONG) };
        assert_eq!(desk.decide(&staff, again).await, Err(DeskError::AlreadyDecided));
        // Nor does a form number of elsewhere give its decision away.
        assert_eq!(
            desk.decide(&staff, desk::NewDecision { client_tx: "form-00000002".into(), ..decision(9, HA_DONG) }).await,
            Err(DeskError::ClientTxReused)
        );
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn roles_and_purposes_without_the_permission_are_refused() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let forbidden = Err(DeskError::Forbidden { permission: Permission::DecideLinks });
    let admin = Scope { role: Role::Administrator, ..city_officer() };
    let statistics = Scope { purpose: Purpose::Statistics, ..city_officer() };
    for scope in [admin, statistics, Scope::system()] {
        assert_eq!(desk.decide(&scope, decision(1, HA_DONG)).await, forbidden);
    }
    let staff = commune_staff(HA_DONG);
    let partial = desk.active_decisions_sorted(&staff).await;
    assert!(matches!(partial, Err(DeskError::Invalid { field: "area", .. })), "{partial:?}");
    let user = desk::Unit { id: "x".into(), name: "X".into(), kind: desk::UnitKind::Other, parent: None };
    assert_eq!(desk.put_unit(&staff, &user).await, Err(DeskError::Forbidden { permission: Permission::ManageUsers }));
    place.remove(desk).await;
}

#[tokio::test]
async fn the_log_shows_ones_own_events_and_to_those_who_may_their_area() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (ha_dong, hoan_kiem, city) = (commune_staff(HA_DONG), commune_staff(HOAN_KIEM), city_officer());
        let view = |commune: &str| ReadEvent::new(AuditAction::ViewPerson, "person").object("P1").commune(&code(commune));
        desk.audit_read(&ha_dong, view(HA_DONG)).await.unwrap();
        desk.audit_read(&hoan_kiem, view(HOAN_KIEM)).await.unwrap();
        desk.audit_read(&city, view(HA_DONG)).await.unwrap();

        let who = AuditQuery { action: Some(AuditAction::ViewPerson), ..AuditQuery::default() };
        let actors = async |scope: &Scope| -> Vec<String> {
            desk.audit_search(scope, &who).await.unwrap().into_iter().map(|event| event.actor).collect()
        };
        assert_eq!(actors(&ha_dong).await, ["u-09556"]);
        assert_eq!(actors(&city).await, ["u-city", "u-00004", "u-09556"]);
        let district = Scope { area: communes(&[HOAN_KIEM]), ..city_officer() };
        assert_eq!(actors(&Scope { actor: base::Actor("u-x".into()), ..district }).await, ["u-00004"]);
        place.remove(desk).await;
    }
}
