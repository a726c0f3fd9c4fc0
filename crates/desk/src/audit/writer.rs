//! Writes events: in the transaction of a change, or many reads together in one.

use std::time::Duration;

use base::Scope;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::event::{AuditEvent, COLUMNS};
use super::subject;
use crate::DeskError;
use crate::db::{Store, Tx};
use crate::sql::{MAX_BINDS, Sql};

/// How long a group waits for more events after its first one.
const GROUP_WAIT: Duration = Duration::from_millis(5);
/// Events of one group at most.
const GROUP_SIZE: usize = 512;
/// Values of one event.
const EVENT_BINDS: usize = 15;

/// Appends events in the caller's transaction; gives the number of the last one.
///
/// Taking the numbers locks the counter until commit, so numbers rise in the order of commits and a
/// rolled-back change leaves no hole. It should come last in a transaction.
pub(crate) async fn append(tx: &mut Tx, mut events: Vec<AuditEvent>) -> Result<i64, DeskError> {
    let count = i64::try_from(events.len()).map_err(|_| DeskError::Invalid { field: "events", why: "too many at once" })?;
    let sql = Sql::with("UPDATE audit_counter SET last_seq = last_seq + $1 WHERE one = 1 RETURNING last_seq", [count.into()]);
    let last = tx.row(sql).await?.ok_or_else(|| DeskError::damaged("audit_counter", "it has no row"))?.int(0)?;
    // Under the lock of the counter, so that two transactions never make two keys for one person.
    subject::rename(tx, &mut events).await?;
    let mut rows: Vec<_> = (last - count + 1..).zip(events).map(|(seq, event)| event.numbered(seq).binds()).collect();
    while !rows.is_empty() {
        let rest = rows.split_off(rows.len().min(MAX_BINDS / EVENT_BINDS));
        tx.execute(Sql::new("INSERT INTO audit_event (").push(COLUMNS).push(") VALUES ").rows(rows)).await?;
        rows = rest;
    }
    Ok(last)
}

struct Job {
    event: AuditEvent,
    done: oneshot::Sender<Result<(), DeskError>>,
}

/// The one task that commits the events of reads in groups.
#[derive(Debug, Clone)]
pub(crate) struct Writer(mpsc::Sender<Job>);

impl Writer {
    /// Starts the task on the current tokio runtime; it ends when the last handle is dropped.
    pub(crate) fn start(store: Store) -> Self {
        let (sender, receiver) = mpsc::channel(GROUP_SIZE * 8);
        tokio::spawn(run(store, receiver));
        Self(sender)
    }

    /// Hands an event over and waits until it is on disk.
    pub(crate) async fn write(&self, event: AuditEvent) -> Result<(), DeskError> {
        let (done, answer) = oneshot::channel();
        self.0.send(Job { event, done }).await.map_err(|_| DeskError::AuditStopped)?;
        answer.await.map_err(|_| DeskError::AuditStopped)?
    }
}

async fn run(store: Store, mut jobs: mpsc::Receiver<Job>) {
    while let Some(first) = jobs.recv().await {
        let mut group = vec![first];
        let end = Instant::now() + GROUP_WAIT;
        while group.len() < GROUP_SIZE {
            match timeout_at(end, jobs.recv()).await {
                Ok(Some(job)) => group.push(job),
                Ok(None) | Err(_) => break,
            }
        }
        let (events, waiting): (Vec<_>, Vec<_>) = group.into_iter().map(|job| (job.event, job.done)).unzip();
        let result = commit(&store, events).await;
        for done in waiting {
            // Who no longer waits has lost nothing: the event is in the log.
            let _ = done.send(result.clone());
        }
    }
}

async fn commit(store: &Store, events: Vec<AuditEvent>) -> Result<(), DeskError> {
    let mut tx = store.write(&Scope::system()).await?;
    append(&mut tx, events).await?;
    tx.commit().await
}
