//! The steering committee of the city (ban chỉ đạo) and the teams of the communes (tổ triển khai): members, meetings, conclusions (plan III.2e).
//!
//! **Invariants:** nothing is deleted; members leave with a day, meetings are withdrawn and conclusions dropped with a reason; who reported a
//! conclusion does not confirm it; of members their office stands here and nothing by which they could be reached.

mod conclusion;
mod file;
mod history;
mod meeting;
mod member;
mod standing;

use base::{CommuneCode, Date, Scope};
use serde::Serialize;

pub use conclusion::{Conclusion, ConclusionChange, ConclusionState, NewConclusion};
pub use file::{CommitteeFile, NewCommitteeFile};
pub use meeting::{Meeting, NewMeeting};
pub use member::{CommitteeMember, CommitteePart, NewMember};
pub use standing::CommitteeStanding;

use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::{Row, Tx};
use crate::history::NewEvent;
use crate::refusal::{PlanRefusal, own, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError, HistoryEvent};
use history::{HISTORY, OF_VALUE};

/// A body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Committee {
    /// UUIDv7.
    pub id: String,
    /// Its commune; none for the city's.
    pub commune: Option<CommuneCode>,
    /// What it is called.
    pub name: String,
    /// Number of the decision that set it up or made it anew last.
    pub decision: String,
    /// Day of that decision.
    pub decided_on: Date,
    /// Counts changes, from 1.
    pub version: i64,
}

/// A body to be set up, or what it is from a new decision on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommittee {
    /// Its commune; none for the city's.
    pub commune: Option<CommuneCode>,
    /// What it is called.
    pub name: String,
    /// Number of the decision.
    pub decision: String,
    /// Day of the decision.
    pub decided_on: Date,
}

/// A body with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeState {
    /// The body.
    pub committee: Committee,
    /// Its members, those in office first, by part and first day.
    pub members: Vec<CommitteeMember>,
    /// Its meetings, the newest first, withdrawn ones too.
    pub meetings: Vec<Meeting>,
    /// Its conclusions by due day, the newest first.
    pub conclusions: Vec<Conclusion>,
}

const COLUMNS: &str = "b.id, b.commune, b.name, b.decision, b.decided_on, b.version";

impl Desk {
    /// Sets up the body of the city or of one's commune. There is one each; the same form again gives the same.
    pub async fn establish_committee(&self, scope: &Scope, new: &NewCommittee, form: &str) -> Result<Committee, DeskError> {
        own(scope, new.commune.as_ref())?;
        let (form, name, decision) = (client_tx(form)?, written("name", &new.name)?, written("decision", &new.decision)?);
        let mut tx = self.store().write(scope).await?;
        let commune = new.commune.as_ref().map(CommuneCode::as_str);
        tx.lock(&format!("committee {}", commune.unwrap_or_default())).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM committee b WHERE COALESCE(b.commune, '') = ");
        if let Some(row) = tx.row(sql.bind(commune.unwrap_or_default())).await? {
            let known = from_row(&row)?;
            let again = HISTORY.knows(&mut tx, &known.id, &form).await?;
            return if again { Ok(known) } else { refuse(PlanRefusal::Taken) };
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO committee (id, commune, name, decision, decided_on, version, made_by, made_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $7)",
            [
                id.as_str().into(),
                commune.into(),
                name.into(),
                decision.as_str().into(),
                new.decided_on.to_string().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let made = one(&mut tx, &id).await?;
        let event = NewEvent { version: 1, what: "established", day: Some(new.decided_on), reason: Some(decision), value: None };
        self.committee_done(tx, scope, &made, &form, event).await?;
        Ok(made)
    }

    /// Writes down a new decision about a body (kiện toàn). What it was before stands in its history.
    pub async fn renew_committee(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        new: &NewCommittee,
        form: &str,
    ) -> Result<Committee, DeskError> {
        let (form, name, decision) = (client_tx(form)?, written("name", &new.name)?, written("decision", &new.decision)?);
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let Some(known) = self.own_committee(&mut tx, scope, id, &form).await? else { return one(&mut tx, id).await };
        if known.version != version {
            return refuse(PlanRefusal::Stale);
        }
        let sql = Sql::new("UPDATE committee SET version = version + 1, changed_at = ").bind(self.now());
        let sql = sql.push(", name = ").bind(name).push(", decision = ").bind(decision.as_str());
        let sql = sql.push(", decided_on = ").bind(new.decided_on.to_string()).push(" WHERE id = ").bind(id);
        tx.execute(sql).await?;
        let made = one(&mut tx, id).await?;
        let event =
            NewEvent { version: made.version, what: "renewed", day: Some(new.decided_on), reason: Some(decision), value: None };
        self.committee_done(tx, scope, &made, &form, event).await?;
        Ok(made)
    }

    /// A body with its members, meetings and conclusions.
    pub async fn committee(&self, scope: &Scope, id: &str) -> Result<CommitteeState, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let committee = one(&mut tx, id).await?;
        Ok(CommitteeState {
            members: member::of(&mut tx, id).await?,
            meetings: meeting::of(&mut tx, id).await?,
            conclusions: conclusion::of(&mut tx, id).await?,
            committee,
        })
    }

    /// What was done with a body or something of it, oldest first. The id of a member, meeting or conclusion gives what was done with that.
    pub async fn committee_history(&self, scope: &Scope, id: &str) -> Result<Vec<HistoryEvent>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let own = OF_VALUE.of(&mut tx, id).await?;
        if own.is_empty() { HISTORY.of(&mut tx, id).await } else { Ok(own) }
    }

