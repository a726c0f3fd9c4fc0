//! Taking claim files into the book: streamed, bounded memory, read = stored + refused.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use base::{Date, Month};
use book::{Book, Fingerprint, Packet, PacketFile, PacketPart, PacketSignature};
use claimfile::signature::{Covered, Signature, Trust};
use claimfile::{Dossier, FileKind, Limits, Refused, TableId, parse_day, parse_time};
use engine::DataFile;

use super::armed::{Fate, fates, is_armed};
use super::bucket::{VisitId, bucket};
use super::part::{Entry, Part, month_of};
use crate::Formats;
use crate::error::ClaimsError;
use crate::scan::{FileOutcome, read_file, sign};

/// Bytes of rows that wait in memory; when there are more, the largest part goes into the book.
const WAITING_BYTES: usize = 160 << 20;

/// Takes files into the book, as one packet.
///
/// The caller holds the writer's lock. Dropped before [`Importer::finish`], it leaves tables that nothing names and no packet.
pub struct Importer<'a> {
    book: &'a Book,
    formats: &'a Formats,
    limits: Limits,
    received: Date,
    number: u64,
    /// The roots that signatures are held against, and when the files were there, Unix seconds; without them nothing is said of signatures.
    signing: Option<(&'a Trust, i64)>,
    /// Contents of files that are in the book.
    known: BTreeSet<String>,
    hashes: Vec<String>,
    files: Vec<PacketFile>,
    rows: Rows<'a>,
    refused: csv::Writer<Vec<u8>>,
}

/// Rows that wait, and where they go.
struct Rows<'a> {
    book: &'a Book,
    formats: &'a Formats,
    at: Columns,
    fates: BTreeMap<TableId, Vec<Fate>>,
    received: Date,
    waiting: BTreeMap<(Month, u8), Part>,
    parts: Vec<PacketPart>,
}

/// Places of the columns that say where a dossier belongs.
struct Columns {
    facility: usize,
    link: usize,
    card: usize,
    year: usize,
    month: usize,
    end: usize,
    notice_facility: usize,
    notice_link: usize,
    notice_start: usize,
}

impl<'a> Importer<'a> {
    /// Starts a packet that is taken in on a day.
    pub fn new(book: &'a Book, formats: &'a Formats, received: Date) -> Result<Self, ClaimsError> {
        let packets = book.packets()?;
        // A file of which nothing could be read is tried again: a later program may read it.
        let read = packets.iter().flat_map(|packet| &packet.files).filter(|file| file.failure.is_none());
        let known = read.map(|file| file.content_hash.clone()).collect();
        let number = packets.last().map_or(0, |packet| packet.number) + 1;
        let mut refused = csv::Writer::from_writer(vec![0xef, 0xbb, 0xbf]);
        let header = ["tep", "ho_so_thu", "ma_lk", "bang", "dong", "cot", "gia_tri", "ma_ly_do", "ly_do"];
        refused.write_record(header).map_err(|e| ClaimsError::Refused(e.to_string()))?;
        Ok(Self {
            book,
            formats,
            limits: Limits::default(),
            received,
            number,
            signing: None,
            known,
            hashes: Vec::new(),
            files: Vec::new(),
            rows: Rows::new(book, formats, received)?,
            refused,
        })
    }

    /// The same, which looks at the signatures (CHUKYDONVI) of the files: what is known of each stands in its record of the packet, and nothing is refused because of
    /// it. `received` is when they were there, Unix seconds.
    #[must_use]
    pub fn checking(mut self, trust: &'a Trust, received: i64) -> Self {
        self.signing = Some((trust, received));
        self
    }

    /// Takes one file or ZIP in. Nothing is read of one whose bytes are known: the answer is then `None`.
    pub fn file(&mut self, file: impl Into<DataFile>) -> Result<Option<Vec<FileOutcome>>, ClaimsError> {
        self.one(file.into())
    }

