//! Claim files wherever they lie: single files, folders, ZIPs.

use std::fs::{self, File};
use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use claimfile::signature::{self, Signature, Trust};
use claimfile::{Dossier, Ended, FileError, FileKind, Forms, Limits, Reader, Refused};
use engine::DataFile;
use zip::ZipArchive;

use crate::error::ClaimsError;
use crate::zipped::{ZipEntry, each_entry, is_zip};

/// Files in one ZIP.
const MAX_PARTS: usize = 100_000;
/// Of a ZIP in which no file is a claim file by its name.
pub(crate) const NO_FILES: &str = "tệp nén không có tệp .xml nào";

/// What became of one claim file.
#[derive(Debug, Clone, Default)]
pub struct FileOutcome {
    /// Name without folders; of a file in a ZIP, after the ZIP's name, and with its folders where two files share a name.
    pub name: String,
    /// Claims or check-ins; absent when it could not be read.
    pub kind: Option<FileKind>,
    /// What the envelope says.
    pub ended: Ended,
    /// Dossiers handed on.
    pub kept: u32,
    /// Faults of each refused dossier.
    pub refused: Vec<Vec<Refused>>,
    /// Why nothing of it was read.
    pub failure: Option<FileError>,
    /// What its signature (CHUKYDONVI) is worth, where it was looked at ([`sign`]). Nothing is refused because of it.
    pub signature: Option<Signature>,
}

impl FileOutcome {
    /// All faults, those of the file itself last.
    pub fn faults(&self) -> impl Iterator<Item = &Refused> {
        self.refused.iter().flatten().chain(&self.ended.faults)
    }
}

/// Takes the name of a file, as its outcome will have it, and a dossier of it.
pub type Taker<'t> = dyn FnMut(&str, &Dossier) -> Result<(), ClaimsError> + 't;

/// The claim files of paths: a file as it is, of a folder those that end in `.xml` or `.zip`, in the order of their names. Where one visit stands in several of
/// them, `NGAYLAP` decides before this order ([`crate::latest`]).
pub fn claim_files(paths: &[PathBuf]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut entries: Vec<PathBuf> =
                fs::read_dir(path)?.map(|entry| entry.map(|e| e.path())).collect::<io::Result<_>>()?;
            entries.retain(|entry| entry.is_dir() || has_ending(entry, "xml") || has_ending(entry, "zip"));
            entries.sort();
            files.extend(claim_files(&entries)?);
        } else {
            files.push(path.clone());
        }
    }
    Ok(files)
}

fn has_ending(path: &Path, ending: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ending))
}

/// Reads one file, or every claim file of a ZIP, and hands its dossiers on. Nothing is unpacked onto the disk. A file of the book may lie sealed.
pub fn read_file(
    file: impl Into<DataFile>,
    forms: &Forms,
    limits: &Limits,
    take: &mut Taker<'_>,
) -> Result<Vec<FileOutcome>, ClaimsError> {
    read_data(&file.into(), forms, limits, take)
}

fn read_data(file: &DataFile, forms: &Forms, limits: &Limits, take: &mut Taker<'_>) -> Result<Vec<FileOutcome>, ClaimsError> {
    let mut outcomes = Vec::new();
    each_file(file, &mut |name, file| {
        outcomes.push(match file {
            Ok(file) => plain(name, file, forms, limits, take)?,
            Err(failure) => FileOutcome { name: name.to_owned(), failure: Some(failure), ..FileOutcome::default() },
        });
        Ok(())
    })?;
    Ok(outcomes)
}

/// Takes one file by the name to show: its bytes, or why there are none.
type Each<'e> = dyn FnMut(&str, Result<&mut dyn Read, FileError>) -> Result<(), ClaimsError> + 'e;

/// Checks the signatures (CHUKYDONVI) of what [`read_file`] read and puts them into the outcomes; where one of the files has something in that place the file is gone
/// through once more for it. `received` is when it was there, Unix seconds.
///
/// # Errors
/// The file is a ZIP that does not open, though it did before.
pub fn sign(outcomes: &mut [FileOutcome], file: impl Into<DataFile>, trust: &Trust, received: i64) -> Result<(), ClaimsError> {
    let mut found = Vec::new();
    if outcomes.iter().any(|outcome| outcome.ended.signed) {
        each_file(&file.into(), &mut |_, file| {
            found.push(file.and_then(|file| signature::check(file, trust, received)));
            Ok(())
        })?;
    }
    put_signatures(outcomes, found);
    Ok(())
}

