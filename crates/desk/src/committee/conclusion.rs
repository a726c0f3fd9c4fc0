//! Conclusions of meetings (kết luận) as tasks: what, which unit leads, until when, and what came of it.

use base::{Date, Scope};
use serde::Serialize;

use super::{Committee, CommitteeFile, day, file, known_unit, meeting, one};
use crate::access::{Permission, require};
use crate::db::{Row, Tx};
use crate::history::NewEvent;
use crate::refusal::{PlanRefusal, own, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError, HistoryEvent};

/// Where a conclusion stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ConclusionState {
    /// To be done (đang thực hiện).
    Open,
    /// Its unit reported it done (đã báo cáo).
    Reported,
    /// Confirmed done (đã hoàn thành).
    Confirmed,
    /// No longer asked for (thôi thực hiện), with a reason.
    Dropped,
}

impl ConclusionState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Reported, Self::Confirmed, Self::Dropped];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Reported => "reported",
            Self::Confirmed => "confirmed",
            Self::Dropped => "dropped",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A conclusion to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewConclusion {
    /// What is to be done.
    pub what: String,
    /// Desk unit that leads it.
    pub unit: String,
    /// By which day.
    pub due: Date,
}

/// A conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Conclusion {
    /// UUIDv7.
    pub id: String,
    /// Its body.
    pub committee: String,
    /// The meeting that made it.
    pub meeting: String,
    /// What is to be done.
    pub what: String,
    /// Desk unit that leads it.
    pub unit: String,
    /// By which day.
    pub due: Date,
    /// Where it stands.
    pub state: ConclusionState,
    /// What its unit reported; empty before.
    pub done: String,
    /// Who changed it last, pseudonymous.
    pub changed_by: String,
    /// Counts changes, from 1.
    pub version: i64,
}

impl Conclusion {
    /// Whether something is still to be done: by its unit, or by who confirms.
    pub fn is_open(&self) -> bool {
        matches!(self.state, ConclusionState::Open | ConclusionState::Reported)
    }

    /// Since how many days it is late; none where it is not.
    pub fn late_since(&self, today: Date) -> Option<i32> {
        (self.state == ConclusionState::Open && self.due < today).then(|| self.due.days_until(today))
    }
}

/// What is done with a conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConclusionChange {
    /// Its unit reports it done.
    Report {
        /// What was done.
        done: String,
    },
    /// The body confirms it.
    Confirm,
    /// The body sends it back; a confirmed one too.
    Return {
        /// Why.
        reason: String,
    },
    /// The body no longer asks for it.
    Drop {
        /// Why.
        reason: String,
    },
}

impl ConclusionChange {
    /// Whether a conclusion of this state can be changed so.
    pub fn fits(&self, state: ConclusionState) -> bool {
        use ConclusionState::*;
        match self {
            Self::Report { .. } => state == Open,
            Self::Confirm => state == Reported,
            Self::Return { .. } => matches!(state, Reported | Confirmed),
            Self::Drop { .. } => matches!(state, Open | Reported),
        }
    }
}

