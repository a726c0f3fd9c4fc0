//! `ansinh rules dry-run`: a rule is tried over the month and leaves no trace; a changed rule of an overlay is the one tried.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::claims::audited;
use crate::support::{ansinh, good, latest_run, text};

/// The rows of a query over the newest run.
fn rows(data: &Path, sql: &str) -> Vec<Vec<String>> {
    let said = good(&["query", sql, "--data", text(data)]);
    let cells = |row: &Value| row.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap_or_default().to_owned()).collect();
    said["rows"].as_array().unwrap().iter().map(cells).collect()
}

fn dry(data: &Path, rule: &str, more: &[&str]) -> Value {
    let report = good(&[&["rules", "dry-run", rule, "--data", text(data)][..], more].concat());
    for key in ["hits", "people", "amount", "units", "checked", "not_checkable"] {
        assert!(report.get(key).is_some(), "{key}: {report}");
        assert!(report[key].is_null() || report[key].is_i64(), "{key} is a whole number: {report}");
    }
    report
}

#[test]
fn a_rule_that_did_not_change_finds_what_the_run_found() {
    let data = audited();
    let before = latest_run(data);
    let asked = "SELECT rule, found, asked, unknown FROM claim_rule_run WHERE state = 'evaluated' AND found > 0";
    let row = rows(data, &format!("{asked} AND asked > 0 ORDER BY found DESC, rule LIMIT 2"));
    assert!(!row.is_empty(), "no rule over single visits found anything");
    for of in row {
        let report = dry(data, &of[0], &[]);
        let number = |at: usize| json!(of[at].parse::<i64>().unwrap());
        let said = (&report["hits"], &report["checked"], &report["not_checkable"]);
        assert_eq!(said, (&number(1), &number(2), &number(3)), "{of:?}");
        assert!(report["people"].as_u64() >= Some(1) && report["units"].as_u64() >= Some(1), "{report}");
        assert!(report["people"].as_u64() <= report["hits"].as_u64(), "{report}");
    }
    let across = rows(data, &format!("{asked} AND asked = 0 ORDER BY found DESC, rule LIMIT 1"));
    let report = dry(data, &across[0][0], &[]);
    assert_eq!(report["hits"], json!(across[0][1].parse::<i64>().unwrap()), "{report}");
    assert!(report["checked"].as_u64() > Some(0) && report["not_checkable"].is_null(), "a query does not tell: {report}");
    let people = rows(data, "SELECT rule, \"new\" + still FROM rule_run WHERE \"new\" + still > 0 ORDER BY rule LIMIT 1");
    let report = dry(data, &people[0][0], &[]);
    assert_eq!(report["hits"], json!(people[0][1].parse::<i64>().unwrap()), "{report}");
    assert_eq!(latest_run(data), before, "nothing is published");
    assert!(ansinh(&["rules", "dry-run", &people[0][0], "--data", text(data)]).stdout.contains("không ghi gì vào sổ"));
}

#[test]
fn a_changed_rule_is_tried_before_it_counts() {
    let data = audited();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/claims");
    let found = rows(data, "SELECT rule FROM claim_rule_run WHERE asked > 0 AND found > 0 ORDER BY found DESC, rule");
    let mut own = found.into_iter().map(|row| {
        let name = row[0].clone();
        let file = fs::read_to_string(root.join(format!("{name}.md"))).unwrap();
        (name, file)
    });
    // One more condition that no visit meets; where the others are joined by OR it would not bind them all.
    let sql = |file: &str| file.split("```sql").nth(1).unwrap().split("```").next().unwrap().to_owned();
    let (rule, file) = own.find(|(_, file)| !sql(file).contains("OR") && sql(file).contains("\nWHERE ")).expect("a plain rule");
    let content = tempfile::tempdir().unwrap();
    let folder = content.path().join("rules/claims");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{rule}.md")), file.replacen("\nWHERE ", "\nWHERE visit_id IS NULL AND ", 1)).unwrap();
    let before = dry(data, &rule, &[]);
    let after = dry(data, &rule, &["--content", text(content.path())]);
    assert!(before["hits"].as_u64() > Some(0), "{before}");
    assert_eq!((&after["hits"], &after["people"], &after["amount"]), (&json!(0), &json!(0), &Value::Null), "{after}");
    assert_eq!(after["checked"], before["checked"], "the same rows are asked");
}

#[test]
fn what_cannot_be_asked_is_said() {
    let data = audited();
    let unknown = ansinh(&["rules", "dry-run", "no-such-rule", "--data", text(data), "--json"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    let other = ["rules", "dry-run", "test-repeated-within-validity", "--period", "2025-01", "--data", text(data), "--json"];
    let outcome = ansinh(&other);
    assert_eq!((outcome.code, outcome.error()["code"].as_str()), (3, Some("no_run")), "{outcome:?}");
}
