//! Jobs: work that outlives the request which asked for it, done at least once and, under its form's number, with the effect of once.
//!
//! A job stands in the transaction of what it belongs to. What goes to others stands in the outbox (`crate::outbox`). One worker claims it for [`LEASE`]; each step it makes prolongs that in the step's own transaction. A worker that is killed
//! prolongs nothing: when the lease is over another one claims the job and goes on where the last step ended.

use base::Scope;
use serde::{Deserialize, Serialize};

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::{Allowed, CaseQuery, Change};
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// How long whoever claimed a job has it without a sign of life, in milliseconds.
const LEASE: i64 = 30_000;
/// Attempts before a job is given up; one that fails rests in between, twice as long each time.
const ATTEMPTS: i64 = 6;
/// The first rest in milliseconds.
const REST: i64 = 2_000;

/// What became of a job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JobDone {
    /// Its form's number.
    pub form: String,
    /// Why it did not come to its end: `rights_changed` (who asked may no longer do it), or what failed. Nothing when it did.
    pub failed: Option<String>,
    /// Whether it will be tried again.
    pub again: bool,
}

/// What a bulk is asked to do.
#[derive(Debug, Serialize, Deserialize)]
struct Bulk {
    query: CaseQuery,
    change: Change,
}

/// What a job is to do.
enum Work {
    /// One change of many cases.
    Bulk(Box<Bulk>),
    /// The sheet that stands in the store under the job's form.
    Sheet,
}

/// A claimed job.
struct Claimed {
    form: String,
    scope: Scope,
    work: Work,
    attempts: i64,
}

impl Desk {
    /// Claims the next job and does it to its end; nothing when none waits. Any number of workers may call this, in any number of programs.
    ///
    /// A job is done in the name of who asked for it. Who asked must still have the role, unit and area they had: else it is given up.
    pub async fn work(&self, allowed: &Allowed) -> Result<Option<JobDone>, DeskError> {
        if !self.is_job_ready().await? {
            return Ok(None);
        }
        let Some(claimed) = self.claim().await? else { return Ok(None) };
        let Claimed { form, scope, work, attempts } = claimed;
        if !self.still_may(&scope).await? {
            self.give_up(&form, "rights_changed").await?;
            return Ok(Some(JobDone { form, failed: Some("rights_changed".into()), again: false }));
        }
        let done = match &work {
            Work::Bulk(bulk) => self.finish_bulk(&scope, &bulk.query, &bulk.change, allowed, &form).await,
            Work::Sheet => self.finish_sheet(&scope, allowed, &form).await,
        };
        let Err(error) = done else {
            return Ok(Some(JobDone { form, failed: None, again: false }));
        };
        let again = attempts < ATTEMPTS && matches!(error, DeskError::Busy | DeskError::Store { .. });
        if again {
            self.rest(&form, attempts).await?;
        } else {
            self.give_up(&form, "failed").await?;
        }
        Ok(Some(JobDone { form, failed: Some(error.to_string()), again }))
    }

    /// Lets a bulk or a sheet of who asks that was given up try again: it goes on where it stopped, with all its attempts, and its rights are
    /// looked at again. One that was not given up, or was let try again already, is left alone.
    ///
    /// Errors: [`DeskError::NotFound`] where who asks began none under this number; the store's.
    pub async fn retry_bulk(&self, scope: &Scope, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        let own = [form.as_str().into(), scope.actor.0.as_str().into()];
        if tx.row(Sql::with("SELECT id FROM job WHERE client_tx = $1 AND actor = $2", own)).await?.is_none() {
            return Err(DeskError::NotFound { kind: "bulk" });
        }
        let sql = Sql::with(
            "UPDATE job SET finished_at = NULL, failed = NULL, attempts = 0, lease_until = 0 WHERE client_tx = $1 AND actor = $2 \
             AND failed IS NOT NULL",
            [form.as_str().into(), scope.actor.0.as_str().into()],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        let event = ReadEvent::new(AuditAction::ChangeCases, "cases").word("what", "retried").count("rows", 0).client_tx(&form);
        self.commit_with(tx, scope, event).await
    }

    /// Jobs that are not finished.
    pub async fn jobs_waiting(&self) -> Result<i64, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let row = tx.row(Sql::new("SELECT count(*) FROM job WHERE finished_at IS NULL")).await?;
        row.map_or(Ok(0), |row| row.int(0))
    }

    /// Writes a bulk down as a job, in the transaction that begins it.
    pub(crate) async fn enqueue_bulk(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        query: &CaseQuery,
        change: &Change,
        form: &str,
    ) -> Result<(), DeskError> {
        let bulk = Bulk { query: query.clone(), change: change.clone() };
        self.enqueue(tx, scope, "bulk", serde_json::to_string(&bulk).map_err(wrong)?, form).await
    }

