//! What a report says of its period, beside what a period is ([`Period`]).

use base::{Date, Month};

use super::words;
use crate::period::Period;

/// A period in a report.
pub(crate) trait Told: Sized {
    /// Its first and last day.
    fn days(self) -> (Date, Date);
    /// The period after it; none past the years that periods have.
    fn after(self) -> Option<Self>;
    /// In the words of a document: `quý IV năm 2026`.
    fn words(self) -> String;
}

impl Told for Period {
    fn days(self) -> (Date, Date) {
        (self.first_day(), self.last_day())
    }

    fn after(self) -> Option<Self> {
        let text = match self {
            Self::Week(..) => return self.last_day().add_days(1).map(week_of),
            Self::Month(month) => return Some(Self::Month(month.plus(1))),
            Self::Quarter(year, 4) => format!("{}-Q1", year + 1),
            Self::Quarter(year, n) => format!("{year}-Q{}", n + 1),
            Self::Half(year, 2) => format!("{}-H1", year + 1),
            Self::Half(year, n) => format!("{year}-H{}", n + 1),
            Self::Year(year) => format!("{}", year + 1),
        };
        text.parse().ok()
    }

    fn words(self) -> String {
        match self {
            Self::Week(year, week) => {
                let (first, last) = self.days();
                format!("tuần {week} năm {year} (từ {} đến {})", without_year(first), words::day(last))
            }
            Self::Month(month) => words::month(month),
            Self::Quarter(year, n) => {
                let number = match n {
                    1 => "I",
                    2 => "II",
                    3 => "III",
                    _ => "IV",
                };
                format!("quý {number} năm {year}")
            }
            Self::Half(year, 1) => format!("6 tháng đầu năm {year}"),
            Self::Half(year, _) => format!("6 tháng cuối năm {year}"),
            Self::Year(year) => format!("năm {year}"),
        }
    }
}

/// The week of a day.
pub(crate) fn week_of(day: Date) -> Period {
    // 0 for Monday; the first day of 1970 was a Thursday. A week belongs to the year of its Thursday.
    let weekday = (day.days_since_epoch() + 3).rem_euclid(7);
    let thursday = day.add_days(3 - weekday).unwrap_or(day);
    let january = Month::new(thursday.year(), 1).map_or(thursday, Month::first_day);
    Period::Week(thursday.year(), u8::try_from(january.days_until(thursday) / 7 + 1).unwrap_or(1))
}

/// `ngày 16 tháng 11`, where the year stands beside.
fn without_year(day: Date) -> String {
    let whole = words::day(day);
    whole.split(" năm ").next().unwrap_or(&whole).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_period_is_told_in_words_and_followed_by_the_next() {
        for (text, words, next) in [
            ("2026-W47", "tuần 47 năm 2026 (từ ngày 16 tháng 11 đến ngày 22 tháng 11 năm 2026)", "2026-W48"),
            ("2026-W53", "tuần 53 năm 2026 (từ ngày 28 tháng 12 đến ngày 03 tháng 01 năm 2027)", "2027-W01"),
            ("2026-02", "tháng 02 năm 2026", "2026-03"),
            ("2026-Q4", "quý IV năm 2026", "2027-Q1"),
            ("2026-H1", "6 tháng đầu năm 2026", "2026-H2"),
            ("2026", "năm 2026", "2027"),
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!((period.words().as_str(), period.after().unwrap().to_string().as_str()), (words, next));
            assert_eq!(period.last_day().add_days(1), Some(period.after().unwrap().first_day()), "{text}");
        }
    }

    #[test]
    fn a_day_has_its_week() {
        for (day, week) in
            [("2026-11-30", "2026-W49"), ("2027-01-03", "2026-W53"), ("2025-12-29", "2026-W01"), ("2026-11-22", "2026-W47")]
        {
            assert_eq!(week_of(day.parse().unwrap()).to_string(), week, "{day}");
        }
    }
}
