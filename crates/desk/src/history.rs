//! Histories: one event a change of a case or a document, in rows that are only added.

use base::{Date, Scope};
use serde::Serialize;

use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::{Desk, DeskError};

/// One thing that was done with a case or a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEvent {
    /// UUIDv7.
    pub id: String,
    /// Version after it.
    pub version: i64,
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous; `system` for a run.
    pub actor: String,
    /// What, a word of [`crate::CaseEvent`] or [`crate::DocumentEvent`].
    pub what: String,
    /// What belongs to it, as `what` says: the new owner, the outcome, a number.
    pub value: Option<String>,
    /// A day that belongs to it.
    pub day: Option<Date>,
    /// Why, or the comment.
    pub reason: Option<String>,
}

/// An event to be added.
#[derive(Debug, Clone, Default)]
pub(crate) struct NewEvent {
    pub(crate) version: i64,
    pub(crate) what: &'static str,
    pub(crate) value: Option<String>,
    pub(crate) day: Option<Date>,
    pub(crate) reason: Option<String>,
}

/// A table of a history, with its statements.
#[derive(Debug, Clone, Copy)]
pub(crate) struct History {
    /// Its name, for what is said of a damaged row.
    pub(crate) table: &'static str,
    /// `INSERT INTO … (id, <whose>, client_tx, version, at, actor, what, value, day, reason) VALUES `.
    pub(crate) insert: &'static str,
    /// `SELECT id, version, at, actor, what, value, day, reason FROM … WHERE <whose> = `.
    pub(crate) select: &'static str,
    /// What comes after: the order.
    pub(crate) order: &'static str,
    /// `SELECT 'known' FROM … WHERE <whose> = `.
    pub(crate) known: &'static str,
}

const EVENT_BINDS: usize = 10;

impl History {
    /// What was done with one of them, oldest first; whether who asks sees it was decided before.
    pub(crate) async fn of(&self, tx: &mut Tx, id: &str) -> Result<Vec<HistoryEvent>, DeskError> {
        let sql = Sql::new(self.select).bind(id).push(self.order);
        tx.rows(sql).await?.iter().map(|row| self.event_from(row)).collect()
    }

    /// Whether a form was written down with one of them before.
    pub(crate) async fn knows(&self, tx: &mut Tx, id: &str, form: &str) -> Result<bool, DeskError> {
        let sql = Sql::new(self.known).bind(id).push(" AND client_tx = ").bind(form);
        Ok(tx.row(sql).await?.is_some())
    }

    /// What a form wrote down with one of them before.
    pub(crate) async fn by_form(&self, tx: &mut Tx, id: &str, form: &str) -> Result<Option<HistoryEvent>, DeskError> {
        let sql = Sql::new(self.select).bind(id).push(" AND client_tx = ").bind(form);
        tx.row(sql).await?.as_ref().map(|row| self.event_from(row)).transpose()
    }

    /// Adds one event each, all of one form.
    pub(crate) async fn add(
        &self,
        desk: &Desk,
        tx: &mut Tx,
        scope: &Scope,
        form: &str,
        events: Vec<(String, NewEvent)>,
    ) -> Result<(), DeskError> {
        let now = desk.now();
        let row = |(id, event): (String, NewEvent)| -> Vec<Bind> {
            vec![
                desk.next_id(now).into(),
                id.into(),
                form.into(),
                event.version.into(),
                now.into(),
                scope.actor.0.as_str().into(),
                event.what.into(),
                event.value.into(),
                event.day.map(|day| day.to_string()).into(),
                event.reason.into(),
            ]
        };
        let mut rows: Vec<Vec<Bind>> = events.into_iter().map(row).collect();
        while !rows.is_empty() {
            let rest = rows.split_off(rows.len().min(MAX_BINDS / EVENT_BINDS));
            tx.execute(Sql::new(self.insert).rows(rows)).await?;
            rows = rest;
        }
        Ok(())
    }

    fn event_from(&self, row: &Row) -> Result<HistoryEvent, DeskError> {
        let day = row.opt_text(6)?.map(|day| day.parse().map_err(|_| DeskError::damaged(self.table, "day"))).transpose()?;
        Ok(HistoryEvent {
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
}
