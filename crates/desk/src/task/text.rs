//! What people write into a periodic report of the plan (lời văn của báo cáo kỳ): by section, each change a version that stays, closed with
//! the period.

use base::{Area, CommuneCode, Date, Scope};
use serde::Serialize;

use super::change::ReportRefusal;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::{client_tx, word};
use crate::{Desk, DeskError};

/// Characters of the text of one section at most.
const LONGEST: usize = 20_000;

/// Whose report of which time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct PlanReport {
    /// Id of the plan: `hanoi-2026-2030`.
    pub plan: String,
    /// `2026`, `2026-H1`, `2026-Q4`, `2026-10` or `2026-W47`.
    pub period: String,
    /// Its first day.
    pub first_day: Date,
    /// Its last day.
    pub last_day: Date,
    /// The desk unit whose report it is; `None` for the report on the whole plan.
    pub unit: Option<String>,
}

/// A version of the text of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanText {
    /// Section, a stable word.
    pub section: String,
    /// Counts versions, from 1.
    pub version: i64,
    /// What was written; empty to go back to the text the program makes.
    pub text: String,
    /// Who wrote it, pseudonymous.
    pub written_by: String,
    /// Unix milliseconds.
    pub written_at: i64,
}

const COLUMNS: &str = "section, version, text, written_by, written_at";

impl PlanReport {
    fn unit_key(&self) -> &str {
        self.unit.as_deref().unwrap_or("")
    }
}

impl Desk {
    /// All versions of the texts of a report that are open to who asks, by section and version. They say nothing of people.
    pub async fn plan_texts(&self, scope: &Scope, report: &PlanReport) -> Result<Vec<PlanText>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM plan_report_text WHERE plan = ").bind(report.plan.as_str());
        let sql = sql.push(" AND period = ").bind(report.period.as_str()).push(" AND unit = ").bind(report.unit_key());
        let sql = sql.push(" AND (unit = ").bind(scope.unit.as_str()).push(" OR ").area("commune", &scope.area)?;
        tx.rows(sql.push(") ORDER BY section, version")).await?.iter().map(text_from).collect()
    }

    /// Writes the text of a section anew, over the version that was seen (0 for none). The same form again gives what it wrote.
    pub async fn write_plan_text(
        &self,
        scope: &Scope,
        report: &PlanReport,
        section: &str,
        seen: i64,
        text: &str,
        form: &str,
    ) -> Result<PlanText, DeskError> {
        require(scope, if report.unit.is_none() { Permission::ConfirmTasks } else { Permission::ReportTasks })?;
        let form = client_tx(form)?;
        word("plan", &report.plan)?;
        word("period", &report.period)?;
        word("section", section)?;
        if report.last_day < report.first_day {
            return Err(DeskError::Invalid { field: "period", why: "ends before it begins" });
        }
        let text = text.trim();
        if text.chars().count() > LONGEST {
            return Err(DeskError::Invalid { field: "text", why: "is longer than 20,000 characters" });
        }
        if report.unit.as_ref().is_some_and(|unit| *unit != scope.unit) {
            return Err(DeskError::ReportRefused { why: ReportRefusal::NotYourUnit });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("plan_report_text {} {} {} {section}", report.plan, report.period, report.unit_key())).await?;
        let known = versions(&mut tx, report, section).await?;
        if let Some((_, same)) = known.iter().find(|(known, _)| *known == form) {
            return Ok(same.clone());
        }
        let newest = known.last().map_or(0, |(_, text)| text.version);
        if newest != seen {
            return Err(DeskError::ReportRefused { why: ReportRefusal::Stale });
        }
        if is_locked(&mut tx, report).await? {
            return Err(DeskError::ReportRefused { why: ReportRefusal::Locked });
        }
        let now = self.now();
        let written = PlanText {
            section: section.to_owned(),
            version: newest + 1,
            text: text.to_owned(),
            written_by: scope.actor.0.clone(),
            written_at: now,
        };
        let sql = Sql::with(
            "INSERT INTO plan_report_text (id, plan, period, first_day, last_day, unit, commune, section, version, text, client_tx, \
             written_by, written_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
            [
                self.next_id(now).into(),
                report.plan.as_str().into(),
                report.period.as_str().into(),
                report.first_day.to_string().into(),
                report.last_day.to_string().into(),
                report.unit_key().into(),
                own_commune(scope, report).map(CommuneCode::as_str).into(),
                section.into(),
                written.version.into(),
                text.into(),
                form.as_str().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::WritePlanReport, "plan").object(report.plan.as_str());
        let event = event.word("period", &report.period).word("section", section).client_tx(&form);
        self.commit_with(tx, scope, event).await?;
        Ok(written)
    }

    /// Whether a period of a report lies in a closed one.
    pub async fn is_plan_report_locked(&self, scope: &Scope, report: &PlanReport) -> Result<bool, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        is_locked(&mut self.store().read(scope).await?, report).await
    }
}

async fn is_locked(tx: &mut Tx, report: &PlanReport) -> Result<bool, DeskError> {
    let (first, last) = (report.first_day.to_string(), report.last_day.to_string());
    let sql = Sql::new("SELECT period FROM plan_lock WHERE plan = ").bind(report.plan.as_str());
    let sql = sql.push(" AND first_day <= ").bind(first.as_str()).push(" AND last_day >= ").bind(last.as_str());
    Ok(tx.row(sql.push(" LIMIT 1")).await?.is_some())
}

/// The versions of a section with the form that wrote each, oldest first.
async fn versions(tx: &mut Tx, report: &PlanReport, section: &str) -> Result<Vec<(String, PlanText)>, DeskError> {
    let sql =
        Sql::new("SELECT ").push(COLUMNS).push(", client_tx FROM plan_report_text WHERE plan = ").bind(report.plan.as_str());
    let sql = sql.push(" AND period = ").bind(report.period.as_str()).push(" AND unit = ").bind(report.unit_key());
    let sql = sql.push(" AND section = ").bind(section).push(" ORDER BY version");
    tx.rows(sql).await?.iter().map(|row| Ok((row.text(5)?, text_from(row)?))).collect()
}

fn text_from(row: &Row) -> Result<PlanText, DeskError> {
    Ok(PlanText {
        section: row.text(0)?,
        version: row.int(1)?,
        text: row.text(2)?,
        written_by: row.text(3)?,
        written_at: row.int(4)?,
    })
}

/// The commune of a report that is one's: of who works for it alone.
fn own_commune<'s>(scope: &'s Scope, report: &PlanReport) -> Option<&'s CommuneCode> {
    match (&report.unit, &scope.area) {
        (Some(_), Area::Communes(communes)) if communes.len() == 1 => communes.first(),
        _ => None,
    }
}
