//! Units, users and signing in.

use std::collections::BTreeSet;

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

#[tokio::test]
async fn officers_of_a_base_office_go_along_with_its_communes_and_see_the_cases_there() {
    use crate::cases::{poor, wage};
    use crate::support::{HOAN_KIEM, city_officer, code};
    use desk::{CaseQuery, PageAt, Queue, To};

    for place in Place::all().await {
        let desk = place.open().await;
        let system = Scope::system();
        desk.put_unit(&system, &unit("bhxh-cs-1", UnitKind::BaseOffice, None)).await.unwrap();
        desk.put_unit(&system, &unit(HA_DONG, UnitKind::Commune, None)).await.unwrap();
        for (id, role, of) in [
            ("u-base", Role::BaseOfficer, "bhxh-cs-1"),
            ("u-narrow", Role::BaseOfficer, "bhxh-cs-1"),
            ("u-09556", Role::CommuneStaff, HA_DONG),
        ] {
            let area = if id == "u-base" { communes(&[]) } else { communes(&[HA_DONG]) };
            desk.put_user(&system, &user(id, role, of, area)).await.unwrap();
        }
        let new = vec![poor(1, HA_DONG), wage(2, HA_DONG), wage(3, HOAN_KIEM)];
        desk.open_cases(&city_officer(), new, &To::Unit, "form-open-1").await.unwrap();
        let area = async |id: &str| {
            let all = desk.users(&system).await.unwrap();
            all.into_iter().find(|user| user.id == id).unwrap().area
        };
        let seen = async || {
            let scope = desk.sign_in("u-base", Purpose::CoverageReview).await.unwrap();
            let query = CaseQuery::of(Queue::Open, crate::cases::today());
            let mut all: Vec<i64> =
                desk.cases(&scope, &query, &PageAt::First, 50).await.unwrap().rows.iter().map(|case| case.subject).collect();
            all.sort();
            all
        };
        assert_eq!(seen().await, [0_i64; 0], "an office without communes");
        desk.set_unit_communes(&system, "bhxh-cs-1", &[code(HA_DONG)].into()).await.unwrap();
        // The employers' cases of its communes too.
        assert_eq!((area("u-base").await, seen().await), (communes(&[HA_DONG]), vec![1, 2]));
        desk.set_unit_communes(&system, "bhxh-cs-1", &[code(HA_DONG), code(HOAN_KIEM)].into()).await.unwrap();
        assert_eq!(seen().await, [1, 2, 3]);
        // Both had the area of the office before this change.
        assert_eq!(area("u-narrow").await, communes(&[HA_DONG, HOAN_KIEM]));
        desk.put_user(&system, &user("u-narrow", Role::BaseOfficer, "bhxh-cs-1", communes(&[HA_DONG]))).await.unwrap();
        desk.set_unit_communes(&system, "bhxh-cs-1", &[code(HOAN_KIEM)].into()).await.unwrap();
        assert_eq!(
            (seen().await, area("u-narrow").await),
            (vec![3], communes(&[HA_DONG])),
            "who was given another area keeps it"
        );
        desk.set_unit_communes(&system, HA_DONG, &[code(HOAN_KIEM)].into()).await.unwrap();
        assert_eq!(area("u-09556").await, communes(&[HA_DONG]), "other units' users keep theirs");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_facility_reads_its_own_people_by_name_and_of_the_agency_the_unit_alone() {
    for place in Place::all().await {
        let desk = place.open().await;
        let system = Scope::system();
        desk.put_unit(&system, &unit("bhxh-hn", UnitKind::CityAgency, None)).await.unwrap();
        desk.put_unit(&system, &unit("kcb-01001", UnitKind::Facility, None)).await.unwrap();
        let officer = user("u-city", Role::CityOfficer, "bhxh-hn", Area::City);
        let doctor = user("u-kcb", Role::FacilityStaff, "kcb-01001", Area::Communes([].into()));
        desk.put_user(&system, &officer).await.unwrap();
        desk.put_user(&system, &doctor).await.unwrap();
        let both: BTreeSet<&str> = ["u-city", "u-kcb"].into();
        let seen = desk.user_labels(&doctor.scope(Purpose::Operation), &both).await.unwrap();
        assert_eq!(seen["u-kcb"].label, "Cán bộ u-kcb");
        // PostgreSQL may hide the officer altogether; nobody's name is told either way.
        assert!(seen.get("u-city").is_none_or(|label| label.label == "Đơn vị bhxh-hn"), "{seen:?}");
        let agency = desk.user_labels(&officer.scope(Purpose::Operation), &both).await.unwrap();
        assert_eq!(agency["u-city"].label, "Cán bộ u-city");
        assert_eq!(agency["u-kcb"].label, "Cán bộ u-kcb", "the agency knows who answered");
        place.remove(desk).await;
    }
}
