//! Cases that come of what people ask about their data, not of a finding: a correction, a review by a person.
//!
//! They stand in the same queues under a name of their own in the place of a rule. No run evaluates that name, so no run closes them.

use base::{FindingKey, Scope, SubjectKind};

use super::NewCase;
use super::history::NewEvent;
use super::open::values;
use crate::audit::{AuditAction, ReadEvent, append};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What stands in the place of a rule where a person asked for a correction (yêu cầu chỉnh sửa).
pub const CORRECTION_CASE: &str = "subject-request-correct";
/// What stands in the place of a rule where a person asked that a person looks at what was found automatically (yêu cầu người xem xét lại).
pub const HUMAN_REVIEW_CASE: &str = "subject-request-review";

/// The key of the case of a request: one case a request.
pub(crate) fn request_key(rule: &str, person: i64, request: &str) -> FindingKey {
    FindingKey::new(rule, SubjectKind::Person, &format!("P{person}"), &[request])
}

impl Desk {
    /// Opens the case of a request in its transaction, for nobody yet; what was asked stands first in its history.
    pub(crate) async fn open_for_request(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        case: &NewCase,
        words: &str,
        form: &str,
    ) -> Result<(), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let sql = Sql::new(
            "INSERT INTO work_case (id, kind, rule, finding_key, subject_kind, subject, period, commune, village, unit, owner, state, \
             due, snoozed_until, version, opened_at, changed_at) VALUES ",
        );
        tx.execute(sql.rows([values(case, &id, None, now)])).await?;
        let event = NewEvent { version: 1, what: "opened", day: Some(case.due), reason: Some(words.to_owned()), value: None };
        self.add_events(tx, scope, form, vec![(id.clone(), event)]).await?;
        let event = ReadEvent::new(AuditAction::OpenCases, "cases").object(id).count("rows", 1).client_tx(form);
        let event = case.commune.iter().fold(event, |event, commune| event.commune(commune));
        append(tx, vec![self.event(scope, event)?]).await.map(drop)
    }
}
