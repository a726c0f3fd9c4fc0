//! Cells whose text was TCVN3 or VNI and was read as Latin letters (`NguyÔn V¨n §øc`).

use std::borrow::Cow;

use super::evidence::{Evidence, latin_bytes};
use super::tables::OldEncoding;
use crate::cell::Cell;
use crate::table::MAX_COLUMNS;

/// Gathers what the columns of a table look like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Survey {
    columns: Vec<Evidence>,
    /// Words with letters that only Unicode has: the table as a whole is not spoiled.
    unicode: bool,
}

/// How the columns of a table are read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Repair {
    columns: Vec<Option<OldEncoding>>,
}

impl Survey {
    /// Adds a row.
    pub fn add(&mut self, cells: &[Cell<'_>]) {
        // A wider row is refused soon after.
        let width = cells.len().min(MAX_COLUMNS);
        if self.columns.len() < width {
            self.columns.resize(width, Evidence::default());
        }
        for (evidence, cell) in self.columns.iter_mut().zip(cells) {
            if let Cell::Text(text) = cell {
                self.unicode |= text.chars().any(is_beyond_latin);
                evidence.add_text(text);
            }
        }
    }

    /// How to read the table: a column by its own clear evidence; and where no letter of the table is
    /// Unicode Vietnamese and all clear columns agree, also those that say too little for themselves.
    pub fn repair(&self) -> Option<Repair> {
        let mut columns: Vec<Option<OldEncoding>> = self.columns.iter().map(Evidence::clear).collect();
        let first = columns.iter().flatten().next().copied()?;
        let agree = columns.iter().flatten().all(|encoding| *encoding == first);
        if agree && !self.unicode {
            for (column, evidence) in columns.iter_mut().zip(&self.columns) {
                let is_foreign = evidence.words >= 3 && !evidence.is_sound(evidence.of(first));
                *column = column.or((!is_foreign).then_some(first));
            }
        }
        Some(Repair { columns })
    }
}

impl Repair {
    /// A row with its spoiled cells mended, and how many these are; `None` when the row stays as it is.
    pub fn row<'c>(&self, cells: &[Cell<'c>]) -> Option<(Vec<Cell<'c>>, u64)> {
        let mut mended: Option<Vec<Cell<'c>>> = None;
        let mut count = 0;
        for (at, (cell, encoding)) in cells.iter().zip(&self.columns).enumerate() {
            let (Cell::Text(text), Some(encoding)) = (cell, encoding) else { continue };
            let Some(better) = read_again(text, *encoding) else { continue };
            mended.get_or_insert_with(|| cells.to_vec())[at] = Cell::Text(Cow::Owned(better));
            count += 1;
        }
        mended.map(|cells| (cells, count))
    }
}

fn read_again(text: &str, encoding: OldEncoding) -> Option<String> {
    if text.is_ascii() {
        return None;
    }
    latin_bytes(text).and_then(|bytes| encoding.decode(&bytes))
}

/// Letters such as `ạ`, `ư`, `đ`: no text that was read as Latin letters has them.
fn is_beyond_latin(c: char) -> bool {
    matches!(c, 'ă' | 'Ă' | 'đ' | 'Đ' | 'ĩ' | 'Ĩ' | 'ũ' | 'Ũ' | 'ơ' | 'Ơ' | 'ư' | 'Ư' | 'Ạ'..='ỹ' | '\u{300}'..='\u{323}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells<'c>(texts: &[&'c str]) -> Vec<Cell<'c>> {
        texts.iter().map(|t| Cell::Text(Cow::Borrowed(*t))).collect()
    }

    fn mended(rows: &[&[&str]]) -> Option<Vec<Vec<String>>> {
        let mut survey = Survey::default();
        rows.iter().for_each(|row| survey.add(&cells(row)));
        let repair = survey.repair()?;
        let read = |row: &[&str]| {
            repair.row(&cells(row)).map_or(cells(row), |(cells, _)| cells).iter().map(|c| c.text().into_owned()).collect()
        };
        Some(rows.iter().map(|row| read(row)).collect())
    }

    #[test]
    fn a_spoiled_table_is_mended_with_its_header() {
        let rows: &[&[&str]] = &[
            &["Hä vµ tªn", "Sè CMND", "Ph¸i", "Email"],
            &["NguyÔn V¨n §øc", "012345678", "Nam", "a@b.vn"],
            &["TrÇn ThÞ Mü H¹nh", "012345679", "N÷", ""],
        ];
        let mended = mended(rows).unwrap();
        assert_eq!(mended[0], ["Họ và tên", "Số CMND", "Phái", "Email"]);
        assert_eq!(mended[2], ["Trần Thị Mỹ Hạnh", "012345679", "Nữ", ""]);
    }

    #[test]
    fn one_spoiled_column_beside_sound_ones_is_mended_alone() {
        let rows: &[&[&str]] = &[
            &["Họ và tên", "Hà", "§Þa chØ"],
            &["Nguyễn Văn Đức", "Hà", "Ph\u{ad}êng Ba §×nh"],
            &["Trần Thị Hà", "Bà", "Sè 5 phè Hµng §µo"],
        ];
        let mended = mended(rows).unwrap();
        assert_eq!(mended[1], ["Nguyễn Văn Đức", "Hà", "Phường Ba Đình"]);
        assert_eq!(mended[2], ["Trần Thị Hà", "Bà", "Số 5 phố Hàng Đào"]);
    }

    #[test]
    fn sound_tables_and_single_cells_are_left() {
        assert_eq!(mended(&[&["Họ tên", "Hà Nam"], &["Đỗ Hà", "Hòa Bình"]]), None);
        assert_eq!(mended(&[&["Họ tên"], &["Đỗ Hà"], &["NguyÔn V¨n §øc"], &["Trần Thị Mỹ"], &["Vũ Thị Mỹ"]]), None);
    }
}
