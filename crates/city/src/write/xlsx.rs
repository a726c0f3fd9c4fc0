//! Workbooks with title rows, two-line merged headers, totals and signature lines.
//!
//! The same rows give the same bytes: the creation time is fixed and nothing else depends on when or
//! where the file is written.

use std::path::{Path, PathBuf};

use base::Date;
use rayon::prelude::*;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::error::CityError;
use crate::rosters::{Cell, Form, Row};
use crate::write::bulk;

/// Most data rows of one workbook.
pub const MOST_ROWS: usize = 100_000;
/// Full workbooks held back before they are written, two at a time.
const PENDING: usize = 2;

/// Row of the first data row as the spreadsheet shows it, from 1.
pub fn first_row(form: &Form) -> u64 {
    // Title, an empty line, two header lines; a sheet for a program begins with its one header line.
    if form.title.is_empty() { 2 } else { form.title.len() as u64 + 4 }
}

/// Rows from which on a workbook is a program's export ([`bulk`]), not somebody's spreadsheet.
pub const BULK: usize = 500;

/// Makes a workbook of rows, in the way of its size.
pub fn any_size(form: &Form, rows: &[Row], file: &str) -> Result<Vec<u8>, CityError> {
    // Lists with headings of sections are somebody's spreadsheet, however long.
    let by_hand = rows.len() < BULK || rows.iter().any(|row| row.section.is_some());
    if by_hand { workbook(form, rows, file) } else { Ok(bulk::workbook(form, rows)) }
}

/// The spreadsheet rows of data rows: headings of sections take lines of their own.
pub fn numbers(first: u64, rows: &[Row]) -> Vec<u64> {
    let mut section = None;
    let mut next = first;
    let mut numbers = Vec::with_capacity(rows.len());
    for row in rows {
        let own = row.section.as_deref();
        next += u64::from(own.is_some() && own != section);
        section = own;
        numbers.push(next);
        next += 1;
    }
    numbers
}

/// Makes a workbook of rows as a spreadsheet does.
pub fn workbook(form: &Form, rows: &[Row], file: &str) -> Result<Vec<u8>, CityError> {
    build(form, rows).map_err(|error| CityError::Xlsx { file: file.to_owned(), detail: error.to_string() })
}

fn build(form: &Form, rows: &[Row]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2026, 1, 1)?));
    let sheet = book.add_worksheet();
    sheet.set_name(form.sheet)?;
    let count = rows.len().to_string();
    for (at, line) in form.title.iter().enumerate() {
        sheet.write_string(at as u32, 0, line.replace("{rows}", &count))?;
    }
    header(sheet, form)?;
    let date_format = Format::new().set_num_format("dd/mm/yyyy");
    let numbers = numbers(first_row(form), rows);
    let mut line = first_row(form) as u32 - 1;
    for (at, (row, number)) in rows.iter().zip(&numbers).enumerate() {
        if let Some(section) = row.section.as_deref().filter(|_| *number as u32 - 1 > line) {
            sheet.write_string(line, 0, section)?;
        }
        line = *number as u32 - 1;
        sheet.write_number(line, 0, (at + 1) as f64)?;
        for (column, cell) in row.cells.iter().enumerate() {
            write(sheet, line, column as u16 + 1, cell, &date_format)?;
        }
        line += 1;
    }
    if !form.totals.is_empty() {
        sheet.write_string(line, 1, "Tổng cộng")?;
        for column in &form.totals {
            let sum: i64 = rows.iter().map(|r| if let Cell::Number(n) = r.cells[column - 1] { n } else { 0 }).sum();
            sheet.write_number(line, *column as u16, sum as f64)?;
        }
        line += 1;
    }
    for footer in &form.footer {
        // Signature lines stand on the right, counts on the left.
        let column = if footer.contains("{rows}") { 0 } else { form.header.len() as u16 - 2 };
        sheet.write_string(line + 1, column, footer.replace("{rows}", &count))?;
        line += 1;
    }
    book.save_to_buffer()
}

