//! Small things that the steps share.

use chapter::ChapterError;
use engine::arrow::array::ArrayRef;
use engine::arrow::compute::{SortColumn, lexsort_to_indices, take};
use engine::arrow::record_batch::RecordBatch;

use crate::error::ClaimsError;

/// An error of a step.
pub(crate) fn failed(step: &'static str, what: &str, error: &dyn std::error::Error) -> ChapterError {
    ChapterError::Step { step, detail: format!("{what}: {error}") }
}

/// An error of this chapter in a step.
pub(crate) fn of_claims(step: &'static str) -> impl Fn(ClaimsError) -> ChapterError {
    move |error| failed(step, "claims", &error)
}

/// Facts as the JSON cell of a table: `[{"name": …, "value": …}]` in the order of columns.
pub(crate) fn json(step: &'static str, facts: &[(String, Option<String>)]) -> Result<String, ChapterError> {
    let facts: Vec<base::Evidence> =
        facts.iter().map(|(name, value)| base::Evidence { name: name.clone(), value: value.clone() }).collect();
    serde_json::to_string(&facts).map_err(|e| failed(step, "evidence", &e))
}

/// The rows of a batch in the order of some of its columns.
pub(crate) fn sorted(step: &'static str, batch: &RecordBatch, by: &[&str]) -> Result<RecordBatch, ChapterError> {
    let wrong = |e: engine::arrow::error::ArrowError| failed(step, "sort", &e);
    let mut keys = Vec::with_capacity(by.len());
    for name in by {
        let missing = || ChapterError::Step { step, detail: format!("there is no column `{name}`") };
        let values = batch.column_by_name(name).ok_or_else(missing)?.clone();
        keys.push(SortColumn { values, options: None });
    }
    let order = lexsort_to_indices(&keys, None).map_err(wrong)?;
    let columns = batch.columns().iter().map(|column| take(column, &order, None)).collect::<Result<Vec<ArrayRef>, _>>();
    RecordBatch::try_new(batch.schema(), columns.map_err(wrong)?).map_err(wrong)
}
