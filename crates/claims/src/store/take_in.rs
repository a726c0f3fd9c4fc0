//! Files that wait, taken into the book a bounded batch at a time: what the portal does by itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base::Date;
use book::{Book, Packet};
use claimfile::signature::Trust;

use super::import::Importer;
use super::noted::forget_noted;
use super::spool::Waiting;
use crate::Formats;
use crate::error::ClaimsError;

/// Files of one batch: with [`BYTES`] it bounds how long the writer's lock is held, a few seconds.
const FILES: usize = 500;
/// Bytes of the files of one batch. A single file that is larger is a batch of its own.
const BYTES: u64 = 128 << 20;
/// How many bytes one of a ZIP counts for: base64 of codes and numbers packs to about a tenth.
const ZIPPED: u64 = 10;

/// What became of a batch of files that waited.
#[derive(Debug, Default)]
pub struct TakenIn {
    /// The packet; none when the book had every file already.
    pub packet: Option<Packet>,
    /// Files that are in the book: they need not wait any more ([`wait_no_more`]).
    pub taken: Vec<PathBuf>,
    /// Files of which nothing could be read: they stay where somebody can look at them.
    pub unread: Vec<PathBuf>,
}

/// The first of the files that wait, as many as one batch has.
pub fn batch_of(files: Vec<Waiting>) -> Vec<Waiting> {
    let mut bytes = 0u64;
    let size = |path: &Path| {
        let bytes = std::fs::metadata(path).map_or(0, |about| about.len());
        if path.extension().is_some_and(|ending| ending == "zip") { bytes.saturating_mul(ZIPPED) } else { bytes }
    };
    let fits = |(place, file): &(usize, Waiting)| {
        bytes = bytes.saturating_add(size(&file.path));
        *place == 0 || (*place < FILES && bytes <= BYTES)
    };
    files.into_iter().enumerate().take_while(fits).map(|(_, file)| file).collect()
}

/// Takes files that wait into the book, as one packet, which is written last. Whoever is killed before that leaves tables that nothing names, and
/// afterwards files whose contents the book knows: neither loses nor doubles a dossier when it is done again.
///
/// Signatures are held against the roots; nothing is refused because of one. `now` is Unix seconds.
///
/// The caller holds the writer's lock; it takes the files of [`TakenIn::taken`] away once the packet is told of.
///
/// # Errors
/// The book cannot be read or written, or two visits have the same number. Nothing is in the book then.
pub fn take_in(
    book: &Book,
    formats: &Formats,
    (trust, now): (&Trust, i64),
    received: Date,
    files: &[Waiting],
) -> Result<TakenIn, ClaimsError> {
    let mut importer = Importer::new(book, formats, received)?.checking(trust, now);
    let mut done = TakenIn::default();
    for file in files {
        let read = match importer.file(book.file_at(&file.path)) {
            // A ZIP that does not open gives no row: the others are taken without it.
            Err(ClaimsError::Zip { .. }) => false,
            Err(other) => return Err(other),
            Ok(None) => true,
            Ok(Some(outcomes)) => outcomes.iter().any(|outcome| outcome.failure.is_none()),
        };
        let place = if read { &mut done.taken } else { &mut done.unread };
        place.push(file.path.clone());
    }
    done.packet = importer.finish()?.map(|(packet, _)| packet);
    Ok(done)
}

/// Takes files that are in the book out of the waiting room, with what was noted of them.
///
/// # Errors
/// A file cannot be removed; it is known to the book and removed the next time.
pub fn wait_no_more(book: &Book, paths: &[PathBuf]) -> Result<(), ClaimsError> {
    for path in paths {
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ClaimsError::Refused(format!("{}: {error}", path.display())));
            }
            _ => forget_noted(book, path),
        }
    }
    Ok(())
}

/// Names of files that wait and of which an earlier import could read nothing: tried again by `claims import --waiting` alone, since each try is a packet.
///
/// # Errors
/// The packets cannot be read.
pub fn not_read(book: &Book) -> Result<BTreeSet<String>, ClaimsError> {
    let (mut failed, mut read) = (BTreeSet::new(), BTreeSet::new());
    for packet in book.packets()? {
        for file in packet.files {
            // A file of a ZIP has the ZIP's name before its own.
            let name = file.name.split('/').next().unwrap_or_default().to_owned();
            let names = if file.failure.is_some() { &mut failed } else { &mut read };
            names.insert(name);
        }
    }
    failed.retain(|name| !read.contains(name));
    Ok(failed)
}
