//! Making cases of findings: one a visit, and one more for findings that come after it was sent.

use std::collections::{BTreeMap, BTreeSet};

use base::{CommuneCode, Dong, FindingKey, Month, Scope, Strength, names::fold};

use super::case::{COLUMNS, cases};
use super::history::{HISTORY, NewEvent};
use super::line::asked_of;
use super::queue::priority;
use super::{ReviewCase, facility_code, rank, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// A visit that becomes a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReview {
    /// The book's number of the visit.
    pub visit: i64,
    /// Code of the facility.
    pub facility: String,
    /// The commune the facility stands in.
    pub commune: Option<CommuneCode>,
    /// Month of the claim.
    pub period: Month,
    /// Number of the dossier on the agency's portal.
    pub portal_code: Option<String>,
    /// What the visit asks of the fund, above 0; of a case that follows others, what they leave of it is counted.
    pub billed: Dong,
    /// What is expected to come of the case, for the order of the queue.
    pub expected: Dong,
    /// Its findings, at least one.
    pub lines: Vec<NewReviewLine>,
}

/// A finding that becomes a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewReviewLine {
    /// Key of the finding.
    pub finding: FindingKey,
    /// The rule.
    pub rule: String,
    /// How strong it is.
    pub strength: Strength,
    /// Table of the claim's line; none: the visit as a whole.
    pub line_table: Option<String>,
    /// Number of that line.
    pub line_no: Option<i64>,
    /// What it asks of the fund, from 0 to what the visit asks.
    pub asked: Dong,
    /// Why, as the rule says; may be empty until it is proposed.
    pub reason: String,
    /// By which law, as the rule says; may be empty until it is proposed.
    pub law: String,
}

/// What became of a visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedReview {
    /// The case.
    pub id: String,
    /// The visit.
    pub visit: i64,
    /// Whether this form made it.
    pub made: bool,
    /// Lines that this form added.
    pub added: i64,
}

/// Visits of one transaction.
const CHUNK: usize = 25;
/// Values of one line.
const LINE_BINDS: usize = 14;
/// Letters a case is found by, at most.
const WORDS: usize = 4_000;

impl Desk {
    /// Makes one case a visit. A visit that has a case keeps it: until it is sent it takes findings it does not have; after that they make a case
    /// that follows it. The same form again gives the same.
    pub async fn open_reviews(&self, scope: &Scope, new: Vec<NewReview>, form: &str) -> Result<Vec<OpenedReview>, DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let form = client_tx(form)?;
        // By visit, so that two forms take their locks in one order.
        let mut by_visit = BTreeMap::new();
        for one in new {
            let one = checked(scope, one)?;
            if by_visit.insert(one.visit, one).is_some() {
                return Err(DeskError::Invalid { field: "visit", why: "stands twice in the form" });
            }
        }
        let new: Vec<NewReview> = by_visit.into_values().collect();
        let mut opened = Vec::new();
        for chunk in new.chunks(CHUNK) {
            self.open_chunk_of_reviews(scope, chunk, &form, &mut opened).await?;
        }
        Ok(opened)
    }

    async fn open_chunk_of_reviews(
        &self,
        scope: &Scope,
        chunk: &[NewReview],
        form: &str,
        opened: &mut Vec<OpenedReview>,
    ) -> Result<(), DeskError> {
        let mut tx = self.store().write(scope).await?;
        let mut changed = Vec::new();
        for new in chunk {
            tx.lock(&format!("review visit {}", new.visit)).await?;
            let known = by_visit(&mut tx, scope, new.visit).await?;
            let one = match known.as_slice() {
                [] => self.make_review(&mut tx, scope, new, 0, form).await?,
                known => self.follow_review(&mut tx, scope, known, new, form).await?,
            };
            if let (one, true) = &one {
                changed.push(one.id.clone());
            }
            opened.push(one.0);
        }
        let [first, ..] = changed.as_slice() else { return Ok(()) };
        let mut event = ReadEvent::new(AuditAction::OpenReviews, "review").count("rows", changed.len() as i64).client_tx(form);
        if changed.len() == 1 {
            event = event.object(first.as_str());
        }
        self.commit_with(tx, scope, event).await
    }

    /// Makes a case that so many cases of its visit came before.
    pub(super) async fn make_review(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        new: &NewReview,
        follows: i64,
        form: &str,
    ) -> Result<(OpenedReview, bool), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let strength = strongest(new.lines.iter().map(|line| line.strength));
        let asked = asked_of(new.lines.iter().map(of_claim), new.billed)?;
        let sql = Sql::with(
            "INSERT INTO review_case (id, visit, facility, commune, period, portal_code, state, billed, expected, strength, priority, words, \
             late, asked, proposed, decided, overturned, collected, version, opened_at, changed_at, follows) \
             VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $8, $9, $10, $11, 0, $12, 0, 0, 0, 0, 1, $13, $13, $14) \
             ON CONFLICT (visit, follows) DO NOTHING",
            [
                id.as_str().into(),
                new.visit.into(),
                new.facility.as_str().into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                new.period.to_string().into(),
                new.portal_code.as_deref().into(),
                new.billed.get().into(),
                new.expected.get().into(),
                rank(strength).into(),
                priority(new.expected, strength).into(),
                found_by(&new.facility, new.portal_code.as_deref(), new.visit, new.lines.iter().map(words_of)).into(),
                asked.get().into(),
                now.into(),
                follows.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            // A case that who asks may not see has the visit.
            return Err(DeskError::NotFound { kind: "review" });
        }
        let lines: Vec<&NewReviewLine> = new.lines.iter().collect();
        self.put_lines(tx, &id, &lines, now).await?;
        let added = lines.len() as i64;
        let event = NewEvent { version: 1, what: "opened", value: Some(added.to_string()), ..NewEvent::default() };
        HISTORY.add(self, tx, scope, form, vec![(id.clone(), event)]).await?;
        Ok((OpenedReview { id, visit: new.visit, made: true, added }, true))
    }

    pub(super) async fn put_lines(&self, tx: &mut Tx, case: &str, lines: &[&NewReviewLine], now: i64) -> Result<(), DeskError> {
        for some in lines.chunks(MAX_BINDS / LINE_BINDS) {
            let rows = some.iter().map(|line| -> Vec<Bind> {
                vec![
                    self.next_id(now).into(),
                    case.into(),
                    line.finding.to_string().into(),
                    line.rule.as_str().into(),
                    rank(line.strength).into(),
                    line.line_table.as_deref().into(),
                    Bind::Int(line.line_no),
                    line.reason.as_str().into(),
                    line.law.as_str().into(),
                    line.asked.get().into(),
                    0.into(),
                    0.into(),
                    0.into(),
                ]
            });
            let sql = Sql::new(
                "INSERT INTO review_line (id, case_id, finding_key, rule, strength, line_table, line_no, reason, law, asked, proposed, \
                 decided, overturned) VALUES ",
            );
            tx.execute(sql.rows(rows.collect::<Vec<_>>())).await?;
        }
        Ok(())
    }
}

