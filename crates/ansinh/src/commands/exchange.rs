//! `ansinh exchange export|list`: minimal check files for the police, communes and the national look-up.

use std::path::PathBuf;
use std::process::ExitCode;

use base::Scope;
use book::ExchangeRecord;
use coverage::exchange::{Question, ask, csv};
use desk::{AuditAction, ReadEvent};
use engine::{Options, Session};

use super::Environment;
use super::run::{clock, open_desk, runtime};
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// What `exchange` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Làm tệp đối chiếu tối thiểu về những người trong danh sách cần rà soát của kỳ mới nhất
    Export {
        /// identity (hỏi Công an, xã, phường về cư trú) hoặc lookup (tra cứu tham gia toàn quốc)
        #[arg(long)]
        kind: String,
        /// Tệp CSV ra; không ghi đè tệp có sẵn
        #[arg(long)]
        out: PathBuf,
    },
    /// Các tệp đối chiếu đã làm
    List,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    match &arguments.what {
        What::Export { kind, out } => export(environment, kind, out),
        What::List => {
            let all = open_book(&environment.config)?.exchanges()?;
            let lines = || all.iter().map(line).collect::<Vec<_>>().join("\n");
            output::print(environment.json, &serde_json::json!({ "schema": 1, "exchanges": all }), lines)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn line(record: &ExchangeRecord) -> String {
    format!("{} {} kỳ {}: {} dòng, lần chạy {}", record.id, record.kind, record.period, record.rows, record.run)
}

fn export(environment: &Environment, kind: &str, out: &std::path::Path) -> Result<ExitCode, Failure> {
    let question = Question::parse(kind).ok_or_else(|| Failure::usage("--kind là identity hoặc lookup"))?;
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let run = book.latest_run()?.ok_or_else(|| Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào"))?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|e| Failure::internal(format!("no random numbers: {e}")))?;
    let record = runtime.block_on(async {
        let session = Session::new(&shop.law, &Options::default())?;
        for (name, table) in run.tables().iter().filter(|(name, _)| ["person", "worklist"].contains(&name.as_str())) {
            session.register_parquet(name, book.table_at(table)).await?;
        }
        let (record, asked) = ask(&book, &session, &run, &shop.places, question, &secret, clock()()).await?;
        let event = ReadEvent::new(AuditAction::Export, "exchange").object(record.id.as_str());
        let event = event.count("rows", record.rows as i64).word("kind", question.word()).run(&run.id);
        // Nothing leaves before the log says so.
        desk.audit_read(&Scope::system(), event).await?;
        let mut file = std::fs::File::options().write(true).create_new(true).open(out).map_err(|e| written(out, &e))?;
        std::io::Write::write_all(&mut file, &csv(&asked)?).map_err(|e| written(out, &e))?;
        Ok::<_, Failure>(record)
    })?;
    runtime.block_on(desk.seal())?;
    runtime.block_on(desk.close());
    output::print(environment.json, &serde_json::json!({ "schema": 1, "exchange": record }), || line(&record))?;
    Ok(ExitCode::SUCCESS)
}

fn written(out: &std::path::Path, error: &std::io::Error) -> Failure {
    Failure::input("not_written", format!("{}: {error}", out.display()))
}
