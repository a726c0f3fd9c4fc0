//! Checked rows as columns of the book, written as they come.

use std::sync::Arc;

use book::{Book, BookError, RowKeys, TableRef, TableWriter};
use engine::EngineError;
use engine::arrow::array::{ArrayRef, BooleanArray, Date32Array, Int64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;
use intake::{Chunk, ColumnType, Kind, Layout, SOURCE_ROW, Values};

/// The columns a layout stores, as a table schema.
pub fn layout_schema(layout: &Layout) -> SchemaRef {
    schema(layout.columns().into_iter().map(|(name, kind)| (name, data_type(kind))))
}

/// Rows as they are stored, for who reads a file without a book.
pub fn chunk_batch(chunk: Chunk) -> Result<RecordBatch, EngineError> {
    to_batch(&chunk_schema(&chunk), chunk)
}

/// By what rows of a roster are recognised in a corrected file.
pub(super) fn row_keys(layout: &Layout) -> RowKeys {
    let of = |kinds: &[Kind]| -> Vec<String> {
        kinds.iter().flat_map(|kind| layout.fields.iter().filter(move |f| f.kind == *kind)).map(|f| f.name.clone()).collect()
    };
    let mut ignored = vec![SOURCE_ROW.to_owned()];
    ignored.extend(of(&[Kind::Ordinal]));
    if !layout.known_by.is_empty() {
        return RowKeys { ignored, numbers: Vec::new(), words: layout.known_by.clone() };
    }
    let numbers = of(&[Kind::CardNumber, Kind::PersonalId, Kind::InsuranceNumber, Kind::TaxCode]);
    RowKeys { ignored, numbers, words: of(&[Kind::Name, Kind::BirthDate]) }
}

/// Writes the chunks of a file into the book one after another: at most one of them is in memory.
pub(super) struct Rows<'b> {
    book: &'b Book,
    writer: Option<(SchemaRef, TableWriter)>,
}

impl<'b> Rows<'b> {
    pub(super) fn new(book: &'b Book) -> Self {
        Self { book, writer: None }
    }

    /// Appends a chunk. Its columns are those of the layout, which is known only when the file was read.
    pub(super) fn write(&mut self, chunk: Chunk) -> Result<(), BookError> {
        let (schema, writer) = match &mut self.writer {
            Some(open) => open,
            none => {
                let schema = chunk_schema(&chunk);
                let writer = self.book.table_writer(schema.clone())?;
                none.insert((schema, writer))
            }
        };
        writer.write(&to_batch(schema, chunk)?)
    }

    /// Ends the table. A file without a sound row is an empty table of its layout.
    pub(super) fn finish(self, layout: &Layout) -> Result<TableRef, BookError> {
        match self.writer {
            Some((_, writer)) => writer.finish(),
            None => self.book.put_table(layout_schema(layout), &[]),
        }
    }
}

fn schema(columns: impl Iterator<Item = (String, DataType)>) -> SchemaRef {
    Arc::new(Schema::new(columns.map(|(name, kind)| Field::new(name, kind, true)).collect::<Vec<_>>()))
}

fn data_type(kind: ColumnType) -> DataType {
    match kind {
        ColumnType::Text => DataType::Utf8,
        ColumnType::Int => DataType::Int64,
        ColumnType::Date => DataType::Date32,
        ColumnType::Bool => DataType::Boolean,
    }
}

fn chunk_schema(chunk: &Chunk) -> SchemaRef {
    schema(chunk.columns.iter().map(|column| {
        let kind = match column.values {
            Values::Text(_) => ColumnType::Text,
            Values::Int(_) => ColumnType::Int,
            Values::Date(_) => ColumnType::Date,
            Values::Bool(_) => ColumnType::Bool,
        };
        (column.name.clone(), data_type(kind))
    }))
}

fn to_batch(schema: &SchemaRef, chunk: Chunk) -> Result<RecordBatch, EngineError> {
    let columns: Vec<ArrayRef> = chunk
        .columns
        .into_iter()
        .map(|column| match column.values {
            Values::Text(values) => Arc::new(StringArray::from(values)) as ArrayRef,
            Values::Int(values) => Arc::new(Int64Array::from(values)),
            Values::Date(values) => Arc::new(Date32Array::from(values)),
            Values::Bool(values) => Arc::new(BooleanArray::from(values)),
        })
        .collect();
    RecordBatch::try_new(schema.clone(), columns).map_err(|e| EngineError::Query(e.to_string()))
}
