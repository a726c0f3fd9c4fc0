//! After a run: cases whose findings are gone resolve, cases whose findings are back open again.
//!
//! A finding that is missing counts as gone only where its rule was evaluated: what a run could not look at resolves nothing. Cases are held
//! against what the run has, and not against its word "resolved", so a run that was never settled leaves nothing behind.

use base::{CommuneCode, Date, FindingKey, Month, Scope, SubjectKind};
use serde::Serialize;

use super::free::freed;
use super::history::NewEvent;
use super::run_findings::RunFindings;
use super::{COLUMNS, Case, CaseState, Outcome, cases};
use crate::access::Permission;
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::people::{User, users_all};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Cases read at once, and cases changed in one transaction.
const READ: i64 = 2_000;
const CHUNK: usize = 100;

/// What came of the cases after a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// Cases whose findings are gone.
    pub resolved: i64,
    /// Closed cases whose findings came back, stayed although somebody joined, or outlived a term.
    pub reopened: i64,
    /// Cases that follow their person to another commune or number.
    pub moved: i64,
    /// Whether a newer period was settled before, so that nothing was done.
    pub older: bool,
}

/// What happens to a case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Next {
    case: Case,
    what: &'static str,
    value: Option<String>,
}

impl Desk {
    /// Holds the findings of a run against all cases. Once a run; done again it gives the same numbers and changes nothing.
    pub async fn settle_cases(&self, scope: &Scope, findings: &RunFindings) -> Result<Settled, DeskError> {
        if scope.role != base::Role::System {
            return Err(DeskError::Forbidden { permission: Permission::WorkCases });
        }
        if let Some(known) = self.settled(scope, findings).await? {
            return Ok(known);
        }
        let form = format!("run-{}", findings.run());
        let users = users_all(&mut self.store().read(scope).await?).await?;
        let mut cursor = String::new();
        loop {
            let mut tx = self.store().read(scope).await?;
            let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE id > ").bind(cursor.as_str());
            let found = cases(&mut tx, sql.push(" ORDER BY id LIMIT ").bind(READ)).await?;
            drop(tx);
            let Some(last) = found.last() else { break };
            cursor.clone_from(&last.id);
            let touched: Vec<String> =
                found.iter().filter(|case| next(case, findings, 0).is_some()).map(|case| case.id.clone()).collect();
            for ids in touched.chunks(CHUNK) {
                self.settle_chunk(scope, findings, &users, ids, &form).await?;
            }
        }
        self.finish(scope, findings, &form).await
    }

    /// The outcome of a run that was settled before, or that is older than one that was.
    async fn settled(&self, scope: &Scope, findings: &RunFindings) -> Result<Option<Settled>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT resolved, reopened, moved FROM case_run WHERE run = ").bind(findings.run());
        if let Some(row) = tx.row(sql).await? {
            return Ok(Some(Settled { resolved: row.int(0)?, reopened: row.int(1)?, moved: row.int(2)?, older: false }));
        }
        let sql = Sql::new("SELECT run FROM case_run WHERE period > ").bind(findings.period().to_string()).push(" LIMIT 1");
        Ok(tx.row(sql).await?.map(|_| Settled { older: true, ..Settled::default() }))
    }

    async fn settle_chunk(
        &self,
        scope: &Scope,
        findings: &RunFindings,
        users: &[User],
        ids: &[String],
        form: &str,
    ) -> Result<(), DeskError> {
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM work_case WHERE id IN ").list(ids.iter().map(String::as_str));
        let sql = sql.push(" ORDER BY id");
        let sql = if tx.is_postgres() { sql.push(" FOR UPDATE") } else { sql };
        let found = cases(&mut tx, sql).await?;
        let now = self.now();
        let (mut events, mut owners) = (Vec::new(), Vec::new());
        for case in &found {
            let Some(mut next) = next(case, findings, now) else { continue };
            if next.case.finding != case.finding && is_case(&mut tx, next.case.finding).await? {
                // The person it now belongs to has a case of this finding: this one ends, the other goes on.
                next = Next { case: gone(case, findings.period(), now), what: "merged", value: None };
            }
            // Who had it may not see where it lies now, or may have left while it was closed.
            if next.case.commune != case.commune || next.case.state == CaseState::Reopened {
                owners.extend(freed(&mut next.case, users, day_of(now)).map(|event| (case.id.clone(), event)));
            }
            write(&mut tx, &next.case, now).await?;
            let day = (next.case.state == CaseState::Reopened).then_some(next.case.due);
            let event = NewEvent { version: next.case.version, what: next.what, value: next.value, day, reason: None };
            events.push((case.id.clone(), event));
        }
        self.add_events(&mut tx, scope, form, events).await?;
        // After what happened to the case, and under a form of its own: a case has one event a form.
        self.add_events(&mut tx, scope, &format!("{form}-owner"), owners).await?;
        tx.commit().await
    }

    /// Writes down that the run was settled, with its event; counts what its events say, also those of an interrupted try.
    async fn finish(&self, scope: &Scope, findings: &RunFindings, form: &str) -> Result<Settled, DeskError> {
        let mut tx = self.store().write(scope).await?;
        let mut settled = Settled::default();
        let sql = Sql::new("SELECT what, count(*) FROM case_event WHERE client_tx = ").bind(form).push(" GROUP BY what");
        for row in tx.rows(sql).await? {
            match row.text(0)?.as_str() {
                "resolved" | "merged" => settled.resolved += row.int(1)?,
                "relocated" | "renumbered" => settled.moved += row.int(1)?,
                "vanished" | "seen_again" => {}
                _ => settled.reopened += row.int(1)?,
            }
        }
        let sql = Sql::with(
            "INSERT INTO case_run (run, period, finished_at, resolved, reopened, moved) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (run) DO NOTHING",
            [
                findings.run().into(),
                findings.period().to_string().into(),
                self.now().into(),
                settled.resolved.into(),
                settled.reopened.into(),
                settled.moved.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(settled);
        }
        let event = ReadEvent::new(AuditAction::SettleCases, "run").object(findings.run());
        let event = event.count("resolved", settled.resolved).count("reopened", settled.reopened).count("moved", settled.moved);
        self.commit_with(tx, scope, event.word("period", &findings.period().to_string())).await?;
        Ok(settled)
    }
}

