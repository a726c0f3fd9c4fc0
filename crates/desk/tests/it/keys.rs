//! Values are sealed with keys outside the store: moved, changed or without the key they do not open; a new key is put to use.

use std::path::Path;
use std::sync::Arc;

use base::Explain;
use desk::{AuditAction, Desk, DeskError, KeyRing, ReadEvent, SeededIds, To};

use crate::support::{HA_DONG, Place, city_officer, ticking};

const FILE: &[u8] = b"%PDF-1.7 \x01\x02 \xff the file of a person";

async fn open(place: &Place, seed: u64, keys: Option<&Path>) -> Desk {
    let keys = keys.map(|path| KeyRing::load(path).unwrap());
    Desk::open_with_keys(&place.url, ticking(), Arc::new(SeededIds::new(seed)), keys).await.unwrap()
}

/// A case with a file; gives both ids.
async fn attached(desk: &Desk, n: i64) -> (String, String) {
    crate::cases::put_users(desk).await;
    let officer = city_officer();
    let new = vec![crate::cases::poor(n, HA_DONG)];
    let opened = desk.open_cases(&officer, new, &To::Unit, &format!("form-open-{n}")).await.unwrap();
    let case = opened.cases[0].id.clone();
    let file = desk::NewFile { name: "Đơn.pdf".into(), bytes: FILE.to_vec() };
    let file = desk.attach(&officer, &case, file, &format!("form-file-{n}")).await.unwrap();
    (case, file.id)
}

fn key_file(folder: &Path, name: &str, random: u8) -> std::path::PathBuf {
    let path = folder.join(name);
    KeyRing::add(&path, [random; 32]).unwrap();
    path
}

#[tokio::test]
async fn a_sealed_file_opens_with_its_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, Some(&keys)).await;
        let (case, file) = attached(&desk, 7).await;
        assert_eq!(desk.case_file(&city_officer(), &case, &file).await.unwrap().1, FILE);
        // Nothing of it lies in the store.
        let found = if place.is_postgres() {
            place.number("SELECT count(*) FROM case_file WHERE position('%PDF'::bytea in content) > 0").await
        } else {
            place.number("SELECT count(*) FROM case_file WHERE instr(content, CAST('%PDF' AS BLOB)) > 0").await
        };
        assert_eq!(found, 0, "the file lies open in the store");
        assert_eq!(desk.check_keys().await.unwrap().data_keys, 1);
        desk.close().await;

        let without = open(&place, 2, None).await;
        let error = without.case_file(&city_officer(), &case, &file).await.unwrap_err();
        assert!(matches!(error, DeskError::KeyMissing { .. }), "{error:?}");
        assert!(error.remedy().contains("--keys"), "{}", error.remedy());
        assert_eq!(without.check_keys().await.unwrap().lost, 1);
        without.close().await;
        let other = key_file(folder.path(), &format!("other-{}", place.is_postgres()), 9);
        let wrong = open(&place, 3, Some(&other)).await;
        assert!(matches!(wrong.case_file(&city_officer(), &case, &file).await, Err(DeskError::KeyMissing { .. })));
        place.remove(wrong).await;
    }
}

#[tokio::test]
async fn what_is_written_about_a_case_lies_sealed() {
    const WORDS: &str = "Gia đình đi vắng, hẹn tuần sau";
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, None).await;
        let (case, _) = attached(&desk, 7).await;
        desk.comment_case(&city_officer(), &case, "Viết khi chưa có khóa", "form-word-1").await.unwrap();
        desk.close().await;
        let desk = open(&place, 2, Some(&keys)).await;
        desk.comment_case(&city_officer(), &case, WORDS, "form-word-2").await.unwrap();
        // Sent twice it is known by its words, although they lie sealed; with other words its number is refused.
        desk.comment_case(&city_officer(), &case, WORDS, "form-word-2").await.unwrap();
        let other = desk.comment_case(&city_officer(), &case, "Nội dung khác", "form-word-2").await;
        assert_eq!(other, Err(DeskError::ClientTxReused));
        let open_words = place.number("SELECT count(*) FROM case_event WHERE reason LIKE '%hẹn tuần sau%'").await;
        assert_eq!(open_words, 0, "the comment lies open in the store");
        let history = desk.case_history(&city_officer(), &case).await.unwrap();
        // Both are of one moment, so their order says nothing.
        let mut told: Vec<&str> = history.iter().filter_map(|event| event.reason.as_deref()).collect();
        told.sort_unstable();
        assert_eq!(told, [WORDS, "Viết khi chưa có khóa"]);
        desk.close().await;
        let without = open(&place, 3, None).await;
        let error = without.case_history(&city_officer(), &case).await.unwrap_err();
        assert!(matches!(error, DeskError::KeyMissing { .. }), "{error:?}");
        place.remove(without).await;
    }
}

