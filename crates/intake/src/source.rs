//! A file as handed over, and how much of it is taken.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use base::names::clean;

use crate::error::IntakeError;

/// A file handed over: its name without any folder, and its bytes.
#[derive(Debug, Clone)]
pub struct Source {
    /// File name only.
    pub name: String,
    /// Contents.
    pub bytes: Vec<u8>,
}

/// How much is taken from one file. A file beyond any of these is refused whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file.
    pub max_bytes: u64,
    /// Unpacked bytes of all parts of a workbook together, as declared and as found.
    pub max_unpacked: u64,
    /// Unpacked size over packed size of any part above 1 MB.
    ///
    /// Sheets of real rosters unpack to 5-20 times their size, a million rows of repeated formatting to
    /// about 100 times; deflate can reach 1,032 times only on bytes that all are alike.
    pub max_ratio: u64,
    /// Parts of a workbook. One has about ten, and a few for each further sheet.
    pub max_parts: usize,
    /// Unpacked bytes of the shared strings, which must lie in memory as a whole.
    pub max_shared_strings: u64,
    /// Rows that may be quarantined before the whole file is refused.
    pub max_rejects: usize,
    /// Rows in a chunk handed on.
    pub chunk_rows: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 4 << 30,
            max_unpacked: 2 << 30,
            max_ratio: 200,
            max_parts: 2_000,
            max_shared_strings: 512 << 20,
            max_rejects: 100_000,
            chunk_rows: 65_536,
        }
    }
}

/// What the system says when a file cannot be read.
fn unreadable(error: std::io::Error) -> IntakeError {
    // Windows: sharing violation and lock violation.
    let is_shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    if is_shared || matches!(error.kind(), ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy) {
        return IntakeError::InUse;
    }
    IntakeError::Unreadable { detail: error.kind().to_string() }
}

impl Source {
    /// A file from its name and bytes; folders in the name are dropped.
    pub fn new(name: &str, bytes: Vec<u8>) -> Self {
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        Self { name: clean(name), bytes }
    }

    /// What its bytes are known by: their BLAKE3 in hexadecimal digits.
    pub fn content_hash(&self) -> String {
        blake3::hash(&self.bytes).to_hex().to_string()
    }

    /// Reads a file, never more of it than `limits.max_bytes`.
    ///
    /// Refuses a larger file before reading it, a lock file of Excel by its name, and what cannot be
    /// opened (on Windows a workbook that is open in Excel).
    pub fn open(path: &Path, limits: &Limits) -> Result<Self, IntakeError> {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with("~$") {
            return Err(IntakeError::Locked);
        }
        let file = File::open(path).map_err(unreadable)?;
        let found = file.metadata().map_err(unreadable)?;
        if !found.is_file() {
            return Err(IntakeError::Unreadable { detail: "không phải tệp".to_owned() });
        }
        let too_large = |bytes: u64| IntakeError::TooLarge { bytes, limit: limits.max_bytes };
        if found.len() > limits.max_bytes {
            return Err(too_large(found.len()));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(found.len()).unwrap_or(0));
        // The file may grow while it is read.
        file.take(limits.max_bytes + 1).read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes.len() as u64 > limits.max_bytes {
            return Err(too_large(bytes.len() as u64));
        }
        Ok(Self::new(&name, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opens_by_path_and_keeps_the_file_name_only() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("Danh sách lớp 6A.csv");
        std::fs::write(&path, b"abc").unwrap();
        let source = Source::open(&path, &Limits::default()).unwrap();
        assert_eq!((source.name.as_str(), source.bytes.as_slice()), ("Danh sách lớp 6A.csv", b"abc".as_slice()));
        assert_eq!(Source::new("C:\\x\\y.csv", vec![]).name, "y.csv");
    }

    #[test]
    fn refuses_large_files_lock_files_folders_and_missing_ones() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.csv");
        std::fs::write(&path, b"abc").unwrap();
        let small = Limits { max_bytes: 2, ..Limits::default() };
        assert_eq!(Source::open(&path, &small).unwrap_err(), IntakeError::TooLarge { bytes: 3, limit: 2 });
        assert_eq!(Source::open(&folder.path().join("~$a.xlsx"), &small).unwrap_err(), IntakeError::Locked);
        assert_eq!(unreadable(ErrorKind::ResourceBusy.into()), IntakeError::InUse);
        assert!(matches!(Source::open(folder.path(), &small), Err(IntakeError::Unreadable { .. })));
        assert!(matches!(Source::open(&folder.path().join("b.csv"), &small), Err(IntakeError::Unreadable { .. })));
    }
}
