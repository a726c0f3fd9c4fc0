//! What can go wrong when the city is made or a result is scored.

use base::Explain;

/// Why the city could not be made or a prediction not be scored.
#[derive(Debug, thiserror::Error)]
pub enum CityError {
    /// A setting is out of its range.
    #[error("{what}")]
    Config {
        /// What is wrong, in Vietnamese.
        what: String,
    },
    /// An embedded list cannot be read: a fault of the program.
    #[error("{file}, line {line}: {reason}")]
    Data {
        /// Name of the list.
        file: &'static str,
        /// Line, from 1; 0 when the whole list is meant.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The output folder holds something that the city did not write.
    #[error("thư mục {folder} đã có dữ liệu khác, không phải thành phố giả lập")]
    ForeignFolder {
        /// The folder.
        folder: String,
    },
    /// A file or folder could not be read or written.
    #[error("không đọc hoặc ghi được {path}: {source}")]
    Io {
        /// File or folder.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A workbook could not be made.
    #[error("không tạo được tệp {file}: {detail}")]
    Xlsx {
        /// File name.
        file: String,
        /// What the library said.
        detail: String,
    },
    /// A truth file does not have the expected form, or is of another period.
    #[error("{file}, dòng {line}: {reason}")]
    Truth {
        /// File name.
        file: String,
        /// Line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

impl CityError {
    /// For `map_err` on file operations.
    pub(crate) fn io(path: &std::path::Path) -> impl FnOnce(std::io::Error) -> CityError + '_ {
        // The path becomes text only when something failed: this stands in every written row.
        move |source| CityError::Io { path: path.display().to_string(), source }
    }
}

impl Explain for CityError {
    fn code(&self) -> &'static str {
        match self {
            Self::Config { .. } => "city_config",
            Self::Data { .. } => "city_data",
            Self::ForeignFolder { .. } => "city_foreign_folder",
            Self::Io { .. } => "city_io",
            Self::Xlsx { .. } => "city_xlsx",
            Self::Truth { .. } => "city_truth",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::Config { .. } => String::new(),
            Self::Data { file, line, .. } => format!("{file}:{line}"),
            Self::ForeignFolder { folder } => folder.clone(),
            Self::Io { path, .. } => path.clone(),
            Self::Xlsx { file, .. } => file.clone(),
            Self::Truth { file, line, .. } => format!("{file}:{line}"),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Config { .. } => "Sửa tham số rồi chạy lại.",
            Self::Data { .. } | Self::Xlsx { .. } => "Đây là lỗi của chương trình, đề nghị báo cho nhóm phát triển.",
            Self::ForeignFolder { .. } => "Chọn thư mục trống hoặc thư mục do lệnh này đã tạo.",
            Self::Io { .. } => "Kiểm tra đường dẫn, quyền ghi và dung lượng đĩa rồi chạy lại.",
            Self::Truth { .. } => "Tạo lại thành phố giả lập cho đúng kỳ rồi chấm điểm lại.",
        }
        .to_owned()
    }
}
