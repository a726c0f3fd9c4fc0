//! Tables under the hash of their bytes.

use std::path::PathBuf;

use engine::arrow::datatypes::SchemaRef;
use engine::arrow::record_batch::RecordBatch;
use engine::{ParquetRows, read_parquet, write_parquet};
use serde::{Deserialize, Serialize};

use crate::{Book, BookError, files, rows_hash};

/// A table lying in the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRef {
    /// BLAKE3 of the file's bytes: its name.
    pub hash: String,
    /// Hash of its rows, the same from any program version that finds the same rows.
    pub rows_hash: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
}

impl Book {
    /// Writes a table and returns where it lies. The same rows twice are one file.
    pub fn put_table(&self, schema: SchemaRef, batches: &[RecordBatch]) -> Result<TableRef, BookError> {
        let draft = self.draft();
        let rows = write_parquet(&draft, schema, batches)?;
        let (hash, bytes) = file_hash(&draft)?;
        let table = TableRef { rows_hash: rows_hash(batches)?, hash, rows, bytes };
        let target = self.table_path(&table);
        if target.exists() {
            std::fs::remove_file(&draft).map_err(|e| BookError::io(&draft, &e))?;
        } else {
            files::move_into_place(&draft, &target)?;
        }
        Ok(table)
    }

    /// The file of a table.
    pub fn table_path(&self, table: &TableRef) -> PathBuf {
        let folder = table.hash.get(..2).unwrap_or("00");
        self.root.join("objects").join(folder).join(format!("{}.parquet", table.hash))
    }

    /// Reads a table, or some of its columns.
    pub fn read_table(&self, table: &TableRef, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>, BookError> {
        Ok(read_parquet(&self.table_path(table), columns)?.1)
    }

    /// The schema of a table, which an empty one has as well.
    pub fn table_schema(&self, table: &TableRef) -> Result<SchemaRef, BookError> {
        Ok(self.stream_table(table, None, 1)?.schema())
    }

    /// Reads a table batch by batch: of `wanted` those columns that it has, all for `None`.
    pub fn stream_table(&self, table: &TableRef, wanted: Option<&[&str]>, rows_a_batch: usize) -> Result<ParquetRows, BookError> {
        Ok(ParquetRows::open(&self.table_path(table), wanted, rows_a_batch)?)
    }

    /// Checks that a table's file still has the bytes its name says.
    pub fn check_table(&self, table: &TableRef) -> Result<(), BookError> {
        let path = self.table_path(table);
        let (found, _) = file_hash(&path)?;
        if found == table.hash { Ok(()) } else { Err(BookError::damaged(&path, "its bytes do not have the hash of its name")) }
    }

    fn draft(&self) -> PathBuf {
        use std::sync::atomic::{AtomicU64, Ordering};
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        self.root.join("unfinished").join(format!("{}-{number}.parquet", std::process::id()))
    }
}

fn file_hash(path: &std::path::Path) -> Result<(String, u64), BookError> {
    let mut file = std::fs::File::open(path).map_err(|e| BookError::io(path, &e))?;
    let mut hasher = blake3::Hasher::new();
    let bytes = std::io::copy(&mut file, &mut hasher).map_err(|e| BookError::io(path, &e))?;
    Ok((hasher.finalize().to_hex().to_string(), bytes))
}
