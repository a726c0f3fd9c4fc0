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

/// The value of a fact in a cell that [`json`] wrote; nothing where the cell has no such fact or the fact no value. An error is a cell that is no list
/// of facts; it says nothing of what the cell holds.
pub(crate) fn value_in(step: &'static str, cell: &str, name: &str) -> Result<Option<String>, ChapterError> {
    let damaged = |_| ChapterError::Step { step, detail: "a cell of evidence is no list of facts".into() };
    let facts: Vec<base::Evidence> = serde_json::from_str(cell).map_err(damaged)?;
    Ok(facts.into_iter().find(|fact| fact.name == name).and_then(|fact| fact.value))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_is_found_in_the_evidence_by_its_name_alone() {
        let fact = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        let odd = r#"A","name":"line_code","value":"B\C"#;
        let cell =
            json("claims.findings", &[fact("reason", Some(odd)), fact("line_code", Some(r#"Thuốc "23""#)), fact("gap", None)]);
        let cell = cell.unwrap();
        let value = |name: &str| value_in("claims.findings", &cell, name).unwrap();
        assert_eq!(
            value("line_code").as_deref(),
            Some(r#"Thuốc "23""#),
            "quotes are read, a value that looks like a fact is none"
        );
        assert_eq!(value("reason").as_deref(), Some(odd));
        assert_eq!((value("gap"), value("nothing")), (None, None));
    }

    #[test]
    fn a_damaged_cell_is_an_error_that_does_not_show_it() {
        let error = value_in("claims.findings", r#"["001190012345"]"#, "line_code").unwrap_err().to_string();
        assert!(error.contains("evidence") && !error.contains("001190012345"), "{error}");
    }
}
