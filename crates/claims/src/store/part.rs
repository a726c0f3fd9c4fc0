//! Rows of one month and bucket while they come in, and how they lie in the book.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Date, Month};
use book::{Book, PacketPart};
use claimfile::{Dossier, Form, Forms, TableId};
use engine::EngineError;
use engine::arrow::array::{ArrayRef, Int64Builder, StringBuilder};
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef};
use engine::arrow::record_batch::RecordBatch;

use super::armed::{Fate, kept};
use super::bucket::VisitId;
use crate::error::ClaimsError;

/// Name of the index of a part.
pub(crate) const INDEX: &str = "visit";
/// Column of every table: number of the dossier in its part, from 1.
pub(crate) const NUMBER: &str = "visit";
/// Column of a claim table: elements that no form knows, a JSON list of name and value.
pub(crate) const EXTRA: &str = "extra_elements";

/// What the index says of a dossier.
pub(crate) struct Entry<'e> {
    pub id: VisitId,
    pub facility: &'e str,
    pub link: &'e str,
    /// Place of its file in the packet, from 0.
    pub file: usize,
}

/// Rows of one month and bucket.
pub(crate) struct Part {
    period: Month,
    bucket: u8,
    facilities: BTreeSet<String>,
    index: Index,
    tables: Vec<Option<TableRows>>,
    visits: i64,
    /// Bytes held, roughly.
    pub bytes: usize,
}

impl Part {
    pub(crate) fn new(period: Month, bucket: u8) -> Self {
        let tables = (0..TableId::COUNT).map(|_| None).collect();
        Self { period, bucket, facilities: BTreeSet::new(), index: Index::default(), tables, visits: 0, bytes: 0 }
    }

    /// Adds a dossier; `fates` says of each table what becomes of its columns, when not all are kept.
    pub(crate) fn add(
        &mut self,
        dossier: &Dossier,
        forms: &Forms,
        entry: &Entry<'_>,
        fates: Option<&BTreeMap<TableId, Vec<Fate>>>,
    ) -> Result<(), ClaimsError> {
        self.visits += 1;
        if !self.facilities.contains(entry.facility) {
            self.facilities.insert(entry.facility.to_owned());
        }
        let mut content = blake3::Hasher::new();
        let mut present = 0_i64;
        let before = self.bytes;
        for form in forms.iter().filter(|form| dossier.rows(form.id).present) {
            present |= 1 << form.id.index();
            let rows = self.tables[form.id.index()].get_or_insert_with(|| TableRows::new(form));
            let fates = fates.and_then(|all| all.get(&form.id)).map(Vec::as_slice);
            self.bytes += rows.add(self.visits, dossier, form.id, fates, &mut content);
        }
        let lines = dossier.rows(TableId::XML2).len() + dossier.rows(TableId::XML3).len();
        let mark = content.finalize().to_hex();
        self.index.add(self.visits, entry, dossier, present, lines, &mark[..32]);
        self.bytes += 160;
        debug_assert!(self.bytes > before);
        Ok(())
    }

    /// The rows as Arrow, the index first.
    pub(crate) fn into_batches(self) -> Result<Vec<RecordBatch>, ClaimsError> {
        let mut batches = vec![self.index.finish()?];
        for rows in self.tables.into_iter().flatten() {
            batches.push(rows.finish()?);
        }
        Ok(batches)
    }

    /// Puts the rows into the book.
    pub(crate) fn finish(self, book: &Book) -> Result<PacketPart, ClaimsError> {
        let mut tables = BTreeMap::new();
        let index = self.index.finish()?;
        tables.insert(INDEX.to_owned(), book.put_table(index.schema(), &[index])?);
        for (place, rows) in self.tables.into_iter().enumerate() {
            let Some(rows) = rows else { continue };
            let batch = rows.finish()?;
            tables.insert(format!("xml{place}"), book.put_table(batch.schema(), &[batch])?);
        }
        Ok(PacketPart { period: self.period, bucket: self.bucket, facilities: self.facilities, tables })
    }
}

/// The index while it is built.
#[derive(Default)]
struct Index {
    number: Int64Builder,
    id: Int64Builder,
    facility: StringBuilder,
    link: StringBuilder,
    file: Int64Builder,
    place: Int64Builder,
    sender: StringBuilder,
    made_on: StringBuilder,
    present: Int64Builder,
    lines: Int64Builder,
    content: StringBuilder,
}

impl Index {
    fn add(&mut self, number: i64, entry: &Entry<'_>, dossier: &Dossier, present: i64, lines: usize, content: &str) {
        self.number.append_value(number);
        self.id.append_value(entry.id.0);
        self.facility.append_value(entry.facility);
        self.link.append_value(entry.link);
        self.file.append_value(i64::try_from(entry.file).unwrap_or(i64::MAX));
        self.place.append_value(i64::from(dossier.number));
        self.sender.append_value(&dossier.sender);
        self.made_on.append_value(&dossier.made_on);
        self.present.append_value(present);
        self.lines.append_value(i64::try_from(lines).unwrap_or(i64::MAX));
        self.content.append_value(content);
    }

