//! Cells of a context row, and the columns they go into.

use std::sync::Arc;

use base::{Amount, Date};
use claimfile::Moment;
use engine::EngineError;
use engine::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int64Builder, StringBuilder, TimestampSecondBuilder,
};
use engine::arrow::datatypes::{DataType, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

/// One cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    Null,
    Text(&'a str),
    Int(i64),
    Amount(Amount),
    Time(Moment),
    Day(Date),
    Flag(bool),
}

macro_rules! cells {
    ($($kind:ty => $cell:ident),*) => { $(
        impl From<$kind> for Cell<'_> {
            fn from(value: $kind) -> Self {
                Self::$cell(value)
            }
        }
        impl From<Option<$kind>> for Cell<'_> {
            fn from(value: Option<$kind>) -> Self {
                value.map_or(Self::Null, Self::$cell)
            }
        }
    )* };
}
cells!(i64 => Int, Amount => Amount, Moment => Time, Date => Day, bool => Flag);

impl<'a> From<&'a str> for Cell<'a> {
    fn from(value: &'a str) -> Self {
        Self::Text(value)
    }
}

impl<'a> From<Option<&'a str>> for Cell<'a> {
    fn from(value: Option<&'a str>) -> Self {
        value.map_or(Self::Null, Self::Text)
    }
}

impl From<usize> for Cell<'_> {
    fn from(value: usize) -> Self {
        i64::try_from(value).map_or(Self::Null, Self::Int)
    }
}

impl From<Option<usize>> for Cell<'_> {
    fn from(value: Option<usize>) -> Self {
        value.map_or(Self::Null, Self::from)
    }
}

enum Column {
    Text(StringBuilder),
    Int(Int64Builder),
    Amount(Decimal128Builder),
    Time(TimestampSecondBuilder),
    Day(Date32Builder),
    Flag(BooleanBuilder),
}

/// Rows of a context, built cell by cell.
pub(crate) struct Columns {
    schema: SchemaRef,
    columns: Vec<Column>,
    rows: usize,
}

impl Columns {
    pub(crate) fn new(schema: SchemaRef) -> Result<Self, EngineError> {
        let mut columns = Vec::with_capacity(schema.fields().len());
        for field in schema.fields() {
            columns.push(match field.data_type() {
                DataType::Utf8 => Column::Text(StringBuilder::new()),
                DataType::Int64 => Column::Int(Int64Builder::new()),
                DataType::Decimal128(_, _) => Column::Amount(Decimal128Builder::new().with_data_type(field.data_type().clone())),
                DataType::Timestamp(_, None) => Column::Time(TimestampSecondBuilder::new()),
                DataType::Date32 => Column::Day(Date32Builder::new()),
                DataType::Boolean => Column::Flag(BooleanBuilder::new()),
                other => return Err(EngineError::Query(format!("column `{}`: no builder for {other}", field.name()))),
            });
        }
        Ok(Self { schema, columns, rows: 0 })
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Appends a row: one cell a column, in the order of the schema. A cell of another kind is an error of the program.
    pub(crate) fn push(&mut self, cells: &[Cell<'_>]) -> Result<(), EngineError> {
        for (place, (column, cell)) in self.columns.iter_mut().zip(cells).enumerate() {
            match (column, *cell) {
                (Column::Text(b), Cell::Text(v)) => b.append_value(v),
                (Column::Text(b), Cell::Null) => b.append_null(),
                (Column::Int(b), Cell::Int(v)) => b.append_value(v),
                (Column::Int(b), Cell::Null) => b.append_null(),
                (Column::Amount(b), Cell::Amount(v)) => b.append_value(v.millionths()),
                (Column::Amount(b), Cell::Null) => b.append_null(),
                (Column::Time(b), Cell::Time(v)) => b.append_value(v.minutes() * 60),
                (Column::Time(b), Cell::Null) => b.append_null(),
                (Column::Day(b), Cell::Day(v)) => b.append_value(v.days_since_epoch()),
                (Column::Day(b), Cell::Null) => b.append_null(),
                (Column::Flag(b), Cell::Flag(v)) => b.append_value(v),
                (Column::Flag(b), Cell::Null) => b.append_null(),
                _ => {
                    let name = self.schema.field(place).name();
                    return Err(EngineError::Query(format!("column `{name}` does not take such a cell")));
                }
            }
        }
        self.rows += 1;
        Ok(())
    }

    /// The rows so far; the columns are empty afterwards.
    pub(crate) fn take(&mut self) -> Result<RecordBatch, EngineError> {
        self.rows = 0;
        let arrays = self.columns.iter_mut().map(|column| -> ArrayRef {
            match column {
                Column::Text(b) => Arc::new(b.finish()),
                Column::Int(b) => Arc::new(b.finish()),
                Column::Amount(b) => Arc::new(b.finish()),
                Column::Time(b) => Arc::new(b.finish()),
                Column::Day(b) => Arc::new(b.finish()),
                Column::Flag(b) => Arc::new(b.finish()),
            }
        });
        RecordBatch::try_new(self.schema.clone(), arrays.collect()).map_err(|e| EngineError::Query(e.to_string()))
    }
}
