//! The queue in its orders, narrowed, page by page.

use base::{Dong, Strength};
use desk::{DeskError, PageAt, ReviewDue, ReviewOrder, ReviewOwner, ReviewQuery, ReviewState};

use super::{HOSPITAL, OTHER, auditor, day, opened, review, sent, sent_case, staff};
use crate::support::{Place, city_officer};

/// Cases of visits 1 to 7: what is expected falls with the number, what is billed rises; the last one's facts alone decide.
async fn seven(desk: &desk::Desk) {
    for visit in 1..=7 {
        let mut new = review(visit, if visit % 2 == 0 { OTHER } else { HOSPITAL });
        new.expected = Dong::new(80_000 - visit * 10_000);
        new.billed = Dong::new(1_000_000 + visit);
        if visit == 7 {
            new.lines[0].strength = Strength::Absolute;
            new.lines[0].reason = "Người bệnh đã mất trước ngày vào viện".into();
        }
        opened(desk, new).await;
    }
}

#[tokio::test]
async fn pages_go_through_every_order_there_and_back() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        seven(&desk).await;
        // Two of them are sent; the earlier day first, those without a day last.
        let (later, _) = sent_case(&desk, 8, HOSPITAL).await;
        // Expected times strength: visit n has (80 - 10n) x 2 thousand, the seventh 10 x 3, the eighth 400 x 2.
        for (order, visits) in
            [(ReviewOrder::Priority, [8, 1, 2, 3, 4, 5, 6, 7]), (ReviewOrder::Billed, [7, 6, 5, 4, 3, 2, 1, 8])]
        {
            let query = ReviewQuery { order, ..ReviewQuery::new(sent()) };
            let mut found = Vec::new();
            let mut at = PageAt::First;
            loop {
                let page = desk.reviews(&officer, &query, &at, 3).await.unwrap();
                assert_eq!((page.count, page.has_previous), (8, at != PageAt::First), "{order:?}");
                found.extend(page.rows.iter().map(|case| case.visit));
                let Some(last) = page.rows.last().filter(|_| page.has_next) else { break };
                at = PageAt::After(last.place(order));
            }
            assert_eq!(found, visits, "{order:?}");
            let third = desk.reviews(&officer, &query, &at, 3).await.unwrap();
            let before = PageAt::Before(third.rows[0].place(order));
            let back = desk.reviews(&officer, &query, &before, 3).await.unwrap();
            assert_eq!(back.rows.iter().map(|case| case.visit).collect::<Vec<_>>(), visits[3..6], "{order:?} back");
            assert!(back.has_previous && back.has_next);
        }
        let due = ReviewQuery { order: ReviewOrder::Due, ..ReviewQuery::new(sent()) };
        let page = desk.reviews(&officer, &due, &PageAt::First, 1).await.unwrap();
        assert_eq!(page.rows[0].id, later.id, "who has a day comes first");
        let next = desk.reviews(&officer, &due, &PageAt::After(page.rows[0].place(ReviewOrder::Due)), 50).await.unwrap();
        assert_eq!(next.rows.len(), 7);
        assert!(!next.rows.iter().any(|case| case.id == later.id));
        let wrong = desk.reviews(&officer, &due, &PageAt::After("x".into()), 3).await.map(drop);
        assert!(matches!(wrong, Err(DeskError::Invalid { field: "place", .. })), "{wrong:?}");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn strength_outweighs_a_little_more_money() {
    for place in Place::all().await {
        let desk = place.open().await;
        for (visit, expected, strength) in
            [(1, 140_000, Strength::Explain), (2, 100_000, Strength::Absolute), (3, 250_000, Strength::Warn)]
        {
            let mut new = review(visit, HOSPITAL);
            new.expected = Dong::new(expected);
            new.lines.iter_mut().for_each(|line| line.strength = strength);
            opened(&desk, new).await;
        }
        let page = desk.reviews(&city_officer(), &ReviewQuery::new(sent()), &PageAt::First, 9).await.unwrap();
        assert_eq!(page.rows.iter().map(|case| case.visit).collect::<Vec<_>>(), [2, 1, 3], "300, 280, 250 thousand");
        assert_eq!(page.rows[0].strength, Strength::Absolute);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_queue_is_narrowed_and_counted_by_state() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        seven(&desk).await;
        let (case, _) = sent_case(&desk, 8, HOSPITAL).await;
        let find = async |query: ReviewQuery| {
            let page = desk.reviews(&officer, &query, &PageAt::First, 50).await.unwrap();
            let mut visits: Vec<i64> = page.rows.iter().map(|case| case.visit).collect();
            visits.sort_unstable();
            assert_eq!(page.count, visits.len() as i64);
            visits
        };
        let all = || ReviewQuery::new(sent());
        assert_eq!(find(ReviewQuery { facility: Some(OTHER.into()), ..all() }).await, [2, 4, 6]);
        assert_eq!(find(ReviewQuery { state: Some(ReviewState::Sent), ..all() }).await, [8]);
        assert_eq!(find(ReviewQuery { period: "2026-10".parse().ok(), ..all() }).await.len(), 8, "all are claims of October");
        assert_eq!(find(ReviewQuery { period: "2026-11".parse().ok(), ..all() }).await, Vec::<i64>::new());
        assert_eq!(find(ReviewQuery { owner: Some(ReviewOwner::Me), ..all() }).await, [8], "who proposed has it");
        assert_eq!(find(ReviewQuery { owner: Some(ReviewOwner::Nobody), ..all() }).await.len(), 7);
        assert_eq!(find(ReviewQuery { owner: Some(ReviewOwner::User("u-base".into())), ..all() }).await, Vec::<i64>::new());
        assert_eq!(find(ReviewQuery { due: Some(ReviewDue::Until(day("2026-11-05"))), ..all() }).await, [8]);
        assert_eq!(find(ReviewQuery { due: Some(ReviewDue::Until(day("2026-11-04"))), ..all() }).await, Vec::<i64>::new());
        assert_eq!(find(ReviewQuery { due: Some(ReviewDue::Overdue), ..all() }).await, Vec::<i64>::new());
        let after = ReviewQuery { today: day("2026-11-06"), due: Some(ReviewDue::Overdue), ..all() };
        assert_eq!(find(after).await, [8]);
        for (text, visits) in [
            ("hs-7", vec![7]),
            ("NGƯỜI BỆNH đã mất", vec![7]),
            ("nguoi benh da mat", vec![7]),
            ("claim-drug", (1..=8).collect()),
            ("%", vec![]),
        ] {
            assert_eq!(find(ReviewQuery { text: Some(text.into()), ..all() }).await, visits, "{text}");
        }
        assert_eq!(find(ReviewQuery { text: Some("  ".into()), ..all() }).await.len(), 8, "nothing is asked for");

        let counts = desk.review_counts(&officer, &ReviewQuery { state: Some(ReviewState::Sent), ..all() }).await.unwrap();
        assert_eq!(counts.len(), ReviewState::ALL.len());
        let more: Vec<_> = counts.into_iter().filter(|(_, count)| *count > 0).collect();
        assert_eq!(more, [(ReviewState::Open, 7), (ReviewState::Sent, 1)]);
        let known = desk.reviews_of_visits(&officer, &[8, 99, 2]).await.unwrap();
        assert_eq!(known.iter().map(|case| case.visit).collect::<Vec<_>>(), [2, 8]);
        assert_eq!(desk.reviews_of_visits(&auditor(), &[8]).await.unwrap()[0].id, case.id);

        let own = ReviewQuery { owner: Some(ReviewOwner::Nobody), ..all() };
        let page = desk.facility_reviews(&staff(HOSPITAL), &own, &PageAt::First, 50).await.unwrap();
        assert_eq!(page.rows.iter().map(|case| case.visit).collect::<Vec<_>>(), [8], "who has it is not the facility's to ask");
        place.remove(desk).await;
    }
}
