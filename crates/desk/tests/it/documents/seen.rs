//! Who sees and changes a document.

use base::{Purpose, Role, Scope};
use desk::{CaseUnit, DeskError, DocumentQuery, DocumentRefusal, DocumentState, PageAt, Permission};

use super::{docx, notice, number, sent, step};
use crate::support::{HA_DONG, HOAN_KIEM, Place, city_officer, commune_staff};

#[tokio::test]
async fn documents_are_seen_by_area_and_changed_by_their_unit() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (staff, other, city) = (commune_staff(HA_DONG), commune_staff(HOAN_KIEM), city_officer());
        let own = desk.draft_document(&staff, notice(1, HA_DONG), "form-draft-1").await.unwrap();
        let wages = desk::NewDocument { office: CaseUnit::InsuranceOffice, ..notice(2, HA_DONG) };
        let hidden = desk.draft_document(&city, wages.clone(), "form-draft-2").await.unwrap();
        let missing = DeskError::NotFound { kind: "document" };
        assert_eq!(desk.document(&other, &own.id).await.unwrap_err(), missing);
        assert_eq!(desk.document(&staff, &hidden.id).await.unwrap_err(), missing, "about employees");
        assert_eq!(desk.document_files(&other, &own.id).await.unwrap_err(), missing);
        assert_eq!(desk.document_history(&other, &own.id).await.unwrap_err(), missing);
        assert_eq!(step(&desk, &other, &own, &docx()).await.unwrap_err(), missing);
        let draft = desk.draft_document(&city, notice(4, HA_DONG), "form-draft-4").await.unwrap();
        assert_eq!(step(&desk, &staff, &draft, &docx()).await.unwrap_err(), missing, "a draft of another unit");
        // The agency sees the commune's letter, so that nobody is written to twice, and leaves it alone.
        let not_yours = DeskError::DocumentRefused { why: DocumentRefusal::NotYourUnit };
        assert_eq!(step(&desk, &city, &own, &docx()).await.unwrap_err(), not_yours);
        assert_eq!(desk.documents_of(&city, base::SubjectKind::Person, 1).await.unwrap(), std::slice::from_ref(&own));
        // A commune drafts nothing about employees, nor about people of elsewhere, nor by a form of elsewhere.
        assert_eq!(desk.draft_document(&staff, wages, "form-draft-3").await.unwrap_err(), missing);
        assert_eq!(desk.draft_document(&staff, notice(3, HOAN_KIEM), "form-draft-3").await.unwrap_err(), missing);
        let reused = desk.draft_document(&other, notice(3, HOAN_KIEM), "form-draft-1").await.unwrap_err();
        assert_eq!(reused, DeskError::ClientTxReused);
        let page = desk.documents(&staff, &DocumentQuery::default(), &PageAt::First, 50).await.unwrap();
        assert_eq!((page.count, page.rows.as_slice()), (1, std::slice::from_ref(&own)));
        for (role, purpose) in [(Role::Administrator, Purpose::Operation), (Role::CityOfficer, Purpose::Statistics)] {
            let scope = Scope { role, purpose, ..city_officer() };
            let refused = desk.documents(&scope, &DocumentQuery::default(), &PageAt::First, 50).await.unwrap_err();
            assert_eq!(refused, DeskError::Forbidden { permission: Permission::PrepareDocuments });
        }
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_list_is_paged_and_its_counts_are_those_of_its_states() {
    for place in Place::all().await {
        let desk = place.open().await;
        let city = city_officer();
        let mut made = Vec::new();
        for subject in 0..7 {
            let form = format!("form-draft-{subject}");
            made.push(desk.draft_document(&city, notice(subject, HA_DONG), &form).await.unwrap());
        }
        step(&desk, &city, &made[3], &docx()).await.unwrap();
        let drafts = DocumentQuery { state: Some(DocumentState::Draft), own: true, ..DocumentQuery::default() };
        let (mut seen, mut at) = (Vec::new(), PageAt::First);
        loop {
            let page = desk.documents(&city, &drafts, &at, 4).await.unwrap();
            assert_eq!(page.count, 6);
            let count = |state| page.counts.iter().find(|(known, _)| *known == state).unwrap().1;
            assert_eq!((count(DocumentState::Draft), count(DocumentState::Approved), count(DocumentState::Sent)), (6, 1, 0));
            seen.extend(page.rows.iter().map(|document| document.subject));
            if !page.has_next {
                let first = desk::DocumentPage::place(&page.rows[0]);
                let back = desk.documents(&city, &drafts, &PageAt::Before(first), 4).await.unwrap();
                assert_eq!(back.rows.iter().map(|document| document.subject).collect::<Vec<_>>(), seen[..4]);
                break;
            }
            at = PageAt::After(desk::DocumentPage::place(page.rows.last().unwrap()));
        }
        assert_eq!(seen, [6, 5, 4, 2, 1, 0]);
        place.remove(desk).await;
    }
}

