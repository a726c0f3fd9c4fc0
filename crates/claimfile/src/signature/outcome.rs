//! What the check of a signature says.

use std::fmt;

use trust::Answer;

use crate::refused::FileError;

/// What is known of the signature of a claim file (CHUKYDONVI).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature {
    /// It covers the whole file, agrees with it, and its certificate comes from one that is trusted.
    Good(Signer),
    /// Checked, and it does not agree, or it is made so that it proves nothing.
    Wrong(Wrong),
    /// This program cannot say.
    NotChecked(Unchecked),
    /// There is none.
    Absent,
}

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signer {
    /// Subject of the certificate, as `CN=…,O=…`.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Number of the certificate, hexadecimal.
    pub serial: String,
    /// First second of the certificate, Unix.
    pub not_before: i64,
    /// Last second of the certificate, Unix.
    pub not_after: i64,
    /// When it was signed by the signer's machine, Unix seconds; only where that is among what is signed.
    pub signed_at: Option<i64>,
    /// What is signed.
    pub covered: Covered,
    /// Signer, root and what is known of revocation, in words.
    pub words: String,
}

/// What a signature covers: either way all that stands right under the root, but CHUKYDONVI. Which of the two the national portal asks for was not seen in
/// a text [?]: one guide says from THONGTINDONVI to THONGTINHOSO, a hospital program signs the whole file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Covered {
    /// The whole file without CHUKYDONVI, by one reference (`URI=""` or the `Id` of the root, enveloped).
    Whole,
    /// Every part by a reference of its own; their names in the order of the file, THONGTINDONVI and THONGTINHOSO in claims.
    Parts(Vec<String>),
}

impl Covered {
    /// The stable word: `whole`, `parts`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Whole => "whole",
            Self::Parts(_) => "parts",
        }
    }
}

impl fmt::Display for Covered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => write!(f, "đã ký cả tệp, trừ CHUKYDONVI"),
            Self::Parts(names) => write!(f, "đã ký từng phần: {}", short(&names.join(", "))),
        }
    }
}

/// Why a signature is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Wrong {
    /// The XML is not well-formed: nobody can have signed it so.
    #[error("XML của tệp hỏng nên không thể là nội dung đã ký")]
    Broken,
    /// More than one signature, or more than one CHUKYDONVI.
    #[error("tệp có nhiều hơn một chữ ký")]
    Several,
    /// A signature in another place than CHUKYDONVI.
    #[error("chữ ký nằm ngoài CHUKYDONVI")]
    Misplaced,
    /// The signature has other parts than the profile, or has them elsewhere.
    #[error("chữ ký không đúng cấu trúc XMLDSig: {0}")]
    Shape(String),
    /// Nothing is referred to.
    #[error("chữ ký không ký nội dung nào")]
    Empty,
    /// Something outside the file is referred to.
    #[error("chữ ký tham chiếu ra ngoài tệp: {0}")]
    Outside(String),
    /// An identifier that is referred to is not in the file.
    #[error("không có phần tử mang Id {0} mà chữ ký nêu")]
    Missing(String),
    /// An identifier that is referred to stands in the file several times.
    #[error("Id {0} có nhiều lần trong tệp nên không rõ phần nào đã ký")]
    Twice(String),
    /// A part of the file is not signed.
    #[error("chữ ký không bao trùm toàn bộ nội dung: {0}")]
    Uncovered(String),
    /// A transform that could leave something out.
    #[error("chữ ký dùng phép biến đổi không được nhận: {0}")]
    Transform(String),
    /// A key that everybody has (HMAC) proves nothing.
    #[error("chữ ký dùng HMAC, không chứng minh được người ký")]
    SharedKey,
    /// A dossier stands in a comment or a processing instruction, which signatures do not see.
    #[error("có hồ sơ giấu trong chú thích, chữ ký không bao trùm chú thích")]
    Hidden,
    /// What is referred to is not what was signed.
    #[error("nội dung đã thay đổi sau khi ký")]
    Changed,
    /// The certificate's key did not make it.
    #[error("chữ ký không phải của chứng thư đi kèm")]
    OtherKey,
    /// The certificate was not valid when it was signed.
    #[error("chứng thư không còn hoặc chưa có hiệu lực lúc ký {0}")]
    Expired(String),
    /// It was signed later than it was received.
    #[error("thời điểm ký {0} ở sau lúc nhận tệp")]
    Ahead(String),
    /// The certificate comes from nobody who is trusted, was revoked, or is for something else; the words name the signer.
    #[error("{0}")]
    Untrusted(String),
}

