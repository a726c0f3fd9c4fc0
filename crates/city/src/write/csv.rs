//! Text files, written row by row as they are drawn.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::CityError;
use crate::rosters::Row;

/// A row as a line without its running number, made where the row is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The cells, quoted where needed.
    pub text: String,
    /// Whose row it is.
    pub person: i64,
    /// The field that cannot be read.
    pub broken: Option<&'static str>,
}

impl Line {
    /// Puts a row into one line.
    pub fn new(row: &Row, separator: char) -> Self {
        let mut text = String::with_capacity(160);
        for cell in &row.cells {
            text.push(separator);
            let value = cell.text();
            if value.contains([separator, '"', '\n']) {
                text.push('"');
                text.push_str(&value.replace('"', "\"\""));
                text.push('"');
            } else {
                text.push_str(&value);
            }
        }
        Self { text, person: row.person, broken: row.broken }
    }
}

/// A text file being written.
pub struct CsvFile {
    path: PathBuf,
    out: BufWriter<File>,
    /// Data rows written so far.
    rows: u64,
}

/// Lines above the first data row: the header.
const ABOVE: u64 = 1;

impl CsvFile {
    /// Opens a file and writes its header; `mark` puts a byte-order mark in front.
    pub fn create(path: &Path, header: &str, mark: bool) -> Result<Self, CityError> {
        let out = BufWriter::with_capacity(1 << 20, File::create(path).map_err(CityError::io(path))?);
        let mut file = Self { path: path.to_owned(), out, rows: 0 };
        file.write(if mark { "\u{feff}" } else { "" })?;
        file.write(&format!("{header}\r\n"))?;
        Ok(file)
    }

    /// Writes a row and returns its line in the file, from 1.
    pub fn row(&mut self, line: &Line) -> Result<u64, CityError> {
        self.rows += 1;
        let number = self.rows;
        write!(self.out, "{number}{}\r\n", line.text).map_err(CityError::io(&self.path))?;
        Ok(ABOVE + number)
    }

    /// Writes lines below the rows and closes the file; returns how many rows it holds.
    pub fn finish(mut self, footer: &[String]) -> Result<u64, CityError> {
        for line in footer {
            self.write(&format!("{line}\r\n"))?;
        }
        self.out.flush().map_err(CityError::io(&self.path))?;
        Ok(self.rows)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    fn write(&mut self, text: &str) -> Result<(), CityError> {
        self.out.write_all(text.as_bytes()).map_err(CityError::io(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rosters::Cell;

    #[test]
    fn separators_within_a_cell_are_quoted() {
        let row = Row { cells: vec!["Số 5, tổ 3".into(), Cell::Empty, Cell::Number(7)], person: 1, broken: None };
        assert_eq!(Line::new(&row, ',').text, ",\"Số 5, tổ 3\",,7");
        assert_eq!(Line::new(&row, ';').text, ";Số 5, tổ 3;;7");
    }
}
