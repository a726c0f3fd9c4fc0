//! The history of a case: one event a change, comments among them.

use base::{Date, Scope};
use serde::Serialize;

use super::one;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// One thing that was done with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseEvent {
    /// UUIDv7.
    pub id: String,
    /// Version of the case after it.
    pub version: i64,
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous; `system` for a run.
    pub actor: String,
    /// What: `opened`, `taken`, `assigned`, `released`, `snoozed`, `contacted`, `closed`, `reopened`, `comment`, `file`, and by runs
    /// `resolved`, `merged`, `vanished`, `seen_again`, `returned`, `still_found`, `term_over`, `relocated`, `renumbered`.
    pub what: String,
    /// The new owner, the outcome, the commune or the file's name, as `what` says.
    pub value: Option<String>,
    /// A day that belongs to it.
    pub day: Option<Date>,
    /// Why, or the comment.
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

const SELECT: &str = "SELECT id, version, at, actor, what, value, day, reason FROM case_event WHERE case_id = ";
const EVENT_BINDS: usize = 10;

impl Desk {
    /// What was done with a case, oldest first.
    pub async fn case_history(&self, scope: &Scope, id: &str) -> Result<Vec<CaseEvent>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id, false).await?;
        let sql = Sql::new(SELECT).bind(id).push(" ORDER BY at, id");
        tx.rows(sql).await?.iter().map(event_from).collect()
    }

    /// Adds a comment; the same form again adds nothing.
    pub async fn comment_case(&self, scope: &Scope, id: &str, comment: &str, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let (reason, form) = (written("comment", comment)?, client_tx(form)?);
        let mut tx = self.store().write(scope).await?;
        let case = one(&mut tx, scope, id, true).await?;
        if is_known(&mut tx, id, &form).await? {
            return Ok(());
        }
        let event = NewEvent { version: case.version, what: "comment", reason: Some(reason), ..NewEvent::default() };
        self.add_events(&mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        let event = ReadEvent::new(AuditAction::AddToCase, "case").object(id).word("what", "comment").client_tx(&form);
        self.commit_with(tx, scope, case.commune.iter().fold(event, |event, commune| event.commune(commune))).await
    }

    /// Adds one event a case, all of one form.
    pub(super) async fn add_events(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        form: &str,
        events: Vec<(String, NewEvent)>,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let mut rows: Vec<Vec<Bind>> = events
            .into_iter()
            .map(|(case, event)| {
                vec![
                    self.next_id(now).into(),
                    case.into(),
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
            let sql =
                Sql::new("INSERT INTO case_event (id, case_id, client_tx, version, at, actor, what, value, day, reason) VALUES ");
            tx.execute(sql.rows(rows)).await?;
            rows = rest;
        }
        Ok(())
    }
}

/// Whether a form was written down with a case before.
pub(super) async fn is_known(tx: &mut Tx, case: &str, form: &str) -> Result<bool, DeskError> {
    let sql = Sql::new("SELECT 'known' FROM case_event WHERE case_id = ").bind(case).push(" AND client_tx = ").bind(form);
    Ok(tx.row(sql).await?.is_some())
}

fn event_from(row: &Row) -> Result<CaseEvent, DeskError> {
    let day = row.opt_text(6)?.map(|day| day.parse().map_err(|_| DeskError::damaged("case_event", "day"))).transpose()?;
    Ok(CaseEvent {
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
