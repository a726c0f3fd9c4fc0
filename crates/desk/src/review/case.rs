//! One case of the audit, its row, and the way of every change: lock, look, version.

use base::{CommuneCode, Date, Dong, Month, Scope, Strength};
use serde::Serialize;

use super::history::{HISTORY, NewEvent};
use super::{LineDecision, ReviewOrder, ReviewRefusal, ReviewState, facility_of, refuse, strength_of, visible};
use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// A case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewCase {
    /// UUIDv7.
    pub id: String,
    /// The book's number of the visit.
    pub visit: i64,
    /// How many cases of the visit came before this one.
    pub follows: i64,
    /// Code of the facility (mã cơ sở KCB).
    pub facility: String,
    /// The commune the facility stands in; none when unknown: then only the whole city sees the case.
    pub commune: Option<CommuneCode>,
    /// Month of the claim.
    pub period: Month,
    /// Number of the dossier on the agency's portal (mã hồ sơ trên Cổng giám định).
    pub portal_code: Option<String>,
    /// Where it stands.
    pub state: ReviewState,
    /// Desk user who has it.
    pub owner: Option<String>,
    /// What the visit asks of the fund, without what the cases of the visit before this one propose or refuse.
    pub billed: Dong,
    /// What is expected to come of it: for the order of the queue alone.
    pub expected: Dong,
    /// The strongest of its findings.
    pub strength: Strength,
    /// The day the facility was told.
    pub sent_on: Option<Date>,
    /// The day the facility has to answer by.
    pub due: Option<Date>,
    /// The day it answered.
    pub answered_on: Option<Date>,
    /// Whether it answered after its day.
    pub late: bool,
    /// Id of the document it was sent with; none with a day: by an own channel, which the history tells.
    pub notice: Option<String>,
    /// The first signature that waits for a second one.
    pub pending: Option<PendingSignature>,
    /// The document by which it was referred to another authority (chuyển cơ quan có thẩm quyền).
    pub referred: Option<String>,
    /// Asked by its lines, a line of the claim counted once.
    pub asked: Dong,
    /// Proposed to be refused.
    pub proposed: Dong,
    /// Refused by the decision.
    pub decided: Dong,
    /// Overturned after an appeal.
    pub overturned: Dong,
    /// Collected, or set off in a settlement.
    pub collected: Dong,
    /// Counts changes, from 1.
    pub version: i64,
    /// Unix milliseconds.
    pub opened_at: i64,
    /// Unix milliseconds of the last change.
    pub changed_at: i64,
}

/// A decision or the answer to an appeal that one person has signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PendingSignature {
    /// UUIDv7 of the signature.
    pub id: String,
    /// Whether it answers an appeal; else it decides.
    pub settles: bool,
    /// Who signed, pseudonymous.
    pub signed_by: String,
    /// For whom, where they acted for somebody who was away.
    pub signed_for: Option<String>,
    /// Unix milliseconds.
    pub signed_at: i64,
    /// What is signed; empty in lists.
    pub lines: Vec<SignedLine>,
}

/// What is signed of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedLine {
    /// The line.
    pub line: String,
    /// What is decided; none in the answer to an appeal.
    pub decision: Option<LineDecision>,
    /// Refused, or overturned.
    pub amount: Dong,
    /// Why.
    pub reason: String,
}

impl ReviewCase {
    /// Refused and not overturned (giữ nguyên).
    pub fn upheld(&self) -> Dong {
        self.decided - self.overturned
    }

    /// Its place in an order, for [`crate::PageAt`].
    pub fn place(&self, order: ReviewOrder) -> String {
        match order {
            ReviewOrder::Priority => format!("{}_{}", super::queue::priority(self.expected, self.strength), self.id),
            ReviewOrder::Billed => format!("{}_{}", self.billed.get(), self.id),
            ReviewOrder::Due => {
                let due = self.due.map_or_else(|| super::queue::NO_DUE.to_owned(), |day| day.to_string());
                format!("{due}_{}", self.id)
            }
        }
    }
}

/// Columns in the order of [`from_row`].
pub(super) const COLUMNS: &str = "id, visit, facility, commune, period, portal_code, state, owner, billed, expected, strength, sent_on, due, \
                                  answered_on, late, notice, referred, asked, proposed, decided, overturned, collected, version, \
                                  opened_at, changed_at, pending, follows";

/// One case that is open to who asks, without its pending signature's lines.
pub(super) async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<ReviewCase, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_case WHERE id = ").bind(id).push(" AND ");
    cases(tx, visible(sql, scope)?).await?.pop().ok_or(DeskError::NotFound { kind: "review" })
}

/// Cases of a statement over [`COLUMNS`], with who signed first.
pub(super) async fn cases(tx: &mut Tx, sql: Sql) -> Result<Vec<ReviewCase>, DeskError> {
    let rows = tx.rows(sql).await?;
    let mut found = rows.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    let waiting: Vec<String> =
        rows.iter().map(|row| row.opt_text(25)).collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    for some in waiting.chunks(100) {
        let sql = Sql::new("SELECT case_id, id, kind, first_by, first_for, first_at FROM review_signature WHERE id IN ");
        for row in tx.rows(sql.list(some.iter().map(String::as_str))).await? {
            let case = row.text(0)?;
            if let Some(known) = found.iter_mut().find(|known| known.id == case) {
                known.pending = Some(PendingSignature {
                    id: row.text(1)?,
                    settles: row.text(2)? == "settle",
                    signed_by: row.text(3)?,
                    signed_for: row.opt_text(4)?,
                    signed_at: row.int(5)?,
                    lines: Vec::new(),
                });
            }
        }
    }
    Ok(found)
}

