//! One file of everything in the store, written from one moment while others go on working.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use base::Scope;
use serde::Serialize;

use super::catalog::{MIGRATIONS, Table, Walk, tables};
use super::file::{Head, Out, Step, TableHash, TableHead, TableReport, content, line, row_line};
use crate::audit::{AuditAction, ReadEvent};
use crate::db::Tx;
use crate::keys::SealedWriter;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// Where a backup goes: as it is, or sealed where there is a key file.
enum Sink {
    Plain(BufWriter<File>),
    Sealed(Box<SealedWriter<BufWriter<File>>>),
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Sealed(sealed) => sealed.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Sealed(sealed) => sealed.flush(),
        }
    }
}

/// What a backup holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// Number of all rows.
    pub rows: i64,
    /// BLAKE3 over all tables, hexadecimal: the same for the same rows on SQLite and on PostgreSQL.
    pub content: String,
    /// Each table.
    pub tables: Vec<TableReport>,
}

impl Desk {
    /// Writes everything in the store into a new file that only its owner may read; never over another file.
    ///
    /// The file holds hashes of passwords and whatever else the tables hold: keep it as you keep the store. With a key file it is sealed and
    /// opens with that key alone. The audit event of the
    /// backup and the newest seal are in it.
    pub async fn backup(&self, path: &Path) -> Result<BackupReport, DeskError> {
        if path.exists() {
            return Err(DeskError::Backup { detail: format!("{} is there already", path.display()) });
        }
        self.audit_read(&Scope::system(), ReadEvent::new(AuditAction::BackupDesk, "desk")).await?;
        self.seal().await?;
        let part = path.with_extension("part");
        let written = self.write_backup(&part).await;
        let report = match written {
            Ok(report) => report,
            Err(error) => {
                // What was written so far is of no use; that it stays behind would not matter either.
                drop(std::fs::remove_file(&part));
                return Err(error);
            }
        };
        std::fs::rename(&part, path).map_err(|error| io(path, &error))?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| io(folder, &error))?;
        }
        Ok(report)
    }

    async fn write_backup(&self, path: &Path) -> Result<BackupReport, DeskError> {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| io(path, &error))?;
        let file = BufWriter::with_capacity(1 << 20, file);
        let sink = match self.keys() {
            Some(ring) => {
                let (key, random) = (self.secret()?, self.secret()?);
                let mut nonce = [0; 24];
                nonce.copy_from_slice(&random[..24]);
                Sink::Sealed(Box::new(SealedWriter::new(file, ring, key, nonce)?))
            }
            None => Sink::Plain(file),
        };
        let mut out = Out::new(sink);
        let mut tx = self.store().snapshot().await?;
        out.write(&line(&Head::new(self.now(), steps(&mut tx).await?))?)?;
        tx.enter(&Scope::system()).await?;
        let mut reports = Vec::new();
        for table in tables(&mut tx).await? {
            let report = read_table(&mut tx, &table, |line| out.write(line)).await?;
            out.write(&line(&report)?)?;
            reports.push(report);
        }
        let rows = reports.iter().map(|table| table.rows).sum();
        let file = match out.finish(rows)? {
            Sink::Plain(file) => file,
            Sink::Sealed(sealed) => sealed.finish().map_err(|error| io(path, &error))?,
        };
        let file = file.into_inner().map_err(|error| io(path, error.error()))?;
        file.sync_all().map_err(|error| io(path, &error))?;
        Ok(BackupReport { rows, content: content(&reports)?, tables: reports })
    }
}

/// Reads a table whole: hands out its head and every row as a line, and gives the hash.
pub(crate) async fn read_table(
    tx: &mut Tx,
    table: &Table,
    mut each: impl FnMut(&str) -> Result<(), DeskError>,
) -> Result<TableReport, DeskError> {
    let head = TableHead { table: table.name.clone(), columns: table.columns.clone() };
    each(&line(&head)?)?;
    let mut hash = TableHash::new(&head)?;
    let mut walk = Walk::new(table);
    loop {
        let rows = walk.next(tx).await?;
        if rows.is_empty() {
            return Ok(hash.finish(&table.name));
        }
        for row in &rows {
            let line = row_line(row, table.columns.len())?;
            hash.row(&line);
            each(&line)?;
        }
    }
}

/// The steps applied to the store, in order.
pub(crate) async fn steps(tx: &mut Tx) -> Result<Vec<Step>, DeskError> {
    let sql = Sql::new("SELECT chapter, number, hash FROM ").name(MIGRATIONS)?;
    let step = |row: &crate::db::Row| Ok(Step { chapter: row.text(0)?, number: row.int(1)?, hash: row.text(2)? });
    let mut steps = tx.rows(sql).await?.iter().map(step).collect::<Result<Vec<_>, DeskError>>()?;
    steps.sort_by(|a, b| (&a.chapter, a.number).cmp(&(&b.chapter, b.number)));
    Ok(steps)
}

pub(crate) fn io(path: &Path, error: &std::io::Error) -> DeskError {
    DeskError::Backup { detail: format!("{}: {error}", path.display()) }
}
