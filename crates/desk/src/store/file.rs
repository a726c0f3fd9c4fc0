//! The file of a backup: lines of JSON, the same for both databases.
//!
//! First the head (format, steps of the tables), then for each table a line with its columns, one line a row in the order of its
//! key, and a line with the number and hash of its rows; last the number of all rows and the hash of every byte before.

use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::catalog::{Holds, Table};
use crate::DeskError;
use crate::db::Row;
use crate::sql::Bind;

/// What the head says the file is.
const FORMAT: &str = "An Sinh desk backup";
/// Version of the format.
const VERSION: u32 = 1;

/// A step that was applied to the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Step {
    pub(crate) chapter: String,
    pub(crate) number: i64,
    pub(crate) hash: String,
}

/// First line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    format: String,
    version: u32,
    pub(crate) made_at: i64,
    pub(crate) steps: Vec<Step>,
}

impl Head {
    pub(crate) fn new(made_at: i64, steps: Vec<Step>) -> Self {
        Self { format: FORMAT.into(), version: VERSION, made_at, steps }
    }

    pub(crate) fn is_known(&self) -> bool {
        self.format == FORMAT && self.version == VERSION
    }
}

/// Line before the rows of a table.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TableHead {
    pub(crate) table: String,
    pub(crate) columns: Vec<String>,
}

/// How many rows a table holds, and the hash of them in the order of its key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableReport {
    /// Name of the table.
    pub table: String,
    /// Number of rows.
    pub rows: i64,
    /// BLAKE3 of the rows, hexadecimal; the same on SQLite and on PostgreSQL.
    pub hash: String,
}

/// Last line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Foot {
    pub(crate) rows: i64,
    /// BLAKE3 of every byte before this line.
    pub(crate) file: String,
}

/// Hashes the rows of a table.
pub(crate) struct TableHash {
    hasher: blake3::Hasher,
    rows: i64,
}

impl TableHash {
    pub(crate) fn new(head: &TableHead) -> Result<Self, DeskError> {
        let mut hasher = blake3::Hasher::new_derive_key("An Sinh desk table 1");
        hasher.update(line(head)?.as_bytes());
        Ok(Self { hasher, rows: 0 })
    }

    pub(crate) fn row(&mut self, line: &str) {
        self.hasher.update(line.as_bytes());
        self.rows += 1;
    }

    pub(crate) fn finish(self, table: &str) -> TableReport {
        TableReport { table: table.to_owned(), rows: self.rows, hash: self.hasher.finalize().to_hex().to_string() }
    }
}

/// One hash over all tables.
pub(crate) fn content(tables: &[TableReport]) -> Result<String, DeskError> {
    let mut hasher = blake3::Hasher::new_derive_key("An Sinh desk content 1");
    for table in tables {
        hasher.update(line(table)?.as_bytes());
    }
    Ok(hasher.finalize().to_hex().to_string())
}

/// A value as one line with its end.
pub(crate) fn line(value: &impl Serialize) -> Result<String, DeskError> {
    let text = serde_json::to_string(value).map_err(|error| DeskError::Backup { detail: error.to_string() })?;
    Ok(text + "\n")
}

/// A row as one line.
pub(crate) fn row_line(row: &Row, columns: usize) -> Result<String, DeskError> {
    let value = |place: usize| match row.value(place) {
        Some(Bind::Int(Some(number))) => Value::from(*number),
        Some(Bind::Text(Some(text))) => Value::from(text.as_str()),
        // In an object, so that no text can be taken for bytes.
        Some(Bind::Bytes(bytes)) => serde_json::json!({ "hex": hex(bytes) }),
        _ => Value::Null,
    };
    line(&(0..columns).map(value).collect::<Vec<_>>())
}

/// A line of a row as values of a table's columns.
pub(crate) fn row_values(line: &str, table: &Table) -> Result<Vec<Bind>, DeskError> {
    let values: Vec<Value> = parse(line)?;
    if values.len() != table.columns.len() {
        return Err(damaged(format!("a row of {} has another number of values than columns", table.name)));
    }
    let bind = |(place, value): (usize, Value)| {
        let wrong = || damaged(format!("a value of {}.{} is of another type", table.name, table.columns[place]));
        match (table.holds[place], value) {
            (Holds::Number, Value::Null) => Ok(Bind::Int(None)),
            (Holds::Text, Value::Null) => Ok(Bind::Text(None)),
            (Holds::Number, Value::Number(number)) => Ok(Bind::Int(Some(number.as_i64().ok_or_else(wrong)?))),
            (Holds::Text, Value::String(text)) => Ok(Bind::Text(Some(text))),
            (Holds::Bytes, Value::Object(object)) => {
                object.get("hex").and_then(Value::as_str).and_then(unhex).map(Bind::Bytes).ok_or_else(wrong)
            }
            _ => Err(wrong()),
        }
    };
    values.into_iter().enumerate().map(bind).collect()
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes.iter().flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]).map(char::from).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pair = |pair: &[u8]| Some(digit(*pair.first()?)? << 4 | digit(*pair.get(1)?)?);
    text.as_bytes().chunks(2).map(pair).collect()
}

/// Reads a line of a known form.
pub(crate) fn parse<T: serde::de::DeserializeOwned>(line: &str) -> Result<T, DeskError> {
    serde_json::from_str(line)
        .map_err(|error| damaged(format!("a line is not of the form that is due here ({:?})", error.classify())))
}

pub(crate) fn damaged(detail: String) -> DeskError {
    DeskError::Backup { detail }
}

/// Writes lines and hashes every byte.
pub(crate) struct Out<W> {
    inner: W,
    hasher: blake3::Hasher,
}

impl<W: Write> Out<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hasher: blake3::Hasher::new() }
    }

    pub(crate) fn write(&mut self, line: &str) -> Result<(), DeskError> {
        self.hasher.update(line.as_bytes());
        self.inner.write_all(line.as_bytes()).map_err(|error| DeskError::Backup { detail: error.to_string() })
    }

    pub(crate) fn finish(mut self, rows: i64) -> Result<W, DeskError> {
        let foot = Foot { rows, file: self.hasher.finalize().to_hex().to_string() };
        self.write(&line(&foot)?)?;
        self.inner.flush().map_err(|error| DeskError::Backup { detail: error.to_string() })?;
        Ok(self.inner)
    }
}

/// Reads lines and hashes every byte; knows one line ahead, because the last one is not part of the hash.
pub(crate) struct In<R> {
    inner: R,
    hasher: blake3::Hasher,
}

impl<R: BufRead> In<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hasher: blake3::Hasher::new() }
    }

    /// The next line with its end.
    pub(crate) fn line(&mut self) -> Result<String, DeskError> {
        let mut line = String::new();
        let read = self.inner.read_line(&mut line).map_err(|error| damaged(error.to_string()))?;
        if read == 0 || !line.ends_with('\n') {
            return Err(damaged("the file ends too early".into()));
        }
        Ok(line)
    }

    /// Counts a line into the hash; every line but the last.
    pub(crate) fn count(&mut self, line: &str) {
        self.hasher.update(line.as_bytes());
    }

    /// Holds the last line against what was read.
    pub(crate) fn end(mut self, last: &str, rows: i64) -> Result<(), DeskError> {
        let foot: Foot = parse(last)?;
        let mut rest = String::new();
        let after = self.inner.read_line(&mut rest).map_err(|error| damaged(error.to_string()))?;
        if foot.rows != rows || foot.file != self.hasher.finalize().to_hex().as_str() || after != 0 {
            return Err(damaged("the bytes do not agree with the hash on the last line".into()));
        }
        Ok(())
    }
}
