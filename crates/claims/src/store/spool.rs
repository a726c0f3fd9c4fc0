//! Files that came over the wire and wait for the next import.

use std::path::PathBuf;

use book::Book;

use crate::error::ClaimsError;
use crate::zipped::is_zip;

/// A file that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Number of its receipt.
    pub receipt: String,
    /// Facility that sent it.
    pub facility: String,
    /// Where it lies: to be opened by [`Book::file_at`].
    pub path: PathBuf,
}

/// Endings of what waits: a claim file, or a ZIP of several.
const ENDINGS: [&str; 2] = [".xml", ".zip"];

/// Puts a file, or a ZIP of files, that a facility sent into the waiting room and gives the number of its receipt. The same bytes of the same facility have the same number and
/// lie there once. In a sealed book the file is sealed, and its number needs the key, so nobody can try whether bytes they have were sent.
pub fn spool(book: &Book, facility: &str, bytes: &[u8]) -> Result<String, ClaimsError> {
    if !is_code(facility) {
        return Err(ClaimsError::Refused(format!(
            "mã cơ sở `{}` không phải mã 5 ký tự",
            facility.chars().take(20).collect::<String>()
        )));
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(facility.as_bytes());
    hasher.update(&[0]);
    hasher.update(bytes);
    let receipt = book.mark(&hasher.finalize().to_hex())[..24].to_owned();
    let ending = ENDINGS[usize::from(is_zip(bytes))];
    let path = folder(book).join(format!("{facility}_{receipt}{ending}"));
    if !path.exists() {
        book.put_sealed(&path, bytes)?;
    }
    Ok(receipt)
}

/// The files that wait, by name.
pub fn waiting(book: &Book) -> Result<Vec<Waiting>, ClaimsError> {
    let folder = folder(book);
    let mut found = Vec::new();
    let entries = match std::fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(found),
        Err(error) => return Err(ClaimsError::Refused(format!("{}: {error}", folder.display()))),
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let stem = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
        let Some((facility, receipt)) = stem.and_then(|stem| stem.split_once('_')) else { continue };
        found.push(Waiting { receipt: receipt.to_owned(), facility: facility.to_owned(), path: entry.path() });
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Outside the folder of unfinished files, which the next writer clears.
fn folder(book: &Book) -> PathBuf {
    book.root().join("claims_waiting")
}

fn is_code(facility: &str) -> bool {
    facility.len() == 5 && facility.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
