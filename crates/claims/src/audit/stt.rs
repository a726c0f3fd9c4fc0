//! The numbers that facilities gave the lines which findings across visits are about (STT).

use std::collections::{HashMap, HashSet};

use chapter::{ChapterError, StepContext};
use engine::rows;

/// A cost line: the visit, the table and the place in it, from 1.
pub(crate) type Place = (i64, String, i64);

/// The line that a finding across visits is about.
pub(crate) fn line_of(visit: i64, finding: &base::Finding) -> Option<Place> {
    let cell = |name: &str| finding.evidence.iter().find(|fact| fact.name == name).and_then(|fact| fact.value.clone());
    Some((visit, cell("line_table").unwrap_or_default(), cell("line_no")?.parse().ok()?))
}

/// The numbers that facilities gave some lines; a line without one is not among them.
pub(crate) fn sent_numbers(
    context: &StepContext,
    lines: impl Iterator<Item = Place>,
) -> Result<HashMap<Place, i64>, ChapterError> {
    let wanted: HashSet<Place> = lines.collect();
    let visits: HashSet<i64> = wanted.iter().map(|(visit, _, _)| *visit).collect();
    let mut numbers = HashMap::new();
    let Some(table) = context.table("claim_item").filter(|_| !wanted.is_empty()) else { return Ok(numbers) };
    for batch in context.book.stream_table(table, &["visit_id", "line_table", "line_no", "line_stt"], 65_536)? {
        let batch = batch?;
        let (ids, tables) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "line_table")?);
        let (places, stts) = (rows::int(&batch, "line_no")?, rows::int(&batch, "line_stt")?);
        for row in (0..batch.num_rows()).filter(|row| visits.contains(&ids.value(*row))) {
            let line = (ids.value(row), tables.value(row).to_owned(), places.value(row));
            if let Some(stt) = rows::int_at(&stts, row).filter(|_| wanted.contains(&line)) {
                numbers.insert(line, stt);
            }
        }
    }
    Ok(numbers)
}
