//! Attachments of a case: small files, kept as they were sent, with their hash.

use base::Scope;
use serde::Serialize;

use super::history::NewEvent;
use super::one;
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Row;
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// Bytes of one file at most: a page scanned well.
pub const FILE_BYTES: usize = 5 << 20;
/// Files of one case at most.
pub const FILES_OF_A_CASE: i64 = 20;

/// A file to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Its name as the sender has it; shown, never used as a path.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A file of a case, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseFile {
    /// UUIDv7.
    pub id: String,
    /// Name.
    pub name: String,
    /// `application/pdf`, `image/png` or `image/jpeg`, found by its bytes.
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

const SELECT: &str = "SELECT id, name, media, size, hash, added_by, added_at FROM case_file WHERE ";

impl Desk {
    /// Adds a file. The same form again adds nothing; a file that is there already (same bytes) is not kept twice.
    pub async fn attach(&self, scope: &Scope, case: &str, new: NewFile, form: &str) -> Result<CaseFile, DeskError> {
        require(scope, Permission::WorkCases)?;
        let (name, form) = (file_name(&new.name)?, client_tx(form)?);
        let media = media(&new.bytes).ok_or(DeskError::Invalid { field: "file", why: "is neither PDF nor PNG nor JPEG" })?;
        if new.bytes.len() > FILE_BYTES {
            return Err(DeskError::Invalid { field: "file", why: "is larger than 5 MB" });
        }
        let hash = blake3::hash(&new.bytes).to_hex().to_string();
        let mut tx = self.store().write(scope).await?;
        let found = one(&mut tx, scope, case, true).await?;
        let known = files(&tx.rows(Sql::new(SELECT).push("case_id = ").bind(case)).await?)?;
        if let Some(known) = known.iter().find(|file| file.hash == hash) {
            return Ok(known.clone());
        }
        if known.len() as i64 >= FILES_OF_A_CASE {
            return Err(DeskError::Invalid { field: "file", why: "is one more than a case may have" });
        }
        let event = NewEvent { version: found.version, what: "file", value: Some(name.clone()), ..NewEvent::default() };
        if self.is_known(&mut tx, case, &form, &event).await? {
            // Another file of the same name.
            return Err(DeskError::ClientTxReused);
        }
        let now = self.now();
        let size = i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
        let file = CaseFile {
            id: self.next_id(now),
            name,
            media: media.to_owned(),
            size,
            hash,
            added_by: scope.actor.0.clone(),
            added_at: now,
        };
        let content = self.seal_bytes(&mut tx, &place(&file.id), new.bytes).await?;
        let sql = Sql::with(
            "INSERT INTO case_file (id, case_id, client_tx, name, media, size, hash, content, added_by, added_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (client_tx) DO NOTHING",
            [
                file.id.as_str().into(),
                case.into(),
                form.as_str().into(),
                file.name.as_str().into(),
                media.into(),
                size.into(),
                file.hash.as_str().into(),
                content.into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        self.add_events(&mut tx, scope, &form, vec![(case.to_owned(), event)]).await?;
        let event = ReadEvent::new(AuditAction::AddToCase, "case").object(case).word("what", "file").count("bytes", size);
        let event = found.commune.iter().fold(event.client_tx(&form), |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event).await?;
        Ok(file)
    }

    /// The files of a case, oldest first.
    pub async fn case_files(&self, scope: &Scope, case: &str) -> Result<Vec<CaseFile>, DeskError> {
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, case, false).await?;
        files(&tx.rows(Sql::new(SELECT).push("case_id = ").bind(case).push(" ORDER BY id")).await?)
    }

    /// A file with its bytes, which are held against its hash.
    pub async fn case_file(&self, scope: &Scope, case: &str, file: &str) -> Result<(CaseFile, Vec<u8>), DeskError> {
        require(scope, Permission::WorkCases)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, case, false).await?;
        let sql = Sql::new("SELECT id, name, media, size, hash, added_by, added_at, content FROM case_file WHERE case_id = ");
        let row = tx.row(sql.bind(case).push(" AND id = ").bind(file)).await?.ok_or(DeskError::NotFound { kind: "file" })?;
        let file = file_from(&row)?;
        let bytes = self.open_bytes(&mut tx, &place(&file.id), row.bytes(7)?).await?;
        if blake3::hash(&bytes).to_hex().as_str() != file.hash {
            return Err(DeskError::damaged("case_file", "the bytes are not those that were sent"));
        }
        Ok((file, bytes))
    }
}

/// Where the bytes of a file belong, for sealing.
fn place(file: &str) -> String {
    format!("case_file.content {file}")
}

/// The kind of a file by its first bytes, whatever its name says.
pub(crate) fn media(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"%PDF-") {
        Some("application/pdf")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else {
        None
    }
}

/// A name without folders and control characters.
pub(crate) fn file_name(name: &str) -> Result<String, DeskError> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    written("name", &clean)
}

fn files(rows: &[Row]) -> Result<Vec<CaseFile>, DeskError> {
    rows.iter().map(file_from).collect()
}

fn file_from(row: &Row) -> Result<CaseFile, DeskError> {
    Ok(CaseFile {
        id: row.text(0)?,
        name: row.text(1)?,
        media: row.text(2)?,
        size: row.int(3)?,
        hash: row.text(4)?,
        added_by: row.text(5)?,
        added_at: row.int(6)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_is_what_the_bytes_say() {
        assert_eq!(media(b"%PDF-1.7 ..."), Some("application/pdf"));
        assert_eq!(media(b"MZ\x90 an executable called anh.png"), None);
        assert_eq!(media(b""), None);
    }

    #[test]
    fn a_name_is_no_path() {
        assert_eq!(file_name("C:\\Người dùng\\đơn.pdf").unwrap(), "đơn.pdf");
        assert_eq!(file_name("../../etc/passwd").unwrap(), "passwd");
        assert!(file_name("thư mục/").is_err());
    }
}
