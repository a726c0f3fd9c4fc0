//! One dossier (hồ sơ): all cells of one visit, as they were sent.

use std::fmt;

/// A table by its number: XML0 (check-in) to XML15.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TableId(u8);

impl TableId {
    /// Check-in (trạng thái khám bệnh, chữa bệnh).
    pub const XML0: Self = Self(0);
    /// The visit (tổng hợp).
    pub const XML1: Self = Self(1);
    /// Drugs.
    pub const XML2: Self = Self(2);
    /// Services, beds, supplies.
    pub const XML3: Self = Self(3);
    /// Results.
    pub const XML4: Self = Self(4);
    /// How many there are.
    pub const COUNT: usize = 16;

    /// Reads `XML7` or `xml7`.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.trim().get(3..).filter(|_| text.trim().as_bytes()[..3].eq_ignore_ascii_case(b"xml"))?;
        let number = digits.parse::<u8>().ok().filter(|n| usize::from(*n) < Self::COUNT)?;
        // `XML01` is no table.
        (digits == number.to_string()).then_some(Self(number))
    }

    /// All, XML0 first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..16).map(Self)
    }

    /// Its number.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }

    /// The name in lower case, as tables and files have it.
    pub fn word(self) -> String {
        format!("xml{}", self.0)
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "XML{}", self.0)
    }
}

/// A piece of the dossier's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    from: u32,
    len: u32,
}

impl Span {
    /// The element is not there.
    pub(crate) const ABSENT: Self = Self { from: u32::MAX, len: 0 };

    #[inline]
    pub(crate) fn new(from: usize, to: usize) -> Option<Self> {
        Some(Self { from: u32::try_from(from).ok().filter(|f| *f != u32::MAX)?, len: u32::try_from(to - from).ok()? })
    }

    #[inline]
    fn of(self, text: &str) -> Option<&str> {
        // In two steps, so that neither an addition nor a place before the start has to be looked at.
        (self != Self::ABSENT).then(|| &text[self.from as usize..][..self.len as usize])
    }
}

/// A value of an element that no form knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// Row of the table, from 0.
    pub row: usize,
    /// Element name.
    pub name: String,
    /// Value as sent.
    pub value: String,
}

/// The rows of one table of a dossier.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    pub(crate) width: usize,
    pub(crate) cells: Vec<Span>,
    /// Values of elements that no form knows, in their order.
    pub extra: Vec<Extra>,
    /// Whether the table was in the file, with or without rows.
    pub present: bool,
}

impl Rows {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.cells.len().checked_div(self.width).unwrap_or(0)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    pub(crate) fn clear(&mut self) {
        self.cells.clear();
        self.extra.clear();
        self.present = false;
    }
}

/// One row: cells by the place of their column in the form.
#[derive(Debug, Clone, Copy)]
pub struct Row<'d> {
    text: &'d str,
    cells: &'d [Span],
}

impl<'d> Row<'d> {
    /// The cell as sent; `None` when the element is not there.
    #[inline]
    pub fn sent(&self, column: usize) -> Option<&'d str> {
        self.cells.get(column).and_then(|span| span.of(self.text))
    }

    /// The cell without blanks around it; `None` when it is not there or empty.
    #[inline]
    pub fn get(&self, column: usize) -> Option<&'d str> {
        let text = self.sent(column)?;
        // Cells with blanks around them are seldom, and blanks of all alphabets are slow to look for.
        let text = match text.as_bytes() {
            [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => text,
            _ => text.trim(),
        };
        (!text.is_empty()).then_some(text)
    }
}

/// One dossier. Its buffers are used again for the next one.
#[derive(Debug, Clone)]
pub struct Dossier {
    /// Which dossier of the file, from 1.
    pub number: u32,
    /// `MACSKCB` of the envelope; empty when it is not there.
    pub sender: String,
    /// `NGAYLAP` of the envelope, as sent.
    pub made_on: String,
    pub(crate) text: String,
    pub(crate) tables: [Rows; TableId::COUNT],
}

impl Dossier {
    /// An empty one.
    pub fn new() -> Self {
        Self { number: 0, sender: String::new(), made_on: String::new(), text: String::new(), tables: Default::default() }
    }

    /// The rows of a table.
    #[inline]
    pub fn rows(&self, table: TableId) -> &Rows {
        &self.tables[table.index()]
    }

    /// One row of a table.
    #[inline]
    pub fn row(&self, table: TableId, row: usize) -> Option<Row<'_>> {
        let rows = self.rows(table);
        let cells = rows.cells.get(row * rows.width..(row + 1) * rows.width)?;
        Some(Row { text: &self.text, cells })
    }

    /// The rows of a table, in their order.
    #[inline]
    pub fn each(&self, table: TableId) -> impl Iterator<Item = Row<'_>> {
        let rows = self.rows(table);
        rows.cells.chunks_exact(rows.width.max(1)).map(|cells| Row { text: &self.text, cells })
    }

    /// Puts a cell in place of another; for who makes dossiers by hand.
    pub fn set(&mut self, table: TableId, row: usize, column: usize, value: &str) {
        let from = self.text.len();
        self.text.push_str(value);
        let rows = &mut self.tables[table.index()];
        if let (Some(cell), Some(span)) = (rows.cells.get_mut(row * rows.width + column), Span::new(from, self.text.len())) {
            *cell = span;
        }
    }

    /// Adds an empty row to a table of so many columns and gives its place.
    pub fn add_row(&mut self, table: TableId, width: usize) -> usize {
        let rows = &mut self.tables[table.index()];
        rows.width = width;
        rows.present = true;
        let row = rows.len();
        rows.cells.resize(rows.cells.len() + width, Span::ABSENT);
        row
    }

    /// Adds an element that no form knows to a row; for who makes dossiers by hand.
    pub fn add_extra(&mut self, table: TableId, extra: Extra) {
        self.tables[table.index()].extra.push(extra);
    }

    /// Notes that a table was in the file, with or without rows; for who makes dossiers by hand.
    pub fn set_present(&mut self, table: TableId) {
        self.tables[table.index()].present = true;
    }

    /// Takes everything out and keeps the buffers; for who makes many dossiers by hand.
    pub fn empty(&mut self) {
        self.number = 0;
        self.sender.clear();
        self.made_on.clear();
        self.clear();
    }

    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.tables.iter_mut().for_each(Rows::clear);
    }
}

impl Default for Dossier {
    fn default() -> Self {
        Self::new()
    }
}
