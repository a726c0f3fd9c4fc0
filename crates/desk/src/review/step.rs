//! Days of an active audit (giám định chủ động) and of its minutes, beside the state of a case: notice given, files handed over, minutes made, minutes
//! signed. The last step of a track says how it stands; a later one of the same kind corrects the day, or asks again.

use base::{Area, Date, Scope};
use serde::Serialize;

use super::case::{By, Turn, in_state};
use super::history::NewEvent;
use super::{ReviewCase, ReviewRefusal, ReviewState, ReviewStepKind, facility_of, refuse, visible};
use crate::access::{Permission, require};
use crate::audit::AuditAction;
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::written;
use crate::{Desk, DeskError};

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewStep {
    /// UUIDv7.
    pub id: String,
    /// The case.
    pub case: String,
    /// Version of the case after it.
    pub version: i64,
    /// What was done.
    pub kind: ReviewStepKind,
    /// The day it was done.
    pub day: Date,
    /// The last day of the term that it begins, as it was worked out then.
    pub due: Option<Date>,
    /// Who wrote it down, pseudonymous.
    pub recorded_by: String,
    /// Unix milliseconds.
    pub recorded_at: i64,
}

/// A step to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReviewStep {
    /// What was done.
    pub kind: ReviewStepKind,
    /// The day it was done, not after today.
    pub day: Date,
    /// The last day of the term that it begins; none where it begins none, or where no law names it.
    pub due: Option<Date>,
    /// What else is to be known, in words that the facility reads too: the document, who signed.
    pub note: Option<String>,
}

/// What a facility has to do by a day: a step began it and nothing of its track came after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenReviewStep {
    /// The case.
    pub case: String,
    /// The book's number of the visit.
    pub visit: i64,
    /// What began the term.
    pub kind: ReviewStepKind,
    /// The day it began.
    pub day: Date,
    /// Its last day.
    pub due: Date,
}

impl ReviewStepKind {
    /// Which of the two ways it belongs to; the last step of each says how it stands.
    pub fn track(self) -> &'static str {
        match self {
            Self::AuditNotice | Self::FilesHanded => "files",
            Self::MinutesMade | Self::MinutesSigned => "minutes",
        }
    }

    /// The step without which it cannot be; none where it begins its track.
    fn after(self) -> Option<Self> {
        match self {
            Self::AuditNotice | Self::MinutesMade => None,
            Self::FilesHanded => Some(Self::AuditNotice),
            Self::MinutesSigned => Some(Self::MinutesMade),
        }
    }
}

impl ReviewStep {
    /// The last step of a track among those of a case, oldest first.
    pub fn last<'s>(steps: &'s [Self], track: &str) -> Option<&'s Self> {
        steps.iter().rev().find(|step| step.kind.track() == track)
    }

    /// The last step of a kind among those of a case, oldest first.
    pub fn of(steps: &[Self], kind: ReviewStepKind) -> Option<&Self> {
        steps.iter().rev().find(|step| step.kind == kind)
    }
}

/// Whether a term that a step `s` of a case began is still open: nothing of its track came after it.
pub(super) const OPEN: &str = "s.due IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review_step n WHERE n.case_id = s.case_id \
                               AND n.track = s.track AND n.version > s.version)";

/// Columns in the order of [`due_from`].
const OPEN_STEPS: &str =
    "SELECT s.case_id, c.visit, s.step, s.day, s.due FROM review_step s JOIN review_case c ON c.id = s.case_id WHERE ";

/// A case that ended has no terms.
const NOT_ENDED: &str = " AND c.state NOT IN ('final', 'closed')";

