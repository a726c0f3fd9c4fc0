//! What shows that a task was done: a document of the desk, a file, a link, a figure of the system.

use base::{Date, Scope};
use serde::Serialize;

use super::change::{ReportRefusal, told};
use super::history::{NewEvent, is_known};
use super::period::is_locked;
use super::{TaskReport, one};
use crate::access::{Permission, require};
use crate::case::NewFile;
use crate::case::file::{file_name, media};
use crate::db::{Row, Tx};
use crate::sql::{Bind, Sql};
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Bytes of one file at most.
const FILE_BYTES: usize = 10 << 20;
/// Pieces of evidence of one report at most.
const MOST: usize = 50;
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// What kind of evidence it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum EvidenceKind {
    /// A document of the desk (văn bản), by its id.
    Document,
    /// A file: PDF, picture, DOCX or XLSX.
    File,
    /// An address on the web.
    Link,
    /// A figure of the system, by its id: an indicator or a measure of the task.
    Figure,
}

impl EvidenceKind {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Document => "document",
            Self::File => "file",
            Self::Link => "link",
            Self::Figure => "figure",
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        [Self::Document, Self::File, Self::Link, Self::Figure].into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Evidence to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewEvidence {
    /// A document of the desk.
    Document {
        /// Its id.
        id: String,
        /// What is shown of it.
        label: String,
    },
    /// A file, shown by its name.
    File(NewFile),
    /// An address: `https://…`.
    Link {
        /// The address.
        address: String,
        /// What is shown of it.
        label: String,
    },
    /// A figure.
    Figure {
        /// Id of the indicator or measure.
        id: String,
        /// What is shown of it.
        label: String,
    },
}

/// A piece of evidence, without bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// UUIDv7.
    pub id: String,
    /// Its kind.
    pub kind: EvidenceKind,
    /// What is shown of it; of a file its name.
    pub label: String,
    /// Id of the document or figure, or the address.
    pub target: Option<String>,
    /// Of a file: media type, bytes.
    pub file: Option<(String, i64)>,
    /// Who added it, pseudonymous.
    pub added_by: String,
    /// Unix milliseconds.
    pub added_at: i64,
}

