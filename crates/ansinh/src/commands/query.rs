//! `ansinh query "SELECT …"` over the tables of the newest run.

use std::process::ExitCode;

use base::Scope;
use desk::{AuditAction, ReadEvent};
use engine::{Options, Session, rows};

use super::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// What `query` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Một câu SELECT
    sql: String,
}

/// Runs the command. The query is audited as rows opened by the program's operator.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let run = book.latest_run()?.ok_or_else(|| Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào"))?;
    let runtime = super::run::runtime()?;
    let desk = super::run::open_desk(environment, &runtime)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "query").run(&run.id);
    runtime.block_on(desk.audit_read(&Scope::system(), event))?;
    let memory_mb = Some(environment.config.number("memory_mb")?);
    let session = Session::new(&shop.law, &Options { partitions: environment.config.number("partitions")?, memory_mb })?;
    let (schema, batches) = runtime.block_on(async {
        for (name, table) in run.tables() {
            session.register_parquet(&name, book.table_at(&table)).await?;
        }
        session.collect_with_schema(&arguments.sql).await
    })?;
    runtime.block_on(desk.close());
    let names: Vec<String> = schema.fields().iter().map(|f| f.name().clone()).collect();
    let mut lines = vec![names.join("\t")];
    let mut objects = Vec::new();
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let mut cells = Vec::with_capacity(names.len());
            for column in batch.columns() {
                cells.push(rows::canonical(column, row)?);
            }
            lines.push(cells.iter().map(|c| c.as_deref().unwrap_or("")).collect::<Vec<_>>().join("\t"));
            objects.push(cells);
        }
    }
    output::print(environment.json, &serde_json::json!({ "columns": names, "rows": objects }), || lines.join("\n"))?;
    Ok(ExitCode::SUCCESS)
}
