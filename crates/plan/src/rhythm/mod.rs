//! When a task is due (thời gian, thời hạn): from the words of a plan to a type, and from the type to days.
//!
//! `parse` reads what agencies write ("Hàng tháng, quý", "Quý IV hằng năm", "trước ngày 30/4 hằng năm", "chậm nhất từ Quý 2/2026",
//! "giai đoạn 2026 - 2030"), `Display` writes it back in one spelling, and [`occurrences`] gives the days by the working calendar.
//! What is not understood stays as [`Rhythm::Unclear`] with its words; nothing is guessed without saying so ([`Said::doubts`]).

mod dates;
mod frequency;
mod parse;
mod points;
mod show;
#[cfg(test)]
mod tests;
mod words;

use base::{Date, Month};

pub use dates::{Occurrence, Window, occurrences};
pub use parse::{mentioned, parse};

/// One rhythm or deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rhythm {
    /// Again and again (hằng tháng, quý IV hằng năm, trước ngày 30/4 hằng năm).
    Every(Every),
    /// Once (quý II/2026, trước ngày 15/12/2026).
    Once(Deadline),
    /// To be begun by then and to go on (chậm nhất từ quý II/2026).
    StartBy(Point),
    /// Over a stretch of time, and done at its end (giai đoạn 2026-2030).
    During(Stretch),
    /// All the time, without a day (thường xuyên), perhaps from some time on (từ năm 2026).
    Always(Option<Point>),
    /// When somebody asks (khi có yêu cầu, đột xuất).
    OnDemand,
    /// Not understood: the words as they stand.
    Unclear(String),
}

/// What comes again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Every {
    /// How often.
    pub unit: Unit,
    /// Where in the unit.
    pub at: At,
    /// From when on, where the text says so.
    pub from: Option<Point>,
    /// Until when, where the text says so.
    pub until: Option<Point>,
}

/// How often something comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Hằng ngày: each working day.
    Day,
    /// Hằng tuần.
    Week,
    /// Hằng tháng.
    Month,
    /// Hằng quý.
    Quarter,
    /// 6 tháng.
    HalfYear,
    /// Hằng năm.
    Year,
}

/// Where in its unit something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    /// Anywhere: at the end of the unit.
    End,
    /// Within a quarter of the year, 1-4 (only with [`Unit::Year`]).
    Quarter(i32),
    /// Within a month of the year, 1-12 (only with [`Unit::Year`]).
    Month(i32),
    /// Before a day (trước ngày).
    Before(Day),
    /// Up to and with a day (chậm nhất ngày, đến ngày).
    UpTo(Day),
    /// On a day that the text fixes (ngày).
    On(Day),
}

/// A day within a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Day of the month, 1-31; in a shorter month its last day is meant.
    pub day: i32,
    /// Of which month.
    pub month: MonthOf,
}

/// Which month a day lies in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthOf {
    /// The unit's own month (only with [`Unit::Month`]).
    Own,
    /// The first month of the unit (tháng đầu quý).
    First,
    /// The last month of the unit (tháng cuối quý).
    Last,
    /// The month after the unit (tháng sau, tháng đầu quý sau).
    Next,
    /// A month of the year, 1-12 (only with [`Unit::Year`]).
    Number(i32),
}

/// A point of time as coarse as the text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// A year.
    Year(i32),
    /// A half of a year: year, 1 or 2 (6 tháng đầu năm, 6 tháng cuối năm).
    Half(i32, i32),
    /// A quarter: year, 1-4.
    Quarter(i32, i32),
    /// A month.
    Month(Month),
    /// A day.
    Day(Date),
}

/// A single deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline {
    /// Which time.
    pub point: Point,
    /// How it binds.
    pub bound: Bound,
}

/// How a time binds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// Within it (quý II/2026); of a day: on it.
    Within,
    /// Before it begins (trước ngày 15/12/2026).
    Before,
    /// Not after its end (chậm nhất, đến hết).
    UpTo,
}

/// A stretch of time, both ends in it. `from` is open where a text says only until when (đến năm 2030).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// First.
    pub from: Option<Point>,
    /// Last.
    pub until: Point,
}

/// What was read from a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The rhythms in their order; never empty unless the text is.
    pub rhythms: Vec<Rhythm>,
    /// What was taken for granted, in Vietnamese, for somebody to confirm.
    pub doubts: Vec<String>,
}

impl Rhythm {
    /// Something that comes again, without more.
    pub fn every(unit: Unit) -> Self {
        Self::Every(Every { unit, at: At::End, from: None, until: None })
    }

    /// Whether its days can be worked out.
    pub fn has_days(&self) -> bool {
        matches!(self, Self::Every(_) | Self::Once(_) | Self::StartBy(_) | Self::During(_))
    }

    /// How strict it is: more often is stricter, a single deadline less than a yearly one, no day the least.
    pub(crate) fn strictness(&self) -> u8 {
        match self {
            Self::Every(every) => 10 - every.unit as u8,
            Self::Once(_) | Self::StartBy(_) => 3,
            Self::During(_) => 2,
            Self::Always(_) | Self::OnDemand => 1,
            Self::Unclear(_) => 0,
        }
    }
}

/// The strictest of several rhythms: the one to remind by. Of two alike the first.
pub fn strictest(rhythms: &[Rhythm]) -> Option<&Rhythm> {
    // `max_by_key` would give the last of two alike.
    rhythms.iter().rev().max_by_key(|rhythm| rhythm.strictness())
}

impl Point {
    /// Its first day.
    pub fn first_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            other => other.first_month().first_day(),
        }
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Month(month) => month.last_day(),
            Self::Year(_) => self.first_month().plus(11).last_day(),
            Self::Half(..) => self.first_month().plus(5).last_day(),
            Self::Quarter(..) => self.first_month().plus(2).last_day(),
        }
    }

    fn first_month(self) -> Month {
        let (year, number) = match self {
            Self::Year(year) => (year, 1),
            Self::Half(year, half) => (year, 6 * half - 5),
            Self::Quarter(year, quarter) => (year, 3 * quarter - 2),
            Self::Month(month) => return month,
            Self::Day(day) => return day.month(),
        };
        // Readers give years of 2000 to 2100 only; a point made otherwise ends at the edge of the calendar of months.
        Month::new(year.clamp(1900, 2200), number.clamp(1, 12)).unwrap_or_else(|| unreachable!("both are within the calendar"))
    }
}
