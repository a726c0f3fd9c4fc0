//! CSV files in every encoding, and what is wrong with some of them.

use base::Explain;
use intake::{IntakeError, Layouts, Limits, Source};

use crate::support::{places, read, read_with};

const ROWS: &str = "Lớp;Mã định danh;Họ và tên;Ngày sinh;Địa chỉ;Năm học\n\
    6A;001215012345;Đỗ Thị Mỹ Hạnh;03/02/2015;Số 5, Phường Ba Đình;2026-2027\n\
    6A;001215012346;Nguyễn Văn Đức;04/02/2015;Số 6, Phường Ba Đình;2026-2027\n";

/// Windows-1258 has a byte for each letter and one for each tone behind it.
fn windows_1258(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for c in text.chars() {
        let (letter, tone) = match c {
            'ớ' => ("ơ", 0xec),
            'ọ' => ("o", 0xf2),
            'ị' => ("i", 0xf2),
            'ạ' => ("a", 0xf2),
            'ỉ' => ("i", 0xd2),
            'ì' => ("i", 0xcc),
            'ã' => ("a", 0xde),
            'ỹ' => ("y", 0xde),
            'ỗ' => ("ô", 0xde),
            'ễ' => ("ê", 0xde),
            'ứ' => ("ư", 0xec),
            'ố' => ("ô", 0xec),
            'ờ' => ("ơ", 0xcc),
            _ => ("", 0),
        };
        let single = if letter.is_empty() { c.to_string() } else { letter.to_owned() };
        for c in single.chars() {
            bytes.push(match c {
                c if c.is_ascii() => c as u8,
                'ơ' => 0xf5,
                'ư' => 0xfd,
                'đ' => 0xf0,
                'Đ' => 0xd0,
                'ă' => 0xe3,
                c => u8::try_from(u32::from(c)).unwrap_or_else(|_| panic!("no byte for {c}")),
            });
        }
        bytes.extend((tone != 0).then_some(tone));
    }
    bytes
}

#[test]
fn every_encoding_gives_the_same_rows() {
    let utf16 = |bytes_of: fn(u16) -> [u8; 2], mark: [u8; 2]| -> Vec<u8> {
        mark.into_iter().chain(ROWS.encode_utf16().flat_map(bytes_of)).collect()
    };
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(ROWS).collect();
    let files = [
        ("utf-8", ROWS.as_bytes().to_vec()),
        ("utf-8 with mark", format!("\u{feff}{ROWS}").into_bytes()),
        ("utf-16 le", utf16(u16::to_le_bytes, [0xff, 0xfe])),
        ("utf-16 be", utf16(u16::to_be_bytes, [0xfe, 0xff])),
        ("windows-1258", windows_1258(ROWS)),
        ("tabs and crlf", ROWS.replace(';', "\t").replace('\n', "\r\n").into_bytes()),
        ("decomposed", decomposed.into_bytes()),
    ];
    for (name, bytes) in files {
        let read = read("a.csv", &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read.report.stored, 2, "{name}");
        assert_eq!(read.column("full_name"), ["Đỗ Thị Mỹ Hạnh", "Nguyễn Văn Đức"], "{name}");
        assert_eq!(read.column("commune"), ["00004", "00004"], "{name}");
        let kept_raw = matches!(name, "decomposed" | "windows-1258");
        assert_eq!(read.column("full_name_raw")[0] != "∅", kept_raw, "{name}");
    }
}

#[test]
fn bad_bytes_are_named_by_their_place() {
    let mut bytes = ROWS.as_bytes().to_vec();
    let offset = bytes.len() as u64;
    bytes.extend(b"\xff;\n");
    assert_eq!(read("a.csv", &bytes).unwrap_err(), IntakeError::Encoding { offset });
}

#[test]
fn empty_and_foreign_files() {
    for empty in ["", "\u{feff}", " \r\n\r\n"] {
        assert_eq!(read("a.csv", empty.as_bytes()).unwrap_err(), IntakeError::Empty, "{empty:?}");
    }
    for foreign in [&b"%PDF-1.7"[..], b"<html><table>", b"a\0b\0c"] {
        assert!(matches!(read("a.xls", foreign), Err(IntakeError::NotATable { .. })));
    }
    let header_only = read("a.csv", ROWS.lines().next().unwrap().as_bytes()).unwrap();
    assert_eq!((header_only.report.read, header_only.chunks.len()), (0, 0));
}

#[test]
fn an_unknown_layout_names_the_nearest_and_what_it_lacks() {
    let error = read("a.csv", b"Ho va ten,Ngay sinh,Ma dinh danh,Chieu cao\nLe An,03/02/2015,001215012345,1m5\n").unwrap_err();
    let IntakeError::UnknownLayout { nearest, missing, unknown } = &error else { panic!("{error}") };
    assert!(nearest.is_some());
    assert_eq!((missing.len(), unknown.as_slice()), (1, ["Chieu cao".to_owned()].as_slice()), "{error}");
    assert!(!error.remedy().is_empty() && error.what().contains(&missing[0]));
    // A file without a header: its data must not be repeated as unknown columns.
    let error = read("a.csv", "Lê An,03/02/2015,001215012345\nĐỗ Bình,04/02/2015,001215012346\n".as_bytes()).unwrap_err();
    assert_eq!(error, IntakeError::UnknownLayout { nearest: None, missing: vec![], unknown: vec![] });
    assert!(!error.to_string().contains("001215012345"));
}

