//! Files that must be refused, each with the place and the sentence a rule's author reads.

use rules::{Rules, TableSchemas};

use super::{law, schemas};

/// A rule that is right; every test spoils one thing of it.
const GOOD: &str = r#"---
id: card-ended
title: {vi: "Thẻ hết hạn", en: "Card ended"}
chapter: coverage
subject: person
shape: query
key: []
strength: explain
reads: [bhyt_card]
law: [bhyt.break_days]
work: {unit: commune, due_working_days: 20}
valid: {from: 2025-07-01}
---

## What it finds

Thẻ hết hạn.

### English

Ended cards.

## Why it matters

Luật.

### English

Law.

## Honest reasons

Có.

### English

Some.

## What to ask for

Hỏi.

### English

Ask.

```sql
SELECT c.person_id, c.valid_to
FROM bhyt_card c
WHERE CAST($period_end AS INT) - CAST(c.valid_to AS INT) >= law('bhyt.break_days', $period_end)
```

```yaml
- name: Ended long ago
  on: 2026-10-31
  given: {bhyt_card: [{person_id: P1, valid_to: 2026-08-02}]}
  expect: [{person_id: P1}]
- name: Ended a day later
  on: 2026-10-31
  given: {bhyt_card: [{person_id: P1, valid_to: 2026-08-03}]}
  expect: []
```
"#;