/// Why a signature was not checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unchecked {
    /// CHUKYDONVI holds something else than an XMLDSig signature.
    #[error("CHUKYDONVI không phải chữ ký XMLDSig")]
    OtherKind,
    /// An algorithm that is unknown or no longer safe (SHA-1).
    #[error("thuật toán chưa kiểm tra được hoặc không còn an toàn: {0}")]
    Algorithm(String),
    /// A piece of the file is larger than is held in memory.
    #[error("có một phần lớn hơn {0} MB nên không kiểm tra")]
    TooLarge(u64),
    /// More elements in one another, or more identifiers, than any claim file has.
    #[error("tệp có {0} nhiều hơn mức kiểm tra")]
    TooMany(String),
    /// XML of another version, or a processing instruction beside the root.
    #[error("kiểu XML chưa kiểm tra được: {0}")]
    OtherXml(String),
    /// The file is broken before any signature came.
    #[error("tệp hỏng, không rõ có chữ ký hay không")]
    Broken,
    /// The signature brings no certificate.
    #[error("chữ ký không kèm chứng thư nên không rõ người ký")]
    NoCertificate,
    /// The key, its size or its algorithm cannot be used here.
    #[error("{0}")]
    Key(String),
    /// Nobody confirms when it was signed, and the certificate has ended since.
    #[error("chứng thư hết hạn lúc {0}, không xác nhận được đã ký trước đó")]
    Ended(String),
    /// Its time of signing cannot be read.
    #[error("không đọc được thời điểm ký: {0}")]
    Time(String),
    /// No roots are set, a limit of the certificate is unknown, or it was revoked later; the words name the signer and what is signed.
    #[error("{0}")]
    Signer(String),
}

impl Signature {
    /// The answer; `None` when there is no signature.
    pub fn answer(&self) -> Option<Answer> {
        match self {
            Self::Good(_) => Some(Answer::Good),
            Self::NotChecked(_) => Some(Answer::NotChecked),
            Self::Wrong(_) => Some(Answer::Wrong),
            Self::Absent => None,
        }
    }

    /// What a good signature covers.
    pub fn covered(&self) -> Option<&Covered> {
        match self {
            Self::Good(signer) => Some(&signer.covered),
            _ => None,
        }
    }

    /// The stable word: `good`, `not_checked`, `wrong`, `absent`.
    pub fn code(&self) -> &'static str {
        self.answer().map_or("absent", Answer::word)
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(signer) => write!(f, "chữ ký đúng: {}; {}", signer.words.trim_end_matches('.'), signer.covered),
            Self::Wrong(why) => write!(f, "chữ ký sai: {why}"),
            Self::NotChecked(why) => write!(f, "chưa kiểm tra được chữ ký: {why}"),
            Self::Absent => write!(f, "không có chữ ký"),
        }
    }
}

/// Why the check ends before its end.
#[derive(Debug)]
pub(super) enum Stop {
    Wrong(Wrong),
    Unchecked(Unchecked),
    File(FileError),
}

impl From<Wrong> for Stop {
    fn from(why: Wrong) -> Self {
        Self::Wrong(why)
    }
}

impl From<Unchecked> for Stop {
    fn from(why: Unchecked) -> Self {
        Self::Unchecked(why)
    }
}

impl From<FileError> for Stop {
    fn from(why: FileError) -> Self {
        Self::File(why)
    }
}

/// So much of a name from outside as helps to find it.
pub(super) fn short(text: &str) -> String {
    text.chars().take(80).collect()
}
