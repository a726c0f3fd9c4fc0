//! Monthly step: runs the coverage rules over the register and keeps the state of every finding.
//!
//! Rules are run in the order of their ids, which is the order of the table: the findings of the run before are read rule by
//! rule beside them, and what comes out is written at once. At no time do the findings of two rules lie in memory.

mod before;
mod subjects;

use std::collections::BTreeMap;

use base::{Evidence, Finding, FindingKey, Month, SubjectKind};
use chapter::{ChapterError, Step, StepContext, StepTable, StepWriter, TableBuilder};
use rules::{Known, Outcome, Rule, RunValues, run_rule, states};

use crate::tables::{failed, json};
use before::{Before, aliases, followed};
use subjects::Subjects;

/// Runs the rules of the chapter.
pub struct FindingsStep;

const NAME: &str = "coverage.findings";

impl Step for FindingsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Every table that a rule of the chapter may read: those of the register and of employers. A rule of a city's own that reads
    /// another table would not run again when that changes.
    fn reads(&self) -> &'static [&'static str] {
        &[
            "person",
            "person_alias",
            "bhxh_month",
            "bhyt_card",
            "bhyt_collection",
            "death",
            "employer",
            "employer_count",
            "employer_link",
            "employer_mention",
            "employer_worker",
            "household_member",
            "insured_elsewhere",
            "labour",
            "pension",
            "police_uninsured",
            "pupil",
            "social_pension",
            "supported_group",
            "tax_wage",
            "tour_guide",
            "voluntary_payment",
            "previous.finding",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["finding", "rule_run"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let values = RunValues { period, as_of: period.last_day() };
        let mut before = Before::open(context)?;
        let aliases = aliases(context)?;
        let subjects = Subjects::read(context)?;
        let mut findings = context.writer("finding")?;
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
            let before = followed(&rule.id, rule.key.len(), before.of_rule(&rule.id)?, &aliases)?;
            let (mut lines, counts) = settle(rule, before, found, evaluated, period, &subjects)?;
            lines.sort_unstable_by(|a, b| (&a.commune, a.key).cmp(&(&b.commune, b.key)));
            lines.iter().try_for_each(|line| write(&mut findings, rule, line))?;
            runs.text(Some(&rule.id)).text(Some(word)).text(missing.as_deref());
            runs.int(Some(counts[0])).int(Some(counts[1])).int(Some(counts[2])).int(Some(counts[3]));
        }
        Ok(vec![findings.finish()?, StepTable::new("rule_run", context.schema("rule_run")?, runs.finish()?)])
    }
}

/// One row of the table `finding`; its rule is known from where it lies.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    key: FindingKey,
    kind: SubjectKind,
    subject: String,
    person: Option<i64>,
    employer: Option<i64>,
    commune: Option<String>,
    /// New, still, resolved or not evaluated.
    state: &'static str,
    first_period: Month,
    /// JSON.
    evidence: String,
}

/// Holds what was found against the run before; with the lines, how many are new, still, resolved, waiting.
fn settle(
    rule: &Rule,
    mut before: BTreeMap<FindingKey, Line>,
    found: Vec<Finding>,
    evaluated: bool,
    period: Month,
    subjects: &Subjects,
) -> Result<(Vec<Line>, [i64; 4]), ChapterError> {
    // Evidence becomes one text at once: as parts it takes several times the room.
    let mut now: BTreeMap<FindingKey, (String, String)> = BTreeMap::new();
    for finding in found {
        now.insert(finding.key, (finding.subject, json(NAME, &finding.evidence)?));
    }
    let known: Vec<Known> = before
        .values()
        .filter(|line| line.state != "resolved")
        .map(|line| Known { key: line.key, first_period: line.first_period })
        .collect();
    let keys: Vec<FindingKey> = now.keys().copied().collect();
    let mut counts = [0; 4];
    let mut lines = Vec::with_capacity(keys.len());
    for standing in states(&known, &keys, evaluated, period) {
        let word = standing.state.as_str();
        counts[["new", "still", "resolved", "not_evaluated"].iter().position(|w| *w == word).unwrap_or(3)] += 1;
        let line = match (now.remove(&standing.key), before.remove(&standing.key)) {
            (Some((subject, evidence)), _) => {
                let (person, employer, commune) = subjects.of(rule.subject, &subject);
                let (key, first_period) = (standing.key, standing.first_period);
                Line { key, kind: rule.subject, subject, person, employer, commune, state: word, first_period, evidence }
            }
            (None, Some(old)) => Line { state: word, ..old },
            (None, None) => continue,
        };
        lines.push(line);
    }
    Ok((lines, counts))
}

fn strength(rule: &Rule) -> &'static str {
    match rule.strength {
        base::Strength::Absolute => "absolute",
        base::Strength::Explain => "explain",
        base::Strength::Warn => "warn",
    }
}

fn write(table: &mut StepWriter, rule: &Rule, line: &Line) -> Result<(), ChapterError> {
    let out = table.row()?;
    out.text(Some(&line.key.to_string())).text(Some(&rule.id)).text(Some(line.kind.as_str())).text(Some(&line.subject));
    out.int(line.person).int(line.employer).text(line.commune.as_deref()).text(Some(line.state));
    out.date(Some(line.first_period.first_day().days_since_epoch()));
    out.text(Some(&line.evidence)).text(Some(strength(rule)));
    Ok(())
}

/// The facts of a JSON cell.
fn facts(text: &str) -> Result<Vec<Evidence>, ChapterError> {
    serde_json::from_str(text).map_err(|e| failed(NAME, "previous.finding", &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_that_a_rule_reads_is_declared() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules/coverage");
        let mut rules = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let Some(line) = text.lines().find_map(|line| line.strip_prefix("reads: [")) else { continue };
            rules += 1;
            for table in line.trim_end_matches(']').split(',').map(str::trim) {
                assert!(FindingsStep.reads().contains(&table), "{}: {table} is not in reads()", path.display());
            }
        }
        assert!(rules > 2, "the rules were not found");
    }
}
