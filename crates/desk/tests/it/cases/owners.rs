//! Nothing lies with somebody who cannot work on it: deputies, people who moved, users who left, colleagues who take over.

use std::sync::Arc;

use base::{Actor, Scope};
use desk::{
    Case, CaseQuery, CaseState, Change, Desk, DeskError, Outcome, PageAt, Queue, Refusal, RunFindings, SeededIds, To, User,
};

use super::{POOR, allowed, base_officer, day, key, poor, put_users, today};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff, communes};

fn met() -> Change {
    Change::Outcome { outcome: Outcome::Contacted, day: None, reason: "Đã gặp gia đình".into() }
}

async fn change(desk: &Desk, scope: &Scope, case: &Case, change: Change, form: &str) -> Result<Case, DeskError> {
    desk.change_case(scope, &case.id, case.version, &change, &allowed(), today(), form).await
}

async fn mine(desk: &Desk, scope: &Scope) -> Vec<i64> {
    let (page, counts) = desk.cases_with_counts(scope, &CaseQuery::of(Queue::Mine, today()), &PageAt::First, 50).await.unwrap();
    assert_eq!(counts[0], (Queue::Mine, Some(page.count)));
    let mut subjects: Vec<i64> = page.rows.iter().map(|case| case.subject).collect();
    subjects.sort_unstable();
    subjects
}

/// What the history says since a case was opened: what, and of whom.
async fn told(desk: &Desk, case: &Case) -> Vec<(String, Option<String>)> {
    let history = desk.case_history(&city_officer(), &case.id).await.unwrap();
    history.into_iter().skip(1).map(|event| (event.what, event.value)).collect()
}

async fn user(desk: &Desk, id: &str) -> User {
    desk.users(&Scope::system()).await.unwrap().into_iter().find(|user| user.id == id).unwrap()
}

fn freed(what: &str, owner: &str) -> Vec<(String, Option<String>)> {
    vec![(what.to_owned(), Some(owner.to_owned()))]
}