    fn one(&mut self, file: DataFile) -> Result<Option<Vec<FileOutcome>>, ClaimsError> {
        // A file that cannot be opened has no hash; it is reported as an outcome below.
        let hash = content_hash_of(std::slice::from_ref(&file)).unwrap_or_default();
        if !hash.is_empty() && !self.known.insert(hash.clone()) {
            return Ok(None);
        }
        let first = self.files.len();
        let rows = &mut self.rows;
        // Files of a ZIP come one after the other, each with a name of its own: a new name is the next file of which something is kept.
        let mut current: Option<(String, usize)> = None;
        let mut outcomes = read_file(&file, &self.formats.forms, &self.limits, &mut |name, dossier| {
            let place = match &current {
                Some((known, place)) if known == name => *place,
                Some((_, place)) => place + 1,
                None => first,
            };
            if current.as_ref().is_none_or(|(known, _)| known != name) {
                current = Some((name.to_owned(), place));
            }
            rows.add(dossier, place)
        })?;
        if let Some((trust, received)) = self.signing {
            sign(&mut outcomes, file, trust, received)?;
        }
        self.hashes.push(hash.clone());
        for outcome in &outcomes {
            for fault in outcome.faults() {
                self.write_refused(&outcome.name, fault)?;
            }
        }
        // Those of which nothing is kept come last: they took no place above.
        let (kept, empty): (Vec<_>, Vec<_>) = outcomes.iter().partition(|outcome| outcome.kept > 0);
        self.files.extend(kept.into_iter().chain(empty).map(|outcome| record(outcome, &hash)));
        Ok(Some(outcomes))
    }

    /// Whether contents are in the book, by their hash; from now on they are.
    pub(super) fn is_known(&mut self, hash: &str) -> bool {
        !self.known.insert(hash.to_owned())
    }

    /// Place of the next record.
    pub(super) fn next_place(&self) -> usize {
        self.files.len()
    }

    /// Checks and stores one dossier; whether it was stored.
    pub(super) fn checked(&mut self, dossier: &Dossier, place: usize) -> Result<bool, ClaimsError> {
        let faults = claimfile::check(dossier, &self.formats.forms);
        for fault in &faults {
            self.write_refused("", fault)?;
        }
        if faults.is_empty() {
            self.rows.add(dossier, place)?;
        }
        Ok(faults.is_empty())
    }

    /// Records a folder of tables.
    pub(super) fn end_tables(&mut self, file: PacketFile) {
        self.hashes.push(file.content_hash.clone());
        self.files.push(file);
    }

    /// The forms.
    pub(super) fn forms(&self) -> &'a claimfile::Forms {
        &self.formats.forms
    }

    fn write_refused(&mut self, file: &str, fault: &Refused) -> Result<(), ClaimsError> {
        let number = |number: Option<u32>| number.map(|n| n.to_string()).unwrap_or_default();
        let cells = [
            file.to_owned(),
            fault.number.to_string(),
            fault.visit.clone().unwrap_or_default(),
            fault.table.map(|table| table.to_string()).unwrap_or_default(),
            number(fault.row),
            fault.column.clone().unwrap_or_default(),
            fault.value.clone().unwrap_or_default(),
            fault.reason.code().to_owned(),
            fault.reason.to_string(),
        ];
        self.refused.write_record(cells.map(guarded)).map_err(|e| ClaimsError::Refused(e.to_string()))
    }

    /// Puts everything into the book and names the packet; without a new file nothing is written.
    pub fn finish(self) -> Result<Option<(Packet, Option<PathBuf>)>, ClaimsError> {
        if self.files.is_empty() {
            return Ok(None);
        }
        let parts = self.rows.finish()?;
        let mut print = Fingerprint::new("claims");
        for hash in &self.hashes {
            print = print.with("file", hash);
        }
        let id = self.book.mark(&print.finish())[..16].to_owned();
        let packet = Packet { number: self.number, id, received: self.received, files: self.files, parts };
        let refused = self.refused.into_inner().map_err(|e| ClaimsError::Refused(e.to_string()))?;
        self.book.add_packet(&packet, &refused)?;
        let has_refused = packet.files.iter().any(|file| file.refused > 0);
        let path = has_refused.then(|| self.book.refused_path(&packet));
        Ok(Some((packet, path)))
    }
}

impl<'a> Rows<'a> {
    fn new(book: &'a Book, formats: &'a Formats, received: Date) -> Result<Self, ClaimsError> {
        let fates = formats.forms.iter().map(|form| (form.id, fates(form))).collect();
        let at = Columns::of(formats)?;
        Ok(Self { book, formats, at, fates, received, waiting: BTreeMap::new(), parts: Vec::new() })
    }

