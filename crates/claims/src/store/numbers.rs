//! What facilities number their cost lines (STT), beside the places of these lines.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::Month;
use book::Book;
use claimfile::TableId;
use engine::rows;

use super::latest::latest;
use super::part::NUMBER;
use crate::error::ClaimsError;

/// Rows read at once.
const ROWS: usize = 8_192;

/// STT by visit, table and place in the table (from 1).
pub(crate) type LineNumbers = BTreeMap<(i64, TableId, i64), i64>;

/// The STT of the cost lines of some visits of a facility in a month, as they were sent last; a line without one is left out.
pub(crate) fn line_numbers(
    book: &Book,
    period: Month,
    facility: &str,
    visits: &BTreeSet<i64>,
) -> Result<LineNumbers, ClaimsError> {
    let mut packets = book.packets()?;
    packets.iter_mut().for_each(|packet| packet.parts.retain(|part| part.facilities.contains(facility)));
    let mut parts: BTreeMap<(usize, usize), HashMap<i64, i64>> = BTreeMap::new();
    for (id, version) in latest(book, &packets, period)? {
        if visits.contains(&id.0) {
            parts.entry((version.packet, version.part)).or_default().insert(version.number, id.0);
        }
    }
    let mut numbers = LineNumbers::new();
    for ((packet, part), wanted) in parts {
        for table in [TableId::XML2, TableId::XML3] {
            let Some(stored) = packets[packet].parts[part].tables.get(&table.word()) else { continue };
            let mut places: HashMap<i64, i64> = HashMap::new();
            for batch in book.stream_table(stored, &[NUMBER, "stt"], ROWS)? {
                let batch = batch?;
                let (dossiers, stts) = (rows::int(&batch, NUMBER)?, rows::text(&batch, "stt")?);
                for row in 0..batch.num_rows() {
                    let Some(visit) = wanted.get(&dossiers.value(row)) else { continue };
                    let place = places.entry(*visit).or_default();
                    *place += 1;
                    if let Some(stt) = rows::text_at(&stts, row).and_then(|text| text.trim().parse().ok()) {
                        numbers.insert((*visit, table, *place), stt);
                    }
                }
            }
        }
    }
    Ok(numbers)
}
