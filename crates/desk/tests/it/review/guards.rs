//! What is refused: the same signer, amounts above, other people's cases, old pages, wrong states, wrong roles.

use base::{Actor, Dong, Role, Scope};
use desk::{
    AnswerKind, DecidedLine, DeskError, LineDecision, NewAnswer, Permission, ReviewFileKind, ReviewNotice, ReviewRefusal,
    ReviewState, Unit, UnitKind, User,
};

use super::{
    HOSPITAL, auditor, day, decided, decided_case, due, explains, opened, pdf, proposed, refused, review, second, sent,
    sent_case, staff, verdict,
};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff, communes};

#[tokio::test]
async fn nobody_signs_twice_and_a_signature_may_be_returned() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (first, second) = (city_officer(), second());
        let (case, lines) = sent_case(&desk, 11, HOSPITAL).await;
        let id = case.id.as_str();
        desk.answer_review(&staff(HOSPITAL), id, 3, &[explains(None)], due(), "sign-0001").await.unwrap();
        let none = desk.countersign_review(&second, id, 4, "sign-0002").await;
        assert_eq!(refused(none), ReviewRefusal::NotPending);
        desk.decide_review(&first, id, 4, &verdict(&lines), due(), "sign-0003").await.unwrap();
        assert_eq!(refused(desk.countersign_review(&first, id, 5, "sign-0004").await), ReviewRefusal::SameSigner);
        let for_first = Scope { acting_for: Some(first.actor.clone()), ..second.clone() };
        assert_eq!(refused(desk.countersign_review(&for_first, id, 5, "sign-0005").await), ReviewRefusal::SameSigner);
        let forbidden = desk.countersign_review(&auditor(), id, 5, "sign-0006").await;
        assert_eq!(forbidden, Err(DeskError::Forbidden { permission: Permission::DecideClaims }));
        let twice = desk.decide_review(&second, id, 5, &verdict(&lines), due(), "sign-0007").await;
        assert_eq!(refused(twice), ReviewRefusal::Pending);
        assert_eq!(refused(desk.close_review(&first, id, 5, "Đóng", "sign-0008").await), ReviewRefusal::Pending);

        let back = desk.return_signature(&second, id, 5, "Xem lại dòng 2", "sign-0009").await.unwrap();
        assert_eq!((back.state, back.pending.clone(), back.decided), (ReviewState::Answered, None, Dong::ZERO));
        assert_eq!(desk.return_signature(&second, id, 5, "Xem lại dòng 2", "sign-0009").await, Ok(back), "sent twice");
        // The second officer may be the first of another decision; then somebody else signs second.
        desk.decide_review(&second, id, 6, &verdict(&lines), due(), "sign-0010").await.unwrap();
        assert_eq!(refused(desk.countersign_review(&second, id, 7, "sign-0011").await), ReviewRefusal::SameSigner);
        let decided = desk.countersign_review(&first, id, 7, "sign-0012").await.unwrap();
        assert_eq!((decided.state, decided.decided), (ReviewState::Decided, Dong::new(250_000)));
        assert_eq!(desk.countersign_review(&first, id, 7, "sign-0012").await, Ok(decided), "sent twice");
        assert_eq!(
            place.number("SELECT count(*) FROM review_signature WHERE void_by IS NOT NULL").await,
            1,
            "what was returned stays"
        );
        let same = "INSERT INTO review_signature (id, case_id, kind, first_by, first_at, second_by, second_at) \
                    SELECT 's-x', id, 'decide', 'u-a', 1, 'u-a', 2 FROM review_case";
        assert!(place.raw(same).await.is_err(), "the table itself refuses it");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn no_amount_goes_above_what_it_rests_on() {
    for place in Place::all().await {
        let desk = place.open().await;
        let officer = city_officer();
        let (case, lines) = opened(&desk, review(11, HOSPITAL)).await;
        let propose =
            async |lines: &[desk::ProposedLine], form: &str| desk.propose_review(&officer, &case.id, 1, lines, form).await;
        assert_eq!(refused(propose(&[proposed(&lines[0], 200_001)], "above-0001").await), ReviewRefusal::AboveLimit);
        assert_eq!(refused(propose(&[proposed(&lines[0], 0)], "above-0002").await), ReviewRefusal::NothingProposed);
        assert_eq!(refused(propose(&[], "above-0003").await), ReviewRefusal::NothingProposed);
        let mut silent = proposed(&lines[0], 1);
        silent.law = " ".into();
        let wordless = propose(&[silent], "above-0004").await;
        assert!(matches!(wordless, Err(DeskError::Invalid { field: "law", .. })), "{wordless:?}");
        let twice = propose(&[proposed(&lines[0], 1), proposed(&lines[0], 2)], "above-0005").await;
        assert!(matches!(twice, Err(DeskError::Invalid { field: "line", .. })), "{twice:?}");
        assert_eq!(desk.review(&officer, &case.id).await.unwrap().case, case, "nothing of it was kept");

        let (case, lines) = sent_case(&desk, 12, HOSPITAL).await;
        let late = day("2026-11-06");
        let decide = async |lines: &[DecidedLine], form: &str| {
            desk.decide_review(&officer, &case.id, case.version, lines, late, form).await
        };
        let above = [decided(&lines[0], LineDecision::Refused, 150_001), decided(&lines[1], LineDecision::Accepted, 0)];
        assert_eq!(refused(decide(&above, "above-0006").await), ReviewRefusal::AboveLimit);
        for (decision, amount) in [
            (LineDecision::Accepted, 1),
            (LineDecision::Refused, 1),
            (LineDecision::Adjusted, 0),
            (LineDecision::Adjusted, 150_000),
        ] {
            let lines = [decided(&lines[0], decision, amount), decided(&lines[1], LineDecision::Accepted, 0)];
            let answer = decide(&lines, "above-0007").await;
            assert!(matches!(answer, Err(DeskError::Invalid { field: "refused", .. })), "{decision:?} {amount}: {answer:?}");
        }
        let missing = decide(&[decided(&lines[0], LineDecision::Refused, 150_000)], "above-0008").await;
        assert!(matches!(missing, Err(DeskError::Invalid { field: "lines", .. })), "{missing:?}");

        let (case, lines) = decided_case(&desk, 13, HOSPITAL).await;
        let (today, last) = (day("2026-11-10"), day("2026-11-20"));
        let appeal = async |against: &[String], today, form: &str| {
            desk.appeal_review(&staff(HOSPITAL), &case.id, case.version, against, "Đề nghị xem lại", today, last, form).await
        };
        assert_eq!(refused(appeal(&[], day("2026-11-21"), "above-0009").await), ReviewRefusal::TooLate);
        let unknown = appeal(&["x".into()], today, "above-0010").await;
        assert!(matches!(unknown, Err(DeskError::Invalid { field: "line", .. })), "{unknown:?}");
        appeal(&[], last, "above-0011").await.unwrap();
        let settled = |overturned| {
            let line = |at: usize, overturned| desk::SettledLine {
                line: lines[at].id.clone(),
                overturned: Dong::new(overturned),
                reason: "Biên bản hợp lệ".into(),
            };
            [line(0, 0), line(1, overturned)]
        };
        let above = desk.settle_review(&officer, &case.id, case.version + 1, &settled(100_001), "above-0012").await;
        assert_eq!(refused(above), ReviewRefusal::AboveLimit);
        for sql in [
            "UPDATE review_line SET proposed = asked + 1",
            "UPDATE review_line SET overturned = decided + 1, appeal = 'partly'",
            "UPDATE review_case SET version = version + 1, decided = proposed + 1",
        ] {
            assert!(place.raw(sql).await.is_err(), "the table itself refuses: {sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn old_pages_wrong_states_and_other_peoples_cases_are_refused() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (officer, base) = (city_officer(), auditor());
        let (case, lines) = opened(&desk, review(11, HOSPITAL)).await;
        let id = case.id.as_str();
        let taken = desk.take_review(&base, id, 1, "take-0001").await.unwrap();
        assert_eq!((taken.owner.as_deref(), taken.version), (Some("u-base"), 2));
        assert_eq!(refused(desk.take_review(&officer, id, 1, "take-0002").await), ReviewRefusal::Stale);
        let colleague = Scope { actor: Actor("u-base-2".into()), ..base.clone() };
        assert_eq!(refused(desk.take_review(&colleague, id, 2, "take-0003").await), ReviewRefusal::NotYours);
        let theirs = desk.propose_review(&colleague, id, 2, &[proposed(&lines[0], 1)], "take-0004").await;
        assert_eq!(refused(theirs), ReviewRefusal::NotYours);
        let notice = ReviewNotice::OwnChannel("Gửi qua Cổng".into());
        let early = desk.send_review(&base, id, 2, &notice, sent(), due(), "take-0005").await;
        assert_eq!(refused(early), ReviewRefusal::WrongState, "nothing was proposed");
        desk.propose_review(&base, id, 2, &[proposed(&lines[0], 1_000)], "take-0006").await.unwrap();
        let past = desk.send_review(&base, id, 3, &notice, sent(), day("2026-11-01"), "take-0007").await;
        assert!(matches!(past, Err(DeskError::Invalid { field: "due", .. })), "{past:?}");
        let unknown = ReviewNotice::Document("019a2b3c-4d5e-7f60-8a9b-0c1d2e3f4a5b".into());
        let unknown = desk.send_review(&base, id, 3, &unknown, sent(), due(), "take-0008").await;
        assert!(matches!(unknown, Err(DeskError::Invalid { field: "document", .. })), "{unknown:?}");
        let sent_now = desk.send_review(&base, id, 3, &notice, sent(), due(), "take-0009").await.unwrap();
        let again = desk.propose_review(&base, id, 4, &[proposed(&lines[1], 1)], "take-0010").await;
        assert_eq!(refused(again), ReviewRefusal::WrongState, "what was sent stays");

        let hospital = staff(HOSPITAL);
        let answer = |kind, line: Option<&desk::ReviewLine>, amount: Option<i64>| NewAnswer {
            line: line.map(|line| line.id.clone()),
            kind,
            text: "Giải trình".into(),
            amount: amount.map(Dong::new),
        };
        for (wrong, field) in [
            (answer(AnswerKind::Appeal, Some(&lines[0]), None), "kind"),
            (answer(AnswerKind::Withdraw, None, None), "line"),
            (answer(AnswerKind::Explain, Some(&lines[1]), None), "line"),
            (answer(AnswerKind::Adjust, Some(&lines[0]), None), "amount"),
            (answer(AnswerKind::Adjust, Some(&lines[0]), Some(200_000)), "amount"),
            (answer(AnswerKind::Explain, None, Some(5)), "amount"),
        ] {
            let said = desk.answer_review(&hospital, id, 4, std::slice::from_ref(&wrong), sent(), "take-0011").await;
            assert!(matches!(&said, Err(DeskError::Invalid { field: found, .. }) if *found == field), "{wrong:?}: {said:?}");
        }
        let by_officer = desk.answer_review(&officer, id, 4, &[explains(None)], sent(), "take-0012").await;
        assert_eq!(by_officer.map(drop), Err(DeskError::Forbidden { permission: Permission::AnswerClaims }));
        let nowhere = Scope { unit: "nha-thuoc-7".into(), ..hospital.clone() };
        let answered = desk.answer_review(&nowhere, id, 4, &[explains(None)], sent(), "take-0013").await;
        assert_eq!(answered.map(drop), Err(DeskError::Forbidden { permission: Permission::AnswerClaims }), "no facility's unit");
        desk.answer_review(&hospital, id, 4, &[explains(None)], sent(), "take-0014").await.unwrap();
        let twice = desk.answer_review(&hospital, id, 5, &[explains(None)], sent(), "take-0015").await;
        assert_eq!(refused(twice), ReviewRefusal::WrongState);
        assert_eq!(sent_now.notice, None);

        let closed = desk.close_review(&base, id, 5, "Chấp nhận giải trình", "take-0016").await.unwrap();
        assert_eq!((closed.state, closed.decided), (ReviewState::Closed, Dong::ZERO));
        assert_eq!(refused(desk.take_review(&base, id, 6, "take-0017").await), ReviewRefusal::WrongState);
        let referred = desk.refer_review(&base, id, 6, "CV 12/BHXH", "Có dấu hiệu cần làm rõ", "take-0018").await.unwrap();
        assert_eq!((referred.state, referred.referred.as_deref()), (ReviewState::Closed, Some("CV 12/BHXH")), "a mark, no state");
        assert_eq!(refused(desk.refer_review(&base, id, 7, "CV 13", "x", "take-0019").await), ReviewRefusal::Taken);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn cases_are_given_to_who_may_see_them() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (officer, system) = (city_officer(), Scope::system());
        for id in ["bhxh-cs-1", "bhxh-cs-2"] {
            let unit = Unit { id: id.into(), name: id.into(), kind: UnitKind::BaseOffice, parent: None };
            desk.put_unit(&system, &unit).await.unwrap();
        }
        let user = |id: &str, role, unit: &str, commune: &str| User {
            id: id.into(),
            label: format!("Cán bộ {id}"),
            role,
            unit: unit.into(),
            area: communes(&[commune]),
            active: true,
            valid_from: None,
            valid_to: None,
        };
        desk.put_user(&system, &user("u-base", Role::BaseOfficer, "bhxh-cs-1", HA_DONG)).await.unwrap();
        desk.put_user(&system, &user("u-far", Role::BaseOfficer, "bhxh-cs-2", HOAN_KIEM)).await.unwrap();
        desk.put_user(&system, &user("u-commune", Role::CommuneStaff, "bhxh-cs-1", HA_DONG)).await.unwrap();
        let (case, _) = opened(&desk, review(11, HOSPITAL)).await;
        let give =
            async |scope: &Scope, version, to: &str, form: &str| desk.assign_review(scope, &case.id, version, to, form).await;
        assert_eq!(refused(give(&officer, 1, "u-far", "give-0001").await), ReviewRefusal::OwnerDoesNotSee);
        assert_eq!(refused(give(&officer, 1, "u-commune", "give-0002").await), ReviewRefusal::OwnerDoesNotSee);
        assert_eq!(give(&officer, 1, "nobody", "give-0003").await, Err(DeskError::NotFound { kind: "user" }));
        let forbidden = give(&auditor(), 1, "u-far", "give-0004").await;
        assert_eq!(forbidden, Err(DeskError::Forbidden { permission: Permission::DecideClaims }));
        assert_eq!(give(&officer, 1, "u-base", "give-0005").await.unwrap().owner.as_deref(), Some("u-base"));
        let workers = desk.review_workers(&officer).await.unwrap();
        assert_eq!(workers.iter().map(|user| user.id.as_str()).collect::<Vec<_>>(), ["u-base", "u-far"], "auditors alone");
        let back = desk.release_review(&auditor(), &case.id, 2, "Nghỉ phép", "give-0006").await.unwrap();
        assert_eq!(back.owner, None);
        assert_eq!(refused(desk.release_review(&auditor(), &case.id, 3, "x", "give-0007").await), ReviewRefusal::WrongState);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn who_has_no_part_in_the_audit_sees_nothing_of_it() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (case, _) = sent_case(&desk, 11, HOSPITAL).await;
        let missing = Err(DeskError::NotFound { kind: "review" });
        let far = Scope { area: communes(&[HOAN_KIEM]), ..auditor() };
        assert_eq!(desk.review(&far, &case.id).await.map(drop), missing, "a facility of another area");
        assert_eq!(desk.take_review(&far, &case.id, case.version, "part-0001").await.map(drop), missing);
        let mut elsewhere = review(12, HOSPITAL);
        elsewhere.commune = Some(code(HOAN_KIEM));
        assert_eq!(desk.open_reviews(&auditor(), vec![elsewhere.clone()], "part-0002").await.map(drop), missing);
        desk.open_reviews(&city_officer(), vec![elsewhere.clone()], "part-0003").await.unwrap();
        elsewhere.commune = Some(code(HA_DONG));
        let hidden = desk.open_reviews(&auditor(), vec![elsewhere], "part-0004").await;
        assert_eq!(hidden.map(drop), missing, "the visit has a case elsewhere");
        for role in [Role::Oversight, Role::Administrator, Role::PartnerOfficer, Role::SchoolStaff, Role::System] {
            let scope = Scope { role, ..city_officer() };
            let forbidden = Err(DeskError::Forbidden { permission: Permission::ReviewClaims });
            assert_eq!(desk.review(&scope, &case.id).await.map(drop), forbidden, "{role:?}");
            let file = desk.attach_review(&scope, &case.id, ReviewFileKind::Other, pdf("x.pdf"), "part-0005").await;
            assert_eq!(file.map(drop), forbidden, "{role:?}");
        }
        let commune = desk.review(&commune_staff(HA_DONG), &case.id).await.map(drop);
        assert_eq!(commune, Err(DeskError::Forbidden { permission: Permission::ReviewClaims }));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_cannot_be_a_case_is_refused_whole() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let good = review(11, HOSPITAL);
    let twice = good.lines[0].clone();
    type Wrong = (&'static str, fn(&mut desk::NewReview));
    let wrong: [Wrong; 7] = [
        ("visit", |new| new.visit = 0),
        ("billed", |new| new.billed = Dong::ZERO),
        ("expected", |new| new.expected = Dong::new(-1)),
        ("expected", |new| new.expected = Dong::new(i64::MAX)),
        ("lines", |new| new.lines.clear()),
        ("asked", |new| new.lines[0].asked = Dong::new(1_000_001)),
        ("facility", |new| new.facility = "01 001".into()),
    ];
    for (field, spoil) in wrong {
        let mut new = review(12, HOSPITAL);
        spoil(&mut new);
        let answer = desk.open_reviews(&city_officer(), vec![good.clone(), new], "whole-0001").await;
        assert!(matches!(&answer, Err(DeskError::Invalid { field: found, .. }) if *found == field), "{field}: {answer:?}");
    }
    let mut doubled = good.clone();
    doubled.lines.push(twice);
    let answer = desk.open_reviews(&city_officer(), vec![doubled], "whole-0002").await;
    assert!(matches!(answer, Err(DeskError::Invalid { field: "finding", .. })), "{answer:?}");
    assert_eq!(place.number("SELECT count(*) FROM review_case").await, 0);
    place.remove(desk).await;
}
