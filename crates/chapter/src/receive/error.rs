//! Why a file was not taken in.

use base::{Explain, Month};
use book::BookError;
use engine::EngineError;
use intake::IntakeError;

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum ReceiveError {
    /// Another file of this name was taken in for the period: both together would count people twice.
    #[error("kỳ {period} đã nhận tệp `{file_name}` với nội dung khác (lô {batch})")]
    NameTaken {
        /// The name.
        file_name: String,
        /// The period.
        period: Month,
        /// The batch that has the name.
        batch: String,
    },
    /// What is to be replaced is not there.
    #[error("kỳ {period} không có lô hay tệp `{wanted}` đang được dùng")]
    NothingToReplace {
        /// Batch or file name as given.
        wanted: String,
        /// The period.
        period: Month,
    },
    /// What is to be replaced is another roster.
    #[error("lô {batch} là danh sách `{found}`, tệp gửi lên là `{roster}`")]
    OtherRoster {
        /// The batch to be replaced.
        batch: String,
        /// Its roster.
        found: String,
        /// Roster of the file.
        roster: String,
    },
    /// Every agreement about the roster is over.
    #[error("mọi thỏa thuận chia sẻ dữ liệu về danh sách `{roster}` đã hết hiệu lực (gần nhất: {number})")]
    AgreementOver {
        /// The roster.
        roster: String,
        /// Number of the last agreement.
        number: String,
    },
    /// The file could not be read as a roster.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The book failed.
    #[error(transparent)]
    Book(#[from] BookError),
    /// Columns could not be put together.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Explain for ReceiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTaken { .. } => "file_name_taken",
            Self::NothingToReplace { .. } => "nothing_to_replace",
            Self::OtherRoster { .. } => "other_roster",
            Self::AgreementOver { .. } => "agreement_over",
            Self::Intake(error) => error.code(),
            Self::Book(error) => error.code(),
            Self::Engine(error) => error.code(),
        }
    }

    fn place(&self) -> String {
        match self {
            Self::NameTaken { file_name, .. } => file_name.clone(),
            Self::NothingToReplace { wanted, .. } => wanted.clone(),
            Self::OtherRoster { batch, .. } => batch.clone(),
            Self::AgreementOver { roster, .. } => roster.clone(),
            Self::Intake(error) => error.place(),
            Self::Book(error) => error.place(),
            Self::Engine(error) => error.place(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::NameTaken { batch, .. } => format!(
                "Nếu tệp này thay cả tệp trước, thêm: --replace {batch}. Nếu là tệp sửa các dòng bị trả lại, hãy đặt tên khác."
            ),
            Self::NothingToReplace { .. } => {
                "Xem các lô đang dùng ở trang Dữ liệu đã nhận, rồi ghi đúng mã lô hoặc tên tệp sau --replace.".into()
            }
            Self::OtherRoster { .. } => "Chỉ thay được tệp cùng loại danh sách; kiểm tra lại mã lô sau --replace.".into(),
            Self::AgreementOver { .. } => {
                "Ký tiếp thì ghi thỏa thuận mới ở trang Dữ liệu cá nhân hoặc bằng: ansinh privacy agreement add; rồi gửi lại tệp."
                    .into()
            }
            Self::Intake(error) => error.remedy(),
            Self::Book(error) => error.remedy(),
            Self::Engine(error) => error.remedy(),
        }
    }
}