    /// Writes a job down, in the transaction of what it belongs to. What it is to do is sealed where there is a key file, since reasons that
    /// people wrote are part of it, and leaves when the job is done; one that was given up may be let try again.
    pub(crate) async fn enqueue(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kind: &'static str,
        payload: String,
        form: &str,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let payload = self.seal_text(tx, &place(form), &payload).await?;
        let sql = Sql::with(
            "INSERT INTO job (id, kind, client_tx, actor, scope, payload, made_at, attempts, lease_until) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)",
            [
                self.next_id(now).into(),
                kind.into(),
                form.into(),
                scope.actor.0.as_str().into(),
                serde_json::to_string(scope).map_err(wrong)?.into(),
                payload.into(),
                now.into(),
            ],
        );
        tx.execute(sql).await.map(drop)
    }

    /// Looks before it asks for the right to write, which in SQLite everybody waits for.
    async fn is_job_ready(&self) -> Result<bool, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new("SELECT id FROM job WHERE finished_at IS NULL AND lease_until <= ").bind(self.now());
        Ok(tx.row(sql.push(" LIMIT 1")).await?.is_some())
    }

    async fn claim(&self) -> Result<Option<Claimed>, DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let now = self.now();
        let sql = Sql::new("UPDATE job SET attempts = attempts + 1, lease_until = ").bind(now + LEASE);
        let sql = sql.push(" WHERE id = (SELECT id FROM job WHERE finished_at IS NULL AND lease_until <= ").bind(now);
        let sql = sql.push(" ORDER BY lease_until, id LIMIT 1");
        let sql = if tx.is_postgres() { sql.push(" FOR UPDATE SKIP LOCKED") } else { sql };
        let Some(row) = tx.row(sql.push(") RETURNING client_tx, scope, payload, attempts, kind")).await? else { return Ok(None) };
        tx.commit().await?;
        let scope = serde_json::from_str(&row.text(1)?).map_err(wrong)?;
        let work = match row.text(4)?.as_str() {
            "sheet" => Work::Sheet,
            _ => {
                let mut tx = self.store().read(&Scope::system()).await?;
                let payload = self.open_text(&mut tx, &place(&row.text(0)?), row.text(2)?).await?;
                Work::Bulk(serde_json::from_str(&payload).map_err(wrong)?)
            }
        };
        Ok(Some(Claimed { form: row.text(0)?, scope, work, attempts: row.int(3)? }))
    }

    /// Whether who asked still is who they were: an active user of the same role, unit and area. While somebody acts for another, it is the
    /// other whose rights count.
    async fn still_may(&self, scope: &Scope) -> Result<bool, DeskError> {
        let whose = scope.acting_for.as_ref().unwrap_or(&scope.actor);
        match self.active_user(&Scope::system(), &whose.0).await {
            Ok(user) => Ok((user.role, &user.unit, &user.area) == (scope.role, &scope.unit, &scope.area)),
            Err(DeskError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn rest(&self, form: &str, attempts: i64) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let until = self.now() + (REST << attempts.clamp(0, ATTEMPTS));
        tx.execute(Sql::with("UPDATE job SET lease_until = $1 WHERE client_tx = $2", [until.into(), form.into()])).await?;
        tx.commit().await
    }

    async fn give_up(&self, form: &str, why: &str) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = "UPDATE job SET finished_at = $1, failed = $2 WHERE client_tx = $3 AND finished_at IS NULL";
        tx.execute(Sql::with(sql, [self.now().into(), why.into(), form.into()])).await?;
        tx.commit().await
    }
}

/// Where a payload belongs: a sealed one of another job does not open here.
fn place(form: &str) -> String {
    format!("job.payload {form}")
}

fn wrong(error: serde_json::Error) -> DeskError {
    DeskError::damaged("job", error.to_string())
}

/// A sign of life in the transaction of a step; the last step finishes the job. Where nobody made a job of it nothing happens.
pub(crate) async fn keep(tx: &mut Tx, form: &str, now: i64, finished: bool) -> Result<(), DeskError> {
    let sql = Sql::new("UPDATE job SET lease_until = ").bind(now + LEASE);
    let sql = if finished { sql.push(", payload = '', finished_at = ").bind(now) } else { sql };
    tx.execute(sql.push(" WHERE finished_at IS NULL AND client_tx = ").bind(form)).await.map(drop)
}

/// Why a job was given up, when it was.
pub(crate) async fn given_up(tx: &mut Tx, form: &str) -> Result<Option<String>, DeskError> {
    let row = tx.row(Sql::new("SELECT failed FROM job WHERE client_tx = ").bind(form)).await?;
    row.map_or(Ok(None), |row| row.opt_text(0))
}
