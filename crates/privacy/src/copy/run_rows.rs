//! Rows of the newest run about a person: every table whose contract has a column of people, and tables of claims by the person's visits.

use std::collections::BTreeSet;

use chapter::App;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use rules::{Column, ColumnType, DataClass, TableSchema};
use web::Locale;

use super::Line;
use crate::register::Register;
use crate::report::said;

/// Rows of one table at most; of no person are there more.
const MOST: usize = 5_000;
/// Visits of one question.
const VISITS: usize = 500;

/// What is asked of the tables.
pub(super) struct Asked<'a> {
    pub(super) person: i64,
    pub(super) visits: &'a BTreeSet<i64>,
    /// Whether tax secrets may be given by who makes the copy.
    pub(super) secret: bool,
}

/// The rows, table by table, and in words what was left out of them.
pub(super) async fn lines(
    app: &App,
    l: Locale<'_>,
    register: &Register,
    asked: &Asked<'_>,
) -> Result<(Vec<Line>, Vec<String>), EngineError> {
    let (mut lines, mut health, mut secret) = (Vec::new(), 0_usize, 0_usize);
    for schema in app.schemas.iter().filter(|schema| register.session.has_table(&schema.name)) {
        let conditions = conditions(schema, asked);
        if conditions.is_empty() {
            continue;
        }
        // Codes of diseases, drugs and results are given by the facility, or by a request of their own (docs/privacy.md).
        let (shown, left): (Vec<&Column>, Vec<&Column>) = schema.columns.iter().partition(|column| match column.class {
            DataClass::Sensitive => schema.owner != "claims",
            DataClass::TaxSecret => asked.secret,
            _ => true,
        });
        let mut row = 0;
        for condition in conditions {
            let sql = format!("SELECT * FROM {} WHERE {condition} LIMIT {MOST}", schema.name);
            for batch in register.session.collect(&sql).await? {
                for at in 0..batch.num_rows() {
                    row += 1;
                    lines.extend(one(l, schema, &shown, &batch, at, row)?);
                }
            }
        }
        if row > 0 {
            health += left.iter().filter(|column| column.class == DataClass::Sensitive).count();
            secret += left.iter().filter(|column| column.class == DataClass::TaxSecret).count();
        }
    }
    let told = [("privacy-copy-left-health", health), ("privacy-copy-left-tax", secret)];
    let told = told.into_iter().filter(|(_, n)| *n > 0).map(|(key, n)| l.t_args(key, &[("n", n.into())]));
    Ok((lines, told.collect()))
}

/// The conditions under which a row of a table is about the person; none where the table knows no people.
fn conditions(schema: &TableSchema, asked: &Asked) -> Vec<String> {
    let of = |kind: ColumnType| schema.columns.iter().filter(move |column| column.kind == kind);
    let people: Vec<String> = of(ColumnType::Person).map(|column| format!("\"{}\" = {}", column.name, asked.person)).collect();
    if !people.is_empty() {
        return vec![people.join(" OR ")];
    }
    let Some(column) = of(ColumnType::Visit).next() else { return Vec::new() };
    let visits: Vec<String> = asked.visits.iter().map(i64::to_string).collect();
    visits.chunks(VISITS).map(|some| format!("\"{}\" IN ({})", column.name, some.join(", "))).collect()
}

fn one(
    l: Locale,
    schema: &TableSchema,
    shown: &[&Column],
    batch: &RecordBatch,
    at: usize,
    row: usize,
) -> Result<Vec<Line>, EngineError> {
    let of = said(l, &schema.title.vi, &schema.title.en).to_owned();
    let mut lines = Vec::new();
    for column in shown {
        // A run of an older program may not have it.
        let Some(values) = batch.column_by_name(&column.name) else { continue };
        let Some(value) = rows::canonical(values, at)? else { continue };
        let name = said(l, &column.about.vi, &column.about.en).to_owned();
        lines.push(Line { of: of.clone(), row, name, value });
    }
    Ok(lines)
}
