//! Files that wait go into the book by themselves, as `ansinh claims import --waiting` would take them.
//!
//! The work is done beside the requests, a batch at a time under the writer's lock. Where a run or another import holds the lock it is tried later; between
//! two batches the lock is free.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base::{Explain, Scope};
use book::{BookError, WriterLock};
use chapter::App;
use claimfile::signature::Trust;
use desk::{AuditAction, ReadEvent};
use tokio::sync::watch;

use crate::Formats;
use crate::error::ClaimsError;
use crate::store::{TakenIn, Waiting, batch_of, not_read, take_in, wait_no_more, waiting};

/// How often it is looked whether a file has waited long enough, and when it is tried again where another writer is at work.
const LOOK: Duration = Duration::from_secs(10);
/// Between two batches: time for whoever wants the lock.
const BREATH: Duration = Duration::from_secs(1);
/// After the book or the desk failed.
const TROUBLE: Duration = Duration::from_secs(60);

/// Takes files that wait into the book once one of them has waited `minutes`, until `stop` says so or is dropped; a batch that was begun is ended first.
pub async fn import_waiting(app: App, formats: Formats, trust: Trust, minutes: u64, mut stop: watch::Receiver<bool>) {
    let mut importing = Importing {
        app,
        stand: Arc::new((formats, trust)),
        patience: Duration::from_secs(minutes.saturating_mul(60)),
        left: BTreeSet::new(),
        owed: Vec::new(),
    };
    loop {
        let pause = match importing.pass().await {
            Ok(pause) => pause,
            Err(why) => {
                eprintln!("chưa nhận được vào sổ các tệp hồ sơ đang đợi, sẽ thử lại: {why}");
                TROUBLE
            }
        };
        tokio::select! {
            _ = stop.changed() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

struct Importing {
    app: App,
    /// Formats of claims, and the roots that signatures are held against.
    stand: Arc<(Formats, Trust)>,
    /// How long a file waits at most.
    patience: Duration,
    /// Files of which nothing could be read.
    left: BTreeSet<PathBuf>,
    /// Packets that are in the book and not yet in the log, with their stored dossiers: the desk could not be written.
    owed: Vec<(String, u64)>,
}

/// What a look found.
enum Look {
    /// No file has waited long enough.
    Nothing,
    /// Another writer is at work.
    Busy,
    /// A batch is in the book; the lock is held until it is told of. More may wait.
    Batch(TakenIn, WriterLock),
    /// Files of which an earlier import could read nothing, and no other.
    Unreadable(BTreeSet<PathBuf>),
}

impl Importing {
    /// One look; gives the pause after it.
    async fn pass(&mut self) -> Result<Duration, String> {
        // The log first: what is in the book must be told before more comes.
        self.tell().await?;
        let (app, stand, left, patience) = (self.app.clone(), self.stand.clone(), self.left.clone(), self.patience);
        let look = tokio::task::spawn_blocking(move || look(&app, &stand, patience, &left)).await;
        let look = look.map_err(|_| "internal".to_owned())?.map_err(|error| error.what())?;
        match look {
            Look::Nothing | Look::Busy => Ok(LOOK),
            Look::Unreadable(paths) => {
                self.leave(paths);
                Ok(LOOK)
            }
            Look::Batch(done, lock) => {
                if let Some(packet) = &done.packet {
                    self.owed.push((packet.name(), packet.files.iter().map(|file| file.stored).sum()));
                }
                self.leave(done.unread);
                // As long as it is not told the files stay; the book knows them then.
                self.tell().await?;
                let (app, taken) = (self.app.clone(), done.taken);
                let gone = tokio::task::spawn_blocking(move || {
                    let gone = wait_no_more(&app.book, &taken);
                    drop(lock);
                    gone
                });
                gone.await.map_err(|_| "internal".to_owned())?.map_err(|error| error.what())?;
                Ok(BREATH)
            }
        }
    }

    /// Says once of files that they stay.
    fn leave(&mut self, paths: impl IntoIterator<Item = PathBuf>) {
        let before = self.left.len();
        self.left.extend(paths);
        if self.left.len() > before {
            eprintln!("{} tệp hồ sơ đang đợi không đọc được nên để lại: xem book/claims_waiting", self.left.len());
        }
    }

    /// Writes the packets that are owed to the log, by the event that `claims import` writes.
    async fn tell(&mut self) -> Result<(), String> {
        while let Some((packet, stored)) = self.owed.last() {
            let event = ReadEvent::new(AuditAction::StoreIntake, "packet")
                .object(packet.clone())
                .count("stored", i64::try_from(*stored).unwrap_or(i64::MAX));
            self.app.desk.audit_read(&Scope::system(), event).await.map_err(|error| error.what())?;
            self.owed.pop();
        }
        Ok(())
    }
}

/// Looks at the waiting room without the lock; takes a batch in where a file has waited long enough and the lock is free.
fn look(
    app: &App,
    (formats, trust): &(Formats, Trust),
    patience: Duration,
    left: &BTreeSet<PathBuf>,
) -> Result<Look, ClaimsError> {
    let book = &app.book;
    let wanted = || -> Result<Vec<Waiting>, ClaimsError> {
        let mut files = waiting(book)?;
        files.retain(|file| !left.contains(&file.path));
        Ok(files)
    };
    if !wanted()?.iter().any(|file| has_waited(&file.path, patience)) {
        return Ok(Look::Nothing);
    }
    let lock = match book.lock() {
        Ok(lock) => lock,
        Err(BookError::Busy { .. }) => return Ok(Look::Busy),
        Err(other) => return Err(other.into()),
    };
    // Another import may have taken them while the lock was waited for.
    let given_up = not_read(book)?;
    let is_given_up = |path: &Path| path.file_name().is_some_and(|name| given_up.contains(&*name.to_string_lossy()));
    let (unreadable, files): (Vec<_>, Vec<_>) = wanted()?.into_iter().partition(|file| is_given_up(&file.path));
    if files.is_empty() {
        return Ok(Look::Unreadable(unreadable.into_iter().map(|file| file.path).collect()));
    }
    let now = (app.clock)().div_euclid(1000);
    Ok(Look::Batch(take_in(book, formats, (trust, now), app.today(), &batch_of(files))?, lock))
}

/// Whether a file came so long ago. A time ahead of the clock is no reason to wait on; a file that is gone waits no more.
fn has_waited(path: &Path, patience: Duration) -> bool {
    let came = std::fs::metadata(path).and_then(|about| about.modified());
    came.is_ok_and(|at| at.elapsed().unwrap_or(patience) >= patience)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_due_once_it_waited_so_long() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("01013_a.xml");
        assert!(!has_waited(&path, Duration::ZERO), "what is not there is not due");
        std::fs::write(&path, "x").unwrap();
        assert!(has_waited(&path, Duration::ZERO));
        assert!(!has_waited(&path, Duration::from_secs(600)));
        let before = std::time::SystemTime::now() - Duration::from_secs(601);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(before).unwrap();
        assert!(has_waited(&path, Duration::from_secs(600)));
        let ahead = std::time::SystemTime::now() + Duration::from_secs(3600);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(ahead).unwrap();
        assert!(has_waited(&path, Duration::from_secs(600)), "a wrong clock keeps nothing waiting");
    }
}
