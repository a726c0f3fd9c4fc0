//! Reading the figures of a run.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use base::CommuneCode;
use book::{Book, BookError, RunManifest, TableRef};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, Options, Session, rows};
use law::Law;
use plan::figures::{Figure, Source};

use super::{ByCommune, Counted, Missing, RunFigures, Value};

/// The shared table of indicators.
const INDICATOR: &str = "indicator";

impl RunFigures {
    /// Reads what a run says of the plan's indicators and of the given figures.
    pub async fn read(book: &Book, law: &Law, run: &RunManifest, figures: &[Figure]) -> Result<Self, BookError> {
        let tables = run.tables();
        let mut counted = lines_of(book, tables.get(INDICATOR))?;
        let missing = |why| Counted::Missing(why);
        let mut others: BTreeMap<&str, BTreeMap<String, Counted>> = BTreeMap::new();
        for figure in figures {
            let found = match &figure.source {
                Source::Indicator { id, table, waits } => {
                    let lines: &BTreeMap<String, Counted> = match table.as_str() {
                        INDICATOR => &counted,
                        other => match others.entry(other) {
                            Entry::Occupied(read) => read.into_mut(),
                            Entry::Vacant(place) => place.insert(lines_of(book, tables.get(other))?),
                        },
                    };
                    // Without a roster it needs, an indicator has no lines in a table that is there.
                    let why = || match (tables.contains_key(table), waits) {
                        (true, _) => Missing::NotEvaluated,
                        (false, Some(words)) => Missing::Waits(words.clone()),
                        (false, None) => Missing::NoTable(table.clone()),
                    };
                    lines.get(id).cloned().unwrap_or_else(|| missing(why()))
                }
                Source::Query { reads, sql } => match reads.iter().find(|table| !tables.contains_key(*table)) {
                    Some(absent) => missing(Missing::NoTable(absent.clone())),
                    None => Counted::Sum(query(book, law, &tables, reads, sql).await?),
                },
                Source::Waits(words) => missing(Missing::Waits(words.clone())),
                Source::Desk(_) => continue,
            };
            counted.insert(figure.id.clone(), found);
        }
        Ok(Self { run: run.id.clone(), period: run.period, counted })
    }
}

/// The followed lines of a table of indicators; none where it is not there.
fn lines_of(book: &Book, table: Option<&TableRef>) -> Result<BTreeMap<String, Counted>, BookError> {
    let mut counted = BTreeMap::new();
    if let Some(table) = table {
        for batch in book.read_table(table, None)? {
            indicators(&batch, &mut counted)?;
        }
    }
    Ok(counted)
}

/// The followed lines of a batch. A table that says what a figure lacks says it of all of its lines.
fn indicators(batch: &RecordBatch, counted: &mut BTreeMap<String, Counted>) -> Result<(), EngineError> {
    let (ids, communes) = (rows::text(batch, "id")?, rows::text(batch, "commune")?);
    let (over, under) = (rows::int(batch, "numerator")?, rows::int(batch, "denominator")?);
    let (main, sources) = (rows::flag(batch, "main")?, rows::text(batch, "denominator_source")?);
    let lacks = batch.column_by_name("missing").map(|_| rows::text(batch, "missing")).transpose()?;
    for row in (0..batch.num_rows()).filter(|row| main.value(*row)) {
        if let Some(what) = lacks.as_ref().and_then(|lacks| rows::text_at(lacks, row)) {
            counted.insert(ids.value(row).to_owned(), Counted::Missing(Missing::NotGiven(what.to_owned())));
            continue;
        }
        let lines = counted.entry(ids.value(row).to_owned()).or_insert_with(|| Counted::Indicator(ByCommune::new()));
        if let Counted::Indicator(lines) = lines {
            let value = Value {
                value: rows::int_at(&over, row),
                over: rows::int_at(&under, row),
                source: rows::text_at(&sources, row).map(str::to_owned),
            };
            lines.insert(rows::text_at(&communes, row).and_then(CommuneCode::parse), value);
        }
    }
    Ok(())
}

/// A query of a figure over the tables it reads, and no others.
async fn query(
    book: &Book,
    law: &Law,
    tables: &BTreeMap<String, TableRef>,
    reads: &[String],
    sql: &str,
) -> Result<ByCommune, BookError> {
    let session = Session::new(law, &Options::default())?;
    for name in reads {
        if let Some(table) = tables.get(name) {
            session.register_parquet(name, book.table_at(table)).await?;
        }
    }
    let mut lines = ByCommune::new();
    for batch in session.collect(sql).await? {
        let (communes, values) = (rows::text(&batch, "commune")?, rows::int(&batch, "value")?);
        for row in 0..batch.num_rows() {
            let commune = rows::text_at(&communes, row).and_then(CommuneCode::parse);
            let value = Value { value: Some(rows::int_at(&values, row).unwrap_or(0)), ..Value::default() };
            // Lines of no known commune add up.
            lines.entry(commune).and_modify(|known| known.add(&value)).or_insert(value);
        }
    }
    Ok(lines)
}
