//! XLSX: text stays text, header frozen and filtered, the same sheet gives the same bytes.

use base::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::{Cell, Moment, Provenance, Sheet, SheetError, day};
use crate::report::number as double;

/// Rows of an Excel sheet.
const MAX_ROWS: usize = 1_048_576;
/// Characters of a cell, as Excel counts them (UTF-16).
const MAX_TEXT: usize = 32_767;
/// Above this a number of Excel (a double) is no longer exact; it is then written as text.
const MAX_EXACT: i64 = 9_007_199_254_740_991;

/// Writes the sheet as XLSX. The creation time is the sheet's own [`Moment`].
pub fn write_xlsx(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    write(&[(sheet, sheet.lines_below())])
}

/// Several sheets as one file; their names differ.
pub fn write_workbook(sheets: &[Sheet]) -> Result<Vec<u8>, SheetError> {
    let sheets: Vec<(&Sheet, Vec<String>)> = sheets.iter().map(|sheet| (sheet, sheet.lines_below())).collect();
    write(&sheets)
}

/// Writes the table alone, without lines under it: the template of another system, which would refuse them. Whose file it is stands in
/// the audit log only.
pub fn write_template(sheet: &Sheet) -> Result<Vec<u8>, SheetError> {
    write(&[(sheet, Vec::new())])
}

fn write(sheets: &[(&Sheet, Vec<String>)]) -> Result<Vec<u8>, SheetError> {
    let mut book = Workbook::new();
    if let Some((first, _)) = sheets.first() {
        book.set_properties(&properties(first)?);
    }
    for (sheet, below) in sheets {
        put(book.add_worksheet(), sheet, below)?;
    }
    book.save_to_buffer().map_err(|error| unfit("the file", &error))
}

fn put(page: &mut Worksheet, sheet: &Sheet, below: &[String]) -> Result<(), SheetError> {
    sheet.check_rows()?;
    let header_row = sheet.title.len() + usize::from(!sheet.title.is_empty());
    let rows = header_row + 1 + sheet.rows.len() + 1 + below.len();
    if rows > MAX_ROWS {
        return Err(SheetError::TooManyRows { rows, limit: MAX_ROWS });
    }
    page.set_name(&sheet.name).map_err(|error| unfit("the sheet's name", &error))?;
    let mut writer = Writer { page, formats: Formats::new() };
    writer.lines(0, &sheet.title, true)?;
    writer.header(header_row, sheet)?;
    for (index, row) in sheet.rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            writer.cell(header_row + 1 + index, column, index + 1, cell)?;
        }
    }
    writer.lines(header_row + 1 + sheet.rows.len() + 1, below, false)
}

struct Formats {
    title: Format,
    header: Format,
    text: Format,
    int: Format,
    decimal: Format,
    date: Format,
    note: Format,
}

impl Formats {
    fn new() -> Self {
        let cell = Format::new().set_border(FormatBorder::Thin).set_align(FormatAlign::Top);
        Self {
            title: Format::new().set_bold().set_font_size(13),
            header: cell.clone().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter),
            // The text format keeps leading zeros also when somebody edits the cell.
            text: cell.clone().set_num_format("@"),
            int: cell.clone().set_num_format("#,##0"),
            decimal: cell.clone().set_num_format("0.00"),
            date: cell.set_num_format("dd/mm/yyyy"),
            note: Format::new().set_italic(),
        }
    }
}

struct Writer<'a> {
    page: &'a mut Worksheet,
    formats: Formats,
}

