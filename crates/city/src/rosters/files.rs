//! What files a roster comes in, and how they look around their rows.

/// How a workbook looks around its rows.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// Lines above the header. A form without them is a sheet for a program: one header line on top.
    pub title: Vec<String>,
    /// Two-line header, a column a pair: neighbours of the same first line are merged, and a pair
    /// without second line is merged downwards. The running number comes first.
    pub header: Vec<(&'static str, &'static str)>,
    /// Columns summed in a `Tổng cộng` row, counted with the running number.
    pub totals: Vec<usize>,
    /// Lines below the rows; `{rows}` stands for the number of rows.
    pub footer: Vec<String>,
    /// Column widths would need the data; only the sheet's name is set.
    pub sheet: &'static str,
}

/// A text file of a roster.
#[derive(Debug, Clone)]
pub struct Text {
    /// File name with its ending.
    pub name: String,
    /// Lines above the header.
    pub title: Vec<String>,
    /// The header's cells; the running number comes first.
    pub header: Vec<String>,
    /// Between cells.
    pub separator: char,
    /// How letters are stored.
    pub encoding: Encoding,
    /// Lines below the rows; `{rows}` stands for the number of rows.
    pub footer: Vec<String>,
}

/// How letters are stored in a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// UTF-8.
    Utf8,
    /// UTF-8 with a byte-order mark in front.
    Utf8Mark,
    /// UTF-16, little end first, with a byte-order mark.
    Utf16,
    /// TCVN 5712:1993, the letters of the ABC fonts; capitals with tones are stored as small letters.
    Tcvn3,
    /// Windows-1258: most letters whole, tones after them.
    Windows1258,
    /// VNI: a letter without marks, then a letter that looks like its marks.
    Vni,
}

/// One workbook of a roster that has several.
#[derive(Debug, Clone)]
pub struct Book {
    /// File name with its ending.
    pub name: String,
    /// What stands around its rows.
    pub form: Form,
}

/// The files a roster comes in.
#[derive(Debug, Clone)]
pub enum Files {
    /// One text file.
    Text(Text),
    /// Workbooks with at most a set number of rows: `stem.xlsx`, or `stem_phan_01.xlsx` and so on.
    Parts {
        /// File name without its ending.
        stem: String,
        /// What stands around the rows.
        form: Form,
    },
    /// A workbook for each value of [`Row::book`](super::Row::book).
    Books(Until),
    /// The same with the commune's end, all in one ZIP archive of this name. Truth names the books.
    Archive(String),
}

/// When the books of a roster have all their rows and can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// With the commune (or the run of employers): no book holds rows of two.
    CommuneEnds,
    /// With the month; all rows are held in memory until then.
    MonthEnds,
}
