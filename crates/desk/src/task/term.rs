//! Terms that were put off (lùi hạn), and reminders of units (nhắc việc).

use std::collections::BTreeMap;

use base::{Date, Scope};
use serde::Serialize;

use super::TaskTerm;
use super::period::is_locked;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// A term to be put off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewExtension {
    /// The term as the plan sets it.
    pub about: TaskTerm,
    /// The day it is due now, after the term.
    pub new_term: Date,
    /// Number and day of the document that decides it.
    pub document: String,
    /// Why.
    pub reason: String,
}

/// A term that was put off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extension {
    /// The term as the plan sets it.
    pub about: TaskTerm,
    /// The day it is due now.
    pub new_term: Date,
    /// Number and day of the document that decides it.
    pub document: String,
    /// Why.
    pub reason: String,
    /// Who wrote it down, pseudonymous.
    pub decided_by: String,
    /// Unix milliseconds.
    pub decided_at: i64,
}

/// What a unit is reminded of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderKind {
    /// A term of a task.
    Task,
    /// Data it owes (cung cấp dữ liệu).
    Duty,
}

/// How a unit is reminded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReminderHow {
    /// By a letter (công văn).
    Letter,
    /// By telephone.
    Phone,
    /// In a meeting.
    Meeting,
    /// By this portal alone.
    Portal,
}

impl ReminderKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Duty => "duty",
        }
    }
}

impl ReminderHow {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Letter, Self::Phone, Self::Meeting, Self::Portal];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Letter => "letter",
            Self::Phone => "phone",
            Self::Meeting => "meeting",
            Self::Portal => "portal",
        }
    }

    /// By the stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|how| how.as_str() == word)
    }
}

/// A reminder to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReminder {
    /// Id of the plan.
    pub plan: String,
    /// What it is of.
    pub kind: ReminderKind,
    /// Id of the task or duty.
    pub subject: String,
    /// The term.
    pub term: Date,
    /// The plan's unit that is reminded.
    pub unit: String,
    /// How.
    pub how: ReminderHow,
    /// The document of the desk, where it is a letter.
    pub document: Option<String>,
    /// What was said.
    pub words: String,
}

/// A reminder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reminder {
    /// What it is of.
    pub kind: ReminderKind,
    /// Id of the task or duty.
    pub subject: String,
    /// The term.
    pub term: Date,
    /// The plan's unit that was reminded.
    pub unit: String,
    /// How.
    pub how: ReminderHow,
    /// The document of the desk.
    pub document: Option<String>,
    /// What was said.
    pub words: String,
    /// Who reminded, pseudonymous.
    pub by: String,
    /// Unix milliseconds.
    pub at: i64,
}

