//! The book: what was received and what was worked out, immutable, by period.
//!
//! Tables lie under the hash of their bytes. A step's outcome, a batch, a run and the state of a period
//! are small JSON files, each put in one atomic move after everything it names is safely on the disk; a
//! crash leaves the old state whole. With keys what may hold personal data lies sealed ([`Book::open_with_keys`]). Nothing here is ever changed in place; what is over its term is taken out by decision ([`Book::forget`]).

mod arrivals;
mod batches;
mod compare;
mod content;
mod error;
mod exchange;
mod files;
mod forget;
mod hash;
mod packets;
mod runs;
mod sealing;
mod tables;

pub use arrivals::{Arrival, ArrivalFile, ArrivedFile, ArrivedState};
pub use batches::{AgreedBatch, AgreementRef, BatchRecord, Mended, Replaced, replaced_by};
pub use compare::{RowChanges, RowKeys};
pub use content::Content;
pub use error::BookError;
pub use exchange::ExchangeRecord;
pub use forget::{Forgotten, Term};
pub use hash::{Fingerprint, RowsHash, rows_hash};
pub use packets::{Packet, PacketFile, PacketPart, PacketSignature};
pub use runs::{PeriodState, RunManifest, StepRecord};
pub use sealing::SealReport;
pub use tables::{TableRef, TableWriter};
pub use vault::Keys;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Puts bytes under a path in one step, whole or not at all; for the small files beside the book.
pub fn put_file(path: &Path, bytes: &[u8]) -> Result<(), BookError> {
    let folder = path.parent().unwrap_or(Path::new("."));
    files::make_folder(folder)?;
    files::put(folder, path, bytes)
}

/// The book of one data folder.
#[derive(Debug, Clone)]
pub struct Book {
    root: PathBuf,
    /// What seals new files; older ones say themselves which key sealed them.
    keys: Option<Arc<Keys>>,
}

/// Held while batches or runs are written; a second writer waits for none and is told so.
#[derive(Debug)]
pub struct WriterLock {
    _file: File,
}

impl Book {
    /// Opens the book in a folder, making the folder when it is not there. What is sealed in it does not open: see [`Book::open_with_keys`].
    ///
    /// What an interrupted writer left half done in the folder for unfinished files is cleared by the
    /// next writer ([`Book::lock`]), never by a reader.
    pub fn open(root: &Path) -> Result<Self, BookError> {
        let book = Self { root: root.to_owned(), keys: None };
        for folder in ["objects", "batches", "steps", "runs", "periods", "rejects", "content", "exchanges", "unfinished"] {
            files::make_folder(&book.root.join(folder))?;
        }
        Ok(book)
    }

    /// The folder of the book.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Takes the right to write, or says that another process has it.
    pub fn lock(&self) -> Result<WriterLock, BookError> {
        let path = self.root.join("writer.lock");
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(|e| BookError::io(&path, &e))?;
        match file.try_lock() {
            Ok(()) => {
                files::clear_folder(&self.root.join("unfinished"))?;
                Ok(WriterLock { _file: file })
            }
            Err(std::fs::TryLockError::WouldBlock) => Err(BookError::Busy { path: path.display().to_string() }),
            Err(std::fs::TryLockError::Error(e)) => Err(BookError::io(&path, &e)),
        }
    }
}
