//! Rows of an old workbook.

use std::borrow::Cow;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, Range, Reader, SheetType, SheetVisible, Xls, XlsError};

use super::container::Container;
use super::{records, unreadable};
use crate::cell::Cell;
use crate::csv_rows::Visit;
use crate::error::IntakeError;
use crate::xlsx_rows::day;

/// An opened workbook of Excel 97-2003; the format is read as a whole.
pub(crate) struct OldWorkbook {
    sheets: Vec<Sheet>,
}

struct Sheet {
    name: String,
    cells: Range<Data>,
    merged: Vec<Dimensions>,
}

impl OldWorkbook {
    /// Opens a workbook after its container and its records were looked at.
    pub fn open(bytes: &[u8]) -> Result<Self, IntakeError> {
        let container = Container::open(bytes)?;
        // A new workbook with a password lies in an old container.
        if container.has("EncryptedPackage") || container.has("EncryptionInfo") {
            return Err(IntakeError::Encrypted);
        }
        let stream = match container.stream("Workbook")? {
            Some(stream) => stream,
            None => container.stream("Book")?.ok_or_else(|| not_a_workbook(&container))?,
        };
        records::check(&stream)?;
        // The reader trusts lengths inside records; a damaged file must not end the program.
        let read = catch_unwind(AssertUnwindSafe(|| read_sheets(bytes))).map_err(|_| unreadable("nội dung sai chuẩn"))?;
        Ok(Self { sheets: read.map_err(explain)? })
    }

    /// Names of the worksheets in their order, those that can be seen; all when none can.
    pub fn sheets(&self) -> Vec<String> {
        self.sheets.iter().map(|sheet| sheet.name.clone()).collect()
    }

    /// Merged cells of a sheet.
    pub fn merged(&self, sheet: &str) -> Vec<Dimensions> {
        self.sheets.iter().find(|s| s.name == sheet).map(|s| s.merged.clone()).unwrap_or_default()
    }

    /// Visits the rows of a sheet in order.
    pub fn visit_rows(&self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), IntakeError> {
        let Some(sheet) = self.sheets.iter().find(|s| s.name == sheet) else { return Ok(()) };
        let Some((first_row, first_column)) = sheet.cells.start() else { return Ok(()) };
        let mut cells: Vec<Cell<'_>> = Vec::new();
        for (row, data) in (u64::from(first_row) + 1..).zip(sheet.cells.rows()) {
            cells.clear();
            cells.resize(first_column as usize, Cell::Empty);
            cells.extend(data.iter().map(read));
            if visit(row, &cells)?.is_break() {
                break;
            }
        }
        Ok(())
    }
}

fn read_sheets(bytes: &[u8]) -> Result<Vec<Sheet>, XlsError> {
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes))?;
    let all = book.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet);
    let (seen, hidden): (Vec<_>, Vec<_>) = all.partition(|s| s.visible == SheetVisible::Visible);
    let names: Vec<String> = if seen.is_empty() { hidden } else { seen }.into_iter().map(|s| s.name.clone()).collect();
    let mut sheets = Vec::with_capacity(names.len());
    for name in names {
        let cells = book.worksheet_range(&name)?;
        let merged = book.merge_cells_by_sheet_name(&name)?;
        sheets.push(Sheet { name, cells, merged });
    }
    Ok(sheets)
}

fn read(data: &Data) -> Cell<'_> {
    match data {
        Data::Empty => Cell::Empty,
        Data::String(text) if text.is_empty() => Cell::Empty,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::Text(Cow::Borrowed(text)),
        Data::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        Data::Float(number) => Cell::Number(*number),
        Data::Bool(yes) => Cell::Text(Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" })),
        Data::DateTime(time) => day(time),
        Data::Error(_) => Cell::Error,
    }
}

fn not_a_workbook(container: &Container<'_>) -> IntakeError {
    let hint = if container.has("WordDocument") { "là tệp Word" } else { "không có sổ tính trong tệp" };
    IntakeError::NotATable { hint: hint.to_owned() }
}

/// What is wrong with a workbook, in words that never repeat a cell.
fn explain(error: XlsError) -> IntakeError {
    match error {
        XlsError::Password => IntakeError::Encrypted,
        _ => unreadable("nội dung sai chuẩn"),
    }
}
