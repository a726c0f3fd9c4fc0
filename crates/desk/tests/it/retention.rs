//! After the term of retention closed cases lose their files and words, by decision; what they were and what came of them stays.

use base::Scope;
use desk::{CaseState, Change, Desk, DeskError, NewFile, Outcome, Permission, To};

use crate::cases::{allowed, day, poor, put_users, today};
use crate::support::{HA_DONG, Place, commune_staff};

const DECISION: Option<&str> = Some("Quyết định 15/QĐ-BHXH");

fn pdf() -> NewFile {
    NewFile { name: "Đơn của bà Nguyễn Thị Mẫu.pdf".into(), bytes: b"%PDF-1.7\n".to_vec() }
}

/// A case with a file and a comment, closed or not; gives its id.
async fn worked_on(desk: &Desk, subject: i64, close: bool) -> String {
    let staff = commune_staff(HA_DONG);
    let form = |n: usize| format!("form-{subject}-{n:04}");
    let opened = desk.open_cases(&staff, vec![poor(subject, HA_DONG)], &To::Me, &form(1)).await.unwrap();
    let case = opened.cases[0].clone();
    desk.attach(&staff, &case.id, pdf(), &form(2)).await.unwrap();
    desk.comment_case(&staff, &case.id, "Đã gọi con gái của bà", &form(3)).await.unwrap();
    if close {
        let exempt = Change::Outcome {
            outcome: Outcome::Exempt,
            day: Some(day("2027-06-30")),
            reason: "Con trai nói đang tại ngũ".into(),
        };
        desk.change_case(&staff, &case.id, 1, &exempt, &allowed(), today(), &form(4)).await.unwrap();
    }
    case.id
}

#[tokio::test]
async fn a_review_that_ended_loses_its_files_and_words_and_keeps_amounts_and_grounds() {
    use crate::review::{HOSPITAL, OTHER, final_case, pdf, sent_case};
    use crate::support::city_officer;
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, city) = (Scope::system(), city_officer());
        let ended = final_case(&desk, 11, HOSPITAL).await;
        let (open, _) = sent_case(&desk, 12, OTHER).await;
        for (case, form) in [(&ended.id, "retain-0001"), (&open.id, "retain-0002")] {
            desk.attach_review(&city, case, desk::ReviewFileKind::Minutes, pdf("bien-ban.pdf"), form).await.unwrap();
        }
        let end = ended.changed_at + 1;
        let erase = async |at: i64, decision| desk.erase_cases(&system, day("2026-11-01"), at, decision).await.unwrap();
        assert_eq!(erase(end - 1, DECISION).await.cases, 0, "not over its term yet");
        let counted = erase(end, None).await;
        // How it was sent; the answer and the appeal against two lines; the name of the file.
        assert_eq!((counted.cases, counted.files, counted.words), (1, 1, 5));
        for sql in ["DELETE FROM review_file", "UPDATE review_event SET reason = NULL", "UPDATE review_answer SET words = ''"] {
            assert!(place.raw(sql).await.is_err(), "{sql}: nobody may without a decision");
        }
        let before = desk.review(&city, &ended.id).await.unwrap();
        assert_eq!(erase(end, DECISION).await, counted);
        let after = desk.review(&city, &ended.id).await.unwrap();
        assert_eq!((&after.case, &after.lines), (&before.case, &before.lines), "amounts, decisions and their grounds stay");
        assert!(after.files.is_empty() && after.answers.iter().all(|answer| answer.text.is_empty()));
        assert_eq!(after.answers.len(), before.answers.len());
        assert!(after.history.iter().all(|event| event.reason.is_none()));
        assert_eq!(desk.review(&city, &open.id).await.unwrap().files.len(), 1, "an open case keeps everything");
        assert_eq!(erase(end, DECISION).await.cases, 0, "there is nothing left");
        assert!(place.raw("DELETE FROM review_erasure").await.is_err());
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_closed_case_loses_its_files_and_words_and_keeps_what_came_of_it() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (system, staff) = (Scope::system(), commune_staff(HA_DONG));
        let (closed, open) = (worked_on(&desk, 7, true).await, worked_on(&desk, 8, false).await);
        let end = 1 + desk.case(&staff, &closed).await.unwrap().closed_at.unwrap();
        let erase = async |scope: &Scope, at: i64, decision| desk.erase_cases(scope, day("2026-11-01"), at, decision).await;

        let refused = erase(&staff, end, DECISION).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        assert!(matches!(erase(&system, i64::MAX, DECISION).await, Err(DeskError::Invalid { field: "before", .. })));
        assert_eq!(erase(&system, end - 1, DECISION).await.unwrap().cases, 0, "not over its term yet");
        let counted = erase(&system, end, None).await.unwrap();
        assert_eq!((counted.cases, counted.files, counted.words), (1, 1, 3), "name of the file, comment, reason");
        assert_eq!(desk.case_files(&staff, &closed).await.unwrap().len(), 1, "only counted");
        for sql in ["DELETE FROM case_file", "UPDATE case_event SET reason = NULL"] {
            assert!(place.raw(sql).await.is_err(), "{sql}: nobody may without a decision");
        }

        let before = desk.case_history(&staff, &closed).await.unwrap();
        assert_eq!(erase(&system, end, DECISION).await, Ok(counted));
        let case = desk.case(&staff, &closed).await.unwrap();
        assert_eq!(
            (case.state, case.outcome, case.outcome_day),
            (CaseState::Done, Some(Outcome::Exempt), Some(day("2027-06-30")))
        );
        assert!(desk.case_files(&staff, &closed).await.unwrap().is_empty());
        let after = desk.case_history(&staff, &closed).await.unwrap();
        let frame =
            |history: &[desk::CaseEvent]| history.iter().map(|e| (e.at, e.actor.clone(), e.what.clone())).collect::<Vec<_>>();
        assert_eq!(frame(&after), frame(&before), "who did what and when stays");
        assert!(after.iter().all(|event| event.reason.is_none()));
        assert!(after.iter().all(|event| event.what != "file" || event.value.is_none()));
        assert_eq!(desk.case_files(&staff, &open).await.unwrap().len(), 1, "an open case keeps everything");
        assert!(desk.case_history(&staff, &open).await.unwrap().iter().any(|event| event.reason.is_some()));
        assert_eq!(erase(&system, end, DECISION).await.unwrap().cases, 0, "there is nothing left");

        for sql in [
            "DELETE FROM case_event",
            "UPDATE case_event SET actor = 'u-x', reason = NULL",
            "UPDATE case_event SET reason = 'khác'",
            "DELETE FROM case_erasure",
            "UPDATE case_erasure SET decision = 'khác'",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        let reopened = Change::Reopen { reason: "Nhầm người".into() };
        desk.change_case(&staff, &closed, 2, &reopened, &allowed(), today(), "form-again").await.unwrap();
        desk.attach(&staff, &closed, pdf(), "form-again-2").await.unwrap();
        assert!(place.raw("DELETE FROM case_file").await.is_err(), "a case that is open again keeps its new files");
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}
