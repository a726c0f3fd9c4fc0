//! Agreements on sharing data: written down once, ended once, never changed; by who looks after personal data.

use base::{Date, Role, Scope};
use desk::{DeskError, NewAgreement, Permission, ReceiverRole, Term};

use crate::support::{HA_DONG, Place, city_officer, commune_staff};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn agreement(n: usize) -> NewAgreement {
    NewAgreement {
        number: format!("{n}/TT-BHXH-SGDĐT ngày 01/9/2026"),
        provider: "Sở Giáo dục và Đào tạo Hà Nội".into(),
        receiver: "BHXH thành phố Hà Nội".into(),
        receiver_role: ReceiverRole::Controller,
        roster: "pupils".into(),
        fields: ["class", "full_name", "birth_date"].map(str::to_owned).into(),
        article: "Luật 91/2025/QH15 Điều 19".into(),
        purpose: "Rà soát học sinh tham gia BHYT".into(),
        first_day: day("2026-09-01"),
        last_day: Some(day("2027-08-31")),
        retention_months: 24,
        transfer: None,
        client_tx: format!("agreement-{n:04}"),
    }
}

/// One that was ended and one that holds, for tests that want something in every table.
pub async fn fill(desk: &desk::Desk) {
    let first = desk.add_agreement(&city_officer(), agreement(91)).await.unwrap();
    desk.add_agreement(&city_officer(), agreement(92)).await.unwrap();
    desk.end_agreement(&city_officer(), &first.id, day("2026-12-01"), "Ký lại").await.unwrap();
}

#[tokio::test]
async fn an_agreement_stands_as_written_and_is_ended_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let first = desk.add_agreement(&officer, agreement(1)).await.unwrap();
        assert_eq!(desk.add_agreement(&officer, agreement(1)).await.unwrap(), first, "the same form again");
        let other = NewAgreement { roster: "population".into(), ..agreement(1) };
        assert_eq!(desk.add_agreement(&officer, other).await, Err(DeskError::ClientTxReused));
        let terms = ["2026-08-31", "2026-09-01", "2027-08-31", "2027-09-01"].map(|text| first.term(day(text)));
        assert_eq!(terms, [Term::Coming, Term::InForce, Term::InForce, Term::Over]);

        let ended = desk.end_agreement(&officer, &first.id, day("2026-12-01"), "Ký thỏa thuận mới").await.unwrap();
        assert_eq!((ended.term(day("2026-11-30")), ended.term(day("2026-12-01"))), (Term::InForce, Term::Over));
        assert_eq!(desk.end_agreement(&officer, &first.id, day("2026-12-01"), "Ký thỏa thuận mới").await, Ok(ended.clone()));
        let again = desk.end_agreement(&officer, &first.id, day("2026-12-02"), "Đổi ngày").await;
        assert_eq!(again, Err(DeskError::AgreementEnded));
        assert_eq!(desk.agreements(&commune_staff(HA_DONG)).await.unwrap(), [ended]);
        assert_eq!(desk.verify_audit().await.unwrap().events, 2);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn only_who_looks_after_personal_data_writes_agreements_down() {
    for place in Place::all().await {
        let desk = place.open().await;
        let forbidden = Err(DeskError::Forbidden { permission: Permission::ManagePrivacy });
        for role in [Role::BaseOfficer, Role::CommuneStaff, Role::Administrator, Role::Oversight, Role::Collector] {
            let scope = Scope { role, ..city_officer() };
            assert_eq!(desk.add_agreement(&scope, agreement(1)).await, forbidden, "{role:?}");
        }
        let protection = Scope { role: Role::DataProtection, ..city_officer() };
        let made = desk.add_agreement(&protection, agreement(1)).await.unwrap();
        let commune = commune_staff(HA_DONG);
        let ended = desk.end_agreement(&commune, &made.id, day("2026-12-01"), "thử").await;
        assert_eq!(ended, Err(DeskError::Forbidden { permission: Permission::ManagePrivacy }));
        for (change, wrong) in [("fields", "fields"), ("retention_months", "retention_months"), ("last_day", "last_day")] {
            let mut new = agreement(2);
            match change {
                "fields" => new.fields.clear(),
                "retention_months" => new.retention_months = 0,
                _ => new.last_day = Some(day("2026-08-31")),
            }
            let error = desk.add_agreement(&protection, new).await.unwrap_err();
            assert!(matches!(error, DeskError::Invalid { field, .. } if field == wrong), "{error:?}");
        }
        place.remove(desk).await;
    }
}

/// Past the desk, with all rights of the program: the store itself keeps what was agreed.
#[tokio::test]
async fn the_store_keeps_what_was_agreed() {
    for place in Place::all().await {
        let desk = place.open().await;
        desk.add_agreement(&city_officer(), agreement(1)).await.unwrap();
        for sql in [
            "UPDATE data_agreement SET fields = 'class full_name birth_date address'",
            "UPDATE data_agreement SET last_day = '2099-01-01'",
            "DELETE FROM data_agreement",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}
