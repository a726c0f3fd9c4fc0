//! Monthly step: rules across visits, joined with what the row rules found; what is new, what the national system refused already.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use base::{Amount, FindingKey};
use chapter::{ChapterError, Step, StepContext, StepTable, StepWriter, TableBuilder};
use engine::arrow::array::AsArray;
use engine::arrow::datatypes::Decimal128Type;
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use rules::{Outcome, Rule, RunValues, Shape, run_rule};

use super::back::{LookBack, register_tables};
use super::gone::{self, Before, Gone};
use super::national::National;
use super::placed::Stays;
use super::refused::About;
use super::rows::{failed, json, value_in};
use super::stt::{line_of, sent_numbers};
use super::visits::word;
use crate::Formats;

/// Runs the rules across visits and puts all findings together.
pub(crate) struct FindingsStep {
    formats: Arc<Formats>,
}

pub(crate) const NAME: &str = "claims.findings";

impl FindingsStep {
    pub(crate) fn new(formats: Arc<Formats>) -> Self {
        Self { formats }
    }
}

impl Step for FindingsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "claims",
            "claim_stay",
            "claim_item",
            "claim_row_finding",
            "claim_row_run",
            "death",
            "person",
            "service_component",
            "earlier.claim_stay",
            "earlier.claim_item",
            "numbering.claim_finding",
            "roster.claim_refusal_sheet",
            "roster.claim_visit_sheet",
            // What is gone is asked once more with the catalogues of the month.
            "roster.icd_catalogue",
            "roster.facility_catalogue",
            "roster.drug_catalogue",
            "roster.service_catalogue",
            "roster.supply_catalogue",
            "roster.staff_catalogue",
            "roster.department_catalogue",
            "roster.bed_catalogue",
            "roster.machine_catalogue",
            "roster.occupation_catalogue",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["claim_finding", "claim_finding_gone", "claim_national", "claim_national_visit", "claim_rule_run"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        if context.table("claim_stay").is_none() {
            return Ok(Vec::new());
        }
        let stays = Stays::read(context)?;
        let mut all = All {
            national: National::read(context, &self.formats.lists, &|visit| stays.by_id.contains_key(&visit))?,
            before: Before::read(context)?,
            keys: HashSet::new(),
            tallies: BTreeMap::new(),
            out: context.writer("claim_finding")?,
            stays,
        };
        let states = all.across(context)?;
        all.rows(context)?;
        all.finish(context, &states, &self.formats)
    }
}

/// Exact amounts of a column.
pub(crate) fn amounts(batch: &RecordBatch, name: &str) -> Result<Vec<Option<Amount>>, ChapterError> {
    let missing = || ChapterError::Step { step: NAME, detail: format!("there is no column `{name}` of amounts") };
    let column = batch.column_by_name(name).ok_or_else(missing)?;
    let column = column.as_primitive_opt::<Decimal128Type>().ok_or_else(missing)?;
    Ok(column.iter().map(|value| value.and_then(Amount::from_millionths)).collect())
}

/// A finding on its way into the table.
struct Line<'l> {
    key: FindingKey,
    reach: &'static str,
    visit: i64,
    rule: &'l str,
    context: &'l str,
    strength: &'l str,
    table: Option<&'l str>,
    line: Option<i64>,
    stt: Option<i64>,
    amount: Option<Amount>,
    code: Option<&'l str>,
    evidence: &'l str,
}

/// What a rule found, summed up.
#[derive(Default)]
struct Tally {
    found: i64,
    fresh: i64,
    visits: i64,
    last_visit: Option<i64>,
    amount: Amount,
    facilities: HashMap<u32, i64>,
    codes: HashMap<String, i64>,
}

struct All {
    stays: Stays,
    national: National,
    before: Before,
    keys: HashSet<FindingKey>,
    tallies: BTreeMap<String, Tally>,
    out: StepWriter,
}

