//! The rows that catalogues are made of, as intake hands them over.

use std::collections::{BTreeMap, BTreeSet};

use book::{BatchRecord, Book};
use engine::arrow::record_batch::RecordBatch;

use crate::error::ClaimsError;

/// The rosters of catalogues.
pub const ROSTERS: [&str; 11] = [
    "icd_catalogue",
    "facility_catalogue",
    "drug_catalogue",
    "service_catalogue",
    "supply_catalogue",
    "staff_catalogue",
    "department_catalogue",
    "bed_catalogue",
    "machine_catalogue",
    "service_component",
    "occupation_catalogue",
];

/// The files of each roster, the oldest first: rows of a later file stand in place of those of an earlier one that say the same thing from the same day.
#[derive(Debug, Clone, Default)]
pub struct CatalogueTables {
    files: BTreeMap<&'static str, Vec<Vec<RecordBatch>>>,
}

impl CatalogueTables {
    /// Adds a file, newer than all that were added before. False when the roster is none of the catalogues.
    pub fn add(&mut self, roster: &str, rows: Vec<RecordBatch>) -> bool {
        let Some(roster) = ROSTERS.into_iter().find(|known| *known == roster) else { return false };
        self.files.entry(roster).or_default().push(rows);
        true
    }

    /// The catalogues among batches of the book; those of an earlier period are older, within a period the names of files tell.
    pub fn of_batches<'b>(book: &Book, batches: impl IntoIterator<Item = &'b BatchRecord>) -> Result<Self, ClaimsError> {
        let mut wanted: Vec<&BatchRecord> = batches.into_iter().filter(|b| ROSTERS.contains(&b.roster.as_str())).collect();
        wanted.sort_by(|a, b| (a.period, &a.file_name, &a.id).cmp(&(b.period, &b.file_name, &b.id)));
        let mut tables = Self::default();
        for batch in wanted {
            tables.add(&batch.roster, book.read_table(&batch.table, None)?);
        }
        Ok(tables)
    }

    /// The catalogues of all periods of a book, but for files that are over their term of keeping.
    pub fn of_book(book: &Book) -> Result<Self, ClaimsError> {
        let mut batches = Vec::new();
        for period in book.batch_periods()? {
            batches.extend(book.batches(period)?.into_iter().filter(|batch| book.has_table(&batch.table)));
        }
        Self::of_batches(book, &batches)
    }

    /// Names of the batches that [`CatalogueTables::of_book`] would read: when they are the same, so are the catalogues.
    pub fn names(book: &Book) -> Result<BTreeSet<String>, ClaimsError> {
        let is_catalogue = |name: &String| {
            let roster = name.split_once('_').and_then(|(_, id)| id.rsplit_once('-')).map(|(roster, _)| roster);
            roster.is_some_and(|roster| ROSTERS.iter().any(|known| roster.starts_with(known)))
        };
        Ok(book.batch_names()?.into_iter().filter(is_catalogue).collect())
    }

    /// The files of a roster; `None` when none arrived.
    pub(super) fn of(&self, roster: &str) -> Option<&[Vec<RecordBatch>]> {
        self.files.get(roster).map(Vec::as_slice)
    }

    /// Whether nothing arrived.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Files of all rosters together.
    pub fn files(&self) -> usize {
        self.files.values().map(Vec::len).sum()
    }
}
