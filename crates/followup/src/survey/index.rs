//! The index: satisfied answers of answers, with a Wilson interval; and hours with unusually many answers.

use desk::HourCount;

use super::content::Burst;

/// The index of some answers, in hundredths of a percent. There is none where nobody answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Index {
    /// Share of satisfied answers.
    pub(crate) share: i64,
    /// Lower end of the interval that holds the true share in 95 of 100 samples.
    pub(crate) low: i64,
    /// Its upper end.
    pub(crate) high: i64,
}

/// 1.96 squared, in ten-thousandths: the interval of 95 %.
const Z2: i128 = 38_416;
const TEN_THOUSAND: i128 = 10_000;

impl Index {
    /// Of satisfied answers and all answers.
    ///
    /// Wilson's interval with z = 1.96: (2s + z² ± z·√(z² + 4s(n − s)/n)) / 2(n + z²), worked out in whole numbers; the ends are rounded outwards.
    pub(crate) fn of(satisfied: i64, answers: i64) -> Option<Self> {
        if answers <= 0 || !(0..=answers).contains(&satisfied) {
            return None;
        }
        let (s, n) = (i128::from(satisfied), i128::from(answers));
        // Everything times 10,000, so that z² is whole: the root is of z²·(z² + 4s(n − s)/n).
        let middle = 2 * s * TEN_THOUSAND + Z2;
        let under_root = Z2 * (Z2 + 4 * s * (n - s) * TEN_THOUSAND / n);
        let root = root_up(under_root);
        let below = 2 * (n * TEN_THOUSAND + Z2);
        let low = ((middle - root).max(0) * TEN_THOUSAND).div_euclid(below);
        let high = (((middle + root) * TEN_THOUSAND + below - 1).div_euclid(below)).min(TEN_THOUSAND);
        let share = (s * TEN_THOUSAND * 2 + n) / (2 * n);
        let whole = |value: i128| i64::try_from(value).ok();
        Some(Self { share: whole(share)?, low: whole(low)?, high: whole(high)? })
    }
}

/// The smallest whole number whose square is not less.
fn root_up(value: i128) -> i128 {
    let floor = value.max(0).isqrt();
    if floor * floor == value { floor } else { floor + 1 }
}

/// Hours with unusually many answers: at least so many, and so many times the median of the hours in which somebody answered. They are
/// told, not left out.
pub(crate) fn unusual(hours: &[HourCount], burst: Burst) -> Vec<HourCount> {
    let mut counts: Vec<i64> = hours.iter().map(|hour| hour.answers).collect();
    counts.sort_unstable();
    // Of an even number of hours the lower one of the two in the middle.
    let Some(median) = counts.get(counts.len().saturating_sub(1) / 2).copied() else { return Vec::new() };
    let many = |hour: &&HourCount| hour.answers >= burst.at_least && hour.answers >= median.saturating_mul(burst.times_median);
    // One hour alone is its own median: many answers at once on the only day are told too.
    if counts.len() == 1 {
        return hours.iter().filter(|hour| hour.answers >= burst.at_least).copied().collect();
    }
    hours.iter().filter(many).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_interval_is_that_of_the_textbook() {
        // 90 of 100: 0.8256 to 0.9448 (Wilson, 95 %).
        assert_eq!(Index::of(90, 100), Some(Index { share: 9000, low: 8256, high: 9448 }));
        // 28 of 30: 0.7868 to 0.9815.
        assert_eq!(Index::of(28, 30), Some(Index { share: 9333, low: 7867, high: 9816 }));
        // None and all of ten: 0 to 0.2775 and 0.7225 to 1.
        assert_eq!(Index::of(0, 10), Some(Index { share: 0, low: 0, high: 2776 }));
        assert_eq!(Index::of(10, 10), Some(Index { share: 10_000, low: 7224, high: 10_000 }));
        assert_eq!(Index::of(0, 0), None);
        assert_eq!(Index::of(5, 4), None);
    }

    proptest! {
        #[test]
        fn the_share_lies_in_its_interval_which_narrows_with_more_answers(satisfied in 0i64..500, more in 1i64..500) {
            let answers = satisfied + more;
            let index = Index::of(satisfied, answers).unwrap();
            prop_assert!(0 <= index.low && index.low <= index.share + 1 && index.share <= index.high + 1 && index.high <= 10_000);
            let tenfold = Index::of(satisfied * 10, answers * 10).unwrap();
            prop_assert!(tenfold.high - tenfold.low <= index.high - index.low);
        }
    }

    fn hours(counts: &[i64]) -> Vec<HourCount> {
        counts.iter().enumerate().map(|(n, answers)| HourCount { at: n as i64 * 3_600_000, answers: *answers }).collect()
    }

    #[test]
    fn a_crowd_in_an_hour_is_told() {
        let burst = Burst { at_least: 20, times_median: 5 };
        let told = |counts: &[i64]| unusual(&hours(counts), burst).iter().map(|hour| hour.answers).collect::<Vec<_>>();
        assert_eq!(told(&[3, 4, 2, 40, 3]), [40]);
        assert_eq!(told(&[3, 4, 2, 19, 3]), [0; 0], "fewer than twenty");
        assert_eq!(told(&[10, 12, 9, 40, 11]), [0; 0], "a busy counter: not five times the usual");
        assert_eq!(told(&[200]), [200], "all in one hour");
        assert_eq!(told(&[2, 60]), [60]);
        assert_eq!(told(&[]), [0; 0]);
    }
}
