//! Counts of the whole city's queues, from sums of changes that triggers keep beside the cases.

use base::{Area, Date, Scope};

use super::queue::{CaseQuery, Queue, own_unit, week_end};
use super::visible;
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Rows beyond those of the kinds there are, at which folding is worth its work.
const MANY: i64 = 20_000;

/// Counts all open cases anew; restoring needs it, since triggers are out of the way then.
const RECOUNT: [&str; 2] = [
    "DELETE FROM case_count",
    "INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n) \
     SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, snoozed_until, \
     count(*) FROM work_case WHERE state <> 'done' GROUP BY 1, 2, 3, 4, 5, 6",
];

/// Kinds whose sum is not the number of their cases.
const WRONG: &str = "SELECT count(*) FROM (SELECT 1 FROM (SELECT commune, unit, owned, reopened, due, snoozed_until, n FROM case_count \
     UNION ALL SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, \
     snoozed_until, -1 FROM work_case WHERE state <> 'done') both_sides \
     GROUP BY commune, unit, owned, reopened, due, snoozed_until HAVING sum(n) <> 0) kinds";

/// Whether a query is counted from sums: a queue of the whole city that asks for no single owner, rule or village, and for no selection.
pub(super) fn is_summed(scope: &Scope, query: &CaseQuery) -> bool {
    let CaseQuery { queue, commune, village, rule, owner, today: _, selection, spare_others } = query;
    let whole = commune.is_none() && village.is_none() && rule.is_none() && owner.is_none();
    let whole = whole && selection.is_none() && !spare_others;
    scope.area == Area::City && whole && !matches!(queue, Queue::Mine | Queue::Done)
}

/// How many cases each of some queues has, in one pass over the sums.
pub(super) async fn summed(tx: &mut Tx, scope: &Scope, queues: &[Queue], today: Date) -> Result<Vec<i64>, DeskError> {
    let mut sql = Sql::new("SELECT ");
    for (place, queue) in queues.iter().enumerate() {
        sql = sql.push(if place == 0 { "CAST(COALESCE(sum(CASE WHEN " } else { ", CAST(COALESCE(sum(CASE WHEN " });
        sql = of_queue(sql, scope, *queue, today).push(" THEN n END), 0) AS BIGINT)");
    }
    let row = tx.row(visible(sql.push(" FROM case_count WHERE "), scope)?).await?;
    let row = row.ok_or_else(|| DeskError::damaged("case_count", "a sum without a row"))?;
    (0..queues.len()).map(|place| row.int(place)).collect()
}

/// What a queue asks of a kind of case: the same as of a case ([`super::queue::condition`]).
fn of_queue(sql: Sql, scope: &Scope, queue: Queue, today: Date) -> Sql {
    let (today, week_end) = (today.to_string(), week_end(today).to_string());
    let awake = |sql: Sql| sql.push(" AND (snoozed_until IS NULL OR snoozed_until <= ").bind(today.as_str()).push(")");
    match queue {
        Queue::Unassigned => sql.push("owned = 0"),
        Queue::DueThisWeek => awake(sql.push("due >= ").bind(today.as_str()).push(" AND due <= ").bind(week_end.as_str())),
        Queue::Overdue => awake(sql.push("due < ").bind(today.as_str())),
        Queue::BackFromSnooze => sql.push("snoozed_until <= ").bind(today.as_str()),
        Queue::Reopened => sql.push("reopened = 1"),
        Queue::Unit => sql.push("unit = ").bind(own_unit(scope)),
        // Owners and closed cases have no sums ([`is_summed`]).
        Queue::Mine | Queue::Done => sql.push("1 = 0"),
        Queue::Open => sql.push("1 = 1"),
    }
}

/// Counts all open cases anew.
pub(crate) async fn recount(tx: &mut Tx) -> Result<(), DeskError> {
    for sql in RECOUNT {
        tx.execute(Sql::new(sql)).await?;
    }
    Ok(())
}

/// How many kinds have a sum that is not the number of their cases.
pub(crate) async fn wrong_sums(tx: &mut Tx) -> Result<i64, DeskError> {
    tx.row(Sql::new(WRONG)).await?.map_or(Ok(0), |row| row.int(0))
}

impl Desk {
    /// Folds the changes of each kind into one row where there are many; gives whether it did. The portal's worker calls it now and then.
    pub async fn fold_case_counts(&self) -> Result<bool, DeskError> {
        let system = Scope::system();
        let mut tx = self.store().read(&system).await?;
        let sql = "SELECT count(*), count(DISTINCT COALESCE(commune, '') || unit || owned || reopened || due || COALESCE(snoozed_until, '')) \
                   FROM case_count";
        let row = tx.row(Sql::new(sql)).await?.ok_or_else(|| DeskError::damaged("case_count", "a count without a row"))?;
        if row.int(0)? - row.int(1)? < MANY {
            return Ok(false);
        }
        drop(tx);
        let mut tx = self.store().write(&system).await?;
        tx.lock("case_count").await?;
        if tx.is_postgres() {
            tx.row(Sql::new("SELECT case_count_fold()::text")).await?;
        } else {
            let last = tx.row(Sql::new("SELECT max(rowid) FROM case_count")).await?.map_or(Ok(0), |row| row.int(0))?;
            let sql = Sql::new(
                "INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n) \
                 SELECT commune, unit, owned, reopened, due, snoozed_until, sum(n) FROM case_count WHERE rowid <= ",
            );
            tx.execute(sql.bind(last).push(" GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0")).await?;
            tx.execute(Sql::new("DELETE FROM case_count WHERE rowid <= ").bind(last)).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}
