//! Under an agreement only its fields are read: the rest leaves nothing behind, neither stored nor in the refused rows.

use std::collections::{BTreeMap, BTreeSet};

use intake::{IntakeError, Layouts, Limits, rejects_csv};

use crate::support::{layouts, line, read_by, workbook};

/// The project's layouts where the roster of pupils may hold these fields alone.
fn within(fields: &[&str]) -> Layouts {
    let fields: BTreeSet<String> = fields.iter().map(|f| (*f).to_owned()).collect();
    layouts().within(&BTreeMap::from([("pupils".to_owned(), fields)]))
}

const LEAST: [&str; 5] = ["class", "personal_id", "full_name", "birth_date", "school_year"];

fn class_list() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 1, &["Trường: THCS Văn Yên"]);
        line(sheet, 2, &["Năm học 2026-2027"]);
        line(sheet, 4, &["Lớp", "Mã định danh", "Họ và tên", "Ngày sinh", "Giới tính", "Địa chỉ", "Email"]);
        line(sheet, 5, &["6A", "001215012345", "Nguyễn An", "03/02/2015", "Nam", "Số 7 ngõ Thử", "an@example.vn"]);
        line(sheet, 6, &["6A", "001315012346", "Lê Bình", "31/02/2015", "Nữ", "Số 9 ngõ Thử", "binh@example.vn"]);
        line(sheet, 7, &["6A", "001315012347", "Đỗ Chi", "01/03/2015", "", "Số 11 ngõ Thử", ""]);
    })
}

#[test]
fn a_field_outside_the_agreement_is_dropped_and_counted() {
    let read = read_by(&within(&LEAST), "a.xlsx", &class_list(), None, &Limits::default()).unwrap();
    assert_eq!((read.report.stored, read.report.quarantined), (2, 1));
    assert_eq!(read.report.outside_columns, [("Giới tính".to_owned(), 2), ("Địa chỉ".to_owned(), 3)].into());
    assert_eq!(read.report.unknown_columns, ["Email"]);
    assert_eq!(read.column("full_name"), ["Nguyễn An", "Đỗ Chi"]);
    assert_eq!(read.column("address"), ["∅", "∅"]);
    // The title names the school, which this agreement does not hold either.
    assert!(!read.report.title_facts.contains_key("school_name"), "{:?}", read.report.title_facts);
    let file = String::from_utf8(rejects_csv(&read.report)).unwrap();
    assert!(file.contains("Lê Bình") && file.contains("31/02/2015"), "{file}");
    for gone in ["ngõ Thử", "example.vn", "Văn Yên", ",Nữ,"] {
        assert!(!file.contains(gone), "{gone} stays in {file}");
    }
}

#[test]
fn without_an_agreement_everything_is_read_as_before() {
    let other = layouts().within(&BTreeMap::from([("population".to_owned(), BTreeSet::new())]));
    for layouts in [layouts(), &other] {
        let read = read_by(layouts, "a.xlsx", &class_list(), None, &Limits::default()).unwrap();
        assert!(read.report.outside_columns.is_empty());
        assert_eq!(read.column("address"), ["Số 7 ngõ Thử", "Số 11 ngõ Thử"]);
        assert!(String::from_utf8(rejects_csv(&read.report)).unwrap().contains("Số 9 ngõ Thử"));
    }
}

#[test]
fn an_agreement_without_what_every_file_must_have_refuses_the_file() {
    let error = read_by(&within(&["class", "full_name"]), "a.xlsx", &class_list(), None, &Limits::default()).unwrap_err();
    let IntakeError::OutsideAgreement { headers } = &error else { panic!("{error:?}") };
    assert_eq!(*headers, ["Số định danh", "Ngày sinh", "Năm học"]);
    assert!(error.to_string().contains("Thỏa thuận"), "{error}");
}

#[test]
fn a_line_whose_cells_have_shifted_leaves_nothing_behind() {
    let text = "Lớp,Mã định danh,Họ và tên,Ngày sinh,Năm học,Địa chỉ\n6A,001215012345,Nguyễn An,03/02/2015,2026-2027,Số 7\n\
                6A,001315012346,Lê,Bình,03/02/2015,2026-2027,Số 9 ngõ Thử\n";
    let read = read_by(&within(&LEAST), "a.csv", text.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!((read.report.stored, read.report.quarantined), (1, 1));
    let file = String::from_utf8(rejects_csv(&read.report)).unwrap();
    assert!(!file.contains("ngõ Thử") && !file.contains("Bình"), "{file}");
}

/// A card of the armed forces must not come in as a person without a card because its column is not read.
#[test]
fn cards_of_the_armed_forces_are_refused_in_a_column_nobody_reads() {
    let layouts = crate::support::layout_of(
        "fields:\n  - {name: full_name, kind: name, required: true, needed: true, headers: [Họ và tên]}\n\
         \x20 - {name: card_number, kind: card_number, headers: [Mã thẻ]}\n",
    );
    let agreed = BTreeMap::from([("x".to_owned(), BTreeSet::from(["full_name".to_owned()]))]);
    let text = "Họ và tên,Mã thẻ\nLê An,QN4010123456789\nLê Bình,DN4010123456789\n";
    let read = read_by(&layouts.within(&agreed), "a.csv", text.as_bytes(), None, &Limits::default()).unwrap();
    assert_eq!((read.report.stored, read.report.quarantined), (1, 1));
    assert_eq!(read.column("full_name"), ["Lê Bình"]);
    assert_eq!(read.report.rejects[0].reason.code(), "armed_forces");
    assert!(read.report.rejects[0].cells.is_empty());
}
