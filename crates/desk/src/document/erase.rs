//! After the term of retention, by decision, documents that were delivered or withdrawn lose letter, recipient, files and words of their
//! history. Number, day, unit, state, what the check of the signature said and the hashes of the files stay.

use base::{Date, Scope};
use serde::Serialize;

use super::history::NewEvent;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::privacy::answers;
use crate::sql::Sql;
use crate::text::written;
use crate::{Desk, DeskError};

/// Documents of one statement.
const AT_ONCE: usize = 100;

/// What documents lost, or would lose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentErasure {
    /// Documents delivered or withdrawn, and not changed since this day.
    pub before: Date,
    /// Documents that had a letter, files or words.
    pub documents: i64,
    /// Their files: approved texts, signed documents, proofs of delivery.
    pub files: i64,
    /// Reasons in their history.
    pub words: i64,
}

/// Documents at the end of their way that were changed last before a moment and still have something that goes. One whose case is still
/// worked on keeps everything; documents of the plan name nobody.
const OVER: &str = "SELECT d.id, d.version FROM document d WHERE d.state IN ('delivered', 'withdrawn') AND d.subject_kind <> 'plan' \
                    AND d.changed_at < $1 AND (d.letter <> '' OR d.recipient <> '' \
                    OR EXISTS (SELECT 1 FROM document_file f WHERE f.document_id = d.id) \
                    OR EXISTS (SELECT 1 FROM document_event e WHERE e.document_id = d.id AND e.reason IS NOT NULL)) \
                    AND NOT EXISTS (SELECT 1 FROM work_case c WHERE c.id = d.case_id AND c.state <> 'done') \
                    AND NOT EXISTS (SELECT 1 FROM review_case r WHERE r.notice = d.id AND r.state NOT IN ('decided', 'final', 'closed')) \
                    ORDER BY d.id";

/// By whom and by which decision; the hashes of what is about to go stay.
const DECIDED: &str = "INSERT INTO document_erasure (document_id, decision, signed_hash, docx_hash, erased_by, erased_at) VALUES ($1, $2, \
     (SELECT f.hash FROM document_file f WHERE f.document_id = $1 AND f.role = 'signed' ORDER BY f.id DESC LIMIT 1), \
     (SELECT f.hash FROM document_file f WHERE f.document_id = $1 AND f.role = 'docx' ORDER BY f.id DESC LIMIT 1), $3, $4) \
     ON CONFLICT (document_id) DO NOTHING";

impl Desk {
    /// Erases letter, recipient, files and words of documents that were delivered or withdrawn and not changed since `before`, which is
    /// `before_at` in Unix milliseconds. `decision` is the document that orders it; without one nothing is erased, and the answer says what
    /// would be.
    pub async fn erase_documents(
        &self,
        scope: &Scope,
        before: Date,
        before_at: i64,
        decision: Option<&str>,
    ) -> Result<DocumentErasure, DeskError> {
        answers(scope)?;
        require(scope, Permission::ManagePrivacy)?;
        let decision = decision.map(|text| written("decision", text)).transpose()?;
        let now = self.now();
        if before_at > now {
            return Err(DeskError::Invalid { field: "before", why: "must not lie after today" });
        }
        let system = Scope::system();
        let mut tx = self.store().write(&system).await?;
        let mut over = Vec::new();
        for row in tx.rows(Sql::with(OVER, [before_at.into()])).await? {
            over.push((row.text(0)?, row.int(1)?));
        }
        let mut erasure = DocumentErasure { before, documents: over.len() as i64, files: 0, words: 0 };
        for some in over.chunks(AT_ONCE) {
            let of = |sql: &'static str| Sql::new(sql).list(some.iter().map(|(id, _)| id.as_str()));
            let words = " AND reason IS NOT NULL";
            erasure.files += count(&mut tx, of("SELECT count(*) FROM document_file WHERE document_id IN ")).await?;
            erasure.words += count(&mut tx, of("SELECT count(*) FROM document_event WHERE document_id IN ").push(words)).await?;
            let Some(decision) = &decision else { continue };
            for (id, _) in some {
                let who = scope.actor.0.as_str();
                tx.execute(Sql::with(DECIDED, [id.as_str().into(), decision.as_str().into(), who.into(), now.into()])).await?;
            }
            if tx.is_postgres() {
                let mut sql = Sql::new("SELECT document_erase(ARRAY[");
                for (place, (id, _)) in some.iter().enumerate() {
                    sql = sql.push(if place == 0 { "" } else { ", " }).bind(id.as_str());
                }
                tx.row(sql.push("], ").bind(now).push(")::text")).await?;
            } else {
                tx.execute(of("DELETE FROM document_file WHERE document_id IN ")).await?;
                tx.execute(of("UPDATE document_event SET reason = NULL WHERE document_id IN ").push(words)).await?;
                let emptied =
                    Sql::new("UPDATE document SET letter = '', recipient = '', version = version + 1, changed_at = ").bind(now);
                let emptied = emptied.push(" WHERE id IN ").list(some.iter().map(|(id, _)| id.as_str()));
                tx.execute(emptied).await?;
            }
            let event = |(id, version): &(String, i64)| {
                (id.clone(), NewEvent { version: version + 1, what: "erased", ..NewEvent::default() })
            };
            let form = format!("erased-{now}");
            self.add_document_events(&mut tx, scope, &form, some.iter().map(event).collect()).await?;
        }
        if decision.is_some() && erasure.documents > 0 {
            let event = ReadEvent::new(AuditAction::EraseDocuments, "document").word("before", &before.to_string());
            self.commit_with(tx, scope, event.count("rows", erasure.documents).count("files", erasure.files)).await?;
        }
        Ok(erasure)
    }
}

async fn count(tx: &mut Tx, sql: Sql) -> Result<i64, DeskError> {
    tx.row(sql).await?.map_or(Ok(0), |row| row.int(0))
}
