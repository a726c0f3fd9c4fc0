//! Puts a backup into an empty store of either kind, in one transaction: all of it or nothing.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use base::Scope;
use serde::Serialize;

use super::backup::{io, read_table};
use super::catalog::{CASE_COUNT, Reference, Table, references, tables};
use super::file::{Head, In, Step, TableHead, TableReport, content, damaged, parse, row_values};
use crate::audit::{AuditAction, ReadEvent};
use crate::case::counts::recount;
use crate::db::{NO_HURRY, Store, Tx};
use crate::ids::{Clock, IdSource};
use crate::keys::{KeyRing, SealedReader, is_sealed};
use crate::migrate::{DESK, Migration, migrate_in};
use crate::sql::{Bind, MAX_BINDS, Sql};
use crate::{Desk, DeskError};

/// What was restored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RestoreReport {
    /// When the backup was made, Unix milliseconds.
    pub made_at: i64,
    /// Number of all rows.
    pub rows: i64,
    /// BLAKE3 over all tables as they were read back from the new store; the same as the backup's.
    pub content: String,
    /// Each table.
    pub tables: Vec<TableReport>,
}

impl Desk {
    /// Opens an empty store and puts a backup into it; the tables are then brought to the newest step.
    ///
    /// Every row is read back and held against the hashes of the file before anything is kept.
    pub async fn restore(
        place: &str,
        clock: Clock,
        ids: Arc<dyn IdSource>,
        path: &Path,
    ) -> Result<(Self, RestoreReport), DeskError> {
        Self::restore_with_keys(place, clock, ids, path, None).await
    }

    /// Like [`Desk::restore`], with the keys of a key file: a sealed backup opens with the key that sealed it.
    pub async fn restore_with_keys(
        place: &str,
        clock: Clock,
        ids: Arc<dyn IdSource>,
        path: &Path,
        keys: Option<KeyRing>,
    ) -> Result<(Self, RestoreReport), DeskError> {
        let file = File::open(path).map_err(|error| io(path, &error))?;
        let mut file = BufReader::with_capacity(1 << 20, file);
        let file: Box<dyn BufRead + Send> = if is_sealed(&mut file).map_err(|error| io(path, &error))? {
            Box::new(BufReader::with_capacity(1 << 16, SealedReader::new(file, keys.as_ref())?))
        } else {
            Box::new(file)
        };
        let store = Store::open(place).await?;
        let report = restore_into(&store, file, clock()).await?;
        store.close().await;
        let desk = Self::open_with_keys(place, clock, ids, keys).await?;
        let event = ReadEvent::new(AuditAction::RestoreDesk, "desk").count("rows", report.rows);
        desk.audit_read(&Scope::system(), event).await?;
        desk.seal().await?;
        Ok((desk, report))
    }
}

async fn restore_into(store: &Store, file: impl BufRead, now: i64) -> Result<RestoreReport, DeskError> {
    let mut file = In::new(file);
    let first = file.line()?;
    file.count(&first);
    let head: Head = parse(&first)?;
    if !head.is_known() {
        return Err(damaged("this is no backup of a desk that this program knows".into()));
    }
    let known = known_steps(&head.steps)?;
    let mut tx = store.migrate().await?;
    if tx.is_postgres() {
        tx.script(NO_HURRY).await?;
    }
    must_be_empty(&mut tx).await?;
    migrate_in(&mut tx, "desk", &known, now).await?;
    let tables = tables(&mut tx).await?;
    let references = references(&mut tx).await?;
    let quiet = Quiet::begin(&mut tx, &tables, &references).await?;
    let mut reports: Vec<TableReport> = Vec::new();
    let last = loop {
        let line = file.line()?;
        let Ok(head) = parse::<TableHead>(&line) else { break line };
        file.count(&line);
        let table = tables.iter().find(|table| table.name == head.table && table.columns == head.columns);
        let table = table.ok_or_else(|| damaged("it holds a table that its steps do not make".into()))?;
        reports.push(load(&mut tx, table, &mut file).await?);
    };
    let rows = reports.iter().map(|table| table.rows).sum();
    file.end(&last, rows)?;
    if reports.iter().map(|report| &report.table).ne(tables.iter().map(|table| &table.name)) {
        return Err(damaged("a table is missing".into()));
    }
    quiet.check_references(&mut tx).await?;
    for (table, report) in tables.iter().zip(&reports) {
        if read_table(&mut tx, table, |_| Ok(())).await? != *report {
            return Err(damaged(format!("the rows of {} do not agree with their hash", table.name)));
        }
    }
    if known.iter().any(|step| step.name == CASE_COUNT) {
        recount(&mut tx).await?;
    }
    quiet.end(&mut tx).await?;
    tx.commit().await?;
    Ok(RestoreReport { made_at: head.made_at, rows, content: content(&reports)?, tables: reports })
}

/// The program's steps that the backup had; the same ones, or the file is of another program.
fn known_steps(steps: &[Step]) -> Result<Vec<Migration>, DeskError> {
    for step in steps {
        let newer = DeskError::SchemaNewer {
            chapter: step.chapter.clone(),
            found: step.number,
            known: DESK.last().map_or(0, |step| step.number),
        };
        let own = DESK.iter().find(|own| step.chapter == "desk" && own.number == step.number).ok_or(newer)?;
        if own.hash() != step.hash {
            return Err(DeskError::MigrationChanged { chapter: step.chapter.clone(), number: step.number });
        }
    }
    Ok(DESK.iter().filter(|own| steps.iter().any(|step| step.number == own.number)).copied().collect())
}

