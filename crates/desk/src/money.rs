//! Money of the plan's tasks (kinh phí, plan V, IV.4, IV.17): planned and spent by year, source and unit, in whole đồng.
//!
//! **Invariant:** rows are only added. A correction is the next version of an entry with its reason; the highest version counts.

use std::collections::BTreeMap;

use base::{CommuneCode, Date, Dong, DongError, Scope};
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Row;
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::task::{is_locked, own_commune};
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Where money comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneySource {
    /// The city's budget (ngân sách Thành phố).
    CityBudget,
    /// A commune's budget (ngân sách xã, phường).
    CommuneBudget,
    /// The insurance agency's: funds, costs of administration (quỹ BHXH, BHYT, chi phí quản lý).
    Insurance,
    /// Anything else (nguồn khác).
    Other,
}

impl MoneySource {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::CityBudget, Self::CommuneBudget, Self::Insurance, Self::Other];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::CityBudget => "city_budget",
            Self::CommuneBudget => "commune_budget",
            Self::Insurance => "insurance",
            Self::Other => "other",
        }
    }

    /// The source of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == word)
    }
}

/// Money of a task to be written down or corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTaskMoney {
    /// Id of the plan.
    pub plan: String,
    /// The task as the plan numbers it.
    pub task: String,
    /// The year.
    pub year: i32,
    /// Where it comes from.
    pub source: MoneySource,
    /// The version this corrects; 0 for the first.
    pub after: i64,
    /// Đồng planned.
    pub planned: Dong,
    /// Đồng spent so far.
    pub spent: Dong,
    /// Why it is corrected; of the first version a note, or none.
    pub reason: Option<String>,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// Money of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TaskMoney {
    /// UUIDv7.
    pub id: String,
    /// The task.
    pub task: String,
    /// The year.
    pub year: i32,
    /// Where it comes from.
    pub source: MoneySource,
    /// Desk unit that spends it.
    pub unit: String,
    /// Its commune, where it is one's.
    pub commune: Option<CommuneCode>,
    /// Counts corrections, from 1.
    pub version: i64,
    /// Đồng planned.
    pub planned: Dong,
    /// Đồng spent so far.
    pub spent: Dong,
    /// Why it was corrected, or a note.
    pub reason: Option<String>,
    /// Who wrote it, pseudonymous.
    pub made_by: String,
    /// Unix milliseconds.
    pub made_at: i64,
}

/// A sum of money.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct MoneyTotal {
    /// Đồng planned.
    pub planned: Dong,
    /// Đồng spent.
    pub spent: Dong,
}

/// Sums of entries by what is asked of each: by task, by source, by unit. The sums of any two ways are the same in all.
pub fn money_totals<K: Ord>(entries: &[TaskMoney], key: impl Fn(&TaskMoney) -> K) -> Result<BTreeMap<K, MoneyTotal>, DongError> {
    let mut totals: BTreeMap<K, MoneyTotal> = BTreeMap::new();
    for entry in entries {
        let total = totals.entry(key(entry)).or_default();
        total.planned = total.planned.checked_add(entry.planned)?;
        total.spent = total.spent.checked_add(entry.spent)?;
    }
    Ok(totals)
}

const SELECT: &str = "SELECT m.id, m.task, m.year, m.source, m.unit, m.commune, m.version, m.planned, m.spent, m.reason, m.made_by, \
                      m.made_at FROM task_money m WHERE ";
/// Nothing one task spends is larger; sums of many still fit.
const MOST: Dong = Dong::new(1_000_000_000_000_000);

