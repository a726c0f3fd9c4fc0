//! Counting the rows behind the indicators, by commune.

use std::collections::BTreeMap;

use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::measures::{MEASURES, Over, Share};

/// One indicator in one place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) counted: i64,
    pub(crate) unknown: i64,
    /// People of the register it stands over.
    pub(crate) over: i64,
    /// People whom the look-up found insured elsewhere, a part of `counted`.
    pub(crate) elsewhere: i64,
}

impl std::ops::AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.counted += other.counted;
        self.unknown += other.unknown;
        self.over += other.over;
        self.elsewhere += other.elsewhere;
    }
}

/// By commune; the empty code is people of no known commune.
pub(crate) type ByCommune = BTreeMap<String, Count>;

/// The sum over all communes, people of none included.
pub(crate) fn city(counts: &ByCommune) -> Count {
    let mut sum = Count::default();
    counts.values().for_each(|count| sum += *count);
    sum
}

/// Counts all measures of `coverage_state` in one pass; in the order of [`MEASURES`].
pub(crate) fn measures(context: &StepContext) -> Result<Vec<ByCommune>, ChapterError> {
    let mut columns = String::new();
    for (at, measure) in MEASURES.iter().enumerate() {
        for (name, condition) in [("n", measure.counted), ("u", measure.unknown), ("o", measure.over.condition())] {
            columns.push_str(&format!(", count(*) FILTER (WHERE {condition}) AS {name}{at}"));
        }
    }
    let sql = format!(
        "SELECT coalesce(commune, '') AS commune, count(*) FILTER (WHERE health = 'covered_elsewhere') AS elsewhere{columns} \
         FROM coverage_state GROUP BY 1 ORDER BY 1"
    );
    let session = context.session(&["coverage_state"])?;
    let mut counts = vec![ByCommune::new(); MEASURES.len()];
    for batch in context.wait(session.collect(&sql))? {
        let elsewhere = rows::int(&batch, "elsewhere")?;
        for (at, of) in counts.iter_mut().enumerate() {
            let health = MEASURES[at].over == Over::Residents;
            read(&batch, [&format!("n{at}"), &format!("u{at}"), &format!("o{at}")], of, |row| {
                if health { elsewhere.value(row) } else { 0 }
            })?;
        }
    }
    Ok(counts)
}

/// Counts a share of a task.
pub(crate) fn share(context: &StepContext, share: &Share, school_year: &str) -> Result<ByCommune, ChapterError> {
    let people = people(share, school_year);
    let sql = format!(
        "SELECT coalesce(commune, '') AS commune, count(*) FILTER (WHERE counted) AS n, count(*) FILTER (WHERE unknown) AS u, \
         count(*) AS o FROM ({people}) GROUP BY 1 ORDER BY 1"
    );
    let tables: Vec<&str> = ["person", "coverage_state"].into_iter().chain(share.needs.iter().copied()).collect();
    let session = context.session(&unique(&tables))?;
    let mut counts = ByCommune::new();
    for batch in context.wait(session.collect(&sql))? {
        read(&batch, ["n", "u", "o"], &mut counts, |_| 0)?;
    }
    Ok(counts)
}

fn unique<'a>(tables: &[&'a str]) -> Vec<&'a str> {
    let all: std::collections::BTreeSet<&str> = tables.iter().copied().collect();
    all.into_iter().collect()
}

/// The query of a share's people.
fn people(share: &Share, school_year: &str) -> String {
    share.people.replace("{school_year}", &school_year.replace('\'', "''"))
}

fn read(
    batch: &RecordBatch,
    names: [&str; 3],
    into: &mut ByCommune,
    elsewhere: impl Fn(usize) -> i64,
) -> Result<(), EngineError> {
    let communes = rows::text(batch, "commune")?;
    let [counted, unknown, over] = names.map(|name| rows::int(batch, name));
    let (counted, unknown, over) = (counted?, unknown?, over?);
    for row in 0..batch.num_rows() {
        let count =
            Count { counted: counted.value(row), unknown: unknown.value(row), over: over.value(row), elsewhere: elsewhere(row) };
        into.insert(communes.value(row).to_owned(), count);
    }
    Ok(())
}

/// Participants who are no known residents, by (commune, what).
pub(crate) fn outside(context: &StepContext) -> Result<BTreeMap<(String, String), i64>, ChapterError> {
    let mut found = BTreeMap::new();
    let Some(table) = context.table("coverage_outside") else { return Ok(found) };
    for batch in context.book.read_table(table, None)? {
        let (communes, what) = (rows::text(&batch, "commune")?, rows::text(&batch, "what")?);
        let people = rows::int(&batch, "people")?;
        for row in 0..batch.num_rows() {
            let commune = rows::text_at(&communes, row).unwrap_or_default().to_owned();
            found.insert((commune, what.value(row).to_owned()), people.value(row));
        }
    }
    Ok(found)
}

/// SQL that opens the people counted by a measure, as `ansinh query` runs it.
pub(crate) fn measure_rows(counted: &str, commune: Option<&str>) -> String {
    format!("SELECT person_id FROM coverage_state WHERE {counted}{} ORDER BY person_id", place(commune))
}

/// SQL that opens the people counted by a share.
pub(crate) fn share_rows(share: &Share, school_year: &str, commune: Option<&str>) -> String {
    format!("SELECT person_id FROM ({}) WHERE counted{} ORDER BY person_id", people(share, school_year), place(commune))
}

/// Codes are digits of the list of communes, never text from outside.
fn place(commune: Option<&str>) -> String {
    commune.map(|code| format!(" AND commune = '{code}'")).unwrap_or_default()
}
