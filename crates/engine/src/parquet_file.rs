//! One writer and one reader of table files, with the same bytes for the same rows.

use datafusion::arrow::array::RecordBatchReader;
use datafusion::arrow::compute::concat_batches;
use datafusion::arrow::datatypes::SchemaRef;
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::record_batch::RecordBatch;
use datafusion::parquet::arrow::ArrowWriter;
use datafusion::parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use datafusion::parquet::basic::{Compression, ZstdLevel};
use datafusion::parquet::file::metadata::PageIndexPolicy;
use datafusion::parquet::file::properties::{EnabledStatistics, WriterProperties};

use crate::data_file::{DataFile, NewFile, OpenFile};
use crate::error::EngineError;

/// Rows of one row group, fixed so that the bytes do not depend on how rows arrive.
const ROW_GROUP_ROWS: usize = 131_072;

/// Rows handed to the encoder at once. Pages end between these, so they are cut at fixed rows too.
const SLICE_ROWS: usize = 8192;

/// Bytes of a column's dictionary in a row group, past which values are written plainly.
const DICTIONARY_BYTES: usize = 128 * 1024;

/// A Parquet file being written.
///
/// Rows are cut into slices and row groups of fixed size, nothing of host, time or path goes in: the same
/// rows in the same order give the same bytes, however they were batched. At most one row group and one
/// slice are held in memory.
pub struct ParquetFile {
    writer: ArrowWriter<NewFile>,
    schema: SchemaRef,
    path: String,
    rows: u64,
    /// Rows that do not fill a slice yet.
    waiting: Vec<RecordBatch>,
    waiting_rows: usize,
}

impl ParquetFile {
    /// Creates the file, sealed where it has keys; fails when it exists already.
    pub fn create(file: impl Into<DataFile>, schema: SchemaRef) -> Result<Self, EngineError> {
        Self::begin(&file.into(), schema)
    }

    fn begin(place: &DataFile, schema: SchemaRef) -> Result<Self, EngineError> {
        let name = place.path().display().to_string();
        let fail = |detail: String| EngineError::File { path: name.clone(), detail };
        let file = place.create()?;
        let level = ZstdLevel::try_new(1).map_err(|e| fail(e.to_string()))?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(level))
            .set_created_by("an-sinh".to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            // Pages are cut only between write batches of this size; one size whatever the input batches.
            .set_write_batch_size(1024)
            .set_data_page_row_count_limit(8192)
            // A page of rows needs the whole dictionary of its row group: of names, which hardly repeat, it would be most of the reading.
            .set_dictionary_page_size_limit(DICTIONARY_BYTES)
            .set_statistics_enabled(EnabledStatistics::Page)
            .build();
        let writer = ArrowWriter::try_new(file, schema.clone(), Some(properties)).map_err(|e| fail(e.to_string()))?;
        Ok(Self { writer, schema, path: name, rows: 0, waiting: Vec::new(), waiting_rows: 0 })
    }

    /// Appends rows.
    pub fn write(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let mut from = 0;
        while from < batch.num_rows() {
            let rows = (SLICE_ROWS - self.waiting_rows).min(batch.num_rows() - from);
            self.waiting.push(batch.slice(from, rows));
            self.waiting_rows += rows;
            from += rows;
            if self.waiting_rows == SLICE_ROWS {
                self.write_waiting()?;
            }
        }
        self.rows += batch.num_rows() as u64;
        Ok(())
    }

    fn write_waiting(&mut self) -> Result<(), EngineError> {
        let fail = |detail: String| EngineError::File { path: self.path.clone(), detail };
        let slice = concat_batches(&self.schema, &self.waiting).map_err(|e| fail(e.to_string()))?;
        self.writer.write(&slice).map_err(|e| fail(e.to_string()))?;
        self.waiting.clear();
        self.waiting_rows = 0;
        Ok(())
    }

    /// Ends the file, pushes it to the disk and returns how many rows it holds.
    pub fn close(self) -> Result<u64, EngineError> {
        Ok(self.close_sealed()?.0)
    }

