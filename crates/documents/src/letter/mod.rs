//! Letters and notices to people and employers: templates a city can change, filled and written as DOCX.
//!
//! A letter that comes out of here is a draft: number, day and signature are given by the document office and the one who signs.

mod docx;
mod issuer;
mod pdf;
mod template;

use base::{Date, Month};
use serde::{Deserialize, Serialize};

use crate::decree::{Foot, Head};

pub use crate::decree::two_digits;
pub use docx::write_docx;
pub use issuer::Issuer;
pub use pdf::write_pdf;
pub use template::{Addressee, FIELDS, Letters, OF_FACILITY, Template, Values};

/// What kind of document it is (thể loại văn bản), which decides its head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Official letter (công văn): no title, the subject stands below the number.
    Letter,
    /// With a title above its subject: notice (thông báo), invitation (thư mời).
    Notice {
        /// The title.
        title: String,
    },
}

/// A part of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// One of a list.
    Item(String),
}

/// A table behind the signature (phụ lục), on pages of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LetterAnnex {
    /// `Phụ lục` and what it holds.
    pub title: String,
    /// Heads of the columns: the first holds numbers of rows, those after it words, the rest figures.
    pub columns: Vec<String>,
    /// Rows, a text a column.
    pub rows: Vec<Vec<String>>,
    /// How many columns behind the first hold words; one in drafts kept before there could be more.
    #[serde(default = "one_column")]
    pub words: usize,
}

/// Columns of words in an annex that does not say how many.
fn one_column() -> usize {
    1
}

/// A letter ready to be written. As JSON it is what the desk keeps of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Letter {
    /// The organ above (cơ quan chủ quản), where there is one.
    pub organ_above: Option<String>,
    /// Who issues it (cơ quan ban hành).
    pub organ: String,
    /// What follows the number: `TB-UBND`.
    pub symbol: String,
    /// Where it is issued, before the date.
    pub place: String,
    /// Month and year of the date; the day is left open.
    pub month: Month,
    /// Kind of document.
    pub kind: Kind,
    /// What it is about (trích yếu), without `V/v`.
    pub subject: String,
    /// Kính gửi.
    pub to: Vec<String>,
    /// Its text.
    pub body: Vec<Block>,
    /// Post of who signs.
    pub signer: String,
    /// Nơi nhận, beside the file copy.
    pub copies: Vec<String>,
    /// The officer who prepared it (practice: an officer is named on every notice).
    pub prepared_by: String,
    /// Whom to ask about personal data (Law 91/2025/QH15); empty for none, and in drafts kept before there was such a line.
    #[serde(default)]
    pub protection: String,
    /// A table behind the signature.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annex: Option<LetterAnnex>,
}

/// What is printed on a letter beside its text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The number before the symbol, as it is written (`05`), and the day; left open until the document office gave them.
    pub number: Option<(String, Date)>,
    /// How everybody can check it.
    pub check: Option<Check>,
}

/// Checking a document by everybody (tra cứu văn bản).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The verification number, to be typed.
    pub code: String,
    /// Address of the page, without the number; empty when the portal has no public address yet.
    pub page: String,
}

impl Check {
    /// What the QR code says: the page with the number, or the number alone.
    fn qr(&self) -> String {
        if self.page.is_empty() { self.code.clone() } else { format!("{}?ma={}", self.page, self.code) }
    }
}

impl Letter {
    /// The body as text that can be written anew: paragraphs parted by an empty line, items begin with `- `.
    pub fn text(&self) -> String {
        let parts = self.body.iter().map(|block| match block {
            Block::Paragraph(text) => text.clone(),
            Block::Item(text) => format!("- {text}"),
        });
        parts.collect::<Vec<_>>().join("\n\n")
    }

    /// The letter with another body, read as [`Letter::text`] writes it.
    #[must_use]
    pub fn with_text(&self, text: &str) -> Self {
        let text = text.replace("\r\n", "\n");
        let mut body = Vec::new();
        for part in text.split("\n\n") {
            let mut lines: Vec<&str> = Vec::new();
            for line in part.lines().map(str::trim).filter(|line| !line.is_empty()) {
                match line.strip_prefix("- ") {
                    Some(item) => {
                        body.extend((!lines.is_empty()).then(|| Block::Paragraph(lines.join(" "))));
                        lines.clear();
                        body.push(Block::Item(item.trim().to_owned()));
                    }
                    None => lines.push(line),
                }
            }
            body.extend((!lines.is_empty()).then(|| Block::Paragraph(lines.join(" "))));
        }
        Self { body, ..self.clone() }
    }

    fn head<'a>(&'a self, marks: &'a Marks) -> Head<'a> {
        Head {
            organ_above: self.organ_above.as_deref(),
            organ: &self.organ,
            number: marks.number.as_ref().map(|(number, day)| (number.as_str(), *day)),
            symbol: &self.symbol,
            about: (self.kind == Kind::Letter).then_some(self.subject.as_str()),
            place: &self.place,
            month: self.month,
        }
    }

    fn foot(&self) -> Foot<'_> {
        let prepared = (!self.prepared_by.is_empty()).then(|| format!("Người soạn: {}", self.prepared_by));
        let protection = (!self.protection.is_empty()).then(|| self.protection.clone());
        let remarks = prepared.map(|text| (text, 11)).into_iter().chain(protection.map(|text| (text, 10))).collect();
        Foot { copies: &self.copies, kept_by: "VT", remarks, signer: vec![&self.signer] }
    }
}

impl LetterAnnex {
    /// The part of the width that a column has: a narrow one for numbers of rows, broad ones for words, the rest alike.
    fn share(&self, column: usize) -> u32 {
        match column {
            0 => 1,
            _ if self.holds_words(column) => 4,
            _ => 2,
        }
    }

    /// Whether a column behind the first holds words.
    fn holds_words(&self, column: usize) -> bool {
        (1..=self.words).contains(&column)
    }
}

/// Why a letter could not be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LetterError {
    /// A template is faulty.
    #[error("mẫu thư {file}, dòng {line}: {what}")]
    Template {
        /// File of the template.
        file: String,
        /// Line, 1-based.
        line: usize,
        /// What is wrong.
        what: String,
    },
    /// The file could not be written.
    #[error("không ghi được thư: {detail}")]
    Write {
        /// What happened.
        detail: String,
    },
}

impl base::Explain for LetterError {
    fn code(&self) -> &'static str {
        match self {
            Self::Template { .. } => "letter_template",
            Self::Write { .. } => "letter_write",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Template { file, line, .. } => format!("{file}, dòng {line}"),
            Self::Write { .. } => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Template { .. } => "Sửa mẫu thư trong thư mục letters rồi mở lại.".to_owned(),
            Self::Write { .. } => "Thử lại; nếu vẫn lỗi, báo người quản trị.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
