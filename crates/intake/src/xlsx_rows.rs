//! Rows of a workbook, streamed.

use std::borrow::Cow;
use std::io::Cursor;

use base::Date;
use calamine::{DataRef, Dimensions, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use crate::cell::Cell;
use crate::csv_rows::Visit;
use crate::error::IntakeError;
use crate::source::Limits;
use crate::table::MAX_COLUMNS;
use crate::zip_guard;

/// An opened workbook.
pub(crate) struct Workbook<'b> {
    inner: Xlsx<Cursor<&'b [u8]>>,
}

impl<'b> Workbook<'b> {
    /// Opens a workbook after its container was looked at.
    pub fn open(bytes: &'b [u8], limits: &Limits) -> Result<Self, IntakeError> {
        zip_guard::check(bytes, limits)?;
        let inner = Xlsx::new(Cursor::new(bytes)).map_err(explain)?;
        Ok(Self { inner })
    }

    /// Names of the worksheets in their order, those that can be seen; all when none can.
    pub fn sheets(&self) -> Vec<String> {
        let sheets = self.inner.sheets_metadata().iter().filter(|s| s.typ == SheetType::WorkSheet);
        let (seen, hidden): (Vec<_>, Vec<_>) = sheets.partition(|s| s.visible == SheetVisible::Visible);
        let shown = if seen.is_empty() { hidden } else { seen };
        shown.into_iter().map(|s| s.name.clone()).collect()
    }

    /// Merged cells of a sheet.
    pub fn merged(&mut self, sheet: &str) -> Result<Vec<Dimensions>, IntakeError> {
        self.inner.merge_cells_by_sheet_name(sheet).map_err(explain)
    }

    /// Visits the rows of a sheet that have cells, in order.
    pub fn visit_rows(&mut self, sheet: &str, visit: &mut Visit<'_>) -> Result<(), IntakeError> {
        let mut reader = self.inner.worksheet_cells_reader(sheet).map_err(explain)?;
        let mut row: Option<u32> = None;
        let mut cells: Vec<Cell<'_>> = Vec::new();
        while let Some(cell) = reader.next_cell().map_err(explain)? {
            let (at, column) = cell.get_position();
            if column as usize >= MAX_COLUMNS {
                if matches!(cell.get_value(), DataRef::Empty) {
                    continue;
                }
                return Err(IntakeError::Xlsx { detail: format!("hơn {MAX_COLUMNS} cột") });
            }
            if row != Some(at) {
                if let Some(done) = row {
                    if at < done {
                        return Err(IntakeError::Xlsx { detail: "các dòng không theo thứ tự".to_owned() });
                    }
                    if visit(u64::from(done) + 1, &cells)?.is_break() {
                        return Ok(());
                    }
                }
                cells.clear();
                row = Some(at);
            }
            let column = column as usize;
            if cells.len() <= column {
                cells.resize(column + 1, Cell::Empty);
            }
            cells[column] = read(cell);
        }
        if let Some(done) = row {
            // The last row: whether to go on after it is no question any more.
            let _ = visit(u64::from(done) + 1, &cells)?;
        }
        Ok(())
    }
}

fn read<'a>(cell: calamine::Cell<DataRef<'a>>) -> Cell<'a> {
    match cell.get_value() {
        DataRef::Empty => Cell::Empty,
        DataRef::SharedString("") => Cell::Empty,
        DataRef::SharedString(text) => Cell::Text(Cow::Borrowed(text)),
        DataRef::String(text) | DataRef::DurationIso(text) => Cell::Text(Cow::Owned(text.clone())),
        DataRef::DateTimeIso(text) => Cell::Text(Cow::Owned(text.clone())),
        DataRef::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(yes) => Cell::Text(Cow::Borrowed(if *yes { "TRUE" } else { "FALSE" })),
        DataRef::DateTime(time) => day(time),
        DataRef::Error(_) => Cell::Error,
    }
}

/// The day of a time, whichever epoch its workbook counts from.
pub(crate) fn day<'a>(time: &ExcelDateTime) -> Cell<'a> {
    if time.is_duration() {
        return Cell::Number(time.as_f64());
    }
    let (year, month, day, ..) = time.to_ymd_hms_milli();
    // The one day that Excel has and the calendar has not is 29 February 1900.
    Date::new(year.into(), month.into(), day.into()).map_or(Cell::Error, Cell::Day)
}

/// What is wrong with a workbook, in words that never repeat a cell.
fn explain(error: XlsxError) -> IntakeError {
    let detail = match error {
        XlsxError::Password => return IntakeError::Encrypted,
        XlsxError::Io(_) | XlsxError::Zip(_) => {
            return IntakeError::Truncated { detail: "không giải nén được".to_owned() };
        }
        XlsxError::XmlEof(_) => return IntakeError::Truncated { detail: "phần XML kết thúc giữa chừng".to_owned() },
        XlsxError::Xml(_) | XlsxError::XmlAttr(_) | XlsxError::Encoding(_) => "XML sai cú pháp",
        XlsxError::FileNotFound(_) | XlsxError::RelationshipNotFound => "thiếu phần bắt buộc",
        XlsxError::WorksheetNotFound(_) | XlsxError::NotAWorksheet(_) => "không có trang tính",
        XlsxError::RowNumberOverflow | XlsxError::ColumnNumberOverflow => "địa chỉ ô vượt khuôn khổ",
        _ => "ô hoặc địa chỉ ô sai dạng",
    };
    IntakeError::Xlsx { detail: detail.to_owned() }
}
