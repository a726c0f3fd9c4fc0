//! From weighed pairs to links: one to one, many, or clusters.

use std::collections::HashMap;

use super::learn::Label;
use super::model::probability_thousandths;

/// A scored pair of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScoredPair {
    /// Row of the left (or only) table.
    pub left: u32,
    /// Row of the right table; of the same table in clusters mode, then always the later row.
    pub right: u32,
    /// Weight with prior, in thousandths of a bit.
    pub weight_millibits: i32,
    /// Probability that both are the same, in thousandths; one to one, rivals of both rows count.
    pub probability_thousandths: u16,
    /// Number of the pass that found the pair, as in the statistics.
    pub pass: u8,
    /// Lead over the next best pair of either row, in thousandths of a bit; one to one only.
    pub margin_millibits: Option<i32>,
}

/// Sets each pair's probability and margin with regard to its rivals, of either row.
pub(crate) fn rivals(pairs: &mut [ScoredPair], lefts: usize, rights: usize) {
    let odds = |p: &ScoredPair| libm::exp2(f64::from(p.weight_millibits.min(60_000)) / 1_000.0);
    // Best and second best weight, and the odds of all, by row.
    let mut of_left = vec![(i32::MIN, i32::MIN, 0.0f64); lefts];
    let mut of_right = vec![(i32::MIN, i32::MIN, 0.0f64); rights];
    let add = |slot: &mut (i32, i32, f64), weight: i32, odds: f64| {
        let second = slot.0.min(weight).max(slot.1);
        *slot = (slot.0.max(weight), second, slot.2 + odds);
    };
    for pair in pairs.iter() {
        add(&mut of_left[pair.left as usize], pair.weight_millibits, odds(pair));
        add(&mut of_right[pair.right as usize], pair.weight_millibits, odds(pair));
    }
    for pair in pairs {
        let (left, right, own) = (of_left[pair.left as usize], of_right[pair.right as usize], odds(pair));
        let share = own / (1.0 + (left.2 + right.2 - own).max(own));
        pair.probability_thousandths = (share * 1_000.0).round() as u16;
        let rival = |(best, second, _): (i32, i32, f64)| if best == pair.weight_millibits { second } else { best };
        let next = rival(left).max(rival(right));
        pair.margin_millibits = (next != i32::MIN).then(|| pair.weight_millibits.saturating_sub(next));
    }
}

/// What people have decided stands: a pair that is the same has probability 1, one that is not has 0, and one to
/// one neither row of a decided pair has another partner. `labels` ascend by row, each pair once.
pub(crate) fn decide(pairs: &mut [ScoredPair], labels: &[Label], one_to_one: bool) {
    let of = |l: u32, r: u32| labels.binary_search_by_key(&(l, r), |d| (d.left, d.right)).ok().map(|at| labels[at].same);
    let mut lefts: Vec<u32> = labels.iter().filter(|d| d.same).map(|d| d.left).collect();
    let mut rights: Vec<u32> = labels.iter().filter(|d| d.same).map(|d| d.right).collect();
    lefts.sort_unstable();
    rights.sort_unstable();
    for pair in pairs {
        match of(pair.left, pair.right) {
            Some(same) => pair.probability_thousandths = if same { 1_000 } else { 0 },
            None if one_to_one && (lefts.binary_search(&pair.left).is_ok() || rights.binary_search(&pair.right).is_ok()) => {
                pair.probability_thousandths = 0;
            }
            None => {}
        }
    }
}

/// Assigns rows one to one, heaviest first. Ties are broken by row so that order does not matter.
pub(crate) fn one_to_one(pairs: &[ScoredPair], lefts: usize, rights: usize, threshold: u16) -> Vec<ScoredPair> {
    let (mut taken_left, mut taken_right) = (vec![false; lefts], vec![false; rights]);
    let mut order: Vec<&ScoredPair> =
        pairs.iter().filter(|p| p.probability_thousandths >= threshold && p.probability_thousandths > 0).collect();
    order.sort_unstable_by_key(|p| (-p.weight_millibits, p.left, p.right));
    let mut out = Vec::new();
    for pair in order {
        if !taken_left[pair.left as usize] && !taken_right[pair.right as usize] {
            taken_left[pair.left as usize] = true;
            taken_right[pair.right as usize] = true;
            out.push(*pair);
        }
    }
    out.sort_unstable_by_key(|p| (p.left, p.right));
    out
}

/// Most pairs looked at when two clusters are about to become one.
const CROSS_PAIRS: usize = 400;

/// Joins rows into clusters, heaviest pairs first; gives each row the first row of its cluster.
///
/// Two clusters stay apart where their rows, taken all with all, speak against being one: a chain of
/// near pairs must not tie what contradicts itself. `evidence` is a pair's weight without prior. Decided
/// pairs come first and stand: what people keep apart is never joined, by whatever way round.
pub(crate) fn clusters(
    pairs: &[ScoredPair],
    rows: usize,
    threshold: u16,
    labels: &[Label],
    evidence: &dyn Fn(u32, u32) -> i32,
) -> (Vec<u32>, u64) {
    let mut growing = Growing::new(rows, labels);
    for label in labels.iter().filter(|d| d.same) {
        growing.join(label.left, label.right);
    }
    let mut order: Vec<&ScoredPair> =
        pairs.iter().filter(|p| p.probability_thousandths >= threshold && p.probability_thousandths > 0).collect();
    order.sort_unstable_by_key(|p| (-p.weight_millibits, p.left, p.right));
    let mut cut = 0;
    for pair in order {
        let (x, y) = growing.around(pair.left, pair.right);
        if x.is_empty() {
            continue;
        }
        let mut against = growing.kept_apart(pair.left, pair.right);
        if !against && x.len() * y.len() > 1 {
            let cross = x.iter().flat_map(|l| y.iter().map(move |r| (*l.min(r), *l.max(r))));
            let (sum, count) =
                cross.take(CROSS_PAIRS).fold((0i64, 0i64), |(s, n), (l, r)| (s + i64::from(evidence(l, r)), n + 1));
            against = sum < 0 && count > 0;
        }
        if against {
            cut += 1;
        } else {
            growing.join(pair.left, pair.right);
        }
    }
    (growing.cluster, cut)
}

