//! Cells merged over several rows, e.g. the number of a household over its members.
//!
//! Only the first cell of such a group has a value. It is carried down where the layout says so, never
//! elsewhere: a merged sum is not the sum of each row.

use std::borrow::Cow;

use crate::cell::Cell;
use crate::header::Header;
use crate::layout::{Layout, MergedCells};

/// Rows and columns of a group of merged cells, 0-based as in the file, both ends in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    /// First and last row.
    pub rows: (u32, u32),
    /// First and last column.
    pub columns: (u32, u32),
}

/// Carries values down in the columns of one file.
#[derive(Debug, Default)]
pub(crate) struct Carrier {
    columns: Vec<Column>,
}

#[derive(Debug)]
struct Column {
    at: usize,
    /// Rows (1-based) of the groups, in their order.
    groups: Vec<(u64, u64)>,
    /// The value of the group that was entered last.
    value: Option<Cell<'static>>,
}

impl Carrier {
    /// Whether a layout carries anything.
    pub fn is_wanted(layout: &Layout) -> bool {
        layout.fields.iter().any(|field| field.merged == Some(MergedCells::Down))
    }

    /// For a file with this header and these merged cells.
    pub fn new(layout: &Layout, header: &Header, groups: &[Group]) -> Self {
        let carries = |field: &Option<usize>| field.is_some_and(|f| layout.fields[f].merged == Some(MergedCells::Down));
        let columns = header.columns.iter().enumerate().filter(|(_, field)| carries(field)).map(|(at, _)| {
            let here = groups.iter().filter(|g| g.rows.0 < g.rows.1 && g.columns.0 as usize == at);
            let mut groups: Vec<(u64, u64)> = here.map(|g| (u64::from(g.rows.0) + 1, u64::from(g.rows.1) + 1)).collect();
            groups.sort_unstable();
            Column { at, groups, value: None }
        });
        Self { columns: columns.filter(|column| !column.groups.is_empty()).collect() }
    }

    /// The row with the values that lie over it; `None` when it stays as it is.
    pub fn row<'c>(&mut self, row: u64, cells: &[Cell<'c>]) -> Option<Vec<Cell<'c>>> {
        let mut filled: Option<Vec<Cell<'c>>> = None;
        let is_blank = cells.iter().all(Cell::is_blank);
        for column in &mut self.columns {
            let at = column.groups.partition_point(|(_, last)| *last < row);
            let Some((first, _)) = column.groups.get(at).filter(|(first, _)| *first <= row) else { continue };
            let own = cells.get(column.at).filter(|cell| !cell.is_blank());
            if *first == row {
                column.value = own.map(owned);
            } else if let (None, Some(value), false) = (own, &column.value, is_blank) {
                let cells = filled.get_or_insert_with(|| cells.to_vec());
                if cells.len() <= column.at {
                    cells.resize(column.at + 1, Cell::Empty);
                }
                cells[column.at] = value.clone();
            }
        }
        filled
    }
}

fn owned(cell: &Cell<'_>) -> Cell<'static> {
    match cell {
        Cell::Empty => Cell::Empty,
        Cell::Text(text) => Cell::Text(Cow::Owned(text.clone().into_owned())),
        Cell::Number(number) => Cell::Number(*number),
        Cell::Day(day) => Cell::Day(*day),
        Cell::Error => Cell::Error,
    }
}
