//! Dossiers out of the book again, as they came in.

use std::ops::Range;

use base::Date;
use book::{Book, PacketPart, TableRef};
use claimfile::{Dossier, Form, Forms, TableId};
use engine::ParquetReader;
use engine::arrow::array::{Array, Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;

use super::part::{EXTRA, INDEX, NUMBER};
use crate::error::ClaimsError;

/// Rows read at once.
const ROWS: usize = 8192;

/// Goes through the dossiers of a part in their order.
pub struct PartReader<'f> {
    cursors: Vec<Cursor<'f>>,
    index: Option<Index>,
}

/// The index: what the envelope said of each dossier.
struct Index {
    reader: ParquetReader,
    batch: Option<RecordBatch>,
    at: usize,
}

/// The day a facility sent a dossier, as far as it can be known: the day its envelope was made (`NGAYLAP`), when that is a day and not after the one it was
/// taken in. The day it was taken in says nothing of the facility: the agency exports files from the national portal months later.
pub(crate) fn sent_on(dossier: &Dossier, received: Date) -> Option<Date> {
    claimfile::parse_day(dossier.made_on.trim().get(..8)?).filter(|day| *day <= received)
}

/// A place in one table.
struct Cursor<'f> {
    form: &'f Form,
    reader: ParquetReader,
    batch: Option<Held>,
    at: usize,
}

/// Rows that were read.
struct Held {
    numbers: Int64Array,
    columns: Vec<StringArray>,
    extra: StringArray,
}

impl<'f> PartReader<'f> {
    /// Opens a part; with `only`, no more than these tables of it.
    pub fn open(book: &Book, part: &PacketPart, forms: &'f Forms, only: Option<&[TableId]>) -> Result<Self, ClaimsError> {
        let mut cursors = Vec::new();
        for form in forms.iter().filter(|form| only.is_none_or(|only| only.contains(&form.id))) {
            let Some(table) = part.tables.get(&form.id.word()) else { continue };
            let wanted = columns_of(form);
            let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
            cursors.push(Cursor { form, reader: book.stream_table(table, &wanted, ROWS)?, batch: None, at: 0 });
        }
        let columns = [NUMBER, "place", "sender", "made_on", "present"];
        let index = part.tables.get(INDEX).map(|table| book.stream_table(table, &columns, ROWS)).transpose()?;
        Ok(Self { cursors, index: index.map(|reader| Index { reader, batch: None, at: 0 }) })
    }

    /// Puts the dossier of a number into `dossier`. Numbers are asked for in ascending order; what lies before is passed over.
    pub fn dossier(&mut self, number: i64, dossier: &mut Dossier) -> Result<(), ClaimsError> {
        dossier.empty();
        if let Some(index) = &mut self.index {
            index.take(number, dossier)?;
        }
        for cursor in &mut self.cursors {
            cursor.take(number, dossier)?;
        }
        Ok(())
    }
}

/// The columns of a claim table as it lies in the book.
fn columns_of(form: &Form) -> Vec<String> {
    let mut columns: Vec<String> = form.columns.iter().map(claimfile::Column::field).collect();
    columns.extend([NUMBER.to_owned(), EXTRA.to_owned()]);
    columns
}

/// Puts the rows of one dossier of a part into `dossier`, without what the envelope said of it. Of each table the numbers of dossiers are read and then the
/// rows of this one alone; to read one after the other there is [`PartReader`].
pub(crate) fn read_one(
    book: &Book,
    part: &PacketPart,
    forms: &Forms,
    number: i64,
    dossier: &mut Dossier,
) -> Result<(), ClaimsError> {
    dossier.empty();
    for form in forms.iter() {
        let Some(table) = part.tables.get(&form.id.word()) else { continue };
        let place = place_of(book, table, number)?;
        if place.is_empty() {
            continue;
        }
        let wanted = columns_of(form);
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        for batch in book.table_rows(table, &wanted, place.start, place.len())? {
            let held = Held::of(&batch?, form)?;
            for row in 0..held.numbers.len() {
                held.row(row, form.id, dossier)?;
            }
        }
    }
    Ok(())
}

