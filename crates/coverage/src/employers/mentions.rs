//! How rosters name employers: each way of naming one, once.

use std::collections::HashMap;

use chapter::{ChapterError, StepContext};
use engine::arrow::array::{Array, Date32Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use linkage::EmployerRow;

use crate::register::files::RosterFiles;

/// A roster that names employers, and the columns in which it does.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its name, as in `formats/rosters`.
    pub(crate) roster: &'static str,
    /// Whether its rows are about employers; else they are about people, and one employer is named many times.
    pub(crate) about_employers: bool,
    tax_code: &'static str,
    unit_code: &'static str,
    /// Unit code of before 1/8/2025 in a column of its own.
    old_unit_code: &'static str,
    register_number: &'static str,
    name: &'static str,
    /// Columns of state and kind: business register or tax office.
    state: &'static str,
    state_date: &'static str,
    founded: &'static str,
    kind: &'static str,
    /// Tax method of a household business.
    tax_method: &'static str,
    /// Number of its owner, or of the legal representative of an enterprise.
    head: &'static str,
}

/// A roster without any of the columns.
const NOTHING: Source = Source {
    roster: "",
    about_employers: false,
    tax_code: "",
    unit_code: "",
    old_unit_code: "",
    register_number: "",
    name: "",
    state: "",
    state_date: "",
    founded: "",
    kind: "",
    tax_method: "",
    head: "",
};

/// All rosters that name employers. Who stands first describes an employer.
pub(crate) const SOURCES: [Source; 10] = [
    Source {
        roster: "business",
        about_employers: true,
        register_number: "business_number",
        name: "name",
        state: "state",
        state_date: "state_date",
        founded: "founded",
        kind: "kind",
        head: "representative_id",
        ..NOTHING
    },
    Source {
        roster: "taxpayer",
        about_employers: true,
        tax_code: "tax_code",
        name: "name",
        state: "status",
        state_date: "status_date",
        founded: "founded",
        kind: "kind",
        tax_method: "tax_method",
        head: "personal_id",
        ..NOTHING
    },
    Source {
        roster: "unit_ledger",
        about_employers: true,
        tax_code: "tax_code",
        unit_code: "unit_code",
        old_unit_code: "unit_code_old",
        name: "unit_name",
        kind: "unit_kind",
        ..NOTHING
    },
    Source {
        roster: "unit_code_map",
        about_employers: true,
        tax_code: "tax_code",
        unit_code: "new_code",
        old_unit_code: "old_code",
        name: "unit_name",
        ..NOTHING
    },
    Source { roster: "unit_month", about_employers: true, unit_code: "unit_code", name: "unit_name", ..NOTHING },
    Source {
        roster: "bhxh_participation",
        tax_code: "employer_tax_code",
        unit_code: "employer_code",
        name: "employer_name",
        ..NOTHING
    },
    Source {
        roster: "employer_worker",
        tax_code: "employer_tax_code",
        unit_code: "employer_code",
        name: "employer_name",
        ..NOTHING
    },
    Source { roster: "tax_settlement", tax_code: "payer_tax_code", name: "payer_name", ..NOTHING },
    Source { roster: "labour", tax_code: "employer_tax_code", name: "employer_name", ..NOTHING },
    Source { roster: "tour_guide", tax_code: "company_tax_code", name: "company_name", ..NOTHING },
];

/// One way of naming an employer.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Mention {
    pub(crate) tax_code: Option<String>,
    pub(crate) unit_code: Option<String>,
    pub(crate) old_unit_code: Option<String>,
    pub(crate) register_number: Option<String>,
    pub(crate) name: String,
    /// Commune code, of rosters about employers.
    pub(crate) commune: Option<String>,
    communes: Vec<u16>,
    pub(crate) state: Option<String>,
    /// Days since 1970-01-01.
    pub(crate) state_date: Option<i32>,
    pub(crate) founded: Option<i32>,
    pub(crate) kind: Option<String>,
    pub(crate) tax_method: Option<String>,
    /// Number of the owner or of the legal representative.
    pub(crate) head: Option<String>,
}

/// The mentions of a roster.
pub(crate) struct Mentions {
    pub(crate) source: &'static Source,
    pub(crate) files: RosterFiles,
    pub(crate) list: Vec<Mention>,
    /// The mention of each row, and the row of its file; of rosters about employers.
    pub(crate) rows_of: Vec<(u32, u32)>,
}

impl Mentions {
    /// Reads a roster; `None` when it did not arrive.
    pub(crate) fn read(context: &StepContext, source: &'static Source) -> Result<Option<Self>, ChapterError> {
        let Some(files) = RosterFiles::of(context, source.roster) else { return Ok(None) };
        let places = context.inputs.places;
        let number: HashMap<&str, u16> = places.communes().iter().zip(0..).map(|(c, at)| (c.code.as_str(), at)).collect();
        let mut known: HashMap<Mention, u32> = HashMap::new();
        let (mut list, mut rows_of) = (Vec::new(), Vec::new());
        let wanted: Vec<&str> = source.columns();
        files.each(context.book, &wanted, &mut |_, batch| {
            let columns = Columns::of(source, batch)?;
            for row in 0..batch.num_rows() {
                let Some(mention) = columns.mention(row, source.about_employers, &number) else { continue };
                let next = list.len() as u32;
                let at = *known.entry(mention).or_insert_with_key(|mention| {
                    list.push(mention.clone());
                    next
                });
                if source.about_employers {
                    rows_of.push((at, u32::try_from(columns.source_row.value(row)).unwrap_or(u32::MAX)));
                }
            }
            Ok(())
        })?;
        Ok(Some(Self { source, files, list, rows_of }))
    }

