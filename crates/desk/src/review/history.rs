//! The history of a case: one event a change, notes among them.

use base::Scope;

use super::case::one;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::history::History;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

pub(super) use crate::history::NewEvent;

/// What was done: `opened`, `findings_added`, `followed_up`, `taken`, `assigned`, `released`, `proposed`, `sent`, `answered`, `file`, `inner_file`, `note`,
/// `signed_decision`, `decided`, `appealed`, `signed_settlement`, `settled`, `signature_returned`, `collected`, `referred`, `closed`, `portal_code`,
/// and the steps of [`super::ReviewStepKind`].
/// The facility is shown those of them that the policy `review_event_read` names.
pub(super) const HISTORY: History = History {
    table: "review_event",
    insert: "INSERT INTO review_event (id, case_id, client_tx, version, at, actor, what, value, day, reason) VALUES ",
    select: "SELECT id, version, at, actor, what, value, day, reason FROM review_event WHERE case_id = ",
    order: " ORDER BY at, id",
    known: "SELECT 'known' FROM review_event WHERE case_id = ",
};

/// What a facility is shown of the history; the same as in the policy of PostgreSQL.
pub(super) const SHOWN: [&str; 12] = [
    "sent",
    "answered",
    "file",
    "decided",
    "appealed",
    "settled",
    "collected",
    "closed",
    "audit_notice",
    "files_handed",
    "minutes_made",
    "minutes_signed",
];

impl Desk {
    /// Adds a note of the agency's own, which the facility never sees; the same form again adds nothing.
    pub async fn note_review(&self, scope: &Scope, id: &str, text: &str, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::ReviewClaims)?;
        let (reason, form) = (written("note", text)?, client_tx(form)?);
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("review {id}")).await?;
        let case = one(&mut tx, scope, id).await?;
        if HISTORY.knows(&mut tx, id, &form).await? {
            return Ok(());
        }
        let event = NewEvent { version: case.version, what: "note", reason: Some(reason), ..NewEvent::default() };
        HISTORY.add(self, &mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        let event = ReadEvent::new(AuditAction::ChangeReview, "review").object(id).word("what", "note").client_tx(&form);
        self.commit_with(tx, scope, case.commune.iter().fold(event, |event, commune| event.commune(commune))).await
    }
}

#[cfg(test)]
mod tests {
    use super::SHOWN;

    #[test]
    fn the_policy_of_the_database_shows_the_same() {
        let sql = include_str!("../../migrations/0032_review_step.postgres.sql");
        let words: Vec<String> = SHOWN.iter().map(|word| format!("'{word}'")).collect();
        assert!(sql.contains(&format!("what IN ({})", words.join(", "))));
    }
}
