//! Large workbooks, written straight as XML: what a program exports, with the texts in the cells.
//!
//! Spreadsheets keep texts in a table of their own and so do the small workbooks ([`super::xlsx`]);
//! readers meet both kinds. The same rows stand in the same cells in either.

use std::fmt::Write;

use base::Date;

use crate::rosters::{Cell, Form, Row};
use crate::write::archive::Entries;
use crate::write::xlsx::first_row;

/// The days of spreadsheets count from here; days before March 1900 are off by one and written as text.
const DAY_ZERO: &str = "1899-12-30";

/// Makes a workbook of rows.
pub fn workbook(form: &Form, rows: &[Row]) -> Vec<u8> {
    let mut entries = Entries::default();
    for (name, text) in [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELS.to_owned()),
        (
            "xl/workbook.xml",
            format!(
                "{HEAD}<workbook xmlns=\"{MAIN}\" xmlns:r=\"{REL}\"><sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                form.sheet
            ),
        ),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
    ] {
        entries.deflate(name, text.as_bytes());
    }
    entries.deflate("xl/worksheets/sheet1.xml", sheet(form, rows).as_bytes());
    entries.finish()
}

/// A sheet while its XML is written.
struct Sheet {
    xml: String,
    /// Names of the columns: `A`, `B`, …
    columns: Vec<String>,
}

impl Sheet {
    fn row(&mut self, number: u64, cells: impl FnOnce(&mut Self)) {
        // Writing to a string does not fail.
        let _ = write!(self.xml, "<row r=\"{number}\">");
        cells(self);
        self.xml.push_str("</row>");
    }

    fn text(&mut self, row: u64, column: usize, text: &str, style: u8) {
        let _ = write!(self.xml, "<c r=\"{}{row}\" s=\"{style}\" t=\"inlineStr\"><is><t", self.columns[column]);
        // White space at the ends is an error worth keeping.
        if text.starts_with(' ') || text.ends_with(' ') || text.contains("  ") {
            self.xml.push_str(" xml:space=\"preserve\"");
        }
        self.xml.push('>');
        for c in text.chars() {
            match c {
                '&' => self.xml.push_str("&amp;"),
                '<' => self.xml.push_str("&lt;"),
                '>' => self.xml.push_str("&gt;"),
                c => self.xml.push(c),
            }
        }
        self.xml.push_str("</t></is></c>");
    }

    fn number(&mut self, row: u64, column: usize, number: i64, style: u8) {
        let _ = write!(self.xml, "<c r=\"{}{row}\" s=\"{style}\"><v>{number}</v></c>", self.columns[column]);
    }

    fn cell(&mut self, row: u64, column: usize, cell: &Cell) {
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => self.text(row, column, text, 0),
            Cell::Number(number) => self.number(row, column, *number, 0),
            Cell::Date(date) => match serial(*date) {
                Some(day) => self.number(row, column, day, 2),
                None => self.text(row, column, &cell.text(), 0),
            },
        }
    }
}

/// The number of a day in a spreadsheet.
fn serial(date: Date) -> Option<i64> {
    let zero: Date = DAY_ZERO.parse().ok()?;
    Some(i64::from(zero.days_until(date))).filter(|days| *days > 60)
}

fn sheet(form: &Form, rows: &[Row]) -> String {
    let width = form.header.len();
    let columns = (0..width).map(column).collect();
    let mut sheet = Sheet { xml: String::with_capacity(rows.len() * width * 60 + 4_096), columns };
    let _ = write!(sheet.xml, "{HEAD}<worksheet xmlns=\"{MAIN}\"><sheetData>");
    let count = rows.len().to_string();
    for (at, line) in form.title.iter().enumerate() {
        sheet.row(at as u64 + 1, |s| s.text(at as u64 + 1, 0, &line.replace("{rows}", &count), 0));
    }
    let merges = header(&mut sheet, form);
    let mut number = first_row(form);
    for (at, row) in rows.iter().enumerate() {
        sheet.row(number, |s| {
            s.number(number, 0, at as i64 + 1, 0);
            row.cells.iter().enumerate().for_each(|(column, cell)| s.cell(number, column + 1, cell));
        });
        number += 1;
    }
    if !form.totals.is_empty() {
        sheet.row(number, |s| {
            s.text(number, 1, "Tổng cộng", 0);
            for column in &form.totals {
                let sum = rows.iter().map(|r| if let Cell::Number(n) = r.cells[column - 1] { n } else { 0 }).sum();
                s.number(number, *column, sum, 0);
            }
        });
        number += 1;
    }
    for footer in &form.footer {
        // An empty line first; signature lines stand on the right, counts on the left.
        number += 1;
        let column = if footer.contains("{rows}") { 0 } else { width - 2 };
        sheet.row(number, |s| s.text(number, column, &footer.replace("{rows}", &count), 0));
    }
    sheet.xml.push_str("</sheetData>");
    if !merges.is_empty() {
        let _ = write!(sheet.xml, "<mergeCells count=\"{}\">", merges.len());
        for range in merges {
            let _ = write!(sheet.xml, "<mergeCell ref=\"{range}\"/>");
        }
        sheet.xml.push_str("</mergeCells>");
    }
    sheet.xml.push_str("</worksheet>");
    sheet.xml
}

