//! Visits that were sent again: which sending counts, and what of it is known.

use std::path::PathBuf;

use claimfile::{Dossier, TableId};

use super::super::{PartReader, VisitId, latest, line_numbers, withdrawn};
use super::{CARD, Desk, envelope, formats, october, visit};

#[test]
fn lines_have_the_numbers_that_the_facility_sent_last() {
    let desk = Desk::new();
    let first = desk.file("a.xml", &envelope(&[visit("HS1", "1", CARD), visit("HS2", "2", CARD)]));
    let again = visit("HS1", "1", CARD).replace("<STT>1</STT>", "<STT>12</STT>");
    let without = visit("HS2", "2", CARD).replace("<STT>1</STT>", "");
    let second = desk.file("b.xml", &envelope(&[again, without]));
    desk.import(&[first]);
    desk.import(&[second]);
    let (hs1, hs2) = (VisitId::of("01013", "HS1").0, VisitId::of("01013", "HS2").0);
    let numbers = line_numbers(&desk.book, october(), "01013", &[hs1, hs2].into()).unwrap();
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), [((hs1, TableId::XML2, 1), 12)], "the second has none any more");
}

#[test]
fn a_visit_is_withdrawn_by_the_dossier_that_was_sent_last() {
    let desk = Desk::new();
    let with = |category: &str| {
        let cell = format!("<MA_DOITUONG_KCB>{category}</MA_DOITUONG_KCB><T_BHTT>");
        visit("HS1", "1", CARD).replace("<T_BHTT>", &cell)
    };
    let back = || {
        let packets = desk.book.packets().unwrap();
        let visits = latest(&desk.book, &packets, october()).unwrap();
        assert_eq!(visits.len(), 2, "it stays in the history");
        withdrawn(&desk.book, &packets, &visits, &formats().lists).unwrap().into_iter().collect::<Vec<_>>()
    };
    desk.import(&[desk.file("a.xml", &envelope(&[with("1.1"), visit("HS2", "2", CARD)]))]);
    assert_eq!(back(), []);
    desk.import(&[desk.file("b.xml", &envelope(&[with("8")]))]);
    assert_eq!(back(), [(VisitId::of("01013", "HS1"), "01013".to_owned())]);
    assert_eq!(desk.cell("HS1", TableId::XML1, "MA_DOITUONG_KCB").as_deref(), Some("8"), "pages show what was sent last");
    desk.import(&[desk.file("c.xml", &envelope(&[with("2")]))]);
    assert_eq!(back(), [], "sent again after that it asks anew");
}

#[test]
fn within_one_packet_the_dossier_that_was_made_later_counts_then_the_later_file() {
    let made = |day: &str, cost: &str| envelope(&[visit("HS1", cost, CARD)]).replace("20261101", day);
    let counts = |files: &[(&str, String)]| {
        let desk = Desk::new();
        let files: Vec<PathBuf> = files.iter().map(|(name, text)| desk.file(name, text)).collect();
        desk.import(&files);
        let packets = desk.book.packets().unwrap();
        let visits = latest(&desk.book, &packets, october()).unwrap();
        let version = visits[&VisitId::of("01013", "HS1")];
        let part = &packets[version.packet].parts[version.part];
        let mut dossier = Dossier::new();
        PartReader::open(&desk.book, part, &formats().forms, None).unwrap().dossier(version.number, &mut dossier).unwrap();
        let cost = formats().forms.get(TableId::XML1).unwrap().column("T_BHTT").unwrap();
        let counting = dossier.row(TableId::XML1, 0).unwrap().get(cost).unwrap().to_owned();
        assert_eq!(desk.cell("HS1", TableId::XML1, "T_BHTT"), Some(counting.clone()), "pages show the same one");
        (counting, version.versions)
    };
    let wanted = |cost: &str| (cost.to_owned(), 2);
    // The file of the second of November comes first by its name.
    assert_eq!(counts(&[("a.xml", made("20261102", "90000")), ("b.xml", made("20261101", "100000"))]), wanted("90000"));
    assert_eq!(counts(&[("a.xml", made("20261101", "90000")), ("b.xml", made("20261102", "100000"))]), wanted("100000"));
    assert_eq!(
        counts(&[("a.xml", made("20261101", "90000")), ("b.xml", made("20261101", "100000"))]),
        wanted("100000"),
        "by name"
    );
}

#[test]
fn a_visit_that_moved_within_one_packet_is_where_its_later_dossier_is() {
    let desk = Desk::new();
    let november = visit("HS1", "1", CARD).replace("<THANG_QT>10<", "<THANG_QT>11<");
    let first = desk.file("a.xml", &envelope(&[november]).replace("20261101", "20261102"));
    let second = desk.file("b.xml", &envelope(&[visit("HS1", "1", CARD)]));
    desk.import(&[first, second]);
    let packets = desk.book.packets().unwrap();
    let of = |month: &str| latest(&desk.book, &packets, month.parse().unwrap()).unwrap().len();
    assert_eq!((of("2026-10"), of("2026-11")), (0, 1), "the dossier of the second of November says November");
}
