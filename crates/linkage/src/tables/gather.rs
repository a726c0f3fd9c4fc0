//! Candidates of many left rows at once: each pair a single time, with the first pass that finds it.

use super::compare::Fields;
use super::passes::{Candidates, Pass, candidates};

/// A pair to be scored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    pub left: u32,
    pub right: u32,
    pub pass: u8,
}

/// The candidates of some left rows.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// Row by row; within a row pass by pass.
    pub pairs: Vec<Candidate>,
    seen: Seen,
    found: Candidates,
    /// Right rows of all blocks of the batch, left row by left row and pass by pass.
    raw: Vec<u32>,
    counts: Vec<u32>,
}

impl Gathered {
    /// Takes the candidates of these left rows.
    pub(crate) fn fill(&mut self, fields: &Fields, passes: &[Pass], rows: std::ops::Range<usize>) {
        self.pairs.clear();
        if passes.iter().any(Pass::is_every) {
            for left in rows.start as u32..rows.end as u32 {
                candidates(fields, passes, left, &mut self.found);
                self.pairs.extend(self.found.iter().map(|(right, pass)| Candidate { left, right, pass }));
            }
            return;
        }
        // Blocks are copied before they are looked at: reading of many rows then overlaps.
        self.raw.clear();
        self.counts.clear();
        for left in rows.start as u32..rows.end as u32 {
            for pass in passes {
                let block = pass.of(left);
                self.counts.push(block.len() as u32);
                match block {
                    // Nearly every block, and no call to copy it.
                    [one] => self.raw.push(*one),
                    several => self.raw.extend_from_slice(several),
                }
            }
        }
        let mut raw = self.raw.as_slice();
        for (at, counts) in self.counts.chunks_exact(passes.len().max(1)).enumerate() {
            let left = (rows.start + at) as u32;
            self.seen.begin(counts.iter().map(|n| *n as usize).sum());
            for (pass, count) in counts.iter().enumerate() {
                let block;
                (block, raw) = raw.split_at(*count as usize);
                for right in block {
                    if (!fields.one_table || *right > left) && self.seen.is_new(left, *right) {
                        self.pairs.push(Candidate { left, right: *right, pass: pass as u8 });
                    }
                }
            }
        }
    }
}

/// The right rows a left row has met: a table that is never emptied, since each entry names its left row.
#[derive(Debug, Default)]
struct Seen {
    slots: Vec<u64>,
    /// Bits of a place among the slots in use.
    bits: u32,
}

impl Seen {
    /// Makes room for so many right rows of a left row.
    fn begin(&mut self, count: usize) {
        self.bits = (count.max(8) * 4).ilog2();
        if self.slots.len() < 1 << self.bits {
            self.slots = vec![0; 1 << self.bits];
        }
    }

    /// Whether the left row meets the right row for the first time.
    fn is_new(&mut self, left: u32, right: u32) -> bool {
        // No entry is 0, as no left row is counted as 0.
        let entry = (u64::from(left) + 1) << 32 | u64::from(right);
        let mask = (1usize << self.bits) - 1;
        let mut at = (right.wrapping_mul(0x9e37_79b1) >> (32 - self.bits.min(32))) as usize;
        loop {
            let slot = &mut self.slots[at & mask];
            if *slot == entry {
                return false;
            }
            if *slot >> 32 != entry >> 32 {
                *slot = entry;
                return true;
            }
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_right_row_is_new_once_for_each_left_row() {
        let mut seen = Seen::default();
        for left in [0, 1, 7, u32::MAX - 1] {
            for count in [3, 40, 5_000, 6] {
                let left = left ^ count;
                let drawn: Vec<u32> = (0..count).map(|n| (n * 7_919) % (count / 2 + 1)).collect();
                seen.begin(drawn.len());
                let new: Vec<u32> = drawn.iter().copied().filter(|right| seen.is_new(left, *right)).collect();
                let distinct: BTreeSet<u32> = drawn.into_iter().collect();
                assert_eq!(new.iter().copied().collect::<BTreeSet<u32>>(), distinct);
                assert_eq!(new.len(), distinct.len());
            }
        }
    }
}
