//! Acting for somebody who is away (ủy quyền): from a day to a day, both named in every event.

use base::{Date, Role, Scope};
use serde::Serialize;

use super::day_of;
use crate::access::{Permission, may};
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::{Row, Tx};
use crate::people::{User, user_by_id};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// Who is to act for whom, and when.
#[derive(Debug, Clone)]
pub struct NewDelegation {
    /// Who is away.
    pub from: String,
    /// Who acts for them.
    pub to: String,
    /// First day.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// Why, and by which paper.
    pub reason: String,
    /// The form's own number: sent twice, nothing is added.
    pub client_tx: String,
}

/// A delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Delegation {
    /// UUIDv7.
    pub id: String,
    /// Who is away.
    pub from: String,
    /// Who acts for them.
    pub to: String,
    /// First day.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// Why.
    pub reason: String,
    /// When it was ended before its last day, Unix milliseconds.
    pub ended_at: Option<i64>,
}

const SELECT: &str = "SELECT id, from_user, to_user, first_day, last_day, reason, ended_at FROM delegation";

impl Desk {
    /// Lets somebody of one's own unit act for oneself, or, as an administrator, anybody for another. What an administrator may do is never
    /// delegated, an administrator acts for nobody, least of all by their own word, and who acts for somebody cannot delegate it further.
    pub async fn delegate(&self, scope: &Scope, new: NewDelegation) -> Result<Delegation, DeskError> {
        let own = scope.actor.0 == new.from && scope.acting_for.is_none();
        if !own && !may(scope, Permission::ManageUsers) {
            return Err(DeskError::Forbidden { permission: Permission::ManageUsers });
        }
        let (client_tx, reason) = (client_tx(&new.client_tx)?, written("reason", &new.reason)?);
        let now = self.now();
        if new.first_day > new.last_day || new.last_day < day_of(now) {
            return Err(DeskError::Invalid { field: "last_day", why: "must not lie before the first day or before today" });
        }
        if new.from == new.to {
            return Err(DeskError::Invalid { field: "to", why: "must be somebody else" });
        }
        if !own && new.to == scope.actor.0 {
            return Err(DeskError::Invalid { field: "to", why: "nobody lets themselves act for another" });
        }
        let mut tx = self.store().write(&Scope::system()).await?;
        tx.lock(&client_tx).await?;
        if let Some(row) = tx.row(Sql::new(SELECT).push(" WHERE client_tx = ").bind(client_tx.as_str())).await? {
            let known = from_row(&row)?;
            let same =
                (&known.from, &known.to, known.first_day, known.last_day) == (&new.from, &new.to, new.first_day, new.last_day);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let mut units = Vec::new();
        for id in [&new.from, &new.to] {
            let user = user_by_id(&mut tx, id).await?.filter(|user| user.active).ok_or(DeskError::NotFound { kind: "user" })?;
            if *id == new.from && user.role == Role::Administrator {
                return Err(DeskError::Invalid { field: "from", why: "an administrator's work is not delegated" });
            }
            // An administrator opens nobody's data; as somebody's deputy they would.
            if *id == new.to && user.role == Role::Administrator {
                return Err(DeskError::Invalid { field: "to", why: "an administrator acts for nobody" });
            }
            units.push(user.unit);
        }
        // What an officer may see does not leave their unit by their own word; across units an administrator writes it down.
        if own && !may(scope, Permission::ManageUsers) && units[0] != units[1] {
            return Err(DeskError::Invalid { field: "to", why: "must be of the same unit" });
        }
        let id = self.next_id(now);
        let (first, last) = (new.first_day.to_string(), new.last_day.to_string());
        let sql = Sql::with(
            "INSERT INTO delegation (id, client_tx, from_user, to_user, first_day, last_day, reason, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                id.as_str().into(),
                client_tx.as_str().into(),
                new.from.as_str().into(),
                new.to.as_str().into(),
                first.as_str().into(),
                last.as_str().into(),
                reason.as_str().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::PutDelegation, "user").object(new.from.as_str()).client_tx(&client_tx);
        let event = event.word("to", &new.to).word("first_day", &first).word("last_day", &last);
        append(&mut tx, vec![self.event(scope, event)?]).await?;
        tx.commit().await?;
        Ok(Delegation {
            id,
            from: new.from,
            to: new.to,
            first_day: new.first_day,
            last_day: new.last_day,
            reason,
            ended_at: None,
        })
    }

    /// Delegations from or to oneself; all of them for administrators. The newest first.
    pub async fn delegations(&self, scope: &Scope) -> Result<Vec<Delegation>, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let mut sql = Sql::new(SELECT);
        if !may(scope, Permission::ManageUsers) {
            let own = scope.actor.0.as_str();
            sql = sql.push(" WHERE from_user = ").bind(own).push(" OR to_user = ").bind(own);
        }
        tx.rows(sql.push(" ORDER BY made_at DESC, id")).await?.iter().map(from_row).collect()
    }

    /// Ends a delegation before its last day; who delegated may, and administrators.
    pub async fn end_delegation(&self, scope: &Scope, id: &str) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let row = tx.row(Sql::new(SELECT).push(" WHERE id = ").bind(id)).await?;
        let found = row.as_ref().map(from_row).transpose()?;
        let own = |found: &Delegation| found.from == scope.actor.0 || may(scope, Permission::ManageUsers);
        let found = found.filter(own).ok_or(DeskError::NotFound { kind: "delegation" })?;
        if found.ended_at.is_some() {
            return Ok(());
        }
        let sql = Sql::with(
            "UPDATE delegation SET ended_by = $1, ended_at = $2 WHERE id = $3",
            [scope.actor.0.as_str().into(), self.now().into(), id.into()],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::EndDelegation, "user").object(found.from.as_str()).word("to", &found.to);
        append(&mut tx, vec![self.event(scope, event)?]).await?;
        tx.commit().await
    }
}

/// The user who is away, when on this day somebody may act for them.
pub(super) async fn in_force(tx: &mut Tx, away: &str, acts: &str, day: Date) -> Result<Option<User>, DeskError> {
    let day_text = day.to_string();
    let sql = Sql::with(
        "SELECT id FROM delegation WHERE from_user = $1 AND to_user = $2 AND first_day <= $3 AND last_day >= $3 AND ended_at IS NULL",
        [away.into(), acts.into(), day_text.into()],
    );
    if tx.row(sql).await?.is_none() {
        return Ok(None);
    }
    // Nor do delegations count that were made before an administrator could be none's deputy, or somebody became one.
    if user_by_id(tx, acts).await?.is_none_or(|user| user.role == Role::Administrator) {
        return Ok(None);
    }
    // What somebody may no longer do, nobody can do for them.
    Ok(user_by_id(tx, away).await?.filter(|user| user.works_on(day)))
}

fn from_row(row: &Row) -> Result<Delegation, DeskError> {
    let day = |column: usize| row.text(column)?.parse().map_err(|_| DeskError::damaged("delegation", "a day"));
    Ok(Delegation {
        id: row.text(0)?,
        from: row.text(1)?,
        to: row.text(2)?,
        first_day: day(3)?,
        last_day: day(4)?,
        reason: row.text(5)?,
        ended_at: row.opt_int(6)?,
    })
}
