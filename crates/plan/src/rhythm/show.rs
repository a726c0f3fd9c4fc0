//! Rhythms back to Vietnamese, in one spelling. What is written here is read back as the same ([`super::parse`]).

use std::fmt;

use base::Date;

use super::{At, Bound, Day, Deadline, Every, MonthOf, Point, Rhythm, Stretch, Unit};

/// Quarters as plans write them.
const ROMAN: [&str; 4] = ["I", "II", "III", "IV"];

fn quarter(number: i32) -> &'static str {
    usize::try_from(number - 1).ok().and_then(|at| ROMAN.get(at)).copied().unwrap_or("?")
}

/// A day as documents write it: `30/4/2026`, with 0 before days below 10 and the months 1 and 2 (decree 30/2020).
fn date(day: Date) -> String {
    format!("{}/{}", day_month(day.day(), day.month_number()), day.year())
}

fn day_month(day: i32, month: i32) -> String {
    let month = if month < 3 { format!("{month:02}") } else { month.to_string() };
    format!("{day:02}/{month}")
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "năm {year}"),
            Self::Half(year, 1) => write!(f, "6 tháng đầu năm {year}"),
            Self::Half(year, _) => write!(f, "6 tháng cuối năm {year}"),
            Self::Quarter(year, number) => write!(f, "quý {}/{year}", quarter(*number)),
            Self::Month(month) => write!(f, "tháng {}/{}", month.number(), month.year()),
            Self::Day(day) => write!(f, "ngày {}", date(*day)),
        }
    }
}

impl Unit {
    /// The word behind "hằng".
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Day => "ngày",
            Self::Week => "tuần",
            Self::Month => "tháng",
            Self::Quarter => "quý",
            Self::HalfYear => "6 tháng",
            Self::Year => "năm",
        }
    }

    fn each(self) -> String {
        if self == Self::HalfYear { "6 tháng một lần".to_owned() } else { format!("hằng {}", self.word()) }
    }

    /// The unit a day lies in: `tháng đầu quý`.
    fn inner(self) -> &'static str {
        if self == Self::HalfYear { "6 tháng" } else { self.word() }
    }
}

fn day_of(day: Day, unit: Unit) -> String {
    let Day { day: number, month } = day;
    match (month, unit) {
        (MonthOf::Own, _) => format!("ngày {number:02} {}", unit.each()),
        (MonthOf::Next, Unit::Month) => format!("ngày {number:02} của tháng sau"),
        (MonthOf::Next, unit) => format!("ngày {number:02} tháng đầu {} sau", unit.inner()),
        (MonthOf::First, unit) => format!("ngày {number:02} tháng đầu {}", unit.inner()),
        (MonthOf::Last, unit) => format!("ngày {number:02} tháng cuối {}", unit.inner()),
        (MonthOf::Number(month), _) => format!("ngày {} hằng năm", day_month(number, month)),
    }
}

impl fmt::Display for Every {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            At::End => f.write_str(&self.unit.each())?,
            At::Quarter(number) => write!(f, "quý {} hằng năm", quarter(number))?,
            At::Month(number) => write!(f, "tháng {number} hằng năm")?,
            At::Before(day) => write!(f, "trước {}", day_of(day, self.unit))?,
            At::UpTo(day) => write!(f, "chậm nhất {}", day_of(day, self.unit))?,
            At::On(day) => f.write_str(&day_of(day, self.unit))?,
        }
        match (self.from, self.until) {
            (None, None) => Ok(()),
            (Some(from), None) => write!(f, " (từ {from})"),
            (from, Some(until)) => write!(f, " ({})", Stretch { from, until }),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.from, self.until) {
            (Some(Point::Year(from)), Point::Year(until)) => write!(f, "giai đoạn {from}-{until}"),
            (Some(from), until) => write!(f, "từ {from} đến {until}"),
            (None, until) => write!(f, "đến {until}"),
        }
    }
}

impl fmt::Display for Deadline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bound {
            Bound::Within => write!(f, "{}", self.point),
            Bound::Before => write!(f, "trước {}", self.point),
            Bound::UpTo => write!(f, "chậm nhất {}", self.point),
        }
    }
}

/// In Vietnamese, the first letter a capital: "Quý IV hằng năm".
impl fmt::Display for Rhythm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Every(every) => every.to_string(),
            Self::Once(deadline) => deadline.to_string(),
            Self::StartBy(point) => format!("chậm nhất từ {point}"),
            Self::During(stretch) => stretch.to_string(),
            Self::Always(None) => "thường xuyên".to_owned(),
            Self::Always(Some(from)) => format!("thường xuyên từ {from}"),
            Self::OnDemand => "khi có yêu cầu".to_owned(),
            Self::Unclear(words) => return f.write_str(words),
        };
        let mut letters = text.chars();
        match letters.next() {
            Some(first) => write!(f, "{}{}", first.to_uppercase(), letters.as_str()),
            None => Ok(()),
        }
    }
}
