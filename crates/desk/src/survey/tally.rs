//! What came of campaigns, as counts.

use std::collections::BTreeMap;

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

use super::campaign::{COLUMNS, from_row};
use super::{Campaign, is_satisfied, steps};
use crate::access::{Permission, require};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Answers of an hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct HourCount {
    /// When the hour began, Unix milliseconds.
    pub at: i64,
    /// How many came in it.
    pub answers: i64,
}

/// A campaign in counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CampaignTally {
    /// The campaign.
    pub campaign: Campaign,
    /// Links that were made.
    pub issued: i64,
    /// Answers.
    pub answers: i64,
    /// Of them satisfied, by the rule of the campaign.
    pub satisfied: i64,
    /// By question: how often each step from 1 to 5 was given.
    pub steps: Vec<[i64; 5]>,
    /// Answers by the hour, in order; hours without answers are not there.
    pub hours: Vec<HourCount>,
}

/// Satisfied people of a unit in a time: numerator and denominator of I6.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SatisfactionCount {
    /// The desk unit whose service was asked about.
    pub unit: String,
    /// Its commune, where it is one's.
    pub commune: Option<CommuneCode>,
    /// The service.
    pub service: String,
    /// Satisfied answers: the numerator.
    pub satisfied: i64,
    /// Answers: the denominator.
    pub answers: i64,
}

impl Desk {
    /// All campaigns in counts, the newest first.
    pub async fn campaigns(&self, scope: &Scope) -> Result<Vec<CampaignTally>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM survey_campaign s ORDER BY s.first_day DESC, s.id DESC");
        let campaigns = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let mut issued = BTreeMap::new();
        let sql = "SELECT campaign, CAST(sum(links) AS BIGINT) FROM survey_issue GROUP BY campaign";
        for row in tx.rows(Sql::new(sql)).await? {
            issued.insert(row.text(0)?, row.int(1)?);
        }
        let mut hours: BTreeMap<String, Vec<HourCount>> = BTreeMap::new();
        let sql = "SELECT campaign, hour, answers FROM survey_hour ORDER BY campaign, hour";
        for row in tx.rows(Sql::new(sql)).await? {
            let hour = HourCount { at: row.int(1)?.saturating_mul(3_600_000), answers: row.int(2)? };
            hours.entry(row.text(0)?).or_default().push(hour);
        }
        let empty = |campaign: Campaign| CampaignTally {
            issued: issued.remove(&campaign.id).unwrap_or_default(),
            hours: hours.remove(&campaign.id).unwrap_or_default(),
            steps: vec![[0; 5]; usize::try_from(campaign.questions).unwrap_or_default()],
            answers: 0,
            satisfied: 0,
            campaign,
        };
        let mut all: Vec<CampaignTally> = campaigns.into_iter().map(empty).collect();
        let place: BTreeMap<String, usize> = all.iter().enumerate().map(|(n, one)| (one.campaign.id.clone(), n)).collect();
        for (campaign, given, count) in given(&mut tx, None).await? {
            let Some(tally) = place.get(&campaign).and_then(|place| all.get_mut(*place)) else { continue };
            tally.answers += count;
            if is_satisfied(&given, tally.campaign.satisfied_from) {
                tally.satisfied += count;
            }
            for (steps, step) in tally.steps.iter_mut().zip(&given) {
                steps[usize::from(*step) - 1] += count;
            }
        }
        Ok(all)
    }

    /// One campaign in counts.
    pub async fn campaign(&self, scope: &Scope, id: &str) -> Result<CampaignTally, DeskError> {
        let all = self.campaigns(scope).await?;
        all.into_iter().find(|one| one.campaign.id == id).ok_or(DeskError::NotFound { kind: "survey_campaign" })
    }

    /// Satisfied answers and answers between two days, both in it, by unit and service: what indicator I6 is made of. The indicator of the
    /// city is the sum of all, that of a commune the sum of those with its code.
    pub async fn satisfaction(&self, scope: &Scope, from: Date, to: Date) -> Result<Vec<SatisfactionCount>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM survey_campaign s");
        let campaigns = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
        let campaigns: BTreeMap<String, Campaign> = campaigns.into_iter().map(|one| (one.id.clone(), one)).collect();
        let mut sums: BTreeMap<(String, Option<CommuneCode>, String), (i64, i64)> = BTreeMap::new();
        for (campaign, given, count) in given(&mut tx, Some((from, to))).await? {
            let Some(campaign) = campaigns.get(&campaign) else { continue };
            let key = (campaign.unit.clone(), campaign.commune.clone(), campaign.service.clone());
            let (satisfied, answers) = sums.entry(key).or_default();
            *answers += count;
            if is_satisfied(&given, campaign.satisfied_from) {
                *satisfied += count;
            }
        }
        let count =
            |((unit, commune, service), (satisfied, answers))| SatisfactionCount { unit, commune, service, satisfied, answers };
        Ok(sums.into_iter().map(count).collect())
    }
}

/// What was answered: campaign, steps, how often.
async fn given(tx: &mut Tx, days: Option<(Date, Date)>) -> Result<Vec<(String, Vec<u8>, i64)>, DeskError> {
    let mut sql = Sql::new("SELECT campaign, steps, count(*) FROM survey_answer");
    if let Some((from, to)) = days {
        sql = sql.push(" WHERE day >= ").bind(from.to_string()).push(" AND day <= ").bind(to.to_string());
    }
    let rows = tx.rows(sql.push(" GROUP BY campaign, steps")).await?;
    rows.iter().map(|row| Ok((row.text(0)?, steps(&row.text(1)?)?, row.int(2)?))).collect()
}
