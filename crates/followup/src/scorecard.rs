//! Scorecards (đánh giá kết quả): what a unit did of what it owed, part by part. There is no sum of the parts: the plan judges units by their
//! results and gives no weights.

use std::collections::BTreeMap;

use base::{CommuneCode, Date};
use chapter::day_in_hanoi;
use desk::{ReportState, TaskReport};
use plan::data::{PlanData, PlanUnit};

use crate::duties::{DutyStanding, DutyState};
use crate::standing::{Standing, Term};
use crate::who::is_of;

/// Whose scorecard it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Whose<'a> {
    /// A unit of the plan.
    Unit(&'a PlanUnit),
    /// A commune.
    Commune(&'a CommuneCode),
}

/// The parts of a scorecard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Score {
    /// Tasks that the unit leads.
    pub(crate) tasks: usize,
    /// Terms up to today that it owed.
    pub(crate) owed: usize,
    /// Of them confirmed.
    pub(crate) confirmed: usize,
    /// Of them submitted by their day.
    pub(crate) on_time: usize,
    /// Of them not confirmed, and from before the first run: nobody could know of them.
    pub(crate) unknown: usize,
    /// Days late of what was submitted late or is not yet submitted, one after another.
    pub(crate) days_late: i64,
    /// Terms behind those days.
    pub(crate) late: usize,
    /// Reports that stand returned.
    pub(crate) returned: usize,
    /// Terms of data up to today, came by their day, came late, missing.
    pub(crate) data: DataScore,
}

/// The part about data.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct DataScore {
    /// Came by their day.
    pub(crate) came: usize,
    /// Came after it.
    pub(crate) came_late: usize,
    /// Missing.
    pub(crate) missing: usize,
}

/// What scorecards are made of.
pub(crate) struct Facts<'a, 'r> {
    /// The plan.
    pub(crate) plan: &'a PlanData,
    /// Its tasks in the year.
    pub(crate) standings: &'r [Standing<'a>],
    /// Reports of the year.
    pub(crate) reports: &'r [TaskReport],
    /// When each was first submitted.
    pub(crate) submitted: &'r BTreeMap<String, i64>,
    /// Data that is owed.
    pub(crate) duties: &'r [DutyStanding<'a>],
    /// Today.
    pub(crate) today: Date,
}

impl Facts<'_, '_> {
    /// The scorecard of a unit or a commune.
    pub(crate) fn score(&self, whose: &Whose<'_>) -> Score {
        let mut score = Score::default();
        for standing in self.standings {
            let leads = |unit: &&PlanUnit| standing.task.leads.contains(&unit.id);
            let Some(unit) = self.plan.units.iter().filter(leads).find(|unit| whose.is(unit)) else { continue };
            score.tasks += 1;
            for term in standing.terms.iter().filter(|term| term.day() < self.today) {
                let own = self.reports.iter().find(|report| {
                    report.about.task == standing.task.id && report.about.term == term.due && whose.wrote(self.plan, unit, report)
                });
                self.count(&mut score, term, own);
            }
        }
        if let Whose::Unit(unit) = whose {
            for standing in self.duties.iter().filter(|one| one.duty.from == unit.id) {
                for term in &standing.terms {
                    match term.state {
                        DutyState::Came if term.due < self.today => score.data.came += 1,
                        DutyState::CameLate(_) => score.data.came_late += 1,
                        DutyState::Late(_) => score.data.missing += 1,
                        DutyState::Came | DutyState::Ahead | DutyState::NoData => {}
                    }
                }
            }
        }
        score
    }

    fn count(&self, score: &mut Score, term: &Term, own: Option<&TaskReport>) {
        score.owed += 1;
        let confirmed = own.is_some_and(|report| report.state == ReportState::Confirmed);
        score.confirmed += usize::from(confirmed);
        score.returned += usize::from(own.is_some_and(|report| report.state == ReportState::Returned));
        let day = own.and_then(|report| self.submitted.get(&report.id)).map(|at| day_in_hanoi(*at));
        if own.is_none() && term.before_first_run {
            score.unknown += 1;
            return;
        }
        // Who has not submitted is late up to today.
        let late = term.day().days_until(day.unwrap_or(self.today));
        if late > 0 {
            score.late += 1;
            score.days_late += i64::from(late);
        } else {
            score.on_time += 1;
        }
    }
}

