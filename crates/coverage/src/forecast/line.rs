//! A straight line through the shares of the periods so far, and how far it may be off: in whole numbers, so that every
//! machine finds the same.

/// A share at a period: months counted from anywhere, millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Point {
    pub(crate) month: i32,
    pub(crate) share: i64,
}

/// A forecast in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Forecast {
    pub(crate) value: i64,
    pub(crate) low: i64,
    pub(crate) high: i64,
}

/// Fewest periods a line is drawn through: two would always fit.
pub(crate) const FEWEST: usize = 4;

/// Most periods: what was long ago says little of what comes.
pub(crate) const MOST: usize = 12;

/// Student's t for a band that holds 95 of 100 next values, in thousandths, by degrees of freedom from 2 to 10.
const STUDENT: [i128; 9] = [4_303, 3_182, 2_776, 2_571, 2_447, 2_365, 2_306, 2_262, 2_228];

/// All of a share.
const WHOLE: i64 = 1_000_000;

/// Least squares through the last periods, at a later month; `None` with too few of them.
///
/// With `n` points, `D = n·Σx² − (Σx)²` and `B = n·Σxy − Σx·Σy` the line at `m` is `(Σy·D + B·(n·m − Σx)) / (n·D)`, the sum of squared residuals
/// `((n·Σy² − (Σy)²)·D − B²) / (n·D)`, and the variance of a new value there `s²·(n·D + D + (n·m − Σx)²) / (n·D)`.
pub(crate) fn forecast(points: &[Point], at: i32) -> Option<Forecast> {
    let last = &points[points.len().saturating_sub(MOST)..];
    if last.len() < FEWEST {
        return None;
    }
    // Counted from the first month the numbers stay small.
    let from = last[0].month;
    let (mut x, mut y, mut xx, mut xy, mut yy) = (0i128, 0i128, 0i128, 0i128, 0i128);
    for point in last {
        let (month, share) = (i128::from(point.month - from), i128::from(point.share));
        x += month;
        y += share;
        xx += month * month;
        xy += month * share;
        yy += share * share;
    }
    let n = last.len() as i128;
    let d = n * xx - x * x;
    if d == 0 {
        return None;
    }
    let b = n * xy - x * y;
    let away = n * i128::from(at - from) - x;
    let value = rounded(y * d + b * away, n * d);
    // t²·variance, as one fraction: thousandths of t make it a million times too large.
    let squares = ((n * yy - y * y) * d - b * b).max(0);
    let t = STUDENT[last.len() - FEWEST];
    let wide = n * d + d + away * away;
    let off = root_up(squares.checked_mul(wide)?.checked_mul(t * t)? / (n * d * (n - 2) * n * d));
    let band = (off + 999) / 1_000;
    // A share cannot pass the whole, unless its denominator is of another size than what is counted.
    let most = if last.iter().all(|point| point.share <= WHOLE) { WHOLE } else { i64::MAX };
    let within = |share: i128| i64::try_from(share).unwrap_or(i64::MAX).clamp(0, most);
    Some(Forecast { value: within(value), low: within(value - band), high: within(value + band) })
}

/// A fraction rounded to whole, halves away from zero.
fn rounded(over: i128, under: i128) -> i128 {
    let half = under / 2;
    if over < 0 { (over - half) / under } else { (over + half) / under }
}

/// The smallest whole number whose square is not smaller.
fn root_up(square: i128) -> i128 {
    let root = square.max(0).isqrt();
    if root * root == square { root } else { root + 1 }
}

/// A share in millionths, rounded; `None` without a denominator.
pub(crate) fn share(numerator: Option<i64>, denominator: Option<i64>) -> Option<i64> {
    let (over, under) = (numerator?, denominator.filter(|under| *under > 0)?);
    i64::try_from(rounded(i128::from(over) * i128::from(WHOLE), i128::from(under))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(shares: &[i64]) -> Vec<Point> {
        (24_310..).zip(shares).map(|(month, share)| Point { month, share: *share }).collect()
    }

    #[test]
    fn a_straight_course_goes_on_without_a_band() {
        let straight = points(&[950_000, 951_000, 952_000, 953_000]);
        assert_eq!(forecast(&straight, 24_315), Some(Forecast { value: 955_000, low: 955_000, high: 955_000 }));
    }

    #[test]
    fn the_band_is_that_of_the_residuals() {
        let bent = points(&[950_000, 952_000, 951_000, 953_000]);
        // Slope (n·Σxy − Σx·Σy)/D = 800; mean 951 500; at month 4: 951 500 + 800 × 2.5 = 953 500.
        // Residuals −300, 900, −900, 300: Σ = 1 800 000, s² = 900 000; variance × (1 + 1/4 + 2.5²/5) = 2 250 000, root 1 500.
        // Band 4.303 × 1 500 = 6 454.5, taken up to 6 455.
        assert_eq!(forecast(&bent, 24_314), Some(Forecast { value: 953_500, low: 947_045, high: 959_955 }));
    }

    #[test]
    fn three_periods_are_too_few_and_the_thirteenth_is_forgotten() {
        assert_eq!(forecast(&points(&[1, 2, 3]), 24_320), None);
        let mut long = vec![0];
        long.extend([500_000; 12]);
        assert_eq!(forecast(&points(&long), 24_330).map(|f| (f.value, f.low)), Some((500_000, 500_000)));
    }

    #[test]
    fn a_share_stays_a_share() {
        let rising = points(&[700_000, 800_000, 900_000, 990_000]);
        let said = forecast(&rising, 24_330).unwrap();
        assert_eq!((said.value, said.high), (1_000_000, 1_000_000));
        let falling = points(&[30_000, 20_000, 11_000, 1_000]);
        assert_eq!(forecast(&falling, 24_330).unwrap().value, 0);
        // Over a denominator of another size more than the whole is shown as it is.
        assert!(forecast(&points(&[1_500_000, 1_510_000, 1_520_000, 1_530_000]), 24_320).unwrap().value > WHOLE);
    }

    #[test]
    fn shares_are_rounded_and_need_a_denominator() {
        assert_eq!(share(Some(2), Some(3)), Some(666_667));
        assert_eq!([share(None, Some(3)), share(Some(2), None), share(Some(2), Some(0))], [None; 3]);
    }

    #[test]
    fn roots_go_up() {
        assert_eq!([root_up(0), root_up(1), root_up(2), root_up(4), root_up(5)], [0, 1, 2, 2, 3]);
    }
}
