//! The stored rows of one roster, as columns that linkage and the register read.

use base::places::Places;
use base::{CommuneCode, Date, PersonalId, Sex};
use book::Book;
use chapter::{ChapterError, StepContext};
use engine::arrow::array::{Array, Date32Array, Int64Array, StringArray};
use engine::arrow::compute::concat_batches;
use engine::arrow::record_batch::RecordBatch;
use engine::rows;
use linkage::{Birth, Row};

/// All rows of one roster of a period, file after file in the order of their names.
pub(crate) struct Roster {
    /// Which roster, e.g. `bhyt_card`.
    pub(crate) name: &'static str,
    /// Name of each file, and the first row of it.
    starts: Vec<(String, usize)>,
    /// All columns.
    pub(crate) table: RecordBatch,
    pub(crate) source_row: Int64Array,
    pub(crate) full_name: StringArray,
    pub(crate) birth_date: Option<Date32Array>,
    birth_precision: Option<StringArray>,
    sex: Option<StringArray>,
    pub(crate) personal_id: Option<StringArray>,
    pub(crate) personal_id_raw: Option<StringArray>,
    pub(crate) birth_date_raw: Option<StringArray>,
    old_id: Option<StringArray>,
    pub(crate) insurance_number: Option<StringArray>,
    pub(crate) commune: Option<StringArray>,
    commune_candidates: Option<StringArray>,
    /// Personal tax code: since 1/7/2025 it is the identification number of twelve digits.
    person_tax_code: Option<StringArray>,
}

impl Roster {
    /// Reads the batches of a roster; `None` when none arrived.
    pub(crate) fn read(context: &StepContext, name: &'static str) -> Result<Option<Self>, ChapterError> {
        let batches = context.roster(name);
        let mut starts = Vec::new();
        let mut parts = Vec::new();
        let mut rows = 0;
        for batch in &batches {
            starts.push((batch.file_name.clone(), rows));
            for part in context.book.read_table(&batch.table, None)? {
                rows += part.num_rows();
                parts.push(part);
            }
        }
        let Some(first) = batches.first() else { return Ok(None) };
        let schema = match parts.first() {
            Some(part) => part.schema(),
            None => read_schema(context.book, &first.table)?,
        };
        let failed = |detail: String| ChapterError::Step { step: "coverage.register", detail };
        let table = concat_batches(&schema, &parts).map_err(|e| failed(format!("{name}: {e}")))?;
        let has = |column: &str| table.column_by_name(column).is_some();
        let text = |column: &str| has(column).then(|| rows::text(&table, column)).transpose();
        Ok(Some(Self {
            name,
            starts,
            source_row: rows::int(&table, "source_row")?,
            full_name: rows::text(&table, "full_name")?,
            birth_date: has("birth_date").then(|| rows::date(&table, "birth_date")).transpose()?,
            birth_precision: text("birth_precision")?,
            sex: text("sex")?,
            personal_id: text("personal_id")?,
            personal_id_raw: text("personal_id_raw")?,
            birth_date_raw: text("birth_date_raw")?,
            old_id: text("old_id")?,
            insurance_number: text("insurance_number")?,
            commune: text("commune")?,
            commune_candidates: text("commune_candidates")?,
            person_tax_code: text("person_tax_code")?,
            table,
        }))
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.table.num_rows()
    }

    /// The file a row came in.
    pub(crate) fn file_of(&self, row: usize) -> &str {
        let at = self.starts.partition_point(|(_, start)| *start <= row);
        self.starts.get(at.saturating_sub(1)).map_or("", |(id, _)| id.as_str())
    }

    /// Dense indices of the communes each row may lie in.
    pub(crate) fn communes(&self, places: &Places) -> CommuneIndex {
        let index = |code: &str| {
            let code = CommuneCode::parse(code)?;
            places.communes().iter().position(|c| c.code == code).and_then(|at| u16::try_from(at).ok())
        };
        let by_code: std::collections::BTreeMap<&str, u16> =
            places.communes().iter().filter_map(|c| Some((c.code.as_str(), index(c.code.as_str())?))).collect();
        let mut found = CommuneIndex { ends: Vec::with_capacity(self.len()), values: Vec::new() };
        for row in 0..self.len() {
            if let Some(code) = cell(self.commune.as_ref(), row) {
                found.values.extend(by_code.get(code));
            } else if let Some(codes) = cell(self.commune_candidates.as_ref(), row) {
                found.values.extend(codes.split(';').filter_map(|code| by_code.get(code)));
            }
            found.ends.push(found.values.len());
        }
        found
    }

    /// One row as linkage compares it.
    pub(crate) fn row<'a>(&'a self, row: usize, communes: &'a CommuneIndex) -> Row<'a> {
        let birth = self.birth_date.as_ref().filter(|b| b.is_valid(row)).and_then(|b| {
            let date = Date::from_days_since_epoch(b.value(row))?;
            Some(Birth { date, year_only: cell(self.birth_precision.as_ref(), row) == Some("year") })
        });
        Row {
            name: self.full_name.value(row),
            birth,
            sex: self.sex(row),
            personal_id: self.id(row),
            old_id: cell(self.old_id.as_ref(), row).and_then(|id| id.parse().ok()),
            insurance_number: cell(self.insurance_number.as_ref(), row).and_then(|n| n.parse().ok()),
            communes: communes.of(row),
        }
    }

    /// The identification number of a row. A personal tax code of twelve digits is one and is typed with
    /// more care than the column of identity papers, so it is taken first.
    fn id(&self, row: usize) -> Option<PersonalId> {
        let columns = [self.person_tax_code.as_ref(), self.personal_id.as_ref()];
        columns.into_iter().filter_map(|column| cell(column, row)).find_map(|id| PersonalId::parse(id).ok())
    }

    /// Sex of a row.
    pub(crate) fn sex(&self, row: usize) -> Option<Sex> {
        match cell(self.sex.as_ref(), row) {
            Some("male") => Some(Sex::Male),
            Some("female") => Some(Sex::Female),
            _ => None,
        }
    }

    /// The precision of a row's birth date, `year` or `day`.
    pub(crate) fn precision(&self, row: usize) -> Option<&str> {
        cell(self.birth_precision.as_ref(), row)
    }

    /// A text column that only this roster has.
    pub(crate) fn text(&self, column: &str) -> Result<StringArray, ChapterError> {
        Ok(rows::text(&self.table, column)?)
    }
}

/// Candidate communes of every row, one after the other.
pub(crate) struct CommuneIndex {
    ends: Vec<usize>,
    values: Vec<u16>,
}

impl CommuneIndex {
    fn of(&self, row: usize) -> &[u16] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.values[start..self.ends[row]]
    }
}

/// The text of an optional column at a row.
pub(crate) fn cell(column: Option<&StringArray>, row: usize) -> Option<&str> {
    column.filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

fn read_schema(book: &Book, table: &book::TableRef) -> Result<engine::arrow::datatypes::SchemaRef, ChapterError> {
    Ok(book.table_schema(table)?)
}
