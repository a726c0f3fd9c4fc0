//! Checking a document by the number printed on it, by anybody.
//!
//! The number says nothing and cannot be guessed: twenty letters of thirty, 98 bits. What was not signed yet is not there for the public.

use base::Date;
use serde::Serialize;

use super::{DocumentState, SignatureVerdict, document_from, document_number};
use crate::audit::{AuditAction, ReadEvent};
use crate::sql::Sql;
use crate::{Desk, DeskError};
use base::{Scope, SubjectKind};

/// Letters of a verification number: none that can be mistaken for another.
pub const CHECK_LETTERS: &[u8; 30] = b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of one.
const LENGTH: usize = 20;

/// What the public sees of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PublicDocument {
    /// Name of the issuing unit.
    pub issuer: String,
    /// Number and symbol.
    pub number: String,
    /// The day it was issued.
    pub day: Date,
    /// What it is about.
    pub title: String,
    /// To whom; a person's name as first letters only, empty once it was erased after its term of retention.
    pub recipient: String,
    /// Signed, delivered or withdrawn.
    pub state: DocumentState,
    /// What the check of its signature said.
    pub signature: SignatureVerdict,
}

/// A new verification number of random bytes.
pub(super) fn check_code(random: [u8; 32]) -> String {
    let mut stream = blake3::Hasher::new_derive_key("An Sinh verification number 1").update(&random).finalize_xof();
    let mut code = String::new();
    while code.len() < LENGTH {
        let mut byte = [0];
        stream.fill(&mut byte);
        // Bytes from 240 on are left out, so that every letter is as likely as another.
        if byte[0] < 240 {
            code.push(char::from(CHECK_LETTERS[usize::from(byte[0]) % CHECK_LETTERS.len()]));
        }
    }
    code
}

/// What a number is looked up by: how long a comparison takes says nothing about the number.
pub(super) fn check_hash(code: &str) -> String {
    blake3::Hash::from(blake3::derive_key("An Sinh verification number, looked up 1", code.as_bytes())).to_hex().to_string()
}

/// A typed number without spaces and dashes, in capitals; anything else that was typed is cut off at a length no number has.
fn plain(typed: &str) -> String {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    letters.take(LENGTH + 1).collect()
}

impl Desk {
    /// The document of a verification number, for anybody; nothing for a number that is none, and for a document that was not signed.
    /// Both take the same statements and leave an event, which does not hold the number.
    pub async fn verify_document(&self, typed: &str) -> Result<Option<PublicDocument>, DeskError> {
        let scope = Scope::system();
        let sql = Sql::new("SELECT ").push(super::COLUMNS).push(", (SELECT u.name FROM unit u WHERE u.id = document.issuer)");
        let sql = sql.push(" FROM document WHERE check_hash = ").bind(check_hash(&plain(typed)));
        let mut tx = self.store().read(&scope).await?;
        let row = tx.row(sql).await?;
        let found = match &row {
            Some(row) => {
                let document = document_from(row)?;
                let signed = document.number.clone().zip(document.signature);
                let name = row.opt_text(29)?.unwrap_or_else(|| document.issuer.clone());
                signed.map(|(number, signature)| (document, number, signature, name))
            }
            None => None,
        };
        // What anybody may see is opened, and nothing else: a draft takes the statements of a number that is none.
        let found = match found {
            Some((document, number, signature, name)) => {
                Some((self.with_open_words(&mut tx, document).await?, number, signature, name))
            }
            None => None,
        };
        drop(tx);
        let event = ReadEvent::new(AuditAction::VerifyDocument, "document").count("found", found.is_some().into());
        let event = found.iter().fold(event, |event, (document, ..)| event.object(document.id.as_str()));
        self.audit_read(&scope, event).await?;
        Ok(found.map(|(document, (number, day), signature, issuer)| PublicDocument {
            issuer,
            number: document_number(&number, &document.symbol),
            day,
            title: document.title,
            recipient: match document.subject_kind {
                Some(SubjectKind::Person) => masked(&document.recipient),
                _ => document.recipient,
            },
            state: document.state,
            signature,
        }))
    }
}

/// A name by the first letter of each word: `N… V… A…`.
fn masked(name: &str) -> String {
    let words = name.split_whitespace().filter_map(|word| word.chars().next());
    words.map(|first| format!("{}…", first.to_uppercase())).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_typed_as_one_likes() {
        let code = check_code([7; 32]);
        assert_eq!(code.len(), LENGTH);
        let typed = format!(" {}-{} {}", &code[..4], code[4..10].to_lowercase(), &code[10..]);
        assert_eq!(plain(&typed), code);
        assert_ne!(check_code([8; 32]), code);
        assert_eq!(plain(&"A".repeat(10_000)).len(), LENGTH + 1);
    }

    #[test]
    fn a_name_is_told_by_its_first_letters() {
        assert_eq!(masked("Nguyễn Thị  Ánh"), "N… T… Á…");
        assert_eq!(masked(""), "");
    }
}
