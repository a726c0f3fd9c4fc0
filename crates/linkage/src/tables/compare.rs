//! On which level two rows agree, field by field, as one pattern of four bits a field.

use rayon::prelude::*;

use super::date::one_slip;
use super::level::{missing, name};
use super::pool::{Column, EMPTY, Values};
use super::spec::Kind;
use crate::compare::name as vietnamese;
use crate::hash::join;

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
    /// Rows by a hash of what they hold: what is drawn in this order does not depend on where rows stand.
    pub left_order: Vec<u32>,
    /// The same of the right table; empty for one table.
    pub right_order: Vec<u32>,
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
        let count = self.columns.len().max(1);
        let order = |rows: &[u32]| -> Vec<u32> {
            let hash = |codes: &[u32]| {
                let values = codes.iter().zip(&self.columns);
                values.fold(3, |hash, (code, column)| join(hash, column.hashes.get(*code as usize).copied().unwrap_or(0)))
            };
            let hashes = rows.par_chunks_exact(count).enumerate();
            let mut order: Vec<(u64, u32)> = hashes.map(|(row, codes)| (hash(codes), row as u32)).collect();
            order.par_sort_unstable();
            order.into_iter().map(|(_, row)| row).collect()
        };
        (self.left_order, self.right_order) = (order(&self.left_rows), order(&self.right_rows));
    }

    /// Right rows by what they hold; in one table the rows.
    pub(crate) fn rights_in_order(&self) -> &[u32] {
        if self.one_table { &self.left_order } else { &self.right_order }
    }

    /// The code of a right row's value; in one table that of the row.
    pub(crate) fn right(&self, field: usize, row: u32) -> u32 {
        let column = &self.columns[field];
        (if self.one_table { &column.left } else { &column.right })[row as usize]
    }

    /// The codes of a left row.
    pub(crate) fn left_row(&self, row: u32) -> &[u32] {
        let count = self.columns.len();
        &self.left_rows[row as usize * count..][..count]
    }

    /// The codes of a right row; in one table those of the row.
    pub(crate) fn right_row(&self, row: u32) -> &[u32] {
        let count = self.columns.len();
        let rights = if self.one_table { &self.left_rows } else { &self.right_rows };
        &rights[row as usize * count..][..count]
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
