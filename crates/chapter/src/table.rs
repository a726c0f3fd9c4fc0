//! Building the columns of a published table row by row.

use std::sync::Arc;

use base::Amount;
use engine::EngineError;
use engine::arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int32Builder, Int64Builder, StringBuilder, TimestampSecondBuilder,
};
use engine::arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use engine::arrow::record_batch::RecordBatch;

/// Appends rows cell by cell in the order of a schema.
///
/// A step says `row.text(..).int(..)` in column order; a cell of the wrong kind is found at once.
pub struct TableBuilder {
    schema: SchemaRef,
    columns: Vec<Column>,
    next: usize,
    wrong: Option<String>,
}

enum Column {
    Text(StringBuilder),
    Int(Int64Builder),
    Small(Int32Builder),
    Date(Date32Builder),
    Flag(BooleanBuilder),
    Amount(Decimal128Builder),
    Time(TimestampSecondBuilder),
}

impl TableBuilder {
    /// Starts an empty table. Only columns of the kinds that contracts have are built here.
    pub fn new(schema: SchemaRef) -> Result<Self, EngineError> {
        let mut columns = Vec::new();
        for field in schema.fields() {
            columns.push(match field.data_type() {
                DataType::Utf8 => Column::Text(StringBuilder::new()),
                DataType::Int64 => Column::Int(Int64Builder::new()),
                DataType::Int32 => Column::Small(Int32Builder::new()),
                DataType::Date32 => Column::Date(Date32Builder::new()),
                DataType::Boolean => Column::Flag(BooleanBuilder::new()),
                DataType::Decimal128(Amount::PRECISION, Amount::SCALE) => {
                    Column::Amount(Decimal128Builder::new().with_data_type(field.data_type().clone()))
                }
                DataType::Timestamp(TimeUnit::Second, None) => Column::Time(TimestampSecondBuilder::new()),
                other => return Err(EngineError::Query(format!("column `{}`: no builder for {other}", field.name()))),
            });
        }
        Ok(Self { schema, columns, next: 0, wrong: None })
    }

    /// The next cell is text.
    pub fn text(&mut self, value: Option<&str>) -> &mut Self {
        match self.take() {
            Some(Column::Text(column)) => column.append_option(value),
            _ => self.mismatch("text"),
        }
        self
    }

    /// The next cell is a whole number, in a column of 64 or 32 bits.
    pub fn int(&mut self, value: Option<i64>) -> &mut Self {
        match self.take() {
            Some(Column::Int(column)) => column.append_option(value),
            Some(Column::Small(column)) => match value.map(i32::try_from).transpose() {
                Ok(small) => column.append_option(small),
                Err(_) => self.mismatch("number of 32 bits"),
            },
            _ => self.mismatch("number"),
        }
        self
    }

    /// The next cell is a date, in days since 1970-01-01.
    pub fn date(&mut self, value: Option<i32>) -> &mut Self {
        match self.take() {
            Some(Column::Date(column)) => column.append_option(value),
            _ => self.mismatch("date"),
        }
        self
    }

    /// The next cell is yes or no.
    pub fn flag(&mut self, value: Option<bool>) -> &mut Self {
        match self.take() {
            Some(Column::Flag(column)) => column.append_option(value),
            _ => self.mismatch("flag"),
        }
        self
    }

    /// The next cell is an exact amount.
    pub fn amount(&mut self, value: Option<Amount>) -> &mut Self {
        match self.take() {
            Some(Column::Amount(column)) => column.append_option(value.map(Amount::millionths)),
            _ => self.mismatch("amount"),
        }
        self
    }

    /// The next cell is a moment, in seconds since 1970-01-01 00:00 of the same zone.
    pub fn time(&mut self, value: Option<i64>) -> &mut Self {
        match self.take() {
            Some(Column::Time(column)) => column.append_option(value),
            _ => self.mismatch("moment"),
        }
        self
    }

    /// Ends the table; an error when a row was short or a cell was of another kind.
    pub fn finish(mut self) -> Result<Vec<RecordBatch>, EngineError> {
        if let Some(wrong) = self.wrong {
            return Err(EngineError::Query(wrong));
        }
        if self.next != 0 {
            return Err(EngineError::Query(format!("the last row ends after {} cells", self.next)));
        }
        let columns: Vec<ArrayRef> = self
            .columns
            .iter_mut()
            .map(|column| match column {
                Column::Text(b) => Arc::new(b.finish()) as ArrayRef,
                Column::Int(b) => Arc::new(b.finish()),
                Column::Small(b) => Arc::new(b.finish()),
                Column::Date(b) => Arc::new(b.finish()),
                Column::Flag(b) => Arc::new(b.finish()),
                Column::Amount(b) => Arc::new(b.finish()),
                Column::Time(b) => Arc::new(b.finish()),
            })
            .collect();
        let batch = RecordBatch::try_new(self.schema, columns).map_err(|e| EngineError::Query(e.to_string()))?;
        Ok(vec![batch])
    }

    fn take(&mut self) -> Option<&mut Column> {
        let at = self.next;
        self.next = (self.next + 1) % self.columns.len().max(1);
        self.columns.get_mut(at)
    }

    fn mismatch(&mut self, kind: &str) {
        let at = self.next.checked_sub(1).unwrap_or(self.columns.len().saturating_sub(1));
        let name = self.schema.fields().get(at).map(|f| f.name().clone()).unwrap_or_default();
        self.wrong.get_or_insert(format!("column `{name}` does not take a {kind}"));
    }
}

#[cfg(test)]
mod tests {
    use engine::arrow::datatypes::{Field, Schema};

    use super::*;

    fn schema() -> SchemaRef {
        Arc::new(Schema::new(vec![Field::new("a", DataType::Utf8, true), Field::new("n", DataType::Int32, true)]))
    }

    #[test]
    fn cells_go_in_the_order_of_the_columns() {
        let mut rows = TableBuilder::new(schema()).unwrap();
        rows.text(Some("x")).int(Some(1)).text(None).int(None);
        assert_eq!(rows.finish().unwrap()[0].num_rows(), 2);
    }

    #[test]
    fn a_wrong_cell_names_its_column() {
        let mut rows = TableBuilder::new(schema()).unwrap();
        rows.text(Some("x")).text(Some("1"));
        assert!(rows.finish().unwrap_err().to_string().contains("`n`"));
        let mut short = TableBuilder::new(schema()).unwrap();
        short.text(Some("x"));
        assert!(short.finish().is_err());
    }
}
