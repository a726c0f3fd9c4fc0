//! What the log tells of people beyond their own pages: documents, visits, lists handed to collectors.

use std::collections::BTreeSet;

use base::{Role, Scope};
use desk::{ActionKind, AuditAction, Desk, ReadEvent, Unit, UnitKind, User};

use crate::collectors::handed;
use crate::documents::notice;
use crate::requests::{breach, protection};
use crate::review::{HOSPITAL, opened, opening, review};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, code, commune_staff};

/// One look of each kind: at documents about 7, at the visit 11, at a list that 12 stood in, at 13 in an emergency.
async fn looks(desk: &Desk) {
    let (staff, city) = (commune_staff(HA_DONG), city_officer());
    let read = |action, kind: &'static str, id: &str| ReadEvent::new(action, kind).object(id);
    let letter = desk.draft_document(&staff, notice(7, HA_DONG), "form-looks-1").await.unwrap();
    desk.audit_read(&staff, read(AuditAction::ViewDocument, "document", &letter.id)).await.unwrap();
    let (case, _) = opened(desk, review(11, HOSPITAL)).await;
    desk.audit_read(&city, read(AuditAction::ViewReview, "review", "V11")).await.unwrap();
    desk.audit_read(&city, read(AuditAction::ViewReview, "review", &case.id)).await.unwrap();
    let why = "Đối chiếu thuốc với chỉ định của vụ việc";
    desk.open_protected(&city, opening(11, why, "looks-prot-1")).await.unwrap();
    let list = handed(desk, 12).await;
    desk.audit_read(&city, read(AuditAction::Export, "collector_list", &list.id)).await.unwrap();
    let glass = desk::NewBreakGlass {
        person: 13,
        commune: Some(code(HOAN_KIEM)),
        reason: "Bệnh viện hỏi thẻ của người cấp cứu".into(),
        client_tx: "looks-glass-1".into(),
    };
    // Who opens somebody in an emergency is a user.
    let unit = Unit { id: HA_DONG.into(), name: "Phường Hà Đông".into(), kind: UnitKind::Other, parent: None };
    desk.put_unit(&Scope::system(), &unit).await.unwrap();
    let user = User {
        id: staff.actor.0.clone(),
        label: "An".into(),
        role: Role::CommuneStaff,
        unit: HA_DONG.into(),
        area: staff.area.clone(),
        active: true,
        valid_from: None,
        valid_to: None,
    };
    desk.put_user(&Scope::system(), &user).await.unwrap();
    desk.break_glass(&staff, glass).await.unwrap();
}

/// A breach of everybody's sessions reaches every event that shows people, whatever its action; who they are is told where the store knows,
/// and of the others that it is not known.
#[tokio::test]
async fn every_action_that_shows_people_is_in_the_reach_of_a_breach() {
    for place in Place::all().await {
        let desk = place.open().await;
        looks(&desk).await;
        let city = city_officer();
        // Of these nobody is named: lists, searches, files.
        let unnamed: BTreeSet<&str> =
            AuditAction::showing_people().filter(|action| action.kind() != ActionKind::Change).map(AuditAction::as_str).collect();
        for action in AuditAction::showing_people().filter(|action| action.kind() != ActionKind::Change) {
            desk.audit_read(&city, ReadEvent::new(action, "list").count("rows", 3)).await.unwrap();
        }
        let found = desk.report_breach(&protection(), breach(7, None)).await.unwrap();
        let (_, reach) = desk.breach_reach(&protection(), &found.id).await.unwrap();

        let words: Vec<String> = AuditAction::showing_people().map(|action| format!("'{}'", action.as_str())).collect();
        for word in &words {
            let of = format!("SELECT count(*) FROM audit_event WHERE action = {word}");
            assert!(place.number(&of).await > 0, "the test has no event {word}");
        }
        let of = format!("SELECT count(*) FROM audit_event WHERE action IN ({})", words.join(", "));
        assert_eq!(reach.events, place.number(&of).await, "none is left out");
        assert!(!reach.more);
        // The letter was drafted and opened, 12 was handed over and taken out, 13 was opened in an emergency.
        assert_eq!(reach.people, [(7, 2), (12, 2), (13, 1)].into());
        assert_eq!(reach.visits, [(11, 3)].into(), "by its number, by its case, and what of it is protected");
        assert_eq!(reach.handed, [("thu-a".to_owned(), 2)].into(), "to whom it was handed");
        let rows: BTreeSet<&str> = reach.rows.iter().map(|row| row.action.as_str()).collect();
        assert_eq!(rows, unnamed, "of these the people are not known, and that is told");
        assert_eq!(reach.rows.len(), unnamed.len());

        let staff = format!("u-{HA_DONG}");
        let readers: Vec<(&str, i64)> = reach.readers.iter().map(|reader| (reader.actor.as_str(), reader.events)).collect();
        assert_eq!(readers, [(staff.as_str(), 3), ("u-city", 5)], "everybody who saw these people, whatever they opened");
        place.remove(desk).await;
    }
}

/// A breach about one person or one visit is told by all that is about them.
#[tokio::test]
async fn a_breach_about_one_person_knows_their_documents_and_lists() {
    for place in Place::all().await {
        let desk = place.open().await;
        looks(&desk).await;
        let about = |n: usize, object: &str| desk::NewBreach { object_id: Some(object.into()), ..breach(n, None) };
        for (n, object, events) in [(1, "P7", 2), (2, "P12", 2), (3, "V11", 3)] {
            let found = desk.report_breach(&protection(), about(n, object)).await.unwrap();
            let (_, reach) = desk.breach_reach(&protection(), &found.id).await.unwrap();
            assert_eq!((reach.events, reach.rows.len()), (events, 0), "{object}");
        }
        place.remove(desk).await;
    }
}

/// Who asks is told of a look of each kind: page, document, visit, list handed to a private party (which is named), emergency.
#[tokio::test]
async fn who_looked_is_told_of_documents_visits_and_lists_handed_over() {
    for place in Place::all().await {
        let desk = place.open().await;
        looks(&desk).await;
        let dpo = protection();
        let told = async |person: i64, visits: &[i64]| {
            let visits: BTreeSet<i64> = visits.iter().copied().collect();
            let told = desk.who_looked(&dpo, person, &visits, 0).await.unwrap();
            let look = |look: desk::Look| (look.action, look.object_kind, look.handed_to);
            // The newest one is this question itself.
            let mut looks: Vec<_> = told.looks.into_iter().map(look).collect();
            assert_eq!(looks.remove(0).0, "read_audit");
            looks
        };
        let plain = |action: &str, kind: &str| (action.to_owned(), kind.to_owned(), None::<String>);
        let to = |action: &str| (action.to_owned(), "collector_list".to_owned(), Some("thu-a".to_owned()));
        assert_eq!(told(7, &[]).await, [plain("view_document", "document"), plain("draft_document", "document")]);
        assert_eq!(told(12, &[]).await, [to("export"), to("hand_over_cases")], "and to which organisation");
        assert_eq!(told(13, &[]).await, [plain("break_glass", "person")]);
        assert!(told(14, &[]).await.is_empty(), "nobody looked at them");
        let visit = told(15, &[11]).await;
        let seen: Vec<(&str, &str)> = visit.iter().map(|(action, kind, _)| (action.as_str(), kind.as_str())).collect();
        let audit = [("view_review", "review"), ("view_review", "review"), ("open_reviews", "review")];
        assert_eq!(seen, [&[("open_protected", "visit")], &audit[..]].concat());
        place.remove(desk).await;
    }
}
