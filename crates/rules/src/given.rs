//! Rows of a case as arrow tables.

use std::sync::Arc;

use base::{Amount, Date, Month};
use engine::EngineError;
use engine::arrow::array::{ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, StringArray, TimestampSecondArray};
use engine::arrow::record_batch::RecordBatch;

use crate::case::GivenRow;
use crate::schema::{Column, ColumnType, TableSchema};

/// A cell read by the type of its column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Typed {
    Text(String),
    Int(i64),
    Date(Date),
    Bool(bool),
    Amount(Amount),
    /// Seconds since 1970-01-01.
    Time(i64),
}

/// Reads a cell. A month in a date column is its first day; `P12` in a person column is number 12.
pub(crate) fn parse(kind: ColumnType, text: &str) -> Option<Typed> {
    match kind {
        ColumnType::Text => Some(Typed::Text(text.to_owned())),
        ColumnType::Int => text.parse().ok().map(Typed::Int),
        ColumnType::Date => {
            let month = || text.parse::<Month>().ok().map(Month::first_day);
            text.parse::<Date>().ok().or_else(month).map(Typed::Date)
        }
        ColumnType::Bool => text.parse().ok().map(Typed::Bool),
        ColumnType::Person => symbol('P', text).map(Typed::Int),
        ColumnType::Visit => symbol('V', text).map(Typed::Int),
        ColumnType::Amount => Amount::parse(text).ok().map(Typed::Amount),
        ColumnType::Time => time(text).map(Typed::Time),
    }
}

/// Reads `2026-10-05 08:30`.
fn time(text: &str) -> Option<i64> {
    let (day, clock) = text.split_once(' ')?;
    let (hour, minute) = clock.split_once(':')?;
    let day: Date = day.parse().ok()?;
    let (hour, minute): (i64, i64) = (hour.parse().ok()?, minute.parse().ok()?);
    let is_time = (0..24).contains(&hour) && (0..60).contains(&minute) && clock.len() == 5;
    is_time.then(|| i64::from(day.days_since_epoch()) * 86_400 + hour * 3600 + minute * 60)
}

/// The number of a symbol: `P1` is 1. Other writings are refused, so that no real number creeps in.
pub(crate) fn symbol(letter: char, text: &str) -> Option<i64> {
    text.strip_prefix(letter)?.parse().ok().filter(|number| (1..1_000_000).contains(number))
}

/// What a cell that is left out holds: the contract's default, NULL, or for a required column 0, false,
/// the empty text or the last day of the period.
fn left_out(column: &Column, on: Date) -> Option<Typed> {
    if let Some(default) = &column.default {
        return parse(column.kind, default);
    }
    column.required.then(|| match column.kind {
        ColumnType::Text => Typed::Text(String::new()),
        ColumnType::Int | ColumnType::Person | ColumnType::Visit => Typed::Int(0),
        ColumnType::Amount => Typed::Amount(Amount::ZERO),
        ColumnType::Time => Typed::Time(i64::from(on.days_since_epoch()) * 86_400),
        ColumnType::Date => Typed::Date(on),
        ColumnType::Bool => Typed::Bool(false),
    })
}

/// The table that a case gives, with the columns of its contract.
pub(crate) fn batch(schema: &TableSchema, rows: &[GivenRow], on: Date) -> Result<RecordBatch, EngineError> {
    let cell = |row: &GivenRow, column: &Column| match row.cells.get(&column.name) {
        None => left_out(column, on),
        Some(cell) => cell.as_deref().and_then(|text| parse(column.kind, text)),
    };
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(schema.columns.len());
    for column in &schema.columns {
        let cells = rows.iter().map(|row| cell(row, column));
        arrays.push(match column.kind {
            ColumnType::Text => Arc::new(cells.map(text).collect::<StringArray>()),
            ColumnType::Int | ColumnType::Person | ColumnType::Visit => Arc::new(cells.map(int).collect::<Int64Array>()),
            ColumnType::Amount => {
                let amounts: Decimal128Array = cells.map(amount).collect();
                let sized = amounts.with_precision_and_scale(Amount::PRECISION, Amount::SCALE);
                Arc::new(sized.map_err(|error| EngineError::Query(error.to_string()))?)
            }
            ColumnType::Time => Arc::new(cells.map(seconds).collect::<TimestampSecondArray>()),
            ColumnType::Date => Arc::new(cells.map(day).collect::<Date32Array>()),
            ColumnType::Bool => Arc::new(cells.map(flag).collect::<BooleanArray>()),
        });
    }
    RecordBatch::try_new(schema.arrow(), arrays).map_err(|error| EngineError::Query(format!("{}: {error}", schema.name)))
}

fn text(cell: Option<Typed>) -> Option<String> {
    if let Some(Typed::Text(text)) = cell { Some(text) } else { None }
}

fn int(cell: Option<Typed>) -> Option<i64> {
    if let Some(Typed::Int(number)) = cell { Some(number) } else { None }
}

fn day(cell: Option<Typed>) -> Option<i32> {
    if let Some(Typed::Date(date)) = cell { Some(date.days_since_epoch()) } else { None }
}

fn amount(cell: Option<Typed>) -> Option<i128> {
    if let Some(Typed::Amount(amount)) = cell { Some(amount.millionths()) } else { None }
}

fn seconds(cell: Option<Typed>) -> Option<i64> {
    if let Some(Typed::Time(seconds)) = cell { Some(seconds) } else { None }
}

fn flag(cell: Option<Typed>) -> Option<bool> {
    if let Some(Typed::Bool(flag)) = cell { Some(flag) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_by_their_column() {
        let date = |text: &str| Some(Typed::Date(text.parse().unwrap()));
        assert_eq!(parse(ColumnType::Date, "2026-10"), date("2026-10-01"));
        assert_eq!(parse(ColumnType::Date, "2026-10-31"), date("2026-10-31"));
        assert_eq!(parse(ColumnType::Date, "31/10/2026"), None);
        assert_eq!(parse(ColumnType::Person, "P12"), Some(Typed::Int(12)));
        assert_eq!(parse(ColumnType::Person, "12"), None);
        assert_eq!(parse(ColumnType::Text, "0100000001"), Some(Typed::Text("0100000001".into())));
        assert_eq!(parse(ColumnType::Bool, "yes"), None);
        assert_eq!(parse(ColumnType::Visit, "V2"), Some(Typed::Int(2)));
        assert_eq!(parse(ColumnType::Visit, "P2"), None);
        assert_eq!(parse(ColumnType::Amount, "1234.50"), Some(Typed::Amount(Amount::parse("1234.5").unwrap())));
        assert_eq!(parse(ColumnType::Time, "1970-01-02 00:01"), Some(Typed::Time(86_460)));
        assert_eq!(parse(ColumnType::Time, "1970-01-02 24:00"), None);
    }
}
