//! Minutes of a meeting (biên bản) and what shows that a conclusion was done: a document of the desk, or a file.

use base::Scope;
use serde::Serialize;

use super::{Committee, ConclusionState, conclusion, meeting, one};
use crate::access::{Permission, require};
use crate::case::NewFile;
use crate::db::{Row, Tx};
use crate::history::NewEvent;
use crate::refusal::{PlanRefusal, own, refuse};
use crate::sql::{Bind, Sql};
use crate::task::checked_file;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Files of one meeting or conclusion at most.
const MOST: usize = 20;

/// What is to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewCommitteeFile {
    /// A document of the desk.
    Document {
        /// Its id.
        id: String,
        /// What is shown of it.
        label: String,
    },
    /// A file, shown by its name.
    File(NewFile),
}

/// A file or document, without bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommitteeFile {
    /// UUIDv7.
    pub id: String,
    /// What is shown of it; of a file its name.
    pub label: String,
    /// Id of the document; none for a file.
    pub document: Option<String>,
    /// Of a file: media type, bytes.
    pub file: Option<(String, i64)>,
}

impl Desk {
    /// Adds minutes to a meeting of one's own body, or what shows that a conclusion was done to one that one's own unit leads and that is
    /// not confirmed. The same form again adds nothing.
    pub async fn add_committee_file(
        &self,
        scope: &Scope,
        meeting: &str,
        conclusion: Option<&str>,
        new: NewCommitteeFile,
        form: &str,
    ) -> Result<(), DeskError> {
        let form = client_tx(form)?;
        let (label, target, file) = match new {
            NewCommitteeFile::Document { id, label } => (written("label", &label)?, Some(word("document", &id)?), None),
            NewCommitteeFile::File(file) => {
                let (label, media) = checked_file(&file)?;
                (label, None, Some((media, file.bytes)))
            }
        };
        let mut tx = self.store().write(scope).await?;
        let (committee, held) = meeting::find(&mut tx, meeting).await?;
        tx.lock(&committee).await?;
        let Some(known) = may_add(&mut tx, scope, &committee, conclusion, meeting, &form).await? else { return Ok(()) };
        if held.withdrawn.is_some() {
            return refuse(PlanRefusal::WrongState);
        }
        if of(&mut tx, meeting, conclusion).await?.len() >= MOST {
            return Err(DeskError::Invalid { field: "file", why: "is one more than may be kept" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let mut columns = vec!["id", "committee", "meeting", "conclusion", "kind", "label", "target", "added_by", "added_at"];
        let mut row: Vec<Bind> = vec![
            id.as_str().into(),
            committee.as_str().into(),
            meeting.into(),
            conclusion.into(),
            if target.is_some() { "document" } else { "file" }.into(),
            label.into(),
            target.into(),
            scope.actor.0.as_str().into(),
            now.into(),
        ];
        if let Some((media, bytes)) = file {
            columns.extend(["media", "size", "hash", "content"]);
            let (size, hash) = (i64::try_from(bytes.len()).unwrap_or(i64::MAX), blake3::hash(&bytes).to_hex().to_string());
            let content = self.seal_bytes(&mut tx, &place(&id), bytes).await?;
            row.extend([media.into(), size.into(), hash.into(), content.into()]);
        }
        let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
        tx.execute(Sql::new("INSERT INTO committee_file (").names(&columns)?.push(") VALUES ").rows(vec![row])).await?;
        let about = conclusion.unwrap_or(meeting).to_owned();
        let event = NewEvent { version: known.version, what: "file_added", value: Some(about), ..NewEvent::default() };
        self.committee_done(tx, scope, &known, &form, event).await
    }

    /// Takes a file out; its row stays. Gives the meeting it was of, and the conclusion where it was one's.
    pub async fn remove_committee_file(
        &self,
        scope: &Scope,
        file: &str,
        form: &str,
    ) -> Result<(String, Option<String>), DeskError> {
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        let sql = Sql::new("SELECT f.meeting, f.conclusion, f.committee, f.removed_at FROM committee_file f WHERE f.id = ");
        let row = tx.row(sql.bind(file)).await?.ok_or(DeskError::NotFound { kind: "committee_file" })?;
        let (meeting, conclusion, committee) = (row.text(0)?, row.opt_text(1)?, row.text(2)?);
        tx.lock(&committee).await?;
        let known = may_add(&mut tx, scope, &committee, conclusion.as_deref(), &meeting, &form).await?;
        let Some(known) = known else { return Ok((meeting, conclusion)) };
        if row.opt_int(3)?.is_some() {
            return Err(DeskError::NotFound { kind: "committee_file" });
        }
        let sql = Sql::new("UPDATE committee_file SET removed_at = ").bind(self.now()).push(" WHERE id = ").bind(file);
        tx.execute(sql).await?;
        let about = conclusion.as_ref().unwrap_or(&meeting).clone();
        let event = NewEvent { version: known.version, what: "file_removed", value: Some(about), ..NewEvent::default() };
        self.committee_done(tx, scope, &known, &form, event).await?;
        Ok((meeting, conclusion))
    }

    /// A file with its bytes, which are held against its hash.
    pub async fn committee_file(&self, scope: &Scope, id: &str) -> Result<(CommitteeFile, Vec<u8>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql =
            Sql::new(SELECT).push(", f.hash, f.content FROM committee_file f WHERE f.kind = 'file' AND f.removed_at IS NULL");
        let row = tx.row(sql.push(" AND f.id = ").bind(id)).await?.ok_or(DeskError::NotFound { kind: "committee_file" })?;
        let bytes = self.open_bytes(&mut tx, &place(id), row.bytes(6)?).await?;
        if blake3::hash(&bytes).to_hex().as_str() != row.text(5)? {
            return Err(DeskError::damaged("committee_file", "the bytes are not those that were kept"));
        }
        Ok((from_row(&row)?, bytes))
    }
}

/// The body, where a file may be added or taken out now; `None` where this form did it already.
async fn may_add(
    tx: &mut Tx,
    scope: &Scope,
    committee: &str,
    conclusion: Option<&str>,
    meeting: &str,
    form: &str,
) -> Result<Option<Committee>, DeskError> {
    require(scope, Permission::ReportTasks)?;
    let known = one(tx, committee).await?;
    match conclusion {
        None => own(scope, known.commune.as_ref())?,
        Some(id) => {
            let found = conclusion::find(tx, id).await?;
            if found.meeting != meeting {
                return Err(DeskError::NotFound { kind: "conclusion" });
            }
            if found.unit != scope.unit {
                return refuse(PlanRefusal::NotYours);
            }
            if found.state != ConclusionState::Open && !super::HISTORY.knows(tx, committee, form).await? {
                return refuse(PlanRefusal::WrongState);
            }
        }
    }
    Ok(if super::HISTORY.knows(tx, committee, form).await? { None } else { Some(known) })
}

/// Where the bytes of a file belong, for sealing.
fn place(file: &str) -> String {
    format!("committee_file.content {file}")
}

const SELECT: &str = "SELECT f.id, f.label, f.target, f.media, f.size";

/// The minutes of a meeting, or what shows a conclusion, oldest first.
pub(super) async fn of(tx: &mut Tx, meeting: &str, conclusion: Option<&str>) -> Result<Vec<CommitteeFile>, DeskError> {
    let sql = Sql::new(SELECT).push(" FROM committee_file f WHERE f.removed_at IS NULL AND f.meeting = ").bind(meeting);
    let sql = sql.push(" AND COALESCE(f.conclusion, '') = ").bind(conclusion.unwrap_or_default());
    tx.rows(sql.push(" ORDER BY f.id")).await?.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<CommitteeFile, DeskError> {
    Ok(CommitteeFile {
        id: row.text(0)?,
        label: row.text(1)?,
        document: row.opt_text(2)?,
        file: row.opt_text(3)?.zip(row.opt_int(4)?),
    })
}
