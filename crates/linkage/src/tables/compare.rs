//! On which level two rows agree, field by field, as one pattern of four bits a field.

use super::edits::slips;
use super::level::{date, missing, name};
use super::pool::{Column, EMPTY, Letter, Mark, Values};
use super::spec::Kind;
use crate::compare::name as vietnamese;

/// All fields of both tables, ready to be compared.
#[derive(Debug)]
pub(crate) struct Fields {
    pub columns: Vec<Column>,
    /// Fields of personal names that share their codes: a value may stand in the other's column.
    pub name_fields: Vec<usize>,
    pub lefts: usize,
    pub rights: usize,
    /// One table: right rows are the left rows.
    pub one_table: bool,
    /// The codes of each row side by side, so that comparing a pair touches two places.
    pub left_rows: Vec<u32>,
    /// The same of the right table; empty for one table.
    pub right_rows: Vec<u32>,
}

impl Fields {
    /// Puts the codes of each row side by side.
    pub(crate) fn by_row(&mut self) {
        let rows = |count: usize, of: &dyn Fn(&Column) -> &[u32]| -> Vec<u32> {
            let sides: Vec<&[u32]> = self.columns.iter().map(of).collect();
            (0..count).flat_map(|row| sides.iter().map(move |side| side[row])).collect()
        };
        let lefts = rows(self.lefts, &|c| &c.left);
        let rights = rows(self.rights, &|c| &c.right);
        (self.left_rows, self.right_rows) = (lefts, rights);
    }

    /// The code of a right row's value; in one table that of the row.
    pub(crate) fn right(&self, field: usize, row: u32) -> u32 {
        let column = &self.columns[field];
        (if self.one_table { &column.left } else { &column.right })[row as usize]
    }

    /// The levels of all fields for a pair of rows.
    pub(crate) fn pattern(&self, left: u32, right: u32) -> u64 {
        let count = self.columns.len();
        let rights = if self.one_table { &self.left_rows } else { &self.right_rows };
        let x = &self.left_rows[left as usize * count..][..count];
        let y = &rights[right as usize * count..][..count];
        let mut pattern = 0;
        for (at, ((column, a), b)) in self.columns.iter().zip(x.iter().copied()).zip(y.iter().copied()).enumerate() {
            let mut level = level(column, a, b);
            if column.kind == Kind::PersonName && level > name::REORDERED && self.stands_elsewhere(at, left, right, a, b) {
                level = name::SWAPPED;
            }
            pattern |= u64::from(level) << (4 * at);
        }
        pattern
    }

    /// Whether two name fields hold each other's values.
    fn stands_elsewhere(&self, at: usize, left: u32, right: u32, a: u32, b: u32) -> bool {
        self.name_fields.iter().filter(|other| **other != at).any(|other| {
            let (x, y) = (self.columns[*other].left[left as usize], self.right(*other, right));
            a == y && b == x && a != EMPTY && b != EMPTY
        })
    }
}

/// The level on which two values of a field agree.
pub(crate) fn level(column: &Column, a: u32, b: u32) -> u8 {
    if a == EMPTY || b == EMPTY {
        return missing(column.kind);
    }
    if a == b {
        return 0;
    }
    let (x, y) = (a as usize, b as usize);
    match (column.values.as_ref(), column.kind) {
        (Values::Words(words), Kind::PersonName) => words.name_level(a, b),
        (Values::Words(words), _) => words.text_level(a, b),
        (Values::Names(lexicon, records), _) => vietnamese::level(lexicon, &records[x], &records[y]),
        (Values::Dates(dates), _) => date_level(dates[x], dates[y]),
        (Values::Marks(marks), kind) => match (&marks[x], &marks[y]) {
            (Mark::Short(n, a), Mark::Short(m, b)) => marks_level(kind, &a[..usize::from(*n)], &b[..usize::from(*m)]),
            (a, b) => marks_level(kind, &a.letters(), &b.letters()),
        },
        (Values::Numbers(numbers), Kind::Year) => year_level(numbers[x] as i32, numbers[y] as i32),
        (Values::Numbers(numbers), _) => number_level(numbers[x], numbers[y]),
    }
}