impl Writer<'_> {
    /// Lines outside the table, in the first column.
    fn lines(&mut self, first_row: usize, lines: &[String], title: bool) -> Result<(), SheetError> {
        for (index, line) in lines.iter().enumerate() {
            check_length(line, 0, 0)?;
            let format = if title && index == 0 { &self.formats.title } else { &self.formats.note };
            let (row, column) = position(first_row + index, 0)?;
            self.page.write_string_with_format(row, column, line, format).map_err(|error| unfit("a line", &error))?;
        }
        Ok(())
    }

    fn header(&mut self, header_row: usize, sheet: &Sheet) -> Result<(), SheetError> {
        for (index, column) in sheet.columns.iter().enumerate() {
            check_length(&column.header, 0, index)?;
            let width = if column.width > 0 { f64::from(column.width) } else { header_width(&column.header) };
            let (row, at) = position(header_row, index)?;
            let written = self.page.write_string_with_format(row, at, &column.header, &self.formats.header);
            written.map_err(|error| unfit("the header", &error))?;
            self.page.set_column_width(at, width).map_err(|error| unfit("a column's width", &error))?;
            if column.hidden {
                self.page.set_column_hidden(at).map_err(|error| unfit("a hidden column", &error))?;
            }
        }
        let (first, _) = position(header_row, 0)?;
        let (last, right) = position(header_row + sheet.rows.len(), sheet.columns.len().saturating_sub(1))?;
        self.page.set_freeze_panes(first + 1, 0).map_err(|error| unfit("the frozen header", &error))?;
        if !sheet.columns.is_empty() {
            self.page.autofilter(first, 0, last, right).map_err(|error| unfit("the filter", &error))?;
        }
        self.page.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
        self.page.set_footer(printed_foot(sheet));
        self.page.set_repeat_rows(first, first).map_err(|error| unfit("the repeated header", &error))?;
        Ok(())
    }

    /// `number` is the row of the table from 1, for messages.
    fn cell(&mut self, row: usize, column: usize, number: usize, cell: &Cell) -> Result<(), SheetError> {
        let (at_row, at_column) = position(row, column)?;
        let Formats { text, int, decimal, date, .. } = &self.formats;
        let written = match cell {
            Cell::Text(value) => {
                check_length(value, number, column)?;
                // write_string, never write: it makes neither a formula nor a link of a text.
                self.page.write_string_with_format(at_row, at_column, value, text)
            }
            Cell::Int(value) => match exact(*value) {
                Some(number) => self.page.write_number_with_format(at_row, at_column, number, int),
                None => self.page.write_string_with_format(at_row, at_column, value.to_string(), text),
            },
            Cell::Decimal(value) => self.page.write_number_with_format(at_row, at_column, double(*value), decimal),
            Cell::Date(value) => match excel_date(*value) {
                Some(moment) => self.page.write_datetime_with_format(at_row, at_column, &moment, date),
                None => self.page.write_string_with_format(at_row, at_column, day(*value), text),
            },
            Cell::Empty => self.page.write_blank(at_row, at_column, text),
        };
        written.map(drop).map_err(|error| unfit("a cell", &error))
    }
}

/// Who took the file out and when, at the foot of every printed page. Excel takes 255 characters, `&` begins its own marks.
fn printed_foot(sheet: &Sheet) -> String {
    let Provenance { exported_by, purpose, exported_at, .. } = &sheet.provenance;
    let words =
        format!("{exported_by} · {:02}:{:02} {} · {purpose}", exported_at.hour, exported_at.minute, day(exported_at.date));
    let words: String = words.chars().take(200).collect();
    format!("&L&8{}&R&8&P/&N", words.replace('&', "&&"))
}

fn properties(sheet: &Sheet) -> Result<DocProperties, SheetError> {
    let Moment { date, hour, minute, second } = sheet.provenance.exported_at;
    let created = excel_date(date)
        .and_then(|day| day.and_hms(hour.into(), minute, second).ok())
        .ok_or_else(|| SheetError::Unfit { what: "the creation time", detail: "not between 1900 and 9999".to_owned() })?;
    let title = sheet.title.first().map_or("", String::as_str);
    Ok(DocProperties::new().set_title(title).set_author(&sheet.provenance.exported_by).set_creation_datetime(&created))
}

/// A date as Excel counts; `None` before March 1900, where its calendar has a day that never was.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    let (year, month, day) = (u16::try_from(date.year()).ok()?, date.month_number(), date.day());
    if (year, month) < (1900, 3) {
        return None;
    }
    ExcelDateTime::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?).ok()
}

/// The number as a double when it is exactly one.
fn exact(number: i64) -> Option<f64> {
    #[allow(clippy::cast_precision_loss)]
    (-MAX_EXACT..=MAX_EXACT).contains(&number).then_some(number as f64)
}

fn header_width(header: &str) -> f64 {
    let characters = u16::try_from(header.chars().count()).unwrap_or(u16::MAX);
    f64::from(characters.clamp(8, 40) + 2)
}

fn check_length(text: &str, row: usize, column: usize) -> Result<(), SheetError> {
    // A text of few bytes needs no counting.
    if text.len() > MAX_TEXT && text.encode_utf16().count() > MAX_TEXT {
        return Err(SheetError::TooLong { row, column: column + 1 });
    }
    Ok(())
}

