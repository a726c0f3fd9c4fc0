//! After a run: gone findings resolve, returning ones reopen, what was not evaluated stays.

use base::{RunId, Scope};
use desk::{Case, CaseState, Change, Desk, Outcome, RunFindings, Settled, To};

use super::{POOR, WAGE, allowed, day, key, poor, today, wage};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer};

fn run(id: &str, period: &str) -> RunFindings {
    let mut findings = RunFindings::new(&RunId::parse(id).unwrap(), period.parse().unwrap());
    findings.evaluated(POOR, Some(day("2026-12-25")));
    findings
}

async fn settle(desk: &Desk, findings: RunFindings) -> Settled {
    desk.settle_cases(&Scope::system(), &findings.sorted()).await.unwrap()
}

async fn of(desk: &Desk, subject: i64) -> Case {
    desk.cases_of(&city_officer(), base::SubjectKind::Person, subject).await.unwrap().remove(0)
}

async fn close(desk: &Desk, subject: i64, outcome: Outcome, until: Option<&str>) {
    let case = of(desk, subject).await;
    let change = Change::Outcome { outcome, day: until.map(day), reason: "đã ghi".into() };
    let form = format!("form-close-{subject}-{}", case.version);
    desk.change_case(&city_officer(), &case.id, case.version, &change, &allowed(), today(), &form).await.unwrap();
}