    /// The same with the seal of a sealed file (see [`NewFile::finish`]).
    pub fn close_sealed(mut self) -> Result<(u64, Option<String>), EngineError> {
        if self.waiting_rows > 0 {
            self.write_waiting()?;
        }
        let fail = |detail: String| EngineError::File { path: self.path.clone(), detail };
        let file = self.writer.into_inner().map_err(|e| fail(e.to_string()))?;
        Ok((self.rows, file.finish()?))
    }
}

/// Writes rows to a new Parquet file and returns their number.
pub fn write_parquet(file: impl Into<DataFile>, schema: SchemaRef, batches: &[RecordBatch]) -> Result<u64, EngineError> {
    let mut file = ParquetFile::create(file, schema)?;
    for batch in batches {
        file.write(batch)?;
    }
    file.close()
}

/// Reads a whole Parquet file, or some of its columns by name.
pub fn read_parquet(file: impl Into<DataFile>, columns: Option<&[&str]>) -> Result<(SchemaRef, Vec<RecordBatch>), EngineError> {
    let mut batches = Vec::new();
    let schema = scan_parquet(file, columns, &mut |batch| {
        batches.push(batch);
        Ok(())
    })?;
    Ok((schema, batches))
}

/// Takes some rows of a table; an error ends the reading.
pub type RowSink<'s> = dyn FnMut(RecordBatch) -> Result<(), EngineError> + 's;

/// Reads a Parquet file, or some of its columns by name, slice after slice without holding it whole.
pub fn scan_parquet(
    file: impl Into<DataFile>,
    columns: Option<&[&str]>,
    sink: &mut RowSink<'_>,
) -> Result<SchemaRef, EngineError> {
    let reader = ParquetReader::open(file, columns)?;
    let schema = reader.schema();
    for batch in reader {
        sink(batch?)?;
    }
    Ok(schema)
}

/// The rows of a Parquet file, slice after slice.
pub struct ParquetReader {
    reader: ParquetRecordBatchReader,
    path: String,
}

/// Says which columns of a file are read; `None` means all.
type Choose<'c> = dyn Fn(&SchemaRef) -> Result<Option<Vec<usize>>, ArrowError> + 'c;

impl ParquetReader {
    /// Opens a file; only some of its columns when they are named.
    pub fn open(file: impl Into<DataFile>, columns: Option<&[&str]>) -> Result<Self, EngineError> {
        Self::of(&file.into(), SLICE_ROWS, &|schema: &SchemaRef| match columns {
            None => Ok(None),
            Some(names) => names.iter().map(|name| schema.index_of(name)).collect::<Result<_, _>>().map(Some),
        })
    }

    /// Opens a file for so many rows at once; of `wanted` those columns are read that it has.
    pub fn open_known(file: impl Into<DataFile>, wanted: &[&str], rows_a_batch: usize) -> Result<Self, EngineError> {
        Self::of(&file.into(), rows_a_batch, &|schema: &SchemaRef| {
            Ok(Some(wanted.iter().filter_map(|name| schema.index_of(name).ok()).collect()))
        })
    }

    /// Opens a file. Not generic on purpose: the code of a generic function is compiled in the crate that calls it.
    fn of(file: &DataFile, rows_a_batch: usize, choose: &Choose<'_>) -> Result<Self, EngineError> {
        let path = file.path().display().to_string();
        let fail = |detail: String| EngineError::File { path: path.clone(), detail };
        let opened: OpenFile = file.open()?;
        let mut builder = ParquetRecordBatchReaderBuilder::try_new(opened).map_err(|e| fail(e.to_string()))?;
        if let Some(columns) = choose(builder.schema()).map_err(|e| fail(e.to_string()))? {
            let mask = datafusion::parquet::arrow::ProjectionMask::roots(builder.parquet_schema(), columns);
            builder = builder.with_projection(mask);
        }
        let reader = builder.with_batch_size(rows_a_batch).build().map_err(|e| fail(e.to_string()))?;
        Ok(Self { reader, path })
    }

    /// Opens a file for `count` of its rows from `first` on, counted from 0; of `wanted` those columns are read that it has. Of row groups and pages without
    /// such rows nothing is read.
    pub fn open_rows(file: impl Into<DataFile>, wanted: &[&str], first: usize, count: usize) -> Result<Self, EngineError> {
        Self::rows_of(&file.into(), wanted, first, count)
    }

