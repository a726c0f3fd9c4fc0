//! Tables that come otherwise: several in an archive, rows of another program.

use std::io::{Cursor, Write};

use intake::{IntakeError, Limits, RowCell, Source, read_rows};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::support::{layouts, line, places, read, workbook};

const CSV: &str = "Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học\n6A,001215012345,Lê An,03/02/2015,2026-2027\n";

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in files {
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn unpacked(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<(String, usize)>, IntakeError> {
    let sources = Source::new("tất cả.zip", bytes).unpack(limits)?;
    Ok(sources.into_iter().map(|s| (s.name, s.bytes.len())).collect())
}

fn refused(bytes: Vec<u8>) -> IntakeError {
    unpacked(bytes, &Limits::default()).unwrap_err()
}

fn small_workbook() -> Vec<u8> {
    workbook(|sheet| line(sheet, 1, &["Lớp", "Họ và tên"]))
}

#[test]
fn an_archive_gives_each_of_its_tables() {
    let bytes = zip(&[
        ("Trường A/lớp 6.csv", CSV.as_bytes()),
        ("Trường B/lớp 6.csv", CSV.as_bytes()),
        ("Trường B/Lớp 7.xlsx", &small_workbook()),
        ("công văn.pdf", b"%PDF"),
        ("__MACOSX/x", b"x"),
        ("Trường B/~$Lớp 7.xlsx", b"x"),
    ]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tất cả.zip");
    std::fs::write(&path, bytes).unwrap();
    let sources = Source::open_all(&path, &Limits::default()).unwrap();
    let names: Vec<&str> = sources.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(names, ["Trường A - lớp 6.csv", "Lớp 7.xlsx", "Trường B - lớp 6.csv"]);
    assert_eq!(read(&sources[0].name, &sources[0].bytes).unwrap().report.stored, 1);
}

#[test]
fn a_workbook_and_a_text_are_one_file() {
    for (name, bytes) in [("a.xlsx", small_workbook()), ("a.csv", CSV.as_bytes().to_vec())] {
        let sources = Source::new(name, bytes).unpack(&Limits::default()).unwrap();
        assert_eq!((sources.len(), sources[0].name.as_str()), (1, name));
    }
}

#[test]
fn names_in_the_old_code_page_are_read() {
    // "Lop 6é.csv" with é as byte 0x82 of code page 437; no flag for UTF-8 is set for ASCII names.
    let mut bytes = zip(&[("Lop 6e.csv", CSV.as_bytes())]);
    let places: Vec<usize> = bytes.windows(10).enumerate().filter(|(_, w)| *w == b"Lop 6e.csv").map(|(at, _)| at).collect();
    assert_eq!(places.len(), 2);
    places.into_iter().for_each(|at| bytes[at + 5] = 0x82);
    assert_eq!(unpacked(bytes, &Limits::default()).unwrap()[0].0, "Lop 6é.csv");
}

#[test]
fn hostile_archives_are_refused() {
    let suspicious = |bytes| matches!(refused(bytes), IntakeError::Suspicious { .. });
    for name in ["../a.csv", "/etc/a.csv", "x\\..\\..\\a.csv", "c:\\a.csv"] {
        assert!(suspicious(zip(&[(name, CSV.as_bytes())])), "{name}");
    }
    let inner = zip(&[("a.csv", CSV.as_bytes())]);
    assert!(suspicious(zip(&[("a.csv", CSV.as_bytes()), ("b.zip", &inner)])));
    assert!(suspicious(zip(&[("b.csv", &inner)])), "an archive under another name");
    assert!(suspicious(zip(&[("a.csv", CSV.as_bytes()), ("cài đặt.exe", b"MZ")])));
    assert!(matches!(refused(zip(&[("a.csv", &vec![b'a'; 64 << 20])])), IntakeError::ZipBomb { .. }));
    assert!(matches!(refused(zip(&[("thư.pdf", b"%PDF")])), IntakeError::NotATable { .. }));
    let many: Vec<(String, &[u8])> = (0..30).map(|n| (format!("{n}.csv"), CSV.as_bytes())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), *bytes)).collect();
    let few = Limits { max_parts: 20, ..Limits::default() };
    assert!(matches!(unpacked(zip(&many), &few), Err(IntakeError::Suspicious { .. })));
    let small = Limits { max_unpacked: 500, ..Limits::default() };
    assert!(matches!(unpacked(zip(&many), &small), Err(IntakeError::TooLarge { .. })));
    let whole = zip(&many);
    assert!(matches!(refused(whole[..whole.len() / 2].to_vec()), IntakeError::Truncated { .. }));
}

fn from_program(rows: Vec<Result<Vec<RowCell>, String>>) -> Result<(intake::Report, Vec<intake::Chunk>), IntakeError> {
    let header: Vec<String> = CSV.lines().next().unwrap().split(',').map(str::to_owned).collect();
    let mut chunks = Vec::new();
    let report = read_rows("học sinh.parquet", &header, rows, None, layouts(), places(), &Limits::default(), &mut |chunk| {
        chunks.push(chunk);
        Ok(())
    })?;
    Ok((report, chunks))
}

fn text(text: &str) -> RowCell {
    RowCell::Text(text.to_owned())
}

#[test]
fn rows_of_a_program_go_through_the_same_checks() {
    let day = RowCell::Date("2015-02-03".parse().unwrap());
    let sound = vec![text("6A"), text("001215012345"), text("Lê An"), text("03/02/2015"), text("2026-2027")];
    let broken = vec![text("6A"), RowCell::Int(1_215_012_346), text("Đỗ Bình"), RowCell::Empty, text("năm ngoái")];
    let short = vec![text("6A"), text("001215012347")];
    let (report, chunks) = from_program(vec![Ok(sound.clone()), Ok(broken), Ok(short)]).unwrap();
    assert_eq!((report.roster.as_str(), report.read, report.stored, report.quarantined), ("pupils", 3, 1, 2));
    assert_eq!((report.file_name.as_str(), report.sheet, chunks.len()), ("học sinh.parquet", None, 1));
    assert_eq!(report.rejects[0].source_row, 3);
    // The same row from a file has the same hash, and a typed day says the same as a written one.
    let from_file = read("a.csv", CSV.as_bytes()).unwrap().report;
    let (alone, _) = from_program(vec![Ok(sound.clone())]).unwrap();
    assert_eq!(alone.rows_hash, from_file.rows_hash);
    let mut typed = sound;
    typed[3] = day;
    let (typed, _) = from_program(vec![Ok(typed)]).unwrap();
    assert_ne!(typed.content_hash, alone.content_hash);
    assert_eq!(typed.stored, 1);
}

#[test]
fn an_error_of_the_program_ends_the_reading() {
    let error = from_program(vec![Err("tệp hỏng".to_owned())]).unwrap_err();
    assert_eq!(error, IntakeError::Unreadable { detail: "tệp hỏng".into() });
    let nothing = read_rows("x", &[], Vec::new(), None, layouts(), places(), &Limits::default(), &mut |_| Ok(()));
    assert!(nothing.is_err());
}
