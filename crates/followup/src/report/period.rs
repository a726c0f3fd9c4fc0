//! The time a report is about: a week, a month, a quarter, half a year, a year.

use std::fmt;
use std::str::FromStr;

use base::{Date, Month};

/// A reporting period (kỳ báo cáo): `2026-W47`, `2026-11`, `2026-Q4`, `2026-H1`, `2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// A week from Monday to Sunday, numbered as ISO 8601 does.
    Week(i32, i32),
    /// A month.
    Month(Month),
    /// A quarter, 1 to 4.
    Quarter(i32, i32),
    /// Half a year, 1 or 2.
    Half(i32, i32),
    /// A year.
    Year(i32),
}

/// A text that is no period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” không phải kỳ báo cáo; viết 2026-W47 (tuần), 2026-11 (tháng), 2026-Q4 (quý), 2026-H1 (6 tháng) hoặc 2026 (năm)")]
pub struct PeriodError(String);

impl FromStr for Period {
    type Err = PeriodError;

    fn from_str(text: &str) -> Result<Self, PeriodError> {
        let wrong = || PeriodError(text.to_owned());
        let (year, rest) = text.split_once('-').map_or((text, None), |(year, rest)| (year, Some(rest)));
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(year, 4) {
            return Err(wrong());
        }
        let year: i32 = year.parse().map_err(|_| wrong())?;
        let Some(rest) = rest else { return Date::new(year, 1, 1).map(|_| Self::Year(year)).map_err(|_| wrong()) };
        let number = |text: &str, count: usize| if digits(text, count) { text.parse::<i32>().ok() } else { None };
        let found = match rest.as_bytes().first() {
            Some(b'W') => number(&rest[1..], 2).map(|week| Self::Week(year, week)).filter(|week| week.monday().is_some()),
            Some(b'Q') => number(&rest[1..], 1).filter(|n| (1..=4).contains(n)).map(|n| Self::Quarter(year, n)),
            Some(b'H') => number(&rest[1..], 1).filter(|n| (1..=2).contains(n)).map(|n| Self::Half(year, n)),
            _ => number(rest, 2).and_then(|n| Month::new(year, n)).map(Self::Month),
        };
        found.filter(|period| Date::new(period.year(), 1, 1).is_ok()).ok_or_else(wrong)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Week(year, week) => write!(f, "{year}-W{week:02}"),
            Self::Month(month) => month.fmt(f),
            Self::Quarter(year, n) => write!(f, "{year}-Q{n}"),
            Self::Half(year, n) => write!(f, "{year}-H{n}"),
            Self::Year(year) => write!(f, "{year:04}"),
        }
    }
}

impl Period {
    /// The month of a day.
    pub fn month_of(day: Date) -> Self {
        Self::Month(day.month())
    }

    /// The week of a day.
    pub fn week_of(day: Date) -> Self {
        let thursday = day.add_days(3 - weekday(day)).unwrap_or(day);
        let january = Date::new(thursday.year(), 1, 1).unwrap_or(thursday);
        Self::Week(thursday.year(), january.days_until(thursday) / 7 + 1)
    }

    /// Its year; of a week the year that ISO 8601 gives it.
    pub fn year(self) -> i32 {
        match self {
            Self::Week(year, _) | Self::Quarter(year, _) | Self::Half(year, _) | Self::Year(year) => year,
            Self::Month(month) => month.year(),
        }
    }

    /// Its first and last day.
    pub fn days(self) -> (Date, Date) {
        if let Self::Week(..) = self
            && let Some(monday) = self.monday()
            && let Some(sunday) = monday.add_days(6)
        {
            return (monday, sunday);
        }
        let (first, count) = match self {
            Self::Month(month) => (month, 1),
            Self::Quarter(year, n) => (nth(year, 3 * n - 2), 3),
            Self::Half(year, n) => (nth(year, 6 * n - 5), 6),
            Self::Year(year) | Self::Week(year, _) => (nth(year, 1), 12),
        };
        (first.first_day(), first.plus(count - 1).last_day())
    }

    /// Its last month, whose run its figures are of.
    pub fn last_month(self) -> Month {
        self.days().1.month()
    }

    /// The period before it.
    pub fn before(self) -> Option<Self> {
        match self {
            Self::Week(..) => self.days().0.add_days(-1).map(Self::week_of),
            Self::Month(month) => Some(Self::Month(month.plus(-1))),
            Self::Quarter(year, 1) => Some(Self::Quarter(year - 1, 4)),
            Self::Quarter(year, n) => Some(Self::Quarter(year, n - 1)),
            Self::Half(year, 1) => Some(Self::Half(year - 1, 2)),
            Self::Half(year, _) => Some(Self::Half(year, 1)),
            Self::Year(year) => Some(Self::Year(year - 1)),
        }
    }

