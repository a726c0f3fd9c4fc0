//! A table as a file: what it shows, under which filter, as of when, taken out by whom and why.
//!
//! **Invariants:** a text never becomes a formula or a link; every file says its filter, its as-of
//! date and who took it out for what; the same sheet gives the same bytes.

mod csv;
mod lock;
mod xlsx;

use base::{Date, Explain, Rate};

pub use csv::write_csv;
pub use lock::{LEAST_PASSWORD, lock_xlsx};
pub use xlsx::{write_template, write_workbook, write_xlsx};

/// A table and all that stands around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Name of the sheet's tab: at most 31 characters, none of `[ ] : * ? / \`.
    pub name: String,
    /// Lines above the table, the first one in bold.
    pub title: Vec<String>,
    /// Columns from left to right.
    pub columns: Vec<Column>,
    /// Rows; each has one cell a column.
    pub rows: Vec<Vec<Cell>>,
    /// Lines under the table, before those of [`Provenance`].
    pub footer: Vec<String>,
    /// Where the data comes from and who took it out.
    pub provenance: Provenance,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Words of the header.
    pub header: String,
    /// Width in characters, as Excel counts; 0 takes it from the header.
    pub width: u16,
    /// Whether the column is folded away in Excel: what the file needs when it comes back, and nobody reads.
    pub hidden: bool,
}

impl Column {
    /// A column of a given width in characters.
    pub fn new(header: impl Into<String>, width: u16) -> Self {
        Self { header: header.into(), width, hidden: false }
    }

    /// A column that is folded away; the file brings it back unseen.
    pub fn hidden(header: impl Into<String>) -> Self {
        Self { header: header.into(), width: 0, hidden: true }
    }
}

/// What stands in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Text; ids, telephone numbers and codes are text, so that no zero is lost.
    Text(String),
    /// A whole number, e.g. đồng.
    Int(i64),
    /// An exact decimal, shown with two decimals: 96.41 for 96,41 %.
    Decimal(Rate),
    /// A date, shown as dd/mm/yyyy.
    Date(Date),
    /// Nothing.
    Empty,
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<Rate> for Cell {
    fn from(number: Rate) -> Self {
        Self::Decimal(number)
    }
}

impl From<Date> for Cell {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

/// Where the data comes from and who took it out: printed under every table, so that a file that is
/// passed on still says whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Language of the lines.
    pub language: Language,
    /// The filter as a sentence.
    pub filter: String,
    /// Day up to which the data speaks.
    pub as_of: Date,
    /// Who took the file out: name or code of the user, and unit.
    pub exported_by: String,
    /// For what purpose.
    pub purpose: String,
    /// When, local time; also the file's own creation time.
    pub exported_at: Moment,
}

/// Language of the lines that this crate writes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Vietnamese.
    Vi,
    /// English.
    En,
}

/// A local date and time of day. Given from outside: nothing here reads a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Day.
    pub date: Date,
    /// Hour, 0-23.
    pub hour: u8,
    /// Minute, 0-59.
    pub minute: u8,
    /// Second, 0-59.
    pub second: u8,
}

/// Why a sheet cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SheetError {
    /// A row has more or fewer cells than there are columns.
    #[error("row {row} has {found} cells, the table has {expected} columns")]
    RowWidth {
        /// Row of the table, from 1.
        row: usize,
        /// Cells found.
        found: usize,
        /// Columns.
        expected: usize,
    },
    /// More rows than Excel opens.
    #[error("{rows} rows are more than one Excel sheet holds ({limit})")]
    TooManyRows {
        /// Rows of the file with title and footer.
        rows: usize,
        /// Rows that fit.
        limit: usize,
    },
    /// A cell holds more text than Excel opens.
    #[error("row {row}, column {column}: the text is longer than 32767 characters")]
    TooLong {
        /// Row of the table, from 1; 0 for title, header and footer.
        row: usize,
        /// Column, from 1.
        column: usize,
    },
    /// A password that is soon guessed.
    #[error("the password has fewer than {} letters", LEAST_PASSWORD)]
    WeakPassword,
    /// The name or the moment of the sheet cannot stand in an Excel file.
    #[error("{what} cannot stand in an Excel file: {detail}")]
    Unfit {
        /// What.
        what: &'static str,
        /// Why.
        detail: String,
    },
}

impl Explain for SheetError {
    fn code(&self) -> &'static str {
        match self {
            Self::RowWidth { .. } => "sheet_row_width",
            Self::TooManyRows { .. } => "sheet_too_many_rows",
            Self::TooLong { .. } => "sheet_too_long",
            Self::WeakPassword => "sheet_weak_password",
            Self::Unfit { .. } => "sheet_unfit",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::RowWidth { row, .. } => format!("row {row}"),
            Self::TooLong { row, column } => format!("row {row}, column {column}"),
            Self::TooManyRows { .. } | Self::WeakPassword | Self::Unfit { .. } => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::TooManyRows { .. } => "Lọc bớt dòng (theo địa bàn, theo lý do) hoặc xuất tệp CSV.",
            Self::TooLong { .. } => "Rút gọn nội dung của ô, hoặc xuất tệp CSV.",
            Self::WeakPassword => "Đặt mật khẩu từ 8 ký tự.",
            Self::RowWidth { .. } | Self::Unfit { .. } => "Báo người quản trị: danh sách chưa được dựng đúng.",
        }
        .to_owned()
    }

    fn public_text(&self) -> String {
        match self {
            Self::WeakPassword => "Mật khẩu của tệp phải có từ 8 ký tự.",
            Self::TooManyRows { .. } => "Danh sách quá dài cho một tệp Excel, mời lọc bớt hoặc xuất tệp CSV.",
            _ => "Chưa tạo được tệp.",
        }
        .to_owned()
    }
}

