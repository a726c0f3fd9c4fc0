//! `rules test`: runs the cases of every rule and asks whether they really test it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use base::{Date, Finding, SubjectKind};
use engine::{EngineError, Options, Session};
use law::Law;
use serde::Serialize;

use crate::case::{Case, GivenRow};
use crate::condition::{Bent, bends};
use crate::front::Shape;
use crate::given;
use crate::row::RowCases;
use crate::rule::{Rule, Rules};
use crate::run::{RunValues, bound, run_query, tables_of};
use crate::schema::TableSchemas;
use crate::vocabulary::is_allowed;

/// What `rules test` says.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TestReport {
    /// How many rules were tested.
    pub rules: usize,
    /// How many cases were run.
    pub cases: usize,
    /// What failed, by rule and line.
    pub failed: Vec<Failure>,
}

/// One failure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The rule.
    pub rule: String,
    /// The case; absent when the cases together are at fault.
    pub case: Option<String>,
    /// Line in the rule's file.
    pub line: u64,
    /// What is wrong.
    pub what: String,
}

/// Tests all rules. A rule fails when
///
/// - its plan reads other tables, law or functions than it declares,
/// - a case does not give exactly the findings it expects,
/// - it has no hit, or no near miss (a case that expects nothing and would find something if one single
///   condition of the rule did not hold),
/// - it has no case on each side of a day on which a law it uses changes within its validity,
/// - a condition can be forced true, or the whole WHERE false, and all cases still pass.
///
/// Rules are proved side by side on all cores; the report is in the order of the rules.
pub fn prove(rules: &Rules, law: &Law, schemas: &TableSchemas) -> TestReport {
    let all: Vec<&Rule> = rules.iter().collect();
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(BTreeMap::new());
    let work = || {
        // Each thread has a runtime of its own: what a proof holds may not move between threads.
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        while let Some((place, rule)) =
            Some(next.fetch_add(1, Ordering::Relaxed)).and_then(|place| Some((place, *all.get(place)?)))
        {
            let mut proof = Proof { rule, law, schemas, rows: RowCases::default(), failed: Vec::new() };
            match &runtime {
                Ok(runtime) => {
                    if let Err(error) = runtime.block_on(proof.run()) {
                        proof.fail(None, error.to_string());
                    }
                }
                Err(error) => proof.fail(None, error.to_string()),
            }
            failed.lock().unwrap_or_else(PoisonError::into_inner).insert(place, proof.failed);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(all.len().max(1));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let failed = failed.into_inner().unwrap_or_else(PoisonError::into_inner);
    TestReport {
        rules: all.len(),
        cases: all.iter().map(|rule| rule.cases.len()).sum(),
        failed: failed.into_values().flatten().collect(),
    }
}

struct Proof<'a> {
    rule: &'a Rule,
    law: &'a Law,
    schemas: &'a TableSchemas,
    rows: RowCases,
    failed: Vec<Failure>,
}

impl Proof<'_> {
    fn fail(&mut self, case: Option<&Case>, what: String) {
        let name = case.map(|case| case.name.clone());
        self.failed.push(Failure { rule: self.rule.id.clone(), case: name, line: case.map_or(1, |case| case.line), what });
    }

    async fn run(&mut self) -> Result<(), EngineError> {
        self.plan().await?;
        if !self.failed.is_empty() {
            return Ok(());
        }
        let mut prepared = Vec::with_capacity(self.rule.cases.len());
        // A row rule is compiled against the empty context: one session for all of its cases.
        let rows = if self.rule.shape == Shape::Row { Some(self.empty_session()?) } else { None };
        for case in &self.rule.cases {
            let session = match &rows {
                Some(session) => session.clone(),
                None => self.session(case)?,
            };
            prepared.push((case, session));
        }
        for (case, session) in &prepared {
            match self.findings(case, session, None).await {
                Ok(found) => {
                    if let Some(what) = difference(self.rule, &case.expect, &found) {
                        self.fail(Some(case), what);
                    }
                }
                Err(what) => self.fail(Some(case), what),
            }
        }
        self.sides_of_law();
        if !self.rule.cases.iter().any(|case| !case.expect.is_empty()) {
            self.fail(None, "no case expects a finding".to_owned());
        }
        // Bending a rule whose cases fail anyway would only repeat the same failures.
        if self.failed.is_empty() {
            self.bend(&prepared).await;
        }
        Ok(())
    }

    /// Holds the plan against what the rule declares; the SQL text was checked when it was loaded.
    async fn plan(&mut self) -> Result<(), EngineError> {
        let day = self.rule.valid.from.month();
        let values = RunValues { period: day, as_of: day.last_day() };
        let empty = self.empty_session()?;
        let facts = empty.facts(&bound(self.rule, &self.rule.query, &values)?).await?;
        if !facts.tables.iter().map(String::as_str).eq(tables_of(self.rule)) {
            self.fail(None, format!("the plan reads {}", list(&facts.tables)));
        }
        let declared: BTreeSet<&str> = self.rule.law.iter().map(String::as_str).collect();
        let asked: BTreeSet<&str> = facts.law.iter().filter_map(|used| used.key.as_deref()).collect();
        if facts.law.iter().any(|used| used.key.is_none()) || asked != declared {
            self.fail(None, format!("the plan asks the law for {}", list(&asked)));
        }
        let foreign: BTreeSet<&String> = facts.functions.iter().filter(|name| !is_allowed(name)).collect();
        if !foreign.is_empty() {
            self.fail(None, format!("the plan calls {}, which a rule may not call", list(&foreign)));
        }
        Ok(())
    }

    fn empty_session(&self) -> Result<Session, EngineError> {
        let session = Session::new(self.law, &Options::default())?;
        for schema in self.rule.reads.iter().filter_map(|table| self.schemas.get(table)) {
            session.register_batches(&schema.name, schema.arrow(), Vec::new())?;
        }
        Ok(session)
    }

    fn session(&self, case: &Case) -> Result<Session, EngineError> {
        let session = Session::new(self.law, &Options::default())?;
        for schema in self.rule.reads.iter().filter_map(|table| self.schemas.get(table)) {
            let rows = case.given.get(&schema.name).map(Vec::as_slice).unwrap_or_default();
            session.register_batches(&schema.name, schema.arrow(), vec![given::batch(schema, rows, case.on)?])?;
        }
        Ok(session)
    }

    async fn findings(&self, case: &Case, session: &Session, bent: Option<&Bent>) -> Result<Vec<Finding>, String> {
        let values = RunValues { period: case.on.month(), as_of: case.on };
        let query = bent.map_or(&self.rule.query, |bent| &bent.query);
        if self.rule.shape == Shape::Row {
            return self.rows.run(self.rule, query, session, case, self.schemas).await;
        }
        run_query(self.rule, query, session, &values).await.map_err(|error| error.to_string())
    }

    /// Forces conditions. Cases that expect nothing come first: they notice most, and soonest.
    async fn bend(&mut self, prepared: &[(&Case, Session)]) {
        let (misses, hits): (Vec<_>, Vec<_>) = prepared.iter().partition(|(case, _)| case.expect.is_empty());
        let mut order: Vec<&(&Case, Session)> = misses.into_iter().chain(hits).collect();
        let misses = order.iter().filter(|(case, _)| case.expect.is_empty()).count();
        let mut near_miss = false;
        for bent in bends(&self.rule.query) {
            let mut noticed = None;
            for (place, (case, session)) in order.iter().enumerate() {
                // A bent query that cannot even run is noticed as well.
                let found = self.findings(case, session, Some(&bent)).await.unwrap_or_default();
                if difference(self.rule, &case.expect, &found).is_some() {
                    noticed = Some(place);
                    near_miss |= bent.opened && case.expect.is_empty();
                    break;
                }
            }
            if let Some(place) = noticed {
                // What noticed one condition often notices the next: asked first among its kind, it saves asking the others.
                order[if place < misses { 0 } else { misses }..=place].rotate_right(1);
            } else {
                self.fail(None, format!("no case notices when {}: add one where only this decides", bent.what));
            }
        }
        if !near_miss {
            self.fail(None, "there is no near miss: add a case that expects [] and differs from a hit in one fact".to_owned());
        }
    }

    /// Each stretch of time between two changes of the law within the rule's validity needs a case.
    fn sides_of_law(&mut self) {
        let valid = self.rule.valid;
        let mut changes: BTreeSet<Date> = BTreeSet::new();
        for parameter in self.rule.law.iter().filter_map(|key| self.law.parameter(key)) {
            changes.extend(parameter.change_days().filter(|day| *day > valid.from && valid.holds_on(*day)));
        }
        let starts: Vec<Date> = std::iter::once(valid.from).chain(changes).collect();
        for (index, start) in starts.iter().enumerate() {
            let next = starts.get(index + 1);
            let within = |day: Date| *start <= day && next.is_none_or(|next| day < *next) && valid.holds_on(day);
            let possible = within(start.month().last_day());
            if possible && starts.len() > 1 && !self.rule.cases.iter().any(|case| within(case.on)) {
                let until = next.map_or(String::new(), |next| format!(" and before {next}"));
                self.fail(None, format!("no case lies on or after {start}{until}, though the law it uses changes there"));
            }
        }
    }
}

