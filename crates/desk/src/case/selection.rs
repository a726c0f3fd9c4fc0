//! Cases ticked one by one: a selection of one user, kept under the number of its form over pages and filters, until a day after its last
//! change or until the bulk that works on it has ended.

use std::collections::BTreeSet;

use base::Scope;

use super::queue::{condition, counted};
use super::settle::day_of;
use super::{CaseQuery, Queue, visible};
use crate::access::{Permission, require};
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// Cases of one selection at most: more are changed by their query.
pub const SELECTED_CASES: i64 = 10_000;
/// How long a selection is kept after its last change, in milliseconds.
const KEPT: i64 = 24 * 3_600_000;
/// Ids of one statement; an area of many communes takes most of its binds.
const AT_ONCE: usize = 15;

/// Selections over their time on which no bulk works any more, nor was given up and may be let try again; what they hold goes first.
const FORGET: [&str; 2] = [
    "DELETE FROM case_selection_case WHERE selection IN (SELECT s.client_tx FROM case_selection s WHERE s.until_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM job j WHERE j.client_tx = s.bulk AND (j.finished_at IS NULL OR j.failed IS NOT NULL)))",
    "DELETE FROM case_selection WHERE until_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM job j WHERE j.client_tx = case_selection.bulk AND (j.finished_at IS NULL OR j.failed IS NOT NULL))",
];

/// What a selection holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selected {
    /// Its cases that are open to who asks.
    pub count: i64,
    /// Those of them that were asked about.
    pub ticked: BTreeSet<String>,
}

impl Desk {
    /// Takes over what was ticked among the cases shown: the ticked ones are in the selection afterwards, the others are not. What is not
    /// open to who asks stays out. Gives how many cases it holds.
    ///
    /// An error about the field `selection` is one that was used, is over its time or is somebody else's; about `selection_size`, one of
    /// more than [`SELECTED_CASES`].
    pub async fn select_cases(
        &self,
        scope: &Scope,
        selection: &str,
        shown: &[String],
        ticked: &BTreeSet<String>,
    ) -> Result<i64, DeskError> {
        let (mut tx, selection) = self.open_selection(scope, selection).await?;
        let left: Vec<&str> = shown.iter().filter(|id| !ticked.contains(*id)).map(String::as_str).collect();
        for part in left.chunks(AT_ONCE) {
            let sql = Sql::new("DELETE FROM case_selection_case WHERE selection = ").bind(selection.as_str());
            tx.execute(sql.push(" AND case_id IN ").list(part.iter().copied())).await?;
        }
        let ticked: Vec<&str> = ticked.iter().map(String::as_str).collect();
        for part in ticked.chunks(AT_ONCE) {
            let sql = add(&selection).push("id IN ").list(part.iter().copied()).push(" AND ");
            tx.execute(visible(sql, scope)?.push(ONCE)).await?;
        }
        finish(tx, scope, &selection).await
    }

    /// Adds all cases of a query to a selection; the errors are those of [`Desk::select_cases`].
    pub async fn select_query(&self, scope: &Scope, selection: &str, query: &CaseQuery) -> Result<i64, DeskError> {
        let (mut tx, selection) = self.open_selection(scope, selection).await?;
        // Before a million ids are written to be thrown away.
        if counted(&mut tx, scope, query).await? > SELECTED_CASES {
            return Err(TOO_MANY);
        }
        tx.execute(condition(add(&selection), scope, query)?.push(ONCE)).await?;
        finish(tx, scope, &selection).await
    }

    /// Empties a selection.
    pub async fn clear_selection(&self, scope: &Scope, selection: &str) -> Result<(), DeskError> {
        let (mut tx, selection) = self.open_selection(scope, selection).await?;
        tx.execute(Sql::new("DELETE FROM case_selection_case WHERE selection = ").bind(selection)).await?;
        tx.commit().await
    }

