//! Breaches of personal data (vi phạm quy định bảo vệ dữ liệu cá nhân): what happened, and the clock of the notice.

use base::{Date, Scope};
use serde::Serialize;

use super::answers;
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Row;
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

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

/// Columns in the order of [`from_row`].
pub(super) const COLUMNS: &str = "id, words, found_at, notice_due_at, keep_until, actor, object_id, from_at, until_at, biometric, told_at, told_words, \
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
}

/// A breach as it lies in the store.
pub(super) fn from_row(row: &Row) -> Result<Breach, DeskError> {
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
