//! What holds for every file, however its rows are damaged.

use intake::Limits;
use proptest::prelude::*;

use crate::support::{read, read_with};

/// A sound row, or one with something wrong in one cell.
fn row() -> impl Strategy<Value = ([String; 6], bool)> {
    (0..10_000u32, 0..8u8).prop_map(|(serial, damage)| {
        let mut cells = ["6A", "", "Nguyễn Văn An", "03/02/2015", "Nam", "2026-2027"].map(str::to_owned);
        cells[1] = format!("001215{serial:06}");
        match damage {
            0 => cells[2] = String::new(),
            1 => cells[3] = "31/02/2015".to_owned(),
            2 => cells[4] = "?".to_owned(),
            3 => cells[5] = "năm ngoái".to_owned(),
            4 => cells[1] = format!("12{serial}"),
            _ => {}
        }
        (cells, damage < 4)
    })
}

fn file(rows: &[([String; 6], bool)], declared: usize) -> String {
    let mut text = format!("Tổng số: {declared} học sinh\nLớp;Mã định danh;Họ và tên;Ngày sinh;Giới tính;Năm học\n");
    for (cells, _) in rows {
        text.push_str(&cells.join(";"));
        text.push('\n');
    }
    text
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn every_row_is_stored_or_quarantined(rows in proptest::collection::vec(row(), 0..40)) {
        let broken = rows.iter().filter(|(_, broken)| *broken).count() as u64;
        let read = read("a.csv", file(&rows, rows.len()).as_bytes()).unwrap();
        prop_assert_eq!(read.report.read, rows.len() as u64);
        prop_assert_eq!(read.report.quarantined, broken);
        let expected: Vec<String> = (3u64..).zip(&rows).filter(|(_, (_, broken))| !broken).map(|(n, _)| n.to_string()).collect();
        prop_assert_eq!(read.column("source_row"), expected);
    }

    #[test]
    fn chunk_sizes_change_nothing(rows in proptest::collection::vec(row(), 0..40), chunk_rows in 1usize..10) {
        let text = file(&rows, rows.len());
        let whole = read("a.csv", text.as_bytes()).unwrap();
        let limits = Limits { chunk_rows, ..Limits::default() };
        let pieces = read_with("a.csv", text.as_bytes(), None, &limits).unwrap();
        prop_assert_eq!(whole.report.rows_hash, pieces.report.rows_hash);
        prop_assert!(pieces.chunks.iter().all(|c| c.rows() <= chunk_rows));
    }

    #[test]
    fn one_row_more_or_less_than_declared_is_refused(rows in proptest::collection::vec(row(), 1..20), off in prop_oneof![Just(-1isize), Just(1)]) {
        let declared = rows.len().checked_add_signed(off).unwrap();
        prop_assert!(read("a.csv", file(&rows, declared).as_bytes()).is_err());
    }
}
