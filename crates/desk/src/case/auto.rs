//! Cases that the program opens by itself after a run: findings of rules that say `auto`, handed to nobody yet.
//!
//! A city has a hundred thousand of them, so rows go in as sets: one statement for the cases and one for their events, a bounded number in
//! a transaction. A finding that has a case keeps it, so done again, or begun again after it was interrupted, each finding has one case.

use base::{CommuneCode, Role, RunId, Scope};
use serde_json::json;

use super::NewCase;
use crate::access::Permission;
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::text::{client_tx, word};
use crate::{Desk, DeskError};

/// Cases of one transaction.
const CHUNK: usize = 1_000;

const CASES: &str = "INSERT INTO work_case (id, kind, rule, finding_key, subject_kind, subject, period, commune, village, unit, owner, \
     state, due, snoozed_until, version, opened_at, changed_at) ";

const CASES_SQLITE: &str = "SELECT r.value ->> 'id', 'finding', r.value ->> 'rule', r.value ->> 'key', r.value ->> 'kind', \
     r.value ->> 'subject', r.value ->> 'period', r.value ->> 'commune', r.value ->> 'village', r.value ->> 'unit', NULL, 'open', \
     r.value ->> 'due', NULL, 1, $2, $2 FROM json_each($1) r WHERE true ";

const CASES_POSTGRES: &str = "SELECT r.id, 'finding', r.rule, r.key, r.kind, r.subject, r.period, r.commune, r.village, r.unit, NULL, \
     'open', r.due, NULL, 1, $2, $2 FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (id TEXT, rule TEXT, key TEXT, kind TEXT, \
     subject BIGINT, period TEXT, commune TEXT, village TEXT, unit TEXT, due TEXT) ";

const ONCE: &str = "ON CONFLICT (finding_key) DO NOTHING";

/// Events of the cases that were made, and of no other: those of the set whose id is in the store.
const EVENTS_SQLITE: &str = "INSERT INTO case_event (id, case_id, client_tx, version, at, actor, what, value, day, reason) \
     SELECT r.value ->> 'event', c.id, $2, 1, c.opened_at, $3, 'opened', NULL, c.due, NULL \
     FROM json_each($1) r JOIN work_case c ON c.id = r.value ->> 'id'";

const EVENTS_POSTGRES: &str = "INSERT INTO case_event (id, case_id, client_tx, version, at, actor, what, value, day, reason) \
     SELECT r.event, c.id, $2, 1, c.opened_at, $3, 'opened', NULL, c.due, NULL \
     FROM jsonb_to_recordset(CAST($1 AS jsonb)) AS r (id TEXT, event TEXT) JOIN work_case c ON c.id = r.id";

/// The form's number of a run's cases of a rule: always the same for the same run and rule.
fn form_of(run: &RunId, rule: &str) -> Result<String, DeskError> {
    let plain = format!("auto-{run}-{rule}");
    if plain.len() <= 64 {
        return client_tx(&plain);
    }
    let hash = blake3::hash(rule.as_bytes()).to_hex();
    client_tx(&format!("auto-{run}-{}", &hash.as_str()[..16]))
}

impl Desk {
    /// Opens a case of each of these findings of one rule for its unit; gives how many were made. A finding that has a case is passed over.
    /// Where a newer period was held against the cases ([`Desk::settle_cases`]) nothing is opened: the run is no longer what is known.
    ///
    /// For the program itself; errors: [`DeskError::Forbidden`] for everybody else, the store's.
    pub async fn open_auto_cases(&self, scope: &Scope, run: &RunId, rule: &str, new: &[NewCase]) -> Result<i64, DeskError> {
        if scope.role != Role::System {
            return Err(DeskError::Forbidden { permission: Permission::WorkCases });
        }
        let form = form_of(run, &word("rule", rule)?)?;
        if new.iter().any(|case| case.rule != rule) {
            return Err(DeskError::Invalid { field: "rule", why: "must be that of every finding" });
        }
        let mut made = 0;
        for chunk in new.chunks(CHUNK) {
            made += self.open_auto_chunk(scope, rule, chunk, &form).await?;
        }
        Ok(made)
    }

    async fn open_auto_chunk(&self, scope: &Scope, rule: &str, chunk: &[NewCase], form: &str) -> Result<i64, DeskError> {
        let mut tx = self.store().write(scope).await?;
        let period = chunk.iter().map(|case| case.period.to_string()).min();
        let sql = Sql::new("SELECT run FROM case_run WHERE period > ").bind(period);
        if tx.row(sql.push(" LIMIT 1")).await?.is_some() {
            return Ok(0);
        }
        let now = self.now();
        let rows: Vec<serde_json::Value> = chunk
            .iter()
            .map(|case| {
                json!({
                    "id": self.next_id(now),
                    "event": self.next_id(now),
                    "rule": case.rule,
                    "key": case.finding.to_string(),
                    "kind": case.subject_kind.as_str(),
                    "subject": case.subject,
                    "period": case.period.to_string(),
                    "commune": case.commune.as_ref().map(CommuneCode::as_str),
                    "village": case.village,
                    "unit": case.unit.as_str(),
                    "due": case.due.to_string(),
                })
            })
            .collect();
        let rows = serde_json::Value::from(rows).to_string();
        let (cases, events) = if tx.is_postgres() { (CASES_POSTGRES, EVENTS_POSTGRES) } else { (CASES_SQLITE, EVENTS_SQLITE) };
        let sql = Sql::new(CASES).then(Sql::with(cases, [rows.as_str().into(), now.into()])).push(ONCE);
        if tx.execute(sql).await? == 0 {
            // Each finding has its case.
            return Ok(0);
        }
        let sql = Sql::with(events, [rows.into(), form.into(), scope.actor.0.as_str().into()]);
        let made = i64::try_from(tx.execute(sql).await?).unwrap_or(i64::MAX);
        let event = ReadEvent::new(AuditAction::OpenCases, "cases").count("rows", made).word("rule", rule).client_tx(form);
        self.commit_with(tx, scope, event).await?;
        Ok(made)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_of_a_runs_cases_is_always_the_same_and_short_enough() {
        let run = RunId::parse("2026-10-7f3a9c21").unwrap();
        assert_eq!(form_of(&run, "poor-without-card").unwrap(), "auto-2026-10-7f3a9c21-poor-without-card");
        let long = "a-rule-of-a-city-with-a-name-that-says-everything-there-is-to-say";
        let form = form_of(&run, long).unwrap();
        assert_eq!((form.len(), form_of(&run, long).unwrap() == form), (38, true));
        assert_ne!(form, form_of(&run, &format!("{long}-2")).unwrap());
    }
}
