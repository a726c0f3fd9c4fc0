//! Money in whole đồng.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use serde::{Deserialize, Serialize};

use crate::Rate;

/// An amount of money in whole Vietnamese đồng; may be negative (a refund).
///
/// Everything due, paid or settled is a `Dong`. There is no fraction of a đồng and no float near it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dong(i64);

/// Why a sum of money could not be worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DongError {
    /// The result does not fit: beyond about 9.2 billion billion đồng.
    #[error("the amount is beyond what can be held in whole đồng")]
    Overflow,
}

impl Dong {
    /// No money.
    pub const ZERO: Dong = Dong(0);

    /// Makes an amount from whole đồng.
    pub const fn new(dong: i64) -> Self {
        Self(dong)
    }

    /// The amount as an integer number of đồng.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Sum, or an error when it does not fit.
    pub fn checked_add(self, other: Dong) -> Result<Dong, DongError> {
        self.0.checked_add(other.0).map(Dong).ok_or(DongError::Overflow)
    }

    /// This amount a whole number of times, e.g. twenty reference levels for the cap.
    pub fn times(self, count: i64) -> Result<Dong, DongError> {
        self.0.checked_mul(count).map(Dong).ok_or(DongError::Overflow)
    }

    /// This amount at a rate, rounded half away from zero to the đồng.
    ///
    /// The product is exact (128 bits) before the single rounding.
    pub fn at_rate(self, rate: Rate) -> Result<Dong, DongError> {
        let (mantissa, scale) = rate.parts();
        let product = i128::from(self.0).checked_mul(mantissa).ok_or(DongError::Overflow)?;
        let divisor = 10i128.pow(scale);
        let half = divisor / 2;
        let rounded = if product >= 0 { (product + half) / divisor } else { (product - half) / divisor };
        i64::try_from(rounded).map(Dong).map_err(|_| DongError::Overflow)
    }
}

impl Add for Dong {
    type Output = Dong;
    /// Panics on overflow (overflow checks are on in every profile); use [`Dong::checked_add`] on input.
    fn add(self, other: Dong) -> Dong {
        Dong(self.0 + other.0)
    }
}

impl Sub for Dong {
    type Output = Dong;
    fn sub(self, other: Dong) -> Dong {
        Dong(self.0 - other.0)
    }
}

impl Neg for Dong {
    type Output = Dong;
    fn neg(self) -> Dong {
        Dong(-self.0)
    }
}

impl Sum for Dong {
    fn sum<I: Iterator<Item = Dong>>(amounts: I) -> Dong {
        amounts.fold(Dong::ZERO, Add::add)
    }
}

impl fmt::Display for Dong {
    /// Plain digits with the unit, for errors and logs; screens use the formatter of `web`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} đ", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn household_premium_of_2026_is_exact() {
        let rate: Rate = "0.045".parse().unwrap();
        assert_eq!(Dong::new(2_530_000).at_rate(rate).unwrap(), Dong::new(113_850));
    }

    #[test]
    fn halves_round_away_from_zero() {
        let half: Rate = "0.5".parse().unwrap();
        assert_eq!(Dong::new(3).at_rate(half).unwrap(), Dong::new(2));
        assert_eq!(Dong::new(-3).at_rate(half).unwrap(), Dong::new(-2));
    }

    #[test]
    fn overflow_is_an_error_not_a_wrong_amount() {
        assert_eq!(Dong::new(i64::MAX).checked_add(Dong::new(1)), Err(DongError::Overflow));
        assert_eq!(Dong::new(i64::MAX).times(2), Err(DongError::Overflow));
    }

    proptest! {
        #[test]
        fn a_rate_never_moves_a_sum_by_more_than_half_a_dong_per_part(
            parts in proptest::collection::vec(0i64..50_000_000, 1..20), basis in 0i64..10_000,
        ) {
            let rate = Rate::from_parts(i128::from(basis), 4);
            let whole = parts.iter().map(|p| Dong::new(*p)).sum::<Dong>().at_rate(rate).unwrap();
            let pieces: Dong = parts.iter().map(|p| Dong::new(*p).at_rate(rate).unwrap()).sum();
            prop_assert!((whole.get() - pieces.get()).unsigned_abs() <= parts.len() as u64);
        }
    }
}
