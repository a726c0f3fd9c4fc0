//! Working on a case: taking, giving and giving back, closing without a refusal, referring, what was collected.

use base::{Date, Dong, Scope};

use super::case::{By, Turn, in_state};
use super::history::NewEvent;
use super::{ReviewCase, ReviewRefusal, ReviewState, is_agency, refuse};
use crate::access::{Permission, may, require};
use crate::audit::AuditAction;
use crate::text::written;
use crate::{Desk, DeskError};

impl Desk {
    /// Who asks takes a case.
    pub async fn take_review(&self, scope: &Scope, id: &str, version: i64, form: &str) -> Result<ReviewCase, DeskError> {
        self.give_review(scope, id, version, &scope.actor.0, "taken", form).await
    }

    /// Gives a case to somebody (giao việc); needs [`Permission::DecideClaims`], to oneself it is taking.
    pub async fn assign_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        to: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let what = if to == scope.actor.0 { "taken" } else { "assigned" };
        self.give_review(scope, id, version, to, what, form).await
    }

    async fn give_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        to: &str,
        what: &'static str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let owner = if to == scope.actor.0 {
            scope.clone()
        } else {
            require(scope, Permission::DecideClaims)?;
            self.active_user(scope, to).await?.scope(scope.purpose)
        };
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), |case| in_state(case.state.is_open())).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        if !may(&owner, Permission::ReviewClaims) || !is_agency(&owner) || !owner.sees(case.commune.as_ref()) {
            return refuse(ReviewRefusal::OwnerDoesNotSee);
        }
        let sql = self.update_review().push(", owner = ").bind(to);
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what, value: Some(to.to_owned()), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// Gives a case back: nobody has it.
    pub async fn release_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        reason: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self
            .review_turn(scope, By::Auditor, (id, version, form), |case| in_state(case.owner.is_some() && case.state.is_open()))
            .await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let reason = written("reason", reason)?;
        tx.execute(self.update_review().push(", owner = NULL WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "released", reason: Some(reason), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// Closes a case that is not decided, without a refusal. A facility that was told is shown the reason.
    pub async fn close_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        reason: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), may_close).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let reason = written("reason", reason)?;
        let sql = self.update_review().push(", state = 'closed', owner = COALESCE(owner, ").bind(scope.actor.0.as_str());
        tx.execute(sql.push(") WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "closed", reason: Some(reason), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// Marks that a case was referred to another authority (chuyển cơ quan có thẩm quyền), by which document; its state stays.
    pub async fn refer_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        document: &str,
        reason: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), may_refer).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let (reason, document) = (written("reason", reason)?, written("document", document)?);
        let sql = self.update_review().push(", referred = ").bind(document.as_str());
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "referred", value: Some(document), reason: Some(reason), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// Writes down money of a refusal that was collected, or set off in a settlement; below 0 it corrects what was written down before. All of
    /// it together never is below 0 nor above what is upheld.
    #[expect(
        clippy::too_many_arguments,
        reason = "which case, how much, when, by which document and form: no two belong together"
    )]
    pub async fn collect_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        amount: Dong,
        day: Date,
        document: &str,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self
            .review_turn(scope, By::Auditor, (id, version, form), |case| {
                in_state(matches!(case.state, ReviewState::Decided | ReviewState::Final))
            })
            .await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let document = written("document", document)?;
        if amount == Dong::ZERO {
            return Err(DeskError::Invalid { field: "amount", why: "must not be 0" });
        }
        let all = super::line::sum([case.collected, amount])?;
        if all < Dong::ZERO || (amount > Dong::ZERO && all > case.upheld()) {
            return refuse(ReviewRefusal::AboveLimit);
        }
        let sql = self.update_review().push(", collected = ").bind(all.get());
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let value = Some(amount.get().to_string());
        let event = NewEvent { what: "collected", value, day: Some(day), reason: Some(document), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }
}

/// Whether a case can be closed without a refusal: nothing waits for a second signature, and it was not decided.
fn may_close(case: &ReviewCase) -> Result<(), ReviewRefusal> {
    if case.pending.is_some() {
        return Err(ReviewRefusal::Pending);
    }
    in_state(case.state.is_open() && case.state != ReviewState::Appealed)
}

/// Whether a case can be referred: once.
fn may_refer(case: &ReviewCase) -> Result<(), ReviewRefusal> {
    if case.referred.is_some() { Err(ReviewRefusal::Taken) } else { Ok(()) }
}
