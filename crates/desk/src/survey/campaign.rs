//! Campaigns: one service of one unit, from a day to a day.

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use super::day;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// A campaign to be set up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCampaign {
    /// What it is called.
    pub name: String,
    /// The service: a word of the survey.
    pub service: String,
    /// Id of the survey.
    pub survey: String,
    /// Hash of the survey as it is now.
    pub survey_hash: String,
    /// Desk unit whose service it is.
    pub unit: String,
    /// Commune where it was given, where it is one.
    pub commune: Option<CommuneCode>,
    /// First day on which answers are taken.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// Number of questions.
    pub questions: i64,
    /// An answer is satisfied from this mean of its steps on, in hundredths: 400 is 4.00.
    pub satisfied_from: i64,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Campaign {
    /// UUIDv7.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// The service.
    pub service: String,
    /// Id of the survey.
    pub survey: String,
    /// Hash of the survey as it was.
    pub survey_hash: String,
    /// Desk unit whose service it is.
    pub unit: String,
    /// Its commune.
    pub commune: Option<CommuneCode>,
    /// First day.
    pub first_day: Date,
    /// Last day.
    pub last_day: Date,
    /// Number of questions.
    pub questions: i64,
    /// An answer is satisfied from this mean on, in hundredths.
    pub satisfied_from: i64,
    /// The day it was closed before its last day.
    pub closed_on: Option<Date>,
}

impl Campaign {
    /// Whether answers are taken on a day.
    pub fn is_open(&self, on: Date) -> bool {
        self.closed_on.is_none() && self.first_day <= on && on <= self.last_day
    }
}

pub(super) const COLUMNS: &str = "s.id, s.name, s.service, s.survey, s.survey_hash, s.unit, s.commune, s.first_day, s.last_day, \
                                  s.questions, s.satisfied_from, s.closed_on";

impl Desk {
    /// Sets up a campaign; for who follows the plan. The same form again gives the same campaign.
    pub async fn add_campaign(&self, scope: &Scope, new: &NewCampaign) -> Result<Campaign, DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        let (form, name) = (client_tx(&new.client_tx)?, written("name", &new.name)?);
        for (field, text) in [("service", &new.service), ("survey", &new.survey), ("survey_hash", &new.survey_hash)] {
            word(field, text)?;
        }
        if new.last_day < new.first_day {
            return Err(DeskError::Invalid { field: "last_day", why: "lies before the first day" });
        }
        if !(1..=10).contains(&new.questions) || !(100..=500).contains(&new.satisfied_from) {
            return Err(DeskError::Invalid { field: "survey", why: "has no questions or a mean outside 1 to 5" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM survey_campaign s WHERE s.client_tx = ").bind(form.as_str());
        if let Some(known) = tx.row(sql).await?.map(|row| from_row(&row)).transpose()? {
            let same = (&known.name, &known.unit, &known.service) == (&name, &new.unit, &new.service);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let unit = Sql::new("SELECT id FROM unit WHERE id = ").bind(new.unit.as_str());
        if tx.row(unit).await?.is_none() {
            return Err(DeskError::Invalid { field: "unit", why: "is no unit of the desk" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO survey_campaign (id, client_tx, name, service, survey, survey_hash, unit, commune, first_day, last_day, \
             questions, satisfied_from, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
            [
                id.as_str().into(),
                form.as_str().into(),
                name.into(),
                new.service.as_str().into(),
                new.survey.as_str().into(),
                new.survey_hash.as_str().into(),
                new.unit.as_str().into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                new.first_day.to_string().into(),
                new.last_day.to_string().into(),
                new.questions.into(),
                new.satisfied_from.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let made = one(&mut tx, &id).await?;
        self.commit_with(tx, scope, told(&made, "set_up").client_tx(&form)).await?;
        Ok(made)
    }

    /// Closes a campaign before its last day, once.
    pub async fn close_campaign(&self, scope: &Scope, id: &str, on: Date) -> Result<Campaign, DeskError> {
        require(scope, Permission::ConfirmTasks)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let known = one(&mut tx, id).await?;
        if known.closed_on.is_some() {
            return if known.closed_on == Some(on) { Ok(known) } else { refuse(PlanRefusal::WrongState) };
        }
        let sql = Sql::new("UPDATE survey_campaign SET closed_on = ").bind(on.to_string()).push(" WHERE id = ").bind(id);
        tx.execute(sql).await?;
        let closed = one(&mut tx, id).await?;
        self.commit_with(tx, scope, told(&closed, "closed")).await?;
        Ok(closed)
    }
}

/// The audit event of a change of a campaign.
pub(super) fn told(campaign: &Campaign, what: &str) -> ReadEvent {
    let event = ReadEvent::new(AuditAction::ManageSurvey, "survey_campaign").object(campaign.id.as_str()).word("what", what);
    campaign.commune.iter().fold(event, |event, commune| event.commune(commune))
}

pub(super) async fn one(tx: &mut Tx, id: &str) -> Result<Campaign, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM survey_campaign s WHERE s.id = ").bind(id);
    from_row(&tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "survey_campaign" })?)
}

pub(super) fn from_row(row: &Row) -> Result<Campaign, DeskError> {
    let wrong = || DeskError::damaged("survey_campaign", "commune");
    Ok(Campaign {
        id: row.text(0)?,
        name: row.text(1)?,
        service: row.text(2)?,
        survey: row.text(3)?,
        survey_hash: row.text(4)?,
        unit: row.text(5)?,
        commune: row.opt_text(6)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong)).transpose()?,
        first_day: day("survey_campaign", &row.text(7)?)?,
        last_day: day("survey_campaign", &row.text(8)?)?,
        questions: row.int(9)?,
        satisfied_from: row.int(10)?,
        closed_on: row.opt_text(11)?.map(|text| day("survey_campaign", &text)).transpose()?,
    })
}
