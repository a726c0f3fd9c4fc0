//! Hashes: of inputs (fingerprints) and of rows whatever file they lie in.

use engine::EngineError;
use engine::arrow::array::{Array, ArrayRef, AsArray};
use engine::arrow::compute::cast;
use engine::arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimeUnit};
use engine::arrow::record_batch::RecordBatch;

/// A hash over named parts, to tell whether a step was done with just these inputs before.
#[derive(Debug, Clone)]
pub struct Fingerprint(blake3::Hasher);

impl Fingerprint {
    /// Starts with the name of what is fingerprinted.
    pub fn new(name: &str) -> Self {
        Self(blake3::Hasher::new()).with("name", name)
    }

    /// Adds a part. Name and value are length-prefixed, so that parts never run into one another.
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        for part in [name.as_bytes(), value.as_ref()] {
            self.0.update(&(part.len() as u64).to_le_bytes());
            self.0.update(part);
        }
        self
    }

    /// The hash in hexadecimal.
    pub fn finish(&self) -> String {
        self.0.finalize().to_hex().to_string()
    }
}

/// The hash of rows in their order, independent of batches, files and versions of a library.
pub fn rows_hash(batches: &[RecordBatch]) -> Result<String, EngineError> {
    let mut hash = RowsHash::default();
    for batch in batches {
        hash.update(batch)?;
    }
    Ok(hash.finish())
}

/// The same hash of rows that come one batch after another.
///
/// Each column is hashed by itself (validity, then canonical little-endian values or length and bytes
/// of texts), then the columns with their names and kinds.
#[derive(Debug, Default)]
pub struct RowsHash {
    columns: Option<Vec<(String, blake3::Hasher)>>,
}

impl RowsHash {
    /// Adds the next rows; all batches have the columns of the first one.
    pub fn update(&mut self, batch: &RecordBatch) -> Result<(), EngineError> {
        let schema = batch.schema();
        let fresh = || schema.fields().iter().map(|field| (field.name().clone(), blake3::Hasher::new())).collect();
        let columns = self.columns.get_or_insert_with(fresh);
        for (at, (_, hasher)) in columns.iter_mut().enumerate() {
            hash_column(hasher, batch.column(at))?;
        }
        Ok(())
    }

    /// The hash in hexadecimal.
    pub fn finish(self) -> String {
        let Some(columns) = self.columns else { return Fingerprint::new("no rows").finish() };
        let whole = Fingerprint::new("rows");
        columns.iter().fold(whole, |whole, (name, hasher)| whole.with(name, hasher.finalize().as_bytes())).finish()
    }
}

fn hash_column(hasher: &mut blake3::Hasher, array: &ArrayRef) -> Result<(), EngineError> {
    let kind = array.data_type().clone();
    let failed = |e: engine::arrow::error::ArrowError| EngineError::Query(e.to_string());
    let mut buffer: Vec<u8> = Vec::with_capacity(array.len() * 8);
    match &kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View | DataType::Dictionary(_, _) => {
            let texts = cast(array, &DataType::Utf8).map_err(failed)?;
            for value in texts.as_string::<i32>() {
                push(&mut buffer, value.map(str::as_bytes));
            }
        }
        DataType::Boolean => {
            for value in array.as_boolean() {
                push(&mut buffer, value.map(|v| [u8::from(v)]).as_ref().map(|b| b.as_slice()));
            }
        }
        DataType::Date32 => {
            for value in array.as_primitive::<Date32Type>() {
                push(&mut buffer, value.map(i32::to_le_bytes).as_ref().map(|b| b.as_slice()));
            }
        }
        DataType::Int32 => {
            for value in array.as_primitive::<Int32Type>() {
                push(&mut buffer, value.map(i32::to_le_bytes).as_ref().map(|b| b.as_slice()));
            }
        }
        DataType::Decimal128(_, _) => {
            for value in array.as_primitive::<Decimal128Type>() {
                push(&mut buffer, value.map(i128::to_le_bytes).as_ref().map(|b| b.as_slice()));
            }
        }
        // Moments of claims: whole seconds without a zone.
        other if other.is_integer() || matches!(other, DataType::Timestamp(TimeUnit::Second, None)) => {
            let numbers = cast(array, &DataType::Int64).map_err(failed)?;
            for value in numbers.as_primitive::<Int64Type>() {
                push(&mut buffer, value.map(i64::to_le_bytes).as_ref().map(|b| b.as_slice()));
            }
        }
        other => return Err(EngineError::Query(format!("a column of type {other} has no place in the book"))),
    }
    hasher.update(&buffer);
    Ok(())
}

fn push(buffer: &mut Vec<u8>, value: Option<&[u8]>) {
    match value {
        None => buffer.push(0),
        Some(bytes) => {
            buffer.push(1);
            buffer.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
            buffer.extend_from_slice(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use engine::arrow::array::StringArray;
    use engine::arrow::datatypes::{Field, Schema};

    use super::*;

    fn batch(values: Vec<Option<&str>>) -> RecordBatch {
        let schema = Arc::new(Schema::new(vec![Field::new("t", DataType::Utf8, true)]));
        RecordBatch::try_new(schema, vec![Arc::new(StringArray::from(values))]).unwrap()
    }

    #[test]
    fn rows_are_one_however_they_are_batched() {
        let whole = rows_hash(&[batch(vec![Some("a"), None, Some("")])]).unwrap();
        assert_eq!(whole, rows_hash(&[batch(vec![Some("a")]), batch(vec![None, Some("")])]).unwrap());
        assert_ne!(whole, rows_hash(&[batch(vec![Some("a"), Some(""), None])]).unwrap());
    }

    #[test]
    fn moments_have_a_hash_of_their_own() {
        let of = |seconds: Option<i64>| {
            let kind = DataType::Timestamp(TimeUnit::Second, None);
            let schema = Arc::new(Schema::new(vec![Field::new("at", kind, true)]));
            let column = engine::arrow::array::TimestampSecondArray::from(vec![seconds]);
            rows_hash(&[RecordBatch::try_new(schema, vec![Arc::new(column)]).unwrap()]).unwrap()
        };
        assert_ne!(of(Some(1_790_000_000)), of(Some(1_790_000_060)));
        assert_ne!(of(Some(0)), of(None));
    }

    #[test]
    fn parts_of_a_fingerprint_do_not_run_together() {
        let one = Fingerprint::new("s").with("a", "bc").finish();
        assert_ne!(one, Fingerprint::new("s").with("ab", "c").finish());
        assert_ne!(one, Fingerprint::new("s").with("a", "b").with("c", "").finish());
    }
}
