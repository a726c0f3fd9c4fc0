//! Cells and tables at the edge of what a file can hold: each row is kept or refused by name, none is lost.

use intake::{IntakeError, rejects_csv};

use crate::support::{line, read, workbook};

const HEADER: &str = "Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học,Địa chỉ\n";

fn csv(address: &str) -> String {
    format!(
        "{HEADER}6A,001215012345,Lê An,03/02/2015,2026-2027,\"{address}\"\n6A,001215012346,Đỗ Bình,03/02/2015,2026-2027,Hà Nội\n"
    )
}

#[test]
fn a_huge_cell_is_refused_with_its_row_alone() {
    let huge = "x".repeat(30_000);
    let bytes = workbook(|sheet| {
        line(sheet, 1, &HEADER.trim().split(',').collect::<Vec<_>>());
        line(sheet, 2, &["6A", "001215012345", "Lê An", "03/02/2015", "2026-2027", &huge]);
        line(sheet, 3, &["6A", "001215012346", "Đỗ Bình", "03/02/2015", "2026-2027", "Hà Nội"]);
    });
    for (name, bytes) in [("a.csv", csv(&huge).into_bytes()), ("a.xlsx", bytes)] {
        let read = read(name, &bytes).unwrap();
        assert_eq!((read.report.stored, read.report.rejects[0].reason.code()), (1, "too_long"), "{name}");
        assert_eq!(read.report.rejects[0].cells[5].len(), huge.len(), "{name}");
    }
    // Longer than any program writes into a cell: a lost quotation mark.
    let lost = read("a.csv", csv(&"x\n".repeat(40_000)).as_bytes()).unwrap_err();
    assert_eq!(lost, IntakeError::BrokenQuotes { row: 2 });
}

#[test]
fn sixteen_thousand_columns_are_refused_as_such() {
    let wide = |separator: &str| format!("{}\n{}\n", vec!["Họ tên"; 16_384].join(separator), vec!["1"; 16_384].join(separator));
    for separator in [",", ";", "\t", "|"] {
        let error = read("a.csv", wide(separator).as_bytes()).unwrap_err();
        assert!(matches!(&error, IntakeError::NotATable { hint } if hint.contains("1024 cột")), "{error}");
    }
    let sheet = workbook(|sheet| line(sheet, 1, &vec!["Họ tên"; 16_384]));
    assert!(matches!(read("a.xlsx", &sheet), Err(IntakeError::Xlsx { detail }) if detail.contains("cột")));
    // Empty cells far out are how some programs end their lines.
    let padded: String = csv("Hà Nội").lines().map(|line| format!("{line}{}\n", ",".repeat(16_384))).collect();
    assert_eq!(read("a.csv", padded.as_bytes()).unwrap().report.stored, 2);
}

#[test]
fn formulas_are_text_in_and_guarded_out() {
    for formula in ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"] {
        let stored = read("a.csv", csv(formula).as_bytes()).unwrap();
        assert_eq!(stored.column("address")[0], formula);
        let broken = csv(formula).replacen("03/02/2015", "33/02/2015", 1);
        let file = String::from_utf8(rejects_csv(&read("a.csv", broken.as_bytes()).unwrap().report)).unwrap();
        assert!(file.contains(&format!("'{formula}")), "{file}");
    }
}

#[test]
fn a_file_cut_in_the_middle_of_a_letter_or_quote_is_refused() {
    let whole = csv("Hà Nội").into_bytes();
    let letter = whole.iter().rposition(|b| *b >= 0x80).unwrap();
    assert!(matches!(read("a.csv", &whole[..letter]), Err(IntakeError::Encoding { .. })));
    let quote = whole.iter().rposition(|b| *b == b'"').unwrap();
    assert_eq!(read("a.csv", &whole[..quote]).unwrap_err(), IntakeError::BrokenQuotes { row: 2 });
}

#[test]
fn names_with_folders_keep_the_file_name_only() {
    for name in ["../../etc/passwd.csv", "C:\\Users\\x\\passwd.csv", "/tmp/passwd.csv"] {
        assert_eq!(read(name, csv("Hà Nội").as_bytes()).unwrap().report.file_name, "passwd.csv");
    }
}
