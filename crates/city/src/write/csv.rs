//! Text files, written row by row as they are drawn.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::CityError;
use crate::rosters::{Encoding, Row, Text};
use crate::write::encoding;

/// A row as a line without its running number, made where the row is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The cells, quoted where needed.
    pub text: String,
    /// Whose row it is.
    pub who: i64,
    /// The field that cannot be read.
    pub broken: Option<&'static str>,
}

impl Line {
    /// Puts a row into one line.
    pub fn new(row: &Row, separator: char) -> Self {
        let mut text = String::with_capacity(160);
        for cell in &row.cells {
            text.push(separator);
            quote(&cell.text(), separator, &mut text);
        }
        Self { text, who: row.who, broken: row.broken }
    }
}

/// Adds a value, in quotes where it holds a separator, a quote or a line break.
fn quote(value: &str, separator: char, text: &mut String) {
    if value.contains([separator, '"', '\n']) {
        text.push('"');
        text.push_str(&value.replace('"', "\"\""));
        text.push('"');
    } else {
        text.push_str(value);
    }
}

/// A text file being written.
pub struct CsvFile {
    path: PathBuf,
    out: BufWriter<File>,
    form: Text,
    /// Data rows written so far.
    rows: u64,
}

impl CsvFile {
    /// Opens a file in a folder and writes what stands above its rows.
    pub fn create(folder: &Path, form: Text) -> Result<Self, CityError> {
        let path = folder.join(&form.name);
        let out = BufWriter::with_capacity(1 << 20, File::create(&path).map_err(CityError::io(&path))?);
        let mut file = Self { path, out, form, rows: 0 };
        let marked = matches!(file.form.encoding, Encoding::Utf8Mark | Encoding::Utf16);
        let mut above = if marked { "\u{feff}" } else { "" }.to_owned();
        for line in &file.form.title {
            above.push_str(line);
            above.push_str("\r\n");
        }
        for (at, name) in file.form.header.iter().enumerate() {
            if at > 0 {
                above.push(file.form.separator);
            }
            quote(name, file.form.separator, &mut above);
        }
        above.push_str("\r\n");
        file.write(&above)?;
        Ok(file)
    }

    /// Writes a row and returns its line in the file, from 1.
    pub fn row(&mut self, line: &Line) -> Result<u64, CityError> {
        self.rows += 1;
        let number = self.rows;
        self.write(&format!("{number}{}\r\n", line.text))?;
        // The header is one line.
        Ok(self.form.title.len() as u64 + 1 + number)
    }

    /// Writes the lines below the rows and closes the file; returns how many rows it holds.
    pub fn finish(mut self) -> Result<u64, CityError> {
        let count = self.rows.to_string();
        for line in std::mem::take(&mut self.form.footer) {
            self.write(&format!("{}\r\n", line.replace("{rows}", &count)))?;
        }
        self.out.flush().map_err(CityError::io(&self.path))?;
        Ok(self.rows)
    }

    /// What stands between cells.
    pub fn separator(&self) -> char {
        self.form.separator
    }

    /// File name.
    pub fn name(&self) -> &str {
        &self.form.name
    }

    fn write(&mut self, text: &str) -> Result<(), CityError> {
        let bytes = encoding::encode(text, self.form.encoding);
        self.out.write_all(&bytes).map_err(CityError::io(&self.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rosters::Cell;

    #[test]
    fn separators_within_a_cell_are_quoted() {
        let row = Row::new(1, vec!["Số 5, tổ 3".into(), Cell::Empty, Cell::Number(7)]);
        assert_eq!(Line::new(&row, ',').text, ",\"Số 5, tổ 3\",,7");
        assert_eq!(Line::new(&row, ';').text, ";Số 5, tổ 3;;7");
    }
}
