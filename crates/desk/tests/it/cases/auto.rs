//! Findings of rules that say `auto` become cases by themselves: one each, whatever is done twice or begun again.

use base::{RunId, Scope};
use desk::{CaseQuery, CaseState, Change, DeskError, Outcome, PageAt, Permission, Queue, RunFindings, To};

use super::{POOR, allowed, day, key, poor, today, wage};
use crate::support::{HA_DONG, Place, city_officer, commune_staff};

fn run(id: &str) -> RunId {
    RunId::parse(id).unwrap()
}

#[tokio::test]
async fn each_finding_has_one_case_after_two_runs_and_after_one_that_was_interrupted() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, city, staff) = (Scope::system(), city_officer(), commune_staff(HA_DONG));
        // Somebody was faster with one of them.
        let taken = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-1").await.unwrap().cases.remove(0);
        let new: Vec<_> = (1..=2_300).map(|subject| poor(subject, HA_DONG)).collect();
        let october = run("2026-10-aaaa");
        // Interrupted in the middle, then the whole of it, then once more.
        assert_eq!(desk.open_auto_cases(&system, &october, POOR, &new[..1_500]).await.unwrap(), 1_499);
        assert_eq!(desk.open_auto_cases(&system, &october, POOR, &new).await.unwrap(), 800);
        assert_eq!(desk.open_auto_cases(&system, &october, POOR, &new).await.unwrap(), 0);
        let count = async |queue| {
            let page = desk.cases(&city, &CaseQuery::of(queue, today()), &PageAt::First, 1).await.unwrap();
            page.count
        };
        assert_eq!((count(Queue::Open).await, count(Queue::Unassigned).await), (2_300, 2_299));
        assert_eq!(place.number("SELECT count(*) FROM case_event").await, 2_300, "one event each");
        assert_eq!(desk.case(&staff, &taken.id).await.unwrap(), taken);

        let case = desk.cases_of(&staff, base::SubjectKind::Person, 2_300).await.unwrap().remove(0);
        assert_eq!((case.state, case.owner.as_deref(), case.finding), (CaseState::Open, None, key(POOR, 2_300)));
        assert_eq!((case.village.as_deref(), case.due), (Some("Tổ 3"), day("2026-11-13")));
        let history = desk.case_history(&staff, &case.id).await.unwrap();
        let told: Vec<_> = history.iter().map(|event| (event.what.as_str(), event.actor.as_str(), event.day)).collect();
        assert_eq!(told, [("opened", "system", Some(case.due))]);

        // What somebody closed stays closed, also for another run of the month.
        let refused = Change::Outcome { outcome: Outcome::Refused, day: None, reason: "Chưa đồng ý".into() };
        desk.change_case(&staff, &case.id, 1, &refused, &allowed(), today(), "form-close-1").await.unwrap();
        assert_eq!(desk.open_auto_cases(&system, &run("2026-10-bbbb"), POOR, &new).await.unwrap(), 0);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn only_the_program_opens_them_of_one_rule_and_only_for_the_newest_month() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, october) = (Scope::system(), run("2026-10-aaaa"));
        let forbidden = DeskError::Forbidden { permission: Permission::WorkCases };
        let one = [poor(1, HA_DONG)];
        assert_eq!(desk.open_auto_cases(&city_officer(), &october, POOR, &one).await.unwrap_err(), forbidden);
        let mixed = [poor(1, HA_DONG), wage(2, HA_DONG)];
        let refused = desk.open_auto_cases(&system, &october, POOR, &mixed).await;
        assert!(matches!(refused, Err(DeskError::Invalid { field: "rule", .. })), "{refused:?}");

        // November was held against the cases: what October found may be gone.
        let november = RunFindings::new(&run("2026-11-aaaa"), "2026-11".parse().unwrap()).sorted();
        desk.settle_cases(&system, &november).await.unwrap();
        assert_eq!(desk.open_auto_cases(&system, &october, POOR, &one).await.unwrap(), 0);
        assert!(!desk.has_cases(&system).await.unwrap());
        place.remove(desk).await;
    }
}
