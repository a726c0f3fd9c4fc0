//! The table inside a file: a text in columns or a sheet of a workbook.

use std::borrow::Cow;
use std::ops::ControlFlow;

use base::names::clean;

use crate::csv_rows::{self, DELIMITERS, Visit};
use crate::error::IntakeError;
use crate::head_rows::{HEADER_WITHIN, HeadRow};
use crate::merged::Group;
use crate::old::{OLE_MAGIC, OldWorkbook};
use crate::source::{Limits, Source};
use crate::text::{Repair, Survey, decode, unmarked_utf16};
use crate::xlsx_rows::Workbook;
use crate::zip_guard::ZIP_MAGIC;

/// More columns than any roster has: every row would be as wide, and every text of the header looked up.
pub(crate) const MAX_COLUMNS: usize = 1_024;
/// Rows by which spoiled columns are known.
const SURVEYED: u64 = 400;

/// An opened file, before its table is chosen.
pub(crate) struct Opened<'b> {
    content: Content<'b>,
    /// Places with spoiled columns, and how these are read.
    repairs: Vec<(Place, Repair)>,
    /// Cells mended in the last pass.
    repaired: u64,
}

/// What a file holds.
enum Content<'b> {
    /// A text, in whatever columns.
    Text(Cow<'b, str>),
    /// A workbook.
    Workbook(Box<Workbook<'b>>),
    /// A workbook of Excel 97-2003.
    OldWorkbook(OldWorkbook),
}

/// Where a table lies in an opened file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Place {
    /// A text separated by this character.
    Columns(u8),
    /// The sheet of this name.
    Sheet(String),
    /// Rows handed over by a program.
    Rows,
}

impl<'b> Opened<'b> {
    /// Opens a file by what it is, not by how it is called.
    pub fn open(source: &'b Source, limits: &Limits) -> Result<Self, IntakeError> {
        let bytes = source.bytes.as_slice();
        if source.name.starts_with("~$") {
            return Err(IntakeError::Locked);
        }
        if bytes.len() as u64 > limits.max_bytes {
            return Err(IntakeError::TooLarge { bytes: bytes.len() as u64, limit: limits.max_bytes });
        }
        if bytes.starts_with(&ZIP_MAGIC) {
            let workbook = Workbook::open(bytes, limits)?;
            return Ok(Self::of(Content::Workbook(Box::new(workbook))));
        }
        if bytes.starts_with(&OLE_MAGIC) {
            return OldWorkbook::open(bytes).map(|workbook| Self::of(Content::OldWorkbook(workbook)));
        }
        refuse_other_kinds(bytes)?;
        let text = decode(bytes)?;
        if text.trim().is_empty() {
            return Err(IntakeError::Empty);
        }
        Ok(Self::of(Content::Text(text)))
    }

    fn of(content: Content<'b>) -> Self {
        Self { content, repairs: Vec::new(), repaired: 0 }
    }

    /// Whether this is a text, where a lost separator shifts what follows it.
    pub fn is_text(&self) -> bool {
        matches!(self.content, Content::Text(_))
    }

    /// Cells that were mended in the last pass over a table.
    pub fn repaired(&self) -> u64 {
        self.repaired
    }

    /// The places in which a table may lie.
    pub fn places(&self) -> Vec<Place> {
        match &self.content {
            Content::Text(_) => DELIMITERS.into_iter().map(Place::Columns).collect(),
            Content::OldWorkbook(workbook) => workbook.sheets().into_iter().map(Place::Sheet).collect(),
            Content::Workbook(workbook) => workbook.sheets().into_iter().map(Place::Sheet).collect(),
        }
    }

    /// Visits the rows of a table in order, spoiled cells mended once [`Opened::head`] has looked at it.
    pub fn visit_rows(&mut self, place: &Place, visit: &mut Visit<'_>) -> Result<(), IntakeError> {
        let Some(repair) = self.repairs.iter().find(|(of, _)| of == place).map(|(_, repair)| repair.clone()) else {
            self.repaired = 0;
            return self.visit_as_is(place, visit);
        };
        let mut repaired = 0;
        let read = self.visit_as_is(place, &mut |row, cells| match repair.row(cells) {
            Some((mended, count)) => {
                repaired += count;
                visit(row, &mended)
            }
            None => visit(row, cells),
        });
        self.repaired = repaired;
        read
    }

