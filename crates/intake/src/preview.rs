//! Looking at a file that no layout knows, so that a clerk can say what its columns mean.

use std::ops::ControlFlow;

use crate::error::IntakeError;
use crate::guess::{Guess, guess};
use crate::load::Layouts;
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
        for (column, cell) in columns.iter_mut().zip(cells).filter(|(_, cell)| !cell.is_blank()) {
            column.filled += 1;
            if column.samples.len() < SAMPLES {
                column.samples.push(cell.text().chars().take(SAMPLE_LENGTH).collect());
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(columns)
}