#[test]
fn the_book_has_keys_of_its_own_under_the_same_ids() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path(), "keys", 1);
    let old = KeyRing::load(&path).unwrap().for_book();
    let id = KeyRing::add(&path, [2; 32]).unwrap();
    let both = KeyRing::load(&path).unwrap().for_book();
    assert!(both.id() == id && both.has(old.id()) && old.id() != id, "{both:?}");
    // What names a content is derived from the key: it is not the key of the file itself.
    let itself = vault::Keys::new(vec![(old.id().to_owned(), [1; 32])]).unwrap();
    assert_ne!(old.mark("a"), itself.mark("a"));
}

#[tokio::test]
async fn what_a_job_is_to_do_lies_sealed_and_leaves_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, Some(&keys)).await;
        crate::cases::put_users(&desk).await;
        let officer = crate::cases::base_officer();
        let new = (0..3).map(|n| crate::cases::poor(n, HA_DONG)).collect();
        let cases = desk.open_cases(&officer, new, &To::Unit, "form-open-1").await.unwrap().cases;
        let sheet = desk::NewSheet { rows: vec![crate::cases::sheet_row(&cases[0])], ..Default::default() };
        desk.start_sheet(&officer, &sheet, crate::cases::today(), "form-sheet-1").await.unwrap();
        let until = crate::cases::day("2026-11-20");
        let later = desk::Change::Snooze { until, reason: "Gia đình có Giấy báo tử".into() };
        let query = desk::CaseQuery::of(desk::Queue::Unassigned, crate::cases::today());
        desk.start_bulk(&officer, &query, &later, 3, "form-bulk-1").await.unwrap();
        let open_words = "SELECT (SELECT count(*) FROM job WHERE payload LIKE '%báo tử%') \
                          + (SELECT count(*) FROM case_sheet_part WHERE changes LIKE '%báo tử%')";
        assert_eq!(place.number(open_words).await, 0, "words lie open in the store");
        for _ in 0..2 {
            let done = desk.work(&crate::cases::allowed()).await.unwrap().unwrap();
            assert_eq!(done.failed, None);
        }
        assert_eq!(place.number("SELECT count(*) FROM work_case WHERE state IN ('snoozed', 'done')").await, 3);
        let kept =
            "SELECT (SELECT count(*) FROM job WHERE payload <> '') + (SELECT count(*) FROM case_sheet_part WHERE changes <> '')";
        assert_eq!(place.number(kept).await, 0, "what was done is not kept a second time");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_facilitys_proof_lies_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, Some(&keys)).await;
        let (case, _) = crate::review::sent_case(&desk, 11, crate::review::HOSPITAL).await;
        let hospital = crate::review::staff(crate::review::HOSPITAL);
        let file = desk::NewFile { name: "Hội chẩn.pdf".into(), bytes: FILE.to_vec() };
        let file = desk.attach_review(&hospital, &case.id, desk::ReviewFileKind::Proof, file, "form-proof-1").await.unwrap();
        assert_eq!(desk.review_file(&city_officer(), &case.id, &file.id).await.unwrap().1, FILE);
        let found = if place.is_postgres() {
            place.number("SELECT count(*) FROM review_file WHERE position('%PDF'::bytea in content) > 0").await
        } else {
            place.number("SELECT count(*) FROM review_file WHERE instr(content, CAST('%PDF' AS BLOB)) > 0").await
        };
        assert_eq!(found, 0, "the file lies open in the store");
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn the_letter_and_the_recipient_of_a_document_lie_sealed_and_are_shown_as_written() {
    use crate::documents::{docx, notice, step};
    use crate::support::commune_staff;
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, Some(&keys)).await;
        let staff = commune_staff(HA_DONG);
        let draft = desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap();
        assert_eq!(draft.recipient, "Trần Thị Mẫu");
        assert_eq!(desk.draft_document(&staff, notice(7, HA_DONG), "form-draft-1").await.unwrap(), draft, "sent twice");
        let edit = desk::DocumentChange::Edit { letter: "{\"body\":[\"Kính gửi bà Mẫu\"]}".into() };
        let edited = step(&desk, &staff, &draft, &edit).await.unwrap();
        assert!(edited.letter.contains("Mẫu"));
        // Lists, pages, letters about somebody and packages show what was written.
        let listed = desk.documents(&staff, &desk::DocumentQuery::default(), &desk::PageAt::First, 50).await.unwrap();
        assert_eq!(listed.rows, std::slice::from_ref(&edited));
        assert_eq!(desk.documents_of(&staff, base::SubjectKind::Person, 7).await.unwrap(), std::slice::from_ref(&edited));
        step(&desk, &staff, &edited, &docx()).await.unwrap();
        let package = desk.send_documents(&staff, "form-send-1").await.unwrap().unwrap();
        let sent = desk.document_package(&staff, &package.id).await.unwrap().remove(0).0;
        assert_eq!((&sent.letter, &sent.recipient), (&edited.letter, &edited.recipient));
        // Nothing of it lies in the store.
        let open_words =
            "SELECT count(*) FROM document WHERE recipient LIKE '%Mẫu%' OR letter LIKE '%Mẫu%' OR letter LIKE '%body%'";
        assert_eq!(place.number(open_words).await, 0, "the letter lies open in the store");
        desk.close().await;
        let without = self::open(&place, 2, None).await;
        assert!(matches!(without.document(&staff, &draft.id).await, Err(DeskError::KeyMissing { .. })));
        place.remove(without).await;
    }
}

