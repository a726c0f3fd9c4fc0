//! Meetings of a body: when, where, about what, who was there.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Scope};
use serde::Serialize;

use super::{Committee, CommitteeFile, Conclusion, conclusion, day, file, member, one};
use crate::access::{Permission, require};
use crate::db::{Row, Tx};
use crate::history::NewEvent;
use crate::refusal::{PlanRefusal, refuse};
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// Members who may be put down as present at most: far more than a body has.
const MOST: usize = 70;

/// A meeting to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMeeting {
    /// The day.
    pub held_on: Date,
    /// Where.
    pub place: String,
    /// Whether people came together over the network (trực tuyến).
    pub online: bool,
    /// What about.
    pub agenda: String,
    /// Ids of members who were there.
    pub attended: BTreeSet<String>,
    /// Who else was there, in words; may be empty.
    pub guests: String,
}

/// A meeting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Meeting {
    /// UUIDv7.
    pub id: String,
    /// The day.
    pub held_on: Date,
    /// Where.
    pub place: String,
    /// Whether it was over the network.
    pub online: bool,
    /// What about.
    pub agenda: String,
    /// Ids of members who were there.
    pub attended: BTreeSet<String>,
    /// Who else was there.
    pub guests: String,
    /// Why it was withdrawn; none for one that counts.
    pub withdrawn: Option<String>,
}

