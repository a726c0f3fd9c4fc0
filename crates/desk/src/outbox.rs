//! The outbox (hàng gửi đi): what others are to know is written in the transaction of the change, with one delivery for each receiver, and
//! delivered afterwards by a worker: at least once, under the event's id, with rests that double; what is given up stays visible as dead
//! until an administrator lets it try again.
//!
//! A receiver is registered by name with the kinds it takes (a folder today; SMS, e-mail, a webhook are other receivers). It has to take an
//! event that comes twice under one id once. Events hold ids, counts and short codes, nothing of people.

use base::Scope;
use serde::Serialize;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::word;
use crate::{Desk, DeskError};

/// How long whoever claimed a delivery has it, in milliseconds.
const LEASE: i64 = 30_000;
/// Attempts before a delivery is dead.
const ATTEMPTS: i64 = 8;
/// The first rest in milliseconds; each is twice as long as the one before, so the eighth attempt comes some nine minutes after the first.
const REST: i64 = 4_000;
/// Dead deliveries on a page.
const SHOWN: i64 = 500;

/// What an event is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OutboxKind {
    /// Approved documents went to the document office; the object is the package.
    DocumentsSent,
    /// A document was delivered; the object is the document.
    DocumentDelivered,
    /// Cases were handed to a collector; the object is the list.
    ListHanded,
    /// A collector's card was withdrawn; the object is the card.
    CardWithdrawn,
}

impl OutboxKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::DocumentsSent, Self::DocumentDelivered, Self::ListHanded, Self::CardWithdrawn];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentsSent => "documents_sent",
            Self::DocumentDelivered => "document_delivered",
            Self::ListHanded => "list_handed",
            Self::CardWithdrawn => "card_withdrawn",
        }
    }

    /// The kind of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// An event as a receiver gets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OutboxEvent {
    /// UUIDv7: the key under which it is taken once.
    pub id: String,
    /// What it is about.
    pub kind: OutboxKind,
    /// Pseudonymous id of the object.
    pub object: String,
    /// Unit that did it.
    pub unit: String,
    /// Counts by name.
    pub payload: serde_json::Value,
    /// Unix milliseconds.
    pub at: i64,
}

/// A claimed delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The event.
    pub event: OutboxEvent,
    /// To whom.
    pub receiver: String,
    /// Which attempt this is, from 1.
    pub attempt: i64,
}

/// How the deliveries of a receiver stand.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReceiverState {
    /// Name.
    pub name: String,
    /// Whether it gets new events.
    pub active: bool,
    /// Deliveries that wait.
    pub waiting: i64,
    /// Deliveries that were taken.
    pub done: i64,
    /// Deliveries that were given up.
    pub dead: i64,
}

/// A delivery that was given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DeadDelivery {
    /// The event.
    pub event: OutboxEvent,
    /// To whom.
    pub receiver: String,
    /// Attempts made.
    pub attempts: i64,
    /// Short code of what went wrong last.
    pub failed: String,
}

const EVENT: &str = "e.id, e.kind, e.object_id, e.unit, e.payload, e.made_at";

