//! Letters and notices to people and employers: templates a city can change, filled and written as DOCX.
//!
//! A letter that comes out of here is a draft: number, day and signature are given by the document office and the one who signs.

pub(crate) mod docx;
mod template;

use base::Month;

pub use docx::write_docx;
pub use template::{Addressee, FIELDS, Letters, Template, Values};

/// What kind of document it is (thể loại văn bản), which decides its head.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// One of a list.
    Item(String),
}

/// A letter ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Whom to ask about personal data (Law 91/2025/QH15); empty for none.
    pub protection: String,
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
