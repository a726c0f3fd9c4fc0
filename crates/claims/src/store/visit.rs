//! One visit as it lies in the book, and what became of a facility's files; for pages.

use base::Month;
use book::Book;
use claimfile::{Dossier, Forms, TableId};

use super::bucket::VisitId;
use super::latest::index;
use super::read::PartReader;
use crate::error::ClaimsError;

/// A visit as it was sent last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredVisit {
    /// Code of the facility.
    pub facility: String,
    /// Its key of the visit (MA_LK).
    pub ma_lk: String,
    /// Month of settlement.
    pub month: Month,
    /// How often it was sent with another content than before, the first time counted.
    pub versions: usize,
    /// Whether it is known from sheets 79a and 80a alone: then it has XML1 only, and of that what the sheet says.
    pub sheet: bool,
    /// Its tables, XML1 first; only those that have rows.
    pub tables: Vec<StoredTable>,
}

/// The rows of one claim table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredTable {
    /// Which table.
    pub table: TableId,
    /// Cells as sent, in the order of the form's columns.
    pub rows: Vec<Vec<Option<String>>>,
}

/// What became of one file of a facility.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Name of the packet.
    pub packet: String,
    /// Place of the packet in the order of arrival.
    pub number: u64,
    /// File name.
    pub file: String,
    /// What the envelope says it holds.
    pub declared: Option<u64>,
    /// Dossiers read.
    pub read: u64,
    /// Dossiers stored.
    pub stored: u64,
    /// Dossiers refused.
    pub refused: u64,
    /// Month it was received in.
    pub month: Month,
}

/// A visit of a month by its number, as it was sent last; `None` when the month has none of it.
pub fn visit_cells(book: &Book, forms: &Forms, period: Month, visit: i64) -> Result<Option<StoredVisit>, ClaimsError> {
    let mut found: Option<(book::PacketPart, i64, StoredVisit, String)> = None;
    for packet in book.packets()? {
        for part in packet.parts.iter().filter(|part| part.period == period) {
            index(book, part, &mut |id, facility, link, number, content| {
                if id == VisitId(visit) {
                    let before = found.as_ref().map_or((0, ""), |(_, _, visit, mark)| (visit.versions, mark.as_str()));
                    let versions = before.0 + usize::from(before.1 != content);
                    let (facility, ma_lk) = (facility.to_owned(), link.to_owned());
                    let stored = StoredVisit { facility, ma_lk, month: period, versions, sheet: false, tables: Vec::new() };
                    found = Some((part.clone(), number, stored, content.to_owned()));
                }
                Ok(())
            })?;
        }
    }
    let Some((part, number, mut stored, _)) = found else { return Ok(None) };
    stored.tables = tables_of(book, forms, &part, number)?;
    Ok(Some(stored))
}

/// The tables of a dossier of a part that have rows, XML1 first.
pub(super) fn tables_of(
    book: &Book,
    forms: &Forms,
    part: &book::PacketPart,
    number: i64,
) -> Result<Vec<StoredTable>, ClaimsError> {
    let mut tables = Vec::new();
    let mut dossier = Dossier::new();
    PartReader::open(book, part, forms, None)?.dossier(number, &mut dossier)?;
    for form in forms.iter() {
        let cells = |row: claimfile::Row<'_>| (0..form.columns.len()).map(|at| row.sent(at).map(str::to_owned)).collect();
        let rows: Vec<Vec<Option<String>>> = dossier.each(form.id).map(cells).collect();
        if !rows.is_empty() {
            tables.push(StoredTable { table: form.id, rows });
        }
    }
    Ok(tables)
}

/// The files of a facility, the newest first: those whose envelope names it.
pub fn receipts(book: &Book, facility: &str) -> Result<Vec<Receipt>, ClaimsError> {
    let mut receipts = Vec::new();
    for packet in book.packets()?.into_iter().rev() {
        for file in packet.files.iter().filter(|file| file.sender == facility) {
            receipts.push(Receipt {
                packet: packet.name(),
                number: packet.number,
                file: file.name.clone(),
                declared: file.declared,
                read: file.read,
                stored: file.stored,
                refused: file.refused,
                month: packet.received.month(),
            });
        }
    }
    Ok(receipts)
}
