//! Writing, submitting, confirming and returning a report.

use base::{Area, CommuneCode, Scope};
use serde::Serialize;

use super::history::{NewEvent, is_known};
use super::period::is_locked;
use super::{ReportState, TaskReport, TaskTerm, one, own};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Characters of one part of a report at most.
const PART: usize = 8_000;

/// What a report says. Figures are not typed here: they come from the run.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ReportWords {
    /// What was done (kết quả thực hiện).
    pub done: String,
    /// What hindered (khó khăn, vướng mắc).
    pub hindered: String,
    /// What is proposed (đề xuất, kiến nghị).
    pub proposed: String,
}

/// What is done with a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReportChange {
    /// Its words are written anew; of a draft or one that was returned.
    Write(ReportWords),
    /// It is submitted.
    Submit,
    /// It is confirmed, by who follows the plan.
    Confirm,
    /// It is returned to be mended; a confirmed one too.
    Return {
        /// Why.
        reason: String,
    },
}

/// Why a report was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportRefusal {
    /// Somebody changed it in between.
    Stale,
    /// Its state does not allow this.
    WrongState,
    /// It is another unit's.
    NotYourUnit,
    /// Who submitted it may not confirm it.
    SamePerson,
    /// Its period is closed.
    Locked,
    /// There is nothing to submit: no word of what was done, and no evidence.
    Empty,
}

impl ReportRefusal {
    /// All reasons.
    pub const ALL: [Self; 6] = [Self::Stale, Self::WrongState, Self::NotYourUnit, Self::SamePerson, Self::Locked, Self::Empty];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::WrongState => "wrong_state",
            Self::NotYourUnit => "not_your_unit",
            Self::SamePerson => "same_person",
            Self::Locked => "locked",
            Self::Empty => "empty",
        }
    }
}

impl ReportChange {
    /// Whether a report of this state can be changed so.
    pub fn fits(&self, state: ReportState) -> bool {
        use ReportState::*;
        match self {
            Self::Write(_) | Self::Submit => matches!(state, Draft | Returned),
            Self::Confirm => state == Submitted,
            Self::Return { .. } => matches!(state, Submitted | Confirmed),
        }
    }

    fn is_own(&self) -> bool {
        matches!(self, Self::Write(_) | Self::Submit)
    }
}

impl Desk {
    /// Begins the report of one's own unit about a task and term. Where there is one already, that one is given.
    pub async fn draft_task_report(&self, scope: &Scope, about: &TaskTerm, form: &str) -> Result<TaskReport, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let form = client_tx(form)?;
        word("plan", &about.plan)?;
        word("task", &about.task)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("task_report {} {} {} {}", about.plan, about.task, about.term, scope.unit)).await?;
        if let Some(known) = own(&mut tx, scope, about).await? {
            return Ok(known);
        }
        if is_locked(&mut tx, &about.plan, about.term).await? {
            return Err(DeskError::ReportRefused { why: ReportRefusal::Locked });
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO task_report (id, plan, task, term, unit, commune, state, done, hindered, proposed, changed_by, version, \
             made_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 'draft', '', '', '', $7, 1, $8, $8)",
            [
                id.as_str().into(),
                about.plan.as_str().into(),
                about.task.as_str().into(),
                about.term.to_string().into(),
                scope.unit.as_str().into(),
                own_commune(scope).map(CommuneCode::as_str).into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = NewEvent { version: 1, what: "drafted", ..NewEvent::default() };
        self.add_report_event(&mut tx, scope, &id, &form, event).await?;
        let report = one(&mut tx, scope, &id).await?;
        self.commit_with(tx, scope, told(&report, "drafted").client_tx(&form)).await?;
        Ok(report)
    }

    /// Changes a report that still has this version. The same form again gives the report as it is now.
    pub async fn change_task_report(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        change: &ReportChange,
        form: &str,
    ) -> Result<TaskReport, DeskError> {
        require(scope, if change.is_own() { Permission::ReportTasks } else { Permission::ConfirmTasks })?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let report = one(&mut tx, scope, id).await?;
        if is_known(&mut tx, id, &form).await? {
            return Ok(report);
        }
        let refused = |why| Err(DeskError::ReportRefused { why });
        if change.is_own() && report.unit != scope.unit {
            return refused(ReportRefusal::NotYourUnit);
        }
        if report.version != version {
            return refused(ReportRefusal::Stale);
        }
        if is_locked(&mut tx, &report.about.plan, report.about.term).await? {
            return refused(ReportRefusal::Locked);
        }
        if !change.fits(report.state) {
            return refused(ReportRefusal::WrongState);
        }
        let sql = Sql::new("UPDATE task_report SET version = version + 1, changed_at = ").bind(self.now());
        let sql = sql.push(", changed_by = ").bind(scope.actor.0.as_str());
        let (sql, what, reason) = match change {
            ReportChange::Write(words) => {
                let sql = sql.push(", done = ").bind(part("done", &words.done)?);
                let sql = sql.push(", hindered = ").bind(part("hindered", &words.hindered)?);
                (sql.push(", proposed = ").bind(part("proposed", &words.proposed)?), "written", None)
            }
            ReportChange::Submit => {
                if report.words.done.trim().is_empty() && super::evidence::of(&mut tx, id).await?.is_empty() {
                    return refused(ReportRefusal::Empty);
                }
                (sql.push(", state = 'submitted'"), "submitted", None)
            }
            ReportChange::Confirm => {
                if report.changed_by == scope.actor.0 {
                    return refused(ReportRefusal::SamePerson);
                }
                (sql.push(", state = 'confirmed'"), "confirmed", None)
            }
            ReportChange::Return { reason } => (sql.push(", state = 'returned'"), "returned", Some(written("reason", reason)?)),
        };
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { version: version + 1, what, reason, ..NewEvent::default() };
        self.add_report_event(&mut tx, scope, id, &form, event).await?;
        let changed = one(&mut tx, scope, id).await?;
        self.commit_with(tx, scope, told(&changed, what).client_tx(&form)).await?;
        Ok(changed)
    }
}

/// The audit event of a change.
pub(super) fn told(report: &TaskReport, what: &str) -> ReadEvent {
    let event = ReadEvent::new(AuditAction::ReportTask, "task_report").object(report.id.as_str()).word("what", what);
    report.commune.iter().fold(event.word("task", &report.about.task), |event, commune| event.commune(commune))
}

/// The commune of who works for one alone.
pub(crate) fn own_commune(scope: &Scope) -> Option<&CommuneCode> {
    match &scope.area {
        Area::Communes(communes) if communes.len() == 1 => communes.first(),
        _ => None,
    }
}

/// A part of a report: may be empty, not endless.
fn part(field: &'static str, text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.chars().count() > PART {
        return Err(DeskError::Invalid { field, why: "is longer than 8,000 characters" });
    }
    Ok(text.to_owned())
}