impl Desk {
    /// Adds evidence to a report of one's own unit that is not submitted. The same form again adds nothing.
    pub async fn add_evidence(&self, scope: &Scope, report: &str, new: NewEvidence, form: &str) -> Result<TaskReport, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let form = client_tx(form)?;
        let checked = Checked::of(new)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(report).await?;
        let Some(found) = open(&mut tx, scope, report, &form).await? else { return one(&mut tx, scope, report).await };
        if of(&mut tx, report).await?.len() >= MOST {
            return Err(DeskError::Invalid { field: "evidence", why: "is one more than a report may have" });
        }
        let now = self.now();
        let id = self.next_id(now);
        let mut columns = vec!["id", "report", "kind", "label", "added_by", "added_at"];
        let mut row: Vec<Bind> = vec![
            id.as_str().into(),
            report.into(),
            checked.kind.as_str().into(),
            checked.label.into(),
            scope.actor.0.as_str().into(),
            now.into(),
        ];
        match checked.what {
            What::Target(target) => {
                columns.push("target");
                row.push(target.into());
            }
            What::File(media, bytes) => {
                columns.extend(["media", "size", "hash", "content"]);
                let (size, hash) = (i64::try_from(bytes.len()).unwrap_or(i64::MAX), blake3::hash(&bytes).to_hex().to_string());
                let content = self.seal_bytes(&mut tx, &place(&id), bytes).await?;
                row.extend([media.into(), size.into(), hash.into(), content.into()]);
            }
        }
        let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
        let sql = Sql::new("INSERT INTO task_evidence (").names(&columns)?.push(") VALUES ").rows(vec![row]);
        tx.execute(sql).await?;
        self.evidence_done(tx, scope, found, &form, "evidence_added", id).await
    }

    /// Takes evidence out of a report of one's own unit that is not submitted; its row stays.
    pub async fn remove_evidence(
        &self,
        scope: &Scope,
        report: &str,
        evidence: &str,
        form: &str,
    ) -> Result<TaskReport, DeskError> {
        require(scope, Permission::ReportTasks)?;
        let form = client_tx(form)?;
        let mut tx = self.store().write(scope).await?;
        tx.lock(report).await?;
        let Some(found) = open(&mut tx, scope, report, &form).await? else { return one(&mut tx, scope, report).await };
        let sql = Sql::new("UPDATE task_evidence SET removed_at = ").bind(self.now()).push(" WHERE id = ").bind(evidence);
        let sql = sql.push(" AND report = ").bind(report).push(" AND removed_at IS NULL");
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::NotFound { kind: "evidence" });
        }
        self.evidence_done(tx, scope, found, &form, "evidence_removed", evidence.to_owned()).await
    }

    /// A file of a report with its bytes, which are held against its hash.
    pub async fn evidence_file(&self, scope: &Scope, report: &str, evidence: &str) -> Result<(Evidence, Vec<u8>), DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        one(&mut tx, scope, report).await?;
        let sql =
            Sql::new(SELECT).push(", hash, content FROM task_evidence WHERE kind = 'file' AND removed_at IS NULL AND report = ");
        let row = tx.row(sql.bind(report).push(" AND id = ").bind(evidence)).await?;
        let row = row.ok_or(DeskError::NotFound { kind: "evidence" })?;
        let bytes = self.open_bytes(&mut tx, &place(evidence), row.bytes(9)?).await?;
        if blake3::hash(&bytes).to_hex().as_str() != row.text(8)? {
            return Err(DeskError::damaged("task_evidence", "the bytes are not those that were kept"));
        }
        Ok((evidence_from(&row)?, bytes))
    }

    /// Counts the report's version up and commits with the event.
    async fn evidence_done(
        &self,
        mut tx: Tx,
        scope: &Scope,
        report: TaskReport,
        form: &str,
        what: &'static str,
        evidence: String,
    ) -> Result<TaskReport, DeskError> {
        let sql = Sql::new("UPDATE task_report SET version = version + 1, changed_at = ").bind(self.now());
        let sql = sql.push(", changed_by = ").bind(scope.actor.0.as_str());
        tx.execute(sql.push(" WHERE id = ").bind(report.id.as_str())).await?;
        let event = NewEvent { version: report.version + 1, what, value: Some(evidence), ..NewEvent::default() };
        self.add_report_event(&mut tx, scope, &report.id, form, event).await?;
        let changed = one(&mut tx, scope, &report.id).await?;
        self.commit_with(tx, scope, told(&changed, what).client_tx(form)).await?;
        Ok(changed)
    }
}

/// The report whose evidence may be changed now; `None` where this form did it already.
async fn open(tx: &mut Tx, scope: &Scope, report: &str, form: &str) -> Result<Option<TaskReport>, DeskError> {
    use super::ReportState::{Draft, Returned};
    let found = one(tx, scope, report).await?;
    if is_known(tx, report, form).await? {
        return Ok(None);
    }
    let refused = |why| Err(DeskError::ReportRefused { why });
    if found.unit != scope.unit {
        return refused(ReportRefusal::NotYourUnit);
    }
    if is_locked(tx, &found.about.plan, found.about.term).await? {
        return refused(ReportRefusal::Locked);
    }
    if matches!(found.state, Draft | Returned) { Ok(Some(found)) } else { refused(ReportRefusal::WrongState) }
}

/// Evidence that was looked at and may be kept.
struct Checked {
    kind: EvidenceKind,
    label: String,
    what: What,
}

