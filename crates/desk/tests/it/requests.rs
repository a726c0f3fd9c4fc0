//! What people ask about their data, who looked at them, and breaches with their clock.

use base::{Date, Role, Scope};
use desk::{
    AuditAction, AuditQuery, Desk, DeskError, NewBreach, NewRequest, Permission, ReadEvent, RequestKind, RequestState,
    RequestStep, To,
};

use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// Who answers people about their data.
pub fn protection() -> Scope {
    Scope { actor: base::Actor("u-dpo".into()), role: Role::DataProtection, ..city_officer() }
}

pub fn request(n: usize) -> NewRequest {
    NewRequest {
        kind: RequestKind::Correct,
        person: Some(7),
        commune: Some(code(HA_DONG)),
        words: "Sai ngày sinh, xin chỉnh sửa".into(),
        received_on: day("2026-10-30"),
        answer_due: day("2026-11-03"),
        done_due: day("2026-11-09"),
        client_tx: format!("request-{n:04}"),
    }
}

pub fn breach(n: usize, actor: Option<&str>) -> NewBreach {
    NewBreach {
        words: "Máy của xã bị mất cùng phiên đăng nhập".into(),
        found_at: 1_793_520_000_000,
        notice_hours: 72,
        keep_until: day("2031-11-01"),
        actor: actor.map(str::to_owned),
        object_id: None,
        from_at: 1_793_400_000_000,
        until_at: 1_793_600_000_000,
        biometric: false,
        client_tx: format!("breach-{n:04}"),
    }
}

/// One of each, for tests that want something in every table.
pub async fn fill(desk: &Desk) {
    let made = desk.receive_request(&protection(), request(91)).await.unwrap();
    desk.step_request(&protection(), &made.id, 1, &RequestStep::Answer, day("2026-11-02"), "Đã trả lời").await.unwrap();
    // Somebody whom nothing else in the store is about.
    let restrict = NewRequest { kind: RequestKind::Restrict, person: Some(970), ..request(92) };
    let made = desk.receive_request(&protection(), restrict).await.unwrap();
    desk.step_request(&protection(), &made.id, 1, &RequestStep::Finish, day("2026-11-02"), "Đã hạn chế").await.unwrap();
    let view = |n: i64| ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{n}"));
    desk.audit_read(&city_officer(), view(901)).await.unwrap();
    desk.erase_subjects(&Scope::system(), day("2026-10-31"), 0, Some("Quyết định 01")).await.unwrap();
    let made = desk.report_breach(&protection(), breach(91, None)).await.unwrap();
    desk.tell_breach(&protection(), &made.id, 1, "Công văn 01").await.unwrap();
}

#[tokio::test]
async fn a_request_is_answered_done_or_refused_with_a_ground() {
    for place in Place::all().await {
        let desk = place.open().await;
        let dpo = protection();
        let made = desk.receive_request(&dpo, request(1)).await.unwrap();
        assert_eq!(desk.receive_request(&dpo, request(1)).await, Ok(made.clone()), "the same form again");
        let step = |version: i64, step: RequestStep| {
            let (desk, dpo, id) = (desk.clone(), dpo.clone(), made.id.clone());
            async move { desk.step_request(&dpo, &id, version, &step, day("2026-11-02"), "Đã trả lời bằng văn bản").await }
        };
        let answered = step(1, RequestStep::Answer).await.unwrap();
        assert_eq!((answered.state, answered.version), (RequestState::Answered, 2));
        assert_eq!(step(1, RequestStep::Finish).await, Err(DeskError::RequestChanged), "somebody was there before");
        let without = step(2, RequestStep::Refuse(" ".into())).await.unwrap_err();
        assert!(matches!(without, DeskError::Invalid { field: "ground", .. }), "{without:?}");
        let refused = step(2, RequestStep::Refuse("Điều 19: hồ sơ nhà nước".into())).await.unwrap();
        assert_eq!((refused.state, refused.ground.as_deref()), (RequestState::Refused, Some("Điều 19: hồ sơ nhà nước")));
        assert_eq!(step(3, RequestStep::Note).await, Err(DeskError::RequestChanged), "what is over stays so");
        let (_, history) = desk.request(&dpo, &made.id).await.unwrap();
        assert_eq!(history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["received", "answered", "refused"]);
        let second = desk.receive_request(&dpo, request(2)).await.unwrap();
        let order: Vec<String> = desk.requests(&dpo).await.unwrap().into_iter().map(|request| request.id).collect();
        assert_eq!(order, [second.id, made.id], "what waits stands first");
        for role in [Role::CommuneStaff, Role::BaseOfficer, Role::Administrator, Role::Oversight] {
            let scope = Scope { role, ..city_officer() };
            assert_eq!(
                desk.requests(&scope).await,
                Err(DeskError::Forbidden { permission: Permission::AnswerRequests }),
                "{role:?}"
            );
        }
        assert!(place.raw("DELETE FROM subject_request").await.is_err());
        assert!(place.raw("UPDATE subject_request SET done_due = '2099-01-01', version = version + 1").await.is_err());
        assert!(place.raw("UPDATE subject_request_event SET words = 'khác'").await.is_err());
        place.remove(desk).await;
    }
}

