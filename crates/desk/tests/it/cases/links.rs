//! Cases that belong together: linked and taken apart by who sees both, told in both histories where neither betrays the other.

use desk::{CaseLinkKind, Desk, DeskError, LINKS_OF_A_CASE, To};

use super::{base_officer, poor, put_users, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

/// The other ends of a case's links with their kind, as somebody sees them.
async fn linked(desk: &Desk, scope: &base::Scope, case: &str) -> Vec<(CaseLinkKind, i64)> {
    let links = desk.case_links(scope, case).await.unwrap();
    links.into_iter().map(|link| (link.kind, link.other.subject)).collect()
}

async fn told(desk: &Desk, case: &str) -> Vec<(String, Option<String>)> {
    let history = desk.case_history(&city_officer(), case).await.unwrap();
    history.into_iter().skip(1).map(|event| (event.what, event.value)).collect()
}

fn event(what: &str, kind: &str) -> (String, Option<String>) {
    (what.to_owned(), Some(kind.to_owned()))
}

#[tokio::test]
async fn two_cases_are_linked_once_seen_from_both_ends_and_taken_apart() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let staff = commune_staff(HA_DONG);
        let new = vec![poor(1, HA_DONG), poor(2, HA_DONG), poor(3, HA_DONG)];
        let opened = desk.open_cases(&staff, new, &To::Unit, "form-open-1").await.unwrap();
        let id = |subject: i64| opened.cases.iter().find(|case| case.subject == subject).unwrap().id.clone();
        let (one, two) = (id(1), id(2));
        let link = async |case: &String, other: &String, kind, form: &str| desk.link_cases(&staff, case, other, kind, form).await;
        let (household, duplicate) = (CaseLinkKind::Household, CaseLinkKind::Duplicate);
        link(&one, &two, household, "form-link-1").await.unwrap();
        // The same form again, and the same link from the other end: nothing more.
        link(&one, &two, household, "form-link-1").await.unwrap();
        link(&two, &one, household, "form-link-2").await.unwrap();
        assert_eq!(link(&one, &id(3), household, "form-link-1").await, Err(DeskError::ClientTxReused));
        link(&one, &two, duplicate, "form-link-3").await.unwrap();
        assert_eq!(linked(&desk, &staff, &one).await, [(household, 2), (duplicate, 2)]);
        assert_eq!(linked(&desk, &staff, &two).await, [(household, 1), (duplicate, 1)]);
        let itself = link(&one, &one, household, "form-link-4").await;
        assert!(matches!(itself, Err(DeskError::Invalid { field: "other", .. })), "{itself:?}");

        let known = desk.case_links(&staff, &two).await.unwrap();
        desk.unlink_cases(&staff, &two, &known[0].id, "form-apart-1").await.unwrap();
        desk.unlink_cases(&staff, &two, &known[0].id, "form-apart-1").await.unwrap();
        assert_eq!(linked(&desk, &staff, &one).await, [(duplicate, 2)]);
        let elses = desk.unlink_cases(&staff, &id(3), &known[1].id, "form-apart-2").await;
        assert_eq!(elses, Err(DeskError::NotFound { kind: "link" }), "not a link of that case");
        // It can be made again.
        link(&one, &two, household, "form-link-5").await.unwrap();
        let expected = [
            event("linked", "household"),
            event("linked", "duplicate"),
            event("unlinked", "household"),
            event("linked", "household"),
        ];
        assert_eq!(told(&desk, &one).await, expected);
        assert_eq!(told(&desk, &two).await, expected);
        for sql in ["DELETE FROM case_link", "UPDATE case_link SET kind = 'employer'"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn who_does_not_see_one_end_neither_links_nor_learns_of_it() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, office, city) = (commune_staff(HA_DONG), base_officer(), city_officer());
        let new = vec![poor(1, HA_DONG), poor(2, HOAN_KIEM), wage(3, HA_DONG)];
        let opened = desk.open_cases(&city, new, &To::Unit, "form-open-1").await.unwrap();
        let id = |subject: i64| opened.cases.iter().find(|case| case.subject == subject).unwrap().id.clone();
        let (own, elsewhere, wages) = (id(1), id(2), id(3));
        let missing = DeskError::NotFound { kind: "case" };
        for (case, other) in [(&own, &elsewhere), (&own, &wages), (&wages, &own)] {
            let answer = desk.link_cases(&staff, case, other, CaseLinkKind::Employer, "form-link-1").await;
            assert_eq!(answer.unwrap_err(), missing);
        }
        desk.link_cases(&office, &own, &elsewhere, CaseLinkKind::Household, "form-link-2").await.unwrap();
        desk.link_cases(&office, &own, &wages, CaseLinkKind::Employer, "form-link-3").await.unwrap();
        assert_eq!(linked(&desk, &office, &own).await.len(), 2);
        assert!(linked(&desk, &staff, &own).await.is_empty(), "neither the other commune's nor the insurance office's");
        // The history of the commune's case does not tell of the insurance office's; that one tells of it.
        assert_eq!(told(&desk, &own).await, [event("linked", "household")]);
        assert_eq!(told(&desk, &wages).await, [event("linked", "employer")]);
        let link = desk.case_links(&office, &wages).await.unwrap().remove(0);
        let answer = desk.unlink_cases(&staff, &own, &link.id, "form-apart-1").await;
        assert!(matches!(answer, Err(DeskError::NotFound { .. })), "{answer:?}");
        assert_eq!(linked(&desk, &office, &wages).await, [(CaseLinkKind::Employer, 1)], "it stands");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_case_has_so_many_links_and_no_more() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let staff = commune_staff(HA_DONG);
    let new = (0..=LINKS_OF_A_CASE + 1).map(|subject| poor(subject, HA_DONG)).collect();
    let cases = desk.open_cases(&staff, new, &To::Unit, "form-open-1").await.unwrap().cases;
    let (first, others) = cases.split_first().unwrap();
    let mut answers = Vec::new();
    for (n, other) in others.iter().enumerate() {
        answers.push(desk.link_cases(&staff, &first.id, &other.id, CaseLinkKind::Household, &format!("form-link-{n}")).await);
    }
    let last = answers.pop().unwrap();
    assert!(answers.iter().all(Result::is_ok) && answers.len() as i64 == LINKS_OF_A_CASE);
    assert!(matches!(last, Err(DeskError::Invalid { field: "other", .. })), "{last:?}");
    assert_eq!(desk.case_links(&staff, &first.id).await.unwrap().len() as i64, LINKS_OF_A_CASE);
    place.remove(desk).await;
}
