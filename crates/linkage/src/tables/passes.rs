//! The blocks of each pass, and the candidates they give a left row.

use rayon::prelude::*;

use super::compare::Fields;
use super::keys::{Atom, Way};
use super::piles::{Entry, Keyed, Piles, pile_bits};
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
    /// First place in `rights` and number of right rows of each left row; of one right row the row itself.
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
        let left_keys = row_keys(fields, atoms, plan, true);
        let right_keys = if fields.one_table { Vec::new() } else { row_keys(fields, atoms, plan, false) };
        let mut large = Large::default();
        pass.make(fields.one_table, &left_keys, &right_keys, &mut large);
        let key = |keys: &[u64], row: u32| keys[row as usize];
        let finer = finer_atoms(fields, atoms, plan);
        let mut lefts: Vec<Entry> = large.lefts.iter().map(|row| (key(&left_keys, *row), *row)).collect();
        let right_keys = if fields.one_table { &left_keys } else { &right_keys };
        let mut rights: Vec<Entry> = large.rights.iter().map(|row| (key(right_keys, *row), *row)).collect();
        for atom in finer.into_iter().take(REFINEMENTS).map(|atom| &atoms[atom]) {
            if lefts.is_empty() {
                break;
            }
            let refine = |list: &[Entry], of: &(dyn Fn(u32) -> Option<u64> + Sync)| -> Vec<Entry> {
                let mut finer: Vec<Entry> = list.iter().filter_map(|(key, row)| Some((join(*key, of(*row)?), *row))).collect();
                finer.par_sort_unstable();
                finer
            };
            let (finer_left, finer_right) =
                (refine(&lefts, &|row| atom.left(fields, row)), refine(&rights, &|row| atom.right(fields, row)));
            (lefts, rights) = pass.refine(fields.one_table, &finer_left, &finer_right);
        }
        pass
    }

    /// Keeps blocks of equal keys under the cap; `large` gets the rows of the others.
    fn make(&mut self, one_table: bool, left_keys: &[u64], right_keys: &[u64], large: &mut Large) {
        let bits = pile_bits(left_keys.len().max(right_keys.len()));
        let (lefts, rights) = match one_table {
            true => (Piles::new(left_keys, bits), None),
            false => rayon::join(|| Piles::new(left_keys, bits), || Some(Piles::new(right_keys, bits))),
        };
        for pile in 0..1 << bits {
            let own = lefts.pile(pile);
            self.take(one_table, own, rights.as_ref().map_or(own, |rights| rights.pile(pile)), large);
        }
        self.refined = large.blocks;
        self.lost = large.pairs;
    }

    /// The same of rows whose keys were made finer; gives back what is still too large.
    fn refine(&mut self, one_table: bool, lefts: &[Entry], rights: &[Entry]) -> (Vec<Entry>, Vec<Entry>) {
        let mut large = Large::default();
        let before = self.pairs;
        self.take(one_table, lefts, rights, &mut large);
        // What the finer blocks hold is not given up.
        self.lost -= self.pairs - before;
        let rest = |list: &[Entry], rows: Vec<u32>| -> Vec<Entry> {
            let rows: std::collections::HashSet<u32> = rows.into_iter().collect();
            list.iter().filter(|entry| rows.contains(&entry.1)).copied().collect()
        };
        (rest(lefts, large.lefts), rest(rights, large.rights))
    }

    /// Keeps blocks under the cap of two ascending lists.
    fn take<E: Keyed>(&mut self, one_table: bool, lefts: &[E], rights: &[E], large: &mut Large) {
        let (mut i, mut j) = (0, 0);
        let run = |list: &[E], from: usize| from + list[from..].iter().take_while(|e| e.key() == list[from].key()).count();
        while i < lefts.len() && j < rights.len() {
            match lefts[i].key().cmp(&rights[j].key()) {
                std::cmp::Ordering::Less => i += 1,
                std::cmp::Ordering::Greater => j += 1,
                std::cmp::Ordering::Equal => {
                    let (to_i, to_j) = (run(lefts, i), run(rights, j));
                    let (n, m) = ((to_i - i) as u64, (to_j - j) as u64);
                    let pairs = if one_table { n * (n - 1) / 2 } else { n * m };
                    if pairs > BLOCK_PAIRS {
                        large.blocks += 1;
                        large.pairs += pairs;
                        large.lefts.extend(lefts[i..to_i].iter().map(E::row));
                        large.rights.extend(rights[j..to_j].iter().map(E::row));
                    } else if pairs > 0 {
                        self.pairs += pairs;
                        let range = match &rights[j..to_j] {
                            [one] => (one.row(), 1),
                            several => {
                                let from = self.rights.len() as u32;
                                self.rights.extend(several.iter().map(E::row));
                                (from, m as u32)
                            }
                        };
                        lefts[i..to_i].iter().for_each(|e| self.ranges[e.row() as usize] = range);
                    }
                    (i, j) = (to_i, to_j);
                }
            }
        }
    }

    /// Whether every right row is a candidate of every left row.
    pub(crate) fn is_every(&self) -> bool {
        self.every
    }

    /// The right rows in the block of a left row.
    #[inline]
    pub(crate) fn of(&self, left: u32) -> &[u32] {
        match &self.ranges[left as usize] {
            (row, 1) => std::slice::from_ref(row),
            (from, count) => &self.rights[*from as usize..(from + count) as usize],
        }
    }
}

/// Rows of blocks over the cap.
#[derive(Debug, Default)]
struct Large {
    lefts: Vec<u32>,
    rights: Vec<u32>,
    blocks: u64,
    pairs: u64,
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

/// Whole values of fields that the plan does not use, the most telling first.
fn finer_atoms(fields: &Fields, atoms: &[Atom], plan: &Plan) -> Vec<usize> {
    let used = |field: usize| plan.atoms.iter().any(|a| atoms[*a].field == field);
    let mut finer: Vec<usize> = (0..atoms.len()).filter(|a| atoms[*a].way == Way::Whole && !used(atoms[*a].field)).collect();
    // First fields that split well and are seldom empty: distinct values count, but not above a thousand.
    let split = |a: &usize| {
        let column = &fields.columns[atoms[*a].field];
        let filled = column.counts.iter().map(|c| u64::from(c.0)).sum::<u64>();
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
}
