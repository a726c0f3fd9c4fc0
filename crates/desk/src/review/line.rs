//! Lines of a case, what the facility said of them, and their sums.

use std::collections::BTreeMap;

use base::{Dong, FindingKey, Scope, Strength};
use serde::Serialize;

use super::{AnswerKind, AppealOutcome, LineDecision, strength_of, visible};
use crate::DeskError;
use crate::db::{Row, Tx};
use crate::sql::Sql;

/// A line of a case: one finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewLine {
    /// UUIDv7.
    pub id: String,
    /// Key of the finding.
    #[serde(serialize_with = "key_text")]
    pub finding: FindingKey,
    /// The rule.
    pub rule: String,
    /// How strong the finding is.
    pub strength: Strength,
    /// Table of the claim's line it is about; none: the visit as a whole.
    pub line_table: Option<String>,
    /// Number of that line.
    pub line_no: Option<i64>,
    /// Why: of the rule, later as proposed.
    pub reason: String,
    /// By which law: of the rule, later as proposed.
    pub law: String,
    /// What the line asks of the fund.
    pub asked: Dong,
    /// Proposed to be refused.
    pub proposed: Dong,
    /// Refused by the decision.
    pub decided: Dong,
    /// Overturned after an appeal.
    pub overturned: Dong,
    /// What the decision says.
    pub decision: Option<LineDecision>,
    /// Why.
    pub decision_reason: Option<String>,
    /// Whether the facility appeals against it.
    pub appealed: bool,
    /// What came of the appeal.
    pub appeal: Option<AppealOutcome>,
    /// Why.
    pub appeal_reason: Option<String>,
}

/// What a facility said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewAnswer {
    /// UUIDv7.
    pub id: String,
    /// The line it is about; none: the case as a whole.
    pub line: Option<String>,
    /// What it does about it.
    pub kind: AnswerKind,
    /// In words; empty once it was erased by decision.
    pub text: String,
    /// The amount it asks for now, of an adjustment.
    pub amount: Option<Dong>,
    /// Whether it came after its day.
    pub late: bool,
    /// Who, pseudonymous.
    pub answered_by: String,
    /// Unix milliseconds.
    pub at: i64,
}

fn key_text<S: serde::Serializer>(key: &FindingKey, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(key)
}

/// Columns in the order of [`line_from`], of `review_line l`.
const LINES: &str = "id, finding_key, rule, strength, line_table, line_no, reason, law, asked, proposed, decided, overturned, \
                     decision, decision_reason, CAST(CASE WHEN EXISTS (SELECT 1 FROM review_answer a WHERE a.line = l.id \
                     AND a.kind = 'appeal') THEN 1 ELSE 0 END AS BIGINT), appeal, appeal_reason";

/// The lines of a case in the order of the claim.
pub(super) async fn lines(tx: &mut Tx, case: &str) -> Result<Vec<ReviewLine>, DeskError> {
    let sql = Sql::new("SELECT ").push(LINES).push(" FROM review_line l WHERE case_id = ").bind(case);
    let sql = sql.push(" ORDER BY COALESCE(line_table, ''), COALESCE(line_no, 0), rule, id");
    tx.rows(sql).await?.iter().map(line_from).collect()
}

/// The lines of some cases that are open to who asks, by case.
pub(super) async fn lines_by_case(tx: &mut Tx, scope: &Scope, cases: &[String]) -> Result<Vec<(String, ReviewLine)>, DeskError> {
    let sql = Sql::new("SELECT ").push(LINES).push(", case_id FROM review_line l WHERE case_id IN ");
    let sql = sql.list(cases.iter().map(String::as_str)).push(" AND case_id IN (SELECT id FROM review_case WHERE ");
    let sql = visible(sql, scope)?.push(") ORDER BY case_id, COALESCE(line_table, ''), COALESCE(line_no, 0), rule, id");
    tx.rows(sql).await?.iter().map(|row| Ok((row.text(17)?, line_from(row)?))).collect()
}