#[tokio::test]
async fn what_was_stored_before_there_was_a_key_stays_readable() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, None).await;
        let (case, file) = attached(&desk, 7).await;
        assert!(matches!(desk.rotate_keys().await, Err(DeskError::NoKeys)));
        desk.close().await;
        let desk = open(&place, 2, Some(&keys)).await;
        assert_eq!(desk.case_file(&city_officer(), &case, &file).await.unwrap().1, FILE);
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_new_key_wraps_every_data_key_and_the_old_one_may_go() {
    let folder = tempfile::tempdir().unwrap();
    for place in Place::all().await {
        let keys = key_file(folder.path(), &format!("keys-{}", place.is_postgres()), 1);
        let desk = open(&place, 1, Some(&keys)).await;
        let (case, file) = attached(&desk, 7).await;
        desk.close().await;
        KeyRing::add(&keys, [2; 32]).unwrap();
        let desk = open(&place, 2, Some(&keys)).await;
        assert_eq!(desk.check_keys().await.unwrap().older, 1);
        assert_eq!(desk.rotate_keys().await.unwrap(), 1);
        assert_eq!(desk.rotate_keys().await.unwrap(), 0, "again there is nothing to wrap");
        desk.close().await;
        let new_alone = key_file(folder.path(), &format!("new-{}", place.is_postgres()), 2);
        let desk = open(&place, 3, Some(&new_alone)).await;
        assert_eq!(desk.case_file(&city_officer(), &case, &file).await.unwrap().1, FILE);
        assert!(desk.verify_audit().await.unwrap().is_whole());
        place.remove(desk).await;
    }
}

#[tokio::test]
async fn a_sealed_value_does_not_open_in_another_row_or_without_its_data_key() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    let place = Place::sqlite();
    let desk = open(&place, 1, Some(&keys)).await;
    let (case, first) = attached(&desk, 7).await;
    let other = desk::NewFile { name: "Khác.pdf".into(), bytes: b"%PDF-1.7 khac".to_vec() };
    let second = desk.attach(&city_officer(), &case, other, "form-file-other").await.unwrap().id;
    place.disarm("case_file").await;
    let moved =
        format!("UPDATE case_file SET content = (SELECT content FROM case_file WHERE id = '{first}') WHERE id = '{second}'");
    place.raw(&moved).await.unwrap();
    let moved = desk.case_file(&city_officer(), &case, &second).await.unwrap_err();
    assert!(matches!(moved, DeskError::Damaged { table: "data_key", .. }), "{moved:?}");
    place.raw("DELETE FROM data_key").await.unwrap();
    let erased = desk.case_file(&city_officer(), &case, &first).await.unwrap_err();
    assert!(erased.to_string().contains("erased"), "{erased}");
    place.remove(desk).await;
}

