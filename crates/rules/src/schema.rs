//! Contracts of the tables that chapters share: `formats/tables/*.yaml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::Amount;
use engine::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use serde::Deserialize;
use serde_saphyr::Spanned;

use crate::carried;
use crate::error::{Place, Problem, RuleError};
use crate::front::Bilingual;
use crate::yaml;

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    /// Text (Utf8).
    Text,
    /// Whole number or whole đồng (Int64).
    Int,
    /// Calendar day (Date32).
    Date,
    /// Yes or no (Boolean).
    Bool,
    /// The book's number of a person (Int64); cases write it as a symbol such as `P1`.
    Person,
    /// The book's number of a claimed visit (Int64); cases write it as a symbol such as `V1`.
    Visit,
    /// Exact decimal, as claim lines are sent (Decimal128(24, 6)).
    Amount,
    /// Moment to the minute without zone (Timestamp in seconds); cases write `2026-10-05 08:30`.
    Time,
}

impl ColumnType {
    /// The arrow type.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Int | Self::Person | Self::Visit => DataType::Int64,
            Self::Amount => DataType::Decimal128(Amount::PRECISION, Amount::SCALE),
            Self::Time => DataType::Timestamp(TimeUnit::Second, None),
            Self::Date => DataType::Date32,
            Self::Bool => DataType::Boolean,
        }
    }

    /// The word used in the contracts.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Int => "int",
            Self::Date => "date",
            Self::Bool => "bool",
            Self::Person => "person",
            Self::Visit => "visit",
            Self::Amount => "amount",
            Self::Time => "time",
        }
    }
}

/// How a column must be protected (Law 91/2025/QH15); ordered from open to most protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataClass {
    /// Says nothing about a person.
    Open,
    /// The book's own number of a person or a source row: personal only together with other tables.
    Pseudonymous,
    /// Personal data: name, birth date, address, employer, school.
    Personal,
    /// Identifies alone: identity number, card number.
    Identifier,
    /// Sensitive by law: health, poverty, disability, ethnicity.
    Sensitive,
    /// Tax secret: given for one purpose, never shown as an amount outside it.
    TaxSecret,
}

/// A column of a shared table.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// Name in SQL.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// Whether it is never NULL.
    #[serde(default)]
    pub required: bool,
    /// How it must be protected.
    pub class: DataClass,
    /// What it holds.
    pub about: Bilingual,
    /// What a case that leaves the column out means; as text, read by the column's type.
    #[serde(default)]
    pub default: Option<String>,
}

/// The contract of one shared table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableSchema {
    /// Name in SQL; the name of the file.
    pub name: String,
    /// What the table is.
    pub title: Bilingual,
    /// The one chapter or step that writes it.
    pub owner: String,
    /// What a reader must know, in both languages.
    pub about: Bilingual,
    /// Columns in their order.
    pub columns: Vec<Column>,
    /// Columns that name a row.
    pub key: Vec<String>,
    /// Columns by which the file is sorted; begins a total order.
    pub order: Vec<String>,
}

impl TableSchema {
    /// A column by name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The arrow schema: required columns are not nullable.
    pub fn arrow(&self) -> SchemaRef {
        let fields: Vec<Field> = self.columns.iter().map(|c| Field::new(&c.name, c.kind.arrow(), !c.required)).collect();
        Arc::new(Schema::new(fields))
    }
}

/// All contracts, by table name.
#[derive(Debug, Clone, Default)]
pub struct TableSchemas {
    tables: BTreeMap<String, TableSchema>,
}

impl TableSchemas {
    /// Reads contracts: pairs of path and text. Reports the faults of all files.
    ///
    /// A contract may carry all columns of claim tables (`carries: [xml2]`): `claim_files` are those of `formats/claims`.
    pub fn load<P: AsRef<str>, T: AsRef<str>>(
        files: impl IntoIterator<Item = (P, T)>,
        claim_files: impl IntoIterator<Item = (P, T)>,
    ) -> Result<Self, Vec<RuleError>> {
        let mut schemas = Self::default();
        let (carried, mut faults) = carried::load(claim_files);
        for (path, text) in files {
            match read(path.as_ref(), text.as_ref(), &carried) {
                Ok(table) => {
                    schemas.tables.insert(table.name.clone(), table);
                }
                Err(of_file) => faults.extend(of_file),
            }
        }
        faults.sort();
        if faults.is_empty() { Ok(schemas) } else { Err(faults) }
    }

    /// The contract of a table.
    pub fn get(&self, name: &str) -> Option<&TableSchema> {
        self.tables.get(name)
    }

    /// All contracts, by name.
    pub fn iter(&self) -> impl Iterator<Item = &TableSchema> {
        self.tables.values()
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    table: Spanned<String>,
    title: Bilingual,
    owner: String,
    about: Bilingual,
    /// Tables whose columns are all there, before the table's own; a column of two of them is there once.
    #[serde(default)]
    carries: Vec<Spanned<String>>,
    columns: Vec<Spanned<Column>>,
    key: Vec<Spanned<String>>,
    order: Vec<Spanned<String>>,
}

fn read(file: &str, text: &str, carried: &BTreeMap<String, Vec<Column>>) -> Result<TableSchema, Vec<RuleError>> {
    let place = Place { file, lines_before: 0 };
    let written: Written = yaml::read(text, place).map_err(|fault| vec![fault])?;
    let mut faults = Vec::new();
    let mut fault =
        |(line, column): (u64, u64), message: String| faults.push(place.error(line, column, Problem::Contract(message)));
    let stem = file.rsplit('/').next().and_then(|name| name.strip_suffix(".yaml")).unwrap_or_default();
    if stem != written.table.value {
        fault(yaml::at(&written.table), format!("the table `{}` must lie in {}.yaml", written.table.value, written.table.value));
    }
    let mut names = BTreeSet::new();
    let mut columns: Vec<Column> = Vec::new();
    for table in &written.carries {
        match carried.get(&table.value) {
            Some(of_table) => columns.extend(of_table.iter().filter(|column| names.insert(column.name.as_str())).cloned()),
            None => fault(yaml::at(table), format!("carries: there is no table `{}`", table.value)),
        }
    }
    for column in &written.columns {
        if !names.insert(column.value.name.as_str()) {
            fault(yaml::at(column), format!("the column `{}` is there twice", column.value.name));
        }
        if let Some(default) = &column.value.default
            && crate::given::parse(column.value.kind, default).is_none()
        {
            fault(yaml::at(column), format!("`{default}` is no {} for `{}`", column.value.kind.as_str(), column.value.name));
        }
    }
    for (list, word) in [(&written.key, "key"), (&written.order, "order")] {
        for name in list {
            if !names.contains(name.value.as_str()) {
                fault(yaml::at(name), format!("{word}: there is no column `{}`", name.value));
            }
        }
    }
    if written.key.is_empty() || written.columns.is_empty() {
        fault((1, 1), "a table needs columns and a key".to_owned());
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let plain = |list: Vec<Spanned<String>>| list.into_iter().map(|name| name.value).collect();
    columns.extend(written.columns.into_iter().map(|column| column.value));
    Ok(TableSchema {
        name: written.table.value,
        title: written.title,
        owner: written.owner,
        about: written.about,
        columns,
        key: plain(written.key),
        order: plain(written.order),
    })
}
