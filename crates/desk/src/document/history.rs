//! The history of a document: one event a change.

use base::Scope;

use super::one;
use crate::db::Tx;
use crate::history::{History, HistoryEvent};
use crate::{Desk, DeskError};

pub(super) use crate::history::NewEvent;

/// One thing that was done with a document: `drafted`, `edited`, `approved`, `sent`, `numbered`, `own_number`, `signed`, `delivered`,
/// `not_delivered`, `returned`, `withdrawn`, `erased`; the value is the template, package, number, verdict or way of delivery.
pub type DocumentEvent = HistoryEvent;

const HISTORY: History = History {
    table: "document_event",
    insert: "INSERT INTO document_event (id, document_id, client_tx, version, at, actor, what, value, day, reason) VALUES ",
    select: "SELECT id, version, at, actor, what, value, day, reason FROM document_event WHERE document_id = ",
    order: " ORDER BY version, at, id",
    known: "SELECT 'known' FROM document_event WHERE document_id = ",
};

impl Desk {
    /// What was done with a document, oldest first.
    pub async fn document_history(&self, scope: &Scope, id: &str) -> Result<Vec<DocumentEvent>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await?;
        HISTORY.of(&mut tx, id).await
    }

    /// Adds one event a document, all of one form.
    pub(super) async fn add_document_events(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        form: &str,
        events: Vec<(String, NewEvent)>,
    ) -> Result<(), DeskError> {
        HISTORY.add(self, tx, scope, form, events).await
    }
}

/// Whether a form was written down with a document before.
pub(super) async fn is_known(tx: &mut Tx, document: &str, form: &str) -> Result<bool, DeskError> {
    HISTORY.knows(tx, document, form).await
}