    /// The mentions as linkage takes them. One that has an old and a new unit code is given twice, the second time
    /// with the old code, so that rows which know only that come to the same employer.
    pub(crate) fn rows(&self) -> Vec<EmployerRow<'_>> {
        let first = self.list.iter().map(|one| EmployerRow {
            tax_code: one.tax_code.as_deref(),
            unit_code: one.unit_code.as_deref().or(one.old_unit_code.as_deref()),
            register_number: one.register_number.as_deref(),
            name: &one.name,
            address_communes: &one.communes,
            representative: None,
            phone: None,
        });
        let both = self.list.iter().filter(|one| one.old_unit_code.is_some() && one.unit_code.is_some());
        let second = both.map(|one| EmployerRow {
            // New unit codes begin with the number of the business register, ten characters (CV 1804/BHXH-QLT).
            tax_code: one.tax_code.as_deref().or_else(|| one.unit_code.as_deref().and_then(|code| code.get(..10))),
            unit_code: one.old_unit_code.as_deref(),
            register_number: None,
            name: &one.name,
            address_communes: &one.communes,
            representative: None,
            phone: None,
        });
        first.chain(second).collect()
    }
}

impl Source {
    fn columns(&self) -> Vec<&'static str> {
        let mut columns = vec!["source_row", self.tax_code, self.unit_code, self.old_unit_code, self.register_number, self.name];
        columns.extend([self.state, self.state_date, self.founded, self.kind, self.tax_method, self.head]);
        if self.about_employers {
            columns.extend(["commune", "commune_candidates"]);
        }
        columns.retain(|name| !name.is_empty());
        columns
    }
}

/// The columns of one batch.
struct Columns {
    source_row: engine::arrow::array::Int64Array,
    tax_code: Option<StringArray>,
    unit_code: Option<StringArray>,
    old_unit_code: Option<StringArray>,
    register_number: Option<StringArray>,
    name: Option<StringArray>,
    commune: Option<StringArray>,
    commune_candidates: Option<StringArray>,
    state: Option<StringArray>,
    state_date: Option<Date32Array>,
    founded: Option<Date32Array>,
    kind: Option<StringArray>,
    tax_method: Option<StringArray>,
    head: Option<StringArray>,
}

impl Columns {
    fn of(source: &Source, batch: &RecordBatch) -> Result<Self, EngineError> {
        let has = |column: &str| batch.column_by_name(column).is_some();
        let text = |column: &str| has(column).then(|| rows::text(batch, column)).transpose();
        let date = |column: &str| has(column).then(|| rows::date(batch, column)).transpose();
        Ok(Self {
            source_row: rows::int(batch, "source_row")?,
            tax_code: text(source.tax_code)?,
            unit_code: text(source.unit_code)?,
            old_unit_code: text(source.old_unit_code)?,
            register_number: text(source.register_number)?,
            name: text(source.name)?,
            commune: text("commune")?,
            commune_candidates: text("commune_candidates")?,
            state: text(source.state)?,
            state_date: date(source.state_date)?,
            founded: date(source.founded)?,
            kind: text(source.kind)?,
            tax_method: text(source.tax_method)?,
            head: text(source.head)?,
        })
    }

    /// How a row names an employer; `None` where it names none.
    fn mention(&self, row: usize, about_employers: bool, number: &HashMap<&str, u16>) -> Option<Mention> {
        let cell = |column: &Option<StringArray>| {
            column.as_ref().filter(|c| c.is_valid(row)).map(|c| c.value(row).to_owned()).filter(|text| !text.is_empty())
        };
        let day = |column: &Option<Date32Array>| column.as_ref().filter(|c| c.is_valid(row)).map(|c| c.value(row));
        let mut mention = Mention {
            tax_code: cell(&self.tax_code),
            unit_code: cell(&self.unit_code),
            old_unit_code: cell(&self.old_unit_code),
            register_number: cell(&self.register_number),
            name: cell(&self.name).unwrap_or_default(),
            commune: None,
            communes: Vec::new(),
            state: cell(&self.state),
            state_date: day(&self.state_date),
            founded: day(&self.founded),
            kind: cell(&self.kind),
            tax_method: cell(&self.tax_method),
            head: cell(&self.head),
        };
        let coded = [&mention.tax_code, &mention.unit_code, &mention.old_unit_code, &mention.register_number];
        if mention.name.is_empty() && coded.iter().all(|code| code.is_none()) {
            return None;
        }
        // Where a person lives says nothing about the employer.
        if about_employers {
            mention.commune = cell(&self.commune);
            mention.communes = match (&mention.commune, cell(&self.commune_candidates)) {
                (Some(code), _) => number.get(code.as_str()).copied().into_iter().collect(),
                (None, Some(codes)) => codes.split(';').filter_map(|code| number.get(code).copied()).collect(),
                (None, None) => Vec::new(),
            };
        }
        Some(mention)
    }
}
