//! How often what was done: numbers of the log for the register of processing, without anybody's events.

use base::Scope;
use serde::Serialize;

use super::{AuditAction, ReadEvent};
use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// How often one thing was done in one role for one purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditTally {
    /// Word of the [`AuditAction`].
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
    /// Word of the role.
    pub role: String,
    /// Word of the purpose.
    pub purpose: String,
    /// Number of events.
    pub events: i64,
}

impl Desk {
    /// Counts the log of the area between two moments (Unix milliseconds, the second excluded). Writes an event of its own before.
    pub async fn audit_tally(&self, scope: &Scope, from: i64, until: i64) -> Result<Vec<AuditTally>, DeskError> {
        require(scope, Permission::ReadAudit)?;
        self.audit_read(scope, ReadEvent::new(AuditAction::ReadAudit, "audit_event").word("what", "tally")).await?;
        let sql = Sql::new("SELECT action, object_kind, role, purpose, count(*) FROM audit_event WHERE at >= ").bind(from);
        let sql = sql.push(" AND at < ").bind(until).push(" AND ").area("commune", &scope.area)?;
        let sql = sql.push(" GROUP BY action, object_kind, role, purpose ORDER BY action, object_kind, role, purpose");
        let mut tx = self.store().read(scope).await?;
        let tally = |row: &crate::db::Row| {
            Ok(AuditTally {
                action: row.text(0)?,
                object_kind: row.text(1)?,
                role: row.text(2)?,
                purpose: row.text(3)?,
                events: row.int(4)?,
            })
        };
        tx.rows(sql).await?.iter().map(tally).collect()
    }
}
