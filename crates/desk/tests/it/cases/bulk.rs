//! Many cases at once: totals add up, each refusal has its reason, an interrupted one goes on.

use std::sync::Mutex;

use base::Scope;
use desk::{CaseQuery, Change, DeskError, Queue, Refusal, To};

use super::{allowed, base_officer, day, poor, put_users, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

#[tokio::test]
async fn ten_thousand_are_given_with_exact_totals_and_progress() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let city = city_officer();
        let new = (0..10_000).map(|n| poor(n, HA_DONG)).chain((10_000..10_050).map(|n| wage(n, HA_DONG)));
        let opened = desk.open_cases(&city, new.collect(), &To::Unit, "form-open-1").await.unwrap();
        assert_eq!((opened.cases.len(), opened.refused.len()), (10_050, 0));
        let (query, to) = (CaseQuery::of(Queue::Open, today()), Change::Assign { to: "u-09556".into() });
        let told = Mutex::new(Vec::new());
        let done = desk
            .change_cases(&city, &query, &to, &allowed(), "form-bulk-1", &|so_far| {
                told.lock().unwrap().push(so_far.done + so_far.refused)
            })
            .await
            .unwrap();
        // The commune's clerk may not see findings about employees.
        assert_eq!((done.total, done.done, done.refused, done.slipped(), done.finished), (10_050, 10_000, 50, 0, true));
        let told = told.into_inner().unwrap();
        assert!(told.len() > 50 && told.is_sorted() && told.last() == Some(&10_050));
        let refused = desk.bulk_refused(&city, "form-bulk-1", 200).await.unwrap();
        assert!(refused.len() == 50 && refused.iter().all(|row| row.why == Refusal::OwnerDoesNotSee));
        // Sent again: the same answer, nothing changed.
        assert_eq!(desk.change_cases(&city, &query, &to, &allowed(), "form-bulk-1", &|_| ()).await.unwrap(), done);
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'assigned'").await, 10_000);
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE owner = 'u-09556' AND version = 2").await, 10_000);
        let staff = commune_staff(HA_DONG);
        assert_eq!(
            desk.cases(&staff, &CaseQuery::of(Queue::Mine, today()), &desk::PageAt::First, 20).await.unwrap().count,
            10_000
        );
        let other = Change::Assign { to: "u-base".into() };
        let reused = desk.change_cases(&city, &query, &other, &allowed(), "form-bulk-1", &|_| ()).await;
        assert_eq!(reused.unwrap_err(), DeskError::ClientTxReused);
        assert_eq!(desk.bulk(&staff, "form-bulk-1").await.unwrap_err(), DeskError::NotFound { kind: "bulk" }, "of somebody else");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_bulk_that_was_interrupted_goes_on_where_it_stopped() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let new = (0..400).map(|n| poor(n, HA_DONG)).collect();
        desk.open_cases(&city, new, &To::Me, "form-open-1").await.unwrap();
        let (query, later) = (
            CaseQuery::of(Queue::Mine, today()),
            Change::Snooze { until: day("2026-11-20"), reason: "chờ danh sách mới".into() },
        );
        // Dropped in the middle, as when the program is killed.
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let progress = move |_: &desk::BulkDone| {
            let _ = tell.send(());
        };
        let rules = allowed();
        let bulk = desk.change_cases(&city, &query, &later, &rules, "form-bulk-1", &progress);
        tokio::select! { done = bulk => panic!("it came to its end: {done:?}"), _ = told.recv() => {} }
        let half = desk.bulk(&city, "form-bulk-1").await.unwrap();
        assert!(!half.finished && half.done > 0 && half.done < 400, "{half:?}");
        let done = desk.change_cases(&city, &query, &later, &allowed(), "form-bulk-1", &|_| ()).await.unwrap();
        assert_eq!((done.total, done.done, done.refused, done.finished), (400, 400, 0, true));
        assert_eq!(place.number("SELECT count(*) FROM case_event WHERE what = 'snoozed'").await, 400);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_bulk_reaches_no_further_than_its_query_and_its_scope() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, office) = (commune_staff(HA_DONG), base_officer());
        let other = Scope { actor: base::Actor("u-other".into()), ..commune_staff(HA_DONG) };
        desk.open_cases(&other, vec![poor(1, HA_DONG)], &To::Me, "form-open-1").await.unwrap();
        desk.open_cases(&office, vec![poor(2, HA_DONG), poor(3, HOAN_KIEM), wage(4, HA_DONG)], &To::Unit, "form-open-2")
            .await
            .unwrap();
        let query = CaseQuery::of(Queue::Open, today());
        let done = desk.change_cases(&staff, &query, &Change::Take, &allowed(), "form-bulk-1", &|_| ()).await.unwrap();
        assert_eq!((done.total, done.done, done.refused), (2, 1, 1));
        assert_eq!(desk.bulk_refused(&staff, "form-bulk-1", 9).await.unwrap()[0].why, Refusal::NotYours);
        let mine = desk.cases(&staff, &CaseQuery::of(Queue::Mine, today()), &desk::PageAt::First, 20).await.unwrap();
        assert_eq!(mine.rows.iter().map(|case| case.subject).collect::<Vec<_>>(), [2]);
        let give = Change::Assign { to: "u-base".into() };
        assert!(desk.change_cases(&staff, &query, &give, &allowed(), "form-bulk-2", &|_| ()).await.is_err());
        place.remove(desk).await;
    }
}
