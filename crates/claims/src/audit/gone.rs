//! What the run of the same period before found and this one does not.

use std::collections::HashSet;

use base::FindingKey;
use chapter::{ChapterError, StepContext};
use engine::rows;

use super::findings::NAME;
use super::rows::failed;

/// A finding that is no more, or of which nothing is known.
pub(crate) struct Gone {
    pub rule: String,
    pub key: FindingKey,
    pub facility: String,
    pub visit: i64,
}

/// The findings of the run of this period before; none when this is the first.
pub(crate) struct Before {
    keys: HashSet<FindingKey>,
    table: Option<book::TableRef>,
}

impl Before {
    pub(crate) fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let run = context.inputs.numbering.filter(|run| run.period == context.inputs.period);
        let table = run.and_then(|run| run.tables().get("claim_finding").cloned());
        let mut keys = HashSet::new();
        if let Some(table) = &table {
            for batch in context.book.stream_table(table, &["finding_key"], 65_536)? {
                let batch = batch?;
                let texts = rows::text(&batch, "finding_key")?;
                for row in 0..batch.num_rows() {
                    keys.insert(key(texts.value(row))?);
                }
            }
        }
        Ok(Self { keys, table })
    }

    /// Whether the finding was there before.
    pub(crate) fn had(&self, key: FindingKey) -> bool {
        self.keys.contains(&key)
    }

    /// Those that are not among `now`, by rule and key.
    pub(crate) fn gone(&self, context: &StepContext, now: &HashSet<FindingKey>) -> Result<Vec<Gone>, ChapterError> {
        let mut gone = Vec::new();
        let Some(table) = &self.table else { return Ok(gone) };
        for batch in context.book.stream_table(table, &["finding_key", "rule", "facility", "visit_id"], 65_536)? {
            let batch = batch?;
            let (keys, rules) = (rows::text(&batch, "finding_key")?, rows::text(&batch, "rule")?);
            let (facilities, visits) = (rows::text(&batch, "facility")?, rows::int(&batch, "visit_id")?);
            for row in 0..batch.num_rows() {
                let key = key(keys.value(row))?;
                if !now.contains(&key) {
                    let (rule, facility) = (rules.value(row).to_owned(), facilities.value(row).to_owned());
                    gone.push(Gone { rule, key, facility, visit: visits.value(row) });
                }
            }
        }
        gone.sort_by(|a, b| (&a.rule, a.key).cmp(&(&b.rule, b.key)));
        Ok(gone)
    }
}

fn key(text: &str) -> Result<FindingKey, ChapterError> {
    FindingKey::parse(text).ok_or_else(|| failed(NAME, "the findings of the run before", &std::fmt::Error))
}
