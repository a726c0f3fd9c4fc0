//! Findings that come after a case of their visit was sent: nothing is lost, nothing is refused twice.

use base::{Dong, Month};
use desk::{PageAt, ReviewQuery, ReviewRefusal, ReviewState};

use super::{HOSPITAL, auditor, decided_case, final_case, line, opened, proposed, refused, review, sent, sent_case, staff};
use crate::support::{HA_DONG, Place, city_officer, communes};

/// The visit again with a finding that the run before did not have: the same service for 300,000, and a bed for 900,000.
fn later(visit: i64) -> desk::NewReview {
    let mut new = review(visit, HOSPITAL);
    new.lines.push(line(visit, "claim-bed-days", "XML3", 1, 300_000));
    new.lines.push(line(visit, "claim-bed-twice", "XML3", 7, 900_000));
    new
}

fn months() -> (Month, Month) {
    ("2026-05".parse().unwrap(), "2026-12".parse().unwrap())
}

#[tokio::test]
async fn later_findings_of_a_decided_case_get_a_case_of_their_own_and_ask_what_is_left() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        // 150,000 of the medicine and 100,000 of the service are refused.
        let (first, _) = decided_case(&desk, 11, HOSPITAL).await;
        let made = desk.open_reviews(&officer, vec![later(11)], "follow-0001").await.unwrap();
        assert_eq!((made[0].made, made[0].added), (true, 2), "only what no case holds");
        assert_eq!(desk.open_reviews(&officer, vec![later(11)], "follow-0001").await, Ok(made.clone()), "sent twice");
        let again = desk.open_reviews(&officer, vec![later(11)], "follow-0002").await.unwrap();
        assert_eq!((again[0].made, again[0].added, &again[0].id), (false, 0, &made[0].id), "nothing is new to it");
        let record = desk.review(&officer, &made[0].id).await.unwrap();
        assert_eq!((record.case.follows, record.case.state, record.case.visit), (1, ReviewState::Open, 11));
        assert_eq!(record.case.billed, Dong::new(750_000), "1,000,000 asked, 250,000 refused before");
        assert_eq!(record.case.portal_code, first.portal_code, "one number of the portal a visit");
        let asked: Vec<i64> = record.lines.iter().map(|line| line.asked.get()).collect();
        assert_eq!(
            asked,
            [200_000, 750_000],
            "of the service 100,000 is refused already; of the bed no more than the visit leaves"
        );
        let too_much = [proposed(&record.lines[0], 200_001)];
        let answer = desk.propose_review(&officer, &made[0].id, 1, &too_much, "follow-0003").await;
        assert_eq!(refused(answer), ReviewRefusal::AboveLimit);
        let before = desk.review(&officer, &first.id).await.unwrap();
        assert_eq!((before.case.state, before.case.decided), (ReviewState::Decided, first.decided), "what was decided stays");
        assert!(before.history.iter().any(|event| event.what == "followed_up"));
        let seen = desk.facility_review(&staff(HOSPITAL), &first.id).await.unwrap();
        assert!(seen.history.iter().all(|event| event.what != "followed_up"), "the facility is told once it is sent");
        let both = desk.reviews_of_visits(&officer, &[11]).await.unwrap();
        assert_eq!(both.iter().map(|case| case.follows).collect::<Vec<_>>(), [0, 1]);
        assert!(place.raw("UPDATE review_case SET follows = 5, version = version + 1").await.is_err());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn sent_final_and_closed_cases_are_followed_too() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        sent_case(&desk, 11, HOSPITAL).await;
        final_case(&desk, 12, HOSPITAL).await;
        let (closed, _) = opened(&desk, review(13, HOSPITAL)).await;
        desk.close_review(&officer, &closed.id, closed.version, "Hồ sơ giải thích được", "follow-0010").await.unwrap();
        let made = desk.open_reviews(&officer, vec![later(11), later(12), later(13)], "follow-0011").await.unwrap();
        assert!(made.iter().all(|one| one.made && one.added == 2), "{made:?}");
        let mut left = Vec::new();
        for one in &made {
            left.push(desk.review(&officer, &one.id).await.unwrap().case.billed.get());
        }
        assert_eq!(left, [550_000, 850_000, 1_000_000], "450,000 proposed; 150,000 upheld; nothing");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn where_all_is_proposed_already_nothing_follows() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let mut whole = review(11, HOSPITAL);
        whole.lines = vec![line(11, "claim-not-there", "XML3", 1, 1_000_000)];
        let (case, lines) = opened(&desk, whole).await;
        let case = desk.propose_review(&officer, &case.id, 1, &[proposed(&lines[0], 1_000_000)], "follow-0020").await.unwrap();
        let notice = desk::ReviewNotice::OwnChannel("Gửi qua Cổng giám định".into());
        desk.send_review(&officer, &case.id, case.version, &notice, sent(), super::due(), "follow-0021").await.unwrap();
        let answer = desk.open_reviews(&officer, vec![later(11)], "follow-0022").await;
        assert_eq!(refused(answer), ReviewRefusal::AboveLimit);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_board_counts_what_it_shows_and_knows_what_cases_hold() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        sent_case(&desk, 11, HOSPITAL).await;
        opened(&desk, review(12, HOSPITAL)).await;
        let query = ReviewQuery { state: Some(ReviewState::Sent), ..ReviewQuery::new(sent()) };
        let board = desk.review_board(&officer, &query, Some((&PageAt::First, 50)), months()).await.unwrap();
        let of = |state| board.counts.iter().find(|(known, _)| *known == state).unwrap().1;
        assert_eq!((of(ReviewState::Sent), of(ReviewState::Open), of(ReviewState::Final)), (1, 1, 0));
        let page = board.page.unwrap();
        assert_eq!((page.count, page.rows.len()), (1, 1));
        assert_eq!(board.held.keys().copied().collect::<Vec<_>>(), [11, 12]);
        assert_eq!((board.held[&11].findings.len(), board.held[&11].taken), (2, Dong::new(450_000)));
        assert_eq!(board.held[&12].taken, Dong::ZERO, "nothing is proposed of it");
        let later = later(12).lines;
        assert!(board.held[&12].findings.contains(&later[0].finding) && !board.held[&12].findings.contains(&later[2].finding));
        let november = ("2026-11".parse().unwrap(), "2026-12".parse().unwrap());
        assert!(desk.review_board(&officer, &query, None, november).await.unwrap().held.is_empty());
        let elsewhere = base::Scope { area: communes(&["00004"]), ..auditor() };
        assert!(desk.review_board(&elsewhere, &query, None, months()).await.unwrap().held.is_empty(), "not of another area");
        assert_eq!(desk.review_board(&auditor(), &query, None, months()).await.unwrap().held.len(), 2, "{HA_DONG} is theirs");
        assert!(
            desk.review_board(&staff(HOSPITAL), &query, None, months()).await.is_err(),
            "no facility sees the agency's board"
        );
        place.remove(desk).await;
    }
}
