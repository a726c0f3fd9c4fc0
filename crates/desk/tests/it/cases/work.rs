//! One case from being taken to its end: who may, once, with its history.

use base::{Purpose, Scope};
use desk::{CaseState, Change, DeskError, Outcome, Permission, Refusal, To};

use super::{allowed, base_officer, day, poor, put_users, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

fn refused<T: std::fmt::Debug>(answer: Result<T, DeskError>) -> Refusal {
    match answer {
        Err(DeskError::CaseRefused { why }) => why,
        other => panic!("not refused: {other:?}"),
    }
}

fn met() -> Change {
    Change::Outcome { outcome: Outcome::Contacted, day: None, reason: "Đã gặp ngày 02/11, hẹn tuần sau".into() }
}

fn exempt() -> Change {
    Change::Outcome { outcome: Outcome::Exempt, day: Some(day("2027-06-30")), reason: "Đang đi nghĩa vụ quân sự".into() }
}

#[tokio::test]
async fn a_case_is_taken_put_off_closed_and_opened_again_with_its_history() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let opened = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-1").await.unwrap();
        let case = opened.cases[0].clone();
        assert_eq!((case.state, case.owner.as_deref(), case.version), (CaseState::Taken, Some("u-09556"), 1));
        // The same form again: the same case, no second event.
        assert_eq!(desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-1").await.unwrap(), opened);
        let again = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-2").await.unwrap();
        assert_eq!((again.cases.len(), again.refused[0].1), (0, Refusal::IsCase));

        let change = async |version, change: Change, form: &str| {
            desk.change_case(&staff, &case.id, version, &change, &allowed(), today(), form).await
        };
        assert_eq!(change(1, met(), "form-0002").await.unwrap().state, CaseState::Taken);
        let snooze = Change::Snooze { until: day("2026-11-20"), reason: "Gia đình đi vắng".into() };
        let snoozed = change(2, snooze.clone(), "form-0003").await.unwrap();
        assert_eq!((snoozed.state, snoozed.snoozed_until, snoozed.version), (CaseState::Snoozed, Some(day("2026-11-20")), 3));
        // Sent twice: the answer of the first time. An old page: refused.
        assert_eq!(change(2, snooze, "form-0003").await.unwrap(), snoozed);
        assert_eq!(refused(change(2, Change::Take, "form-0004").await), Refusal::Stale);
        let closed = change(3, exempt(), "form-0005").await.unwrap();
        assert_eq!(
            (closed.state, closed.outcome, closed.outcome_day),
            (CaseState::Done, Some(Outcome::Exempt), Some(day("2027-06-30")))
        );
        assert_eq!((closed.snoozed_until, closed.closed_at.is_some()), (None, true));
        assert_eq!(refused(change(4, met(), "form-0006").await), Refusal::WrongState);
        desk.comment_case(&staff, &case.id, " Giấy tờ bản giấy lưu ở xã ", "form-0007").await.unwrap();
        desk.comment_case(&staff, &case.id, " Giấy tờ bản giấy lưu ở xã ", "form-0007").await.unwrap();
        let open = change(4, Change::Reopen { reason: "Nhầm người".into() }, "form-0008").await.unwrap();
        assert_eq!((open.state, open.outcome, open.closed_at, open.version), (CaseState::Reopened, None, None, 5));

        let history = desk.case_history(&staff, &case.id).await.unwrap();
        let told: Vec<_> =
            history.iter().map(|e| (e.what.as_str(), e.version, e.value.as_deref(), e.reason.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("taken", 1, Some("u-09556"), None),
                ("contacted", 2, Some("contacted"), Some("Đã gặp ngày 02/11, hẹn tuần sau")),
                ("snoozed", 3, None, Some("Gia đình đi vắng")),
                ("closed", 4, Some("exempt"), Some("Đang đi nghĩa vụ quân sự")),
                ("comment", 4, None, Some("Giấy tờ bản giấy lưu ở xã")),
                ("reopened", 5, None, Some("Nhầm người")),
            ]
        );
        assert_eq!(history[2].day, Some(day("2026-11-20")));
        assert!(history.iter().all(|event| event.actor == "u-09556"));
        // One event of the log a change, none for what was refused or sent twice.
        assert_eq!(desk.verify_audit().await.unwrap().events, 6);
        place.remove(desk).await;
    }
}

