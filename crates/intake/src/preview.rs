//! Looking at a file that no layout knows, so that a clerk can say what its columns mean.

use std::ops::ControlFlow;

use base::names::clean;

use crate::cell::Cell;
use crate::error::IntakeError;
use crate::guess::{Guess, guess};
use crate::load::Layouts;
use crate::rows::RowCell;
use crate::source::{Limits, Source};
use crate::table::{Opened, Place};

/// Samples of a column.
const SAMPLES: usize = 3;
/// Characters of a sample: the screen needs no more.
const SAMPLE_LENGTH: usize = 120;

/// What a file looks like: its header as guessed and the first values of each column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Sheet looked at; `None` for text files.
    pub sheet: Option<String>,
    /// First row of the header, 1-based as Excel shows it.
    pub header_row: u64,
    /// The columns from left to right, those without a heading too.
    pub columns: Vec<PreviewColumn>,
}

/// One column of a [`Preview`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviewColumn {
    /// Its heading, lines and merged cells joined; empty where there is none.
    pub heading: String,
    /// The first three filled cells. Personal data: for the screen only.
    pub samples: Vec<String>,
    /// Filled cells below the header.
    pub filled: u64,
}

/// Looks at a file: the sheet and the rows that look most like a header, known headings counting more.
pub fn preview(source: &Source, layouts: &Layouts, limits: &Limits) -> Result<Preview, IntakeError> {
    look(source, None, None, &|folded| layouts.index().has_heading(folded), limits)
}

/// The same where the clerk says in which sheet and row the header begins (the row 1-based, as Excel shows it).
pub fn preview_at(source: &Source, sheet: Option<&str>, header_row: u64, limits: &Limits) -> Result<Preview, IntakeError> {
    look(source, sheet, Some(header_row), &|_| false, limits)
}

/// Looks at rows that another program read, e.g. of a Parquet file: they name their columns themselves, and the header counts as row 1.
pub fn preview_rows(
    header: &[String],
    rows: impl IntoIterator<Item = Result<Vec<RowCell>, String>>,
) -> Result<Preview, IntakeError> {
    let mut columns: Vec<PreviewColumn> =
        header.iter().map(|heading| PreviewColumn { heading: clean(heading), samples: Vec::new(), filled: 0 }).collect();
    for cells in rows {
        let cells = cells.map_err(|detail| IntakeError::Unreadable { detail })?;
        let cells: Vec<Cell<'_>> = cells.iter().map(crate::rows::cell).collect();
        fill(&mut columns, &cells);
    }
    Ok(Preview { sheet: None, header_row: 1, columns })
}

fn look(
    source: &Source,
    sheet: Option<&str>,
    row: Option<u64>,
    is_known: &dyn Fn(&str) -> bool,
    limits: &Limits,
) -> Result<Preview, IntakeError> {
    let mut opened = Opened::open(source, limits)?;
    let mut places = opened.places();
    if let Some(wanted) = sheet {
        let sheets = places.iter().filter_map(|p| if let Place::Sheet(name) = p { Some(name.clone()) } else { None }).collect();
        places.retain(|place| matches!(place, Place::Sheet(name) if name == wanted));
        if places.is_empty() {
            return Err(IntakeError::WrongSheet { sheets });
        }
    }
    let mut best: Option<(Guess, Place)> = None;
    let mut is_empty = true;
    for place in places {
        let head = opened.head(&place)?;
        is_empty &= head.is_empty();
        let Some(found) = guess(&head, row, is_known) else { continue };
        if best.as_ref().is_none_or(|(b, _)| found.score > b.score) {
            best = Some((found, place));
        }
    }
    if is_empty {
        return Err(IntakeError::Empty);
    }
    let nothing = IntakeError::UnknownLayout { nearest: None, missing: Vec::new(), unknown: Vec::new() };
    let (found, place) = best.ok_or(nothing)?;
    let columns = columns(&mut opened, &place, &found)?;
    let sheet = if let Place::Sheet(name) = place { Some(name) } else { None };
    Ok(Preview { sheet, header_row: found.first_row, columns })
}

fn columns(opened: &mut Opened<'_>, place: &Place, found: &Guess) -> Result<Vec<PreviewColumn>, IntakeError> {
    let mut columns: Vec<PreviewColumn> =
        found.headings.iter().map(|heading| PreviewColumn { heading: heading.clone(), samples: Vec::new(), filled: 0 }).collect();
    opened.visit_rows(place, &mut |row, cells| {
        if row <= found.last_row {
            return Ok(ControlFlow::Continue(()));
        }
        fill(&mut columns, cells);
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(columns)
}

/// Counts the filled cells of a row and keeps the first ones as samples.
fn fill(columns: &mut [PreviewColumn], cells: &[Cell<'_>]) {
    for (column, cell) in columns.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_blank()) {
        column.filled += 1;
        if column.samples.len() < SAMPLES {
            column.samples.push(cell.text().chars().take(SAMPLE_LENGTH).collect());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_another_program_are_looked_at_like_those_of_a_file() {
        let header = ["ten ".to_owned(), "so".to_owned()];
        let row =
            |name: &str, number: Option<i64>| Ok(vec![RowCell::Text(name.into()), number.map_or(RowCell::Empty, RowCell::Int)]);
        let seen = preview_rows(&header, [row("An", Some(7)), row("", None), row("Bình", Some(8))]).unwrap();
        let columns: Vec<_> = seen.columns.iter().map(|c| (c.heading.as_str(), c.filled, c.samples.join(" "))).collect();
        assert_eq!(columns, [("ten", 2, "An Bình".to_owned()), ("so", 2, "7 8".to_owned())]);
        assert!(preview_rows(&header, [Err("đứt".to_owned())]).is_err());
    }
}
