//! Collectors (nhân viên thu) of collection organisations (tổ chức hỗ trợ phát triển đối tượng): cards, trainings, complaints, and the
//! cases handed to them in lists that expire (plan III.2c).
//!
//! **Invariants:** nothing is deleted; a card is withdrawn once, a complaint resolved once; without a card that holds on the day no list
//! is made and none leaves; a case counts for the collector it was handed to last, so that shares add up; an organisation sees its own
//! collectors and of complaints not the words.

mod card;
mod complaint;
mod list;
mod tally;
mod training;

use std::collections::BTreeSet;

use base::{Area, CommuneCode, Date, Role, Scope};
use serde::Serialize;

use crate::DeskError;
use crate::access::{Permission, require};
use crate::db::Tx;
use crate::sql::Sql;

pub use card::{Collector, CollectorCard, NewCard, NewCollector};
pub use complaint::{Complaint, ComplaintKind, NewComplaint, Verdict};
pub use list::{CollectorList, LIST_CASES, NewList};
pub use tally::CollectorOutcomes;
pub use training::{NewTraining, Training};

/// Why something about a collector was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CollectorRefusal {
    /// No card of theirs holds on the day.
    NoValidCard,
    /// The list's last day has passed.
    ListOver,
    /// A commune of the card lies outside one's own area.
    OutsideArea,
    /// The number of the card, or the codes of point and collector, are taken.
    Taken,
    /// The card was withdrawn before.
    Withdrawn,
    /// The complaint was resolved before.
    Resolved,
    /// None of the cases can be handed to this collector.
    NothingToHand,
    /// More cases than one list may hold.
    TooMany,
}

impl CollectorRefusal {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::NoValidCard,
        Self::ListOver,
        Self::OutsideArea,
        Self::Taken,
        Self::Withdrawn,
        Self::Resolved,
        Self::NothingToHand,
        Self::TooMany,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoValidCard => "no_valid_card",
            Self::ListOver => "list_over",
            Self::OutsideArea => "outside_area",
            Self::Taken => "taken",
            Self::Withdrawn => "withdrawn",
            Self::Resolved => "resolved",
            Self::NothingToHand => "nothing_to_hand",
            Self::TooMany => "too_many",
        }
    }
}

fn refuse<T>(why: CollectorRefusal) -> Result<T, DeskError> {
    Err(DeskError::CollectorRefused { why })
}

/// Who may write about collectors: the insurance agency.
fn manages(scope: &Scope) -> Result<(), DeskError> {
    require(scope, Permission::ManageCollectors)
}

/// Adds the condition that a card (columns `area`, `organisation`) is open to who asks: row level security says the same in PostgreSQL.
fn card_visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    if scope.role == Role::Collector {
        return Ok(sql.push("k.organisation = ").bind(scope.unit.as_str()));
    }
    let communes = match &scope.area {
        Area::City => return Ok(sql.push("1 = 1")),
        Area::Communes(communes) => communes,
    };
    if communes.len() > 140 {
        return Err(DeskError::AreaTooWide { count: communes.len() });
    }
    let mut sql = sql.push("(1 = 0");
    for commune in communes {
        sql = sql.push(" OR (',' || k.area || ',') LIKE ").bind(format!("%,{commune},%"));
    }
    Ok(sql.push(")"))
}

/// Adds the condition that a collector (alias `c`) is open to who asks.
fn visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    if scope.area == Area::City && scope.role != Role::Collector {
        return Ok(sql.push("1 = 1"));
    }
    let sql = sql.push("EXISTS (SELECT 1 FROM collector_card k WHERE k.collector = c.id AND ");
    Ok(card_visible(sql, scope)?.push(")"))
}

/// The organisation of a collector who is open to who asks.
async fn organisation_of(tx: &mut Tx, scope: &Scope, collector: &str) -> Result<String, DeskError> {
    let sql = Sql::new("SELECT c.organisation FROM collector c WHERE c.id = ").bind(collector).push(" AND ");
    let row = tx.row(visible(sql, scope)?).await?;
    row.ok_or(DeskError::NotFound { kind: "collector" })?.text(0)
}

fn area_text(area: &BTreeSet<CommuneCode>) -> String {
    area.iter().map(CommuneCode::as_str).collect::<Vec<_>>().join(",")
}

fn area_from(text: &str) -> Result<BTreeSet<CommuneCode>, DeskError> {
    let wrong = || DeskError::damaged("collector_card", "area");
    text.split(',').map(|code| CommuneCode::parse(code).ok_or_else(wrong)).collect()
}

fn day(table: &'static str, text: &str) -> Result<Date, DeskError> {
    text.parse().map_err(|_| DeskError::damaged(table, "a day"))
}
