//! Which rows of sheets 79a and 80a tell visits that XML claims of the month tell too: these do not count, so that no visit is audited twice and none is lost
//! because another visit of its facility came as XML.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use base::Amount;
use book::{BatchRecord, Book, Packet, PacketPart};
use claimfile::Lists;
use engine::arrow::array::StringArray;
use engine::rows;

use super::sheet_row::{IDENTITY, SheetRows, of_portal};
use super::sheets::{each, files};
use crate::error::ClaimsError;
use crate::facts::card::parts;
use crate::store::{Latest, NUMBER, VisitId, index, is_withdrawal};

/// Rows read at once.
const ROWS: usize = 8_192;

/// The visits of a month that XML claims tell, as rows of sheets are held against them.
pub(crate) struct Xml<'a> {
    visits: &'a Latest,
    lists: &'a Lists,
    /// By the portal's number (XML1_ID), where a row of a sheet has MA_LK beside it.
    portal: HashMap<VisitId, VisitId>,
    /// By card, days and cost; read only where a sheet has rows without MA_LK.
    alike: HashMap<i64, Vec<VisitId>>,
}

impl<'a> Xml<'a> {
    /// Reads what the rows of the month's sheets can be held against. `visits` are those of `packets`.
    pub(crate) fn read(
        book: &Book,
        packets: &[Packet],
        (visits, lists): (&'a Latest, &'a Lists),
        batches: &[BatchRecord],
    ) -> Result<Self, ClaimsError> {
        let mut xml = Self { visits, lists, portal: HashMap::new(), alike: HashMap::new() };
        if visits.is_empty() {
            return Ok(xml);
        }
        let mut without_case = BTreeSet::new();
        for file in files(batches) {
            each(book, file, &IDENTITY, &mut |rows, row, _, _, _| {
                let Some(facility) = rows.text(row, "facility") else { return Ok(()) };
                match (rows.text(row, "case_id"), rows.portal_id(row)) {
                    (Some(case), Some(portal)) => {
                        let id = VisitId::of(&facility, &case);
                        if visits.contains_key(&id) {
                            xml.portal.insert(of_portal(&facility, portal), id);
                        }
                    }
                    (None, _) => {
                        without_case.insert(facility);
                    }
                    (Some(_), None) => {}
                }
                Ok(())
            })?;
        }
        for (packet_at, packet) in packets.iter().enumerate() {
            for (part_at, part) in packet.parts.iter().enumerate() {
                if !part.facilities.is_disjoint(&without_case) {
                    xml.read_alike(book, (packet_at, part_at), part, &without_case)?;
                }
            }
        }
        Ok(xml)
    }

    /// Notes what the counting visits of a part look like, those of some facilities.
    fn read_alike(
        &mut self,
        book: &Book,
        place: (usize, usize),
        part: &PacketPart,
        facilities: &BTreeSet<String>,
    ) -> Result<(), ClaimsError> {
        let visits = self.visits;
        let mut counting: HashMap<i64, (VisitId, String)> = HashMap::new();
        index(book, part, &mut |id, facility, _, number, _| {
            let version = visits.get(&id).map(|version| (version.packet, version.part, version.number));
            if version == Some((place.0, place.1, number)) && facilities.contains(facility) {
                counting.insert(number, (id, facility.to_owned()));
            }
            Ok(())
        })?;
        let Some(table) = part.tables.get("xml1").filter(|_| !counting.is_empty()) else { return Ok(()) };
        let columns = [NUMBER, "ma_the_bhyt", "ngay_vao", "ngay_ra", "t_tongchi_bv", "t_tongchi_bh"];
        for batch in book.stream_table(table, &columns, ROWS)? {
            let batch = batch?;
            let numbers = rows::int(&batch, NUMBER)?;
            let text = |name: &str| batch.column_by_name(name).map(|_| rows::text(&batch, name)).transpose();
            let (cards, starts, ends) = (text("ma_the_bhyt")?, text("ngay_vao")?, text("ngay_ra")?);
            // Some programs write into the one cost of the old sheets what the fund looks at.
            let costs = [text("t_tongchi_bv")?, text("t_tongchi_bh")?];
            for row in 0..batch.num_rows() {
                let Some((id, facility)) = counting.get(&numbers.value(row)) else { continue };
                let Some(card) = last_card(cell(&cards, row)) else { continue };
                let costs: BTreeSet<Amount> = costs.iter().filter_map(|column| Amount::parse(cell(column, row)?).ok()).collect();
                for cost in costs {
                    if let Some(look) = look_of(facility, &card, (cell(&starts, row), cell(&ends, row)), cost) {
                        self.alike.entry(look).or_default().push(*id);
                    }
                }
            }
        }
        Ok(())
    }

