//! `ansinh replay RUN`: the same bytes, or which tables differ.

use std::process::ExitCode;

use base::RunId;
use chapter::Cancelled;
use serde::Serialize;

use super::Environment;
use crate::failure::Failure;
use crate::monthly::run_again;
use crate::output;
use crate::progress::Terminal;
use crate::workshop::{open_book, program_hash};

/// What `replay` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Tên lần chạy, ví dụ 2026-10-7f3a9c21; bỏ trống là lần chạy mới nhất
    run: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    run: String,
    same_program: bool,
    tables: usize,
    same_bytes: usize,
    same_rows: usize,
    differing: Vec<String>,
}

/// Runs the command. Exit code 1 when a table differs.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let book = open_book(&environment.config)?;
    let _lock = book.lock()?;
    let run = match &arguments.run {
        Some(name) => {
            let id = RunId::parse(name).ok_or_else(|| Failure::usage(format!("`{name}` không phải tên một lần chạy")))?;
            book.run(&id)?
        }
        None => book.latest_run()?.ok_or_else(|| Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào"))?,
    };
    let options = super::run::options(environment)?;
    let steps = run_again(&book, &run, &options, &Terminal::new(false), &Cancelled::default())?;
    let before = run.tables();
    let again: std::collections::BTreeMap<_, _> = steps.into_iter().flat_map(|s| s.tables).collect();
    let mut report = Report {
        run: run.id.to_string(),
        same_program: run.program == program_hash()?,
        tables: before.len(),
        same_bytes: 0,
        same_rows: 0,
        differing: Vec::new(),
    };
    for name in before.keys().chain(again.keys().filter(|n| !before.contains_key(*n))) {
        match (before.get(name), again.get(name)) {
            (Some(a), Some(b)) if a.hash == b.hash => {
                report.same_bytes += 1;
                report.same_rows += 1;
            }
            // Another build may write other bytes, and another key, or one where there was none, does; then the rows decide.
            (Some(a), Some(b)) if (!report.same_program || !book.lies_as_new(a)) && a.rows_hash == b.rows_hash => {
                report.same_rows += 1;
            }
            _ => report.differing.push(name.clone()),
        }
    }
    output::print(environment.json, &report, || words(&report))?;
    Ok(ExitCode::from(u8::from(!report.differing.is_empty())))
}

fn words(report: &Report) -> String {
    if report.differing.is_empty() {
        format!(
            "{}: {} bảng, trùng từng byte {}, trùng nội dung {}.",
            report.run, report.tables, report.same_bytes, report.same_rows
        )
    } else {
        format!("{}: các bảng khác lần chạy cũ: {}", report.run, report.differing.join(", "))
    }
}
