//! Files that came and wait go into the book by themselves.

use std::collections::BTreeSet;
use std::fs::File;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use ::book::Packet;

use crate::receiving::{DRUGS, dossier, envelope, file_of};
use crate::server::Portal;
use crate::support::{assert_whole, book, files_below, good, text};

/// Roles are picked: who works for the hospital 01001.
const FLAGS: &[&str] = &["--role-picker"];
const HOSPITAL: &str = "vai-tro=u-co-so-y-te";
const MINUTE: (&str, &str) = ("ansinh.toml", "claims_import_minutes = 1\n");
const NEVER: (&str, &str) = ("ansinh.toml", "claims_import_minutes = 0\n");
/// Longer than the portal takes between two looks, and to read a few files on a busy machine.
const SOON: Duration = Duration::from_secs(90);

fn waiting(data: &Path) -> usize {
    let folder = data.join("book/claims_waiting");
    if folder.exists() { files_below(&folder).len() } else { 0 }
}

/// Makes the files that wait as old as if they had come two minutes ago.
fn age(data: &Path) {
    for path in files_below(&data.join("book/claims_waiting")) {
        let came = SystemTime::now() - Duration::from_secs(120);
        File::options().write(true).open(path).unwrap().set_modified(came).unwrap();
    }
}

fn send(portal: &Portal) {
    let sent = portal.post_file("/co-so/gui-ho-so", HOSPITAL, &[], ("tep-ho-so", file_of("01001").as_bytes()));
    assert_eq!(sent.status, 200, "{}", sent.text());
}

fn packets(data: &Path) -> Vec<Packet> {
    book(data).packets().unwrap()
}

/// Waits until nothing waits any more.
fn all_taken(data: &Path) {
    let begun = Instant::now();
    while waiting(data) > 0 {
        assert!(begun.elapsed() < SOON, "{} files still wait", waiting(data));
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn a_file_that_was_sent_is_in_the_book_without_a_command() {
    let portal = Portal::open_over(&[MINUTE]);
    let data = portal.data.path();
    send(&portal);
    assert!(portal.get_as("/co-so", HOSPITAL).page().contains("id=\"tep-dang-doi\""), "it waits first");
    let (events, name) = (portal.audit_events(), files_below(&data.join("book/claims_waiting")).remove(0));
    let name = name.file_name().unwrap().to_str().unwrap().to_owned();
    age(data);
    all_taken(data);
    let all = packets(data);
    let [packet] = all.as_slice() else { panic!("{all:?}") };
    assert_eq!((packet.files[0].name.as_str(), packet.files[0].stored), (name.as_str(), 1));
    assert!(portal.audit_events() > events, "the packet is in the log");
    let page = portal.get_as("/co-so", HOSPITAL).page();
    assert!(!page.contains("id=\"tep-dang-doi\"") && page.contains(&name), "its receipt is that of a file that was taken in");
    // The same file again: it waits, and changes nothing when it is taken in.
    send(&portal);
    age(data);
    all_taken(data);
    assert_eq!(packets(data).len(), 1);
}

#[test]
fn while_another_writer_is_at_work_files_wait_on() {
    let mut portal = Portal::open_over(&[NEVER]);
    send(&portal);
    let data = portal.data.path().to_owned();
    age(&data);
    std::fs::write(data.join(MINUTE.0), MINUTE.1).unwrap();
    let held = book(&data);
    let lock = held.lock().unwrap();
    portal.restart(FLAGS);
    // Longer than one look.
    std::thread::sleep(Duration::from_secs(13));
    assert_eq!((waiting(&data), packets(&data).len()), (1, 0), "what the other writer does is not disturbed");
    assert_eq!(portal.get_as("/co-so", HOSPITAL).status, 200, "and pages do not wait for it");
    drop(lock);
    all_taken(&data);
    assert_eq!(packets(&data).len(), 1);
}

#[test]
fn without_the_setting_files_wait_for_the_command() {
    let portal = Portal::open_over(&[NEVER]);
    send(&portal);
    age(portal.data.path());
    std::thread::sleep(Duration::from_secs(13));
    assert_eq!((waiting(portal.data.path()), packets(portal.data.path()).len()), (1, 0));
}

#[test]
fn killed_at_any_moment_it_loses_nothing_and_doubles_nothing() {
    let mut portal = Portal::open_over(&[NEVER]);
    let data = portal.data.path().to_owned();
    let links: Vec<String> = (0..40).map(|number| format!("LK{number}")).collect();
    for link in &links {
        ::claims::spool(&book(&data), "01013", envelope("01013", &[dossier(link, DRUGS)]).as_bytes()).unwrap();
    }
    age(&data);
    std::fs::write(data.join(MINUTE.0), MINUTE.1).unwrap();
    for moment in [0, 10, 30, 60, 100, 150, 250, 400] {
        portal.restart(FLAGS);
        std::thread::sleep(Duration::from_millis(moment));
        portal.kill();
        assert_whole(&data);
    }
    portal.restart(FLAGS);
    all_taken(&data);
    let files: Vec<_> = packets(&data).into_iter().flat_map(|packet| packet.files).collect();
    assert_eq!(files.iter().map(|file| file.stored).sum::<u64>(), links.len() as u64);
    let names: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names.len(), links.len(), "each file once");
}

/// A file of another facility, signed as a whole.
const SIGNED: &str = include_str!("../../../claimfile/tests/it/signature/signed/whole.xml");

#[test]
fn a_wrong_signature_is_told_and_the_file_is_taken_all_the_same() {
    let portal = Portal::open_over(&[NEVER]);
    let data = portal.data.path();
    let signature = &SIGNED[SIGNED.find("<CHUKYDONVI>").unwrap()..SIGNED.find("</GIAMDINHHS>").unwrap()];
    let file = file_of("01001").replace("<CHUKYDONVI/>", signature.trim_end());
    let sent = portal.post_file("/co-so/gui-ho-so", HOSPITAL, &[], ("tep-ho-so", file.as_bytes()));
    let page = sent.page();
    assert!(page.contains("Tệp có chữ ký sai") && page.contains("không hồ sơ nào bị trả lại vì chữ ký"), "{page}");
    let imported = good(&["claims", "import", "--waiting", "--data", text(data)]);
    assert_eq!((imported["stored"].as_u64(), imported["files"][0]["signature"].as_str()), (Some(1), Some("wrong")), "{imported}");
    let signature = packets(data)[0].files[0].signature.clone().unwrap();
    assert_eq!((signature.answer.as_str(), signature.covers), ("wrong", None));
    let page = portal.get_as("/co-so", HOSPITAL).page();
    let receipts = page.split("id=\"bien-nhan\"").nth(1).expect("the receipts");
    assert!(receipts.contains("Sai"), "{receipts}");
}
