//! Seals: each chains all events since the one before it, so that no later change goes unseen.

use base::Scope;
use serde::{Deserialize, Serialize};

use super::event::{AuditEvent, COLUMNS};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Events read at once while sealing or verifying.
pub(crate) const PAGE: i64 = 2_000;

/// Seal over the events of one batch and the seal before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seal {
    /// Number, from 1 without gaps.
    pub batch: i64,
    /// First event.
    pub first_seq: i64,
    /// Last event.
    pub last_seq: i64,
    /// Hash of the seal before; 64 zeros for the first.
    pub prev_hash: String,
    /// BLAKE3 over batch, numbers, previous hash and the digests of the events, hexadecimal.
    pub hash: String,
    /// Unix milliseconds.
    pub sealed_at: i64,
}

/// Columns in the order of [`Seal::from_row`].
pub(crate) const SEAL_COLUMNS: &str = "batch, first_seq, last_seq, prev_hash, hash, sealed_at";

impl Seal {
    pub(crate) fn from_row(row: &Row) -> Result<Self, DeskError> {
        Ok(Self {
            batch: row.int(0)?,
            first_seq: row.int(1)?,
            last_seq: row.int(2)?,
            prev_hash: row.text(3)?,
            hash: row.text(4)?,
            sealed_at: row.int(5)?,
        })
    }
}

/// The hash that stands before the first seal.
pub(crate) fn no_seal() -> String {
    "0".repeat(64)
}

/// Takes a batch's events one by one and gives the seal's hash.
pub(crate) struct Chain(blake3::Hasher);

impl Chain {
    pub(crate) fn new(batch: i64, first_seq: i64, prev_hash: &str) -> Self {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh audit seal 1");
        hasher.update(&batch.to_le_bytes()).update(&first_seq.to_le_bytes());
        hasher.update(&(prev_hash.len() as u64).to_le_bytes()).update(prev_hash.as_bytes());
        Self(hasher)
    }

    pub(crate) fn add(&mut self, event: &AuditEvent) {
        self.0.update(event.digest().as_bytes());
    }

    pub(crate) fn finish(mut self, last_seq: i64) -> String {
        self.0.update(&last_seq.to_le_bytes());
        self.0.finalize().to_hex().to_string()
    }
}

impl Desk {
    /// Chains all unsealed events into one batch; `None` when there are none. The binary calls it each second.
    ///
    /// An event that does not agree with its own hash is not sealed over: that is an error.
    pub async fn seal(&self) -> Result<Option<Seal>, DeskError> {
        let scope = Scope::system();
        let mut tx = self.store().read(&scope).await?;
        let (last, newest) = (last_seal(&mut tx).await?, counter(&mut tx).await?);
        drop(tx);
        if last.map_or(0, |seal| seal.last_seq) >= newest {
            return Ok(None);
        }
        let mut tx = self.store().write(&scope).await?;
        // The counter's lock keeps other sealers and writers out until commit.
        tx.execute(Sql::new("UPDATE audit_counter SET last_seq = last_seq WHERE one = 1")).await?;
        let (last, newest) = (last_seal(&mut tx).await?, counter(&mut tx).await?);
        let (batch, prev_hash, from) = last.map_or((1, no_seal(), 1), |seal| (seal.batch + 1, seal.hash, seal.last_seq + 1));
        if from > newest {
            return Ok(None);
        }
        let mut chain = Chain::new(batch, from, &prev_hash);
        let mut next = from;
        loop {
            let events = events_from(&mut tx, next, newest).await?;
            let Some(event) = events.last() else { break };
            next = event.seq + 1;
            for event in &events {
                if !event.is_intact() {
                    return Err(DeskError::AuditBroken { seq: event.seq });
                }
                chain.add(event);
            }
        }
        let hash = chain.finish(newest);
        let seal = Seal { batch, first_seq: from, last_seq: newest, prev_hash, hash, sealed_at: self.now() };
        let sql = Sql::with(
            "INSERT INTO audit_seal (batch, first_seq, last_seq, prev_hash, hash, sealed_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                seal.batch.into(),
                seal.first_seq.into(),
                seal.last_seq.into(),
                seal.prev_hash.as_str().into(),
                seal.hash.as_str().into(),
                seal.sealed_at.into(),
            ],
        );
        tx.execute(sql).await?;
        tx.commit().await?;
        Ok(Some(seal))
    }

    /// The last seal, to be kept outside the store: [`Desk::verify_audit_against`] finds a chain that was
    /// written anew behind it.
    pub async fn export_seal(&self) -> Result<Option<Seal>, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        last_seal(&mut tx).await
    }
}

async fn last_seal(tx: &mut Tx) -> Result<Option<Seal>, DeskError> {
    let sql = Sql::new("SELECT ").push(SEAL_COLUMNS).push(" FROM audit_seal ORDER BY batch DESC LIMIT 1");
    tx.row(sql).await?.map(|row| Seal::from_row(&row)).transpose()
}

/// The last number given to an event.
pub(crate) async fn counter(tx: &mut Tx) -> Result<i64, DeskError> {
    let row = tx.row(Sql::new("SELECT last_seq FROM audit_counter WHERE one = 1")).await?;
    row.ok_or_else(|| DeskError::damaged("audit_counter", "it has no row"))?.int(0)
}

/// The next page of events from a number up to another.
pub(crate) async fn events_from(tx: &mut Tx, from: i64, to: i64) -> Result<Vec<AuditEvent>, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM audit_event WHERE seq >= ").bind(from);
    let sql = sql.push(" AND seq <= ").bind(to).push(" ORDER BY seq LIMIT ").bind(PAGE);
    tx.rows(sql).await?.iter().map(AuditEvent::from_row).collect()
}
