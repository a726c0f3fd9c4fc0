//! Days, months, years and school years as people write them.

use base::{Date, Month};

use crate::cell::{Cell, whole};

/// A birth date as written: often only the year is known of old people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// Day, month and year.
    Day(Date),
    /// The year alone, or with a month.
    Year(i32),
}

const YEARS: std::ops::RangeInclusive<i32> = 1880..=9999;
/// Serial numbers of days from 1910 to 2099: a date that lost its format in a workbook.
const SERIALS: std::ops::RangeInclusive<i64> = 3_654..=73_050;

/// Reads a day or a year; `None` when it is neither. Day comes before month.
pub(crate) fn day(cell: &Cell<'_>) -> Option<Written> {
    match cell {
        Cell::Day(day) => Some(Written::Day(*day)),
        Cell::Number(number) => {
            let number = whole(*number)?;
            let year = i32::try_from(number).ok().filter(|y| (1880..=2100).contains(y)).map(Written::Year);
            year.or_else(|| serial(number).map(Written::Day)).or_else(|| day_text(&format!("{number:08}")))
        }
        Cell::Text(text) => day_text(text),
        Cell::Empty | Cell::Error => None,
    }
}

/// Reads a day and, where one is written behind it, the time of day as `08:30`: `202610050830`, `05/10/2026 08:30`.
pub(crate) fn moment(cell: &Cell<'_>) -> Option<(Date, Option<String>)> {
    let text = cell.text();
    let text = text.trim();
    let time = match text.find([' ', 'T']) {
        Some(at) if text[at..].contains(':') => {
            let (hour, rest) = text[at + 1..].trim().split_once(':')?;
            let minute = rest.split_once(':').map_or(rest, |(minute, _)| minute);
            Some(clock(hour, minute)?)
        }
        _ if is_digits(text, 12) || is_digits(text, 14) => Some(clock(&text[8..10], &text[10..12])?),
        _ => None,
    };
    match day(cell)? {
        Written::Day(day) => Some((day, time)),
        Written::Year(_) => None,
    }
}

/// An hour and a minute as `08:30`; `None` when no clock shows them.
fn clock(hour: &str, minute: &str) -> Option<String> {
    let (hour, minute) = (small(hour)?, small(minute)?);
    (hour < 24 && minute < 60).then(|| format!("{hour:02}:{minute:02}"))
}

fn is_digits(text: &str, length: usize) -> bool {
    text.len() == length && text.bytes().all(|b| b.is_ascii_digit())
}

/// Reads a month; a day stands for the month it lies in.
pub(crate) fn month(cell: &Cell<'_>) -> Option<Month> {
    match cell {
        Cell::Day(day) => Some(day.month()),
        Cell::Number(number) => {
            let number_text = cell.text();
            month_text(&number_text).or_else(|| whole(*number).and_then(serial).map(Date::month))
        }
        Cell::Text(text) => month_text(text),
        Cell::Empty | Cell::Error => None,
    }
}

/// Reads a calendar year, `2025` or `Năm 2025`.
pub(crate) fn year(text: &str) -> Option<i64> {
    match numbers(text).as_slice() {
        [one] if one.len() == 4 => one.parse().ok().filter(|y| (1900..=2200).contains(y)),
        _ => None,
    }
}

/// Reads a school year: two years in a row, `2026-2027`, `2026 – 2027`, `2026/2027`.
pub(crate) fn school_year(text: &str) -> Option<String> {
    match numbers(text).as_slice() {
        [from, to] if from.len() == 4 && to.len() == 4 => {
            let (from, to): (u32, u32) = (from.parse().ok()?, to.parse().ok()?);
            (to == from + 1 && (1900..=2200).contains(&from)).then(|| format!("{from}-{to}"))
        }
        _ => None,
    }
}

fn serial(number: i64) -> Option<Date> {
    // Day 25,569 of Excel is 1 January 1970.
    SERIALS.contains(&number).then(|| i32::try_from(number - 25_569).ok().and_then(Date::from_days_since_epoch)).flatten()
}

fn numbers(text: &str) -> Vec<&str> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).collect()
}

/// Without a time of day behind it, `2015-02-03T00:00:00` or `03/02/2015 00:00`.
fn without_time(text: &str) -> &str {
    let text = text.trim();
    match text.find([' ', 'T']) {
        Some(at) if text[at..].contains(':') => text[..at].trim_end(),
        _ => text,
    }
}

