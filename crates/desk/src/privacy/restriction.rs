//! Restrictions of processing (hạn chế xử lý): who asked for it, or objected, and was told that it is done is kept off queues, lists handed to
//! collectors and new letters until a decision lifts it. How many are kept off is told wherever a list is made.

use std::collections::BTreeSet;

use base::Scope;
use serde::Serialize;

use super::answers;
use super::request::{RequestKind, SubjectRequest};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::sql::{Bind, Sql};
use crate::text::written;
use crate::{Desk, DeskError};

/// The cases about people who are restricted, as a subselect of ids; cases of what they asked themselves are worked on.
pub(crate) const RESTRICTED_CASES: &str = "(SELECT c.id FROM processing_restriction r JOIN work_case c ON c.subject_kind = 'person' \
     AND c.subject = r.person WHERE r.lifted_at IS NULL AND c.rule NOT IN ('subject-request-correct', 'subject-request-review'))";

/// A restriction that holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restriction {
    /// UUIDv7.
    pub id: String,
    /// The book's number of the person.
    pub person: i64,
    /// The request it came of.
    pub request: String,
    /// Who set it, pseudonymous.
    pub set_by: String,
    /// Unix milliseconds.
    pub set_at: i64,
}

impl RequestKind {
    /// Whether a request of this kind restricts processing once it is done.
    pub fn restricts(self) -> bool {
        matches!(self, Self::Restrict | Self::Object)
    }
}

impl Desk {
    /// Restricts what is done with the person of a request that is done, in its transaction; nothing for other kinds, for a person nobody
    /// knows, and for one who is restricted already.
    pub(super) async fn restrict_for(&self, tx: &mut Tx, scope: &Scope, request: &SubjectRequest) -> Result<(), DeskError> {
        let Some(person) = request.person.filter(|_| request.kind.restricts()) else { return Ok(()) };
        let now = self.now();
        let sql = Sql::with(
            "INSERT INTO processing_restriction (id, person, request, set_by, set_at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT DO NOTHING",
            [
                self.next_id(now).into(),
                Bind::Int(Some(person)),
                request.id.as_str().into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Ok(());
        }
        let event = ReadEvent::new(AuditAction::RestrictProcessing, "person").object(format!("P{person}"));
        append(tx, vec![self.event(scope, event)?]).await.map(drop)
    }

    /// The restrictions that hold, the oldest first. The caller writes the audit event before showing them.
    pub async fn restrictions(&self, scope: &Scope) -> Result<Vec<Restriction>, DeskError> {
        answers(scope)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(
            "SELECT id, person, request, set_by, set_at FROM processing_restriction WHERE lifted_at IS NULL ORDER BY id",
        );
        let mut found = Vec::new();
        for row in tx.rows(sql).await? {
            found.push(Restriction {
                id: row.text(0)?,
                person: row.int(1)?,
                request: row.text(2)?,
                set_by: row.text(3)?,
                set_at: row.int(4)?,
            });
        }
        Ok(found)
    }

    /// Lifts a restriction by a decision: number and day of the document that says why it no longer holds. The same decision again changes
    /// nothing.
    pub async fn lift_restriction(&self, scope: &Scope, id: &str, decision: &str) -> Result<(), DeskError> {
        answers(scope)?;
        let decision = written("decision", decision)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(id).await?;
        let sql = Sql::new("SELECT person, lifted_decision FROM processing_restriction WHERE id = ").bind(id);
        let row = tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "processing_restriction" })?;
        if let Some(known) = row.opt_text(1)? {
            return if known == decision { Ok(()) } else { Err(DeskError::RequestChanged) };
        }
        let sql = Sql::with(
            "UPDATE processing_restriction SET lifted_by = $1, lifted_at = $2, lifted_decision = $3 WHERE id = $4",
            [scope.actor.0.as_str().into(), self.now().into(), decision.into(), id.into()],
        );
        tx.execute(sql).await?;
        let event = ReadEvent::new(AuditAction::LiftRestriction, "person").object(format!("P{}", row.int(0)?));
        self.commit_with(tx, scope, event).await
    }

    /// Everybody who is restricted, for who makes a list of people that is taken out.
    pub async fn restricted_people(&self, scope: &Scope) -> Result<BTreeSet<i64>, DeskError> {
        require(scope, Permission::ListPeople)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT person FROM processing_restriction WHERE lifted_at IS NULL");
        tx.rows(sql).await?.iter().map(|row| row.int(0)).collect()
    }

    /// Whether what is done with a person is restricted today; said to everybody who makes lists or letters.
    pub async fn is_restricted(&self, scope: &Scope, person: i64) -> Result<bool, DeskError> {
        is_restricted(&mut self.store().read(scope).await?, person).await
    }
}

/// Whether what is done with a person is restricted.
pub(crate) async fn is_restricted(tx: &mut Tx, person: i64) -> Result<bool, DeskError> {
    let sql = Sql::new("SELECT id FROM processing_restriction WHERE lifted_at IS NULL AND person = ").bind(person);
    Ok(tx.row(sql).await?.is_some())
}
