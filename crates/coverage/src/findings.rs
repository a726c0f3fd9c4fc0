//! Monthly step: runs the coverage rules over the register and keeps the state of every finding.

use std::collections::BTreeMap;

use base::{Date, Finding, FindingKey, Month};
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::rows;
use rules::{Known, Outcome, Rule, RunValues, run_rule, states};

use crate::tables::{failed, json};

/// Runs the rules of the chapter.
pub struct FindingsStep;

const NAME: &str = "coverage.findings";

impl Step for FindingsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "person",
            "person_alias",
            "insured_elsewhere",
            "bhyt_card",
            "bhxh_month",
            "tax_wage",
            "pupil",
            "pension",
            "household_member",
            "supported_group",
            "social_pension",
            "voluntary_payment",
            "labour",
            "tour_guide",
            "employer",
            "employer_count",
            "previous.finding",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["finding", "rule_run"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let values = RunValues { period, as_of: period.last_day() };
        let before = followed(previous_findings(context)?, &aliases(context)?, |rule| {
            context.inputs.rules.get(rule).map_or(0, |rule| rule.key.len())
        })?;
        let communes = communes_of_people(context)?;
        let mut lines: Vec<Line> = Vec::new();
        let mut runs = TableBuilder::new(context.schema("rule_run")?)?;
        let coverage: Vec<&Rule> = context.inputs.rules.iter().filter(|r| r.chapter == "coverage").collect();
        for (done, rule) in coverage.iter().enumerate() {
            context.cancelled.check()?;
            context.progress.at(&format!("{NAME} {}", rule.id), done as u64, coverage.len() as u64);
            let reads: Vec<&str> = rule.reads.iter().map(String::as_str).collect();
            let session = context.session(&reads)?;
            let outcome = context.wait(run_rule(rule, &session, &values)).map_err(|e| failed(NAME, &rule.id, &e))?;
            let (word, missing) = match &outcome {
                Outcome::Evaluated(_) => ("evaluated", None),
                Outcome::NotEvaluated { missing } => ("not_evaluated", Some(missing.join(","))),
                Outcome::NotValid => ("not_valid", None),
            };
            let evaluated = outcome.is_evaluated();
            let found = if let Outcome::Evaluated(found) = outcome { found } else { Vec::new() };
            let counts = self::settle(rule, &before, found, evaluated, period, &communes, &mut lines)?;
            runs.text(Some(&rule.id)).text(Some(word)).text(missing.as_deref());
            runs.int(Some(counts[0])).int(Some(counts[1])).int(Some(counts[2])).int(Some(counts[3]));
        }
        lines.sort_by(|a, b| (&a.rule, &a.commune, a.key).cmp(&(&b.rule, &b.commune, b.key)));
        Ok(vec![
            StepTable::new("finding", context.schema("finding")?, write(context, &lines)?),
            StepTable::new("rule_run", context.schema("rule_run")?, runs.finish()?),
        ])
    }
}

/// One row of the table `finding`.
#[derive(Debug, Clone)]
struct Line {
    key: FindingKey,
    rule: String,
    subject_kind: &'static str,
    subject: String,
    person: Option<i64>,
    commune: Option<String>,
    state: &'static str,
    first_period: Month,
    evidence: String,
    strength: &'static str,
}

