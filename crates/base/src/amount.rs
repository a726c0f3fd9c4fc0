//! What a claim line says: exact decimals, kept as sent.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use crate::Dong;

/// An exact decimal of at most 18 digits before and 6 after the point: money, quantities, prices and percents of claim files.
///
/// In tables it is `Decimal128(24, 6)`. Money that is due, paid or settled is [`Dong`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i128);

/// Why a text is not an amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Not digits with at most one point: letters, two points, a comma, nothing.
    #[error("not a number such as 1234.56")]
    NotDecimal,
    /// More than 6 decimals that are not zero.
    #[error("more than 6 decimals")]
    TooFine,
    /// More than 18 digits before the point.
    #[error("more than 18 digits")]
    TooLarge,
}

/// Millionths in one.
const ONE: i128 = 1_000_000;
/// Ten to the 18th: the first value that is too large.
const LIMIT: i128 = 1_000_000_000_000_000_000 * ONE;

impl Amount {
    /// Digits of the table type.
    pub const PRECISION: u8 = 24;
    /// Decimals of the table type.
    pub const SCALE: i8 = 6;
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Reads digits with at most one point and a sign. No spaces, no thousands separators.
    pub fn parse(text: &str) -> Result<Self, AmountError> {
        let (negative, digits) = match text.as_bytes() {
            [b'-', rest @ ..] => (true, rest),
            [b'+', rest @ ..] => (false, rest),
            rest => (false, rest),
        };
        let mut value: i128 = 0;
        let mut whole = 0;
        let mut decimals: Option<u32> = None;
        let mut any = false;
        for byte in digits {
            match (byte, decimals) {
                (b'0'..=b'9', None) => {
                    value = value * 10 + i128::from(byte - b'0');
                    whole += u32::from(value != 0);
                    any = true;
                    if whole > 18 {
                        return Err(AmountError::TooLarge);
                    }
                }
                (b'0'..=b'9', Some(6)) if *byte == b'0' => {}
                (b'0'..=b'9', Some(6)) => return Err(AmountError::TooFine),
                (b'0'..=b'9', Some(n)) => {
                    value = value * 10 + i128::from(byte - b'0');
                    decimals = Some(n + 1);
                    any = true;
                }
                (b'.', None) => decimals = Some(0),
                _ => return Err(AmountError::NotDecimal),
            }
        }
        if !any {
            return Err(AmountError::NotDecimal);
        }
        let value = value * 10i128.pow(6 - decimals.unwrap_or(0));
        Ok(Self(if negative { -value } else { value }))
    }

    /// From millionths, the unit of the table type; `None` beyond 18 digits before the point.
    pub fn from_millionths(value: i128) -> Option<Self> {
        (value.abs() < LIMIT).then_some(Self(value))
    }

    /// Whole units.
    pub fn whole(value: i64) -> Self {
        Self(i128::from(value) * ONE)
    }

    /// The value in millionths.
    pub fn millionths(self) -> i128 {
        self.0
    }

    /// This times another, exact to 12 decimals, then rounded half away from zero to 2 decimals.
    ///
    /// Decision 130/QĐ-BYT rounds amounts of a line to 2 decimals; it does not say how halves go, half up is the natural reading. `None` when the
    /// product is too large.
    pub fn times_rounded(self, other: Self) -> Option<Self> {
        let product = self.0.checked_mul(other.0)?;
        Self::from_millionths(half_away(product, ONE * 10_000).checked_mul(10_000)?)
    }

    /// So many percent of this, rounded like [`Self::times_rounded`].
    pub fn percent_rounded(self, percent: Self) -> Option<Self> {
        let product = self.0.checked_mul(percent.0)?;
        Self::from_millionths(half_away(product, 100 * ONE * 10_000).checked_mul(10_000)?)
    }

    /// Quantity × price × up to two percentages, rounded once at the end to 2 decimals.
    pub fn line(quantity: Self, price: Self, percents: &[Self]) -> Option<Self> {
        let mut product = quantity.0.checked_mul(price.0)?;
        let mut divisor = ONE;
        for percent in percents {
            // Percentages are small numbers: dividing by what both share keeps the product within 128 bits.
            let part = percent.0 / 10_000;
            if part * 10_000 != percent.0 {
                return None;
            }
            product = product.checked_mul(part)?;
            divisor *= 10_000;
        }
        Self::from_millionths(half_away(product, divisor * 10_000).checked_mul(10_000)?)
    }

    /// The larger of this and nothing.
    pub fn or_zero(self) -> Self {
        Self(self.0.max(0))
    }

    /// Rounded to whole đồng, half away from zero.
    pub fn to_dong(self) -> Option<Dong> {
        i64::try_from(half_away(self.0, ONE)).ok().map(Dong::new)
    }
}

/// Division rounded to the nearest, halves away from zero.
fn half_away(value: i128, by: i128) -> i128 {
    let (quotient, rest) = (value / by, value % by);
    if rest.abs() * 2 >= by { quotient + value.signum() } else { quotient }
}

impl Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl Neg for Amount {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(parts: I) -> Self {
        parts.fold(Self::ZERO, |sum, part| sum + part)
    }
}

impl fmt::Display for Amount {
    /// Plain digits without trailing zeros, e.g. `-1234.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.0.abs() / ONE, self.0.abs() % ONE);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{rest:06}").trim_end_matches('0'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn texts_are_read_exactly() {
        for (text, shown) in
            [("0", "0"), ("1000.00", "1000"), ("-0.5", "-0.5"), ("12.340000000", "12.34"), (".5", "0.5"), ("007", "7")]
        {
            assert_eq!(amount(text).to_string(), shown, "{text}");
        }
        for text in ["", "-", ".", "1,5", "1.2.3", "12a", " 1", "1 000", "1e3", "NaN"] {
            assert_eq!(Amount::parse(text), Err(AmountError::NotDecimal), "{text}");
        }
        assert_eq!(Amount::parse("0.1234567"), Err(AmountError::TooFine));
        assert_eq!(Amount::parse("1234567890123456789"), Err(AmountError::TooLarge));
        assert!(Amount::parse("999999999999999999.999999").is_ok());
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(amount("0.005").times_rounded(Amount::whole(1)), Some(amount("0.01")));
        assert_eq!(amount("-0.005").times_rounded(Amount::whole(1)), Some(amount("-0.01")));
        assert_eq!(amount("0.0049").times_rounded(Amount::whole(1)), Some(Amount::ZERO));
        assert_eq!(amount("2.5").to_dong(), Some(Dong::new(3)));
    }

    #[test]
    fn a_line_is_rounded_once() {
        // Annex of decision 130: a drug of 10,000,000 at 50 %.
        assert_eq!(
            Amount::line(Amount::whole(1), Amount::whole(10_000_000), &[Amount::whole(50)]),
            Some(Amount::whole(5_000_000))
        );
        let thirds = Amount::line(amount("0.33"), amount("305500"), &[Amount::whole(33), Amount::whole(100)]);
        assert_eq!(thirds, Some(amount("33268.95")));
        assert_eq!(amount("1234.565").percent_rounded(Amount::whole(80)), Some(amount("987.65")));
        // Products beyond the range are no amounts, and never wrap.
        let huge = amount("999999999999999999");
        assert_eq!(huge.times_rounded(huge), None);
        assert_eq!(Amount::line(huge, huge, &[]), None);
    }
}
