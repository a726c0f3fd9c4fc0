//! Files of a case: the facility's proof, the agency's minutes; kept sealed, with their hash.

use base::Scope;
use serde::Serialize;

use super::case::one;
use super::history::{HISTORY, NewEvent};
use super::{ReviewCase, ReviewFileKind, ReviewRefusal, ReviewState, facility_of, refuse};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::file::{FILE_BYTES, NewFile, file_name, media};
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::text::client_tx;
use crate::{Desk, DeskError};

/// Files of one case at most.
pub const REVIEW_FILES: usize = 40;

/// A file of a case, without its bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewFile {
    /// UUIDv7.
    pub id: String,
    /// What it is.
    pub kind: ReviewFileKind,
    /// Its name as the sender has it; shown, never used as a path.
    pub name: String,
    /// `application/pdf`, `image/png` or `image/jpeg`, found by its bytes.
    pub media: String,
    /// Bytes.
    pub size: i64,
    /// BLAKE3, hexadecimal.
    pub hash: String,
    /// Whether the facility added it; else the agency.
    pub by_facility: bool,
    /// Who, pseudonymous.
    pub added_by: String,
    /// Unix milliseconds.
    pub added_at: i64,
}

const COLUMNS: &str = "id, kind, name, media, size, hash, by_facility, added_by, added_at";

impl Desk {
    /// Adds a file: the agency any kind at any time, a facility its proofs while the case waits for it or for the agency. The same form again
    /// adds nothing; a file that is there already (same bytes) is not kept twice.
    pub async fn attach_review(
        &self,
        scope: &Scope,
        id: &str,
        kind: ReviewFileKind,
        new: NewFile,
        form: &str,
    ) -> Result<ReviewFile, DeskError> {
        let facility = facility_of(scope).is_some();
        require(scope, if facility { Permission::AnswerClaims } else { Permission::ReviewClaims })?;
        let (name, form) = (file_name(&new.name)?, client_tx(form)?);
        let media = media(&new.bytes).ok_or(DeskError::Invalid { field: "file", why: "is neither PDF nor PNG nor JPEG" })?;
        if new.bytes.len() > FILE_BYTES {
            return Err(DeskError::Invalid { field: "file", why: "is larger than 5 MB" });
        }
        let hash = blake3::hash(&new.bytes).to_hex().to_string();
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("review {id}")).await?;
        let case = one(&mut tx, scope, id).await?;
        if facility {
            may_add(&case, kind)?;
        }
        let known = files(&mut tx, id).await?;
        // What the agency keeps to itself is not among what a facility sees, nor is it given as an answer to it.
        if let Some(known) = known.iter().find(|file| file.hash == hash && file.kind == kind) {
            return Ok(known.clone());
        }
        if known.len() >= REVIEW_FILES {
            return Err(DeskError::Invalid { field: "file", why: "is one more than a case may have" });
        }
        let now = self.now();
        let size = i64::try_from(new.bytes.len()).unwrap_or(i64::MAX);
        let file = ReviewFile {
            id: self.next_id(now),
            kind,
            name,
            media: media.to_owned(),
            size,
            hash,
            by_facility: facility,
            added_by: scope.actor.0.clone(),
            added_at: now,
        };
        let content = self.seal_bytes(&mut tx, &place(&file.id), new.bytes).await?;
        let sql = Sql::with(
            "INSERT INTO review_file (id, case_id, client_tx, kind, name, media, size, hash, content, by_facility, added_by, added_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (client_tx) DO NOTHING",
            [
                file.id.as_str().into(),
                id.into(),
                form.as_str().into(),
                kind.as_str().into(),
                file.name.as_str().into(),
                media.into(),
                size.into(),
                file.hash.as_str().into(),
                content.into(),
                i64::from(facility).into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        let what = if kind == ReviewFileKind::Other { "inner_file" } else { "file" };
        let event = NewEvent { version: case.version, what, value: Some(file.name.clone()), ..NewEvent::default() };
        HISTORY.add(self, &mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        let action = if facility { AuditAction::AnswerReview } else { AuditAction::ChangeReview };
        let told = ReadEvent::new(action, "review").object(id).word("what", what).count("bytes", size).client_tx(&form);
        self.commit_with(tx, scope, case.commune.iter().fold(told, |told, commune| told.commune(commune))).await?;
        Ok(file)
    }

    /// A file with its bytes, which are held against its hash; a facility opens its own proofs and the agency's minutes.
    pub async fn review_file(&self, scope: &Scope, id: &str, file: &str) -> Result<(ReviewFile, Vec<u8>), DeskError> {
        let facility = facility_of(scope).is_some();
        require(scope, if facility { Permission::AnswerClaims } else { Permission::ReviewClaims })?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, id).await?;
        let sql = Sql::new("SELECT ").push(COLUMNS).push(", content FROM review_file WHERE case_id = ").bind(id);
        let row = tx.row(sql.push(" AND id = ").bind(file)).await?.ok_or(DeskError::NotFound { kind: "file" })?;
        let file = from_row(&row)?;
        if facility && file.kind == ReviewFileKind::Other {
            return Err(DeskError::NotFound { kind: "file" });
        }
        let bytes = self.open_bytes(&mut tx, &place(&file.id), row.bytes(9)?).await?;
        if blake3::hash(&bytes).to_hex().as_str() != file.hash {
            return Err(DeskError::damaged("review_file", "the bytes are not those that were sent"));
        }
        Ok((file, bytes))
    }
}

/// Whether a facility may add a file of this kind now.
fn may_add(case: &ReviewCase, kind: ReviewFileKind) -> Result<(), DeskError> {
    if kind != ReviewFileKind::Proof {
        return Err(DeskError::Invalid { field: "kind", why: "a facility adds proofs alone" });
    }
    match case.state {
        ReviewState::Sent | ReviewState::Answered | ReviewState::Appealed => Ok(()),
        _ => refuse(ReviewRefusal::WrongState),
    }
}

/// Where the bytes of a file belong, for sealing.
fn place(file: &str) -> String {
    format!("review_file.content {file}")
}

/// The files of a case, oldest first.
pub(super) async fn files(tx: &mut Tx, case: &str) -> Result<Vec<ReviewFile>, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM review_file WHERE case_id = ").bind(case);
    tx.rows(sql.push(" ORDER BY added_at, id")).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<ReviewFile, DeskError> {
    Ok(ReviewFile {
        id: row.text(0)?,
        kind: ReviewFileKind::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("review_file", "kind"))?,
        name: row.text(2)?,
        media: row.text(3)?,
        size: row.int(4)?,
        hash: row.text(5)?,
        by_facility: row.int(6)? == 1,
        added_by: row.text(7)?,
        added_at: row.int(8)?,
    })
}
