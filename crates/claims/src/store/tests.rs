//! Claims into the book and out again.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use base::{Date, Month};
use book::{Book, Packet};
use claimfile::{Dossier, TableId};

use super::{
    Importer, Noted, PartReader, VisitId, forget_noted, latest, note_waiting, receipts, spool, visit_cells, visit_links, waiting,
    waiting_of,
};
use crate::Formats;
use crate::scan::FileOutcome;
use crate::zipped::tests::zip;

mod again;
mod waiting_room;
mod zips;

fn content(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../formats/claims").join(folder);
    let paths = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
    paths.map(|path| (name(&path), fs::read_to_string(&path).unwrap())).collect()
}

fn formats() -> &'static Formats {
    static FORMATS: OnceLock<Formats> = OnceLock::new();
    let borrowed = |files: &[(String, String)]| files.iter().map(|(n, t)| (n.clone(), t.clone())).collect::<Vec<_>>();
    FORMATS.get_or_init(|| {
        let (forms, lists) = (borrowed(&content("")), borrowed(&content("lists")));
        let pairs = |files: &'static [(String, String)]| files.iter().map(|(n, t)| (n.as_str(), t.as_str()));
        Formats::load(pairs(Box::leak(forms.into_boxed_slice())), pairs(Box::leak(lists.into_boxed_slice()))).unwrap()
    })
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn october() -> Month {
    "2026-10".parse().unwrap()
}

/// One visit: what it costs and on which card.
fn visit(link: &str, cost: &str, card: &str) -> String {
    let xml1 = format!(
        "<TONG_HOP><MA_LK>{link}</MA_LK><MA_BN>BN7</MA_BN><HO_TEN>Nguyễn Thị Hoa</HO_TEN><SO_CCCD>001185000001</SO_CCCD><NGAY_SINH>198503170000</NGAY_SINH>\
         <GIOI_TINH>2</GIOI_TINH><MA_THE_BHYT>{card}</MA_THE_BHYT><NGAY_VAO>202610050830</NGAY_VAO><NGAY_RA>202610050915</NGAY_RA><MA_LOAI_KCB>01</MA_LOAI_KCB>\
         <T_BHTT>{cost}</T_BHTT><NAM_QT>2026</NAM_QT><THANG_QT>10</THANG_QT><MA_CSKCB>01013</MA_CSKCB><COT_LA>gì đó</COT_LA></TONG_HOP>"
    );
    let xml2 = format!(
        "<CHITIEU_CHITIET_THUOC><DSACH_CHI_TIET_THUOC><CHI_TIET_THUOC><MA_LK>{link}</MA_LK><STT>1</STT><MA_THUOC>40.30</MA_THUOC><TEN_THUOC>Thuốc &lt;A&gt;</TEN_THUOC>\
         <SO_LUONG>10.000</SO_LUONG></CHI_TIET_THUOC></DSACH_CHI_TIET_THUOC></CHITIEU_CHITIET_THUOC>"
    );
    let part =
        |table: &str, inner: &str| format!("<FILEHOSO><LOAIHOSO>{table}</LOAIHOSO><NOIDUNGFILE>{inner}</NOIDUNGFILE></FILEHOSO>");
    format!("<HOSO>{}{}</HOSO>", part("XML1", &xml1), part("XML2", &xml2))
}

fn envelope(visits: &[String]) -> String {
    format!(
        "<GIAMDINHHS><THONGTINDONVI><MACSKCB>01013</MACSKCB></THONGTINDONVI><THONGTINHOSO><NGAYLAP>20261101</NGAYLAP><SOLUONGHOSO>{}</SOLUONGHOSO>\
         <DANHSACHHOSO>{}</DANHSACHHOSO></THONGTINHOSO></GIAMDINHHS>",
        visits.len(),
        visits.concat()
    )
}

const CARD: &str = "GD4010123456789";

/// What became of each file, and the packet with its refused dossiers.
type Taken = (Vec<Option<Vec<FileOutcome>>>, Option<(Packet, Option<PathBuf>)>);

struct Desk {
    folder: tempfile::TempDir,
    book: Book,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let book = Book::open(&folder.path().join("book")).unwrap();
        Self { folder, book }
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    }

    /// Imports files as one packet.
    fn import(&self, files: &[PathBuf]) -> Taken {
        let _lock = self.book.lock().unwrap();
        let mut importer = Importer::new(&self.book, formats(), day("2026-11-02")).unwrap();
        let outcomes = files.iter().map(|file| importer.file(file).unwrap()).collect();
        (outcomes, importer.finish().unwrap())
    }

    fn cell(&self, link: &str, table: TableId, column: &str) -> Option<String> {
        let id = VisitId::of("01013", link).0;
        let stored = visit_cells(&self.book, &formats().forms, october(), "01013", id).unwrap().unwrap();
        let place = formats().forms.get(table).unwrap().column(column).unwrap();
        stored.tables.iter().find(|t| t.table == table).unwrap().rows[0][place].clone()
    }
}

