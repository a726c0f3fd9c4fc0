//! The history of a document: one event a change.

use base::{Date, Scope};
use serde::Serialize;

use super::one;
use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::{Desk, DeskError};

/// One thing that was done with a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentEvent {
    /// UUIDv7.
    pub id: String,
    /// Version of the document after it.
    pub version: i64,
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// What: `drafted`, `edited`, `approved`, `sent`, `numbered`, `own_number`, `signed`, `delivered`, `not_delivered`, `returned`,
    /// `withdrawn`.
    pub what: String,
    /// Template, package, number, verdict or way of delivery, as `what` says.
    pub value: Option<String>,
    /// A day that belongs to it.
    pub day: Option<Date>,
    /// Why.
    pub reason: Option<String>,
}

/// An event to be added.
#[derive(Debug, Clone, Default)]
pub(super) struct NewEvent {
    pub(super) version: i64,
    pub(super) what: &'static str,
    pub(super) value: Option<String>,
    pub(super) day: Option<Date>,
    pub(super) reason: Option<String>,
}

const EVENT_BINDS: usize = 10;

impl Desk {
    /// What was done with a document, oldest first.
    pub async fn document_history(&self, scope: &Scope, id: &str) -> Result<Vec<DocumentEvent>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await?;
        let sql = Sql::new("SELECT id, version, at, actor, what, value, day, reason FROM document_event WHERE document_id = ");
        tx.rows(sql.bind(id).push(" ORDER BY version, at, id")).await?.iter().map(event_from).collect()
    }

    /// Adds one event a document, all of one form.
    pub(super) async fn add_document_events(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        form: &str,
        events: Vec<(String, NewEvent)>,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let mut rows: Vec<Vec<Bind>> = events
            .into_iter()
            .map(|(document, event)| {
                vec![
                    self.next_id(now).into(),
                    document.into(),
                    form.into(),
                    event.version.into(),
                    now.into(),
                    scope.actor.0.as_str().into(),
                    event.what.into(),
                    event.value.into(),
                    event.day.map(|day| day.to_string()).into(),
                    event.reason.into(),
                ]
            })
            .collect();
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(MAX_BINDS / EVENT_BINDS));
            let sql = Sql::new(
                "INSERT INTO document_event (id, document_id, client_tx, version, at, actor, what, value, day, reason) VALUES ",
            );
            tx.execute(sql.rows(rows)).await?;
            rows = rest;
        }
        Ok(())
    }
}

/// Whether a form was written down with a document before.
pub(super) async fn is_known(tx: &mut Tx, document: &str, form: &str) -> Result<bool, DeskError> {
    let sql = Sql::new("SELECT 'known' FROM document_event WHERE document_id = ").bind(document);
    Ok(tx.row(sql.push(" AND client_tx = ").bind(form)).await?.is_some())
}

fn event_from(row: &Row) -> Result<DocumentEvent, DeskError> {
    let day = row.opt_text(6)?.map(|day| day.parse().map_err(|_| DeskError::damaged("document_event", "day"))).transpose()?;
    Ok(DocumentEvent {
        id: row.text(0)?,
        version: row.int(1)?,
        at: row.int(2)?,
        actor: row.text(3)?,
        what: row.text(4)?,
        value: row.opt_text(5)?,
        day,
        reason: row.opt_text(7)?,
    })
}