/// What somebody sees of a document: in the list of all units, in its counts, by its id with history and files, and beside its subject.
/// All of them agree.
async fn sees(desk: &desk::Desk, scope: &Scope, document: &desk::Document) -> bool {
    let page = desk.documents(scope, &DocumentQuery::default(), &PageAt::First, 50).await.unwrap();
    let listed = page.rows.iter().any(|row| row.id == document.id);
    assert_eq!(page.count, page.rows.len() as i64, "the count is that of the rows");
    assert_eq!(page.counts.iter().map(|(_, n)| n).sum::<i64>(), page.count);
    let opened = desk.document(scope, &document.id).await.is_ok();
    let beside = desk.documents_of(scope, base::SubjectKind::Person, document.subject).await.unwrap();
    let answers = [
        opened,
        desk.document_history(scope, &document.id).await.is_ok(),
        desk.document_files(scope, &document.id).await.is_ok(),
        beside.iter().any(|row| row.id == document.id),
    ];
    assert_eq!(answers, [listed; 4], "{:?} {:?}", scope.role, document.state);
    listed
}

#[tokio::test]
async fn drafts_are_their_units_until_their_content_is_approved() {
    for place in Place::all().await {
        let desk = place.open().await;
        let (city, base, staff) = (city_officer(), crate::cases::base_officer(), commune_staff(HA_DONG));
        let colleague = Scope { actor: base::Actor("u-09556-2".into()), ..commune_staff(HA_DONG) };
        let elsewhere = commune_staff(HOAN_KIEM);
        // Of every unit about the same commune: who sees the draft of whom.
        for (n, issuer) in [&staff, &base, &city].into_iter().enumerate() {
            let subject = 10 + n as i64;
            let draft = desk.draft_document(issuer, notice(subject, HA_DONG), &format!("form-sight-{n}")).await.unwrap();
            let seen = async |document: &desk::Document| {
                let mut seen = Vec::new();
                for scope in [&staff, &colleague, &base, &city, &elsewhere] {
                    seen.push(sees(&desk, scope, document).await);
                }
                seen
            };
            let of_commune = issuer.unit == staff.unit;
            let hidden = [of_commune, of_commune, issuer.unit == base.unit, true, false];
            let shown = [true, true, true, true, false];
            assert_eq!(seen(&draft).await, hidden, "a draft of {}", issuer.unit);
            let approved = step(&desk, issuer, &draft, &docx()).await.unwrap();
            assert_eq!(seen(&approved).await, shown, "its content was approved");
            let back = desk::DocumentChange::Return { reason: "Sai tên trường".into() };
            let returned = step(&desk, issuer, &approved, &back).await.unwrap();
            assert_eq!(seen(&returned).await, hidden, "given back to be mended");
            let up = desk::DocumentChange::Withdraw { reason: "Không cần nữa".into() };
            let given_up = step(&desk, issuer, &returned, &up).await.unwrap();
            assert_eq!(seen(&given_up).await, hidden, "given up before it had a number");
        }
        // What had a number stays known, recalled or not.
        let numbered = sent(&desk, &staff, 20).await;
        let numbered = step(&desk, &staff, &numbered, &number("15", "2026-11-01")).await.unwrap();
        assert!(sees(&desk, &base, &numbered).await);
        let recalled = desk::DocumentChange::Withdraw { reason: "Thu hồi".into() };
        let recalled = step(&desk, &staff, &numbered, &recalled).await.unwrap();
        assert!(sees(&desk, &base, &recalled).await);
        place.remove(desk).await;
    }
}