/// The two header lines, merged across equal parents and down where there is no second line.
fn header(sheet: &mut Worksheet, form: &Form) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold().set_align(FormatAlign::Center);
    if form.title.is_empty() {
        for (at, (name, _)) in form.header.iter().enumerate() {
            sheet.write_string(0, at as u16, *name)?;
        }
        return Ok(());
    }
    let top = form.title.len() as u32 + 1;
    let mut at = 0;
    while at < form.header.len() {
        let (parent, child) = form.header[at];
        let column = at as u16;
        if child.is_empty() {
            sheet.merge_range(top, column, top + 1, column, parent, &bold)?;
            at += 1;
            continue;
        }
        let end = form.header[at..].iter().position(|(other, _)| *other != parent).map_or(form.header.len(), |n| at + n);
        if end - at > 1 {
            sheet.merge_range(top, column, top, end as u16 - 1, parent, &bold)?;
        } else {
            sheet.write_string_with_format(top, column, parent, &bold)?;
        }
        for (number, (_, child)) in form.header[at..end].iter().enumerate() {
            sheet.write_string_with_format(top + 1, (at + number) as u16, *child, &bold)?;
        }
        at = end;
    }
    Ok(())
}

fn write(sheet: &mut Worksheet, line: u32, column: u16, cell: &Cell, date_format: &Format) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(text) => sheet.write_string(line, column, text)?,
        Cell::Number(number) => sheet.write_number(line, column, *number as f64)?,
        Cell::Date(date) => match excel_date(*date) {
            Some(excel) => sheet.write_datetime_with_format(line, column, &excel, date_format)?,
            None => sheet.write_string(line, column, cell.text())?,
        },
    };
    Ok(())
}

/// Spreadsheets know no day before 1900.
fn excel_date(date: Date) -> Option<ExcelDateTime> {
    ExcelDateTime::from_ymd(u16::try_from(date.year()).ok()?, date.month_number() as u8, date.day() as u8).ok()
}

/// A roster cut into workbooks of at most [`MOST_ROWS`] rows.
pub struct Parts {
    folder: PathBuf,
    stem: String,
    form: Form,
    rows: Vec<Row>,
    pending: Vec<(String, Vec<Row>)>,
    written: usize,
}

/// A finished workbook: its name and rows, for the truth files.
pub type Part = (String, Vec<Row>);

impl Parts {
    /// A roster to be written into a folder as `stem.xlsx`, or `stem_phan_01.xlsx` and so on.
    pub fn new(folder: &Path, stem: String, form: Form) -> Self {
        Self { folder: folder.to_owned(), stem, form, rows: Vec::new(), pending: Vec::new(), written: 0 }
    }

    /// Row of the first data row in every part.
    pub fn first_row(&self) -> u64 {
        first_row(&self.form)
    }

    /// Adds rows; returns workbooks that were written because they were full.
    pub fn add(&mut self, rows: Vec<Row>) -> Result<Vec<Part>, CityError> {
        for row in rows {
            if self.rows.len() == MOST_ROWS {
                self.close_part();
            }
            self.rows.push(row);
        }
        if self.pending.len() >= PENDING { self.write() } else { Ok(Vec::new()) }
    }

    /// Writes what is left. A roster without rows is still a file with its header.
    pub fn finish(&mut self) -> Result<Vec<Part>, CityError> {
        if self.written == 0 && self.pending.is_empty() {
            let rows = std::mem::take(&mut self.rows);
            self.pending.push((format!("{}.xlsx", self.stem), rows));
        } else {
            self.close_part();
        }
        self.write()
    }

    fn close_part(&mut self) {
        let number = self.written + self.pending.len() + 1;
        let rows = std::mem::take(&mut self.rows);
        self.pending.push((format!("{}_phan_{number:02}.xlsx", self.stem), rows));
    }

    fn write(&mut self) -> Result<Vec<Part>, CityError> {
        let parts = std::mem::take(&mut self.pending);
        self.written += parts.len();
        parts.par_iter().try_for_each(|(name, rows)| save(&self.folder, name, &self.form, rows))?;
        Ok(parts)
    }
}

/// Makes a workbook and writes it.
pub fn save(folder: &Path, name: &str, form: &Form, rows: &[Row]) -> Result<(), CityError> {
    let path = folder.join(name);
    std::fs::write(&path, any_size(form, rows, name)?).map_err(CityError::io(&path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_rows_give_the_same_bytes() {
        let form = Form {
            title: vec!["A".to_owned()],
            header: vec![("STT", ""), ("N", "x"), ("N", "y")],
            sheet: "S",
            ..Form::default()
        };
        let rows = vec![Row::new(1, vec!["Hà".into(), Cell::Number(5)])];
        let one = workbook(&form, &rows, "a").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(1_100));
        assert_eq!(one, workbook(&form, &rows, "a").unwrap());
    }
}
