//! Units, users and signing in.

use base::{Area, Purpose, Role, Scope};
use desk::{DeskError, Unit, UnitKind, User};

use crate::support::{HA_DONG, Place, commune_staff, communes};

fn unit(id: &str, kind: UnitKind, parent: Option<&str>) -> Unit {
    Unit { id: id.into(), name: format!("Đơn vị {id}"), kind, parent: parent.map(str::to_owned) }
}

fn user(id: &str, role: Role, unit: &str, area: Area) -> User {
    User {
        id: id.into(),
        label: format!("Cán bộ {id}"),
        role,
        unit: unit.into(),
        area,
        active: true,
        valid_from: None,
        valid_to: None,
    }
}

#[tokio::test]
async fn a_user_signs_in_with_their_area_and_the_log_knows() {
    for place in Place::all().await {
        let desk = place.open().await;
        let system = Scope::system();
        desk.put_unit(&system, &unit("bhxh-hn", UnitKind::CityAgency, None)).await.unwrap();
        desk.put_unit(&system, &unit(HA_DONG, UnitKind::Commune, Some("bhxh-hn"))).await.unwrap();
        let officer = user("u-city", Role::CityOfficer, "bhxh-hn", Area::City);
        let mut staff = user("u-09556", Role::CommuneStaff, HA_DONG, communes(&[HA_DONG]));
        desk.put_user(&system, &officer).await.unwrap();
        desk.put_user(&system, &staff).await.unwrap();
        let events = desk.verify_audit().await.unwrap().events;
        desk.put_user(&system, &staff).await.unwrap();
        desk.put_unit(&system, &unit("bhxh-hn", UnitKind::CityAgency, None)).await.unwrap();
        assert_eq!(desk.verify_audit().await.unwrap().events, events, "unchanged is no event");

        assert_eq!(desk.units(&system).await.unwrap().len(), 2);
        assert_eq!(desk.users(&system).await.unwrap(), [staff.clone(), officer]);
        let scope = desk.sign_in("u-09556", Purpose::CoverageReview).await.unwrap();
        assert_eq!(scope, commune_staff(HA_DONG));
        assert_eq!(desk.users(&scope).await.unwrap(), [staff.clone()], "one's own unit");
        assert_eq!(place.text("SELECT action FROM audit_event ORDER BY seq DESC LIMIT 1").await, "sign_in");

        staff.active = false;
        desk.put_user(&system, &staff).await.unwrap();
        assert_eq!(desk.sign_in("u-09556", Purpose::Statistics).await, Err(DeskError::NotFound { kind: "user" }));
        let lost = user("u-lost", Role::BaseOfficer, "no-unit", Area::City);
        assert_eq!(desk.put_user(&system, &lost).await, Err(DeskError::NotFound { kind: "unit" }));
        let program = user("u-x", Role::System, "bhxh-hn", Area::City);
        assert!(matches!(desk.put_user(&system, &program).await, Err(DeskError::Invalid { field: "role", .. })));
        place.remove(desk).await;
    }
}