/// A name of something that lies elsewhere, or a file: media type and bytes.
enum What {
    Target(String),
    File(&'static str, Vec<u8>),
}

impl Checked {
    fn of(new: NewEvidence) -> Result<Self, DeskError> {
        let named =
            |kind, label: &str, target: String| Ok(Self { kind, label: written("label", label)?, what: What::Target(target) });
        match new {
            NewEvidence::Document { id, label } => named(EvidenceKind::Document, &label, word("document", &id)?),
            NewEvidence::Figure { id, label } => named(EvidenceKind::Figure, &label, word("figure", &id)?),
            NewEvidence::Link { address, label } => named(EvidenceKind::Link, &label, link(&address)?),
            NewEvidence::File(file) => {
                let (label, media) = checked_file(&file)?;
                Ok(Self { kind: EvidenceKind::File, label, what: What::File(media, file.bytes) })
            }
        }
    }
}

/// Name and media type of a file that may be kept.
pub(crate) fn checked_file(file: &NewFile) -> Result<(String, &'static str), DeskError> {
    let wrong = |why| DeskError::Invalid { field: "file", why };
    if file.bytes.len() > FILE_BYTES {
        return Err(wrong("is larger than 10 MB"));
    }
    let zip = file.bytes.starts_with(b"PK\x03\x04");
    let media = match media(&file.bytes) {
        Some(media) => media,
        None if zip && file.name.to_lowercase().ends_with(".docx") => DOCX,
        None if zip && file.name.to_lowercase().ends_with(".xlsx") => XLSX,
        None => return Err(wrong("is neither PDF nor PNG nor JPEG nor DOCX nor XLSX")),
    };
    Ok((file_name(&file.name)?, media))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An address of the web that a page may link to: nothing but `http` and `https`, no blanks or quotes.
fn link(address: &str) -> Result<String, DeskError> {
    let address = address.trim();
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let fits = rest.is_some_and(|rest| !rest.is_empty()) && address.len() <= 1_000;
    let plain = address.chars().all(|c| !c.is_whitespace() && !c.is_control() && !"\"'<>\\^`{|}".contains(c));
    if fits && plain {
        Ok(address.to_owned())
    } else {
        Err(DeskError::Invalid { field: "link", why: "is no address such as https://…" })
    }
}

/// Where the bytes of a file belong, for sealing.
fn place(evidence: &str) -> String {
    format!("task_evidence.content {evidence}")
}

impl Desk {
    /// The evidence of all reports of a plan whose terms lie between two days, each with the id of its report, by report. Whoever may see a
    /// report may see it.
    pub async fn evidence_of_terms(
        &self,
        scope: &Scope,
        plan: &str,
        (first, last): (Date, Date),
    ) -> Result<Vec<(String, Evidence)>, DeskError> {
        require(scope, Permission::ViewAggregates)?;
        let mut tx = self.store().read(scope).await?;
        let sql = Sql::new(SELECT)
            .push(", report FROM task_evidence WHERE removed_at IS NULL AND report IN (SELECT id FROM task_report WHERE plan = ");
        let sql = sql.bind(plan).push(" AND term >= ").bind(first.to_string()).push(" AND term <= ").bind(last.to_string());
        let sql = super::visible(sql.push(" AND "), scope)?.push(") ORDER BY report, id");
        tx.rows(sql).await?.iter().map(|row| Ok((row.text(8)?, evidence_from(row)?))).collect()
    }
}

const SELECT: &str = "SELECT id, kind, label, target, media, size, added_by, added_at";

/// The evidence of a report, oldest first.
pub(super) async fn of(tx: &mut Tx, report: &str) -> Result<Vec<Evidence>, DeskError> {
    let sql = Sql::new(SELECT).push(" FROM task_evidence WHERE removed_at IS NULL AND report = ").bind(report);
    tx.rows(sql.push(" ORDER BY id")).await?.iter().map(evidence_from).collect()
}

fn evidence_from(row: &Row) -> Result<Evidence, DeskError> {
    Ok(Evidence {
        id: row.text(0)?,
        kind: EvidenceKind::from_word(&row.text(1)?).ok_or_else(|| DeskError::damaged("task_evidence", "kind"))?,
        label: row.text(2)?,
        target: row.opt_text(3)?,
        file: row.opt_text(4)?.zip(row.opt_int(5)?),
        added_by: row.text(6)?,
        added_at: row.int(7)?,
    })
}
