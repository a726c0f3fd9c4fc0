//! What came of the cases handed to collectors: counts, and the rows behind them by the same condition.

use std::collections::BTreeMap;

use base::{Role, Scope};
use serde::Serialize;

use super::card::{Which, read};
use crate::access::{Permission, require};
use crate::case::{self, Case, Outcome, RuleOutcome};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What came of the cases a collector has: each case counts for whom it was handed to last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CollectorOutcomes {
    /// Cases that are open.
    pub open: i64,
    /// Closed cases by outcome, in the order of outcomes; [`Outcome::Gone`] are those a run resolved.
    pub closed: Vec<RuleOutcome>,
}

impl CollectorOutcomes {
    /// All cases.
    pub fn handed(&self) -> i64 {
        self.open + self.closed.iter().map(|one| one.cases).sum::<i64>()
    }

    /// Cases that somebody closed.
    pub fn decided(&self) -> i64 {
        self.closed.iter().filter(|one| one.outcome != Outcome::Gone).map(|one| one.cases).sum()
    }

    /// Cases whose person takes part now or has said from when on.
    pub fn conversions(&self) -> i64 {
        self.closed.iter().filter(|one| one.outcome.is_conversion()).map(|one| one.cases).sum()
    }

    /// Adds those of another collector, for the sum of an organisation.
    pub fn add(&mut self, other: &Self) {
        self.open += other.open;
        for more in &other.closed {
            match self.closed.iter_mut().find(|known| known.outcome == more.outcome) {
                Some(known) => known.cases += more.cases,
                None => self.closed.push(more.clone()),
            }
        }
        self.closed.sort_by_key(|one| one.outcome);
    }
}

/// The cases of the list that was handed over last; the ids of lists rise with time.
const LAST: &str = "collector_list_case k JOIN collector_list l ON l.id = k.list \
     WHERE k.list = (SELECT max(x.list) FROM collector_list_case x WHERE x.case_id = k.case_id)";

impl Desk {
    /// What came of the cases of each collector, by id: in one's own area for the insurance agency; for an organisation the whole of its
    /// own collectors, as counts alone.
    pub async fn collector_outcomes(&self, scope: &Scope) -> Result<BTreeMap<String, CollectorOutcomes>, DeskError> {
        require(scope, Permission::ViewCollectors)?;
        let mut tx = self.store().read(scope).await?;
        let known = read(&mut tx, scope, Which::All).await?;
        let mut all: BTreeMap<String, CollectorOutcomes> =
            known.into_iter().map(|collector| (collector.id, CollectorOutcomes::default())).collect();
        // An organisation sees no case, so the program counts for it; whose counts they are was decided above.
        let counting = if scope.role == Role::Collector { Scope::system() } else { scope.clone() };
        if scope.role == Role::Collector {
            drop(tx);
            tx = self.store().read(&counting).await?;
        }
        let sql =
            Sql::new("SELECT h.collector, state, outcome, count(*) FROM work_case JOIN (SELECT l.collector, k.case_id FROM ");
        let sql = sql.push(LAST).push(") h ON h.case_id = work_case.id WHERE ");
        let sql = case::visible(sql, &counting)?.push(" GROUP BY h.collector, state, outcome");
        for row in tx.rows(sql).await? {
            let Some(of) = all.get_mut(&row.text(0)?) else { continue };
            let cases = row.int(3)?;
            if row.text(1)? != "done" {
                of.open += cases;
                continue;
            }
            let wrong = || DeskError::damaged("work_case", "outcome");
            let outcome = row.opt_text(2)?.and_then(|word| Outcome::from_word(&word)).ok_or_else(wrong)?;
            of.closed.push(RuleOutcome { outcome, cases });
        }
        all.values_mut().for_each(|of| of.closed.sort_by_key(|one| one.outcome));
        Ok(all)
    }

    /// The cases behind the counts of a collector, by term. The caller writes the audit event before showing them.
    pub async fn collector_cases(&self, scope: &Scope, collector: &str) -> Result<Vec<Case>, DeskError> {
        require(scope, Permission::WorkCases)?;
        require(scope, Permission::ViewCollectors)?;
        let mut tx = self.store().read(scope).await?;
        super::organisation_of(&mut tx, scope, collector).await?;
        let of = Sql::new(" FROM work_case WHERE id IN (SELECT k.case_id FROM ").push(LAST).push(" AND l.collector = ");
        let of = of.bind(collector).push(")");
        case::some(&mut tx, scope, of).await
    }
}
