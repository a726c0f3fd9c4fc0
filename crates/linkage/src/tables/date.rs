//! Dates in the spellings of many offices, as eight digits `yyyymmdd`; unknown parts are zeros.

use base::Date;

use super::level::date;

/// Which number of `03/04/1980` is the day; decided once a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
}

impl DayOrder {
    /// Reads the order off a column: where only one reading has months up to twelve, it holds.
    pub(crate) fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let (mut first_over, mut second_over) = (0u64, 0u64);
        // Years that stand in front tell nothing of the order.
        for cell in cells.filter(|cell| iso(cell).is_none()) {
            let parts = numbers(cell);
            if let [(first, 1..=2), (second, 1..=2), _] = parts.as_slice() {
                first_over += u64::from(*first > 12);
                second_over += u64::from(*second > 12);
            }
        }
        if second_over > first_over { Self::MonthFirst } else { Self::DayFirst }
    }
}

/// A date as the eight digits `yyyymmdd`, four bits each; unknown parts are zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PackedDate(u32);

impl PackedDate {
    /// Reads the eight digits of a canonical date.
    pub(crate) fn of(text: &str) -> Self {
        Self(text.bytes().take(8).fold(0, |packed, digit| packed << 4 | u32::from(digit & 15)))
    }

    /// The digits, four bits each.
    pub(crate) fn packed(self) -> u32 {
        self.0
    }

    /// The date of such digits.
    #[inline]
    pub(crate) fn from_packed(digits: u32) -> Self {
        Self(digits)
    }

    /// Year, month and day.
    pub(crate) fn parts(self) -> [u64; 3] {
        let number =
            |from: u32, digits: u32| (0..digits).rev().fold(0, |n, at| n * 10 + u64::from(self.0 >> (from + 4 * at) & 15));
        [number(16, 4), number(8, 2), number(0, 2)]
    }

    fn month(self) -> u32 {
        self.0 >> 8 & 255
    }

    fn day(self) -> u32 {
        self.0 & 255
    }

    /// Whether it says no more than the year: an office that knows the year alone writes none of the rest, or the
    /// first of January.
    fn year_only(self) -> bool {
        self.month() == 0 || self.0 & 0xffff == 0x0101
    }

    /// The level on which two dates agree.
    #[inline]
    pub(crate) fn level(self, other: Self) -> u8 {
        let differ = self.0 ^ other.0;
        let same_year = differ >> 16 == 0;
        if same_year && self.month() == other.day() && self.day() == other.month() {
            return date::SWAPPED;
        }
        let month_only = |d: Self| d.month() != 0 && d.day() == 0;
        let same_month = differ & 0xff00 == 0;
        let known = self.year_only() || other.year_only() || (same_month && (month_only(self) || month_only(other)));
        if same_year && known {
            return date::YEAR_KNOWN;
        }
        if one_slip(self.0, other.0) {
            return date::ONE_SLIP;
        }
        match (same_year, same_month, differ & 255 == 0) {
            (true, true, _) | (true, _, true) | (_, true, true) => date::TWO_PARTS,
            (true, _, _) => date::YEAR,
            _ => date::DIFFERENT,
        }
    }
}

/// Whether one digit of two packed numbers differs, or two neighbours changed places.
#[inline]
pub(crate) fn one_slip(a: u32, b: u32) -> bool {
    let differ = a ^ b;
    if differ == 0 {
        return false;
    }
    let first = differ.trailing_zeros() / 4 * 4;
    let digit = |n: u32, at: u32| if at < 32 { n >> at & 15 } else { 0 };
    let others = (differ >> first) >> 4;
    let swapped = digit(a, first) == digit(b, first + 4) && digit(b, first) == digit(a, first + 4);
    others == 0 || (others >> 4 == 0 && swapped)
}

/// Runs of digits as value and length; at most the first three, before any time of day.
fn numbers(text: &str) -> Vec<(u32, usize)> {
    let day = text.split(['T', ':']).next().unwrap_or_default();
    let runs = day.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty() && run.len() <= 8);
    runs.take(3).filter_map(|run| Some((run.parse().ok()?, run.len()))).collect()
}

/// Number of an English month name in the text, by its first three letters.
fn named_month(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let lower = text.to_lowercase();
    let word = lower.split(|c: char| !c.is_alphabetic()).find(|w| w.len() >= 3)?;
    MONTHS.iter().position(|m| word.starts_with(m)).map(|at| at as u32 + 1)
}

/// The digits of `yyyy-mm-dd`, the usual spelling of programs.
fn iso(text: &str) -> Option<[u8; 8]> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = *text.as_bytes() else { return None };
    let digits = [y1, y2, y3, y4, m1, m2, d1, d2];
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

/// A year of two digits lies in the century before 2030.
fn full_year(year: u32, digits: usize) -> u32 {
    match (digits, year) {
        (1 | 2, 0..=29) => 2000 + year,
        (1 | 2, _) => 1900 + year,
        _ => year,
    }
}

