//! An administrator opens nobody's data, neither as somebody's deputy nor unseen by an account of their own making.

use base::{Area, Role, Scope};
use desk::{Desk, DeskError, Unit, UnitKind, User};

use crate::support::{HA_DONG, Place, communes, delegation};

fn user(id: &str, role: Role) -> User {
    User {
        id: id.into(),
        label: format!("Người thử {id}"),
        role,
        unit: "bhxh-hn".into(),
        area: if role == Role::CommuneStaff { communes(&[HA_DONG]) } else { Area::City },
        active: true,
        valid_from: None,
        valid_to: None,
    }
}

/// An administrator, somebody for data protection and an officer, put in by the program itself.
async fn people(desk: &Desk) -> [Scope; 3] {
    let system = Scope::system();
    let unit = Unit { id: "bhxh-hn".into(), name: "BHXH thành phố".into(), kind: UnitKind::CityAgency, parent: None };
    desk.put_unit(&system, &unit).await.unwrap();
    let mut scopes = Vec::new();
    for (id, role) in [("u-admin", Role::Administrator), ("u-dpo", Role::DataProtection), ("u-city", Role::CityOfficer)] {
        let user = user(id, role);
        desk.put_user(&system, &user).await.unwrap();
        scopes.push(user.scope(desk::role_purpose(role)));
    }
    scopes.try_into().unwrap()
}

#[tokio::test]
async fn an_administrator_is_nobodys_deputy() {
    for place in Place::all().await {
        let desk = place.open().await;
        let [admin, _, city] = people(&desk).await;
        desk.put_user(&Scope::system(), &user("u-admin-2", Role::Administrator)).await.unwrap();
        desk.put_user(&Scope::system(), &user("u-xa", Role::CommuneStaff)).await.unwrap();
        let refused = |answer: Result<desk::Delegation, DeskError>| match answer {
            Err(DeskError::Invalid { field, why }) => (field, why),
            other => panic!("not refused: {other:?}"),
        };
        let own = desk.delegate(&admin, delegation("u-city", "u-admin")).await;
        assert_eq!(refused(own), ("to", "nobody lets themselves act for another"));
        let other = desk.delegate(&admin, delegation("u-city", "u-admin-2")).await;
        assert_eq!(refused(other), ("to", "an administrator acts for nobody"));
        let by_officer = desk.delegate(&city, delegation("u-city", "u-admin")).await;
        assert_eq!(refused(by_officer), ("to", "an administrator acts for nobody"));
        desk.delegate(&admin, delegation("u-city", "u-xa")).await.unwrap();
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_an_administrator_does_with_accounts_that_open_people_is_listed_for_data_protection() {
    for place in Place::all().await {
        let desk = place.open().await;
        let [admin, dpo, city] = people(&desk).await;
        // The program's own doing and accounts that open nobody are left out.
        desk.reset_account(&Scope::system(), "u-city", Some("city")).await.unwrap();
        desk.put_user(&admin, &user("u-xem", Role::Oversight)).await.unwrap();
        desk.reset_account(&admin, "u-xem", Some("nguoi-xem")).await.unwrap();
        assert!(desk.account_events(&dpo, 10).await.unwrap().is_empty());

        desk.put_user(&admin, &user("u-moi", Role::CommuneStaff)).await.unwrap();
        desk.reset_account(&admin, "u-moi", Some("moi")).await.unwrap();
        desk.delegate(&admin, delegation("u-city", "u-moi")).await.unwrap();
        let identity =
            desk::ProviderIdentity { issuer: "https://id.example.vn".into(), claim: "sub".into(), subject: "nguoi-1".into() };
        desk.bind_identity(&admin, "u-moi", &identity).await.unwrap();
        // What the account is afterwards does not hide what it was made as.
        desk.put_user(&admin, &user("u-moi", Role::Oversight)).await.unwrap();
        let told = |events: Vec<desk::AuditEvent>| -> Vec<(String, String)> {
            events.into_iter().map(|event| (event.action, event.object_id.unwrap_or_default())).collect()
        };
        let expected = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(what, user)| ((*what).to_owned(), (*user).to_owned())).collect()
        };
        let listed = told(desk.account_events(&dpo, 10).await.unwrap());
        assert_eq!(listed, expected(&[("put_delegation", "u-city"), ("put_user", "u-moi")]));
        desk.put_user(&admin, &user("u-moi", Role::CommuneStaff)).await.unwrap();
        let all = [
            ("put_user", "u-moi"),
            ("put_user", "u-moi"),
            ("bind_identity", "u-moi"),
            ("put_delegation", "u-city"),
            ("reset_account", "u-moi"),
            ("put_user", "u-moi"),
        ];
        assert_eq!(told(desk.account_events(&dpo, 10).await.unwrap()), expected(&all));
        assert!(desk.account_events(&city, 10).await.unwrap().is_empty(), "for who reviews alone");
        place.remove(desk).await;
    }
}
