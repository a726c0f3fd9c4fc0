//! Row rules: predicates over one context, fused into one pass over its rows.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use base::{Date, Finding};
use engine::arrow::array::{ArrayRef, AsArray, BooleanArray, Date32Array};
use engine::arrow::compute::filter_record_batch;
use engine::arrow::datatypes::Date32Type;
use engine::arrow::record_batch::RecordBatch;
use engine::datafusion::sql::sqlparser::ast::Query;
use engine::{EngineError, Options, RowCheck, Session, rows};
use law::Law;

use crate::case::Case;
use crate::error::RunError;
use crate::front::{Shape, Validity};
use crate::given;
use crate::rule::{Rule, Rules};
use crate::run::{RunValues, bound, finding_of, plain};
use crate::schema::TableSchemas;

/// The column by whose day a row falls within a rule's validity: the law of the day the visit ended.
const DAY: &str = "visit_end";
/// The column that says which visit a row is of.
const VISIT: &str = "visit_id";

/// All row rules over one context, compiled once.
///
/// The same checks serve the monthly audit, the intake of claims, `claims check` and the receiver.
pub struct RowChecks {
    context: String,
    checks: Vec<One>,
}

struct One {
    rule: Rule,
    check: RowCheck,
    /// Columns that rows must have: those of the WHERE, of the subject and of the key.
    reads: BTreeSet<String>,
}

impl One {
    fn of(rule: &Rule, check: RowCheck) -> Self {
        Self { rule: rule.clone(), reads: check.reads(1 + rule.key.len()), check }
    }
}

/// One finding about a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowFinding {
    /// Which of the rules, by its place in [`RowChecks::rules`].
    pub rule: usize,
    /// The finding: subject, key and evidence.
    pub finding: Finding,
}

/// What the rules said of some rows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowReport {
    /// The findings, by rule and then in the order of the rows.
    pub findings: Vec<RowFinding>,
    /// Rows within a rule's validity, by rule.
    pub asked: Vec<u64>,
    /// Rows of which a rule could say nothing because something it needs is not there, by rule.
    pub unknown: Vec<u64>,
}

impl RowReport {
    /// Adds what was said of more rows.
    pub fn add(&mut self, other: RowReport) {
        self.findings.extend(other.findings);
        for (sum, more) in [(&mut self.asked, other.asked), (&mut self.unknown, other.unknown)] {
            sum.resize(sum.len().max(more.len()), 0);
            sum.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }
}

impl RowChecks {
    /// Compiles all row rules over a context. `values` are the run's own values, for rules that use them.
    pub async fn compile(
        rules: &Rules,
        law: &Law,
        schemas: &TableSchemas,
        context: &str,
        values: &RunValues,
    ) -> Result<Self, RunError> {
        let session = session(law, schemas, context).map_err(|source| RunError::Query { rule: context.to_owned(), source })?;
        let mut checks = Vec::new();
        for rule in rules.iter().filter(|rule| rule.shape == Shape::Row && rule.reads.iter().any(|table| table == context)) {
            checks.push(One::of(rule, compile(rule, &rule.query, &session, values).await?));
        }
        Ok(Self { context: context.to_owned(), checks })
    }

    /// Compiles one row rule alone, over the context that it reads.
    pub async fn compile_one(rule: &Rule, law: &Law, schemas: &TableSchemas, values: &RunValues) -> Result<Self, RunError> {
        let context = rule.reads.first().map(String::as_str).unwrap_or_default();
        let session = session(law, schemas, context).map_err(|source| RunError::Query { rule: rule.id.clone(), source })?;
        let check = compile(rule, &rule.query, &session, values).await?;
        Ok(Self { context: context.to_owned(), checks: vec![One::of(rule, check)] })
    }

    /// The context's name.
    pub fn context(&self) -> &str {
        &self.context
    }

    /// The rules, in the order of their ids.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.checks.iter().map(|one| &one.rule)
    }

