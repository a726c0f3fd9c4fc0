//! Tables as the engine sees them; whoever calls reads CSV, XLSX or Parquet.

/// A table of text cells.
pub trait Table: Sync {
    /// Number of rows of data.
    fn rows(&self) -> usize;
    /// Names of the columns in order.
    fn columns(&self) -> Vec<String>;
    /// A cell; `None` when it is empty. Numbers and dates come as text, dates best as ISO.
    fn cell(&self, column: usize, row: usize) -> Option<&str>;
}

/// A table held as columns of optional texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextTable {
    /// Name and cells of each column; all have equally many cells.
    pub columns: Vec<(String, Vec<Option<String>>)>,
}

impl TextTable {
    /// A table of rows; empty cells are `None`. Rows may be shorter than the heading.
    pub fn from_rows<'a, R>(heading: &[&str], rows: impl IntoIterator<Item = R>) -> Self
    where
        R: IntoIterator<Item = &'a str>,
    {
        let mut columns: Vec<(String, Vec<Option<String>>)> = heading.iter().map(|h| ((*h).to_owned(), Vec::new())).collect();
        for row in rows {
            let mut cells = row.into_iter();
            for (_, column) in &mut columns {
                column.push(cells.next().map(str::trim).filter(|c| !c.is_empty()).map(str::to_owned));
            }
        }
        Self { columns }
    }
}

impl Table for TextTable {
    fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, cells)| cells.len())
    }

    fn columns(&self) -> Vec<String> {
        self.columns.iter().map(|(name, _)| name.clone()).collect()
    }

    fn cell(&self, column: usize, row: usize) -> Option<&str> {
        self.columns.get(column)?.1.get(row)?.as_deref()
    }
}
