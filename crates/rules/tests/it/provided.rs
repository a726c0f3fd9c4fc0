//! Row rules over rows whose source does not have all columns of the context.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::arrow::array::{ArrayRef, Decimal128Array, Int64Array, StringArray, new_null_array};
use engine::arrow::record_batch::RecordBatch;
use rules::{RowChecks, RowReport, RunValues};

use super::{law, rules, schemas};

/// A visit that is known by its number, its card and its money alone: no card, and the fund pays.
fn visit() -> RecordBatch {
    let schema = schemas().get("claim_visit").unwrap().arrow();
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "visit_id" => Arc::new(Int64Array::from(vec![7])),
            "cards" => Arc::new(Int64Array::from(vec![0])),
            "grain" => Arc::new(StringArray::from(vec!["sheet"])),
            "t_bhtt" => {
                let amount = Decimal128Array::from(vec![100_000_000_000]);
                Arc::new(amount.with_precision_and_scale(base::Amount::PRECISION, base::Amount::SCALE).unwrap())
            }
            _ => new_null_array(field.data_type(), 1),
        }
    });
    RecordBatch::try_new(schema.clone(), columns.collect()).unwrap()
}

/// What a rule said of the visit: asked, unknown, found.
fn said(checks: &RowChecks, report: &RowReport, rule: &str) -> (u64, u64, usize) {
    let at = checks.rules().position(|known| known.id == rule).unwrap();
    (report.asked[at], report.unknown[at], report.findings.iter().filter(|found| found.rule == at).count())
}

#[tokio::test]
async fn a_rule_that_reads_what_was_not_there_says_nothing() {
    let values = RunValues { period: "2026-10".parse().unwrap(), as_of: "2026-10-31".parse().unwrap() };
    let checks = RowChecks::compile(&rules(), &law(), &schemas(), "claim_visit", &values).await.unwrap();
    let provided: BTreeSet<String> = ["visit_id", "cards", "t_bhtt"].map(str::to_owned).into();
    let (whole, part) = (checks.check(&visit()).unwrap(), checks.check_provided(&visit(), &provided).unwrap());

    // What it reads is there: the same finding either way.
    assert_eq!(said(&checks, &whole, "fund-without-card"), (1, 0, 1));
    assert_eq!(said(&checks, &part, "fund-without-card"), (1, 0, 1));
    // An infant's weight and an adult's paper are not missing where nobody was asked for them.
    assert_eq!(said(&checks, &part, "category-unknown"), (1, 1, 0));
    assert_eq!(said(&checks, &part, "sent-late"), (1, 1, 0));
    let most: u64 = part.asked.iter().sum();
    let unknown: u64 = part.unknown.iter().sum();
    assert!(unknown > 0 && unknown < most, "{unknown} of {most}");
    let within = part.findings.iter().all(|found| whole.findings.contains(found));
    assert!(within, "a rule found more than with all columns");
}

#[tokio::test]
async fn a_missing_cell_is_no_finding_where_the_column_was_not_there() {
    let values = RunValues { period: "2026-10".parse().unwrap(), as_of: "2026-10-31".parse().unwrap() };
    let checks = RowChecks::compile(&rules(), &law(), &schemas(), "claim_visit", &values).await.unwrap();
    let mut columns = visit().columns().to_vec();
    let schema = visit().schema();
    columns[schema.index_of("care_form").unwrap()] = Arc::new(StringArray::from(vec!["inpatient"]));
    let inpatient = RecordBatch::try_new(schema, columns).unwrap();
    let rule = "admission-time-missing";
    assert_eq!(said(&checks, &checks.check(&inpatient).unwrap(), rule), (1, 0, 1));
    let without: BTreeSet<String> = ["visit_id", "care_form"].map(str::to_owned).into();
    assert_eq!(said(&checks, &checks.check_provided(&inpatient, &without).unwrap(), rule), (1, 1, 0));
    let with: BTreeSet<String> = ["visit_id", "care_form", "ngay_vao_noi_tru"].map(str::to_owned).into();
    assert_eq!(said(&checks, &checks.check_provided(&inpatient, &with).unwrap(), rule), (1, 0, 1));
}

#[tokio::test]
async fn a_rule_that_could_not_look_is_told_from_one_that_said_no() {
    let values = RunValues { period: "2026-10".parse().unwrap(), as_of: "2026-10-31".parse().unwrap() };
    let checks = RowChecks::compile(&rules(), &law(), &schemas(), "claim_visit", &values).await.unwrap();
    let asked: BTreeSet<String> = ["fund-without-card", "category-unknown", "sent-late"].map(str::to_owned).into();
    let silent = |provided| {
        let found = checks.unknown_visits(&visit(), &asked, provided).unwrap();
        assert!(found.iter().all(|(_, visit)| *visit == 7));
        found.into_iter().map(|(rule, _)| rule).collect::<Vec<_>>()
    };
    // When it was received is not told, so nobody can say that it was late.
    assert_eq!(silent(None), ["sent-late"]);
    let provided: BTreeSet<String> = ["visit_id", "cards", "t_bhtt"].map(str::to_owned).into();
    assert_eq!(silent(Some(&provided)), ["category-unknown", "sent-late"], "the sheet has no such column");
}
