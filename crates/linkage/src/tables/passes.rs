//! The blocks of each pass, and the candidates they give a left row.

use rayon::prelude::*;

use super::compare::Fields;
use super::keys::{Atom, Way};
use super::pool::EMPTY;
use super::propose::Plan;
use crate::hash::join;

/// Most pairs of one block; a larger one is refined by further fields.
const BLOCK_PAIRS: u64 = 65_536;
/// Rounds of refining.
const REFINEMENTS: usize = 3;

/// The blocks of a pass, ready to be asked by left row.
#[derive(Debug)]
pub(crate) struct Pass {
    /// First place in `rights` and number of right rows of each left row.
    ranges: Vec<(u32, u32)>,
    rights: Vec<u32>,
    /// Every right row is a candidate of every left row.
    every: bool,
    /// Pairs its blocks hold.
    pub pairs: u64,
    /// Blocks over the cap.
    pub refined: u64,
    /// Pairs given up because no finer field was known or fine enough.
    pub lost: u64,
}

type Entry = (u64, u32);

/// Rows whose keys are made in one go.
const PART: usize = 8_192;

impl Pass {
    /// Makes the blocks of a plan.
    pub(crate) fn new(fields: &Fields, atoms: &[Atom], plan: &Plan) -> Self {
        let mut pass =
            Self { ranges: Vec::new(), rights: Vec::new(), every: plan.atoms.is_empty(), pairs: 0, refined: 0, lost: 0 };
        if pass.every {
            pass.pairs = super::propose::all_pairs(fields);
            return pass;
        }
        pass.ranges = vec![(0, 0); fields.lefts];
        let rows = |left: bool| sorted(&row_keys(fields, atoms, plan, left));
        let (mut lefts, mut rights) = match fields.one_table {
            true => (rows(true), Vec::new()),
            false => rayon::join(|| rows(true), || rows(false)),
        };
        if fields.one_table {
            rights.clone_from(&lefts);
        }
        let finer = finer_atoms(fields, atoms, plan);
        for round in 0..=REFINEMENTS.min(finer.len()) {
            if round > 0 {
                lefts.par_sort_unstable();
                rights.par_sort_unstable();
            }
            let (next_left, next_right) = pass.take(fields.one_table, round, &lefts, &rights);
            let Some(atom) = finer.get(round).filter(|_| round < REFINEMENTS) else { break };
            if next_left.is_empty() {
                break;
            }
            let atom = &atoms[*atom];
            let refine = |list: Vec<Entry>, of: &(dyn Fn(u32) -> Option<u64> + Sync)| -> Vec<Entry> {
                list.into_iter().filter_map(|(key, row)| Some((join(key, of(row)?), row))).collect()
            };
            lefts = refine(next_left, &|row| atom.left(fields, row));
            rights = refine(next_right, &|row| atom.right(fields, row));
        }
        pass
    }

    /// Keeps blocks under the cap; gives back the rows of the others.
    fn take(&mut self, one_table: bool, round: usize, lefts: &[Entry], rights: &[Entry]) -> (Vec<Entry>, Vec<Entry>) {
        let (mut i, mut j) = (0, 0);
        let (mut next_left, mut next_right) = (Vec::new(), Vec::new());
        let mut held = 0;
        let run = |list: &[Entry], from: usize| from + list[from..].iter().take_while(|e| e.0 == list[from].0).count();
        while i < lefts.len() && j < rights.len() {
            match lefts[i].0.cmp(&rights[j].0) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    let (to_i, to_j) = (run(lefts, i), run(rights, j));
                    let (n, m) = ((to_i - i) as u64, (to_j - j) as u64);
                    let pairs = if one_table { n * (n - 1) / 2 } else { n * m };
                    held += pairs;
                    if pairs > BLOCK_PAIRS {
                        self.refined += u64::from(round == 0);
                        self.lost += pairs;
                        next_left.extend_from_slice(&lefts[i..to_i]);
                        next_right.extend_from_slice(&rights[j..to_j]);
                    } else if pairs > 0 {
                        self.pairs += pairs;
                        let range = (self.rights.len() as u32, m as u32);
                        self.rights.extend(rights[j..to_j].iter().map(|e| e.1));
                        lefts[i..to_i].iter().for_each(|e| self.ranges[e.1 as usize] = range);
                    }
                    (i, j) = (to_i, to_j);
                }
            }
        }
        if round > 0 {
            // What the finer blocks hold is not given up (or is counted again just above).
            self.lost -= held;
        }
        (next_left, next_right)
    }

    /// Whether every right row is a candidate of every left row.
    pub(crate) fn is_every(&self) -> bool {
        self.every
    }

    /// The right rows in the block of a left row.
    pub(crate) fn of(&self, left: u32) -> &[u32] {
        let (from, count) = self.ranges[left as usize];
        &self.rights[from as usize..(from + count) as usize]
    }
}

