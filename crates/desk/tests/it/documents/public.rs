//! What the public learns from a verification number.

use desk::{DocumentChange, DocumentState, SignatureVerdict};

use super::{number, sent, signed, step};
use crate::support::{HA_DONG, Place, commune_staff};

#[tokio::test]
async fn a_number_tells_of_a_signed_document_and_of_nothing_else() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let document = sent(&desk, &staff, 1).await;
        let code = document.check_code.clone();
        assert_eq!(desk.verify_document(&code).await.unwrap(), None, "not signed yet");
        let document = step(&desk, &staff, &document, &number("5", "2026-11-01")).await.unwrap();
        assert_eq!(desk.verify_document(&code).await.unwrap(), None, "numbered is not signed");
        let document = step(&desk, &staff, &document, &signed()).await.unwrap();
        let typed = format!("{} {}", code[..5].to_lowercase(), &code[5..]);
        let told = desk.verify_document(&typed).await.unwrap().unwrap();
        assert_eq!((told.number.as_str(), told.recipient.as_str()), ("05/TB-UBND", "T… T… M…"));
        assert_eq!((told.state, told.signature), (DocumentState::Signed, SignatureVerdict::Good));
        let written = serde_json::to_string(&told).unwrap();
        assert!(!written.contains("Trần") && !written.contains(&document.id), "{written}");
        for unknown in
            ["", "A", "23456789ABCDEFGHJKMN", &code[..19], &format!("{code}2"), &document.id, "1'; DROP TABLE document"]
        {
            assert_eq!(desk.verify_document(unknown).await.unwrap(), None, "{unknown}");
        }
        step(&desk, &staff, &document, &DocumentChange::Withdraw { reason: "Ban hành nhầm".into() }).await.unwrap();
        assert_eq!(desk.verify_document(&code).await.unwrap().unwrap().state, DocumentState::Withdrawn);
        // Each question left an event, without the number.
        assert_eq!(place.number("SELECT count(*) FROM audit_event WHERE action = 'verify_document'").await, 11);
        let held = format!("SELECT count(*) FROM audit_event WHERE detail LIKE '%{code}%' OR object_id LIKE '%{code}%'");
        assert_eq!(place.number(&held).await, 0);
        place.remove(desk).await;
    }
}