/// Clusters while they grow.
struct Growing {
    /// First row of each row's cluster.
    cluster: Vec<u32>,
    /// Rows of each cluster, by its first row; a row alone is not listed.
    members: HashMap<u32, Vec<u32>>,
    /// Rows that people keep apart from a row.
    apart: HashMap<u32, Vec<u32>>,
    /// Each row by itself, for clusters of one.
    alone: Vec<u32>,
}

impl Growing {
    fn new(rows: usize, labels: &[Label]) -> Self {
        let mut apart: HashMap<u32, Vec<u32>> = HashMap::new();
        for label in labels.iter().filter(|d| !d.same) {
            apart.entry(label.left).or_default().push(label.right);
            apart.entry(label.right).or_default().push(label.left);
        }
        let alone: Vec<u32> = (0..rows as u32).collect();
        Self { cluster: alone.clone(), members: HashMap::new(), apart, alone }
    }

    fn rows_of(&self, cluster: u32) -> &[u32] {
        self.members.get(&cluster).map_or(&self.alone[cluster as usize..=cluster as usize], Vec::as_slice)
    }

    /// The rows of both clusters; empty when they are one already.
    fn around(&self, left: u32, right: u32) -> (&[u32], &[u32]) {
        let (a, b) = (self.cluster[left as usize], self.cluster[right as usize]);
        if a == b { (&[], &[]) } else { (self.rows_of(a.min(b)), self.rows_of(a.max(b))) }
    }

    fn kept_apart(&self, left: u32, right: u32) -> bool {
        if self.apart.is_empty() {
            return false;
        }
        let (x, y) = self.around(left, right);
        let other = y.first().map(|row| self.cluster[*row as usize]);
        x.iter().filter_map(|row| self.apart.get(row)).flatten().any(|row| Some(self.cluster[*row as usize]) == other)
    }

    fn join(&mut self, left: u32, right: u32) {
        let (a, b) = (self.cluster[left as usize], self.cluster[right as usize]);
        if a == b || self.kept_apart(left, right) {
            return;
        }
        let (a, b) = (a.min(b), a.max(b));
        let moved = self.members.remove(&b).unwrap_or_else(|| vec![b]);
        moved.iter().for_each(|row| self.cluster[*row as usize] = a);
        self.members.entry(a).or_insert_with(|| vec![a]).extend(moved);
    }
}

/// A pair without rivals.
pub(crate) fn plain(left: u32, right: u32, weight: i32, pass: u8) -> ScoredPair {
    let probability_thousandths = probability_thousandths(weight);
    ScoredPair { left, right, weight_millibits: weight, probability_thousandths, pass, margin_millibits: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heavier_pair_takes_both_rows_and_a_tie_links_neither() {
        let mut pairs = vec![
            plain(0, 0, 9_000, 0),
            plain(0, 1, 2_000, 0),
            plain(1, 1, 7_000, 0),
            plain(2, 2, 8_000, 0),
            plain(2, 3, 8_000, 0),
        ];
        rivals(&mut pairs, 3, 4);
        assert_eq!(pairs[0].margin_millibits, Some(7_000));
        assert_eq!(pairs[3].margin_millibits, Some(0));
        let linked: Vec<_> = one_to_one(&pairs, 3, 4, 500).iter().map(|p| (p.left, p.right)).collect();
        assert_eq!(linked, [(0, 0), (1, 1)]);
    }

    #[test]
    fn a_cluster_that_contradicts_itself_is_cut_at_its_weakest_pair() {
        let pairs = [plain(0, 1, 9_000, 0), plain(1, 2, 3_000, 0), plain(2, 3, 9_000, 0)];
        let against = |l: u32, r: u32| if l < 2 && r >= 2 && (l, r) != (1, 2) { -9_000 } else { 5_000 };
        assert_eq!(clusters(&pairs, 5, 500, &[], &against), (vec![0, 0, 2, 2, 4], 1));
        assert_eq!(clusters(&pairs, 5, 500, &[], &|_, _| 1), (vec![0, 0, 0, 0, 4], 0));
    }

    #[test]
    fn what_people_decided_stands() {
        let label = |left, right, same| Label { left, right, same };
        let pairs = [plain(0, 1, 9_000, 0), plain(1, 2, 9_000, 0), plain(2, 3, 9_000, 0)];
        // 0 and 3 are kept apart even by a chain; 3 and 4 are one though nothing says so.
        let labels = [label(0, 3, false), label(3, 4, true)];
        assert_eq!(clusters(&pairs, 5, 500, &labels, &|_, _| 1), (vec![0, 0, 0, 3, 3], 1));
        let mut pairs = vec![plain(0, 0, 9_000, 0), plain(0, 1, -5_000, 0), plain(1, 1, 9_000, 0), plain(2, 2, 9_000, 0)];
        rivals(&mut pairs, 3, 3);
        decide(&mut pairs, &[label(0, 1, true), label(2, 2, false)], true);
        let linked: Vec<_> = one_to_one(&pairs, 3, 3, 500).iter().map(|p| (p.left, p.right)).collect();
        assert_eq!(linked, [(0, 1)]);
        assert!(one_to_one(&pairs, 3, 3, 0).iter().all(|p| (p.left, p.right) != (2, 2)));
    }
}
