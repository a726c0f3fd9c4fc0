//! What the log says a breach reaches: which people, which visits, which rows, who read them, to which organisations they were handed.

use std::collections::{BTreeMap, BTreeSet};

use base::Scope;
use serde::Serialize;

use super::about::{self, AT_ONCE, About};
use super::answers;
use super::breach::{Breach, COLUMNS, from_row};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent, subject};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Events of one answer at most.
const MAX_EVENTS: i64 = 100_000;

/// What the log says a breach reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// People whose page, letter, case or document was opened, or who stood in a list that was handed to a collector, by the book's number,
    /// with the times.
    pub people: BTreeMap<i64, i64>,
    /// Claimed visits that were opened, by the book's number, with the times. Whose they are stands in the book.
    pub visits: BTreeMap<i64, i64>,
    /// Lists, rows and files that were opened or taken out, of which the store does not know whom they held. As many events as rows: of
    /// these the people are not known.
    pub rows: Vec<ReachedRows>,
    /// Everybody who read these people and visits since the breach began, with the times.
    pub readers: Vec<Reader>,
    /// Units of collectors to whom lists were handed or given as files, with the times.
    pub handed: BTreeMap<String, i64>,
    /// Events the answer rests on.
    pub events: i64,
    /// Whether there were more than can be read at once: the answer is then not whole.
    pub more: bool,
}

/// A list or file that was opened or taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReachedRows {
    /// Unix milliseconds.
    pub at: i64,
    /// Who, pseudonymous.
    pub actor: String,
    /// Word of the action.
    pub action: String,
    /// Kind of object.
    pub object_kind: String,
    /// Its pseudonymous id.
    pub object_id: Option<String>,
    /// Commune it was about, when one.
    pub commune: Option<String>,
    /// Rows, as the log counts them.
    pub rows: Option<i64>,
    /// Run whose data it was.
    pub run: Option<String>,
}

/// Somebody who read people of a breach.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Reader {
    /// Who, pseudonymous.
    pub actor: String,
    /// Their unit.
    pub unit: String,
    /// Word of the role.
    pub role: String,
    /// Times.
    pub events: i64,
}

impl Desk {
    /// What the log says a breach reaches. Writes an event of its own before reading.
    pub async fn breach_reach(&self, scope: &Scope, id: &str) -> Result<(Breach, Reach), DeskError> {
        answers(scope)?;
        require(scope, Permission::ReadAudit)?;
        let event = ReadEvent::new(AuditAction::ReadAudit, "breach").object(id).word("what", "reach");
        self.audit_read(scope, event).await?;
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM breach WHERE id = ").bind(id);
        let breach = tx.row(sql).await?.map(|row| from_row(&row)).transpose()?.ok_or(DeskError::NotFound { kind: "breach" })?;
        let (rows, more) = events(&mut tx, &breach).await?;
        let mut reach = Reach { more, events: rows.len() as i64, ..Reach::default() };
        let mut objects = about::Objects::new();
        for row in &rows {
            if let Some(object) = row.opt_text(5)? {
                objects.insert((row.text(4)?, object));
            }
        }
        let known = about::of_objects(&mut tx, &objects).await?;
        for row in &rows {
            let (kind, object) = (row.text(4)?, row.opt_text(5)?);
            let about = object.clone().and_then(|object| known.get(&(kind.clone(), object)));
            let Some(about) = about else {
                reach.rows.push(reached(row, kind, object)?);
                continue;
            };
            for person in &about.people {
                *reach.people.entry(*person).or_default() += 1;
            }
            for visit in &about.visits {
                *reach.visits.entry(*visit).or_default() += 1;
            }
        }
        reach.handed = handed(&mut tx, &rows).await?;
        let all = About { people: reach.people.keys().copied().collect(), visits: reach.visits.keys().copied().collect() };
        reach.readers = readers(&mut tx, &all, breach.from_at).await?;
        Ok((breach, reach))
    }
}

/// The condition that an event shows people: binds one word an action.
pub(super) fn showing(sql: Sql) -> Sql {
    sql.list(AuditAction::showing_people().map(AuditAction::as_str))
}

