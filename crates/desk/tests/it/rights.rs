//! What people ask about their data is done: a copy of what is held, a correction that somebody works on, a restriction that lists respect.

use base::Scope;
use desk::{
    CORRECTION_CASE, CaseQuery, CaseState, Change, CollectorRefusal, Desk, DeskError, DocumentRefusal, HUMAN_REVIEW_CASE,
    NewRequest, Outcome, PageAt, Permission, Queue, RequestKind, RequestStep, SubjectRequest, To,
};

use crate::cases::{day, poor, put_users, today};
use crate::collectors::{file_of, handed, handed_again};
use crate::documents::notice;
use crate::requests::{protection, request};
use crate::support::{HA_DONG, Place, city_officer, commune_staff};

async fn asked(desk: &Desk, n: usize, kind: RequestKind, person: i64) -> SubjectRequest {
    let new = NewRequest { kind, person: Some(person), ..request(n) };
    desk.receive_request(&protection(), new).await.unwrap()
}

async fn finish(desk: &Desk, request: &SubjectRequest) {
    let step = RequestStep::Finish;
    desk.step_request(&protection(), &request.id, 1, &step, day("2026-11-02"), "Đã thực hiện").await.unwrap();
}

#[tokio::test]
async fn a_correction_opens_a_case_with_what_was_asked_and_its_outcome_is_told() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, dpo) = (commune_staff(HA_DONG), protection());
        let made = asked(&desk, 1, RequestKind::Correct, 7).await;
        let case = desk.request_case(&dpo, &made).await.unwrap().unwrap();
        assert_eq!((case.state, case.outcome), (CaseState::Open, None));
        let opened = desk.case(&staff, &case.id).await.unwrap();
        assert_eq!((opened.rule.as_str(), opened.subject, opened.due), (CORRECTION_CASE, 7, made.done_due));
        let history = desk.case_history(&staff, &case.id).await.unwrap();
        assert_eq!(
            history[0].reason.as_deref(),
            Some("Sai ngày sinh, xin chỉnh sửa"),
            "whoever works on it reads what was asked"
        );
        desk.receive_request(&dpo, NewRequest { kind: RequestKind::Correct, person: Some(7), ..request(1) }).await.unwrap();
        assert_eq!(place.number("SELECT count(*) FROM work_case").await, 1, "sent twice, one case");

        let outcomes = [(CORRECTION_CASE.to_owned(), vec![Outcome::Corrected])].into();
        let corrected =
            Change::Outcome { outcome: Outcome::Corrected, day: None, reason: "Đã sửa ở danh sách dân cư".into() };
        desk.change_case(&staff, &case.id, 1, &corrected, &outcomes, today(), "form-correct").await.unwrap();
        let case = desk.request_case(&dpo, &made).await.unwrap().unwrap();
        assert_eq!((case.state, case.outcome), (CaseState::Done, Some(Outcome::Corrected)));

        let review = asked(&desk, 2, RequestKind::Review, 8).await;
        let case = desk.request_case(&dpo, &review).await.unwrap().unwrap();
        assert_eq!(desk.case(&staff, &case.id).await.unwrap().rule, HUMAN_REVIEW_CASE, "a person looks at it again");
        let unknown = NewRequest { person: None, ..request(3) };
        let unknown = desk.receive_request(&dpo, unknown).await.unwrap();
        assert_eq!(desk.request_case(&dpo, &unknown).await, Ok(None), "nobody knows who of the register asks");
        let view = asked(&desk, 4, RequestKind::View, 9).await;
        assert_eq!(desk.request_case(&dpo, &view).await, Ok(None));
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

/// Cases of a queue as who asks sees them: rows, count, the count beside the name of the queue, people kept off.
async fn seen(desk: &Desk, scope: &Scope) -> (usize, i64, Option<i64>, i64) {
    let query = CaseQuery::of(Queue::Open, today());
    let (page, counts) = desk.cases_with_counts(scope, &query, &PageAt::First, 50).await.unwrap();
    let beside = counts.into_iter().find(|(queue, _)| *queue == Queue::Open).and_then(|(_, count)| count);
    (page.rows.len(), page.count, beside, page.restricted)
}

