//! The history of a report: one event a change.

use base::Scope;
use serde::Serialize;

use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// One thing that was done with a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReportEvent {
    /// Version of the report after it.
    pub version: i64,
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// What: `drafted`, `written`, `submitted`, `confirmed`, `returned`, `evidence_added`, `evidence_removed`.
    pub what: String,
    /// The evidence it is about.
    pub value: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// An event to be added.
#[derive(Debug, Clone, Default)]
pub(super) struct NewEvent {
    pub(super) version: i64,
    pub(super) what: &'static str,
    pub(super) value: Option<String>,
    pub(super) reason: Option<String>,
}

impl Desk {
    pub(super) async fn add_report_event(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        report: &str,
        form: &str,
        event: NewEvent,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO task_report_event (id, report, client_tx, version, at, actor, what, value, reason) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                self.next_id(now).into(),
                report.into(),
                form.into(),
                event.version.into(),
                now.into(),
                scope.actor.0.as_str().into(),
                event.what.into(),
                event.value.into(),
                event.reason.into(),
            ],
        );
        tx.execute(sql).await.map(drop)
    }
}

/// Whether a form was done with a report before.
pub(super) async fn is_known(tx: &mut Tx, report: &str, form: &str) -> Result<bool, DeskError> {
    let sql = Sql::new("SELECT id FROM task_report_event WHERE report = ").bind(report).push(" AND client_tx = ").bind(form);
    Ok(tx.row(sql).await?.is_some())
}

pub(super) async fn of(tx: &mut Tx, report: &str) -> Result<Vec<ReportEvent>, DeskError> {
    let sql = Sql::new("SELECT version, at, actor, what, value, reason FROM task_report_event WHERE report = ").bind(report);
    let mut events = Vec::new();
    for row in tx.rows(sql.push(" ORDER BY at, id")).await? {
        events.push(ReportEvent {
            version: row.int(0)?,
            at: row.int(1)?,
            actor: row.text(2)?,
            what: row.text(3)?,
            value: row.opt_text(4)?,
            reason: row.opt_text(5)?,
        });
    }
    Ok(events)
}
