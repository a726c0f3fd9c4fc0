//! Own numbers: only where switched on, without gaps, never one for two.

use std::collections::BTreeSet;

use base::{Actor, Scope};
use desk::{DeskError, DocumentChange, DocumentRefusal, DocumentSetting};

use super::{notice, number, sent, step, switch, today};
use crate::support::{HA_DONG, HOAN_KIEM, Place, commune_staff};

#[tokio::test]
async fn a_unit_numbers_its_documents_only_where_it_switched_it_on() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        let document = sent(&desk, &staff, 1).await;
        let refused = step(&desk, &staff, &document, &DocumentChange::OwnNumber).await.unwrap_err();
        assert_eq!(refused, DeskError::DocumentRefused { why: DocumentRefusal::NoOwnNumbers });
        // Numbers that the document office gave before are not given again.
        let before = sent(&desk, &staff, 2).await;
        step(&desk, &staff, &before, &number("41b", "2026-10-30")).await.unwrap();
        switch(&desk, HA_DONG, true, false).await;
        let numbered = step(&desk, &staff, &document, &DocumentChange::OwnNumber).await.unwrap();
        assert_eq!(numbered.number, Some(("42".into(), today())));
        // Another unit has its own row of numbers.
        switch(&desk, HOAN_KIEM, true, false).await;
        let other = commune_staff(HOAN_KIEM);
        let theirs = sent(&desk, &other, 3).await;
        assert_eq!(step(&desk, &other, &theirs, &DocumentChange::OwnNumber).await.unwrap().number, Some(("1".into(), today())));
        // Switched by who manages units, and not from a page that is out of date.
        let setting = DocumentSetting { unit: HA_DONG.into(), own_numbers: false, second_person: false, version: 0 };
        assert!(matches!(desk.set_document_setting(&staff, &setting).await, Err(DeskError::Forbidden { .. })));
        let stale = desk.set_document_setting(&Scope::system(), &setting).await.unwrap_err();
        assert_eq!(stale, DeskError::DocumentRefused { why: DocumentRefusal::Stale });
        place.remove(desk).await;
    }
}

/// Twelve at once get twelve numbers from 1 to 12; what was refused leaves no gap.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn numbers_have_no_gap_and_no_double_when_many_ask_at_once() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        switch(&desk, HA_DONG, true, false).await;
        let mut waiting = Vec::new();
        for subject in 0..12 {
            waiting.push(sent(&desk, &staff, subject).await);
        }
        let asked = waiting.into_iter().enumerate().map(|(n, document)| {
            let (desk, clerk) = (desk.clone(), Scope { actor: Actor(format!("u-{n}")), ..commune_staff(HA_DONG) });
            tokio::spawn(async move {
                // One in three asks with a version that is out of date, and is refused in between.
                if n % 3 == 0 {
                    let stale = desk.change_document(&clerk, &document.id, 1, &DocumentChange::OwnNumber, today(), "form-stale");
                    assert!(stale.await.is_err());
                }
                step(&desk, &clerk, &document, &DocumentChange::OwnNumber).await.unwrap().number.unwrap().0
            })
        });
        let mut given = BTreeSet::new();
        for number in futures::future::join_all(asked).await {
            assert!(given.insert(number.unwrap().parse::<i64>().unwrap()), "one number for two");
        }
        assert_eq!(given, (1..=12).collect());
        place.remove(desk).await;
    }
}

/// Two clerks send at once: one package has everything, nothing is sent twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_who_send_at_once_send_nothing_twice() {
    for place in Place::all().await {
        let desk = place.open().await;
        let staff = commune_staff(HA_DONG);
        for subject in 0..5 {
            let draft = desk.draft_document(&staff, notice(subject, HA_DONG), &format!("form-new-{subject}")).await.unwrap();
            step(&desk, &staff, &draft, &super::docx()).await.unwrap();
        }
        let send = |n: usize| {
            let (desk, clerk) = (desk.clone(), Scope { actor: Actor(format!("u-{n}")), ..commune_staff(HA_DONG) });
            tokio::spawn(async move { desk.send_documents(&clerk, &format!("form-send-{n}")).await.unwrap() })
        };
        let sent = futures::future::join_all((0..4).map(send)).await;
        let packages: Vec<_> = sent.into_iter().filter_map(|sent| sent.unwrap()).collect();
        assert_eq!(packages.iter().map(|package| package.documents).collect::<Vec<_>>(), [5]);
        assert_eq!(place.number("SELECT count(*) FROM document_event WHERE what = 'sent'").await, 5);
        place.remove(desk).await;
    }
}
