//! Calendar dates without time of day.

use std::fmt;
use std::str::FromStr;

use jiff::ToSpan;
use jiff::civil;
use serde::{Deserialize, Serialize};

use crate::Month;

/// A calendar date. Text form is ISO `2026-10-31`; screens show `31/10/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

/// Why a text is not a date.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DateError {
    /// Not `yyyy-mm-dd`.
    #[error("`{0}` is not a date of the form yyyy-mm-dd")]
    NotIso(String),
    /// The day does not exist in the calendar.
    #[error("there is no day {day:02}/{month:02}/{year}")]
    NoSuchDay {
        /// Year as given.
        year: i32,
        /// Month as given.
        month: i32,
        /// Day as given.
        day: i32,
    },
}

impl Date {
    /// The date of a year, month (1-12) and day; an error for 30 February and the like.
    pub fn new(year: i32, month: i32, day: i32) -> Result<Self, DateError> {
        let missing = || DateError::NoSuchDay { year, month, day };
        let y = i16::try_from(year).map_err(|_| missing())?;
        let m = i8::try_from(month).map_err(|_| missing())?;
        let d = i8::try_from(day).map_err(|_| missing())?;
        civil::Date::new(y, m, d).map(Self).map_err(|_| missing())
    }

    /// Year, e.g. 2026.
    pub fn year(self) -> i32 {
        i32::from(self.0.year())
    }

    /// Month of the year, 1-12.
    pub fn month_number(self) -> i32 {
        i32::from(self.0.month())
    }

    /// Day of the month, 1-31.
    pub fn day(self) -> i32 {
        i32::from(self.0.day())
    }

    /// The month this day lies in.
    pub fn month(self) -> Month {
        Month::of(self)
    }

    /// Days since 1970-01-01, the form of Date32 columns.
    pub fn days_since_epoch(self) -> i32 {
        // Counted in years that begin in March, so that a leap day is the last of its year; asked of each day of millions of rows.
        let (year, month) = (self.year() - i32::from(self.month_number() < 3), (self.month_number() + 9) % 12);
        let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
        let of_year = (153 * month + 2) / 5 + self.day() - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The date a number of days after 1970-01-01; `None` outside years -9999 to 9999.
    pub fn from_days_since_epoch(days: i32) -> Option<Self> {
        EPOCH.checked_add(days.days()).ok().map(Self)
    }

    /// This date moved by days, forward or back.
    pub fn add_days(self, days: i32) -> Option<Self> {
        Self::from_days_since_epoch(self.days_since_epoch().checked_add(days)?)
    }

    /// Whole days from this date to another; negative when the other is earlier.
    pub fn days_until(self, other: Date) -> i32 {
        other.days_since_epoch() - self.days_since_epoch()
    }

    /// Completed years of age on a day for someone born on this date.
    ///
    /// A person born on 29 February completes a year on 1 March of a common year.
    pub fn age_on(self, day: Date) -> i32 {
        let had_birthday = (day.month_number(), day.day()) >= (self.month_number(), self.day());
        day.year() - self.year() - i32::from(!had_birthday)
    }
}

const EPOCH: civil::Date = civil::date(1970, 1, 1);

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month_number(), self.day())
    }
}

impl FromStr for Date {
    type Err = DateError;
    fn from_str(text: &str) -> Result<Self, DateError> {
        let not_iso = || DateError::NotIso(text.to_owned());
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(not_iso());
        }
        let part = |from: usize, to: usize| {
            text.get(from..to).filter(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok()).ok_or_else(not_iso)
        };
        Self::new(part(0, 4)?, part(5, 7)?, part(8, 10)?)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_iso_and_refuses_the_rest() {
        assert_eq!("2026-10-31".parse::<Date>().unwrap().to_string(), "2026-10-31");
        for bad in ["31/10/2026", "2026-2-1", "2026-02-30", "", "20261031", "2026-1a-01"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
    }

    #[test]
    fn age_counts_completed_years() {
        let born: Date = "2020-10-31".parse().unwrap();
        assert_eq!(born.age_on("2026-10-30".parse().unwrap()), 5);
        assert_eq!(born.age_on("2026-10-31".parse().unwrap()), 6);
        let leap: Date = "2020-02-29".parse().unwrap();
        assert_eq!(leap.age_on("2026-02-28".parse().unwrap()), 5);
        assert_eq!(leap.age_on("2026-03-01".parse().unwrap()), 6);
    }

    #[test]
    fn sixty_days_after_the_end_of_august_is_30_october() {
        let due: Date = "2026-08-31".parse().unwrap();
        assert_eq!(due.add_days(60).unwrap().to_string(), "2026-10-30");
    }

    proptest! {
        #[test]
        fn days_since_epoch_goes_both_ways(days in -200_000i32..200_000) {
            let date = Date::from_days_since_epoch(days).unwrap();
            prop_assert_eq!(date.days_since_epoch(), days);
            prop_assert_eq!(date.to_string().parse::<Date>().unwrap(), date);
        }
    }
}
