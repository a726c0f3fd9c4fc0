//! The findings of one visit with their facts, from the run.

use std::collections::BTreeSet;

use base::{Dong, Evidence, FindingKey, Strength};
use engine::{EngineError, Session, rows};
use web::{Lang, Locale};

use super::Audit;
use super::read::{dong_at, strength, text_in};
use crate::words::{Tongue, facts_of};

/// A finding of a visit.
#[derive(Debug, Clone)]
pub(crate) struct FoundHere {
    pub(crate) visit: i64,
    pub(crate) key: FindingKey,
    pub(crate) rule: String,
    /// Name of the context the rule is written over.
    pub(crate) context: String,
    pub(crate) strength: Strength,
    /// Table of the line; nothing for the visit as a whole.
    pub(crate) table: Option<String>,
    /// Row of the table, from 1.
    pub(crate) line: Option<i64>,
    /// Đồng at stake, where the rule works them out.
    pub(crate) amount: Option<Dong>,
    /// `refused` where the national system refused the visit or this line; another part of the visit does not count.
    pub(crate) national: Option<String>,
    /// Columns of the rule's result and their values.
    pub(crate) facts: Vec<(String, Option<String>)>,
}

/// The findings of a visit, those with the most money first.
pub(super) async fn of_visit(session: &Session, visit: i64) -> Result<Vec<FoundHere>, EngineError> {
    read(session, &format!("visit_id = {visit} ORDER BY amount DESC NULLS LAST, line_table, line_no, rule")).await
}

/// What a rule found at a facility and the national system did not refuse, those with the most money first; so many from a place on.
pub(super) async fn of_facility(
    session: &Session,
    (rule, facility): (&str, &str),
    from: usize,
    rows: usize,
) -> Result<Vec<FoundHere>, EngineError> {
    let which = format!(
        "rule = '{}' AND facility = '{}' AND coalesce(national, '') <> 'refused' \
         ORDER BY amount DESC NULLS LAST, visit_id, line_table, line_no, finding_key LIMIT {rows} OFFSET {from}",
        quoted(rule),
        quoted(facility)
    );
    read(session, &which).await
}

/// What a rule found at some facilities, those with the most money first; so many at most.
pub(super) async fn of_rule(
    session: &Session,
    rule: &str,
    facilities: &[&str],
    rows: usize,
) -> Result<Vec<FoundHere>, EngineError> {
    if facilities.is_empty() {
        return Ok(Vec::new());
    }
    let facilities: Vec<String> = facilities.iter().map(|code| format!("'{}'", quoted(code))).collect();
    let which = format!(
        "rule = '{}' AND state IN ('new', 'still') AND facility IN ({}) \
         ORDER BY amount DESC NULLS LAST, visit_id, line_table, line_no, finding_key LIMIT {rows}",
        quoted(rule),
        facilities.join(", ")
    );
    read(session, &which).await
}

/// A text within the quotes of SQL.
fn quoted(text: &str) -> String {
    text.replace('\'', "''")
}

async fn read(session: &Session, which: &str) -> Result<Vec<FoundHere>, EngineError> {
    if !session.has_table("claim_finding") {
        return Ok(Vec::new());
    }
    let sql = format!(
        "SELECT visit_id, finding_key, rule, context, strength, line_table, line_no, amount, national, evidence FROM claim_finding \
         WHERE {which}"
    );
    let mut all = Vec::new();
    for batch in session.collect(&sql).await? {
        let text = |name: &str| rows::text(&batch, name);
        let (keys, rules, contexts) = (text("finding_key")?, text("rule")?, text("context")?);
        let (strengths, evidence) = (text("strength")?, text("evidence")?);
        let (visits, lines) = (rows::int(&batch, "visit_id")?, rows::int(&batch, "line_no")?);
        for row in 0..batch.num_rows() {
            let Some(key) = FindingKey::parse(keys.value(row)) else { continue };
            all.push(FoundHere {
                visit: visits.value(row),
                key,
                rule: rules.value(row).to_owned(),
                context: contexts.value(row).to_owned(),
                strength: strength(strengths.value(row)),
                table: text_in(&batch, "line_table", row)?,
                line: rows::int_at(&lines, row),
                amount: dong_at(&batch, "amount", row)?,
                national: text_in(&batch, "national", row)?.filter(|word| word == "refused"),
                facts: facts(evidence.value(row)),
            });
        }
    }
    Ok(all)
}

/// Facts without those that say where the finding is and how much it is about.
fn facts(text: &str) -> Vec<(String, Option<String>)> {
    let facts: Vec<Evidence> = serde_json::from_str(text).unwrap_or_default();
    let is_place = |name: &str| matches!(name, "line_table" | "line_no" | "row_no" | "amount" | "visit_id");
    facts.into_iter().filter(|fact| !is_place(&fact.name)).map(|fact| (fact.name, fact.value)).collect()
}

/// The facts of a finding in words.
pub(super) fn said(audit: &Audit, l: Locale, found: &FoundHere) -> Vec<Said> {
    let tongue = if l.lang() == Lang::En { Tongue::En } else { Tongue::Vi };
    let words = |fact: &(String, Option<String>)| {
        let said = facts_of(&found.context, std::slice::from_ref(fact), &audit.app.schemas, &audit.formats.lists, tongue);
        let other = other_of(fact);
        said.into_iter().map(move |(label, value)| Said { label, value, other }).collect::<Vec<_>>()
    };
    found.facts.iter().flat_map(words).collect()
}

/// A fact in words.
pub(super) struct Said {
    /// What it is called.
    pub(super) label: String,
    /// Its value.
    pub(super) value: String,
    /// The visit that it names, where it names one.
    pub(super) other: Option<i64>,
}

/// The visits that findings compare theirs with.
pub(super) fn others(found: &[FoundHere]) -> BTreeSet<i64> {
    found.iter().flat_map(|one| &one.facts).filter_map(other_of).collect()
}

/// The visit that a fact names.
fn other_of((name, value): &(String, Option<String>)) -> Option<i64> {
    value.as_deref().filter(|_| name == "other_visit_id")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_read_without_their_place() {
        let text = r#"[{"name":"line_no","value":"3"},{"name":"price","value":"12000"},{"name":"gap","value":null}]"#;
        assert_eq!(facts(text), [("price".to_owned(), Some("12000".to_owned())), ("gap".to_owned(), None)]);
        assert_eq!(facts("no JSON"), []);
    }

    #[test]
    fn a_fact_may_name_another_visit() {
        let fact = |name: &str, value: Option<&str>| (name.to_owned(), value.map(str::to_owned));
        assert_eq!(other_of(&fact("other_visit_id", Some("1234567890123"))), Some(1_234_567_890_123));
        for none in [fact("other_visit_id", None), fact("other_visit_id", Some("x")), fact("days_apart", Some("2"))] {
            assert_eq!(other_of(&none), None, "{none:?}");
        }
    }
}
