//! One door to SQLite and PostgreSQL: transactions with a scope, values in and out as BIGINT and TEXT.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use base::{Area, Scope};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection, Postgres, Row as _, Sqlite, Transaction, TypeInfo, ValueRef};
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::DeskError;
use crate::access::role_word;
use crate::sql::{Bind, Sql};

/// How long a writer waits for another process that writes into the same SQLite file.
const BUSY: Duration = Duration::from_secs(10);
/// Connections; the writer of SQLite is one of them.
const CONNECTIONS: u32 = 6;
/// Role the program works as in PostgreSQL; it owns nothing and may not delete.
pub(crate) const APP_ROLE: &str = "ansinh_app";

/// Work over the whole store takes as long as it takes; the limits of pages do not hold for it.
pub(crate) const NO_HURRY: &str = "SELECT set_config('statement_timeout', '0', true), set_config('lock_timeout', '60s', true), \
     set_config('idle_in_transaction_session_timeout', '0', true)";

/// The two databases the desk runs on.
#[derive(Debug, Clone)]
pub(crate) enum Db {
    /// A file on this machine.
    Sqlite(SqlitePool),
    /// A server.
    Postgres(PgPool),
}

/// The pools, and the gate that lets the writers of this process into SQLite one after another in fair order.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(crate) db: Db,
    gate: Arc<Mutex<()>>,
}

/// What a transaction is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Snapshot,
    Write,
    /// A write as the owner of the tables.
    Migrate,
}

impl Store {
    /// Opens a `postgres://` URL, or else a SQLite file (made when missing).
    pub(crate) async fn open(place: &str) -> Result<Self, DeskError> {
        let db = if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            Db::Postgres(open_postgres(place).await?)
        } else {
            let path = place.strip_prefix("sqlite://").or_else(|| place.strip_prefix("sqlite:")).unwrap_or(place);
            Db::Sqlite(open_sqlite(Path::new(path)).await?)
        };
        Ok(Self { db, gate: Arc::default() })
    }

    /// A transaction that only reads.
    pub(crate) async fn read(&self, scope: &Scope) -> Result<Tx, DeskError> {
        self.begin(Some(scope), Access::Read).await
    }

    /// A transaction that writes.
    pub(crate) async fn write(&self, scope: &Scope) -> Result<Tx, DeskError> {
        self.begin(Some(scope), Access::Write).await
    }

    /// A transaction that sees the store as it was when it began, however long it reads. It is the owner's until [`Tx::enter`].
    pub(crate) async fn snapshot(&self) -> Result<Tx, DeskError> {
        let mut tx = self.begin(None, Access::Snapshot).await?;
        if tx.is_postgres() {
            tx.script(NO_HURRY).await?;
        }
        Ok(tx)
    }

    /// A transaction of the tables' owner, for migrations and restoring only.
    pub(crate) async fn migrate(&self) -> Result<Tx, DeskError> {
        self.begin(None, Access::Migrate).await
    }

    /// Closes all connections after the transactions at work.
    pub(crate) async fn close(&self) {
        match &self.db {
            Db::Sqlite(pool) => pool.close().await,
            Db::Postgres(pool) => pool.close().await,
        }
    }

    async fn begin(&self, scope: Option<&Scope>, access: Access) -> Result<Tx, DeskError> {
        match &self.db {
            Db::Sqlite(pool) if matches!(access, Access::Read | Access::Snapshot) => {
                Ok(Tx { inner: Inner::Sqlite(pool.begin().await?), _gate: None })
            }
            Db::Sqlite(pool) => {
                let gate = Arc::clone(&self.gate).lock_owned().await;
                let inner = Inner::Sqlite(pool.begin_with("BEGIN IMMEDIATE").await?);
                Ok(Tx { inner, _gate: Some(gate) })
            }
            Db::Postgres(pool) => {
                // A count and the rows beside it must be of one moment, as they are in SQLite.
                let statement = match access {
                    Access::Read | Access::Snapshot => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                    Access::Write | Access::Migrate => "BEGIN",
                };
                let mut tx = Tx { inner: Inner::Postgres(pool.begin_with(statement).await?), _gate: None };
                if let Some(scope) = scope {
                    tx.enter(scope).await?;
                }
                Ok(tx)
            }
        }
    }
}

/// A transaction. Dropping it without [`Tx::commit`] rolls back.
pub(crate) struct Tx {
    // Dropped before the gate opens for the next writer.
    inner: Inner,
    _gate: Option<OwnedMutexGuard<()>>,
}

enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// Whether this is PostgreSQL.
    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.inner, Inner::Postgres(_))
    }

    /// Lets transactions that hold the same name go one after another, until commit.
    ///
    /// SQLite has one writer anyway; in PostgreSQL two copies of one form would otherwise pass each
    /// other between looking and writing.
    pub(crate) async fn lock(&mut self, name: &str) -> Result<(), DeskError> {
        if !self.is_postgres() {
            return Ok(());
        }
        let mut key = [0; 8];
        key.copy_from_slice(&blake3::hash(name.as_bytes()).as_bytes()[..8]);
        self.execute(Sql::with("SELECT pg_advisory_xact_lock($1)", [i64::from_le_bytes(key).into()])).await.map(drop)
    }

    /// Runs a statement; gives the number of rows changed.
    pub(crate) async fn execute(&mut self, sql: Sql) -> Result<u64, DeskError> {
        let (text, binds) = sql.parts();
        Ok(match &mut self.inner {
            Inner::Sqlite(tx) => {
                let query = binds.into_iter().fold(sqlx::query::<Sqlite>(AssertSqlSafe(text)), |query, bind| match bind {
                    Bind::Int(value) => query.bind(value),
                    Bind::Text(value) => query.bind(value),
                    Bind::Bytes(value) => query.bind(value),
                });
                query.execute(&mut **tx).await?.rows_affected()
            }
            Inner::Postgres(tx) => {
                let query = binds.into_iter().fold(sqlx::query::<Postgres>(AssertSqlSafe(text)), |query, bind| match bind {
                    Bind::Int(value) => query.bind(value),
                    Bind::Text(value) => query.bind(value),
                    Bind::Bytes(value) => query.bind(value),
                });
                query.execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Runs a statement; gives its rows.
    pub(crate) async fn rows(&mut self, sql: Sql) -> Result<Vec<Row>, DeskError> {
        let (text, binds) = sql.parts();
        match &mut self.inner {
            Inner::Sqlite(tx) => {
                let query = binds.into_iter().fold(sqlx::query::<Sqlite>(AssertSqlSafe(text)), |query, bind| match bind {
                    Bind::Int(value) => query.bind(value),
                    Bind::Text(value) => query.bind(value),
                    Bind::Bytes(value) => query.bind(value),
                });
                query.fetch_all(&mut **tx).await?.iter().map(sqlite_row).collect()
            }
            Inner::Postgres(tx) => {
                let query = binds.into_iter().fold(sqlx::query::<Postgres>(AssertSqlSafe(text)), |query, bind| match bind {
                    Bind::Int(value) => query.bind(value),
                    Bind::Text(value) => query.bind(value),
                    Bind::Bytes(value) => query.bind(value),
                });
                query.fetch_all(&mut **tx).await?.iter().map(postgres_row).collect()
            }
        }
    }

    /// Runs a statement; gives its first row.
    pub(crate) async fn row(&mut self, sql: Sql) -> Result<Option<Row>, DeskError> {
        Ok(self.rows(sql).await?.into_iter().next())
    }

    /// Runs a script of several statements without binds, as a migration is.
    pub(crate) async fn script(&mut self, text: &'static str) -> Result<(), DeskError> {
        match &mut self.inner {
            Inner::Sqlite(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop)?,
            Inner::Postgres(tx) => sqlx::raw_sql(text).execute(&mut **tx).await.map(drop)?,
        }
        Ok(())
    }

    /// Commits; on return the change is on disk.
    pub(crate) async fn commit(self) -> Result<(), DeskError> {
        match self.inner {
            Inner::Sqlite(tx) => tx.commit().await?,
            Inner::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }

    /// Becomes the app role and tells row level security who asks; all of it ends with the transaction.
    pub(crate) async fn enter(&mut self, scope: &Scope) -> Result<(), DeskError> {
        if !self.is_postgres() {
            return Ok(());
        }
        self.rows(Sql::with(
            "SELECT set_config('role', $1, true), set_config('app.scope', $2, true), set_config('app.actor', $3, true), \
             set_config('app.role', $4, true), set_config('app.unit', $5, true), set_config('app.employees', $6, true)",
            [
                APP_ROLE.into(),
                area_setting(&scope.area).into(),
                scope.actor.0.as_str().into(),
                role_word(scope.role).into(),
                scope.unit.as_str().into(),
                if crate::access::sees_employee_cases(scope) { "yes" } else { "" }.into(),
            ],
        ))
        .await
        .map(drop)
    }
}

/// `city`, or the communes between commas: `,00004,09556,`; empty for an empty area.
fn area_setting(area: &Area) -> String {
    match area {
        Area::City => "city".to_owned(),
        Area::Communes(communes) => communes.iter().fold(String::new(), |mut text, commune| {
            if text.is_empty() {
                text.push(',');
            }
            text.push_str(commune.as_str());
            text.push(',');
            text
        }),
    }
}

/// A row's values in the order of the statement's columns.
#[derive(Debug, Clone)]
pub(crate) struct Row(Vec<Bind>);

impl Row {
    /// A value as it came.
    pub(crate) fn value(&self, index: usize) -> Option<&Bind> {
        self.0.get(index)
    }

    /// A BIGINT that is not NULL.
    pub(crate) fn int(&self, index: usize) -> Result<i64, DeskError> {
        self.opt_int(index)?.ok_or_else(|| DeskError::damaged("(query)", format!("column {index} is NULL")))
    }

    /// A TEXT that is not NULL.
    pub(crate) fn text(&self, index: usize) -> Result<String, DeskError> {
        self.opt_text(index)?.ok_or_else(|| DeskError::damaged("(query)", format!("column {index} is NULL")))
    }

    /// A BIGINT or NULL.
    pub(crate) fn opt_int(&self, index: usize) -> Result<Option<i64>, DeskError> {
        match self.0.get(index) {
            Some(Bind::Int(value)) => Ok(*value),
            Some(Bind::Text(None)) => Ok(None),
            _ => Err(DeskError::damaged("(query)", format!("column {index} is not a number"))),
        }
    }

    /// A BYTEA that is not NULL.
    pub(crate) fn bytes(&self, index: usize) -> Result<Vec<u8>, DeskError> {
        match self.0.get(index) {
            Some(Bind::Bytes(value)) => Ok(value.clone()),
            _ => Err(DeskError::damaged("(query)", format!("column {index} is not bytes"))),
        }
    }

    /// A TEXT or NULL.
    pub(crate) fn opt_text(&self, index: usize) -> Result<Option<String>, DeskError> {
        match self.0.get(index) {
            Some(Bind::Text(value)) => Ok(value.clone()),
            Some(Bind::Int(None)) => Ok(None),
            _ => Err(DeskError::damaged("(query)", format!("column {index} is not text"))),
        }
    }
}

fn sqlite_row(row: &SqliteRow) -> Result<Row, DeskError> {
    let value = |index: usize| -> Result<Bind, DeskError> {
        // SQLite types values, not columns.
        let raw = row.try_get_raw(index)?;
        if raw.is_null() {
            return Ok(Bind::Text(None));
        }
        match raw.type_info().name() {
            "INTEGER" => Ok(Bind::Int(row.try_get(index)?)),
            "TEXT" => Ok(Bind::Text(row.try_get(index)?)),
            "BLOB" => Ok(Bind::Bytes(row.try_get(index)?)),
            other => Err(DeskError::damaged("(query)", format!("column {index} is of type {other}"))),
        }
    };
    (0..row.len()).map(value).collect::<Result<_, _>>().map(Row)
}

fn postgres_row(row: &PgRow) -> Result<Row, DeskError> {
    let value = |index: usize| -> Result<Bind, DeskError> {
        match row.column(index).type_info().name() {
            "INT8" => Ok(Bind::Int(row.try_get(index)?)),
            "TEXT" | "NAME" | "VARCHAR" => Ok(Bind::Text(row.try_get(index)?)),
            "BYTEA" => Ok(Bind::Bytes(row.try_get(index)?)),
            other => Err(DeskError::damaged("(query)", format!("column {index} is of type {other}"))),
        }
    };
    (0..row.len()).map(value).collect::<Result<_, _>>().map(Row)
}

async fn open_sqlite(path: &Path) -> Result<SqlitePool, DeskError> {
    let failed = |detail: String| DeskError::Open { place: path.display().to_string(), detail };
    create_private(path).map_err(|error| failed(error.to_string()))?;
    let options = SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(BUSY)
        .disable_statement_logging();
    let pool = SqlitePoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(BUSY).connect_with(options).await;
    pool.map_err(|error| failed(error.to_string()))
}

/// Makes the file readable by its owner only; SQLite gives its log files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    let folder: PathBuf = path.parent().map(Path::to_path_buf).unwrap_or_default();
    if !folder.as_os_str().is_empty() {
        std::fs::create_dir_all(&folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}

async fn open_postgres(url: &str) -> Result<PgPool, DeskError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| DeskError::Open { place: "postgres".to_owned(), detail: error.to_string() })?
        .application_name("ansinh")
        .options([("statement_timeout", "10s"), ("lock_timeout", "5s"), ("idle_in_transaction_session_timeout", "30s")])
        .disable_statement_logging();
    let place = format!("postgres {} {}", options.get_host(), options.get_database().unwrap_or_default());
    let failed = |error: sqlx::Error| DeskError::Open { place: place.clone(), detail: error.to_string() };
    // One connection by itself first: a pool would try again and again, and then name no cause.
    sqlx::PgConnection::connect_with(&options).await.map_err(failed)?.close().await.map_err(failed)?;
    let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(BUSY).connect_with(options).await;
    pool.map_err(failed)
}
