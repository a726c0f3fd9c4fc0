//! The blocks of each pass, and the candidates they give a left row.

use rayon::prelude::*;

use super::compare::Fields;
use super::keys::{Atom, Way};
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
        let key = |of: &dyn Fn(&Atom) -> Option<u64>| plan.atoms.iter().try_fold(1u64, |key, a| Some(join(key, of(&atoms[*a])?)));
        let entries = |rows: usize, left: bool| -> Vec<Entry> {
            let entry = |row: u32| {
                let of = |atom: &Atom| if left { atom.left(fields, row) } else { atom.right(fields, row) };
                key(&of).map(|key| (key, row))
            };
            (0..rows as u32).into_par_iter().filter_map(entry).collect()
        };
        let mut lefts = entries(fields.lefts, true);
        let mut rights = if fields.one_table { lefts.clone() } else { entries(fields.rights, false) };
        let finer = finer_atoms(fields, atoms, plan);
        for round in 0..=REFINEMENTS.min(finer.len()) {
            lefts.par_sort_unstable();
            rights.par_sort_unstable();
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

    /// The right rows in the block of a left row.
    fn of(&self, left: u32) -> &[u32] {
        let (from, count) = self.ranges[left as usize];
        &self.rights[from as usize..(from + count) as usize]
    }
}

/// Whole values of fields that the plan does not use, the most telling first.
fn finer_atoms(fields: &Fields, atoms: &[Atom], plan: &Plan) -> Vec<usize> {
    let used = |field: usize| plan.atoms.iter().any(|a| atoms[*a].field == field);
    let mut finer: Vec<usize> = (0..atoms.len()).filter(|a| atoms[*a].way == Way::Whole && !used(atoms[*a].field)).collect();
    // First fields that split well and are seldom empty: distinct values count, but not above a thousand.
    let split = |a: &usize| {
        let column = &fields.columns[atoms[*a].field];
        let filled = column.left.iter().filter(|c| **c != super::pool::EMPTY).count() as u64;
        filled * (column.hashes.len() as u64).min(1_000)
    };
    finer.sort_by_key(|a| (std::cmp::Reverse(split(a)), *a));
    finer
}

/// The candidates of a left row, each once with the first pass that finds it; ascending by right row.
pub(crate) fn candidates(fields: &Fields, passes: &[Pass], left: u32, out: &mut Vec<(u32, u8)>) {
    out.clear();
    let from = if fields.one_table { left + 1 } else { 0 };
    for (number, pass) in passes.iter().enumerate() {
        if pass.every {
            let to = if fields.one_table { fields.lefts } else { fields.rights } as u32;
            out.extend((from..to).map(|right| (right, number as u8)));
        } else {
            out.extend(pass.of(left).iter().filter(|right| **right >= from).map(|right| (*right, number as u8)));
        }
    }
    if passes.len() > 1 {
        out.sort_unstable();
        out.dedup_by_key(|c| c.0);
    }
}
