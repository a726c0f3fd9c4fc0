//! Two signatures: an auditor decides or answers an appeal, somebody else countersigns; only then it is in force.

use std::collections::BTreeMap;

use base::{Date, Dong, Scope};

use super::case::{By, Turn, in_state};
use super::history::NewEvent;
use super::line::{lines, sum};
use super::{
    AppealOutcome, LineDecision, PendingSignature, ReviewCase, ReviewLine, ReviewRefusal, ReviewState, SignedLine, refuse,
};
use crate::access::{Permission, may};
use crate::audit::AuditAction;
use crate::db::{Row, Tx};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::written;
use crate::{Desk, DeskError};

/// What is decided of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecidedLine {
    /// The line; each that was proposed stands once.
    pub line: String,
    /// What.
    pub decision: LineDecision,
    /// Refused: 0 where it is accepted, all that was proposed where it is refused, between them where it is adjusted.
    pub refused: Dong,
    /// Why; may be empty where it is refused as proposed.
    pub reason: String,
}

/// The answer to an appeal for a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettledLine {
    /// The line; each that was appealed against stands once.
    pub line: String,
    /// Taken back of the refusal, from 0 to all of it.
    pub overturned: Dong,
    /// Why.
    pub reason: String,
}

/// Values of a signed line.
const BINDS: usize = 5;

impl Desk {
    /// The first signature under a decision: after the facility answered, or after its last day to answer. It is in force with the second one.
    pub async fn decide_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        decided: &[DecidedLine],
        today: Date,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), |_| Ok(())).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        may_decide(&case, today)?;
        let known = lines(&mut tx, id).await?;
        let signed = decided.iter().map(|new| decided_line(&known, new)).collect::<Result<Vec<_>, _>>()?;
        each_once(&signed, known.iter().filter(|line| line.proposed > Dong::ZERO))?;
        self.sign_first(&mut tx, scope, &case, "decide", &signed).await?;
        let event = NewEvent { what: "signed_decision", value: Some(signed.len().to_string()), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::SignReview, event, &form).await
    }

    /// The first signature under the answer to an appeal. It is in force with the second one.
    pub async fn settle_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        settled: &[SettledLine],
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), may_settle).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let known = lines(&mut tx, id).await?;
        let signed = settled.iter().map(|new| settled_line(&known, new)).collect::<Result<Vec<_>, _>>()?;
        each_once(&signed, known.iter().filter(|line| line.appealed))?;
        self.sign_first(&mut tx, scope, &case, "settle", &signed).await?;
        let event = NewEvent { what: "signed_settlement", value: Some(signed.len().to_string()), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::SignReview, event, &form).await
    }

    /// The second signature, by somebody else: the decision or the answer to the appeal is in force.
    pub async fn countersign_review(&self, scope: &Scope, id: &str, version: i64, form: &str) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Decider, (id, version, form), |_| Ok(())).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let Some(pending) = &case.pending else { return refuse(ReviewRefusal::NotPending) };
        if signs_again(pending, scope) {
            return refuse(ReviewRefusal::SameSigner);
        }
        let signed = signed_lines(&mut tx, &pending.id).await?;
        let known = lines(&mut tx, id).await?;
        for line in &signed {
            tx.execute(in_force(&known, line)?).await?;
        }
        let sql = Sql::new("UPDATE review_signature SET second_by = ").bind(scope.actor.0.as_str()).push(", second_for = ");
        let sql = sql.bind(scope.acting_for.as_ref().map(|away| away.0.as_str())).push(", second_at = ").bind(self.now());
        tx.execute(sql.push(" WHERE id = ").bind(pending.id.as_str())).await?;
        let all = sum(signed.iter().map(|line| line.amount))?.get();
        let sql = self.update_review().push(", pending = NULL");
        let (sql, what) = if pending.settles {
            (sql.push(", state = 'final', overturned = ").bind(all), "settled")
        } else {
            (sql.push(", state = 'decided', decided = ").bind(all), "decided")
        };
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what, value: Some(all.to_string()), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::SignReview, event, &form).await
    }

    /// Makes a first signature void: by the second officer, who does not agree, or by who signed it.
    pub async fn return_signature(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        reason: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::AnyAuditor, (id, version, form), |_| Ok(())).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let reason = written("reason", reason)?;
        let Some(pending) = &case.pending else { return refuse(ReviewRefusal::NotPending) };
        if !may(scope, Permission::DecideClaims) && !signs_again(pending, scope) {
            return refuse(ReviewRefusal::NotYours);
        }
        let sql = Sql::new("UPDATE review_signature SET void_by = ").bind(scope.actor.0.as_str()).push(", void_at = ");
        tx.execute(sql.bind(self.now()).push(" WHERE id = ").bind(pending.id.as_str())).await?;
        tx.execute(self.update_review().push(", pending = NULL WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "signature_returned", reason: Some(reason), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::SignReview, event, &form).await
    }

    async fn sign_first(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: &ReviewCase,
        kind: &'static str,
        signed: &[SignedLine],
    ) -> Result<(), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO review_signature (id, case_id, kind, first_by, first_for, first_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                id.as_str().into(),
                case.id.as_str().into(),
                kind.into(),
                scope.actor.0.as_str().into(),
                scope.acting_for.as_ref().map(|away| away.0.as_str()).into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        for some in signed.chunks(MAX_BINDS / BINDS) {
            let rows = some.iter().map(|line| -> Vec<Bind> {
                vec![
                    id.as_str().into(),
                    line.line.as_str().into(),
                    line.decision.map(LineDecision::as_str).into(),
                    line.amount.get().into(),
                    line.reason.as_str().into(),
                ]
            });
            let sql = Sql::new("INSERT INTO review_signature_line (signature, line, decision, amount, reason) VALUES ");
            tx.execute(sql.rows(rows.collect::<Vec<_>>())).await?;
        }
        let sql = self.update_review().push(", pending = ").bind(id.as_str()).push(", owner = COALESCE(owner, ");
        let sql = sql.bind(scope.actor.0.as_str()).push(") WHERE id = ").bind(case.id.as_str());
        tx.execute(sql).await.map(drop)
    }
}

