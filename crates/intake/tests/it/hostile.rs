//! Files made to hurt, and files hurt on the way.

use std::io::{Cursor, Read, Write};

use intake::{IntakeError, Limits};
use proptest::prelude::*;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use crate::support::{line, read, read_with, workbook};

fn pupils() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học"]);
        for row in 2..40 {
            line(sheet, row, &["6A", &format!("0012150{row:05}"), "Nguyễn An", "03/02/2015", "2026-2027"]);
        }
    })
}

/// The same workbook with parts changed, and one added.
fn rebuilt(bytes: &[u8], change: impl Fn(&str, String) -> String, extra: Option<(&str, &[u8])>) -> Vec<u8> {
    let mut old = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for index in 0..old.len() {
        let mut part = old.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        new.start_file(name.as_str(), options).unwrap();
        new.write_all(change(&name, text).as_bytes()).unwrap();
    }
    if let Some((name, content)) = extra {
        new.start_file(name, options).unwrap();
        new.write_all(content).unwrap();
    }
    new.finish().unwrap().into_inner()
}

fn same(_: &str, text: String) -> String {
    text
}

fn suspicious(bytes: &[u8]) -> bool {
    matches!(read("a.xlsx", bytes), Err(IntakeError::Suspicious { .. }))
}

#[test]
fn a_rebuilt_workbook_is_still_read() {
    assert_eq!(read("a.xlsx", &rebuilt(&pupils(), same, None)).unwrap().report.stored, 38);
}

#[test]
fn zip_bombs_are_refused_before_they_unpack() {
    let bomb = rebuilt(&pupils(), same, Some(("xl/media/image1.png", &vec![0; 64 << 20])));
    assert!(bomb.len() < 1 << 20);
    assert!(matches!(read("a.xlsx", &bomb), Err(IntakeError::ZipBomb { ratio }) if ratio > 200));
    let limits = Limits { max_unpacked: 10_000, ..Limits::default() };
    assert!(matches!(read_with("a.xlsx", &pupils(), None, &limits), Err(IntakeError::TooLarge { limit: 10_000, .. })));
    let limits = Limits { max_parts: 3, ..Limits::default() };
    assert!(matches!(read_with("a.xlsx", &pupils(), None, &limits), Err(IntakeError::Suspicious { .. })));
    let limits = Limits { max_shared_strings: 100, ..Limits::default() };
    assert!(matches!(read_with("a.xlsx", &pupils(), None, &limits), Err(IntakeError::TooLarge { limit: 100, .. })));
}

#[test]
fn a_part_that_lies_about_its_size_is_refused() {
    let honest = rebuilt(&pupils(), same, Some(("docProps/x.xml", &[b' '; 5_000])));
    // The directory's unpacked size lies 22 bytes before the name, 24 bytes after the entry's mark.
    let name = b"docProps/x.xml";
    let at = honest.windows(name.len()).rposition(|w| w == name).unwrap() - 46 + 24;
    assert_eq!(honest[at..at + 4], 5_000u32.to_le_bytes());
    let mut lying = honest;
    lying[at..at + 4].copy_from_slice(&10u32.to_le_bytes());
    assert!(matches!(read("a.xlsx", &lying), Err(IntakeError::Suspicious { .. } | IntakeError::Truncated { .. })));
}