    /// The visit of XML that a row tells too: by MA_LK where the row has it, else by the portal's number, else by card, first and last day and cost.
    ///
    /// `met` are the visits that rows of the same file told before: two rows that look the same are two visits, and one of XML stands for one of them.
    pub(crate) fn of(&self, rows: &SheetRows, row: usize, met: &mut HashSet<VisitId>) -> Option<VisitId> {
        if self.visits.is_empty() {
            return None;
        }
        let facility = rows.text(row, "facility")?;
        let found = match rows.text(row, "case_id") {
            Some(case) => Some(VisitId::of(&facility, &case)).filter(|id| self.visits.contains_key(id)),
            None => {
                let portal = rows.portal_id(row).and_then(|portal| self.portal.get(&of_portal(&facility, portal)));
                portal.copied().or_else(|| self.alike(&facility, rows, row, met))
            }
        }?;
        met.insert(found);
        Some(found)
    }

    /// Whether a row withdraws the request for payment of its visit.
    pub(crate) fn is_withdrawal(&self, rows: &SheetRows, row: usize) -> bool {
        rows.text(row, "category").is_some_and(|code| is_withdrawal(self.lists, &code))
    }

    fn alike(&self, facility: &str, rows: &SheetRows, row: usize, met: &HashSet<VisitId>) -> Option<VisitId> {
        let text = |name: &str| rows.text(row, name);
        let card = last_card(text("card_number").as_deref().or_else(|| rows.object(row)))?;
        let cost = Amount::parse(&text("total_cost")?).ok()?;
        let (start, end) = (text("arrived"), text("ended"));
        let look = look_of(facility, &card, (start.as_deref(), end.as_deref()), cost)?;
        self.alike.get(&look)?.iter().find(|id| !met.contains(*id)).copied()
    }

    /// Rows of the month's sheets that do not count for that reason, by facility.
    pub(crate) fn left_out(&self, book: &Book, batches: &[BatchRecord]) -> Result<BTreeMap<String, i64>, ClaimsError> {
        let mut left_out: BTreeMap<String, i64> = BTreeMap::new();
        for file in files(batches) {
            let mut met = HashSet::new();
            each(book, file, &IDENTITY, &mut |rows, row, _, _, _| {
                if self.of(rows, row, &mut met).is_some() {
                    *left_out.entry(rows.text(row, "facility").unwrap_or_default()).or_default() += 1;
                }
                Ok(())
            })?;
        }
        Ok(left_out)
    }
}

/// A cell of a column that an older program may not have written.
fn cell(column: &Option<StringArray>, row: usize) -> Option<&str> {
    column.as_ref().and_then(|cells| rows::text_at(cells, row)).map(str::trim)
}

/// The last card of a cell; of one of the armed forces, whose number nobody keeps, the letters.
fn last_card(cell: Option<&str>) -> Option<String> {
    let last = parts(cell).last()?.to_ascii_uppercase();
    let hidden = last.get(5..).is_some_and(|number| !number.is_empty() && number.bytes().all(|digit| digit == b'0'));
    Some(if hidden { last.get(..2)?.to_owned() } else { last })
}

/// What a visit looks like where it has no number in common with another source; days without their hours. `None` when a day is missing.
fn look_of(facility: &str, card: &str, (start, end): (Option<&str>, Option<&str>), cost: Amount) -> Option<i64> {
    let (start, end) = (start?.get(..8)?, end?.get(..8)?);
    Some(VisitId::of(facility, &format!("alike\u{1}{card}\u{1}{start}\u{1}{end}\u{1}{}", cost.millionths())).0)
}

#[cfg(test)]
mod tests;
