//! The months before, whose visits and lines stand beside those of the month when rules across visits run: a test is valid for sixty days, drugs are given for
//! ninety, so one month is not enough to see what was repeated.

use std::collections::BTreeMap;

use base::Month;
use book::{Book, BookError, RunManifest, TableRef};
use engine::{Marked, Session, rows};
use rules::Rule;

/// Months before the one that is run. The longest look-back of a rule is a supply of 90 days, which reaches into the third month before.
const MONTHS: i32 = 3;

/// Rows read at once.
const ROWS: usize = 65_536;

/// Runs of earlier months, the newest first, and what of each does not stand beside the month.
#[derive(Debug, Default)]
pub struct LookBack {
    runs: Vec<Earlier>,
}

/// One of them.
#[derive(Debug)]
struct Earlier {
    tables: BTreeMap<String, TableRef>,
    /// Visits that a newer month has too, because they were settled anew there: they count there alone.
    newer: Vec<i64>,
}

impl LookBack {
    /// Looks back from a month: `now` are its tables, `earlier` the runs of the months before, the newest first. Months that are too far back are left out, and
    /// so are runs whose tables are over their term of keeping.
    pub fn read(
        book: &Book,
        period: Month,
        now: &BTreeMap<String, TableRef>,
        earlier: &[RunManifest],
    ) -> Result<Self, BookError> {
        let mut known: Vec<Vec<i64>> = Vec::new();
        known.extend(now.get(STAYS).map(|table| visits(book, table)).transpose()?);
        let mut back = Self::default();
        for run in earlier.iter().filter(|run| (period.plus(-MONTHS)..period).contains(&run.period)) {
            let mut tables = run.tables();
            tables.retain(|name, table| is_across(name) && book.has_table(table));
            let Some(stays) = tables.get(STAYS) else { continue };
            let own = visits(book, stays)?;
            let is_newer = |visit: &i64| known.iter().any(|month| month.binary_search(visit).is_ok());
            let newer = own.iter().copied().filter(is_newer).collect();
            back.runs.push(Earlier { tables, newer });
            known.push(own);
        }
        Ok(back)
    }
}

/// The table of visits.
const STAYS: &str = "claim_stay";

/// Numbers of the visits of a month, ascending.
fn visits(book: &Book, table: &TableRef) -> Result<Vec<i64>, BookError> {
    let mut visits = Vec::new();
    for batch in book.stream_table(table, &["visit_id"], ROWS)? {
        visits.extend(rows::int(&batch?, "visit_id")?.values().iter().copied());
    }
    visits.sort_unstable();
    Ok(visits)
}

/// Tables that hold more than the period when rules run.
fn is_across(table: &str) -> bool {
    matches!(table, STAYS | "claim_item")
}

/// Puts the tables that a query rule reads into a session: those of `now`, and of visits and lines also those of the months before, which stand beside them with
/// `in_period` false. A table that is not there is left out: the rule is "not evaluated" then.
pub async fn register_tables(
    session: &Session,
    book: &Book,
    rule: &Rule,
    now: &BTreeMap<String, TableRef>,
    back: &LookBack,
) -> Result<(), BookError> {
    for name in &rule.reads {
        let Some(table) = now.get(name) else { continue };
        if is_across(name) {
            let mut files = vec![Marked { file: book.table_file(table)?, without: Vec::new() }];
            for run in &back.runs {
                if let Some(table) = run.tables.get(name) {
                    files.push(Marked { file: book.table_file(table)?, without: run.newer.clone() });
                }
            }
            session.register_marked(name, ("in_period", "visit_id"), &files).await?;
        } else {
            session.register_parquet(name, book.table_file(table)?).await?;
        }
    }
    Ok(())
}
