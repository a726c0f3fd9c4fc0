//! Whole files in TCVN3 and VNI, as bytes and as workbooks that show them as Latin letters.

use intake::{IntakeError, rejects_csv};

use crate::support::{line, read, workbook};

/// "Lớp;Mã định danh;Họ và tên;Ngày sinh;Địa chỉ;Năm học" and two pupils, by the code chart of TCVN3.
const TCVN3: &[u8] = b"L\xedp;M\xb7 \xae\xdenh danh;H\xe4 v\xb5 t\xaan;Ng\xb5y sinh;\xa7\xdea ch\xd8;N\xa8m h\xe4c\n\
    6A;001215012345;\xa7\xe7 Th\xde M\xfc H\xb9nh;03/02/2015;S\xe8 5, Ph\xad\xeang Ba \xa7\xd7nh;2026-2027\n\
    6A;001215012346;NGUY\xd4N V\xa8N \xa7\xf8C;04/02/2015;S\xe8 6, Ph\xad\xeang Ba \xa7\xd7nh;2026-2027\n";

/// The same in VNI.
const VNI: &[u8] = b"L\xf4\xf9p;Ma\xf5 \xf1\xf2nh danh;Ho\xef va\xf8 te\xe2n;Nga\xf8y sinh;\xd1\xf2a ch\xe6;Na\xeam ho\xefc\n\
    6A;001215012345;\xd1o\xe3 Th\xf2 My\xf5 Ha\xefnh;03/02/2015;So\xe1 5, Ph\xf6\xf4\xf8ng Ba \xd1\xecnh;2026-2027\n\
    6A;001215012346;NGUYE\xc3N VA\xcaN \xd1\xd6\xd9C;04/02/2015;So\xe1 6, Ph\xf6\xf4\xf8ng Ba \xd1\xecnh;2026-2027\n";

/// What a workbook shows when the bytes were taken for Latin letters.
fn spoiled(bytes: &[u8]) -> Vec<Vec<String>> {
    let text: String = bytes.iter().map(|b| char::from(*b)).collect();
    text.lines().map(|line| line.split(';').map(str::to_owned).collect()).collect()
}

#[test]
fn text_files_in_old_encodings_are_read() {
    for (name, bytes) in [("tcvn3", TCVN3), ("vni", VNI)] {
        let read = read("a.csv", bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((read.report.stored, read.report.repaired_cells), (2, 0), "{name}");
        assert_eq!(read.column("full_name"), ["Đỗ Thị Mỹ Hạnh", "NGUYỄN VĂN ĐỨC"], "{name}");
        assert_eq!(read.column("commune"), ["00004", "00004"], "{name}");
    }
}

#[test]
fn spoiled_workbooks_are_read_again_and_counted() {
    for (name, bytes) in [("tcvn3", TCVN3), ("vni", VNI)] {
        let rows = spoiled(bytes);
        let bytes = workbook(|sheet| {
            for (row, cells) in (1..).zip(&rows) {
                line(sheet, row, &cells.iter().map(String::as_str).collect::<Vec<_>>());
            }
        });
        let read = read("a.xlsx", &bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(read.column("full_name"), ["Đỗ Thị Mỹ Hạnh", "NGUYỄN VĂN ĐỨC"], "{name}");
        // Six headings (sinh has a mark in Ngày), two names, two addresses.
        assert_eq!((read.report.stored, read.report.repaired_cells), (2, 10), "{name}");
    }
}

#[test]
fn a_single_spoiled_cell_is_left_as_it_is() {
    let text = "Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học\n6A,001215012345,NguyÔn V¨n §øc,03/02/2015,2026-2027\n\
        6A,001215012346,Đỗ Thị Mỹ Hạnh,03/02/2015,2026-2027\n6A,001215012347,Trần Thị Hường,03/02/2015,2026-2027\n";
    let read = read("a.csv", text.as_bytes()).unwrap();
    assert_eq!(read.report.repaired_cells, 0);
    assert_eq!(read.column("full_name")[0], "NguyÔn V¨n §øc");
}

#[test]
fn refused_rows_of_a_mended_file_come_back_readable() {
    let broken = TCVN3.to_vec();
    let at = broken.windows(10).position(|w| w == b"03/02/2015").unwrap();
    let broken = [&broken[..at], b"33/02/2015", &broken[at + 10..]].concat();
    let first = read("a.csv", &broken).unwrap();
    assert_eq!((first.report.stored, first.report.quarantined), (1, 1));
    assert!(String::from_utf8(rejects_csv(&first.report)).unwrap().contains("Đỗ Thị Mỹ Hạnh"));
}

#[test]
fn utf16_without_a_mark_is_text() {
    let text = "Lớp;Mã định danh;Họ và tên;Ngày sinh;Năm học\n6A;001215012345;Đỗ Thị Mỹ Hạnh;03/02/2015;2026-2027\n";
    for bytes_of in [u16::to_le_bytes as fn(u16) -> [u8; 2], u16::to_be_bytes] {
        let bytes: Vec<u8> = text.encode_utf16().flat_map(bytes_of).collect();
        assert_eq!(read("a.csv", &bytes).unwrap().column("full_name"), ["Đỗ Thị Mỹ Hạnh"]);
    }
}

#[test]
fn what_reads_in_two_ways_is_refused_with_both_names() {
    let error = read("a.csv", b"a;b\nm\xe9;1\nm\xe9;2\nm\xe9;3\n").unwrap_err();
    let IntakeError::AmbiguousEncoding { candidates } = &error else { panic!("{error}") };
    assert_eq!(candidates, &["Windows-1258", "TCVN3 (ABC)"]);
}
