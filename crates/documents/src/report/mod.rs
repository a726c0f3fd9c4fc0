//! A periodic report (báo cáo) in the layout of decree 30/2020/NĐ-CP: headings, paragraphs, tables, charts, notes that say where each figure comes
//! from, annexes. The same report gives the same bytes, as DOCX and as PDF.

mod chart_xml;
mod docx;
mod pdf;

use base::{Date, Month, Rate};

use crate::decree::{Foot, Head};

pub(crate) use chart_xml::number;
pub use docx::write_report_docx;
pub use pdf::write_report_pdf;

/// A report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The organ above (cơ quan chủ quản), where there is one.
    pub organ_above: Option<String>,
    /// Who issues it (cơ quan ban hành).
    pub organ: String,
    /// The number before the symbol and the day, once the document office gave them.
    pub number: Option<(String, Date)>,
    /// What follows the number: `BC-BHXH`.
    pub symbol: String,
    /// Where it is issued, before the date.
    pub place: String,
    /// Month and year of the date while the day is open.
    pub month: Month,
    /// What it is about (trích yếu), line by line under the title BÁO CÁO.
    pub subject: Vec<String>,
    /// Kính gửi; none where the receivers stand at the end alone.
    pub to: Vec<String>,
    /// Its text.
    pub body: Vec<Block>,
    /// Post of who signs, line by line.
    pub signer: Vec<String>,
    /// Nơi nhận, beside the file copy.
    pub copies: Vec<String>,
    /// Who keeps the file copy: `VT`.
    pub kept_by: String,
    /// Annexes (phụ lục).
    pub annexes: Vec<Annex>,
    /// Where the figures come from, each once; [`Span::Figure`] refers to its place here.
    pub notes: Vec<String>,
    /// A line in the lower margin of every page: of which run the figures are.
    pub below: String,
}

/// An annex, on pages of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annex {
    /// `Phụ lục 1`.
    pub number: String,
    /// What it holds.
    pub title: String,
    /// Whether its pages lie across.
    pub across: bool,
    /// Its content.
    pub body: Vec<Block>,
}

/// A part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A numbered heading, in bold: `1. Các chỉ tiêu`.
    Heading(String),
    /// A heading below one, in bold italics.
    Subheading(String),
    /// A paragraph.
    Paragraph(Text),
    /// One of a list.
    Item(Text),
    /// A table.
    Table(Table),
    /// A chart.
    Chart(Chart),
}

/// Words, some of them figures.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<Span>);

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Words(String),
    /// Words in bold.
    Strong(String),
    /// A figure with the note that says where it comes from.
    Figure {
        /// As it is printed.
        text: String,
        /// Place in [`Report::notes`].
        note: usize,
    },
}

/// A table with lines; its head comes again on every page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What stands above it, where anything does.
    pub caption: String,
    /// Columns from left to right.
    pub columns: Vec<TableColumn>,
    /// Rows.
    pub rows: Vec<TableRow>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its head.
    pub head: String,
    /// Its part of the width, against the others'.
    pub share: u32,
    /// How its cells stand.
    pub side: Side,
}

/// How a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// Words.
    Left,
    /// Numbers of rows, states.
    Centre,
    /// Figures.
    Right,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableRow {
    /// A heading over all columns.
    Group(String),
    /// One text a column.
    Cells(Vec<Text>),
}

/// A chart. Its values are numbers with their unit, not shares: 96.41 for 96,41 %.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// Bars side by side, or a course over months.
    pub kind: ChartKind,
    /// Unit of the values: `%`.
    pub unit: String,
    /// Names of the bars, or months.
    pub categories: Vec<String>,
    /// What is drawn.
    pub series: Vec<Series>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChartKind {
    /// Level bars, those of one name side by side.
    Bars,
    /// Lines from month to month.
    Course,
}

/// One colour of a chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// Its name.
    pub name: String,
    /// Whether it is what is aimed at: drawn lighter, as a broken line.
    pub planned: bool,
    /// One value a category; none where nothing is known.
    pub values: Vec<Option<Rate>>,
}

/// Why a report could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReportError {
    /// A row has more or fewer cells than columns, a series more or fewer values than categories, a figure no note.
    #[error("báo cáo chưa được dựng đúng: {detail}")]
    Unfit {
        /// Where.
        detail: String,
    },
    /// The file could not be put together.
    #[error("không ghi được báo cáo: {detail}")]
    Write {
        /// What happened.
        detail: String,
    },
}

impl base::Explain for ReportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unfit { .. } => "report_unfit",
            Self::Write { .. } => "report_write",
        }
    }

    fn place(&self) -> String {
        String::new()
    }

    fn remedy(&self) -> String {
        "Thử lại; nếu vẫn lỗi, báo người quản trị.".to_owned()
    }
}

impl From<&str> for Text {
    fn from(words: &str) -> Self {
        Self(vec![Span::Words(words.to_owned())])
    }
}

