//! The number of a case on the agency's portal: set with the version the page showed, once for a facility, found by the search.

use base::Date;
use desk::{DeskError, PageAt, Permission, ReviewQuery, ReviewRefusal};

use super::{HOSPITAL, OTHER, auditor, day, opened, refused, review, sent_case, staff};
use crate::support::{HOAN_KIEM, Place, city_officer, communes};

#[tokio::test]
async fn a_number_is_set_once_and_the_case_is_found_by_it() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let set = desk.set_portal_code(&officer, &case.id, case.version, " 2512345678 ", "portal-0001").await.unwrap();
        assert_eq!((set.portal_code.as_deref(), set.version), (Some("2512345678"), case.version + 1));
        let again = desk.set_portal_code(&officer, &case.id, case.version, "2512345678", "portal-0001").await;
        assert_eq!(again, Ok(set.clone()), "the same form again");
        let same = desk.set_portal_code(&officer, &case.id, set.version, "2512345678", "portal-0002").await;
        assert_eq!(same, Ok(set.clone()), "what it has already changes nothing");
        let stale = desk.set_portal_code(&officer, &case.id, case.version, "2512345679", "portal-0003").await;
        assert_eq!(refused(stale), ReviewRefusal::Stale);
        let today: Date = day("2026-11-02");
        let query = ReviewQuery { text: Some("2512345678".into()), ..ReviewQuery::new(today) };
        assert_eq!(desk.reviews(&officer, &query, &PageAt::First, 10).await.unwrap().count, 1);
        let old = ReviewQuery { text: Some("HS-11".into()), ..ReviewQuery::new(today) };
        assert_eq!(desk.reviews(&officer, &old, &PageAt::First, 10).await.unwrap().count, 0);
        let record = desk.review(&officer, &case.id).await.unwrap();
        let last = record.history.last().unwrap();
        assert_eq!((last.what.as_str(), last.value.as_deref()), ("portal_code", Some("2512345678")));
        let sql = "SELECT count(*) FROM audit_event WHERE action = 'change_review' AND detail LIKE '%portal_code%'";
        assert_eq!(place.number(sql).await, 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn lines_of_many_cases_are_those_of_each_and_of_nobody_elses_area() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (first, lines) = opened(&desk, review(11, HOSPITAL)).await;
        let (second, _) = opened(&desk, review(12, OTHER)).await;
        let ids = [first.id.clone(), second.id.clone(), "khong-co".to_owned()];
        let all = desk.lines_of_reviews(&officer, &ids).await.unwrap();
        assert_eq!((all.len(), all.get(&first.id)), (2, Some(&lines)));
        let elsewhere = base::Scope { area: communes(&[HOAN_KIEM]), ..auditor() };
        assert!(desk.lines_of_reviews(&elsewhere, &ids).await.unwrap().is_empty(), "another area");
        assert!(desk.lines_of_reviews(&staff(HOSPITAL), &ids).await.is_err(), "the agency's own");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn one_number_is_one_case_of_a_facility_and_an_agency_matter() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (first, _) = opened(&desk, review(11, HOSPITAL)).await;
        let (second, _) = sent_case(&desk, 12, HOSPITAL).await;
        let (elsewhere, _) = opened(&desk, review(13, OTHER)).await;
        desk.set_portal_code(&auditor(), &first.id, first.version, "777", "portal-0011").await.unwrap();
        let taken = desk.set_portal_code(&officer, &second.id, second.version, "777", "portal-0012").await;
        assert_eq!(refused(taken), ReviewRefusal::Taken);
        // Another facility's number is another number; a case that was sent may still get its own.
        desk.set_portal_code(&officer, &elsewhere.id, elsewhere.version, "777", "portal-0013").await.unwrap();
        desk.set_portal_code(&officer, &second.id, second.version, "778", "portal-0014").await.unwrap();
        let hospital = desk.set_portal_code(&staff(HOSPITAL), &second.id, second.version + 1, "9", "portal-0015").await;
        assert_eq!(hospital, Err(DeskError::Forbidden { permission: Permission::ReviewClaims }));
        for wrong in ["", "001190012345", "a b"] {
            let answer = desk.set_portal_code(&officer, &second.id, second.version + 1, wrong, "portal-0016").await;
            assert!(matches!(answer, Err(DeskError::Invalid { field: "portal_code", .. })), "{wrong}: {answer:?}");
        }
        place.remove(desk).await;
    }
}
