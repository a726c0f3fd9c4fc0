//! One cell of a table, whatever file it came from.

use std::borrow::Cow;

use base::Date;

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    /// Nothing.
    Empty,
    /// Text, as it stands.
    Text(Cow<'a, str>),
    /// A number of a workbook. Text files have none: what looks like one is text there.
    Number(f64),
    /// A day of a workbook; a time of day is dropped.
    Day(Date),
    /// An error value of a formula such as `#N/A`.
    Error,
}

impl Cell<'_> {
    /// The text a clerk sees in the cell, outer white space gone.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Cell::Empty => Cow::Borrowed(""),
            Cell::Text(text) => Cow::Borrowed(text.trim()),
            Cell::Number(number) => Cow::Owned(number_text(*number)),
            Cell::Day(day) => Cow::Owned(format!("{:02}/{:02}/{:04}", day.day(), day.month_number(), day.year())),
            Cell::Error => Cow::Borrowed("#LỖI"),
        }
    }

    /// Whether nothing is to be seen in the cell.
    pub fn is_blank(&self) -> bool {
        match self {
            Cell::Empty => true,
            Cell::Text(text) => text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')),
            _ => false,
        }
    }
}

/// Numbers as Excel shows them in a wide column: whole ones without exponent.
fn number_text(number: f64) -> String {
    match whole(number) {
        Some(whole) => whole.to_string(),
        None => number.to_string(),
    }
}

/// The whole number a float holds exactly; `None` for fractions and beyond 2^53.
pub(crate) fn whole(number: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_without_exponent() {
        assert_eq!(Cell::Number(1_168_012_345.0).text(), "1168012345");
        assert_eq!(Cell::Number(9.2025).text(), "9.2025");
        assert_eq!(Cell::Day("2015-02-03".parse().unwrap()).text(), "03/02/2015");
    }

    #[test]
    fn odd_spaces_are_blank() {
        assert!(Cell::Text(" \u{a0}\u{feff}".into()).is_blank());
        assert!(!Cell::Text("-".into()).is_blank());
    }
}
