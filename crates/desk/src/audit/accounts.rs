//! What administrators did with accounts of people who may open people's data: listed for who looks after personal data.
//!
//! An administrator opens nobody's data by their own role. Making an account, a one-time code, a name at a provider or a deputy for somebody
//! who may is the way around that, so each of these is shown to somebody else.

use std::collections::BTreeMap;

use base::{Role, Scope};

use super::event::{AuditEvent, COLUMNS};
use crate::access::{Permission, may, opens_people, role_from_word};
use crate::people::users_all;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// The condition is that of the index `audit_event_accounts`, to the letter.
const OF_ACCOUNTS: &str = " FROM audit_event WHERE action IN ('put_user', 'reset_account', 'bind_identity', 'put_delegation') \
     AND role = 'administrator' AND (actor = ";

impl Desk {
    /// The newest of the last `most` things that administrators did with accounts, where the user may open people's data now or could by
    /// the event: users added or changed, one-time codes, names at providers, deputies. Nothing for who does not review openings.
    ///
    /// The caller writes the event of reading the log.
    pub async fn account_events(&self, scope: &Scope, most: i64) -> Result<Vec<AuditEvent>, DeskError> {
        if !may(scope, Permission::ReviewBreakGlass) {
            return Ok(Vec::new());
        }
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(OF_ACCOUNTS).bind(scope.actor.0.as_str()).push(" OR ");
        let sql = sql.area("commune", &scope.area)?.push(") ORDER BY seq DESC LIMIT ").bind(most);
        let mut events = tx.rows(sql).await?.iter().map(AuditEvent::from_row).collect::<Result<Vec<_>, _>>()?;
        drop(tx);
        let mut tx = self.store().read(&Scope::system()).await?;
        let roles: BTreeMap<String, Role> = users_all(&mut tx).await?.into_iter().map(|user| (user.id, user.role)).collect();
        events.retain(|event| {
            let now = event.object_id.as_ref().and_then(|user| roles.get(user)).copied();
            now.into_iter().chain(given(event)).any(opens_people)
        });
        Ok(events)
    }
}

/// The role that an event gave a user, where it says one.
fn given(event: &AuditEvent) -> Option<Role> {
    let detail: serde_json::Value = serde_json::from_str(&event.detail).ok()?;
    role_from_word(detail["role"].as_str()?)
}
