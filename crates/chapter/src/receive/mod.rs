//! Taking a roster file into the book: read, checked, stored with its refused rows.

mod agreed;
mod columns;
mod error;
mod folder;
mod handed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use base::Month;
use base::places::Places;
use book::{BatchRecord, Book, BookError, Mended, Replaced, TableRef};
use engine::{DataFile, EngineError};
use intake::{IntakeError, Layout, Layouts, Limits, Report};

pub use agreed::{AgreementFault, Agreements, Standing, check_agreement};
pub use columns::{chunk_batch, layout_schema};
pub use error::ReceiveError;
pub use handed::Handed;

use columns::Rows;

/// What became of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// Taken in now.
    New(BatchRecord),
    /// The same content was taken in before; nothing changed. It may have been replaced since.
    Known(BatchRecord),
}

impl Received {
    /// The batch, whichever way it came to be there.
    pub fn batch(&self) -> &BatchRecord {
        match self {
            Self::New(batch) | Self::Known(batch) => batch,
        }
    }
}

/// What files are taken in with, and for which period.
pub struct Receiver<'a> {
    book: &'a Book,
    /// Those of the program, where an agreement names the fields of a roster with these alone.
    layouts: Layouts,
    agreements: &'a Agreements,
    places: &'a Places,
    limits: &'a Limits,
    period: Month,
    /// The batches of the period, read once: among thousands of files reading them again for each would cost more than the files.
    batches: Mutex<Option<Vec<BatchRecord>>>,
}

/// A table that was read and checked; its rows lie in a draft of the book.
enum Drafted<'a> {
    Known(Box<BatchRecord>),
    Read(Box<Report>, Box<Rows<'a>>),
}

/// How a file is meant by who sends it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Meaning<'a> {
    /// Its roster; found by the headings when nothing is said.
    pub roster: Option<&'a str>,
    /// Batches (or names of their files) that it stands for from now on.
    pub replaces: &'a [String],
    /// The batch whose refused rows it brings back mended.
    pub mends: Option<&'a str>,
}

impl<'a> Receiver<'a> {
    /// For a period. `agreements` are those that hold today; `limits` are the sizes beyond which a file is refused; the caller holds the
    /// lock of the book.
    pub fn new(
        book: &'a Book,
        layouts: &Layouts,
        agreements: &'a Agreements,
        places: &'a Places,
        limits: &'a Limits,
        period: Month,
    ) -> Self {
        Self { book, layouts: agreements.narrow(layouts), agreements, places, limits, period, batches: Mutex::new(None) }
    }

    /// Takes the tables of a file in: one, or all of a ZIP. Every row ends stored or refused; the same content twice
    /// changes nothing. The first table that cannot be taken in ends it; those before it stay.
    pub fn file(&self, path: &Path, meaning: &Meaning) -> Result<Vec<Received>, ReceiveError> {
        self.open(path)?.iter().map(|handed| self.table(handed, meaning)).collect()
    }

    /// Takes one table in.
    pub fn table(&self, handed: &Handed, meaning: &Meaning) -> Result<Received, ReceiveError> {
        self.settle(self.draft(handed, meaning)?, meaning)
    }

