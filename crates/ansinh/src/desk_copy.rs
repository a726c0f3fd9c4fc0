//! The desk rows that a run reads, copied into the book: a run names them by their hash and can be replayed from them.

use std::collections::BTreeMap;
use std::sync::Arc;

use base::Scope;
use book::{Book, TableRef};
use chapter::TableBuilder;
use desk::Desk;
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

use crate::failure::Failure;

/// Copies the desk rows a run reads into the book.
pub fn copy_desk(book: &Book, desk: &Desk, runtime: &tokio::runtime::Runtime) -> Result<BTreeMap<String, TableRef>, Failure> {
    let decisions = runtime.block_on(desk.active_decisions_sorted(&Scope::system()))?;
    let names = ["kind", "left_roster", "left_key", "right_roster", "right_key"];
    let schema: SchemaRef = Arc::new(Schema::new(names.map(|n| Field::new(n, DataType::Utf8, false)).to_vec()));
    let mut rows = TableBuilder::new(schema.clone())?;
    for one in &decisions {
        let kind = if one.kind == desk::DecisionKind::Same { "same" } else { "not_same" };
        let ((left_roster, left_key), (right_roster, right_key)) = (one.left.parts(), one.right.parts());
        rows.text(Some(kind)).text(Some(left_roster)).text(Some(left_key)).text(Some(right_roster)).text(Some(right_key));
    }
    let batches: Vec<RecordBatch> = rows.finish()?;
    let decisions = book.put_table(schema, &batches)?;
    Ok(BTreeMap::from([
        ("decision".to_owned(), decisions),
        ("exchange".to_owned(), exchanges(book)?),
        ("case_outcome".to_owned(), case_outcomes(book, desk, runtime)?),
    ]))
}

/// What came of cases that somebody closed. The words stay at the desk: a run needs the outcome, its day and when it was written down.
fn case_outcomes(book: &Book, desk: &Desk, runtime: &tokio::runtime::Runtime) -> Result<TableRef, Failure> {
    let closed = runtime.block_on(desk.closed_cases_sorted(&Scope::system()))?;
    let text = |name: &str| Field::new(name, DataType::Utf8, false);
    let schema: SchemaRef = Arc::new(Schema::new(vec![
        text("finding_key"),
        text("rule"),
        text("subject_kind"),
        Field::new("subject", DataType::Int64, false),
        text("outcome"),
        Field::new("outcome_day", DataType::Date32, true),
        Field::new("closed_on", DataType::Date32, false),
    ]));
    let mut out = TableBuilder::new(schema.clone())?;
    for case in &closed {
        out.text(Some(&case.finding.to_string())).text(Some(&case.rule)).text(Some(case.subject_kind.as_str()));
        out.int(Some(case.subject)).text(Some(case.outcome.as_str())).date(case.day.map(base::Date::days_since_epoch));
        out.date(Some(case.closed_on.days_since_epoch()));
    }
    Ok(book.put_table(schema, &out.finish()?)?)
}

/// The tokens of all check files as one table, so that a run names what it knew of them.
fn exchanges(book: &Book) -> Result<TableRef, Failure> {
    let field = |name: &str, kind| Field::new(name, kind, false);
    let columns = [field("token", DataType::Utf8), field("person_id", DataType::Int64), field("kind", DataType::Utf8)];
    let schema: SchemaRef = Arc::new(Schema::new(columns.to_vec()));
    let mut out = TableBuilder::new(schema.clone())?;
    for record in book.exchanges()? {
        for batch in book.read_table(&record.table, None)? {
            let (tokens, people) = (engine::rows::text(&batch, "token")?, engine::rows::int(&batch, "person_id")?);
            for row in 0..batch.num_rows() {
                out.text(Some(tokens.value(row))).int(Some(people.value(row))).text(Some(&record.kind));
            }
        }
    }
    Ok(book.put_table(schema, &out.finish()?)?)
}
