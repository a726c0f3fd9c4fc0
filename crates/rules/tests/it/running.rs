//! Running rules over tables, as a monthly step does.

use std::sync::Arc;

use base::{FindingKey, Month, SubjectKind};
use engine::arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray, new_null_array};
use engine::{Options, Session};
use rules::{Outcome, Rule, RunValues, TableSchema, run_rule};

use super::{law, rules, schemas};

fn october() -> RunValues {
    let period = Month::new(2026, 10).unwrap();
    RunValues { period, as_of: period.last_day() }
}

/// A table with some columns given; the others hold NULL, `true` or 0.
fn table(schema: &TableSchema, rows: usize, given: &[(&str, ArrayRef)]) -> RecordBatch {
    let arrow = schema.arrow();
    let filled = schema.columns.iter().zip(arrow.fields()).map(|(column, field)| {
        let of_case = given.iter().find(|(name, _)| *name == column.name).map(|(_, array)| array.clone());
        of_case.unwrap_or_else(|| match field.data_type() {
            _ if field.is_nullable() => new_null_array(field.data_type(), rows),
            engine::arrow::datatypes::DataType::Boolean => Arc::new(engine::arrow::array::BooleanArray::from(vec![true; rows])),
            engine::arrow::datatypes::DataType::Int64 => Arc::new(Int64Array::from_iter_values(0..rows as i64)),
            _ => Arc::new(StringArray::from(vec![""; rows])),
        })
    });
    RecordBatch::try_new(arrow.clone(), filled.collect()).unwrap()
}

fn pupils_session(partitions: usize) -> Session {
    let (law, schemas) = (law(), schemas());
    let session = Session::new(&law, &Options { partitions, memory_mb: None }).unwrap();
    let people: Vec<i64> = (1..=300).rev().collect();
    let ids: ArrayRef = Arc::new(Int64Array::from(people.clone()));
    let years: ArrayRef = Arc::new(StringArray::from(vec!["2026-2027"; 300]));
    // Every third person has a card without an end.
    let carded: ArrayRef = Arc::new(Int64Array::from_iter_values((1..=300).filter(|id| id % 3 == 0)));
    for (name, rows, given) in [
        ("person", 300, vec![("person_id", ids.clone())]),
        ("pupil", 300, vec![("person_id", ids), ("school_year", years)]),
        ("bhyt_card", 100, vec![("person_id", carded)]),
        ("insured_elsewhere", 0, vec![]),
    ] {
        let schema = schemas.get(name).unwrap();
        session.register_batches(name, schema.arrow(), vec![table(schema, rows, &given)]).unwrap();
    }
    session
}

fn pupil_rule() -> Rule {
    rules().get("pupil-without-valid-card").unwrap().clone()
}

#[tokio::test]
async fn findings_are_ordered_by_number_and_the_same_for_any_partitions() {
    let rule = pupil_rule();
    let one = run_rule(&rule, &pupils_session(1), &october()).await.unwrap();
    let many = run_rule(&rule, &pupils_session(7), &october()).await.unwrap();
    assert_eq!(one, many);
    let Outcome::Evaluated(findings) = one else { panic!("all tables are there") };
    let subjects: Vec<i64> = findings.iter().map(|f| f.subject.parse().unwrap()).collect();
    assert_eq!(subjects, (1..=300).filter(|id| id % 3 != 0).collect::<Vec<_>>());
    let names: Vec<&str> = findings[0].evidence.iter().map(|e| e.name.as_str()).collect();
    assert_eq!(names, ["school_code", "school_name", "class", "last_card_ended", "next_card_from"]);
    assert_eq!(findings[0].key, FindingKey::new(&rule.id, SubjectKind::Person, "1", &[]));
}

#[tokio::test]
async fn a_table_that_did_not_arrive_evaluates_nothing() {
    let (law, schemas) = (law(), schemas());
    let session = Session::new(&law, &Options::default()).unwrap();
    let person = schemas.get("person").unwrap();
    session.register_batches("person", person.arrow(), Vec::new()).unwrap();
    let outcome = run_rule(&pupil_rule(), &session, &october()).await.unwrap();
    assert_eq!(outcome, Outcome::NotEvaluated { missing: vec!["pupil".into(), "bhyt_card".into(), "insured_elsewhere".into()] });
    assert!(!outcome.is_evaluated());
}

#[tokio::test]
async fn a_rule_says_nothing_outside_its_validity() {
    let period = Month::new(2025, 6).unwrap();
    let values = RunValues { period, as_of: period.last_day() };
    assert_eq!(run_rule(&pupil_rule(), &pupils_session(1), &values).await.unwrap(), Outcome::NotValid);
}

#[test]
fn the_hash_of_the_rules_is_stable() {
    assert_eq!(rules().hash(), rules().hash());
    assert_ne!(rules().hash(), [0; 32]);
}
