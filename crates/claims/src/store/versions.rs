//! What a facility sent of one visit, one sending after the other, and what each changed.

use std::collections::{BTreeMap, BTreeSet};

use base::{Date, Month};
use book::{Book, PacketPart};
use claimfile::{Forms, TableId};

use super::bucket::VisitId;
use super::latest::index;
use super::visit::{StoredVisit, tables_of};
use crate::error::ClaimsError;

/// One sending of a visit whose content differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentVersion {
    /// Place among the sendings that differ, from 1.
    pub number: usize,
    /// Place of its packet in the order of arrival.
    pub packet: u64,
    /// Day it was taken in.
    pub received: Date,
    /// The visit as it was sent then.
    pub visit: StoredVisit,
}

/// What one sending changed of the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A cell: place of its column in the form, what it was and what it is.
    Cell {
        /// Its table.
        table: TableId,
        /// What tells its row: `STT` where the rows have one each, else their place.
        row: String,
        /// Place of the column in the form.
        column: usize,
        /// Before; none where it was left empty.
        before: Option<String>,
        /// After; none where it is left empty.
        after: Option<String>,
    },
    /// A row that is new.
    Added {
        /// Its table.
        table: TableId,
        /// What tells it.
        row: String,
    },
    /// A row that is gone.
    Removed {
        /// Its table.
        table: TableId,
        /// What told it.
        row: String,
    },
}

/// The sendings of a visit of a facility and month that differ from the one before, the first one first; of many the last `most`. Parts that do not hold the
/// facility are not read.
pub fn visit_versions(
    book: &Book,
    forms: &Forms,
    period: Month,
    (facility, visit): (&str, i64),
    most: usize,
) -> Result<Vec<SentVersion>, ClaimsError> {
    let mut sent: Vec<(PacketPart, i64, SentVersion)> = Vec::new();
    let mut content = String::new();
    for packet in book.packets()? {
        for part in packet.parts.iter().filter(|part| part.period == period && part.facilities.contains(facility)) {
            index(book, part, &mut |id, facility, link, number, mark| {
                if id == VisitId(visit) && (sent.is_empty() || content != mark) {
                    mark.clone_into(&mut content);
                    let nth = sent.len() + 1;
                    let (facility, ma_lk) = (facility.to_owned(), link.to_owned());
                    let (sheet, signature, tables) = (false, None, Vec::new());
                    let visit = StoredVisit { facility, ma_lk, month: period, versions: nth, sheet, signature, tables };
                    let version = SentVersion { number: nth, packet: packet.number, received: packet.received, visit };
                    sent.push((part.clone(), number, version));
                }
                Ok(())
            })?;
        }
    }
    let mut versions = Vec::new();
    for (part, number, mut version) in sent.drain(sent.len().saturating_sub(most)..) {
        version.visit.tables = tables_of(book, forms, &part, number)?;
        versions.push(version);
    }
    Ok(versions)
}

/// What is different in `after`, table by table, row by row.
pub fn changes(forms: &Forms, before: &StoredVisit, after: &StoredVisit) -> Vec<Change> {
    let mut all = Vec::new();
    for form in forms.iter() {
        let rows = |visit: &StoredVisit| {
            visit.tables.iter().find(|one| one.table == form.id).map(|one| one.rows.clone()).unwrap_or_default()
        };
        let (old, new) = (rows(before), rows(after));
        let stt = form.column("STT");
        let (old, new) = match (named(&old, stt), named(&new, stt)) {
            (Some(old), Some(new)) => (old, new),
            _ => (placed(&old), placed(&new)),
        };
        let names: BTreeSet<&RowName> = old.keys().chain(new.keys()).collect();
        for name in names {
            let row = name.1.clone();
            match (old.get(name), new.get(name)) {
                (Some(_), None) => all.push(Change::Removed { table: form.id, row }),
                (None, Some(_)) => all.push(Change::Added { table: form.id, row }),
                (Some(old), Some(new)) => {
                    let cells = old.iter().zip(new.iter()).enumerate().filter(|(_, (old, new))| old != new);
                    all.extend(cells.map(|(column, (old, new))| Change::Cell {
                        table: form.id,
                        row: row.clone(),
                        column,
                        before: old.clone(),
                        after: new.clone(),
                    }));
                }
                (None, None) => {}
            }
        }
    }
    all
}

/// What tells a row: for the order its number or place, and how it is said.
type RowName = (u64, String);
type Rows<'r> = BTreeMap<RowName, &'r Vec<Option<String>>>;

/// Rows by their `STT`, where each has its own.
fn named(rows: &[Vec<Option<String>>], stt: Option<usize>) -> Option<Rows<'_>> {
    let mut all = Rows::new();
    for row in rows {
        let number = row.get(stt?)?.as_deref()?.trim().to_owned();
        let order = number.parse().ok()?;
        if all.insert((order, number), row).is_some() {
            return None;
        }
    }
    Some(all)
}

/// Rows by their place.
fn placed(rows: &[Vec<Option<String>>]) -> Rows<'_> {
    (1_u64..).zip(rows).map(|(place, row)| ((place, place.to_string()), row)).collect()
}
