//! Packages for the document office: all that was approved, sent over at once.

use base::Scope;
use serde::Serialize;

use super::file::FileRole;
use super::history::NewEvent;
use super::{COLUMNS, Document, documents, visible};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError, OutboxKind};

/// Documents of one package at most.
pub const PACKAGE_DOCUMENTS: i64 = 100;

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentPackage {
    /// UUIDv7, which says when it was made.
    pub id: String,
    /// How many documents it has; one that was given back and went again counts with its newest package.
    pub documents: i64,
}

impl Desk {
    /// Sends what one's own unit has approved to the document office, up to [`PACKAGE_DOCUMENTS`], longest waiting first; nothing when
    /// nothing waits. The same form again gives the same package.
    pub async fn send_documents(&self, scope: &Scope, form: &str) -> Result<Option<DocumentPackage>, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        // Two people who send at once would wait for the same documents; the second one finds none left.
        tx.lock(&format!("documents of {}", scope.unit)).await?;
        let sql = Sql::new("SELECT value, count(*) FROM document_event WHERE what = 'sent' AND actor = ");
        let sql = sql.bind(scope.actor.0.as_str()).push(" AND client_tx = ").bind(form.as_str()).push(" GROUP BY value");
        if let Some(row) = tx.row(sql).await? {
            return Ok(Some(DocumentPackage { id: row.text(0)?, documents: row.int(1)? }));
        }
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE state = 'approved' AND issuer = ");
        let sql = visible(sql.bind(scope.unit.as_str()).push(" AND "), scope)?;
        let mut sql = sql.push(" ORDER BY changed_at, id LIMIT ").bind(PACKAGE_DOCUMENTS);
        if tx.is_postgres() {
            sql = sql.push(" FOR UPDATE");
        }
        let waiting = documents(&mut tx, sql).await?;
        if waiting.is_empty() {
            return Ok(None);
        }
        let now = self.now();
        let package = DocumentPackage { id: self.next_id(now), documents: waiting.len() as i64 };
        let sql = Sql::new("UPDATE document SET state = 'sent', version = version + 1, package = ").bind(package.id.as_str());
        let sql = sql.push(", changed_at = ").bind(now).push(" WHERE id IN ");
        tx.execute(sql.list(waiting.iter().map(|document| document.id.as_str()))).await?;
        let event = |document: &Document| {
            let value = Some(package.id.clone());
            (document.id.clone(), NewEvent { version: document.version + 1, what: "sent", value, ..NewEvent::default() })
        };
        self.add_document_events(&mut tx, scope, &form, waiting.iter().map(event).collect()).await?;
        let counts = [("documents", package.documents)];
        self.put_out(&mut tx, scope, OutboxKind::DocumentsSent, &package.id, &counts).await?;
        let event = ReadEvent::new(AuditAction::ChangeDocument, "document_package").object(package.id.as_str());
        let event = event.word("what", "sent").count("rows", package.documents).client_tx(&form);
        self.commit_with(tx, scope, event).await?;
        Ok(Some(package))
    }

    /// The newest packages of one's own unit.
    pub async fn document_packages(&self, scope: &Scope, most: i64) -> Result<Vec<DocumentPackage>, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT package, count(*) FROM document WHERE package IS NOT NULL AND issuer = ");
        let sql = visible(sql.bind(scope.unit.as_str()).push(" AND "), scope)?;
        let sql = sql.push(" GROUP BY package ORDER BY package DESC LIMIT ").bind(most.clamp(1, 100));
        let rows = tx.rows(sql).await?;
        rows.iter().map(|row| Ok(DocumentPackage { id: row.text(0)?, documents: row.int(1)? })).collect()
    }

    /// The documents of a package of one's own unit, each with the DOCX that was approved, in the order they were made.
    pub async fn document_package(&self, scope: &Scope, id: &str) -> Result<Vec<(Document, Vec<u8>)>, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE package = ").bind(id).push(" AND issuer = ");
        let sql = visible(sql.bind(scope.unit.as_str()).push(" AND "), scope)?;
        self.with_docx(&mut tx, sql).await
    }

    /// A package for the receiver of the outbox that hands it to the document office: the program's own reading, whoever sent it.
    pub async fn outbox_package(&self, id: &str) -> Result<Vec<(Document, Vec<u8>)>, DeskError> {
        let mut tx = self.store().read(&Scope::system()).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE package = ").bind(id);
        self.with_docx(&mut tx, sql).await
    }

    async fn with_docx(&self, tx: &mut Tx, sql: Sql) -> Result<Vec<(Document, Vec<u8>)>, DeskError> {
        let found = documents(tx, sql.push(" ORDER BY id")).await?;
        if found.is_empty() {
            return Err(DeskError::NotFound { kind: "package" });
        }
        let mut package = Vec::with_capacity(found.len());
        for document in found {
            let docx = self.newest_file(tx, &document.id, FileRole::Docx).await?;
            package.push((self.with_open_words(tx, document).await?, docx));
        }
        Ok(package)
    }
}
