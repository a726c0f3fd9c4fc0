//! Small things the steps share: errors with their place, JSON cells.

use base::Evidence;
use chapter::ChapterError;

/// An error of a step about one of its objects (a rule, a roster).
pub(crate) fn failed(step: &'static str, what: &str, error: &dyn std::error::Error) -> ChapterError {
    ChapterError::Step { step, detail: format!("{what}: {error}") }
}

/// Evidence as the JSON cell of a table.
pub(crate) fn json(step: &'static str, evidence: &[Evidence]) -> Result<String, ChapterError> {
    serde_json::to_string(evidence).map_err(|e| failed(step, "evidence", &e))
}
