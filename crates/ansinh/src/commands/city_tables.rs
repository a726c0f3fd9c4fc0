//! Tables of the synthetic city's claims as Parquet: every column a text, an empty cell absent.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use city::CityError;
use city::claims::tables::{TableFile, TableMaker};
use engine::ParquetFile;
use engine::arrow::array::{ArrayRef, StringBuilder};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

/// Rows gathered before they are handed to the writer.
const ROWS: usize = 8_192;

/// Makes Parquet files.
pub(super) struct Parquet;

impl TableMaker for Parquet {
    fn create(&mut self, path: &Path, columns: &[String]) -> Result<Box<dyn TableFile>, CityError> {
        let fields: Vec<Field> = columns.iter().map(|name| Field::new(name, DataType::Utf8, true)).collect();
        let schema: SchemaRef = Arc::new(Schema::new(fields));
        let file = ParquetFile::create(path, schema.clone()).map_err(|e| failed(path, e.to_string()))?;
        let builders = columns.iter().map(|_| StringBuilder::new()).collect();
        Ok(Box::new(Table { path: path.to_owned(), file, schema, builders, rows: 0 }))
    }
}

struct Table {
    path: PathBuf,
    file: ParquetFile,
    schema: SchemaRef,
    builders: Vec<StringBuilder>,
    rows: usize,
}

impl Table {
    fn flush(&mut self) -> Result<(), CityError> {
        let arrays = self.builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef).collect();
        self.rows = 0;
        let batch = RecordBatch::try_new(self.schema.clone(), arrays).map_err(|e| failed(&self.path, e.to_string()))?;
        self.file.write(&batch).map_err(|e| failed(&self.path, e.to_string()))
    }
}

impl TableFile for Table {
    fn row(&mut self, cells: &[&str]) -> Result<(), CityError> {
        for (builder, cell) in self.builders.iter_mut().zip(cells) {
            if cell.is_empty() {
                builder.append_null();
            } else {
                builder.append_value(cell);
            }
        }
        self.rows += 1;
        if self.rows == ROWS { self.flush() } else { Ok(()) }
    }

    fn close(mut self: Box<Self>) -> Result<(), CityError> {
        if self.rows > 0 {
            self.flush()?;
        }
        let path = self.path.clone();
        self.file.close().map(|_| ()).map_err(|e| failed(&path, e.to_string()))
    }
}

fn failed(path: &Path, detail: String) -> CityError {
    CityError::Io { path: path.display().to_string(), source: std::io::Error::other(detail) }
}
