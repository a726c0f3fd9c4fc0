//! Findings about a visit that has a case already: until it is sent the case takes them, after that they make a case of their own.
//!
//! What cases before it propose or refuse of a line, or of the visit, is not asked a second time.

use std::collections::{BTreeMap, BTreeSet};

use base::{Dong, Scope};

use super::history::{HISTORY, NewEvent};
use super::line::{asked_of, lines, sum};
use super::open::{found_by, strongest};
use super::queue::priority;
use super::{NewReview, NewReviewLine, OpenedReview, ReviewCase, ReviewLine, ReviewRefusal, ReviewState, rank, refuse};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

impl ReviewState {
    /// Whether a case of this state takes findings that come later: nobody outside the agency was told of it.
    pub fn takes_findings(self) -> bool {
        matches!(self, Self::Open | Self::Proposed)
    }
}

impl Desk {
    /// Puts findings that no case of the visit has into its last one, or into one that follows it; says whether something changed. `known`: the
    /// cases of the visit, the first one first, at least one.
    pub(super) async fn follow_review(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        known: &[ReviewCase],
        new: &NewReview,
        form: &str,
    ) -> Result<(OpenedReview, bool), DeskError> {
        for case in known {
            tx.lock(&format!("review {}", case.id)).await?;
        }
        if let Some(done) = done_before(tx, known, form).await? {
            return Ok((done, false));
        }
        let mut known = known.to_vec();
        let mut held = BTreeMap::new();
        for case in &mut known {
            // It may have changed until it was locked.
            *case = super::case::one(tx, scope, &case.id).await?;
            held.insert(case.id.clone(), lines(tx, &case.id).await?);
        }
        let Some((last, before)) = known.split_last() else { return Err(DeskError::NotFound { kind: "review" }) };
        let keys: BTreeSet<String> = held.values().flatten().map(|line| line.finding.to_string()).collect();
        let fresh: Vec<&NewReviewLine> = new.lines.iter().filter(|line| !keys.contains(&line.finding.to_string())).collect();
        if fresh.is_empty() {
            return Ok((OpenedReview { id: last.id.clone(), visit: last.visit, made: false, added: 0 }, false));
        }
        let of = |case: &ReviewCase| held.get(&case.id).map(Vec::as_slice).unwrap_or_default();
        if last.state.takes_findings() {
            let taken = Taken::of(before.iter().map(|case| (case.state, of(case))))?;
            let fresh: Vec<NewReviewLine> = fresh.into_iter().map(|line| taken.rest(line, last.billed)).collect();
            return self.add_findings(tx, scope, last, (new, &fresh), form).await;
        }
        let taken = Taken::of(known.iter().map(|case| (case.state, of(case))))?;
        let left = new.billed - taken.all;
        if left <= Dong::ZERO {
            // All that the visit asks is proposed or refused already.
            return refuse(ReviewRefusal::AboveLimit);
        }
        let follows = NewReview {
            billed: left,
            expected: new.expected.min(left),
            portal_code: new.portal_code.clone().or_else(|| last.portal_code.clone()),
            lines: fresh.into_iter().map(|line| taken.rest(line, left)).collect(),
            ..new.clone()
        };
        let opened = self.make_review(tx, scope, &follows, last.follows + 1, form).await?;
        let event = NewEvent { version: last.version, what: "followed_up", ..NewEvent::default() };
        HISTORY.add(self, tx, scope, form, vec![(last.id.clone(), event)]).await?;
        Ok(opened)
    }

