//! Changing one document: from which state, by whom, and what is written.

use base::{Date, Scope};
use serde::Serialize;

use super::file::{CheckedFile, FileRole, checked};
use super::history::{NewEvent, is_known};
use super::{Document, DocumentState, number, one, own};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::NewFile;
use crate::db::Tx;
use crate::sql::Sql;
use crate::text::{client_tx, written};
use crate::{Desk, DeskError};

/// What is done with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentChange {
    /// Its text is written anew; from a draft, or one that was given back.
    Edit {
        /// The letter as JSON.
        letter: String,
    },
    /// Its content is approved, as this file.
    Approve {
        /// The DOCX that goes to the document office.
        docx: Vec<u8>,
    },
    /// The document office gave number and day.
    Number {
        /// The number, `15` or `15a`.
        number: String,
        /// What follows it, where the office wrote something else than the draft.
        symbol: Option<String>,
        /// The day it was issued.
        day: Date,
    },
    /// The unit numbers it here, of today.
    OwnNumber,
    /// The signed document came back.
    Sign {
        /// The PDF.
        pdf: NewFile,
        /// What the check of its signature said. What is wrong is not taken.
        verdict: SignatureVerdict,
        /// The report of the check, as JSON.
        report: String,
    },
    /// It was delivered.
    Deliver {
        /// How.
        how: Way,
        /// When.
        day: Date,
        /// Proof: a receipt, a page of the register, a confirmation.
        proof: NewFile,
    },
    /// It was sent and did not arrive; it stays signed.
    NotDelivered {
        /// How it was tried.
        how: Way,
        /// When.
        day: Date,
        /// What happened.
        why: NotDelivered,
        /// In words.
        reason: String,
    },
    /// It is given back to be mended.
    Return {
        /// Why.
        reason: String,
    },
    /// It is given up, or recalled.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// What the check of a signature said. "Wrong" is not among them: a document whose signature is wrong is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SignatureVerdict {
    /// All of it was checked and agrees.
    Good,
    /// Something could not be checked; the report says what.
    NotChecked,
    /// Signed on paper and sealed; the PDF is a scan.
    Paper,
}

impl SignatureVerdict {
    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::NotChecked => "not_checked",
            Self::Paper => "paper",
        }
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        [Self::Good, Self::NotChecked, Self::Paper].into_iter().find(|verdict| verdict.as_str() == word)
    }
}

/// How a document is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// By registered mail (bưu điện).
    Post,
    /// Handed over against a signature (giao tận tay).
    Hand,
    /// Through the system between offices (trục liên thông văn bản) or another electronic way.
    Electronic,
    /// Posted up at the commune's seat (niêm yết).
    PostedUp,
}

impl Way {
    /// All ways.
    pub const ALL: [Way; 4] = [Self::Post, Self::Hand, Self::Electronic, Self::PostedUp];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Hand => "hand",
            Self::Electronic => "electronic",
            Self::PostedUp => "posted_up",
        }
    }

    /// The way of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.as_str() == word)
    }
}

/// Why a document did not arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NotDelivered {
    /// The addressee did not take it (từ chối nhận).
    Refused,
    /// It came back: moved away, wrong address (thư trả lại).
    CameBack,
}

impl NotDelivered {
    /// All reasons.
    pub const ALL: [NotDelivered; 2] = [Self::Refused, Self::CameBack];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::CameBack => "came_back",
        }
    }

    /// The reason of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word)
    }
}

/// Why a document was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentRefusal {
    /// Somebody changed it in between.
    Stale,
    /// Its state does not allow this.
    WrongState,
    /// Another unit issues it.
    NotYourUnit,
    /// Who prepared it may not approve it, as the unit wants it.
    SamePerson,
    /// Another document of the unit and year has this number.
    NumberTaken,
    /// The unit takes its numbers from the document office.
    NoOwnNumbers,
    /// What is done with the person it is about is restricted, as they asked.
    Restricted,
}

impl DocumentRefusal {
    /// All reasons.
    pub const ALL: [DocumentRefusal; 7] = [
        Self::Stale,
        Self::WrongState,
        Self::NotYourUnit,
        Self::SamePerson,
        Self::NumberTaken,
        Self::NoOwnNumbers,
        Self::Restricted,
    ];

