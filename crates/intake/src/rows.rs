//! Rows from another program, e.g. a Parquet file read elsewhere, through the same checks.

use std::borrow::Cow;

use base::Date;
use base::names::clean;
use base::places::Places;

use crate::cell::Cell;
use crate::choose::choose_among;
use crate::error::IntakeError;
use crate::head_rows::HeadRow;
use crate::load::Layouts;
use crate::outside::can_be_read;
use crate::reading::{Reading, Sink, report};
use crate::report::Report;
use crate::source::Limits;
use crate::table::Place;

/// One cell of a row that is handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowCell {
    /// Nothing.
    Empty,
    /// Text, read as the text of a CSV file would be.
    Text(String),
    /// A whole number.
    Int(i64),
    /// A decimal with a point and without groups, e.g. `12500000.00`: what comes behind the point is no thousands.
    Decimal(String),
    /// A day.
    Date(Date),
}

/// Reads rows under a header that stand in no file; `name` is what the report calls them.
///
/// Everything is as with [`crate::read`]: the roster is found by the header, each row is stored or
/// quarantined, the same rows have the same `rows_hash` as from a file. The header counts as row 1.
/// `content_hash` is taken over header and cells. An error of the iterator ends the reading.
#[allow(clippy::too_many_arguments)]
pub fn read_rows(
    name: &str,
    header: &[String],
    rows: impl IntoIterator<Item = Result<Vec<RowCell>, String>>,
    roster: Option<&str>,
    layouts: &Layouts,
    places: &Places,
    limits: &Limits,
    sink: &mut Sink<'_>,
) -> Result<Report, IntakeError> {
    let head = HeadRow::new(1, header.iter().map(|h| clean(h)).collect());
    let choice = choose_among(vec![(vec![head], Place::Rows)], true, roster, layouts)?;
    can_be_read(choice.layout)?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = Vec::new();
    header.iter().for_each(|text| add(&mut bytes, b'h', text.as_bytes()));
    hasher.update(&bytes);
    let mut reading = Reading::new(&choice, places, limits, sink);
    for (row, cells) in (2..).zip(rows) {
        let cells = cells.map_err(|detail| IntakeError::Unreadable { detail })?;
        bytes.clear();
        cells.iter().for_each(|cell| hash_into(cell, &mut bytes));
        bytes.push(b'\n');
        hasher.update(&bytes);
        let cells: Vec<Cell<'_>> = cells.iter().map(cell).collect();
        reading.row(row, &cells, None)?;
    }
    let done = reading.finish()?;
    Ok(report(name, hasher.finalize().to_hex().to_string(), choice, done, 0))
}

/// The cell as readers see one.
pub(crate) fn cell(cell: &RowCell) -> Cell<'_> {
    match cell {
        RowCell::Empty => Cell::Empty,
        RowCell::Text(text) if text.is_empty() => Cell::Empty,
        RowCell::Text(text) => Cell::Text(Cow::Borrowed(text)),
        RowCell::Int(number) => Cell::Text(Cow::Owned(number.to_string())),
        RowCell::Decimal(text) => Cell::Text(decimal(text)),
        RowCell::Date(day) => Cell::Day(*day),
    }
}

/// A decimal as no cell of a text file could mistake it: `12.500` is twelve and a half, not thousands.
fn decimal(text: &str) -> Cow<'_, str> {
    let Some((whole, decimals)) = text.split_once('.') else { return Cow::Borrowed(text) };
    let decimals = decimals.trim_end_matches('0');
    match decimals.len() {
        0 => Cow::Borrowed(whole),
        3 => Cow::Owned(format!("{whole}.{decimals}0")),
        _ => Cow::Owned(format!("{whole}.{decimals}")),
    }
}

fn hash_into(cell: &RowCell, bytes: &mut Vec<u8>) {
    match cell {
        RowCell::Empty => add(bytes, b'e', b""),
        RowCell::Text(text) => add(bytes, b't', text.as_bytes()),
        RowCell::Int(number) => add(bytes, b'i', &number.to_le_bytes()),
        RowCell::Decimal(text) => add(bytes, b'n', text.as_bytes()),
        RowCell::Date(day) => add(bytes, b'd', &day.days_since_epoch().to_le_bytes()),
    }
}

/// Kind, length, contents: no two different rows give the same bytes.
fn add(bytes: &mut Vec<u8>, kind: u8, content: &[u8]) {
    bytes.push(kind);
    bytes.extend((content.len() as u64).to_le_bytes());
    bytes.extend(content);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_no_thousands() {
        for (text, want) in
            [("12500000.00", "12500000"), ("12.500", "12.5"), ("4.961", "4.9610"), ("7", "7"), ("0.045", "0.0450")]
        {
            assert_eq!(decimal(text), want);
        }
    }
}
