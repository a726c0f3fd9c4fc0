//! Changing one case: who may, from which state, and what is written.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Scope};
use serde::{Deserialize, Serialize};

use super::history::NewEvent;
use super::{Case, CaseState, Outcome, one, sees};
use crate::access::{Permission, may, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// What is done with a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Who asks takes it.
    Take,
    /// Who asks takes it from a colleague of their unit (nhận thay trong đơn vị).
    TakeOver {
        /// Why.
        reason: String,
    },
    /// It is given to a user (giao việc).
    Assign {
        /// Desk user.
        to: String,
    },
    /// It is given back to the unit.
    Release {
        /// Why.
        reason: String,
    },
    /// It is put off until a day.
    Snooze {
        /// The day it comes back, after today.
        until: Date,
        /// Why.
        reason: String,
    },
    /// Something came of it. An outcome that does not close ([`Outcome::Contacted`]) is written down and the case stays.
    Outcome {
        /// What.
        outcome: Outcome,
        /// Its day, where it needs one.
        day: Option<Date>,
        /// In words: when and how, the ground, what was said.
        reason: String,
    },
    /// A closed case is opened again.
    Reopen {
        /// Why.
        reason: String,
    },
}

impl Change {
    /// The user it is given to, where it is given to one.
    pub fn to(&self) -> Option<&str> {
        match self {
            Self::Assign { to } => Some(to),
            _ => None,
        }
    }
}

/// Outcomes that each rule offers, by rule id.
pub type Allowed = BTreeMap<String, Vec<Outcome>>;

/// Why a case was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// Outside the area of who asks, or there is none.
    NotFound,
    /// Somebody changed it in between.
    Stale,
    /// Somebody else has it.
    NotYours,
    /// Its state does not allow this: closed cases are opened again first, open ones cannot be opened again.
    WrongState,
    /// The rule does not offer this outcome.
    OutcomeNotOffered,
    /// The new owner may not see it.
    OwnerDoesNotSee,
    /// There is a case of this finding already.
    IsCase,
}

impl Refusal {
    /// All reasons.
    pub const ALL: [Refusal; 7] = [
        Self::NotFound,
        Self::Stale,
        Self::NotYours,
        Self::WrongState,
        Self::OutcomeNotOffered,
        Self::OwnerDoesNotSee,
        Self::IsCase,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Stale => "stale",
            Self::NotYours => "not_yours",
            Self::WrongState => "wrong_state",
            Self::OutcomeNotOffered => "outcome_not_offered",
            Self::OwnerDoesNotSee => "owner_does_not_see",
            Self::IsCase => "is_case",
        }
    }

    /// The reason of a stable word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }

    /// What to do, in words.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::NotFound => "Kiểm tra lại đường dẫn; có thể hồ sơ thuộc địa bàn khác.",
            Self::Stale => "Hồ sơ vừa được người khác thay đổi. Mở lại hồ sơ, xem nội dung mới rồi làm lại nếu vẫn cần.",
            Self::NotYours => "Người khác phụ trách; cùng đơn vị thì nhận thay kèm lý do, không thì đề nghị người đó trả lại.",
            Self::WrongState => "Hồ sơ đã xong thì mở lại trước khi ghi tiếp; hồ sơ đang mở thì không cần mở lại.",
            Self::OutcomeNotOffered => "Chọn một kết quả mà quy tắc của hồ sơ này cho phép.",
            Self::OwnerDoesNotSee => "Giao cho người được xem hồ sơ của địa bàn và loại việc này.",
            Self::IsCase => "Mở hồ sơ đã có của dấu hiệu này.",
        }
    }
}

impl Desk {
    /// Changes a case that still has this version. The same form again gives the case as it is now; its number with another change is
    /// refused.
    #[expect(
        clippy::too_many_arguments,
        reason = "who, which case, what, by which rules, when, by which form: no two belong together"
    )]
    pub async fn change_case(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        change: &Change,
        allowed: &Allowed,
        today: Date,
        form: &str,
    ) -> Result<Case, DeskError> {
        require(scope, Permission::WorkCases)?;
        let form = client_tx(form)?;
        let ready = self.ready(scope, change, today).await?;
        let mut tx = self.store().write(scope).await?;
        let case = one(&mut tx, scope, id, true).await?;
        let event = NewEvent { version: version + 1, ..ready.event(scope) };
        if self.is_known(&mut tx, id, &form, &event).await? {
            return Ok(case);
        }
        if case.version != version {
            return Err(DeskError::CaseRefused { why: Refusal::Stale });
        }
        ready.fits(scope, &case, allowed).map_err(|why| DeskError::CaseRefused { why })?;
        let now = self.now();
        tx.execute(ready.update(scope, now).push(" WHERE id = ").bind(id)).await?;
        let what = event.what;
        self.add_events(&mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        let changed = one(&mut tx, scope, id, false).await?;
        let event = ReadEvent::new(AuditAction::ChangeCases, "case").object(id).word("what", what).client_tx(&form);
        self.commit_with(tx, scope, changed.commune.iter().fold(event, |event, commune| event.commune(commune))).await?;
        Ok(changed)
    }

    /// Checks what does not depend on the case.
    pub(super) async fn ready(&self, scope: &Scope, change: &Change, today: Date) -> Result<Ready, DeskError> {
        let mut change = change.clone();
        let (mut owner, mut colleagues) = (None, BTreeSet::new());
        match &mut change {
            Change::Take => {}
            Change::TakeOver { reason } => {
                *reason = written("reason", reason)?;
                colleagues = self.colleagues(scope).await?;
            }
            Change::Assign { to } => owner = Some(self.user_scope(scope, to).await?),
            Change::Release { reason } | Change::Reopen { reason } => *reason = written("reason", reason)?,
            Change::Snooze { until, reason } => {
                *reason = written("reason", reason)?;
                if *until <= today {
                    return Err(DeskError::Invalid { field: "until", why: "must lie after today" });
                }
            }
            Change::Outcome { outcome, day, reason } => {
                *reason = written("reason", reason)?;
                if *outcome == Outcome::Gone {
                    return Err(DeskError::Invalid { field: "outcome", why: "only a run says that a finding is gone" });
                }
                if outcome.needs_day() != day.is_some() {
                    return Err(DeskError::Invalid { field: "day", why: "belongs to an outcome that holds from or until a day" });
                }
                if day.is_some_and(|day| day < today) {
                    return Err(DeskError::Invalid { field: "day", why: "must not lie before today" });
                }
            }
        }
        Ok(Ready { change, owner, colleagues })
    }
}

