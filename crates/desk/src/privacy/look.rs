//! Who looked at a person's data: what the log holds about them, for the person who asks.

use std::collections::{BTreeMap, BTreeSet};

use base::Scope;
use serde::Serialize;

use super::about::{self, AT_ONCE, About};
use super::answers;
use super::reach::showing;
use crate::audit::{AuditAction, ReadEvent, subject};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Looks of one answer at most.
const MAX_LOOKS: i64 = 5000;

/// One look at a person: their page, a letter, a case or a document about them, a visit they claimed, a list they were handed to a collector in.
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
    /// Unit of the collectors (tổ chức hỗ trợ phát triển đối tượng) whom the list was handed to: a private party got the data.
    pub handed_to: Option<String>,
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
    /// Who looked at a person since a moment (Unix milliseconds). Asking is itself an event about this person. `visits` are the person's
    /// claimed visits: whose a visit is stands in the book, not here.
    ///
    /// Lists of the person's commune, as the log last named it, and of the whole city may have held them.
    pub async fn who_looked(
        &self,
        scope: &Scope,
        person: i64,
        visits: &BTreeSet<i64>,
        from: i64,
    ) -> Result<WhoLooked, DeskError> {
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
        let (looks, more) = looks(&mut tx, &About { people: [person].into(), visits: visits.clone() }, from).await?;
        let sql = showing(Sql::new("SELECT action, unit, role, purpose, count(*) FROM audit_event WHERE action IN "));
        let sql = sql.push(" AND NOT (object_id IS NOT NULL AND ").push(about::KINDS);
        let sql = sql.push(
            ") AND object_kind NOT IN ('data_agreement', 'batch', 'roles', 'target', 'account', 'api_tokens', 'unit', 'units', \
             'user', 'users') AND at >= ",
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

/// The looks at a person and their visits, newest first, and whether there are more.
async fn looks(tx: &mut Tx, about: &About, from: i64) -> Result<(Vec<Look>, bool), DeskError> {
    let objects: Vec<String> = about::objects(tx, about).await?.into_iter().collect();
    let mut found = BTreeMap::new();
    for some in objects.chunks(AT_ONCE) {
        let sql =
            Sql::new("SELECT seq, at, actor, unit, role, purpose, action, object_kind, object_id FROM audit_event WHERE at >= ");
        let sql =
            sql.bind(from).push(" AND ").push(about::KINDS).push(" AND object_id IN ").list(some.iter().map(String::as_str));
        for row in tx.rows(sql.push(" ORDER BY seq DESC LIMIT ").bind(MAX_LOOKS + 1)).await? {
            found.insert(row.int(0)?, row);
        }
    }
    let more = found.len() as i64 > MAX_LOOKS;
    let newest: Vec<Row> = found.into_values().rev().take(MAX_LOOKS as usize).collect();
    let mut lists = BTreeSet::new();
    for row in &newest {
        if row.text(7)? == "collector_list" {
            lists.extend(row.opt_text(8)?);
        }
    }
    let handed = about::organisations(tx, &lists).await?;
    let looks = newest.iter().map(|row| look(row, &handed)).collect::<Result<Vec<_>, _>>()?;
    Ok((looks, more))
}

fn look(row: &Row, handed: &BTreeMap<String, String>) -> Result<Look, DeskError> {
    Ok(Look {
        at: row.int(1)?,
        actor: row.text(2)?,
        unit: row.text(3)?,
        role: row.text(4)?,
        purpose: row.text(5)?,
        action: row.text(6)?,
        object_kind: row.text(7)?,
        handed_to: row.opt_text(8)?.and_then(|object| handed.get(&object).cloned()),
    })
}
