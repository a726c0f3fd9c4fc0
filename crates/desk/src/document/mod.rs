//! Documents (văn bản): letters and notices on their way from draft to delivery.
//!
//! Number and signature come from the agency's document office (văn thư): a number made here would collide with its register, and a letter
//! without its signature has no force. So a document is drafted, approved, sent over as a package, gets number and day, comes back as a
//! signed PDF, and is delivered with proof. A unit that keeps its register here can switch on its own numbers.
//!
//! With a key file the letter and the recipient lie sealed in the store and are opened when they are read; nothing is looked up by them.
//!
//! **Invariants:** a document is never deleted, and once numbered its text and number stay (the text until a decision erases it after its
//! term of retention); each change counts its version up and leaves an event; a change sent twice is made once; only the issuing unit
//! changes it; who sees it is who sees the cases of its area and office, a draft its own unit alone and who has
//! [`Permission::ReadDrafts`].

mod change;
mod draft;
mod erase;
mod file;
mod history;
mod list;
mod number;
mod package;
mod setting;
mod verify;

use base::{CommuneCode, Date, Month, Scope, SubjectKind};
use serde::Serialize;

use crate::access::{Permission, may, sees_employee_cases};
use crate::case::CaseUnit;
use crate::db::{Row, Tx};
use crate::sql::Sql;
use crate::{Desk, DeskError};

pub use change::{DocumentChange, DocumentRefusal, NotDelivered, SignatureVerdict, Way};
pub use draft::NewDocument;
pub use erase::DocumentErasure;
pub use file::{DOCUMENT_BYTES, DocumentFile, FileRole};
pub use history::DocumentEvent;
pub use list::{DocumentPage, DocumentQuery};
pub use number::{document_number, is_document_number};
pub use package::{DocumentPackage, PACKAGE_DOCUMENTS};
pub use setting::DocumentSetting;
pub use verify::{CHECK_LETTERS, PublicDocument};

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentState {
    /// Being written (dự thảo).
    Draft,
    /// Its content was approved (đã duyệt nội dung).
    Approved,
    /// The document office has it (đã chuyển văn thư).
    Sent,
    /// It has number and day (đã cấp số).
    Numbered,
    /// It is signed (đã ký).
    Signed,
    /// It was delivered, with proof (đã gửi).
    Delivered,
    /// Given back to be mended (trả lại để sửa).
    Returned,
    /// Given up, or recalled after it was signed (đã hủy, đã thu hồi).
    Withdrawn,
}

impl DocumentState {
    /// All states, in the order of the way.
    pub const ALL: [DocumentState; 8] =
        [Self::Draft, Self::Returned, Self::Approved, Self::Sent, Self::Numbered, Self::Signed, Self::Delivered, Self::Withdrawn];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Sent => "sent",
            Self::Numbered => "numbered",
            Self::Signed => "signed",
            Self::Delivered => "delivered",
            Self::Returned => "returned",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// A document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// UUIDv7.
    pub id: String,
    /// Template it was made from.
    pub template: String,
    /// The rule whose finding it is about.
    pub rule: String,
    /// The case it was made from.
    pub case: Option<String>,
    /// Person, employer or claimed visit; none for a document about the plan, whose rule is a task of it.
    pub subject_kind: Option<SubjectKind>,
    /// The book's number of the subject; 0 for a document about the plan.
    pub subject: i64,
    /// Period of the finding.
    pub period: Month,
    /// Commune of the subject.
    pub commune: Option<CommuneCode>,
    /// Which kind of office's work it is about.
    pub office: CaseUnit,
    /// Desk unit that issues it (đơn vị ban hành).
    pub issuer: String,
    /// What follows the number: `TB-UBND`.
    pub symbol: String,
    /// What it is about (trích yếu).
    pub title: String,
    /// To whom it goes.
    pub recipient: String,
    /// The letter as JSON, as whoever drafted it wrote it.
    #[serde(skip)]
    pub letter: String,
    /// Where it stands.
    pub state: DocumentState,
    /// The package it went to the document office in.
    pub package: Option<String>,
    /// Its number, without leading zeros, and the day it was issued.
    pub number: Option<(String, Date)>,
    /// What the check of its signature said.
    pub signature: Option<SignatureVerdict>,
    /// The report of that check, as JSON.
    #[serde(skip)]
    pub signature_report: Option<String>,
    /// When and how it was delivered.
    pub delivered: Option<(Date, Way)>,
    /// The number everybody can check it by, without dashes; printed on it.
    pub check_code: String,
    /// Who prepared it, pseudonymous.
    pub prepared_by: String,
    /// Who approved its content.
    pub approved_by: Option<String>,
    /// Counts changes, from 1.
    pub version: i64,
    /// Unix milliseconds.
    pub made_at: i64,
    /// Unix milliseconds of the last change.
    pub changed_at: i64,
    /// The decision by which letter, recipient and files were erased after their term of retention; none while they are there.
    pub erased: Option<String>,
}

impl Document {
    /// Number and symbol as they are written, `05/TB-UBND`; nothing before it has a number.
    pub fn number_and_symbol(&self) -> Option<String> {
        self.number.as_ref().map(|(number, _)| document_number(number, &self.symbol))
    }

    /// Whether it counts as served: signed and delivered (practice A10: only then may one urge on it).
    pub fn is_served(&self) -> bool {
        self.state == DocumentState::Delivered
    }
}

