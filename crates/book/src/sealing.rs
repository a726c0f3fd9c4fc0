//! How files of the book are sealed (mã hóa khi lưu) where a key file is given.
//!
//! Sealed is everything that holds rows or came from outside: tables, refused rows, arrivals, claims that wait, and the records of batches, packets,
//! steps and runs, whose file names, headings and hashes say something of what came in. Plain stay `content`, `periods`, `exchanges` and
//! `forgotten`, which hold nothing of anybody. What was written before there were keys stays plain and is read as it is.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use engine::{DataFile, EngineError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use vault::{Keys, SealedWriter};

use crate::{Book, BookError, TableRef, files};

/// Place of all tables: a table is told from others by its name, which is its seal.
pub(crate) const TABLES: &str = "objects";

/// Folders whose files are sealed where there are keys.
const SEALED: [&str; 8] = [TABLES, "batches", "rejects", "arrivals", "claims", "claims_waiting", "steps", "runs"];

/// How the files of a book lie that are sealed where there are keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct SealReport {
    /// Id of the key that seals new files; `None` when no key file is given.
    pub key: Option<String>,
    /// Files that lie sealed.
    pub sealed: u64,
    /// Files that lie plain: written before there were keys.
    pub plain: u64,
    /// Sealed files of another key than the one in use. They stay readable as long as their key stays in the key file.
    pub older: u64,
    /// Sealed files whose key is not there.
    pub lost: u64,
    /// Ids of the keys that are not there.
    pub missing: Vec<String>,
}

impl Book {
    /// Opens the book in a folder, as [`Book::open`], and seals what is written from now on; `None` writes plain.
    pub fn open_with_keys(root: &Path, keys: Option<Keys>) -> Result<Self, BookError> {
        let book = Self::open(root)?;
        Ok(Self { keys: keys.map(Arc::new), ..book })
    }

    /// A file of the book by its path: sealed under its path within the book, so that it opens there alone.
    pub fn file_at(&self, path: &Path) -> DataFile {
        DataFile::in_place(path, self.keys.clone(), self.place(path))
    }

    /// Puts bytes under a path of the book in one step, whole or not at all, sealed where there are keys. The draft lies beside it, so whoever
    /// does not hold the writer's lock may use it.
    pub fn put_sealed(&self, path: &Path, bytes: &[u8]) -> Result<(), BookError> {
        let folder = path.parent().unwrap_or(&self.root);
        files::make_folder(folder)?;
        self.put_by(folder, path, bytes)
    }

    /// The same with the draft in a folder.
    fn put_by(&self, drafts: &Path, path: &Path, bytes: &[u8]) -> Result<(), BookError> {
        let Some(keys) = &self.keys else { return files::put(drafts, path, bytes) };
        let failed = |error: std::io::Error| BookError::io(path, &error);
        let mut sealed = SealedWriter::new(Vec::with_capacity(bytes.len() + 256), keys, &self.place(path)).map_err(failed)?;
        sealed.write_all(bytes).map_err(failed)?;
        let (sealed, _) = sealed.finish().map_err(failed)?;
        files::put(drafts, path, &sealed)
    }

    /// What stands for the hash of a content in names of the book. In a sealed one it needs the key, so that nobody can try whether a
    /// content they have, or guess, came in; else it is the hash.
    pub fn mark(&self, hash: &str) -> String {
        self.keys.as_ref().map_or_else(|| hash.to_owned(), |keys| keys.mark(hash))
    }

    /// Looks at the first bytes of every file that is sealed where there are keys, and counts. Opens none.
    pub fn seal_report(&self) -> Result<SealReport, BookError> {
        let mut report = SealReport { key: self.keys.as_ref().map(|keys| keys.id().to_owned()), ..SealReport::default() };
        for folder in SEALED {
            self.count(&self.root.join(folder), &mut report)?;
        }
        report.missing.sort_unstable();
        report.missing.dedup();
        Ok(report)
    }

    fn count(&self, folder: &Path, report: &mut SealReport) -> Result<(), BookError> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(BookError::io(folder, &error)),
        };
        for entry in entries {
            let path = entry.map_err(|error| BookError::io(folder, &error))?.path();
            if path.is_dir() {
                self.count(&path, report)?;
                continue;
            }
            let Some(key) = self.file_at(&path).sealed_with() else {
                report.plain += 1;
                continue;
            };
            report.sealed += 1;
            report.older += u64::from(report.key.as_ref() != Some(&key));
            if !self.keys.as_ref().is_some_and(|keys| keys.has(&key)) {
                report.lost += 1;
                report.missing.push(key);
                // A book of a lost key has many such files, and few keys.
                report.missing.dedup();
            }
        }
        Ok(())
    }

    /// A record, sealed where there are keys. For who holds the writer's lock.
    pub(crate) fn put_record<T: Serialize>(&self, path: &Path, record: &T) -> Result<(), BookError> {
        self.put_by(&self.root.join("unfinished"), path, &files::to_json(record)?)
    }

    /// Refused rows, sealed where there are keys. For who holds the writer's lock.
    pub(crate) fn put_refused(&self, path: &Path, csv: &[u8]) -> Result<(), BookError> {
        self.put_by(&self.root.join("unfinished"), path, csv)
    }

    /// A record of the book, however it lies; `None` when it is not there.
    pub(crate) fn read_record<T: DeserializeOwned>(&self, path: &Path) -> Result<Option<T>, BookError> {
        if !path.try_exists().map_err(|error| BookError::io(path, &error))? {
            return Ok(None);
        }
        let bytes = self.file_at(path).read().map_err(|error| match error {
            EngineError::File { path, detail } => BookError::Io { path, detail },
            other => other.into(),
        })?;
        serde_json::from_slice(&bytes).map(Some).map_err(|error| BookError::damaged(path, error.to_string()))
    }

    /// Whether a table lies as it would be written now: plain without keys, else sealed with the key in use. If not, the same rows have other
    /// bytes and another name when they are written again.
    pub fn lies_as_new(&self, table: &TableRef) -> bool {
        self.table_at(table).sealed_with().as_deref() == self.keys.as_ref().map(|keys| keys.id())
    }

    /// Where a file belongs: its path within the book, the same on every system; all tables have one place.
    fn place(&self, path: &Path) -> String {
        let within = path.strip_prefix(&self.root).unwrap_or(path);
        if within.starts_with(TABLES) {
            return TABLES.to_owned();
        }
        within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
    }
}

#[cfg(test)]
mod tests;