/// The key of each row in a plan; 0 where a part is missing.
fn row_keys(fields: &Fields, atoms: &[Atom], plan: &Plan, left: bool) -> Vec<u64> {
    let mut keys = vec![1u64; if left { fields.lefts } else { fields.rights }];
    keys.par_chunks_mut(PART).enumerate().for_each(|(part, keys)| {
        for atom in &plan.atoms {
            let (column, of_value) = (&fields.columns[atoms[*atom].field], atoms[*atom].keys());
            let codes = if left { &column.left } else { &column.right };
            // Straight through, so that looking up the values of many rows overlaps.
            for (key, code) in keys.iter_mut().zip(&codes[part * PART..]) {
                let own = if *code == EMPTY { 0 } else { of_value[*code as usize] };
                *key = if own == 0 || *key == 0 { 0 } else { join(*key, own).max(1) };
            }
        }
    });
    keys
}

/// Rows with a key, ascending by key and row: dealt out by the first bits of their keys, then sorted pile by pile.
fn sorted(keys: &[u64]) -> Vec<Entry> {
    let bits = (keys.len().max(1).ilog2()).saturating_sub(8).clamp(1, 12);
    let pile = |key: u64| (key >> (64 - bits)) as usize;
    let mut starts = vec![0usize; (1 << bits) + 1];
    for key in keys.iter().filter(|key| **key != 0) {
        starts[pile(*key) + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut entries = vec![(0, 0); starts.last().copied().unwrap_or(0)];
    for (row, key) in keys.iter().enumerate().filter(|(_, key)| **key != 0) {
        let next = &mut starts[pile(*key)];
        entries[*next] = (*key, row as u32);
        *next += 1;
    }
    entries.par_chunk_by_mut(|a, b| pile(a.0) == pile(b.0)).for_each(<[Entry]>::sort_unstable);
    entries
}

/// Whole values of fields that the plan does not use, the most telling first.
fn finer_atoms(fields: &Fields, atoms: &[Atom], plan: &Plan) -> Vec<usize> {
    let used = |field: usize| plan.atoms.iter().any(|a| atoms[*a].field == field);
    let mut finer: Vec<usize> = (0..atoms.len()).filter(|a| atoms[*a].way == Way::Whole && !used(atoms[*a].field)).collect();
    // First fields that split well and are seldom empty: distinct values count, but not above a thousand.
    let split = |a: &usize| {
        let column = &fields.columns[atoms[*a].field];
        let filled = column.left.iter().filter(|c| **c != EMPTY).count() as u64;
        filled * (column.hashes.len() as u64).min(1_000)
    };
    finer.sort_by_key(|a| (std::cmp::Reverse(split(a)), *a));
    finer
}

/// The candidates of a left row, each once with the first pass that finds it; ascending by right row.
pub(crate) fn candidates(fields: &Fields, passes: &[Pass], left: u32, out: &mut Candidates) {
    out.0.clear();
    let from = if fields.one_table { left + 1 } else { 0 };
    for (number, pass) in passes.iter().enumerate() {
        let packed = |right: u32| u64::from(right) << 8 | number as u64;
        if pass.every {
            let to = if fields.one_table { fields.lefts } else { fields.rights } as u32;
            out.0.extend((from..to).map(packed));
        } else {
            out.0.extend(pass.of(left).iter().filter(|right| **right >= from).map(|right| packed(*right)));
        }
    }
    if passes.len() > 1 {
        out.0.sort_unstable();
        out.0.dedup_by_key(|c| *c >> 8);
    }
}

/// Right rows with the number of a pass in the lowest eight bits.
#[derive(Debug, Default)]
pub(crate) struct Candidates(Vec<u64>);

impl Candidates {
    /// Right rows with the first pass that finds each.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, u8)> {
        self.0.iter().map(|packed| ((packed >> 8) as u32, *packed as u8))
    }

    /// The first pass that finds a right row.
    pub(crate) fn pass_of(&self, right: u32) -> Option<u8> {
        self.iter().find(|c| c.0 == right).map(|c| c.1)
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
        assert_eq!(sorted(&keys), plain);
        assert!(sorted(&[]).is_empty());
    }
}