    /// Runs every rule over the rows of a batch with the columns of the context's contract.
    pub fn check(&self, batch: &RecordBatch) -> Result<RowReport, RunError> {
        self.ask(batch, None)
    }

    /// As [`RowChecks::check`], over rows whose source has no more than the columns `provided`: the others are empty there because nobody was asked for
    /// them, and say nothing. A rule that reads one of these is not run; its rows count as asked and unknown.
    pub fn check_provided(&self, batch: &RecordBatch, provided: &BTreeSet<String>) -> Result<RowReport, RunError> {
        self.ask(batch, Some(provided))
    }

    /// Of the rows of a batch, those of which some rules could say nothing: id of the rule and number of the visit (`visit_id`). `provided` as in
    /// [`RowChecks::check_provided`], where the source has no more columns. A rule that does not hold on a row's day is not asked of it.
    ///
    /// A finding that was there and is not found again is mended only where its rule said no, not where it could not look.
    pub fn unknown_visits(
        &self,
        batch: &RecordBatch,
        rules: &BTreeSet<String>,
        provided: Option<&BTreeSet<String>>,
    ) -> Result<BTreeSet<(String, i64)>, RunError> {
        let mut silent = BTreeSet::new();
        let days = Days::of(batch);
        for one in self.checks.iter().filter(|one| rules.contains(&one.rule.id)) {
            let failed = |source| RunError::Query { rule: one.rule.id.clone(), source };
            let within = days.within(batch, one.rule.valid).map_err(failed)?;
            let rows = within.as_ref().unwrap_or(batch);
            if rows.num_rows() == 0 {
                continue;
            }
            let visits = rows::int(rows, VISIT).map_err(failed)?;
            let missing = match provided {
                Some(provided) if !one.reads.is_subset(provided) => None,
                _ => match one.check.ask(rows).map_err(failed)?.missing {
                    Some(missing) => Some(missing),
                    None => continue,
                },
            };
            let unknown = (0..rows.num_rows()).filter(|row| missing.as_ref().is_none_or(|missing| missing.value(*row)));
            silent.extend(unknown.map(|row| (one.rule.id.clone(), visits.value(row))));
        }
        Ok(silent)
    }

    fn ask(&self, batch: &RecordBatch, provided: Option<&BTreeSet<String>>) -> Result<RowReport, RunError> {
        let mut report = RowReport::default();
        let days = Days::of(batch);
        for (place, one) in self.checks.iter().enumerate() {
            let failed = |source| RunError::Query { rule: one.rule.id.clone(), source };
            let within = days.within(batch, one.rule.valid).map_err(failed)?;
            let rows = within.as_ref().unwrap_or(batch);
            report.asked.push(rows.num_rows() as u64);
            if rows.num_rows() == 0 {
                report.unknown.push(0);
                continue;
            }
            if provided.is_some_and(|provided| !one.reads.is_subset(provided)) {
                report.unknown.push(rows.num_rows() as u64);
                continue;
            }
            let (found, unknown) = findings(&one.rule, &one.check, rows)?;
            report.unknown.push(unknown);
            report.findings.extend(found.into_iter().map(|finding| RowFinding { rule: place, finding }));
        }
        Ok(report)
    }
}

/// A session with one empty table: enough to compile against.
fn session(law: &Law, schemas: &TableSchemas, context: &str) -> Result<Session, EngineError> {
    let session = Session::new(law, &Options::default())?;
    let schema = schemas.get(context).ok_or_else(|| EngineError::Query(format!("there is no contract of `{context}`")))?;
    session.register_batches(context, schema.arrow(), Vec::new())?;
    Ok(session)
}

async fn compile(rule: &Rule, query: &Query, session: &Session, values: &RunValues) -> Result<RowCheck, RunError> {
    let failed = |source| RunError::Query { rule: rule.id.clone(), source };
    let sql = bound(rule, query, values).map_err(failed)?;
    session.row_check(&sql).await.map_err(failed)
}

