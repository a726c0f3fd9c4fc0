//! Months as periods of account.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::Date;

/// A calendar month, the period of contributions and of a run. Text form `2026-10`.
///
/// A `Month` is not a `Date`: where the law counts from a day, the day is spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i32,
    number: i32,
}

/// Why a text is not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month of the form yyyy-mm")]
pub struct MonthError(String);

impl Month {
    /// The month of a year between 1900 and 2200; `None` for other years or a number outside 1-12.
    pub fn new(year: i32, number: i32) -> Option<Self> {
        ((1900..=2200).contains(&year) && (1..=12).contains(&number)).then_some(Self { year, number })
    }

    /// The month a day lies in.
    pub fn of(date: Date) -> Self {
        Self { year: date.year(), number: date.month_number() }
    }

    /// Year, e.g. 2026.
    pub fn year(self) -> i32 {
        self.year
    }

    /// Number in the year, 1-12.
    pub fn number(self) -> i32 {
        self.number
    }

    /// First day.
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.number, 1).unwrap_or_else(|_| unreachable!("every month has a first day"))
    }

    /// Last day.
    pub fn last_day(self) -> Date {
        self.next().first_day().add_days(-1).unwrap_or_else(|| unreachable!("years are within 1900-2200"))
    }

    /// The month after.
    pub fn next(self) -> Self {
        self.plus(1)
    }

    /// The month a number of months later, or earlier when negative.
    pub fn plus(self, months: i32) -> Self {
        let count = self.index() + months;
        Self { year: count.div_euclid(12), number: count.rem_euclid(12) + 1 }
    }

    /// Months since year 0, for differences.
    pub fn index(self) -> i32 {
        self.year * 12 + self.number - 1
    }

    /// Months from this one to another; negative when the other is earlier.
    pub fn months_until(self, other: Month) -> i32 {
        other.index() - self.index()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

impl FromStr for Month {
    type Err = MonthError;
    fn from_str(text: &str) -> Result<Self, MonthError> {
        let parsed = text.split_once('-').and_then(|(year, number)| {
            let digits = |t: &str, n: usize| t.len() == n && t.bytes().all(|b| b.is_ascii_digit());
            if !digits(year, 4) || !digits(number, 2) {
                return None;
            }
            Month::new(year.parse().ok()?, number.parse().ok()?)
        });
        parsed.ok_or_else(|| MonthError(text.to_owned()))
    }
}

impl Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_and_steps() {
        let october: Month = "2026-10".parse().unwrap();
        assert_eq!(october.last_day().to_string(), "2026-10-31");
        assert_eq!(october.plus(3).to_string(), "2027-01");
        assert_eq!(october.plus(-10).to_string(), "2025-12");
        assert_eq!("2024-02".parse::<Month>().unwrap().last_day().day(), 29);
    }

    #[test]
    fn refuses_what_is_not_a_month() {
        for bad in ["2026-13", "2026-1", "10/2026", "2026-10-01", "26-10", ""] {
            assert!(bad.parse::<Month>().is_err(), "{bad}");
        }
    }
}