    /// The stable word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stale => "stale",
            Self::WrongState => "wrong_state",
            Self::NotYourUnit => "not_your_unit",
            Self::SamePerson => "same_person",
            Self::NumberTaken => "number_taken",
            Self::NoOwnNumbers => "no_own_numbers",
            Self::Restricted => "restricted",
        }
    }
}

impl DocumentChange {
    /// Whether a document of this state can be changed so.
    pub fn fits(&self, state: DocumentState) -> bool {
        use DocumentState::*;
        match self {
            Self::Edit { .. } => matches!(state, Draft | Returned),
            Self::Approve { .. } => state == Draft,
            Self::Number { .. } => state == Sent,
            Self::OwnNumber => matches!(state, Approved | Sent),
            Self::Sign { .. } => state == Numbered,
            Self::Deliver { .. } | Self::NotDelivered { .. } => state == Signed,
            Self::Return { .. } => matches!(state, Approved | Sent),
            Self::Withdraw { .. } => state != Withdrawn,
        }
    }
}

impl Desk {
    /// Changes a document that still has this version. The same form again gives the document as it is now.
    pub async fn change_document(
        &self,
        scope: &Scope,
        id: &str,
        version: i64,
        change: &DocumentChange,
        today: Date,
        form: &str,
    ) -> Result<Document, DeskError> {
        let approves = matches!(change, DocumentChange::Approve { .. });
        require(scope, if approves { Permission::ApproveDocuments } else { Permission::PrepareDocuments })?;
        let form = client_tx(form)?;
        let file = looked_at(change, today)?;
        let mut tx = self.store().write(scope).await?;
        let document = own(&mut tx, scope, id).await?;
        if is_known(&mut tx, id, &form).await? {
            return self.with_open_words(&mut tx, document).await;
        }
        let refused = |why| Err(DeskError::DocumentRefused { why });
        if document.version != version {
            return refused(DocumentRefusal::Stale);
        }
        if !change.fits(document.state) {
            return refused(DocumentRefusal::WrongState);
        }
        if approves && document.prepared_by == scope.actor.0 && wants_second_person(&mut tx, scope).await? {
            return refused(DocumentRefusal::SamePerson);
        }
        let now = self.now();
        let letter = match change {
            DocumentChange::Edit { letter } => Some(self.seal_text(&mut tx, &super::letter_place(id), letter).await?),
            _ => None,
        };
        let (update, event) = written_down(&mut tx, scope, &document, change, today, now).await?;
        let update = update.push_if(", letter = ", letter);
        match tx.execute(update.push(" WHERE id = ").bind(id)).await {
            Err(DeskError::Duplicate) => return refused(DocumentRefusal::NumberTaken),
            other => other?,
        };
        if let Some(file) = file {
            self.keep(&mut tx, scope, id, file).await?;
        }
        let what = event.what;
        let event = NewEvent { version: version + 1, ..event };
        self.add_document_events(&mut tx, scope, &form, vec![(id.to_owned(), event)]).await?;
        if matches!(change, DocumentChange::Deliver { .. }) {
            self.put_out(&mut tx, scope, crate::OutboxKind::DocumentDelivered, id, &[]).await?;
        }
        let changed = one(&mut tx, scope, id).await?;
        let changed = self.with_open_words(&mut tx, changed).await?;
        let event = ReadEvent::new(AuditAction::ChangeDocument, "document").object(id).word("what", what).client_tx(&form);
        self.commit_with(tx, scope, changed.commune.iter().fold(event, |event, commune| event.commune(commune))).await?;
        Ok(changed)
    }
}

async fn wants_second_person(tx: &mut Tx, scope: &Scope) -> Result<bool, DeskError> {
    let sql = Sql::new("SELECT second_person FROM document_setting WHERE unit = ").bind(scope.unit.as_str());
    Ok(tx.row(sql).await?.map(|row| row.int(0)).transpose()? == Some(1))
}

