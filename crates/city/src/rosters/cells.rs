//! Cells and rows, as they are drawn before any file is written.

use std::borrow::Cow;

use base::Date;

use crate::calendar;
use crate::errors::id::WrittenId;

/// A cell of a row; the running number in front is filled in when the row is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A date, a real one in spreadsheets.
    Date(Date),
}

impl Cell {
    /// The cell as text files have it.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Date(date) => calendar::vietnamese(*date),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<WrittenId> for Cell {
    fn from(id: WrittenId) -> Self {
        match id {
            WrittenId::Text(text) => text.into(),
            WrittenId::Number(number) => Self::Number(number as i64),
        }
    }
}

/// A written row with its truth.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// Cells after the running number.
    pub cells: Vec<Cell>,
    /// Whose row it is: the number of a person, or of an employer in rosters about employers; 0 in
    /// rosters of figures.
    pub who: i64,
    /// The field that cannot be read, when the row is planted to be refused.
    pub broken: Option<&'static str>,
    /// Which of the roster's books the row stands in, where it has several.
    pub book: u64,
    /// The heading of its part of the sheet, written above the first row that has another one.
    pub section: Option<Cow<'static, str>>,
    /// Place within its book; equal places keep the order of drawing.
    pub order: u64,
}

impl Row {
    /// A sound row in the roster's only book, in the order of drawing.
    pub fn new(who: i64, cells: Vec<Cell>) -> Self {
        Self { cells, who, ..Self::default() }
    }
}