/// What was said of a case, in order.
pub(super) async fn answers(tx: &mut Tx, case: &str) -> Result<Vec<ReviewAnswer>, DeskError> {
    let sql =
        Sql::new("SELECT id, line, kind, words, amount, late, answered_by, answered_at FROM review_answer WHERE case_id = ");
    tx.rows(sql.bind(case).push(" ORDER BY answered_at, id")).await?.iter().map(answer_from).collect()
}

fn line_from(row: &Row) -> Result<ReviewLine, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("review_line", what);
    let dong = |at: usize| row.int(at).map(Dong::new);
    let decision = row.opt_text(12)?.map(|word| LineDecision::from_word(&word).ok_or_else(wrong("decision"))).transpose()?;
    let appeal = row.opt_text(15)?.map(|word| AppealOutcome::from_word(&word).ok_or_else(wrong("appeal"))).transpose()?;
    Ok(ReviewLine {
        id: row.text(0)?,
        finding: FindingKey::parse(&row.text(1)?).ok_or_else(wrong("finding_key"))?,
        rule: row.text(2)?,
        strength: strength_of(row.int(3)?)?,
        line_table: row.opt_text(4)?,
        line_no: row.opt_int(5)?,
        reason: row.text(6)?,
        law: row.text(7)?,
        asked: dong(8)?,
        proposed: dong(9)?,
        decided: dong(10)?,
        overturned: dong(11)?,
        decision,
        decision_reason: row.opt_text(13)?,
        appealed: row.int(14)? == 1,
        appeal,
        appeal_reason: row.opt_text(16)?,
    })
}

fn answer_from(row: &Row) -> Result<ReviewAnswer, DeskError> {
    Ok(ReviewAnswer {
        id: row.text(0)?,
        line: row.opt_text(1)?,
        kind: AnswerKind::from_word(&row.text(2)?).ok_or_else(|| DeskError::damaged("review_answer", "kind"))?,
        text: row.text(3)?,
        amount: row.opt_int(4)?.map(Dong::new),
        late: row.int(5)? == 1,
        answered_by: row.text(6)?,
        at: row.int(7)?,
    })
}

/// Adds amounts that must fit.
pub(super) fn sum(amounts: impl IntoIterator<Item = Dong>) -> Result<Dong, DeskError> {
    let all = amounts.into_iter().try_fold(Dong::ZERO, Dong::checked_add);
    all.map_err(|_| DeskError::Invalid { field: "amount", why: "is beyond what can be held in whole đồng" })
}

/// A line of the claim as findings name it, with what it asks: two findings about one line ask for the same money.
pub(super) type ClaimLine<'a> = (Option<&'a str>, Option<i64>, Dong);

/// What findings ask together: a line of the claim counts once, with the most that a finding says of it, and all of them never ask more than
/// the visit does.
pub(super) fn asked_of<'a>(lines: impl IntoIterator<Item = ClaimLine<'a>>, billed: Dong) -> Result<Dong, DeskError> {
    let mut named: BTreeMap<(&str, i64), Dong> = BTreeMap::new();
    let mut whole = Vec::new();
    for (table, number, asked) in lines {
        match table.zip(number) {
            Some(line) => {
                let known = named.entry(line).or_default();
                *known = asked.max(*known);
            }
            None => whole.push(asked),
        }
    }
    Ok(sum(named.into_values().chain(whole))?.min(billed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_two_rules_find_asks_once_and_never_more_than_the_visit() {
        let asked = |lines: &[ClaimLine<'_>], billed| asked_of(lines.iter().copied(), Dong::new(billed)).unwrap().get();
        let one = (Some("XML3"), Some(1), Dong::new(300));
        let same = (Some("XML3"), Some(1), Dong::new(200));
        let other = (Some("XML2"), Some(1), Dong::new(50));
        let whole = (None, None, Dong::new(1_000));
        assert_eq!(asked(&[one, same, other], 1_000), 350);
        assert_eq!(asked(&[one, whole], 1_000), 1_000);
        assert_eq!(asked(&[], 1_000), 0);
    }

    #[test]
    fn sums_that_do_not_fit_are_refused() {
        assert!(sum([Dong::new(i64::MAX), Dong::new(1)]).is_err());
        assert_eq!(sum([Dong::new(2), Dong::new(3)]).unwrap(), Dong::new(5));
    }
}
