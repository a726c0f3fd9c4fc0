//! Queues: what stands in which, counted with its rows, page after page.

use base::Scope;
use desk::{CasePage, CaseQuery, Change, NewCase, Outcome, PageAt, Queue, To};

use super::{allowed, day, poor, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

#[tokio::test]
async fn each_queue_holds_what_its_name_says() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let due = |subject, text: &str| NewCase { due: day(text), ..poor(subject, HA_DONG) };
        // 2 November 2026 is a Monday.
        let mine =
            vec![due(1, "2026-11-08"), due(2, "2026-11-09"), due(3, "2026-11-01"), due(4, "2026-11-02"), due(5, "2026-11-30")];
        let mine = desk.open_cases(&staff, mine, &To::Me, "form-open-1").await.unwrap().cases;
        let unit = vec![due(6, "2026-10-20"), poor(7, HOAN_KIEM), wage(8, HA_DONG)];
        desk.open_cases(&city, unit, &To::Unit, "form-open-2").await.unwrap();
        let id = |subject: i64| mine.iter().find(|case| case.subject == subject).unwrap().id.clone();
        let change = async |subject, version, change: Change, form: &str, on: &str| {
            desk.change_case(&staff, &id(subject), version, &change, &allowed(), day(on), form).await.unwrap();
        };
        let later = |until: &str| Change::Snooze { until: day(until), reason: "chưa gặp".into() };
        // Put off until today: it is back. Put off until tomorrow: neither due nor overdue meanwhile.
        change(3, 1, later("2026-11-02"), "form-snooze-3", "2026-11-01").await;
        change(4, 1, later("2026-11-03"), "form-snooze-4", "2026-11-01").await;
        let joined = Change::Outcome { outcome: Outcome::Joined, day: None, reason: "đã có thẻ".into() };
        change(5, 1, joined, "form-close-5", "2026-11-02").await;
        change(5, 2, Change::Reopen { reason: "thẻ của người khác".into() }, "form-reopen-5", "2026-11-02").await;

        let subjects = async |scope: &Scope, queue| -> Vec<i64> {
            let page = desk.cases(scope, &CaseQuery::of(queue, today()), &PageAt::First, 50).await.unwrap();
            assert_eq!(page.count, page.rows.len() as i64, "{queue:?}");
            page.rows.iter().map(|case| case.subject).collect()
        };
        let expected: [(Queue, &[i64], &[i64]); 9] = [
            (Queue::Mine, &[3, 1, 2, 5], &[]),
            (Queue::Unassigned, &[6], &[6, 7, 8]),
            (Queue::DueThisWeek, &[1], &[1]),
            (Queue::Overdue, &[6, 3], &[6, 3]),
            (Queue::BackFromSnooze, &[3], &[3]),
            (Queue::Reopened, &[5], &[5]),
            (Queue::Unit, &[6, 3, 4, 1, 2, 5], &[8]),
            (Queue::Open, &[6, 3, 4, 1, 2, 5], &[6, 3, 4, 1, 2, 7, 5, 8]),
            (Queue::Done, &[], &[]),
        ];
        for (queue, for_staff, for_city) in expected {
            assert_eq!(subjects(&staff, queue).await, for_staff, "{queue:?} of the commune");
            assert_eq!(subjects(&city, queue).await, for_city, "{queue:?} of the city");
        }
        let unit = CaseQuery::of(Queue::Unit, today());
        let (page, counts) = desk.cases_with_counts(&city, &unit, &PageAt::First, 50).await.unwrap();
        assert_eq!((page.count, page.rows.len()), (1, 1));
        for (queue, count) in counts {
            let (_, _, rows) = expected.iter().find(|one| one.0 == queue).unwrap();
            assert_eq!(count, (queue != Queue::Done).then_some(rows.len() as i64), "{queue:?}");
        }
        let narrow = CaseQuery { commune: Some(code(HOAN_KIEM)), ..CaseQuery::of(Queue::Open, today()) };
        assert_eq!(desk.cases(&city, &narrow, &PageAt::First, 50).await.unwrap().count, 1);
        assert_eq!(desk.cases(&staff, &narrow, &PageAt::First, 50).await.unwrap().count, 0, "of another commune");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn pages_forward_and_back_show_every_case_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let days = ["2026-11-10", "2026-11-09", "2026-11-10"];
        let new = (0..23).map(|n: i64| NewCase { due: day(days[n as usize % 3]), ..poor(n, HA_DONG) }).collect();
        desk.open_cases(&city, new, &To::Me, "form-open-1").await.unwrap();
        let query = CaseQuery { queue: Queue::Done, ..CaseQuery::of(Queue::Open, today()) };
        for queue in [Queue::Open, Queue::Done] {
            let query = CaseQuery { queue, ..query.clone() };
            let page = async |at: PageAt| desk.cases(&city, &query, &at, 5).await.unwrap();
            let whole = desk.cases(&city, &query, &PageAt::First, 200).await.unwrap();
            assert_eq!(whole.rows.len(), 23);
            let (mut seen, mut at, mut pages) = (Vec::new(), PageAt::First, Vec::new());
            loop {
                let shown = page(at.clone()).await;
                assert_eq!((shown.count, shown.has_previous), (23, at != PageAt::First));
                seen.extend(shown.rows.iter().map(|case| case.id.clone()));
                pages.push(shown.clone());
                if !shown.has_next {
                    break;
                }
                at = PageAt::After(CasePage::place(queue, shown.rows.last().unwrap()));
            }
            assert_eq!(seen, whole.rows.iter().map(|case| case.id.clone()).collect::<Vec<_>>(), "{queue:?}");
            for pair in pages.windows(2) {
                let back = page(PageAt::Before(CasePage::place(queue, &pair[1].rows[0]))).await;
                assert_eq!(back.rows, pair[0].rows, "{queue:?}");
                assert!(back.has_next);
            }
            // Closed, they are looked at the other way round.
            let joined = Change::Outcome { outcome: Outcome::Joined, day: None, reason: "đã có thẻ".into() };
            let query = CaseQuery::of(Queue::Open, today());
            desk.change_cases(&city, &query, &joined, &allowed(), "form-bulk-1", &|_| ()).await.unwrap();
        }
        place.remove(desk).await;
    }
}