    /// The merged cells of a sheet; a text has none.
    pub fn merged(&mut self, place: &Place) -> Result<Vec<Group>, IntakeError> {
        let Place::Sheet(sheet) = place else { return Ok(Vec::new()) };
        let found = match &mut self.content {
            Content::Text(_) => Vec::new(),
            Content::Workbook(workbook) => workbook.merged(sheet)?,
            Content::OldWorkbook(workbook) => workbook.merged(sheet),
        };
        Ok(found.into_iter().map(|d| Group { rows: (d.start.0, d.end.0), columns: (d.start.1, d.end.1) }).collect())
    }

    fn visit_as_is(&mut self, place: &Place, visit: &mut Visit<'_>) -> Result<(), IntakeError> {
        match (&mut self.content, place) {
            (Content::Text(text), Place::Columns(delimiter)) => csv_rows::visit_rows(text, *delimiter, visit),
            (Content::Workbook(workbook), Place::Sheet(sheet)) => workbook.visit_rows(sheet, visit),
            (Content::OldWorkbook(workbook), Place::Sheet(sheet)) => workbook.visit_rows(sheet, visit),
            _ => Err(IntakeError::NotATable { hint: "không có bảng".to_owned() }),
        }
    }

    /// The filled rows at the top, as far as a header may reach.
    pub fn head(&mut self, place: &Place) -> Result<Vec<HeadRow>, IntakeError> {
        self.survey(place)?;
        let mut head = Vec::new();
        let read = self.visit_rows(place, &mut |row, cells| {
            // A header that begins in the last row allowed may have a few more lines.
            if row > HEADER_WITHIN + 4 {
                return Ok(ControlFlow::Break(()));
            }
            let width = cells.iter().rposition(|c| !c.is_blank()).map_or(0, |last| last + 1);
            if width > MAX_COLUMNS {
                return Err(IntakeError::NotATable { hint: format!("dòng {row} có hơn {MAX_COLUMNS} cột") });
            }
            let cells: Vec<String> = cells.iter().take(MAX_COLUMNS).map(|c| clean(&c.text())).collect();
            if cells.iter().any(|c| !c.is_empty()) {
                head.push(HeadRow::new(row, cells));
            }
            Ok(ControlFlow::Continue(()))
        });
        match read {
            // A wrong separator may see quotes where there are none; the right one reports its own.
            Err(IntakeError::BrokenQuotes { .. }) if matches!(place, Place::Columns(_)) => Ok(head),
            other => other.map(|()| head),
        }
    }

    /// Looks for columns of spoiled text.
    fn survey(&mut self, place: &Place) -> Result<(), IntakeError> {
        let mut survey = Survey::default();
        let read = self.visit_as_is(place, &mut |row, cells| {
            survey.add(cells);
            Ok(if row < SURVEYED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) })
        });
        self.repairs.retain(|(of, _)| of != place);
        self.repairs.extend(survey.repair().map(|repair| (place.clone(), repair)));
        match read {
            // As above; and a bad quote far below is for the reading to tell.
            Err(IntakeError::BrokenQuotes { .. }) => Ok(()),
            other => other,
        }
    }
}

/// Files that are often sent under the name of a table.
pub(crate) fn refuse_other_kinds(bytes: &[u8]) -> Result<(), IntakeError> {
    let not_a_table = |hint: &str| Err(IntakeError::NotATable { hint: hint.to_owned() });
    if bytes.is_empty() {
        return Err(IntakeError::Empty);
    }
    let start = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes).trim_ascii_start();
    let start = start[..start.len().min(64)].to_ascii_lowercase();
    if start.starts_with(b"%pdf") {
        return not_a_table("là tệp PDF");
    }
    if start.starts_with(b"<!doctype")
        || start.starts_with(b"<html")
        || start.starts_with(b"<table")
        || start.starts_with(b"<?xml")
    {
        return not_a_table("là trang web hoặc XML");
    }
    let is_wide = matches!(bytes, [0xff, 0xfe, ..] | [0xfe, 0xff, ..]) || unmarked_utf16(bytes).is_some();
    if !is_wide && bytes[..bytes.len().min(1 << 16)].contains(&0) {
        return not_a_table("là tệp nhị phân");
    }
    Ok(())
}
