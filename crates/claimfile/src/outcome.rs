//! What is taken of a file, and what became of it.

use crate::refused::{FileError, Refused};

/// How much of one dossier is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one HOSO in the outer file. A stay of months with all results has some hundred kilobytes.
    pub dossier_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { dossier_bytes: 64 << 20 }
    }
}

/// What a file is, by its root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// `GIAMDINHHS`: claims.
    Claims,
    /// `CHI_TIEU_TRANG_THAI_KCB`: check-ins, a notice only, never a base of payment.
    CheckIn,
}

/// What became of one dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Read {
    /// It is in the [`Dossier`] given to [`Reader::next`].
    Kept,
    /// It has these faults.
    Refused(Vec<Refused>),
}

/// What is known of a file when it has been gone through.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ended {
    /// `SOLUONGHOSO`, where it is a number.
    pub declared: Option<u64>,
    /// Dossiers met.
    pub read: u32,
    /// `MACSKCB` of the envelope.
    pub sender: String,
    /// `NGAYLAP`, as sent.
    pub made_on: String,
    /// Whether there is a signature (`CHUKYDONVI`) with anything in it.
    pub signed: bool,
    /// Faults outside any dossier: a file cut off, bytes between dossiers that are no XML.
    pub faults: Vec<Refused>,
}

impl FileKind {
    /// The kind of a root element; a look-alike is refused by its name.
    pub(crate) fn of(root: &str) -> Result<Self, FileError> {
        match root {
            "GIAMDINHHS" => Ok(FileKind::Claims),
            "CHI_TIEU_TRANG_THAI_KCB" => Ok(FileKind::CheckIn),
            "KHAMSUCKHOE" => Err(FileError::OtherKind("đây là tệp khám sức khỏe (KHAMSUCKHOE)".to_owned())),
            other => {
                let name: String = other.chars().take(60).collect();
                Err(FileError::OtherKind(format!("phần tử gốc là {name}")))
            }
        }
    }
}
