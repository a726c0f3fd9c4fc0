//! Checks on the spot by a checklist, and how many facilities they reached.

use base::Scope;
use desk::{CheckAnswer, ChecklistAnswer, DeskError, FacilityVisitKind, NewFacilityVisit, Permission, ReviewRefusal};

use super::{HOSPITAL, OTHER, auditor, check, day, opened, refused, review, staff};
use crate::support::{HOAN_KIEM, Place, city_officer, communes};

#[tokio::test]
async fn a_check_keeps_its_answers_cases_and_minutes_and_counts_its_facility_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (officer, today) = (city_officer(), day("2026-10-31"));
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let new = check(HOSPITAL, "2026-10-20", &[&case.id]);
        let made = desk.record_facility_visit(&officer, &new, today, "check-0001").await.unwrap();
        assert_eq!((made.failed, made.version, made.minutes.as_deref()), (1, 1, None));
        assert_eq!(desk.record_facility_visit(&officer, &new, today, "check-0001").await, Ok(made.clone()), "sent twice");
        let (_, answers, cases) = desk.facility_visit(&officer, &made.id).await.unwrap();
        assert_eq!(answers, new.answers, "in the order of the checklist");
        assert_eq!(cases, std::slice::from_ref(&case.id));
        let told = desk.set_visit_minutes(&officer, &made.id, 1, "03/BH-15", "check-0002").await.unwrap();
        assert_eq!((told.minutes.as_deref(), told.version), (Some("03/BH-15"), 2));
        assert_eq!(desk.set_visit_minutes(&officer, &made.id, 1, "03/BH-15", "check-0002").await, Ok(told), "sent twice");
        assert_eq!(refused(desk.set_visit_minutes(&officer, &made.id, 1, "x", "check-0003").await), ReviewRefusal::Stale);

        let rights = NewFacilityVisit { kind: FacilityVisitKind::InpatientRights, ..check(HOSPITAL, "2026-03-02", &[]) };
        desk.record_facility_visit(&officer, &rights, today, "check-0004").await.unwrap();
        desk.record_facility_visit(&officer, &check(OTHER, "2026-05-05", &[]), today, "check-0005").await.unwrap();
        desk.record_facility_visit(&officer, &check(OTHER, "2025-12-31", &[]), today, "check-0006").await.unwrap();
        let wrong = desk.record_facility_visit(&officer, &check("01003", "2026-06-06", &[]), today, "check-0007").await.unwrap();
        let gone = desk.withdraw_facility_visit(&officer, &wrong.id, 1, "Ghi nhầm cơ sở", "check-0008").await.unwrap();
        assert_eq!(gone.withdrawn.as_deref(), Some("Ghi nhầm cơ sở"));
        let minutes = desk.set_visit_minutes(&officer, &wrong.id, 2, "x", "check-0009").await;
        assert_eq!(refused(minutes), ReviewRefusal::WrongState);

        let figures = desk.facility_visit_figures(&officer, 2026).await.unwrap();
        assert_eq!(
            (figures.visits, figures.facilities),
            (3, 2),
            "two facilities, one of them twice, none withdrawn, none of 2025"
        );
        let kinds: Vec<i64> = figures.by_kind.iter().map(|(_, count)| *count).collect();
        assert_eq!(kinds, [2, 1, 0]);
        let items: Vec<_> = figures.items.iter().map(|one| (one.item.as_str(), one.yes, one.no, one.not_applicable)).collect();
        assert_eq!(items, [("bed-count", 0, 3, 0), ("blood-store", 0, 0, 3), ("posted-prices", 3, 0, 0)]);
        assert_eq!(desk.facility_visits(&officer, 2026, None).await.unwrap().len(), 4, "withdrawn ones stand in the list");
        let own = desk.facility_visits(&officer, 2026, Some(HOSPITAL)).await.unwrap();
        assert_eq!(own.iter().map(|one| one.day.to_string()).collect::<Vec<_>>(), ["2026-10-20", "2026-03-02"]);
        for sql in [
            "DELETE FROM review_visit",
            "UPDATE review_visit SET version = version + 1, summary = 'x'",
            "UPDATE review_visit_answer SET answer = 'yes'",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_check_that_cannot_be_is_refused_and_another_area_sees_none() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (officer, today) = (city_officer(), day("2026-10-31"));
        let (foreign, _) = opened(&desk, review(12, OTHER)).await;
        let good = check(HOSPITAL, "2026-10-20", &[]);
        let twice = ChecklistAnswer { item: "bed-count".into(), answer: CheckAnswer::Yes, note: None };
        for (field, wrong) in [
            ("day", check(HOSPITAL, "2026-11-01", &[])),
            ("cases", check(HOSPITAL, "2026-10-20", &[&foreign.id])),
            ("answers", NewFacilityVisit { answers: vec![], ..good.clone() }),
            ("item", NewFacilityVisit { answers: [good.answers.clone(), vec![twice]].concat(), ..good.clone() }),
            ("summary", NewFacilityVisit { summary: " ".into(), ..good.clone() }),
        ] {
            let answer = desk.record_facility_visit(&officer, &wrong, today, "wrong-0001").await;
            assert!(matches!(&answer, Err(DeskError::Invalid { field: found, .. }) if *found == field), "{field}: {answer:?}");
        }
        let made = desk.record_facility_visit(&officer, &good, today, "wrong-0002").await.unwrap();
        assert!(desk.facility_visit(&auditor(), &made.id).await.is_ok());
        let far = Scope { area: communes(&[HOAN_KIEM]), ..auditor() };
        assert_eq!(desk.facility_visit(&far, &made.id).await.map(drop), Err(DeskError::NotFound { kind: "facility_visit" }));
        assert_eq!(desk.facility_visit_figures(&far, 2026).await.unwrap().facilities, 0);
        let facility = desk.facility_visits(&staff(HOSPITAL), 2026, None).await.map(drop);
        assert_eq!(facility, Err(DeskError::Forbidden { permission: Permission::ReviewClaims }));
        place.remove(desk).await;
    }
}
