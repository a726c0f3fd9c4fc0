//! One change for all cases of a saved query: in chunks, refused row by row, with totals that add up.
//!
//! The selection is the query and not a list of ids, so it holds over all pages; a query may ask for the cases that somebody ticked
//! (`super::selection`). Cases are looked at in the order of their ids, each once; what was opened after the start is left out. How far it is stands in the store with each chunk: a bulk that was interrupted goes on
//! where it stopped, and one that is sent again after its end gives the same totals. The day of the query is part of what was asked.

use base::Scope;
use serde::Serialize;

use super::change::Ready;
use super::history::NewEvent;
use super::queue::{condition, counted};
use super::selection::give;
use super::{Allowed, COLUMNS, Case, CaseQuery, Change, Refusal, cases};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// Cases of one transaction: as many ids as one statement names beside its other values.
const CHUNK: i64 = 140;
/// Refusals of one statement.
const REFUSED_ROWS: usize = 50;

/// What came of a change of many cases so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BulkDone {
    /// What is done: the word of the history.
    pub what: String,
    /// Cases the query had at the start.
    pub total: i64,
    /// Cases changed.
    pub done: i64,
    /// Cases left as they are, each with its reason.
    pub refused: i64,
    /// Whether it has come to its end.
    pub finished: bool,
    /// Whether it was given up before its end: the word of [`crate::JobDone`].
    pub stopped: Option<String>,
}

impl BulkDone {
    /// Cases that somebody else changed while it ran, so that they are no longer of the query; all of the rest until it has ended.
    pub fn slipped(&self) -> i64 {
        self.total - self.done - self.refused
    }
}

/// A case that a bulk left as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// The case.
    pub case: String,
    /// Why.
    pub why: Refusal,
}

/// A bulk at work.
struct Job {
    done: BulkDone,
    started_at: i64,
    cursor: String,
}

