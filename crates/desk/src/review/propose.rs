//! What the auditor proposes to refuse, and telling the facility.

use std::collections::BTreeMap;

use base::{Date, Dong, Scope};

use super::case::{By, Turn, in_state};
use super::history::NewEvent;
use super::line::{ClaimLine, asked_of, lines, sum};
use super::open::found_by;
use super::{ReviewCase, ReviewLine, ReviewRefusal, ReviewState, refuse};
use crate::audit::AuditAction;
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::{word, written};
use crate::{Desk, DeskError};

/// What is proposed of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedLine {
    /// The line.
    pub line: String,
    /// How much of it, from 0 to what it asks; 0 leaves it out.
    pub proposed: Dong,
    /// Why.
    pub reason: String,
    /// By which law: article and clause.
    pub law: String,
}

/// How a facility is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReviewNotice {
    /// By a document of the desk.
    Document(String),
    /// By the agency's own channel (portal, paper): how and when, in words. The facility is shown them.
    OwnChannel(String),
}

impl Desk {
    /// Proposes what to refuse, or does so anew before it was sent; lines that are not named are proposed nothing.
    pub async fn propose_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        proposed: &[ProposedLine],
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self
            .review_turn(scope, By::Auditor, (id, version, form), |case| {
                in_state(matches!(case.state, ReviewState::Open | ReviewState::Proposed))
            })
            .await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let known = lines(&mut tx, id).await?;
        let fits = fitting(&known, proposed, case.billed)?;
        let all = sum(fits.values().map(|line| line.proposed))?;
        tx.execute(Sql::new("UPDATE review_line SET proposed = 0 WHERE proposed <> 0 AND case_id = ").bind(id)).await?;
        for line in fits.values() {
            let sql = Sql::new("UPDATE review_line SET proposed = ").bind(line.proposed.get());
            let sql = sql.push(", reason = ").bind(line.reason.as_str()).push(", law = ").bind(line.law.as_str());
            tx.execute(sql.push(" WHERE id = ").bind(line.line.as_str())).await?;
        }
        let now = lines(&mut tx, id).await?;
        let words = now.iter().map(|line| (line.rule.as_str(), line.reason.as_str()));
        let sql = self.update_review().push(", state = 'proposed', proposed = ").bind(all.get());
        let sql = sql.push(", owner = COALESCE(owner, ").bind(scope.actor.0.as_str()).push("), words = ");
        let sql = sql.bind(found_by(&case.facility, case.portal_code.as_deref(), case.visit, words));
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "proposed", value: Some(fits.len().to_string()), ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// Tells the facility; its days run from now on. `due` is the last day to answer, which the caller counts by the law's working days.
    #[expect(clippy::too_many_arguments, reason = "which case, how, from when to when, by which form: no two belong together")]
    pub async fn send_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        notice: &ReviewNotice,
        today: Date,
        due: Date,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self
            .review_turn(scope, By::Auditor, (id, version, form), |case| in_state(case.state == ReviewState::Proposed))
            .await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        if due < today {
            return Err(DeskError::Invalid { field: "due", why: "lies before today" });
        }
        let (document, reason) = match notice {
            ReviewNotice::Document(id) => (Some(word("document", id)?), None),
            ReviewNotice::OwnChannel(how) => (None, Some(written("notice", how)?)),
        };
        if let Some(document) = &document {
            known_document(&mut tx, scope, document).await?;
        }
        let sql = self.update_review().push(", state = 'sent', sent_on = ").bind(today.to_string());
        let sql = sql.push(", due = ").bind(due.to_string()).push(", notice = ").bind(document.as_deref());
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { what: "sent", value: document, day: Some(due), reason, ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::SendReview, event, &form).await
    }
}

/// What is proposed, by line, where it fits the lines of the case.
fn fitting(known: &[ReviewLine], proposed: &[ProposedLine], billed: Dong) -> Result<BTreeMap<String, ProposedLine>, DeskError> {
    let mut fits: BTreeMap<String, ProposedLine> = BTreeMap::new();
    let mut of_line: BTreeMap<(&str, i64), Dong> = BTreeMap::new();
    for new in proposed {
        let line = known.iter().find(|line| line.id == new.line);
        let line = line.ok_or(DeskError::Invalid { field: "line", why: "is no line of this case" })?;
        if fits.contains_key(&new.line) {
            return Err(DeskError::Invalid { field: "line", why: "stands twice in the form" });
        }
        if new.proposed < Dong::ZERO {
            return Err(DeskError::Invalid { field: "proposed", why: "must not be below 0" });
        }
        if new.proposed == Dong::ZERO {
            continue;
        }
        if new.proposed > line.asked {
            return refuse(ReviewRefusal::AboveLimit);
        }
        if let Some(place) = line.line_table.as_deref().zip(line.line_no) {
            // Two rules that find the same line of the claim refuse its money once.
            let claimed = known.iter().filter(|other| other.line_table.as_deref().zip(other.line_no) == Some(place));
            let most = claimed.map(|other| other.asked).max().unwrap_or(line.asked);
            let all = of_line.entry(place).or_default();
            *all = sum([*all, new.proposed])?;
            if *all > most {
                return refuse(ReviewRefusal::AboveLimit);
            }
        }
        let (reason, law) = (written("reason", &new.reason)?, written("law", &new.law)?);
        let fit = ProposedLine { reason, law, ..new.clone() };
        fits.insert(line.id.clone(), fit);
    }
    let claimed: Vec<ClaimLine<'_>> = known.iter().map(|line| (line.line_table.as_deref(), line.line_no, line.asked)).collect();
    let all = sum(fits.values().map(|line| line.proposed))?;
    if all > asked_of(claimed, billed)? {
        return refuse(ReviewRefusal::AboveLimit);
    }
    if all == Dong::ZERO {
        return refuse(ReviewRefusal::NothingProposed);
    }
    Ok(fits)
}

/// Whether a document is one of the desk that who asks may see.
async fn known_document(tx: &mut Tx, scope: &Scope, document: &str) -> Result<(), DeskError> {
    match crate::document::one(tx, scope, document).await {
        Ok(_) => Ok(()),
        Err(DeskError::NotFound { .. }) => Err(DeskError::Invalid { field: "document", why: "is no document of the desk" }),
        Err(other) => Err(other),
    }
}