/// The cases of a visit that are open to who asks, the first one first.
async fn by_visit(tx: &mut Tx, scope: &Scope, visit: i64) -> Result<Vec<ReviewCase>, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_case WHERE visit = ").bind(visit).push(" AND ");
    cases(tx, visible(sql, scope)?.push(" ORDER BY follows")).await
}

fn checked(scope: &Scope, new: NewReview) -> Result<NewReview, DeskError> {
    let wrong = |field, why| Err(DeskError::Invalid { field, why });
    if !scope.sees(new.commune.as_ref()) {
        return Err(DeskError::NotFound { kind: "review" });
    }
    if new.visit <= 0 {
        return wrong("visit", "must be a number of the book");
    }
    if new.billed <= Dong::ZERO {
        return wrong("billed", "must be above 0");
    }
    // The order of the queue multiplies what is expected by 3 at most.
    if new.expected < Dong::ZERO || new.expected.times(3).is_err() {
        return wrong("expected", "must not be below 0, nor beyond what can be held");
    }
    if new.lines.is_empty() {
        return wrong("lines", "must be at least one");
    }
    let mut keys = BTreeSet::new();
    let mut lines = Vec::with_capacity(new.lines.len());
    for line in new.lines {
        if line.asked < Dong::ZERO || line.asked > new.billed {
            return wrong("asked", "must lie between 0 and what the visit asks");
        }
        if !keys.insert(line.finding.to_string()) {
            return wrong("finding", "stands twice in the form");
        }
        lines.push(NewReviewLine {
            rule: word("rule", &line.rule)?,
            line_table: line.line_table.map(|table| word("line_table", &table)).transpose()?,
            reason: may_be_empty("reason", &line.reason)?,
            law: may_be_empty("law", &line.law)?,
            ..line
        });
    }
    Ok(NewReview {
        facility: facility_code(&new.facility)?,
        portal_code: new.portal_code.map(|code| written("portal_code", &code)).transpose()?,
        lines,
        ..new
    })
}

fn may_be_empty(field: &'static str, text: &str) -> Result<String, DeskError> {
    if text.trim().is_empty() { Ok(String::new()) } else { written(field, text) }
}

pub(super) fn strongest(strengths: impl Iterator<Item = Strength>) -> Strength {
    strengths.max_by_key(|strength| rank(*strength)).unwrap_or(Strength::Warn)
}

fn of_claim(line: &NewReviewLine) -> super::line::ClaimLine<'_> {
    (line.line_table.as_deref(), line.line_no, line.asked)
}

fn words_of(line: &NewReviewLine) -> (&str, &str) {
    (line.rule.as_str(), line.reason.as_str())
}

/// What a case is found by: facility, dossier, visit, rules and reasons, in lower case without marks.
pub(super) fn found_by<'a>(
    facility: &str,
    portal_code: Option<&str>,
    visit: i64,
    lines: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let mut words = format!("{facility} {} {visit}", portal_code.unwrap_or_default());
    for (rule, reason) in lines {
        words.push_str(&format!(" {rule} {reason}"));
    }
    fold(&words).chars().take(WORDS).collect()
}