#[tokio::test]
async fn a_backup_is_sealed_and_opens_with_the_key_alone() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    let place = Place::sqlite();
    let desk = open(&place, 1, Some(&keys)).await;
    let (case, file) = attached(&desk, 7).await;
    for n in 0..400 {
        let event = ReadEvent::new(AuditAction::ViewRows, "batch").object(format!("pupils-{n:08}x")).count("rows", 100);
        desk.audit_read(&city_officer(), event).await.unwrap();
    }
    let path = folder.path().join("backup");
    let report = desk.backup(&path).await.unwrap();
    desk.close().await;
    let bytes = std::fs::read(&path).unwrap();
    assert!(bytes.starts_with(b"An Sinh sealed desk backup 1\n"));
    assert!(bytes.len() > 100_000, "more than one chunk");
    for open in [&b"audit_event"[..], b"u-city"] {
        assert!(!bytes.windows(open.len()).any(|window| window == open), "the backup lies open");
    }
    let restore = |name: &str, path: std::path::PathBuf, keys: Option<KeyRing>| {
        let place = folder.path().join(name).display().to_string();
        async move { Desk::restore_with_keys(&place, ticking(), Arc::new(SeededIds::new(5)), &path, keys).await }
    };
    let ring = || Some(KeyRing::load(&keys).unwrap());
    let Err(error) = restore("none.sqlite", path.clone(), None).await else { panic!("opened without a key") };
    assert!(matches!(error, DeskError::KeyMissing { .. }), "{error:?}");
    let mut turned = bytes.clone();
    let middle = turned.len() / 2;
    turned[middle] ^= 1;
    for (name, damaged) in [("cut", &bytes[..bytes.len() - 1]), ("half", &bytes[..middle]), ("turned", &turned[..])] {
        let file = folder.path().join(name);
        std::fs::write(&file, damaged).unwrap();
        let Err(error) = restore(&format!("{name}.sqlite"), file, ring()).await else { panic!("{name} was restored") };
        assert!(matches!(error, DeskError::Backup { .. }), "{name}: {error:?}");
    }
    let (desk, restored) = restore("good.sqlite", path, ring()).await.unwrap();
    assert_eq!(restored.content, report.content);
    assert_eq!(desk.case_file(&city_officer(), &case, &file).await.unwrap().1, FILE);
    desk.close().await;
}

#[test]
fn a_key_file_that_others_may_read_or_that_is_damaged_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = key_file(folder.path(), "keys", 3);
    assert!(!format!("{:?}", KeyRing::load(&path).unwrap()).contains("0303"), "nothing of a key is shown");
    let mode = |path: &Path, mode: u32| {
        #[cfg(unix)]
        std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    };
    let said = |text: &str| {
        let path = folder.path().join("other");
        std::fs::write(&path, text).unwrap();
        mode(&path, 0o600);
        KeyRing::load(&path).unwrap_err().to_string()
    };
    assert!(said("").contains("no key") && said("# nothing\n").contains("no key"));
    assert!(said("key k1 zz").contains("hexadecimal") && said("key k1 00ff").contains("64"));
    assert!(said(&format!("key k000000000000 {}", "07".repeat(32))).contains("do not agree"));
    assert!(said("0000").contains("form"));
    if cfg!(unix) {
        mode(&path, 0o644);
        assert!(KeyRing::load(&path).unwrap_err().to_string().contains("chmod 600"));
    }
    assert!(matches!(KeyRing::load(&folder.path().join("nowhere")), Err(DeskError::KeyFile { .. })));
}

#[tokio::test]
async fn what_people_ask_and_what_schools_tell_lies_sealed() {
    let folder = tempfile::tempdir().unwrap();
    let keys = key_file(folder.path(), "keys", 1);
    for place in Place::all().await {
        let desk = open(&place, 1, Some(&keys)).await;
        let dpo = base::Scope { role: base::Role::DataProtection, ..city_officer() };
        let made = desk.receive_request(&dpo, crate::requests::request(1)).await.unwrap();
        let again = desk.receive_request(&dpo, crate::requests::request(1)).await;
        assert_eq!(again, Ok(made.clone()), "the same form again");
        let staff = crate::support::commune_staff(HA_DONG);
        let answers = crate::schools::answers(1, HA_DONG, "2027-09-30");
        desk.record_school_answers(&staff, answers.clone()).await.unwrap();
        let open_words = [
            "SELECT count(*) FROM subject_request WHERE words NOT LIKE 'asx1:%'",
            "SELECT count(*) FROM subject_request_event WHERE words NOT LIKE 'asx1:%'",
            "SELECT count(*) FROM school_answer WHERE card_number NOT LIKE 'asx1:%'",
        ];
        for sql in open_words {
            assert_eq!(place.number(sql).await, 0, "{sql}");
        }
        let (request, history) = desk.request(&dpo, &made.id).await.unwrap();
        assert_eq!((&request.words, &history[0].words), (&made.words, &made.words));
        assert_eq!(desk.requests(&dpo).await.unwrap()[0].words, made.words);
        let told = desk.school_answers(&staff, &answers.school).await.unwrap();
        assert_eq!(told[&answers.answers[0].person].card.card_number, answers.answers[0].card_number);
        desk.close().await;
        let without = open(&place, 2, None).await;
        assert!(matches!(without.requests(&dpo).await, Err(DeskError::KeyMissing { .. })));
        let looks_sealed = desk::NewRequest { words: "asx1:00".into(), ..crate::requests::request(2) };
        let refused = without.receive_request(&dpo, looks_sealed).await;
        assert!(matches!(refused, Err(DeskError::Invalid { field: "words", .. })), "it would never open: {refused:?}");
        place.remove(without).await;
    }
}
