//! What can go wrong with the book.

use std::path::Path;

use engine::EngineError;

/// Why the book could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// The disk refused.
    #[error("{path}: {detail}")]
    Io {
        /// File or folder.
        path: String,
        /// What the system said.
        detail: String,
    },
    /// Another process is writing.
    #[error("another command is writing into this data folder ({path})")]
    Busy {
        /// The lock file.
        path: String,
    },
    /// A file of the book is not what its name or the book says.
    #[error("{path} is damaged: {detail}")]
    Damaged {
        /// The file.
        path: String,
        /// What does not agree.
        detail: String,
    },
    /// There is no such run or period.
    #[error("there is no {what} in this data folder")]
    Missing {
        /// What was looked for, e.g. `run 2026-10-7f3a9c21`.
        what: String,
    },
    /// A table was taken out: its period is over the term of retention.
    #[error("what held people in periods before {before} was erased by decision: {decision}")]
    Forgotten {
        /// Periods before this month.
        before: base::Month,
        /// The document that ordered it.
        decision: String,
    },
    /// A table could not be written or read.
    #[error(transparent)]
    Table(#[from] EngineError),
}

impl BookError {
    pub(crate) fn io(path: &Path, error: &std::io::Error) -> Self {
        Self::Io { path: path.display().to_string(), detail: error.to_string() }
    }

    pub(crate) fn damaged(path: &Path, detail: impl Into<String>) -> Self {
        Self::Damaged { path: path.display().to_string(), detail: detail.into() }
    }
}

impl base::Explain for BookError {
    fn code(&self) -> &'static str {
        match self {
            Self::Io { .. } => "book_io",
            Self::Busy { .. } => "book_busy",
            Self::Damaged { .. } => "book_damaged",
            Self::Missing { .. } => "book_missing",
            Self::Forgotten { .. } => "book_forgotten",
            Self::Table(error) => error.code(),
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Io { path, .. } | Self::Busy { path } | Self::Damaged { path, .. } => path.clone(),
            Self::Missing { what } => what.clone(),
            Self::Forgotten { before, .. } => before.to_string(),
            Self::Table(error) => error.place(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Io { .. } => "Kiểm tra ổ đĩa còn chỗ, quyền ghi của thư mục dữ liệu, rồi chạy lại.".into(),
            Self::Busy { .. } => "Đợi lệnh đang chạy kết thúc rồi chạy lại.".into(),
            Self::Damaged { .. } => "Lấy lại tệp từ bản sao lưu, hoặc nạp lại danh sách và chạy lại kỳ.".into(),
            Self::Missing { .. } => "Xem các kỳ đã chạy trong thư mục dữ liệu, hoặc chạy: ansinh run --period YYYY-MM".into(),
            Self::Forgotten { .. } => {
                "Số liệu tổng hợp của kỳ còn nguyên; dữ liệu từng người đã hết thời hạn lưu và không lấy lại được.".into()
            }
            Self::Table(error) => error.remedy(),
        }
    }
}
