//! Who a roster's rows say they are: the columns that linkage and the register read.

use std::collections::BTreeMap;

use base::places::Places;
use base::{Date, PersonalId, Sex};
use engine::arrow::array::{Array, Date32Array, Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use linkage::{Birth, Row};

/// The columns of one batch of rows; those that the roster does not have are `None`.
pub(crate) struct Identity {
    pub(crate) source_row: Int64Array,
    pub(crate) full_name: StringArray,
    birth_date: Option<Date32Array>,
    birth_precision: Option<StringArray>,
    birth_date_raw: Option<StringArray>,
    sex: Option<StringArray>,
    personal_id: Option<StringArray>,
    personal_id_raw: Option<StringArray>,
    old_id: Option<StringArray>,
    insurance_number: Option<StringArray>,
    commune: Option<StringArray>,
    commune_candidates: Option<StringArray>,
    /// Personal tax code: since 1/7/2025 it is the identification number of twelve digits.
    person_tax_code: Option<StringArray>,
    pub(crate) household: Option<StringArray>,
    pub(crate) village: Option<StringArray>,
    relation: Option<StringArray>,
    residence: Option<StringArray>,
}

/// What a row says about residence in its household.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    /// Head of the household (chủ hộ), where the roster says how people stand to the head.
    pub(crate) head: Option<bool>,
    /// Registered as temporary resident (tạm trú), where the roster says.
    pub(crate) temporary: Option<bool>,
}

impl Identity {
    /// The columns to read.
    pub(crate) const COLUMNS: [&str; 17] = [
        "source_row",
        "full_name",
        "birth_date",
        "birth_precision",
        "birth_date_raw",
        "sex",
        "personal_id",
        "personal_id_raw",
        "old_id",
        "insurance_number",
        "commune",
        "commune_candidates",
        "person_tax_code",
        "household_number",
        "village",
        "relation",
        "residence",
    ];

    /// The columns of a batch.
    pub(crate) fn of(batch: &RecordBatch) -> Result<Self, EngineError> {
        let has = |column: &str| batch.column_by_name(column).is_some();
        let text = |column: &str| has(column).then(|| rows::text(batch, column)).transpose();
        Ok(Self {
            source_row: rows::int(batch, "source_row")?,
            full_name: rows::text(batch, "full_name")?,
            birth_date: has("birth_date").then(|| rows::date(batch, "birth_date")).transpose()?,
            birth_precision: text("birth_precision")?,
            birth_date_raw: text("birth_date_raw")?,
            sex: text("sex")?,
            personal_id: text("personal_id")?,
            personal_id_raw: text("personal_id_raw")?,
            old_id: text("old_id")?,
            insurance_number: text("insurance_number")?,
            commune: text("commune")?,
            commune_candidates: text("commune_candidates")?,
            person_tax_code: text("person_tax_code")?,
            household: text("household_number")?,
            village: text("village")?,
            relation: text("relation")?,
            residence: text("residence")?,
        })
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.full_name.len()
    }

    /// One row as linkage compares it; `communes` are those of the row.
    pub(crate) fn row<'a>(&'a self, row: usize, communes: &'a [u16]) -> Row<'a> {
        let birth =
            self.birth(row).and_then(|(days, year_only)| Some(Birth { date: Date::from_days_since_epoch(days)?, year_only }));
        Row {
            name: self.full_name.value(row),
            birth,
            sex: self.sex(row),
            personal_id: self.personal_id(row),
            old_id: cell(self.old_id.as_ref(), row).and_then(|id| id.parse().ok()),
            insurance_number: self.insurance_number(row),
            communes,
        }
    }

    /// Birth date in days since 1970-01-01, and whether only its year is known.
    pub(crate) fn birth(&self, row: usize) -> Option<(i32, bool)> {
        let days = self.birth_date.as_ref().filter(|b| b.is_valid(row))?.value(row);
        Some((days, cell(self.birth_precision.as_ref(), row) == Some("year")))
    }

    /// Sex.
    pub(crate) fn sex(&self, row: usize) -> Option<Sex> {
        match cell(self.sex.as_ref(), row) {
            Some("male") => Some(Sex::Male),
            Some("female") => Some(Sex::Female),
            _ => None,
        }
    }

    /// The identification number. A personal tax code of twelve digits is one and is typed with more care than the
    /// column of identity papers, so it is taken first.
    pub(crate) fn personal_id(&self, row: usize) -> Option<PersonalId> {
        let columns = [self.person_tax_code.as_ref(), self.personal_id.as_ref()];
        columns.into_iter().filter_map(|column| cell(column, row)).find_map(|id| PersonalId::parse(id).ok())
    }

    /// The insurance number of ten digits.
    pub(crate) fn insurance_number(&self, row: usize) -> Option<u64> {
        cell(self.insurance_number.as_ref(), row).and_then(|n| n.parse().ok())
    }

    /// The commune code, where the address lies in one commune for certain.
    pub(crate) fn commune(&self, row: usize) -> Option<&str> {
        cell(self.commune.as_ref(), row)
    }

    /// How the person stands in the household.
    pub(crate) fn standing(&self, row: usize) -> Standing {
        let head = cell(self.relation.as_ref(), row).map(|r| base::names::fold(r) == "chu ho");
        let temporary = cell(self.residence.as_ref(), row).map(|r| base::names::fold(r).contains("tam"));
        Standing { head, temporary }
    }

    /// What a row says about the person, as written: numbers, name and birth date.
    pub(crate) fn written(&self, row: usize) -> [Option<&str>; 4] {
        [
            cell(self.personal_id_raw.as_ref(), row),
            cell(self.insurance_number.as_ref(), row),
            Some(self.full_name.value(row)),
            cell(self.birth_date_raw.as_ref(), row),
        ]
    }
}

/// The text of an optional column at a row.
pub(crate) fn cell(column: Option<&StringArray>, row: usize) -> Option<&str> {
    column.filter(|c| c.is_valid(row)).map(|c| c.value(row))
}

/// Dense numbers of the communes, as linkage takes them.
pub(crate) struct Communes<'p> {
    by_code: BTreeMap<&'p str, u16>,
}

impl<'p> Communes<'p> {
    /// The communes of the city.
    pub(crate) fn of(places: &'p Places) -> Self {
        let by_code = places.communes().iter().zip(0..).map(|(commune, at)| (commune.code.as_str(), at)).collect();
        Self { by_code }
    }

    /// The communes each row of a batch may lie in: where each row's end, and all of them.
    pub(crate) fn of_rows(&self, identity: &Identity) -> (Vec<usize>, Vec<u16>) {
        let (mut ends, mut values) = (Vec::with_capacity(identity.len()), Vec::new());
        for row in 0..identity.len() {
            if let Some(code) = identity.commune(row) {
                values.extend(self.by_code.get(code));
            } else if let Some(codes) = cell(identity.commune_candidates.as_ref(), row) {
                values.extend(codes.split(';').filter_map(|code| self.by_code.get(code)));
            }
            ends.push(values.len());
        }
        (ends, values)
    }
}