/// Changes that cancel out: a kind of case that comes and goes, ten thousand times.
const TO_AND_FRO: &str = "INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n) \
     WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 20010) \
     SELECT '09556', 'commune', 0, 0, '2026-12-31', NULL, CASE WHEN i % 2 = 0 THEN 1 ELSE -1 END FROM s";

#[tokio::test]
async fn sums_of_the_city_are_the_cases_before_and_after_folding() {
    for place in Place::all().await {
        let desk = place.open().await;
        crate::support::fill(&desk).await;
        desk.open_cases(&city_officer(), vec![poor(201, HA_DONG), wage(202, HOAN_KIEM)], &To::Unit, "form-sums-1").await.unwrap();
        let without_employees = Scope { role: base::Role::CommuneStaff, ..city_officer() };
        let counts = async || {
            let mut counts = Vec::new();
            for scope in [city_officer(), without_employees.clone()] {
                for queue in Queue::ALL {
                    let Ok(page) = desk.cases(&scope, &CaseQuery::of(queue, today()), &PageAt::First, 200).await else {
                        continue;
                    };
                    assert_eq!(page.count, page.rows.len() as i64, "{queue:?} of {:?}", scope.role);
                    counts.push(page.count);
                }
            }
            counts
        };
        let before = counts().await;
        assert!(before.iter().any(|count| *count > 0));
        assert_eq!(desk.check().await.unwrap().wrong_counts, 0);
        assert!(!desk.fold_case_counts().await.unwrap(), "there is nothing to fold yet");
        let raw = async |sql: &str| {
            let who = if place.is_postgres() { "SELECT set_config('app.actor', 'test', false);" } else { "" };
            place.raw(&format!("{who}{sql}")).await.unwrap()
        };
        raw(TO_AND_FRO).await;
        assert_eq!(counts().await, before);
        assert!(desk.fold_case_counts().await.unwrap());
        assert!(!desk.fold_case_counts().await.unwrap(), "what was folded is not many");
        assert_eq!(counts().await, before);
        assert_eq!(desk.check().await.unwrap().wrong_counts, 0);
        place
            .raw("INSERT INTO case_count (unit, owned, reopened, due, n) VALUES ('commune', 0, 0, '2026-12-31', 1)")
            .await
            .unwrap();
        assert_eq!(desk.check().await.unwrap().wrong_counts, 1, "a sum that is wrong is found");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_store_of_before_the_sums_is_counted_when_it_is_opened() {
    for place in Place::all().await {
        let desk = place.open().await;
        crate::support::fill(&desk).await;
        desk.open_cases(&city_officer(), vec![poor(201, HA_DONG), wage(202, HOAN_KIEM)], &To::Unit, "form-sums-1").await.unwrap();
        let open = desk.cases(&city_officer(), &CaseQuery::of(Queue::Open, today()), &PageAt::First, 1).await.unwrap().count;
        desk.close().await;
        let undo = if place.is_postgres() {
            "DROP TRIGGER work_case_counted ON work_case; DROP TRIGGER work_case_counted_anew ON work_case; \
             DROP FUNCTION work_case_counted, work_case_counted_anew, case_count_fold; "
        } else {
            "DROP TRIGGER work_case_counted; DROP TRIGGER work_case_counted_anew; "
        };
        place.raw(&format!("{undo}DROP TABLE case_count; DELETE FROM schema_migration WHERE number = 15")).await.unwrap();
        let desk = place.open_seeded(77).await;
        let again = desk.cases(&city_officer(), &CaseQuery::of(Queue::Open, today()), &PageAt::First, 1).await.unwrap().count;
        assert!(open > 0);
        assert_eq!(again, open);
        assert_eq!(desk.check().await.unwrap().wrong_counts, 0);
        place.remove(desk).await;
    }
}
