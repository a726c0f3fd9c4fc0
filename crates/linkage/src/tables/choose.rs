//! From weighed pairs to links: one to one, many, or clusters.

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

/// Assigns rows one to one, heaviest first. Ties are broken by row so that order does not matter.
pub(crate) fn one_to_one(pairs: &[ScoredPair], lefts: usize, rights: usize, threshold: u16) -> Vec<ScoredPair> {
    let (mut taken_left, mut taken_right) = (vec![false; lefts], vec![false; rights]);
    let mut order: Vec<&ScoredPair> = pairs.iter().filter(|p| p.probability_thousandths >= threshold).collect();
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
/// near pairs must not tie what contradicts itself. `evidence` is a pair's weight without prior.
pub(crate) fn clusters(pairs: &[ScoredPair], rows: usize, threshold: u16, evidence: &dyn Fn(u32, u32) -> i32) -> (Vec<u32>, u64) {
    let mut cluster: Vec<u32> = (0..rows as u32).collect();
    let mut members: Vec<Vec<u32>> = (0..rows as u32).map(|row| vec![row]).collect();
    let mut order: Vec<&ScoredPair> = pairs.iter().filter(|p| p.probability_thousandths >= threshold).collect();
    order.sort_unstable_by_key(|p| (-p.weight_millibits, p.left, p.right));
    let mut cut = 0;
    for pair in order {
        let (a, b) = (cluster[pair.left as usize], cluster[pair.right as usize]);
        if a == b {
            continue;
        }
        let (a, b) = (a.min(b), a.max(b));
        let (x, y) = (&members[a as usize], &members[b as usize]);
        if x.len() * y.len() > 1 {
            let cross = x.iter().flat_map(|l| y.iter().map(move |r| (*l.min(r), *l.max(r))));
            let (sum, count) =
                cross.take(CROSS_PAIRS).fold((0i64, 0i64), |(s, n), (l, r)| (s + i64::from(evidence(l, r)), n + 1));
            if sum < 0 && count > 0 {
                cut += 1;
                continue;
            }
        }
        let moved = std::mem::take(&mut members[b as usize]);
        moved.iter().for_each(|row| cluster[*row as usize] = a);
        members[a as usize].extend(moved);
    }
    (cluster, cut)
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
        assert_eq!(clusters(&pairs, 5, 500, &against), (vec![0, 0, 2, 2, 4], 1));
        assert_eq!(clusters(&pairs, 5, 500, &|_, _| 1), (vec![0, 0, 0, 0, 4], 0));
    }
}
