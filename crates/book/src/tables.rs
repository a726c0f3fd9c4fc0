//! Tables under the hash of their bytes, or under their seal, which is a hash that needs the key.

use std::path::PathBuf;

use engine::arrow::datatypes::SchemaRef;
use engine::arrow::record_batch::RecordBatch;
use engine::{DataFile, ParquetFile, ParquetReader, RowSink, read_parquet, scan_parquet};
use serde::{Deserialize, Serialize};

use crate::forget::object_path;
use crate::sealing::TABLES;
use crate::{Book, BookError, RowsHash, files};

/// A table lying in the book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRef {
    /// Its name: BLAKE3 of the file's bytes, or the seal of a sealed file.
    pub hash: String,
    /// Hash of its rows, the same from any program version that finds the same rows.
    pub rows_hash: String,
    /// Number of rows.
    pub rows: u64,
    /// Size of the file in bytes.
    pub bytes: u64,
}

/// A table being written batch by batch. Dropped before its end it leaves nothing behind.
pub struct TableWriter {
    book: Book,
    file: Option<ParquetFile>,
    rows: RowsHash,
    draft: PathBuf,
}

impl TableWriter {
    /// Appends rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), BookError> {
        self.rows.update(batch)?;
        match &mut self.file {
            Some(file) => Ok(file.write(batch)?),
            None => Ok(()),
        }
    }

    /// Ends the table, puts it under the hash of its bytes and says where it lies.
    pub fn finish(mut self) -> Result<TableRef, BookError> {
        let (rows, seal) = match self.file.take() {
            Some(file) => file.close_sealed()?,
            None => (0, None),
        };
        let (hash, bytes) = match seal {
            Some(seal) => (seal, std::fs::metadata(&self.draft).map_err(|e| BookError::io(&self.draft, &e))?.len()),
            None => file_hash(&self.draft)?,
        };
        let table = TableRef { rows_hash: std::mem::take(&mut self.rows).finish(), hash, rows, bytes };
        let target = self.book.table_path(&table);
        // The same rows twice are one file; the draft goes when this is dropped.
        if !target.exists() {
            files::move_into_place(&self.draft, &target)?;
        }
        Ok(table)
    }
}

impl Drop for TableWriter {
    fn drop(&mut self) {
        self.file = None;
        // What cannot be removed now is cleared by the next writer.
        let _ = std::fs::remove_file(&self.draft);
    }
}

impl Book {
    /// Writes a table and returns where it lies. The same rows twice are one file.
    pub fn put_table(&self, schema: SchemaRef, batches: &[RecordBatch]) -> Result<TableRef, BookError> {
        let mut table = self.table_writer(schema)?;
        for batch in batches {
            table.write(batch)?;
        }
        table.finish()
    }

    /// Starts a table whose rows come batch by batch: memory stays the same however many there are.
    pub fn table_writer(&self, schema: SchemaRef) -> Result<TableWriter, BookError> {
        let draft = self.draft();
        let place = DataFile::in_place(&draft, self.keys.clone(), TABLES);
        let file = Some(ParquetFile::create(place, schema)?);
        Ok(TableWriter { book: self.clone(), file, rows: RowsHash::default(), draft })
    }

    /// The file of a table, whether it is there or not; [`Book::table_file`] says why it is not.
    pub fn table_at(&self, table: &TableRef) -> DataFile {
        DataFile::in_place(self.table_path(table), self.keys.clone(), TABLES).with_seal(&table.hash)
    }

    /// Whether the file of a table is there.
    pub fn has_table(&self, table: &TableRef) -> bool {
        self.table_path(table).exists()
    }

    /// The path of a table. Not for others: what lies there may be sealed.
    pub(crate) fn table_path(&self, table: &TableRef) -> PathBuf {
        object_path(&self.root, &table.hash)
    }

    /// Reads a table, or some of its columns.
    pub fn read_table(&self, table: &TableRef, columns: Option<&[&str]>) -> Result<Vec<RecordBatch>, BookError> {
        Ok(read_parquet(&self.table_file(table)?, columns)?.1)
    }

    /// Hands a table on slice by slice, or some of its columns, without holding it whole.
    pub fn scan_table(&self, table: &TableRef, columns: Option<&[&str]>, sink: &mut RowSink<'_>) -> Result<(), BookError> {
        scan_parquet(&self.table_file(table)?, columns, sink)?;
        Ok(())
    }

    /// The schema of a table, which an empty one has as well.
    pub fn table_schema(&self, table: &TableRef) -> Result<SchemaRef, BookError> {
        Ok(ParquetReader::open(&self.table_file(table)?, None)?.schema())
    }

    /// Reads a table by so many rows at once; of `wanted` those columns are read that it has.
    pub fn stream_table(&self, table: &TableRef, wanted: &[&str], rows_a_batch: usize) -> Result<ParquetReader, BookError> {
        Ok(ParquetReader::open_known(&self.table_file(table)?, wanted, rows_a_batch)?)
    }

    /// Reads `count` rows of a table from `first` on, counted from 0; of `wanted` those columns that it has. What lies before and after is not read.
    pub fn table_rows(&self, table: &TableRef, wanted: &[&str], first: usize, count: usize) -> Result<ParquetReader, BookError> {
        Ok(ParquetReader::open_rows(&self.table_file(table)?, wanted, first, count)?)
    }

    /// Checks that a table's file still has the bytes its name says; of a sealed one every part is opened.
    pub fn check_table(&self, table: &TableRef) -> Result<(), BookError> {
        let path = self.table_path(table);
        let file = self.table_at(table);
        if file.sealed_with().is_some() {
            return file.open()?.check().map_err(|e| BookError::damaged(&path, e.to_string()));
        }
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