fn position(row: usize, column: usize) -> Result<(u32, u16), SheetError> {
    let unfit = || SheetError::Unfit { what: "the table", detail: format!("row {row}, column {column} lies outside a sheet") };
    Ok((u32::try_from(row).map_err(|_| unfit())?, u16::try_from(column).map_err(|_| unfit())?))
}

fn unfit(what: &'static str, error: &XlsxError) -> SheetError {
    SheetError::Unfit { what, detail: error.to_string() }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Range, Reader, Xlsx};

    use super::super::samples::{ATTACKS, sheet};
    use super::*;

    fn open(bytes: Vec<u8>) -> Xlsx<Cursor<Vec<u8>>> {
        calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap()
    }

    fn cells(sheet: &Sheet) -> Range<Data> {
        open(write_xlsx(sheet).unwrap()).worksheet_range("Danh sách").unwrap()
    }

    #[test]
    fn types_and_leading_zeros_survive() {
        let range = cells(&sheet(vec![]));
        let row: Vec<&Data> = range.rows().nth(4).unwrap().iter().collect();
        assert_eq!(row[0], &Data::Float(1.0));
        assert_eq!(row[1], &Data::String("Nguyễn Thị Ánh".into()));
        assert_eq!(row[2], &Data::String("001190000017".into()));
        // Day 32,909 of Excel is 5 February 1990.
        assert!(matches!(row[3], Data::DateTime(moment) if moment.as_f64() == 32_909.0), "{:?}", row[3]);
        assert_eq!(row[4], &Data::Float(-12_345_678.0));
        assert_eq!(range.rows().nth(3).unwrap()[1], Data::String("Họ và tên".into()));
        let last = range.rows().next_back().unwrap()[0].to_string();
        assert!(last.starts_with("Người xuất: u-09556-1"), "{last}");
    }

    #[test]
    fn no_text_becomes_a_formula_or_a_link() {
        let attacks: Vec<Vec<Cell>> = ATTACKS.iter().map(|text| vec![(*text).into(); 5]).collect();
        let attacked = sheet(attacks);
        let bytes = write_xlsx(&attacked).unwrap();
        let mut book = open(bytes.clone());
        assert!(book.worksheet_formula("Danh sách").unwrap().is_empty());
        let range = book.worksheet_range("Danh sách").unwrap();
        for (row, attack) in range.rows().skip(5).zip(ATTACKS) {
            // XML readers turn a lone carriage return into a line feed; Excel's own files do the same.
            let expected = attack.replace('\r', "\n");
            row.iter().for_each(|cell| assert_eq!(cell.to_string().replace('\r', "\n"), expected, "{attack:?}"));
        }
        assert!(!String::from_utf8_lossy(&bytes).contains("hyperlinks"));
    }

    #[test]
    fn the_same_sheet_gives_the_same_bytes_and_another_time_gives_others() {
        let mut other = sheet(vec![]);
        assert_eq!(write_xlsx(&other).unwrap(), write_xlsx(&sheet(vec![])).unwrap());
        other.provenance.exported_at.second = 1;
        assert_ne!(write_xlsx(&other).unwrap(), write_xlsx(&sheet(vec![])).unwrap());
    }

    #[test]
    fn what_excel_cannot_hold_is_refused_or_written_as_text() {
        let mut long = sheet(vec![]);
        long.rows[0][1] = "ế".repeat(MAX_TEXT + 1).into();
        assert_eq!(write_xlsx(&long).unwrap_err(), SheetError::TooLong { row: 1, column: 2 });
        long.rows[0][1] = "ế".repeat(MAX_TEXT).into();
        assert!(write_xlsx(&long).is_ok());

        let mut odd = sheet(vec![]);
        odd.rows[0][0] = Cell::Int(MAX_EXACT + 1);
        odd.rows[0][3] = Cell::Date("1899-12-31".parse().unwrap());
        let range = cells(&odd);
        let row = range.rows().nth(4).unwrap();
        assert_eq!(row[0], Data::String("9007199254740992".into()));
        assert_eq!(row[3], Data::String("31/12/1899".into()));

        let mut named = sheet(vec![]);
        named.name = "a/b".into();
        assert!(matches!(write_xlsx(&named), Err(SheetError::Unfit { what: "the sheet's name", .. })));
    }

    #[test]
    fn an_empty_list_is_still_a_file() {
        let mut empty = sheet(vec![]);
        empty.rows.clear();
        assert_eq!(cells(&empty).rows().nth(3).unwrap()[0], Data::String("STT".into()));
    }
}
