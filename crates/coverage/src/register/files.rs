//! The files of one roster, read batch by batch: at city size no roster lies in memory as text.

use book::{Book, TableRef};
use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;

/// Rows read at once.
const ROWS: usize = 65_536;

/// All files of one roster of a period, in the order of their names; rows are counted over all of them.
pub(crate) struct RosterFiles {
    /// Which roster, e.g. `bhyt_card`.
    pub(crate) name: &'static str,
    files: Vec<RosterFile>,
    rows: usize,
}

struct RosterFile {
    name: String,
    table: TableRef,
    /// Number of its first row.
    first: usize,
}

impl RosterFiles {
    /// The files of a roster; `None` when none arrived.
    pub(crate) fn of(context: &StepContext, name: &'static str) -> Option<Self> {
        let mut rows = 0;
        let mut files = Vec::new();
        for batch in context.roster(name) {
            files.push(RosterFile { name: batch.file_name.clone(), table: batch.table.clone(), first: rows });
            rows += usize::try_from(batch.table.rows).unwrap_or(usize::MAX);
        }
        (!files.is_empty()).then_some(Self { name, files, rows })
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// The file a row came in.
    pub(crate) fn file_of(&self, row: usize) -> &str {
        let at = self.files.partition_point(|file| file.first <= row);
        self.files.get(at.saturating_sub(1)).map_or("", |file| file.name.as_str())
    }

    /// Hands every batch to `take` with the number of its first row; of the wanted columns those that the file has.
    pub(crate) fn each(
        &self,
        book: &Book,
        wanted: &[&str],
        take: &mut dyn FnMut(usize, &RecordBatch) -> Result<(), ChapterError>,
    ) -> Result<(), ChapterError> {
        for file in &self.files {
            let mut at = file.first;
            for batch in book.stream_table(&file.table, wanted, ROWS)? {
                let batch = batch?;
                take(at, &batch)?;
                at += batch.num_rows();
            }
        }
        Ok(())
    }
}