impl Desk {
    /// Writes down a step of the active audit or of the minutes of a case that has not ended. Its state stays; the same form again gives the case as it is.
    pub async fn record_review_step(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        new: &NewReviewStep,
        today: Date,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let turn = self.review_turn(scope, By::Auditor, (id, version, form), may_step).await?;
        let Turn { mut tx, case, form, again } = turn;
        if again {
            return Ok(case);
        }
        let note = new.note.as_deref().map(|note| written("note", note)).transpose()?;
        if new.day > today {
            return Err(DeskError::Invalid { field: "day", why: "must not be after today" });
        }
        if new.due.is_some_and(|due| due < new.day || new.kind.after().is_some()) {
            return Err(DeskError::Invalid { field: "due", why: "belongs to a step that begins a term, not before its day" });
        }
        if let Some(before) = new.kind.after() {
            let known = steps(&mut tx, id).await?;
            match ReviewStep::of(&known, before) {
                None => return refuse(ReviewRefusal::WrongState),
                Some(begun) if new.day < begun.day => {
                    return Err(DeskError::Invalid { field: "day", why: "must not be before the step it follows" });
                }
                Some(_) => {}
            }
        }
        tx.execute(self.update_review().push(" WHERE id = ").bind(id)).await?;
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO review_step (id, case_id, version, track, step, day, due, recorded_by, recorded_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                self.next_id(now).into(),
                id.into(),
                (case.version + 1).into(),
                new.kind.track().into(),
                new.kind.as_str().into(),
                new.day.to_string().into(),
                new.due.map(|due| due.to_string()).into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = NewEvent { what: new.kind.as_str(), day: Some(new.day), reason: note, ..NewEvent::default() };
        self.review_done(tx, scope, id, AuditAction::ChangeReview, event, &form).await
    }

    /// What is open of some cases, by the day it is due.
    pub async fn open_review_steps(&self, scope: &Scope, cases: &[String]) -> Result<Vec<OpenReviewStep>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let mut all = Vec::new();
        // An area of many communes takes most of a statement's binds.
        let at_once = if scope.area == Area::City { 140 } else { 20 };
        for some in cases.chunks(at_once) {
            let sql = Sql::new(OPEN_STEPS).push(OPEN).push(NOT_ENDED).push(" AND s.case_id IN ");
            let sql = sql.list(some.iter().map(String::as_str)).push(" AND ");
            let sql = visible(sql, scope)?.push(" ORDER BY s.due, s.case_id");
            for row in tx.rows(sql).await? {
                all.push(due_from(&row)?);
            }
        }
        Ok(all)
    }

    /// What the facility that who asks works for has to do by a day, the earliest day first: files to hand over, minutes to sign.
    pub async fn facility_steps(&self, scope: &Scope) -> Result<Vec<OpenReviewStep>, DeskError> {
        require(scope, Permission::AnswerClaims)?;
        facility_of(scope).ok_or(DeskError::Forbidden { permission: Permission::AnswerClaims })?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(OPEN_STEPS).push(OPEN).push(NOT_ENDED).push(" AND ");
        let sql = visible(sql, scope)?.push(" ORDER BY s.due, s.case_id");
        tx.rows(sql).await?.iter().map(due_from).collect()
    }
}

/// Whether something can still be written down: a case that ended has no terms.
fn may_step(case: &ReviewCase) -> Result<(), ReviewRefusal> {
    in_state(!matches!(case.state, ReviewState::Final | ReviewState::Closed))
}

/// The steps of a case, oldest first; whether who asks sees the case was decided before.
pub(super) async fn steps(tx: &mut Tx, case: &str) -> Result<Vec<ReviewStep>, DeskError> {
    let sql = Sql::new("SELECT id, case_id, version, step, day, due, recorded_by, recorded_at FROM review_step WHERE case_id = ");
    tx.rows(sql.bind(case).push(" ORDER BY version")).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<ReviewStep, DeskError> {
    Ok(ReviewStep {
        id: row.text(0)?,
        case: row.text(1)?,
        version: row.int(2)?,
        kind: kind(row, 3)?,
        day: day(row, 4)?.ok_or_else(|| DeskError::damaged("review_step", "day"))?,
        due: day(row, 5)?,
        recorded_by: row.text(6)?,
        recorded_at: row.int(7)?,
    })
}

fn due_from(row: &Row) -> Result<OpenReviewStep, DeskError> {
    Ok(OpenReviewStep {
        case: row.text(0)?,
        visit: row.int(1)?,
        kind: kind(row, 2)?,
        day: day(row, 3)?.ok_or_else(|| DeskError::damaged("review_step", "day"))?,
        due: day(row, 4)?.ok_or_else(|| DeskError::damaged("review_step", "due"))?,
    })
}

fn kind(row: &Row, at: usize) -> Result<ReviewStepKind, DeskError> {
    ReviewStepKind::from_word(&row.text(at)?).ok_or_else(|| DeskError::damaged("review_step", "step"))
}

fn day(row: &Row, at: usize) -> Result<Option<Date>, DeskError> {
    row.opt_text(at)?.map(|day| day.parse().map_err(|_| DeskError::damaged("review_step", "day"))).transpose()
}
