//! The tables of the store as the database itself lists them, so that a new table is never forgotten.

use std::collections::BTreeMap;

use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// Table of the applied migrations; it says of itself what it holds and is no part of a backup's rows.
pub(crate) const MIGRATIONS: &str = "schema_migration";
/// Sums of cases: they follow from the cases, and are counted anew after restoring.
pub(crate) const CASE_COUNT: &str = "case_count";

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: String,
    /// Names of its columns, in order of name: the two databases may hold them in another order.
    pub(crate) columns: Vec<String>,
    /// Columns of its primary key, in their order.
    pub(crate) key: Vec<String>,
    /// What the columns hold, in the same order.
    pub(crate) holds: Vec<Holds>,
}

/// What a column holds; the desk's tables know no other kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Holds {
    /// BIGINT.
    Number,
    /// TEXT.
    Text,
    /// BYTEA.
    Bytes,
}

impl Holds {
    fn of(declared: &str) -> Result<Self, DeskError> {
        match declared.to_ascii_lowercase().as_str() {
            "bigint" => Ok(Self::Number),
            "text" => Ok(Self::Text),
            "bytea" => Ok(Self::Bytes),
            _ => Err(DeskError::damaged("(catalog)", "a column is of a type that the desk does not use")),
        }
    }
}

impl Table {
    /// What a column holds.
    fn kind(&self, column: &str) -> Option<Holds> {
        self.columns.iter().position(|known| known == column).map(|place| self.holds[place])
    }
}

/// A reference from one table to another.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    /// Table that refers.
    pub(crate) from: String,
    /// Its columns.
    pub(crate) columns: Vec<String>,
    /// Table referred to.
    pub(crate) to: String,
    /// Its columns.
    pub(crate) target: Vec<String>,
}

/// All tables but that of the migrations, by name.
pub(crate) async fn tables(tx: &mut Tx) -> Result<Vec<Table>, DeskError> {
    let sql = if tx.is_postgres() {
        // Table, column, type, place in the key (0 when not in it).
        "SELECT c.relname::text, a.attname::text, format_type(a.atttypid, NULL), \
         COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
         WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
    } else {
        "SELECT t.name, c.name, c.type, c.pk \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    };
    let mut found: BTreeMap<String, Vec<(String, Holds, i64)>> = BTreeMap::new();
    for row in tx.rows(Sql::new(sql)).await? {
        found.entry(row.text(0)?).or_default().push((row.text(1)?, Holds::of(&row.text(2)?)?, row.int(3)?));
    }
    found.remove(MIGRATIONS);
    found.remove(CASE_COUNT);
    let table = |(name, mut columns): (String, Vec<(String, Holds, i64)>)| {
        columns.sort();
        let mut key: Vec<&(String, Holds, i64)> = columns.iter().filter(|(_, _, place)| *place > 0).collect();
        key.sort_by_key(|(_, _, place)| *place);
        if key.is_empty() {
            return Err(DeskError::damaged("(catalog)", format!("table {name} has no primary key")));
        }
        Ok(Table {
            key: key.into_iter().map(|(column, _, _)| column.clone()).collect(),
            holds: columns.iter().map(|(_, holds, _)| *holds).collect(),
            columns: columns.into_iter().map(|(column, _, _)| column).collect(),
            name,
        })
    };
    found.into_iter().map(table).collect()
}

/// All references between tables, in order.
pub(crate) async fn references(tx: &mut Tx) -> Result<Vec<Reference>, DeskError> {
    let sql = if tx.is_postgres() {
        "SELECT k.conname::text, c.relname::text, a.attname::text, r.relname::text, b.attname::text, u.place::bigint \
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid \
         CROSS JOIN LATERAL unnest(k.conkey, k.confkey) WITH ORDINALITY AS u (here, there, place) \
         JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.here \
         JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.there \
         WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace"
    } else {
        "SELECT t.name || ' ' || f.id, t.name, f.\"from\", f.\"table\", f.\"to\", f.seq \
         FROM sqlite_master t JOIN pragma_foreign_key_list(t.name) f WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    };
    type Columns = Vec<(i64, String, String)>;
    let mut found: BTreeMap<(String, String, String), Columns> = BTreeMap::new();
    for row in tx.rows(Sql::new(sql)).await? {
        let (name, from, to) = (row.text(0)?, row.text(1)?, row.text(3)?);
        found.entry((name, from, to)).or_default().push((row.int(5)?, row.text(2)?, row.text(4)?));
    }
    let reference = |((_, from, to), mut columns): ((String, String, String), Columns)| {
        columns.sort();
        let (columns, target) = columns.into_iter().map(|(_, here, there)| (here, there)).unzip();
        Reference { from, columns, to, target }
    };
    let mut references: Vec<Reference> = found.into_iter().map(reference).collect();
    references.sort();
    Ok(references)
}

/// Rows of one page when a table is read whole; fewer where rows hold files.
const PAGE: i64 = 1000;
const PAGE_OF_FILES: i64 = 8;

/// Reads a table in the order of its key, page by page; the same order in both databases.
pub(crate) struct Walk<'a> {
    table: &'a Table,
    last: Option<Vec<crate::sql::Bind>>,
}

impl<'a> Walk<'a> {
    /// A walk from the first row.
    pub(crate) fn new(table: &'a Table) -> Self {
        Self { table, last: None }
    }

    /// The next rows, with the values in the order of [`Table::columns`]; none at the end.
    pub(crate) async fn next(&mut self, tx: &mut Tx) -> Result<Vec<crate::db::Row>, DeskError> {
        let page = if self.table.holds.contains(&Holds::Bytes) { PAGE_OF_FILES } else { PAGE };
        let mut sql = Sql::new("SELECT ").names(&self.table.columns)?.push(" FROM ").name(&self.table.name)?;
        if let Some(last) = &self.last {
            sql = sql.push(" WHERE (").push_keys(self.table, tx.is_postgres())?.push(") > (");
            for (place, value) in last.iter().enumerate() {
                sql = if place == 0 { sql } else { sql.push(", ") }.bind(value.clone());
            }
            sql = sql.push(")");
        }
        sql = sql.push(" ORDER BY ").push_keys(self.table, tx.is_postgres())?.push(" LIMIT ").bind(page);
        let rows = tx.rows(sql).await?;
        if let Some(row) = rows.last() {
            let places = self.table.key.iter().filter_map(|key| self.table.columns.iter().position(|column| column == key));
            self.last = Some(places.filter_map(|place| row.value(place).cloned()).collect());
        }
        Ok(rows)
    }
}

impl Sql {
    /// The columns of the key, texts compared byte by byte whatever language the database sorts by.
    fn push_keys(mut self, table: &Table, postgres: bool) -> Result<Self, DeskError> {
        for (place, column) in table.key.iter().enumerate() {
            self = if place == 0 { self } else { self.push(", ") }.name(column)?;
            if postgres && table.kind(column) == Some(Holds::Text) {
                self = self.push(" COLLATE \"C\"");
            }
        }
        Ok(self)
    }
}