/// How the findings differ from those expected; `None` when they are the same.
fn difference(rule: &Rule, expect: &[GivenRow], found: &[Finding]) -> Option<String> {
    let mut left: Vec<&Finding> = found.iter().collect();
    let mut missing = Vec::new();
    for row in expect {
        match left.iter().position(|finding| matches(rule, row, finding)) {
            Some(index) => {
                left.remove(index);
            }
            None => missing.push(written(row)),
        }
    }
    if missing.is_empty() && left.is_empty() {
        return None;
    }
    let found: Vec<String> = left.into_iter().map(|finding| shown(rule, finding)).collect();
    let side = |list: Vec<String>| if list.is_empty() { "nothing more".to_owned() } else { list.join("; ") };
    Some(format!("expected {}, found {}", side(missing), side(found)))
}

fn matches(rule: &Rule, row: &GivenRow, finding: &Finding) -> bool {
    row.cells.iter().all(|(name, cell)| {
        if name == rule.subject_column() {
            return cell.as_deref() == Some(&*subject(finding));
        }
        finding.evidence.iter().any(|evidence| evidence.name == *name && evidence.value == *cell)
    })
}

/// The subject as cases write it.
fn subject(finding: &Finding) -> String {
    match finding.kind {
        SubjectKind::Person => format!("P{}", finding.subject),
        SubjectKind::Employer => finding.subject.clone(),
        SubjectKind::Visit => format!("V{}", finding.subject),
    }
}

fn written(row: &GivenRow) -> String {
    let cells: Vec<String> =
        row.cells.iter().map(|(name, cell)| format!("{name}: {}", cell.as_deref().unwrap_or("null"))).collect();
    format!("{{{}}}", cells.join(", "))
}

fn shown(rule: &Rule, finding: &Finding) -> String {
    let mut cells = vec![format!("{}: {}", rule.subject_column(), subject(finding))];
    cells.extend(finding.evidence.iter().map(|e| format!("{}: {}", e.name, e.value.as_deref().unwrap_or("null"))));
    format!("{{{}}}", cells.join(", "))
}

fn list<T: AsRef<str>>(names: &BTreeSet<T>) -> String {
    if names.is_empty() {
        return "nothing".to_owned();
    }
    names.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(", ")
}