/// Loads one file and gives the faults as lines.
fn faults_of(path: &str, text: &str) -> String {
    match Rules::load([(path, text)], &law(), &schemas()) {
        Ok(_) => "no fault".to_owned(),
        Err(faults) => faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

/// The good rule with one text replaced; the replaced text must be there.
fn spoiled(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "`{from}` is not in the good rule");
    faults_of("coverage/card-ended.md", &GOOD.replacen(from, to, 1))
}

/// The good rule with another WHERE condition added to its SQL.
fn with_condition(condition: &str) -> String {
    spoiled("WHERE CAST", &format!("WHERE {condition} AND CAST"))
}

/// Holds the sentences against those stored beside the tests.
fn remember(name: &str, sentences: &[String]) {
    insta::with_settings!({omit_expression => true, prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(name, sentences.join("\n---\n"));
    });
}

#[test]
fn the_good_rule_loads() {
    assert_eq!(faults_of("coverage/card-ended.md", GOOD), "no fault");
}

#[test]
fn front_matter() {
    remember(
        "front_matter",
        &[
            spoiled("---\nid", "id"),
            spoiled("strength: explain", "strength: certain"),
            spoiled("key: []", "key: []\nowner: nobody"),
            spoiled("strength: explain\n", ""),
            spoiled("valid: {from: 2025-07-01}", "valid: {from: 2025-02-30}"),
            spoiled("shape: query", "shape: row"),
            spoiled("shape: query", "shape: code"),
            spoiled("id: card-ended", "id: other"),
            spoiled("chapter: coverage", "chapter: claims"),
            spoiled("key: []", "key: [valid_from]"),
            spoiled("key: []", "key: []\nparameters: {as_of: {value: 5, reason: {vi: a, en: b}}}"),
            spoiled("key: []", "key: []\nparameters: {days: {value: 5, reason: {vi: '', en: b}}}"),
        ],
    );
}

#[test]
fn cases_of_the_claims_audit_are_opened_by_no_rule() {
    let auto = |subject: &str| {
        let text = GOOD.replacen("due_working_days: 20}", "due_working_days: 20, auto: true}", 1);
        faults_of("coverage/card-ended.md", &text.replacen("subject: person", subject, 1))
    };
    assert_eq!(auto("subject: person"), "no fault");
    assert!(auto("subject: visit").contains("opened by an auditor"), "{}", auto("subject: visit"));
}

#[test]
fn page() {
    remember(
        "page",
        &[
            spoiled("## Honest reasons\n\nCó.\n\n### English\n\nSome.\n\n", ""),
            spoiled("### English\n\nLaw.\n\n", ""),
            spoiled("## Why it matters", "## Background"),
            spoiled("## Why it matters", "## What it finds"),
            spoiled("```yaml", "```text"),
            spoiled("```sql", "```sql\nSELECT 1\n```\n\n```sql"),
        ],
    );
}

#[test]
fn declarations() {
    remember(
        "declarations",
        &[
            spoiled("reads: [bhyt_card]", "reads: [bhyt_card, pupil]"),
            spoiled("reads: [bhyt_card]", "reads: [bhyt_card, salary]"),
            spoiled("reads: [bhyt_card]", "reads: []"),
            spoiled("law: [bhyt.break_days]", "law: [bhyt.break_days, bhyt.rate]"),
            spoiled("law: [bhyt.break_days]", "law: [bhyt.brek_days]"),
            spoiled("law: [bhyt.break_days]", "law: []"),
            with_condition("c.source_row > $limit"),
            spoiled("SELECT c.person_id, c.valid_to", "SELECT c.valid_to, c.person_id"),
            spoiled("SELECT c.person_id, c.valid_to", "SELECT c.person_id, c.valid_to, c.valid_from AS valid_to"),
        ],
    );
}

#[test]
fn statements() {
    let instead = |sql: &str| {
        let start = GOOD.find("SELECT").unwrap();
        let end = GOOD.find("```\n\n```yaml").unwrap();
        faults_of("coverage/card-ended.md", &format!("{}{sql}\n{}", &GOOD[..start], &GOOD[end..]))
    };
    remember(
        "statements",
        &[
            instead("DROP TABLE bhyt_card"),
            instead("INSERT INTO bhyt_card SELECT * FROM bhyt_card"),
            instead("COPY bhyt_card TO 'cards.csv'"),
            instead("SET a = b"),
            instead("SELECT c.person_id FROM bhyt_card c WHERE true; SELECT c.person_id FROM bhyt_card c WHERE true"),
            instead("SELECT c.person_id FROM"),
            instead("SELECT c.person_id INTO other FROM bhyt_card c WHERE true"),
            instead("WITH gone AS (DELETE FROM bhyt_card) SELECT c.person_id FROM bhyt_card c WHERE true"),
            instead("SELECT c.person_id FROM bhyt_card c WHERE true UNION SELECT c.person_id FROM bhyt_card c WHERE false"),
            instead("SELECT c.person_id FROM bhyt_card c"),
            instead("SELECT * FROM bhyt_card c WHERE true"),
            instead("SELECT c.person_id, upper(c.object_code) FROM bhyt_card c WHERE true"),
            instead("SELECT c.person_id FROM bhyt_card c WHERE true ORDER BY c.valid_to LIMIT 1"),
            instead("WITH RECURSIVE r AS (SELECT 1) SELECT c.person_id FROM bhyt_card c WHERE true"),
            instead("SELECT c.person_id FROM bhyt_card c WHERE EXISTS (TABLE person)"),
        ],
    );
}

#[test]
fn tables() {
    remember(
        "tables",
        &[
            spoiled("FROM bhyt_card c", "FROM bhyt_card c CROSS JOIN person p"),
            spoiled("FROM bhyt_card c", "FROM public.bhyt_card c"),
            spoiled("FROM bhyt_card c", "FROM bhyt_card c CROSS JOIN information_schema.tables t"),
            spoiled("FROM bhyt_card c", "FROM bhyt_card c CROSS JOIN generate_series(0, 1) t"),
            spoiled("FROM bhyt_card c", "FROM bhyt_card c CROSS JOIN 'cards.parquet' t"),
            spoiled("FROM bhyt_card c", "FROM bhyt_card c TABLESAMPLE BERNOULLI (1)"),
        ],
    );
}

#[test]
fn functions() {
    remember(
        "functions",
        &[
            with_condition("now() IS NOT NULL"),
            with_condition("c.valid_to < CURRENT_DATE"),
            with_condition("random() < 1"),
            with_condition("c.source_row = (SELECT approx_distinct(d.source_row) FROM bhyt_card d)"),
            with_condition("row_number() OVER (PARTITION BY c.person_id) = 1"),
            with_condition("law(c.object_code, $period_end) = 1"),
            with_condition("law('bhyt.break_days') = 1"),
            with_condition("law(concat('bhyt.', 'break_days'), $period_end) = 1"),
        ],
    );
}

#[test]
fn figures() {
    remember(
        "figures",
        &[
            with_condition("c.source_row > 90"),
            with_condition("c.source_row > CAST('90' AS INT)"),
            with_condition("c.source_row > 0.045"),
            with_condition("c.valid_to > DATE '2026-07-01'"),
            with_condition("c.valid_to > CAST('2026-07-01' AS DATE)"),
            with_condition("c.valid_to > $period_end - INTERVAL '90 days'"),
            with_condition("c.valid_to > $period_end - INTERVAL 90 DAY"),
            with_condition("c.source_row > $1"),
            with_condition("c.object_code = 'GD' AND c.source_row > 0 AND c.valid_to > $period_end - INTERVAL '1 day'"),
        ],
    );
}

#[test]
fn cases() {
    remember(
        "cases",
        &[
            spoiled("given: {bhyt_card: [{person_id: P1, valid_to: 2026-08-02}]}", "given: {person: [{person_id: P1}]}"),
            spoiled("valid_to: 2026-08-02", "ended: 2026-08-02"),
            spoiled("valid_to: 2026-08-02", "valid_to: 02/08/2026"),
            spoiled("{person_id: P1, valid_to: 2026-08-02}", "{valid_to: 2026-08-02}"),
            spoiled("{person_id: P1, valid_to: 2026-08-02}", "{person_id: 17, valid_to: 2026-08-02}"),
            spoiled("{person_id: P1, valid_to: 2026-08-02}", "{person_id: null, valid_to: 2026-08-02}"),
            spoiled("expect: [{person_id: P1}]", "expect: [{person_id: P1, amount: 5}]"),
            spoiled("expect: [{person_id: P1}]", "expect: [{valid_to: 2026-08-02}]"),
            spoiled("on: 2026-10-31", "on: 2026-10-30"),
            spoiled("on: 2026-10-31", "on: 2025-06-30"),
            spoiled("name: Ended a day later", "name: Ended long ago"),
            spoiled("  expect: [{person_id: P1}]\n", ""),
            spoiled("  expect: []", "  expect: []\n  note: more"),
        ],
    );
}

#[test]
fn all_files_are_reported_at_once_and_ids_are_unique() {
    let law = law();
    let schemas = schemas();
    let two = [("coverage/card-ended.md", "x"), ("coverage/other.md", "y")];
    assert_eq!(Rules::load(two, &law, &schemas).unwrap_err().len(), 2);
    let twice = Rules::load([("coverage/card-ended.md", GOOD), ("local/coverage/card-ended.md", GOOD)], &law, &schemas);
    assert_eq!(
        twice.unwrap_err()[0].to_string(),
        "coverage/card-ended.md:1:1: the id `card-ended` is also used by local/coverage/card-ended.md"
    );
    let formerly = GOOD.replacen("key: []", "key: []\nformerly: [card-ended]", 1);
    let alive = Rules::load([("coverage/card-ended.md", formerly.as_str())], &law, &schemas);
    assert_eq!(
        alive.unwrap_err()[0].to_string(),
        "coverage/card-ended.md:1:1: formerly: `card-ended` is the id of a rule that is still there"
    );
}

#[test]
fn table_contracts() {
    let good = "table: t\ntitle: {vi: a, en: b}\nowner: coverage\nabout: {vi: a, en: b}\ncolumns:\n  - {name: x, type: int, class: open, about: {vi: a, en: b}}\nkey: [x]\norder: [x]\n";
    let faults = |path: &str, from: &str, to: &str| {
        let text = good.replacen(from, to, 1);
        let faults = TableSchemas::load([(path, text)], []).unwrap_err();
        faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(TableSchemas::load([("t.yaml", good)], []).is_ok());
    remember(
        "table_contracts",
        &[
            faults("u.yaml", "key", "key"),
            faults("t.yaml", "key: [x]", "key: [y]"),
            faults("t.yaml", "order: [x]", "order: [x, z]"),
            faults("t.yaml", "type: int", "type: float"),
            faults("t.yaml", "class: open", "class: open, default: many"),
            faults("t.yaml", "class: open, ", ""),
            faults("t.yaml", "key: [x]", "key: []"),
        ],
    );
}
