//! On which level two rows agree, field by field, as one pattern of four bits a field.

use super::date::one_slip;
use super::drawn::drawn;
use super::level::{missing, name};
use super::pool::{Column, EMPTY, Values};
use super::rows::{Layout, Rows};
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
    /// What stands where in a record.
    pub layout: Layout,
    /// The records of all left rows, so that comparing a pair touches two places.
    pub left_rows: Rows,
    /// The same of the right table; empty for one table.
    pub right_rows: Rows,
    /// Left rows drawn by what they hold.
    pub left_drawn: Vec<u32>,
    /// The same of the right table; empty for one table.
    pub right_drawn: Vec<u32>,
}

impl Fields {
    /// The fields of two tables, or of one (`rights` is `None`).
    pub(crate) fn new(columns: Vec<Column>, name_fields: Vec<usize>, lefts: usize, rights: Option<usize>) -> Self {
        let layout = Layout::new(&columns);
        let left_rows = Rows::new(&columns, &layout, lefts, |column| &column.left);
        let right_rows = Rows::new(&columns, &layout, rights.unwrap_or(0), |column| &column.right);
        let (left_drawn, right_drawn) = (drawn(&left_rows, &columns, 3), drawn(&right_rows, &columns, 5));
        let one_table = rights.is_none();
        let rights = rights.unwrap_or(0);
        Self { columns, name_fields, lefts, rights, one_table, layout, left_rows, right_rows, left_drawn, right_drawn }
    }

    /// Lets go of codes column by column: once blocks are made, only records are asked.
    pub(crate) fn drop_codes(&mut self) {
        for column in &mut self.columns {
            (column.left, column.right) = (Vec::new(), Vec::new());
        }
    }

    /// Right rows drawn by what they hold; in one table the rows.
    pub(crate) fn rights_drawn(&self) -> &[u32] {
        if self.one_table { &self.left_drawn } else { &self.right_drawn }
    }

    /// The records of the right rows; in one table those of the rows.
    pub(crate) fn rights_by_row(&self) -> &Rows {
        if self.one_table { &self.left_rows } else { &self.right_rows }
    }

    /// The record of a left row.
    #[inline]
    pub(crate) fn left_row(&self, row: u32) -> &[u32] {
        self.left_rows.of(row)
    }

    /// The record of a right row; in one table that of the row.
    #[inline]
    pub(crate) fn right_row(&self, row: u32) -> &[u32] {
        self.rights_by_row().of(row)
    }

    /// The levels of all fields for a pair of rows.
    pub(crate) fn pattern(&self, left: u32, right: u32) -> u64 {
        let (x, y) = (self.left_row(left), self.right_row(right));
        (0..self.columns.len()).fold(0, |pattern, at| pattern | u64::from(self.level(at, x, y)) << (4 * at))
    }

    /// The level of one field for two rows.
    pub(crate) fn level(&self, at: usize, x: &[u32], y: &[u32]) -> u8 {
        let column = &self.columns[at];
        let level = level(column, x[at], y[at]);
        if column.kind == Kind::PersonName && level > name::REORDERED && self.stands_elsewhere(at, x, y) {
            return name::SWAPPED;
        }
        level
    }

    /// Whether two name fields hold each other's values.
    fn stands_elsewhere(&self, at: usize, x: &[u32], y: &[u32]) -> bool {
        let crossed = |other: usize| x[at] == y[other] && y[at] == x[other] && x[at] != EMPTY && y[at] != EMPTY;
        self.name_fields.iter().any(|other| *other != at && crossed(*other))
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
        (Values::Names(lexicon, names), _) => vietnamese::level_of(lexicon, names[x].list(), names[y].list()),
        (Values::Dates(dates), _) => dates[x].level(dates[y]),
        (Values::Marks(marks), kind) => marks.level(kind, a, b),
        (Values::Numbers(numbers), Kind::Year) => year_level(numbers[x] as i32, numbers[y] as i32),
        (Values::Numbers(numbers), _) => number_level(numbers[x], numbers[y]),
    }
}

fn year_level(a: i32, b: i32) -> u8 {
    let digits = |year: i32| (0..4).fold(0, |packed, at| packed | (year.clamp(0, 9_999) as u32 / 10u32.pow(at) % 10) << (4 * at));
    match a.abs_diff(b) {
        1 => 1,
        _ if one_slip(digits(a), digits(b)) => 2,
        _ => 3,
    }
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
    fn years_and_numbers_agree_on_levels() {
        assert_eq!((year_level(1980, 1981), year_level(1980, 1908), year_level(1980, 1977)), (1, 2, 3));
        assert_eq!((number_level(100.0, 100.5), number_level(100.0, 96.0), number_level(100.0, -100.0)), (1, 2, 4));
    }
}
