//! Requests that lead to work on a case: a correction of the person's data, a review by a person of what was found automatically.

use base::{Scope, SubjectKind};
use serde::Serialize;

use super::answers;
use super::request::{RequestKind, SubjectRequest};
use crate::case::{self, CORRECTION_CASE, CaseState, CaseUnit, HUMAN_REVIEW_CASE, NewCase, Outcome};
use crate::db::Tx;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// The case that a request opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestCase {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: CaseState,
    /// What came of it.
    pub outcome: Option<Outcome>,
}

impl RequestKind {
    /// What stands in the place of a rule in the case that a request of this kind opens; none for the others.
    pub fn case_rule(self) -> Option<&'static str> {
        match self {
            Self::Correct => Some(CORRECTION_CASE),
            Self::Review => Some(HUMAN_REVIEW_CASE),
            Self::View | Self::Copy | Self::Restrict | Self::Object | Self::Complain => None,
        }
    }
}

impl Desk {
    /// Opens the case of a new request in its transaction, due on the last day of the request; nothing where its kind opens none or nobody
    /// knows who of the register asks. Where the commune is not known the case is the whole city's.
    pub(super) async fn open_case_of(
        &self,
        tx: &mut Tx,
        scope: &Scope,
        request: &SubjectRequest,
        form: &str,
    ) -> Result<(), DeskError> {
        let (Some(rule), Some(person)) = (request.kind.case_rule(), request.person) else { return Ok(()) };
        let case = NewCase {
            rule: rule.to_owned(),
            finding: case::request_key(rule, person, &request.id),
            subject_kind: SubjectKind::Person,
            subject: person,
            period: request.received_on.month(),
            commune: request.commune.clone(),
            village: None,
            unit: CaseUnit::Commune,
            due: request.done_due,
        };
        self.open_for_request(tx, scope, &case, &request.words, form).await
    }

    /// The case that a request opened; none where its kind opens none, or nobody knew who asked.
    pub async fn request_case(&self, scope: &Scope, request: &SubjectRequest) -> Result<Option<RequestCase>, DeskError> {
        answers(scope)?;
        let (Some(rule), Some(person)) = (request.kind.case_rule(), request.person) else { return Ok(None) };
        let key = case::request_key(rule, person, &request.id).to_string();
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new("SELECT id, state, outcome FROM work_case WHERE finding_key = ").bind(key);
        let Some(row) = tx.row(sql).await? else { return Ok(None) };
        let wrong = |what: &'static str| DeskError::damaged("work_case", what);
        let state = row.text(1)?;
        let outcome = row.opt_text(2)?.map(|word| Outcome::from_word(&word).ok_or_else(|| wrong("outcome"))).transpose()?;
        Ok(Some(RequestCase {
            id: row.text(0)?,
            state: CaseState::ALL.into_iter().find(|known| known.as_str() == state).ok_or_else(|| wrong("state"))?,
            outcome,
        }))
    }
}
