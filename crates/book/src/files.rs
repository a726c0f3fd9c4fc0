//! The few file operations of the book, each safe against a crash at any point.

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::BookError;

/// Makes a folder and its parents.
pub(crate) fn make_folder(path: &Path) -> Result<(), BookError> {
    fs::create_dir_all(path).map_err(|e| BookError::io(path, &e))
}

/// Removes what lies in a folder, not the folder.
pub(crate) fn clear_folder(path: &Path) -> Result<(), BookError> {
    for entry in fs::read_dir(path).map_err(|e| BookError::io(path, &e))? {
        let entry = entry.map_err(|e| BookError::io(path, &e))?.path();
        fs::remove_file(&entry).map_err(|e| BookError::io(&entry, &e))?;
    }
    Ok(())
}

/// Puts bytes under a name in one step: whole or not at all, whatever happens in between.
pub(crate) fn put(unfinished: &Path, target: &Path, bytes: &[u8]) -> Result<(), BookError> {
    let name = target.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let draft = unfinished.join(format!("{}-{name}", std::process::id()));
    let mut file = File::create(&draft).map_err(|e| BookError::io(&draft, &e))?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| BookError::io(&draft, &e))?;
    drop(file);
    move_into_place(&draft, target)
}

/// Renames a finished file to its place and makes the new name durable.
pub(crate) fn move_into_place(draft: &Path, target: &Path) -> Result<(), BookError> {
    if let Some(folder) = target.parent() {
        make_folder(folder)?;
        fs::rename(draft, target).map_err(|e| BookError::io(target, &e))?;
        sync_folder(folder)?;
    }
    Ok(())
}

/// Reads a JSON file of the book; `None` when it is not there.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, BookError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(BookError::io(path, &e)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|e| BookError::damaged(path, e.to_string()))
}

/// The JSON form of a record, one field a line, ended by a newline.
pub(crate) fn to_json<T: Serialize>(record: &T) -> Result<Vec<u8>, BookError> {
    let mut bytes = serde_json::to_vec_pretty(record)
        .map_err(|e| BookError::Io { path: String::new(), detail: format!("the record has no JSON form: {e}") })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// All JSON files of a folder in the order of their names.
pub(crate) fn json_files(folder: &Path) -> Result<Vec<std::path::PathBuf>, BookError> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|e| BookError::io(folder, &e))? {
        let path = entry.map_err(|e| BookError::io(folder, &e))?.path();
        if path.extension().is_some_and(|e| e == "json") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> Result<(), BookError> {
    File::open(folder).and_then(|f| f.sync_all()).map_err(|e| BookError::io(folder, &e))
}

/// Windows has no fsync of folders; the rename itself is journalled there.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> Result<(), BookError> {
    Ok(())
}
