//! After the term of retention documents at the end of their way lose what names people, by decision; number, day, unit and hashes stay.

use base::Scope;
use desk::{Desk, DeskError, Document, DocumentChange, DocumentState, FileRole, Permission, To};

use super::{delivered, notice, number, sent, signed, step};
use crate::cases::{day, poor, put_users};
use crate::support::{HA_DONG, Place, commune_staff};

const DECISION: Option<&str> = Some("Quyết định 15/QĐ-BHXH");

/// A document that was signed and delivered.
async fn ended(desk: &Desk, subject: i64) -> Document {
    let staff = commune_staff(HA_DONG);
    let document = sent(desk, &staff, subject).await;
    let document = step(desk, &staff, &document, &number(&subject.to_string(), "2026-11-01")).await.unwrap();
    let document = step(desk, &staff, &document, &signed()).await.unwrap();
    step(desk, &staff, &document, &delivered()).await.unwrap()
}

#[tokio::test]
async fn a_delivered_document_loses_letter_recipient_and_files_and_keeps_number_day_and_hashes() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (system, staff) = (Scope::system(), commune_staff(HA_DONG));
        let done = ended(&desk, 7).await;
        let draft = desk.draft_document(&staff, notice(8, HA_DONG), "form-draft-8").await.unwrap();
        let given_up = desk.draft_document(&staff, notice(9, HA_DONG), "form-draft-9").await.unwrap();
        let why = DocumentChange::Withdraw { reason: "Bà Mẫu đã có thẻ".into() };
        let given_up = step(&desk, &staff, &given_up, &why).await.unwrap();
        let end = given_up.changed_at + 1;
        let erase = async |scope: &Scope, at: i64, decision| desk.erase_documents(scope, day("2026-11-03"), at, decision).await;

        let refused = erase(&staff, end, DECISION).await;
        assert_eq!(refused, Err(DeskError::Forbidden { permission: Permission::AnswerRequests }));
        assert!(matches!(erase(&system, i64::MAX, DECISION).await, Err(DeskError::Invalid { field: "before", .. })));
        assert_eq!(erase(&system, done.changed_at, DECISION).await.unwrap().documents, 0, "not over its term yet");
        let counted = erase(&system, end, None).await.unwrap();
        assert_eq!((counted.documents, counted.files, counted.words), (2, 3, 1), "text, signed PDF, proof; one reason");
        assert_eq!(desk.document(&staff, &done.id).await.unwrap(), done, "only counted");
        for sql in [
            "DELETE FROM document_file",
            "UPDATE document_event SET reason = NULL",
            "UPDATE document SET letter = '', recipient = '', version = version + 1 WHERE number IS NOT NULL",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}: nobody may without a decision");
        }

        let hashes = desk.document_files(&staff, &done.id).await.unwrap();
        assert_eq!(erase(&system, end, DECISION).await, Ok(counted));
        let after = desk.document(&staff, &done.id).await.unwrap();
        assert_eq!((after.letter.as_str(), after.recipient.as_str(), after.erased.as_deref()), ("", "", DECISION));
        assert_eq!(
            (&after.number, &after.issuer, after.state, after.delivered, after.signature),
            (&done.number, &done.issuer, DocumentState::Delivered, done.delivered, done.signature),
            "number, day, unit, delivery and what the signature was stay"
        );
        assert!(desk.document_files(&staff, &done.id).await.unwrap().is_empty());
        for (role, column) in [(FileRole::Signed, "signed_hash"), (FileRole::Docx, "docx_hash")] {
            let kept = place.text(&format!("SELECT {column} FROM document_erasure WHERE document_id = '{}'", done.id)).await;
            assert_eq!(Some(&kept), hashes.iter().find(|file| file.role == role).map(|file| &file.hash), "{column}");
        }
        let history = desk.document_history(&staff, &given_up.id).await.unwrap();
        assert_eq!(history.iter().map(|event| event.what.as_str()).collect::<Vec<_>>(), ["drafted", "withdrawn", "erased"]);
        assert!(history.iter().all(|event| event.reason.is_none()));
        assert_eq!(desk.document(&staff, &draft.id).await.unwrap(), draft, "a draft keeps everything");
        assert_eq!(erase(&system, end, DECISION).await.unwrap().documents, 0, "there is nothing left");
        // Everybody still finds it by its number, without to whom it went.
        let public = desk.verify_document(&done.check_code).await.unwrap().unwrap();
        assert_eq!((public.number.as_str(), public.recipient.as_str()), ("07/TB-UBND", ""));

        for sql in [
            "DELETE FROM document_erasure",
            "UPDATE document_erasure SET decision = 'khác'",
            "DELETE FROM document_event",
            "UPDATE document_event SET actor = 'u-x'",
            "UPDATE document SET number = '99', version = version + 1 WHERE number IS NOT NULL",
            "UPDATE document SET letter = 'x', version = version + 1 WHERE number IS NOT NULL",
        ] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_document_of_an_open_case_keeps_everything() {
    for place in Place::all().await {
        let desk = place.open().await;
        put_users(&desk).await;
        let staff = commune_staff(HA_DONG);
        let opened = desk.open_cases(&staff, vec![poor(7, HA_DONG)], &To::Me, "form-open-7").await.unwrap();
        let new = desk::NewDocument { case: Some(opened.cases[0].id.clone()), ..notice(7, HA_DONG) };
        let document = desk.draft_document(&staff, new, "form-draft-7").await.unwrap();
        let why = DocumentChange::Withdraw { reason: "Sai mẫu".into() };
        let document = step(&desk, &staff, &document, &why).await.unwrap();
        let end = document.changed_at + 1;
        let told = desk.erase_documents(&Scope::system(), day("2026-11-03"), end, DECISION).await.unwrap();
        assert_eq!((told.documents, told.files), (0, 0), "its case is worked on");
        place.remove(desk).await;
    }
}