/// What a run says about a case; nothing when it stays as it is.
fn next(case: &Case, findings: &RunFindings, now: i64) -> Option<Next> {
    let period = findings.period();
    if period < case.period {
        return None;
    }
    let done = case.state == CaseState::Done;
    let found = findings.find(case.finding);
    let Some(commune) = found else {
        if let Some((key, subject, commune)) = findings.under_another_number(case) {
            let moved = Case { finding: key, subject, commune, version: case.version + 1, ..case.clone() };
            return Some(Next { case: moved, what: "renumbered", value: Some(key.to_string()) });
        }
        if !findings.was_evaluated(&case.rule) || case.gone_period.is_some() {
            return None;
        }
        let value = Some(period.to_string());
        return Some(if done {
            let case = Case { gone_period: Some(period), version: case.version + 1, ..case.clone() };
            Next { case, what: "vanished", value }
        } else {
            Next { case: gone(case, period, now), what: "resolved", value }
        });
    };
    if let Some(why) = done.then(|| reopens(case, period)).flatten() {
        let reopened = Case {
            state: CaseState::Reopened,
            outcome: None,
            outcome_day: None,
            closed_at: None,
            gone_period: None,
            commune,
            due: findings.due(&case.rule).unwrap_or(case.due),
            version: case.version + 1,
            ..case.clone()
        };
        return Some(Next { case: reopened, what: why, value: Some(period.to_string()) });
    }
    if commune != case.commune && commune.is_some() {
        let value = commune.as_ref().map(CommuneCode::to_string);
        let moved = Case { commune, village: None, gone_period: None, version: case.version + 1, ..case.clone() };
        return Some(Next { case: moved, what: "relocated", value });
    }
    case.gone_period.map(|_| Next {
        case: Case { gone_period: None, version: case.version + 1, ..case.clone() },
        what: "seen_again",
        value: Some(period.to_string()),
    })
}

/// Why a closed case whose finding stands is opened again: it was gone and came back; somebody joined and the register does not know it a
/// whole month later; the term of an outcome is over.
fn reopens(case: &Case, period: Month) -> Option<&'static str> {
    let end = period.last_day();
    match (case.outcome?, case.outcome_day) {
        (outcome, Some(day)) if outcome.keeps_off_list() => (end > day).then_some("term_over"),
        (Outcome::Joined, _) => {
            let closed = case.closed_at.map(day_of)?;
            (case.gone_period.is_some() || period > closed.month()).then_some(if case.gone_period.is_some() {
                "returned"
            } else {
                "still_found"
            })
        }
        _ => case.gone_period.is_some().then_some("returned"),
    }
}

/// The day in Hà Nội of a moment.
pub(super) fn day_of(unix_ms: i64) -> Date {
    let days = (unix_ms + 7 * 3_600_000).div_euclid(86_400_000);
    let days = i32::try_from(days).unwrap_or_default();
    Date::from_days_since_epoch(days).unwrap_or_else(|| unreachable!("a moment of the clock is a day of the calendar"))
}

/// The case without its finding.
fn gone(case: &Case, period: Month, now: i64) -> Case {
    Case {
        state: CaseState::Done,
        outcome: Some(Outcome::Gone),
        outcome_day: None,
        closed_at: Some(now),
        snoozed_until: None,
        gone_period: Some(period),
        version: case.version + 1,
        ..case.clone()
    }
}

async fn is_case(tx: &mut Tx, key: FindingKey) -> Result<bool, DeskError> {
    Ok(tx.row(Sql::new("SELECT id FROM work_case WHERE finding_key = ").bind(key.to_string())).await?.is_some())
}

async fn write(tx: &mut Tx, case: &Case, now: i64) -> Result<(), DeskError> {
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let sql = Sql::new("UPDATE work_case SET version = version + 1, changed_at = ").bind(now);
    let sql = sql.push(", finding_key = ").bind(case.finding.to_string()).push(", subject = ").bind(case.subject);
    let sql = sql.push(", commune = ").bind(case.commune.as_ref().map(CommuneCode::as_str));
    let sql = sql.push(", village = ").bind(case.village.as_deref()).push(", owner = ").bind(case.owner.as_deref());
    let sql = sql.push(", state = ").bind(case.state.as_str());
    let sql = sql.push(", due = ").bind(case.due.to_string()).push(", snoozed_until = ").bind(day(case.snoozed_until));
    let sql =
        sql.push(", outcome = ").bind(case.outcome.map(Outcome::as_str)).push(", outcome_day = ").bind(day(case.outcome_day));
    let sql = match case.closed_at {
        Some(at) => sql.push(", closed_at = ").bind(at),
        None => sql.push(", closed_at = NULL"),
    };
    let sql = sql.push(", gone_period = ").bind(case.gone_period.map(|period| period.to_string()));
    tx.execute(sql.push(" WHERE id = ").bind(case.id.as_str())).await.map(drop)
}

/// The kind of subject whose number can be joined to another.
pub(super) fn may_be_renumbered(case: &Case) -> bool {
    case.subject_kind == SubjectKind::Person
}
