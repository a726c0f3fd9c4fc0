//! Files of a document: the DOCX that was approved, the signed PDF, proof of delivery.

use base::Scope;
use serde::Serialize;

use super::one;
use crate::access::{Permission, require};
use crate::case::NewFile;
use crate::case::file::{file_name, media};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Bytes of one file at most: a signed PDF of some scanned pages.
pub const DOCUMENT_BYTES: usize = 10 << 20;

/// What a file is to its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileRole {
    /// The text that was approved (bản đã duyệt).
    Docx,
    /// The signed document (bản đã ký).
    Signed,
    /// Proof of delivery (bằng chứng đã gửi).
    Proof,
}

impl FileRole {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Docx => "docx",
            Self::Signed => "signed",
            Self::Proof => "proof",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Docx, Self::Signed, Self::Proof].into_iter().find(|role| role.as_str() == word)
    }
}

/// A file of a document, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DocumentFile {
    /// UUIDv7.
    pub id: String,
    /// What it is.
    pub role: FileRole,
    /// Its name as the sender has it.
    pub name: String,
    /// Its kind, found by its bytes.
    pub media: String,
    /// Bytes.
    pub size: i64,
    /// BLAKE3, hexadecimal.
    pub hash: String,
    /// Who, pseudonymous.
    pub added_by: String,
    /// Unix milliseconds.
    pub added_at: i64,
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// A file that was looked at and may be kept.
#[derive(Debug, Clone)]
pub(super) struct CheckedFile {
    role: FileRole,
    name: String,
    media: &'static str,
    bytes: Vec<u8>,
}

/// Looks at a file before it is kept: its kind by its bytes, its size, its name.
pub(super) fn checked(role: FileRole, new: &NewFile) -> Result<CheckedFile, DeskError> {
    let wrong = |why| DeskError::Invalid { field: "file", why };
    let name = file_name(&new.name)?;
    if new.bytes.len() > DOCUMENT_BYTES {
        return Err(wrong("is larger than 10 MB"));
    }
    let media = match (role, media(&new.bytes)) {
        (FileRole::Docx, None) if new.bytes.starts_with(b"PK\x03\x04") => DOCX,
        (FileRole::Signed, Some("application/pdf")) => "application/pdf",
        (FileRole::Proof, Some(media)) => media,
        (FileRole::Docx, _) => return Err(wrong("is no DOCX")),
        (FileRole::Signed, _) => return Err(wrong("is no PDF")),
        (FileRole::Proof, _) => return Err(wrong("is neither PDF nor PNG nor JPEG")),
    };
    Ok(CheckedFile { role, name, media, bytes: new.bytes.clone() })
}

impl Desk {
    /// Keeps a file with its document.
    pub(super) async fn keep(&self, tx: &mut Tx, scope: &Scope, document: &str, file: CheckedFile) -> Result<(), DeskError> {
        let now = self.now();
        let id = self.next_id(now);
        let (size, hash) = (i64::try_from(file.bytes.len()).unwrap_or(i64::MAX), blake3::hash(&file.bytes).to_hex().to_string());
        let content = self.seal_bytes(tx, &place(&id), file.bytes).await?;
        let sql = Sql::with(
            "INSERT INTO document_file (id, document_id, role, name, media, size, hash, content, added_by, added_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            [
                id.into(),
                document.into(),
                file.role.as_str().into(),
                file.name.into(),
                file.media.into(),
                size.into(),
                hash.into(),
                content.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        tx.execute(sql).await.map(drop)
    }

    /// The files of a document, oldest first.
    pub async fn document_files(&self, scope: &Scope, id: &str) -> Result<Vec<DocumentFile>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await?;
        let sql =
            Sql::new("SELECT id, role, name, media, size, hash, added_by, added_at FROM document_file WHERE document_id = ");
        tx.rows(sql.bind(id).push(" ORDER BY id")).await?.iter().map(file_from).collect()
    }

    /// A file with its bytes, which are held against its hash.
    pub async fn document_file(&self, scope: &Scope, id: &str, file: &str) -> Result<(DocumentFile, Vec<u8>), DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await?;
        let sql = Sql::new(SELECT_WITH_BYTES).push(" WHERE document_id = ").bind(id).push(" AND id = ").bind(file);
        let row = tx.row(sql).await?.ok_or(DeskError::NotFound { kind: "file" })?;
        self.whole(&mut tx, &row).await
    }

    /// The newest file of a role with its bytes.
    pub(super) async fn newest_file(&self, tx: &mut Tx, document: &str, role: FileRole) -> Result<Vec<u8>, DeskError> {
        let sql =
            Sql::new(SELECT_WITH_BYTES).push(" WHERE document_id = ").bind(document).push(" AND role = ").bind(role.as_str());
        let row = tx.row(sql.push(" ORDER BY id DESC LIMIT 1")).await?.ok_or(DeskError::NotFound { kind: "file" })?;
        Ok(self.whole(tx, &row).await?.1)
    }

    async fn whole(&self, tx: &mut Tx, row: &Row) -> Result<(DocumentFile, Vec<u8>), DeskError> {
        let file = file_from(row)?;
        let bytes = self.open_bytes(tx, &place(&file.id), row.bytes(8)?).await?;
        if blake3::hash(&bytes).to_hex().as_str() != file.hash {
            return Err(DeskError::damaged("document_file", "the bytes are not those that were kept"));
        }
        Ok((file, bytes))
    }
}

/// Where the bytes of a file belong, for sealing.
fn place(file: &str) -> String {
    format!("document_file.content {file}")
}

const SELECT_WITH_BYTES: &str = "SELECT id, role, name, media, size, hash, added_by, added_at, content FROM document_file";

fn file_from(row: &Row) -> Result<DocumentFile, DeskError> {
    Ok(DocumentFile {
        id: row.text(0)?,
        role: FileRole::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("document_file", "role"))?,
        name: row.text(2)?,
        media: row.text(3)?,
        size: row.int(4)?,
        hash: row.text(5)?,
        added_by: row.text(6)?,
        added_at: row.int(7)?,
    })
}