impl Desk {
    /// Puts a term off, for all who owe it. Not into or out of a closed period.
    pub async fn extend_term(&self, scope: &Scope, new: &NewExtension, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        let form = client_tx(form)?;
        word("plan", &new.about.plan)?;
        word("task", &new.about.task)?;
        if new.new_term <= new.about.term {
            return Err(DeskError::Invalid { field: "term", why: "is not after the term of the plan" });
        }
        let mut tx = self.store().write(scope).await?;
        if is_locked(&mut tx, &new.about.plan, new.about.term).await? {
            return Err(DeskError::ReportRefused { why: super::ReportRefusal::Locked });
        }
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO term_extension (id, client_tx, plan, task, term, new_term, document, reason, decided_by, decided_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (client_tx) DO NOTHING",
            [
                self.next_id(now).as_str().into(),
                form.as_str().into(),
                new.about.plan.as_str().into(),
                new.about.task.as_str().into(),
                new.about.term.to_string().into(),
                new.new_term.to_string().into(),
                written("document", &new.document)?.into(),
                written("reason", &new.reason)?.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        let event = ReadEvent::new(AuditAction::ExtendTerm, "task").object(new.about.task.as_str()).client_tx(&form);
        self.commit_with(tx, scope, event.word("term", &new.about.term.to_string())).await.map(drop)
    }

    /// The terms of a plan that were put off, by term and task; of several decisions on one the newest.
    pub async fn extensions(&self, scope: &Scope, plan: &str) -> Result<Vec<Extension>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let sql = Sql::new(
            "SELECT plan, task, term, new_term, document, reason, decided_by, decided_at FROM term_extension WHERE plan = ",
        );
        let mut tx = self.store().read(scope).await?;
        let mut newest: BTreeMap<(Date, String), Extension> = BTreeMap::new();
        for row in tx.rows(sql.bind(plan).push(" ORDER BY decided_at, id")).await? {
            let one = extension_from(&row)?;
            newest.insert((one.about.term, one.about.task.clone()), one);
        }
        Ok(newest.into_values().collect())
    }

    /// Writes down that a unit was reminded.
    pub async fn remind(&self, scope: &Scope, new: &NewReminder, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        let form = client_tx(form)?;
        let (plan, subject, unit) = (word("plan", &new.plan)?, word("subject", &new.subject)?, word("unit", &new.unit)?);
        let mut tx = self.store().write(scope).await?;
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO plan_reminder (id, client_tx, plan, kind, subject, term, unit, how, document, words, reminded_by, reminded_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (client_tx) DO NOTHING",
            [
                self.next_id(now).as_str().into(),
                form.as_str().into(),
                plan.into(),
                new.kind.as_str().into(),
                subject.as_str().into(),
                new.term.to_string().into(),
                unit.into(),
                new.how.as_str().into(),
                new.document.as_deref().into(),
                written("words", &new.words)?.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        let event = ReadEvent::new(AuditAction::RemindUnit, new.kind.as_str()).object(subject).client_tx(&form);
        self.commit_with(tx, scope, event.word("unit", &new.unit).word("how", new.how.as_str())).await.map(drop)
    }

    /// The reminders of a plan, newest first.
    pub async fn reminders(&self, scope: &Scope, plan: &str) -> Result<Vec<Reminder>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let sql = Sql::new(
            "SELECT kind, subject, term, unit, how, document, words, reminded_by, reminded_at FROM plan_reminder WHERE plan = ",
        );
        let mut tx = self.store().read(scope).await?;
        let rows = tx.rows(sql.bind(plan).push(" ORDER BY reminded_at DESC, id DESC")).await?;
        rows.iter().map(reminder_from).collect()
    }

    /// How much evidence stands behind each task's reports whose terms lie between two days, both in it, as far as who asks sees it.
    pub async fn task_evidence_counts(
        &self,
        scope: &Scope,
        plan: &str,
        first: Date,
        last: Date,
    ) -> Result<BTreeMap<String, i64>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        counts(&mut tx, scope, plan, (first, last)).await
    }
}

async fn counts(tx: &mut Tx, scope: &Scope, plan: &str, (first, last): (Date, Date)) -> Result<BTreeMap<String, i64>, DeskError> {
    let sql = Sql::new(
        "SELECT task, count(*) FROM task_report JOIN task_evidence ON report = task_report.id WHERE removed_at IS NULL AND plan = ",
    );
    let sql = sql.bind(plan).push(" AND term >= ").bind(first.to_string()).push(" AND term <= ").bind(last.to_string());
    let sql = super::visible(sql.push(" AND "), scope)?.push(" GROUP BY task");
    tx.rows(sql).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}

fn extension_from(row: &Row) -> Result<Extension, DeskError> {
    let day = |at| row.text(at)?.parse::<Date>().map_err(|_| DeskError::damaged("term_extension", "day"));
    Ok(Extension {
        about: TaskTerm { plan: row.text(0)?, task: row.text(1)?, term: day(2)? },
        new_term: day(3)?,
        document: row.text(4)?,
        reason: row.text(5)?,
        decided_by: row.text(6)?,
        decided_at: row.int(7)?,
    })
}

fn reminder_from(row: &Row) -> Result<Reminder, DeskError> {
    let wrong = |what: &'static str| DeskError::damaged("plan_reminder", what);
    Ok(Reminder {
        kind: match row.text(0)?.as_str() {
            "task" => ReminderKind::Task,
            "duty" => ReminderKind::Duty,
            _ => return Err(wrong("kind")),
        },
        subject: row.text(1)?,
        term: row.text(2)?.parse().map_err(|_| wrong("term"))?,
        unit: row.text(3)?,
        how: ReminderHow::from_word(&row.text(4)?).ok_or_else(|| wrong("how"))?,
        document: row.opt_text(5)?,
        words: row.text(6)?,
        by: row.text(7)?,
        at: row.int(8)?,
    })
}
