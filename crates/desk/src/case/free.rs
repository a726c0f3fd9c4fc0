//! Cases whose owner can no longer work on them go back to their unit, so that nothing lies with somebody who was switched off, whose days
//! are over, or who no longer sees the place.

use base::{Date, Scope};

use super::history::NewEvent;
use super::{COLUMNS, Case, CaseState, cases, sees, visible};
use crate::access::{Permission, permissions, role_purpose};
use crate::audit::{AuditAction, ReadEvent};
use crate::people::{User, users_all};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Cases of one transaction: as many ids as one statement names beside its other values.
const CHUNK: i64 = 140;

/// The word of the history for an owner who may not work any more.
const OFF: &str = "freed_off";
/// The word of the history for an owner who works, but does not see the case.
const UNSEEN: &str = "freed_unseen";

impl Desk {
    /// Gives back every open case whose owner may not work today or does not see it; gives how many. The portal's worker calls it once a
    /// day: days of users end without anybody changing them.
    pub async fn free_cases(&self) -> Result<i64, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = "SELECT DISTINCT owner FROM work_case WHERE state <> 'done' AND owner IS NOT NULL ORDER BY owner";
        let owners = tx.rows(Sql::new(sql)).await?.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        let users = users_all(&mut tx).await?;
        drop(tx);
        let mut freed = 0;
        for user in users.iter().filter(|user| owners.contains(&user.id)) {
            freed += self.free_cases_of(user).await?;
        }
        Ok(freed)
    }

    /// Gives back what a user has and cannot work on, [`CHUNK`] in a transaction; gives how many. Interrupted, the next call does the rest.
    pub(crate) async fn free_cases_of(&self, user: &User) -> Result<i64, DeskError> {
        let system = Scope::system();
        let works = works(user, crate::account::day_of(self.now()));
        let what = if works { UNSEEN } else { OFF };
        let mut of = Sql::new(" FROM work_case WHERE state <> 'done' AND owner = ").bind(user.id.as_str());
        if works {
            of = match visible(of.push(" AND NOT COALESCE("), &user.scope(role_purpose(user.role))) {
                Ok(of) => of.push(", FALSE)"),
                // Who has an area that no statement can name sees no case at all until it is mended: nothing is taken away for that.
                Err(DeskError::AreaTooWide { .. }) => return Ok(0),
                Err(error) => return Err(error),
            };
        }
        let mut tx = self.store().read(&system).await?;
        if tx.row(Sql::new("SELECT id").then(of.clone()).push(" LIMIT 1")).await?.is_none() {
            return Ok(0);
        }
        drop(tx);
        let mut freed = 0;
        loop {
            let mut tx = self.store().write(&system).await?;
            let sql = Sql::new("SELECT ").push(COLUMNS).then(of.clone()).push(" ORDER BY due, id LIMIT ").bind(CHUNK);
            let sql = if tx.is_postgres() { sql.push(" FOR UPDATE") } else { sql };
            let found = cases(&mut tx, sql).await?;
            if found.is_empty() {
                return Ok(freed);
            }
            let now = self.now();
            let sql = Sql::new("UPDATE work_case SET version = version + 1, owner = NULL, snoozed_until = NULL, changed_at = ")
                .bind(now);
            let sql = sql.push(", state = CASE state WHEN 'reopened' THEN 'reopened' ELSE 'open' END WHERE id IN ");
            tx.execute(sql.list(found.iter().map(|case| case.id.as_str()))).await?;
            let form = format!("free-{}", self.next_id(now));
            let event = |case: &Case| (case.id.clone(), freed_event(case, what, case.version + 1));
            self.add_events(&mut tx, &system, &form, found.iter().map(event).collect()).await?;
            let rows = found.len() as i64;
            let event = ReadEvent::new(AuditAction::ChangeCases, "cases").word("what", what).word("user", &user.id);
            self.commit_with(tx, &system, event.count("rows", rows).client_tx(&form)).await?;
            freed += rows;
        }
    }
}

/// Takes an open case from an owner who cannot work on it as it is now; gives the event that tells it. Owners who are no users of the desk
/// are left alone.
pub(super) fn freed(case: &mut Case, users: &[User], day: Date) -> Option<NewEvent> {
    let owner = case.owner.as_deref().filter(|_| case.state != CaseState::Done)?;
    let user = users.iter().find(|user| user.id == owner)?;
    let what = if !works(user, day) {
        OFF
    } else if !sees(&user.scope(role_purpose(user.role)), case.commune.as_ref(), case.unit) {
        UNSEEN
    } else {
        return None;
    };
    let event = freed_event(case, what, case.version);
    case.owner = None;
    case.snoozed_until = None;
    if case.state != CaseState::Reopened {
        case.state = CaseState::Open;
    }
    Some(event)
}

/// What the history tells: from whom it was taken, and by the word why.
fn freed_event(case: &Case, what: &'static str, version: i64) -> NewEvent {
    NewEvent { version, what, value: case.owner.clone(), ..NewEvent::default() }
}

/// Whether a user works on cases on a day.
fn works(user: &User, day: Date) -> bool {
    user.works_on(day) && permissions(user.role).contains(&Permission::WorkCases)
}