/// Looks of everyday work: two pages, a letter, a case, a list.
async fn work(desk: &Desk) {
    let (staff, other) = (commune_staff(HA_DONG), commune_staff(HOAN_KIEM));
    let view =
        |n: i64, place: &str| ReadEvent::new(AuditAction::ViewPerson, "person").object(format!("P{n}")).commune(&code(place));
    desk.audit_read(&staff, view(7, HA_DONG)).await.unwrap();
    desk.audit_read(&staff, view(8, HA_DONG)).await.unwrap();
    desk.audit_read(&other, view(9, HOAN_KIEM)).await.unwrap();
    let letter = ReadEvent::new(AuditAction::Export, "letter").object("P7").word("letter", "invite").commune(&code(HA_DONG));
    desk.audit_read(&city_officer(), letter).await.unwrap();
    let list = ReadEvent::new(AuditAction::ListPeople, "worklist").count("rows", 50).commune(&code(HA_DONG));
    desk.audit_read(&staff, list).await.unwrap();
    let opened = desk.open_cases(&staff, vec![crate::cases::poor(7, HA_DONG)], &To::Me, "form-open-7").await.unwrap();
    let case = opened.cases[0].id.clone();
    let view = ReadEvent::new(AuditAction::ViewCase, "case").object(case.as_str()).commune(&code(HA_DONG));
    desk.audit_read(&staff, view).await.unwrap();
}

