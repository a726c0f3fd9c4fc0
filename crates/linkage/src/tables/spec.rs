//! What to link and by which fields: the specification a person writes.

use serde::Deserialize;

use super::error::TableError;
use super::input::Table;

/// Most fields of a specification: a pattern keeps four bits for each.
pub const MAX_FIELDS: usize = 16;

/// How rows may belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// Each left row is at most one right row, and the other way round.
    OneToOne,
    /// Each row may have any number of partners.
    Many,
    /// One table; rows of one thing make a cluster.
    Clusters,
}

/// What a field holds, which decides how it is read and compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A name or a part of one, in any script.
    PersonName,
    /// A Vietnamese full name, surname first.
    VietnameseName,
    /// Words in any order: a title, a street line, a firm.
    Text,
    /// A date in any usual spelling; year alone is understood.
    Date,
    /// A year.
    Year,
    /// A number or code that belongs to one person or thing.
    Id,
    /// A short code that many share: sex, state, house number.
    Code,
    /// The name of a place.
    Place,
    /// A postcode: its beginning names the wider area.
    Postcode,
    /// A quantity; close values speak for a pair.
    Number,
}

/// One column, or several that are joined by a space.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Columns {
    /// One column.
    One(String),
    /// Several, in this order.
    Joined(Vec<String>),
}

impl Columns {
    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Joined(names) => names,
        }
    }
}

/// A field of both tables.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldSpec {
    /// Its name in explanations and blocks.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Its columns in the left (or only) table.
    pub left: Columns,
    /// Its columns in the right table; the same as `left` when left out.
    pub right: Option<Columns>,
}

/// A table's own key.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SideSpec {
    /// Column that names each row; no two rows share a value.
    pub id: String,
}

/// A blocking pass asked for: rows that agree on all these fields are compared.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockSpec {
    /// Names of fields.
    pub on: Vec<String>,
}

/// The whole specification.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// How rows may belong together.
    pub mode: Mode,
    /// The left (or only) table.
    pub left: SideSpec,
    /// The right table; not in clusters mode.
    pub right: Option<SideSpec>,
    /// The fields to compare.
    pub field: Vec<FieldSpec>,
    /// Blocking passes; proposed by the engine when there are none.
    #[serde(default)]
    pub block: Vec<BlockSpec>,
}

/// Where the columns of a field stand in a table.
pub(crate) type Places = Vec<usize>;

impl Spec {
    /// Checks the specification against the tables; gives each field's columns on both sides.
    pub(crate) fn resolve(&self, left: &dyn Table, right: Option<&dyn Table>) -> Result<Vec<(Places, Places)>, TableError> {
        match (self.mode, right.is_some()) {
            (Mode::Clusters, true) => return Err(TableError::TwoTablesForClusters),
            (Mode::OneToOne | Mode::Many, false) => return Err(TableError::RightTableMissing),
            _ => {}
        }
        if self.field.is_empty() || self.field.len() > MAX_FIELDS {
            return Err(TableError::FieldCount { count: self.field.len(), most: MAX_FIELDS });
        }
        for (at, field) in self.field.iter().enumerate() {
            if self.field[..at].iter().any(|f| f.name == field.name) {
                return Err(TableError::FieldTwice { field: field.name.clone() });
            }
        }
        for block in &self.block {
            let unknown = block.on.iter().find(|name| self.field.iter().all(|f| f.name != **name));
            if let Some(name) = unknown {
                return Err(TableError::UnknownBlockField { field: name.clone() });
            }
            if block.on.is_empty() {
                return Err(TableError::EmptyBlock);
            }
        }
        let places = |columns: &Columns, table: &dyn Table, side: &'static str, field: &str| -> Result<Places, TableError> {
            if columns.names().is_empty() {
                return Err(TableError::FieldWithoutColumn { field: field.to_owned(), side });
            }
            columns.names().iter().map(|name| find(table, name, side, field)).collect()
        };
        let of_field = |field: &FieldSpec| {
            let lefts = places(&field.left, left, "left", &field.name)?;
            let rights = match right {
                Some(table) => places(field.right.as_ref().unwrap_or(&field.left), table, "right", &field.name)?,
                None => Places::new(),
            };
            Ok((lefts, rights))
        };
        self.field.iter().map(of_field).collect()
    }

    /// Where the id column of each table stands.
    pub(crate) fn ids(&self, left: &dyn Table, right: Option<&dyn Table>) -> Result<(usize, Option<usize>), TableError> {
        let own = find(left, &self.left.id, "left", "id")?;
        let other = match (right, &self.right) {
            (Some(table), Some(side)) => Some(find(table, &side.id, "right", "id")?),
            (Some(_), None) => return Err(TableError::RightIdMissing),
            _ => None,
        };
        Ok((own, other))
    }
}

fn find(table: &dyn Table, name: &str, side: &'static str, field: &str) -> Result<usize, TableError> {
    // Titles with a stray space or another case are common in files made by hand.
    let columns = table.columns();
    let exact = columns.iter().position(|c| c == name);
    exact.or_else(|| columns.iter().position(|c| c.trim().to_lowercase() == name.trim().to_lowercase())).ok_or_else(|| {
        TableError::ColumnMissing { column: name.to_owned(), side, field: field.to_owned(), columns: columns.join(", ") }
    })
}