/// Whether a case can be decided on a day.
fn may_decide(case: &ReviewCase, today: Date) -> Result<(), DeskError> {
    if case.pending.is_some() {
        return refuse(ReviewRefusal::Pending);
    }
    match case.state {
        ReviewState::Answered => Ok(()),
        ReviewState::Sent if case.due.is_some_and(|due| due < today) => Ok(()),
        ReviewState::Sent => refuse(ReviewRefusal::ClockRuns),
        _ => refuse(ReviewRefusal::WrongState),
    }
}

/// Whether the appeal of a case can be answered.
fn may_settle(case: &ReviewCase) -> Result<(), ReviewRefusal> {
    in_state(case.state == ReviewState::Appealed)?;
    if case.pending.is_some() { Err(ReviewRefusal::Pending) } else { Ok(()) }
}

/// Whether who asks signed first: themselves, for somebody, or somebody for them.
fn signs_again(pending: &PendingSignature, scope: &Scope) -> bool {
    let now = [Some(scope.actor.0.as_str()), scope.acting_for.as_ref().map(|away| away.0.as_str())];
    let first = [Some(pending.signed_by.as_str()), pending.signed_for.as_deref()];
    first.into_iter().flatten().any(|first| now.contains(&Some(first)))
}

fn line_of<'a>(known: &'a [ReviewLine], id: &str) -> Result<&'a ReviewLine, DeskError> {
    known.iter().find(|line| line.id == id).ok_or(DeskError::Invalid { field: "line", why: "is no line of this case" })
}

fn decided_line(known: &[ReviewLine], new: &DecidedLine) -> Result<SignedLine, DeskError> {
    let line = line_of(known, &new.line)?;
    if new.refused > line.proposed || line.proposed == Dong::ZERO {
        return refuse(ReviewRefusal::AboveLimit);
    }
    let fits = match new.decision {
        LineDecision::Accepted => new.refused == Dong::ZERO,
        LineDecision::Refused => new.refused == line.proposed,
        LineDecision::Adjusted => new.refused > Dong::ZERO && new.refused < line.proposed,
    };
    if !fits {
        return Err(DeskError::Invalid { field: "refused", why: "does not fit what is decided of the line" });
    }
    // What is refused as proposed has its reason and law already.
    let as_proposed = new.decision == LineDecision::Refused && new.reason.trim().is_empty();
    let reason = if as_proposed { String::new() } else { written("reason", &new.reason)? };
    Ok(SignedLine { line: new.line.clone(), decision: Some(new.decision), amount: new.refused, reason })
}

