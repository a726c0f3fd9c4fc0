//! Which dossier counts when a visit was sent more than once, and which visits their facility withdrew.

use std::collections::{BTreeMap, BTreeSet};

use base::Month;
use book::{Book, Packet, PacketPart};
use claimfile::{Lists, TableId, parse_day};
use engine::rows;

use super::bucket::VisitId;
use super::part::{INDEX, NUMBER};
use crate::error::ClaimsError;

/// Rows read at once.
const ROWS: usize = 8_192;

/// Where one sending of a visit lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Place of the packet among those given.
    pub packet: usize,
    /// Place of the part in the packet.
    pub part: usize,
    /// Number of the dossier in the part.
    pub number: i64,
    /// Contents that differ from one another among all sendings up to this one.
    pub versions: i64,
}

/// The visits of a month, by number, each with the sending that counts.
pub type Latest = BTreeMap<VisitId, Version>;

/// One sending while they are compared.
struct Sent {
    version: Version,
    facility: String,
    link: String,
    content: String,
    in_period: bool,
    order: Order,
}

/// The visits of a month among packets that are given in the order of their arrival. Check-ins are no visits.
///
/// A later packet replaces an earlier one; within a packet, of which the files come by name, the dossier of the later `NGAYLAP` counts, then the later in order.
/// A visit that was sent again under another month of settlement belongs to that month alone.
pub fn latest(book: &Book, packets: &[Packet], period: Month) -> Result<Latest, ClaimsError> {
    let mut known: BTreeMap<VisitId, Sent> = BTreeMap::new();
    // Of other months only what came after the first packet of this one can matter: packets before it cannot replace anything.
    let holds = |packet: &Packet| packet.parts.iter().any(|part| part.period == period);
    let first = packets.iter().position(holds).unwrap_or(packets.len());
    for (packet_at, packet) in packets.iter().enumerate().skip(first) {
        // Those of this month first: what a packet says of other months matters for visits that this month knows.
        let (own, others): (Vec<_>, Vec<_>) = packet.parts.iter().enumerate().partition(|(_, part)| part.period == period);
        for (part_at, part) in own.into_iter().chain(others) {
            let in_period = part.period == period;
            each(book, part, &mut |row| {
                let id = row.id;
                if !in_period && !known.contains_key(&id) {
                    return Ok(());
                }
                let mut version = Version { packet: packet_at, part: part_at, number: row.number, versions: 1 };
                if let Some(before) = known.get_mut(&id) {
                    if before.facility != row.facility || before.link != row.link {
                        return Err(ClaimsError::SameNumber {
                            id: id.0,
                            facilities: [before.facility.clone(), row.facility.to_owned()],
                        });
                    }
                    before.version.versions += i64::from(before.content != row.content);
                    version.versions = before.version.versions;
                    if before.version.packet == packet_at && row.order < before.order {
                        return Ok(());
                    }
                }
                let (facility, link, content) = (row.facility.to_owned(), row.link.to_owned(), row.content.to_owned());
                known.insert(id, Sent { version, facility, link, content, in_period, order: row.order });
                Ok(())
            })?;
        }
    }
    Ok(known.into_iter().filter(|(_, sent)| sent.in_period).map(|(id, sent)| (id, sent.version)).collect())
}

/// The list of the categories of visits, and its word for a dossier that withdraws the payment request (thu hồi đề nghị thanh toán).
const CATEGORIES: &str = "ma_doituong_kcb";
const WITHDRAWAL: &str = "withdrawal";

/// Whether a category of a visit (MA_DOITUONG_KCB) withdraws the request for payment.
pub(crate) fn is_withdrawal(lists: &Lists, code: &str) -> bool {
    let meaning = lists.get(CATEGORIES).and_then(|list| list.ever(code.trim()));
    meaning.is_some_and(|meaning| meaning.word == WITHDRAWAL)
}

/// Those of a month's visits whose counting dossier withdraws the request for payment (MA_DOITUONG_KCB), each with its facility: they are known and nothing is
/// asked for them. A dossier that is sent again after it asks anew. `visits` are those of `packets`.
pub fn withdrawn(
    book: &Book,
    packets: &[Packet],
    visits: &Latest,
    lists: &Lists,
) -> Result<BTreeMap<VisitId, String>, ClaimsError> {
    let mut parts: BTreeMap<(usize, usize), BTreeMap<i64, VisitId>> = BTreeMap::new();
    for (id, version) in visits {
        parts.entry((version.packet, version.part)).or_default().insert(version.number, *id);
    }
    let mut withdrawn = BTreeMap::new();
    for ((packet, part), numbers) in parts {
        let Some(table) = packets[packet].parts[part].tables.get("xml1") else { continue };
        for batch in book.stream_table(table, &[NUMBER, CATEGORIES, "ma_cskcb"], ROWS)? {
            let batch = batch?;
            let (dossiers, codes) = (rows::int(&batch, NUMBER)?, rows::text(&batch, CATEGORIES)?);
            let facilities = rows::text(&batch, "ma_cskcb")?;
            for row in 0..batch.num_rows() {
                let code = rows::text_at(&codes, row).map(str::trim).unwrap_or_default();
                if let Some(id) = numbers.get(&dossiers.value(row)).filter(|_| is_withdrawal(lists, code)) {
                    withdrawn.insert(*id, rows::text_at(&facilities, row).unwrap_or_default().trim().to_owned());
                }
            }
        }
    }
    Ok(withdrawn)
}

