//! All row and visit rules over dossiers, before they are sent or after they came in.

use std::collections::{BTreeSet, HashMap};

use base::{Date, FindingKey, Month, Strength};
use claimfile::{Dossier, Forms, Lists, TableId};
use law::Law;
use rules::{RowChecks, RowReport, Rule, Rules, RunValues, TableSchemas};

use crate::catalogue::Catalogues;
use crate::context::{self, Contexts, SeenBy};
use crate::error::ClaimsError;

/// Everything that a check needs, compiled once.
pub struct Checker<'s> {
    contexts: Contexts<'s>,
    checks: Vec<(&'static str, RowChecks)>,
    /// Of the dossiers that wait, the lines whose STT is not their place in the table: visit, table and place, and the STT where one was sent.
    stts: HashMap<(i64, TableId, i64), Option<i64>>,
}

/// One finding about a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimFinding {
    /// Its key, the same over all runs.
    pub key: FindingKey,
    /// Number of the dossier, as it was given.
    pub visit: i64,
    /// Id of the rule.
    pub rule: String,
    /// The context the rule is written over.
    pub context: &'static str,
    /// How strong it is.
    pub strength: Strength,
    /// Table, e.g. `xml2`; absent for a finding about the visit as a whole.
    pub table: Option<String>,
    /// Row of the table, from 1.
    pub line: Option<i64>,
    /// Number that the facility gave the line (STT); absent where it gave none, and for tables without cost lines.
    pub stt: Option<i64>,
    /// Đồng at stake as the rule works it out, an exact decimal as text.
    pub amount: Option<String>,
    /// The facts: name of the column and its value.
    pub facts: Vec<(String, Option<String>)>,
}

/// What could and could not be looked at, by rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleCount {
    /// Id of the rule.
    pub rule: String,
    /// Rows within its validity.
    pub asked: u64,
    /// Of these, rows of which it could say nothing.
    pub unknown: u64,
    /// Findings.
    pub found: u64,
}

impl<'s> Checker<'s> {
    /// Compiles the rules over all contexts. `period` gives run values to rules that ask for them.
    pub fn new(
        (forms, lists): (&'s Forms, &'s Lists),
        law: &'s Law,
        rules: &Rules,
        schemas: &TableSchemas,
        catalogues: &'s Catalogues,
        period: Month,
    ) -> Result<Self, ClaimsError> {
        let values = RunValues { period, as_of: period.last_day() };
        let mut checks = Vec::new();
        for context in context::names() {
            // Compiling waits for nothing: no table is read.
            let compiled = futures::executor::block_on(RowChecks::compile(rules, law, schemas, context, &values))?;
            checks.push((context, compiled));
        }
        Ok(Self { contexts: Contexts::new(forms, lists, law, schemas, catalogues)?, checks, stts: HashMap::new() })
    }

    /// Compiles one row rule alone; rows of other contexts than its own are not kept.
    pub(crate) fn of_rule(
        (forms, lists): (&'s Forms, &'s Lists),
        law: &'s Law,
        rule: &Rule,
        schemas: &TableSchemas,
        catalogues: &'s Catalogues,
        period: Month,
    ) -> Result<Self, ClaimsError> {
        let values = RunValues { period, as_of: period.last_day() };
        let checks = futures::executor::block_on(RowChecks::compile_one(rule, law, schemas, &values))?;
        let strange = || ClaimsError::Context { context: checks.context().to_owned(), detail: "no such context".to_owned() };
        let context = context::names().find(|name| *name == checks.context()).ok_or_else(strange)?;
        let mut contexts = Contexts::new(forms, lists, law, schemas, catalogues)?;
        contexts.only(context);
        Ok(Self { contexts, checks: vec![(context, checks)], stts: HashMap::new() })
    }

    /// Adds a dossier to those that wait to be checked.
    pub fn add(&mut self, number: i64, dossier: &Dossier, received: Option<Date>) -> Result<(), ClaimsError> {
        self.add_seen(number, dossier, received, &mut |_, _, _| Ok(()))
    }

    /// Adds a dossier and shows its facts; see [`Contexts::add_seen`].
    pub(crate) fn add_seen(
        &mut self,
        number: i64,
        dossier: &Dossier,
        received: Option<Date>,
        seen: &mut SeenBy<'_>,
    ) -> Result<(), ClaimsError> {
        let stts = &mut self.stts;
        self.contexts.add_seen(number, dossier, received, &mut |visit, lines, places| {
            for line in lines {
                let place = i64::try_from(line.number).unwrap_or(i64::MAX);
                if line.stt != Some(place) {
                    stts.insert((number, line.table, place), line.stt);
                }
            }
            seen(visit, lines, places)
        })
    }

