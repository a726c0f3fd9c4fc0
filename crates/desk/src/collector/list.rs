//! Lists of cases handed to a collector: made from a queue, for a campaign, until a day; nothing of them without a card that holds.

use base::{Date, Scope};
use serde::Serialize;

use super::{CollectorRefusal, card, day, manages, refuse, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::{self, Case, CaseQuery};
use crate::db::{Row, Tx};
use crate::privacy::RESTRICTED_CASES;
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError, OutboxKind};

/// Cases one list may hold: it is somebody's work of some weeks, not a copy of the register.
pub const LIST_CASES: i64 = 500;

/// A list that is handed over.
#[derive(Debug, Clone)]
pub struct NewList {
    /// To whom.
    pub collector: String,
    /// The queue whose cases are handed over, as far as they may be.
    pub query: CaseQuery,
    /// Reasons that are a collector's to work on; cases of others stay.
    pub rules: std::collections::BTreeSet<String>,
    /// What for.
    pub campaign: String,
    /// Last day on which the list may be used.
    pub last_day: Date,
    /// The form's own number: sent twice, the first answer comes again.
    pub client_tx: String,
}

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CollectorList {
    /// UUIDv7.
    pub id: String,
    /// To whom.
    pub collector: String,
    /// What for.
    pub campaign: String,
    /// The day it was handed over.
    pub handed_on: Date,
    /// Last day on which it may be used.
    pub last_day: Date,
    /// Cases in it.
    pub cases: i64,
    /// Cases of the queue that were not handed over: outside the card's area, in another list that runs, not for a collector, restricted.
    pub left_out: i64,
    /// Of these, cases whose people are restricted; of a list that is made into a file, cases that are kept off it for that.
    pub restricted: i64,
}

const COLUMNS: &str = "l.id, l.collector, l.campaign, l.handed_on, l.last_day, l.cases, l.left_out, l.restricted";

