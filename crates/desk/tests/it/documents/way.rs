//! The way of a document: its order, versions, forms sent twice, files, history.

use desk::{
    AuditQuery, DeskError, DocumentChange, DocumentRefusal, DocumentState, FileRole, NewFile, NotDelivered, SignatureVerdict, Way,
};

use super::{delivered, docx, notice, number, pdf, sent, signed, step, switch, today};
use crate::cases::day;
use crate::support::{HA_DONG, Place, commune_staff};

const REFUSED: fn(DocumentRefusal) -> DeskError = |why| DeskError::DocumentRefused { why };

#[tokio::test]
async fn a_document_goes_its_way_from_draft_to_proof() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let draft = desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap();
        assert_eq!((draft.state, draft.version, draft.issuer.as_str()), (DocumentState::Draft, 1, HA_DONG));
        assert_eq!(desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap(), draft, "sent twice");
        let edit = DocumentChange::Edit { letter: "{\"body\":[]}".into() };
        let edited = step(&desk, &staff, &draft, &edit).await.unwrap();
        assert_eq!((edited.letter.as_str(), edited.version), ("{\"body\":[]}", 2));
        let approved = step(&desk, &staff, &edited, &docx()).await.unwrap();
        assert_eq!((approved.state, approved.approved_by.as_deref()), (DocumentState::Approved, Some("u-09556")));
        let package = desk.send_documents(&staff, "form-send-1").await.unwrap().unwrap();
        assert_eq!(package.documents, 1);
        assert_eq!(desk.send_documents(&staff, "form-send-1").await.unwrap(), Some(package.clone()), "sent twice");
        assert_eq!(desk.send_documents(&staff, "form-send-2").await.unwrap(), None, "nothing waits");
        assert_eq!(desk.document_packages(&staff, 10).await.unwrap(), std::slice::from_ref(&package));
        let (in_package, bytes) = desk.document_package(&staff, &package.id).await.unwrap().remove(0);
        assert_eq!((in_package.id.as_str(), bytes.as_slice()), (draft.id.as_str(), b"PK\x03\x04 bytes".as_slice()));
        let numbered = step(&desk, &staff, &in_package, &number("05", "2026-11-01")).await.unwrap();
        assert_eq!(numbered.number_and_symbol().as_deref(), Some("05/TB-UBND"));
        let signed = step(&desk, &staff, &numbered, &signed()).await.unwrap();
        assert_eq!((signed.state, signed.signature), (DocumentState::Signed, Some(SignatureVerdict::Good)));
        assert!(!signed.is_served());
        let tried = DocumentChange::NotDelivered {
            how: Way::Hand,
            day: today(),
            why: NotDelivered::Refused,
            reason: "Không nhận, có biên bản".into(),
        };
        let tried = step(&desk, &staff, &signed, &tried).await.unwrap();
        assert_eq!(tried.state, DocumentState::Signed);
        let done = step(&desk, &staff, &tried, &delivered()).await.unwrap();
        assert_eq!((done.is_served(), done.delivered), (true, Some((today(), Way::Post))));
        let history = desk.document_history(&staff, &draft.id).await.unwrap();
        let told: Vec<&str> = history.iter().map(|event| event.what.as_str()).collect();
        assert_eq!(told, ["drafted", "edited", "approved", "sent", "numbered", "signed", "not_delivered", "delivered"]);
        assert_eq!(history.iter().map(|event| event.version).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7, 8]);
        let files = desk.document_files(&staff, &draft.id).await.unwrap();
        assert_eq!(files.iter().map(|file| file.role).collect::<Vec<_>>(), [FileRole::Docx, FileRole::Signed, FileRole::Proof]);
        assert_eq!(desk.document_file(&staff, &draft.id, &files[2].id).await.unwrap().1, pdf("receipt").bytes);
        // Each change left one event in the log.
        let asked = AuditQuery { object_id: Some(draft.id.clone()), ..AuditQuery::default() };
        let events = desk.audit_search(&crate::support::city_officer(), &asked).await.unwrap();
        assert_eq!(events.iter().filter(|event| event.action == "change_document").count(), 6, "the package is one of its own");
        assert_eq!(events.iter().filter(|event| event.action == "draft_document").count(), 1);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn no_step_is_left_out_and_none_is_taken_twice() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let draft = desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap();
        let own = DocumentChange::OwnNumber;
        let back = DocumentChange::Return { reason: "Sai tên".into() };
        for early in [number("1", "2026-11-01"), signed(), delivered(), own, back.clone()] {
            assert_eq!(step(&desk, &staff, &draft, &early).await.unwrap_err(), REFUSED(DocumentRefusal::WrongState), "{early:?}");
        }
        let first = desk.change_document(&staff, &draft.id, 1, &docx(), today(), "form-approve").await.unwrap();
        let again = desk.change_document(&staff, &draft.id, 1, &docx(), today(), "form-approve").await.unwrap();
        assert_eq!(first, again, "the same form is one change");
        let stale = desk.change_document(&staff, &draft.id, 1, &back, today(), "form-stale").await;
        assert_eq!(stale.unwrap_err(), REFUSED(DocumentRefusal::Stale));
        // Given back, mended, approved anew; then given up for good.
        let returned = step(&desk, &staff, &first, &back).await.unwrap();
        assert_eq!(returned.state, DocumentState::Returned);
        assert_eq!(step(&desk, &staff, &returned, &docx()).await.unwrap_err(), REFUSED(DocumentRefusal::WrongState));
        let mended = step(&desk, &staff, &returned, &DocumentChange::Edit { letter: "{\"v\":2}".into() }).await.unwrap();
        assert_eq!((mended.state, mended.approved_by), (DocumentState::Draft, None));
        let gone = desk.document(&staff, &draft.id).await.unwrap();
        let gone = step(&desk, &staff, &gone, &DocumentChange::Withdraw { reason: "Đã tham gia".into() }).await.unwrap();
        assert_eq!(gone.state, DocumentState::Withdrawn);
        assert_eq!(step(&desk, &staff, &gone, &docx()).await.unwrap_err(), REFUSED(DocumentRefusal::WrongState));
        // Not behind the desk's back either.
        for sql in ["DELETE FROM document", "UPDATE document SET letter = 'x'", "DELETE FROM document_event"] {
            assert!(place.raw(sql).await.is_err(), "{sql}");
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn days_numbers_and_files_are_looked_at() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let (one, two) = (sent(&desk, &staff, 1).await, sent(&desk, &staff, 2).await);
        let invalid = |field| move |error: DeskError| assert!(matches!(error, DeskError::Invalid { field: f, .. } if f == field));
        step(&desk, &staff, &one, &number("7", "2026-11-03")).await.map_err(invalid("day")).unwrap_err();
        step(&desk, &staff, &one, &number("7/TB", "2026-11-01")).await.map_err(invalid("number")).unwrap_err();
        let one = step(&desk, &staff, &one, &number("7", "2026-11-02")).await.unwrap();
        let taken = step(&desk, &staff, &two, &number("07", "2026-11-01")).await.unwrap_err();
        assert_eq!(taken, REFUSED(DocumentRefusal::NumberTaken));
        let other = DocumentChange::Number { number: "7".into(), symbol: Some("GM-UBND".into()), day: day("2026-11-01") };
        assert_eq!(step(&desk, &staff, &two, &other).await.unwrap().number_and_symbol().as_deref(), Some("07/GM-UBND"));
        let no_pdf = NewFile { name: "a.pdf".into(), bytes: b"PK\x03\x04".to_vec() };
        let sign = DocumentChange::Sign { pdf: no_pdf, verdict: SignatureVerdict::NotChecked, report: "{}".into() };
        step(&desk, &staff, &one, &sign).await.map_err(invalid("file")).unwrap_err();
        let one = step(&desk, &staff, &one, &signed()).await.unwrap();
        let before = DocumentChange::Deliver { how: Way::Hand, day: day("2026-11-01"), proof: pdf("x") };
        step(&desk, &staff, &one, &before).await.map_err(invalid("day")).unwrap_err();
        // What was numbered keeps its text, whoever asks.
        assert!(place.raw("UPDATE document SET letter = 'x', version = version + 1 WHERE number IS NOT NULL").await.is_err());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn where_the_unit_wants_it_somebody_else_approves() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let head = base::Scope { actor: base::Actor("u-head".into()), ..staff.clone() };
        switch(&desk, HA_DONG, false, true).await;
        let draft = desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap();
        assert_eq!(step(&desk, &staff, &draft, &docx()).await.unwrap_err(), REFUSED(DocumentRefusal::SamePerson));
        assert_eq!(step(&desk, &head, &draft, &docx()).await.unwrap().approved_by.as_deref(), Some("u-head"));
        place.remove(desk).await;
    }
}
