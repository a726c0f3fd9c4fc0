//! One visit as it lies in the book, and what became of a facility's files; for pages.

use base::Month;
use book::{Book, PacketPart, PacketSignature, TableRef};
use claimfile::{Dossier, Forms, TableId};
use engine::rows;

use super::latest::{Order, made_at};
use super::part::{INDEX, NUMBER};
use super::read::read_one;
use crate::error::ClaimsError;

/// Rows of an index read at once.
const ROWS: usize = 65_536;

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
    /// What was known of the signature of the file it came in; none of a row of a sheet, and where nobody looked.
    pub signature: Option<PacketSignature>,
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
    /// What was known of its signature then; none where nobody looked.
    pub signature: Option<PacketSignature>,
    /// Month it was received in.
    pub month: Month,
}

/// The sending of a visit that counts.
struct Sending<'p> {
    /// Place of its packet in the order of arrival.
    packet: usize,
    part: &'p PacketPart,
    /// When it was made, and its place in the packet.
    order: Order,
    /// Number of the dossier in the part.
    number: i64,
    facility: String,
    link: String,
    content: String,
    versions: usize,
}

/// A visit of a month by its facility and number, as it was sent last; `None` when the month has none of it.
///
/// Of the parts that hold the facility the numbers of visits are read, and of the rest the rows of this visit alone: a city's month has over a million.
pub fn visit_cells(
    book: &Book,
    forms: &Forms,
    period: Month,
    facility: &str,
    visit: i64,
) -> Result<Option<StoredVisit>, ClaimsError> {
    let packets = book.packets()?;
    let parts = packets.iter().enumerate().flat_map(|(at, packet)| packet.parts.iter().map(move |part| (at, part)));
    let parts = parts.filter(|(_, part)| part.period == period);
    let (named, others): (Vec<Placed<'_>>, Vec<Placed<'_>>) = parts.partition(|(_, part)| part.facilities.contains(facility));
    // A dossier that names no facility lies under the one that sent it.
    let found = match last_sending(book, &named, visit)? {
        Some(found) => Some(found),
        None => last_sending(book, &others, visit)?,
    };
    let Some(found) = found else { return Ok(None) };
    let tables = tables_of(book, forms, found.part, found.number)?;
    let file = usize::try_from(found.order.1).ok().and_then(|file| packets.get(found.packet)?.files.get(file));
    let signature = file.and_then(|file| file.signature.clone());
    let Sending { facility, link: ma_lk, versions, .. } = found;
    Ok(Some(StoredVisit { facility, ma_lk, month: period, versions, sheet: false, signature, tables }))
}

/// The tables of a dossier of a part that have rows, XML1 first.
pub(super) fn tables_of(book: &Book, forms: &Forms, part: &PacketPart, number: i64) -> Result<Vec<StoredTable>, ClaimsError> {
    let mut dossier = Dossier::new();
    read_one(book, part, forms, number, &mut dossier)?;
    let mut tables = Vec::new();
    for form in forms.iter() {
        let cells = |row: claimfile::Row<'_>| (0..form.columns.len()).map(|at| row.sent(at).map(str::to_owned)).collect();
        let rows: Vec<Vec<Option<String>>> = dossier.each(form.id).map(cells).collect();
        if !rows.is_empty() {
            tables.push(StoredTable { table: form.id, rows });
        }
    }
    Ok(tables)
}

/// A part and the place of its packet in the order of arrival.
type Placed<'p> = (usize, &'p PacketPart);

/// The last sending of a visit among parts in the order of their arrival; within a packet that of the later `NGAYLAP`, as [`super::latest()`] counts.
fn last_sending<'p>(book: &Book, parts: &[Placed<'p>], visit: i64) -> Result<Option<Sending<'p>>, ClaimsError> {
    let mut last: Option<Sending<'p>> = None;
    for (packet, part) in parts.iter().copied() {
        let Some(index) = part.tables.get(INDEX) else { continue };
        for (row, number) in places_of(book, index, visit)? {
            for batch in book.table_rows(index, &SENT, row, 1)? {
                let batch = batch?;
                let text = |name: &str| Ok::<_, ClaimsError>(rows::text(&batch, name)?.value(0).to_owned());
                let content = text("content")?;
                let before = last.as_ref().map_or((0, ""), |last| (last.versions, last.content.as_str()));
                let versions = before.0 + usize::from(before.1 != content);
                let int = |name: &str| Ok::<_, ClaimsError>(rows::int(&batch, name)?.value(0));
                let order = (made_at(&text("made_on")?), int("file")?, int("place")?);
                if let Some(last) = last.as_mut().filter(|last| last.packet == packet && order < last.order) {
                    last.versions = versions;
                    continue;
                }
                let (facility, link) = (text("facility")?, text("link")?);
                last = Some(Sending { packet, part, order, number, facility, link, content, versions });
            }
        }
    }
    Ok(last)
}

/// What is read of a sending.
const SENT: [&str; 6] = ["facility", "link", "content", "made_on", "file", "place"];

/// Rows of an index that are about a visit, from 0, each with the number of its dossier. Check-ins are no visits.
fn places_of(book: &Book, index: &TableRef, visit: i64) -> Result<Vec<(usize, i64)>, ClaimsError> {
    let (mut before, mut places) = (0, Vec::new());
    for batch in book.stream_table(index, &[NUMBER, "visit_id", "present"], ROWS)? {
        let batch = batch?;
        let (numbers, ids) = (rows::int(&batch, NUMBER)?, rows::int(&batch, "visit_id")?);
        let present = rows::int(&batch, "present")?;
        let here = ids.values().iter().enumerate().filter(|(_, id)| **id == visit).map(|(row, _)| row);
        let here = here.filter(|row| present.value(*row) & (1 << TableId::XML1.index()) != 0);
        places.extend(here.map(|row| (before + row, numbers.value(row))));
        before += batch.num_rows();
    }
    Ok(places)
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
                signature: file.signature.clone(),
                month: packet.received.month(),
            });
        }
    }
    Ok(receipts)
}