    fn finish(mut self) -> Result<RecordBatch, EngineError> {
        let columns: [(&str, ArrayRef); 11] = [
            (NUMBER, Arc::new(self.number.finish())),
            ("visit_id", Arc::new(self.id.finish())),
            ("facility", Arc::new(self.facility.finish())),
            ("link", Arc::new(self.link.finish())),
            ("file", Arc::new(self.file.finish())),
            ("place", Arc::new(self.place.finish())),
            ("sender", Arc::new(self.sender.finish())),
            ("made_on", Arc::new(self.made_on.finish())),
            ("present", Arc::new(self.present.finish())),
            ("lines", Arc::new(self.lines.finish())),
            ("content", Arc::new(self.content.finish())),
        ];
        batch(columns)
    }
}

/// Rows of one claim table.
struct TableRows {
    schema: SchemaRef,
    number: Int64Builder,
    columns: Vec<StringBuilder>,
    extra: StringBuilder,
}

impl TableRows {
    fn new(form: &Form) -> Self {
        Self {
            schema: schema(form),
            number: Int64Builder::new(),
            columns: form.columns.iter().map(|_| StringBuilder::new()).collect(),
            extra: StringBuilder::new(),
        }
    }

    /// Adds the rows of a dossier and says how many bytes they take.
    fn add(
        &mut self,
        number: i64,
        dossier: &Dossier,
        table: TableId,
        fates: Option<&[Fate]>,
        content: &mut blake3::Hasher,
    ) -> usize {
        let mut bytes = 0;
        content.update(&[u8::try_from(table.index()).unwrap_or(u8::MAX), 0xff]);
        for (at, row) in dossier.each(table).enumerate() {
            self.number.append_value(number);
            for (place, column) in self.columns.iter_mut().enumerate() {
                let sent = row.sent(place);
                let fate = fates.map_or(Fate::Kept, |fates| fates[place]);
                let changed = if fate == Fate::Kept { None } else { Some(sent.and_then(|cell| kept(fate, cell))) };
                let cell = changed.as_ref().map_or(sent, |changed| changed.as_deref());
                column.append_option(cell);
                let cell = cell.unwrap_or("\u{1}");
                content.update(cell.as_bytes());
                content.update(&[0]);
                bytes += cell.len() + 4;
            }
            let extra: Vec<(&str, &str)> = dossier
                .rows(table)
                .extra
                .iter()
                // What no form knows could name anybody; of a dossier that must not, it is left out.
                .filter(|extra| extra.row == at && fates.is_none())
                .map(|extra| (extra.name.as_str(), extra.value.as_str()))
                .collect();
            let extra = (!extra.is_empty()).then(|| serde_json::to_string(&extra).unwrap_or_default());
            content.update(extra.as_deref().unwrap_or_default().as_bytes());
            bytes += extra.as_ref().map_or(8, String::len);
            self.extra.append_option(extra);
        }
        bytes
    }

    fn finish(mut self) -> Result<RecordBatch, EngineError> {
        let mut arrays: Vec<ArrayRef> = vec![Arc::new(self.number.finish())];
        arrays.extend(self.columns.iter_mut().map(|column| Arc::new(column.finish()) as ArrayRef));
        arrays.push(Arc::new(self.extra.finish()));
        RecordBatch::try_new(self.schema, arrays).map_err(|e| EngineError::Query(e.to_string()))
    }
}

/// How a claim table lies in the book.
fn schema(form: &Form) -> SchemaRef {
    let mut fields = vec![Field::new(NUMBER, DataType::Int64, false)];
    fields.extend(form.columns.iter().map(|column| Field::new(column.field(), DataType::Utf8, true)));
    fields.push(Field::new(EXTRA, DataType::Utf8, true));
    Arc::new(Schema::new(fields))
}

fn batch<const N: usize>(columns: [(&str, ArrayRef); N]) -> Result<RecordBatch, EngineError> {
    let fields: Vec<Field> = columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), false)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|e| EngineError::Query(e.to_string()))
}

/// The month a dossier is settled in: `NAM_QT` and `THANG_QT`, where they say none that can be the month of its end or of the day it came.
pub(crate) fn month_of(year: Option<&str>, month: Option<&str>, end: Option<Date>, received: Date) -> Month {
    let number = |text: Option<&str>| text.and_then(|text| text.parse::<i32>().ok());
    let told = number(year).zip(number(month)).and_then(|(year, month)| Month::new(year, month));
    let sensible = |month: &Month| (2009..=received.year() + 1).contains(&month.year());
    told.filter(sensible).or(end.map(Date::month).filter(sensible)).unwrap_or(received.month())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_month_is_that_of_settlement_then_of_the_end_then_of_today() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        let today = day("2026-11-30");
        let month = |year, month, end| month_of(year, month, end, today).to_string();
        assert_eq!(month(Some("2026"), Some("9"), Some(day("2026-10-02"))), "2026-09");
        assert_eq!(month(Some("2026"), Some("13"), Some(day("2026-10-02"))), "2026-10");
        assert_eq!(month(Some("0026"), Some("09"), None), "2026-11");
        assert_eq!(month(None, Some("09"), Some(day("1926-10-02"))), "2026-11");
    }
}