impl All {
    /// Runs the rules across visits; says of each rule of the chapter how it went.
    fn across(&mut self, context: &StepContext) -> Result<BTreeMap<String, (&'static str, Option<String>)>, ChapterError> {
        let period = context.inputs.period;
        let values = RunValues { period, as_of: period.last_day() };
        let back = LookBack::read(context.book, period, context.tables, context.inputs.earlier)?;
        let own: Vec<&Rule> = context.inputs.rules.iter().filter(|rule| rule.chapter == "claims").collect();
        let mut states = BTreeMap::new();
        let mut found = Vec::new();
        for (done, rule) in own.iter().enumerate() {
            if rule.shape == Shape::Row {
                let valid = rule.valid.holds_on(period.last_day());
                states.insert(rule.id.clone(), (if valid { "evaluated" } else { "not_valid" }, None));
                continue;
            }
            context.cancelled.check()?;
            context.progress.at(&format!("{NAME} {}", rule.id), done as u64, own.len() as u64);
            let session = session(context, rule, &back)?;
            let outcome = context.wait(run_rule(rule, &session, &values)).map_err(|e| failed(NAME, &rule.id, &e))?;
            let state = match outcome {
                Outcome::Evaluated(of_rule) => {
                    found.extend(of_rule.into_iter().map(|finding| (*rule, finding)));
                    ("evaluated", None)
                }
                Outcome::NotEvaluated { missing } => ("not_evaluated", Some(missing.join(","))),
                Outcome::NotValid => ("not_valid", None),
            };
            states.insert(rule.id.clone(), state);
        }
        let place = |finding: &base::Finding| {
            let visit: i64 = finding.subject.parse().unwrap_or_default();
            self.stays
                .by_id
                .get(&visit)
                .map(|(facility, bucket, _)| (*bucket, self.stays.facilities[*facility as usize].clone(), visit))
        };
        // A rule names visits of the month; anything else is a fault of the rule.
        let mut placed = Vec::with_capacity(found.len());
        for (rule, finding) in found {
            let detail = || format!("the rule {} named a visit that is none of the month", rule.id);
            let at = place(&finding).ok_or_else(|| ChapterError::Step { step: NAME, detail: detail() })?;
            placed.push((at, rule, finding));
        }
        placed.sort_by(|a, b| (&a.0, &a.1.id, a.2.key).cmp(&(&b.0, &b.1.id, b.2.key)));
        let stts = sent_numbers(context, placed.iter().filter_map(|((_, _, visit), _, finding)| line_of(*visit, finding)))?;
        for ((_, _, visit), rule, finding) in &placed {
            let line = line_of(*visit, finding);
            let cell = |name: &str| finding.evidence.iter().find(|fact| fact.name == name).and_then(|fact| fact.value.as_deref());
            let amount = cell("amount").map(Amount::parse).transpose().map_err(|e| failed(NAME, &rule.id, &e))?;
            let facts: Vec<(String, Option<String>)> = finding
                .evidence
                .iter()
                .filter(|fact| !matches!(fact.name.as_str(), "line_table" | "line_no" | "amount"))
                .map(|fact| (fact.name.clone(), fact.value.clone()))
                .collect();
            let evidence = json(NAME, &facts)?;
            self.write(&Line {
                key: finding.key,
                reach: "across",
                visit: *visit,
                rule: &rule.id,
                context: "claim_stay",
                strength: word(rule.strength),
                table: cell("line_table"),
                line: line.as_ref().map(|(_, _, place)| *place),
                stt: line.as_ref().and_then(|line| stts.get(line)).copied(),
                amount,
                code: cell("line_code"),
                evidence: &evidence,
            })?;
        }
        Ok(states)
    }

    /// The findings of the row rules.
    fn rows(&mut self, context: &StepContext) -> Result<(), ChapterError> {
        let Some(table) = context.table("claim_row_finding") else { return Ok(()) };
        let columns =
            ["finding_key", "visit_id", "rule", "context", "strength", "line_table", "line_no", "line_stt", "amount", "evidence"];
        for batch in context.book.stream_table(table, &columns, 16_384)? {
            context.cancelled.check()?;
            let batch = batch?;
            let text = |name: &str| rows::text(&batch, name);
            let (keys, rules, contexts) = (text("finding_key")?, text("rule")?, text("context")?);
            let (strengths, tables, evidence) = (text("strength")?, text("line_table")?, text("evidence")?);
            let (visits, lines) = (rows::int(&batch, "visit_id")?, rows::int(&batch, "line_no")?);
            let stts = rows::int(&batch, "line_stt")?;
            for (row, amount) in amounts(&batch, "amount")?.into_iter().enumerate() {
                let damaged = || ChapterError::Step { step: NAME, detail: "claim_row_finding is damaged".into() };
                let facts = evidence.value(row);
                let code = value_in(NAME, facts, "line_code")?;
                self.write(&Line {
                    key: FindingKey::parse(keys.value(row)).ok_or_else(damaged)?,
                    reach: "row",
                    visit: visits.value(row),
                    rule: rules.value(row),
                    context: contexts.value(row),
                    strength: strengths.value(row),
                    table: rows::text_at(&tables, row),
                    line: rows::int_at(&lines, row),
                    stt: rows::int_at(&stts, row),
                    amount,
                    code: code.as_deref(),
                    evidence: facts,
                })?;
            }
        }
        Ok(())
    }

