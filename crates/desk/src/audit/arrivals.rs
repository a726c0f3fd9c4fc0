//! When rosters came in: the log is the one place that knows, since the book holds no clock.

use std::collections::BTreeMap;

use base::Scope;

use super::AuditAction;
use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

impl Desk {
    /// The moment (Unix milliseconds) each batch of the book was first taken in, by the batch's id.
    ///
    /// It says nothing of people and of nobody who handed it in, so whoever may see figures may see it.
    pub async fn batch_arrivals(&self, scope: &Scope) -> Result<BTreeMap<String, i64>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let sql = Sql::new("SELECT object_id, min(at) FROM audit_event WHERE object_kind = 'batch' AND action = ");
        let sql = sql.bind(AuditAction::StoreIntake.as_str()).push(" AND object_id IS NOT NULL GROUP BY object_id");
        let mut tx = self.store().read(&Scope::system()).await?;
        tx.rows(sql).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }
}
