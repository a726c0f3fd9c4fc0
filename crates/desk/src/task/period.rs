//! Closed periods (khóa kỳ báo cáo): their reports stay as they are, and their figures are those of one run.

use base::{Date, RunId, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::word;
use crate::{Desk, DeskError};

/// A period to be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLock {
    /// Id of the plan.
    pub plan: String,
    /// `2026`, `2026-Q4` or `2026-10`.
    pub period: String,
    /// Its first day.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// The run whose figures it keeps, where there was one.
    pub run: Option<RunId>,
}

/// A period that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LockedPeriod {
    /// `2026`, `2026-Q4` or `2026-10`.
    pub period: String,
    /// Its first day.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// The run whose figures it keeps.
    pub run: Option<String>,
    /// Who closed it, pseudonymous.
    pub locked_by: String,
    /// Unix milliseconds.
    pub locked_at: i64,
}

impl Desk {
    /// Closes a period that is over. Closed twice it stays as it was closed first.
    pub async fn lock_plan_period(&self, scope: &Scope, new: &NewLock, today: Date) -> Result<(), DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        word("plan", &new.plan)?;
        word("period", &new.period)?;
        if new.last_day < new.first_day || today <= new.last_day {
            return Err(DeskError::Invalid { field: "period", why: "is not over yet" });
        }
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::with(
            "INSERT INTO plan_lock (plan, period, first_day, last_day, run, locked_by, locked_at) VALUES ($1, $2, $3, $4, $5, $6, $7) \
             ON CONFLICT (plan, period) DO NOTHING",
            [
                new.plan.as_str().into(),
                new.period.as_str().into(),
                new.first_day.to_string().into(),
                new.last_day.to_string().into(),
                new.run.as_ref().map(RunId::as_str).into(),
                scope.actor.0.as_str().into(),
                self.now().into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        let event = ReadEvent::new(AuditAction::LockPeriod, "plan").object(new.plan.as_str()).word("period", &new.period);
        self.commit_with(tx, scope, event).await.map(drop)
    }

    /// The closed periods of a plan, oldest first.
    pub async fn locked_periods(&self, scope: &Scope, plan: &str) -> Result<Vec<LockedPeriod>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT period, first_day, last_day, run, locked_by, locked_at FROM plan_lock WHERE plan = ");
        let mut locked = Vec::new();
        for row in tx.rows(sql.bind(plan).push(" ORDER BY first_day, last_day")).await? {
            let day = |at| row.text(at)?.parse::<Date>().map_err(|_| DeskError::damaged("plan_lock", "day"));
            let (first_day, last_day) = (day(1)?, day(2)?);
            let (period, run) = (row.text(0)?, row.opt_text(3)?);
            locked.push(LockedPeriod { period, first_day, last_day, run, locked_by: row.text(4)?, locked_at: row.int(5)? });
        }
        Ok(locked)
    }
}

/// Whether a term lies in a closed period.
pub(crate) async fn is_locked(tx: &mut Tx, plan: &str, term: Date) -> Result<bool, DeskError> {
    let term = term.to_string();
    let sql = Sql::new("SELECT period FROM plan_lock WHERE plan = ").bind(plan).push(" AND first_day <= ").bind(term.as_str());
    Ok(tx.row(sql.push(" AND last_day >= ").bind(term.as_str()).push(" LIMIT 1")).await?.is_some())
}
