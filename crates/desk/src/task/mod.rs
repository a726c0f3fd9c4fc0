//! Reports of the plan's tasks (báo cáo thực hiện nhiệm vụ): drafted by a unit for a term, submitted, confirmed or returned, closed with the
//! period.

mod change;
mod evidence;
mod history;
mod period;
mod submitted;
mod term;
mod text;

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

pub(crate) use change::own_commune;
pub(crate) use evidence::checked_file;
pub(crate) use period::is_locked;

pub use change::{ReportChange, ReportRefusal, ReportWords};
pub use evidence::{Evidence, EvidenceKind, NewEvidence};
pub use history::ReportEvent;
pub use period::{LockedPeriod, NewLock};
pub use term::{Extension, NewExtension, NewReminder, Reminder, ReminderHow, ReminderKind};
pub use text::{PlanReport, PlanText};

use crate::access::{Permission, require};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What a report is about: a task of a plan and the day it is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct TaskTerm {
    /// Id of the plan: `hanoi-2026-2030`.
    pub plan: String,
    /// The task as the plan numbers it: `2a`.
    pub task: String,
    /// The day it is due.
    pub term: Date,
}

/// Where a report stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    /// Being written (dự thảo).
    Draft,
    /// Submitted (đã gửi).
    Submitted,
    /// Confirmed by who follows the plan (đã xác nhận).
    Confirmed,
    /// Returned with a reason (trả lại).
    Returned,
}

impl ReportState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Draft, Self::Submitted, Self::Confirmed, Self::Returned];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Confirmed => "confirmed",
            Self::Returned => "returned",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskReport {
    /// UUIDv7.
    pub id: String,
    /// Task and term.
    pub about: TaskTerm,
    /// Desk unit that reports.
    pub unit: String,
    /// Its commune, where it is one's.
    pub commune: Option<CommuneCode>,
    /// Where it stands.
    pub state: ReportState,
    /// What it says.
    pub words: ReportWords,
    /// Who changed it last, pseudonymous.
    pub changed_by: String,
    /// Counts changes, from 1.
    pub version: i64,
    /// Unix milliseconds of the last change.
    pub changed_at: i64,
}

const COLUMNS: &str = "id, plan, task, term, unit, commune, state, done, hindered, proposed, changed_by, version, changed_at";

impl Desk {
    /// Reports of a plan whose terms lie between two days, both in it, by term, task and unit. Who sees the whole city sees all of them,
    /// everybody else those of their unit and communes. They say nothing of people.
    pub async fn task_reports(&self, scope: &Scope, plan: &str, first: Date, last: Date) -> Result<Vec<TaskReport>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM task_report WHERE plan = ").bind(plan);
        let sql = sql.push(" AND term >= ").bind(first.to_string()).push(" AND term <= ").bind(last.to_string()).push(" AND ");
        reports(&mut tx, visible(sql, scope)?.push(" ORDER BY term, task, unit")).await
    }

    /// A report with its evidence and history, oldest first.
    pub async fn task_report(&self, scope: &Scope, id: &str) -> Result<(TaskReport, Vec<Evidence>, Vec<ReportEvent>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let report = one(&mut tx, scope, id).await?;
        Ok((report, evidence::of(&mut tx, id).await?, history::of(&mut tx, id).await?))
    }

    /// The report of one's own unit about a task and term, where there is one.
    pub async fn own_task_report(&self, scope: &Scope, about: &TaskTerm) -> Result<Option<TaskReport>, DeskError> {
        require(scope, Permission::ReportTasks)?;
        own(&mut self.store().read(scope).await?, scope, about).await
    }
}

/// Adds the condition that a report is open to who asks.
fn visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    let sql = sql.push("(unit = ").bind(scope.unit.as_str()).push(" OR ");
    Ok(sql.area("commune", &scope.area)?.push(")"))
}

/// One report that is open to who asks.
async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<TaskReport, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM task_report WHERE id = ").bind(id).push(" AND ");
    reports(tx, visible(sql, scope)?).await?.pop().ok_or(DeskError::NotFound { kind: "task_report" })
}

async fn own(tx: &mut Tx, scope: &Scope, about: &TaskTerm) -> Result<Option<TaskReport>, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM task_report WHERE plan = ").bind(about.plan.as_str());
    let sql = sql.push(" AND task = ").bind(about.task.as_str()).push(" AND term = ").bind(about.term.to_string());
    Ok(reports(tx, sql.push(" AND unit = ").bind(scope.unit.as_str())).await?.pop())
}

async fn reports(tx: &mut Tx, sql: Sql) -> Result<Vec<TaskReport>, DeskError> {
    tx.rows(sql).await?.iter().map(report_from).collect()
}

fn report_from(row: &Row) -> Result<TaskReport, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("task_report", what);
    let term = row.text(3)?.parse().map_err(|_| wrong("term")())?;
    Ok(TaskReport {
        id: row.text(0)?,
        about: TaskTerm { plan: row.text(1)?, task: row.text(2)?, term },
        unit: row.text(4)?,
        commune: row.opt_text(5)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        state: ReportState::from_word(&row.text(6)?).ok_or_else(wrong("state"))?,
        words: ReportWords { done: row.text(7)?, hindered: row.text(8)?, proposed: row.text(9)? },
        changed_by: row.text(10)?,
        version: row.int(11)?,
        changed_at: row.int(12)?,
    })
}
