//! What readers of other files than rosters stand on: text in any encoding, guarded containers, sheets as they stand.
//!
//! A plan of an agency is no roster, but it comes in the same encodings and containers and from the same strangers.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;

use zip::ZipArchive;

use crate::error::IntakeError;
use crate::source::{Limits, Source};
use crate::table::{Opened, Place, refuse_other_kinds};
use crate::text::decode;
use crate::zip_guard::{ZIP_MAGIC, check_document, zip_error};

/// A sheet as it stands: texts of cells as a clerk sees them, and which cells are merged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet.
    pub name: String,
    /// Rows with cells: number (from 1, as Excel shows it), and the texts from the first column on.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Merged cells.
    pub merged: Vec<Merged>,
}

/// A group of merged cells; rows from 1, columns from 0, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merged {
    /// First and last row.
    pub rows: (u64, u64),
    /// First and last column.
    pub columns: (usize, usize),
}

/// Whether these bytes are a ZIP container (DOCX, XLSX).
pub fn is_container(bytes: &[u8]) -> bool {
    bytes.starts_with(&ZIP_MAGIC)
}

/// The text of a file in UTF-8, UTF-16, Windows-1258, TCVN3 or VNI; binary files, PDF and web pages are refused by name.
pub fn decode_text(bytes: &[u8]) -> Result<Cow<'_, str>, IntakeError> {
    refuse_other_kinds(bytes)?;
    decode(bytes)
}

/// The wanted parts of a container, looked at before anything is opened; a part that is not there is left out.
///
/// Refuses containers that would fill memory, climb out of their folder, overlap, are cut off or have a password, and XML
/// with its own entities. `None` when the container has no part of the first wanted name: it is another kind of file.
pub fn container_parts(bytes: &[u8], wanted: &[&str], limits: &Limits) -> Result<Option<BTreeMap<String, Vec<u8>>>, IntakeError> {
    check_document(bytes, limits)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(zip_error)?;
    let mut parts = BTreeMap::new();
    for name in wanted {
        let Some(index) = archive.index_for_name(name) else { continue };
        let part = archive.by_index(index).map_err(zip_error)?;
        let mut content = Vec::new();
        let broken = |_| IntakeError::Truncated { detail: format!("phần {name}") };
        part.take(limits.max_unpacked + 1).read_to_end(&mut content).map_err(broken)?;
        parts.insert((*name).to_owned(), content);
    }
    let is_kind = wanted.first().is_some_and(|first| parts.contains_key(*first));
    Ok(is_kind.then_some(parts))
}

/// The sheets of a workbook (.xlsx, .xls) that can be seen, as they stand; no more than `most_rows` rows together.
pub fn sheets(source: &Source, limits: &Limits, most_rows: usize) -> Result<Vec<Sheet>, IntakeError> {
    let mut opened = Opened::open(source, limits)?;
    let mut sheets = Vec::new();
    let mut left = most_rows;
    for place in opened.places() {
        let Place::Sheet(name) = &place else { continue };
        let mut rows = Vec::new();
        opened.visit_rows(&place, &mut |row, cells| {
            left = left.checked_sub(1).ok_or(IntakeError::TooManyRows { limit: most_rows })?;
            let last = cells.iter().rposition(|cell| !cell.is_blank()).map_or(0, |at| at + 1);
            if last > 0 {
                rows.push((row, cells[..last].iter().map(|cell| cell.text().into_owned()).collect()));
            }
            Ok(ControlFlow::Continue(()))
        })?;
        let merged = opened.merged(&place)?.into_iter().map(|group| Merged {
            rows: (u64::from(group.rows.0) + 1, u64::from(group.rows.1) + 1),
            columns: (group.columns.0 as usize, group.columns.1 as usize),
        });
        let merged = merged.collect();
        sheets.push(Sheet { name: name.clone(), rows, merged });
    }
    Ok(sheets)
}