    /// Whether a body is one's own to write.
    pub fn manages_committee(&self, scope: &Scope, committee: &Committee) -> bool {
        own(scope, committee.commune.as_ref()).is_ok()
    }

    /// The body that is one's own to write; `None` where this form was written down before.
    async fn own_committee(&self, tx: &mut Tx, scope: &Scope, id: &str, form: &str) -> Result<Option<Committee>, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let known = one(tx, id).await?;
        own(scope, known.commune.as_ref())?;
        Ok(if HISTORY.knows(tx, id, form).await? { None } else { Some(known) })
    }

    /// Adds the event to the history and the log, and commits.
    async fn committee_done(
        &self,
        mut tx: Tx,
        scope: &Scope,
        committee: &Committee,
        form: &str,
        event: NewEvent,
    ) -> Result<(), DeskError> {
        let action = match event.what {
            "reported" | "confirmed" | "returned" | "dropped" => AuditAction::ChangeConclusion,
            _ => AuditAction::ManageCommittee,
        };
        let told = ReadEvent::new(action, "committee").object(event.value.as_deref().unwrap_or(&committee.id).to_owned());
        let told = told.word("what", event.what).client_tx(form);
        let told = committee.commune.iter().fold(told, |told, commune| told.commune(commune));
        HISTORY.add(self, &mut tx, scope, form, vec![(committee.id.clone(), event)]).await?;
        self.commit_with(tx, scope, told).await
    }
}

/// One body.
async fn one(tx: &mut Tx, id: &str) -> Result<Committee, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM committee b WHERE b.id = ").bind(id);
    from_row(&tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "committee" })?)
}

fn from_row(row: &Row) -> Result<Committee, DeskError> {
    let wrong = || DeskError::damaged("committee", "commune");
    Ok(Committee {
        id: row.text(0)?,
        commune: row.opt_text(1)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong)).transpose()?,
        name: row.text(2)?,
        decision: row.text(3)?,
        decided_on: day("committee", &row.text(4)?)?,
        version: row.int(5)?,
    })
}

fn day(table: &'static str, text: &str) -> Result<Date, DeskError> {
    text.parse().map_err(|_| DeskError::damaged(table, "a day"))
}

/// Whether a unit is one of the desk.
async fn known_unit(tx: &mut Tx, unit: &str) -> Result<(), DeskError> {
    match tx.row(Sql::new("SELECT id FROM unit WHERE id = ").bind(unit)).await? {
        Some(_) => Ok(()),
        None => Err(DeskError::Invalid { field: "unit", why: "is no unit of the desk" }),
    }
}
