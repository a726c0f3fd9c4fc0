//! What was sent: one claim file, or a ZIP of several.

use std::io::Cursor;

use base::Explain;
use claimfile::{FileError, FileKind, Forms, Limits};
use zip::ZipArchive;

use super::receipt::{FileLine, SignatureLine};
use super::refusal::Refusal;
use crate::scan::{FileOutcome, NO_FILES, Taker, plain};
use crate::zipped::{ZipEntry, ZipLimits, each_entry, guard, is_zip};

/// Entries of one ZIP.
const ENTRIES: usize = 10_000;
/// How many times the largest file all files of a ZIP may be, unpacked: reading them takes a thread as long.
const ALL_FILES: u64 = 4;
/// Code of an entry that does not end in `.xml`.
const NOT_XML: &str = "not_xml";

/// What became of what was sent.
pub(super) struct Contents {
    /// Of each claim file.
    pub outcomes: Vec<FileOutcome>,
    /// Entries of a ZIP that are no claim files by their name.
    pub others: Vec<String>,
    /// Whether it was a ZIP.
    pub zipped: bool,
}

/// Reads what was sent, of which one file may have `most` bytes, and hands its dossiers on. A ZIP is looked at as a whole before anything of it is unpacked.
pub(super) fn read(bytes: &[u8], most: usize, forms: &Forms, take: &mut Taker<'_>) -> Result<Contents, Refusal> {
    let limits = Limits::default();
    let (mut outcomes, mut others) = (Vec::new(), Vec::new());
    let zipped = is_zip(bytes);
    if !zipped {
        outcomes.push(plain("", bytes, forms, &limits, take).map_err(|error| Refusal::inner(&error))?);
        return Ok(Contents { outcomes, others, zipped });
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Refusal::BrokenZip)?;
    let most = most as u64;
    let allowed = ZipLimits { entries: ENTRIES, entry_bytes: most, all_bytes: most.saturating_mul(ALL_FILES) };
    guard(&mut archive, &allowed)?;
    let files = each_entry(&mut archive, &mut |name, entry| {
        match entry {
            ZipEntry::File(file) => outcomes.push(plain(name, file, forms, &limits, take)?),
            ZipEntry::Failed(failure) => outcomes.push(unread(name, failure)),
            ZipEntry::Other => others.push(name.to_owned()),
        }
        Ok(())
    })
    .map_err(|error| Refusal::inner(&error))?;
    if files == 0 {
        return Err(Refusal::OtherFile(NO_FILES.to_owned()));
    }
    Ok(Contents { outcomes, others, zipped })
}

fn unread(name: &str, failure: FileError) -> FileOutcome {
    FileOutcome { name: name.to_owned(), failure: Some(failure), ..FileOutcome::default() }
}

/// The stable word of a kind of file.
pub(super) fn word(kind: FileKind) -> &'static str {
    match kind {
        FileKind::Claims => "claims",
        FileKind::CheckIn => "check_in",
    }
}

impl Contents {
    /// The files of a ZIP for the receipt; none for a single file.
    pub(super) fn lines(&self) -> Vec<FileLine> {
        if !self.zipped {
            return Vec::new();
        }
        let read = self.outcomes.iter().map(|outcome| {
            let (read, kept) = (u64::from(outcome.ended.read), u64::from(outcome.kept));
            let (visits, kept, check_ins) = if outcome.kind == Some(FileKind::CheckIn) { (0, 0, kept) } else { (read, kept, 0) };
            FileLine {
                file: outcome.name.clone(),
                kind: outcome.kind.map(word),
                declared: outcome.ended.declared,
                visits,
                kept,
                check_ins,
                code: outcome.failure.as_ref().map(Explain::code),
                reason: outcome.failure.as_ref().map(ToString::to_string),
                signature: outcome.signature.as_ref().map(SignatureLine::of),
            }
        });
        let others = self.others.iter().map(|name| FileLine {
            file: name.clone(),
            kind: None,
            declared: None,
            visits: 0,
            kept: 0,
            check_ins: 0,
            code: Some(NOT_XML),
            reason: Some("không phải tệp .xml nên không đọc".to_owned()),
            signature: None,
        });
        read.chain(others).collect()
    }
}
