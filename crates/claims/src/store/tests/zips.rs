//! Files that come packed together.

use std::fs;

use engine::rows;

use super::super::part::INDEX;
use super::{CARD, Desk, envelope, visit};
use crate::zipped::tests::zip;

#[test]
fn files_of_a_zip_are_told_apart_and_one_that_is_not_read_shifts_no_other() {
    let desk = Desk::new();
    let [first, second] = ["HS1", "HS2"].map(|link| envelope(&[visit(link, "1", CARD)]));
    let bytes = zip(&[
        ("ksk.xml", b"<KHAMSUCKHOE></KHAMSUCKHOE>"),
        ("t1/b.xml", first.as_bytes()),
        ("../c.xml", first.as_bytes()),
        ("t2/b.xml", second.as_bytes()),
        ("ghi chu.txt", b"x"),
    ]);
    let path = desk.folder.path().join("hai.zip");
    fs::write(&path, bytes).unwrap();
    let (outcomes, done) = desk.import(&[path]);
    let outcomes = outcomes[0].as_ref().unwrap();
    let read: Vec<_> = outcomes.iter().map(|o| (o.name.as_str(), o.failure.is_none())).collect();
    let wanted = [("hai.zip/ksk.xml", false), ("hai.zip/t1/b.xml", true), ("hai.zip/c.xml", false), ("hai.zip/t2/b.xml", true)];
    assert_eq!(read, wanted, "in the order of the ZIP");
    let (packet, _) = done.unwrap();
    // Each visit names its file by its place.
    let table = packet.parts[0].tables.get(INDEX).unwrap();
    let mut places = Vec::new();
    for batch in desk.book.read_table(table, Some(&["link", "file"])).unwrap() {
        let (links, files) = (rows::text(&batch, "link").unwrap(), rows::int(&batch, "file").unwrap());
        places.extend((0..batch.num_rows()).map(|row| (links.value(row).to_owned(), files.value(row))));
    }
    let named: Vec<_> = places.iter().map(|(link, at)| (link.as_str(), packet.files[*at as usize].name.as_str())).collect();
    assert_eq!(named, [("HS1", "hai.zip/t1/b.xml"), ("HS2", "hai.zip/t2/b.xml")]);
}

#[test]
fn a_zip_without_claim_files_says_so() {
    let desk = Desk::new();
    for (name, bytes) in [("trong.zip", zip(&[])), ("khac.zip", zip(&[("a.txt", b"x")]))] {
        let path = desk.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let (outcomes, _) = desk.import(&[path]);
        let why = outcomes[0].as_ref().unwrap()[0].failure.as_ref().unwrap().to_string();
        assert!(why.contains("không có tệp .xml nào"), "{name}: {why}");
    }
}