impl Sheet {
    /// Every row has one cell a column.
    fn check_rows(&self) -> Result<(), SheetError> {
        let expected = self.columns.len();
        match self.rows.iter().position(|row| row.len() != expected) {
            Some(index) => Err(SheetError::RowWidth { row: index + 1, found: self.rows[index].len(), expected }),
            None => Ok(()),
        }
    }

    /// All lines under the table.
    fn lines_below(&self) -> Vec<String> {
        let mut lines = self.footer.clone();
        lines.extend(self.provenance.lines());
        lines
    }
}

impl Provenance {
    /// Filter, as-of date, and the line that says who took the file out, when and why.
    fn lines(&self) -> [String; 3] {
        let (as_of, by, purpose, filter) = (day(self.as_of), &self.exported_by, &self.purpose, &self.filter);
        let Moment { date, hour, minute, .. } = self.exported_at;
        let (date, time) = (day(date), format!("{hour:02}:{minute:02}"));
        match self.language {
            Language::Vi => [
                format!("Điều kiện lọc: {filter}"),
                format!("Số liệu tính đến ngày {as_of}"),
                format!("Người xuất: {by}; thời điểm: {time} ngày {date}; mục đích: {purpose}. Chỉ dùng cho mục đích này."),
            ],
            Language::En => [
                format!("Filter: {filter}"),
                format!("Data as of {as_of}"),
                format!("Exported by: {by}; at {time} on {date}; purpose: {purpose}. For this purpose only."),
            ],
        }
    }
}

/// A date as people of the country write it, dd/mm/yyyy.
fn day(date: Date) -> String {
    format!("{:02}/{:02}/{:04}", date.day(), date.month_number(), date.year())
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    /// A small list with Vietnamese names, an id with a leading zero and the cells given besides.
    pub(crate) fn sheet(extra: Vec<Vec<Cell>>) -> Sheet {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let mut rows = vec![vec![
            Cell::Int(1),
            "Nguyễn Thị Ánh".into(),
            "001190000017".into(),
            date("1990-02-05").into(),
            Cell::Int(-12_345_678),
        ]];
        rows.extend(extra);
        Sheet {
            name: "Danh sách".into(),
            title: vec!["DANH SÁCH CẦN RÀ SOÁT".into(), "Phường Hà Đông, tháng 10/2026".into()],
            columns: ["STT", "Họ và tên", "Số định danh cá nhân/CCCD", "Ngày sinh", "Số tiền (đồng)"]
                .into_iter()
                .map(|header| Column::new(header, 18))
                .collect(),
            rows,
            footer: vec!["Tổng số: 1 người".into()],
            provenance: Provenance {
                language: Language::Vi,
                filter: "Học sinh chưa có thẻ BHYT còn hạn".into(),
                as_of: date("2026-10-31"),
                exported_by: "u-09556-1, UBND phường Hà Đông".into(),
                purpose: "rà soát đối tượng tham gia".into(),
                exported_at: Moment { date: date("2026-11-02"), hour: 8, minute: 5, second: 0 },
            },
        }
    }

    /// Texts that a spreadsheet would run as a formula, or that would break a row.
    pub(crate) const ATTACKS: &[&str] = &[
        "=HYPERLINK(\"http://x.example\",\"y\")",
        "=1+1",
        "+84 912",
        "-2+3",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "'=1+1",
        "a\"b,c;d",
        "hai\ndòng",
        "http://x.example",
        "_x0041_",
        "{=1+1}",
    ];
}

#[cfg(test)]
mod tests {
    use super::samples::sheet;
    use super::*;

    #[test]
    fn every_file_says_filter_date_and_who_took_it_out() {
        assert_eq!(
            sheet(vec![]).lines_below(),
            [
                "Tổng số: 1 người",
                "Điều kiện lọc: Học sinh chưa có thẻ BHYT còn hạn",
                "Số liệu tính đến ngày 31/10/2026",
                "Người xuất: u-09556-1, UBND phường Hà Đông; thời điểm: 08:05 ngày 02/11/2026; mục đích: rà soát đối tượng tham gia. \
                 Chỉ dùng cho mục đích này.",
            ]
        );
    }

    #[test]
    fn a_row_of_another_width_is_refused() {
        let error = sheet(vec![vec![Cell::Empty]]).check_rows().unwrap_err();
        assert_eq!(error, SheetError::RowWidth { row: 2, found: 1, expected: 5 });
    }
}
