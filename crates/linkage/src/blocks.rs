//! Blocks of rows with equal keys: sorted, joined, capped.

use rayon::prelude::*;

use crate::hash::mix;
use crate::keys::{Pass, REFINEMENTS, Side, key, refined};
use crate::lexicon::Lexicon;
use crate::record::Record;

/// Key and place of a row.
pub(crate) type Entry = (u64, u32);

/// The rows of both rosters that share keys in one pass.
#[derive(Debug, Default)]
pub(crate) struct Blocks {
    /// Ascending by key.
    pub left: Vec<Entry>,
    /// Ascending by key.
    pub right: Vec<Entry>,
    /// Ranges of `left` and `right` that make a block.
    pub ranges: Vec<Range>,
    /// Blocks that were too large, before refining.
    pub capped: u64,
    /// Pairs of blocks that stayed too large, or whose rows lack the finer field.
    pub lost: u64,
}

/// Where a block begins and ends in both lists.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Range {
    pub left: (usize, usize),
    pub right: (usize, usize),
}

impl Range {
    fn pairs(&self) -> u64 {
        (self.left.1 - self.left.0) as u64 * (self.right.1 - self.right.0) as u64
    }
}

impl Blocks {
    /// The blocks of a pass with one key a row.
    pub(crate) fn of(pass: Pass, lexicon: &Lexicon, left: &[Record], right: &[Record], cap: u64) -> Self {
        let entries = |records: &[Record], side: Side, wanted: Option<&Filter>| -> Vec<Entry> {
            let with_key = |(at, record): (usize, &Record)| {
                let key = key(pass, lexicon, record, side)?;
                wanted.is_none_or(|f| f.may_hold(key)).then_some((key, at as u32))
            };
            records.par_iter().enumerate().filter_map(with_key).collect()
        };
        let rights = entries(right, Side::Right, None);
        let filter = Filter::new(&rights);
        let lefts = entries(left, Side::Left, Some(&filter));
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
        let mut done: (Vec<Entry>, Vec<Entry>) = (Vec::new(), Vec::new());
        for round in 0..=REFINEMENTS {
            lefts.par_sort_unstable();
            rights.par_sort_unstable();
            let (mut next_left, mut next_right) = (Vec::new(), Vec::new());
            for range in join(&lefts, &rights) {
                let (l, r) = (&lefts[range.left.0..range.left.1], &rights[range.right.0..range.right.1]);
                if range.pairs() <= cap {
                    done.0.extend_from_slice(l);
                    done.1.extend_from_slice(r);
                    continue;
                }
                blocks.capped += u64::from(round == 0);
                blocks.lost += range.pairs();
                if round < REFINEMENTS {
                    let finer_entry =
                        |(key, at): &Entry, records: &[Record]| finer(*key, &records[*at as usize], round).map(|key| (key, *at));
                    next_left.extend(l.iter().filter_map(|e| finer_entry(e, left)));
                    next_right.extend(r.iter().filter_map(|e| finer_entry(e, right)));
                }
            }
            if next_left.is_empty() || next_right.is_empty() {
                break;
            }
            // What the finer blocks still hold is not lost.
            (lefts, rights) = (next_left, next_right);
            lefts.sort_unstable();
            rights.sort_unstable();
            blocks.lost -= join(&lefts, &rights).iter().map(Range::pairs).sum::<u64>();
        }
        done.0.par_sort_unstable();
        done.1.par_sort_unstable();
        blocks.ranges = join(&done.0, &done.1);
        (blocks.left, blocks.right) = done;
        blocks
    }
}

/// Ranges of equal keys present on both sides; both lists ascend.
fn join(left: &[Entry], right: &[Entry]) -> Vec<Range> {
    let mut ranges = Vec::new();
    let (mut l, mut r) = (0, 0);
    let end = |list: &[Entry], from: usize| from + list[from..].iter().take_while(|e| e.0 == list[from].0).count();
    while l < left.len() && r < right.len() {
        match left[l].0.cmp(&right[r].0) {
            std::cmp::Ordering::Less => l += 1,
            std::cmp::Ordering::Greater => r += 1,
            std::cmp::Ordering::Equal => {
                let range = Range { left: (l, end(left, l)), right: (r, end(right, r)) };
                (l, r) = (range.left.1, range.right.1);
                ranges.push(range);
            }
        }
    }
    ranges
}

/// A bit for each key of the smaller side, so that rows of the spine without a partner are never sorted.
pub(crate) struct Filter {
    bits: Vec<u64>,
    mask: u64,
}

impl Filter {
    /// The filter of these keys, about 16 bits each.
    pub(crate) fn new(entries: &[Entry]) -> Self {
        let size = (entries.len().max(64) * 16).next_power_of_two() as u64;
        let mut filter = Self { bits: vec![0; (size / 64) as usize], mask: size - 1 };
        for (key, _) in entries {
            let at = mix(*key) & filter.mask;
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
        let pairs = |b: &Blocks| b.ranges.iter().map(Range::pairs).sum::<u64>();
        let whole = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 16);
        assert_eq!((pairs(&whole), whole.capped, whole.lost), (16, 0, 0));
        let finer = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 8);
        assert_eq!((pairs(&finer), finer.capped, finer.lost), (6, 1, 10));
        let dropped = Blocks::of(Pass::NameDate, &lexicon, &l, &r, 1);
        assert_eq!((pairs(&dropped), dropped.capped, dropped.lost), (0, 1, 16));
    }
}