fn date_level(a: [u16; 3], b: [u16; 3]) -> u8 {
    let same = |at: usize| a[at] == b[at];
    if same(0) && a[1] == b[2] && a[2] == b[1] {
        return date::SWAPPED;
    }
    // An office that knows the year alone writes none of the rest, or the first of January.
    let year_only = |d: [u16; 3]| d[1] == 0 || (d[1] == 1 && d[2] == 1);
    let month_only = |d: [u16; 3]| d[1] != 0 && d[2] == 0;
    if same(0) && (year_only(a) || year_only(b) || (same(1) && (month_only(a) || month_only(b)))) {
        return date::YEAR_KNOWN;
    }
    if slips(&digits(a), &digits(b), 1) == 1 {
        return date::ONE_SLIP;
    }
    match (same(0), same(1), same(2)) {
        (true, true, _) | (true, _, true) | (_, true, true) => date::TWO_PARTS,
        (true, _, _) => date::YEAR,
        _ => date::DIFFERENT,
    }
}

fn digits(d: [u16; 3]) -> [char; 8] {
    let whole = u32::from(d[0]) * 10_000 + u32::from(d[1]) * 100 + u32::from(d[2]);
    let mut out = ['0'; 8];
    let mut rest = whole;
    for slot in out.iter_mut().rev() {
        *slot = char::from(b'0' + (rest % 10) as u8);
        rest /= 10;
    }
    out
}

fn year_level(a: i32, b: i32) -> u8 {
    let text = |year: i32| digits([year.clamp(0, 9_999) as u16, 0, 0]);
    match a.abs_diff(b) {
        1 => 1,
        _ if slips(&text(a)[..4], &text(b)[..4], 1) == 1 => 2,
        _ => 3,
    }
}

fn marks_level<T: Letter>(kind: Kind, a: &[T], b: &[T]) -> u8 {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    let one = |least: usize| long.len() >= least && slips(a, b, 1) == 1;
    match kind {
        Kind::Id if one(4) => 1,
        Kind::Id if long.len() >= 7 && slips(a, b, 2) == 2 || short.len() >= 6 && long.ends_with(short) => 2,
        Kind::Id => 3,
        Kind::Postcode if one(4) => 1,
        // Of five characters or more the last two or three are the finer part.
        Kind::Postcode if short.len() >= 3 && area(a) == area(b) => 2,
        Kind::Postcode => 3,
        _ if one(2) => 1,
        _ => 2,
    }
}

/// The beginning of a postcode that names the wider area.
pub(crate) fn area<T: Letter>(code: &[T]) -> &[T] {
    let kept = if code.iter().all(|c| c.is_digit()) { 2.max(code.len() / 2) } else { code.len().saturating_sub(3).max(2) };
    &code[..kept.min(code.len())]
}

fn number_level(a: f64, b: f64) -> u8 {
    let apart = (a - b).abs() / a.abs().max(b.abs()).max(1e-12);
    match apart {
        d if d <= 0.01 => 1,
        d if d <= 0.05 => 2,
        d if d <= 0.20 => 3,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_on_levels() {
        for (a, b, expected) in [
            ([1980, 3, 7], [1980, 7, 3], date::SWAPPED),
            ([1980, 3, 7], [1980, 0, 0], date::YEAR_KNOWN),
            ([1980, 3, 7], [1980, 1, 1], date::YEAR_KNOWN),
            ([1980, 3, 7], [1980, 3, 8], date::ONE_SLIP),
            ([1980, 3, 7], [1908, 3, 7], date::ONE_SLIP),
            ([1980, 3, 7], [1980, 3, 21], date::TWO_PARTS),
            ([1980, 3, 7], [1980, 11, 28], date::YEAR),
            ([1980, 3, 7], [1975, 11, 28], date::DIFFERENT),
        ] {
            assert_eq!(date_level(a, b), expected, "{a:?} {b:?}");
            assert_eq!(date_level(b, a), expected, "{b:?} {a:?}");
        }
    }

    #[test]
    fn marks_years_and_numbers_agree_on_levels() {
        let of = |kind, a: &str, b: &str| marks_level(kind, &a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert_eq!(of(Kind::Id, "1804974", "1840974"), 1);
        assert_eq!(of(Kind::Id, "1804974", "1840979"), 2);
        assert_eq!(of(Kind::Id, "79001804974", "1804974"), 2);
        assert_eq!(of(Kind::Id, "1804974", "9321555"), 3);
        assert_eq!(of(Kind::Postcode, "sw1a1aa", "sw1a2bb"), 2);
        assert_eq!(of(Kind::Postcode, "75001", "75116"), 2);
        assert_eq!(of(Kind::Code, "f", "m"), 2);
        assert_eq!(of(Kind::Code, "12", "12a"), 1);
        assert_eq!((year_level(1980, 1981), year_level(1980, 1908), year_level(1980, 1977)), (1, 2, 3));
        assert_eq!((number_level(100.0, 100.5), number_level(100.0, 96.0), number_level(100.0, -100.0)), (1, 2, 4));
    }
}
