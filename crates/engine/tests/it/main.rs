//! Sessions with a law: types of `law()`, its errors, what a query uses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod sealed;

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::arrow::array::{ArrayRef, BooleanArray, Date32Array, Int64Array};
use engine::arrow::datatypes::{DataType, Field, Schema};
use engine::arrow::record_batch::RecordBatch;
use engine::{Marked, Options, Session, rows, write_parquet};
use law::Law;

const DAYS: &str = "key: test.days
description: {vi: Số ngày, en: Days}
unit: days
values:
  - {from: 2025-07-01, value: 90, confidence: V, reference: {law: Luật mẫu, article: '1'}}
  - {from: 2026-07-01, value: 60, confidence: V, reference: {law: Luật mẫu, article: '2'}}
  - {from: 2027-01-01, value: null, confidence: V, reference: {law: Luật mẫu, article: '3'}}
";
const CODES: &str = "key: test.codes
description: {vi: Mã, en: Codes}
unit: codes
values:
  - {from: 2025-07-01, value: [HS, SV], confidence: V, reference: {law: Luật mẫu, article: '1'}}
";
const RATE: &str = "key: test.rate
description: {vi: Tỷ lệ, en: Rate}
unit: rate
values:
  - {from: 2025-07-01, value: 0.045, confidence: V, reference: {law: Luật mẫu, article: '1'}}
";

fn session() -> Session {
    let law = Law::load([("test/days.yaml", DAYS), ("test/codes.yaml", CODES), ("test/rate.yaml", RATE)]).unwrap();
    let session = Session::new(&law, &Options { partitions: 2, memory_mb: Some(256) }).unwrap();
    let schema = Arc::new(Schema::new(vec![Field::new("day", DataType::Date32, true)]));
    let day = |text: &str| text.parse::<base::Date>().unwrap().days_since_epoch();
    let days = Date32Array::from(vec![Some(day("2026-06-30")), Some(day("2026-07-01")), Some(day("2027-01-01")), None]);
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(days)]).unwrap();
    session.register_batches("visit", schema, vec![batch]).unwrap();
    session
}

async fn one(sql: &str) -> Result<Option<String>, String> {
    let batches = session().collect(sql).await.map_err(|e| e.to_string())?;
    rows::canonical(batches[0].column(0), 0).map_err(|e| e.to_string())
}

#[tokio::test]
async fn the_value_is_that_of_the_day_and_abolished_is_null() {
    let batches = session().collect("SELECT law('test.days', day) AS n FROM visit ORDER BY day NULLS LAST").await.unwrap();
    let found: Vec<Option<i64>> = batches.iter().flat_map(|b| rows::int(b, "n").unwrap().iter().collect::<Vec<_>>()).collect();
    assert_eq!(found, [Some(90), Some(60), None, None]);
}

#[tokio::test]
async fn units_give_types() {
    assert_eq!(one("SELECT law('test.rate', DATE '2026-01-01') * 2").await.unwrap().as_deref(), Some("0.09"));
    assert_eq!(one("SELECT array_has(law('test.codes', DATE '2026-01-01'), 'SV')").await.unwrap().as_deref(), Some("true"));
    assert_eq!(one("SELECT array_has(law('test.codes', DATE '2026-01-01'), 'GD')").await.unwrap().as_deref(), Some("false"));
}

#[tokio::test]
async fn a_day_before_the_law_an_unknown_key_and_a_key_in_a_column_are_errors() {
    let early = one("SELECT law('test.days', DATE '2024-01-01')").await.unwrap_err();
    assert!(early.contains("test.days"), "{early}");
    assert!(one("SELECT law('test.day', DATE '2026-01-01')").await.unwrap_err().contains("test.day"));
    assert!(one("SELECT law(CAST(day AS VARCHAR), day) FROM visit").await.unwrap_err().contains("literal"));
}

#[tokio::test]
async fn only_select_runs() {
    for sql in [
        "CREATE TABLE t AS SELECT 1",
        "INSERT INTO visit VALUES (NULL)",
        "SET datafusion.execution.batch_size = 1",
        "DROP TABLE visit",
    ] {
        assert!(session().collect(sql).await.is_err(), "{sql}");
    }
}

#[tokio::test]
async fn a_query_tells_what_it_uses() {
    let facts =
        session().facts("SELECT count(*) FROM visit WHERE day > DATE '2026-01-01' AND law('test.days', day) > 1").await.unwrap();
    assert_eq!(facts.tables, BTreeSet::from(["visit".to_owned()]));
    assert_eq!(facts.law.iter().map(|u| u.key.as_deref()).collect::<Vec<_>>(), [Some("test.days")]);
    assert!(facts.functions.contains("count"));
}

#[tokio::test]
async fn a_parquet_file_is_a_table() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("numbers.parquet");
    let schema = Arc::new(Schema::new(vec![Field::new("n", DataType::Int64, false)]));
    let batch = RecordBatch::try_new(schema.clone(), vec![Arc::new(Int64Array::from_iter_values(1..=10))]).unwrap();
    engine::write_parquet(&path, schema, &[batch]).unwrap();
    let session = session();
    session.register_parquet("numbers", &path).await.unwrap();
    let batches = session.collect("SELECT sum(n) AS total FROM numbers").await.unwrap();
    assert_eq!(rows::int(&batches[0], "total").unwrap().value(0), 55);
}

#[tokio::test]
async fn files_of_earlier_months_stand_beside_the_month_without_what_is_newer() {
    let folder = tempfile::tempdir().unwrap();
    // Whole numbers in columns, and that the rows are of the month that wrote them.
    let file = |name: &str, columns: &[(&str, &[i64])]| {
        let count = columns[0].1.len();
        let mut fields = vec![Field::new("in_period", DataType::Boolean, false)];
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(BooleanArray::from(vec![true; count]))];
        for (name, numbers) in columns {
            fields.push(Field::new(*name, DataType::Int64, true));
            arrays.push(Arc::new(Int64Array::from(numbers.to_vec())));
        }
        let schema = Arc::new(Schema::new(fields));
        let path = folder.path().join(name);
        write_parquet(&path, schema.clone(), &[RecordBatch::try_new(schema, arrays).unwrap()]).unwrap();
        path
    };
    let now = file("now.parquet", &[("visit_id", &[1, 2]), ("line_stt", &[11, 12])]);
    // An older program knew no such column; visit 2 was settled anew in the month.
    let before = file("before.parquet", &[("visit_id", &[2, 3, 4])]);
    let session = session();
    let files = [Marked { file: now.into(), without: Vec::new() }, Marked { file: before.into(), without: vec![2] }];
    session.register_marked("stay", ("in_period", "visit_id"), &files).await.unwrap();
    let sql = "SELECT visit_id, line_stt, CASE WHEN in_period THEN 1 ELSE 0 END AS own FROM stay ORDER BY visit_id";
    let mut found = Vec::new();
    for batch in session.collect(sql).await.unwrap() {
        let column = |name: &str| rows::int(&batch, name).unwrap();
        for row in 0..batch.num_rows() {
            found.push((column("visit_id").value(row), rows::int_at(&column("line_stt"), row), column("own").value(row)));
        }
    }
    assert_eq!(found, [(1, Some(11), 1), (2, Some(12), 1), (3, None, 0), (4, None, 0)]);
}
