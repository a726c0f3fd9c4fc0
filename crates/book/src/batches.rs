//! Batches: one received file each, with what was read, stored and refused.

use std::collections::{BTreeMap, BTreeSet};

use base::Month;
use engine::DataFile;
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, RowChanges, TableRef, files};

/// The batch that stands for another one now, among the batches of its period.
pub fn replaced_by<'b>(all: &'b [BatchRecord], id: &str) -> Option<&'b BatchRecord> {
    all.iter().find(|b| b.replaces.iter().any(|r| r.batch == id))
}

/// One file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchRecord {
    /// Name of the batch: roster and the start of the content hash, or of its mark in a sealed book.
    pub id: String,
    /// Which roster, e.g. `bhyt_card`.
    pub roster: String,
    /// Period the file was received for.
    pub period: Month,
    /// File name without folders.
    pub file_name: String,
    /// Layout and version it was read with.
    pub layout: String,
    /// BLAKE3 of the bytes of the file that came in. It stands in the record alone, never in a name of a sealed book ([`Book::mark`]).
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
    /// Fields of the layout for which the file has no column.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing_columns: Vec<String>,
    /// Filled rows that are no data: totals, signatures.
    #[serde(default)]
    pub passed_over: u64,
    /// Stored rows that repeat an earlier one of the file.
    #[serde(default)]
    pub duplicates: u64,
    /// Batches of the period that no longer count since this one is here, with what differs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaces: Vec<Replaced>,
    /// The batch whose refused rows this file brings back mended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mends: Option<Mended>,
    /// The agreements it came in under, and what they left out; `None` when there was no agreement about the roster.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreed: Option<AgreedBatch>,
}

/// Under which agreements on sharing data (thỏa thuận chia sẻ dữ liệu) a file was taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreedBatch {
    /// The agreements that held that day.
    pub agreements: Vec<AgreementRef>,
    /// Headers of columns that none of them names, each with the number of filled cells dropped.
    pub dropped: BTreeMap<String, u64>,
}

/// An agreement by id and number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgreementRef {
    /// Its id in the desk.
    pub id: String,
    /// Number and date of its document.
    pub number: String,
}

/// A batch that another one stands for now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replaced {
    /// Its id.
    pub batch: String,
    /// Its stored rows held against those of the batch that replaces it.
    pub changes: RowChanges,
}

/// Refused rows of an earlier batch that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mended {
    /// Id of the earlier batch.
    pub batch: String,
    /// Rows of its file that are stored now, ascending.
    pub rows: Vec<u64>,
}

impl Book {
    /// Records a batch with its refused rows. Recording the same batch again changes nothing.
    pub fn add_batch(&self, batch: &BatchRecord, rejects_csv: &[u8]) -> Result<(), BookError> {
        if batch.quarantined > 0 {
            self.put_refused(&self.rejects_path(batch), rejects_csv)?;
        }
        let path = self.root.join("batches").join(format!("{}_{}.json", batch.period, batch.id));
        self.put_record(&path, batch)
    }

    /// The batches of a period that count, in the order of their ids: what a run reads.
    ///
    /// A batch stops to count when one that replaces it is recorded. That is one move of one small file, and
    /// nothing of the earlier batch is touched.
    pub fn batches(&self, period: Month) -> Result<Vec<BatchRecord>, BookError> {
        let all = self.all_batches(period)?;
        let replaced: BTreeSet<String> = all.iter().flat_map(|b| b.replaces.iter().map(|r| r.batch.clone())).collect();
        Ok(all.into_iter().filter(|b| !replaced.contains(&b.id)).collect())
    }

    /// Every batch that was ever received for a period, replaced ones too, in the order of their ids.
    pub fn all_batches(&self, period: Month) -> Result<Vec<BatchRecord>, BookError> {
        let mut found = Vec::new();
        let prefix = format!("{period}_");
        for path in files::json_files(&self.root.join("batches"))? {
            if path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(&prefix)) {
                found.extend(self.read_record::<BatchRecord>(&path)?);
            }
        }
        found.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(found)
    }

    /// The names of all batches ever received, for who keeps what was read: a batch of a name never changes.
    pub fn batch_names(&self) -> Result<BTreeSet<String>, BookError> {
        let mut names = BTreeSet::new();
        for path in files::json_files(&self.root.join("batches"))? {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
        Ok(names)
    }

    /// A batch by its name, as [`Book::batch_names`] gives it.
    pub fn batch_named(&self, name: &str) -> Result<Option<BatchRecord>, BookError> {
        // A name of elsewhere could leave the folder.
        if name.contains(['/', '\\']) {
            return Ok(None);
        }
        self.read_record::<BatchRecord>(&self.root.join("batches").join(format!("{name}.json")))
    }

    /// The periods for which something was received, oldest first.
    pub fn batch_periods(&self) -> Result<Vec<Month>, BookError> {
        let mut periods = BTreeSet::new();
        for path in files::json_files(&self.root.join("batches"))? {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            periods.extend(name.split_once('_').and_then(|(period, _)| period.parse::<Month>().ok()));
        }
        Ok(periods.into_iter().collect())
    }

    /// The rosters of which something was ever received.
    pub fn received_rosters(&self) -> Result<BTreeSet<String>, BookError> {
        let mut rosters = BTreeSet::new();
        for period in self.batch_periods()? {
            rosters.extend(self.all_batches(period)?.into_iter().map(|batch| batch.roster));
        }
        Ok(rosters)
    }

    /// Where the refused rows of a batch lie: for messages. In a sealed book nobody can read what lies there; see [`Book::rejects_file`].
    pub fn rejects_path(&self, batch: &BatchRecord) -> std::path::PathBuf {
        self.root.join("rejects").join(format!("{}_{}.csv", batch.period, batch.id))
    }

    /// The refused rows of a batch, to be read.
    pub fn rejects_file(&self, batch: &BatchRecord) -> DataFile {
        self.file_at(&self.rejects_path(batch))
    }
}