#[tokio::test]
async fn a_deputy_works_on_what_the_absent_colleague_has_and_leaves_it_theirs() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let away = commune_staff(HA_DONG);
        let deputy = Scope { actor: Actor("u-base".into()), acting_for: Some(away.actor.clone()), ..away.clone() };
        let theirs = desk.open_cases(&away, vec![poor(1, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let free =
            desk.open_cases(&city_officer(), vec![poor(2, HA_DONG)], &To::Unit, "form-open-2").await.unwrap().cases.remove(0);
        // What the deputy has in their own name is no work of the one who is away.
        desk.open_cases(&base_officer(), vec![poor(3, HA_DONG)], &To::Me, "form-open-3").await.unwrap();
        assert_eq!(mine(&desk, &deputy).await, [1]);

        let done = change(&desk, &deputy, &theirs, met(), "form-deputy-1").await.unwrap();
        assert_eq!(done.owner.as_deref(), Some("u-09556"));
        let taken = change(&desk, &deputy, &free, Change::Take, "form-deputy-2").await.unwrap();
        assert_eq!(taken.owner.as_deref(), Some("u-09556"), "it stays where it belongs when the deputy is gone");
        let own = desk.open_cases(&deputy, vec![poor(4, HA_DONG)], &To::Me, "form-deputy-3").await.unwrap().cases.remove(0);
        assert_eq!(own.owner.as_deref(), Some("u-09556"));
        assert_eq!(mine(&desk, &deputy).await, [1, 2, 4]);
        assert_eq!(mine(&desk, &away).await, [1, 2, 4]);
        // The history names who did it.
        let history = desk.case_history(&away, &free.id).await.unwrap();
        assert_eq!((history[1].actor.as_str(), history[1].value.as_deref()), ("u-base", Some("u-09556")));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_case_that_moves_leaves_an_owner_who_does_not_see_where() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, office) = (commune_staff(HA_DONG), base_officer());
        let lost = desk.open_cases(&staff, vec![poor(1, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let snooze = Change::Snooze { until: day("2026-12-01"), reason: "Gia đình đi vắng".into() };
        change(&desk, &staff, &lost, snooze, "form-later-1").await.unwrap();
        let kept = desk.open_cases(&office, vec![poor(2, HA_DONG)], &To::Me, "form-open-2").await.unwrap().cases.remove(0);
        let stays = desk.open_cases(&staff, vec![poor(3, HA_DONG)], &To::Me, "form-open-3").await.unwrap().cases.remove(0);

        let mut findings = RunFindings::new(&base::RunId::parse("2026-11-aaaa").unwrap(), "2026-11".parse().unwrap());
        findings.evaluated(POOR, Some(day("2026-12-25")));
        for (subject, commune) in [(1, HOAN_KIEM), (2, HOAN_KIEM), (3, HA_DONG)] {
            findings.add(key(POOR, subject), POOR, subject, Some(commune));
        }
        let settled = desk.settle_cases(&Scope::system(), &findings.sorted()).await.unwrap();
        assert_eq!((settled.moved, settled.reopened), (2, 0));

        let new = commune_staff(HOAN_KIEM);
        let lost = desk.case(&new, &lost.id).await.unwrap();
        assert_eq!((lost.owner.as_deref(), lost.state, lost.snoozed_until), (None, CaseState::Open, None));
        let expected = [
            ("snoozed".to_owned(), None),
            ("relocated".to_owned(), Some(HOAN_KIEM.to_owned())),
            ("freed_unseen".to_owned(), Some("u-09556".to_owned())),
        ];
        assert_eq!(told(&desk, &lost).await, expected);
        change(&desk, &new, &lost, Change::Take, "form-take-1").await.unwrap();
        // Who sees both communes keeps it, and so does who was not touched.
        assert_eq!(desk.case(&office, &kept.id).await.unwrap().owner.as_deref(), Some("u-base"));
        assert_eq!(desk.case(&staff, &stays.id).await.unwrap(), stays);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_somebody_has_who_is_switched_off_or_sent_elsewhere_goes_back_to_the_unit() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let system = Scope::system();
        // More than one transaction's cases, and a closed one that stays with who closed it.
        let new = (1..=150).map(|subject| poor(subject, HA_DONG)).collect();
        let staff = commune_staff(HA_DONG);
        let cases = desk.open_cases(&staff, new, &To::Me, "form-open-1").await.unwrap().cases;
        let refused = Change::Outcome { outcome: Outcome::Refused, day: None, reason: "Chưa đồng ý".into() };
        let closed = change(&desk, &staff, &cases[0], refused, "form-close-1").await.unwrap();
        let office = base_officer();
        let seen =
            desk.open_cases(&office, vec![poor(201, HA_DONG), poor(202, HOAN_KIEM)], &To::Me, "form-open-2").await.unwrap();

        desk.put_user(&system, &User { active: false, ..user(&desk, "u-09556").await }).await.unwrap();
        let unassigned = CaseQuery::of(Queue::Unassigned, today());
        let page = desk.cases(&city_officer(), &unassigned, &PageAt::First, 200).await.unwrap();
        assert_eq!((page.count, page.rows.len()), (149, 149));
        assert!(page.rows.iter().all(|case| case.state == CaseState::Open && case.version == 2));
        assert_eq!(told(&desk, &cases[1]).await, freed("freed_off", "u-09556"));
        assert_eq!(desk.case(&city_officer(), &closed.id).await.unwrap(), closed);

        // The other one works on, in one commune less.
        desk.put_user(&system, &User { area: communes(&[HOAN_KIEM]), ..user(&desk, "u-base").await }).await.unwrap();
        let by = |subject: i64| seen.cases.iter().find(|case| case.subject == subject).unwrap();
        assert_eq!(told(&desk, by(201)).await, freed("freed_unseen", "u-base"));
        assert_eq!(desk.case(&city_officer(), &by(202).id).await.unwrap().owner.as_deref(), Some("u-base"));
        assert_eq!(desk.free_cases().await.unwrap(), 0, "nothing is left to the day");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_day_after_the_last_one_of_a_user_their_cases_go_back() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        // The clock of the tests stands on 31 October.
        let last = User { valid_to: Some(day("2026-10-31")), ..user(&desk, "u-09556").await };
        desk.put_user(&Scope::system(), &last).await.unwrap();
        let case = desk
            .open_cases(&commune_staff(HA_DONG), vec![poor(1, HA_DONG)], &To::Me, "form-open-1")
            .await
            .unwrap()
            .cases
            .remove(0);
        assert_eq!(desk.free_cases().await.unwrap(), 0);
        desk.close().await;

        let november = 1_793_433_600_000 + 86_400_000;
        let next_day = Desk::open(&place.url, Arc::new(move || november), Arc::new(SeededIds::new(2))).await.unwrap();
        assert_eq!(next_day.free_cases().await.unwrap(), 1);
        assert_eq!(next_day.free_cases().await.unwrap(), 0, "once");
        assert_eq!(told(&next_day, &case).await, freed("freed_off", "u-09556"));
        let now = next_day.case(&city_officer(), &case.id).await.unwrap();
        assert_eq!((now.owner, now.state), (None, CaseState::Open));
        place.remove(next_day).await;
    }
}

#[tokio::test]
async fn a_colleague_of_the_unit_takes_over_with_a_reason_and_nobody_else_does() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let (staff, office) = (commune_staff(HA_DONG), base_officer());
        let other = Scope { actor: Actor("u-other".into()), ..staff.clone() };
        let over = |reason: &str| Change::TakeOver { reason: reason.into() };
        let why = |answer: Result<Case, DeskError>| match answer {
            Err(DeskError::CaseRefused { why }) => why,
            other => panic!("not refused: {other:?}"),
        };
        let case = desk.open_cases(&staff, vec![poor(1, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let taken = desk.open_cases(&office, vec![poor(2, HA_DONG)], &To::Me, "form-open-2").await.unwrap().cases.remove(0);
        let free = desk.open_cases(&office, vec![poor(3, HA_DONG)], &To::Unit, "form-open-3").await.unwrap().cases.remove(0);

        assert!(matches!(
            change(&desk, &other, &case, over(" "), "form-over-1").await,
            Err(DeskError::Invalid { field: "reason", .. })
        ));
        assert_eq!(
            why(change(&desk, &other, &taken, over("Vắng mặt"), "form-over-2").await),
            Refusal::NotYours,
            "another unit's"
        );
        assert_eq!(why(change(&desk, &other, &free, over("Vắng mặt"), "form-over-3").await), Refusal::WrongState, "nobody's");
        assert_eq!(why(change(&desk, &staff, &case, over("Vắng mặt"), "form-over-4").await), Refusal::WrongState, "one's own");
        assert_eq!(
            why(change(&desk, &other, &case, Change::Take, "form-over-5").await),
            Refusal::NotYours,
            "not without a reason"
        );

        let now = change(&desk, &other, &case, over("Đồng nghiệp nghỉ ốm"), "form-over-6").await.unwrap();
        assert_eq!((now.owner.as_deref(), now.state, now.version), (Some("u-other"), CaseState::Taken, 2));
        let event = desk.case_history(&other, &case.id).await.unwrap().pop().unwrap();
        assert_eq!((event.what.as_str(), event.value.as_deref()), ("taken_over", Some("u-other")));
        assert_eq!(event.reason.as_deref(), Some("Đồng nghiệp nghỉ ốm"));
        place.remove(desk).await;
    }
}