async fn must_be_empty(tx: &mut Tx) -> Result<(), DeskError> {
    let sql = if tx.is_postgres() {
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    } else {
        "SELECT count(*) FROM sqlite_master WHERE type = 'table'"
    };
    let tables = tx.row(Sql::new(sql)).await?.map_or(Ok(0), |row| row.int(0))?;
    if tables == 0 { Ok(()) } else { Err(DeskError::NotEmpty) }
}

/// Puts the rows of one table in, and holds their number and hash against the line after them.
async fn load(tx: &mut Tx, table: &Table, file: &mut In<impl BufRead>) -> Result<TableReport, DeskError> {
    let at_once = (MAX_BINDS / table.columns.len()).max(1);
    let mut waiting: Vec<Vec<Bind>> = Vec::new();
    loop {
        let line = file.line()?;
        file.count(&line);
        if line.starts_with('[') {
            waiting.push(row_values(&line, table)?);
        }
        if waiting.len() == at_once || !line.starts_with('[') {
            let rows = std::mem::take(&mut waiting);
            if !rows.is_empty() {
                let sql = Sql::new("INSERT INTO ").name(&table.name)?.push(" (").names(&table.columns)?;
                tx.execute(sql.push(") VALUES ").rows(rows)).await?;
            }
        }
        if !line.starts_with('[') {
            return parse(&line);
        }
    }
}

/// The guards of the tables, out of the way while rows are put in as they were, and back before commit.
struct Quiet<'a> {
    tables: &'a [Table],
    references: &'a [Reference],
    /// Texts of SQLite's triggers.
    triggers: Vec<String>,
    /// PostgreSQL: tables under forced row level security, and names of references by table.
    forced: Vec<String>,
    constraints: Vec<(String, String)>,
}

impl<'a> Quiet<'a> {
    async fn begin(tx: &mut Tx, tables: &'a [Table], references: &'a [Reference]) -> Result<Self, DeskError> {
        let mut quiet = Self { tables, references, triggers: Vec::new(), forced: Vec::new(), constraints: Vec::new() };
        if tx.is_postgres() {
            let rows = tx.rows(Sql::new(FORCED)).await?;
            quiet.forced = rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?;
            let rows = tx.rows(Sql::new(CONSTRAINTS)).await?;
            quiet.constraints = rows.iter().map(|row| Ok((row.text(0)?, row.text(1)?))).collect::<Result<_, DeskError>>()?;
            for table in tables {
                tx.execute(Sql::new("ALTER TABLE ").name(&table.name)?.push(" DISABLE TRIGGER USER")).await?;
            }
            for table in &quiet.forced {
                tx.execute(Sql::new("ALTER TABLE ").name(table)?.push(" NO FORCE ROW LEVEL SECURITY")).await?;
            }
            quiet.alter_constraints(tx, " DEFERRABLE").await?;
            tx.execute(Sql::new("SET CONSTRAINTS ALL DEFERRED")).await?;
        } else {
            let rows = tx.rows(Sql::new("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).await?;
            for row in rows {
                tx.execute(Sql::new("DROP TRIGGER ").name(&row.text(0)?)?).await?;
                quiet.triggers.push(row.text(1)?);
            }
            tx.execute(Sql::new("PRAGMA defer_foreign_keys = ON")).await?;
        }
        // Rows that a step put in: the backup holds them as they have become.
        for table in tables {
            tx.execute(Sql::new("DELETE FROM ").name(&table.name)?).await?;
        }
        Ok(quiet)
    }

    /// Every reference leads somewhere: asked of the rows, not of the database's own triggers.
    async fn check_references(&self, tx: &mut Tx) -> Result<(), DeskError> {
        for reference in self.references {
            if super::check::lost(tx, reference).await? > 0 {
                return Err(damaged(format!("rows of {} refer to rows of {} that are not in it", reference.from, reference.to)));
            }
        }
        Ok(())
    }

    async fn end(self, tx: &mut Tx) -> Result<(), DeskError> {
        if !tx.is_postgres() {
            for trigger in self.triggers {
                tx.execute(Sql::kept(trigger)).await?;
            }
            return Ok(());
        }
        tx.execute(Sql::new("SET CONSTRAINTS ALL IMMEDIATE")).await?;
        self.alter_constraints(tx, " NOT DEFERRABLE").await?;
        for table in &self.forced {
            tx.execute(Sql::new("ALTER TABLE ").name(table)?.push(" FORCE ROW LEVEL SECURITY")).await?;
        }
        for table in self.tables {
            tx.execute(Sql::new("ALTER TABLE ").name(&table.name)?.push(" ENABLE TRIGGER USER")).await?;
        }
        Ok(())
    }

    async fn alter_constraints(&self, tx: &mut Tx, how: &'static str) -> Result<(), DeskError> {
        for (table, constraint) in &self.constraints {
            let sql = Sql::new("ALTER TABLE ").name(table)?.push(" ALTER CONSTRAINT ").name(constraint)?.push(how);
            tx.execute(sql).await?;
        }
        Ok(())
    }
}

const FORCED: &str = "SELECT relname::text FROM pg_class \
     WHERE relkind = 'r' AND relforcerowsecurity AND relnamespace = current_schema()::regnamespace";
const CONSTRAINTS: &str = "SELECT c.relname::text, k.conname::text FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
     WHERE k.contype = 'f' AND c.relnamespace = current_schema()::regnamespace";
