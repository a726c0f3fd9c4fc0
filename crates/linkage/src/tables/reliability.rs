//! Whether of the pairs said to be p about p are right, where the truth is known.

use rayon::prelude::*;
use serde::Serialize;

use super::choose::ScoredPair;
use super::run::TablesLinked;

/// Where classes of probability begin, in thousandths: finer where links are decided and where most links are.
const FROM: [u16; 10] = [1, 50, 250, 500, 750, 900, 950, 990, 999, 1_000];

/// The pairs of a class of probability.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Reliability {
    /// Least probability of the class, in thousandths.
    pub from_thousandths: u16,
    /// Greatest probability of the class, in thousandths.
    pub to_thousandths: u16,
    /// Scored pairs of the class.
    pub pairs: u64,
    /// What was said of them on average, in millionths.
    pub said_millionths: u32,
    /// How many of them are right, in millionths.
    pub right_millionths: u32,
}

impl TablesLinked {
    /// The classes of all scored pairs against true pairs (left row, right row); empty classes are left out.
    pub fn reliability_of_pairs(&self, truth: &[(u32, u32)]) -> Vec<Reliability> {
        let mut truth = truth.to_vec();
        truth.par_sort_unstable();
        classes(&self.pairs, &|pair| truth.binary_search(&(pair.left, pair.right)).is_ok())
    }

    /// The same in clusters mode, against the true cluster of every row.
    pub fn reliability_of_clusters(&self, truth: &[u64]) -> Vec<Reliability> {
        classes(&self.pairs, &|pair| truth.get(pair.left as usize) == truth.get(pair.right as usize))
    }
}

fn classes(pairs: &[ScoredPair], is_right: &dyn Fn(&ScoredPair) -> bool) -> Vec<Reliability> {
    let mut sums = [(0u64, 0u64, 0u64); FROM.len()];
    for pair in pairs.iter().filter(|pair| pair.probability_thousandths >= FROM[0]) {
        let class = FROM.partition_point(|from| *from <= pair.probability_thousandths) - 1;
        let (count, said, right) = &mut sums[class];
        *count += 1;
        *said += u64::from(pair.probability_thousandths);
        *right += u64::from(is_right(pair));
    }
    let class = |(at, (pairs, said, right)): (usize, (u64, u64, u64))| Reliability {
        from_thousandths: FROM[at],
        to_thousandths: FROM.get(at + 1).map_or(1_000, |next| next - 1),
        pairs,
        said_millionths: (said * 1_000 / pairs.max(1)) as u32,
        right_millionths: (right * 1_000_000 / pairs.max(1)) as u32,
    };
    sums.into_iter().enumerate().filter(|(_, sum)| sum.0 > 0).map(class).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tables::choose::plain;

    #[test]
    fn pairs_are_counted_in_their_class() {
        let with = |right: u32, probability_thousandths: u16| ScoredPair { probability_thousandths, ..plain(0, right, 0, 0) };
        let pairs = [with(0, 0), with(1, 1), with(2, 500), with(3, 700), with(4, 1_000)];
        let found = classes(&pairs, &|pair| pair.right >= 3);
        let told = |r: &Reliability| (r.from_thousandths, r.to_thousandths, r.pairs, r.said_millionths, r.right_millionths);
        assert_eq!(
            found.iter().map(told).collect::<Vec<_>>(),
            [(1, 49, 1, 1_000, 0), (500, 749, 2, 600_000, 500_000), (1_000, 1_000, 1, 1_000_000, 1_000_000)]
        );
    }
}