/// When a dossier was made (`NGAYLAP`, as yyyyMMddHHmmss; 0 where it does not tell), place of its file in the packet, place in the file.
pub(super) type Order = (u64, i64, i64);

/// A visit as the index of a part has it.
struct IndexRow<'r> {
    id: VisitId,
    facility: &'r str,
    link: &'r str,
    /// Number in the part.
    number: i64,
    /// Mark of the content.
    content: &'r str,
    order: Order,
}

/// Tells each visit of a part, those made later after the others.
fn each(
    book: &Book,
    part: &PacketPart,
    tell: &mut dyn FnMut(&IndexRow<'_>) -> Result<(), ClaimsError>,
) -> Result<(), ClaimsError> {
    let Some(table) = part.tables.get(INDEX) else { return Ok(()) };
    let columns = [NUMBER, "visit_id", "facility", "link", "file", "place", "made_on", "present", "content"];
    let batches = book.read_table(table, Some(&columns))?;
    let mut order: Vec<(Order, usize, usize)> = Vec::new();
    // Dossiers of one envelope were made at once.
    let mut last = (String::new(), 0);
    for (at, batch) in batches.iter().enumerate() {
        let (files, places) = (rows::int(batch, "file")?, rows::int(batch, "place")?);
        let (made, present) = (rows::text(batch, "made_on")?, rows::int(batch, "present")?);
        for row in (0..batch.num_rows()).filter(|row| present.value(*row) & (1 << TableId::XML1.index()) != 0) {
            if made.value(row) != last.0 {
                last = (made.value(row).to_owned(), made_at(made.value(row)));
            }
            order.push(((last.1, files.value(row), places.value(row)), at, row));
        }
    }
    order.sort_unstable();
    let mut cells = Vec::with_capacity(batches.len());
    for batch in &batches {
        let (numbers, ids) = (rows::int(batch, NUMBER)?, rows::int(batch, "visit_id")?);
        cells.push((numbers, ids, rows::text(batch, "facility")?, rows::text(batch, "link")?, rows::text(batch, "content")?));
    }
    for (order, at, row) in order {
        let (numbers, ids, facilities, links, contents) = &cells[at];
        tell(&IndexRow {
            id: VisitId(ids.value(row)),
            facility: facilities.value(row),
            link: links.value(row),
            number: numbers.value(row),
            content: contents.value(row),
            order,
        })?;
    }
    Ok(())
}

/// `NGAYLAP` as a number that grows with time; 0 for what is no day. Some programs write a time behind the day.
pub(super) fn made_at(text: &str) -> u64 {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(14).collect();
    match digits.get(..8).and_then(parse_day) {
        Some(_) => format!("{digits:0<14}").parse().unwrap_or(0),
        None => 0,
    }
}

/// Is told a visit.
pub(crate) type Told<'t> = dyn FnMut(VisitId, &str, &str, i64, &str) -> Result<(), ClaimsError> + 't;

/// Tells each visit of a part, those made later after the others: number of the book, facility, MA_LK, number in the part, mark of the content.
pub(crate) fn index(book: &Book, part: &PacketPart, tell: &mut Told<'_>) -> Result<(), ClaimsError> {
    each(book, part, &mut |row| tell(row.id, row.facility, row.link, row.number, row.content))
}

/// What the facilities call some visits of a month (`MA_LK`), by the number of the book.
pub fn links_of(
    book: &Book,
    packets: &[Packet],
    period: Month,
    wanted: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, String>, ClaimsError> {
    let mut links = BTreeMap::new();
    for part in packets.iter().flat_map(|packet| &packet.parts).filter(|part| part.period == period) {
        index(book, part, &mut |id, _, link, _, _| {
            if wanted.contains(&id.0) {
                links.entry(id.0).or_insert_with(|| link.to_owned());
            }
            Ok(())
        })?;
    }
    Ok(links)
}

/// What the facilities call the visits of a month: facility and `MA_LK` by the number of the book.
pub fn visit_links(book: &Book, packets: &[Packet], period: Month) -> Result<BTreeMap<i64, (String, String)>, ClaimsError> {
    let mut links = BTreeMap::new();
    for part in packets.iter().flat_map(|packet| &packet.parts).filter(|part| part.period == period) {
        index(book, part, &mut |id, facility, link, _, _| {
            links.entry(id.0).or_insert_with(|| (facility.to_owned(), link.to_owned()));
            Ok(())
        })?;
    }
    Ok(links)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_a_dossier_was_made_is_a_number_that_grows_with_time() {
        assert!(made_at("20261102") < made_at("202611021530"), "a time behind the day");
        assert!(made_at("202611012359") < made_at("20261102"));
        assert_eq!(made_at("2026-11-02"), made_at("20261102"));
        for nothing in ["", "20261", "20269902", "hôm qua"] {
            assert_eq!(made_at(nothing), 0, "{nothing}");
        }
    }
}
