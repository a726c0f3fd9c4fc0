//! What came of cases: for the register, which the next run reads, and for each rule's share of false alarms.

use std::collections::BTreeMap;

use base::{Date, FindingKey, Scope, SubjectKind};
use serde::Serialize;

use super::settle::day_of;
use super::{COLUMNS, CaseState, Outcome, cases, visible};
use crate::access::{Permission, require};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A closed case as a run reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ClosedCase {
    /// Key of the finding.
    #[serde(serialize_with = "super::key_text")]
    pub finding: FindingKey,
    /// The rule.
    pub rule: String,
    /// Person or employer.
    pub subject_kind: SubjectKind,
    /// The book's number.
    pub subject: i64,
    /// What came of it.
    pub outcome: Outcome,
    /// The day of the outcome.
    pub day: Option<Date>,
    /// The day in Hà Nội on which it was written down.
    pub closed_on: Date,
}

/// How often a rule's cases ended with an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleOutcome {
    /// What came of them.
    pub outcome: Outcome,
    /// Cases.
    pub cases: i64,
}

/// What came of the cases that somebody has or had when they were closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WorkerOutcomes {
    /// Desk user.
    pub worker: String,
    /// Id and name of their unit; none for a user who was taken out.
    pub unit: Option<(String, String)>,
    /// Cases they have open.
    pub open: i64,
    /// Their closed cases by outcome, in the order of outcomes; without what a run resolved.
    pub closed: Vec<RuleOutcome>,
}

/// Rows read at once.
const CHUNK: i64 = 2_000;

impl Desk {
    /// The copy for a run: closed cases that somebody closed, by key of their finding. A run sees the whole city; a smaller area would
    /// silently leave cases out and is refused.
    pub async fn closed_cases_sorted(&self, scope: &Scope) -> Result<Vec<ClosedCase>, DeskError> {
        if scope.area != base::Area::City || scope.role != base::Role::System {
            return Err(DeskError::Invalid { field: "area", why: "a run copies the cases of the whole city" });
        }
        let mut tx = self.store().read(scope).await?;
        let (mut closed, mut cursor) = (Vec::new(), String::new());
        loop {
            let sql =
                Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE state = 'done' AND outcome <> 'gone' AND id > ");
            let found = cases(&mut tx, sql.bind(cursor.as_str()).push(" ORDER BY id LIMIT ").bind(CHUNK)).await?;
            let Some(last) = found.last() else { break };
            cursor.clone_from(&last.id);
            for case in found {
                let Some(outcome) = case.outcome.filter(|_| case.state == CaseState::Done) else { continue };
                let closed_at = case.closed_at.ok_or_else(|| DeskError::damaged("work_case", "closed_at"))?;
                closed.push(ClosedCase {
                    finding: case.finding,
                    rule: case.rule,
                    subject_kind: case.subject_kind,
                    subject: case.subject,
                    outcome,
                    day: case.outcome_day,
                    closed_on: day_of(closed_at),
                });
            }
        }
        closed.sort();
        Ok(closed)
    }

    /// How the closed cases of each rule ended, in the area of who asks: by rule, then in the order of outcomes. What a run resolved by
    /// itself is there too, as [`Outcome::Gone`].
    pub async fn rule_outcomes(&self, scope: &Scope) -> Result<BTreeMap<String, Vec<RuleOutcome>>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT rule, outcome, count(*) FROM work_case WHERE state = 'done' AND ");
        let mut by_rule: BTreeMap<String, Vec<RuleOutcome>> = BTreeMap::new();
        for row in tx.rows(visible(sql, scope)?.push(" GROUP BY rule, outcome")).await? {
            let outcome = Outcome::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("work_case", "outcome"))?;
            by_rule.entry(row.text(0)?).or_default().push(RuleOutcome { outcome, cases: row.int(2)? });
        }
        by_rule.values_mut().for_each(|outcomes| outcomes.sort_by_key(|one| one.outcome));
        Ok(by_rule)
    }

    /// What came of the cases of each worker, in the area of who asks: by unit, then by worker.
    pub async fn worker_outcomes(&self, scope: &Scope) -> Result<Vec<WorkerOutcomes>, DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(
            "SELECT owner, outcome, count(*) FROM work_case WHERE state = 'done' AND outcome <> 'gone' AND owner IS NOT NULL AND ",
        );
        let mut by_worker: BTreeMap<String, WorkerOutcomes> = BTreeMap::new();
        let of = |worker: String| WorkerOutcomes { worker, unit: None, open: 0, closed: Vec::new() };
        for row in tx.rows(visible(sql, scope)?.push(" GROUP BY owner, outcome")).await? {
            let outcome = Outcome::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("work_case", "outcome"))?;
            let worker = row.text(0)?;
            let known = by_worker.entry(worker.clone()).or_insert_with(|| of(worker));
            known.closed.push(RuleOutcome { outcome, cases: row.int(2)? });
        }
        let sql = Sql::new("SELECT owner, count(*) FROM work_case WHERE state <> 'done' AND owner IS NOT NULL AND ");
        for row in tx.rows(visible(sql, scope)?.push(" GROUP BY owner")).await? {
            let worker = row.text(0)?;
            by_worker.entry(worker.clone()).or_insert_with(|| of(worker)).open = row.int(1)?;
        }
        let sql = Sql::new("SELECT u.id, n.id, n.name FROM desk_user u JOIN unit n ON n.id = u.unit");
        for row in tx.rows(sql).await? {
            if let Some(known) = by_worker.get_mut(&row.text(0)?) {
                known.unit = Some((row.text(1)?, row.text(2)?));
            }
        }
        let mut all: Vec<WorkerOutcomes> = by_worker.into_values().collect();
        all.iter_mut().for_each(|one| one.closed.sort_by_key(|closed| closed.outcome));
        all.sort_by(|a, b| (&a.unit, &a.worker).cmp(&(&b.unit, &b.worker)));
        Ok(all)
    }
}