/// The events of a breach that show people, and whether there are more.
async fn events(tx: &mut Tx, breach: &Breach) -> Result<(Vec<Row>, bool), DeskError> {
    // A person or a visit is asked for by all that is about them; anything else by its own id.
    let mut objects = Vec::new();
    if let Some(id) = &breach.object_id {
        let mut about = About::default();
        about.people.extend(subject::person_of("person", Some(id)));
        about.visits.extend(id.strip_prefix('V').and_then(|number| number.parse::<i64>().ok()));
        let mut all = about::objects(tx, &about).await?;
        all.insert(id.clone());
        objects.extend(all);
    }
    let ask = |some: Option<&[String]>| {
        let sql = showing(Sql::new(
            "SELECT seq, at, actor, action, object_kind, object_id, commune, detail, run FROM audit_event WHERE action IN ",
        ));
        let sql = sql.push(" AND at >= ").bind(breach.from_at).push(" AND at < ").bind(breach.until_at);
        let sql = sql.push_if(" AND actor = ", breach.actor.as_deref());
        let sql = match some {
            Some(some) => sql.push(" AND object_id IN ").list(some.iter().map(String::as_str)),
            None => sql,
        };
        sql.push(" ORDER BY seq LIMIT ").bind(MAX_EVENTS + 1)
    };
    if objects.is_empty() {
        let mut rows = tx.rows(ask(None)).await?;
        let more = rows.len() as i64 > MAX_EVENTS;
        rows.truncate(MAX_EVENTS as usize);
        return Ok((rows, more));
    }
    let mut found = BTreeMap::new();
    for some in objects.chunks(AT_ONCE) {
        for row in tx.rows(ask(Some(some))).await? {
            found.insert(row.int(0)?, row);
        }
    }
    let more = found.len() as i64 > MAX_EVENTS;
    Ok((found.into_values().take(MAX_EVENTS as usize).collect(), more))
}

fn reached(row: &Row, object_kind: String, object_id: Option<String>) -> Result<ReachedRows, DeskError> {
    Ok(ReachedRows {
        at: row.int(1)?,
        actor: row.text(2)?,
        action: row.text(3)?,
        object_kind,
        object_id,
        commune: row.opt_text(6)?,
        rows: counted(&row.text(7)?),
        run: row.opt_text(8)?,
    })
}

/// The organisations of the collectors' lists among the events, with the times.
async fn handed(tx: &mut Tx, rows: &[Row]) -> Result<BTreeMap<String, i64>, DeskError> {
    let mut times: BTreeMap<String, i64> = BTreeMap::new();
    for row in rows {
        if let (true, Some(list)) = (row.text(4)? == "collector_list", row.opt_text(5)?) {
            *times.entry(list).or_default() += 1;
        }
    }
    let mut handed: BTreeMap<String, i64> = BTreeMap::new();
    for (list, organisation) in about::organisations(tx, &times.keys().cloned().collect()).await? {
        *handed.entry(organisation).or_default() += times.get(&list).copied().unwrap_or_default();
    }
    Ok(handed)
}

/// Everybody who saw these people and visits since a moment.
async fn readers(tx: &mut Tx, about: &About, from: i64) -> Result<Vec<Reader>, DeskError> {
    let objects: Vec<String> = about::objects(tx, about).await?.into_iter().collect();
    let mut times: BTreeMap<(String, String, String), i64> = BTreeMap::new();
    for some in objects.chunks(AT_ONCE) {
        let sql =
            Sql::new("SELECT actor, unit, role, count(*) FROM audit_event WHERE ").push(about::KINDS).push(" AND action IN ");
        let sql = showing(sql).push(" AND at >= ").bind(from).push(" AND object_id IN ");
        let sql = sql.list(some.iter().map(String::as_str)).push(" GROUP BY actor, unit, role");
        for row in tx.rows(sql).await? {
            *times.entry((row.text(0)?, row.text(1)?, row.text(2)?)).or_default() += row.int(3)?;
        }
    }
    let reader = |((actor, unit, role), events)| Reader { actor, unit, role, events };
    Ok(times.into_iter().map(reader).collect::<BTreeSet<_>>().into_iter().collect())
}

/// The rows an event counts.
fn counted(detail: &str) -> Option<i64> {
    let detail: serde_json::Value = serde_json::from_str(detail).ok()?;
    ["rows", "found"].iter().find_map(|name| detail.get(name)?.as_i64())
}
