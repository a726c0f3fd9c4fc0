//! Cells merged over several rows of data.

use intake::Limits;

use crate::support::{layout_of, line, merge, read_by, workbook};

const KEYS: &str = "fields:\n\
    \x20 - {name: household, kind: text, headers: [Mã hộ], merged: down}\n\
    \x20 - {name: full_name, kind: name, required: true, needed: true, headers: [Họ tên]}\n\
    \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
    \x20 - {name: paid, kind: dong, headers: [Số tiền]}\n\
    footer: [\"người lập*\"]\n";

fn bytes() -> Vec<u8> {
    workbook(|sheet| {
        line(sheet, 2, &["Mã hộ", "Họ tên", "Ngày sinh", "Số tiền"]);
        line(sheet, 3, &["", "Lê An", "1990", ""]);
        line(sheet, 4, &["", "Đỗ Bình", "1991", ""]);
        line(sheet, 5, &["H2", "Vũ Chi", "1992", "7.000"]);
        line(sheet, 6, &["", "Tạ Dần", "1993", ""]);
        line(sheet, 8, &["", "Người lập biểu"]);
        merge(sheet, (3, 4), (0, 0), "H1");
        merge(sheet, (3, 4), (3, 3), "9.000");
        merge(sheet, (6, 8), (0, 0), "H3");
    })
}

#[test]
fn a_value_lies_over_all_its_rows_where_the_layout_says_so() {
    let read = |keys: &str| read_by(&layout_of(keys), "a.xlsx", &bytes(), None, &Limits::default()).unwrap();
    let carried = read(KEYS);
    assert_eq!((carried.report.stored, carried.report.passed_over), (4, 1));
    assert_eq!(carried.column("household"), ["H1", "H1", "H2", "H3"]);
    // The sum of the household is paid once.
    assert_eq!(carried.column("paid"), ["9000", "∅", "7000", "∅"]);
    let plain = read(&KEYS.replace(", merged: down", ""));
    assert_eq!(plain.column("household"), ["H1", "∅", "H2", "H3"]);
}
