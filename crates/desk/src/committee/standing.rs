//! How the bodies stand: which there are, when they met last, how many conclusions are open and late. Counts for other pages.

use std::collections::BTreeMap;

use base::{Date, Scope};
use serde::Serialize;

use super::{COLUMNS, Committee, day, from_row};
use crate::access::{Permission, require};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// A body in counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeStanding {
    /// The body.
    pub committee: Committee,
    /// Members in office today.
    pub members: i64,
    /// Meetings between the two days asked for, without withdrawn ones.
    pub meetings: i64,
    /// The last meeting there was.
    pub last_meeting: Option<Date>,
    /// Conclusions that are to be done or wait for confirmation.
    pub open: i64,
    /// Of them reported and waiting.
    pub reported: i64,
    /// Of the open ones those whose day is over and that nobody reported.
    pub late: i64,
}

impl Desk {
    /// All bodies in counts, the city's first, then by commune. Meetings are counted between two days, both in it.
    pub async fn committees(
        &self,
        scope: &Scope,
        (first, last): (Date, Date),
        today: Date,
    ) -> Result<Vec<CommitteeStanding>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let (first, last, today) = (first.to_string(), last.to_string(), today.to_string());
        let sql = Sql::new("SELECT m.committee, count(*) FROM committee_member m WHERE m.first_day <= ").bind(today.as_str());
        let sql = sql.push(" AND COALESCE(m.last_day, '9999-12-31') >= ").bind(today.as_str()).push(" GROUP BY m.committee");
        let members = counted(&mut tx, sql).await?;
        let sql =
            Sql::new("SELECT m.committee, count(*) FROM committee_meeting m WHERE m.withdrawn_at IS NULL AND m.held_on >= ");
        let sql = sql.bind(first).push(" AND m.held_on <= ").bind(last).push(" GROUP BY m.committee");
        let meetings = counted(&mut tx, sql).await?;
        let sql = "SELECT m.committee, max(m.held_on) FROM committee_meeting m WHERE m.withdrawn_at IS NULL GROUP BY m.committee";
        let mut last_meeting = BTreeMap::new();
        for row in tx.rows(Sql::new(sql)).await? {
            last_meeting.insert(row.text(0)?, day("committee_meeting", &row.text(1)?)?);
        }
        let sql = Sql::new("SELECT c.committee, c.state, CASE WHEN c.due < ").bind(today.as_str());
        let sql = sql.push(" THEN 'late' ELSE 'due' END AS late, count(*) FROM committee_conclusion c ");
        let sql = sql.push("WHERE c.state IN ('open', 'reported') GROUP BY c.committee, c.state, late");
        let mut conclusions: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
        for row in tx.rows(sql).await? {
            let (open, reported, late) = conclusions.entry(row.text(0)?).or_default();
            let count = row.int(3)?;
            *open += count;
            match (row.text(1)?.as_str(), row.text(2)?.as_str()) {
                ("reported", _) => *reported += count,
                (_, "late") => *late += count,
                _ => {}
            }
        }
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM committee b ORDER BY COALESCE(b.commune, ''), b.id");
        let mut all = Vec::new();
        for row in tx.rows(sql).await? {
            let committee = from_row(&row)?;
            let of = |counts: &BTreeMap<String, i64>| counts.get(&committee.id).copied().unwrap_or_default();
            let (open, reported, late) = conclusions.get(&committee.id).copied().unwrap_or_default();
            all.push(CommitteeStanding {
                members: of(&members),
                meetings: of(&meetings),
                last_meeting: last_meeting.get(&committee.id).copied(),
                open,
                reported,
                late,
                committee,
            });
        }
        Ok(all)
    }
}

async fn counted(tx: &mut Tx, sql: Sql) -> Result<BTreeMap<String, i64>, DeskError> {
    tx.rows(sql).await?.iter().map(|row| Ok((row.text(0)?, row.int(1)?))).collect()
}
