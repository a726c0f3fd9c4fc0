//! Refused rows on their way to the clerk and back.

use intake::{count_reasons, rejects_csv};

use crate::support::{line, merge, read, workbook};

#[test]
fn a_mended_rejects_file_goes_in() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["Trường: THCS Văn Yên"]);
        line(sheet, 2, &["Năm học 2026-2027"]);
        merge(sheet, (4, 5), (0, 0), "STT");
        merge(sheet, (4, 5), (1, 1), "Lớp");
        merge(sheet, (4, 4), (2, 4), "Học sinh");
        line(sheet, 5, &["", "", "Mã định danh", "Họ và tên", "Ngày sinh", "Email"]);
        line(sheet, 6, &["1", "6A", "001215012345", "Nguyễn An", "03/02/2015", "=cmd|' /C calc'!A0"]);
        line(sheet, 7, &["2", "6A", "001315012346", "Lê Thị \"Bình\", nhỏ", "31/02/2015", "=1+1"]);
        line(sheet, 8, &["3", "6A", "001315012347", "", "32/02/2015", "'x"]);
    });
    let first = read("a.xlsx", &bytes).unwrap();
    assert_eq!((first.report.stored, first.report.quarantined), (1, 2));
    assert_eq!(count_reasons(&first.report.rejects), [("bad_date", 1), ("missing", 1)].into());
    let file = String::from_utf8(rejects_csv(&first.report)).unwrap();
    assert!(file.starts_with('\u{feff}'));
    assert!(file.contains("STT,Lớp,Mã định danh,Họ và tên,Ngày sinh,Email,Dòng gốc,Cột lỗi,Lý do"), "{file}");
    assert!(file.contains("Họ và tên; Ngày sinh"), "{file}");
    // Not mended, it comes back as it was, formulas and quotes included.
    let again = read("rejects.csv", file.as_bytes()).unwrap();
    assert_eq!((again.report.stored, again.report.quarantined), (0, 2));
    for (before, after) in first.report.rejects.iter().zip(&again.report.rejects) {
        assert_eq!(before.cells[..6], after.cells[..6]);
    }
    // Mended, it goes in with the school and year of the first file.
    let mended = file.replace("31/02/2015", "28/02/2015").replace("001315012347,,32/02/2015", "001315012347,Đỗ Chi,27/02/2015");
    let second = read("rejects.csv", mended.as_bytes()).unwrap();
    assert_eq!((second.report.stored, second.report.quarantined), (2, 0));
    assert_eq!(second.column("full_name"), ["Lê Thị \"Bình\", nhỏ", "Đỗ Chi"]);
    assert_eq!(second.column("school_name"), ["THCS Văn Yên", "THCS Văn Yên"]);
    assert_eq!(second.column("school_year"), ["2026-2027", "2026-2027"]);
    assert_eq!(second.report.unknown_columns, ["Email"]);
}

#[test]
fn formulas_leave_guarded_and_come_back_bare() {
    for formula in ["=1+1", "+84 912", "-5", "@x", "\t=1", "'=1", "'"] {
        let bytes = workbook(|sheet| {
            line(sheet, 1, &["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Năm học", "Ghi chú"]);
            line(sheet, 2, &["6A", "001215012345", "Lê An", "xx", "2026-2027", formula]);
        });
        let first = read("a.xlsx", &bytes).unwrap();
        let file = rejects_csv(&first.report);
        let text = String::from_utf8(file.clone()).unwrap();
        let row = text.lines().nth(1).unwrap();
        assert!(!row.split(',').any(|c| c.trim_matches('"').starts_with(['=', '+', '-', '@', '\t'])), "{row}");
        let again = read("rejects.csv", &file).unwrap();
        assert_eq!(again.report.rejects[0].cells[5], first.report.rejects[0].cells[5], "{formula}");
    }
}

#[test]
fn armed_forces_come_back_as_nothing() {
    let text = "Mã thẻ,Họ tên,Giá trị từ,Giá trị đến\nCA5010123456789,Lê Kín,01/01/2026,31/12/2026\nLê Lệch,thừa,CY5010123456780,01/01/2026,31/12/2026\n";
    let first = read("the.csv", text.as_bytes()).unwrap();
    assert_eq!(count_reasons(&first.report.rejects), [("armed_forces", 2)].into());
    let file = rejects_csv(&first.report);
    let shown = String::from_utf8(file.clone()).unwrap();
    assert!(!shown.contains("Kín") && !shown.contains("Lệch") && !shown.contains("CY5"), "{shown}");
    let again = read("rejects.csv", &file).unwrap();
    assert_eq!((again.report.read, again.report.passed_over), (0, 2));
}

#[test]
fn the_same_good_rows_with_other_bad_ones_are_not_the_same_content() {
    let file = |bad: &str| {
        let text = format!("Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học\n6A,001215012345,Lê An,03/02/2015,2026-2027\n{bad}\n");
        read("lop.csv", text.as_bytes()).unwrap().report
    };
    let first = file("6A,001215012346,Đỗ Bình,32/02/2015,2026-2027");
    let saved_again = file("6A,001215012346,Đỗ Bình,32/02/2015,2026-2027");
    let other = file("6A,001215012347,Lê Chi,32/02/2015,2026-2027");
    assert_eq!((first.stored, first.quarantined), (1, 1));
    assert_eq!(first.rows_hash, saved_again.rows_hash);
    assert_ne!(first.rows_hash, other.rows_hash, "the refused row of the second file would be lost");
}
