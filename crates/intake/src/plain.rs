//! A table read as it stands: a header line and text cells, whatever the table is about.
//!
//! For jobs that know the columns they want by name and no layout, such as linking two tables of anybody's.
//! Encodings, separators, workbooks and guards are those of all other files.

use std::borrow::Cow;
use std::ops::ControlFlow;

use base::names::clean;

use crate::cell::Cell;
use crate::error::IntakeError;
use crate::head_rows::{HEADER_WITHIN, HeadRow};
use crate::source::{Limits, Source};
use crate::table::{Opened, Place};

/// Called with the number of a row (1-based, as Excel shows it) and its cells; blank ones are empty texts.
pub type PlainRow<'v> = dyn FnMut(u64, &[Cow<'_, str>]) -> Result<(), IntakeError> + 'v;

/// An opened table with its header found.
pub struct PlainTable<'b> {
    opened: Opened<'b>,
    place: Place,
    /// Row of the header, 1-based.
    pub header_row: u64,
    /// Columns from left to right; a column without a heading has an empty name.
    pub columns: Vec<String>,
}

impl<'b> PlainTable<'b> {
    /// Opens a CSV or a workbook: of its sheets and separators the one whose header has most of the wanted columns.
    ///
    /// The header is the first of the top rows that has the most wanted columns, or the first filled row.
    pub fn open(source: &'b Source, wanted: &[&str], limits: &Limits) -> Result<Self, IntakeError> {
        let mut opened = Opened::open(source, limits)?;
        let mut best: Option<((usize, usize), Place, HeadRow)> = None;
        for place in opened.places() {
            let Some((worth, header)) = header_of(opened.head(&place)?, wanted) else { continue };
            // Of two alike the wider one: a wrong separator leaves the whole line in one cell.
            if best.as_ref().is_none_or(|(before, ..)| worth > *before) {
                best = Some((worth, place, header));
            }
        }
        let (_, place, header) = best.ok_or(IntakeError::Empty)?;
        for name in wanted {
            let twice: Vec<String> = header.cells.iter().filter(|c| same_heading(c, name)).cloned().collect();
            if twice.len() > 1 {
                return Err(IntakeError::DuplicateColumn { headers: twice });
            }
        }
        Ok(Self { opened, place, header_row: header.row, columns: header.cells })
    }

    /// The sheet of a workbook.
    pub fn sheet(&self) -> Option<&str> {
        if let Place::Sheet(name) = &self.place { Some(name) } else { None }
    }

    /// Visits the filled rows below the header, each with as many cells as there are columns.
    ///
    /// A row with something to the right of the last column is an error: a separator too many has shifted it.
    pub fn rows(&mut self, visit: &mut PlainRow<'_>) -> Result<(), IntakeError> {
        let (header, width) = (self.header_row, self.columns.len());
        self.opened.visit_rows(&self.place, &mut |row, cells| {
            if row <= header || cells.iter().all(Cell::is_blank) {
                return Ok(ControlFlow::Continue(()));
            }
            if cells.iter().skip(width).any(|cell| !cell.is_blank()) {
                return Err(IntakeError::WiderRow { row, columns: width });
            }
            let nothing = (cells.len()..width).map(|_| Cow::Borrowed(""));
            let texts: Vec<Cow<'_, str>> = cells.iter().take(width).map(text).chain(nothing).collect();
            visit(row, &texts)?;
            Ok(ControlFlow::Continue(()))
        })
    }
}

/// The first row with the most wanted columns, with how many those are and how many cells it fills.
fn header_of(head: Vec<HeadRow>, wanted: &[&str]) -> Option<((usize, usize), HeadRow)> {
    let found = |row: &HeadRow| wanted.iter().filter(|name| row.cells.iter().any(|c| same_heading(c, name))).count();
    let mut best: Option<(usize, HeadRow)> = None;
    for row in head.into_iter().filter(|row| row.row <= HEADER_WITHIN) {
        let count = found(&row);
        if best.as_ref().is_none_or(|(before, _)| count > *before) {
            best = Some((count, row));
        }
    }
    best.map(|(count, row)| ((count, row.cells.iter().filter(|c| !c.is_empty()).count()), row))
}

/// Whether a heading is the wanted one: case and outer spaces do not matter.
fn same_heading(heading: &str, wanted: &str) -> bool {
    heading == wanted || heading.to_lowercase() == clean(wanted).to_lowercase()
}

/// A cell as text; a day in the one order that cannot be mistaken, an error value as nothing.
fn text<'a>(cell: &'a Cell<'_>) -> Cow<'a, str> {
    match cell {
        Cell::Text(text) => Cow::Borrowed(text.trim()),
        Cell::Day(day) => Cow::Owned(day.to_string()),
        Cell::Empty | Cell::Error => Cow::Borrowed(""),
        Cell::Number(_) => cell.text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headings, and rows with their lines.
    type Table = (Vec<String>, Vec<(u64, Vec<String>)>);

    fn read(text: &str, wanted: &[&str]) -> Result<Table, IntakeError> {
        let source = Source::new("a.csv", text.as_bytes().to_vec());
        let mut table = PlainTable::open(&source, wanted, &Limits::default())?;
        let mut rows = Vec::new();
        table.rows(&mut |row, cells| {
            rows.push((row, cells.iter().map(|c| c.to_string()).collect()));
            Ok(())
        })?;
        Ok((table.columns, rows))
    }

    #[test]
    fn finds_separator_and_header_by_the_wanted_columns() {
        let text = "Danh sách, năm 2026\n\nid;Họ tên;ghi chú\n1;Trần Văn A;a, b\n\n2;Lê Thị B\n";
        let (columns, rows) = read(text, &["ID", "họ tên"]).unwrap();
        assert_eq!(columns, ["id", "Họ tên", "ghi chú"]);
        assert_eq!(rows[0], (4, vec!["1".into(), "Trần Văn A".into(), "a, b".into()]));
        assert_eq!(rows[1], (6, vec!["2".into(), "Lê Thị B".into(), String::new()]));
    }

    #[test]
    fn without_a_wanted_column_the_first_filled_row_is_the_header() {
        let (columns, rows) = read("\na,b\n1,2\n", &["none"]).unwrap();
        assert_eq!((columns, rows.len()), (vec!["a".to_owned(), "b".to_owned()], 1));
        assert_eq!(read("one\n1\n2\n", &["one"]).unwrap().1.len(), 2);
    }

    #[test]
    fn a_shifted_row_and_a_heading_twice_are_errors() {
        assert_eq!(read("a,b\n1,2\n1,2,3\n", &["a"]), Err(IntakeError::WiderRow { row: 3, columns: 2 }));
        assert!(matches!(read("a,A,b\n1,2,3\n", &["a"]), Err(IntakeError::DuplicateColumn { .. })));
        assert_eq!(read("a,b\n1,2,,\n", &["a"]).unwrap().1.len(), 1, "blank cells shift nothing");
    }
}
