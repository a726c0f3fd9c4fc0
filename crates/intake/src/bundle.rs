//! Several files in one archive, as offices send the lists of all their schools or communes.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;

use zip::ZipArchive;
use zip::read::ZipFile;

use crate::error::IntakeError;
use crate::source::{Limits, Source};
use crate::zip_guard::{ZIP_MAGIC, check_place, check_sizes, suspicious, zip_error};

/// Endings of tables.
const TABLES: [&str; 6] = [".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls"];
/// Papers that are sent along and hold no rows.
const PAPERS: [&str; 9] = [".pdf", ".doc", ".docx", ".jpg", ".jpeg", ".png", ".rtf", ".md", ".html"];
/// Files that systems leave in folders.
const LEFTOVERS: [&str; 3] = ["thumbs.db", "desktop.ini", ".ds_store"];
/// Archives: never unpacked inside another.
const ARCHIVES: [&str; 6] = [".zip", ".7z", ".rar", ".gz", ".tar", ".bz2"];

impl Source {
    /// Reads a file, or all tables of a `.zip` in the order of their names, folders included.
    ///
    /// A workbook is a ZIP container too and stays one file. Letters and pictures beside the tables are passed
    /// over; any other kind of file refuses the archive, as does one that climbs out of its folder, hides an
    /// archive, or unpacks beyond the limits. Files of one name in two folders are told apart by the folder.
    pub fn open_all(path: &Path, limits: &Limits) -> Result<Vec<Self>, IntakeError> {
        Self::open(path, limits)?.unpack(limits)
    }

    /// The same for a file that is already read.
    pub fn unpack(self, limits: &Limits) -> Result<Vec<Self>, IntakeError> {
        if !self.bytes.starts_with(&ZIP_MAGIC) {
            return Ok(vec![self]);
        }
        let mut archive = ZipArchive::new(Cursor::new(self.bytes.as_slice())).map_err(zip_error)?;
        if is_workbook(&mut archive)? {
            return Ok(vec![self]);
        }
        if archive.has_duplicate_names() {
            return Err(suspicious("hai phần cùng tên"));
        }
        if archive.len() > limits.max_parts {
            return Err(suspicious("quá nhiều phần"));
        }
        check_sizes(&mut archive, self.bytes.len() as u64, limits)?;
        let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut left = limits.max_unpacked;
        for index in 0..archive.len() {
            let mut part = archive.by_index(index).map_err(zip_error)?;
            let name = name_of(&part)?;
            check_place(&name)?;
            if part.is_dir() || !is_table(&name)? {
                continue;
            }
            let bytes = unpack_part(&mut part, limits.max_bytes.min(left))?;
            left -= bytes.len() as u64;
            if bytes.starts_with(&ZIP_MAGIC) && !name.to_lowercase().ends_with('x') && !name.to_lowercase().ends_with('m') {
                return Err(suspicious("tệp nén nằm trong tệp nén"));
            }
            files.insert(name, bytes);
        }
        if files.is_empty() {
            return Err(IntakeError::NotATable { hint: "là tệp nén không có bảng tính nào".to_owned() });
        }
        Ok(named(files))
    }
}

fn is_workbook(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<bool, IntakeError> {
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(zip_error)?;
        let name = part.name().map_err(zip_error)?.to_ascii_lowercase();
        if name == "[content_types].xml" || name.ends_with("xl/workbook.xml") || name.ends_with("xl/workbook.bin") {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The name in UTF-8, in which many programs write it without saying so; else in code page 437.
fn name_of<R: Read>(part: &ZipFile<'_, R>) -> Result<String, IntakeError> {
    match std::str::from_utf8(part.name_raw()) {
        Ok(name) => Ok(name.to_owned()),
        Err(_) => Ok(part.name().map_err(zip_error)?.into_owned()),
    }
}

/// Whether a file of this name is a table; refuses what has no place beside tables.
fn is_table(name: &str) -> Result<bool, IntakeError> {
    let lower = name.to_lowercase();
    let file = lower.rsplit(['/', '\\']).next().unwrap_or_default();
    if file.is_empty() || file.starts_with("~$") || lower.starts_with("__macosx/") || LEFTOVERS.contains(&file) {
        return Ok(false);
    }
    let ends = |endings: &[&str]| endings.iter().any(|ending| file.ends_with(ending));
    if ends(&ARCHIVES) {
        return Err(suspicious("tệp nén nằm trong tệp nén"));
    }
    if ends(&TABLES) {
        return Ok(true);
    }
    if ends(&PAPERS) {
        Ok(false)
    } else {
        Err(suspicious("trong tệp nén có tệp không phải bảng tính hay văn bản"))
    }
}

fn unpack_part(part: &mut impl Read, most: u64) -> Result<Vec<u8>, IntakeError> {
    let mut bytes = Vec::new();
    let broken = |_| IntakeError::Truncated { detail: "một tệp trong tệp nén".to_owned() };
    // Never more than allowed, whatever the directory declares; the checksum is checked at the end.
    part.take(most + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > most {
        return Err(IntakeError::TooLarge { bytes: bytes.len() as u64, limit: most });
    }
    Ok(bytes)
}

/// Files under their own names; those that share one keep their folders in it.
fn named(files: BTreeMap<String, Vec<u8>>) -> Vec<Source> {
    let base = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for path in files.keys() {
        *count.entry(base(path)).or_default() += 1;
    }
    let name = |path: &str| if count.get(&base(path)) == Some(&1) { base(path) } else { path.replace(['/', '\\'], " - ") };
    files.into_iter().map(|(path, bytes)| Source::new(&name(&path), bytes)).collect()
}
