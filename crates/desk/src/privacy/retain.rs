//! After the term of retention, by decision, the log forgets whom its old events were about, closed cases lose their files and words, ended
//! requests their words and who asked. Events, seals, cases and requests with their outcome and days stay.

use base::{Date, Scope};
use serde::Serialize;

use super::answers;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
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

/// What closed cases lost, or would lose: those of findings and those of the claims audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseErasure {
    /// Cases closed before this day.
    pub before: Date,
    /// Cases that had files or words.
    pub cases: i64,
    /// Their files.
    pub files: i64,
    /// Comments, reasons and names of files in their history.
    pub words: i64,
}

/// What ended requests lost, or would lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RequestErasure {
    /// Requests done or refused before this day.
    pub before: Date,
    /// Requests.
    pub requests: i64,
    /// What was asked and what was said about it, as lines of text.
    pub words: i64,
}

/// Closed cases of before a moment that still have files or words.
const CLOSED: &str = "SELECT c.id FROM work_case c WHERE c.state = 'done' AND c.closed_at < $1 AND (EXISTS (SELECT 1 FROM case_file f WHERE \
                      f.case_id = c.id) OR EXISTS (SELECT 1 FROM case_event e WHERE e.case_id = c.id AND (e.reason IS NOT NULL OR \
                      (e.what = 'file' AND e.value IS NOT NULL)))) ORDER BY c.id";

/// Requests that ended before a moment and were not erased yet.
const ENDED: &str = "SELECT r.id FROM subject_request r WHERE r.state IN ('done', 'refused') AND r.changed_at < $1 \
                     AND NOT EXISTS (SELECT 1 FROM subject_request_erasure e WHERE e.request = r.id) ORDER BY r.id";

/// People whom nobody looked at since a moment, and about whom nothing is open.
const OVER: &str = "SELECT k.person FROM subject_key k WHERE NOT EXISTS (SELECT 1 FROM audit_event e WHERE e.object_kind IN ('person', 'letter') \
                    AND e.object_id = k.key AND e.at >= $1) \
                    AND NOT EXISTS (SELECT 1 FROM work_case c WHERE c.subject_kind = 'person' AND c.subject = k.person AND c.state <> 'done') \
                    AND NOT EXISTS (SELECT 1 FROM subject_request r WHERE r.person = k.person AND r.state IN ('open', 'answered'))";

impl Desk {
    /// Whether somebody may have what is older than a moment erased; gives the decision as it is written down, none for counting only.
    pub(crate) fn erasing(&self, scope: &Scope, before_at: i64, decision: Option<&str>) -> Result<Option<String>, DeskError> {
        answers(scope)?;
        require(scope, Permission::ManagePrivacy)?;
        let decision = decision.map(|text| written("decision", text)).transpose()?;
        if before_at > self.now() {
            return Err(DeskError::Invalid { field: "before", why: "must not lie after today" });
        }
        Ok(decision)
    }