    fn rows_of(file: &DataFile, wanted: &[&str], first: usize, count: usize) -> Result<Self, EngineError> {
        let path = file.path().display().to_string();
        let fail = |detail: String| EngineError::File { path: path.clone(), detail };
        let file = file.open()?;
        // The index of pages says where each begins, so that those before the wanted rows need not be read to be passed over.
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Optional);
        let builder = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).map_err(|e| fail(e.to_string()))?;
        let schema = builder.schema().clone();
        let columns: Vec<usize> = wanted.iter().filter_map(|name| schema.index_of(name).ok()).collect();
        let mask = datafusion::parquet::arrow::ProjectionMask::roots(builder.parquet_schema(), columns);
        let (mut groups, mut passed, mut begins) = (Vec::new(), 0, 0);
        for (place, group) in builder.metadata().row_groups().iter().enumerate() {
            let rows = usize::try_from(group.num_rows()).unwrap_or(0);
            let ends = begins + rows;
            if ends <= first {
                passed = ends;
            } else if begins < first.saturating_add(count) {
                groups.push(place);
            }
            begins = ends;
        }
        let builder = builder.with_projection(mask).with_row_groups(groups).with_offset(first - passed).with_limit(count);
        let reader = builder.with_batch_size(SLICE_ROWS).build().map_err(|e| fail(e.to_string()))?;
        Ok(Self { reader, path })
    }

    /// The columns.
    pub fn schema(&self) -> SchemaRef {
        self.reader.schema()
    }
}

impl Iterator for ParquetReader {
    type Item = Result<RecordBatch, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.reader.next()?;
        Some(next.map_err(|e| EngineError::File { path: self.path.clone(), detail: e.to_string() }))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use datafusion::arrow::array::{AsArray, Int64Array};
    use datafusion::arrow::datatypes::{DataType, Field, Int64Type, Schema};

    use super::*;

    #[test]
    fn bytes_depend_on_rows_not_on_batches() {
        let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        let batch = |from: i64, to: i64| {
            RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from_iter_values(from..to))]).unwrap()
        };
        let folder = tempfile::tempdir().unwrap();
        let (one, many) = (folder.path().join("one"), folder.path().join("many"));
        assert_eq!(write_parquet(&one, schema.clone(), &[batch(0, 20_000)]).unwrap(), 20_000);
        write_parquet(&many, schema.clone(), &[batch(0, 7), batch(7, 9_999), batch(9_999, 20_000)]).unwrap();
        assert_eq!(std::fs::read(&one).unwrap(), std::fs::read(&many).unwrap());
        let (read_schema, batches) = read_parquet(&one, Some(&["n"])).unwrap();
        assert_eq!(read_schema.field(0).name(), "n");
        assert_eq!(batches.iter().map(RecordBatch::num_rows).sum::<usize>(), 20_000);
        let scan = ParquetReader::open_known(&one, &["n", "not there"], 7_000).unwrap();
        assert_eq!(scan.schema().fields().len(), 1);
        assert_eq!(scan.map(|batch| batch.unwrap().num_rows()).sum::<usize>(), 20_000);
        assert!(write_parquet(&one, schema, &[]).is_err(), "a file is never written over");
    }

    #[test]
    fn some_rows_are_read_wherever_they_lie() {
        let schema: SchemaRef = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
        // Two row groups and a bit.
        let all = 2 * ROW_GROUP_ROWS as i64 + 5;
        let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from_iter_values(0..all))]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("many");
        write_parquet(&path, schema, &[batch]).unwrap();
        let read = |first: usize, count: usize| -> Vec<i64> {
            let reader = ParquetReader::open_rows(&path, &["n", "not there"], first, count).unwrap();
            let numbers = |batch: RecordBatch| batch.column(0).as_primitive::<Int64Type>().values().to_vec();
            reader.flat_map(|batch| numbers(batch.unwrap())).collect()
        };
        let last = all as usize;
        for (first, count) in [(0, 1), (8_190, 5), (131_070, 4), (200_000, 9_000), (last - 2, 2), (last - 1, 10)] {
            let expected: Vec<i64> = (first as i64..((first + count) as i64).min(all)).collect();
            assert_eq!(read(first, count), expected, "{first} {count}");
        }
        assert!(read(5, 0).is_empty() && read(last, 3).is_empty());
    }
}
