//! Who looked at a person's data: what the log holds about them, for the person who asks.

use base::Scope;
use serde::Serialize;

use super::answers;
use crate::audit::{AuditAction, ReadEvent, subject};
use crate::db::Row;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Looks of one answer at most.
const MAX_LOOKS: i64 = 5000;

/// One look at a person: their page, a letter, a case about them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Look {
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// Their unit.
    pub unit: String,
    /// Word of the role.
    pub role: String,
    /// Word of the purpose.
    pub purpose: String,
    /// Word of the action.
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
}

/// How often lists that may hold the person were opened or taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListLooks {
    /// Word of the action.
    pub action: String,
    /// Unit of who looked.
    pub unit: String,
    /// Word of the role.
    pub role: String,
    /// Word of the purpose.
    pub purpose: String,
    /// Times.
    pub events: i64,
}

/// What the log holds about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WhoLooked {
    /// Looks at this person, newest first.
    pub looks: Vec<Look>,
    /// Whether there are more than these.
    pub more: bool,
    /// Lists that may have held the person; the log does not name who stands in a list.
    pub lists: Vec<ListLooks>,
}

impl Desk {
    /// Who looked at a person since a moment (Unix milliseconds). Asking is itself an event about this person.
    ///
    /// Lists of the person's commune, as the log last named it, and of the whole city may have held them.
    pub async fn who_looked(&self, scope: &Scope, person: i64, from: i64) -> Result<WhoLooked, DeskError> {
        answers(scope)?;
        let name = format!("P{person}");
        let event = ReadEvent::new(AuditAction::ReadAudit, "person").object(name.as_str()).word("what", "who_looked");
        self.audit_read(scope, event).await?;
        let mut tx = self.store().read(&Scope::system()).await?;
        // Asking made the key, if there was none.
        let key = subject::keys_of(&mut tx, &[person]).await?.remove(&person).unwrap_or(name);
        let sql =
            Sql::new("SELECT commune FROM audit_event WHERE object_kind = 'person' AND commune IS NOT NULL AND object_id = ");
        let commune = match tx.row(sql.bind(key.as_str()).push(" ORDER BY seq DESC LIMIT 1")).await? {
            Some(row) => row.text(0)?,
            None => String::new(),
        };
        let sql = Sql::new("SELECT at, actor, unit, role, purpose, action, object_kind FROM audit_event WHERE at >= ").bind(from);
        let sql = sql.push(" AND ((object_kind IN ('person', 'letter') AND object_id = ").bind(key.as_str());
        let sql = sql
            .push(") OR (object_kind = 'case' AND object_id IN (SELECT id FROM work_case WHERE subject_kind = 'person' AND subject = ")
            .bind(person)
            .push("))) ORDER BY seq DESC LIMIT ")
            .bind(MAX_LOOKS + 1);
        let mut looks = tx.rows(sql).await?.iter().map(look).collect::<Result<Vec<_>, _>>()?;
        let more = looks.len() as i64 > MAX_LOOKS;
        looks.truncate(MAX_LOOKS as usize);
        let sql = Sql::new(
            "SELECT action, unit, role, purpose, count(*) FROM audit_event \
             WHERE action IN ('list_people', 'search_people', 'export', 'view_rows', 'list_cases') \
             AND object_kind NOT IN ('person', 'letter', 'data_agreement', 'batch', 'roles', 'target') AND at >= ",
        );
        let sql = sql.bind(from).push(" AND (commune IS NULL OR commune = ").bind(commune.as_str());
        let sql = sql.push(") GROUP BY action, unit, role, purpose ORDER BY action, unit, role, purpose");
        let list = |row: &Row| {
            Ok(ListLooks {
                action: row.text(0)?,
                unit: row.text(1)?,
                role: row.text(2)?,
                purpose: row.text(3)?,
                events: row.int(4)?,
            })
        };
        let lists = tx.rows(sql).await?.iter().map(list).collect::<Result<Vec<_>, DeskError>>()?;
        Ok(WhoLooked { looks, more, lists })
    }
}

fn look(row: &Row) -> Result<Look, DeskError> {
    Ok(Look {
        at: row.int(0)?,
        actor: row.text(1)?,
        unit: row.text(2)?,
        role: row.text(3)?,
        purpose: row.text(4)?,
        action: row.text(5)?,
        object_kind: row.text(6)?,
    })
}
