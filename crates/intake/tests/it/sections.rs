//! Rows among the data that are no data: groups, column numbers, remarks that look complete.

use intake::{Layouts, Limits, rejects_csv};

use crate::support::{Read, layout_of, line, read_by, workbook};

const KEYS: &str = "fields:\n\
    \x20 - {name: stt, kind: ordinal, headers: [STT]}\n\
    \x20 - {name: full_name, kind: name, required: true, needed: true, headers: [Họ tên]}\n\
    \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
    \x20 - {name: wage, kind: dong, headers: [Mức lương]}\n\
    \x20 - {name: change, kind: text, headers: [Loại]}\n\
    section: {field: change, patterns: [Tăng, Giảm, \"tăng mức đóng*\", \"nhóm *\"]}\n\
    aside: [\"dòng này *\"]\n\
    totals: [\"cộng *\", \"tổng cộng*\"]\nfooter: [\"người lập*\"]\n";

fn layouts() -> Layouts {
    layout_of(KEYS)
}

fn read(name: &str, bytes: &[u8]) -> Read {
    read_by(&layouts(), name, bytes, None, &Limits::default()).unwrap()
}

#[test]
fn a_row_over_others_speaks_of_all_below_it() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["STT", "Họ tên", "Ngày sinh", "Mức lương"]);
        line(sheet, 2, &["(1)", "(2)", "(3)", "(4)=(3)x2"]);
        line(sheet, 3, &["", "Đỗ Không", "01/02/1990", "5.000.000"]);
        line(sheet, 4, &["I", "TĂNG", "", "9.000.000"]);
        line(sheet, 5, &["1", "Lê An", "01/02/1990", "5.000.000"]);
        line(sheet, 6, &["2", "Đỗ Bình", "", "4.000.000"]);
        line(sheet, 7, &["", "Cộng tăng", "", "9.000.000"]);
        line(sheet, 8, &["II. Giảm"]);
        line(sheet, 9, &["1", "2", "3", "4"]);
        line(sheet, 10, &["1", "Vũ Chi", "32/02/1990", "5.000.000"]);
        line(sheet, 11, &["2", "Tạ Dần", "01/02/1990", "5.000.000"]);
        line(sheet, 12, &["", "B - Nhóm hưu trí xã"]);
        line(sheet, 13, &["1", "Hồ Em", "01/02/1950", "5.000.000"]);
        line(sheet, 14, &["", "dòng này bỏ qua", "01/02/1950", "5.000.000"]);
        line(sheet, 16, &["", "Người lập biểu"]);
    });
    let first = read("d02.xlsx", &bytes);
    assert_eq!((first.report.stored, first.report.quarantined, first.report.passed_over), (5, 1, 7));
    assert_eq!(first.column("change"), ["∅", "Tăng", "Tăng", "Giảm", "Nhóm hưu trí xã"]);
    // The refused row comes back with the row it stood under.
    let file = String::from_utf8(rejects_csv(&first.report)).unwrap();
    assert_eq!(file.lines().nth(1), Some("II. Giảm"), "{file}");
    let mended = read("rejects.csv", file.replace("32/02/1990", "02/02/1990").as_bytes());
    assert_eq!((mended.report.stored, mended.column("change")), (1, vec!["Giảm".to_owned()]));
}

#[test]
fn what_the_row_itself_says_goes_first() {
    let text =
        "Họ tên;Ngày sinh;Mức lương;Loại\nTăng;;;\nLê An;1990;5;\nĐỗ Bình;1990;5;Giảm\nTăng mức đóng quý 2;;;\nVũ Tăng;1990;5;\n";
    let read = read("a.csv", text.as_bytes());
    assert_eq!((read.report.stored, read.report.passed_over), (3, 2));
    assert_eq!(read.column("change"), ["Tăng", "Giảm", "Tăng mức đóng quý 2"]);
}

#[test]
fn column_numbers_below_a_gap_are_no_data() {
    for numbers in ["1;2;3;4;5=3+4", "A;B;1;2;3", "(1);(2);(3);(4);(5)", "1;2;3;4;5"] {
        let text = format!(
            "STT;Họ tên;Ngày sinh;Mức lương;Loại\n;;;;\n{numbers}\n1;Lê An;1990;5;Tăng\n{numbers}\n2;Đỗ Bình;1990;5;Tăng\n"
        );
        let read = read("a.csv", text.as_bytes());
        assert_eq!((read.report.stored, read.report.quarantined, read.report.passed_over), (2, 0, 2), "{numbers}");
    }
}