#[test]
fn document_types_and_entities_are_refused() {
    let bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\"><!ENTITY lol2 \"&lol;&lol;\">]>";
    let with_type = |name: &str, text: String| {
        if name.contains("sheet1.xml") {
            text.replacen("<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>", bomb, 1)
        } else {
            text
        }
    };
    let bytes = rebuilt(&pupils(), with_type, None);
    assert!(suspicious(&bytes));
    // Hidden far behind a comment.
    let late = |name: &str, text: String| {
        let comment = format!("?><!--{}--><!DOCTYPE x>", "x".repeat(200_000));
        if name.contains("sharedStrings") { text.replacen("?>", &comment, 1) } else { text }
    };
    assert!(suspicious(&rebuilt(&pupils(), late, None)));
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain("<?xml?><!DOCTYPE x>".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(suspicious(&rebuilt(&pupils(), same, Some(("xl/x.xml", &wide)))));
}

#[test]
fn parts_that_climb_out_or_hide_files_are_refused() {
    for name in ["../../etc/cron.d/x", "/abs.xml", "xl\\..\\..\\x.xml", "xl/embeddings/inner.zip"] {
        assert!(suspicious(&rebuilt(&pupils(), same, Some((name, b"x")))), "{name}");
    }
}

#[test]
fn an_announced_flood_of_strings_is_refused() {
    let flood = |name: &str, text: String| {
        if !name.contains("sharedStrings") {
            return text;
        }
        let from = text.find("uniqueCount=\"").unwrap() + 13;
        let to = from + text[from..].find('"').unwrap();
        format!("{}999999999999{}", &text[..from], &text[to..])
    };
    assert!(suspicious(&rebuilt(&pupils(), flood, None)));
}

#[test]
fn cut_and_foreign_containers_say_what_they_are() {
    let whole = pupils();
    for part in [whole.len() / 4, whole.len() / 2, whole.len() - 10] {
        assert!(matches!(read("a.xlsx", &whole[..part]), Err(IntakeError::Truncated { .. })), "{part}");
    }
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("readme.txt", SimpleFileOptions::default()).unwrap();
    zip.write_all(b"x").unwrap();
    assert!(matches!(read("a.xlsx", &zip.finish().unwrap().into_inner()), Err(IntakeError::NotATable { .. })));
    let ole = [&[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1][..], &[0; 600]].concat();
    assert!(matches!(read("a.xls", &ole), Err(IntakeError::OldWorkbook { .. })));
    assert_eq!(read("~$a.xlsx", &whole).unwrap_err(), IntakeError::Locked);
}

#[test]
fn days_of_the_1904_epoch_are_the_days_they_show() {
    use rust_xlsxwriter::{ExcelDateTime, Format};
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học"]);
        line(sheet, 2, &["6A", "001215012345", "Nguyễn An", "", "2026-2027"]);
        let day = ExcelDateTime::from_ymd(2011, 2, 2).unwrap();
        sheet.write_with_format(1, 3, day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    });
    let mac = |name: &str, text: String| {
        if name.ends_with("workbook.xml") { text.replace("<workbookPr ", "<workbookPr date1904=\"1\" ") } else { text }
    };
    assert_eq!(read("a.xlsx", &bytes).unwrap().column("birth_date"), ["2011-02-02"]);
    assert_eq!(read("a.xlsx", &rebuilt(&bytes, mac, None)).unwrap().column("birth_date"), ["2015-02-03"]);
}

#[test]
fn a_far_away_cell_and_rows_out_of_order_are_refused() {
    let move_cell = |from: &'static str, to: &'static str| {
        move |name: &str, text: String| if name.contains("sheet1.xml") { text.replace(from, to) } else { text }
    };
    let wide = rebuilt(&pupils(), move_cell("r=\"E5\"", "r=\"XFD5\""), None);
    assert!(matches!(read("a.xlsx", &wide), Err(IntakeError::Xlsx { .. })));
    let mixed = rebuilt(&pupils(), move_cell("r=\"A5\"", "r=\"A3\""), None);
    assert!(matches!(read("a.xlsx", &mixed), Err(IntakeError::Xlsx { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]
    #[test]
    fn damaged_workbooks_never_panic(flips in proptest::collection::vec((0usize..100_000, any::<u8>()), 1..8)) {
        let mut bytes = pupils();
        for (at, byte) in flips {
            let at = at % bytes.len();
            bytes[at] ^= byte;
        }
        // Read or refused, but never a crash and never more rows than there are.
        if let Ok(read) = read("a.xlsx", &bytes) {
            prop_assert!(read.report.read <= 38);
        }
    }

    #[test]
    fn damaged_text_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = read("a.csv", &bytes);
        let mut after_header = "Lớp;Mã định danh;Họ và tên;Ngày sinh;Năm học\n".as_bytes().to_vec();
        after_header.extend(bytes);
        let _ = read("a.csv", &after_header);
    }
}