#[tokio::test]
async fn a_restriction_keeps_a_person_off_queues_lists_and_letters_and_is_told_and_lifted_by_decision() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, city, dpo) = (commune_staff(HA_DONG), city_officer(), protection());
        let list = handed(&desk, 7).await;
        desk.open_cases(&city, vec![poor(8, HA_DONG)], &To::Unit, "form-open-8").await.unwrap();
        for scope in [&staff, &city] {
            assert_eq!(seen(&desk, scope).await, (2, 2, Some(2), 0));
        }
        assert_eq!(file_of(&desk, &list).await, (1, 0));

        let restrict = asked(&desk, 1, RequestKind::Restrict, 7).await;
        assert!(!desk.is_restricted(&staff, 7).await.unwrap(), "asking alone restricts nothing");
        finish(&desk, &restrict).await;
        let object = asked(&desk, 2, RequestKind::Object, 8).await;
        finish(&desk, &object).await;
        assert!(desk.is_restricted(&staff, 7).await.unwrap() && desk.is_restricted(&staff, 8).await.unwrap());
        assert_eq!(
            desk.restricted_people(&staff).await.unwrap(),
            [7, 8].into(),
            "whoever takes a list out knows whom to leave out"
        );
        for scope in [&staff, &city] {
            assert_eq!(
                seen(&desk, scope).await,
                (0, 0, Some(0), 2),
                "rows and every count agree, and how many are kept off is told"
            );
        }
        assert_eq!(file_of(&desk, &list).await, (0, 1), "a list that was handed over before leaves without them");
        let nobody = DeskError::CollectorRefused { why: CollectorRefusal::NothingToHand };
        assert_eq!(handed_again(&desk).await, Err(nobody));
        let refused = desk.draft_document(&staff, notice(7, HA_DONG), "form-letter-7").await.unwrap_err();
        assert_eq!(refused, DeskError::DocumentRefused { why: DocumentRefusal::Restricted });
        // What they ask themselves is worked on.
        let own = asked(&desk, 3, RequestKind::Correct, 7).await;
        let own = desk.request_case(&dpo, &own).await.unwrap().unwrap();
        assert_eq!(seen(&desk, &staff).await, (1, 1, Some(1), 2));
        let moved = Change::Outcome { outcome: Outcome::Moved, day: None, reason: "Đã chuyển".into() };
        let outcomes = [(CORRECTION_CASE.to_owned(), vec![Outcome::Moved])].into();
        desk.change_case(&staff, &own.id, 1, &moved, &outcomes, today(), "form-own").await.unwrap();

        let held = desk.restrictions(&dpo).await.unwrap();
        assert_eq!(
            held.iter().map(|one| (one.person, one.request.as_str())).collect::<Vec<_>>(),
            [(7, restrict.id.as_str()), (8, object.id.as_str())]
        );
        let forbidden = desk.lift_restriction(&staff, &held[0].id, "Quyết định 20").await;
        assert_eq!(forbidden, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        let without = desk.lift_restriction(&dpo, &held[0].id, " ").await.unwrap_err();
        assert!(matches!(without, DeskError::Invalid { field: "decision", .. }), "{without:?}");
        desk.lift_restriction(&dpo, &held[0].id, "Quyết định 20").await.unwrap();
        desk.lift_restriction(&dpo, &held[0].id, "Quyết định 20").await.unwrap();
        assert_eq!(desk.lift_restriction(&dpo, &held[0].id, "Khác").await, Err(DeskError::RequestChanged));
        assert_eq!(seen(&desk, &staff).await, (1, 1, Some(1), 1));
        assert_eq!(file_of(&desk, &list).await, (1, 0));
        for sql in [
            "DELETE FROM processing_restriction",
            "UPDATE processing_restriction SET person = 1",
            "UPDATE processing_restriction SET lifted_decision = 'khác' WHERE lifted_at IS NOT NULL",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_copy_holds_every_row_of_the_desk_about_a_person_and_of_nobody_else() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        handed(&desk, 7).await;
        desk.draft_document(&staff, notice(7, HA_DONG), "form-letter-7").await.unwrap();
        desk.draft_document(&staff, notice(8, HA_DONG), "form-letter-8").await.unwrap();
        asked(&desk, 1, RequestKind::View, 7).await;
        crate::review::opened(&desk, crate::review::review(11, crate::review::HOSPITAL)).await;
        let held = desk.held_about(&city, 7, &[11].into()).await.unwrap();
        let rows: Vec<(&str, usize)> =
            held.iter().filter(|one| !one.rows.is_empty()).map(|one| (one.table, one.rows.len())).collect();
        assert_eq!(
            rows,
            [
                ("work_case", 1),
                ("case_event", 1),
                ("document", 1),
                ("review_case", 1),
                ("subject_request", 1),
                ("collector_list", 1)
            ]
        );
        let field = |table: &str, name: &str| -> Option<String> {
            let rows = &held.iter().find(|one| one.table == table)?.rows;
            rows.first()?.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        };
        assert_eq!(field("document", "recipient").as_deref(), Some("Trần Thị Mẫu"));
        assert_eq!(field("subject_request", "words").as_deref(), Some("Sai ngày sinh, xin chỉnh sửa"));
        assert_eq!(field("collector_list", "organisation").as_deref(), Some("thu-a"), "who got the data is named");
        let forbidden = desk.held_about(&protection(), 7, &[11].into()).await;
        let whole = Err(DeskError::Forbidden { permission: Permission::RevealIdentity });
        assert_eq!(forbidden, whole, "who looks after personal data sees no content");
        place.remove(desk).await;
    }
}

/// A new table of the desk with a column of people belongs into the copy, or here with a reason.
#[tokio::test]
async fn no_table_about_people_is_forgotten_in_the_copy() {
    let place = Place::sqlite();
    let desk = place.open().await;
    // Keys of the log name nobody else's; months of a choice are told with the choice; openings of visits and samples are of visits.
    let known = "'work_case', 'document', 'subject_request', 'school_answer', 'donor_choice', 'donor_month', 'break_glass', \
                 'processing_restriction', 'subject_key', 'review_case', 'review_sample_visit', 'protected_opening', \
                 'sign_in_failure', 'account_identity', 'collector_training', 'plan_reminder'";
    let of = format!(
        "SELECT count(*) FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' \
         AND c.name IN ('person', 'subject', 'visit') AND m.name NOT IN ({known})"
    );
    assert_eq!(place.number(&of).await, 0);
    place.remove(desk).await;
}