    /// Adds a row of sheets 79a and 80a; see [`Contexts::add_sheet`]. It may not wait beside dossiers: [`Checker::run_provided`] says what is known of it.
    pub(crate) fn add_sheet(&mut self, number: i64, dossier: &Dossier, seen: &mut SeenBy<'_>) -> Result<(), ClaimsError> {
        self.contexts.add_sheet(number, dossier, seen)
    }

    /// Rows waiting in the fullest context, mostly the lines: when there are enough, [`Checker::run`] pays.
    pub fn waiting(&self) -> usize {
        self.checks.iter().map(|(context, _)| self.contexts.waiting(context)).max().unwrap_or(0)
    }

    /// All rules, over all contexts.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.checks.iter().flat_map(|(_, checks)| checks.rules())
    }

    /// Checks all dossiers that wait; findings in the order of dossiers, rules, tables and lines.
    pub fn run(&mut self) -> Result<(Vec<ClaimFinding>, Vec<RuleCount>), ClaimsError> {
        self.run_over(None)
    }

    /// The same over rows of sheets, of whose columns only these were there: rules that read others say of them that they could not look.
    pub(crate) fn run_provided(
        &mut self,
        provided: &BTreeSet<String>,
    ) -> Result<(Vec<ClaimFinding>, Vec<RuleCount>), ClaimsError> {
        self.run_over(Some(provided))
    }

    /// Of the dossiers that wait, those of which some rules can say nothing: rule and number of the dossier. What waits is let go. `provided` as in
    /// [`Checker::run_provided`], for rows of sheets.
    pub(crate) fn run_silent(
        &mut self,
        rules: &BTreeSet<String>,
        provided: Option<&BTreeSet<String>>,
    ) -> Result<BTreeSet<(String, i64)>, ClaimsError> {
        let mut silent = BTreeSet::new();
        for (context, checks) in &self.checks {
            let batch = self.contexts.take(context)?;
            silent.extend(checks.unknown_visits(&batch, rules, provided)?);
        }
        self.stts.clear();
        Ok(silent)
    }

    /// The STT of the cost line that a finding is about.
    fn stt(&self, finding: &ClaimFinding) -> Option<i64> {
        let table = finding.table.as_deref().and_then(TableId::parse).filter(|table| COSTS.contains(table))?;
        let place = finding.line?;
        self.stts.get(&(finding.visit, table, place)).copied().unwrap_or(Some(place))
    }

    fn run_over(&mut self, provided: Option<&BTreeSet<String>>) -> Result<(Vec<ClaimFinding>, Vec<RuleCount>), ClaimsError> {
        let mut findings = Vec::new();
        let mut counts = Vec::new();
        for (context, checks) in &self.checks {
            let batch = self.contexts.take(context)?;
            let report = match provided {
                Some(provided) => checks.check_provided(&batch, provided)?,
                None => checks.check(&batch)?,
            };
            let rules: Vec<&Rule> = checks.rules().collect();
            counts.extend(count(&rules, &report));
            for found in report.findings {
                let rule = rules[found.rule];
                let mut finding = finding(rule, context, found.finding);
                finding.stt = self.stt(&finding);
                findings.push(finding);
            }
        }
        self.stts.clear();
        findings.sort_by(|a, b| (a.visit, &a.rule, &a.table, a.line).cmp(&(b.visit, &b.rule, &b.table, b.line)));
        Ok((findings, counts))
    }
}

/// Tables with cost lines.
const COSTS: [TableId; 2] = [TableId::XML2, TableId::XML3];

fn count(rules: &[&Rule], report: &RowReport) -> Vec<RuleCount> {
    let found = |place: usize| report.findings.iter().filter(|f| f.rule == place).count() as u64;
    rules
        .iter()
        .enumerate()
        .map(|(place, rule)| RuleCount {
            rule: rule.id.clone(),
            asked: report.asked.get(place).copied().unwrap_or(0),
            unknown: report.unknown.get(place).copied().unwrap_or(0),
            found: found(place),
        })
        .collect()
}

fn finding(rule: &Rule, context: &'static str, found: base::Finding) -> ClaimFinding {
    let cell = |name: &str| found.evidence.iter().find(|fact| fact.name == name).and_then(|fact| fact.value.clone());
    let whole = context == "claim_visit";
    let carried = context::table_of(context).map(str::to_owned);
    let named = |name: &str| matches!(name, "line_table" | "line_no" | "row_no" | "amount");
    ClaimFinding {
        key: found.key,
        visit: found.subject.parse().unwrap_or_default(),
        rule: rule.id.clone(),
        context,
        strength: rule.strength,
        table: if whole { None } else { cell("line_table").or(carried) },
        line: cell("line_no").or_else(|| cell("row_no")).and_then(|number| number.parse().ok()),
        stt: None,
        amount: cell("amount"),
        facts: found.evidence.into_iter().filter(|fact| !named(&fact.name)).map(|fact| (fact.name, fact.value)).collect(),
    }
}