/// Writes the header and returns its merged ranges.
fn header(sheet: &mut Sheet, form: &Form) -> Vec<String> {
    if form.title.is_empty() {
        sheet.row(1, |s| form.header.iter().enumerate().for_each(|(at, (name, _))| s.text(1, at, name, 0)));
        return Vec::new();
    }
    let (top, below) = (first_row(form) - 2, first_row(form) - 1);
    let starts = |at: usize| at == 0 || form.header[at].1.is_empty() || form.header[at - 1].0 != form.header[at].0;
    sheet.row(top, |s| {
        for (at, (parent, _)) in form.header.iter().enumerate().filter(|(at, _)| starts(*at)) {
            s.text(top, at, parent, 1);
        }
    });
    sheet.row(below, |s| {
        for (at, (_, child)) in form.header.iter().enumerate().filter(|(_, (_, child))| !child.is_empty()) {
            s.text(below, at, child, 1);
        }
    });
    let mut merges = Vec::new();
    for (at, (_, child)) in form.header.iter().enumerate().filter(|(at, _)| starts(*at)) {
        let end = (at + 1..form.header.len()).find(|next| starts(*next)).unwrap_or(form.header.len()) - 1;
        if child.is_empty() {
            merges.push(format!("{}{top}:{}{below}", sheet.columns[at], sheet.columns[at]));
        } else if end > at {
            merges.push(format!("{}{top}:{}{top}", sheet.columns[at], sheet.columns[end]));
        }
    }
    merges
}

/// The letters of a column counted from 0.
fn column(at: usize) -> String {
    let letter = |n: usize| char::from(b'A' + (n % 26) as u8);
    if at < 26 { letter(at).to_string() } else { format!("{}{}", letter(at / 26 - 1), letter(at)) }
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const REL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/></Types>";
const RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const WORKBOOK_RELS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\" Target=\"styles.xml\"/></Relationships>";
/// Plain, bold and centred, and a day.
const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><numFmts count=\"1\"><numFmt numFmtId=\"164\" formatCode=\"dd/mm/yyyy\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font><font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/></cellStyleXfs><cellXfs count=\"3\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/><xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\" applyAlignment=\"1\"><alignment horizontal=\"center\"/></xf><xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyNumberFormat=\"1\"/></cellXfs></styleSheet>";

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Reader, Xlsx};

    #[test]
    fn both_kinds_of_workbook_hold_the_same_cells() {
        let form = Form {
            title: vec!["Tổng số: {rows}".to_owned(), "Tháng 10".to_owned()],
            header: vec![("STT", ""), ("Họ tên", ""), ("Sinh", "Ngày"), ("Sinh", "Nơi"), ("Tiền", "")],
            totals: vec![4],
            footer: vec!["Người lập".to_owned()],
            sheet: "S",
        };
        let born = "1990-07-03".parse().unwrap();
        let row = |name: &str, n| Row::new(1, vec![name.into(), Cell::Date(born), Cell::Empty, Cell::Number(n)]);
        let rows = [row("Hà & \"Lê\" <An> ", 5), row("Tạ\u{a0}Bình", 7)];
        let cells = |bytes: Vec<u8>| {
            let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
            let range = book.worksheet_range_at(0).unwrap().unwrap();
            range.used_cells().map(|(r, c, v)| (r, c, v.to_string())).collect::<Vec<_>>()
        };
        let (bulk, usual) = (cells(workbook(&form, &rows)), cells(crate::write::xlsx::workbook(&form, &rows, "a").unwrap()));
        assert_eq!(bulk, usual);
        assert!(bulk.len() > 15);
    }
}
