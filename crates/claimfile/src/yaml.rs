//! Reading the YAML of forms and lists, with the place of a fault.

use std::fmt;

use serde::de::DeserializeOwned;

/// One fault of a content file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub struct ContentFault {
    /// The file, as it was named to the loader.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u64,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ContentFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "formats/claims/{}, dòng {}, cột {}: {}", self.file, self.line, self.column, self.message)
    }
}

impl base::Explain for ContentFault {
    fn code(&self) -> &'static str {
        "claim_format_refused"
    }

    fn place(&self) -> String {
        format!("formats/claims/{}:{}:{}", self.file, self.line, self.column)
    }

    fn remedy(&self) -> String {
        "Sửa tệp trong formats/claims theo thông báo rồi chạy lại.".to_owned()
    }
}

/// Reads one file.
pub(crate) fn read<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ContentFault> {
    let options = serde_saphyr::options! { with_snippet: false };
    serde_saphyr::from_str_with_options(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        fault(file, (line, column), error.without_snippet().to_string())
    })
}

pub(crate) fn fault(file: &str, (line, column): (u64, u64), message: String) -> ContentFault {
    ContentFault { file: file.to_owned(), line, column, message }
}
