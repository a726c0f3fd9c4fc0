//! What came of cases: for the register, which the next run reads, and for each rule's share of false alarms.

use std::collections::BTreeMap;

use base::{Date, FindingKey, Scope, SubjectKind};
use serde::Serialize;

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
}

/// How often a rule's cases ended with an outcome.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleOutcome {
    /// What came of them.
    pub outcome: Outcome,
    /// Cases.
    pub cases: i64,
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
                closed.push(ClosedCase {
                    finding: case.finding,
                    rule: case.rule,
                    subject_kind: case.subject_kind,
                    subject: case.subject,
                    outcome,
                    day: case.outcome_day,
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
}
