//! Visits that were sent again: which sending counts, and what of it is known.

use std::path::PathBuf;

use claimfile::{Dossier, TableId};

use super::super::{Change, PartReader, VisitId, changes, latest, line_numbers, visit_versions, withdrawn};
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

#[test]
fn what_a_facility_changed_when_it_sent_again_can_be_looked_at() {
    let desk = Desk::new();
    let sent = |name: &str, cost: &str| desk.import(&[desk.file(name, &envelope(&[visit("HS1", cost, CARD)]))]);
    sent("a.xml", "100000");
    sent("b.xml", "90000");
    // The same content in another file is no version of its own.
    desk.import(&[desk.file("c.xml", &envelope(&[visit("HS1", "90000", CARD), visit("HS2", "1", CARD)]))]);
    let end = "<SO_LUONG>10.000</SO_LUONG></CHI_TIET_THUOC>";
    let more = "<CHI_TIET_THUOC><MA_LK>HS1</MA_LK><STT>2</STT><MA_THUOC>40.31</MA_THUOC></CHI_TIET_THUOC>";
    let two = visit("HS1", "80000", CARD).replace(end, &format!("{end}{more}"));
    desk.import(&[desk.file("d.xml", &envelope(&[two]))]);
    let id = VisitId::of("01013", "HS1").0;
    let forms = &formats().forms;
    let of = |most| visit_versions(&desk.book, forms, october(), ("01013", id), most).unwrap();
    let all = of(9);
    assert_eq!(all.iter().map(|one| (one.number, one.packet)).collect::<Vec<_>>(), [(1, 1), (2, 2), (3, 4)]);
    assert_eq!(of(2).iter().map(|one| one.number).collect::<Vec<_>>(), [2, 3], "the last ones");
    let place = forms.get(TableId::XML1).unwrap().column("T_BHTT").unwrap();
    let cell = |before: &str, after: &str| Change::Cell {
        table: TableId::XML1,
        row: "1".into(),
        column: place,
        before: Some(before.into()),
        after: Some(after.into()),
    };
    assert_eq!(changes(forms, &all[0].visit, &all[1].visit), [cell("100000", "90000")]);
    let added = Change::Added { table: TableId::XML2, row: "2".into() };
    assert_eq!(changes(forms, &all[1].visit, &all[2].visit), [cell("90000", "80000"), added]);
    let removed = Change::Removed { table: TableId::XML2, row: "2".into() };
    assert!(changes(forms, &all[2].visit, &all[1].visit).contains(&removed));
    assert!(changes(forms, &all[0].visit, &all[0].visit).is_empty());
}