fn day_text(text: &str) -> Option<Written> {
    let text = without_time(text);
    let spelled = text.chars().any(|c| c.is_alphabetic() && !matches!(c, 'x' | 'X'));
    let parts: Vec<&str> = if spelled {
        // Only "ngày 12 tháng 5 năm 2010" and the like; other words make no date.
        let lower = base::names::fold(text);
        let words: String = lower.chars().filter(|c| c.is_alphabetic() || *c == ' ').collect();
        if !words.split_whitespace().all(|w| matches!(w, "ngay" | "thang" | "nam" | "sinh")) {
            return None;
        }
        numbers(text)
    } else {
        text.split(['/', '-', '.']).map(str::trim).collect()
    };
    match parts.as_slice() {
        [one] => one_part(one),
        // The month of birth alone is as good as the year: nothing later asks for it.
        [month, year] => small(month).filter(|m| *m <= 12).and(four_digits(year)).map(Written::Year),
        [y, m, d] if y.len() == 4 => date(four_digits(y)?, small(m)?, small(d)?),
        [d, m, y] => {
            let year = four_digits(y)?;
            match (unknown(d), unknown(m)) {
                (true, _) if unknown(m) || small(m).is_some_and(|m| m <= 12) => Some(Written::Year(year)),
                (true, _) | (_, true) => None,
                _ => date(year, small(m)?, small(d)?),
            }
        }
        _ => None,
    }
}

fn one_part(text: &str) -> Option<Written> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    match text.len() {
        4 => four_digits(text).map(Written::Year),
        8 => {
            let day_first = || date(four_digits(&text[4..])?, small(&text[2..4])?, small(&text[..2])?);
            let year_first = || date(four_digits(&text[..4])?, small(&text[4..6])?, small(&text[6..])?);
            // 20101012 could be both; a year of this or the last century first decides.
            let whole =
                if text.starts_with("19") || text.starts_with("20") { year_first().or_else(day_first) } else { day_first() };
            // `19660000`: systems write zeros for a month or day that nobody knew.
            let known = || small(&text[4..6]).filter(|m| *m <= 12).and(four_digits(&text[..4])).map(Written::Year);
            whole.or_else(|| known().filter(|_| unknown(&text[6..])))
        }
        // `yyyyMMddHHmm` and with seconds, as claims are sent; the time is dropped.
        12 | 14 => {
            clock(&text[8..10], &text[10..12])?;
            one_part(&text[..8]).filter(|_| text.starts_with("19") || text.starts_with("20"))
        }
        _ => None,
    }
}

/// `00`, `xx`, `..` or nothing: a day or month that nobody knew.
fn unknown(part: &str) -> bool {
    part.chars().all(|c| matches!(c, '0' | 'x' | 'X' | '_' | '?' | ' '))
}

