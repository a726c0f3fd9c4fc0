//! Workbooks of Excel 97-2003.

use intake::{IntakeError, Limits};
use proptest::prelude::*;

use crate::support::{Read, layout_of, read_by};
use crate::xls_bytes::Xls::{Day, Formula, None, Number, Text};
use crate::xls_bytes::{Like, Xls, xls};

const KEYS: &str = "fields:\n\
    \x20 - {name: household, kind: text, headers: [Mã hộ], merged: down}\n\
    \x20 - {name: full_name, kind: name, required: true, needed: true, headers: [Họ tên]}\n\
    \x20 - {name: birth_date, kind: birth_date, headers: [Ngày sinh]}\n\
    \x20 - {name: paid, kind: dong, headers: [Số tiền]}\n";

fn rows() -> Vec<Vec<Xls>> {
    vec![
        vec![Text("DANH SÁCH")],
        vec![],
        vec![Text("Mã hộ"), Text("Họ tên"), Text("Ngày sinh"), Text("Số tiền")],
        vec![Text("H1"), Text("Đỗ Thị Mỹ"), Day(42_038.0), Number(5_000.0)],
        vec![None, Text("Lê An"), Number(1957.0), Formula(7_500.0)],
        vec![Text("H2"), Text("Vũ Chi"), Text("03/02/2015"), Text("1.000")],
    ]
}

fn read(bytes: &[u8]) -> Result<Read, IntakeError> {
    read_by(&layout_of(KEYS), "a.xls", bytes, Option::None, &Limits::default())
}

#[test]
fn texts_days_numbers_and_last_values_of_formulas_are_read() {
    let read = read(&xls(&rows(), Like::default())).unwrap();
    assert_eq!((read.report.stored, read.report.sheet.as_deref()), (3, Some("Trang1")));
    assert_eq!(read.column("full_name"), ["Đỗ Thị Mỹ", "Lê An", "Vũ Chi"]);
    assert_eq!(read.column("birth_date"), ["2015-02-03", "1957-01-01", "2015-02-03"]);
    assert_eq!(read.column("paid"), ["5000", "7500", "1000"]);
    assert_eq!(read.column("source_row"), ["4", "5", "6"]);
    assert_eq!(read.column("household"), ["H1", "∅", "H2"]);
}

#[test]
fn merged_cells_and_the_epoch_of_1904_are_known() {
    let like = Like { is_1904: true, merged: Some([3, 4, 0, 0]), ..Like::default() };
    let read = read(&xls(&rows(), like)).unwrap();
    assert_eq!(read.column("household"), ["H1", "H1", "H2"]);
    // 1,462 days later.
    assert_eq!(read.column("birth_date")[0], "2019-02-04");
}

#[test]
fn passwords_lies_and_circles_are_refused() {
    assert_eq!(read(&xls(&rows(), Like { has_password: true, ..Like::default() })).unwrap_err(), IntakeError::Encrypted);
    // A few bytes that would be laid out as 16 million cells.
    let huge = Like { announced: Some((65_536, 256)), ..Like::default() };
    assert!(matches!(read(&xls(&rows(), huge)), Err(IntakeError::Suspicious { .. })));
    let impossible = Like { announced: Some((4_000_000_000, 9)), ..Like::default() };
    assert!(matches!(read(&xls(&rows(), impossible)), Err(IntakeError::Suspicious { .. })));
    // The directory's chain points at itself.
    let mut circle = xls(&rows(), Like::default());
    circle[516..520].copy_from_slice(&1u32.to_le_bytes());
    assert!(matches!(read(&circle), Err(IntakeError::Suspicious { .. })));
}

#[test]
fn cut_files_and_other_documents_say_so() {
    let whole = xls(&rows(), Like::default());
    for part in [100, 600, 1_500, 1_700] {
        let error = read(&whole[..part]).unwrap_err();
        assert!(matches!(error, IntakeError::Truncated { .. }), "{part}: {error}");
    }
    let name: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let renamed = |to: &str| {
        let mut bytes = whole.clone();
        let at = bytes.windows(name.len()).position(|w| w == name).unwrap();
        let mut to: Vec<u8> = to.encode_utf16().flat_map(u16::to_le_bytes).collect();
        to.resize(64, 0);
        bytes[at..at + 64].copy_from_slice(&to);
        bytes
    };
    assert!(matches!(read(&renamed("WordDocument")), Err(IntakeError::NotATable { hint }) if hint.contains("Word")));
    assert_eq!(read(&renamed("EncryptedPackage")).unwrap_err(), IntakeError::Encrypted);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn damaged_old_workbooks_never_end_the_program(flips in proptest::collection::vec((0usize..100_000, any::<u8>()), 1..8)) {
        let mut bytes = xls(&rows(), Like::default());
        for (at, byte) in flips {
            // The filling behind the records says nothing.
            let at = at % 2_600;
            bytes[at] ^= byte;
        }
        if let Ok(read) = read(&bytes) {
            prop_assert!(read.report.read <= 6);
        }
    }
}
