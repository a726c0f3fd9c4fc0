//! Batches: one received file each, with what was read, stored and refused.

use std::collections::BTreeMap;

use base::Month;
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, TableRef, files};

/// One file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRecord {
    /// Name of the batch: roster and the start of the content hash.
    pub id: String,
    /// Which roster, e.g. `bhyt_card`.
    pub roster: String,
    /// Period the file was received for.
    pub period: Month,
    /// File name without folders.
    pub file_name: String,
    /// Layout and version it was read with.
    pub layout: String,
    /// BLAKE3 of the file's bytes.
    pub content_hash: String,
    /// Hash of the stored and the refused rows: a file saved again has other bytes and the same rows.
    pub rows_hash: String,
    /// What the file itself says it holds, where it says so.
    pub declared: Option<u64>,
    /// Data rows read.
    pub read: u64,
    /// Rows stored.
    pub stored: u64,
    /// Rows refused; `read = stored + quarantined`.
    pub quarantined: u64,
    /// Columns of the file that nothing asked for: dropped and named here.
    pub unknown_columns: Vec<String>,
    /// Facts of the title rows, e.g. the school and its year.
    pub facts: BTreeMap<String, String>,
    /// The stored rows.
    pub table: TableRef,
    /// How many rows were refused for which reason (code of the reason).
    pub refused: BTreeMap<String, u64>,
}

impl Book {
    /// Records a batch with its refused rows. Recording the same batch again changes nothing.
    pub fn add_batch(&self, batch: &BatchRecord, rejects_csv: &[u8]) -> Result<(), BookError> {
        if batch.quarantined > 0 {
            files::put(&self.root.join("unfinished"), &self.rejects_path(batch), rejects_csv)?;
        }
        let path = self.root.join("batches").join(format!("{}_{}.json", batch.period, batch.id));
        files::put(&self.root.join("unfinished"), &path, &files::to_json(batch)?)
    }

    /// The batches of a period in the order of their ids.
    pub fn batches(&self, period: Month) -> Result<Vec<BatchRecord>, BookError> {
        let mut found = Vec::new();
        let prefix = format!("{period}_");
        for path in files::json_files(&self.root.join("batches"))? {
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&prefix)) {
                found.extend(files::read_json::<BatchRecord>(&path)?);
            }
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    /// A batch of the period that holds the same bytes or the same rows of the same roster.
    pub fn same_batch(
        &self,
        period: Month,
        roster: &str,
        content_hash: &str,
        rows_hash: &str,
    ) -> Result<Option<BatchRecord>, BookError> {
        let same = |b: &BatchRecord| {
            b.roster == roster && (b.content_hash == content_hash || (b.stored > 0 && b.rows_hash == rows_hash))
        };
        Ok(self.batches(period)?.into_iter().find(same))
    }

    /// Where the refused rows of a batch lie.
    pub fn rejects_path(&self, batch: &BatchRecord) -> std::path::PathBuf {
        self.root.join("rejects").join(format!("{}_{}.csv", batch.period, batch.id))
    }
}