impl Desk {
    /// Writes down a conclusion of a meeting of one's own body. The same form again adds nothing.
    pub async fn conclude(&self, scope: &Scope, meeting: &str, new: &NewConclusion, form: &str) -> Result<(), DeskError> {
        let (form, what, unit) = (client_tx(form)?, written("what", &new.what)?, word("unit", &new.unit)?);
        let mut tx = self.store().write(scope).await?;
        let (committee, held) = meeting::find(&mut tx, meeting).await?;
        tx.lock(&committee).await?;
        let Some(known) = self.own_committee(&mut tx, scope, &committee, &form).await? else { return Ok(()) };
        if held.withdrawn.is_some() {
            return refuse(PlanRefusal::WrongState);
        }
        if new.due < held.held_on {
            return Err(DeskError::Invalid { field: "due", why: "lies before the meeting" });
        }
        known_unit(&mut tx, &unit).await?;
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO committee_conclusion (id, committee, meeting, what, unit, due, state, done, version, made_by, made_at, \
             changed_by, changed_at) VALUES ($1, $2, $3, $4, $5, $6, 'open', '', 1, $7, $8, $7, $8)",
            [
                id.as_str().into(),
                committee.as_str().into(),
                meeting.into(),
                what.into(),
                unit.into(),
                new.due.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event = NewEvent { version: 1, what: "concluded", value: Some(id), day: Some(new.due), reason: None };
        self.committee_done(tx, scope, &known, &form, event).await
    }

    /// Reports, confirms, sends back or drops a conclusion that still has this version. The same form again gives it as it is now.
    pub async fn change_conclusion(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        change: &ConclusionChange,
        form: &str,
    ) -> Result<Conclusion, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let known = find(&mut tx, id).await?;
        let committee = one(&mut tx, &known.committee).await?;
        if super::HISTORY.knows(&mut tx, &committee.id, &form).await? {
            return Ok(known);
        }
        match change {
            ConclusionChange::Report { .. } if known.unit != scope.unit => return refuse(PlanRefusal::NotYours),
            ConclusionChange::Report { .. } => {}
            _ => own(scope, committee.commune.as_ref())?,
        }
        if known.version != version {
            return refuse(PlanRefusal::Stale);
        }
        if !change.fits(known.state) {
            return refuse(PlanRefusal::WrongState);
        }
        if *change == ConclusionChange::Confirm && known.changed_by == scope.actor.0 {
            return refuse(PlanRefusal::SamePerson);
        }
        let sql = Sql::new("UPDATE committee_conclusion SET version = version + 1, changed_at = ").bind(self.now());
        let sql = sql.push(", changed_by = ").bind(scope.actor.0.as_str());
        let (sql, what, reason) = match change {
            ConclusionChange::Report { done } => {
                let done = written("done", done)?;
                (sql.push(", state = 'reported', done = ").bind(done.as_str()), "reported", Some(done))
            }
            ConclusionChange::Confirm => (sql.push(", state = 'confirmed'"), "confirmed", None),
            ConclusionChange::Return { reason } => (sql.push(", state = 'open'"), "returned", Some(written("reason", reason)?)),
            ConclusionChange::Drop { reason } => (sql.push(", state = 'dropped'"), "dropped", Some(written("reason", reason)?)),
        };
        tx.execute(sql.push(" WHERE id = ").bind(id)).await?;
        let event = NewEvent { version: version + 1, what, value: Some(id.to_owned()), day: None, reason };
        let changed = find(&mut tx, id).await?;
        self.committee_done(tx, scope, &committee, &form, event).await?;
        Ok(changed)
    }

    /// A conclusion with its body, what shows that it was done, and its history.
    pub async fn conclusion(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<(Committee, Conclusion, Vec<CommitteeFile>, Vec<HistoryEvent>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let found = find(&mut tx, id).await?;
        let files = file::of(&mut tx, &found.meeting, Some(id)).await?;
        let history = super::OF_VALUE.of(&mut tx, id).await?;
        Ok((one(&mut tx, &found.committee).await?, found, files, history))
    }

    /// Conclusions that one's own unit leads and that are not confirmed or dropped, the oldest due first.
    pub async fn unit_conclusions(&self, scope: &Scope) -> Result<Vec<Conclusion>, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT).push("c.state IN ('open', 'reported') AND c.unit = ").bind(scope.unit.as_str());
        tx.rows(sql.push(" ORDER BY c.due, c.id")).await?.iter().map(from_row).collect()
    }
}

const SELECT: &str = "SELECT c.id, c.committee, c.meeting, c.what, c.unit, c.due, c.state, c.done, c.changed_by, c.version \
                      FROM committee_conclusion c WHERE ";

pub(super) async fn find(tx: &mut Tx, id: &str) -> Result<Conclusion, DeskError> {
    let row = tx.row(Sql::new(SELECT).push("c.id = ").bind(id)).await?;
    from_row(&row.ok_or(DeskError::NotFound { kind: "conclusion" })?)
}

/// The conclusions of a body, the newest due day first.
pub(super) async fn of(tx: &mut Tx, committee: &str) -> Result<Vec<Conclusion>, DeskError> {
    let sql = Sql::new(SELECT).push("c.committee = ").bind(committee).push(" ORDER BY c.due DESC, c.id DESC");
    tx.rows(sql).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Conclusion, DeskError> {
    Ok(Conclusion {
        id: row.text(0)?,
        committee: row.text(1)?,
        meeting: row.text(2)?,
        what: row.text(3)?,
        unit: row.text(4)?,
        due: day("committee_conclusion", &row.text(5)?)?,
        state: ConclusionState::from_word(&row.text(6)?).ok_or_else(|| DeskError::damaged("committee_conclusion", "state"))?,
        done: row.text(7)?,
        changed_by: row.text(8)?,
        version: row.int(9)?,
    })
}