    fn open(&self, path: &Path) -> Result<Vec<Handed>, ReceiveError> {
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Handed::open(&DataFile::plain(path), &name, self.limits)?)
    }

    /// Reads a table.
    ///
    /// Rows go into a draft of the book while the table is read, so that memory does not grow with it. Drafts do not depend
    /// on one another: several may be read at once.
    fn draft(&self, handed: &Handed, meaning: &Meaning) -> Result<Drafted<'a>, ReceiveError> {
        if let Some(known) = self.known(handed, meaning)? {
            return Ok(Drafted::Known(Box::new(known)));
        }
        let mut rows = Rows::new(self.book);
        let mut failed: Option<BookError> = None;
        let mut sink = |chunk: intake::Chunk| {
            rows.write(chunk).map_err(|error| {
                let words = error.to_string();
                failed = Some(error);
                words
            })
        };
        let report = handed.read(meaning.roster, &self.layouts, self.places, self.limits, &mut sink);
        match (report, failed) {
            // The book's own error says more than that the sink refused.
            (Err(IntakeError::Sink { .. }), Some(error)) => Err(error.into()),
            (report, _) => {
                let report = report?;
                self.agreements.must_hold(&report.roster)?;
                Ok(Drafted::Read(Box::new(report), Box::new(rows)))
            }
        }
    }

    /// The batch in force that has just these bytes: then the file need not be read again.
    fn known(&self, handed: &Handed, meaning: &Meaning) -> Result<Option<BatchRecord>, ReceiveError> {
        let Handed::File(source) = handed else { return Ok(None) };
        if !meaning.replaces.is_empty() || meaning.mends.is_some() {
            return Ok(None);
        }
        let hash = source.content_hash();
        self.with_batches(|all| {
            let replaced = replaced(all);
            let same = |b: &&BatchRecord| b.content_hash == hash && meaning.roster.is_none_or(|roster| roster == b.roster);
            all.iter().filter(|b| !replaced.contains(b.id.as_str())).find(same).cloned()
        })
    }

    /// Looks at the batches of the period.
    fn with_batches<T>(&self, look: impl FnOnce(&[BatchRecord]) -> T) -> Result<T, ReceiveError> {
        let mut held = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        let all = match &mut *held {
            Some(all) => all,
            none => none.insert(self.book.all_batches(self.period)?),
        };
        Ok(look(all))
    }

    /// Makes a draft a batch of the book.
    ///
    /// The draft becomes a table of the book only when the whole file was sound; the batch that names it comes last.
    fn settle(&self, drafted: Drafted<'a>, meaning: &Meaning) -> Result<Received, ReceiveError> {
        let (report, rows) = match drafted {
            Drafted::Known(batch) => return Ok(Received::Known(*batch)),
            Drafted::Read(report, rows) => (report, rows),
        };
        let all = self.with_batches(<[BatchRecord]>::to_vec)?;
        let replaced = replaced(&all);
        let in_force: Vec<&BatchRecord> = all.iter().filter(|b| !replaced.contains(b.id.as_str())).collect();
        let replaces = match self.place(&report, &all, &in_force, meaning)? {
            Place::Known(batch) => return Ok(Received::Known(batch.clone())),
            Place::New(replaces) => replaces,
        };
        let layout = self.layout(&report)?;
        let mends = self.mended(&report, &all, meaning)?;
        let table = rows.finish(layout)?;
        let changes = |old: &BatchRecord| self.book.row_changes(&old.table, &table, &columns::row_keys(layout));
        let replaces = replaces
            .into_iter()
            .map(|old| Ok(Replaced { batch: old.id.clone(), changes: changes(old)? }))
            .collect::<Result<Vec<_>, BookError>>()?;
        let agreed = self.agreements.of(&report);
        let batch =
            BatchRecord { mends, agreed, ..record(&report, self.period, new_id(self.book, &report, &all), table, replaces) };
        self.book.add_batch(&batch, &intake::rejects_csv(&report))?;
        let mut held = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(all) = &mut *held {
            let at = all.partition_point(|b| b.id < batch.id);
            all.insert(at, batch.clone());
        }
        Ok(Received::New(batch))
    }

    /// Whether the file is known, and which batches it stands for.
    fn place<'b>(
        &self,
        report: &Report,
        all: &'b [BatchRecord],
        in_force: &[&'b BatchRecord],
        meaning: &Meaning,
    ) -> Result<Place<'b>, ReceiveError> {
        let same = |b: &BatchRecord| {
            b.roster == report.roster
                && (b.content_hash == report.content_hash || (b.stored > 0 && b.rows_hash == report.rows_hash))
        };
        let known = in_force.iter().find(|b| same(b)).copied();
        let mut replaces: Vec<&BatchRecord> = Vec::new();
        for wanted in meaning.replaces {
            let named = |b: &&&BatchRecord| b.id == *wanted || (b.roster == report.roster && b.file_name == *wanted);
            let found = in_force.iter().find(named).copied();
            match (found, known) {
                (Some(old), _) => replaces.push(old),
                // Sent again after it was replaced by just this file.
                (None, Some(new)) if new.replaces.iter().any(|r| r.batch == *wanted) => {}
                _ => return Err(ReceiveError::NothingToReplace { wanted: wanted.clone(), period: self.period }),
            }
        }
        if let Some(other) = replaces.iter().find(|b| b.roster != report.roster) {
            let (batch, found, roster) = (other.id.clone(), other.roster.clone(), report.roster.clone());
            return Err(ReceiveError::OtherRoster { batch, found, roster });
        }
        if let Some(known) = known {
            // A file stays as it came in, whatever is agreed later; only who replaces it by name has it read again.
            let before: Vec<&String> = known.agreed.iter().flat_map(|agreed| agreed.dropped.keys()).collect();
            let again = !replaces.is_empty() && !report.outside_columns.keys().eq(before);
            if !again && replaces.iter().all(|b| b.id == known.id) {
                return Ok(Place::Known(known));
            }
            // It is there beside the one it shall stand for: one batch takes the place of both.
            replaces.push(known);
        } else if replaces.is_empty()
            && let Some(old) = all.iter().find(|b| same(b))
        {
            // A folder that still holds the earlier file does not bring it back.
            return Ok(Place::Known(old));
        }
        replaces.sort_by(|a, b| a.id.cmp(&b.id));
        replaces.dedup_by(|a, b| a.id == b.id);
        let taken = |b: &&&BatchRecord| {
            let stays = replaces.iter().all(|r| r.id != b.id);
            stays && b.roster == report.roster && b.file_name == report.file_name
        };
        if let Some(other) = in_force.iter().find(taken) {
            let (file_name, batch) = (report.file_name.clone(), other.id.clone());
            return Err(ReceiveError::NameTaken { file_name, period: self.period, batch });
        }
        Ok(Place::New(replaces))
    }

    /// Which refused rows of an earlier batch are stored now, as the column `Dòng gốc` of a mended file says.
    fn mended(&self, report: &Report, all: &[BatchRecord], meaning: &Meaning) -> Result<Option<Mended>, ReceiveError> {
        let Some(wanted) = meaning.mends else { return Ok(None) };
        let Some(first) = all.iter().find(|b| b.id == wanted) else {
            return Err(ReceiveError::NothingToReplace { wanted: wanted.to_owned(), period: self.period });
        };
        if first.roster != report.roster {
            let (batch, found, roster) = (first.id.clone(), first.roster.clone(), report.roster.clone());
            return Err(ReceiveError::OtherRoster { batch, found, roster });
        }
        let rows: BTreeSet<u64> = report.origins.iter().copied().collect();
        Ok(Some(Mended { batch: first.id.clone(), rows: rows.into_iter().collect() }))
    }

    fn layout(&self, report: &Report) -> Result<&Layout, EngineError> {
        let unknown = || EngineError::Query(format!("layout `{}` was used for reading but is not loaded", report.layout));
        self.layouts.all().iter().find(|l| l.id == report.layout).ok_or_else(unknown)
    }
}

