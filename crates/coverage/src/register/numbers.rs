//! Numbers people had in the run before: of this period when it was run already, else of the one before.

use std::collections::BTreeMap;

use chapter::{ChapterError, StepContext};
use engine::rows;

/// Key and number of every person of the run before; empty in the first run.
pub(crate) fn known_people(context: &StepContext) -> Result<BTreeMap<String, i64>, ChapterError> {
    let mut known = BTreeMap::new();
    let Some(table) = context.inputs.numbering.and_then(|run| run.tables().get("person").cloned()) else {
        return Ok(known);
    };
    for batch in context.book.read_table(&table, Some(&["person_id", "person_key"]))? {
        let (ids, keys) = (rows::int(&batch, "person_id")?, rows::text(&batch, "person_key")?);
        for row in 0..batch.num_rows() {
            known.insert(keys.value(row).to_owned(), ids.value(row));
        }
    }
    Ok(known)
}