/// Writes `yyyymmdd`; false when the text is no date. A day that is not in the calendar is kept as
/// typed: it is evidence of a slip, not of nothing.
pub(crate) fn canonical_date(text: &str, order: DayOrder, out: &mut String) -> bool {
    if let Some(digits) = iso(text) {
        // A year of zero says nothing, as below.
        let known = digits[..4] != *b"0000";
        out.extend(digits.iter().filter(|_| known).map(|d| char::from(*d)));
        return known;
    }
    let parts = numbers(text);
    let named = named_month(text);
    let (year, month, day) = match (parts.as_slice(), named) {
        ([(y, 4), (d, _)], Some(m)) => (*y, m, *d),
        ([(d, _), (y, len), ..], Some(m)) => (full_year(*y, *len), m, *d),
        ([(y, 4)], Some(m)) => (*y, m, 0),
        ([(y, 4), (m, _), (d, _)], None) => (*y, *m, *d),
        ([(a, _), (b, _), (y, len)], None) => {
            let y = full_year(*y, *len);
            if order == DayOrder::DayFirst { (y, *b, *a) } else { (y, *a, *b) }
        }
        ([(m, 1..=2), (y, 4)], None) | ([(y, 4), (m, 1..=2)], None) => (*y, *m, 0),
        ([(y, 4)], None) => (*y, 0, 0),
        ([(whole, 8)], None) => {
            let year_first = (1500..2200).contains(&(whole / 10_000));
            let year_last = (1500..2200).contains(&(whole % 10_000));
            match (year_first, year_last) {
                (false, true) if order == DayOrder::DayFirst => (whole % 10_000, whole / 10_000 % 100, whole / 1_000_000),
                (false, true) => (whole % 10_000, whole / 1_000_000, whole / 10_000 % 100),
                _ => (whole / 10_000, whole / 100 % 100, whole % 100),
            }
        }
        // The day number of a spreadsheet, counted from 30 December 1899.
        ([(serial @ 10_000..=60_000, 5)], None) => match Date::from_days_since_epoch(*serial as i32 - 25_569) {
            Some(date) => (date.year() as u32, date.month_number() as u32, date.day() as u32),
            None => return false,
        },
        _ => return false,
    };
    if year == 0 || year > 9_999 || month > 99 || day > 99 {
        return false;
    }
    out.push_str(&format!("{year:04}{month:02}{day:02}"));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_spellings_are_one_date() {
        for text in [
            "1980-03-07",
            "07/03/1980",
            "7.3.1980",
            "19800307",
            "07031980",
            "7 March 1980",
            "Mar 7, 1980",
            "1980-03-07T00:00:00",
            "1980-03-07 12:30",
            "29287",
            "7/3/80",
            "ngày 7 tháng 3 năm 1980",
        ] {
            let mut out = String::new();
            assert!(canonical_date(text, DayOrder::DayFirst, &mut out), "{text}");
            assert_eq!(out, "19800307", "{text}");
        }
    }

    #[test]
    fn dates_agree_on_levels() {
        for (a, b, expected) in [
            ("19800307", "19800703", date::SWAPPED),
            ("19800307", "19800000", date::YEAR_KNOWN),
            ("19800307", "19800101", date::YEAR_KNOWN),
            ("19800307", "19800308", date::ONE_SLIP),
            ("19800307", "19080307", date::ONE_SLIP),
            ("19800307", "19800321", date::TWO_PARTS),
            ("19800307", "19801128", date::YEAR),
            ("19800307", "19751128", date::DIFFERENT),
        ] {
            let (x, y) = (PackedDate::of(a), PackedDate::of(b));
            assert_eq!(x.level(y), expected, "{a} {b}");
            assert_eq!(y.level(x), expected, "{b} {a}");
        }
        assert_eq!(PackedDate::of("19800307").parts(), [1980, 3, 7]);
    }

    proptest::proptest! {
        #[test]
        fn one_slip_of_packed_digits_is_one_edit(a in "[0-3]{8}", b in "[0-3]{8}") {
            let packed = |t: &str| PackedDate::of(t).0;
            let edits = rapidfuzz::distance::osa::distance(a.chars(), b.chars());
            proptest::prop_assert_eq!(one_slip(packed(&a), packed(&b)), edits == 1);
        }
    }

    #[test]
    fn parts_may_lack_and_slips_stay() {
        for (text, expected) in [("1980", "19800000"), ("03/1980", "19800300"), ("1956-04-49", "19560449")] {
            let mut out = String::new();
            assert!(canonical_date(text, DayOrder::DayFirst, &mut out), "{text}");
            assert_eq!(out, expected);
        }
        for text in ["", "soon", "12", "0000-00-00"] {
            assert!(!canonical_date(text, DayOrder::DayFirst, &mut String::new()), "{text}");
        }
    }

    #[test]
    fn a_column_tells_its_own_order() {
        assert_eq!(DayOrder::of(["03/04/1980", "05/25/1981"].into_iter()), DayOrder::MonthFirst);
        assert_eq!(DayOrder::of(["03/04/1980", "25/05/1981"].into_iter()), DayOrder::DayFirst);
    }
}