/// Checks what does not depend on the document; gives the file to be kept.
fn looked_at(change: &DocumentChange, today: Date) -> Result<Option<CheckedFile>, DeskError> {
    let not_ahead = |day: Date| {
        if day > today { Err(DeskError::Invalid { field: "day", why: "must not lie ahead" }) } else { Ok(()) }
    };
    match change {
        DocumentChange::Edit { letter } => super::draft::letter(letter)?,
        DocumentChange::Approve { docx } => {
            let file = NewFile { name: "du-thao.docx".to_owned(), bytes: docx.clone() };
            return checked(FileRole::Docx, &file).map(Some);
        }
        DocumentChange::Number { day, .. } | DocumentChange::NotDelivered { day, .. } => not_ahead(*day)?,
        DocumentChange::Sign { pdf, .. } => return checked(FileRole::Signed, pdf).map(Some),
        DocumentChange::Deliver { day, proof, .. } => {
            not_ahead(*day)?;
            return checked(FileRole::Proof, proof).map(Some);
        }
        DocumentChange::OwnNumber | DocumentChange::Return { .. } | DocumentChange::Withdraw { .. } => {}
    }
    Ok(None)
}

/// The update, its condition still to be added, and the event.
async fn written_down(
    tx: &mut Tx,
    scope: &Scope,
    document: &Document,
    change: &DocumentChange,
    today: Date,
    now: i64,
) -> Result<(Sql, NewEvent), DeskError> {
    let sql = Sql::new("UPDATE document SET version = version + 1, changed_at = ").bind(now);
    let numbered = |sql: Sql, number: &str, symbol: &str, day: Date| {
        let sql = sql.push(", state = 'numbered', number = ").bind(number).push(", symbol = ").bind(symbol);
        sql.push(", number_year = ").bind(i64::from(day.year())).push(", number_day = ").bind(day.to_string())
    };
    let after_number = |day: Date| match &document.number {
        Some((_, issued)) if day < *issued => {
            Err(DeskError::Invalid { field: "day", why: "must not lie before the day it was issued" })
        }
        _ => Ok(()),
    };
    let event = |what: &'static str, value: Option<String>, day: Option<Date>, reason: Option<String>| NewEvent {
        version: 0,
        what,
        value,
        day,
        reason,
    };
    Ok(match change {
        // The letter itself is added by the caller, sealed.
        DocumentChange::Edit { .. } => (sql.push(", state = 'draft', approved_by = NULL"), event("edited", None, None, None)),
        DocumentChange::Approve { .. } => {
            let sql = sql.push(", state = 'approved', approved_by = ").bind(scope.actor.0.as_str());
            (sql, event("approved", None, None, None))
        }
        DocumentChange::Number { number, symbol, day } => {
            let number = number::plain(number)?;
            let symbol = symbol.as_deref().map_or_else(|| Ok(document.symbol.clone()), super::draft::symbol)?;
            let told = super::document_number(&number, &symbol);
            (numbered(sql, &number, &symbol, *day), event("numbered", Some(told), Some(*day), None))
        }
        DocumentChange::OwnNumber => {
            let number = number::next(tx, scope, &document.symbol, i64::from(today.year())).await?;
            let told = super::document_number(&number, &document.symbol);
            (numbered(sql, &number, &document.symbol, today), event("own_number", Some(told), Some(today), None))
        }
        DocumentChange::Sign { verdict, report, .. } => {
            let sql = sql.push(", state = 'signed', signature = ").bind(verdict.as_str());
            let sql = sql.push(", signature_report = ").bind(report.as_str());
            (sql, event("signed", Some(verdict.as_str().to_owned()), None, None))
        }
        DocumentChange::Deliver { how, day, .. } => {
            after_number(*day)?;
            let sql = sql.push(", state = 'delivered', delivered_day = ").bind(day.to_string());
            let sql = sql.push(", delivered_how = ").bind(how.as_str());
            (sql, event("delivered", Some(how.as_str().to_owned()), Some(*day), None))
        }
        DocumentChange::NotDelivered { how, day, why, reason } => {
            after_number(*day)?;
            let value = format!("{}:{}", how.as_str(), why.as_str());
            (sql, event("not_delivered", Some(value), Some(*day), Some(written("reason", reason)?)))
        }
        DocumentChange::Return { reason } => {
            (sql.push(", state = 'returned'"), event("returned", None, None, Some(written("reason", reason)?)))
        }
        DocumentChange::Withdraw { reason } => {
            (sql.push(", state = 'withdrawn'"), event("withdrawn", None, None, Some(written("reason", reason)?)))
        }
    })
}
