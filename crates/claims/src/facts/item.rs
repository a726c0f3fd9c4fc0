//! A line beside the catalogue of its facility.

use base::Amount;
use claimfile::TableId;

use super::line::Line;
use super::visit::{Sources, Visit};
use crate::catalogue::{Catalogues, Item};

/// A row of a catalogue, where there is one, and the highest approved price.
pub(super) type Found<'c> = (Option<&'c Item>, Option<Amount>);

impl Line<'_> {
    /// The catalogue's row for the line on the day of the order, the one that agrees in most details, and the highest price approved for the code on
    /// that day; `None` when the facility handed no such catalogue over.
    pub(super) fn item<'c>(&self, visit: &Visit<'_>, catalogues: &'c Catalogues, sources: &Sources<'_>) -> Option<Found<'c>> {
        let catalogue = match (self.table, self.is_supply) {
            (TableId::XML2, _) => catalogues.drugs.as_ref(),
            (_, true) => catalogues.supplies.as_ref(),
            (_, false) => catalogues.services.as_ref(),
        }?;
        let rows = catalogue.get(visit.facility)?.get(self.code?).map_or(&[][..], Vec::as_slice);
        let day = self.order.map(|m| m.day);
        let valid = || rows.iter().filter(|item| item.term.holds(day));
        let best = valid().max_by_key(|item| (self.details_agree(item, sources) == Some(true), Some(&*item.name) == self.name));
        Some((best, valid().filter_map(|item| item.price).max()))
    }

    pub(super) fn details_agree(&self, item: &Item, sources: &Sources<'_>) -> Option<bool> {
        if self.table != TableId::XML2 {
            return None;
        }
        let at = &sources.places.xml2;
        let same =
            |cell: Option<&str>, wanted: &str| wanted.is_empty() || cell.is_some_and(|cell| cell.eq_ignore_ascii_case(wanted));
        Some(same(self.row.get(at.ham_luong), &item.strength) && same(self.row.get(at.so_dang_ky), &item.registration))
    }
}
