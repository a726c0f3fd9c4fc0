//! Catalogues from a folder, for a check without a book: the files that a facility has for the audit portal anyway.

use std::path::{Path, PathBuf};

use base::Explain;
use chapter::{Handed, chunk_batch};
use claims::{CatalogueTables, Catalogues};
use engine::DataFile;
use intake::{Chunk, IntakeError, Limits};
use serde::Serialize;

use crate::failure::Failure;
use crate::workshop::Workshop;

/// Endings of files that are looked at; what a file really is, its bytes say.
const ENDINGS: [&str; 6] = ["xlsx", "xls", "csv", "txt", "zip", "parquet"];

/// What became of one table of the folder.
#[derive(Debug, Clone, Serialize)]
pub struct CatalogueFile {
    /// File name without folders.
    pub file: String,
    /// The roster it is; absent when it could not be read or is no catalogue.
    pub roster: Option<String>,
    /// Rows stored.
    pub rows: u64,
    /// Rows that could not be read.
    pub refused: u64,
    /// Why nothing of it was read.
    pub error: Option<String>,
}

/// Reads all catalogues of a folder, in the order of their names: a later file counts where two say the same thing.
///
/// A file that no layout knows is named and left out, so that one wrong file does not keep a hospital from its check; a folder without any catalogue is an error.
pub fn load(shop: &Workshop, folder: &Path) -> Result<(Catalogues, Vec<CatalogueFile>), Failure> {
    let limits = Limits::default();
    let (mut tables, mut files) = (CatalogueTables::default(), Vec::new());
    for path in files_of(folder)? {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        match Handed::open(&DataFile::plain(&path), &name, &limits) {
            Ok(all) => {
                for handed in &all {
                    files.push(table(shop, handed, &limits, &mut tables)?);
                }
            }
            Err(error) => files.push(unread(&name, &error)),
        }
    }
    if tables.is_empty() {
        let mut failure = Failure::input("catalogues_missing", format!("{}: không có danh mục nào đọc được", folder.display()));
        failure.remedy =
            "Đặt vào thư mục các tệp XLSX hoặc CSV theo mẫu 01/DM đến 06/DM, ICD-10, danh mục cơ sở (docs/claims.md).".into();
        return Err(failure);
    }
    Ok((Catalogues::load(&tables, &shop.places)?, files))
}

fn table(shop: &Workshop, handed: &Handed, limits: &Limits, tables: &mut CatalogueTables) -> Result<CatalogueFile, Failure> {
    let mut rows = Vec::new();
    let mut sink = |chunk: Chunk| -> Result<(), String> {
        rows.push(chunk_batch(chunk).map_err(|e| e.to_string())?);
        Ok(())
    };
    let report = match handed.read(None, &shop.layouts, &shop.places, limits, &mut sink) {
        Ok(report) => report,
        // What was handed on of a file that was refused whole does not count.
        Err(error) => return Ok(unread(handed.name(), &error)),
    };
    let is_catalogue = tables.add(&report.roster, rows);
    Ok(CatalogueFile {
        file: handed.name().to_owned(),
        roster: is_catalogue.then(|| report.roster.clone()),
        rows: if is_catalogue { report.stored } else { 0 },
        refused: if is_catalogue { report.quarantined } else { 0 },
        error: (!is_catalogue).then(|| "không phải danh mục".to_owned()),
    })
}

fn unread(name: &str, error: &IntakeError) -> CatalogueFile {
    CatalogueFile { file: name.to_owned(), roster: None, rows: 0, refused: 0, error: Some(error.what()) }
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |e: std::io::Error| Failure::input("catalogues_unreadable", format!("{}: {e}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
        // Excel puts a file of this beginning beside each one that is open.
        let is_lock = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("~$"));
        if path.is_file() && !is_lock && ENDINGS.contains(&ending.as_str()) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// One line a table, for people.
pub fn words(files: &[CatalogueFile]) -> Vec<String> {
    let said = |file: &CatalogueFile| match (&file.roster, &file.error) {
        (Some(roster), _) if file.refused > 0 => {
            format!("danh mục {}: {roster}, {} dòng, không đọc được {} dòng", file.file, file.rows, file.refused)
        }
        (Some(roster), _) => format!("danh mục {}: {roster}, {} dòng", file.file, file.rows),
        (None, error) => format!("danh mục {}: không dùng: {}", file.file, error.as_deref().unwrap_or_default()),
    };
    files.iter().map(said).collect()
}
