//! The history of a case: one event a change, comments among them.

use base::Scope;

use super::one;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::history::{History, HistoryEvent};
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

pub(super) use crate::history::NewEvent;

/// One thing that was done with a case: `opened`, `taken`, `taken_over`, `assigned`, `released`, `snoozed`, `contacted`, `closed`,
/// `reopened`, `comment`, `file`, `linked`, `unlinked`, and by runs `resolved`, `merged`, `vanished`, `seen_again`, `returned`,
/// `still_found`, `term_over`, `relocated`, `renumbered`; where an owner could not work on it any more `freed_off`, `freed_unseen`. The
/// value is the new owner (of these two the old one), the outcome, the commune, the kind of a link or the file's name.
pub type CaseEvent = HistoryEvent;

const HISTORY: History = History {
    table: "case_event",
    insert: "INSERT INTO case_event (id, case_id, client_tx, version, at, actor, what, value, day, reason) VALUES ",
    select: "SELECT id, version, at, actor, what, value, day, reason FROM case_event WHERE case_id = ",
    order: " ORDER BY at, id",
    known: "SELECT 'known' FROM case_event WHERE case_id = ",
};

impl Desk {
    /// What was done with a case, oldest first.
    pub async fn case_history(&self, scope: &Scope, id: &str) -> Result<Vec<CaseEvent>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id, false).await?;
        let mut events = HISTORY.of(&mut tx, id).await?;
        for event in &mut events {
            if let Some(stored) = event.reason.take() {
                let place = reason_place(id, event.version, &event.what);
                event.reason = Some(self.open_text(&mut tx, &place, stored).await?);
            }
        }
        Ok(events)
    }

    /// Adds a comment; the same form again adds nothing.
    pub async fn comment_case(&self, scope: &Scope, id: &str, comment: &str, form: &str) -> Result<(), DeskError> {
        require(scope, Permission::WorkCases)?;
        let (reason, form) = (written("comment", comment)?, client_tx(form)?);
        let mut tx = self.store().write(scope).await?;
        let case = one(&mut tx, scope, id, true).await?;
        let event = NewEvent { version: case.version, what: "comment", reason: Some(reason), ..NewEvent::default() };
        if self.is_known(&mut tx, id, &form, &event).await? {
            return Ok(());
        }
        self.add_events(&mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        let event = ReadEvent::new(AuditAction::AddToCase, "case").object(id).word("what", "comment").client_tx(&form);
        self.commit_with(tx, scope, case.commune.iter().fold(event, |event, commune| event.commune(commune))).await
    }

    /// Whether a form was written down with a case before as this event. Under a number that was used for something else nothing is done:
    /// "done already" would be said of what nobody did ([`DeskError::ClientTxReused`]).
    pub(super) async fn is_known(&self, tx: &mut Tx, case: &str, form: &str, event: &NewEvent) -> Result<bool, DeskError> {
        let Some(known) = HISTORY.by_form(tx, case, form).await? else { return Ok(false) };
        let words = match known.reason {
            Some(stored) => Some(self.open_text(tx, &reason_place(case, known.version, &known.what), stored).await?),
            None => None,
        };
        // What was written may have been erased after its term; what was done stays.
        let same_words = words.is_none() || words == event.reason;
        let same = known.what == event.what && known.value == event.value && known.day == event.day;
        if same && same_words { Ok(true) } else { Err(DeskError::ClientTxReused) }
    }

    /// Adds one event a case, all of one form. What people wrote (reasons, comments) is sealed where there is a key file.
    pub(super) async fn add_events(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        form: &str,
        mut events: Vec<(String, NewEvent)>,
    ) -> Result<(), DeskError> {
        for (case, event) in &mut events {
            if let Some(written) = event.reason.take() {
                let place = reason_place(case, event.version, event.what);
                event.reason = Some(self.seal_text(tx, &place, &written).await?);
            }
        }
        HISTORY.add(self, tx, scope, form, events).await
    }
}

/// Where a reason belongs: sealed words of another case do not open here.
pub(crate) fn reason_place(case: &str, version: i64, what: &str) -> String {
    format!("case_event.reason {case} {version} {what}")
}
