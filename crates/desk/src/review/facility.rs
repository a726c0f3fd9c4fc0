//! What a facility does: it answers what was sent to it, and appeals against what was decided.

use base::{Date, Dong, Month, Scope};
use serde::Serialize;

use super::case::{By, Turn, in_state};
use super::history::NewEvent;
use super::line::lines;
use super::{AnswerKind, ReviewCase, ReviewRefusal, ReviewState, refuse};
use crate::audit::AuditAction;
use crate::db::Tx;
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::written;
use crate::{Desk, DeskError};

/// Answers of one form at most.
const ANSWERS: usize = 300;
/// Values of an answer.
const BINDS: usize = 9;

/// A case as its facility sees it: nothing of who works on it, of what is expected, of what is not yet in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityReview {
    /// UUIDv7.
    pub id: String,
    /// The book's number of the visit.
    pub visit: i64,
    /// Code of the facility.
    pub facility: String,
    /// Month of the claim.
    pub period: Month,
    /// Number of the dossier on the agency's portal.
    pub portal_code: Option<String>,
    /// Where it stands.
    pub state: ReviewState,
    /// The day the facility was told.
    pub sent_on: Date,
    /// The day it has to answer by.
    pub due: Date,
    /// The day it answered.
    pub answered_on: Option<Date>,
    /// Whether it answered after its day.
    pub late: bool,
    /// What the visit asks of the fund.
    pub billed: Dong,
    /// Asked by the lines.
    pub asked: Dong,
    /// Proposed to be refused.
    pub proposed: Dong,
    /// Refused by the decision.
    pub decided: Dong,
    /// Overturned after the appeal.
    pub overturned: Dong,
    /// Collected, or set off.
    pub collected: Dong,
    /// Counts changes, from 1.
    pub version: i64,
}

impl FacilityReview {
    pub(super) fn of(case: ReviewCase) -> Result<Self, DeskError> {
        let (sent_on, due) = case.sent_on.zip(case.due).ok_or(DeskError::NotFound { kind: "review" })?;
        Ok(Self {
            id: case.id,
            visit: case.visit,
            facility: case.facility,
            period: case.period,
            portal_code: case.portal_code,
            state: case.state,
            sent_on,
            due,
            answered_on: case.answered_on,
            late: case.late,
            billed: case.billed,
            asked: case.asked,
            proposed: case.proposed,
            decided: case.decided,
            overturned: case.overturned,
            collected: case.collected,
            version: case.version,
        })
    }

    /// Its place in the list by day, for [`crate::PageAt`].
    pub fn place(&self) -> String {
        format!("{}_{}", self.due, self.id)
    }
}

/// What a facility says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAnswer {
    /// The line; none: the case as a whole, which can only be explained.
    pub line: Option<String>,
    /// What it does about it; not [`AnswerKind::Appeal`].
    pub kind: AnswerKind,
    /// In words.
    pub text: String,
    /// The amount it asks for now, below what the line asks: of an adjustment, and only there.
    pub amount: Option<Dong>,
}

