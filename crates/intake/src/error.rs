//! Why a whole file was refused, and what its sender can do about it.

use base::Explain;

/// Why a file was not taken in. Nothing of such a file may be kept, not even chunks already handed on.
///
/// The texts hold no cell of the table: they may go into logs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IntakeError {
    /// No bytes, or no filled cell.
    #[error("Tệp rỗng, không có dữ liệu.")]
    Empty,
    /// Neither a workbook nor text in columns.
    #[error("Tệp không phải bảng tính .xlsx, .xls hoặc .csv: {hint}.")]
    NotATable {
        /// What it seems to be.
        hint: String,
    },
    /// No layout has all its required columns in this file.
    #[error("Không nhận ra loại bảng kê. {}", describe_unknown(.nearest, .missing, .unknown))]
    UnknownLayout {
        /// Title of the layout that comes nearest; `None` when no header row was found at all.
        nearest: Option<String>,
        /// Its required columns that are missing.
        missing: Vec<String>,
        /// Headers of the file that it does not know.
        unknown: Vec<String>,
    },
    /// Several rosters fit equally well.
    #[error("Tệp khớp với nhiều loại bảng kê: {}.", .rosters.join(", "))]
    AmbiguousLayout {
        /// The rosters.
        rosters: Vec<String>,
    },
    /// The agreement leaves out a field without which the file cannot be read.
    #[error("Thỏa thuận chia sẻ dữ liệu không có cột mà tệp loại này bắt buộc phải có: {}.", .headers.join(", "))]
    OutsideAgreement {
        /// Usual headers of those fields.
        headers: Vec<String>,
    },
    /// The caller asked for a roster that has no layout.
    #[error("Không có mẫu cho loại bảng kê `{roster}`.")]
    UnknownRoster {
        /// As asked for.
        roster: String,
    },
    /// Two columns mean the same field.
    #[error("Các cột {} cùng một nghĩa.", quoted(.headers))]
    DuplicateColumn {
        /// Their headers.
        headers: Vec<String>,
    },
    /// None of several sheets is the roster.
    #[error("Không trang tính nào trong tệp là bảng kê cần đọc ({}).", quoted(.sheets))]
    WrongSheet {
        /// The sheets looked at.
        sheets: Vec<String>,
    },
    /// Several sheets are the roster; reading one would lose the others.
    #[error("Nhiều trang tính cùng là bảng kê này: {}.", quoted(.sheets))]
    SeveralSheets {
        /// The sheets that fit.
        sheets: Vec<String>,
    },
    /// Larger than allowed.
    #[error("Tệp quá lớn: {bytes} byte, giới hạn {limit} byte.")]
    TooLarge {
        /// Bytes found, unpacked ones where the unpacked size is too large.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Unpacks to far more than a sheet would.
    #[error("Tệp nén bất thường (gấp {ratio} lần), có dấu hiệu gây hại.")]
    ZipBomb {
        /// Unpacked size over packed size of the worst part.
        ratio: u64,
    },
    /// The container holds what no workbook holds.
    #[error("Tệp có cấu trúc bất thường: {reason}.")]
    Suspicious {
        /// What.
        reason: String,
    },
    /// Cut off or damaged on the way.
    #[error("Tệp bị cắt cụt hoặc hỏng: {detail}.")]
    Truncated {
        /// Which part.
        detail: String,
    },
    /// Protected by a password.
    #[error("Tệp được đặt mật khẩu nên không đọc được.")]
    Encrypted,
    /// The lock file that Excel leaves beside an open workbook.
    #[error("Đây là tệp khóa tạm của Excel (~$), không phải bảng kê.")]
    Locked,
    /// A workbook of Excel 97-2003 that does not follow its own format.
    #[error("Không đọc được tệp Excel cũ (.xls): {detail}.")]
    OldWorkbook {
        /// What is wrong.
        detail: String,
    },
    /// Open in another program, which lets nobody else read it.
    #[error("Tệp đang được mở trong chương trình khác.")]
    InUse,
    /// Bytes that are no text in any of the known encodings.
    #[error("Bảng mã chữ không đọc được từ byte {offset}.")]
    Encoding {
        /// Offset of the first bad byte.
        offset: u64,
    },
    /// Bytes that are sound Vietnamese in more than one old encoding.
    #[error("Tệp đọc được theo nhiều bảng mã cũ: {}.", .candidates.join(", "))]
    AmbiguousEncoding {
        /// Names of the encodings.
        candidates: Vec<String>,
    },
    /// A quotation mark opens and never closes.
    #[error("Dòng {row}: dấu ngoặc kép mở mà không đóng.")]
    BrokenQuotes {
        /// Row in which it opens.
        row: u64,
    },
    /// A row has more cells than the header has columns.
    #[error("Dòng {row} có nhiều ô hơn {columns} cột của dòng tiêu đề.")]
    WiderRow {
        /// The row.
        row: u64,
        /// Columns of the header.
        columns: usize,
    },
    /// The file says how many rows it has, and has another number.
    #[error("Tệp ghi tổng số {declared} nhưng đọc được {read} dòng.")]
    DeclaredMismatch {
        /// As the file says.
        declared: u64,
        /// As read.
        read: u64,
    },
    /// So many rows are refused that the file itself must be wrong.
    #[error("Quá {limit} dòng không đạt.")]
    TooManyRejects {
        /// How many are allowed.
        limit: usize,
    },
    /// More rows than a file of this kind has.
    #[error("Tệp có hơn {limit} dòng.")]
    TooManyRows {
        /// How many are allowed.
        limit: usize,
    },
    /// The workbook does not follow its own format.
    #[error("Nội dung .xlsx không đúng chuẩn: {detail}.")]
    Xlsx {
        /// Which part is wrong.
        detail: String,
    },
    /// The file could not be read from disk.
    #[error("Không mở được tệp: {detail}.")]
    Unreadable {
        /// What the system says.
        detail: String,
    },
    /// The receiver of the rows refused them.
    #[error("Không ghi được dữ liệu đã đọc: {message}.")]
    Sink {
        /// What the receiver says.
        message: String,
    },
}

