//! Documents on both stores.

mod erased;
mod numbers;
mod public;
mod seen;
mod way;

use base::{Date, Scope, SubjectKind};
use desk::{CaseUnit, Desk, Document, DocumentChange, DocumentSetting, NewDocument, NewFile, SignatureVerdict, Way};

use crate::cases::{POOR, day};
use crate::support::{HA_DONG, code};

/// Today in these tests.
pub fn today() -> Date {
    day("2026-11-02")
}

/// A notice to somebody of a commune.
pub fn notice(subject: i64, commune: &str) -> NewDocument {
    NewDocument {
        template: "child-card-notice".into(),
        rule: POOR.into(),
        case: None,
        subject_kind: Some(SubjectKind::Person),
        subject,
        period: "2026-10".parse().unwrap(),
        commune: Some(code(commune)),
        office: CaseUnit::Commune,
        symbol: "TB-UBND".into(),
        title: "Tham gia bảo hiểm y tế".into(),
        recipient: "Trần Thị Mẫu".into(),
        letter: "{\"organ\":\"Ủy ban nhân dân\"}".into(),
    }
}

pub fn docx() -> DocumentChange {
    DocumentChange::Approve { docx: b"PK\x03\x04 bytes".to_vec() }
}

pub fn pdf(text: &str) -> NewFile {
    NewFile { name: "văn bản.pdf".into(), bytes: format!("%PDF-1.7\n{text}").into_bytes() }
}

pub fn signed() -> DocumentChange {
    DocumentChange::Sign { pdf: pdf("signed"), verdict: SignatureVerdict::Good, report: "{}".into() }
}

pub fn delivered() -> DocumentChange {
    DocumentChange::Deliver { how: Way::Post, day: today(), proof: pdf("receipt") }
}

pub fn number(number: &str, on: &str) -> DocumentChange {
    DocumentChange::Number { number: number.into(), symbol: None, day: day(on) }
}

/// One step more, under a form of its own.
pub async fn step(desk: &Desk, scope: &Scope, document: &Document, change: &DocumentChange) -> Result<Document, desk::DeskError> {
    let form = format!("form-{}-{}", &document.id[document.id.len() - 12..], document.version);
    desk.change_document(scope, &document.id, document.version, change, today(), &form).await
}

/// A draft that was approved and sent to the document office.
pub async fn sent(desk: &Desk, scope: &Scope, subject: i64) -> Document {
    let commune = scope.unit.clone();
    let draft = desk.draft_document(scope, notice(subject, &commune), &format!("form-new-{subject}")).await.unwrap();
    step(desk, scope, &draft, &docx()).await.unwrap();
    desk.send_documents(scope, &format!("form-send-{subject}")).await.unwrap().unwrap();
    desk.document(scope, &draft.id).await.unwrap()
}

pub async fn switch(desk: &Desk, unit: &str, own_numbers: bool, second_person: bool) {
    let version = desk.document_setting(&Scope::system(), unit).await.unwrap().version;
    let setting = DocumentSetting { unit: unit.into(), own_numbers, second_person, version };
    desk.set_document_setting(&Scope::system(), &setting).await.unwrap();
}

/// A row in every table of documents.
pub async fn fill(desk: &Desk) {
    let staff = crate::support::commune_staff(HA_DONG);
    switch(desk, HA_DONG, true, false).await;
    let document = sent(desk, &staff, 900).await;
    step(desk, &staff, &document, &DocumentChange::OwnNumber).await.unwrap();
    desk.draft_document(&crate::support::city_officer(), notice(901, crate::support::HOAN_KIEM), "form-fill-901").await.unwrap();
    let given_up = desk.draft_document(&staff, notice(902, HA_DONG), "form-fill-902").await.unwrap();
    let given_up = step(desk, &staff, &given_up, &DocumentChange::Withdraw { reason: "Nhầm người".into() }).await.unwrap();
    let end = given_up.changed_at + 1;
    desk.erase_documents(&Scope::system(), day("2026-11-01"), end, Some("Quyết định 04")).await.unwrap();
}