fn small(part: &str) -> Option<i32> {
    (matches!(part.len(), 1 | 2) && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()
}

fn four_digits(part: &str) -> Option<i32> {
    let number: i32 = (part.len() == 4 && part.bytes().all(|b| b.is_ascii_digit())).then(|| part.parse().ok()).flatten()?;
    YEARS.contains(&number).then_some(number)
}

fn date(year: i32, month: i32, day: i32) -> Option<Written> {
    Date::new(year, month, day).ok().map(Written::Day)
}

fn month_text(text: &str) -> Option<Month> {
    let text = without_time(text);
    let words: String = base::names::fold(text).chars().filter(|c| c.is_alphabetic() || *c == ' ').collect();
    if !words.split_whitespace().all(|w| matches!(w, "t" | "thang" | "nam" | "ngay")) {
        return None;
    }
    let month = |year: &str, number: &str| Month::new(four_digits(year)?, small(number)?);
    match numbers(text).as_slice() {
        [a, b] if a.len() == 4 => month(a, b),
        [a, b] => month(b, a),
        [y, m, d] if y.len() == 4 => Month::new(four_digits(y)?, small(m)?).filter(|_| small(d).is_some()),
        [d, m, y] => {
            date(four_digits(y)?, small(m)?, small(d)?).and_then(|w| if let Written::Day(d) = w { Some(d.month()) } else { None })
        }
        [run] if run.len() == 6 => {
            month(&run[2..], &run[..2]).filter(|m| m.year() < 2100).or_else(|| month(&run[..4], &run[4..]))
        }
        [run] if run.len() == 5 => month(&run[1..], &run[..1]).filter(|m| (1990..2100).contains(&m.year())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell<'_> {
        Cell::Text(text.into())
    }

    fn iso(cell: &Cell<'_>) -> String {
        match day(cell) {
            Some(Written::Day(day)) => day.to_string(),
            Some(Written::Year(year)) => year.to_string(),
            None => "-".to_owned(),
        }
    }

    #[test]
    fn days_are_read_day_first() {
        for (written, want) in [
            ("03/02/2015", "2015-02-03"),
            ("3-2-2015", "2015-02-03"),
            ("3 / 2 / 2015", "2015-02-03"),
            ("03.02.2015", "2015-02-03"),
            ("2015-02-03", "2015-02-03"),
            ("2015-02-03T00:00:00", "2015-02-03"),
            ("03/02/2015 00:00:00", "2015-02-03"),
            ("03022015", "2015-02-03"),
            ("20150203", "2015-02-03"),
            ("ngày 3 tháng 2 năm 2015", "2015-02-03"),
            ("1957", "1957"),
            ("00/00/1957", "1957"),
            ("xx/xx/1957", "1957"),
            ("//1957", "1957"),
            ("05/1957", "1957"),
            ("202610050830", "2026-10-05"),
            ("20261005083059", "2026-10-05"),
            ("19660512", "1966-05-12"),
            ("19660000", "1966"),
            ("19660500", "1966"),
            ("196600000000", "1966"),
        ] {
            assert_eq!(iso(&text(written)), want, "{written}");
        }
    }

    #[test]
    fn days_that_do_not_exist_or_are_in_doubt_are_not_read() {
        for bad in [
            "31/02/2015",
            "05/27/2010",
            "1/2/15",
            "không rõ",
            "20/2015",
            "12345",
            "01/01/1066",
            "12/05",
            "-",
            "1/2/3/4",
            "202610052460",
            "202613050830",
            "001168012345",
            "19661300",
            "19660005",
        ] {
            assert_eq!(iso(&text(bad)), "-", "{bad}");
        }
    }

    #[test]
    fn moments_keep_the_time_where_one_is_written() {
        let read = |cell: &Cell<'_>| moment(cell).map(|(day, time)| (day.to_string(), time.unwrap_or_default()));
        for (written, time) in [
            ("202610050830", "08:30"),
            ("20261005083059", "08:30"),
            ("05/10/2026 8:30", "08:30"),
            ("2026-10-05T23:59:00", "23:59"),
            ("20261005", ""),
            ("05/10/2026", ""),
        ] {
            assert_eq!(read(&text(written)), Some(("2026-10-05".to_owned(), time.to_owned())), "{written}");
        }
        assert_eq!(read(&Cell::Number(202_610_050_830.0)), Some(("2026-10-05".to_owned(), "08:30".to_owned())));
        assert_eq!(read(&Cell::Day("2026-10-05".parse().unwrap())), Some(("2026-10-05".to_owned(), String::new())));
        for bad in ["202610052400", "202610050860", "05/10/2026 25:00", "2026", "196600000000", "20261305"] {
            assert_eq!(read(&text(bad)), None, "{bad}");
        }
    }

    #[test]
    fn workbooks_hold_days_years_and_serial_numbers() {
        assert_eq!(iso(&Cell::Number(1957.0)), "1957");
        assert_eq!(iso(&Cell::Number(42_038.0)), "2015-02-03");
        assert_eq!(iso(&Cell::Number(3_022_015.0)), "2015-02-03");
        assert_eq!(iso(&Cell::Number(42_038.5)), "-");
        assert_eq!(iso(&Cell::Day("2015-02-03".parse().unwrap())), "2015-02-03");
    }

    #[test]
    fn months_in_all_their_spellings() {
        let read = |cell: &Cell<'_>| month(cell).map(|m| m.to_string()).unwrap_or_default();
        for written in [
            "09/2025",
            "9/2025",
            "2025-09",
            "09.2025",
            "T9/2025",
            "Tháng 9 năm 2025",
            "092025",
            "202509",
            "01/09/2025",
            "2025-09-01",
        ] {
            assert_eq!(read(&text(written)), "2025-09", "{written}");
        }
        assert_eq!(read(&Cell::Number(9.2025)), "2025-09");
        assert_eq!(read(&Cell::Number(45_901.0)), "2025-09");
        assert_eq!(read(&Cell::Number(92_025.0)), "2025-09");
        for bad in ["13/2025", "2025", "đến nay", "31/02/2025", ""] {
            assert_eq!(read(&text(bad)), "", "{bad}");
        }
    }

    #[test]
    fn years_and_school_years() {
        assert_eq!((year("2025"), year("Năm 2025"), year("25"), year("2025-2026")), (Some(2025), Some(2025), None, None));
        for written in ["2026-2027", "2026 – 2027", "Năm học 2026/2027"] {
            assert_eq!(school_year(written).as_deref(), Some("2026-2027"));
        }
        assert_eq!((school_year("2026-2028"), school_year("2026")), (None, None));
    }
}
