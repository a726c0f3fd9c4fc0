//! Why a file gave no plan, and what its sender can do about it.

use base::Explain;
use intake::IntakeError;

/// A file that is refused whole. The texts hold nothing of its contents.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The file could not be read: container, encoding, size.
    #[error("{0}")]
    File(IntakeError),
    /// Another kind of file.
    #[error("Tệp không phải văn bản thuần (.txt), Word (.docx) hay bảng tính (.xlsx, .xls): {hint}.")]
    OtherKind {
        /// What it seems to be.
        hint: String,
    },
    /// The parts of a DOCX do not follow their own format.
    #[error("Nội dung .docx không đúng chuẩn: {detail}.")]
    Docx {
        /// What is wrong.
        detail: String,
    },
    /// Readable, but no plan with tasks.
    #[error("Không thấy nhiệm vụ nào trong tệp: {reason}.")]
    NotAPlan {
        /// What was looked for and not found.
        reason: String,
    },
}

impl From<IntakeError> for PlanError {
    fn from(error: IntakeError) -> Self {
        match error {
            IntakeError::NotATable { hint } => Self::OtherKind { hint },
            IntakeError::OldWorkbook { .. } => {
                Self::OtherKind { hint: "là tệp Word cũ (.doc) hoặc Excel cũ không đọc được".to_owned() }
            }
            other => Self::File(other),
        }
    }
}

impl Explain for PlanError {
    fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::OtherKind { .. } => "not_a_document",
            Self::Docx { .. } => "docx_invalid",
            Self::NotAPlan { .. } => "not_a_plan",
        }
    }

    fn place(&self) -> String {
        if let Self::File(error) = self { error.place() } else { String::new() }
    }

    fn remedy(&self) -> String {
        match self {
            Self::File(IntakeError::Encoding { .. } | IntakeError::AmbiguousEncoding { .. }) => {
                "Mở tệp, lưu lại ở bảng mã Unicode (UTF-8) rồi chạy lại.".to_owned()
            }
            Self::File(error) => error.remedy(),
            Self::OtherKind { .. } => {
                "Mở tệp bằng Word hoặc Excel, lưu thành .docx hoặc .xlsx; bản quét (PDF, ảnh) phải nhận dạng chữ trước."
                    .to_owned()
            }
            Self::Docx { .. } => "Mở bằng Word, lưu lại thành .docx rồi chạy lại.".to_owned(),
            Self::NotAPlan { .. } => {
                "Kiểm tra tệp có đúng là kế hoạch không; nhiệm vụ phải có nhãn (chủ trì, phối hợp, kết quả, thời gian) \
                hoặc nằm trong bảng có các cột ấy. Xem docs/plan.md."
                    .to_owned()
            }
        }
    }
}
