//! A document as it begins: a draft of a letter that somebody had made from a finding.

use base::{CommuneCode, Month, Scope, SubjectKind};

use super::history::NewEvent;
use super::{Document, one};
use crate::access::{Permission, require};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::{CaseUnit, sees};
use crate::sql::Sql;
use crate::text::{client_tx, word, written};
use crate::{Desk, DeskError};

/// Characters of a letter at most; a page has some three thousand.
const LETTER: usize = 60_000;

/// A draft to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// Template it was made from.
    pub template: String,
    /// The rule whose finding it is about.
    pub rule: String,
    /// The case it is made from.
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
    /// What follows the number; empty for none.
    pub symbol: String,
    /// What it is about.
    pub title: String,
    /// To whom it goes.
    pub recipient: String,
    /// The letter as JSON.
    pub letter: String,
}

impl Desk {
    /// Keeps a draft of one's own unit. The same form again gives the same document.
    pub async fn draft_document(&self, scope: &Scope, new: NewDocument, form: &str) -> Result<Document, DeskError> {
        require(scope, Permission::PrepareDocuments)?;
        let form = client_tx(form)?;
        word("template", &new.template)?;
        word("rule", &new.rule)?;
        let (title, recipient, symbol) =
            (written("title", &new.title)?, written("recipient", &new.recipient)?, symbol(&new.symbol)?);
        letter(&new.letter)?;
        if !sees(scope, new.commune.as_ref(), new.office) {
            return Err(DeskError::NotFound { kind: "document" });
        }
        let code = super::verify::check_code(self.secret()?);
        let mut tx = self.store().write(scope).await?;
        tx.lock(&format!("document {form}")).await?;
        if let Some(known) = tx.row(Sql::new("SELECT id FROM document WHERE client_tx = ").bind(form.as_str())).await? {
            // Whose form it was gets the document again; to anybody else it says nothing of it.
            let known = one(&mut tx, scope, &known.text(0)?).await.ok();
            let known = known.filter(|known| known.prepared_by == scope.actor.0).ok_or(DeskError::ClientTxReused)?;
            return self.with_open_words(&mut tx, known).await;
        }
        if let Some(case) = &new.case {
            crate::case::one(&mut tx, scope, case, false).await?;
        }
        if new.subject_kind == Some(SubjectKind::Person) && crate::privacy::is_restricted(&mut tx, new.subject).await? {
            return Err(DeskError::DocumentRefused { why: super::DocumentRefusal::Restricted });
        }
        let now = self.now();
        let id = self.next_id(now);
        let recipient = self.seal_text(&mut tx, &super::recipient_place(&id), &recipient).await?;
        let letter = self.seal_text(&mut tx, &super::letter_place(&id), &new.letter).await?;
        let sql = Sql::with(
            "INSERT INTO document (id, client_tx, template, rule, case_id, subject_kind, subject, period, commune, office, issuer, \
             symbol, title, recipient, letter, state, check_code, check_hash, prepared_by, version, made_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 'draft', $16, $17, $18, 1, $19, $19) \
             ON CONFLICT (client_tx) DO NOTHING",
            [
                id.as_str().into(),
                form.as_str().into(),
                new.template.as_str().into(),
                new.rule.as_str().into(),
                new.case.as_deref().into(),
                new.subject_kind.map_or("plan", SubjectKind::as_str).into(),
                new.subject.into(),
                new.period.to_string().into(),
                new.commune.as_ref().map(CommuneCode::as_str).into(),
                new.office.as_str().into(),
                scope.unit.as_str().into(),
                symbol.into(),
                title.into(),
                recipient.into(),
                letter.into(),
                code.as_str().into(),
                super::verify::check_hash(&code).into(),
                scope.actor.0.as_str().into(),
                now.into(),
            ],
        );
        // A form of elsewhere with the same number is not told from one's own.
        if tx.execute(sql).await? == 0 {
            return Err(DeskError::ClientTxReused);
        }
        let event = NewEvent { version: 1, what: "drafted", value: Some(new.template.clone()), ..NewEvent::default() };
        self.add_document_events(&mut tx, scope, &form, vec![(id.clone(), event)]).await?;
        let document = one(&mut tx, scope, &id).await?;
        let document = self.with_open_words(&mut tx, document).await?;
        let event = ReadEvent::new(AuditAction::DraftDocument, "document").object(id).word("template", &new.template);
        // So that "who wrote to this person" is found as well.
        let event = match new.subject_kind {
            Some(SubjectKind::Employer) => event.word("subject", &format!("E{}", new.subject)),
            Some(SubjectKind::Person) => event.word("subject", &format!("P{}", new.subject)),
            Some(SubjectKind::Visit) => event.word("subject", &format!("V{}", new.subject)),
            None => event.word("task", &new.rule),
        };
        let event = document.commune.iter().fold(event.client_tx(&form), |event, commune| event.commune(commune));
        self.commit_with(tx, scope, event).await?;
        Ok(document)
    }
}

/// A letter that is not too long.
pub(super) fn letter(text: &str) -> Result<(), DeskError> {
    if text.is_empty() || text.chars().count() > LETTER {
        return Err(DeskError::Invalid { field: "letter", why: "is empty or longer than 60,000 characters" });
    }
    Ok(())
}

/// What follows a number: letters, marks of Vietnamese and `-./`, at most 40.
pub(super) fn symbol(text: &str) -> Result<String, DeskError> {
    let text = text.trim();
    if text.chars().count() > 40 || !text.chars().all(|c| c.is_alphanumeric() || "-./&".contains(c)) {
        return Err(DeskError::Invalid { field: "symbol", why: "is no symbol of a document such as TB-UBND" });
    }
    Ok(text.to_owned())
}