impl Desk {
    /// Writes down or corrects money of a task of one's own unit. The same form again gives the same entry.
    pub async fn put_task_money(&self, scope: &Scope, new: &NewTaskMoney) -> Result<TaskMoney, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let (form, plan, task) = (client_tx(&new.client_tx)?, word("plan", &new.plan)?, word("task", &new.task)?);
        let reason = new.reason.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let reason = reason.map(|text| written("reason", text)).transpose()?;
        for (field, dong) in [("planned", new.planned), ("spent", new.spent)] {
            if dong < Dong::ZERO || dong > MOST {
                return Err(DeskError::Invalid { field, why: "must be 0 to 1,000,000 tỷ đồng" });
            }
        }
        let last = Date::new(new.year, 12, 31).map_err(|_| DeskError::Invalid { field: "year", why: "is no year" })?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("task_money {plan} {task} {} {}", new.year, scope.unit)).await?;
        let row = tx.row(Sql::new(SELECT).push("m.client_tx = ").bind(form.as_str())).await?;
        if let Some(known) = row.map(|row| from_row(&row)).transpose()? {
            let same = (&known.task, known.year, known.source, known.planned, known.spent)
                == (&task, new.year, new.source, new.planned, new.spent);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        if is_locked(&mut tx, &plan, last).await? {
            return refuse(PlanRefusal::Locked);
        }
        let sql = Sql::new("SELECT CAST(COALESCE(max(m.version), 0) AS BIGINT) FROM task_money m WHERE m.plan = ");
        let sql = sql.bind(plan.as_str()).push(" AND m.task = ").bind(task.as_str()).push(" AND m.year = ");
        let sql = sql.bind(i64::from(new.year)).push(" AND m.source = ").bind(new.source.as_str()).push(" AND m.unit = ");
        let before = tx.row(sql.bind(scope.unit.as_str())).await?.map_or(Ok(0), |row| row.int(0))?;
        if before != new.after {
            return refuse(PlanRefusal::Stale);
        }
        if before > 0 && reason.is_none() {
            return Err(DeskError::Invalid { field: "reason", why: "must say why it is corrected" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO task_money (id, client_tx, plan, task, year, source, unit, commune, version, planned, spent, reason, made_by, \
             made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            [
                id.as_str().into(),
                form.as_str().into(),
                plan.as_str().into(),
                task.as_str().into(),
                i64::from(new.year).into(),
                new.source.as_str().into(),
                scope.unit.as_str().into(),
                own_commune(scope).map(CommuneCode::as_str).into(),
                (before + 1).into(),
                new.planned.get().into(),
                new.spent.get().into(),
                reason.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let row = tx.row(Sql::new(SELECT).push("m.id = ").bind(id.as_str())).await?;
        let made = from_row(&row.ok_or(DeskError::NotFound { kind: "task_money" })?)?;
        let event = ReadEvent::new(AuditAction::RecordTaskMoney, "task_money").object(made.id.as_str()).word("task", &made.task);
        let event = event.count("version", made.version).client_tx(&form);
        self.commit_with(tx, scope, made.commune.iter().fold(event, |event, commune| event.commune(commune))).await?;
        Ok(made)
    }

    /// Money of a plan's tasks in a year as it stands, by task, source and unit. Who sees the whole city sees all of it, everybody else that
    /// of their unit and communes.
    pub async fn task_money(&self, scope: &Scope, plan: &str, year: i32) -> Result<Vec<TaskMoney>, DeskError> {
        let sql = " AND m.version = (SELECT max(x.version) FROM task_money x WHERE x.plan = m.plan AND x.task = m.task AND x.year = m.year \
                   AND x.source = m.source AND x.unit = m.unit) ORDER BY m.task, m.source, m.unit";
        self.money(scope, plan, year, sql).await
    }

    /// All versions of a year, the newest first.
    pub async fn task_money_history(&self, scope: &Scope, plan: &str, year: i32) -> Result<Vec<TaskMoney>, DeskError> {
        self.money(scope, plan, year, " ORDER BY m.made_at DESC, m.id DESC").await
    }

    async fn money(&self, scope: &Scope, plan: &str, year: i32, rest: &'static str) -> Result<Vec<TaskMoney>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT).push("m.plan = ").bind(plan).push(" AND m.year = ").bind(i64::from(year));
        let sql = sql.push(" AND (m.unit = ").bind(scope.unit.as_str()).push(" OR ").area("m.commune", &scope.area)?.push(")");
        tx.rows(sql.push(rest)).await?.iter().map(from_row).collect()
    }
}

fn from_row(row: &Row) -> Result<TaskMoney, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("task_money", what);
    Ok(TaskMoney {
        id: row.text(0)?,
        task: row.text(1)?,
        year: i32::try_from(row.int(2)?).map_err(|_| wrong("year")())?,
        source: MoneySource::from_word(&row.text(3)?).ok_or_else(wrong("source"))?,
        unit: row.text(4)?,
        commune: row.opt_text(5)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        version: row.int(6)?,
        planned: Dong::new(row.int(7)?),
        spent: Dong::new(row.int(8)?),
        reason: row.opt_text(9)?,
        made_by: row.text(10)?,
        made_at: row.int(11)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn entry(task: u8, source: usize, unit: u8, planned: i64, spent: i64) -> TaskMoney {
        TaskMoney {
            id: String::new(),
            task: format!("t{task}"),
            year: 2026,
            source: MoneySource::ALL[source],
            unit: format!("u{unit}"),
            commune: None,
            version: 1,
            planned: Dong::new(planned),
            spent: Dong::new(spent),
            reason: None,
            made_by: String::new(),
            made_at: 0,
        }
    }

    proptest! {
        #[test]
        fn sums_by_task_source_and_unit_are_the_same_in_all(
            rows in proptest::collection::vec((0u8..6, 0usize..4, 0u8..5, 0i64..1_000_000_000_000, 0i64..1_000_000_000_000), 0..40)
        ) {
            let entries: Vec<TaskMoney> = rows.iter().map(|(t, s, u, p, q)| entry(*t, *s, *u, *p, *q)).collect();
            let all = |totals: Vec<MoneyTotal>| {
                (totals.iter().map(|t| t.planned).sum::<Dong>(), totals.iter().map(|t| t.spent).sum::<Dong>())
            };
            let by_task = all(money_totals(&entries, |e| e.task.clone()).unwrap().into_values().collect());
            let by_source = all(money_totals(&entries, |e| e.source).unwrap().into_values().collect());
            let by_unit = all(money_totals(&entries, |e| e.unit.clone()).unwrap().into_values().collect());
            let plain = (Dong::new(rows.iter().map(|r| r.3).sum()), Dong::new(rows.iter().map(|r| r.4).sum()));
            prop_assert!(by_task == plain && by_source == plain && by_unit == plain);
        }
    }
}
