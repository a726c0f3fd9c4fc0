//! Money of claims: exact decimals in thousandths, what the fund pays of a line, and the rate of a visit.
//!
//! The city's own arithmetic and its own few figures of the law: nothing is shared with what checks claims.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use base::Date;

use crate::life::cards::Group;

/// A number with at most three decimals: quantities and unit prices; amounts use two of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Milli(i64);

impl Milli {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// A whole number.
    pub const fn whole(value: i64) -> Self {
        Self(value * 1_000)
    }

    /// Thousandths.
    pub const fn thousandths(value: i64) -> Self {
        Self(value)
    }

    /// Reads `1187.333`; at most three decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        if part.len() > 3 || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let digits: i64 = format!("{part:0<3}").parse().ok()?;
        Some(Self(whole.parse::<i64>().ok()? * 1_000 + digits))
    }

    /// In thousandths.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// This times a quantity and percents, rounded half up to two decimals once, at the end.
    pub fn times(self, quantity: Self, percents: &[i64]) -> Self {
        let mut value = i128::from(self.0) * i128::from(quantity.0);
        let mut divisor: i128 = 10_000;
        for percent in percents {
            value *= i128::from(*percent);
            divisor *= 100;
        }
        Self(half_up(value, divisor) * 10)
    }

    /// A rate in hundredths of a percent of this, rounded half up to two decimals.
    pub fn rate(self, hundredths: i64) -> Self {
        Self(half_up(i128::from(self.0) * i128::from(hundredths), 100_000) * 10)
    }

    /// The next whole number from here.
    pub fn ceil(self) -> Self {
        Self(self.0.div_euclid(1_000) * 1_000 + if self.0.rem_euclid(1_000) == 0 { 0 } else { 1_000 })
    }

    /// Whole đồng, half up.
    pub fn dong(self) -> i64 {
        half_up(i128::from(self.0), 1_000)
    }

    /// Written with so many decimals, even when they are zeros.
    pub fn fixed(self, decimals: usize) -> String {
        let text = format!("{}.{:03}", self.0.div_euclid(1_000), self.0.rem_euclid(1_000));
        text[..text.len() - (3 - decimals.min(3))].trim_end_matches('.').to_owned()
    }
}

/// Divides and rounds half up; the value is never negative here.
fn half_up(value: i128, divisor: i128) -> i64 {
    i64::try_from((value * 2 + divisor) / (divisor * 2)).unwrap_or(i64::MAX)
}

impl fmt::Display for Milli {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{}.{:03}", self.0.abs() / 1_000, self.0.abs() % 1_000);
        write!(f, "{sign}{}", text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Add for Milli {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Milli {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Milli {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl std::iter::Sum for Milli {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

/// A full rate, in hundredths of a percent.
pub const FULL: i64 = 10_000;

/// The rate of a card, in hundredths of a percent (Luật BHYT, Điều 22; Nghị quyết 261/2025/QH15 for the near-poor).
pub fn card_rate(group: Group, day: Date) -> i64 {
    let level = group.code().as_bytes().get(2).copied().unwrap_or(b'4');
    match (group, level) {
        (Group::NearPoor, _) if day.year() >= 2026 => FULL,
        (_, b'1' | b'2' | b'5') => FULL,
        (_, b'3') => 9_500,
        _ => 8_000,
    }
}

/// The cost of a visit below which all is paid: 15 % of the reference level of the day.
pub fn small_visit(day: Date) -> Milli {
    Milli::whole(if (day.year(), day.month_number()) >= (2026, 7) { 379_500 } else { 351_000 })
}

/// The part of the card's rate that holds for a category of visit, in percent.
pub fn category_share(category: &str, inpatient: bool, day: Date) -> i64 {
    match category {
        "1.13" | "1.14" | "1.18" if (day.year(), day.month_number()) >= (2026, 7) => 50,
        "1.13" | "1.14" | "1.18" => 0,
        "3.1" if inpatient => 40,
        "3.1" => 0,
        _ => 100,
    }
}

/// The fund's rate of a visit, in hundredths of a percent.
pub fn visit_rate(group: Group, is_primary: bool, category: &str, inpatient: bool, day: Date, total: Milli) -> i64 {
    let level = if is_primary || total < small_visit(day) { FULL } else { card_rate(group, day) };
    level * category_share(category, inpatient, day) / 100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact_and_round_half_up() {
        let price = Milli::parse("5187.333").unwrap();
        assert_eq!(price.times(Milli::whole(14), &[]).to_string(), "72622.66");
        assert_eq!(Milli::parse("0.005").unwrap().times(Milli::whole(1), &[]).to_string(), "0.01");
        assert_eq!(Milli::whole(1_000).times(Milli::whole(3), &[50]).to_string(), "1500");
        assert_eq!(Milli::parse("101.01").unwrap().rate(4_750).to_string(), "47.98");
        assert_eq!(Milli::parse("1.5").unwrap().ceil(), Milli::whole(2));
        assert_eq!(Milli::whole(7).fixed(2), "7.00");
        assert_eq!((Milli::whole(7).fixed(0), Milli::whole(-7).to_string()), ("7".to_owned(), "-7".to_owned()));
        assert_eq!(Milli::parse("1.2345"), None);
    }

    #[test]
    fn rates_follow_card_level_category_and_day() {
        let day = |text: &str| -> Date { text.parse().unwrap() };
        let large = Milli::whole(1_000_000);
        let rate =
            |group, primary, category, inpatient, on, total| visit_rate(group, primary, category, inpatient, day(on), total);
        assert_eq!(rate(Group::Household, false, "1.1", false, "2026-10-05", large), 8_000);
        assert_eq!(rate(Group::Household, true, "1.11", false, "2026-10-05", large), FULL);
        assert_eq!(rate(Group::Household, false, "1.1", false, "2026-10-05", Milli::whole(379_499)), FULL);
        assert_eq!(rate(Group::Pensioner, false, "1.18", false, "2026-10-05", large), 4_750);
        assert_eq!(rate(Group::Pensioner, false, "1.18", false, "2026-06-30", large), 0);
        assert_eq!(rate(Group::NearPoor, false, "2", true, "2026-10-05", large), FULL);
        assert_eq!(rate(Group::Household, false, "3.1", true, "2026-10-05", large), 3_200);
    }
}
