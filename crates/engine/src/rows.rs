//! Reading typed values out of arrow columns by name.

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, StringArray,
    TimestampSecondArray,
};
use datafusion::arrow::compute::cast;
use datafusion::arrow::datatypes::{DataType, TimeUnit};
use datafusion::arrow::record_batch::RecordBatch;

use crate::error::EngineError;

fn column(batch: &RecordBatch, name: &str, kind: &DataType) -> Result<ArrayRef, EngineError> {
    let array = batch.column_by_name(name).ok_or_else(|| EngineError::Query(format!("there is no column `{name}`")))?;
    if array.data_type() == kind {
        return Ok(array.clone());
    }
    // Views and dictionaries of the planner become plain columns here, once.
    cast(array, kind).map_err(|e| EngineError::Query(format!("column `{name}`: {e}")))
}

/// The text column of a batch.
pub fn text(batch: &RecordBatch, name: &str) -> Result<StringArray, EngineError> {
    Ok(column(batch, name, &DataType::Utf8)?.as_string::<i32>().clone())
}

/// The integer column of a batch, widened to 64 bits.
pub fn int(batch: &RecordBatch, name: &str) -> Result<Int64Array, EngineError> {
    Ok(column(batch, name, &DataType::Int64)?.as_primitive().clone())
}

/// The date column of a batch, in days since 1970-01-01.
pub fn date(batch: &RecordBatch, name: &str) -> Result<Date32Array, EngineError> {
    Ok(column(batch, name, &DataType::Date32)?.as_primitive().clone())
}

/// The yes-or-no column of a batch.
pub fn flag(batch: &RecordBatch, name: &str) -> Result<BooleanArray, EngineError> {
    Ok(column(batch, name, &DataType::Boolean)?.as_boolean().clone())
}

/// The value in a text column, absent for NULL.
pub fn text_at(array: &StringArray, row: usize) -> Option<&str> {
    array.is_valid(row).then(|| array.value(row))
}

/// The value in an integer column, absent for NULL.
pub fn int_at(array: &Int64Array, row: usize) -> Option<i64> {
    array.is_valid(row).then(|| array.value(row))
}

/// The day in a date column, absent for NULL.
pub fn date_at(array: &Date32Array, row: usize) -> Option<i32> {
    array.is_valid(row).then(|| array.value(row))
}

/// The canonical text of any cell: ISO dates, plain decimals, `true` and `false`; `None` for NULL.
///
/// Used for finding keys and evidence, so it never changes with a library's display.
pub fn canonical(array: &ArrayRef, row: usize) -> Result<Option<String>, EngineError> {
    if array.is_null(row) {
        return Ok(None);
    }
    let unknown = || EngineError::Query(format!("a value of type {} has no canonical text", array.data_type()));
    let text = match array.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => {
            let plain = cast(array, &DataType::Utf8).map_err(|e| EngineError::Query(e.to_string()))?;
            plain.as_string::<i32>().value(row).to_owned()
        }
        DataType::Date32 => {
            let days = array.as_any().downcast_ref::<Date32Array>().ok_or_else(unknown)?.value(row);
            base::Date::from_days_since_epoch(days).ok_or_else(unknown)?.to_string()
        }
        DataType::Timestamp(TimeUnit::Second, None) => {
            let seconds = array.as_any().downcast_ref::<TimestampSecondArray>().ok_or_else(unknown)?.value(row);
            let day = i32::try_from(seconds.div_euclid(86_400)).ok().and_then(base::Date::from_days_since_epoch);
            let minute = seconds.rem_euclid(86_400) / 60;
            format!("{} {:02}:{:02}", day.ok_or_else(unknown)?, minute / 60, minute % 60)
        }
        DataType::Boolean => array.as_boolean().value(row).to_string(),
        DataType::Int32 => array.as_any().downcast_ref::<Int32Array>().ok_or_else(unknown)?.value(row).to_string(),
        DataType::Decimal128(_, _) => {
            let decimals = array.as_any().downcast_ref::<Decimal128Array>().ok_or_else(unknown)?;
            let text = decimals.value_as_string(row);
            // Trailing zeros of the storage scale say nothing.
            if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
        }
        kind if kind.is_integer() => {
            let plain = cast(array, &DataType::Int64).map_err(|e| EngineError::Query(e.to_string()))?;
            plain.as_any().downcast_ref::<Int64Array>().ok_or_else(unknown)?.value(row).to_string()
        }
        _ => return Err(unknown()),
    };
    Ok(Some(text))
}