#[tokio::test]
async fn a_gone_finding_resolves_its_case_and_a_returning_one_opens_it_again() {
    for place in Place::all().await {
        let desk = place.open().await;
        let new = vec![poor(1, HA_DONG), poor(2, HA_DONG), wage(3, HA_DONG)];
        desk.open_cases(&city_officer(), new, &To::Me, "form-open-1").await.unwrap();

        // Only the rule about poverty was evaluated: its gone finding resolves, that about wages stays.
        let november = || {
            let mut findings = run("2026-11-aaaa", "2026-11");
            findings.add(key(POOR, 2), POOR, 2, Some(HA_DONG));
            findings
        };
        let settled = settle(&desk, november()).await;
        assert_eq!((settled.resolved, settled.reopened, settled.moved), (1, 0, 0));
        let gone = of(&desk, 1).await;
        assert_eq!(
            (gone.state, gone.outcome, gone.gone_period.map(|p| p.to_string())),
            (CaseState::Done, Some(Outcome::Gone), Some("2026-11".into()))
        );
        assert_eq!(gone.owner.as_deref(), Some("u-city"), "who had it is still known");
        assert_eq!((of(&desk, 2).await.state, of(&desk, 3).await.state), (CaseState::Taken, CaseState::Taken));
        // The same run again: the same numbers, nothing changed.
        assert_eq!(settle(&desk, november()).await, settled);
        assert_eq!(of(&desk, 1).await, gone);

        let december = || {
            let mut findings = run("2026-12-bbbb", "2026-12");
            findings.add(key(POOR, 1), POOR, 1, Some(HA_DONG));
            findings.add(key(POOR, 2), POOR, 2, Some(HA_DONG));
            findings
        };
        assert_eq!(settle(&desk, december()).await.reopened, 1);
        let back = of(&desk, 1).await;
        assert_eq!((back.state, back.outcome, back.gone_period, back.due), (CaseState::Reopened, None, None, day("2026-12-25")));
        let history = desk.case_history(&city_officer(), &back.id).await.unwrap();
        let told: Vec<_> = history.iter().map(|e| (e.what.as_str(), e.actor.as_str(), e.value.as_deref())).collect();
        let expected = [
            ("taken", "u-city", Some("u-city")),
            ("resolved", "system", Some("2026-11")),
            ("returned", "system", Some("2026-12")),
        ];
        assert_eq!(told, expected);
        // A month before, run again later, resolves nothing.
        let older = settle(&desk, run("2026-11-cccc", "2026-11")).await;
        assert!(older.older && older.resolved == 0);
        assert_eq!(of(&desk, 2).await.state, CaseState::Taken);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn what_somebody_closed_stays_closed_until_its_day_and_joining_is_looked_at_again() {
    for place in Place::all().await {
        let desk = place.open().await;
        let new = (1..=5).map(|subject| poor(subject, HA_DONG)).collect();
        desk.open_cases(&city_officer(), new, &To::Me, "form-open-1").await.unwrap();
        close(&desk, 1, Outcome::Exempt, Some("2026-12-31")).await;
        close(&desk, 2, Outcome::Joined, None).await;
        close(&desk, 3, Outcome::Refused, None).await;
        close(&desk, 4, Outcome::JoinsOnDate, Some("2026-11-15")).await;
        close(&desk, 5, Outcome::Dead, None).await;
        let states = async || {
            let mut states = Vec::new();
            for subject in 1..=5 {
                states.push(of(&desk, subject).await.state);
            }
            states
        };
        use CaseState::{Done, Reopened};
        // They were closed on the last day of October (the clock of the tests). All but the dead still found in October: too early to say.
        let found = |id: &str, period: &str, subjects: &[i64]| {
            let mut findings = run(id, period);
            subjects.iter().for_each(|subject| findings.add(key(POOR, *subject), POOR, *subject, Some(HA_DONG)));
            findings
        };
        settle(&desk, found("2026-10-aaaa", "2026-10", &[1, 2, 3, 4])).await;
        assert_eq!(states().await, [Done; 5]);
        assert_eq!(of(&desk, 5).await.gone_period.map(|p| p.to_string()), Some("2026-10".into()), "the register agrees");
        // In November the one who joined is still without a card, and so is who was to join on the 15th.
        settle(&desk, found("2026-11-aaaa", "2026-11", &[1, 2, 3, 4])).await;
        assert_eq!(states().await, [Done, Reopened, Done, Reopened, Done]);
        let why = desk.case_history(&city_officer(), &of(&desk, 2).await.id).await.unwrap().pop().unwrap();
        assert_eq!((why.what.as_str(), why.day), ("still_found", Some(day("2026-12-25"))));
        // The exemption holds to the end of December; who died and comes back is looked at.
        settle(&desk, found("2026-12-aaaa", "2026-12", &[1, 3, 5])).await;
        assert_eq!(states().await, [Done, Done, Done, Done, Reopened]);
        settle(&desk, found("2027-01-aaaa", "2027-01", &[1, 3])).await;
        assert_eq!(states().await, [Reopened, Done, Done, Done, Done]);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_case_follows_its_person_to_another_commune_and_another_number() {
    for place in Place::all().await {
        let desk = place.open().await;
        let new = vec![poor(1, HA_DONG), poor(8, HA_DONG), poor(9, HA_DONG), poor(7, HA_DONG)];
        desk.open_cases(&city_officer(), new, &To::Me, "form-open-1").await.unwrap();
        let mut findings = run("2026-11-aaaa", "2026-11");
        findings.add(key(POOR, 1), POOR, 1, Some(HOAN_KIEM));
        // 8 and 5 are one person, known as 5; 9 and 7 are one, and both had a case.
        findings.add(key(POOR, 5), POOR, 5, Some(HA_DONG));
        findings.add(key(POOR, 7), POOR, 7, Some(HA_DONG));
        findings.alias(8, 5);
        findings.alias(9, 7);
        let settled = settle(&desk, findings).await;
        assert_eq!((settled.resolved, settled.moved), (1, 2));
        let moved = of(&desk, 1).await;
        assert_eq!((moved.commune.unwrap().to_string().as_str(), moved.village), (HOAN_KIEM, None));
        let renumbered = of(&desk, 5).await;
        assert_eq!((renumbered.finding, renumbered.state), (key(POOR, 5), CaseState::Taken));
        assert_eq!((of(&desk, 9).await.outcome, of(&desk, 7).await.state), (Some(Outcome::Gone), CaseState::Taken));
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn outcomes_are_copied_for_the_run_and_counted_by_rule() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let new = vec![poor(1, HA_DONG), poor(2, HOAN_KIEM), poor(3, HA_DONG), wage(4, HA_DONG)];
        desk.open_cases(&city, new, &To::Me, "form-open-1").await.unwrap();
        close(&desk, 1, Outcome::Exempt, Some("2026-12-31")).await;
        close(&desk, 2, Outcome::Exempt, Some("2026-12-31")).await;
        close(&desk, 4, Outcome::Joined, None).await;
        settle(&desk, run("2026-11-aaaa", "2026-11")).await;
        let copy = desk.closed_cases_sorted(&Scope::system()).await.unwrap();
        assert!(copy.is_sorted());
        let mut told: Vec<_> = copy.iter().map(|case| (case.subject, case.outcome, case.day.map(|d| d.to_string()))).collect();
        told.sort();
        let until = Some("2026-12-31".to_owned());
        assert_eq!(told, [(1, Outcome::Exempt, until.clone()), (2, Outcome::Exempt, until), (4, Outcome::Joined, None)]);
        assert!(copy.iter().all(|case| case.closed_on.to_string() == "2026-10-31"), "{copy:?}");
        assert!(desk.closed_cases_sorted(&city).await.is_err());

        let by_rule = desk.rule_outcomes(&city).await.unwrap();
        let counts: Vec<_> = by_rule[POOR].iter().map(|one| (one.outcome, one.cases)).collect();
        assert_eq!(counts, [(Outcome::Exempt, 2), (Outcome::Gone, 1)]);
        assert_eq!(by_rule[WAGE][0].cases, 1);
        let staff = desk.rule_outcomes(&crate::support::commune_staff(HA_DONG)).await.unwrap();
        assert!(!staff.contains_key(WAGE) && staff[POOR][0].cases == 1);

        // By worker: what a run resolved is nobody's doing; a commune sees the part that is its own.
        let workers = desk.worker_outcomes(&city).await.unwrap();
        let told = |all: &[desk::WorkerOutcomes]| {
            let one = all.iter().map(|one| (one.open, one.closed.iter().map(|c| (c.outcome, c.cases)).collect::<Vec<_>>()));
            one.collect::<Vec<_>>()
        };
        assert_eq!(told(&workers), [(0, vec![(Outcome::Joined, 1), (Outcome::Exempt, 2)])]);
        assert_eq!(workers[0].worker, city.actor.0);
        let staff = desk.worker_outcomes(&crate::support::commune_staff(HA_DONG)).await.unwrap();
        assert_eq!(told(&staff), [(0, vec![(Outcome::Exempt, 1)])]);
        place.remove(desk).await;
    }
}