impl Desk {
    /// Takes down what a facility answers to a case of its own, once; after its day it is late, not refused.
    pub async fn answer_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        answers: &[NewAnswer],
        today: Date,
        form: &str,
    ) -> Result<FacilityReview, DeskError> {
        let turn =
            self.review_turn(scope, By::Facility, (id, version, form), |case| in_state(case.state == ReviewState::Sent)).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return FacilityReview::of(case);
        }
        if answers.is_empty() || answers.len() > ANSWERS {
            return Err(DeskError::Invalid { field: "answers", why: "must be 1 to 300" });
        }
        let known = lines(&mut tx, id).await?;
        let mut said = Vec::with_capacity(answers.len());
        for new in answers {
            let text = written("text", &new.text)?;
            let line = match &new.line {
                Some(line) => Some(known.iter().find(|known| known.id == *line && known.proposed > Dong::ZERO).ok_or(NO_LINE)?),
                None => None,
            };
            check(new, line.map(|line| line.asked))?;
            said.push((new.line.as_deref(), new.kind, text, new.amount));
        }
        let late = case.due.is_some_and(|due| due < today);
        self.put_answers(&mut tx, scope, id, &said, late).await?;
        let sql = self.update_review().push(", state = 'answered', answered_on = ").bind(today.to_string());
        let sql = sql.push(", late = ").bind(i64::from(late)).push(" WHERE id = ").bind(id);
        tx.execute(sql).await?;
        let value = Some(answers.len().to_string());
        let event = NewEvent { what: "answered", value, day: Some(today), ..NewEvent::default() };
        FacilityReview::of(self.review_done(tx, scope, id, AuditAction::AnswerReview, event, &form).await?)
    }

    /// Takes down that a facility appeals against lines of a decision, all refused ones where none is named, until `last_day`.
    #[expect(clippy::too_many_arguments, reason = "which case and lines, why, when, until when: no two belong together")]
    pub async fn appeal_review(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        against: &[String],
        text: &str,
        today: Date,
        last_day: Date,
        form: &str,
    ) -> Result<FacilityReview, DeskError> {
        let turn = self
            .review_turn(scope, By::Facility, (id, version, form), |case| {
                in_state(case.state == ReviewState::Decided && case.decided > Dong::ZERO)
            })
            .await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return FacilityReview::of(case);
        }
        let text = written("text", text)?;
        if today > last_day {
            return refuse(ReviewRefusal::TooLate);
        }
        let known = lines(&mut tx, id).await?;
        let refused = known.iter().filter(|line| line.decided > Dong::ZERO).map(|line| line.id.as_str());
        let refused: Vec<&str> = refused.collect();
        if against.iter().any(|line| !refused.contains(&line.as_str())) {
            return Err(NO_LINE);
        }
        let named = |line: &&str| against.is_empty() || against.iter().any(|one| one == line);
        let said: Vec<Said<'_>> =
            refused.into_iter().filter(named).map(|line| (Some(line), AnswerKind::Appeal, text.clone(), None)).collect();
        self.put_answers(&mut tx, scope, id, &said, false).await?;
        let sql = self.update_review().push(", state = 'appealed' WHERE id = ").bind(id);
        tx.execute(sql).await?;
        let value = Some(said.len().to_string());
        let event = NewEvent { what: "appealed", value, day: Some(today), ..NewEvent::default() };
        FacilityReview::of(self.review_done(tx, scope, id, AuditAction::AnswerReview, event, &form).await?)
    }

    async fn put_answers(&self, tx: &mut Tx, scope: &Scope, id: &str, said: &[Said<'_>], late: bool) -> Result<(), DeskError> {
        let now = self.now();
        for some in said.chunks(MAX_BINDS / BINDS) {
            let rows = some.iter().map(|(line, kind, text, amount)| -> Vec<Bind> {
                vec![
                    self.next_id(now).into(),
                    id.into(),
                    (*line).into(),
                    kind.as_str().into(),
                    text.as_str().into(),
                    Bind::Int(amount.map(Dong::get)),
                    i64::from(late).into(),
                    scope.actor.0.as_str().into(),
                    now.into(),
                ]
            });
            let sql = Sql::new(
                "INSERT INTO review_answer (id, case_id, line, kind, words, amount, late, answered_by, answered_at) VALUES ",
            );
            tx.execute(sql.rows(rows.collect::<Vec<_>>())).await?;
        }
        Ok(())
    }
}

type Said<'a> = (Option<&'a str>, AnswerKind, String, Option<Dong>);

const NO_LINE: DeskError = DeskError::Invalid { field: "line", why: "is no line that was sent, or none that was refused" };

/// Whether an answer fits what the line asks.
fn check(new: &NewAnswer, asked: Option<Dong>) -> Result<(), DeskError> {
    let wrong = |field, why| Err(DeskError::Invalid { field, why });
    match (new.kind, asked) {
        (AnswerKind::Appeal, _) => wrong("kind", "is no answer to what was sent"),
        (AnswerKind::Withdraw | AnswerKind::Adjust, None) => wrong("line", "must be named to withdraw or adjust it"),
        (AnswerKind::Adjust, Some(asked)) => match new.amount {
            Some(amount) if amount >= Dong::ZERO && amount < asked => Ok(()),
            _ => wrong("amount", "must be 0 or more and less than the line asked"),
        },
        _ if new.amount.is_some() => wrong("amount", "belongs to an adjustment"),
        _ => Ok(()),
    }
}
