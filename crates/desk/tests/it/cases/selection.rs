//! Cases ticked one by one: kept over pages and filters, of one user, for a day; changed by a bulk that says its number first.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{Actor, Scope};
use desk::{Case, CaseQuery, Change, Desk, DeskError, PageAt, Queue, Refusal, SeededIds, Selected, To};

use super::{allowed, base_officer, poor, put_users, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

const TICKED: &str = "form-ticked-1";

fn picked() -> CaseQuery {
    CaseQuery { selection: Some(TICKED.into()), ..CaseQuery::of(Queue::Open, today()) }
}

fn ids<'a>(cases: impl IntoIterator<Item = &'a Case>) -> BTreeSet<String> {
    cases.into_iter().map(|case| case.id.clone()).collect()
}

async fn opened(desk: &Desk, scope: &Scope, from: i64, to: i64, commune: &str) -> Vec<Case> {
    let new = (from..to).map(|n| poor(n, commune)).collect();
    desk.open_cases(scope, new, &To::Unit, &format!("form-open-{from}")).await.unwrap().cases
}

fn is_about(error: &DeskError, wanted: &str) -> bool {
    matches!(error, DeskError::Invalid { field, .. } if *field == wanted)
}

#[tokio::test]
async fn what_was_ticked_holds_over_pages_and_filters_for_one_user() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, staff) = (city_officer(), commune_staff(HA_DONG));
        let own = opened(&desk, &city, 0, 40, HA_DONG).await;
        let other = opened(&desk, &city, 40, 43, HOAN_KIEM).await;
        // Two pages of one commune, then the page of another filter: what was ticked before stays.
        let (first, second) = (&own[..20], &own[20..]);
        let shown = |cases: &[Case]| ids(cases).into_iter().collect::<Vec<_>>();
        assert_eq!(desk.select_cases(&city, TICKED, &shown(first), &ids(&first[..3])).await.unwrap(), 3);
        assert_eq!(desk.select_cases(&city, TICKED, &shown(second), &ids(second)).await.unwrap(), 23);
        assert_eq!(desk.select_cases(&city, TICKED, &shown(&other), &ids(&other[..1])).await.unwrap(), 24);
        // Sent twice it is the same; what is unticked on its page goes.
        assert_eq!(desk.select_cases(&city, TICKED, &shown(first), &ids(&first[1..3])).await.unwrap(), 23);
        assert_eq!(desk.select_cases(&city, TICKED, &shown(first), &ids(&first[1..3])).await.unwrap(), 23);
        let asked: Vec<&str> = first.iter().map(|case| case.id.as_str()).collect();
        let held = desk.selected(&city, TICKED, &asked).await.unwrap().unwrap();
        assert_eq!((held.count, held.ticked), (23, ids(&first[1..3])));
        // It is a queue of its own, page by page.
        let page = desk.cases(&city, &picked(), &PageAt::First, 20).await.unwrap();
        assert_eq!((page.count, page.rows.len(), page.has_next), (23, 20, true));
        // Nobody else has it, and nobody ticks what they may not see.
        assert_eq!(desk.selected(&staff, TICKED, &asked).await.unwrap().unwrap_or_default(), Selected::default());
        assert_eq!(desk.cases(&staff, &picked(), &PageAt::First, 20).await.unwrap().count, 0);
        let error = desk.select_cases(&staff, TICKED, &[], &ids(&own)).await.unwrap_err();
        assert!(is_about(&error, "selection"), "{error:?}");
        let wage = desk.open_cases(&city, vec![wage(90, HA_DONG)], &To::Unit, "form-open-90").await.unwrap().cases;
        let hidden = ids(other.iter().chain(&wage));
        assert_eq!(desk.select_cases(&staff, "form-ticked-2", &[], &hidden).await.unwrap(), 0);
        assert_eq!(desk.select_cases(&staff, "form-ticked-2", &[], &BTreeSet::from(["no-case".into()])).await.unwrap(), 0);
        // All of a filter; emptied.
        let query = CaseQuery::of(Queue::Open, today());
        assert_eq!(desk.select_query(&staff, "form-ticked-2", &query).await.unwrap(), 40);
        desk.clear_selection(&staff, "form-ticked-2").await.unwrap();
        assert_eq!(desk.selected(&staff, "form-ticked-2", &[]).await.unwrap().unwrap().count, 0);
        assert_eq!(desk.selected(&city, TICKED, &[]).await.unwrap().unwrap().count, 23, "that of another user stays");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_bulk_changes_what_was_ticked_and_nothing_else() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let cases = opened(&desk, &officer, 0, 30, HA_DONG).await;
        desk.select_cases(&officer, TICKED, &[], &ids(&cases[..12])).await.unwrap();
        let to = Change::Assign { to: "u-09556".into() };
        // One of them is closed in between: it stays in what was ticked, and is refused with its reason.
        let gone = Change::Outcome { outcome: desk::Outcome::Dead, day: None, reason: "Giấy báo tử".into() };
        desk.change_case(&officer, &cases[0].id, 1, &gone, &allowed(), today(), "form-close-1").await.unwrap();
        desk.start_bulk(&officer, &picked(), &to, 12, "form-bulk-1").await.unwrap();
        // From now on it is the bulk's.
        let error = desk.select_cases(&officer, TICKED, &[], &ids(&cases)).await.unwrap_err();
        assert!(is_about(&error, "selection"), "{error:?}");
        let error = desk.start_bulk(&officer, &picked(), &Change::Take, 12, "form-bulk-2").await.unwrap_err();
        assert!(is_about(&error, "selection"), "{error:?}");
        assert_eq!(desk.selected(&officer, TICKED, &[]).await.unwrap(), None, "the next page begins a new one");
        assert!(desk.work(&allowed()).await.unwrap().unwrap().failed.is_none());
        let done = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((done.total, done.done, done.refused, done.slipped(), done.finished), (12, 11, 1, 0, true));
        assert_eq!(desk.bulk_refused(&officer, "form-bulk-1", 9).await.unwrap()[0].why, Refusal::WrongState);
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE owner = 'u-09556'").await, 11);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_bulk_that_was_confirmed_for_another_number_is_refused_with_both() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let officer = base_officer();
        let cases = opened(&desk, &officer, 0, 5, HA_DONG).await;
        let query = CaseQuery::of(Queue::Open, today());
        desk.select_cases(&officer, TICKED, &[], &ids(&cases)).await.unwrap();
        // What was told of, then somebody opens two more, and the selection loses one in another window.
        opened(&desk, &officer, 5, 7, HOAN_KIEM).await;
        desk.select_cases(&officer, TICKED, std::slice::from_ref(&cases[0].id), &BTreeSet::new()).await.unwrap();
        for (query, found) in [(query, 7), (picked(), 4)] {
            let error = desk.start_bulk(&officer, &query, &Change::Take, 5, "form-bulk-1").await.unwrap_err();
            assert_eq!(error, DeskError::CountDrifted { confirmed: 5, found });
        }
        assert_eq!((desk.jobs_waiting().await.unwrap(), place.number("SELECT count(*) FROM case_bulk").await), (0, 0));
        // Nothing was begun, and the selection is still there to be confirmed again.
        let begun = desk.start_bulk(&officer, &picked(), &Change::Take, 4, "form-bulk-1").await.unwrap();
        assert_eq!(begun.total, 4);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn who_takes_many_leaves_alone_what_others_have() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (officer, staff) = (base_officer(), commune_staff(HA_DONG));
        opened(&desk, &officer, 0, 6, HA_DONG).await;
        desk.open_cases(&staff, vec![poor(10, HA_DONG), poor(11, HA_DONG)], &To::Me, "form-open-10").await.unwrap();
        desk.open_cases(&officer, vec![poor(12, HA_DONG)], &To::Me, "form-open-12").await.unwrap();
        let all = CaseQuery::of(Queue::Open, today());
        let spared = CaseQuery { spare_others: true, ..all.clone() };
        assert_eq!(desk.cases(&officer, &all, &PageAt::First, 1).await.unwrap().count, 9);
        assert_eq!(desk.cases(&officer, &spared, &PageAt::First, 1).await.unwrap().count, 7);
        let city = Scope { actor: Actor("u-base".into()), ..city_officer() };
        assert_eq!(desk.cases(&city, &spared, &PageAt::First, 1).await.unwrap().count, 7, "not from the sums of the city");
        desk.start_bulk(&officer, &spared, &Change::Take, 7, "form-bulk-1").await.unwrap();
        desk.work(&allowed()).await.unwrap();
        let done = desk.bulk(&officer, "form-bulk-1").await.unwrap();
        assert_eq!((done.done, done.refused, done.slipped()), (7, 0, 0));
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE owner = 'u-09556'").await, 2, "the clerk keeps both");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_selection_is_forgotten_a_day_after_its_last_change_unless_a_bulk_works_on_it() {
    const HOUR: i64 = 3_600_000;
    for place in Place::all().await {
        let now = Arc::new(AtomicI64::new(1_793_433_600_000));
        let clock = now.clone();
        let desk =
            Desk::open(&place.url, Arc::new(move || clock.load(Ordering::Relaxed)), Arc::new(SeededIds::new(1))).await.unwrap();
        let wait = |hours: i64| now.fetch_add(hours * HOUR, Ordering::Relaxed);
        let rows = async || place.number("SELECT count(*) FROM case_selection_case").await;
        put_users(&desk).await;
        let officer = base_officer();
        let cases = opened(&desk, &officer, 0, 3, HA_DONG).await;
        for selection in [TICKED, "form-ticked-2"] {
            desk.select_cases(&officer, selection, &[], &ids(&cases)).await.unwrap();
        }
        wait(20);
        desk.select_cases(&officer, TICKED, &[], &BTreeSet::new()).await.unwrap();
        wait(20);
        assert_eq!(desk.selected(&officer, TICKED, &[]).await.unwrap().unwrap().count, 3, "it was changed 20 hours ago");
        assert_eq!(desk.selected(&officer, "form-ticked-2", &[]).await.unwrap(), None, "40 hours ago");
        desk.forget_selections().await.unwrap();
        assert_eq!((rows().await, place.number("SELECT count(*) FROM case_selection").await), (3, 1));
        // A bulk that waits for its worker longer than that still finds all of it.
        desk.start_bulk(&officer, &picked(), &Change::Take, 3, "form-bulk-1").await.unwrap();
        wait(50);
        desk.forget_selections().await.unwrap();
        assert_eq!(rows().await, 3);
        desk.work(&allowed()).await.unwrap();
        assert_eq!(desk.bulk(&officer, "form-bulk-1").await.unwrap().done, 3);
        desk.forget_selections().await.unwrap();
        assert_eq!((rows().await, place.number("SELECT count(*) FROM case_selection").await), (0, 0));
        place.remove(desk).await;
    }
}
