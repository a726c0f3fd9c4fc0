//! Kinds of fields through whole files: coefficients, shares, coded sexes, signed sums, two identity columns.

use intake::{Limits, count_reasons};

use crate::support::{Read, layout_of, line, read_by, workbook};

const KEYS: &str = "fields:\n\
    \x20 - {name: full_name, kind: name, required: true, needed: true, headers: [Họ tên]}\n\
    \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
    \x20 - {name: personal_id, kind: personal_id, headers: [Số CCCD]}\n\
    \x20 - {name: cmnd, kind: old_id, headers: [Số CMND]}\n\
    \x20 - {name: sex, kind: sex, headers: [Phái], codes: {\"1\": male, \"2\": female}}\n\
    \x20 - {name: coefficient, kind: coefficient, headers: [Hệ số]}\n\
    \x20 - {name: rate, kind: share, headers: [Tỷ lệ]}\n\
    \x20 - {name: change, kind: dong, signed: true, headers: [Điều chỉnh]}\n\
    \x20 - {name: receipt, kind: text, headers: [Biên lai], repeat: last}\n\
    totals: [\"tổng cộng*\"]\n";

fn read(name: &str, bytes: &[u8]) -> Read {
    read_by(&layout_of(KEYS), name, bytes, None, &Limits::default()).unwrap()
}

#[test]
fn decimals_and_codes_of_a_text_file() {
    let text = "Họ tên;Phái;Hệ số;Tỷ lệ;Điều chỉnh\n\
        Lê An;1;2,34;4,5%;(5.000)\n\
        Đỗ Bình;2;3.66;0,105;-\n\
        Vũ Chi;Nữ;;;12.000\n\
        Tạ Dần;0;2,34;4,5%;0\n\
        Hồ Em;Nam;bậc 3;0,5;0\n\
        Tổng cộng;;6,00;;7.000\n";
    let read = read("a.csv", text.as_bytes());
    assert_eq!((read.report.stored, read.report.quarantined, read.report.passed_over), (3, 2, 1));
    assert_eq!(read.column("sex"), ["male", "female", "female"]);
    assert_eq!(read.column("coefficient"), ["23400", "36600", "∅"]);
    assert_eq!(read.column("rate"), ["450", "1050", "∅"]);
    assert_eq!(read.column("change"), ["-5000", "0", "12000"]);
    assert_eq!(count_reasons(&read.report.rejects), [("bad_coefficient", 1), ("bad_sex", 1)].into());
    assert_eq!(read.report.rejects[1].also[0].reason.code(), "unclear_share");
}

#[test]
fn numbers_of_a_workbook_read_the_same() {
    let bytes = workbook(|sheet| {
        line(sheet, 1, &["Họ tên", "Phái", "Hệ số", "Tỷ lệ", "Điều chỉnh"]);
        line(sheet, 2, &["Lê An"]);
        for (column, number) in [(1, 1.0), (2, 1.86 + 0.33), (3, 0.045), (4, -5_000.0)] {
            sheet.write_number(1, column, number).unwrap();
        }
    });
    let read = read("a.xlsx", &bytes);
    assert_eq!((read.column("sex"), read.column("coefficient")), (vec!["male".into()], vec!["21900".to_owned()]));
    assert_eq!((read.column("rate"), read.column("change")), (vec!["450".into()], vec!["-5000".to_owned()]));
}

#[test]
fn two_columns_of_identity_numbers_complete_each_other() {
    let text = "Họ tên,Số CCCD,Số CMND,Biên lai,Biên lai\n\
        Lê An,001168012345,012345678,1,A1\n\
        Đỗ Bình,,012345679,2,A2\n\
        Vũ Chi,,001168012346,3,A3\n\
        Tạ Dần,001168012347,001168012347,4,A4\n\
        Hồ Em,001168012348,không rõ,5,\n\
        Lý Giáp,001168012349,,6,A6\n";
    let read = read("a.csv", text.as_bytes());
    assert_eq!(read.report.stored, 6);
    assert_eq!(read.column("personal_id"), ["001168012345", "∅", "001168012346", "001168012347", "001168012348", "001168012349"]);
    assert_eq!(read.column("old_id"), ["012345678", "012345679", "∅", "∅", "∅", "∅"]);
    assert_eq!(read.column("id_flag"), ["∅", "∅", "∅", "∅", "old_unclear", "∅"]);
    assert_eq!(read.column("receipt"), ["A1", "A2", "A3", "A4", "∅", "A6"]);
    assert!(read.report.unknown_columns.is_empty(), "{:?}", read.report.unknown_columns);
}
