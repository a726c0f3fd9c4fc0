//! Columns that contracts carry from the claim tables: `formats/claims/xml*.yaml`.
//!
//! Only what a contract needs is read here; the crate of claim files reads the rest and refuses what is wrong.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::error::{Place, RuleError};
use crate::front::Bilingual;
use crate::schema::{Column, ColumnType, DataClass};
use crate::yaml;

#[derive(Deserialize)]
struct Written {
    table: String,
    columns: Vec<WrittenColumn>,
}

#[derive(Deserialize)]
struct WrittenColumn {
    name: String,
    kind: Kind,
    class: DataClass,
    about: Bilingual,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Code,
    Text,
    List,
    Number,
    Count,
    Time,
    Day,
}

/// The columns by table: names in lower case, each NULL where its cell is empty.
pub(crate) fn load<P: AsRef<str>, T: AsRef<str>>(
    files: impl IntoIterator<Item = (P, T)>,
) -> (BTreeMap<String, Vec<Column>>, Vec<RuleError>) {
    let mut tables = BTreeMap::new();
    let mut faults = Vec::new();
    for (path, text) in files {
        let name = path.as_ref().rsplit('/').next().unwrap_or_default();
        if !(name.starts_with("xml") && name.ends_with(".yaml")) {
            continue;
        }
        match yaml::read::<Written>(text.as_ref(), Place { file: path.as_ref(), lines_before: 0 }) {
            Ok(written) => {
                tables.insert(written.table, written.columns.into_iter().map(column).collect());
            }
            Err(fault) => faults.push(fault),
        }
    }
    (tables, faults)
}

fn column(written: WrittenColumn) -> Column {
    let kind = match written.kind {
        Kind::Code | Kind::Text | Kind::List => ColumnType::Text,
        // A birth time may be known by year only.
        Kind::Time if written.name == "NGAY_SINH" => ColumnType::Text,
        Kind::Number => ColumnType::Amount,
        Kind::Count => ColumnType::Int,
        Kind::Time => ColumnType::Time,
        Kind::Day => ColumnType::Date,
    };
    let name = written.name.to_ascii_lowercase();
    Column { name, kind, required: false, class: written.class, about: written.about, default: None }
}