fn settled_line(known: &[ReviewLine], new: &SettledLine) -> Result<SignedLine, DeskError> {
    let line = line_of(known, &new.line)?;
    if new.overturned > line.decided {
        return refuse(ReviewRefusal::AboveLimit);
    }
    if new.overturned < Dong::ZERO {
        return Err(DeskError::Invalid { field: "overturned", why: "must not be below 0" });
    }
    let reason = written("reason", &new.reason)?;
    Ok(SignedLine { line: new.line.clone(), decision: None, amount: new.overturned, reason })
}

/// Whether each of some lines is signed once, and no other.
fn each_once<'a>(signed: &[SignedLine], wanted: impl Iterator<Item = &'a ReviewLine>) -> Result<(), DeskError> {
    let mut counts: BTreeMap<&str, i64> = wanted.map(|line| (line.id.as_str(), 0)).collect();
    for line in signed {
        let count = counts.get_mut(line.line.as_str());
        *count.ok_or(DeskError::Invalid { field: "line", why: "is not to be signed" })? += 1;
    }
    if counts.is_empty() || counts.values().any(|count| *count != 1) {
        return Err(DeskError::Invalid { field: "lines", why: "must name each line once" });
    }
    Ok(())
}

/// The update of a line whose second signature is there.
fn in_force(known: &[ReviewLine], signed: &SignedLine) -> Result<Sql, DeskError> {
    let line = line_of(known, &signed.line)?;
    let sql = match signed.decision {
        Some(decision) => Sql::new("UPDATE review_line SET decision = ")
            .bind(decision.as_str())
            .push(", decided = ")
            .bind(signed.amount.get())
            .push(", decision_reason = "),
        None => Sql::new("UPDATE review_line SET appeal = ")
            .bind(outcome(line.decided, signed.amount).as_str())
            .push(", overturned = ")
            .bind(signed.amount.get())
            .push(", appeal_reason = "),
    };
    Ok(sql.bind(signed.reason.as_str()).push(" WHERE id = ").bind(signed.line.as_str()))
}

/// What came of an appeal, by what was refused and what of it was taken back.
fn outcome(refused: Dong, overturned: Dong) -> AppealOutcome {
    if overturned == Dong::ZERO {
        AppealOutcome::Upheld
    } else if overturned < refused {
        AppealOutcome::Partly
    } else {
        AppealOutcome::Overturned
    }
}

/// What a signature is under.
pub(super) async fn signed_lines(tx: &mut Tx, signature: &str) -> Result<Vec<SignedLine>, DeskError> {
    let sql = Sql::new("SELECT line, decision, amount, reason FROM review_signature_line WHERE signature = ").bind(signature);
    tx.rows(sql.push(" ORDER BY line")).await?.iter().map(signed_from).collect()
}

fn signed_from(row: &Row) -> Result<SignedLine, DeskError> {
    let wrong = || DeskError::damaged("review_signature_line", "decision");
    Ok(SignedLine {
        line: row.text(0)?,
        decision: row.opt_text(1)?.map(|word| LineDecision::from_word(&word).ok_or_else(wrong)).transpose()?,
        amount: Dong::new(row.int(2)?),
        reason: row.text(3)?,
    })
}

#[cfg(test)]
mod tests {
    use base::Actor;

    use super::*;

    #[test]
    fn nobody_signs_twice_not_even_for_somebody_else() {
        let pending = |by: &str, away: Option<&str>| PendingSignature {
            id: "s".into(),
            settles: false,
            signed_by: by.into(),
            signed_for: away.map(str::to_owned),
            signed_at: 0,
            lines: Vec::new(),
        };
        let who = |actor: &str, away: Option<&str>| Scope {
            actor: Actor(actor.into()),
            acting_for: away.map(|away| Actor(away.into())),
            ..Scope::system()
        };
        assert!(signs_again(&pending("a", None), &who("a", None)));
        assert!(signs_again(&pending("a", None), &who("a", Some("b"))), "for somebody who is away");
        assert!(signs_again(&pending("a", None), &who("c", Some("a"))), "somebody signs for the first");
        assert!(signs_again(&pending("a", Some("b")), &who("b", None)), "the one who was signed for");
        assert!(!signs_again(&pending("a", Some("b")), &who("c", Some("d"))));
    }

    #[test]
    fn an_appeal_is_upheld_overturned_or_something_between() {
        let said = |overturned| outcome(Dong::new(100), Dong::new(overturned));
        assert_eq!([said(0), said(1), said(100)], [AppealOutcome::Upheld, AppealOutcome::Partly, AppealOutcome::Overturned]);
    }
}