/// The ids of batches that others stand for.
fn replaced(all: &[BatchRecord]) -> BTreeSet<&str> {
    all.iter().flat_map(|b| &b.replaces).map(|r| r.batch.as_str()).collect()
}

/// Where a file stands among what was received before.
enum Place<'b> {
    /// It was taken in before.
    Known(&'b BatchRecord),
    /// It comes in now, in the place of these.
    New(Vec<&'b BatchRecord>),
}

/// Roster and start of the content hash, or of its mark in a sealed book; a content that comes back after it was replaced gets a number.
fn new_id(book: &Book, report: &Report, all: &[BatchRecord]) -> String {
    let id = format!("{}-{}", report.roster, &book.mark(&report.content_hash)[..12]);
    let free = |id: &String| all.iter().all(|b| b.id != *id);
    if free(&id) {
        return id;
    }
    (2u32..).map(|n| format!("{id}-{n}")).find(free).unwrap_or(id)
}

fn record(report: &Report, period: Month, id: String, table: TableRef, replaces: Vec<Replaced>) -> BatchRecord {
    let mut refused = BTreeMap::new();
    for reject in &report.rejects {
        *refused.entry(reject.reason.code().to_owned()).or_insert(0) += 1;
    }
    BatchRecord {
        id,
        roster: report.roster.clone(),
        period,
        file_name: report.file_name.clone(),
        layout: format!("{} {}", report.layout, report.layout_version),
        content_hash: report.content_hash.clone(),
        rows_hash: report.rows_hash.clone(),
        declared: report.declared,
        read: report.read,
        stored: report.stored,
        quarantined: report.quarantined,
        unknown_columns: report.unknown_columns.clone(),
        facts: report.title_facts.clone(),
        table,
        refused,
        missing_columns: report.missing_optional.clone(),
        passed_over: report.passed_over,
        duplicates: report.duplicates_in_file,
        replaces,
        mends: None,
        agreed: None,
    }
}