/// Holds what was found against the run before; returns how many are new, still, resolved, waiting.
fn settle(
    rule: &Rule,
    before: &BTreeMap<FindingKey, Line>,
    found: Vec<Finding>,
    evaluated: bool,
    period: Month,
    communes: &BTreeMap<i64, String>,
    lines: &mut Vec<Line>,
) -> Result<[i64; 4], ChapterError> {
    let known: Vec<Known> = before
        .values()
        .filter(|line| line.rule == rule.id && line.state != "resolved")
        .map(|line| Known { key: line.key, first_period: line.first_period })
        .collect();
    let now: BTreeMap<FindingKey, Finding> = found.into_iter().map(|f| (f.key, f)).collect();
    let keys: Vec<FindingKey> = now.keys().copied().collect();
    let mut counts = [0; 4];
    for standing in states(&known, &keys, evaluated, period) {
        let word = standing.state.as_str();
        counts[["new", "still", "resolved", "not_evaluated"].iter().position(|w| *w == word).unwrap_or(3)] += 1;
        let line = match (now.get(&standing.key), before.get(&standing.key)) {
            (Some(finding), _) => {
                // The subject of a rule about employers is a tax code, which is no person's number.
                let is_person = finding.kind == base::SubjectKind::Person;
                let person = finding.subject.trim_start_matches('P').parse::<i64>().ok().filter(|_| is_person);
                Line {
                    key: standing.key,
                    rule: rule.id.clone(),
                    subject_kind: finding.kind.as_str(),
                    subject: finding.subject.clone(),
                    person,
                    commune: person.and_then(|p| communes.get(&p).cloned()),
                    state: word,
                    first_period: standing.first_period,
                    evidence: json(NAME, &finding.evidence)?,
                    strength: strength(rule),
                }
            }
            (None, Some(old)) => Line { state: word, ..old.clone() },
            (None, None) => continue,
        };
        lines.push(line);
    }
    Ok(counts)
}

/// Numbers that were joined to others, with the number in use.
fn aliases(context: &StepContext) -> Result<BTreeMap<i64, i64>, ChapterError> {
    let mut aliases = BTreeMap::new();
    let Some(table) = context.table("person_alias") else { return Ok(aliases) };
    for batch in context.book.read_table(table, None)? {
        let (old, new, kinds) =
            (rows::int(&batch, "old_person_id")?, rows::int(&batch, "person_id")?, rows::text(&batch, "kind")?);
        let merged = (0..batch.num_rows()).filter(|row| kinds.value(*row) == "merge");
        aliases.extend(merged.map(|row| (old.value(row), new.value(row))));
    }
    Ok(aliases)
}

/// Findings of the run before under the numbers that people have now: the key follows the person.
///
/// `key_columns` says how many of the first facts of a rule's evidence are key columns. Two findings that become one
/// keep the earlier first period.
fn followed(
    before: BTreeMap<FindingKey, Line>,
    aliases: &BTreeMap<i64, i64>,
    key_columns: impl Fn(&str) -> usize,
) -> Result<BTreeMap<FindingKey, Line>, ChapterError> {
    let mut found: BTreeMap<FindingKey, Line> = BTreeMap::new();
    for (_, mut line) in before {
        if let Some(now) = line.person.and_then(|person| aliases.get(&person)) {
            let facts: Vec<base::Evidence> =
                serde_json::from_str(&line.evidence).map_err(|e| failed(NAME, "previous.finding", &e))?;
            let named: Vec<&str> = facts.iter().take(key_columns(&line.rule)).filter_map(|f| f.value.as_deref()).collect();
            line.person = Some(*now);
            line.subject = base::PersonId(*now).to_string();
            line.key = FindingKey::new(&line.rule, base::SubjectKind::Person, &line.subject, &named);
        }
        match found.get_mut(&line.key) {
            Some(known) => known.first_period = known.first_period.min(line.first_period),
            None => {
                found.insert(line.key, line);
            }
        }
    }
    Ok(found)
}

fn strength(rule: &Rule) -> &'static str {
    match rule.strength {
        base::Strength::Absolute => "absolute",
        base::Strength::Explain => "explain",
        base::Strength::Warn => "warn",
    }
}

fn write(context: &StepContext, lines: &[Line]) -> Result<Vec<engine::arrow::record_batch::RecordBatch>, ChapterError> {
    let mut table = TableBuilder::new(context.schema("finding")?)?;
    for line in lines {
        table.text(Some(&line.key.to_string())).text(Some(&line.rule)).text(Some(line.subject_kind));
        table.text(Some(&line.subject)).int(line.person).text(line.commune.as_deref()).text(Some(line.state));
        table.date(Some(line.first_period.first_day().days_since_epoch()));
        table.text(Some(&line.evidence)).text(Some(line.strength));
    }
    Ok(table.finish()?)
}

