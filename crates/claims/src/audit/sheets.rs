//! Visits that are known from sheets 79a and 80a alone (mức lượt khám): what the city agency has first, exported from the audit portal.
//!
//! A visit that XML claims of the month tell too is taken from these; its row is left out and counted ([`Xml`]), so that no visit is audited twice. Rows of
//! the same facility that XML does not have stay in the audit. Of several rows of one visit the one of the last file counts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use base::Month;
use book::{BatchRecord, Book};
use claimfile::{Dossier, Forms, TableId};

use super::people::People;
use super::sheet_columns::ROSTER;
use super::sheet_row::{IDENTITY, Mapping, Numbers, SheetRows, wanted};
use super::xml::Xml;
use crate::error::ClaimsError;
use crate::store::{StoredTable, StoredVisit, VisitId, bucket};

/// Rows read at once.
const ROWS: usize = 8_192;

/// The rows of a file that count, in their order, each with the number of its visit.
pub(crate) struct OfFile<'a> {
    /// The file.
    pub file: &'a BatchRecord,
    /// Fields that any of its rows fills, of whatever facility.
    pub filled: Arc<BTreeSet<&'static str>>,
    /// Row of the file from 0, and the visit's number.
    pub rows: Vec<(u64, i64)>,
}

/// The visits of a month that sheets tell.
#[derive(Default)]
pub(crate) struct Sheets<'a> {
    /// By bucket of facilities.
    pub buckets: BTreeMap<u8, Vec<OfFile<'a>>>,
    /// Visits.
    pub visits: u64,
    /// Rows of visits that XML claims tell too.
    pub left_out: u64,
    /// Rows that withdraw the request for payment of their visits: these are none of the others.
    pub withdrawn: u64,
    /// Rows in whose place a later one of the same visit stands.
    pub repeated: u64,
}

impl<'a> Sheets<'a> {
    /// Which rows of the month's sheets count. `xml`: the visits that XML claims tell. Numbers of people are noted in `people`.
    pub(crate) fn plan(book: &Book, batches: &'a [BatchRecord], xml: &Xml<'_>, people: &mut People) -> Result<Self, ClaimsError> {
        let files = files(batches);
        let columns = wanted();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut sheets = Self::default();
        let mut last: HashMap<i64, (u8, usize, u64)> = HashMap::new();
        let mut filled_in = Vec::with_capacity(files.len());
        for (at, file) in files.iter().enumerate() {
            let (mut filled, mut met) = (BTreeSet::new(), HashSet::new());
            each(book, file, &columns, &mut |rows, row, place, id, _| {
                if row == 0 {
                    filled.extend(rows.filled());
                }
                if xml.of(rows, row, &mut met).is_some() {
                    sheets.left_out += 1;
                    return Ok(());
                }
                if xml.is_withdrawal(rows, row) {
                    sheets.withdrawn += 1;
                    last.remove(&id.0);
                    return Ok(());
                }
                let facility = rows.text(row, "facility").unwrap_or_default();
                people.meet(rows.text(row, "card_number").as_deref(), None);
                sheets.repeated += u64::from(last.insert(id.0, (bucket(&facility), at, place)).is_some());
                Ok(())
            })?;
            filled_in.push(Arc::new(filled));
        }
        sheets.visits = last.len() as u64;
        let mut order: Vec<(u8, usize, u64, i64)> =
            last.into_iter().map(|(id, (bucket, at, row))| (bucket, at, row, id)).collect();
        order.sort_unstable();
        for (bucket, at, row, id) in order {
            let of_bucket = sheets.buckets.entry(bucket).or_default();
            let file = files[at];
            match of_bucket.last_mut().filter(|last| std::ptr::eq(last.file, file)) {
                Some(last) => last.rows.push((row, id)),
                None => of_bucket.push(OfFile { file, filled: filled_in[at].clone(), rows: vec![(row, id)] }),
            }
        }
        Ok(sheets)
    }

    /// The rows of a bucket.
    pub(crate) fn of(&self, bucket: u8) -> &[OfFile<'a>] {
        self.buckets.get(&bucket).map_or(&[][..], Vec::as_slice)
    }
}

/// The sheets among batches, in the order of their file names.
pub(crate) fn files(batches: &[BatchRecord]) -> Vec<&BatchRecord> {
    let mut files: Vec<&BatchRecord> = batches.iter().filter(|batch| batch.roster == ROSTER).collect();
    files.sort_by(|a, b| (&a.file_name, &a.id).cmp(&(&b.file_name, &b.id)));
    files
}

