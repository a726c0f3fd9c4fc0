//! What the queue shows of one moment: how many cases each state has, a page of them, and which findings cases hold already.

use std::collections::{BTreeMap, BTreeSet};

use base::{Dong, FindingKey, Month, Scope};

use super::follow::taken_of;
use super::line::sum;
use super::queue::{counted, counts, page};
use super::{ReviewDue, ReviewPage, ReviewQuery, ReviewState, visible};
use crate::access::{Permission, require};
use crate::case::PageAt;
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What the cases of a visit hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HeldVisit {
    /// Keys of the findings that are a line of one of them.
    pub findings: BTreeSet<FindingKey>,
    /// What they propose to refuse, or refuse by a decision in force.
    pub taken: Dong,
}

/// The queue at one moment: counts and rows agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewBoard {
    /// How many cases of the query each state has, in the order of states; the query's own state and day make no difference.
    pub counts: Vec<(ReviewState, i64)>,
    /// How many cases of the query are overdue, see [`ReviewDue::Overdue`]; the query's own state and day make no difference.
    pub overdue: i64,
    /// The page of cases that was asked for.
    pub page: Option<ReviewPage>,
    /// What cases hold, by visit; a visit without a case is not there.
    pub held: BTreeMap<i64, HeldVisit>,
}

impl Desk {
    /// The queue at one moment. `at`: the place and rows of a page of cases, where cases are shown; `months`: the first and the last month of claims
    /// whose cases are asked what they hold.
    pub async fn review_board(
        &self,
        scope: &Scope,
        query: &ReviewQuery,
        at: Option<(&PageAt, i64)>,
        months: (Month, Month),
    ) -> Result<ReviewBoard, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let page = match at {
            Some((at, rows)) => Some(page(&mut tx, scope, query, at, rows).await?),
            None => None,
        };
        let every = ReviewQuery { state: None, due: None, ..query.clone() };
        let counts = counts(&mut tx, scope, &every).await?;
        let overdue = counted(&mut tx, scope, &ReviewQuery { due: Some(ReviewDue::Overdue), ..every }).await?;
        Ok(ReviewBoard { counts, overdue, page, held: held(&mut tx, scope, months).await? })
    }
}

async fn held(tx: &mut Tx, scope: &Scope, (from, to): (Month, Month)) -> Result<BTreeMap<i64, HeldVisit>, DeskError> {
    let sql = Sql::new(
        "SELECT c.visit, c.state, l.finding_key, l.proposed, l.decided, l.overturned FROM review_line l \
         JOIN review_case c ON c.id = l.case_id WHERE c.period >= ",
    );
    let sql = sql.bind(from.to_string()).push(" AND c.period <= ").bind(to.to_string()).push(" AND ");
    let mut all: BTreeMap<i64, HeldVisit> = BTreeMap::new();
    for row in tx.rows(visible(sql, scope)?).await? {
        let wrong = |table: &'static str, what: &'static str| move || DeskError::damaged(table, what);
        let state = ReviewState::from_word(&row.text(1)?).ok_or_else(wrong("review_case", "state"))?;
        let key = FindingKey::parse(&row.text(2)?).ok_or_else(wrong("review_line", "finding_key"))?;
        let upheld = Dong::new(row.int(4)?) - Dong::new(row.int(5)?);
        let visit = all.entry(row.int(0)?).or_default();
        visit.taken = sum([visit.taken, taken_of(state, Dong::new(row.int(3)?), upheld)])?;
        visit.findings.insert(key);
    }
    Ok(all)
}