fn communes_of_people(context: &StepContext) -> Result<BTreeMap<i64, String>, ChapterError> {
    let mut communes = BTreeMap::new();
    let Some(table) = context.table("person") else { return Ok(communes) };
    for batch in context.book.read_table(table, Some(&["person_id", "commune"]))? {
        let (ids, codes) = (rows::int(&batch, "person_id")?, rows::text(&batch, "commune")?);
        for row in 0..batch.num_rows() {
            if let Some(code) = rows::text_at(&codes, row) {
                communes.insert(ids.value(row), code.to_owned());
            }
        }
    }
    Ok(communes)
}

fn previous_findings(context: &StepContext) -> Result<BTreeMap<FindingKey, Line>, ChapterError> {
    let mut found = BTreeMap::new();
    let Some(table) = context.inputs.previous.and_then(|run| run.tables().get("finding").cloned()) else {
        return Ok(found);
    };
    for batch in context.book.read_table(&table, None)? {
        let text = |name: &str| rows::text(&batch, name);
        let (keys, rules, subjects) = (text("finding_key")?, text("rule")?, text("subject")?);
        let (communes, states, evidence) = (text("commune")?, text("state")?, text("evidence")?);
        let (kinds, strengths) = (text("subject_kind")?, text("strength")?);
        let (people, first) = (rows::int(&batch, "person_id")?, rows::date(&batch, "first_period")?);
        for row in 0..batch.num_rows() {
            let damaged = || ChapterError::Step { step: NAME, detail: "the findings of the run before are damaged".into() };
            let key = FindingKey::parse(keys.value(row)).ok_or_else(damaged)?;
            let first = Date::from_days_since_epoch(first.value(row)).ok_or_else(damaged)?;
            found.insert(
                key,
                Line {
                    key,
                    rule: rules.value(row).to_owned(),
                    subject_kind: if kinds.value(row) == "employer" { "employer" } else { "person" },
                    subject: subjects.value(row).to_owned(),
                    person: rows::int_at(&people, row),
                    commune: rows::text_at(&communes, row).map(str::to_owned),
                    state: if states.value(row) == "resolved" { "resolved" } else { "still" },
                    first_period: first.month(),
                    evidence: evidence.value(row).to_owned(),
                    strength: match strengths.value(row) {
                        "absolute" => "absolute",
                        "explain" => "explain",
                        _ => "warn",
                    },
                },
            );
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(person: i64, since: &str) -> Line {
        let subject = base::PersonId(person).to_string();
        Line {
            key: FindingKey::new("r", base::SubjectKind::Person, &subject, &["0100109106"]),
            rule: "r".into(),
            subject_kind: "person",
            subject,
            person: Some(person),
            commune: None,
            state: "still",
            first_period: since.parse().unwrap(),
            evidence: r#"[{"name":"payer","value":"0100109106"},{"name":"months","value":"3"}]"#.into(),
            strength: "explain",
        }
    }

    #[test]
    fn a_finding_follows_the_person_whose_number_was_joined_to_another() {
        let before = [line(8, "2026-08"), line(7, "2026-09"), line(5, "2026-10")].map(|line| (line.key, line));
        let aliases = BTreeMap::from([(8, 7)]);
        let followed = followed(BTreeMap::from(before), &aliases, |_| 1).unwrap();
        let all: Vec<(i64, String)> = followed.values().map(|l| (l.person.unwrap(), l.first_period.to_string())).collect();
        assert_eq!(followed.len(), 2);
        assert!(all.contains(&(7, "2026-08".into())) && all.contains(&(5, "2026-10".into())));
        assert!(followed.contains_key(&line(7, "2026-09").key));
    }
}