impl Desk {
    /// Says which receivers there are and what they take; others get nothing new, what waits for them stays.
    pub async fn set_outbox_receivers(&self, receivers: &[(&str, &[OutboxKind])]) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let now = self.now();
        tx.execute(Sql::new("UPDATE outbox_receiver SET active = 0, changed_at = ").bind(now).push(" WHERE active = 1")).await?;
        for (name, kinds) in receivers {
            let kinds = kinds.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(",");
            let sql = Sql::with(
                "INSERT INTO outbox_receiver (name, kinds, active, changed_at) VALUES ($1, $2, 1, $3) \
                 ON CONFLICT (name) DO UPDATE SET kinds = excluded.kinds, active = 1, changed_at = excluded.changed_at",
                [word("receiver", name)?.into(), kinds.into(), now.into()],
            );
            tx.execute(sql).await?;
        }
        tx.commit().await
    }

    /// Claims the next delivery to a receiver; nothing when none is due. Any number of workers may call this.
    pub async fn outbox_next(&self, receiver: &str) -> Result<Option<Outgoing>, DeskError> {
        let due = |sql: Sql, now: i64| {
            sql.push(" WHERE receiver = ").bind(receiver).push(" AND state = 'waiting' AND due_at <= ").bind(now)
        };
        {
            // Looks before it asks for the right to write, which in SQLite everybody waits for.
            let mut tx = self.store().read(&Scope::system()).await?;
            let sql = due(Sql::new("SELECT event FROM outbox_delivery"), self.now());
            if tx.row(sql.push(" LIMIT 1")).await?.is_none() {
                return Ok(None);
            }
        }
        let mut tx = self.store().write(&Scope::system()).await?;
        let now = self.now();
        let sql = due(Sql::new("SELECT event, attempts FROM outbox_delivery"), now).push(" ORDER BY event LIMIT 1");
        let sql = if tx.is_postgres() { sql.push(" FOR UPDATE SKIP LOCKED") } else { sql };
        let Some(row) = tx.row(sql).await? else { return Ok(None) };
        let (event, attempt) = (row.text(0)?, row.int(1)? + 1);
        let sql = Sql::with(
            "UPDATE outbox_delivery SET attempts = $1, due_at = $2 WHERE event = $3 AND receiver = $4",
            [attempt.into(), (now + LEASE).into(), event.as_str().into(), receiver.into()],
        );
        tx.execute(sql).await?;
        let sql = Sql::new("SELECT ").push(EVENT).push(" FROM outbox_event e WHERE e.id = ").bind(event.as_str());
        let row = tx.row(sql).await?.ok_or_else(|| DeskError::damaged("outbox_delivery", "an event is missing"))?;
        let event = event_from(&row)?;
        tx.commit().await?;
        Ok(Some(Outgoing { event, receiver: receiver.to_owned(), attempt }))
    }

    /// Writes down that a delivery was taken. A worker whose lease was over says it as well as the one after it: it is done once.
    pub async fn outbox_done(&self, outgoing: &Outgoing) -> Result<(), DeskError> {
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::with(
            "UPDATE outbox_delivery SET state = 'done', done_at = $1, failed = NULL WHERE event = $2 AND receiver = $3 AND state <> 'done'",
            [self.now().into(), outgoing.event.id.as_str().into(), outgoing.receiver.as_str().into()],
        );
        tx.execute(sql).await?;
        tx.commit().await
    }

    /// Writes down that a delivery was not taken, under a short code; after [`ATTEMPTS`] it is dead. Gives whether it will be tried again.
    pub async fn outbox_failed(&self, outgoing: &Outgoing, code: &str) -> Result<bool, DeskError> {
        let code = word("failed", code)?;
        let again = outgoing.attempt < ATTEMPTS;
        let due = self.now() + (REST << outgoing.attempt.clamp(0, ATTEMPTS));
        let mut tx = self.store().write(&Scope::system()).await?;
        let sql = Sql::with(
            "UPDATE outbox_delivery SET state = $1, due_at = $2, failed = $3 WHERE event = $4 AND receiver = $5 AND state = 'waiting' \
             AND attempts = $6",
            [
                if again { "waiting" } else { "dead" }.into(),
                due.into(),
                code.into(),
                outgoing.event.id.as_str().into(),
                outgoing.receiver.as_str().into(),
                outgoing.attempt.into(),
            ],
        );
        tx.execute(sql).await?;
        tx.commit().await?;
        Ok(again)
    }

    /// How the deliveries stand, by receiver, and those that are dead, the oldest first; for who manages the system. The caller writes the
    /// audit event.
    pub async fn outbox(&self, scope: &Scope) -> Result<(Vec<ReceiverState>, Vec<DeadDelivery>), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().read(scope).await?;
        let mut states: std::collections::BTreeMap<String, ReceiverState> = Default::default();
        for row in tx.rows(Sql::new("SELECT name, active FROM outbox_receiver")).await? {
            let name = row.text(0)?;
            states.insert(name.clone(), ReceiverState { name, active: row.int(1)? == 1, ..ReceiverState::default() });
        }
        for row in tx.rows(Sql::new("SELECT receiver, state, count(*) FROM outbox_delivery GROUP BY receiver, state")).await? {
            let Some(state) = states.get_mut(&row.text(0)?) else { continue };
            let count = row.int(2)?;
            match row.text(1)?.as_str() {
                "waiting" => state.waiting = count,
                "done" => state.done = count,
                _ => state.dead = count,
            }
        }
        let sql = Sql::new("SELECT ").push(EVENT).push(
            ", d.receiver, d.attempts, d.failed FROM outbox_delivery d JOIN outbox_event e ON e.id = d.event \
             WHERE d.state = 'dead' ORDER BY d.event, d.receiver LIMIT ",
        );
        let mut dead = Vec::new();
        for row in tx.rows(sql.bind(SHOWN)).await? {
            dead.push(DeadDelivery {
                event: event_from(&row)?,
                receiver: row.text(6)?,
                attempts: row.int(7)?,
                failed: row.opt_text(8)?.unwrap_or_default(),
            });
        }
        Ok((states.into_values().collect(), dead))
    }

    /// Lets a dead delivery try again from the beginning.
    pub async fn outbox_again(&self, scope: &Scope, event: &str, receiver: &str) -> Result<(), DeskError> {
        require(scope, Permission::ManageUsers)?;
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::with(
            "UPDATE outbox_delivery SET state = 'waiting', attempts = 0, due_at = $1 WHERE event = $2 AND receiver = $3 AND state = 'dead'",
            [self.now().into(), event.into(), receiver.into()],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::NotFound { kind: "delivery" });
        }
        let said = ReadEvent::new(AuditAction::RetryDelivery, "outbox_event").object(event).word("receiver", receiver);
        self.commit_with(tx, scope, said).await
    }

    /// Writes an event into the transaction of its change, with a delivery for each receiver that takes its kind.
    pub(crate) async fn put_out(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        kind: OutboxKind,
        object: &str,
        counts: &[(&str, i64)],
    ) -> Result<(), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let payload: serde_json::Map<String, serde_json::Value> =
            counts.iter().map(|(name, count)| ((*name).to_owned(), (*count).into())).collect();
        let sql = Sql::with(
            "INSERT INTO outbox_event (id, kind, object_id, unit, payload, made_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                id.as_str().into(),
                kind.as_str().into(),
                object.into(),
                scope.unit.as_str().into(),
                serde_json::Value::Object(payload).to_string().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        for row in tx.rows(Sql::new("SELECT name, kinds FROM outbox_receiver WHERE active = 1")).await? {
            if row.text(1)?.split(',').any(|known| known == kind.as_str()) {
                let sql = Sql::with(
                    "INSERT INTO outbox_delivery (event, receiver, state, attempts, due_at) VALUES ($1, $2, 'waiting', 0, $3)",
                    [id.as_str().into(), row.text(0)?.into(), now.into()],
                );
                tx.execute(sql).await?;
            }
        }
        Ok(())
    }
}

fn event_from(row: &Row) -> Result<OutboxEvent, DeskError> {
    let wrong = |what: &'static str| DeskError::damaged("outbox_event", what);
    Ok(OutboxEvent {
        id: row.text(0)?,
        kind: OutboxKind::from_word(&row.text(1)?).ok_or_else(|| wrong("kind"))?,
        object: row.text(2)?,
        unit: row.text(3)?,
        payload: serde_json::from_str(&row.text(4)?).map_err(|_| wrong("payload"))?,
        at: row.int(5)?,
    })
}
