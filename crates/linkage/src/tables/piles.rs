//! Rows sorted by a key: dealt out by the first bits of their keys, then sorted pile by pile.

use rayon::prelude::*;

/// A key and a row.
pub(crate) type Entry = (u64, u32);

/// Something sorted by a key, then by row.
pub(crate) trait Keyed: Copy {
    /// The key, or as much of it as tells it from the others of its list.
    fn key(&self) -> u64;
    /// The row.
    fn row(&self) -> u32;
}

impl Keyed for Entry {
    fn key(&self) -> u64 {
        self.0
    }

    fn row(&self) -> u32 {
        self.1
    }
}

/// Of the key the 32 bits after those that name the pile, then the row: half the memory of a key and a row.
///
/// Keys are hashes. In tables of ten million rows a few different keys look the same this way, by luck: their rows are
/// compared for nothing, and that is all.
impl Keyed for u64 {
    fn key(&self) -> u64 {
        self >> 32
    }

    fn row(&self) -> u32 {
        *self as u32
    }
}

/// Rows with a key, in piles by the first bits of their keys, ascending within each.
#[derive(Debug)]
pub(crate) struct Piles {
    entries: Vec<u64>,
    /// Where each pile ends.
    ends: Vec<usize>,
}

/// Bits that name a pile, so that a pile of a table of this size stays in a cache.
pub(crate) fn pile_bits(rows: usize) -> u32 {
    rows.max(1).ilog2().saturating_sub(8).clamp(1, 12)
}

impl Piles {
    /// Deals out rows by their keys; those with key 0 are left out.
    pub(crate) fn new(keys: &[u64], bits: u32) -> Self {
        let pile = |key: u64| (key >> (64 - bits)) as usize;
        let mut ends = vec![0usize; 1 << bits];
        for key in keys.iter().filter(|key| **key != 0) {
            ends[pile(*key)] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            sum += std::mem::replace(end, sum);
        }
        let mut entries = vec![0u64; sum];
        for (row, key) in keys.iter().enumerate().filter(|(_, key)| **key != 0) {
            let next = &mut ends[pile(*key)];
            entries[*next] = (*key << bits) >> 32 << 32 | row as u64;
            // Each start moves to the end of its pile.
            *next += 1;
        }
        let mut rest = entries.as_mut_slice();
        let mut piles = Vec::with_capacity(ends.len());
        let mut from = 0;
        for end in &ends {
            let (own, others) = rest.split_at_mut(end - from);
            piles.push(own);
            (rest, from) = (others, *end);
        }
        piles.into_par_iter().for_each(<[u64]>::sort_unstable);
        Self { entries, ends }
    }

    /// The rows of a pile.
    pub(crate) fn pile(&self, pile: usize) -> &[u64] {
        let from = pile.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.entries[from..self.ends[pile]]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dealing_out_and_sorting_is_sorting() {
        let keys: Vec<u64> = (0..5_000u64).map(|n| if n % 7 == 0 { 0 } else { crate::hash::mix(n % 1_900) }).collect();
        let mut plain: Vec<Entry> = keys.iter().enumerate().filter(|k| *k.1 != 0).map(|(row, key)| (*key, row as u32)).collect();
        plain.sort_unstable();
        for bits in [1, pile_bits(keys.len()), 12] {
            let piles = Piles::new(&keys, bits);
            let dealt: Vec<u32> = (0..1 << bits).flat_map(|pile| piles.pile(pile).iter().map(Keyed::row)).collect();
            assert_eq!(dealt, plain.iter().map(|entry| entry.1).collect::<Vec<_>>());
        }
        assert!(Piles::new(&[], 1).pile(1).is_empty());
    }
}
