//! Breaches of personal data (vi phạm quy định bảo vệ dữ liệu cá nhân): the clock of the notice, and what the log says they reach.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Scope};
use serde::Serialize;

use super::answers;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent, subject};
use crate::db::Row;
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Events of one answer at most.
const MAX_EVENTS: i64 = 100_000;
/// People of one question about their readers.
const AT_ONCE: usize = 100;

/// A breach that was found.
#[derive(Debug, Clone)]
pub struct NewBreach {
    /// What happened.
    pub words: String,
    /// When it was found, Unix milliseconds.
    pub found_at: i64,
    /// Hours until the authority has to be told, by the law.
    pub notice_hours: i64,
    /// Day until which its file is kept, by the law.
    pub keep_until: Date,
    /// Whose session it was; everybody's when not given.
    pub actor: Option<String>,
    /// The object: a batch, an exchange, a person `P123`; everything when not given.
    pub object_id: Option<String>,
    /// From when on, Unix milliseconds.
    pub from_at: i64,
    /// Until when, Unix milliseconds.
    pub until_at: i64,
    /// Whether biometric data is in it.
    pub biometric: bool,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A breach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Breach {
    /// UUIDv7.
    pub id: String,
    /// What happened.
    pub words: String,
    /// When it was found, Unix milliseconds.
    pub found_at: i64,
    /// Until when the authority has to be told, Unix milliseconds.
    pub notice_due_at: i64,
    /// Day until which its file is kept.
    pub keep_until: Date,
    /// Whose session it was.
    pub actor: Option<String>,
    /// The object.
    pub object_id: Option<String>,
    /// From when on, Unix milliseconds.
    pub from_at: i64,
    /// Until when, Unix milliseconds.
    pub until_at: i64,
    /// Whether biometric data is in it.
    pub biometric: bool,
    /// When the authority was told, Unix milliseconds, and by which document.
    pub told: Option<(i64, String)>,
    /// When it was closed, Unix milliseconds, and with which result.
    pub closed: Option<(i64, String)>,
    /// Counts changes, from 1.
    pub version: i64,
    /// Who wrote it down, pseudonymous.
    pub reported_by: String,
}

/// What the log says a breach reaches.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Reach {
    /// People whose page, letter or case was opened, by the book's number, with the times.
    pub people: BTreeMap<i64, i64>,
    /// Lists, rows and files that were opened or taken out.
    pub rows: Vec<ReachedRows>,
    /// Everybody who read these people since the breach began, with the times.
    pub readers: Vec<Reader>,
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

const COLUMNS: &str = "id, words, found_at, notice_due_at, keep_until, actor, object_id, from_at, until_at, biometric, told_at, told_words, \
                       closed_at, closed_words, version, reported_by";

impl Desk {
    /// Writes a breach down and starts its clock.
    pub async fn report_breach(&self, scope: &Scope, new: NewBreach) -> Result<Breach, DeskError> {
        answers(scope)?;
        let client_tx = client_tx(&new.client_tx)?;
        if new.from_at >= new.until_at {
            return Err(DeskError::Invalid { field: "until_at", why: "must lie after the beginning" });
        }
        let hours = new.notice_hours.checked_mul(3_600_000).and_then(|ms| new.found_at.checked_add(ms));
        let notice_due_at = hours.ok_or(DeskError::Invalid { field: "found_at", why: "lies outside the calendar" })?;
        let breach = Breach {
            id: self.next_id(self.now()),
            words: written("words", &new.words)?,
            found_at: new.found_at,
            notice_due_at,
            keep_until: new.keep_until,
            actor: new.actor.map(|text| word("actor", &text)).transpose()?,
            object_id: new.object_id.map(|text| word("object_id", &text)).transpose()?,
            from_at: new.from_at,
            until_at: new.until_at,
            biometric: new.biometric,
            told: None,
            closed: None,
            version: 1,
            reported_by: scope.actor.0.clone(),
        };
        let mut tx = self.store().write(scope).await?;
        tx.lock(&client_tx).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM breach WHERE client_tx = ").bind(client_tx.as_str());
        if let Some(earlier) = tx.row(sql).await?.map(|row| from_row(&row)).transpose()? {
            let same = (&earlier.words, &earlier.reported_by) == (&breach.words, &breach.reported_by);
            return if same { Ok(earlier) } else { Err(DeskError::ClientTxReused) };
        }
        let sql = Sql::with(
            "INSERT INTO breach (id, client_tx, words, found_at, notice_due_at, keep_until, actor, object_id, from_at, until_at, \
             biometric, version, reported_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12)",
            [
                breach.id.as_str().into(),
                client_tx.as_str().into(),
                breach.words.as_str().into(),
                breach.found_at.into(),
                breach.notice_due_at.into(),
                breach.keep_until.to_string().into(),
                breach.actor.as_deref().into(),
                breach.object_id.as_deref().into(),
                breach.from_at.into(),
                breach.until_at.into(),
                i64::from(breach.biometric).into(),
                breach.reported_by.as_str().into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::ReportBreach, "breach").object(breach.id.as_str()).client_tx(&client_tx);
        self.commit_with(tx, scope, event).await?;
        Ok(breach)
    }

    /// Writes down that the authority was told, by which document.
    pub async fn tell_breach(&self, scope: &Scope, id: &str, version: i64, words: &str) -> Result<Breach, DeskError> {
        self.step_breach(scope, id, version, words, false).await
    }

    /// Closes a breach of which the authority was told.
    pub async fn close_breach(&self, scope: &Scope, id: &str, version: i64, words: &str) -> Result<Breach, DeskError> {
        self.step_breach(scope, id, version, words, true).await
    }

    async fn step_breach(&self, scope: &Scope, id: &str, version: i64, words: &str, close: bool) -> Result<Breach, DeskError> {
        answers(scope)?;
        let words = written("words", words)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM breach WHERE id = ").bind(id);
        let mut breach =
            tx.row(sql).await?.map(|row| from_row(&row)).transpose()?.ok_or(DeskError::NotFound { kind: "breach" })?;
        if breach.version != version || breach.closed.is_some() || breach.told.is_some() != close {
            return Err(DeskError::RequestChanged);
        }
        let now = self.now();
        let update = if close {
            "UPDATE breach SET closed_at = $1, closed_by = $2, closed_words = $3, version = version + 1 WHERE id = $4"
        } else {
            "UPDATE breach SET told_at = $1, told_by = $2, told_words = $3, version = version + 1 WHERE id = $4"
        };
        let binds = [now.into(), scope.actor.0.as_str().into(), words.as_str().into(), id.into()];
        tx.execute(Sql::with(update, binds)).await?;
        let action = if close { AuditAction::CloseBreach } else { AuditAction::TellBreach };
        self.commit_with(tx, scope, ReadEvent::new(action, "breach").object(id)).await?;
        *(if close { &mut breach.closed } else { &mut breach.told }) = Some((now, words));
        breach.version += 1;
        Ok(breach)
    }

    /// All breaches, those whose clock runs first. The caller writes the audit event before showing them.
    pub async fn breaches(&self, scope: &Scope) -> Result<Vec<Breach>, DeskError> {
        answers(scope)?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM breach");
        let mut tx = self.store().read(scope).await?;
        let mut found = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        found.sort_by_key(|breach| (breach.told.is_some(), breach.closed.is_some(), breach.notice_due_at, breach.id.clone()));
        Ok(found)
    }

    /// What the log says a breach reaches. Writes an event of its own before reading.
    pub async fn breach_reach(&self, scope: &Scope, id: &str) -> Result<(Breach, Reach), DeskError> {
        answers(scope)?;
        require(scope, Permission::ReadAudit)?;
        let event = ReadEvent::new(AuditAction::ReadAudit, "breach").object(id).word("what", "reach");
        self.audit_read(scope, event).await?;
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM breach WHERE id = ").bind(id);
        let breach = tx.row(sql).await?.map(|row| from_row(&row)).transpose()?.ok_or(DeskError::NotFound { kind: "breach" })?;
        let sql = Sql::new(
            "SELECT e.at, e.actor, e.action, e.object_kind, e.object_id, e.commune, e.detail, e.run, c.subject \
             FROM audit_event e LEFT JOIN work_case c ON e.object_kind = 'case' AND c.id = e.object_id AND c.subject_kind = 'person' \
             WHERE e.action IN ('view_person', 'reveal_identity', 'list_people', 'search_people', 'view_rows', 'compare_records', \
             'list_cases', 'view_case', 'export') AND e.at >= ",
        );
        let asked = breach.object_id.as_deref().and_then(|id| subject::person_of("person", Some(id)));
        let key = match asked {
            Some(person) => subject::keys_of(&mut tx, &[person]).await?.remove(&person),
            None => None,
        };
        let object_id = key.as_deref().or(breach.object_id.as_deref());
        let sql = sql.bind(breach.from_at).push(" AND e.at < ").bind(breach.until_at);
        let sql = sql.push_if(" AND e.actor = ", breach.actor.as_deref()).push_if(" AND e.object_id = ", object_id);
        let rows = tx.rows(sql.push(" ORDER BY e.seq LIMIT ").bind(MAX_EVENTS + 1)).await?;
        let mut reach = Reach { more: rows.len() as i64 > MAX_EVENTS, events: rows.len() as i64, ..Reach::default() };
        let mut keys = BTreeSet::new();
        for row in &rows {
            let kind = row.text(3)?;
            keys.extend(row.opt_text(4)?.filter(|object| subject::is_key(&kind, object)));
        }
        let known = subject::people_of(&mut tx, &keys).await?;
        for row in &rows {
            let (kind, object) = (row.text(3)?, row.opt_text(4)?);
            let of_case = row.opt_int(8)?;
            let person = object.as_deref().and_then(|object| known.get(object).copied());
            match person.or_else(|| subject::person_of(&kind, object.as_deref())).or(of_case) {
                Some(person) => *reach.people.entry(person).or_default() += 1,
                None => reach.rows.push(ReachedRows {
                    at: row.int(0)?,
                    actor: row.text(1)?,
                    action: row.text(2)?,
                    object_kind: kind,
                    object_id: object,
                    commune: row.opt_text(5)?,
                    rows: counted(&row.text(6)?),
                    run: row.opt_text(7)?,
                }),
            }
        }
        let people: Vec<i64> = reach.people.keys().copied().collect();
        let mut readers: BTreeMap<(String, String, String), i64> = BTreeMap::new();
        for some in people.chunks(AT_ONCE) {
            let sql = Sql::new(
                "SELECT actor, unit, role, count(*) FROM audit_event WHERE object_kind IN ('person', 'letter') AND at >= ",
            );
            let keys = subject::keys_of(&mut tx, some).await?;
            if keys.is_empty() {
                continue;
            }
            let sql = sql.bind(breach.from_at).push(" AND object_id IN ").list(keys.into_values());
            for row in tx.rows(sql.push(" GROUP BY actor, unit, role")).await? {
                *readers.entry((row.text(0)?, row.text(1)?, row.text(2)?)).or_default() += row.int(3)?;
            }
        }
        let reader = |((actor, unit, role), events)| Reader { actor, unit, role, events };
        reach.readers = readers.into_iter().map(reader).collect::<BTreeSet<_>>().into_iter().collect();
        Ok((breach, reach))
    }
}

/// The rows an event counts.
fn counted(detail: &str) -> Option<i64> {
    let detail: serde_json::Value = serde_json::from_str(detail).ok()?;
    ["rows", "found"].iter().find_map(|name| detail.get(name)?.as_i64())
}

fn from_row(row: &Row) -> Result<Breach, DeskError> {
    let pair = |at: usize| -> Result<Option<(i64, String)>, DeskError> { Ok(row.opt_int(at)?.zip(row.opt_text(at + 1)?)) };
    Ok(Breach {
        id: row.text(0)?,
        words: row.text(1)?,
        found_at: row.int(2)?,
        notice_due_at: row.int(3)?,
        keep_until: row.text(4)?.parse().map_err(|_| DeskError::damaged("breach", "keep_until"))?,
        actor: row.opt_text(5)?,
        object_id: row.opt_text(6)?,
        from_at: row.int(7)?,
        until_at: row.int(8)?,
        biometric: row.int(9)? == 1,
        told: pair(10)?,
        closed: pair(12)?,
        version: row.int(14)?,
        reported_by: row.text(15)?,
    })
}
