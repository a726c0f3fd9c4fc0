//! A file to lines and tables, whatever it was written with.

mod docx;
mod numbering;
mod sheet;
mod styles;
mod text;

use std::rc::Rc;

use base::names::clean;
use intake::paper::{container_parts, is_container};
use intake::{Limits, Source};

use crate::error::PlanError;

/// More columns than any plan's table has.
pub(crate) const MAX_COLUMNS: usize = 64;
/// Lines, paragraphs or rows of one file.
pub(crate) const MAX_LINES: usize = 200_000;

/// What a file holds, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    /// A line of text or a paragraph.
    Line(Line),
    /// A table.
    Table(Table),
}

/// A line, cleaned; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Line of a text, paragraph of a DOCX, row of a sheet; from 1.
    pub at: u64,
    /// The text.
    pub text: String,
    /// Whether something ends before it: an empty line, or in a DOCX a paragraph.
    pub gap: bool,
    /// Whether a page begins with it.
    pub page: bool,
}

/// A table with one cell for each column of each row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Where it comes from, for a sheet its name.
    pub name: Option<String>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    /// Paragraph or row, from 1.
    pub at: u64,
    /// Cells by column.
    pub cells: Vec<Cell>,
}

/// A cell; merged cells hold the text of their first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// Cleaned lines, joined by `\n`.
    pub text: Rc<str>,
    /// Whether the text stands here.
    pub cover: Cover,
}

/// How a cell comes by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cover {
    /// It stands here.
    Own,
    /// From the cell to the left: merged across.
    Across,
    /// From the cell above: merged down.
    Down,
}

impl Cell {
    pub(crate) fn own(text: &str) -> Self {
        Self { text: Rc::from(lines_of(text).as_str()), cover: Cover::Own }
    }
}

/// Limits for a plan: a document of people, never the size of a roster.
pub fn limits() -> Limits {
    Limits { max_bytes: 64 << 20, max_unpacked: 256 << 20, max_shared_strings: 64 << 20, ..Limits::default() }
}

/// Opens a file by what it is, not by how it is called.
pub(crate) fn open(source: &Source) -> Result<Vec<Block>, PlanError> {
    let limits = limits();
    let bytes = source.bytes.as_slice();
    if bytes.len() as u64 > limits.max_bytes {
        return Err(intake::IntakeError::TooLarge { bytes: bytes.len() as u64, limit: limits.max_bytes }.into());
    }
    if is_container(bytes) {
        return match container_parts(bytes, &docx::PARTS, &limits)? {
            Some(parts) => docx::read(&parts),
            None => sheet::read(source, &limits),
        };
    }
    // The container of Word and Excel 97-2003.
    if bytes.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return sheet::read(source, &limits);
    }
    if bytes.trim_ascii_start().starts_with(b"{\\rtf") {
        return Err(PlanError::OtherKind { hint: "là tệp RTF".to_owned() });
    }
    text::read(bytes)
}

/// Each line cleaned, empty ones left out.
pub(crate) fn lines_of(text: &str) -> String {
    let lines = text.split(['\n', '\r', '\u{2028}', '\u{b}', '\u{c}']).map(clean).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

/// Too many lines for a plan.
pub(crate) fn too_many() -> PlanError {
    intake::IntakeError::TooManyRows { limit: MAX_LINES }.into()
}
