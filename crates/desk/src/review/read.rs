//! One case with all that belongs to it, for the agency and for its facility; the lines of many, for files.

use std::collections::BTreeMap;

use base::{Area, Scope};
use serde::Serialize;

use super::case::one;
use super::file::files;
use super::history::{HISTORY, SHOWN};
use super::line::{answers, lines, lines_by_case};
use super::sign::signed_lines;
use super::step::steps;
use super::{FacilityReview, ReviewAnswer, ReviewCase, ReviewFile, ReviewFileKind, ReviewLine, ReviewStep, facility_of};
use crate::access::{Permission, require};
use crate::{Desk, DeskError, HistoryEvent};

/// A case with all that belongs to it, for the agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewRecord {
    /// The case, with what is signed once.
    pub case: ReviewCase,
    /// Its lines, in the order of the claim.
    pub lines: Vec<ReviewLine>,
    /// What the facility said, oldest first.
    pub answers: Vec<ReviewAnswer>,
    /// Its files, oldest first.
    pub files: Vec<ReviewFile>,
    /// Steps of an active audit and of the minutes, oldest first.
    pub steps: Vec<ReviewStep>,
    /// What was done, oldest first.
    pub history: Vec<HistoryEvent>,
}

/// A case as its facility sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FacilityReviewRecord {
    /// The case.
    pub case: FacilityReview,
    /// The lines that were sent: what is proposed to be refused.
    pub lines: Vec<ReviewLine>,
    /// What the facility said, oldest first.
    pub answers: Vec<ReviewAnswer>,
    /// Its own proofs and the agency's minutes, oldest first.
    pub files: Vec<ReviewFile>,
    /// Steps of an active audit and of the minutes, oldest first.
    pub steps: Vec<ReviewStep>,
    /// What was done and is shown to it, oldest first.
    pub history: Vec<HistoryEvent>,
}

impl Desk {
    /// One case with all that belongs to it.
    pub async fn review(&self, scope: &Scope, id: &str) -> Result<ReviewRecord, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let mut case = one(&mut tx, scope, id).await?;
        if let Some(pending) = &mut case.pending {
            pending.lines = signed_lines(&mut tx, &pending.id).await?;
        }
        Ok(ReviewRecord {
            case,
            lines: lines(&mut tx, id).await?,
            answers: answers(&mut tx, id).await?,
            files: files(&mut tx, id).await?,
            steps: steps(&mut tx, id).await?,
            history: HISTORY.of(&mut tx, id).await?,
        })
    }

    /// The lines of cases by case, in the order of the claim; a case that is not open to who asks has none.
    pub async fn lines_of_reviews(
        &self,
        scope: &Scope,
        cases: &[String],
    ) -> Result<BTreeMap<String, Vec<ReviewLine>>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let mut tx = self.store().read(scope).await?;
        let mut all: BTreeMap<String, Vec<ReviewLine>> = BTreeMap::new();
        // An area of many communes takes most of a statement's binds.
        let at_once = if scope.area == Area::City { 140 } else { 20 };
        for some in cases.chunks(at_once) {
            for (case, line) in lines_by_case(&mut tx, scope, some).await? {
                all.entry(case).or_default().push(line);
            }
        }
        Ok(all)
    }

    /// One case of the facility that who asks works for, once it was sent.
    pub async fn facility_review(&self, scope: &Scope, id: &str) -> Result<FacilityReviewRecord, DeskError> {
        require(scope, Permission::AnswerClaims)?;
        facility_of(scope).ok_or(DeskError::Forbidden { permission: Permission::AnswerClaims })?;
        let mut tx = self.store().read(scope).await?;
        let case = FacilityReview::of(one(&mut tx, scope, id).await?)?;
        let mut lines = lines(&mut tx, id).await?;
        lines.retain(|line| line.proposed > base::Dong::ZERO);
        let mut files = files(&mut tx, id).await?;
        files.retain(|file| file.kind != ReviewFileKind::Other);
        let mut history = HISTORY.of(&mut tx, id).await?;
        history.retain(|event| SHOWN.contains(&event.what.as_str()));
        let (answers, steps) = (answers(&mut tx, id).await?, steps(&mut tx, id).await?);
        Ok(FacilityReviewRecord { case, lines, answers, files, steps, history })
    }
}