    /// Adds findings to a case that was not sent. What it proposes stays as it is until it is proposed anew.
    async fn add_findings(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        known: &ReviewCase,
        (new, fresh): (&NewReview, &[NewReviewLine]),
        form: &str,
    ) -> Result<(OpenedReview, bool), DeskError> {
        self.put_lines(tx, &known.id, &fresh.iter().collect::<Vec<_>>(), self.now()).await?;
        let all = lines(tx, &known.id).await?;
        let strength = strongest(all.iter().map(|line| line.strength));
        let claimed = all.iter().map(|line| (line.line_table.as_deref(), line.line_no, line.asked));
        let words = all.iter().map(|line| (line.rule.as_str(), line.reason.as_str()));
        let expected = if known.follows == 0 { new.expected } else { new.expected.min(known.billed) };
        let sql = self.update_review().push(", expected = ").bind(expected.get());
        let sql = sql.push(", strength = ").bind(rank(strength)).push(", priority = ").bind(priority(expected, strength));
        let sql = sql.push(", asked = ").bind(asked_of(claimed, known.billed)?.get()).push(", words = ");
        let sql = sql.bind(found_by(&known.facility, known.portal_code.as_deref(), known.visit, words));
        tx.execute(sql.push(" WHERE id = ").bind(known.id.as_str())).await?;
        let added = fresh.len() as i64;
        let value = Some(added.to_string());
        let event = NewEvent { version: known.version + 1, what: "findings_added", value, ..NewEvent::default() };
        HISTORY.add(self, tx, scope, form, vec![(known.id.clone(), event)]).await?;
        Ok((OpenedReview { id: known.id.clone(), visit: known.visit, made: false, added }, true))
    }
}

/// What this form did before with a case of the visit.
async fn done_before(tx: &mut Tx, known: &[ReviewCase], form: &str) -> Result<Option<OpenedReview>, DeskError> {
    for case in known {
        let sql = Sql::new("SELECT what, value FROM review_event WHERE what IN ('opened', 'findings_added') AND case_id = ");
        if let Some(row) = tx.row(sql.bind(case.id.as_str()).push(" AND client_tx = ").bind(form)).await? {
            let added = row.opt_text(1)?.and_then(|count| count.parse().ok()).unwrap_or(0);
            let made = row.text(0)? == "opened";
            return Ok(Some(OpenedReview { id: case.id.clone(), visit: case.visit, made, added }));
        }
    }
    Ok(None)
}

/// What cases propose or refuse of their visit, and of each line of the claim.
#[derive(Debug, Default)]
struct Taken {
    all: Dong,
    of_line: BTreeMap<(String, i64), Dong>,
}

impl Taken {
    fn of<'l>(cases: impl Iterator<Item = (ReviewState, &'l [ReviewLine])>) -> Result<Self, DeskError> {
        let mut taken = Self::default();
        for (state, line) in cases.flat_map(|(state, lines)| lines.iter().map(move |line| (state, line))) {
            let amount = taken_of(state, line.proposed, line.decided - line.overturned);
            taken.all = sum([taken.all, amount])?;
            if let Some((table, number)) = line.line_table.clone().zip(line.line_no) {
                let known = taken.of_line.entry((table, number)).or_default();
                *known = sum([*known, amount])?;
            }
        }
        Ok(taken)
    }

    /// A finding that asks no more than is left of its line and of the visit.
    fn rest(&self, line: &NewReviewLine, left: Dong) -> NewReviewLine {
        let place = line.line_table.clone().zip(line.line_no);
        let gone = place.and_then(|place| self.of_line.get(&place).copied()).unwrap_or_default();
        NewReviewLine { asked: (line.asked - gone).max(Dong::ZERO).min(left), ..line.clone() }
    }
}

/// What a case holds of the money of a line: what is proposed until it is decided, then what is refused and not given back; nothing once it is
/// closed.
pub(super) fn taken_of(state: ReviewState, proposed: Dong, upheld: Dong) -> Dong {
    match state {
        ReviewState::Closed => Dong::ZERO,
        state if state.is_decided() => upheld,
        _ => proposed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_case_holds_nothing_and_a_decided_one_what_is_upheld() {
        let of = |state| taken_of(state, Dong::new(300), Dong::new(100)).get();
        assert_eq!([ReviewState::Sent, ReviewState::Answered].map(of), [300, 300]);
        assert_eq!([ReviewState::Decided, ReviewState::Appealed, ReviewState::Final].map(of), [100, 100, 100]);
        assert_eq!(of(ReviewState::Closed), 0);
    }

    #[test]
    fn only_what_was_not_sent_takes_findings() {
        let takes: Vec<ReviewState> = ReviewState::ALL.iter().copied().filter(|state| state.takes_findings()).collect();
        assert_eq!(takes, [ReviewState::Open, ReviewState::Proposed]);
    }
}
