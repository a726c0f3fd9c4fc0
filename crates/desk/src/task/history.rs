//! The history of a report: one event a change.

use base::Scope;

use crate::db::Tx;
use crate::history::{History, HistoryEvent};
use crate::{Desk, DeskError};

pub(super) use crate::history::NewEvent;

/// One thing that was done with a report: `drafted`, `written`, `submitted`, `confirmed`, `returned`, `evidence_added`,
/// `evidence_removed`; the value is the evidence.
pub type ReportEvent = HistoryEvent;

const HISTORY: History = History {
    table: "task_report_event",
    insert: "INSERT INTO task_report_event (id, report, client_tx, version, at, actor, what, value, day, reason) VALUES ",
    select: "SELECT id, version, at, actor, what, value, day, reason FROM task_report_event WHERE report = ",
    order: " ORDER BY version, at, id",
    known: "SELECT 'known' FROM task_report_event WHERE report = ",
};

impl Desk {
    /// Adds one event to a report.
    pub(super) async fn add_report_event(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        report: &str,
        form: &str,
        event: NewEvent,
    ) -> Result<(), DeskError> {
        HISTORY.add(self, tx, scope, form, vec![(report.to_owned(), event)]).await
    }
}

/// Whether a form was written down with a report before.
pub(super) async fn is_known(tx: &mut Tx, report: &str, form: &str) -> Result<bool, DeskError> {
    HISTORY.knows(tx, report, form).await
}

/// What was done with a report, oldest first.
pub(super) async fn of(tx: &mut Tx, report: &str) -> Result<Vec<ReportEvent>, DeskError> {
    HISTORY.of(tx, report).await
}