impl From<String> for Text {
    fn from(words: String) -> Self {
        Self(vec![Span::Words(words)])
    }
}

impl Text {
    /// Adds words.
    #[must_use]
    pub fn words(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Words(words.into()));
        self
    }

    /// Adds words in bold.
    #[must_use]
    pub fn strong(mut self, words: impl Into<String>) -> Self {
        self.0.push(Span::Strong(words.into()));
        self
    }

    /// Adds a figure.
    #[must_use]
    pub fn figure(mut self, text: impl Into<String>, note: usize) -> Self {
        self.0.push(Span::Figure { text: text.into(), note });
        self
    }

    /// The words alone.
    pub fn plain(&self) -> String {
        let words = self.0.iter().map(|span| match span {
            Span::Words(text) | Span::Strong(text) | Span::Figure { text, .. } => text.as_str(),
        });
        words.collect()
    }
}

impl Report {
    fn head(&self) -> Head<'_> {
        Head {
            organ_above: self.organ_above.as_deref(),
            organ: &self.organ,
            number: self.number.as_ref().map(|(number, day)| (number.as_str(), *day)),
            symbol: &self.symbol,
            about: None,
            place: &self.place,
            month: self.month,
        }
    }

    fn foot(&self) -> Foot<'_> {
        let signer = self.signer.iter().map(String::as_str).collect();
        Foot { copies: &self.copies, kept_by: &self.kept_by, remarks: Vec::new(), signer }
    }

    /// What stands under an annex's title: to which document it belongs.
    fn belongs(&self) -> String {
        let number = self.number.as_ref().map_or("       ", |(number, _)| number.as_str());
        let head = self.head();
        let date = head.date_line("      ");
        // Without the place before the day.
        let date = date.split_once(", ").map_or(date.as_str(), |(_, day)| day);
        format!("(Kèm theo Báo cáo số {number}/{} {date} của {})", self.symbol, self.organ)
    }

    /// All blocks, annexes last.
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        self.body.iter().chain(self.annexes.iter().flat_map(|annex| &annex.body))
    }

    /// Numbers of the notes in the order in which the text comes to them; what nobody refers to has none.
    fn numbered(&self) -> Numbered {
        let mut number = vec![None; self.notes.len()];
        let mut order = Vec::new();
        for span in self.blocks().flat_map(texts).flat_map(|text| &text.0) {
            if let Span::Figure { note, .. } = span
                && let Some(free @ None) = number.get_mut(*note)
            {
                *free = Some(order.len());
                order.push(self.notes[*note].clone());
            }
        }
        Numbered { number, order }
    }

    /// Whether everything fits together.
    fn check(&self) -> Result<(), ReportError> {
        let wrong = |detail: String| Err(ReportError::Unfit { detail });
        for block in self.blocks() {
            match block {
                Block::Table(table) => {
                    let odd = |row: &TableRow| matches!(row, TableRow::Cells(cells) if cells.len() != table.columns.len());
                    if let Some(at) = table.rows.iter().position(odd) {
                        return wrong(format!("bảng “{}”, dòng {}", table.caption, at + 1));
                    }
                    if table.columns.iter().all(|column| column.share == 0) {
                        return wrong(format!("bảng “{}” không có cột", table.caption));
                    }
                }
                Block::Chart(chart) if chart.series.iter().any(|series| series.values.len() != chart.categories.len()) => {
                    return wrong(format!("biểu đồ “{}”", chart.title));
                }
                _ => {}
            }
        }
        for span in self.blocks().flat_map(texts).flat_map(|text| &text.0) {
            if let Span::Figure { text, note } = span
                && *note >= self.notes.len()
            {
                return wrong(format!("số “{text}” không có chú thích"));
            }
        }
        Ok(())
    }
}

/// The notes as they are printed.
struct Numbered {
    /// Number from 0 of each of [`Report::notes`].
    number: Vec<Option<usize>>,
    /// Their texts by number.
    order: Vec<String>,
}

/// Places of the figures of a text that bear the number of their note: of several with one note the last. A number behind each would be read as
/// a power of every figure of a sentence.
fn last_of_each(text: &Text) -> Vec<usize> {
    let note = |span: &Span| match span {
        Span::Figure { note, .. } => Some(*note),
        Span::Words(_) | Span::Strong(_) => None,
    };
    let is_last = |at: &usize| {
        let own = note(&text.0[*at]);
        own.is_some() && !text.0[at + 1..].iter().any(|later| note(later) == own)
    };
    (0..text.0.len()).filter(is_last).collect()
}

/// The texts of a block that may hold figures.
fn texts(block: &Block) -> Vec<&Text> {
    match block {
        Block::Paragraph(text) | Block::Item(text) => vec![text],
        Block::Table(table) => {
            let mut all = Vec::new();
            for row in &table.rows {
                if let TableRow::Cells(cells) = row {
                    all.extend(cells);
                }
            }
            all
        }
        Block::Heading(_) | Block::Subheading(_) | Block::Chart(_) => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