    /// What a selection holds, and which of some cases are in it; an empty one where nothing was ticked yet. `None` where it can no longer be
    /// used: a bulk has it, its time is over, or it is somebody else's.
    pub async fn selected(&self, scope: &Scope, selection: &str, asked: &[&str]) -> Result<Option<Selected>, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT actor, bulk, until_at FROM case_selection WHERE client_tx = ").bind(selection);
        let Some(row) = tx.row(sql).await? else { return Ok(Some(Selected::default())) };
        if row.text(0)? != scope.actor.0 || row.opt_text(1)?.is_some() || row.int(2)? < self.now() {
            return Ok(None);
        }
        let mut ticked = BTreeSet::new();
        for part in asked.chunks(AT_ONCE) {
            let sql = Sql::new("SELECT case_id FROM case_selection_case WHERE selection = ").bind(selection);
            for row in tx.rows(sql.push(" AND case_id IN ").list(part.iter().copied())).await? {
                ticked.insert(row.text(0)?);
            }
        }
        Ok(Some(Selected { count: size(&mut tx, scope, selection).await?, ticked }))
    }

    /// Forgets all selections over their time. The portal's worker calls it now and then.
    pub async fn forget_selections(&self) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        forget(&mut tx, self.now()).await?;
        tx.commit().await
    }

    /// A transaction in which a selection of who asks is there, to be changed, and its time begins anew.
    async fn open_selection(&self, scope: &Scope, selection: &str) -> Result<(Tx, String), DeskError> {
        require(scope, Permission::WorkCases)?;
        let selection = client_tx(selection)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&selection).await?;
        let now = self.now();
        forget(&mut tx, now).await?;
        let actor = scope.actor.0.as_str();
        let sql =
            "INSERT INTO case_selection (client_tx, actor, until_at) VALUES ($1, $2, $3) ON CONFLICT (client_tx) DO NOTHING";
        tx.execute(Sql::with(sql, [selection.as_str().into(), actor.into(), (now + KEPT).into()])).await?;
        let sql = "UPDATE case_selection SET until_at = $1 WHERE client_tx = $2 AND actor = $3 AND bulk IS NULL";
        let open = tx.execute(Sql::with(sql, [(now + KEPT).into(), selection.as_str().into(), actor.into()])).await?;
        if open == 0 { Err(USED) } else { Ok((tx, selection)) }
    }
}

const USED: DeskError = DeskError::Invalid { field: "selection", why: "was used, is over its time or is somebody else's" };
const TOO_MANY: DeskError = DeskError::Invalid { field: "selection_size", why: "holds more than 10000 cases" };

/// Ends an insert: what is in already stays.
const ONCE: &str = " ON CONFLICT (selection, case_id) DO NOTHING";

/// Begins an insert of cases into a selection; their condition is still to be added.
fn add(selection: &str) -> Sql {
    let sql = Sql::new("INSERT INTO case_selection_case (selection, case_id) SELECT ").bind(selection);
    sql.push(", id FROM work_case WHERE ")
}

/// Commits what was added, unless it is too much.
async fn finish(mut tx: Tx, scope: &Scope, selection: &str) -> Result<i64, DeskError> {
    let count = size(&mut tx, scope, selection).await?;
    if count > SELECTED_CASES {
        return Err(TOO_MANY);
    }
    tx.commit().await?;
    Ok(count)
}

/// Cases of a selection of who asks, as far as they are open to them.
async fn size(tx: &mut Tx, scope: &Scope, selection: &str) -> Result<i64, DeskError> {
    // As a bulk would count it; a selection asks for no day.
    let query = CaseQuery { selection: Some(selection.to_owned()), ..CaseQuery::of(Queue::Open, day_of(0)) };
    counted(tx, scope, &query).await
}

/// Adds the condition that a case is in a selection of who asks.
pub(super) fn chosen(sql: Sql, scope: &Scope, selection: &str) -> Sql {
    let sql = sql.push("id IN (SELECT p.case_id FROM case_selection_case p JOIN case_selection s ON s.client_tx = p.selection");
    sql.push(" WHERE p.selection = ").bind(selection).push(" AND s.actor = ").bind(scope.actor.0.as_str()).push(")")
}

/// Gives a selection to a bulk: it stays as it is until that has ended. One of another bulk, or over its time, is refused.
pub(super) async fn give(tx: &mut Tx, scope: &Scope, selection: &str, bulk: &str, now: i64) -> Result<(), DeskError> {
    let sql = "UPDATE case_selection SET bulk = $1 WHERE client_tx = $2 AND actor = $3 AND until_at >= $4 \
               AND (bulk IS NULL OR bulk = $1)";
    let binds = [bulk.into(), selection.into(), scope.actor.0.as_str().into(), now.into()];
    if tx.execute(Sql::with(sql, binds)).await? == 0 { Err(USED) } else { Ok(()) }
}

async fn forget(tx: &mut Tx, now: i64) -> Result<(), DeskError> {
    for sql in FORGET {
        tx.execute(Sql::with(sql, [now.into()])).await?;
    }
    Ok(())
}