/// All cells and extras of a dossier as text.
fn all(dossier: &Dossier) -> Vec<String> {
    let mut cells = Vec::new();
    for form in formats().forms.iter() {
        for (number, row) in dossier.each(form.id).enumerate() {
            for (place, column) in form.columns.iter().enumerate() {
                cells.extend(row.sent(place).map(|value| format!("{} {number} {} {value}", form.id, column.name)));
            }
        }
        let extras = &dossier.rows(form.id).extra;
        cells.extend(extras.iter().map(|extra| format!("{} {} {} {}", form.id, extra.row, extra.name, extra.value)));
    }
    cells
}

#[test]
fn every_cell_that_came_in_comes_out_again() {
    let desk = Desk::new();
    let path = desk.file("a.xml", &envelope(&[visit("HS1", "100000", CARD), visit("HS2", "200000.50", CARD)]));
    let mut sent = Vec::new();
    crate::read_file(&path, &formats().forms, &claimfile::Limits::default(), &mut |_, dossier| {
        sent.push(all(dossier));
        Ok(())
    })
    .unwrap();
    let (_, done) = desk.import(&[path]);
    let (packet, refused) = done.unwrap();
    assert_eq!((packet.files[0].declared, packet.files[0].read, packet.files[0].stored), (Some(2), 2, 2));
    assert_eq!((refused, packet.parts.len(), packet.parts[0].period), (None, 1, october()));
    let mut reader = PartReader::open(&desk.book, &packet.parts[0], &formats().forms, None).unwrap();
    let mut dossier = Dossier::new();
    for (number, sent) in (1..).zip(&sent) {
        reader.dossier(number, &mut dossier).unwrap();
        assert_eq!(&all(&dossier), sent);
        assert!(sent.iter().any(|cell| cell == "XML1 0 COT_LA gì đó"), "what no form knows stays too");
    }
}

#[test]
fn the_same_file_changes_nothing_and_the_same_visit_replaces() {
    let desk = Desk::new();
    let first = desk.file("a.xml", &envelope(&[visit("HS1", "100000", CARD), visit("HS2", "5", CARD)]));
    let again = desk.file("again.xml", &envelope(&[visit("HS1", "90000", CARD)]));
    desk.import(std::slice::from_ref(&first));
    let (outcomes, done) = desk.import(&[first]);
    assert!(outcomes[0].is_none() && done.is_none(), "known bytes");
    assert_eq!(desk.book.packets().unwrap().len(), 1);

    desk.import(&[again]);
    let packets = desk.book.packets().unwrap();
    let visits = latest(&desk.book, &packets, october()).unwrap();
    assert_eq!(visits.len(), 2);
    let version = visits[&VisitId::of("01013", "HS1")];
    assert_eq!((version.packet, version.versions), (1, 2), "the later one counts and both are known");
    assert_eq!(visits[&VisitId::of("01013", "HS2")].versions, 1);
    assert_eq!(desk.cell("HS1", TableId::XML1, "T_BHTT").as_deref(), Some("90000"));
    assert_eq!(desk.cell("HS2", TableId::XML1, "T_BHTT").as_deref(), Some("5"));
    let links = visit_links(&desk.book, &packets, october()).unwrap();
    assert_eq!(links[&VisitId::of("01013", "HS2").0], ("01013".to_owned(), "HS2".to_owned()));
    assert_eq!(receipts(&desk.book, "01013").unwrap().iter().map(|r| r.stored).collect::<Vec<_>>(), [1, 2]);
    assert!(receipts(&desk.book, "01014").unwrap().is_empty());
}

