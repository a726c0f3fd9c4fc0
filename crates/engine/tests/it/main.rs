//! Sessions with a law: types of `law()`, its errors, what a query uses.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::arrow::array::{ArrayRef, Date32Array, Int64Array};
use engine::arrow::datatypes::{DataType, Field, Schema};
use engine::arrow::record_batch::RecordBatch;
use engine::{Options, Session, rows};
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
async fn a_column_that_an_earlier_file_does_not_have_is_null_in_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, columns: &[(&str, i64)]| {
        let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(*name, DataType::Int64, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let cells = columns.iter().map(|(_, value)| Arc::new(Int64Array::from_iter_values([*value])) as ArrayRef);
        let batch = RecordBatch::try_new(schema.clone(), cells.collect()).unwrap();
        let path = folder.path().join(name);
        engine::write_parquet(&path, schema, &[batch]).unwrap();
        path
    };
    let (now, before) = (file("now.parquet", &[("n", 1), ("bed", 7)]), file("before.parquet", &[("n", 2)]));
    let session = session();
    session.register_marked("lines", "newest", &[now, before]).await.unwrap();
    let batches = session.collect("SELECT n, bed, CAST(newest AS BIGINT) AS newest FROM lines ORDER BY n").await.unwrap();
    let cells = |name: &str| -> Vec<Option<i64>> {
        batches.iter().flat_map(|batch| rows::int(batch, name).unwrap().iter().collect::<Vec<_>>()).collect()
    };
    assert_eq!((cells("n"), cells("bed")), (vec![Some(1), Some(2)], vec![Some(7), None]));
    assert_eq!(cells("newest"), [Some(1), Some(0)]);
}
