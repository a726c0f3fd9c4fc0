//! Answers of schools are added, never changed; the last one counts; a commune sees those of its own schools.

use base::{Date, Role, Scope};
use desk::{DeskError, NewSchoolAnswers, Permission, ToldCard};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

pub fn answers(n: usize, commune: &str, until: &str) -> NewSchoolAnswers {
    let day = |text: &str| text.parse::<Date>().unwrap();
    let card = |person| ToldCard {
        person,
        card_number: "HS4010000000017".into(),
        valid_from: Some(day("2026-10-01")),
        valid_to: day(until),
    };
    NewSchoolAnswers {
        school: format!("s{commune}a"),
        class: "s6a".into(),
        commune: Some(code(commune)),
        answers: vec![card(7), card(8)],
        client_tx: format!("school-{n:04}"),
    }
}

#[tokio::test]
async fn the_last_answer_counts_and_a_form_sent_twice_adds_nothing() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        assert_eq!(desk.record_school_answers(&staff, answers(1, HA_DONG, "2027-09-30")).await, Ok(2));
        assert_eq!(desk.record_school_answers(&staff, answers(1, HA_DONG, "2027-09-30")).await, Ok(0));
        assert_eq!(desk.record_school_answers(&staff, answers(2, HA_DONG, "2027-12-31")).await, Ok(2));
        let known = desk.school_answers(&staff, &format!("s{HA_DONG}a")).await.unwrap();
        assert_eq!(known.keys().copied().collect::<Vec<_>>(), [7, 8]);
        assert_eq!(known[&7].card.valid_to.to_string(), "2027-12-31");
        assert_eq!(desk.verify_audit().await.unwrap().events, 2);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn schools_of_other_communes_are_out_of_reach() {
    for place in Place::all().await {
        let desk = place.open().await;
        desk.record_school_answers(&city_officer(), answers(1, HOAN_KIEM, "2027-09-30")).await.unwrap();
        let staff = commune_staff(HA_DONG);
        assert!(desk.school_answers(&staff, &format!("s{HOAN_KIEM}a")).await.unwrap().is_empty());
        let refused = desk.record_school_answers(&staff, answers(2, HOAN_KIEM, "2027-09-30")).await;
        assert_eq!(refused, Err(DeskError::NotFound { kind: "school" }));
        let refused = desk
            .record_school_answers(&Scope { role: Role::Administrator, ..city_officer() }, answers(3, HA_DONG, "2027-09-30"))
            .await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::RecordSchoolAnswers }));
        place.remove(desk).await;
    }
}