/// "Done already" is said of the same content alone: what is sent under a number that did something else is refused and not done.
#[tokio::test]
async fn a_forms_number_that_did_something_else_is_refused() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let new = || vec![poor(7, HA_DONG)];
        let case = desk.open_cases(&city, new(), &To::Unit, "form-open-1").await.unwrap().cases.remove(0);
        assert_eq!(desk.open_cases(&city, new(), &To::Unit, "form-open-1").await.unwrap().cases.len(), 1);
        let reused = DeskError::ClientTxReused;
        assert_eq!(desk.open_cases(&city, new(), &To::Me, "form-open-1").await.unwrap_err(), reused, "for somebody");

        let change = async |scope: &Scope, version, change: Change, form: &str| {
            desk.change_case(scope, &case.id, version, &change, &allowed(), today(), form).await
        };
        assert_eq!(change(&staff, 1, Change::Take, "form-open-1").await.unwrap_err(), reused, "the number that opened it");
        let later = |day_text: &str, why: &str| Change::Snooze { until: day(day_text), reason: why.into() };
        let snoozed = change(&staff, 1, later("2026-11-20", "Gia đình đi vắng"), "form-later-1").await.unwrap();
        assert_eq!(change(&staff, 1, later("2026-11-20", " Gia đình đi vắng "), "form-later-1").await.unwrap(), snoozed);
        for other in [later("2026-11-21", "Gia đình đi vắng"), later("2026-11-20", "Hẹn lại"), Change::Take, met()] {
            assert_eq!(change(&staff, 2, other.clone(), "form-later-1").await.unwrap_err(), reused, "{other:?}");
        }
        let comment = async |words: &str, form: &str| desk.comment_case(&staff, &case.id, words, form).await;
        assert_eq!(comment("Đã gọi điện", "form-later-1").await, Err(DeskError::ClientTxReused));
        comment("Đã gọi điện", "form-words-1").await.unwrap();
        comment("Đã gọi điện", "form-words-1").await.unwrap();
        assert_eq!(comment("Chưa gọi được", "form-words-1").await, Err(DeskError::ClientTxReused));
        let file = |bytes: &[u8]| desk::NewFile { name: "Đơn.pdf".into(), bytes: bytes.to_vec() };
        desk.attach(&staff, &case.id, file(b"%PDF-1.7\n1"), "form-file-1").await.unwrap();
        desk.attach(&staff, &case.id, file(b"%PDF-1.7\n1"), "form-file-1").await.unwrap();
        let other = desk.attach(&staff, &case.id, file(b"%PDF-1.7\n2"), "form-file-1").await;
        assert_eq!(other.unwrap_err(), DeskError::ClientTxReused);
        // Nothing but what was said to be done.
        let history = desk.case_history(&staff, &case.id).await.unwrap();
        let told: Vec<_> = history.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(told, ["opened", "snoozed", "comment", "file"]);
        assert_eq!(desk.case(&staff, &case.id).await.unwrap(), snoozed);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_a_commune_may_not_see_it_neither_opens_nor_reads_nor_changes() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, city) = (commune_staff(HA_DONG), city_officer());
        let new = vec![wage(1, HA_DONG), poor(2, HOAN_KIEM), poor(3, HA_DONG)];
        let own = desk.open_cases(&staff, new.clone(), &To::Me, "form-open-1").await.unwrap();
        assert_eq!(own.cases.iter().map(|case| case.subject).collect::<Vec<_>>(), [3]);
        assert!(own.refused.iter().all(|(_, why)| *why == Refusal::NotFound) && own.refused.len() == 2);
        let rest = desk.open_cases(&city, new, &To::Unit, "form-open-2").await.unwrap();
        assert_eq!((rest.cases.len(), rest.refused.len()), (2, 1));
        for case in &rest.cases {
            let missing = DeskError::NotFound { kind: "case" };
            assert_eq!(desk.case(&staff, &case.id).await.unwrap_err(), missing);
            assert_eq!(desk.case_history(&staff, &case.id).await.unwrap_err(), missing);
            assert_eq!(desk.comment_case(&staff, &case.id, "x", "form-comment").await.unwrap_err(), missing);
            let change = desk.change_case(&staff, &case.id, 1, &Change::Take, &allowed(), today(), "form-take").await;
            assert_eq!(change.unwrap_err(), missing);
        }
        // The base office of both communes sees all three; for another purpose not what rests on tax data.
        let (office, quality) = (base_officer(), Scope { purpose: Purpose::DataQuality, ..base_officer() });
        let wages = rest.cases.iter().find(|case| case.rule == super::WAGE).unwrap();
        assert_eq!(desk.case(&office, &wages.id).await.unwrap().subject, 1);
        assert_eq!(desk.case(&quality, &wages.id).await.unwrap_err(), DeskError::NotFound { kind: "case" });
        let statistics = Scope { purpose: Purpose::Statistics, ..city };
        let forbidden = DeskError::Forbidden { permission: Permission::WorkCases };
        assert_eq!(desk.case(&statistics, &wages.id).await.unwrap_err(), forbidden);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_somebody_has_another_changes_only_with_the_right_to_give_work() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, office) = (commune_staff(HA_DONG), base_officer());
        let other = Scope { actor: base::Actor("u-other".into()), ..commune_staff(HA_DONG) };
        let case = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let change = async |scope: &Scope, version, change: Change, form: &str| {
            desk.change_case(scope, &case.id, version, &change, &allowed(), today(), form).await
        };
        for (n, wanted) in [Change::Take, met(), exempt(), Change::Release { reason: "x".into() }].into_iter().enumerate() {
            assert_eq!(refused(change(&other, 1, wanted, &format!("form-else-{n}")).await), Refusal::NotYours);
        }
        let to = |user: &str| Change::Assign { to: user.into() };
        let forbidden = DeskError::Forbidden { permission: Permission::AssignCases };
        assert_eq!(change(&staff, 1, to("u-00004"), "form-give-0").await.unwrap_err(), forbidden);
        // Only to whom may see it, and who works on cases at all.
        assert_eq!(refused(change(&office, 1, to("u-00004"), "form-give-1").await), Refusal::OwnerDoesNotSee);
        for nobody in ["u-admin", "u-nobody"] {
            assert_eq!(change(&office, 1, to(nobody), "form-give-2").await.unwrap_err(), DeskError::NotFound { kind: "user" });
        }
        let given = change(&office, 1, to("u-09556"), "form-give-3").await.unwrap();
        assert_eq!((given.owner.as_deref(), given.version), (Some("u-09556"), 2));
        let back = change(&staff, 2, Change::Release { reason: "Người này ở tổ khác".into() }, "form-back").await.unwrap();
        assert_eq!((back.owner, back.state), (None, CaseState::Open));
        assert_eq!(
            refused(change(&staff, 3, Change::Release { reason: "lại".into() }, "form-back-2").await),
            Refusal::WrongState
        );
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn outcomes_are_those_of_the_rule_with_the_day_they_need() {
    let place = Place::sqlite();
    let desk = place.open().await;
    let city = city_officer();
    let opened = desk.open_cases(&city, vec![wage(1, HA_DONG), poor(2, HA_DONG)], &To::Me, "form-open-1").await.unwrap();
    let id = |rule: &str| opened.cases.iter().find(|case| case.rule == rule).unwrap().id.clone();
    let close = async |rule: &str, outcome, day, reason: &str| {
        let change = Change::Outcome { outcome, day, reason: reason.to_owned() };
        desk.change_case(&city, &id(rule), 1, &change, &allowed(), today(), "form-close").await
    };
    assert_eq!(refused(close(super::WAGE, Outcome::Refused, None, "x").await), Refusal::OutcomeNotOffered);
    for (outcome, day) in [
        (Outcome::Exempt, None),
        (Outcome::Joined, Some(today())),
        (Outcome::JoinsOnDate, Some(day("2026-11-01"))),
        (Outcome::Gone, None),
    ] {
        let answer = close(super::POOR, outcome, day, "x").await;
        assert!(matches!(answer, Err(DeskError::Invalid { .. })), "{outcome:?}: {answer:?}");
    }
    assert!(matches!(close(super::POOR, Outcome::Joined, None, " ").await, Err(DeskError::Invalid { field: "reason", .. })));
    assert_eq!(
        close(super::POOR, Outcome::JoinsOnDate, Some(today()), "Đóng tiền hôm nay").await.unwrap().state,
        CaseState::Done
    );
    place.remove(desk).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_take_at_once_one_has_it_and_no_change_is_lost() {
    for place in Place::all().await {
        let desk = place.open().await;
        let tries = (0..12).map(|n| {
            let desk = desk.clone();
            let scope = Scope { actor: base::Actor(format!("u-{n}")), ..commune_staff(HA_DONG) };
            tokio::spawn(async move { desk.open_cases(&scope, vec![poor(7, HA_DONG)], &To::Me, &format!("form-open-{n}")).await })
        });
        let answers = futures::future::join_all(tries).await;
        let made: Vec<_> = answers.into_iter().flat_map(|answer| answer.unwrap().unwrap().cases).collect();
        assert_eq!(made.len(), 1, "{made:?}");
        let (case, city) = (made[0].clone(), city_officer());
        let tries = (0..12).map(|n| {
            let (desk, city, id) = (desk.clone(), city.clone(), case.id.clone());
            tokio::spawn(async move {
                let form = format!("form-change-{n}");
                desk.change_case(&city, &id, 1, &met(), &allowed(), today(), &form).await
            })
        });
        let answers = futures::future::join_all(tries).await;
        let done = answers.into_iter().map(Result::unwrap).filter(|answer| match answer {
            Ok(case) => case.version == 2,
            Err(error) => *error != DeskError::CaseRefused { why: Refusal::Stale },
        });
        assert_eq!(done.count(), 1);
        assert_eq!(desk.case(&city, &case.id).await.unwrap().version, 2);
        assert_eq!(desk.case_history(&city, &case.id).await.unwrap().len(), 2);
        place.remove(desk).await;
    }
}
