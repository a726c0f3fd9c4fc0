//! The rosters as shared tables: the columns of their contracts, each row with the number of its person.

use std::collections::BTreeSet;
use std::sync::Arc;

use base::{Date, Month};
use chapter::{ChapterError, StepContext, StepTable};
use engine::arrow::array::{Array, ArrayRef, Int64Array, StringArray, UInt32Array, new_null_array};
use engine::arrow::compute::{cast, concat_batches, take};
use engine::arrow::datatypes::{Field, Schema};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;

use super::NAME;
use super::coded::Coders;
use super::evidence::Numbered;
use super::grow::TakenRoster;
use super::sources::SOURCES;
use crate::tables::failed;

/// The table of a roster, if it becomes one.
///
/// A contract takes of a roster the columns of its names; those the roster does not have are empty.
pub(crate) fn table(context: &StepContext, taken: &TakenRoster, numbered: &Numbered) -> Result<Option<StepTable>, ChapterError> {
    if taken.files.name == "bhxh_participation" {
        return months(context, taken, numbered).map(Some);
    }
    let Some((table, renamed)) = SOURCES[taken.source].table else { return Ok(None) };
    let schema = context.schema(table)?;
    let in_roster = |name: &str| -> String {
        let other = renamed.iter().find(|(ours, _)| *ours == name).map(|(_, theirs)| *theirs);
        other.unwrap_or(name).to_owned()
    };
    let wanted: Vec<String> = schema.fields().iter().map(|field| in_roster(field.name())).collect();
    let whole = whole(context, taken, &wanted)?;
    let order = by_person(taken, numbered);
    let fail = |e: engine::arrow::error::ArrowError| failed(NAME, table, &e);
    let mut coders = Coders::of(context.inputs.codes, table);
    let mut out = context.writer(table)?;
    for from in (0..order.len()).step_by(SLICE) {
        let rows = order.slice(from, SLICE.min(order.len() - from));
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(wanted.len());
        for (field, theirs) in schema.fields().iter().zip(&wanted) {
            if let Some(codes) = coders.column(field.name(), &whole, &rows)? {
                columns.push(codes);
                continue;
            }
            columns.push(match (field.name().as_str(), whole.column_by_name(theirs)) {
                ("person_id", _) => {
                    Arc::new(Int64Array::from_iter_values(rows.values().iter().map(|row| number(taken, numbered, *row as usize))))
                }
                ("source_file", _) => {
                    Arc::new(StringArray::from_iter_values(rows.values().iter().map(|row| taken.files.file_of(*row as usize))))
                }
                (_, Some(column)) => cast(&take(column, &rows, None).map_err(fail)?, field.data_type()).map_err(fail)?,
                (_, None) => new_null_array(field.data_type(), rows.len()),
            });
        }
        out.batch(&RecordBatch::try_new(schema.clone(), columns).map_err(fail)?)?;
    }
    out.finish().map(Some)
}

/// Rows sorted and written at once.
const SLICE: usize = 65_536;

/// The number of a row's person.
fn number(taken: &TakenRoster, numbered: &Numbered, row: usize) -> i64 {
    numbered.numbers[taken.place(row)].0
}

/// Rows in the order of their people, then as they stand in the files.
pub(crate) fn by_person(taken: &TakenRoster, numbered: &Numbered) -> UInt32Array {
    let mut order: Vec<u32> = (0..taken.files.rows() as u32).collect();
    order.sort_by_key(|row| number(taken, numbered, *row as usize));
    UInt32Array::from(order)
}

/// The wanted columns of all files of a roster, one after the other. Files of two layouts may have other columns.
fn whole(context: &StepContext, taken: &TakenRoster, wanted: &[String]) -> Result<RecordBatch, ChapterError> {
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let mut parts: Vec<RecordBatch> = Vec::new();
    let mut fields: Vec<Field> = Vec::new();
    taken.files.each(context.book, &names, &mut |_, batch| {
        for field in batch.schema().fields() {
            if !fields.iter().any(|known| known.name() == field.name()) {
                fields.push(field.as_ref().clone().with_nullable(true));
            }
        }
        parts.push(batch.clone());
        Ok(())
    })?;
    let schema = Arc::new(Schema::new(fields));
    let fail = |e: engine::arrow::error::ArrowError| failed(NAME, taken.files.name, &e);
    let same: Vec<RecordBatch> = parts
        .into_iter()
        .map(|part| {
            let columns = schema.fields().iter().map(|field| match part.column_by_name(field.name()) {
                Some(column) => cast(column, field.data_type()),
                None => Ok(new_null_array(field.data_type(), part.num_rows())),
            });
            RecordBatch::try_new(schema.clone(), columns.collect::<Result<_, _>>()?)
        })
        .collect::<Result<_, _>>()
        .map_err(fail)?;
    concat_batches(&schema, &same).map_err(fail)
}

/// Spells of participation, one row a month from January of the year before to the period.
fn months(context: &StepContext, taken: &TakenRoster, numbered: &Numbered) -> Result<StepTable, ChapterError> {
    let period = context.inputs.period;
    let first = Month::new(period.year() - 1, 1).unwrap_or(period);
    let columns =
        ["employer_tax_code", "employer_code", "employer_name", "from_month", "to_month", "contribution_wage", "source_row"];
    let whole = whole(context, taken, &columns.map(str::to_owned))?;
    let text = |name: &str| whole.column_by_name(name).map(|_| rows::text(&whole, name)).transpose();
    let (tax, unit, name) = (text("employer_tax_code")?, text("employer_code")?, text("employer_name")?);
    let (from, to) = (rows::date(&whole, "from_month")?, rows::date(&whole, "to_month")?);
    let wage = whole.column_by_name("contribution_wage").map(|_| rows::int(&whole, "contribution_wage")).transpose()?;
    let month = |days: i32| Date::from_days_since_epoch(days).map(Date::month);
    let mut table = context.writer("bhxh_month")?;
    let mut seen: BTreeSet<(Option<&str>, Month)> = BTreeSet::new();
    let mut person = None;
    for row in by_person(taken, numbered).values().iter().map(|row| *row as usize) {
        let own = number(taken, numbered, row);
        if person != Some(own) {
            person = Some(own);
            seen.clear();
        }
        let begin = from.is_valid(row).then(|| from.value(row)).and_then(month).unwrap_or(first).max(first);
        let end = to.is_valid(row).then(|| to.value(row)).and_then(month).unwrap_or(period).min(period);
        let cell = |column: &'_ Option<StringArray>| super::identity::cell(column.as_ref(), row).map(str::to_owned);
        let employer = super::identity::cell(tax.as_ref(), row);
        let mut at = begin;
        while at <= end {
            if seen.insert((employer, at)) {
                let out = table.row()?;
                out.int(Some(own)).text(employer).text(cell(&unit).as_deref()).text(cell(&name).as_deref());
                out.date(Some(at.first_day().days_since_epoch()));
                out.int(wage.as_ref().and_then(|wage| rows::int_at(wage, row)));
                out.text(Some(taken.files.file_of(row))).int(Some(i64::from(taken.source_row[row])));
            }
            at = at.next();
        }
    }
    table.finish()
}
