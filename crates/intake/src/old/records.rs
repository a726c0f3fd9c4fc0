//! The records of a workbook stream (MS-XLS), walked without keeping anything: what would a reader
//! reserve for it?

use super::{suspicious, truncated};
use crate::error::IntakeError;

/// Cells of all sheets together, empty ones inside the used rectangle counted: the reader lays each sheet
/// out as a whole. The fullest sheet of this format with 100 columns has 6.5 million.
const MAX_CELLS: u64 = 12_000_000;
/// Sheets of a workbook.
const MAX_SHEETS: usize = 256;
/// Rows and columns of the format.
const ROWS: u64 = 65_536;
const COLUMNS: u64 = 256;

const BOF: u16 = 0x0809;
const EOF: u16 = 0x000a;
const FILE_PASS: u16 = 0x002f;
const SHEET: u16 = 0x0085;
const DIMENSIONS: u16 = 0x0200;
/// Records that begin with row and column.
const CELLS: [u16; 9] = [0x0006, 0x00bd, 0x00d6, 0x00fd, 0x0201, 0x0203, 0x0204, 0x0205, 0x027e];
/// Several cells in one record; the last two bytes are the last column.
const SEVERAL: u16 = 0x00bd;

/// Refuses streams with a password, that are cut, or that would be laid out far larger than they are.
pub(crate) fn check(stream: &[u8]) -> Result<(), IntakeError> {
    let mut sheets = Vec::new();
    let mut ended = false;
    for record in Records(stream) {
        let (kind, data) = record?;
        match kind {
            FILE_PASS => return Err(IntakeError::Encrypted),
            SHEET => sheets.push(word(data, 0).zip(word(data, 2)).map(|(low, high)| low | high << 16).ok_or_else(cut)?),
            EOF => {
                ended = true;
                break;
            }
            _ => {}
        }
    }
    if !ended {
        return Err(cut());
    }
    if sheets.len() > MAX_SHEETS {
        return Err(suspicious("quá nhiều trang tính"));
    }
    let mut sorted = sheets.clone();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() != sheets.len() {
        return Err(suspicious("hai trang tính chung một phần dữ liệu"));
    }
    let mut cells = 0;
    for start in sheets {
        let sheet = usize::try_from(start).ok().and_then(|start| stream.get(start..)).ok_or_else(cut)?;
        cells += used_cells(sheet)?;
        if cells > MAX_CELLS {
            return Err(suspicious("vùng ô khai báo lớn hơn dữ liệu có thật"));
        }
    }
    Ok(())
}

fn cut() -> IntakeError {
    truncated("sổ tính")
}

/// Cells in the rectangle that a sheet announces or fills, whichever is larger.
fn used_cells(sheet: &[u8]) -> Result<u64, IntakeError> {
    let (mut rows, mut columns, mut announced, mut depth) = (0u64, 0u64, 0u64, 0u32);
    for record in Records(sheet) {
        let (kind, data) = record?;
        match kind {
            BOF => depth += 1,
            EOF if depth <= 1 => return Ok(announced.max(rows * columns)),
            EOF => depth -= 1,
            DIMENSIONS => announced = announced.max(announced_cells(data)?),
            // Charts inside a sheet have records that look like cells.
            kind if CELLS.contains(&kind) && depth <= 1 => {
                let row = word(data, 0).ok_or_else(cut)?;
                let column = word(data, if kind == SEVERAL { data.len().saturating_sub(2) } else { 2 }).ok_or_else(cut)?;
                rows = rows.max(row + 1);
                columns = columns.max(column + 1);
            }
            _ => {}
        }
        if columns > COLUMNS {
            return Err(suspicious("ô nằm ngoài khuôn khổ của tệp .xls"));
        }
    }
    Err(cut())
}

fn announced_cells(data: &[u8]) -> Result<u64, IntakeError> {
    // Rows have four bytes each since Excel 97, two before.
    let long = |at| word(data, at).zip(word(data, at + 2)).map(|(low, high)| low | high << 16);
    let found = if data.len() >= 14 {
        long(0).zip(long(4)).zip(word(data, 8).zip(word(data, 10)))
    } else {
        word(data, 0).zip(word(data, 2)).zip(word(data, 4).zip(word(data, 6)))
    };
    let ((first_row, last_row), (first_column, last_column)) = found.ok_or_else(cut)?;
    let ordered = first_row <= last_row && first_column <= last_column;
    if last_row > ROWS || last_column > COLUMNS || !(ordered || last_row == 0 || last_column == 0) {
        return Err(suspicious("khuôn khổ trang tính sai"));
    }
    Ok(last_row * last_column)
}

fn word(data: &[u8], at: usize) -> Option<u64> {
    data.get(at..at + 2).and_then(|b| b.try_into().ok()).map(u16::from_le_bytes).map(u64::from)
}

/// Kind and contents of each record.
struct Records<'s>(&'s [u8]);

impl<'s> Iterator for Records<'s> {
    type Item = Result<(u16, &'s [u8]), IntakeError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (kind, length) = (word(self.0, 0)?, word(self.0, 2)?);
        let end = 4 + usize::try_from(length).unwrap_or(usize::MAX - 4);
        let Some(data) = self.0.get(4..end) else {
            self.0 = &[];
            return Some(Err(cut()));
        };
        self.0 = &self.0[end..];
        Some(Ok((u16::try_from(kind).unwrap_or_default(), data)))
    }
}
