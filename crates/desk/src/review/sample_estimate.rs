//! The estimate of a sample: the share of visits with an error with Wilson's interval, and the projected amount, all in whole numbers.

use base::{Dong, Rate};
use serde::Serialize;

use super::SampleConfidence;
use super::line::sum;
use crate::DeskError;

/// An estimate from the visits looked at so far. It says nothing of which visits are wrong, and refuses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SampleEstimate {
    /// Visits looked at.
    pub checked: i64,
    /// Of them with an error.
    pub with_error: i64,
    /// Their share, 6 decimals, rounded half up.
    pub rate: Rate,
    /// Lower end of Wilson's interval of that share, 6 decimals, rounded down. Visits are not put back, so for a sample that is a large part of
    /// its population the true interval is narrower.
    pub low: Rate,
    /// Upper end, rounded up.
    pub high: Rate,
    /// What the visits looked at ask together.
    pub sample_amount: Dong,
    /// What of it should not have been asked.
    pub error_amount: Dong,
    /// The second of the first: the exact rate the projection takes, cut to 8 decimals, so never too high.
    pub amount_rate: Rate,
    /// The population's amount at that rate, rounded to the đồng. It has no interval: amounts of visits lie far apart, and one of few visits
    /// says little.
    pub projected: Dong,
}

/// Standard normal quantiles of the two-sided intervals, in ten-thousandths.
fn quantile(confidence: SampleConfidence) -> i128 {
    match confidence {
        SampleConfidence::P90 => 16_449,
        SampleConfidence::P95 => 19_600,
        SampleConfidence::P99 => 25_758,
    }
}

/// Decimals of shares, as a factor.
const MILLION: i128 = 1_000_000;

/// The estimate from what was looked at, as amount and error of each visit; none before the first.
pub fn estimate_sample(
    confidence: SampleConfidence,
    population_amount: Dong,
    looked_at: &[(Dong, Dong)],
) -> Result<Option<SampleEstimate>, DeskError> {
    if looked_at.is_empty() {
        return Ok(None);
    }
    let with_error = looked_at.iter().filter(|(_, error)| *error > Dong::ZERO).count() as i64;
    let checked = looked_at.len() as i64;
    let (low, high) = wilson(with_error, checked, confidence);
    let sample_amount = sum(looked_at.iter().map(|(amount, _)| *amount))?;
    let error_amount = sum(looked_at.iter().map(|(_, error)| *error))?;
    let (part, whole) = (i128::from(error_amount.get()), i128::from(sample_amount.get()));
    let amount_rate = Rate::from_parts(if whole > 0 { part * 100_000_000 / whole } else { 0 }, 8);
    let projected = population_amount.at_rate(amount_rate);
    let (k, n) = (i128::from(with_error), i128::from(checked));
    Ok(Some(SampleEstimate {
        checked,
        with_error,
        rate: Rate::from_parts((2 * k * MILLION + n) / (2 * n), 6),
        low,
        high,
        sample_amount,
        error_amount,
        amount_rate,
        projected: projected
            .map_err(|_| DeskError::Invalid { field: "amount", why: "is beyond what can be held in whole đồng" })?,
    }))
}

/// Wilson's score interval of `k` in `n`, the lower end rounded down and the upper end up, in whole numbers alone:
/// (2k + z² ± z·√(z² + 4k(n−k)/n)) / (2(n + z²)). `n` is above 0 and at most a sample's size.
fn wilson(k: i64, n: i64, confidence: SampleConfidence) -> (Rate, Rate) {
    // z in 10⁻⁴, its square in 10⁻⁸, the root in 10⁻⁸, all brought to 10⁻¹².
    let (z, k, n) = (quantile(confidence), i128::from(k), i128::from(n));
    let under_root = z * z * 100_000_000 + 4 * k * (n - k) * 10_i128.pow(16) / n;
    let root = under_root.isqrt();
    let (middle, below) = (2 * k * 10_i128.pow(12) + z * z * 10_000, 2 * (n * 10_i128.pow(12) + z * z * 10_000));
    // The root was cut: one more keeps the interval at least as wide as it is.
    let half = z * (root + 1);
    let low = if k == 0 { 0 } else { ((middle - half) * MILLION / below).max(0) };
    let high = if k == n { MILLION } else { up((middle + half) * MILLION, below).min(MILLION) };
    (Rate::from_parts(low, 6), Rate::from_parts(high, 6))
}

/// A quotient of numbers above 0, rounded up.
fn up(part: i128, whole: i128) -> i128 {
    (part + whole - 1) / whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(k: i64, n: i64, confidence: SampleConfidence) -> (String, String) {
        let (low, high) = wilson(k, n, confidence);
        (low.to_string(), high.to_string())
    }

    fn told(low: &str, high: &str) -> (String, String) {
        (low.to_owned(), high.to_owned())
    }

    #[test]
    fn the_interval_is_the_one_of_the_books() {
        // 10 of 100 at z = 1.96: 0.0552285… to 0.1743673… with 40 places.
        assert_eq!(interval(10, 100, SampleConfidence::P95), told("0.055228", "0.174368"));
        assert_eq!(interval(0, 10, SampleConfidence::P95).0, "0.000000");
        // z² / (n + z²) = 3.8416 / 13.8416 = 0.277540…
        assert_eq!(interval(0, 10, SampleConfidence::P95).1, "0.277541");
        assert_eq!(interval(10, 10, SampleConfidence::P95).1, "1.000000");
    }

    #[test]
    fn a_surer_interval_is_wider_and_a_larger_sample_narrower() {
        let width = |k, n, confidence| {
            let (low, high) = wilson(k, n, confidence);
            high.parts().0 - low.parts().0
        };
        assert!(width(10, 100, SampleConfidence::P99) > width(10, 100, SampleConfidence::P95));
        assert!(width(10, 100, SampleConfidence::P95) > width(10, 100, SampleConfidence::P90));
        assert!(width(100, 1_000, SampleConfidence::P95) < width(10, 100, SampleConfidence::P95));
        let (low, high) = wilson(2_500, 5_000, SampleConfidence::P99);
        assert!(low.parts().0 < 500_000 && high.parts().0 > 500_000, "the largest sample fits into the numbers");
    }

    #[test]
    fn what_is_projected_is_the_amount_at_the_exact_rate_of_the_sample() {
        let looked: Vec<(Dong, Dong)> = [(100, 0), (200, 50), (700, 0)].map(|(a, e)| (Dong::new(a), Dong::new(e))).to_vec();
        let estimate = estimate_sample(SampleConfidence::P95, Dong::new(30_001), &looked).unwrap().unwrap();
        assert_eq!((estimate.checked, estimate.with_error), (3, 1));
        assert_eq!(estimate.rate.to_string(), "0.333333");
        assert_eq!(estimate.amount_rate.to_string(), "0.05000000");
        assert_eq!(estimate.projected, Dong::new(1_500), "1500.05 đồng");
        assert_eq!(estimate_sample(SampleConfidence::P95, Dong::new(1), &[]).unwrap(), None);
    }

    #[test]
    fn visits_that_ask_nothing_project_nothing() {
        let estimate = estimate_sample(SampleConfidence::P95, Dong::new(500), &[(Dong::ZERO, Dong::ZERO)]).unwrap().unwrap();
        assert_eq!((estimate.projected, estimate.with_error), (Dong::ZERO, 0));
    }
}
