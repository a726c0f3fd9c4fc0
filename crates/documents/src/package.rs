//! Several files as one ZIP, e.g. what goes to the document office.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// The ZIP could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("không ghi được tệp nén: {detail}")]
pub struct PackageError {
    /// What happened.
    pub detail: String,
}

impl base::Explain for PackageError {
    fn code(&self) -> &'static str {
        "package_write"
    }

    fn place(&self) -> String {
        String::new()
    }

    fn remedy(&self) -> String {
        "Thử lại; nếu vẫn lỗi, báo người quản trị.".to_owned()
    }
}

/// Files by name, in their order. The same files give the same bytes: no time of making is kept.
pub fn write_zip<B: AsRef<[u8]>>(files: &[(String, B)]) -> Result<Vec<u8>, PackageError> {
    let failed = |e: &dyn std::fmt::Display| PackageError { detail: e.to_string() };
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
        zip.start_file(name.as_str(), options).map_err(|e| failed(&e))?;
        zip.write_all(bytes.as_ref()).map_err(|e| failed(&e))?;
    }
    Ok(zip.finish().map_err(|e| failed(&e))?.into_inner())
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn files_come_out_as_they_went_in() {
        let files = [("một.docx".to_owned(), b"abc".to_vec()), ("hai.xlsx".to_owned(), vec![0; 5000])];
        let bytes = write_zip(&files).unwrap();
        assert_eq!(bytes, write_zip(&files).unwrap(), "the same bytes each time");
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        for (name, content) in &files {
            let mut read = Vec::new();
            zip.by_name(name).unwrap().read_to_end(&mut read).unwrap();
            assert_eq!(read, *content);
        }
    }
}
