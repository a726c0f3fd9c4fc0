//! What came of the audit: by rule, so that a rule that loses is seen, and by facility.

use std::cmp::Reverse;

use base::{Dong, Month, Rate, Scope};
use serde::Serialize;

use super::visible;
use crate::access::{Permission, require};
use crate::db::Row;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What came of a rule's lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleReviewFigures {
    /// The rule.
    pub rule: String,
    /// Cases that have a line of it.
    pub cases: i64,
    /// Lines.
    pub lines: i64,
    /// Asked by these lines; two rules may ask about the same line of the claim, so sums over rules count it twice.
    pub asked: Dong,
    /// Proposed to be refused, of cases not closed.
    pub proposed: Dong,
    /// Refused by decisions in force.
    pub refused: Dong,
    /// Overturned of it after appeals.
    pub overturned: Dong,
    /// What is left.
    pub upheld: Dong,
    /// Refused of what was proposed in decided lines, 4 decimals; none before the first.
    pub refused_share: Option<Rate>,
    /// Overturned of what was refused, 4 decimals; none where nothing was refused. A rule that loses on appeal is to be retired.
    pub overturned_share: Option<Rate>,
}

/// What came of a facility's cases. What is asked, refused, upheld and collected stand apart: only the last is money that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityReviewFigures {
    /// Code of the facility.
    pub facility: String,
    /// Cases.
    pub cases: i64,
    /// Sent to it.
    pub sent: i64,
    /// Answered by it.
    pub answered: i64,
    /// Of them after their day.
    pub late: i64,
    /// With a decision in force.
    pub decided: i64,
    /// Of them appealed against.
    pub appealed: i64,
    /// Closed without a refusal.
    pub closed: i64,
    /// Asked by the lines.
    pub asked: Dong,
    /// Proposed to be refused, of cases not closed.
    pub proposed: Dong,
    /// Refused by decisions in force.
    pub refused: Dong,
    /// Overturned of it after appeals.
    pub overturned: Dong,
    /// What is left.
    pub upheld: Dong,
    /// Collected, or set off in settlements.
    pub collected: Dong,
}

const BY_RULE: &str = "SELECT l.rule, count(DISTINCT l.case_id), count(*), CAST(sum(l.asked) AS BIGINT), \
     CAST(sum(CASE WHEN c.state = 'closed' THEN 0 ELSE l.proposed END) AS BIGINT), CAST(sum(l.decided) AS BIGINT), \
     CAST(sum(l.overturned) AS BIGINT), CAST(sum(CASE WHEN l.decision IS NULL THEN 0 ELSE l.proposed END) AS BIGINT) \
     FROM review_line l JOIN review_case c ON c.id = l.case_id WHERE c.period >= ";

const BY_FACILITY: &str = "SELECT facility, count(*), count(sent_on), count(answered_on), CAST(sum(late) AS BIGINT), \
     count(CASE WHEN state IN ('decided', 'appealed', 'final') THEN 1 END), count(CASE WHEN state IN ('appealed', 'final') THEN 1 END), \
     count(CASE WHEN state = 'closed' THEN 1 END), CAST(sum(asked) AS BIGINT), \
     CAST(sum(CASE WHEN state = 'closed' THEN 0 ELSE proposed END) AS BIGINT), CAST(sum(decided) AS BIGINT), \
     CAST(sum(overturned) AS BIGINT), CAST(sum(collected) AS BIGINT) FROM review_case WHERE period >= ";

impl Desk {
    /// What came of each rule in cases of these months, what was refused most first.
    pub async fn rule_review_figures(&self, scope: &Scope, from: Month, to: Month) -> Result<Vec<RuleReviewFigures>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(BY_RULE).bind(from.to_string()).push(" AND c.period <= ").bind(to.to_string()).push(" AND ");
        let rows = tx.rows(visible(sql, scope)?.push(" GROUP BY l.rule")).await?;
        let mut all = rows.iter().map(rule_from).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| {
            (Reverse(a.refused), Reverse(a.proposed), &a.rule).cmp(&(Reverse(b.refused), Reverse(b.proposed), &b.rule))
        });
        Ok(all)
    }

    /// What came of each facility's cases of these months, by facility.
    pub async fn facility_review_figures(
        &self,
        scope: &Scope,
        from: Month,
        to: Month,
    ) -> Result<Vec<FacilityReviewFigures>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(BY_FACILITY).bind(from.to_string()).push(" AND period <= ").bind(to.to_string()).push(" AND ");
        let rows = tx.rows(visible(sql, scope)?.push(" GROUP BY facility")).await?;
        let mut all = rows.iter().map(facility_from).collect::<Result<Vec<_>, _>>()?;
        all.sort_by(|a, b| a.facility.cmp(&b.facility));
        Ok(all)
    }
}

fn rule_from(row: &Row) -> Result<RuleReviewFigures, DeskError> {
    let (refused, overturned) = (Dong::new(row.int(5)?), Dong::new(row.int(6)?));
    Ok(RuleReviewFigures {
        rule: row.text(0)?,
        cases: row.int(1)?,
        lines: row.int(2)?,
        asked: Dong::new(row.int(3)?),
        proposed: Dong::new(row.int(4)?),
        refused,
        overturned,
        upheld: refused - overturned,
        refused_share: share(refused, Dong::new(row.int(7)?)),
        overturned_share: share(overturned, refused),
    })
}

fn facility_from(row: &Row) -> Result<FacilityReviewFigures, DeskError> {
    let (refused, overturned) = (Dong::new(row.int(10)?), Dong::new(row.int(11)?));
    Ok(FacilityReviewFigures {
        facility: row.text(0)?,
        cases: row.int(1)?,
        sent: row.int(2)?,
        answered: row.int(3)?,
        late: row.int(4)?,
        decided: row.int(5)?,
        appealed: row.int(6)?,
        closed: row.int(7)?,
        asked: Dong::new(row.int(8)?),
        proposed: Dong::new(row.int(9)?),
        refused,
        overturned,
        upheld: refused - overturned,
        collected: Dong::new(row.int(12)?),
    })
}

/// A share with 4 decimals, rounded half up; none of nothing.
fn share(part: Dong, whole: Dong) -> Option<Rate> {
    let (part, whole) = (i128::from(part.get()), i128::from(whole.get()));
    (whole > 0).then(|| Rate::from_parts((part * 10_000 * 2 + whole) / (whole * 2), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_exact_to_four_decimals() {
        let of = |part, whole| share(Dong::new(part), Dong::new(whole)).map(|rate| rate.to_string());
        assert_eq!(of(1, 3).as_deref(), Some("0.3333"));
        assert_eq!(of(2, 3).as_deref(), Some("0.6667"));
        assert_eq!(of(5, 5).as_deref(), Some("1.0000"));
        assert_eq!(of(0, 0), None);
    }
}
