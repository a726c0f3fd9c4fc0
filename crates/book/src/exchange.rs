//! Check files handed to other agencies: which token was which person, so that answers find back.

use base::{Month, RunId};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, TableRef, files};

/// One file of tokens that left the system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExchangeRecord {
    /// Its name, unguessable.
    pub id: String,
    /// What was asked: `identity` (of the police or communes) or `lookup` (in the national system).
    pub kind: String,
    /// Period of the run the people were taken from.
    pub period: Month,
    /// That run.
    pub run: RunId,
    /// Number of people.
    pub rows: u64,
    /// When it was made, Unix milliseconds.
    pub made_at: i64,
    /// Columns `token` and `person_id`, in the order of tokens.
    pub table: TableRef,
}

impl Book {
    /// Records a check file, after its table is in the book.
    pub fn put_exchange(&self, record: &ExchangeRecord) -> Result<(), BookError> {
        let path = self.root.join("exchanges").join(format!("{}.json", record.id));
        files::put(&self.root.join("unfinished"), &path, &files::to_json(record)?)
    }

    /// All check files, the earliest first.
    pub fn exchanges(&self) -> Result<Vec<ExchangeRecord>, BookError> {
        let mut found: Vec<ExchangeRecord> = Vec::new();
        for path in files::json_files(&self.root.join("exchanges"))? {
            found.extend(files::read_json::<ExchangeRecord>(&path)?);
        }
        found.sort_by(|a, b| (a.made_at, &a.id).cmp(&(b.made_at, &b.id)));
        Ok(found)
    }
}