/// The rows of a dossier in a table of its part, from 0. They lie together, in the order of the dossiers.
fn place_of(book: &Book, table: &TableRef, number: i64) -> Result<Range<usize>, ClaimsError> {
    let (mut before, mut place) = (0, None);
    for batch in book.stream_table(table, &[NUMBER], ROWS)? {
        let numbers = rows::int(&batch?, NUMBER)?;
        let numbers = numbers.values();
        let (from, to) = (numbers.partition_point(|one| *one < number), numbers.partition_point(|one| *one <= number));
        if from < to {
            place = Some(place.map_or(before + from, |known: Range<usize>| known.start)..before + to);
        }
        if to < numbers.len() {
            break;
        }
        before += numbers.len();
    }
    Ok(place.unwrap_or_default())
}

impl Index {
    fn take(&mut self, number: i64, dossier: &mut Dossier) -> Result<(), ClaimsError> {
        loop {
            let Some(batch) = &self.batch else {
                let Some(batch) = self.reader.next() else { return Ok(()) };
                (self.batch, self.at) = (Some(batch?), 0);
                continue;
            };
            let numbers = rows::int(batch, NUMBER)?;
            while self.at < batch.num_rows() && numbers.value(self.at) < number {
                self.at += 1;
            }
            if self.at == batch.num_rows() {
                self.batch = None;
                continue;
            }
            if numbers.value(self.at) == number {
                let text = |name: &str| Ok::<_, ClaimsError>(rows::text(batch, name)?.value(self.at).to_owned());
                dossier.number = u32::try_from(rows::int(batch, "place")?.value(self.at)).unwrap_or(u32::MAX);
                (dossier.sender, dossier.made_on) = (text("sender")?, text("made_on")?);
                let present = rows::int(batch, "present")?.value(self.at);
                for table in TableId::all().filter(|table| present & (1 << table.index()) != 0) {
                    dossier.set_present(table);
                }
            }
            return Ok(());
        }
    }
}

impl Cursor<'_> {
    fn take(&mut self, number: i64, dossier: &mut Dossier) -> Result<(), ClaimsError> {
        loop {
            let Some(held) = &self.batch else {
                let Some(batch) = self.reader.next() else { return Ok(()) };
                (self.batch, self.at) = (Some(Held::of(&batch?, self.form)?), 0);
                continue;
            };
            let rows = held.numbers.len();
            // Whole batches before the wanted one are passed over at once.
            if self.at < rows && held.numbers.value(rows - 1) < number {
                self.at = rows;
            }
            while self.at < rows && held.numbers.value(self.at) < number {
                self.at += 1;
            }
            while self.at < rows && held.numbers.value(self.at) == number {
                held.row(self.at, self.form.id, dossier)?;
                self.at += 1;
            }
            if self.at < rows {
                return Ok(());
            }
            self.batch = None;
        }
    }
}

impl Held {
    fn of(batch: &RecordBatch, form: &Form) -> Result<Self, ClaimsError> {
        let absent = || StringArray::new_null(batch.num_rows());
        // A column that an older program did not know was not sent then.
        let column = |name: &str| batch.column_by_name(name).map_or_else(|| Ok(absent()), |_| rows::text(batch, name));
        Ok(Self {
            numbers: rows::int(batch, NUMBER)?,
            columns: form.columns.iter().map(|c| column(&c.field())).collect::<Result<_, _>>()?,
            extra: column(EXTRA)?,
        })
    }

    fn row(&self, at: usize, table: TableId, dossier: &mut Dossier) -> Result<(), ClaimsError> {
        let row = dossier.add_row(table, self.columns.len());
        for (place, column) in self.columns.iter().enumerate().filter(|(_, column)| column.is_valid(at)) {
            dossier.set(table, row, place, column.value(at));
        }
        if self.extra.is_valid(at) {
            let damaged = |e: serde_json::Error| ClaimsError::Refused(format!("{EXTRA}: {e}"));
            let extra: Vec<(String, String)> = serde_json::from_str(self.extra.value(at)).map_err(damaged)?;
            for (name, value) in extra {
                dossier.add_extra(table, claimfile::Extra { row, name, value });
            }
        }
        Ok(())
    }
}
