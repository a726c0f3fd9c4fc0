//! What can go wrong in the engine.

use datafusion::error::DataFusionError;

/// Why a query or a table file could not be worked on.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The query is not one `SELECT`, names an unknown table or column, or failed while running.
    #[error("query: {0}")]
    Query(String),
    /// More than one statement, or none.
    #[error("exactly one statement is expected, found {found}")]
    Statements {
        /// How many there were.
        found: usize,
    },
    /// A `$name` in the query has no value.
    #[error("the query uses ${0}, which has no value")]
    UnboundValue(String),
    /// The query needs more memory than the session may take.
    #[error("the query needs more memory than allowed: {0}")]
    Memory(String),
    /// A Parquet file could not be read or written.
    #[error("{path}: {detail}")]
    File {
        /// The file.
        path: String,
        /// What happened.
        detail: String,
    },
    /// A sealed file whose key is not there.
    #[error("{path} is sealed with the key {key}, which is not in the key file, or no key file is given")]
    KeyMissing {
        /// The file.
        path: String,
        /// Id of the key.
        key: String,
    },
    /// A sealed file that is not what was written in this place.
    #[error("{path}: {detail}")]
    Changed {
        /// The file.
        path: String,
        /// What does not agree.
        detail: String,
    },
}

impl From<DataFusionError> for EngineError {
    fn from(error: DataFusionError) -> Self {
        match error.find_root() {
            DataFusionError::ResourcesExhausted(detail) => Self::Memory(detail.clone()),
            _ => Self::Query(error.strip_backtrace()),
        }
    }
}

impl base::Explain for EngineError {
    fn code(&self) -> &'static str {
        match self {
            Self::Query(_) => "query_failed",
            Self::Statements { .. } => "query_statements",
            Self::UnboundValue(_) => "query_value_missing",
            Self::Memory(_) => "query_memory",
            Self::File { .. } => "table_file",
            Self::KeyMissing { .. } => "book_key_missing",
            Self::Changed { .. } => "book_file_changed",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::File { path, .. } | Self::KeyMissing { path, .. } | Self::Changed { path, .. } => path.clone(),
            _ => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Query(_) | Self::Statements { .. } | Self::UnboundValue(_) => "Sửa câu truy vấn rồi chạy lại.".into(),
            Self::Memory(_) => "Tăng giới hạn bộ nhớ (--memory-mb) hoặc thu hẹp câu truy vấn.".into(),
            Self::File { .. } => "Kiểm tra ổ đĩa và quyền ghi; chạy lại kỳ để tạo lại tệp.".into(),
            Self::KeyMissing { .. } => {
                "Đưa tệp khóa có khóa này vào: --keys TỆP hoặc ANSINH_KEYS. Không còn tệp khóa thì dữ liệu đã mã hóa không mở lại được.".into()
            }
            Self::Changed { .. } => {
                "Lấy lại tệp từ bản sao lưu. Nếu không ai sửa hay chép tệp này, báo người phụ trách an toàn thông tin.".into()
            }
        }
    }
}
