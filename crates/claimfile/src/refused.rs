//! What could not be kept, and why.

use std::fmt;

use base::Explain;

use crate::dossier::TableId;

/// Why a dossier, or a piece of a file, was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The XML is not well-formed or was cut off.
    #[error("XML không đọc được: {0}")]
    Broken(String),
    /// The content is neither base64 nor XML.
    #[error("NOIDUNGFILE không phải base64 hợp lệ, cũng không phải XML")]
    NotBase64,
    /// The inner text is not UTF-8.
    #[error("nội dung không phải UTF-8 hợp lệ")]
    NotUtf8,
    /// A document type could make entities grow without end.
    #[error("nội dung có DOCTYPE, không được nhận")]
    DocType,
    /// The element is none of the table's.
    #[error("phần tử gốc không phải của bảng này, cần {0}")]
    WrongRoot(String),
    /// LOAIHOSO is none of XML1-XML15.
    #[error("LOAIHOSO không phải XML1 đến XML15")]
    UnknownTable,
    /// The same table twice in a dossier.
    #[error("bảng này có hai lần trong một hồ sơ")]
    TableTwice,
    /// The dossier has no XML1.
    #[error("hồ sơ không có bảng XML1")]
    NoVisit,
    /// XML1 has more than one record.
    #[error("bảng XML1 có nhiều hơn một bản ghi")]
    SeveralVisits,
    /// MA_LK is empty.
    #[error("thiếu mã liên kết MA_LK")]
    NoLink,
    /// MA_LK differs from that of XML1.
    #[error("MA_LK khác MA_LK của bảng XML1")]
    OtherLink,
    /// MA_CSKCB is empty.
    #[error("thiếu mã cơ sở MA_CSKCB")]
    NoFacility,
    /// MA_CSKCB of XML1 differs from MACSKCB of the envelope.
    #[error("MA_CSKCB khác MACSKCB của tệp")]
    OtherFacility,
    /// NGAY_RA is empty: nothing says which month and standard the visit belongs to.
    #[error("thiếu ngày ra NGAY_RA")]
    NoEnd,
    /// Not an exact decimal with a point.
    #[error("không phải số (dùng dấu chấm, không dấu phân cách hàng nghìn, tối đa 6 số lẻ)")]
    NotNumber,
    /// Not a whole number.
    #[error("không phải số nguyên")]
    NotCount,
    /// Not `yyyyMMddHHmm`, or no such moment.
    #[error("không phải thời điểm dạng yyyyMMddHHmm")]
    NotTime,
    /// Not `yyyyMMdd`, or no such day.
    #[error("không phải ngày dạng yyyyMMdd")]
    NotDay,
    /// The dossier is larger than allowed.
    #[error("hồ sơ lớn hơn mức được nhận")]
    TooLarge,
    /// The same dossier twice in one file.
    #[error("hồ sơ có hai lần trong tệp")]
    Twice,
}

impl Reason {
    /// The stable word.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Broken(_) => "broken",
            Self::NotBase64 => "not_base64",
            Self::NotUtf8 => "not_utf8",
            Self::DocType => "doctype",
            Self::WrongRoot(_) => "wrong_root",
            Self::UnknownTable => "unknown_table",
            Self::TableTwice => "table_twice",
            Self::NoVisit => "no_xml1",
            Self::SeveralVisits => "several_xml1",
            Self::NoLink => "no_link",
            Self::OtherLink => "other_link",
            Self::NoFacility => "no_facility",
            Self::OtherFacility => "other_facility",
            Self::NoEnd => "no_end",
            Self::NotNumber => "not_number",
            Self::NotCount => "not_count",
            Self::NotTime => "not_time",
            Self::NotDay => "not_day",
            Self::TooLarge => "too_large",
            Self::Twice => "twice",
        }
    }
}

/// One fault of a dossier; a dossier with a fault is refused whole, with all its faults.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which dossier of the file, from 1; 0 for what lies outside any dossier.
    pub number: u32,
    /// Its MA_LK, as far as it could be read.
    pub visit: Option<String>,
    /// The table.
    pub table: Option<TableId>,
    /// Row of the table, from 1.
    pub row: Option<u32>,
    /// The column.
    pub column: Option<String>,
    /// The value as sent, at most 60 characters of it.
    pub value: Option<String>,
    /// Line of the outer file or, when a table is named, of the table's own text.
    pub line: u64,
    /// Why.
    pub reason: Reason,
}

impl Refused {
    /// A fault of a whole dossier.
    pub(crate) fn whole(number: u32, line: u64, reason: Reason) -> Self {
        Self { number, visit: None, table: None, row: None, column: None, value: None, line, reason }
    }

    /// Keeps so much of a value as helps to find it.
    pub(crate) fn shortened(value: &str) -> String {
        value.chars().take(60).collect()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hồ sơ thứ {}", self.number)?;
        if let Some(table) = self.table {
            write!(f, ", {table}")?;
        }
        if let Some(row) = self.row {
            write!(f, ", dòng {row}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", cột {column}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Why nothing of a file is read, or nothing more of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// The system could not read it.
    #[error("không đọc được tệp: {0}")]
    Unreadable(String),
    /// Nothing in it.
    #[error("tệp trống")]
    Empty,
    /// It is something else; the name of what it is, where that is known.
    #[error("không phải tệp đề nghị thanh toán GIAMDINHHS hoặc check-in CHI_TIEU_TRANG_THAI_KCB: {0}")]
    OtherKind(String),
    /// A document type at the head.
    #[error("tệp có DOCTYPE, không được nhận")]
    DocType,
}

impl Explain for FileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "claim_file_unreadable",
            Self::Empty => "claim_file_empty",
            Self::OtherKind(_) => "claim_file_other_kind",
            Self::DocType => "claim_file_doctype",
        }
    }

    fn remedy(&self) -> String {
        match self {
            Self::Unreadable(_) => "Kiểm tra tệp còn ở đó và không bị phần mềm khác khóa, rồi làm lại.",
            Self::Empty => "Xuất lại tệp từ phần mềm của cơ sở khám bệnh, chữa bệnh.",
            Self::OtherKind(_) => {
                "Chọn tệp XML theo Quyết định 130, 4750 hoặc 3176; tệp khám sức khỏe gửi theo đường riêng của nó."
            }
            Self::DocType => "Xuất lại tệp không có phần DOCTYPE.",
        }
        .to_owned()
    }
}
