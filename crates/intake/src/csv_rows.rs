//! Rows of a text in columns: separator, quotes, line ends, guarded formulas.
//!
//! Its own reader, because rows must bear the number that Excel shows (blank lines count) and an
//! unclosed quotation mark must be an error: it would swallow all rows after it.

use std::borrow::Cow;
use std::ops::ControlFlow;

use crate::cell::Cell;
use crate::error::IntakeError;

/// The separators tried, in this order.
pub(crate) const DELIMITERS: [u8; 4] = *b",;\t|";

/// The most characters Excel allows in a cell; a longer quoted one comes from a lost quotation mark.
const MAX_CELL: usize = 32_767;

/// Called with the number of a row (1-based) and its cells.
pub(crate) type Visit<'v> = dyn FnMut(u64, &[Cell<'_>]) -> Result<ControlFlow<()>, IntakeError> + 'v;

/// Whether a cell must be written behind an apostrophe: a spreadsheet would take it for a formula.
///
/// A cell that starts with an apostrophe gets a second one, so that reading gives back what was written.
pub(crate) fn needs_guard(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\''])
}

/// Visits all rows of a text, blank ones too.
pub(crate) fn visit_rows(text: &str, delimiter: u8, visit: &mut Visit<'_>) -> Result<(), IntakeError> {
    // Old Macintosh files end lines with a carriage return alone.
    let end_of_line = if text.contains('\n') { b'\n' } else { b'\r' };
    let mut reader = Reader { text, at: 0, delimiter, end_of_line, row: 0 };
    let mut cells = Vec::new();
    while reader.at < text.len() {
        reader.next_row(&mut cells)?;
        if visit(reader.row, &cells)?.is_break() {
            break;
        }
    }
    Ok(())
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    delimiter: u8,
    end_of_line: u8,
    row: u64,
}

impl<'a> Reader<'a> {
    fn next_row(&mut self, cells: &mut Vec<Cell<'a>>) -> Result<(), IntakeError> {
        cells.clear();
        self.row += 1;
        let rest = &self.text[self.at..];
        let end = rest.find(char::from(self.end_of_line)).unwrap_or(rest.len());
        let line = &rest[..end];
        if line.contains('"') {
            return self.quoted_row(cells);
        }
        self.at += (end + 1).min(rest.len());
        let line = line.strip_suffix('\r').unwrap_or(line);
        cells.extend(line.split(char::from(self.delimiter)).map(|field| cell(Cow::Borrowed(field))));
        Ok(())
    }

    /// A row in which some field is quoted; it may span lines.
    fn quoted_row(&mut self, cells: &mut Vec<Cell<'a>>) -> Result<(), IntakeError> {
        let bytes = self.text.as_bytes();
        loop {
            let mut field = String::new();
            if bytes.get(self.at) == Some(&b'"') {
                self.at += 1;
                self.quoted_field(&mut field)?;
            }
            let from = self.at;
            while bytes.get(self.at).is_some_and(|b| *b != self.delimiter && *b != self.end_of_line) {
                self.at += 1;
            }
            let rest = &self.text[from..self.at];
            let stop = bytes.get(self.at).copied();
            let is_end = stop != Some(self.delimiter);
            field.push_str(if is_end { rest.strip_suffix('\r').unwrap_or(rest) } else { rest });
            cells.push(cell(Cow::Owned(field)));
            self.at += usize::from(stop.is_some());
            if is_end {
                return Ok(());
            }
        }
    }

    /// From behind the opening mark to behind the closing one.
    fn quoted_field(&mut self, field: &mut String) -> Result<(), IntakeError> {
        loop {
            let rest = &self.text[self.at..];
            let Some(mark) = rest.find('"').filter(|at| field.len() + at <= MAX_CELL) else {
                return Err(IntakeError::BrokenQuotes { row: self.row });
            };
            field.push_str(&rest[..mark]);
            self.at += mark + 1;
            if self.text.as_bytes().get(self.at) != Some(&b'"') {
                return Ok(());
            }
            field.push('"');
            self.at += 1;
        }
    }
}

/// A cell without its guard: an apostrophe before a formula, or before digits kept as text.
fn cell(text: Cow<'_, str>) -> Cell<'_> {
    let guarded = text.strip_prefix('\'').is_some_and(|rest| needs_guard(rest) || rest.starts_with(|c: char| c.is_ascii_digit()));
    match text {
        text if text.is_empty() => Cell::Empty,
        Cow::Borrowed(text) if guarded => Cell::Text(Cow::Borrowed(&text[1..])),
        Cow::Owned(mut text) if guarded => {
            text.remove(0);
            Cell::Text(Cow::Owned(text))
        }
        text => Cell::Text(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str, delimiter: u8) -> Result<Vec<Vec<String>>, IntakeError> {
        let mut out = Vec::new();
        visit_rows(text, delimiter, &mut |row, cells| {
            assert_eq!(row as usize, out.len() + 1);
            out.push(cells.iter().map(|c| c.text().into_owned()).collect());
            Ok(ControlFlow::Continue(()))
        })?;
        Ok(out)
    }

    #[test]
    fn blank_lines_count_as_rows_and_line_ends_may_differ() {
        assert_eq!(rows("a,b\r\n\r\nc,d", b',').unwrap(), [vec!["a", "b"], vec![""], vec!["c", "d"]]);
        assert_eq!(rows("a;b\rc;d\r", b';').unwrap(), [["a", "b"], ["c", "d"]]);
    }

    #[test]
    fn quotes_hold_separators_lines_and_quotes() {
        assert_eq!(rows("\"a,\"\"b\"\"\nc\",d\r\ne,\"\"\n", b',').unwrap(), [["a,\"b\"\nc", "d"], ["e", ""]]);
        assert_eq!(rows("5\" ống,x\n", b',').unwrap(), [["5\" ống", "x"]]);
    }

    #[test]
    fn an_unclosed_quote_is_an_error_with_its_row() {
        assert_eq!(rows("a,b\nc,\"d\ne,f\n", b','), Err(IntakeError::BrokenQuotes { row: 2 }));
        let long = format!("a,\"{}\",c\n", "x".repeat(MAX_CELL + 1));
        assert_eq!(rows(&long, b','), Err(IntakeError::BrokenQuotes { row: 1 }));
    }

    #[test]
    fn guards_are_taken_off() {
        assert_eq!(rows("'=1+1,'001,''=x,'abc,\"'-5\"\n", b',').unwrap(), [["=1+1", "001", "'=x", "'abc", "-5"]]);
    }
}
