//! Files that wait, taken in by the portal itself.

use super::super::{batch_of, not_read, take_in, wait_no_more};
use super::*;
use claimfile::signature::Trust;

/// A desk where files of these contents of the facility 01013 wait.
fn with(contents: &[&[u8]]) -> Desk {
    let desk = Desk::new();
    for content in contents {
        spool(&desk.book, "01013", content).unwrap();
    }
    desk
}

fn taken(desk: &Desk) -> super::super::TakenIn {
    let _lock = desk.book.lock().unwrap();
    take_in(&desk.book, formats(), (&Trust::default(), 0), day("2026-11-02"), &waiting(&desk.book).unwrap()).unwrap()
}

#[test]
fn files_that_wait_become_one_packet_and_wait_no_more() {
    let files = [envelope(&[visit("HS1", "1", CARD)]), envelope(&[visit("HS2", "2", CARD)])];
    let desk = with(&[files[0].as_bytes(), files[1].as_bytes()]);
    let done = taken(&desk);
    assert_eq!((done.taken.len(), done.unread.len()), (2, 0));
    assert_eq!(done.packet.unwrap().files.iter().map(|file| file.stored).sum::<u64>(), 2);
    // Killed before they were taken away: the book knows them.
    let again = taken(&desk);
    assert_eq!((again.packet.is_none(), again.taken.len()), (true, 2));
    wait_no_more(&desk.book, &again.taken).unwrap();
    wait_no_more(&desk.book, &again.taken).unwrap();
    assert!(waiting(&desk.book).unwrap().is_empty());
    assert_eq!(desk.book.packets().unwrap().len(), 1);
}

#[test]
fn killed_before_the_packet_was_written_nothing_is_in_the_book() {
    let desk = with(&[envelope(&[visit("HS1", "1", CARD)]).as_bytes()]);
    {
        let _lock = desk.book.lock().unwrap();
        let mut importer = Importer::new(&desk.book, formats(), day("2026-11-02")).unwrap();
        importer.file(desk.book.file_at(&waiting(&desk.book).unwrap()[0].path)).unwrap();
    }
    assert!(desk.book.packets().unwrap().is_empty());
    assert_eq!(taken(&desk).packet.unwrap().files[0].stored, 1);
}

#[test]
fn a_file_that_cannot_be_read_stays_and_takes_no_other_with_it() {
    let desk = with(&[b"PK\x03\x04 no ZIP", b"<KHAMSUCKHOE></KHAMSUCKHOE>", envelope(&[visit("HS1", "1", CARD)]).as_bytes()]);
    let done = taken(&desk);
    assert_eq!((done.taken.len(), done.unread.len()), (1, 2));
    wait_no_more(&desk.book, &done.taken).unwrap();
    // A packet tells of one of them; of the other nothing could be told.
    let told = not_read(&desk.book).unwrap();
    let names: Vec<String> = waiting(&desk.book)
        .unwrap()
        .iter()
        .map(|file| file.path.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| told.contains(name))
        .collect();
    assert!(names.len() == 1 && names[0].ends_with(".xml"), "{names:?}");
}

#[test]
fn a_batch_is_bounded_and_has_one_file_at_least() {
    let files: Vec<_> = (0..600)
        .map(|number| super::super::Waiting {
            receipt: format!("{number:024}"),
            facility: "01013".into(),
            path: PathBuf::from(format!("/nowhere/01013_{number:024}.xml")),
        })
        .collect();
    assert_eq!(batch_of(files.clone()).len(), 500);
    assert_eq!(batch_of(files[..1].to_vec()).len(), 1);
    assert!(batch_of(Vec::new()).is_empty());
}

/// A file that a program signed as a whole, and the root that its certificate comes from.
const SIGNED: &str = include_str!("../../../../claimfile/tests/it/signature/signed/whole.xml");
const ROOT: &[u8] = include_bytes!("../../../../claimfile/tests/it/signature/signed/root.pem");

#[test]
fn the_verdict_on_a_signature_is_told_and_refuses_nothing() {
    let from = SIGNED.find("<CHUKYDONVI>").unwrap();
    let signature = &SIGNED[from..SIGNED.find("</GIAMDINHHS>").unwrap()];
    // The signature of one file in another.
    let other = envelope(&[visit("HS1", "1", CARD)]).replace("</GIAMDINHHS>", &format!("{signature}</GIAMDINHHS>"));
    let unsigned = envelope(&[visit("HS2", "2", CARD)]);
    let desk = with(&[SIGNED.as_bytes(), other.as_bytes(), unsigned.as_bytes()]);
    let trust = Trust::load([("root.pem", ROOT)]).unwrap();
    let files = waiting(&desk.book).unwrap();
    let done = {
        let _lock = desk.book.lock().unwrap();
        take_in(&desk.book, formats(), (&trust, 1_793_600_000), day("2026-11-02"), &files).unwrap()
    };
    let packet = done.packet.unwrap();
    let verdicts: Vec<_> = packet.files.iter().map(|file| file.signature.clone().unwrap()).collect();
    let mut told: Vec<_> = verdicts.iter().map(|one| (one.answer.as_str(), one.covers.as_deref())).collect();
    told.sort_unstable();
    assert_eq!(told, [("absent", None), ("good", Some("whole")), ("wrong", None)]);
    let stored = |link: &str| {
        let visit = VisitId::of("01013", link).0;
        visit_cells(&desk.book, &formats().forms, october(), "01013", visit).unwrap().unwrap().signature.unwrap().answer
    };
    assert_eq!((stored("HS1"), stored("HS2")), ("wrong".to_owned(), "absent".to_owned()), "each visit has that of its own file");
    let receipts = receipts(&desk.book, "01013").unwrap();
    let wrong: Vec<_> = receipts.iter().filter(|one| one.signature.as_ref().is_some_and(|of| of.answer == "wrong")).collect();
    assert_eq!((wrong.len(), wrong[0].stored, wrong[0].refused), (1, 1, 0), "a wrong one is taken in all the same");
}