impl Explain for IntakeError {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::NotATable { .. } => "not_a_table",
            Self::UnknownLayout { .. } => "layout_unknown",
            Self::AmbiguousLayout { .. } => "layout_ambiguous",
            Self::OutsideAgreement { .. } => "outside_agreement",
            Self::UnknownRoster { .. } => "roster_unknown",
            Self::DuplicateColumn { .. } => "column_twice",
            Self::WrongSheet { .. } => "sheet_wrong",
            Self::SeveralSheets { .. } => "sheets_several",
            Self::TooLarge { .. } => "file_too_large",
            Self::ZipBomb { .. } => "zip_bomb",
            Self::Suspicious { .. } => "file_suspicious",
            Self::Truncated { .. } => "file_truncated",
            Self::Encrypted => "file_encrypted",
            Self::Locked => "file_locked",
            Self::OldWorkbook { .. } => "workbook_old",
            Self::InUse => "file_in_use",
            Self::Encoding { .. } => "encoding_unknown",
            Self::AmbiguousEncoding { .. } => "encoding_ambiguous",
            Self::BrokenQuotes { .. } => "quotes_broken",
            Self::WiderRow { .. } => "row_wider",
            Self::DeclaredMismatch { .. } => "declared_mismatch",
            Self::TooManyRejects { .. } => "too_many_rejects",
            Self::TooManyRows { .. } => "too_many_rows",
            Self::Xlsx { .. } => "xlsx_invalid",
            Self::Unreadable { .. } => "file_unreadable",
            Self::Sink { .. } => "store_failed",
        }
    }

    fn place(&self) -> String {
        match self {
            Self::BrokenQuotes { row } => format!("dòng {row}"),
            Self::WiderRow { row, columns } => format!("dòng {row}, cột {}", columns + 1),
            Self::Encoding { offset } => format!("byte {offset}"),
            Self::WrongSheet { sheets } | Self::SeveralSheets { sheets } => format!("trang tính {}", sheets.join(", ")),
            Self::UnknownLayout { .. } | Self::DuplicateColumn { .. } => "dòng tiêu đề".to_owned(),
            _ => String::new(),
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Empty => "Kiểm tra lại tệp đã xuất rồi gửi lại.",
            Self::NotATable { .. } => "Mở tệp bằng Excel, chọn Lưu thành .xlsx hoặc CSV UTF-8 rồi gửi lại.",
            Self::UnknownLayout { .. } => {
                "Bổ sung các cột còn thiếu hoặc sửa tiêu đề cột; nếu là mẫu mới, báo quản trị thêm vào formats/rosters."
            }
            Self::AmbiguousLayout { .. } => "Nêu rõ loại bảng kê khi tiếp nhận.",
            Self::OutsideAgreement { .. } => {
                "Bổ sung các cột này vào thỏa thuận: xem ansinh privacy agreement list; thỏa thuận mới ghi đủ cột rồi gửi lại tệp."
            }
            Self::UnknownRoster { .. } => "Chọn một trong các loại bảng kê có mẫu trong formats/rosters.",
            Self::DuplicateColumn { .. } => "Giữ một cột, đổi tên hoặc xóa cột còn lại.",
            Self::WrongSheet { .. } => "Gửi tệp chỉ có trang tính chứa bảng kê, tiêu đề nằm trong 40 dòng đầu.",
            Self::SeveralSheets { .. } => "Tách mỗi trang tính thành một tệp rồi gửi lại.",
            Self::TooLarge { .. } | Self::TooManyRows { .. } => "Tách tệp thành nhiều phần nhỏ hơn.",
            Self::ZipBomb { .. } | Self::Suspicious { .. } => {
                "Không mở tệp này; xuất lại từ phần mềm gốc và báo bộ phận an toàn thông tin."
            }
            Self::Truncated { .. } => "Tải hoặc sao chép lại tệp từ nơi gửi.",
            Self::Encrypted => "Bỏ mật khẩu của tệp rồi gửi lại.",
            Self::Locked => "Đóng tệp trong Excel và gửi tệp không có ~$ ở đầu tên.",
            Self::OldWorkbook { .. } => "Mở bằng Excel, chọn Lưu thành .xlsx rồi gửi lại.",
            Self::InUse => "Đóng tệp trong Excel hoặc chương trình đang mở rồi thử lại.",
            Self::Encoding { .. } | Self::AmbiguousEncoding { .. } => "Lưu lại tệp ở bảng mã Unicode (CSV UTF-8) rồi gửi lại.",
            Self::BrokenQuotes { .. } => "Sửa dấu ngoặc kép ở dòng đã nêu hoặc xuất lại tệp.",
            Self::WiderRow { .. } => "Đặt ô có dấu phân cách trong ngoặc kép, hoặc bỏ ô thừa ở dòng đã nêu.",
            Self::DeclaredMismatch { .. } => "Kiểm tra tệp có thiếu hoặc thừa dòng so với tổng số đã ghi rồi gửi lại.",
            Self::TooManyRejects { .. } => "Kiểm tra tệp có đúng loại bảng kê và đúng cột không.",
            Self::Xlsx { .. } => "Mở bằng Excel, lưu lại rồi gửi lại.",
            Self::Unreadable { .. } => "Đóng tệp nếu đang mở trong Excel, kiểm tra quyền đọc rồi thử lại.",
            Self::Sink { .. } => "Kiểm tra dung lượng đĩa và thư mục dữ liệu rồi chạy lại.",
        }
        .to_owned()
    }

    fn public_text(&self) -> String {
        "Tệp gửi lên chưa đọc được, đề nghị kiểm tra và gửi lại.".to_owned()
    }
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|n| format!("“{n}”")).collect::<Vec<_>>().join(", ")
}

fn describe_unknown(nearest: &Option<String>, missing: &[String], unknown: &[String]) -> String {
    let Some(nearest) = nearest else {
        return "Không tìm thấy dòng tiêu đề trong 40 dòng đầu.".to_owned();
    };
    let mut text = format!("Gần nhất là “{nearest}”, còn thiếu cột {}", quoted(missing));
    if !unknown.is_empty() {
        text.push_str(&format!("; cột không rõ nghĩa: {}", quoted(unknown)));
    }
    text.push('.');
    text
}
