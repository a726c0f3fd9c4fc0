//! Blocks of rows with equal keys: sorted, joined, capped.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::columns::short;
use crate::hash::mix;
use crate::keys::{Pass, REFINEMENTS, Side, key, refined};
use crate::lexicon::Lexicon;
use crate::record::Record;

/// Key and place of a row, twelve bytes; the key is kept in halves so that none is lost to padding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    high: u32,
    low: u32,
    pub row: u32,
}

impl Entry {
    /// The entry of a row.
    pub(crate) fn new(key: u64, row: u32) -> Self {
        Self { high: (key >> 32) as u32, low: key as u32, row }
    }

    /// The same key of another row.
    pub(crate) fn of_row(self, row: u32) -> Self {
        Self { row, ..self }
    }

    fn key(self) -> u64 {
        u64::from(self.high) << 32 | u64::from(self.low)
    }
}

impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.key(), self.row).cmp(&(other.key(), other.row))
    }
}

impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The rows of both rosters that share keys in one pass.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    /// Blocks by whole keys, then by keys refined once, and so on.
    pub layers: Vec<Layer>,
    /// Blocks that were too large, before refining.
    pub capped: u64,
    /// Pairs of blocks that stayed too large, or whose rows lack the finer field.
    pub lost: u64,
}

/// Blocks of keys refined equally often.
#[derive(Debug, Default)]
pub(crate) struct Layer {
    /// Ascending by key.
    pub left: Vec<Entry>,
    /// Ascending by key.
    pub right: Vec<Entry>,
    /// Ranges of `left` and `right` that make a block.
    pub ranges: Vec<Range>,
}

/// Where a block begins and ends in both lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    left: (u32, u32),
    right: (u32, u32),
}

impl Range {
    fn pairs(&self) -> u64 {
        u64::from(self.left.1 - self.left.0) * u64::from(self.right.1 - self.right.0)
    }
}

impl Layer {
    /// The left and the right rows of a block.
    pub(crate) fn rows(&self, range: &Range) -> (&[Entry], &[Entry]) {
        let of = |list: &'_ [Entry], (from, to): (u32, u32)| -> std::ops::Range<usize> {
            (from as usize).min(list.len())..(to as usize).min(list.len())
        };
        (&self.left[of(&self.left, range.left)], &self.right[of(&self.right, range.right)])
    }
}

impl Blocks {
    /// The blocks of a pass with one key a row.
    ///
    /// `kept` is what is kept of the left rows' keys ([`crate::columns`]); it passes over rows that share no key faster
    /// than making their keys does.
    pub(crate) fn of(pass: Pass, lexicon: &Lexicon, left: &[Record], right: &[Record], cap: u64, kept: Option<&[u32]>) -> Self {
        let entries = |records: &[Record], side: Side, wanted: Option<&Filter>| -> Vec<Entry> {
            // In parts, so that the list is not built twice; memory never written to costs nothing.
            let mut all = Vec::with_capacity(records.len());
            for (part, records) in records.chunks(PART).enumerate() {
                let with_key = |(at, record): (usize, &Record)| {
                    let key = key(pass, lexicon, record, side)?;
                    wanted.is_none_or(|f| f.may_hold(key)).then_some(Entry::new(key, (part * PART + at) as u32))
                };
                let mut found: Vec<Entry> = records.par_iter().enumerate().filter_map(with_key).collect();
                all.append(&mut found);
            }
            all
        };
        let (lefts, rights) = match kept.filter(|kept| kept.len() == left.len() && right.len() < left.len()) {
            Some(kept) => {
                let rights = entries(right, Side::Right, None);
                let wanted = Filter::of_keys(rights.iter().map(|e| u64::from(short(e.key()))).collect());
                let may = |(_, short): &(usize, &u32)| **short != 0 && wanted.may_hold(u64::from(**short));
                let own = |(at, _): (usize, &u32)| Some(Entry::new(key(pass, lexicon, &left[at], Side::Left)?, at as u32));
                (kept.par_iter().enumerate().filter(may).filter_map(own).collect(), rights)
            }
            None => smaller_first(
                (left.len(), &|wanted| entries(left, Side::Left, wanted)),
                (right.len(), &|wanted| entries(right, Side::Right, wanted)),
            ),
        };
        let finer: &dyn Fn(u64, &Record, usize) -> Option<u64> = match pass {
            // Undated rows have neither commune nor sex as a rule: a finer key would only lose them all.
            Pass::NameOnly => &|_, _, _| None,
            _ => &refined,
        };
        Self::capped(lefts, rights, left, right, cap, finer)
    }

