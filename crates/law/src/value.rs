//! Values of the law and their units.

use std::fmt;

use base::{Date, Dong, Rate};
use serde::Serialize;

/// What a parameter is measured in; it decides the type of every value and the type in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Whole đồng ([`Value::Dong`], Int64 in SQL).
    Dong,
    /// An exact share or rate, `0.045` for 4.5 % ([`Value::Rate`], Decimal128(18,8) in SQL).
    Rate,
    /// Days ([`Value::Int`], Int32 in SQL).
    Days,
    /// Months ([`Value::Int`]).
    Months,
    /// Years, mostly of age ([`Value::Int`]).
    Years,
    /// A plain number: a multiple, an order, a month of the year ([`Value::Int`]).
    Count,
    /// Yes or no ([`Value::Flag`], Boolean in SQL).
    Flag,
    /// A calendar day ([`Value::Date`], Date32 in SQL).
    Date,
    /// One code as text, e.g. `GD` ([`Value::Code`], Utf8 in SQL).
    Code,
    /// Several calendar days, ascending ([`Value::Dates`]; a list of Date32 in SQL).
    Dates,
    /// Several codes ([`Value::Code`] with the codes joined by commas, `HS,SV`; a list of Utf8 in SQL).
    Codes,
}

impl Unit {
    /// Every unit, in the order of the manual.
    pub const ALL: [Unit; 11] = [
        Unit::Dong,
        Unit::Rate,
        Unit::Days,
        Unit::Months,
        Unit::Years,
        Unit::Count,
        Unit::Flag,
        Unit::Date,
        Unit::Dates,
        Unit::Code,
        Unit::Codes,
    ];

    /// The word used in the files and in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dong => "dong",
            Self::Rate => "rate",
            Self::Days => "days",
            Self::Months => "months",
            Self::Years => "years",
            Self::Count => "count",
            Self::Flag => "flag",
            Self::Date => "date",
            Self::Dates => "dates",
            Self::Code => "code",
            Self::Codes => "codes",
        }
    }

    /// The unit of a word, or nothing when there is no such unit.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|unit| unit.as_str() == word)
    }

    /// What a value of this unit looks like in a file, for errors and the manual.
    pub fn example(self) -> &'static str {
        match self {
            Self::Dong => "whole đồng without separators, e.g. 2530000",
            Self::Rate => "a decimal of at most 8 places and below ten billion, e.g. 0.045",
            Self::Days | Self::Months | Self::Years | Self::Count => "a whole number, e.g. 90",
            Self::Flag => "true or false",
            Self::Date => "a date yyyy-mm-dd, e.g. 2026-07-01",
            Self::Dates => "an ascending list of days, e.g. [2026-01-01, 2026-02-16]",
            Self::Code => "one code of letters, digits, `_`, `-` or `.`, e.g. GD",
            Self::Codes => "a list of different codes, e.g. [HS, SV]",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One value of the law. JSON holds it bare: a number, a text, true or false.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Money in whole đồng.
    Dong(Dong),
    /// An exact rate.
    Rate(Rate),
    /// Days, months, years or a count.
    Int(i32),
    /// Yes or no.
    Flag(bool),
    /// A day.
    Date(Date),
    /// Several days, ascending.
    Dates(Vec<Date>),
    /// A code, or codes joined by commas.
    Code(String),
}

impl Value {
    /// Reads a value of a unit from its text in a file; nothing when it is not one.
    pub(crate) fn read(unit: Unit, text: &str) -> Option<Self> {
        match unit {
            Unit::Dong => integer(text).map(|dong| Self::Dong(Dong::new(dong))),
            // Decimal128(18,8) holds ten digits before the point.
            Unit::Rate if text.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                text.parse::<Rate>().ok().filter(|rate| rate.hundred_millionths() < 10i128.pow(18)).map(Self::Rate)
            }
            Unit::Rate => None,
            Unit::Days | Unit::Months | Unit::Years | Unit::Count => integer(text)?.try_into().ok().map(Self::Int),
            Unit::Flag => text.parse().ok().map(Self::Flag),
            Unit::Date => text.parse().ok().map(Self::Date),
            Unit::Code => is_code(text).then(|| Self::Code(text.to_owned())),
            Unit::Dates | Unit::Codes => None,
        }
    }

    /// Reads a list of codes: at least one, all different; kept in their order.
    pub(crate) fn read_codes(codes: &[&str]) -> Option<Self> {
        let different = codes.iter().enumerate().all(|(at, code)| is_code(code) && !codes[..at].contains(code));
        (different && !codes.is_empty()).then(|| Self::Code(codes.join(",")))
    }

    /// Reads a list of days: at least one, ascending.
    pub(crate) fn read_dates(days: &[&str]) -> Option<Self> {
        let days: Vec<Date> = days.iter().map(|day| day.parse().ok()).collect::<Option<_>>()?;
        (!days.is_empty() && days.windows(2).all(|pair| pair[0] < pair[1])).then_some(Self::Dates(days))
    }

    /// The codes of a [`Unit::Codes`] value in their order; one for a single code, none for other kinds.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        let text = if let Self::Code(text) = self { text.as_str() } else { "" };
        text.split(',').filter(|code| !code.is_empty())
    }

    /// The amount, when this is money.
    pub fn dong(&self) -> Option<Dong> {
        if let Self::Dong(dong) = self { Some(*dong) } else { None }
    }

    /// The rate, when this is one.
    pub fn rate(&self) -> Option<Rate> {
        if let Self::Rate(rate) = self { Some(*rate) } else { None }
    }

    /// The whole number, when this is days, months, years or a count.
    pub fn int(&self) -> Option<i32> {
        if let Self::Int(number) = self { Some(*number) } else { None }
    }

    /// Yes or no, when this is a flag.
    pub fn flag(&self) -> Option<bool> {
        if let Self::Flag(flag) = self { Some(*flag) } else { None }
    }

    /// The day, when this is one.
    pub fn date(&self) -> Option<Date> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }

    /// The days, when this is a list of days; empty for other kinds.
    pub fn dates(&self) -> &[Date] {
        if let Self::Dates(days) = self { days } else { &[] }
    }

    /// The text, when this is a code or a list of codes.
    pub fn code(&self) -> Option<&str> {
        if let Self::Code(code) = self { Some(code) } else { None }
    }
}

impl fmt::Display for Value {
    /// Canonical text without unit: `2530000`, `0.045`, `90`, `true`, `2026-07-01`, `HS,SV`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dong(dong) => write!(f, "{}", dong.get()),
            Self::Rate(rate) => rate.fmt(f),
            Self::Int(number) => number.fmt(f),
            Self::Flag(flag) => flag.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Dates(days) => {
                for (at, day) in days.iter().enumerate() {
                    write!(f, "{}{day}", if at > 0 { "," } else { "" })?;
                }
                Ok(())
            }
            Self::Code(code) => f.write_str(code),
        }
    }
}

/// Whole numbers are written plainly: no separators, no sign, no leading zeros. The law has no figure below zero.
fn integer(text: &str) -> Option<i64> {
    let number: i64 = text.parse().ok()?;
    (number >= 0 && number.to_string() == text).then_some(number)
}

/// A code never holds the comma that joins codes, nor white space.
fn is_code(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))
}
