//! Columns of a roster's rows. A column that an older layout did not have yet is empty in all rows.

use base::{Amount, Date};
use engine::arrow::array::{Date32Array, Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::Term;

/// A column of text.
pub(super) struct Texts(Option<StringArray>);

impl Texts {
    pub(super) fn of(batch: &RecordBatch, name: &str) -> Result<Self, EngineError> {
        Ok(Self(there(batch, name).then(|| rows::text(batch, name)).transpose()?))
    }

    /// The text of a row without blanks around it; absent when there is none.
    pub(super) fn at(&self, row: usize) -> Option<&str> {
        rows::text_at(self.0.as_ref()?, row).map(str::trim).filter(|text| !text.is_empty())
    }
}

/// A column of whole numbers.
pub(super) struct Numbers(Option<Int64Array>);

impl Numbers {
    pub(super) fn of(batch: &RecordBatch, name: &str) -> Result<Self, EngineError> {
        Ok(Self(there(batch, name).then(|| rows::int(batch, name)).transpose()?))
    }

    pub(super) fn at(&self, row: usize) -> Option<i64> {
        rows::int_at(self.0.as_ref()?, row)
    }

    /// Money of a roster, which is in thousandths.
    pub(super) fn amount(&self, row: usize) -> Option<Amount> {
        Amount::from_millionths(i128::from(self.at(row)?) * 1_000)
    }
}

/// First and last day of rows: `valid_from`, `valid_to`.
pub(super) struct Terms(Option<Date32Array>, Option<Date32Array>);

impl Terms {
    pub(super) fn of(batch: &RecordBatch) -> Result<Self, EngineError> {
        let days = |name: &str| there(batch, name).then(|| rows::date(batch, name)).transpose();
        Ok(Self(days("valid_from")?, days("valid_to")?))
    }

    pub(super) fn at(&self, row: usize) -> Term {
        let day = |days: &Option<Date32Array>| rows::date_at(days.as_ref()?, row).and_then(Date::from_days_since_epoch);
        Term { from: day(&self.0), to: day(&self.1) }
    }
}

fn there(batch: &RecordBatch, name: &str) -> bool {
    batch.column_by_name(name).is_some()
}