#[tokio::test]
async fn a_person_is_told_who_looked_and_asking_is_in_the_log_too() {
    for place in Place::all().await {
        let desk = place.open().await;
        crate::cases::put_users(&desk).await;
        work(&desk).await;
        let dpo = protection();
        let told = desk.who_looked(&dpo, 7, &Default::default(), 0).await.unwrap();
        let looks: Vec<(&str, &str)> = told.looks.iter().map(|look| (look.actor.as_str(), look.action.as_str())).collect();
        let staff = format!("u-{HA_DONG}");
        assert_eq!(
            looks,
            [("u-dpo", "read_audit"), (&staff, "view_case"), ("u-city", "export"), (&staff, "view_person")],
            "newest first, nobody else's"
        );
        assert_eq!(told.lists.iter().map(|list| (list.action.as_str(), list.events)).collect::<Vec<_>>(), [("list_people", 1)]);
        let other = desk.who_looked(&dpo, 9, &Default::default(), 0).await.unwrap();
        assert_eq!(other.looks.len(), 2, "one look and this question");
        assert!(other.lists.is_empty(), "a list of another commune does not hold them");
        let refused = desk.who_looked(&commune_staff(HA_DONG), 7, &Default::default(), 0).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_breach_says_which_people_which_rows_and_who_read_them() {
    for place in Place::all().await {
        let desk = place.open().await;
        crate::cases::put_users(&desk).await;
        work(&desk).await;
        let dpo = protection();
        let staff = format!("u-{HA_DONG}");
        let found = desk.report_breach(&dpo, breach(1, Some(&staff))).await.unwrap();
        assert_eq!(found.notice_due_at - found.found_at, 72 * 3_600_000, "72 hours");
        let (_, reach) = desk.breach_reach(&dpo, &found.id).await.unwrap();
        assert_eq!(reach.people, [(7, 2), (8, 1)].into(), "the page and the case of one, the page of the other");
        assert_eq!(reach.rows.iter().map(|r| (r.action.as_str(), r.rows)).collect::<Vec<_>>(), [("list_people", Some(50))]);
        let readers: Vec<(&str, i64)> = reach.readers.iter().map(|reader| (reader.actor.as_str(), reader.events)).collect();
        assert_eq!(readers, [(staff.as_str(), 3), ("u-city", 1)], "everybody who read these people, their pages and cases");
        assert!(!reach.more);

        let everybody = desk.report_breach(&dpo, breach(2, None)).await.unwrap();
        let (_, reach) = desk.breach_reach(&dpo, &everybody.id).await.unwrap();
        assert_eq!(reach.people.keys().copied().collect::<Vec<_>>(), [7, 8, 9]);

        assert_eq!(desk.close_breach(&dpo, &found.id, 1, "Xong").await, Err(DeskError::RequestChanged), "told first");
        let told = desk.tell_breach(&dpo, &found.id, 1, "Công văn 12/BHXH-DLCN").await.unwrap();
        assert_eq!(told.told.as_ref().map(|(_, words)| words.as_str()), Some("Công văn 12/BHXH-DLCN"));
        let closed = desk.close_breach(&dpo, &found.id, 2, "Đã khóa phiên, đổi mật khẩu").await.unwrap();
        assert!(closed.closed.is_some());
        let order: Vec<String> = desk.breaches(&dpo).await.unwrap().into_iter().map(|breach| breach.id).collect();
        assert_eq!(order, [everybody.id, found.id], "whose clock runs stands first");
        for sql in ["DELETE FROM breach", "UPDATE breach SET notice_due_at = 0, version = version + 1"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn after_retention_the_log_forgets_whom_it_was_about_and_still_agrees() {
    for place in Place::all().await {
        let desk = place.open().await;
        crate::cases::put_users(&desk).await;
        work(&desk).await;
        desk.seal().await.unwrap().unwrap();
        let (system, dpo, first) = (Scope::system(), protection(), day("2026-10-31"));
        let numbers = "SELECT count(*) FROM audit_event WHERE object_id IN ('P7', 'P8', 'P9')";
        assert_eq!(place.number(numbers).await, 0, "the log holds keys, not numbers");
        assert_eq!(desk.who_looked(&dpo, 9, &Default::default(), 0).await.unwrap().looks.len(), 2);
        let found = desk.audit_search(&city_officer(), &asked("P8")).await.unwrap();
        assert_eq!(found.iter().map(|event| event.object_id.as_deref()).collect::<Vec<_>>(), [Some("P8")]);

        let refused = desk.erase_subjects(&commune_staff(HA_DONG), first, 0, Some("x")).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        let future = desk.erase_subjects(&system, day("2099-01-01"), i64::MAX, Some("x")).await;
        assert!(matches!(future, Err(DeskError::Invalid { field: "before", .. })), "{future:?}");
        let looked_since = desk.erase_subjects(&system, first, 0, None).await.unwrap();
        assert_eq!((looked_since.people, looked_since.kept), (0, 3));
        let end = 1 + place.number("SELECT max(at) FROM audit_event WHERE object_kind IN ('person', 'letter')").await;
        let dry = desk.erase_subjects(&system, first, end, None).await.unwrap();
        assert_eq!((dry.people, dry.kept), (2, 1), "the case of one is open");
        assert_eq!(place.number("SELECT count(*) FROM subject_key").await, 3, "nothing without a decision");

        let done = desk.erase_subjects(&system, first, end, Some("Quyết định 15/QĐ-BHXH")).await.unwrap();
        assert_eq!(done, dry);
        assert!(desk.audit_search(&city_officer(), &asked("P8")).await.unwrap().is_empty(), "nobody can tell any more");
        let told = desk.who_looked(&dpo, 8, &Default::default(), 0).await.unwrap();
        assert_eq!(told.looks.len(), 1, "this question alone, under a new key");
        assert_eq!(
            desk.who_looked(&dpo, 7, &Default::default(), 0).await.unwrap().looks.len(),
            4,
            "who stays is known as before"
        );
        let report = desk.verify_audit().await.unwrap();
        assert!(report.is_whole(), "events and seals agree: {report:?}");
        assert!(place.raw("UPDATE subject_key SET person = 1").await.is_err());
        place.remove(desk).await;
    }
}

fn asked(object: &str) -> AuditQuery {
    AuditQuery { object_id: Some(object.into()), action: Some(AuditAction::ViewPerson), ..AuditQuery::default() }
}
