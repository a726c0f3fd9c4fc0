//! How each task stands: its terms of a year, what was reported of them, what is late. A pure calculation: plan, calendar, reports and the
//! day come in.

use std::collections::BTreeMap;

use base::{Date, Month};
use desk::{Extension, ReportState, TaskReport};
use law::calc::Calendar;
use plan::data::{PlanData, PlanTask};
use plan::rhythm::{Rhythm, Window, occurrences};

/// What is known of one term of a task, from all who have to report it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TermState {
    /// Confirmed by all who owe it (có sản phẩm).
    Done,
    /// Begun: somebody wrote, submitted or was confirmed (một phần).
    Partly,
    /// Nothing yet, and not due yet (sẽ đến).
    Ahead,
    /// Not confirmed by all, and the day is over (quá hạn).
    Late,
}

/// One term of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// First and last day of the time it is about.
    pub(crate) span: (Date, Date),
    /// The day by which it is to be done, as the plan sets it.
    pub(crate) due: Date,
    /// The day to which it was put off by decision.
    pub(crate) put_off: Option<Date>,
    /// What is known of it.
    pub(crate) state: TermState,
    /// Whether it was due before the first period that was run here: nothing could be known of it then.
    pub(crate) before_first_run: bool,
    /// Units that reported, and how many of them are confirmed.
    pub(crate) reported: usize,
    /// Of them confirmed.
    pub(crate) confirmed: usize,
    /// Whether the holidays of its year are known.
    pub(crate) calendar_known: bool,
}

/// A task in a year.
#[derive(Debug, Clone)]
pub(crate) struct Standing<'a> {
    /// The task.
    pub(crate) task: &'a PlanTask,
    /// How many units owe each term.
    pub(crate) owing: usize,
    /// Its terms of the year, by day.
    pub(crate) terms: Vec<Term>,
}

/// How a task stands as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TaskState {
    /// A term is over and not done: since how many days the oldest.
    Late(i32),
    /// Nothing is late and something was begun.
    Doing,
    /// Every term up to today is done.
    OnTime,
    /// It has no term in the year: goes on all the time, or when somebody asks.
    NoTerm,
}

impl Term {
    /// The day by which it is to be done now.
    pub(crate) fn day(&self) -> Date {
        self.put_off.unwrap_or(self.due)
    }
}

impl Standing<'_> {
    /// The state as a whole on a day.
    pub(crate) fn state(&self, today: Date) -> TaskState {
        if self.terms.is_empty() {
            return TaskState::NoTerm;
        }
        if let Some(late) = self.terms.iter().find(|term| term.state == TermState::Late) {
            return TaskState::Late(late.day().days_until(today));
        }
        let began = self.terms.iter().any(|term| term.state == TermState::Partly);
        if began { TaskState::Doing } else { TaskState::OnTime }
    }

    /// The next term that is not done: a late one first.
    pub(crate) fn next(&self) -> Option<&Term> {
        self.terms.iter().find(|term| term.state != TermState::Done)
    }

    /// The state of a month: the worst of its terms; `None` where none is due.
    pub(crate) fn month(&self, month: Month) -> Option<TermState> {
        self.terms.iter().filter(|term| term.due.month() == month).map(|term| term.state).max()
    }
}

/// What is asked of all tasks.
pub(crate) struct Question<'a, 'r> {
    /// The plan.
    pub(crate) plan: &'a PlanData,
    /// Its year.
    pub(crate) year: i32,
    /// Today.
    pub(crate) today: Date,
    /// Last day of the first period that was run here.
    pub(crate) first_run: Option<Date>,
    /// Reports of the year.
    pub(crate) reports: &'r [TaskReport],
    /// Terms that were put off.
    pub(crate) extensions: &'r [Extension],
    /// How many communes there are: a task that all of them lead is owed by each.
    pub(crate) communes: usize,
}

/// All tasks of the plan in a year, in the plan's order.
pub(crate) fn standings<'a>(question: &Question<'a, '_>, calendar: &Calendar) -> Vec<Standing<'a>> {
    let mut by_term: BTreeMap<(&str, Date), Vec<&TaskReport>> = BTreeMap::new();
    for report in question.reports {
        by_term.entry((report.about.task.as_str(), report.about.term)).or_default().push(report);
    }
    let window = year(question);
    let of_task = |task: &'a PlanTask| {
        let owing = owing(question.plan, task, question.communes);
        let mut terms: Vec<Term> = Vec::new();
        for one in occurrences(&task.rhythms, window, calendar) {
            // Two rhythms may fall on one day ("hằng tháng, quý"): one report serves both, and the longer time is told.
            if let Some(same) = terms.iter_mut().find(|term| term.due == one.due) {
                same.span.0 = same.span.0.min(one.from);
                continue;
            }
            let found = by_term.get(&(task.id.as_str(), one.due)).map_or(&[][..], Vec::as_slice);
            let confirmed = found.iter().filter(|report| report.state == ReportState::Confirmed).count();
            let put_off = put_off(question.extensions, &task.id, one.due);
            let state = if confirmed >= owing {
                TermState::Done
            } else if put_off.unwrap_or(one.due) < question.today {
                TermState::Late
            } else if found.is_empty() {
                TermState::Ahead
            } else {
                TermState::Partly
            };
            terms.push(Term {
                span: (one.from, one.to),
                due: one.due,
                put_off,
                state,
                before_first_run: one.before_first_run == Some(true),
                reported: found.len(),
                confirmed,
                calendar_known: one.calendar_known,
            });
        }
        Standing { task, owing, terms }
    };
    let plan: &'a PlanData = question.plan;
    plan.tasks.iter().map(of_task).collect()
}

/// The day to which a term was put off.
fn put_off(extensions: &[Extension], task: &str, term: Date) -> Option<Date> {
    extensions.iter().find(|one| one.about.task == task && one.about.term == term).map(|one| one.new_term)
}

/// The days of the year.
fn year(question: &Question<'_, '_>) -> Window {
    let this = question.today.month();
    let january = this.plus(12 * (question.year - this.year()) + 1 - this.number());
    let from = question.plan.binds_from().map_or(january.first_day(), |day| day.max(january.first_day()));
    Window { from, to: january.plus(11).last_day(), first_run: question.first_run }
}

/// How many units owe a task's report: each that leads it, and each commune where communes lead.
fn owing(plan: &PlanData, task: &PlanTask, communes: usize) -> usize {
    let of = |lead: &String| {
        let many = plan.units.iter().any(|unit| unit.id == *lead && unit.kind == "commune");
        if many { communes } else { 1 }
    };
    task.leads.iter().map(of).sum::<usize>().max(1)
}

/// Whether a task has terms at all, or goes on without a day.
pub(crate) fn has_terms(task: &PlanTask) -> bool {
    !task.rhythms.iter().all(|rhythm| matches!(rhythm, Rhythm::Always(_) | Rhythm::OnDemand | Rhythm::Unclear(_)))
}