    fn write(&mut self, line: &Line<'_>) -> Result<(), ChapterError> {
        let unknown = || ChapterError::Step { step: NAME, detail: format!("visit {} is not among the stays", line.visit) };
        let (facility, bucket, fund) = *self.stays.by_id.get(&line.visit).ok_or_else(unknown)?;
        let fresh = !self.before.had(line.key);
        let (visit, table, place, code, amount) = (line.visit, line.table, line.line, line.code, line.amount);
        let said = self.national.of(&About { visit, fund, table, line: place, stt: line.stt, code, amount });
        let taken = said.and_then(|said| said.taken);
        // Of what the national system refused in part the difference is left.
        let amount = amount.map(|amount| amount - taken.unwrap_or_default());
        self.keys.insert(line.key);
        let tally = self.tallies.entry(line.rule.to_owned()).or_default();
        tally.found += 1;
        tally.fresh += i64::from(fresh);
        // Findings of a rule come visit by visit.
        tally.visits += i64::from(tally.last_visit != Some(line.visit));
        tally.last_visit = Some(line.visit);
        tally.amount = tally.amount + amount.unwrap_or_default();
        *tally.facilities.entry(facility).or_default() += 1;
        if let Some(code) = line.code {
            *tally.codes.entry(code.to_owned()).or_default() += 1;
        }
        let row = self.out.row()?;
        row.text(Some(&line.key.to_string())).text(Some(line.reach)).int(Some(bucket));
        row.text(Some(&self.stays.facilities[facility as usize])).int(Some(line.visit)).text(Some(line.rule));
        row.text(Some(line.context)).text(Some(line.strength)).text(line.table).int(line.line).int(line.stt);
        row.amount(amount).amount(Some(fund)).text(Some(if fresh { "new" } else { "still" }));
        row.text(said.map(|said| said.word)).amount(taken).text(Some(line.evidence));
        Ok(())
    }

    fn finish(
        self,
        context: &StepContext,
        states: &BTreeMap<String, (&'static str, Option<String>)>,
        formats: &Formats,
    ) -> Result<Vec<StepTable>, ChapterError> {
        let asked = |one: &Gone| {
            let evaluated = states.get(&one.rule).is_some_and(|(state, _)| *state == "evaluated");
            evaluated && self.stays.by_id.contains_key(&one.visit)
        };
        let gone = gone::table(context, &self.before.gone(context, &self.keys)?, &asked, formats)?;
        let looked = looked_at(context)?;
        let mut runs = TableBuilder::new(context.schema("claim_rule_run")?)?;
        let none = Tally::default();
        for (rule, (state, missing)) in states {
            let tally = self.tallies.get(rule).unwrap_or(&none);
            let (asked, unknown) = looked.get(rule).copied().unwrap_or_default();
            runs.text(Some(rule)).text(Some(state)).text(missing.as_deref()).int(Some(asked)).int(Some(unknown));
            let needs_more = context.inputs.rules.get(rule).is_some_and(needs_more_than_sheets);
            runs.int(Some(if needs_more { self.stays.of_sheets } else { 0 })).int(Some(tally.found));
            runs.int(Some(tally.fresh)).int(Some(tally.visits)).amount(Some(tally.amount));
            // Of several with the same number the first by name, so that the bytes are always the same.
            let facility = tally.facilities.iter().map(|(place, found)| (*found, &self.stays.facilities[*place as usize]));
            let facility = facility.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(a.1)));
            let code = tally.codes.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
            runs.text(facility.map(|(_, name)| name.as_str())).int(Some(facility.map_or(0, |(found, _)| found)));
            runs.text(code.map(|(code, _)| code.as_str())).int(Some(code.map_or(0, |(_, found)| *found)));
        }
        let runs = StepTable::new("claim_rule_run", context.schema("claim_rule_run")?, runs.finish()?);
        let national = self.national.table(context, NAME)?;
        let refused = self.national.by_visit(context)?;
        Ok(vec![self.out.finish()?, gone, national, refused, runs])
    }
}

/// A session with the tables of a rule; visits and lines of the months before stand beside those of this one.
fn session(context: &StepContext, rule: &Rule, back: &LookBack) -> Result<engine::Session, ChapterError> {
    let session = context.session(&[])?;
    context.wait(register_tables(&session, context.book, rule, context.tables, back))?;
    Ok(session)
}

/// Columns of `claim_stay` that no sheet fills.
const NOT_OF_SHEETS: [&str; 6] = ["home", "supply_days", "over_30_allowed", "lines", "results", "content"];

/// Whether a rule can say nothing of any visit that sheets alone tell: it reads lines, papers, or columns that sheets do not have. What rules over
/// `claim_visit` could not say is counted row by row.
fn needs_more_than_sheets(rule: &Rule) -> bool {
    if rule.shape == Shape::Row {
        return !rule.reads.iter().any(|table| table == "claim_visit");
    }
    let mut words = rule.sql.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    rule.reads.iter().any(|table| table == "claim_item") || words.any(|word| NOT_OF_SHEETS.contains(&word))
}

/// How many rows each row rule looked at, and of how many it could say nothing.
fn looked_at(context: &StepContext) -> Result<BTreeMap<String, (i64, i64)>, ChapterError> {
    let mut looked = BTreeMap::new();
    let Some(table) = context.table("claim_row_run") else { return Ok(looked) };
    for batch in context.book.read_table(table, None)? {
        let (rules, asked, unknown) = (rows::text(&batch, "rule")?, rows::int(&batch, "asked")?, rows::int(&batch, "unknown")?);
        for row in 0..batch.num_rows() {
            looked.insert(rules.value(row).to_owned(), (asked.value(row), unknown.value(row)));
        }
    }
    Ok(looked)
}
