//! Exact decimal rates: contribution rates, shares, steps.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

/// An exact decimal rate, e.g. `0.045` for 4.5 %. At most 8 decimals, as in tables (Decimal128(18,8)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Rate(Decimal);

/// Why a text is not a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RateError {
    /// Not a decimal number.
    #[error("`{0}` is not a decimal number such as 0.045")]
    NotDecimal(String),
    /// More than eight decimals cannot be kept exactly in a table.
    #[error("`{0}` has more than 8 decimals")]
    TooFine(String),
}

impl Rate {
    /// A rate from an integer and the number of decimals: `from_parts(45, 3)` is 0.045.
    pub fn from_parts(mantissa: i128, scale: u32) -> Self {
        Self(Decimal::from_i128_with_scale(mantissa, scale))
    }

    /// The integer and the number of decimals behind this rate.
    pub fn parts(self) -> (i128, u32) {
        (self.0.mantissa(), self.0.scale())
    }

    /// The decimal itself.
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// The rate in hundred-millionths, the unit of Decimal128(18,8).
    pub fn hundred_millionths(self) -> i128 {
        let (mantissa, scale) = self.parts();
        mantissa * 10i128.pow(8 - scale)
    }
}

impl FromStr for Rate {
    type Err = RateError;
    fn from_str(text: &str) -> Result<Self, RateError> {
        let value = Decimal::from_str(text.trim()).map_err(|_| RateError::NotDecimal(text.to_owned()))?;
        if value.normalize().scale() > 8 {
            return Err(RateError::TooFine(text.to_owned()));
        }
        Ok(Self(value.normalize()))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_stay_exact() {
        let rate: Rate = "0.0003".parse().unwrap();
        assert_eq!(rate.to_string(), "0.0003");
        assert_eq!(rate.hundred_millionths(), 30_000);
    }

    #[test]
    fn refuses_words_and_too_many_decimals() {
        assert!("4,5%".parse::<Rate>().is_err());
        assert!(matches!("0.123456789".parse::<Rate>(), Err(RateError::TooFine(_))));
    }
}
