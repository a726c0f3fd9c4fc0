//! Running one rule over the tables of a session.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Evidence, Finding, FindingKey, Month};
use engine::arrow::array::ArrayRef;
use engine::arrow::compute::cast;
use engine::arrow::datatypes::{DataType, TimeUnit};
use engine::datafusion::sql::sqlparser::ast::Query;
use engine::{EngineError, Session, bind_values, rows};

use crate::error::RunError;
use crate::rule::Rule;

/// The values of one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RunValues {
    /// The month the run is for: `$period_start` and `$period_end` are its first and last day.
    pub period: Month,
    /// The day as of which the tables stand: `$as_of`.
    pub as_of: Date,
}

/// What a run of a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The findings, by subject and key.
    Evaluated(Vec<Finding>),
    /// Tables that did not arrive: nothing is known, nothing is resolved.
    NotEvaluated {
        /// Their names.
        missing: Vec<String>,
    },
    /// The rule's own validity does not cover the period's last day.
    NotValid,
}

impl Outcome {
    /// Whether the rule looked at all; only then may findings resolve.
    pub fn is_evaluated(&self) -> bool {
        matches!(self, Self::Evaluated(_))
    }
}

/// Runs a rule. The session should hold the tables of [`Rule::reads`] and no others.
///
/// The result is the same whatever the number of partitions: rows are named by their key, ordered by
/// subject and key, and two rows of one key are an error. Evidence holds every column but the subject,
/// key columns first, as canonical text.
pub async fn run_rule(rule: &Rule, session: &Session, values: &RunValues) -> Result<Outcome, RunError> {
    if !rule.valid.holds_on(values.period.last_day()) {
        return Ok(Outcome::NotValid);
    }
    let missing: Vec<String> = rule.reads.iter().filter(|table| !session.has_table(table)).cloned().collect();
    if !missing.is_empty() {
        return Ok(Outcome::NotEvaluated { missing });
    }
    Ok(Outcome::Evaluated(run_query(rule, &rule.query, session, values).await?))
}

/// The SQL of a query with the values of the run and the rule's parameters in place.
pub(crate) fn bound(rule: &Rule, query: &Query, values: &RunValues) -> Result<String, EngineError> {
    let day = |date: Date| format!("DATE '{date}'");
    let mut literals: BTreeMap<String, String> =
        rule.parameters.iter().map(|(name, parameter)| (name.clone(), parameter.value.literal())).collect();
    literals.insert("period_start".into(), day(values.period.first_day()));
    literals.insert("period_end".into(), day(values.period.last_day()));
    literals.insert("as_of".into(), day(values.as_of));
    bind_values(&query.to_string(), &literals)
}

/// Runs the rule's query, or a bent one, over the session's tables.
pub(crate) async fn run_query(
    rule: &Rule,
    query: &Query,
    session: &Session,
    values: &RunValues,
) -> Result<Vec<Finding>, RunError> {
    let failed = |source| RunError::Query { rule: rule.id.clone(), source };
    let sql = bound(rule, query, values).map_err(failed)?;
    let batches = session.collect(&sql).await.map_err(failed)?;
    let mut found: Vec<Row> = Vec::new();
    for batch in &batches {
        let columns: Vec<ArrayRef> =
            batch.columns().iter().zip(&rule.columns).map(|(array, name)| plain(rule, array, name)).collect::<Result<_, _>>()?;
        for row in 0..batch.num_rows() {
            let cells = columns.iter().map(|array| rows::canonical(array, row)).collect::<Result<Vec<_>, _>>().map_err(failed)?;
            found.push(Row { number: cells[0].as_deref().and_then(|text| text.parse().ok()), cells });
        }
    }
    let named = 1 + rule.key.len();
    for (index, column) in rule.columns.iter().enumerate().take(named) {
        let rows = found.iter().filter(|row| row.cells[index].is_none()).count();
        if rows > 0 {
            return Err(RunError::NullKey { rule: rule.id.clone(), column: column.clone(), rows });
        }
    }
    found.sort_by(|a, b| (a.number, &a.cells).cmp(&(b.number, &b.cells)));
    let repeated = found.windows(2).filter(|pair| pair[0].cells[..named] == pair[1].cells[..named]).count();
    if repeated > 0 {
        let columns = rule.columns[..named].join(", ");
        return Err(RunError::DuplicateKey { rule: rule.id.clone(), columns, rows: repeated });
    }
    Ok(found.into_iter().map(|row| finding(rule, row)).collect())
}

/// One row of the result as canonical texts; numbers of people sort as numbers.
struct Row {
    number: Option<i64>,
    cells: Vec<Option<String>>,
}

fn finding(rule: &Rule, row: Row) -> Finding {
    finding_of(rule, row.cells)
}

/// A finding from the cells of a row: subject, key columns, evidence.
pub(crate) fn finding_of(rule: &Rule, cells: Vec<Option<String>>) -> Finding {
    let mut cells = cells.into_iter();
    let subject = cells.next().flatten().unwrap_or_default();
    let evidence: Vec<Evidence> =
        rule.columns[1..].iter().zip(cells).map(|(name, value)| Evidence { name: name.clone(), value }).collect();
    let named: Vec<&str> = evidence[..rule.key.len()].iter().filter_map(|column| column.value.as_deref()).collect();
    let key = FindingKey::new(&rule.id, rule.subject, &subject, &named);
    Finding { key, rule: rule.id.clone(), kind: rule.subject, subject, evidence }
}

/// Views and dictionaries become plain text once a batch, not once a cell; floats are refused.
pub(crate) fn plain(rule: &Rule, array: &ArrayRef, column: &str) -> Result<ArrayRef, RunError> {
    let refuse = |detail: String| RunError::Column { rule: rule.id.clone(), column: column.to_owned(), detail };
    match array.data_type() {
        DataType::Utf8View | DataType::LargeUtf8 | DataType::Dictionary(..) => {
            cast(array, &DataType::Utf8).map_err(|error| refuse(error.to_string()))
        }
        DataType::Utf8 | DataType::Boolean | DataType::Date32 | DataType::Decimal128(..) => Ok(array.clone()),
        DataType::Timestamp(TimeUnit::Second, None) => Ok(array.clone()),
        kind if kind.is_integer() => Ok(array.clone()),
        other => Err(refuse(format!("has type {other}, which has no canonical text"))),
    }
}

/// Names of the tables a session would need for some rules, each once.
pub(crate) fn tables_of(rule: &Rule) -> BTreeSet<&str> {
    rule.reads.iter().map(String::as_str).collect()
}