impl Desk {
    /// Writes a meeting of one's own body down. The same form again gives the same. `today` is the last day it may have been held on.
    pub async fn record_meeting(
        &self,
        scope: &Scope,
        committee: &str,
        new: &NewMeeting,
        today: Date,
        form: &str,
    ) -> Result<Committee, DeskError> {
        let (form, place, agenda) = (client_tx(form)?, written("place", &new.place)?, written("agenda", &new.agenda)?);
        let guests = if new.guests.trim().is_empty() { String::new() } else { written("guests", &new.guests)? };
        if new.held_on > today {
            return Err(DeskError::Invalid { field: "held_on", why: "lies after today" });
        }
        if new.attended.len() > MOST {
            return Err(DeskError::Invalid { field: "attended", why: "are more than a body has" });
        }
        let mut tx = self.store().write(scope).await?;
        tx.lock(committee).await?;
        let Some(known) = self.own_committee(&mut tx, scope, committee, &form).await? else {
            return one(&mut tx, committee).await;
        };
        let members = member::of(&mut tx, committee).await?;
        let were_in_it = |id: &String| members.iter().any(|one| one.id == *id && one.is_in_office(new.held_on));
        if !new.attended.iter().all(were_in_it) {
            return Err(DeskError::Invalid { field: "attended", why: "were no members on that day" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::with(
            "INSERT INTO committee_meeting (id, committee, held_on, place, online, agenda, guests, made_by, made_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            [
                id.as_str().into(),
                committee.into(),
                new.held_on.to_string().into(),
                place.into(),
                i64::from(new.online).into(),
                agenda.into(),
                guests.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        if !new.attended.is_empty() {
            let rows = new.attended.iter().map(|member| vec![id.as_str().into(), member.as_str().into()]);
            tx.execute(Sql::new("INSERT INTO committee_attendance (meeting, member) VALUES ").rows(rows)).await?;
        }
        let event =
            NewEvent { version: known.version, what: "meeting_held", value: Some(id), day: Some(new.held_on), reason: None };
        self.committee_done(tx, scope, &known, &form, event).await?;
        Ok(known)
    }

    /// Withdraws a meeting that was written down wrongly, as long as nothing was concluded in it.
    pub async fn withdraw_meeting(&self, scope: &Scope, meeting: &str, reason: &str, form: &str) -> Result<(), DeskError> {
        let (form, reason) = (client_tx(form)?, written("reason", reason)?);
        let mut tx = self.store().write(scope).await?;
        let (committee, found) = find(&mut tx, meeting).await?;
        tx.lock(&committee).await?;
        let Some(known) = self.own_committee(&mut tx, scope, &committee, &form).await? else { return Ok(()) };
        if found.withdrawn.is_some() {
            return refuse(PlanRefusal::WrongState);
        }
        let stands = conclusion::of(&mut tx, &committee).await?;
        if stands.iter().any(|one| one.meeting == meeting && one.state != super::ConclusionState::Dropped) {
            return refuse(PlanRefusal::InUse);
        }
        let sql = Sql::new("UPDATE committee_meeting SET withdrawn_at = ").bind(self.now()).push(", withdraw_reason = ");
        tx.execute(sql.bind(reason.as_str()).push(" WHERE id = ").bind(meeting)).await?;
        let event = NewEvent {
            version: known.version,
            what: "meeting_withdrawn",
            value: Some(meeting.to_owned()),
            day: None,
            reason: Some(reason),
        };
        self.committee_done(tx, scope, &known, &form, event).await
    }

    /// A meeting with its body, minutes and conclusions.
    pub async fn committee_meeting(
        &self,
        scope: &Scope,
        meeting: &str,
    ) -> Result<(Committee, Meeting, Vec<CommitteeFile>, Vec<Conclusion>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let (committee, found) = find(&mut tx, meeting).await?;
        let minutes = file::of(&mut tx, meeting, None).await?;
        let mut conclusions = conclusion::of(&mut tx, &committee).await?;
        conclusions.retain(|one| one.meeting == meeting);
        Ok((one(&mut tx, &committee).await?, found, minutes, conclusions))
    }
}

const SELECT: &str = "SELECT m.id, m.held_on, m.place, m.online, m.agenda, m.guests, m.withdraw_reason, m.committee FROM committee_meeting m WHERE ";

/// A meeting, and the id of its body.
pub(super) async fn find(tx: &mut Tx, meeting: &str) -> Result<(String, Meeting), DeskError> {
    let row = tx.row(Sql::new(SELECT).push("m.id = ").bind(meeting)).await?;
    let row = row.ok_or(DeskError::NotFound { kind: "committee_meeting" })?;
    let committee = row.text(7)?;
    let mut all = vec![from_row(&row)?];
    put_attended(tx, &committee, &mut all).await?;
    Ok((committee, all.remove(0)))
}

/// The meetings of a body, the newest first.
pub(super) async fn of(tx: &mut Tx, committee: &str) -> Result<Vec<Meeting>, DeskError> {
    let sql = Sql::new(SELECT).push("m.committee = ").bind(committee).push(" ORDER BY m.held_on DESC, m.id DESC");
    let mut all = tx.rows(sql).await?.iter().map(from_row).collect::<Result<Vec<_>, _>>()?;
    put_attended(tx, committee, &mut all).await?;
    Ok(all)
}

async fn put_attended(tx: &mut Tx, committee: &str, meetings: &mut [Meeting]) -> Result<(), DeskError> {
    let sql = Sql::new(
        "SELECT a.meeting, a.member FROM committee_attendance a JOIN committee_meeting m ON m.id = a.meeting WHERE m.committee = ",
    );
    let mut by_meeting: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for row in tx.rows(sql.bind(committee)).await? {
        by_meeting.entry(row.text(0)?).or_default().insert(row.text(1)?);
    }
    for meeting in meetings {
        meeting.attended = by_meeting.remove(&meeting.id).unwrap_or_default();
    }
    Ok(())
}

fn from_row(row: &Row) -> Result<Meeting, DeskError> {
    Ok(Meeting {
        id: row.text(0)?,
        held_on: day("committee_meeting", &row.text(1)?)?,
        place: row.text(2)?,
        online: row.int(3)? == 1,
        agenda: row.text(4)?,
        attended: BTreeSet::new(),
        guests: row.text(5)?,
        withdrawn: row.opt_text(6)?,
    })
}
