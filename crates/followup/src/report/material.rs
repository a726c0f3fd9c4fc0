//! What a report is made of, gathered from plan, run and desk. Nothing here reads anything.

use base::{Date, Dong, Month};
use desk::{ReportState, ReportWords};
use plan::data::{PlanData, PlanTask};
use plan::figures::FigureUnit;
use plan::indicators::Direction;
use web::Percent;

use super::layout::Whose;
use super::road::Road;
use super::words;
use crate::duties::DutyTerm;
use crate::figures::Value;
use crate::period::Period;
use crate::standing::{TaskState, Term, TermState};

/// Everything a report says.
#[derive(Debug, Clone)]
pub(super) struct Material<'a> {
    pub(super) plan: &'a PlanData,
    pub(super) period: Period,
    pub(super) whose: Whose,
    /// The day for which it is told what is late: today, or the last day of a period that is over.
    pub(super) on: Date,
    /// The month in which it is issued, while its day is open.
    pub(super) issued: Month,
    /// The run whose figures it has.
    pub(super) run: Option<RunName>,
    /// Year of the plan's last target.
    pub(super) last_year: i32,
    pub(super) indicators: Vec<IndicatorRow>,
    pub(super) tasks: Vec<TaskRow<'a>>,
    /// Data that units owe, with the terms of the period and those missing from before; in the report on the whole plan.
    pub(super) duties: Vec<DutyRow>,
    /// Money written down for the year.
    pub(super) money: Vec<MoneyRow>,
}

/// Data that a unit owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct DutyRow {
    /// Name of the unit.
    pub(super) from: String,
    /// What it owes.
    pub(super) what: String,
    /// A term of it.
    pub(super) term: DutyTerm,
}

/// Money of a task from one source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MoneyRow {
    pub(super) task: String,
    pub(super) source: &'static str,
    /// Name of the unit that spends it.
    pub(super) unit: String,
    pub(super) planned: Dong,
    pub(super) spent: Dong,
}

/// A run by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RunName {
    pub(super) id: String,
    pub(super) month: Month,
}

impl RunName {
    /// As notes name it: `Lần chạy 2026-10-7f3a9c21, số liệu đến hết 31/10/2026`.
    pub(super) fn words(&self) -> String {
        format!("Lần chạy {}, số liệu đến hết {}", self.id, words::date(self.month.last_day()))
    }
}

/// An indicator of the plan in the area of the report.
#[derive(Debug, Clone)]
pub(super) struct IndicatorRow {
    pub(super) id: String,
    /// Its place in the plan: 1 for I1.
    pub(super) order: u32,
    pub(super) name: String,
    pub(super) short: String,
    pub(super) counted: String,
    pub(super) assigned: bool,
    pub(super) direction: Direction,
    /// What is counted, or why nothing is.
    pub(super) value: Result<Value, String>,
    pub(super) road: Road,
    /// Document of the year's target.
    pub(super) document: Option<String>,
    /// The plan's share of the last year, and whether it must be passed.
    pub(super) last: Option<Percent>,
    pub(super) over: bool,
    /// The page that opens its rows.
    pub(super) opens: String,
}

impl IndicatorRow {
    /// The share; none without a value.
    pub(super) fn share(&self) -> Option<Percent> {
        let value = self.value.as_ref().ok()?;
        Percent::of(value.value?, value.over?)
    }
}

/// A task with how it stands.
#[derive(Debug, Clone)]
pub(super) struct TaskRow<'a> {
    pub(super) task: &'a PlanTask,
    /// Names of who leads it.
    pub(super) leads: Vec<String>,
    pub(super) state: TaskState,
    /// How many units owe each term.
    pub(super) owing: usize,
    /// Its terms of the year.
    pub(super) terms: Vec<Term>,
    /// Reports on terms of the period, and on late ones.
    pub(super) reports: Vec<ReportRow>,
    pub(super) figures: Vec<FigureRow>,
}

impl TaskRow<'_> {
    /// What is to be done, as a heading.
    pub(super) fn title(&self) -> &str {
        self.task.content.vi.trim_end_matches('.')
    }

    /// The oldest term that is over and not done.
    pub(super) fn late(&self) -> Option<&Term> {
        self.terms.iter().find(|term| term.state == TermState::Late)
    }

    /// Its terms due within two days.
    pub(super) fn due(&self, (first, last): (Date, Date)) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.day() >= first && term.day() <= last)
    }
}

/// What a unit reported.
#[derive(Debug, Clone)]
pub(super) struct ReportRow {
    /// Name of the unit.
    pub(super) unit: String,
    /// Whether it is a commune.
    pub(super) commune: bool,
    pub(super) term: Date,
    pub(super) state: ReportState,
    pub(super) words: ReportWords,
    /// Names of its evidence.
    pub(super) evidence: Vec<String>,
}

/// A figure of a task.
#[derive(Debug, Clone)]
pub(super) struct FigureRow {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) unit: FigureUnit,
    pub(super) value: Result<Value, String>,
    /// Whether what the plan asks is reached.
    pub(super) reached: Option<bool>,
    /// What the plan asks, in words; empty where it asks nothing.
    pub(super) asked: String,
    /// Whether it was counted on the desk instead of in a run.
    pub(super) on_desk: bool,
    pub(super) opens: Option<String>,
}

impl FigureRow {
    /// As it is printed.
    pub(super) fn shown(&self) -> Result<String, String> {
        let value = self.value.as_ref().map_err(Clone::clone)?;
        let none = || "thiếu tử số hoặc mẫu số".to_owned();
        let count = value.value.ok_or_else(none)?;
        Ok(match self.unit {
            FigureUnit::Share => words::percent(Percent::of(count, value.over.ok_or_else(none)?).ok_or_else(none)?),
            FigureUnit::Count | FigureUnit::People => match value.over {
                Some(over) => format!("{}/{}", words::number(count), words::number(over)),
                None => words::number(count),
            },
            FigureUnit::Dong => format!("{} đồng", words::number(count)),
        })
    }

    /// The word behind it: `96 người`.
    pub(super) fn after(&self) -> &'static str {
        if self.unit == FigureUnit::People { " người" } else { "" }
    }
}
