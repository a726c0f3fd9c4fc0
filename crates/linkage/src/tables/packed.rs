//! A table of texts laid end to end: a cell costs its bytes and four more.

use super::input::Table;

/// Rows whose ends are counted from one place.
const PART: usize = 1 << 16;

/// A table held as columns of packed texts; what reads large files fills it row by row or column by column.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PackedTable {
    columns: Vec<(String, PackedColumn)>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct PackedColumn {
    text: String,
    /// Where each part of [`PART`] rows begins in the text.
    starts: Vec<usize>,
    /// Where each cell ends, counted from the beginning of its part.
    ends: Vec<u32>,
}

impl PackedTable {
    /// A table with these columns and no rows.
    pub fn new(columns: impl IntoIterator<Item = String>) -> Self {
        Self { columns: columns.into_iter().map(|name| (name, PackedColumn::default())).collect() }
    }

    /// Appends a cell to a column; empty text is an empty cell. Outer white space goes.
    ///
    /// All columns must get equally many cells. False when a part of the column grows beyond 4 GB.
    pub fn push(&mut self, column: usize, text: &str) -> bool {
        self.columns.get_mut(column).is_some_and(|(_, cells)| cells.push(text.trim()))
    }

    /// Lets go of the cells of all columns but one, so that it reads as empty; the number of rows stays.
    pub fn keep_only(&mut self, column: usize) {
        for (at, (_, cells)) in self.columns.iter_mut().enumerate().filter(|(at, _)| *at != column) {
            let rows = cells.ends.len();
            *cells = PackedColumn::default();
            // Rows are counted by the first column.
            if at == 0 {
                cells.ends = vec![0; rows];
                cells.starts = vec![0; rows.div_ceil(PART)];
            }
        }
    }

    /// Gives back memory that growing columns hold in reserve.
    pub fn shrink(&mut self) {
        for (_, column) in &mut self.columns {
            column.text.shrink_to_fit();
            column.ends.shrink_to_fit();
        }
    }
}

impl PackedColumn {
    fn push(&mut self, text: &str) -> bool {
        if self.ends.len().is_multiple_of(PART) {
            self.starts.push(self.text.len());
        }
        self.text.push_str(text);
        let from = self.starts.last().copied().unwrap_or_default();
        let Ok(end) = u32::try_from(self.text.len() - from) else { return false };
        self.ends.push(end);
        true
    }

    fn get(&self, row: usize) -> Option<&str> {
        let from = *self.starts.get(row / PART)?;
        let begins = if row.is_multiple_of(PART) { 0 } else { *self.ends.get(row - 1)? };
        let text = self.text.get(from + begins as usize..from + *self.ends.get(row)? as usize)?;
        (!text.is_empty()).then_some(text)
    }
}

impl Table for PackedTable {
    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, column)| column.ends.len())
    }

    fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    fn cell(&self, column: usize, row: usize) -> Option<&str> {
        self.columns.get(column)?.1.get(row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_come_back_across_parts() {
        let mut table = PackedTable::new(["n".to_owned(), "t".to_owned()]);
        for row in 0..PART + 3 {
            assert!(table.push(0, &row.to_string()) && table.push(1, if row % 2 == 0 { "  " } else { " Đỗ " }));
        }
        assert_eq!(table.rows(), PART + 3);
        for row in [0, 1, PART - 1, PART, PART + 2] {
            assert_eq!(table.cell(0, row), Some(row.to_string().as_str()));
            assert_eq!(table.cell(1, row), (row % 2 == 1).then_some("Đỗ"));
        }
        assert_eq!((table.cell(0, PART + 3), table.cell(2, 0)), (None, None));
        assert!(!table.push(2, "x"));
        table.keep_only(1);
        assert_eq!((table.rows(), table.cell(0, 1), table.cell(1, 1)), (PART + 3, None, Some("Đỗ")));
    }
}
