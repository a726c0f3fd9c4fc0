//! Days, numbers and lists as official documents write them.

use base::{Date, Month, Rate};
use documents::letter::two_digits;
use web::{Lang, Percent, Points, format};

/// `ngày 05 tháng 11 năm 2026`: days below ten and the first two months bear a zero.
pub(super) fn day(day: Date) -> String {
    format!("ngày {} {}", two_digits(i64::from(day.day())), month(day.month()))
}

/// `tháng 02 năm 2026`.
pub(super) fn month(month: Month) -> String {
    let number = i64::from(month.number());
    let number = if number < 3 { two_digits(number) } else { number.to_string() };
    format!("tháng {number} năm {}", month.year())
}

/// `31/10/2026`, in tables and notes.
pub(super) fn date(day: Date) -> String {
    format::date(Lang::Vi, day)
}

/// `1.234`.
pub(super) fn number(value: i64) -> String {
    format::number(Lang::Vi, value)
}

/// `96,41%`.
pub(super) fn percent(share: Percent) -> String {
    format::percent(Lang::Vi, share)
}

/// `0,34`: the size of a difference in points, without sign.
pub(super) fn points(difference: Points) -> String {
    format::percent_figure(Lang::Vi, Percent(difference.0.abs()))
}

/// A share as a percentage of two decimals.
pub(super) fn percent_of(share: Rate) -> Option<Percent> {
    Percent::of(i64::try_from(share.hundred_millionths()).ok()?, 100_000_000)
}

/// The same as a number of a chart or a sheet: 96.41.
pub(super) fn chart(share: Percent) -> Rate {
    Rate::from_parts(i128::from(share.0), 2)
}

/// `một, hai và ba`.
pub(super) fn list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} và {last}", all.join(", ")),
    }
}

/// A text as part of a sentence: without the stop at its end, on one line.
pub(super) fn inner(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.trim_end_matches(['.', ';', ',']).to_owned()
}

/// With a capital letter.
pub(super) fn begun(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
