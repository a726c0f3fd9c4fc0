//! After the term of retention, by decision, the log forgets whom its old events were about. The events and their seals stay.

use base::{Date, Scope};
use serde::Serialize;

use super::answers;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::written;
use crate::{Desk, DeskError};

/// People of one statement.
const AT_ONCE: usize = 100;

/// What was erased, or would be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Erasure {
    /// Events before this day no longer count.
    pub before: Date,
    /// People whose key was erased.
    pub people: i64,
    /// People whose key stays: looked at since, or with a case or request that is open.
    pub kept: i64,
}

/// People whom nobody looked at since a moment, and about whom nothing is open.
const OVER: &str = "SELECT k.person FROM subject_key k WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.object_kind IN ('person', 'letter') \
                    AND e.object_id = k.key AND e.at >= $1) \
                    AND NOT EXISTS (SELECT 1 FROM work_case c WHERE c.subject_kind = 'person' AND c.subject = k.person AND c.state <> 'done') \
                    AND NOT EXISTS (SELECT 1 FROM subject_request r WHERE r.person = k.person AND r.state IN ('open', 'answered'))";

impl Desk {
    /// Erases the keys of people about whom the log has nothing since `before`, which is `before_at` in Unix milliseconds. `decision` is the
    /// document that orders it; without one nothing is erased, and the answer says what would be.
    pub async fn erase_subjects(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<Erasure, DeskError> {
        answers(scope)?;
        require(scope, Permission::ManagePrivacy)?;
        let decision = decision.map(|text| written("decision", text)).transpose()?;
        if before_at > self.now() {
            return Err(DeskError::Invalid { field: "before", why: "must not lie after today" });
        }
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let all = tx.row(Sql::new("SELECT count(*) FROM subject_key")).await?.map_or(Ok(0), |row| row.int(0))?;
        let sql = Sql::with(OVER, [before_at.into()]);
        let people = tx.rows(sql).await?.iter().map(|row| row.int(0)).collect::<Result<Vec<_>, _>>()?;
        let erased = people.len() as i64;
        let erasure = Erasure { before, people: erased, kept: all - erased };
        let Some(decision) = decision else { return Ok(erasure) };
        for some in people.chunks(AT_ONCE) {
            tx.execute(Sql::new("DELETE FROM subject_key WHERE person IN ").list(some.iter().copied())).await?;
        }
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO subject_erasure (id, decision, before_day, people, erased_by, erased_at) VALUES ($1, $2, $3, $4, $5, $6)",
            [
                self.next_id(now).into(),
                decision.into(),
                before.to_string().into(),
                erased.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await?;
        let event =
            ReadEvent::new(AuditAction::EraseSubjects, "subject_key").word("before", &before.to_string()).count("rows", erased);
        self.commit_with(tx, scope, event).await?;
        Ok(erasure)
    }
}