    /// Erases the keys of people about whom the log has nothing since `before`, which is `before_at` in Unix milliseconds. `decision` is the
    /// document that orders it; without one nothing is erased, and the answer says what would be.
    pub async fn erase_subjects(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<Erasure, DeskError> {
        let decision = self.erasing(scope, before_at, decision)?;
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

    /// Erases files, comments and reasons of cases closed before `before`, which is `before_at` in Unix milliseconds. Rule, outcome, days and
    /// who did what stay, of the claims audit also amounts and grounds of decisions. `decision` is the document that orders it; without one nothing is erased, and the answer says what would be.
    pub async fn erase_cases(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<CaseErasure, DeskError> {
        let decision = self.erasing(scope, before_at, decision)?;
        let now = self.now();
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let rows = tx.rows(Sql::with(CLOSED, [before_at.into()])).await?;
        let cases = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        let mut erasure = CaseErasure { before, cases: cases.len() as i64, files: 0, words: 0 };
        for some in cases.chunks(AT_ONCE) {
            let of = |sql: &'static str| Sql::new(sql).list(some.iter().map(String::as_str));
            let words = " AND (reason IS NOT NULL OR (what = 'file' AND value IS NOT NULL))";
            erasure.files += count(&mut tx, of("SELECT count(*) FROM case_file WHERE case_id IN ")).await?;
            erasure.words += count(&mut tx, of("SELECT count(*) FROM case_event WHERE case_id IN ").push(words)).await?;
            let Some(decision) = &decision else { continue };
            for case in some {
                let sql = Sql::with(
                    "INSERT INTO case_erasure (case_id, decision, erased_by, erased_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (case_id) DO NOTHING",
                    [case.as_str().into(), decision.as_str().into(), scope.actor.0.as_str().into(), now.into()],
                );
                tx.execute(sql).await?;
            }
            if tx.is_postgres() {
                let mut sql = Sql::new("SELECT case_erase(ARRAY[");
                for (place, case) in some.iter().enumerate() {
                    sql = sql.push(if place == 0 { "" } else { ", " }).bind(case.as_str());
                }
                tx.row(sql.push("])::text")).await?;
                continue;
            }
            tx.execute(of("DELETE FROM case_file WHERE case_id IN ")).await?;
            let emptied =
                "UPDATE case_event SET reason = NULL, value = CASE WHEN what = 'file' THEN NULL ELSE value END WHERE case_id IN ";
            tx.execute(of(emptied).push(words)).await?;
        }
        let reviews = crate::review::erase(&mut tx, scope, before_at, decision.as_deref(), now).await?;
        erasure.cases += reviews.cases;
        erasure.files += reviews.files;
        erasure.words += reviews.words;
        if decision.is_some() && erasure.cases > 0 {
            let event = ReadEvent::new(AuditAction::EraseCases, "work_case").word("before", &before.to_string());
            self.commit_with(tx, scope, event.count("rows", erasure.cases).count("files", erasure.files)).await?;
        }
        Ok(erasure)
    }

    /// Erases what was asked and said in requests that were done or refused before `before`, which is `before_at` in Unix milliseconds, and
    /// who asked. Kind, days, state and the ground of the law stay, and who did what when. `decision` is the document that orders it;
    /// without one nothing is erased, and the answer says what would be.
    pub async fn erase_requests(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<RequestErasure, DeskError> {
        let decision = self.erasing(scope, before_at, decision)?;
        let now = self.now();
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let rows = tx.rows(Sql::with(ENDED, [before_at.into()])).await?;
        let requests = rows.iter().map(|row| row.text(0)).collect::<Result<Vec<_>, _>>()?;
        let mut erasure = RequestErasure { before, requests: requests.len() as i64, words: 0 };
        for some in requests.chunks(AT_ONCE) {
            let of = |sql: &'static str| Sql::new(sql).list(some.iter().map(String::as_str));
            let said = of("SELECT count(*) FROM subject_request_event WHERE request IN ").push(" AND words <> ''");
            erasure.words += count(&mut tx, said).await?;
            let asked = of("SELECT count(*) FROM subject_request WHERE id IN ").push(" AND words <> ''");
            erasure.words += count(&mut tx, asked).await?;
            let Some(decision) = &decision else { continue };
            for request in some {
                let sql = Sql::with(
                    "INSERT INTO subject_request_erasure (request, decision, erased_by, erased_at) VALUES ($1, $2, $3, $4)",
                    [request.as_str().into(), decision.as_str().into(), scope.actor.0.as_str().into(), now.into()],
                );
                tx.execute(sql).await?;
            }
            if tx.is_postgres() {
                let mut sql = Sql::new("SELECT subject_request_erase(ARRAY[");
                for (place, request) in some.iter().enumerate() {
                    sql = sql.push(if place == 0 { "" } else { ", " }).bind(request.as_str());
                }
                tx.row(sql.push("])::text")).await?;
                continue;
            }
            tx.execute(of("UPDATE subject_request SET words = '', person = NULL WHERE id IN ")).await?;
            tx.execute(of("UPDATE subject_request_event SET words = '' WHERE request IN ")).await?;
        }
        if decision.is_some() && erasure.requests > 0 {
            let event = ReadEvent::new(AuditAction::EraseRequests, "subject_request").word("before", &before.to_string());
            self.commit_with(tx, scope, event.count("rows", erasure.requests)).await?;
        }
        Ok(erasure)
    }
}

async fn count(tx: &mut Tx, sql: Sql) -> Result<i64, DeskError> {
    tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))
}
