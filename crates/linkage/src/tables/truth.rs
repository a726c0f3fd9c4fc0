//! How right a run was, where the truth is known.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::run::TablesLinked;

/// Figures against a known truth, in millionths; pairs with rows the tables lack are not counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct TruthScore {
    /// Right links of all links.
    pub precision: u32,
    /// Links found of all true ones.
    pub recall: u32,
    /// Harmonic mean of both.
    pub f1: u32,
    /// True pairs that any pass brought, whatever became of them.
    pub blocking_recall: u32,
    /// In clusters mode: true clusters found exactly, of all true clusters (of one row, too).
    pub exact_clusters: Option<u32>,
}

fn millionths(part: u64, whole: u64) -> u32 {
    if whole == 0 { 1_000_000 } else { (u128::from(part) * 1_000_000 / u128::from(whole)) as u32 }
}

impl TablesLinked {
    /// Scores links against true pairs (left row, right row).
    pub fn score_pairs(&self, truth: &[(u32, u32)]) -> TruthScore {
        let mut truth = truth.to_vec();
        truth.par_sort_unstable();
        truth.dedup();
        let right = self.links.par_iter().filter(|l| truth.binary_search(&(l.left, l.right)).is_ok()).count() as u64;
        self.figures(right, self.links.len() as u64, &truth, None)
    }

    /// Scores clusters against the true cluster of every row: any number that rows of one thing share.
    pub fn score_clusters(&self, truth: &[u64]) -> TruthScore {
        let mut by_truth: HashMap<u64, Vec<u32>> = HashMap::new();
        for (row, cluster) in truth.iter().enumerate().take(self.clusters.len()) {
            by_truth.entry(*cluster).or_default().push(row as u32);
        }
        let mut sizes = vec![0usize; self.clusters.len()];
        self.clusters.iter().for_each(|c| sizes[*c as usize] += 1);
        let mut pairs = Vec::new();
        let mut exact = 0;
        for rows in by_truth.values() {
            pairs.extend(rows.iter().enumerate().flat_map(|(at, l)| rows[at + 1..].iter().map(move |r| (*l, *r))));
            let first = self.clusters[rows[0] as usize];
            let whole = rows.iter().all(|row| self.clusters[*row as usize] == first) && sizes[first as usize] == rows.len();
            exact += u64::from(whole);
        }
        let right = pairs.iter().filter(|(l, r)| self.clusters[*l as usize] == self.clusters[*r as usize]).count() as u64;
        self.figures(right, self.stats.links, &pairs, Some(millionths(exact, by_truth.len() as u64)))
    }

    fn figures(&self, right: u64, said: u64, truth: &[(u32, u32)], exact_clusters: Option<u32>) -> TruthScore {
        let all = truth.len() as u64;
        let brought = truth.par_iter().filter(|(l, r)| self.pass_of(*l, *r).is_some()).count() as u64;
        TruthScore {
            precision: millionths(right, said),
            recall: millionths(right, all),
            f1: millionths(2 * right, said + all),
            blocking_recall: millionths(brought, all),
            exact_clusters,
        }
    }
}
