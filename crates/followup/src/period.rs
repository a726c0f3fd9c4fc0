//! Periods of reporting (kỳ báo cáo): a week, a month, a quarter, half a year, a year.

use std::fmt;
use std::str::FromStr;

use base::{Date, Month};

/// A period of reporting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A week of ISO 8601, Monday to Sunday: `2026-W47`.
    Week(i32, u8),
    /// A month: `2026-10`.
    Month(Month),
    /// A quarter: `2026-Q4`.
    Quarter(i32, u8),
    /// Half a year: `2026-H1`.
    Half(i32, u8),
    /// A year: `2026`.
    Year(i32),
}

/// Why a text is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no period such as 2026-W47, 2026-10, 2026-Q4, 2026-H1 or 2026")]
pub struct PeriodError(String);

impl Period {
    /// First day.
    pub fn first_day(self) -> Date {
        match self {
            Self::Week(year, week) => monday(year).add_days(7 * (i32::from(week) - 1)).unwrap_or_else(|| monday(year)),
            Self::Month(month) => month.first_day(),
            Self::Quarter(year, quarter) => month_of(year, 3 * i32::from(quarter) - 2).first_day(),
            Self::Half(year, half) => month_of(year, 6 * i32::from(half) - 5).first_day(),
            Self::Year(year) => month_of(year, 1).first_day(),
        }
    }

    /// Last day.
    pub fn last_day(self) -> Date {
        match self {
            Self::Week(..) => self.first_day().add_days(6).unwrap_or_else(|| self.first_day()),
            Self::Month(month) => month.last_day(),
            Self::Quarter(..) => self.first_day().month().plus(2).last_day(),
            Self::Half(..) => self.first_day().month().plus(5).last_day(),
            Self::Year(year) => month_of(year, 12).last_day(),
        }
    }

    /// The year it is reported in.
    pub fn year(self) -> i32 {
        match self {
            Self::Week(year, _) | Self::Quarter(year, _) | Self::Half(year, _) | Self::Year(year) => year,
            Self::Month(month) => month.year(),
        }
    }

    /// Whether a day lies in it.
    pub fn contains(self, day: Date) -> bool {
        (self.first_day()..=self.last_day()).contains(&day)
    }

    /// The months, quarters, halves and the whole of a year, in the order of their last days.
    pub fn of_year(year: i32) -> Vec<Self> {
        let mut all: Vec<Self> = (1..=12).map(|number| Self::Month(month_of(year, number))).collect();
        all.extend((1..=4).map(|quarter| Self::Quarter(year, quarter)));
        all.extend((1..=2).map(|half| Self::Half(year, half)));
        all.push(Self::Year(year));
        all.sort_by_key(|period| (period.last_day(), *period));
        all
    }
}

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.to_owned());
        let year = |part: &str| part.parse::<i32>().ok().filter(|year| part.len() == 4 && (2000..=2100).contains(year));
        let number = |part: &str, most: u8| part.parse::<u8>().ok().filter(|number| (1..=most).contains(number));
        let period = match text.split_once('-') {
            None => Self::Year(year(text).ok_or_else(wrong)?),
            Some((first, rest)) => {
                let first = year(first).ok_or_else(wrong)?;
                match (rest.strip_prefix('Q'), rest.strip_prefix('H'), rest.strip_prefix('W')) {
                    (Some(quarter), _, _) => Self::Quarter(first, number(quarter, 4).ok_or_else(wrong)?),
                    (_, Some(half), _) => Self::Half(first, number(half, 2).ok_or_else(wrong)?),
                    (_, _, Some(week)) => {
                        let week = number(week, 53).filter(|week| *week <= weeks(first)).ok_or_else(wrong)?;
                        Self::Week(first, week)
                    }
                    _ => Self::Month(text.parse().map_err(|_| wrong())?),
                }
            }
        };
        Ok(period)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week(year, week) => write!(f, "{year}-W{week:02}"),
            Self::Month(month) => write!(f, "{month}"),
            Self::Quarter(year, quarter) => write!(f, "{year}-Q{quarter}"),
            Self::Half(year, half) => write!(f, "{year}-H{half}"),
            Self::Year(year) => write!(f, "{year}"),
        }
    }
}

/// A month by year and number.
fn month_of(year: i32, number: i32) -> Month {
    Month::new(year, number).unwrap_or_else(|| unreachable!("months of years from 2000 to 2100"))
}

/// Monday of the first week of a year: the week of 4 January.
fn monday(year: i32) -> Date {
    let fourth = month_of(year, 1).first_day().add_days(3).unwrap_or_else(|| unreachable!("4 January"));
    // 1970-01-01 was a Thursday: three days after a Monday.
    let after_monday = (fourth.days_since_epoch() + 3).rem_euclid(7);
    fourth.add_days(-after_monday).unwrap_or_else(|| unreachable!("days of years from 2000 to 2100"))
}

/// How many weeks a year has.
fn weeks(year: i32) -> u8 {
    u8::try_from(monday(year).days_until(monday(year + 1)) / 7).unwrap_or(52)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        let period: Period = text.parse().unwrap();
        assert_eq!(period.to_string(), text);
        (period.first_day().to_string(), period.last_day().to_string())
    }

    #[test]
    fn periods_have_their_days() {
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(days("2026-W47"), pair("2026-11-16", "2026-11-22"));
        assert_eq!(days("2026-W01"), pair("2025-12-29", "2026-01-04"), "the week of 4 January");
        assert_eq!(days("2026-W53"), pair("2026-12-28", "2027-01-03"));
        assert_eq!(days("2026-10"), pair("2026-10-01", "2026-10-31"));
        assert_eq!(days("2026-Q4"), pair("2026-10-01", "2026-12-31"));
        assert_eq!(days("2026-H1"), pair("2026-01-01", "2026-06-30"));
        assert_eq!(days("2026"), pair("2026-01-01", "2026-12-31"));
    }

    #[test]
    fn what_is_no_period_is_told() {
        for text in ["", "26", "2026-", "2026-Q5", "2026-H0", "2025-W53", "2026-13", "2026-q4", "1999", "2026-W00"] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_year_has_its_nineteen_periods_by_their_last_day() {
        let all: Vec<String> = Period::of_year(2026).iter().map(ToString::to_string).collect();
        assert_eq!(all.len(), 19);
        assert_eq!(all[2..4], ["2026-03", "2026-Q1"]);
        assert_eq!(all.last().map(String::as_str), Some("2026"));
    }
}