    /// Joins entries and refines what is over the cap.
    pub(crate) fn capped(
        mut lefts: Vec<Entry>,
        mut rights: Vec<Entry>,
        left: &[Record],
        right: &[Record],
        cap: u64,
        finer: &dyn Fn(u64, &Record, usize) -> Option<u64>,
    ) -> Self {
        let mut blocks = Self::default();
        for round in 0..=REFINEMENTS {
            lefts.par_sort_unstable();
            rights.par_sort_unstable();
            let ranges = join(&lefts, &rights);
            if round > 0 {
                // What the finer blocks still hold is not lost.
                blocks.lost -= ranges.iter().map(Range::pairs).sum::<u64>();
            }
            let mut layer = Layer { left: lefts, right: rights, ranges };
            let (mut next_left, mut next_right) = (Vec::new(), Vec::new());
            for range in layer.ranges.iter().filter(|range| range.pairs() > cap) {
                blocks.capped += u64::from(round == 0);
                blocks.lost += range.pairs();
                if round < REFINEMENTS {
                    let finer_entry = |e: &Entry, records: &[Record]| {
                        finer(e.key(), &records[e.row as usize], round).map(|key| Entry::new(key, e.row))
                    };
                    let (l, r) = layer.rows(range);
                    next_left.extend(l.iter().filter_map(|e| finer_entry(e, left)));
                    next_right.extend(r.iter().filter_map(|e| finer_entry(e, right)));
                }
            }
            layer.ranges.retain(|range| range.pairs() <= cap);
            blocks.layers.push(layer);
            if next_left.is_empty() || next_right.is_empty() {
                break;
            }
            (lefts, rights) = (next_left, next_right);
        }
        blocks
    }
}

/// Rows of a side, and what makes its entries, those alone whose keys may be wanted.
type Entries<'e> = (usize, &'e dyn Fn(Option<&Filter>) -> Vec<Entry>);

/// The entries of both sides; of the larger one only those whose keys the smaller one may have.
pub(crate) fn smaller_first((lefts, left): Entries<'_>, (rights, right): Entries<'_>) -> (Vec<Entry>, Vec<Entry>) {
    if lefts < rights {
        let lefts = left(None);
        let rights = right(Some(&Filter::new(&lefts)));
        return (lefts, rights);
    }
    let rights = right(None);
    let lefts = left(Some(&Filter::new(&rights)));
    (lefts, rights)
}

/// Ranges of equal keys present on both sides; both lists ascend.
fn join(left: &[Entry], right: &[Entry]) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut l, mut r) = (0, 0);
    let end = |list: &[Entry], from: usize| from + list[from..].iter().take_while(|e| e.key() == list[from].key()).count();
    while l < left.len() && r < right.len() {
        match left[l].key().cmp(&right[r].key()) {
            Ordering::Less => l += 1,
            Ordering::Greater => r += 1,
            Ordering::Equal => {
                let (l_end, r_end) = (end(left, l), end(right, r));
                ranges.push(Range { left: (l as u32, l_end as u32), right: (r as u32, r_end as u32) });
                (l, r) = (l_end, r_end);
            }
        }
    }
    ranges
}

/// Records whose keys are made at a time.
const PART: usize = 1 << 20;

/// A bit for each key of the smaller side, so that rows of the spine without a partner are never sorted.
pub(crate) struct Filter {
    bits: Vec<u64>,
    mask: u64,
}

impl Filter {
    /// The filter of these keys, about 16 bits each.
    pub(crate) fn new(entries: &[Entry]) -> Self {
        Self::with(entries.len(), entries.iter().map(|entry| entry.key()))
    }

    /// The filter of these keys.
    pub(crate) fn of_keys(keys: Vec<u64>) -> Self {
        Self::with(keys.len(), keys.into_iter())
    }

    fn with(count: usize, keys: impl Iterator<Item = u64>) -> Self {
        let size = (count.max(64) * 16).next_power_of_two() as u64;
        let mut filter = Self { bits: vec![0; (size / 64) as usize], mask: size - 1 };
        for key in keys {
            let at = mix(key) & filter.mask;
            filter.bits[(at >> 6) as usize] |= 1 << (at & 63);
        }
        filter
    }

    /// Whether the key may be among them; never wrong when it says no.
    pub(crate) fn may_hold(&self, key: u64) -> bool {
        let at = mix(key) & self.mask;
        self.bits[(at >> 6) as usize] >> (at & 63) & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn a_large_block_is_refined_and_its_loss_counted() {
        // Four namesakes on each side, two a commune; one right row has no commune.
        let rows = |last: &str| {
            let of = |commune: &str| format!("Trần Văn An|1980-02-03|m||{commune}");
            prepared(&[&of("1"), &of("1"), &of("2"), &of(last)])
        };
        let l = rows("2");
        let (lexicon, r) = Lexicon::join(&l, &rows(""));
        let l = l.records;
        let pairs = |b: &Blocks| b.layers.iter().flat_map(|l| &l.ranges).map(Range::pairs).sum::<u64>();
        let whole = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 16, None);
        assert_eq!((pairs(&whole), whole.capped, whole.lost), (16, 0, 0));
        let finer = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 8, None);
        assert_eq!((pairs(&finer), finer.capped, finer.lost), (6, 1, 10));
        let dropped = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 1, None);
        assert_eq!((pairs(&dropped), dropped.capped, dropped.lost), (0, 1, 16));
    }
}
