//! Verifying the log: every event, every number, every seal.

use base::Scope;
use serde::Serialize;

use super::event::AuditEvent;
use super::seal::{Chain, PAGE, SEAL_COLUMNS, Seal, counter, events_from, no_seal};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What verifying found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Events read.
    pub events: i64,
    /// Seals read.
    pub batches: i64,
    /// Events not sealed yet.
    pub unsealed: i64,
    /// Seals kept outside that were looked for in the chain.
    pub exported: i64,
    /// Missing numbers, in order.
    pub gaps: Vec<Gap>,
    /// The first thing that does not agree.
    pub broken: Option<Broken>,
}

impl AuditReport {
    /// Whether nothing was found.
    pub fn is_whole(&self) -> bool {
        self.gaps.is_empty() && self.broken.is_none()
    }
}

/// Missing numbers: events that were removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// First missing number.
    pub from: i64,
    /// Last missing number.
    pub to: i64,
}

/// What does not agree, and where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "what", rename_all = "snake_case")]
pub enum Broken {
    /// An event's fields do not give its hash: the event was changed.
    Event {
        /// Number of the event.
        seq: i64,
    },
    /// An event has a number beyond the counter: the counter was turned back, or the event was put in by hand.
    BeyondCounter {
        /// Number of the event.
        seq: i64,
    },
    /// The events of a batch do not give its seal: an event was changed together with its hash, or removed.
    Batch {
        /// Number of the batch.
        batch: i64,
        /// First event of it.
        first_seq: i64,
        /// Last event of it.
        last_seq: i64,
    },
    /// A seal does not follow the one before it: a seal was changed or removed.
    Chain {
        /// Number of the batch.
        batch: i64,
    },
    /// The seal kept outside is not in the chain: the chain was written anew.
    Exported {
        /// Number of the batch.
        batch: i64,
    },
}

impl Desk {
    /// Reads the whole log and checks numbers, events, seals and the chain.
    pub async fn verify_audit(&self) -> Result<AuditReport, DeskError> {
        self.verify(&[]).await
    }

    /// Like [`Desk::verify_audit`], and the chain must hold the seals that were exported before.
    pub async fn verify_audit_against(&self, exported: &[Seal]) -> Result<AuditReport, DeskError> {
        self.verify(exported).await
    }

    async fn verify(&self, exported: &[Seal]) -> Result<AuditReport, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        // Read in this order, seals and counter never run ahead of the events read after them.
        let seals = seals(&mut tx).await?;
        let last = counter(&mut tx).await?;
        let mut walk = Walk::new(&seals);
        let mut next = 1;
        loop {
            let page = events_from(&mut tx, next, last).await?;
            let Some(event) = page.last() else { break };
            next = event.seq + 1;
            page.iter().for_each(|event| walk.event(event));
        }
        walk.end(last);
        if let Some(seq) = beyond(&mut tx, last).await? {
            walk.report(Broken::BeyondCounter { seq });
        }
        let found = |seal: &Seal| seals.binary_search_by_key(&seal.batch, |s| s.batch).is_ok_and(|at| seals[at] == *seal);
        if let Some(seal) = exported.iter().find(|seal| !found(seal)) {
            walk.report(Broken::Exported { batch: seal.batch });
        }
        let sealed = seals.last().map_or(0, |seal| seal.last_seq);
        Ok(AuditReport {
            events: walk.events,
            batches: i64::try_from(seals.len()).unwrap_or(i64::MAX),
            unsealed: (last - sealed).max(0),
            exported: i64::try_from(exported.len()).unwrap_or(i64::MAX),
            gaps: walk.gaps,
            broken: walk.broken,
        })
    }
}

/// Walks events and seals side by side.
struct Walk<'a> {
    seals: std::slice::Iter<'a, Seal>,
    /// The batch the next event belongs to.
    open: Option<(&'a Seal, Chain)>,
    prev_hash: String,
    prev_batch: i64,
    prev_last: i64,
    expected: i64,
    events: i64,
    gaps: Vec<Gap>,
    broken: Option<Broken>,
}

impl<'a> Walk<'a> {
    fn new(seals: &'a [Seal]) -> Self {
        let mut walk = Self {
            seals: seals.iter(),
            open: None,
            prev_hash: no_seal(),
            prev_batch: 0,
            prev_last: 0,
            expected: 1,
            events: 0,
            gaps: Vec::new(),
            broken: None,
        };
        walk.open_next();
        walk
    }

    fn event(&mut self, event: &AuditEvent) {
        self.events += 1;
        if event.seq > self.expected {
            self.gaps.push(Gap { from: self.expected, to: event.seq - 1 });
        }
        self.expected = event.seq + 1;
        self.close_before(event.seq);
        if !event.is_intact() {
            self.report(Broken::Event { seq: event.seq });
        }
        if let Some((_, chain)) = &mut self.open {
            chain.add(event);
        }
    }

    fn end(&mut self, last: i64) {
        if self.expected <= last {
            self.gaps.push(Gap { from: self.expected, to: last });
        }
        self.close_before(i64::MAX);
    }

    /// Closes every batch that ends before an event.
    fn close_before(&mut self, seq: i64) {
        while let Some((seal, chain)) = self.open.take_if(|(seal, _)| seal.last_seq < seq) {
            if chain.finish(seal.last_seq) != seal.hash {
                self.report(Broken::Batch { batch: seal.batch, first_seq: seal.first_seq, last_seq: seal.last_seq });
            }
            (self.prev_hash, self.prev_batch, self.prev_last) = (seal.hash.clone(), seal.batch, seal.last_seq);
            self.open_next();
        }
    }

    fn open_next(&mut self) {
        let Some(seal) = self.seals.next() else { return };
        let follows =
            seal.batch == self.prev_batch + 1 && seal.first_seq == self.prev_last + 1 && seal.prev_hash == self.prev_hash;
        if !follows {
            self.report(Broken::Chain { batch: seal.batch });
        }
        self.open = Some((seal, Chain::new(seal.batch, seal.first_seq, &seal.prev_hash)));
    }

    /// Keeps the first finding only; an event's number says more than its batch.
    fn report(&mut self, broken: Broken) {
        self.broken.get_or_insert(broken);
    }
}

async fn seals(tx: &mut Tx) -> Result<Vec<Seal>, DeskError> {
    let mut seals: Vec<Seal> = Vec::new();
    loop {
        let after = seals.last().map_or(i64::MIN, |seal| seal.batch);
        let sql = Sql::new("SELECT ").push(SEAL_COLUMNS).push(" FROM audit_seal WHERE batch > ").bind(after);
        let page = tx.rows(sql.push(" ORDER BY batch LIMIT ").bind(PAGE)).await?;
        if page.is_empty() {
            return Ok(seals);
        }
        for row in &page {
            seals.push(Seal::from_row(row)?);
        }
    }
}

/// The first event beyond the counter. The counter is read again: events may have come meanwhile.
async fn beyond(tx: &mut Tx, last: i64) -> Result<Option<i64>, DeskError> {
    let sql = Sql::with("SELECT seq FROM audit_event WHERE seq > $1 OR seq < 1 ORDER BY seq LIMIT 1", [last.into()]);
    let Some(row) = tx.row(sql).await? else { return Ok(None) };
    let seq = row.int(0)?;
    Ok((seq < 1 || seq > counter(tx).await?).then_some(seq))
}