    fn add(&mut self, dossier: &Dossier, file: usize) -> Result<(), ClaimsError> {
        let at = &self.at;
        let (facility, link, period);
        if let Some(row) = dossier.row(TableId::XML1, 0) {
            facility = row.get(at.facility).unwrap_or(&dossier.sender).to_owned();
            link = row.get(at.link).unwrap_or_default().to_owned();
            let end = row.get(at.end).and_then(parse_time).map(|moment| moment.day);
            period = month_of(row.get(at.year), row.get(at.month), end, self.received);
        } else if let Some(row) = dossier.row(TableId::XML0, 0) {
            facility = row.get(at.notice_facility).unwrap_or(&dossier.sender).to_owned();
            // A notice is no claim: it has a number of its own beside that of the visit it announces.
            link = format!("xml0 {}", row.get(at.notice_link).unwrap_or_default());
            let start = row.get(at.notice_start).and_then(|text| parse_day(text.get(..8)?));
            period = month_of(None, None, start, self.received);
        } else {
            return Ok(());
        }
        let entry = Entry { id: VisitId::of(&facility, &link), facility: &facility, link: &link, file };
        let armed = is_armed(dossier, &self.formats.lists, self.at.card);
        let key = (period, bucket(&facility));
        let part = self.waiting.entry(key).or_insert_with(|| Part::new(key.0, key.1));
        part.add(dossier, &self.formats.forms, &entry, armed.then_some(&self.fates))?;
        let held: usize = self.waiting.values().map(|part| part.bytes).sum();
        if held > WAITING_BYTES
            && let Some(largest) = self.waiting.iter().max_by_key(|(_, part)| part.bytes).map(|(key, _)| *key)
            && let Some(part) = self.waiting.remove(&largest)
        {
            self.parts.push(part.finish(self.book)?);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<PacketPart>, ClaimsError> {
        for part in std::mem::take(&mut self.waiting).into_values() {
            self.parts.push(part.finish(self.book)?);
        }
        Ok(self.parts)
    }
}

impl Columns {
    fn of(formats: &Formats) -> Result<Self, ClaimsError> {
        let place = |table: TableId, column: &str| {
            let missing = || ClaimsError::Form { table: table.to_string(), column: column.to_owned() };
            formats.forms.get(table).and_then(|form| form.column(column)).ok_or_else(missing)
        };
        Ok(Self {
            facility: place(TableId::XML1, "MA_CSKCB")?,
            link: place(TableId::XML1, "MA_LK")?,
            card: place(TableId::XML1, "MA_THE_BHYT")?,
            year: place(TableId::XML1, "NAM_QT")?,
            month: place(TableId::XML1, "THANG_QT")?,
            end: place(TableId::XML1, "NGAY_RA")?,
            notice_facility: place(TableId::XML0, "MA_CSKCB")?,
            notice_link: place(TableId::XML0, "MA_LK")?,
            notice_start: place(TableId::XML0, "NGAY_VAO")?,
        })
    }
}

fn record(outcome: &FileOutcome, hash: &str) -> PacketFile {
    let refused = outcome.refused.len() as u64;
    PacketFile {
        name: outcome.name.clone(),
        content_hash: hash.to_owned(),
        kind: outcome.kind.map(|kind| if kind == FileKind::Claims { "claims" } else { "check_in" }.to_owned()),
        sender: outcome.ended.sender.clone(),
        declared: outcome.ended.declared,
        read: u64::from(outcome.ended.read),
        stored: u64::from(outcome.kept),
        refused,
        failure: outcome.failure.as_ref().map(ToString::to_string),
        signature: outcome.signature.as_ref().map(signature),
    }
}

/// A verdict as packets keep it: without the signer, who is a person.
fn signature(signature: &Signature) -> PacketSignature {
    let covers = signature.covered().map(Covered::code).map(str::to_owned);
    PacketSignature { answer: signature.code().to_owned(), covers }
}

/// Hash of what files hold, one after the other.
pub(super) fn content_hash_of(files: &[DataFile]) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    for file in files {
        std::io::copy(&mut file.open().map_err(std::io::Error::other)?.reader(), &mut hasher)?;
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// A cell that no spreadsheet takes for a formula.
fn guarded(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\'']) { format!("'{cell}") } else { cell }
}

/// Reads files into Arrow and lets them go: what a measurement of reading alone needs. Gives the rows of all tables.
pub fn into_arrow(paths: &[PathBuf], formats: &Formats, month: Month) -> Result<u64, ClaimsError> {
    let mut rows = 0;
    let mut part: Option<Part> = None;
    for path in paths {
        read_file(path, &formats.forms, &Limits::default(), &mut |_, dossier| {
            let held = part.get_or_insert_with(|| Part::new(month, 0));
            let entry = Entry { id: VisitId(1), facility: &dossier.sender, link: "", file: 0 };
            held.add(dossier, &formats.forms, &entry, None)?;
            if held.bytes > WAITING_BYTES / 4
                && let Some(full) = part.take()
            {
                rows += full.into_batches()?.iter().map(|batch| batch.num_rows() as u64).sum::<u64>();
            }
            Ok(())
        })?;
    }
    if let Some(rest) = part {
        rows += rest.into_batches()?.iter().map(|batch| batch.num_rows() as u64).sum::<u64>();
    }
    Ok(rows)
}
