//! Whether the whole store agrees: steps, references, the database's own pages, guards, the audit log.

use base::Scope;
use serde::Serialize;

use super::backup::{read_table, steps};
use super::catalog::{Reference, references, tables};
use super::file::{Step, TableReport, content};
use crate::audit::AuditReport;
use crate::case::counts::wrong_sums;
use crate::db::Tx;
use crate::migrate::DESK;
use crate::sql::Sql;
use crate::{Desk, DeskError};

/// What checking found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoreReport {
    /// `sqlite` or `postgres`.
    pub kind: &'static str,
    /// BLAKE3 over all tables, hexadecimal.
    pub content: String,
    /// Each table.
    pub tables: Vec<TableReport>,
    /// Steps of the tables that are not those of this program, as `chapter number`.
    pub wrong_steps: Vec<String>,
    /// References that lead nowhere.
    pub lost_references: Vec<LostReference>,
    /// What the database itself says of its pages and indexes (SQLite).
    pub damage: Vec<String>,
    /// Tables without a guard they should have: row level security in PostgreSQL.
    pub unguarded: Vec<String>,
    /// Kinds of open cases whose sum is not the number of their cases; restoring a backup counts them anew.
    pub wrong_counts: i64,
    /// The audit log.
    pub audit: AuditReport,
}

impl StoreReport {
    /// Whether nothing was found.
    pub fn is_whole(&self) -> bool {
        self.wrong_steps.is_empty()
            && self.lost_references.is_empty()
            && self.damage.is_empty()
            && self.unguarded.is_empty()
            && self.wrong_counts == 0
            && self.audit.is_whole()
    }
}

/// Rows that refer to rows that are not there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LostReference {
    /// Table that refers.
    pub from: String,
    /// Columns that refer.
    pub columns: Vec<String>,
    /// Table referred to.
    pub to: String,
    /// Number of such rows.
    pub rows: i64,
}

impl Desk {
    /// Reads the whole store and says everything that does not agree.
    pub async fn check(&self) -> Result<StoreReport, DeskError> {
        let mut tx = self.store().snapshot().await?;
        let steps = steps(&mut tx).await?;
        tx.enter(&Scope::system()).await?;
        let mut reports = Vec::new();
        for table in tables(&mut tx).await? {
            reports.push(read_table(&mut tx, &table, |_| Ok(())).await?);
        }
        let mut lost_references = Vec::new();
        for reference in references(&mut tx).await? {
            let rows = lost(&mut tx, &reference).await?;
            if rows > 0 {
                lost_references.push(LostReference { from: reference.from, columns: reference.columns, to: reference.to, rows });
            }
        }
        let wrong_steps = steps.iter().filter(|step| !is_known(step)).map(word).collect();
        let (damage, unguarded) = if tx.is_postgres() {
            (Vec::new(), words(&mut tx, UNGUARDED).await?)
        } else {
            let mut said = words(&mut tx, "PRAGMA integrity_check").await?;
            said.retain(|word| word != "ok");
            (said, Vec::new())
        };
        let wrong_counts = wrong_sums(&mut tx).await?;
        let kind = if tx.is_postgres() { "postgres" } else { "sqlite" };
        drop(tx);
        let audit = self.verify_audit().await?;
        let content = content(&reports)?;
        Ok(StoreReport { kind, content, tables: reports, wrong_steps, lost_references, damage, unguarded, wrong_counts, audit })
    }
}

/// Tables that the program's role may read without row level security, or that it owns.
const UNGUARDED: &str = "SELECT c.relname::text FROM pg_class c JOIN pg_roles r ON r.oid = c.relowner \
     WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace \
     AND (r.rolname = 'ansinh_app' OR (has_table_privilege('ansinh_app', c.oid, 'SELECT') \
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity))) ORDER BY 1";

/// How many rows hold a reference that leads nowhere.
pub(crate) async fn lost(tx: &mut Tx, reference: &Reference) -> Result<i64, DeskError> {
    let mut sql = Sql::new("SELECT count(*) FROM ").name(&reference.from)?.push(" f WHERE ");
    for column in &reference.columns {
        sql = sql.push("f.").name(column)?.push(" IS NOT NULL AND ");
    }
    sql = sql.push("NOT EXISTS (SELECT 1 FROM ").name(&reference.to)?.push(" t WHERE ");
    for (place, (column, target)) in reference.columns.iter().zip(&reference.target).enumerate() {
        sql = if place == 0 { sql } else { sql.push(" AND ") };
        sql = sql.push("t.").name(target)?.push(" = f.").name(column)?;
    }
    tx.row(sql.push(")")).await?.map_or(Ok(0), |row| row.int(0))
}

fn is_known(step: &Step) -> bool {
    DESK.iter().any(|own| step.chapter == "desk" && own.number == step.number && own.hash() == step.hash)
}

fn word(step: &Step) -> String {
    format!("{} {}", step.chapter, step.number)
}

async fn words(tx: &mut Tx, sql: &'static str) -> Result<Vec<String>, DeskError> {
    tx.rows(Sql::new(sql)).await?.iter().map(|row| row.text(0)).collect()
}