/// The same for a file, or a ZIP of files, that lies in memory.
pub(crate) fn sign_bytes(outcomes: &mut [FileOutcome], bytes: &[u8], trust: &Trust, received: i64) -> Result<(), ClaimsError> {
    let mut found = Vec::new();
    if outcomes.iter().any(|outcome| outcome.ended.signed) {
        each_within("", Cursor::new(bytes), &mut |_, file| {
            found.push(file.and_then(|file| signature::check(file, trust, received)));
            Ok(())
        })?;
    }
    put_signatures(outcomes, found);
    Ok(())
}

/// The files come in the same order both times; where none has anything in the place of a signature nothing was looked for.
fn put_signatures(outcomes: &mut [FileOutcome], found: Vec<Result<Signature, FileError>>) {
    let mut found = found.into_iter();
    for outcome in outcomes {
        let signature = found.next().unwrap_or(Ok(Signature::Absent));
        outcome.signature = signature.ok().filter(|_| outcome.failure.is_none());
    }
}

/// Hands on the file of a path, or the XML files of a ZIP one after the other.
fn each_file(file: &DataFile, each: &mut Each<'_>) -> Result<(), ClaimsError> {
    let name = file.path().file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    if file.sealed_with().is_some() {
        return match file.open() {
            Ok(opened) => each_within(&name, opened.reader(), each),
            Err(error) => each(&name, Err(FileError::Unreadable(error.to_string()))),
        };
    }
    match File::open(file.path()) {
        Ok(opened) => each_within(&name, opened, each),
        Err(error) => each(&name, Err(FileError::Unreadable(in_words(&error)))),
    }
}

fn each_within(name: &str, mut file: impl Read + Seek, each: &mut Each<'_>) -> Result<(), ClaimsError> {
    let unreadable = |e: io::Error| FileError::Unreadable(in_words(&e));
    let mut head = [0; 4];
    let is_zip = match file.read(&mut head) {
        Ok(read) => is_zip(&head[..read]),
        Err(error) => return each(name, Err(unreadable(error))),
    };
    if let Err(error) = file.rewind() {
        return each(name, Err(unreadable(error)));
    }
    if is_zip { zipped(name, file, each) } else { each(name, Ok(&mut file)) }
}

/// What the system said, with a hint where a program on Windows holds the file.
fn in_words(error: &io::Error) -> String {
    let is_shared = cfg!(windows) && matches!(error.raw_os_error(), Some(32 | 33));
    if is_shared { "tệp đang được phần mềm khác mở".to_owned() } else { error.to_string() }
}

/// Reads one claim file from any bytes.
pub fn plain(
    name: &str,
    file: impl Read,
    forms: &Forms,
    limits: &Limits,
    take: &mut Taker<'_>,
) -> Result<FileOutcome, ClaimsError> {
    let mut outcome = FileOutcome { name: name.to_owned(), ..FileOutcome::default() };
    let mut reader = match Reader::open(file, forms, limits.clone()) {
        Ok(reader) => reader,
        Err(failure) => return Ok(FileOutcome { failure: Some(failure), ..outcome }),
    };
    outcome.kind = Some(reader.kind());
    let mut dossier = Dossier::new();
    while let Some(read) = reader.next(&mut dossier) {
        match read {
            claimfile::Read::Kept => {
                outcome.kept += 1;
                take(name, &dossier)?;
            }
            claimfile::Read::Refused(faults) => outcome.refused.push(faults),
        }
    }
    outcome.ended = reader.ended();
    Ok(outcome)
}

fn zipped(name: &str, file: impl Read + Seek, each: &mut Each<'_>) -> Result<(), ClaimsError> {
    let wrong = |detail: String| ClaimsError::Zip { name: name.to_owned(), detail };
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|e| wrong(e.to_string()))?;
    if archive.len() > MAX_PARTS {
        return Err(wrong(format!("có {} tệp, nhiều hơn mức được nhận {MAX_PARTS}", archive.len())));
    }
    let files = each_entry(&mut archive, &mut |inner, entry| {
        let shown = format!("{name}/{inner}");
        match entry {
            ZipEntry::File(file) => each(&shown, Ok(file)),
            ZipEntry::Failed(failure) => each(&shown, Err(failure)),
            // Beside claim files, as in a folder.
            ZipEntry::Other => Ok(()),
        }
    })?;
    if files == 0 { each(name, Err(FileError::Unreadable(NO_FILES.to_owned()))) } else { Ok(()) }
}
