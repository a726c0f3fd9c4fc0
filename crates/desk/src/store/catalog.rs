//! The tables of the store as the database itself lists them, so that a new table is never forgotten.

use std::collections::BTreeMap;

use crate::DeskError;
use crate::db::Tx;
use crate::sql::Sql;

/// Table of the applied migrations; it says of itself what it holds and is no part of a backup's rows.
pub(crate) const MIGRATIONS: &str = "schema_migration";

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    /// Its name.
    pub(crate) name: String,
    /// Names of its columns, in order of name: the two databases may hold them in another order.
    pub(crate) columns: Vec<String>,
    /// Columns of its primary key, in their order.
    pub(crate) key: Vec<String>,
    /// Names of the columns that are numbers.
    pub(crate) numbers: Vec<String>,
    /// Names of the columns that hold files; all others are texts.
    pub(crate) files: Vec<String>,
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
        // name, column, its type (1 number, 2 bytes, 0 text), place in the key (0 when not).
        "SELECT c.relname::text, a.attname::text, \
         (CASE WHEN a.atttypid = 'int8'::regtype THEN 1 WHEN a.atttypid = 'bytea'::regtype THEN 2 ELSE 0 END)::bigint, \
         COALESCE(array_position(i.indkey::int2[], a.attnum) + 1, 0)::bigint \
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
         LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary \
         WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace"
    } else {
        "SELECT t.name, c.name, CASE upper(c.type) WHEN 'BIGINT' THEN 1 WHEN 'BYTEA' THEN 2 ELSE 0 END, c.pk \
         FROM sqlite_master t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%'"
    };
    let mut found: BTreeMap<String, Vec<(String, i64, i64)>> = BTreeMap::new();
    for row in tx.rows(Sql::new(sql)).await? {
        found.entry(row.text(0)?).or_default().push((row.text(1)?, row.int(2)?, row.int(3)?));
    }
    found.remove(MIGRATIONS);
    let table = |(name, mut columns): (String, Vec<(String, i64, i64)>)| {
        columns.sort();
        let mut key: Vec<&(String, i64, i64)> = columns.iter().filter(|(_, _, place)| *place > 0).collect();
        key.sort_by_key(|(_, _, place)| *place);
        if key.is_empty() {
            return Err(DeskError::damaged("(catalog)", format!("table {name} has no primary key")));
        }
        Ok(Table {
            key: key.into_iter().map(|(column, _, _)| column.clone()).collect(),
            numbers: of_type(&columns, 1),
            files: of_type(&columns, 2),
            columns: columns.into_iter().map(|(column, _, _)| column).collect(),
            name,
        })
    };
    found.into_iter().map(table).collect()
}

/// Names of the columns of a type.
fn of_type(columns: &[(String, i64, i64)], wanted: i64) -> Vec<String> {
    columns.iter().filter(|(_, kind, _)| *kind == wanted).map(|(column, ..)| column.clone()).collect()
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

/// Rows of one page when a table is read whole.
const PAGE: i64 = 1000;

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
        let mut sql = Sql::new("SELECT ").names(&self.table.columns)?.push(" FROM ").name(&self.table.name)?;
        if let Some(last) = &self.last {
            sql = sql.push(" WHERE (").push_keys(self.table, tx.is_postgres())?.push(") > (");
            for (place, value) in last.iter().enumerate() {
                sql = if place == 0 { sql } else { sql.push(", ") }.bind(value.clone());
            }
            sql = sql.push(")");
        }
        sql = sql.push(" ORDER BY ").push_keys(self.table, tx.is_postgres())?.push(" LIMIT ").bind(PAGE);
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
            if postgres && !table.numbers.contains(column) {
                self = self.push(" COLLATE \"C\"");
            }
        }
        Ok(self)
    }
}