#[test]
fn the_roster_may_be_asked_for() {
    let limits = Limits::default();
    assert!(read_with("a.csv", ROWS.as_bytes(), Some("pupils"), &limits).is_ok());
    let wrong = read_with("a.csv", ROWS.as_bytes(), Some("bhyt_card"), &limits).unwrap_err();
    assert!(matches!(wrong, IntakeError::UnknownLayout { nearest: Some(n), .. } if n.contains("thẻ")));
    assert_eq!(
        read_with("a.csv", ROWS.as_bytes(), Some("x"), &limits).unwrap_err(),
        IntakeError::UnknownRoster { roster: "x".into() }
    );
}

#[test]
fn a_wrong_declared_count_refuses_the_file() {
    assert_eq!(read("a.csv", format!("{ROWS};;Tổng số: 2 học sinh;;;\n").as_bytes()).unwrap().report.declared, Some(2));
    let error = read("a.csv", format!("{ROWS};;Tổng số: 3 học sinh;;;\n").as_bytes()).unwrap_err();
    assert_eq!(error, IntakeError::DeclaredMismatch { declared: 3, read: 2 });
    let titled = format!("Sĩ số: 5;;;;;\n{ROWS}");
    assert_eq!(read("a.csv", titled.as_bytes()).unwrap_err(), IntakeError::DeclaredMismatch { declared: 5, read: 2 });
}

#[test]
fn duplicates_are_counted_not_dropped() {
    let twice = format!("STT;{}", ROWS.replace('\n', "\n7;")).trim_end_matches("7;").to_owned();
    let last = twice.lines().last().unwrap().replacen('7', "8", 1);
    let read = read("a.csv", format!("{twice}{last}\n").as_bytes()).unwrap();
    assert_eq!((read.report.stored, read.report.duplicates_in_file), (3, 1));
}

#[test]
fn shifted_and_cut_lines_are_quarantined() {
    let text = ROWS.replace(';', ",").replace("Số 5, Phường", "Số 5 Phường");
    let cut = format!("{text}6A,001215012347,Lê Cụt,05/0");
    let read = read("a.csv", cut.as_bytes()).unwrap();
    let reasons: Vec<(u64, &str)> = read.report.rejects.iter().map(|r| (r.source_row, r.reason.code())).collect();
    assert_eq!(reasons, [(3, "cell_count"), (4, "cell_count")]);
    assert_eq!(read.report.rejects[1].also.iter().map(|f| f.reason.code()).collect::<Vec<_>>(), ["bad_date", "missing"]);
}

#[test]
fn too_many_refused_rows_refuse_the_file() {
    let text = ROWS.replace("/02/2015", "/13/2015");
    let limits = Limits { max_rejects: 1, ..Limits::default() };
    assert_eq!(read_with("a.csv", text.as_bytes(), None, &limits).unwrap_err(), IntakeError::TooManyRejects { limit: 1 });
    assert_eq!(read("a.csv", text.as_bytes()).unwrap().report.quarantined, 2);
}

#[test]
fn two_columns_of_one_meaning_are_refused() {
    let error = read("a.csv", ROWS.replacen("Địa chỉ", "Họ tên", 1).as_bytes()).unwrap_err();
    assert_eq!(error, IntakeError::DuplicateColumn { headers: vec!["Họ và tên".into(), "Họ tên".into()] });
}

#[test]
fn two_rosters_that_fit_alike_are_not_guessed_between() {
    let layout = |roster: &str| {
        let text = format!(
            "id: {roster}-1\nroster: {roster}\ntitle: {{vi: X, en: X}}\nvalid_from: 2026-01-01\nversion: \"1\"\nfields:\n\
             \x20 - {{name: full_name, kind: name, required: true, headers: [Họ tên]}}\n\
             \x20 - {{name: birth_date, kind: birth_date, headers: [Ngày sinh]}}\n"
        );
        (format!("{roster}.yaml"), text)
    };
    let layouts = Layouts::load([layout("a"), layout("b")]).unwrap();
    let source = Source::new("x.csv", "Họ tên,Ngày sinh\nLê An,1990\n".as_bytes().to_vec());
    let read = |roster| intake::read(&source, roster, &layouts, places(), &Limits::default(), &mut |_| Ok(()));
    assert!(matches!(read(None), Err(IntakeError::AmbiguousLayout { rosters }) if rosters.len() == 2));
    assert_eq!(read(Some("b")).unwrap().roster, "b");
    let full = intake::read(&source, Some("b"), &layouts, places(), &Limits::default(), &mut |_| Err("hết đĩa".into()));
    assert_eq!(full.unwrap_err(), IntakeError::Sink { message: "hết đĩa".into() });
}
