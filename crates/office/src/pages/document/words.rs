//! Words of documents that several pages use.

use desk::{Document, DocumentRefusal, DocumentState, NotDelivered, SignatureVerdict, Way};
use web::Locale;
use web::component::Status;

fn dashed(word: &str) -> String {
    word.replace('_', "-")
}

/// Name of a state.
pub(super) fn state(l: Locale, state: DocumentState) -> String {
    l.t(&format!("document-state-{}", dashed(state.as_str())))
}

/// To whom it goes; that it was erased after its term of retention is said.
pub(super) fn recipient(l: Locale, document: &Document) -> String {
    if document.erased.is_some() { l.t("document-erased-recipient") } else { document.recipient.clone() }
}

/// The state of a document with its colour.
pub(crate) fn status(l: Locale, document: &Document) -> Status {
    let words = state(l, document.state);
    match document.state {
        DocumentState::Draft => Status::neutral(words),
        DocumentState::Approved | DocumentState::Sent | DocumentState::Numbered | DocumentState::Signed => Status::doing(words),
        DocumentState::Delivered => Status::ok(words),
        DocumentState::Returned => Status::warn(words),
        DocumentState::Withdrawn => Status::neutral(words),
    }
}

/// What the check of a signature said.
pub(crate) fn verdict(l: Locale, verdict: SignatureVerdict) -> Status {
    let words = l.t(&format!("document-signature-{}", dashed(verdict.as_str())));
    match verdict {
        SignatureVerdict::Good => Status::ok(words),
        SignatureVerdict::NotChecked => Status::warn(words),
        SignatureVerdict::Paper => Status::neutral(words),
    }
}

/// Name of a way of delivery.
pub(super) fn way(l: Locale, way: Way) -> String {
    l.t(&format!("document-way-{}", dashed(way.as_str())))
}

/// Why something did not arrive.
pub(super) fn not_delivered(l: Locale, why: NotDelivered) -> String {
    l.t(&format!("document-not-delivered-{}", dashed(why.as_str())))
}

/// Why a document was left as it is.
pub(super) fn refusal(l: Locale, why: DocumentRefusal) -> String {
    l.t(&format!("document-why-{}", dashed(why.as_str())))
}
