//! Why nothing of what was sent is taken.

use axum::http::StatusCode;
use base::Explain;

use crate::zipped::ZipFault;

/// A refusal. No value that was sent stands in it, but for codes of facilities and names of fields.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    /// Somebody who is signed in, not a program.
    #[error("Địa chỉ này chỉ nhận phần mềm của cơ sở khám bệnh, chữa bệnh có mã truy cập (Authorization: Bearer …)")]
    NotAProgram,
    /// The token is of a unit that is no facility.
    #[error("Mã truy cập này không thuộc một cơ sở khám bệnh, chữa bệnh (đơn vị kcb-…)")]
    NoFacility,
    /// A secret of the national portal.
    #[error(
        "Trường hoặc tiêu đề `{0}` là thông tin đăng nhập của cổng BHXH Việt Nam: không gửi đến đây. Nội dung đó không được lưu, không ghi nhật ký; nếu đã lộ, hãy đổi mật khẩu"
    )]
    NationalSecret(&'static str),
    /// Another facility than that of the token.
    #[error("Trường maCSKCB phải là {own}, cơ sở của mã truy cập này")]
    OtherFacility {
        /// The facility of the token.
        own: String,
    },
    /// A field that must be there.
    #[error("Thiếu trường `{0}`")]
    Missing(&'static str),
    /// A field with a value that it cannot have.
    #[error("Trường `{0}` không hợp lệ")]
    BadField(&'static str),
    /// The body is none of the kinds taken.
    #[error("Thân yêu cầu phải là application/x-www-form-urlencoded, multipart/form-data hoặc application/json")]
    OtherBody,
    /// The body cannot be read as what it says it is.
    #[error("Không đọc được thân yêu cầu")]
    BrokenBody,
    /// `fileHSBase64` is no base64.
    #[error("Trường fileHSBase64 không phải base64 hợp lệ: {0}")]
    NotBase64(String),
    /// More than the setting allows.
    #[error("Tệp lớn hơn {megabytes} MB")]
    TooLarge {
        /// The setting.
        megabytes: u64,
    },
    /// The content is a ZIP that is cut off or damaged.
    #[error("Tệp nén hỏng hoặc bị cắt, không mở được")]
    BrokenZip,
    /// A ZIP made to hurt or to hide something.
    #[error("Không nhận tệp nén này: {0}")]
    UnsafeZip(&'static str),
    /// A ZIP whose files are larger than is taken.
    #[error("Các tệp trong tệp nén lớn hơn mức được nhận ({megabytes} MB sau khi giải nén)")]
    ZipTooLarge {
        /// The limit that was passed: of one file or of all together.
        megabytes: u64,
    },
    /// The content is no claim file.
    #[error("Không nhận tệp này: {0}")]
    OtherFile(String),
    /// `loaiHoSo` says a check-in and the file holds claims, or the other way round.
    #[error("Trường loaiHoSo là {said} nhưng tệp là {found}")]
    OtherKind {
        /// As the form says.
        said: String,
        /// As the file is.
        found: &'static str,
    },
    /// A dossier of another facility in the file.
    #[error("Tệp có hồ sơ của cơ sở khác {own}")]
    OtherFacilityInside {
        /// The facility of the token.
        own: String,
    },
    /// All who check are at work.
    #[error("Đang kiểm tra nhiều tệp khác, hãy gửi lại sau ít phút")]
    Busy,
    /// Something inside failed; the code goes to the reader, the rest to the log.
    #[error("Hệ thống chưa nhận được tệp này (mã {0})")]
    Inside(&'static str),
}

impl Refusal {
    /// An inner error: its text goes to the log, its code to the program that asked.
    pub(super) fn inner(error: &impl Explain) -> Self {
        eprintln!("claim file not taken: {} ({})", error.what(), error.code());
        Self::Inside(error.code())
    }

    /// The status, which also stands in `maKetQua`.
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::NotAProgram | Self::NoFacility | Self::OtherFacility { .. } | Self::OtherFacilityInside { .. } => {
                StatusCode::FORBIDDEN
            }
            Self::TooLarge { .. } | Self::ZipTooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::OtherBody => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Inside(_) => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<ZipFault> for Refusal {
    fn from(fault: ZipFault) -> Self {
        match fault {
            ZipFault::Broken => Self::BrokenZip,
            ZipFault::Unsafe(why) => Self::UnsafeZip(why),
            ZipFault::TooLarge { limit } => Self::ZipTooLarge { megabytes: limit >> 20 },
        }
    }
}

impl Explain for Refusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAProgram => "not_a_program",
            Self::NoFacility => "no_facility",
            Self::NationalSecret(_) => "national_secret",
            Self::OtherFacility { .. } => "other_facility",
            Self::Missing(_) => "field_missing",
            Self::BadField(_) => "field_wrong",
            Self::OtherBody => "body_kind",
            Self::BrokenBody => "body_broken",
            Self::NotBase64(_) => "not_base64",
            Self::TooLarge { .. } => "too_large",
            Self::BrokenZip => "zip_broken",
            Self::UnsafeZip(_) => "zip_unsafe",
            Self::ZipTooLarge { .. } => "zip_too_large",
            Self::OtherFile(_) => "other_file",
            Self::OtherKind { .. } => "other_kind",
            Self::OtherFacilityInside { .. } => "other_facility_inside",
            Self::Busy => "busy",
            Self::Inside(_) => "internal",
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::NotAProgram => "Người dùng nộp tệp trên trang của cổng; phần mềm dùng mã truy cập do quản trị viên cấp (/ma-truy-cap).",
            Self::NoFacility => "Đề nghị quản trị viên cấp mã truy cập cho đơn vị kcb-<mã cơ sở>.",
            Self::NationalSecret(_) => {
                "Bỏ passwordHash, accessToken, tokenId, password khỏi cấu hình gửi đến địa chỉ này; chỉ dùng Authorization: Bearer …"
            }
            Self::OtherFacility { .. } | Self::OtherFacilityInside { .. } => "Dùng mã truy cập của đúng cơ sở lập tệp.",
            Self::Missing(_) | Self::BadField(_) | Self::OtherBody | Self::BrokenBody => {
                "Gửi biểu mẫu gồm username, loaiHoSo, maTinh, maCSKCB, fileHSBase64 (docs/claims.md)."
            }
            Self::NotBase64(_) => "Mã hóa toàn bộ tệp XML hoặc ZIP bằng base64; trong biểu mẫu, viết dấu + thành %2B.",
            Self::TooLarge { .. } => "Chia tệp thành nhiều tệp nhỏ hơn, hoặc đề nghị quản trị viên đặt lại `claims_mb`.",
            Self::BrokenZip => "Nén lại thành tệp ZIP thường rồi gửi lại cả tệp.",
            Self::UnsafeZip(_) => "Nén lại các tệp XML thành ZIP thường, không mật khẩu, không tệp nén bên trong, hoặc gửi từng tệp XML.",
            Self::ZipTooLarge { .. } => "Chia thành nhiều tệp ZIP nhỏ hơn, hoặc đề nghị quản trị viên đặt lại `claims_mb`.",
            Self::OtherFile(_) => {
                "Gửi tệp GIAMDINHHS (Quyết định 130, 4750, 3176), tệp check-in CHI_TIEU_TRANG_THAI_KCB, hoặc tệp ZIP chứa các tệp ấy."
            }
            Self::OtherKind { .. } => "loaiHoSo 0 dành cho tệp check-in; hồ sơ đề nghị thanh toán dùng 3, 130, 4750 hoặc 3176.",
            Self::Busy => "Gửi lại cùng tệp: gửi nhiều lần không làm thay đổi gì.",
            Self::Inside(_) => "Gửi lại sau; nếu vẫn lỗi, báo bộ phận kỹ thuật kèm mã này.",
        }
        .to_owned()
    }
}
