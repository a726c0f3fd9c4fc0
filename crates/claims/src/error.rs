//! What can go wrong with claims.

use base::Explain;

/// An error of this chapter.
#[derive(Debug, thiserror::Error)]
pub enum ClaimsError {
    /// A form lacks a column that the program needs.
    #[error("mẫu bảng {table} không có cột {column}")]
    Form {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A list of codes that the program needs is missing.
    #[error("không có danh mục mã {0}")]
    List(&'static str),
    /// A contract of a context is missing or differs from what the program fills.
    #[error("bảng ngữ cảnh {context}: {detail}")]
    Context {
        /// The context.
        context: String,
        /// What differs.
        detail: String,
    },
    /// A rule that could not be run.
    #[error(transparent)]
    Rule(#[from] rules::RunError),
    /// Tables that could not be built.
    #[error(transparent)]
    Engine(#[from] engine::EngineError),
    /// A file that is no claim file, or cannot be read.
    #[error(transparent)]
    File(#[from] claimfile::FileError),
    /// The book could not be read or written.
    #[error(transparent)]
    Book(#[from] book::BookError),
    /// Two visits whose numbers are the same by chance.
    #[error("hai hồ sơ của cơ sở {} và {} có cùng số {id} trong sổ", facilities[0], facilities[1])]
    SameNumber {
        /// The number.
        id: i64,
        /// Their facilities.
        facilities: [String; 2],
    },
    /// Something that was to be written down or read again could not be.
    #[error("{0}")]
    Refused(String),
    /// A ZIP that would fill memory, hides something or is cut.
    #[error("tệp nén {name}: {detail}")]
    Zip {
        /// File name without folders.
        name: String,
        /// What is wrong.
        detail: String,
    },
}

impl Explain for ClaimsError {
    fn code(&self) -> &'static str {
        match self {
            Self::Form { .. } => "claim_form",
            Self::List(_) => "claim_list",
            Self::Context { .. } => "claim_context",
            Self::Rule(error) => error.code(),
            Self::Engine(_) => "engine",
            Self::File(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::SameNumber { .. } => "claim_same_number",
            Self::Refused(_) => "claim_refused",
            Self::Zip { .. } => "claim_zip",
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Form { .. } | Self::List(_) | Self::Context { .. } => {
                "Sửa các tệp trong formats/claims và formats/tables cho khớp với phiên bản chương trình.".to_owned()
            }
            Self::Rule(error) => error.remedy(),
            Self::Engine(_) => "Báo lỗi này cho người quản trị cùng tệp đã kiểm tra.".to_owned(),
            Self::File(error) => error.remedy(),
            Self::Book(error) => error.remedy(),
            Self::SameNumber { .. } => "Báo cho người quản trị: cần đổi cách đánh số hồ sơ. Chưa có gì bị ghi.".to_owned(),
            Self::Refused(_) => "Kiểm tra ổ đĩa và thư mục dữ liệu rồi làm lại; nếu còn, báo cho người quản trị.".to_owned(),
            Self::Zip { .. } => "Giải nén bằng phần mềm khác rồi kiểm tra thư mục đã giải nén.".to_owned(),
        }
    }
}
