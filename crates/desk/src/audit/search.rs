//! Reading the log, which is itself in the log.

use base::Scope;

use super::event::{AuditEvent, COLUMNS};
use super::{AuditAction, ReadEvent, subject};
use crate::access::{Permission, may};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Most events of one page.
const MAX_PAGE: i64 = 500;

/// What to look for; all given conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct AuditQuery {
    /// Whose events.
    pub actor: Option<String>,
    /// Which action.
    pub action: Option<AuditAction>,
    /// Kind of object.
    pub object_kind: Option<String>,
    /// Pseudonymous id of the object, e.g. "who looked at P123".
    pub object_id: Option<String>,
    /// From this moment on, Unix milliseconds.
    pub from: Option<i64>,
    /// Before this moment, Unix milliseconds.
    pub until: Option<i64>,
    /// Only events before this number: the last of the page shown.
    pub before_seq: Option<i64>,
    /// Events of a page, 1 to 500; 50 when not given.
    pub limit: Option<i64>,
}

impl Desk {
    /// A page of the log, newest first. Writes an event of its own before reading.
    ///
    /// Without [`Permission::ReadAudit`] everybody sees what they did themselves; with it, what
    /// concerns their area too.
    pub async fn audit_search(&self, scope: &Scope, query: &AuditQuery) -> Result<Vec<AuditEvent>, DeskError> {
        let mut event = ReadEvent::new(AuditAction::ReadAudit, "audit_event");
        if let Some(action) = query.action {
            event = event.word("action", action.as_str());
        }
        if let Some(id) = &query.object_id {
            event = event.object(id.as_str());
        }
        self.audit_read(scope, event).await?;

        let mut tx = self.store().read(scope).await?;
        // A person is asked for by number and stands in the log under a key.
        let asked = query.object_id.as_deref().and_then(|id| id.strip_prefix('P')?.parse::<i64>().ok());
        let key = match asked {
            Some(person) => subject::keys_of(&mut tx, &[person]).await?.remove(&person),
            None => None,
        };
        let object_id = key.as_deref().or(query.object_id.as_deref());
        let mut sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM audit_event WHERE (actor = ").bind(scope.actor.0.as_str());
        if may(scope, Permission::ReadAudit) {
            sql = sql.push(" OR ").area("commune", &scope.area)?;
        }
        sql = sql
            .push(")")
            .push_if(" AND actor = ", query.actor.as_deref())
            .push_if(" AND action = ", query.action.map(AuditAction::as_str))
            .push_if(" AND object_kind = ", query.object_kind.as_deref())
            .push_if(" AND object_id = ", object_id)
            .push_if(" AND at >= ", query.from)
            .push_if(" AND at < ", query.until)
            .push_if(" AND seq < ", query.before_seq)
            .push(" ORDER BY seq DESC LIMIT ")
            .bind(query.limit.unwrap_or(50).clamp(1, MAX_PAGE));
        let mut events = tx.rows(sql).await?.iter().map(AuditEvent::from_row).collect::<Result<Vec<_>, _>>()?;
        subject::reveal(&mut tx, &mut events).await?;
        Ok(events)
    }
}