impl Whose<'_> {
    fn is(&self, unit: &PlanUnit) -> bool {
        match self {
            Self::Unit(own) => own.id == unit.id,
            Self::Commune(_) => unit.kind == "commune",
        }
    }

    fn wrote(&self, plan: &PlanData, unit: &PlanUnit, report: &TaskReport) -> bool {
        match self {
            Self::Unit(_) => is_of(plan, unit, report),
            Self::Commune(code) => report.commune.as_ref() == Some(*code),
        }
    }
}

#[cfg(test)]
mod tests {
    use desk::{ReportWords, TaskTerm};
    use plan::data::Known;

    use super::*;
    use crate::standing::TermState;

    fn plan() -> PlanData {
        PlanData::load("plan", include_str!("../../../plan/hanoi-2026-2030.yaml"), Known::default()).unwrap()
    }

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn term(due: &str, before_first_run: bool) -> Term {
        Term {
            span: (day("2026-01-01"), day(due)),
            due: day(due),
            put_off: None,
            state: TermState::Late,
            before_first_run,
            reported: 0,
            confirmed: 0,
            calendar_known: true,
        }
    }

    fn report(id: &str, task: &str, due: &str, state: ReportState, commune: Option<&str>) -> TaskReport {
        TaskReport {
            id: id.into(),
            about: TaskTerm { plan: "p".into(), task: task.into(), term: day(due) },
            unit: commune.map_or_else(|| "so-noi-vu".to_owned(), |code| format!("xa-{code}")),
            commune: commune.and_then(CommuneCode::parse),
            state,
            words: ReportWords::default(),
            changed_by: "u".into(),
            version: 1,
            changed_at: 0,
        }
    }

    /// Noon in Hà Nội of a day.
    fn noon(text: &str) -> i64 {
        i64::from(day(text).days_since_epoch()) * 86_400_000 + 5 * 3_600_000
    }

    #[test]
    fn a_unit_is_told_part_by_part() {
        let plan = plan();
        let task = plan.task("3b").unwrap();
        let terms = ["2026-06-30", "2026-07-31", "2026-08-31", "2026-09-30", "2026-12-31"];
        let terms = terms.iter().enumerate().map(|(at, due)| term(due, at == 0)).collect();
        let standings = [Standing { task, owing: 1, terms }];
        let reports = [
            report("a", "3b", "2026-07-31", ReportState::Confirmed, None),
            report("b", "3b", "2026-08-31", ReportState::Returned, None),
        ];
        let submitted = BTreeMap::from([("a".to_owned(), noon("2026-07-31")), ("b".to_owned(), noon("2026-09-05"))]);
        let facts = Facts {
            plan: &plan,
            standings: &standings,
            reports: &reports,
            submitted: &submitted,
            duties: &[],
            today: day("2026-10-10"),
        };
        let score = facts.score(&Whose::Unit(plan.unit("so-noi-vu").unwrap()));
        assert_eq!((score.tasks, score.owed, score.confirmed, score.on_time, score.unknown), (1, 4, 1, 1, 1));
        // August was submitted five days late; September is ten days late and not there.
        assert_eq!((score.late, score.days_late, score.returned), (2, 15, 1));
        assert_eq!(score.owed, score.on_time + score.late + score.unknown, "the parts add up");
        assert_eq!(facts.score(&Whose::Unit(plan.unit("so-y-te").unwrap())).owed, 0);
    }

    #[test]
    fn each_commune_is_told_by_its_own_reports() {
        let plan = plan();
        let task = plan.task("3c").unwrap();
        let standings = [Standing { task, owing: 126, terms: vec![term("2026-09-30", false)] }];
        let reports = [report("a", "3c", "2026-09-30", ReportState::Confirmed, Some("00004"))];
        let submitted = BTreeMap::from([("a".to_owned(), noon("2026-09-30"))]);
        let facts = Facts {
            plan: &plan,
            standings: &standings,
            reports: &reports,
            submitted: &submitted,
            duties: &[],
            today: day("2026-10-10"),
        };
        let (own, other) = (CommuneCode::parse("00004").unwrap(), CommuneCode::parse("00008").unwrap());
        assert_eq!(facts.score(&Whose::Commune(&own)).on_time, 1);
        let late = facts.score(&Whose::Commune(&other));
        assert_eq!((late.on_time, late.late, late.days_late), (0, 1, 10));
    }
}
