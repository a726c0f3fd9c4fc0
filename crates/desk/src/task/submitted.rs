//! When reports were submitted, for who is judged by their terms.

use std::collections::BTreeMap;

use base::{Date, Scope};

use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

impl Desk {
    /// The moment (Unix milliseconds) each report of a plan was first submitted, by the report's id; of terms between two days, both in
    /// it, as far as who asks sees the report.
    pub async fn task_submissions(
        &self,
        scope: &Scope,
        plan: &str,
        first: Date,
        last: Date,
    ) -> Result<BTreeMap<String, i64>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let sql = Sql::new(
            "SELECT report, min(task_report_event.at) FROM task_report_event JOIN task_report ON task_report.id = report \
             WHERE what = 'submitted' AND plan = ",
        );
        let sql = sql.bind(plan).push(" AND term >= ").bind(first.to_string()).push(" AND term <= ").bind(last.to_string());
        let sql = super::visible(sql.push(" AND "), scope)?.push(" GROUP BY report");
        let mut tx = self.store().read(scope).await?;
        tx.rows(sql).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
    }
}