#[test]
fn one_visit_is_found_among_others_with_all_its_rows_and_nobody_elses() {
    let desk = Desk::new();
    let visits: Vec<String> = (1..=40).map(|n| visit(&format!("HS{n}"), &format!("{n}000"), CARD)).collect();
    desk.import(&[desk.file("a.xml", &envelope(&visits))]);
    let [first, second] = ["7001", "7002"].map(|cost| envelope(&[visit("HS7", cost, CARD)]));
    desk.import(&[desk.file("b.xml", &first), desk.file("c.xml", &second)]);
    let read = |facility: &str, link: &str| {
        visit_cells(&desk.book, &formats().forms, october(), facility, VisitId::of("01013", link).0).unwrap()
    };
    for n in [1, 20, 40] {
        let stored = read("01013", &format!("HS{n}")).unwrap();
        assert_eq!((stored.facility.as_str(), stored.ma_lk, stored.versions), ("01013", format!("HS{n}"), 1));
    }
    // It is the dossier as a reader of the whole part has it, table for table.
    let packets = desk.book.packets().unwrap();
    let part = &packets[0].parts[0];
    let mut reader = PartReader::open(&desk.book, part, &formats().forms, None).unwrap();
    let (mut whole, mut one) = (Dossier::new(), Dossier::new());
    for number in 1..=40 {
        reader.dossier(number, &mut whole).unwrap();
        super::read::read_one(&desk.book, part, &formats().forms, number, &mut one).unwrap();
        assert!(!all(&one).is_empty());
        assert_eq!(all(&one), all(&whole), "{number}");
    }
    let sent_thrice = read("01013", "HS7").unwrap();
    assert_eq!(sent_thrice.versions, 3, "twice in one packet counts too");
    assert_eq!(desk.cell("HS7", TableId::XML1, "T_BHTT").as_deref(), Some("7002"), "the last one");
    assert!(read("01013", "HS41").is_none());
    assert!(read("", "HS1").is_some(), "a dossier that names no facility lies under the one that sent it");
}

#[test]
fn a_visit_that_moved_to_another_month_leaves_the_first() {
    let desk = Desk::new();
    let first = desk.file("a.xml", &envelope(&[visit("HS1", "1", CARD), visit("HS2", "2", CARD)]));
    let moved = visit("HS1", "1", CARD).replace("<THANG_QT>10<", "<THANG_QT>11<");
    let second = desk.file("b.xml", &envelope(&[moved]));
    desk.import(&[first]);
    desk.import(&[second]);
    let packets = desk.book.packets().unwrap();
    let of = |month: &str| latest(&desk.book, &packets, month.parse().unwrap()).unwrap().into_keys().collect::<Vec<_>>();
    assert_eq!(of("2026-10"), [VisitId::of("01013", "HS2")]);
    assert_eq!(of("2026-11"), [VisitId::of("01013", "HS1")]);
}

#[test]
fn a_broken_dossier_never_takes_the_others_and_is_written_down() {
    let desk = Desk::new();
    let broken = visit("=HS9", "mười đồng", CARD);
    let path = desk.file("a.xml", &envelope(&[visit("HS1", "1", CARD), broken, visit("HS3", "3", CARD)]));
    let (outcomes, done) = desk.import(&[path]);
    let outcome = &outcomes[0].as_ref().unwrap()[0];
    assert_eq!((outcome.ended.read, outcome.kept, outcome.refused.len()), (3, 2, 1));
    let (packet, refused) = done.unwrap();
    assert_eq!((packet.files[0].read, packet.files[0].stored, packet.files[0].refused), (3, 2, 1));
    let written = fs::read_to_string(refused.unwrap()).unwrap();
    assert!(written.contains("XML1") && written.contains("T_BHTT") && written.contains("not_number"), "{written}");
    assert!(written.contains("'=HS9"), "no spreadsheet takes it for a formula: {written}");
}

#[test]
fn nothing_names_a_soldier() {
    let desk = Desk::new();
    let path = desk.file("a.xml", &envelope(&[visit("HS1", "100000", "QN5970123456789")]));
    let (_, done) = desk.import(&[path]);
    for column in ["HO_TEN", "SO_CCCD", "MA_BN"] {
        assert_eq!(desk.cell("HS1", TableId::XML1, column), None, "{column}");
    }
    assert_eq!(desk.cell("HS1", TableId::XML1, "MA_THE_BHYT").as_deref(), Some("QN5970000000000"));
    assert_eq!(desk.cell("HS1", TableId::XML1, "NGAY_SINH").as_deref(), Some("198500000000"));
    assert_eq!(desk.cell("HS1", TableId::XML1, "T_BHTT").as_deref(), Some("100000"));
    assert_eq!(desk.cell("HS1", TableId::XML2, "TEN_THUOC").as_deref(), Some("Thuốc <A>"));
    let (packet, _) = done.unwrap();
    let part = &packet.parts[0];
    for table in part.tables.values() {
        let bytes = fs::read(desk.book.table_at(table).path()).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
        assert!(!holds("Nguyễn Thị Hoa") && !holds("0123456789") && !holds("001185000001"));
    }
}