/// Columns in the order of [`document_from`].
const COLUMNS: &str = "id, template, rule, case_id, subject_kind, subject, period, commune, office, issuer, symbol, title, recipient, \
                       letter, state, package, number, number_day, signature, signature_report, delivered_day, delivered_how, \
                       check_code, prepared_by, approved_by, version, made_at, changed_at, \
                       (SELECT e.decision FROM document_erasure e WHERE e.document_id = document.id)";

/// Adds the condition that a document is open to who asks. Lists, counts, pages, files and packages all go through it; row level security
/// says the same.
fn visible(sql: Sql, scope: &Scope) -> Result<Sql, DeskError> {
    let sql = sql.area("commune", &scope.area)?;
    let sql = if sees_employee_cases(scope) { sql } else { sql.push(" AND office = 'commune'") };
    if may(scope, Permission::ReadDrafts) {
        return Ok(sql);
    }
    // What was drafted, given back or given up before it had a number is nobody's word yet.
    let sql = sql.push(" AND (number IS NOT NULL OR state IN ('approved', 'sent') OR issuer = ").bind(scope.unit.as_str());
    Ok(sql.push(")"))
}

/// Where the letter of a document belongs, for sealing.
fn letter_place(id: &str) -> String {
    format!("document.letter {id}")
}

/// Where its recipient belongs, for sealing.
pub(crate) fn recipient_place(id: &str) -> String {
    format!("document.recipient {id}")
}

impl Desk {
    /// A document as it lies in the store, with letter and recipient opened.
    async fn with_open_words(&self, tx: &mut Tx, stored: Document) -> Result<Document, DeskError> {
        let letter = self.open_text(tx, &letter_place(&stored.id), stored.letter).await?;
        let recipient = self.open_text(tx, &recipient_place(&stored.id), stored.recipient).await?;
        Ok(Document { letter, recipient, ..stored })
    }

    /// [`Desk::with_open_words`] for the documents of a list.
    async fn all_with_open_words(&self, tx: &mut Tx, stored: Vec<Document>) -> Result<Vec<Document>, DeskError> {
        let mut opened = Vec::with_capacity(stored.len());
        for document in stored {
            opened.push(self.with_open_words(tx, document).await?);
        }
        Ok(opened)
    }
}

/// One document that is open to who asks, its words as they lie in the store.
pub(crate) async fn one(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Document, DeskError> {
    let sql = Sql::new("SELECT ").push(COLUMNS).push(" FROM document WHERE id = ").bind(id).push(" AND ");
    documents(tx, visible(sql, scope)?).await?.pop().ok_or(DeskError::NotFound { kind: "document" })
}

/// One document of one's own unit, which stays as it is until commit.
async fn own(tx: &mut Tx, scope: &Scope, id: &str) -> Result<Document, DeskError> {
    // Who sees it and may not change it is told so, before the lock, which row level security gives to the issuer alone.
    if one(tx, scope, id).await?.issuer != scope.unit {
        return Err(DeskError::DocumentRefused { why: DocumentRefusal::NotYourUnit });
    }
    if tx.is_postgres() {
        tx.rows(Sql::new("SELECT id FROM document WHERE id = ").bind(id).push(" FOR UPDATE")).await?;
    }
    one(tx, scope, id).await
}

async fn documents(tx: &mut Tx, sql: Sql) -> Result<Vec<Document>, DeskError> {
    tx.rows(sql).await?.iter().map(document_from).collect()
}

fn document_from(row: &Row) -> Result<Document, DeskError> {
    let wrong = |what: &'static str| move || DeskError::damaged("document", what);
    let day = |at: usize| row.opt_text(at)?.map(|text| text.parse::<Date>().map_err(|_| wrong("day")())).transpose();
    let way = row.opt_text(21)?.map(|word| Way::from_word(&word).ok_or_else(wrong("delivered_how"))).transpose()?;
    let subject_kind = match row.text(4)?.as_str() {
        "person" => Some(SubjectKind::Person),
        "employer" => Some(SubjectKind::Employer),
        "visit" => Some(SubjectKind::Visit),
        "plan" => None,
        _ => return Err(wrong("subject_kind")()),
    };
    Ok(Document {
        id: row.text(0)?,
        template: row.text(1)?,
        rule: row.text(2)?,
        case: row.opt_text(3)?,
        subject_kind,
        subject: row.int(5)?,
        period: row.text(6)?.parse().map_err(|_| wrong("period")())?,
        commune: row.opt_text(7)?.map(|code| CommuneCode::parse(&code).ok_or_else(wrong("commune"))).transpose()?,
        office: CaseUnit::from_word(&row.text(8)?).ok_or_else(wrong("office"))?,
        issuer: row.text(9)?,
        symbol: row.text(10)?,
        title: row.text(11)?,
        recipient: row.text(12)?,
        letter: row.text(13)?,
        state: DocumentState::from_word(&row.text(14)?).ok_or_else(wrong("state"))?,
        package: row.opt_text(15)?,
        number: row.opt_text(16)?.zip(day(17)?),
        signature: row.opt_text(18)?.map(|word| SignatureVerdict::from_word(&word).ok_or_else(wrong("signature"))).transpose()?,
        signature_report: row.opt_text(19)?,
        delivered: day(20)?.zip(way),
        check_code: row.text(22)?,
        prepared_by: row.text(23)?,
        approved_by: row.opt_text(24)?,
        version: row.int(25)?,
        made_at: row.int(26)?,
        changed_at: row.int(27)?,
        erased: row.opt_text(28)?,
    })
}