/// Findings of one rule and the rows it could say nothing about.
fn findings(rule: &Rule, check: &RowCheck, rows: &RecordBatch) -> Result<(Vec<Finding>, u64), RunError> {
    let failed = |source| RunError::Query { rule: rule.id.clone(), source };
    let answer = check.ask(rows).map_err(failed)?;
    if answer.found == 0 {
        return Ok((Vec::new(), answer.unknown as u64));
    }
    let evidence = check.evidence(rows, &answer).map_err(failed)?;
    let columns: Vec<ArrayRef> =
        evidence.columns().iter().zip(&rule.columns).map(|(array, name)| plain(rule, array, name)).collect::<Result<_, _>>()?;
    let mut found = Vec::with_capacity(answer.found);
    for row in 0..evidence.num_rows() {
        let cells = columns.iter().map(|array| rows::canonical(array, row)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
        if let Some(place) = cells[..=rule.key.len()].iter().position(Option::is_none) {
            let column = rule.columns[place].clone();
            return Err(RunError::NullKey { rule: rule.id.clone(), column, rows: 1 });
        }
        found.push(finding_of(rule, cells));
    }
    Ok((found, answer.unknown as u64))
}

/// The days of the rows, looked at once a batch.
struct Days {
    days: Option<Date32Array>,
    first: Option<Date>,
    last: Option<Date>,
}

impl Days {
    fn of(batch: &RecordBatch) -> Self {
        let days = batch.column_by_name(DAY).and_then(|array| array.as_primitive_opt::<Date32Type>()).cloned();
        let day = |found: Option<i32>| found.and_then(Date::from_days_since_epoch);
        let first = days.as_ref().and_then(|days| day(days.iter().flatten().min()));
        let last = days.as_ref().and_then(|days| day(days.iter().flatten().max()));
        Self { days, first, last }
    }

    /// The rows within a validity when not all are; a row without a day is asked, its predicate says what it can.
    fn within(&self, batch: &RecordBatch, valid: Validity) -> Result<Option<RecordBatch>, EngineError> {
        let holds = |day: Option<Date>| day.is_none_or(|day| valid.holds_on(day));
        let Some(days) = self.days.as_ref().filter(|_| !(holds(self.first) && holds(self.last))) else { return Ok(None) };
        let mask: BooleanArray = days.iter().map(|day| Some(holds(day.and_then(Date::from_days_since_epoch)))).collect();
        filter_record_batch(batch, &mask).map(Some).map_err(|error| EngineError::Query(error.to_string()))
    }
}

/// Runs a row rule, or bent ones, over the rows that cases give; each text is compiled once.
#[derive(Default)]
pub(crate) struct RowCases {
    compiled: RefCell<HashMap<String, Result<RowCheck, String>>>,
}

impl RowCases {
    pub(crate) async fn run(
        &self,
        rule: &Rule,
        query: &Query,
        session: &Session,
        case: &Case,
        schemas: &TableSchemas,
    ) -> Result<Vec<Finding>, String> {
        let values = RunValues { period: case.on.month(), as_of: case.on };
        let sql = bound(rule, query, &values).map_err(|error| error.to_string())?;
        let known = self.compiled.borrow().get(&sql).cloned();
        let check = match known {
            Some(check) => check?,
            None => {
                let check = session.row_check(&sql).await.map_err(|error| error.to_string());
                self.compiled.borrow_mut().insert(sql, check.clone());
                check?
            }
        };
        let schema = rule.reads.first().and_then(|context| schemas.get(context)).ok_or("the rule reads no context")?;
        let given = case.given.get(&schema.name).map(Vec::as_slice).unwrap_or_default();
        let batch = given::batch(schema, given, case.on).map_err(|error| error.to_string())?;
        let within = Days::of(&batch).within(&batch, rule.valid).map_err(|error| error.to_string())?;
        findings(rule, &check, within.as_ref().unwrap_or(&batch)).map(|(found, _)| found).map_err(|error| error.to_string())
    }
}