/// Is told a row: the rows it stands among and its place there, its place in the file, the number of its visit and what the visit is called.
pub(crate) type RowTold<'t> = dyn FnMut(&SheetRows, usize, u64, VisitId, &str) -> Result<(), ClaimsError> + 't;

/// Tells the rows of a file in their order. `columns` must hold [`IDENTITY`].
pub(crate) fn each(book: &Book, file: &BatchRecord, columns: &[&str], tell: &mut RowTold<'_>) -> Result<(), ClaimsError> {
    let mut numbers = Numbers::default();
    let mut place = 0_u64;
    for batch in book.stream_table(&file.table, columns, ROWS)? {
        let rows = SheetRows::of(&file.layout, &batch?)?;
        for row in 0..rows.len() {
            let (id, called) = numbers.next(&rows, row);
            tell(&rows, row, place, id, &called)?;
            place += 1;
        }
    }
    Ok(())
}

/// Is told rows of a file, and of them those that count with the numbers of their visits.
pub(crate) type Slices<'t> = dyn FnMut(&SheetRows, &[(usize, i64)]) -> Result<(), ClaimsError> + 't;

impl OfFile<'_> {
    /// Tells the rows that count, some at a time: the rows of the file that were read, and of them those that count with the numbers of their visits.
    pub(crate) fn slices(&self, book: &Book, tell: &mut Slices<'_>) -> Result<(), ClaimsError> {
        let columns = wanted();
        let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
        let mut left = self.rows.as_slice();
        let mut before = 0_u64;
        for batch in book.stream_table(&self.file.table, &columns, ROWS)? {
            let rows = SheetRows::of(&self.file.layout, &batch?)?;
            let end = before + rows.len() as u64;
            let (now, later) = left.split_at(left.partition_point(|(row, _)| *row < end));
            let now: Vec<(usize, i64)> =
                now.iter().filter_map(|(row, id)| Some((usize::try_from(row - before).ok()?, *id))).collect();
            if !now.is_empty() {
                tell(&rows, &now)?;
            }
            (left, before) = (later, end);
            if left.is_empty() {
                break;
            }
        }
        Ok(())
    }
}

/// What a facility or the portal calls the visits of a facility in a month's sheets, by number; rows without MA_LK and without a number of the portal are left out.
pub(crate) fn names(book: &Book, period: Month, facility: &str) -> Result<BTreeMap<i64, String>, ClaimsError> {
    let batches = book.batches(period)?;
    let mut names = BTreeMap::new();
    for file in files(&batches).into_iter().filter(|file| book.has_table(&file.table)) {
        each(book, file, &IDENTITY, &mut |rows, row, _, id, called| {
            if !called.is_empty() && rows.text(row, "facility").as_deref() == Some(facility) {
                names.insert(id.0, called.to_owned());
            }
            Ok(())
        })?;
    }
    Ok(names)
}

/// A visit of a month as its sheet has it, for pages; `None` when no sheet has it.
pub(crate) fn stored(book: &Book, forms: &Forms, period: Month, visit: i64) -> Result<Option<StoredVisit>, ClaimsError> {
    let batches = book.batches(period)?;
    let mapping = Mapping::of(forms)?;
    let columns = wanted();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let Some(form) = forms.get(TableId::XML1) else { return Ok(None) };
    let mut found = None;
    let mut dossier = Dossier::new();
    for file in files(&batches).into_iter().filter(|file| book.has_table(&file.table)) {
        each(book, file, &columns, &mut |rows, row, _, id, called| {
            if id == VisitId(visit) {
                rows.dossier(row, &mapping, &mut dossier);
                let cells = |row: claimfile::Row<'_>| (0..form.columns.len()).map(|at| row.sent(at).map(str::to_owned)).collect();
                let own: Vec<Vec<Option<String>>> = dossier.each(TableId::XML1).map(cells).collect();
                found = Some(StoredVisit {
                    facility: rows.text(row, "facility").unwrap_or_default(),
                    ma_lk: called.to_owned(),
                    month: period,
                    versions: 1,
                    sheet: true,
                    signature: None,
                    tables: vec![StoredTable { table: TableId::XML1, rows: own }],
                });
            }
            Ok(())
        })?;
    }
    Ok(found)
}