impl Desk {
    /// Changes all cases of a query. `progress` is told after each chunk.
    pub async fn change_cases(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        change: &Change,
        allowed: &Allowed,
        form: &str,
        progress: &(dyn Fn(&BulkDone) + Sync),
    ) -> Result<BulkDone, DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let ready = self.ready(scope, change, query.today).await?;
        let mut job = self.begin(scope, query, &ready, &form, None).await?;
        while !job.done.finished {
            self.chunk(scope, query, &ready, allowed, &form, &mut job).await?;
            progress(&job.done);
        }
        Ok(job.done)
    }

    /// Begins a change of all cases of a query and leaves the work to [`Desk::work`]: what was asked and the job stand in one transaction,
    /// so that it comes to its end whatever happens to the program. The same form again gives how far it is.
    ///
    /// `confirmed` is how many cases who asks was told of; where there are others now, nothing is begun ([`DeskError::CountDrifted`]).
    pub async fn start_bulk(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        change: &Change,
        confirmed: i64,
        form: &str,
    ) -> Result<BulkDone, DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let ready = self.ready(scope, change, query.today).await?;
        Ok(self.begin(scope, query, &ready, &form, Some(confirmed)).await?.done)
    }

    /// Does a bulk that stands in a job to its end. What was asked is what the job says: it is not held against the hash of its form, which
    /// another version of the program may have made.
    pub(crate) async fn finish_bulk(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        change: &Change,
        allowed: &Allowed,
        form: &str,
    ) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let ready = self.ready(scope, change, query.today).await?;
        let known = known(&mut self.store().read(scope).await?, scope, form, false).await?;
        let (mut job, _) = known.ok_or(DeskError::NotFound { kind: "bulk" })?;
        while !job.done.finished {
            self.chunk(scope, query, &ready, allowed, form, &mut job).await?;
        }
        Ok(())
    }

    /// How far a bulk of who asks is.
    pub async fn bulk(&self, scope: &Scope, form: &str) -> Result<BulkDone, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let known = known(&mut tx, scope, form, false).await?;
        let mut done = known.map(|(job, _)| job.done).ok_or(DeskError::NotFound { kind: "bulk" })?;
        done.stopped = crate::job::given_up(&mut tx, form).await?;
        Ok(done)
    }

    /// The first refusals of a bulk, in the order of cases.
    pub async fn bulk_refused(&self, scope: &Scope, form: &str, most: i64) -> Result<Vec<RefusedRow>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        known(&mut tx, scope, form, false).await?.ok_or(DeskError::NotFound { kind: "bulk" })?;
        let sql = Sql::new("SELECT case_id, why FROM case_bulk_refused WHERE client_tx = ").bind(form);
        let rows = tx.rows(sql.push(" ORDER BY case_id LIMIT ").bind(most)).await?;
        rows.iter().map(refused_from).collect()
    }

    /// Writes down what is asked; with a number that was confirmed also the job that does it later.
    async fn begin(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        ready: &Ready,
        form: &str,
        confirmed: Option<i64>,
    ) -> Result<Job, DeskError> {
        let asked = blake3::hash(format!("{query:?} {:?}", ready.change).as_bytes()).to_hex().to_string();
        let mut tx = self.store().write(scope).await?;
        tx.lock(form).await?;
        if let Some((job, known)) = known(&mut tx, scope, form, true).await? {
            return if known == asked { Ok(job) } else { Err(DeskError::ClientTxReused) };
        }
        let (now, what) = (self.now(), ready.event(scope).what);
        if let Some(selection) = &query.selection {
            give(&mut tx, scope, selection, form, now).await?;
        }
        let total = counted(&mut tx, scope, query).await?;
        if let Some(confirmed) = confirmed.filter(|confirmed| *confirmed != total) {
            return Err(DeskError::CountDrifted { confirmed, found: total });
        }
        let sql = Sql::with(
            "INSERT INTO case_bulk (client_tx, actor, asked, what, started_at, total, done, refused, cursor) \
             VALUES ($1, $2, $3, $4, $5, $6, 0, 0, '') ON CONFLICT (client_tx) DO NOTHING",
            [form.into(), scope.actor.0.as_str().into(), asked.into(), what.into(), now.into(), total.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        if confirmed.is_some() {
            self.enqueue_bulk(&mut tx, scope, query, &ready.change, form).await?;
        }
        tx.commit().await?;
        let done = BulkDone { what: what.to_owned(), total, done: 0, refused: 0, finished: false, stopped: None };
        Ok(Job { done, started_at: now, cursor: String::new() })
    }

    async fn chunk(
        &self,
        scope: &Scope,
        query: &CaseQuery,
        ready: &Ready,
        allowed: &Allowed,
        form: &str,
        job: &mut Job,
    ) -> Result<(), DeskError> {
        let mut tx = self.store().write(scope).await?;
        // The same form sent twice at once: both would work on the chunk; the second one goes on where the first has come to.
        tx.lock(form).await?;
        if let Some((now, _)) = known(&mut tx, scope, form, true).await? {
            *job = now;
            if job.done.finished {
                return Ok(());
            }
        }
        let found = next(&mut tx, scope, query, job).await?;
        let mut fit = Vec::new();
        let mut refused = Vec::new();
        for case in &found {
            match ready.fits(scope, case, allowed) {
                Ok(()) => fit.push(case),
                Err(why) => refused.push((case, why)),
            }
        }
        let now = self.now();
        if !fit.is_empty() {
            let ids = fit.iter().map(|case| case.id.as_str());
            tx.execute(ready.update(scope, now).push(" WHERE id IN ").list(ids)).await?;
            let event = |case: &&Case| (case.id.clone(), NewEvent { version: case.version + 1, ..ready.event(scope) });
            self.add_events(&mut tx, scope, form, fit.iter().map(event).collect()).await?;
        }
        for part in refused.chunks(REFUSED_ROWS) {
            let rows = part.iter().map(|(case, why)| vec![form.into(), case.id.as_str().into(), why.as_str().into()]);
            tx.execute(Sql::new("INSERT INTO case_bulk_refused (client_tx, case_id, why) VALUES ").rows(rows)).await?;
        }
        job.done.done += fit.len() as i64;
        job.done.refused += refused.len() as i64;
        job.done.finished = (found.len() as i64) < CHUNK;
        if let Some(last) = found.last() {
            job.cursor.clone_from(&last.id);
        }
        let finished_at = if job.done.finished { now.to_string() } else { String::new() };
        let sql = Sql::with(
            "UPDATE case_bulk SET done = $1, refused = $2, cursor = $3, finished_at = CAST(NULLIF($4, '') AS BIGINT) WHERE client_tx = $5",
            [job.done.done.into(), job.done.refused.into(), job.cursor.as_str().into(), finished_at.into(), form.into()],
        );
        tx.execute(sql).await?;
        crate::job::keep(&mut tx, form, now, job.done.finished).await?;
        if fit.is_empty() {
            return tx.commit().await;
        }
        let event = ReadEvent::new(AuditAction::ChangeCases, "cases").word("what", &job.done.what);
        self.commit_with(tx, scope, event.count("rows", fit.len() as i64).client_tx(form)).await
    }
}

/// The next cases of the selection, kept as they are until commit.
async fn next(tx: &mut Tx, scope: &Scope, query: &CaseQuery, job: &Job) -> Result<Vec<Case>, DeskError> {
    let sql = condition(Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE "), scope, query)?;
    let sql = sql.push(" AND opened_at <= ").bind(job.started_at).push(" AND id > ").bind(job.cursor.as_str());
    let sql = sql.push(" ORDER BY id LIMIT ").bind(CHUNK);
    let sql = if tx.is_postgres() { sql.push(" FOR UPDATE") } else { sql };
    cases(tx, sql).await
}

/// A bulk of who asks and the hash of what was asked.
async fn known(tx: &mut Tx, scope: &Scope, form: &str, lock: bool) -> Result<Option<(Job, String)>, DeskError> {
    let sql =
        Sql::new("SELECT what, total, done, refused, finished_at, started_at, cursor, asked FROM case_bulk WHERE client_tx = ");
    let mut sql = sql.bind(form).push(" AND actor = ").bind(scope.actor.0.as_str());
    if lock && tx.is_postgres() {
        sql = sql.push(" FOR UPDATE");
    }
    let Some(row) = tx.row(sql).await? else { return Ok(None) };
    let done = BulkDone {
        what: row.text(0)?,
        total: row.int(1)?,
        done: row.int(2)?,
        refused: row.int(3)?,
        finished: row.opt_int(4)?.is_some(),
        stopped: None,
    };
    Ok(Some((Job { done, started_at: row.int(5)?, cursor: row.text(6)? }, row.text(7)?)))
}

fn refused_from(row: &Row) -> Result<RefusedRow, DeskError> {
    let why = Refusal::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("case_bulk_refused", "why"))?;
    Ok(RefusedRow { case: row.text(0)?, why })
}
