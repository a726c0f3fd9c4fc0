//! What was counted in a file when it came, kept while it waits for the import, so that its facility sees what became of it.

use std::path::{Path, PathBuf};

use base::Date;
use book::{Book, put_file};
use serde::{Deserialize, Serialize};

use super::spool::waiting;
use crate::error::ClaimsError;

/// Counts of a file that waits. Nothing of its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    /// Dossiers read, refused ones too.
    pub read: u64,
    /// Dossiers that will be stored.
    pub kept: u64,
    /// Check-ins: a notice only.
    pub check_ins: u64,
    /// What the rules found.
    pub findings: u64,
}

/// A file of a facility that waits for the import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingReceipt {
    /// Number of its receipt.
    pub receipt: String,
    /// Day it came; none where nothing was noted of it.
    pub received: Option<Date>,
    /// What was counted in it; none where nothing was noted of it.
    pub noted: Option<Noted>,
}

/// As it stands in its file.
#[derive(Debug, Serialize, Deserialize)]
struct Record {
    received: String,
    #[serde(flatten)]
    noted: Noted,
}

/// Writes down what was counted in a file that waits; the same file again is the same note.
pub fn note_waiting(book: &Book, facility: &str, receipt: &str, received: Date, noted: Noted) -> Result<(), ClaimsError> {
    let path = place(book, facility, receipt);
    // The first note tells when it came.
    if path.exists() {
        return Ok(());
    }
    let record = Record { received: received.to_string(), noted };
    let text = serde_json::to_vec(&record).map_err(|error| ClaimsError::Refused(format!("{}: {error}", path.display())))?;
    Ok(put_file(&path, &text)?)
}

/// The files of a facility that wait, each with what was noted of it.
pub fn waiting_of(book: &Book, facility: &str) -> Result<Vec<WaitingReceipt>, ClaimsError> {
    let own = waiting(book)?.into_iter().filter(|file| file.facility == facility);
    let mut all: Vec<WaitingReceipt> = own
        .map(|file| {
            // A note that cannot be read takes no receipt away.
            let text = std::fs::read(place(book, facility, &file.receipt)).ok();
            let record: Option<Record> = text.and_then(|text| serde_json::from_slice(&text).ok());
            WaitingReceipt {
                receipt: file.receipt,
                received: record.as_ref().and_then(|record| record.received.parse().ok()),
                noted: record.map(|record| record.noted),
            }
        })
        .collect();
    all.sort_by(|a, b| (b.received, &a.receipt).cmp(&(a.received, &b.receipt)));
    Ok(all)
}

/// Takes the note of a file away that waits no more; `path` is where it lay.
pub fn forget_noted(book: &Book, path: &Path) {
    if let Some(stem) = path.file_stem() {
        // A note that stays shows nothing: only files that wait are shown.
        let _ = std::fs::remove_file(folder(book).join(stem).with_extension("json"));
    }
}

fn place(book: &Book, facility: &str, receipt: &str) -> PathBuf {
    folder(book).join(format!("{facility}_{receipt}.json"))
}

fn folder(book: &Book) -> PathBuf {
    book.root().join("claims_noted")
}
