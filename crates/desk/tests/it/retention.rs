//! After the term of retention closed cases lose their files and words, ended requests their words and who asked, answers of schools go, by
//! decision; what they were and what came of them stays. Who was chosen for donors' funds: `donors.rs`.

use base::Scope;
use desk::{CaseState, Change, Desk, DeskError, NewFile, Outcome, Permission, RequestState, RequestStep, To};

use crate::cases::{allowed, day, poor, put_users, today};
use crate::requests::{protection, request};
use crate::schools::answers;
use crate::support::{HA_DONG, HOAN_KIEM, Place, commune_staff};

const DECISION: Option<&str> = Some("Quyết định 15/QĐ-BHXH");

/// A moment after all that was written, and not after now, in Unix milliseconds: the log's newest event is this question.
pub async fn now(desk: &Desk) -> i64 {
    let newest = desk::AuditQuery { limit: Some(1), ..desk::AuditQuery::default() };
    desk.audit_search(&crate::support::city_officer(), &newest).await.unwrap()[0].at
}

/// What was erased of requests and answers of schools, for tests that want something in every table.
pub async fn fill(desk: &Desk) {
    ended_request(desk, 95).await;
    desk.record_school_answers(&commune_staff(HA_DONG), answers(95, HA_DONG, "2026-12-31")).await.unwrap();
    let (system, before, at) = (Scope::system(), day("2026-11-01"), now(desk).await);
    desk.erase_requests(&system, before, at, DECISION).await.unwrap();
    desk.erase_school_answers(&system, before, at, DECISION).await.unwrap();
}

/// A request that was refused; gives its id.
async fn ended_request(desk: &Desk, n: usize) -> String {
    let dpo = protection();
    let made = desk.receive_request(&dpo, request(n)).await.unwrap();
    let refuse = RequestStep::Refuse("Điều 19".into());
    desk.step_request(&dpo, &made.id, 1, &refuse, day("2026-11-02"), "Đã nói qua điện thoại với bà Mẫu").await.unwrap();
    made.id
}

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

#[tokio::test]
async fn an_ended_request_loses_its_words_and_who_asked_and_keeps_kind_days_and_ground() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, dpo, before) = (Scope::system(), protection(), day("2026-11-01"));
        let ended = ended_request(&desk, 1).await;
        let end = now(&desk).await;
        let open = desk.receive_request(&dpo, request(2)).await.unwrap();
        let late = ended_request(&desk, 3).await;
        let erase = async |scope: &Scope, at: i64, decision| desk.erase_requests(scope, before, at, decision).await;
        let refused = erase(&commune_staff(HA_DONG), end, DECISION).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        assert!(matches!(erase(&system, i64::MAX, DECISION).await, Err(DeskError::Invalid { field: "before", .. })));
        assert!(matches!(erase(&system, end, Some("")).await, Err(DeskError::Invalid { field: "decision", .. })));
        assert_eq!(erase(&system, 0, DECISION).await.unwrap().requests, 0, "not over its term yet");
        let counted = erase(&system, end, None).await.unwrap();
        assert_eq!((counted.requests, counted.words), (1, 3), "what was asked, its line and the line of the refusal");
        assert_eq!(desk.request(&dpo, &ended).await.unwrap().0.person, Some(7), "only counted");
        let without = format!("UPDATE subject_request SET words = '', person = NULL WHERE id = '{ended}'");
        for sql in [without.as_str(), "UPDATE subject_request_event SET words = ''"] {
            assert!(place.raw(sql).await.is_err(), "{sql}: nobody may without a decision");
        }

        let (told, history) = desk.request(&dpo, &ended).await.unwrap();
        assert_eq!(erase(&system, end, DECISION).await, Ok(counted));
        let (left, lines) = desk.request(&dpo, &ended).await.unwrap();
        assert_eq!((left.person, left.words.as_str(), left.erased.as_deref()), (None, "", DECISION));
        assert_eq!((left.state, left.ground.as_deref()), (RequestState::Refused, Some("Điều 19")));
        let frame = |one: &desk::SubjectRequest| (one.kind, one.received_on, one.answer_due, one.done_due, one.version);
        assert_eq!(frame(&left), frame(&told));
        assert!(lines.iter().all(|line| line.words.is_empty()));
        let frame = |lines: &[desk::RequestEvent]| lines.iter().map(|l| (l.at, l.actor.clone(), l.day)).collect::<Vec<_>>();
        assert_eq!(frame(&lines), frame(&history), "who did what and when stays");
        for id in [&open.id, &late] {
            let (kept, _) = desk.request(&dpo, id).await.unwrap();
            assert_eq!((kept.person, kept.words.as_str(), kept.erased), (Some(7), "Sai ngày sinh, xin chỉnh sửa", None));
        }
        assert_eq!(erase(&system, end, DECISION).await.unwrap().requests, 0, "there is nothing left");
        for sql in [
            "DELETE FROM subject_request",
            "UPDATE subject_request_event SET words = 'khác'",
            "UPDATE subject_request SET words = 'khác'",
            "UPDATE subject_request SET words = '', person = NULL, ground = 'khác' WHERE state = 'refused'",
            "DELETE FROM subject_request_erasure",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn answers_of_schools_go_after_their_term_and_newer_ones_stay() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, staff, before) = (Scope::system(), commune_staff(HA_DONG), day("2026-11-01"));
        desk.record_school_answers(&staff, answers(1, HA_DONG, "2027-09-30")).await.unwrap();
        desk.record_school_answers(&staff, answers(2, HA_DONG, "2027-09-30")).await.unwrap();
        let end = now(&desk).await;
        desk.record_school_answers(&commune_staff(HOAN_KIEM), answers(3, HOAN_KIEM, "2027-12-31")).await.unwrap();
        let erase = async |scope: &Scope, at: i64, decision| desk.erase_school_answers(scope, before, at, decision).await;
        assert_eq!(erase(&staff, end, DECISION).await, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        assert!(matches!(erase(&system, i64::MAX, DECISION).await, Err(DeskError::Invalid { field: "before", .. })));
        assert!(matches!(erase(&system, end, Some(" ")).await, Err(DeskError::Invalid { field: "decision", .. })));
        let counted = erase(&system, end, None).await.unwrap();
        assert_eq!((counted.answers, counted.pupils), (4, 2), "two pupils, told twice");
        assert_eq!(place.number("SELECT count(*) FROM school_answer").await, 6, "only counted");
        assert!(place.raw("DELETE FROM school_answer").await.is_err(), "nobody may without a decision");
        let events = desk.verify_audit().await.unwrap().events;

        assert_eq!(erase(&system, end, DECISION).await, Ok(counted));
        assert!(desk.school_answers(&staff, &format!("s{HA_DONG}a")).await.unwrap().is_empty());
        let kept = desk.school_answers(&commune_staff(HOAN_KIEM), &format!("s{HOAN_KIEM}a")).await.unwrap();
        assert_eq!(kept.len(), 2, "what was told since stays");
        assert_eq!(place.number("SELECT answers FROM school_erasure").await, 4);
        assert_eq!(erase(&system, end, DECISION).await.unwrap().answers, 0, "there is nothing left");
        for sql in ["DELETE FROM school_answer", "UPDATE school_answer SET card_number = ''", "DELETE FROM school_erasure"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole() && report.events == events + 1, "one event of what went: {report:?}");
        place.remove(desk).await;
    }
}