    /// The period after it.
    pub fn after(self) -> Option<Self> {
        match self {
            Self::Week(..) => self.days().1.add_days(1).map(Self::week_of),
            Self::Month(month) => Some(Self::Month(month.plus(1))),
            Self::Quarter(year, 4) => Some(Self::Quarter(year + 1, 1)),
            Self::Quarter(year, n) => Some(Self::Quarter(year, n + 1)),
            Self::Half(year, 1) => Some(Self::Half(year, 2)),
            Self::Half(year, _) => Some(Self::Half(year + 1, 1)),
            Self::Year(year) => Some(Self::Year(year + 1)),
        }
    }

    /// In the words of a document: `quý IV năm 2026`.
    pub fn words(self) -> String {
        match self {
            Self::Week(year, week) => {
                let (first, last) = self.days();
                format!("tuần {week} năm {year} (từ {} đến {})", short(first), super::words::day(last))
            }
            Self::Month(month) => super::words::month(month),
            Self::Quarter(year, n) => format!("quý {} năm {year}", ["I", "II", "III", "IV"][usize::try_from(n - 1).unwrap_or(0).min(3)]),
            Self::Half(year, 1) => format!("6 tháng đầu năm {year}"),
            Self::Half(year, _) => format!("6 tháng cuối năm {year}"),
            Self::Year(year) => format!("năm {year}"),
        }
    }

    fn monday(self) -> Option<Date> {
        let Self::Week(year, week) = self else { return None };
        let fourth = Date::new(year, 1, 4).ok()?;
        let monday = fourth.add_days(7 * (week - 1) - weekday(fourth))?;
        // The week belongs to the year of its Thursday.
        (week >= 1 && monday.add_days(3)?.year() == year).then_some(monday)
    }
}

/// 0 for Monday. The first day of 1970 was a Thursday.
fn weekday(day: Date) -> i32 {
    (day.days_since_epoch() + 3).rem_euclid(7)
}

/// `ngày 16 tháng 11`, where the year stands beside.
fn short(day: Date) -> String {
    let whole = super::words::day(day);
    whole.split(" năm ").next().unwrap_or(&whole).to_owned()
}

fn nth(year: i32, number: i32) -> Month {
    Month::new(year, number).unwrap_or_else(|| unreachable!("months 1 to 12 of a year that was read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str) -> (String, String) {
        let (first, last) = text.parse::<Period>().unwrap().days();
        (first.to_string(), last.to_string())
    }

    #[test]
    fn each_period_has_its_days_and_comes_back_as_it_was_written() {
        for (text, first, last, words) in [
            ("2026-W47", "2026-11-16", "2026-11-22", "tuần 47 năm 2026 (từ ngày 16 tháng 11 đến ngày 22 tháng 11 năm 2026)"),
            // 2026 has 53 weeks, the last reaches into 2027; the first of 2026 begins in 2025.
            ("2026-W53", "2026-12-28", "2027-01-03", "tuần 53 năm 2026 (từ ngày 28 tháng 12 đến ngày 03 tháng 01 năm 2027)"),
            ("2026-W01", "2025-12-29", "2026-01-04", "tuần 1 năm 2026 (từ ngày 29 tháng 12 đến ngày 04 tháng 01 năm 2026)"),
            ("2026-02", "2026-02-01", "2026-02-28", "tháng 02 năm 2026"),
            ("2026-Q4", "2026-10-01", "2026-12-31", "quý IV năm 2026"),
            ("2026-H1", "2026-01-01", "2026-06-30", "6 tháng đầu năm 2026"),
            ("2026", "2026-01-01", "2026-12-31", "năm 2026"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(days(text), (first.to_owned(), last.to_owned()), "{text}");
            assert_eq!((period.to_string().as_str(), period.words().as_str()), (text, words));
            assert_eq!(period.before().unwrap().after(), Some(period), "{text}");
            assert_eq!(period.before().unwrap().days().1.add_days(1), Some(period.days().0), "{text}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_how_to_write_it() {
        for wrong in ["", "2026-13", "2026-Q5", "2026-H3", "2026-W00", "2025-W53", "2026-w47", "26-11", "2026-1", "2026-11-30", "quý 4", "2026-W4７"] {
            let error = wrong.parse::<Period>().unwrap_err().to_string();
            assert!(error.contains("2026-Q4"), "{wrong}: {error}");
        }
    }

    #[test]
    fn a_day_has_its_week() {
        for (day, week) in [("2026-11-30", "2026-W49"), ("2027-01-03", "2026-W53"), ("2025-12-29", "2026-W01"), ("2026-11-22", "2026-W47")] {
            assert_eq!(Period::week_of(day.parse().unwrap()).to_string(), week, "{day}");
        }
    }
}