impl Desk {
    /// Hands the open cases of a queue to a collector whose card holds today: cases about people without employer (the work of communes),
    /// in the card's area, in no other list that still runs. The same form again gives the same list.
    pub async fn hand_over(&self, scope: &Scope, new: NewList) -> Result<CollectorList, DeskError> {
        manages(scope)?;
        require(scope, Permission::Export)?;
        let (form, campaign) = (client_tx(&new.client_tx)?, written("campaign", &new.campaign)?);
        let today = new.query.today;
        if new.rules.is_empty() {
            return refuse(CollectorRefusal::NothingToHand);
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(&form).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_list l WHERE l.client_tx = ").bind(form.as_str());
        if let Some(known) = tx.row(sql).await?.map(|row| from_row(&row)).transpose()? {
            let same = (&known.collector, &known.campaign) == (&new.collector, &campaign);
            return if same { Ok(known) } else { Err(DeskError::ClientTxReused) };
        }
        let collector = card::one(&mut tx, scope, &new.collector).await?;
        let Some(valid) = collector.valid_card(today) else { return refuse(CollectorRefusal::NoValidCard) };
        if new.last_day < today || new.last_day > valid.last_day {
            return Err(DeskError::Invalid { field: "last_day", why: "must lie within the validity of the card, from today on" });
        }
        // Two lists at one moment must not take the same case.
        tx.lock("collector_list").await?;
        let all = case::counted(&mut tx, scope, &new.query).await?;
        let (restricted, _) = case::kept_off(&mut tx, scope, &new.query).await?;
        let sql = case::condition(Sql::new("SELECT id FROM work_case WHERE "), scope, &new.query)?;
        let sql = sql.push(" AND state <> 'done' AND subject_kind = 'person' AND unit = 'commune' AND commune IN ");
        let sql = sql.list(valid.area.iter().map(|commune| commune.as_str())).push(" AND rule IN ");
        let sql = sql.list(new.rules.iter().map(String::as_str));
        let sql = sql.push(
            " AND NOT EXISTS (SELECT 1 FROM collector_list_case k JOIN collector_list l ON l.id = k.list \
             WHERE k.case_id = work_case.id AND l.last_day >= ",
        );
        let rows = tx.rows(sql.bind(today.to_string()).push(") ORDER BY id LIMIT ").bind(LIST_CASES + 1)).await?;
        if rows.is_empty() {
            return refuse(CollectorRefusal::NothingToHand);
        }
        let cases = rows.len() as i64;
        if cases > LIST_CASES {
            return refuse(CollectorRefusal::TooMany);
        }
        let now = self.now();
        let list = CollectorList {
            id: self.next_id(now),
            collector: new.collector,
            campaign,
            handed_on: today,
            last_day: new.last_day,
            cases,
            left_out: all + restricted - cases,
            restricted,
        };
        let sql = Sql::with(
            "INSERT INTO collector_list (id, client_tx, collector, card, campaign, handed_on, last_day, cases, left_out, restricted, made_by, \
             made_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
            [
                list.id.as_str().into(),
                form.as_str().into(),
                list.collector.as_str().into(),
                valid.id.as_str().into(),
                list.campaign.as_str().into(),
                list.handed_on.to_string().into(),
                list.last_day.to_string().into(),
                list.cases.into(),
                list.left_out.into(),
                list.restricted.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        for part in rows.chunks(crate::sql::MAX_BINDS / 2) {
            let mut values = Vec::with_capacity(part.len());
            for row in part {
                values.push(vec![list.id.as_str().into(), row.text(0)?.into()]);
            }
            tx.execute(Sql::new("INSERT INTO collector_list_case (list, case_id) VALUES ").rows(values)).await?;
        }
        self.put_out(&mut tx, scope, OutboxKind::ListHanded, &list.id, &[("cases", list.cases)]).await?;
        let event = ReadEvent::new(AuditAction::HandOverCases, "collector_list").object(list.id.as_str());
        self.commit_with(tx, scope, event.count("rows", list.cases).client_tx(&form)).await?;
        Ok(list)
    }

    /// The lists of a collector, the newest first.
    pub async fn collector_lists(&self, scope: &Scope, collector: &str) -> Result<Vec<CollectorList>, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let sql =
            Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_list l JOIN collector c ON c.id = l.collector WHERE c.id = ");
        let sql = visible(sql.bind(collector).push(" AND "), scope)?;
        let mut tx = self.store().read(scope).await?;
        tx.rows(sql.push(" ORDER BY l.id DESC")).await?.iter().map(from_row).collect()
    }

    /// The open cases of a list for the file that its collector is given: only while the list runs and the collector's card holds, and
    /// without people who were restricted since ([`CollectorList::restricted`] then counts those kept off). The caller writes the audit event before the file leaves.
    pub async fn handed_cases(&self, scope: &Scope, list: &str, today: Date) -> Result<(CollectorList, Vec<Case>), DeskError> {
        manages(scope)?;
        require(scope, Permission::Export)?;
        let mut tx = self.store().read(scope).await?;
        let mut list = one(&mut tx, scope, list).await?;
        if card::one(&mut tx, scope, &list.collector).await?.valid_card(today).is_none() {
            return refuse(CollectorRefusal::NoValidCard);
        }
        if today > list.last_day {
            return refuse(CollectorRefusal::ListOver);
        }
        let of = |which: &'static str| {
            let sql = Sql::new(
                " FROM work_case WHERE state <> 'done' AND id IN (SELECT case_id FROM collector_list_case WHERE list = ",
            );
            sql.bind(list.id.as_str()).push(which).push(RESTRICTED_CASES)
        };
        let kept_off = case::some(&mut tx, scope, of(") AND id IN ")).await?.len();
        let cases = case::some(&mut tx, scope, of(") AND id NOT IN ")).await?;
        list.restricted = i64::try_from(kept_off).unwrap_or(i64::MAX);
        Ok((list, cases))
    }
}

async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<CollectorList, DeskError> {
    let sql =
        Sql::new("SELECT ").push(COLUMNS).push(" FROM collector_list l JOIN collector c ON c.id = l.collector WHERE l.id = ");
    let sql = visible(sql.bind(id).push(" AND "), scope)?;
    tx.row(sql).await?.map(|row| from_row(&row)).transpose()?.ok_or(DeskError::NotFound { kind: "collector_list" })
}

fn from_row(row: &Row) -> Result<CollectorList, DeskError> {
    Ok(CollectorList {
        id: row.text(0)?,
        collector: row.text(1)?,
        campaign: row.text(2)?,
        handed_on: day("collector_list", &row.text(3)?)?,
        last_day: day("collector_list", &row.text(4)?)?,
        cases: row.int(5)?,
        left_out: row.int(6)?,
        restricted: row.int(7)?,
    })
}
