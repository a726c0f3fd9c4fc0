//! Taking a roster file into the book: read, checked, stored with its refused rows.

use std::path::Path;
use std::sync::Arc;

use base::places::Places;
use base::{Explain, Month};
use book::{BatchRecord, Book, BookError};
use engine::EngineError;
use engine::arrow::array::{ArrayRef, BooleanArray, Date32Array, Int64Array, StringArray};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;
use intake::{Chunk, ColumnType, IntakeError, Layout, Layouts, Limits, Source, Values};

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Taken in now.
    New(BatchRecord),
    /// The same content was taken in before; nothing changed.
    Known(BatchRecord),
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Another file of this name was taken in for the period: both together would count people twice.
    #[error("a file named `{file_name}` with other content was taken in for {period} already")]
    NameTaken {
        /// The name.
        file_name: String,
        /// The period.
        period: Month,
    },
    /// The file could not be read as a roster.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The book failed.
    #[error(transparent)]
    Book(#[from] BookError),
    /// Columns could not be put together.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Explain for ReceiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken { .. } => "file_name_taken",
            Self::Intake(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn place(&self) -> String {
        match self {
            Self::NameTaken { file_name, .. } => file_name.clone(),
            Self::Intake(error) => error.place(),
            Self::Book(error) => error.place(),
            Self::Engine(error) => error.place(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::NameTaken { .. } => {
                "Nếu là tệp sửa các dòng bị trả lại, hãy đặt tên khác; nếu thay cả tệp, hãy nạp vào thư mục dữ liệu mới.".into()
            }
            Self::Intake(error) => error.remedy(),
            Self::Book(error) => error.remedy(),
            Self::Engine(error) => error.remedy(),
        }
    }
}

/// Takes one file in for a period. Every row ends stored or refused; the same content twice changes nothing.
pub fn receive_file(
    book: &Book,
    layouts: &Layouts,
    places: &Places,
    period: Month,
    path: &Path,
    roster: Option<&str>,
) -> Result<Received, ReceiveError> {
    let limits = Limits::default();
    let source = Source::open(path, &limits)?;
    let mut chunks: Vec<Chunk> = Vec::new();
    let report = intake::read(&source, roster, layouts, places, &limits, &mut |chunk| {
        chunks.push(chunk);
        Ok(())
    })?;
    if let Some(known) = book.same_batch(period, &report.roster, &report.content_hash, &report.rows_hash)? {
        return Ok(Received::Known(known));
    }
    if book.batches(period)?.iter().any(|b| b.roster == report.roster && b.file_name == report.file_name) {
        return Err(ReceiveError::NameTaken { file_name: report.file_name, period });
    }
    let layout = layouts
        .all()
        .iter()
        .find(|l| l.id == report.layout)
        .ok_or_else(|| EngineError::Query(format!("layout `{}` was used for reading but is not loaded", report.layout)))?;
    let schema = layout_schema(layout);
    let batches = chunks.into_iter().map(|chunk| to_batch(&schema, chunk)).collect::<Result<Vec<_>, _>>()?;
    let table = book.put_table(schema, &batches)?;
    let mut refused = std::collections::BTreeMap::new();
    for reject in &report.rejects {
        *refused.entry(reject.reason.code().to_owned()).or_insert(0) += 1;
    }
    let batch = BatchRecord {
        id: format!("{}-{}", report.roster, &report.content_hash[..12]),
        roster: report.roster.clone(),
        period,
        file_name: report.file_name.clone(),
        layout: format!("{} {}", report.layout, report.layout_version),
        content_hash: report.content_hash.clone(),
        rows_hash: report.rows_hash.clone(),
        declared: report.declared,
        read: report.read,
        stored: report.stored,
        quarantined: report.quarantined,
        unknown_columns: report.unknown_columns.clone(),
        facts: report.title_facts.clone(),
        table,
        refused,
    };
    book.add_batch(&batch, &intake::rejects_csv(&report))?;
    Ok(Received::New(batch))
}

/// The columns a layout stores, as a table schema.
pub fn layout_schema(layout: &Layout) -> SchemaRef {
    let fields: Vec<Field> = layout
        .columns()
        .into_iter()
        .map(|(name, kind)| {
            let kind = match kind {
                ColumnType::Text => DataType::Utf8,
                ColumnType::Int => DataType::Int64,
                ColumnType::Date => DataType::Date32,
                ColumnType::Bool => DataType::Boolean,
            };
            Field::new(name, kind, true)
        })
        .collect();
    Arc::new(Schema::new(fields))
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
