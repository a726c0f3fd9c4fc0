//! A paper: headings, paragraphs and tables, as DOCX, XLSX or Markdown. The same paper gives the same bytes.

mod docx;
mod markdown;
mod xlsx;

pub use docx::write_paper_docx;
pub use markdown::write_paper_markdown;
pub use xlsx::write_paper_xlsx;

use crate::sheet::Moment;

/// A paper.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paper {
    /// Title.
    pub title: String,
    /// Lines under the title: who, as of when.
    pub lines: Vec<String>,
    /// Sections in their order.
    pub sections: Vec<Section>,
    /// Lines at the end: who made it, when, from what.
    pub foot: Vec<String>,
    /// When it was made; also the file's own creation time.
    pub made_at: Moment,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its heading.
    pub heading: String,
    /// Its parts.
    pub parts: Vec<Part>,
}

/// A part of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// A paragraph.
    Paragraph(String),
    /// One of a list.
    Item(String),
    /// A table.
    Table(Grid),
}

/// A table of texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Name of its tab in a workbook: at most 31 characters, none of `[ ] : * ? / \`, another one for each table.
    pub name: String,
    /// Heads of the columns.
    pub columns: Vec<String>,
    /// Rows; each has one text a column.
    pub rows: Vec<Vec<String>>,
}

/// Why a paper cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PaperError {
    /// The file could not be put together.
    #[error("không ghi được văn bản: {detail}")]
    Write {
        /// What happened.
        detail: String,
    },
}

impl base::Explain for PaperError {
    fn code(&self) -> &'static str {
        "paper_write"
    }

    fn place(&self) -> String {
        String::new()
    }

    fn remedy(&self) -> String {
        "Thử lại; nếu vẫn lỗi, báo người quản trị.".to_owned()
    }
}

impl PaperError {
    fn of(error: &dyn std::fmt::Display) -> Self {
        Self::Write { detail: error.to_string() }
    }
}

impl Paper {
    /// The tables with the heading they stand under.
    fn grids(&self) -> impl Iterator<Item = (&str, &Grid)> {
        self.sections.iter().flat_map(|section| {
            section.parts.iter().filter_map(|part| match part {
                Part::Table(grid) => Some((section.heading.as_str(), grid)),
                _ => None,
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read};

    use calamine::Reader;

    use super::*;

    fn paper() -> Paper {
        Paper {
            title: "Sổ đăng ký".into(),
            lines: vec!["Tính đến 30/11/2026".into()],
            sections: vec![Section {
                heading: "1. Mục đích".into(),
                parts: vec![
                    Part::Paragraph("Một đoạn <với> dấu & và | gạch.".into()),
                    Part::Item("Một ý".into()),
                    Part::Table(Grid {
                        name: "Mục đích".into(),
                        columns: vec!["Danh sách".into(), "Căn cứ".into()],
                        rows: vec![vec!["=1+1".into(), "Điều 19\n(chưa kiểm chứng) | x".into()]],
                    }),
                ],
            }],
            foot: vec!["Người lập: u-city".into()],
            made_at: Moment { date: "2026-11-30".parse().unwrap(), hour: 8, minute: 5, second: 0 },
        }
    }

    #[test]
    fn markdown_is_a_plain_table_that_no_cell_breaks() {
        let text = write_paper_markdown(&paper());
        assert!(text.starts_with("# Sổ đăng ký\n\nTính đến 30/11/2026\n\n## 1. Mục đích\n"), "{text}");
        assert!(text.contains("| Danh sách | Căn cứ |\n|---|---|\n| =1+1 | Điều 19 (chưa kiểm chứng) \\| x |\n"), "{text}");
        assert!(text.contains("- Một ý\n") && text.ends_with("Người lập: u-city\n"), "{text}");
    }

    #[test]
    fn a_word_file_holds_every_text_once_escaped() {
        let bytes = write_paper_docx(&paper()).unwrap();
        assert_eq!(bytes, write_paper_docx(&paper()).unwrap(), "the same paper, the same bytes");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        zip.by_name("word/document.xml").unwrap().read_to_string(&mut text).unwrap();
        for part in
            ["Sổ đăng ký", "1. Mục đích", "Một đoạn &lt;với&gt; dấu &amp; và | gạch.", "- Một ý", "=1+1", "Người lập: u-city"]
        {
            assert_eq!(text.matches(part).count(), 1, "{part}");
        }
        assert_eq!(text.matches("<w:tr>").count(), 2);
    }

    #[test]
    fn a_workbook_has_a_tab_for_the_text_and_one_for_each_table() {
        let bytes = write_paper_xlsx(&paper()).unwrap();
        let mut book: calamine::Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes)).unwrap();
        assert_eq!(book.sheet_names(), ["Văn bản", "Mục đích"]);
        let table = book.worksheet_range("Mục đích").unwrap();
        let cells: Vec<Vec<String>> = table.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(cells[2], ["Danh sách", "Căn cứ"]);
        assert_eq!(cells[3], ["=1+1", "Điều 19\n(chưa kiểm chứng) | x"], "a text, no formula");
        let formulas = book.worksheet_formula("Mục đích").unwrap();
        assert!(formulas.rows().flatten().all(String::is_empty));
    }
}
