//! Steps of an active audit and of the minutes: in their order, with their terms, seen by the facility with its case.

use desk::{DeskError, PageAt, ReviewDue, ReviewQuery, ReviewRefusal, ReviewStep, ReviewStepKind};

use super::{HOSPITAL, OTHER, auditor, day, due, opened, refused, review, sent_case, staff, step};
use crate::support::{Place, city_officer};

const NOTICE: ReviewStepKind = ReviewStepKind::AuditNotice;
const FILES: ReviewStepKind = ReviewStepKind::FilesHanded;
const MADE: ReviewStepKind = ReviewStepKind::MinutesMade;
const SIGNED: ReviewStepKind = ReviewStepKind::MinutesSigned;

#[tokio::test]
async fn steps_are_written_down_in_their_order_and_stand_in_the_history() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let id = case.id.as_str();
        let today = day("2026-11-10");
        let early = desk.record_review_step(&officer, id, 1, &step(FILES, "2026-11-04", None), today, "step-0001").await;
        assert_eq!(refused(early), ReviewRefusal::WrongState, "files of an audit that nobody told of");
        let mut notice = step(NOTICE, "2026-11-02", Some("2026-11-05"));
        notice.note = Some("Thông báo số 15 ngày 02/11/2026".into());
        let told = desk.record_review_step(&officer, id, 1, &notice, today, "step-0002").await.unwrap();
        assert_eq!((told.version, told.state), (2, case.state), "its state stays");
        assert_eq!(desk.record_review_step(&officer, id, 1, &notice, today, "step-0002").await, Ok(told), "sent twice");
        let before = desk.record_review_step(&officer, id, 2, &step(FILES, "2026-11-01", None), today, "step-0003").await;
        assert!(matches!(before, Err(DeskError::Invalid { field: "day", .. })), "{before:?}");
        let after = desk.record_review_step(&officer, id, 2, &step(FILES, "2026-11-11", None), today, "step-0004").await;
        assert!(matches!(after, Err(DeskError::Invalid { field: "day", .. })), "a day to come: {after:?}");
        let with_due = step(FILES, "2026-11-04", Some("2026-11-05"));
        let with_due = desk.record_review_step(&officer, id, 2, &with_due, today, "step-0005").await;
        assert!(matches!(with_due, Err(DeskError::Invalid { field: "due", .. })), "{with_due:?}");
        desk.record_review_step(&officer, id, 2, &step(FILES, "2026-11-04", None), today, "step-0006").await.unwrap();
        let stale = desk.record_review_step(&officer, id, 2, &step(MADE, "2026-11-06", None), today, "step-0007").await;
        assert_eq!(refused(stale), ReviewRefusal::Stale);

        let record = desk.review(&officer, id).await.unwrap();
        let kinds: Vec<_> = record.steps.iter().map(|step| (step.kind, step.day, step.due)).collect();
        assert_eq!(kinds, [(NOTICE, day("2026-11-02"), Some(day("2026-11-05"))), (FILES, day("2026-11-04"), None)]);
        assert_eq!(ReviewStep::last(&record.steps, "files").map(|step| step.kind), Some(FILES));
        assert_eq!(ReviewStep::last(&record.steps, "minutes"), None);
        let told: Vec<_> = record.history.iter().map(|event| (event.what.as_str(), event.reason.as_deref())).collect();
        assert_eq!(told[1..], [("audit_notice", Some("Thông báo số 15 ngày 02/11/2026")), ("files_handed", None)]);

        desk.close_review(&officer, id, 3, "Hồ sơ đủ chứng minh", "step-0008").await.unwrap();
        let ended = desk.record_review_step(&officer, id, 4, &step(MADE, "2026-11-06", None), today, "step-0009").await;
        assert_eq!(refused(ended), ReviewRefusal::WrongState, "a case that ended has no terms");
        for sql in ["DELETE FROM review_step", "UPDATE review_step SET day = '2026-11-03'"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn minutes_that_are_not_signed_are_overdue_until_they_are() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let (sent, _) = sent_case(&desk, 12, OTHER).await;
        let overdue = async |on: &str| {
            let query = ReviewQuery { due: Some(ReviewDue::Overdue), ..ReviewQuery::new(day(on)) };
            let page = desk.reviews(&officer, &query, &PageAt::First, 50).await.unwrap();
            let october = ("2026-10".parse().unwrap(), "2026-10".parse().unwrap());
            let board = desk.review_board(&officer, &ReviewQuery::new(day(on)), None, october).await.unwrap();
            assert_eq!(board.overdue, page.count, "the tab counts its rows");
            assert_eq!(board.counts.iter().map(|(_, count)| count).sum::<i64>(), 2, "of any state and day");
            let mut visits: Vec<i64> = page.rows.iter().map(|case| case.visit).collect();
            visits.sort_unstable();
            assert_eq!(page.count, visits.len() as i64);
            visits
        };
        assert_eq!(sent.due, Some(due()));
        assert_eq!(overdue("2026-11-06").await, [12], "its answer ran until 5 November");
        let made = step(MADE, "2026-11-03", Some("2026-11-09"));
        desk.record_review_step(&officer, &case.id, 1, &made, day("2026-11-03"), "over-0001").await.unwrap();
        assert_eq!(overdue("2026-11-05").await, Vec::<i64>::new(), "last days still run");
        assert_eq!(overdue("2026-11-09").await, [12]);
        assert_eq!(overdue("2026-11-10").await, [11, 12]);
        // Made again, by mistake or because the first ones were wrong: the newest counts.
        let again = step(MADE, "2026-11-10", Some("2026-11-12"));
        desk.record_review_step(&officer, &case.id, 2, &again, day("2026-11-10"), "over-0002").await.unwrap();
        assert_eq!(overdue("2026-11-12").await, [12]);
        assert_eq!(overdue("2026-11-13").await, [11, 12]);
        desk.record_review_step(&officer, &case.id, 3, &step(SIGNED, "2026-11-13", None), day("2026-11-13"), "over-0003")
            .await
            .unwrap();
        assert_eq!(overdue("2026-11-20").await, [12], "signed, if late");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_facility_reads_what_is_due_of_its_own_sent_cases() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, _) = sent_case(&desk, 11, HOSPITAL).await;
        let (unsent, _) = opened(&desk, review(12, HOSPITAL)).await;
        let (other, _) = sent_case(&desk, 13, OTHER).await;
        let made = step(MADE, "2026-11-03", Some("2026-11-05"));
        for (case, form) in [(&case, "due-00001"), (&unsent, "due-00002"), (&other, "due-00003")] {
            desk.record_review_step(&officer, &case.id, case.version, &made, due(), form).await.unwrap();
        }
        let ids = [case.id.clone(), unsent.id.clone()];
        let open = desk.open_review_steps(&officer, &ids).await.unwrap();
        assert_eq!(open.iter().map(|step| step.visit).collect::<std::collections::BTreeSet<_>>(), [11, 12].into());
        let hospital = staff(HOSPITAL);
        let steps = desk.facility_steps(&hospital).await.unwrap();
        assert_eq!(steps.iter().map(|step| (step.visit, step.kind, step.due)).collect::<Vec<_>>(), [(11, MADE, due())]);
        let record = desk.facility_review(&hospital, &case.id).await.unwrap();
        assert_eq!(record.steps.len(), 1);
        assert!(record.history.iter().any(|event| event.what == "minutes_made"), "it was given them");
        let signed = step(SIGNED, "2026-11-04", None);
        let forbidden = desk.record_review_step(&hospital, &case.id, case.version + 1, &signed, due(), "due-00004").await;
        assert!(matches!(forbidden, Err(DeskError::Forbidden { .. })), "{forbidden:?}");
        desk.record_review_step(&auditor(), &unsent.id, unsent.version + 1, &signed, due(), "due-00005").await.unwrap();
        desk.record_review_step(&officer, &case.id, case.version + 1, &signed, due(), "due-00006").await.unwrap();
        assert_eq!(desk.facility_steps(&hospital).await, Ok(Vec::new()), "nothing is left to sign");
        assert!(desk.facility_steps(&officer).await.is_err(), "the agency has no facility");
        place.remove(desk).await;
    }
}