#[test]
fn files_over_the_wire_wait_once() {
    let desk = Desk::new();
    let file = envelope(&[visit("HS1", "1", CARD)]);
    let receipt = spool(&desk.book, "01013", file.as_bytes()).unwrap();
    assert_eq!(spool(&desk.book, "01013", file.as_bytes()).unwrap(), receipt);
    assert_ne!(spool(&desk.book, "01014", file.as_bytes()).unwrap(), receipt);
    assert_eq!(waiting(&desk.book).unwrap().len(), 2);
    let receipt = spool(&desk.book, "01013", &zip(&[("a.xml", file.as_bytes())])).unwrap();
    let waiting = waiting(&desk.book).unwrap();
    let packed = waiting.iter().find(|waiting| waiting.receipt == receipt).unwrap();
    assert!(packed.facility == "01013" && packed.path.extension().is_some_and(|ending| ending == "zip"), "{packed:?}");
    assert!(spool(&desk.book, "../../a", b"x").is_err(), "no path out of the folder");
}

#[test]
fn in_a_sealed_book_what_waits_lies_sealed_and_comes_in() {
    let folder = tempfile::tempdir().unwrap();
    let keys = book::Keys::new(vec![("k1".to_owned(), [1; 32])]);
    let book = Book::open_with_keys(&folder.path().join("book"), keys).unwrap();
    let desk = Desk { folder, book };
    let file = envelope(&[visit("HS1", "100000", CARD)]);
    let plain = Desk::new();
    assert_ne!(spool(&desk.book, "01013", file.as_bytes()).unwrap(), spool(&plain.book, "01013", file.as_bytes()).unwrap());
    let waits = waiting(&desk.book).unwrap().remove(0);
    assert!(fs::read(&waits.path).unwrap().starts_with(b"An Sinh sealed 1"));
    {
        let _lock = desk.book.lock().unwrap();
        let mut importer = Importer::new(&desk.book, formats(), day("2026-11-02")).unwrap();
        let outcomes = importer.file(desk.book.file_at(&waits.path)).unwrap().unwrap();
        assert!(outcomes[0].failure.is_none() && outcomes[0].kept == 1, "{outcomes:?}");
        importer.finish().unwrap();
    }
    assert_eq!(desk.cell("HS1", TableId::XML1, "MA_THE_BHYT").as_deref(), Some(CARD));
    // The same bytes as a file of outside are known.
    let again = desk.file("a.xml", &file);
    assert!(desk.import(&[again]).0[0].is_none());
}

#[test]
fn a_facility_sees_its_own_waiting_files_with_what_was_counted() {
    let desk = Desk::new();
    let file = envelope(&[visit("HS1", "1", CARD)]);
    let receipt = spool(&desk.book, "01013", file.as_bytes()).unwrap();
    spool(&desk.book, "01014", file.as_bytes()).unwrap();
    let counts = Noted { read: 2, kept: 1, check_ins: 0, findings: 3 };
    note_waiting(&desk.book, "01013", &receipt, day("2026-11-02"), counts).unwrap();
    note_waiting(&desk.book, "01013", &receipt, day("2026-11-05"), counts).unwrap();
    let own = waiting_of(&desk.book, "01013").unwrap();
    assert_eq!(own.len(), 1, "not those of another facility");
    assert_eq!(
        (own[0].receipt.as_str(), own[0].received, own[0].noted),
        (receipt.as_str(), Some(day("2026-11-02")), Some(counts))
    );
    let other = waiting_of(&desk.book, "01014").unwrap();
    assert_eq!((other[0].received, other[0].noted), (None, None), "nothing was noted, and the file waits all the same");
    let path = waiting(&desk.book).unwrap().into_iter().find(|file| file.facility == "01013").unwrap().path;
    fs::remove_file(&path).unwrap();
    forget_noted(&desk.book, &path);
    assert!(waiting_of(&desk.book, "01013").unwrap().is_empty(), "what was taken in waits no more");
    assert_eq!(fs::read_dir(desk.book.root().join("claims_noted")).unwrap().count(), 0);
}

#[test]
fn what_is_no_claim_file_is_told_by_name() {
    let desk = Desk::new();
    let path = desk.file("ksk.xml", "<KHAMSUCKHOE></KHAMSUCKHOE>");
    let (outcomes, done) = desk.import(&[path, desk.folder.path().join("none.xml")]);
    let failures: Vec<String> =
        outcomes.iter().flatten().flatten().filter_map(|o| o.failure.as_ref()).map(ToString::to_string).collect();
    assert!(failures[0].contains("khám sức khỏe"), "{failures:?}");
    assert_eq!(failures.len(), 2);
    let (packet, _) = done.unwrap();
    // Nothing of it was read, so it is tried again: a later program may know it.
    assert!(desk.import(&[desk.folder.path().join("ksk.xml")]).0[0].is_some());
    assert!(packet.parts.is_empty() && packet.files.iter().all(|file| file.stored == 0 && file.failure.is_some()));
}