/// A change that was checked.
pub(super) struct Ready {
    pub(super) change: Change,
    /// The scope of the new owner.
    owner: Option<Scope>,
    /// Users of the unit of who asks, where work is taken over within it.
    colleagues: BTreeSet<String>,
}

impl Ready {
    /// Whether a case may be changed so by who asks.
    pub(super) fn fits(&self, scope: &Scope, case: &Case, allowed: &Allowed) -> Result<(), Refusal> {
        let done = case.state == CaseState::Done;
        if done != matches!(self.change, Change::Reopen { .. }) {
            return Err(Refusal::WrongState);
        }
        let elses = case.owner.as_deref().filter(|owner| !scope.is_own(owner));
        let from_colleague = elses.is_some_and(|owner| self.colleagues.contains(owner));
        if elses.is_some() && !from_colleague && !may(scope, Permission::AssignCases) {
            return Err(Refusal::NotYours);
        }
        match &self.change {
            Change::TakeOver { .. } if elses.is_none() => Err(Refusal::WrongState),
            Change::Release { .. } if case.owner.is_none() => Err(Refusal::WrongState),
            Change::Assign { .. } => match &self.owner {
                Some(to) if sees(to, case.commune.as_ref(), case.unit) => Ok(()),
                _ => Err(Refusal::OwnerDoesNotSee),
            },
            Change::Outcome { outcome, .. } => {
                let offered = allowed.get(&case.rule).is_some_and(|offered| offered.contains(outcome));
                if offered { Ok(()) } else { Err(Refusal::OutcomeNotOffered) }
            }
            _ => Ok(()),
        }
    }

    /// The update of the cases that fit; its condition is still to be added.
    pub(super) fn update(&self, scope: &Scope, now: i64) -> Sql {
        let sql = Sql::new("UPDATE work_case SET version = version + 1, changed_at = ").bind(now);
        let me = scope.in_name_of().0.as_str();
        match &self.change {
            Change::Take | Change::TakeOver { .. } => sql.push(", state = 'taken', snoozed_until = NULL, owner = ").bind(me),
            Change::Assign { to } => sql.push(", state = 'taken', snoozed_until = NULL, owner = ").bind(to.as_str()),
            Change::Release { .. } => sql.push(", state = 'open', snoozed_until = NULL, owner = NULL"),
            Change::Snooze { until, .. } => {
                let sql = sql.push(", state = 'snoozed', snoozed_until = ").bind(until.to_string());
                sql.push(", owner = COALESCE(owner, ").bind(me).push(")")
            }
            Change::Outcome { outcome, day, .. } => {
                let sql = sql.push(", snoozed_until = NULL, owner = COALESCE(owner, ").bind(me);
                let sql = sql.push("), outcome = ").bind(outcome.as_str()).push(", outcome_day = ");
                let sql = sql.bind(day.map(|day| day.to_string()));
                if outcome.closes() {
                    sql.push(", state = 'done', closed_at = ").bind(now)
                } else {
                    sql.push(", state = 'taken'")
                }
            }
            Change::Reopen { .. } => sql.push(", state = 'reopened', outcome = NULL, outcome_day = NULL, closed_at = NULL"),
        }
    }

    /// What is written into the history.
    pub(super) fn event(&self, scope: &Scope) -> NewEvent {
        let (what, value, day, reason) = match &self.change {
            Change::Take => ("taken", Some(scope.in_name_of().0.clone()), None, None),
            Change::TakeOver { reason } => ("taken_over", Some(scope.in_name_of().0.clone()), None, Some(reason)),
            Change::Assign { to } => ("assigned", Some(to.clone()), None, None),
            Change::Release { reason } => ("released", None, None, Some(reason)),
            Change::Snooze { until, reason } => ("snoozed", None, Some(*until), Some(reason)),
            Change::Outcome { outcome, day, reason } => {
                (if outcome.closes() { "closed" } else { "contacted" }, Some(outcome.as_str().to_owned()), *day, Some(reason))
            }
            Change::Reopen { reason } => ("reopened", None, None, Some(reason)),
        };
        NewEvent { version: 0, what, value, day, reason: reason.cloned() }
    }
}