fn from_row(row: &Row) -> Result<ReviewCase, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("review_case", what);
    let day = |at: usize| row.opt_text(at)?.map(|text| text.parse::<Date>().map_err(|_| wrong("day")())).transpose();
    let dong = |at: usize| row.int(at).map(Dong::new);
    Ok(ReviewCase {
        id: row.text(0)?,
        visit: row.int(1)?,
        facility: row.text(2)?,
        commune: row.opt_text(3)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        period: row.text(4)?.parse().map_err(|_| wrong("period")())?,
        portal_code: row.opt_text(5)?,
        state: ReviewState::from_word(&row.text(6)?).ok_or_else(wrong("state"))?,
        owner: row.opt_text(7)?,
        billed: dong(8)?,
        expected: dong(9)?,
        strength: strength_of(row.int(10)?)?,
        sent_on: day(11)?,
        due: day(12)?,
        answered_on: day(13)?,
        late: row.int(14)? == 1,
        notice: row.opt_text(15)?,
        pending: None,
        referred: row.opt_text(16)?,
        asked: dong(17)?,
        proposed: dong(18)?,
        decided: dong(19)?,
        overturned: dong(20)?,
        collected: dong(21)?,
        version: row.int(22)?,
        opened_at: row.int(23)?,
        changed_at: row.int(24)?,
        follows: row.int(26)?,
    })
}

/// Who changes a case by a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// An auditor: nobody has the case, they have it, or they may change what others have.
    Auditor,
    /// An auditor, whoever has the case.
    AnyAuditor,
    /// Who may decide, whoever has the case.
    Decider,
    /// The facility, whose own case it is.
    Facility,
}

/// A case about to be changed by a form.
pub(super) struct Turn {
    /// The transaction that holds the case as it is until it ends.
    pub(super) tx: Tx,
    /// The case.
    pub(super) case: ReviewCase,
    /// The form's own number, checked.
    pub(super) form: String,
    /// Whether the form was written down before: then nothing is left to do.
    pub(super) again: bool,
}

/// Whether the state of a case allows a change.
pub(super) fn in_state(allows: bool) -> Result<(), ReviewRefusal> {
    if allows { Ok(()) } else { Err(ReviewRefusal::WrongState) }
}

/// Whether who asks may work on a case, see [`By::Auditor`].
fn own(scope: &Scope, case: &ReviewCase) -> Result<(), DeskError> {
    let elses = case.owner.as_ref().is_some_and(|owner| *owner != scope.actor.0);
    if elses && !may(scope, Permission::DecideClaims) { refuse(ReviewRefusal::NotYours) } else { Ok(()) }
}

impl Desk {
    /// The way into every change of a case by a form (`id`, the version it was made of, its own number): who asks may make it, the case is open to
    /// them and locked, still of that version, nobody else's, and `fits` says that it may be changed so. A form that was written down before is
    /// asked neither version, owner nor state.
    pub(super) async fn review_turn(
        &self,
        scope: &Scope,
        by: By,
        (id, version, form): (&str, i64, &str),
        fits: fn(&ReviewCase) -> Result<(), ReviewRefusal>,
    ) -> Result<Turn, DeskError> {
        let permission = match by {
            By::Auditor | By::AnyAuditor => Permission::ReviewClaims,
            By::Decider => Permission::DecideClaims,
            By::Facility => Permission::AnswerClaims,
        };
        require(scope, permission)?;
        if by == By::Facility && facility_of(scope).is_none() {
            return Err(DeskError::Forbidden { permission });
        }
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("review {id}")).await?;
        let case = one(&mut tx, scope, id).await?;
        if HISTORY.knows(&mut tx, id, &form).await? {
            return Ok(Turn { tx, case, form, again: true });
        }
        if case.version != version {
            return refuse(ReviewRefusal::Stale);
        }
        if by == By::Auditor {
            own(scope, &case)?;
        }
        fits(&case).or_else(refuse)?;
        Ok(Turn { tx, case, form, again: false })
    }

    /// The beginning of the update of a case; what is set and its condition are still to be added.
    pub(super) fn update_review(&self) -> Sql {
        Sql::new("UPDATE review_case SET version = version + 1, changed_at = ").bind(self.now())
    }

    /// Ends a change of a case: its event in the history and the log, then commit. Gives the case as it is now.
    pub(super) async fn review_done(
        &self,
        mut tx: Tx,
        scope: &Scope,
        id: &str,
        action: AuditAction,
        event: NewEvent,
        form: &str,
    ) -> Result<ReviewCase, DeskError> {
        let changed = one(&mut tx, scope, id).await?;
        let what = event.what;
        let event = NewEvent { version: changed.version, ..event };
        HISTORY.add(self, &mut tx, scope, form, vec![(id.to_owned(), event)]).await?;
        let told = ReadEvent::new(action, "review").object(id).word("what", what).client_tx(form);
        self.commit_with(tx, scope, changed.commune.iter().fold(told, |told, commune| told.commune(commune))).await?;
        Ok(changed)
    }
}
