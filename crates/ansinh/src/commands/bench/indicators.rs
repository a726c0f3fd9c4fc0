//! How fast the nine indicators of every commune are read from the newest run of a data folder.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use book::{Book, RunManifest};
use engine::{Options, Session, rows};
use serde_json::json;

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::{Workshop, open_book};

/// Indicators of plan II.
const INDICATORS: [&str; 9] = ["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"];

/// Goal in seconds (the floor is 2 s): a page must not wait for it.
const GOAL: f64 = 0.5;

/// Numerator and denominator by indicator and commune.
type Shown = BTreeMap<(String, String), (Option<i64>, Option<i64>)>;

/// Runs the measurement.
pub fn run(environment: &Environment, runs: usize) -> Result<ExitCode, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let runtime = crate::commands::run::runtime()?;
    let (seconds, (run, shown)) = median(runs, || read(&book))?;
    let (query_seconds, by_query) = median(runs, || query(&book, &shop, &runtime))?;
    if shown != by_query {
        return Err(Failure::internal("the table and the query do not show the same indicators"));
    }
    let communes = shop.places.communes().len();
    let known = shown.values().filter(|(over, under)| over.is_some() && under.is_some()).count();
    let record = json!({
        "bench": "indicators", "runs": runs, "run": run, "indicators": INDICATORS.len(), "communes": communes,
        "cells": INDICATORS.len() * communes, "known": known, "seconds": seconds, "query_seconds": query_seconds,
        "goal_seconds": GOAL, "reached": seconds <= GOAL && query_seconds <= GOAL,
    });
    output::print(environment.json, &record, || {
        format!(
            "{} chỉ tiêu × {communes} xã, phường của lần chạy {run}: đọc bảng {seconds:.3} s, câu truy vấn {query_seconds:.3} s \
             (trung vị của {runs} lần); {known} ô đã có số liệu",
            INDICATORS.len()
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Median of wall seconds, and the last answer.
fn median<T>(runs: usize, work: impl Fn() -> Result<T, Failure>) -> Result<(f64, T), Failure> {
    let mut seconds = Vec::with_capacity(runs);
    let mut last = None;
    for _ in 0..runs.max(1) {
        let begun = Instant::now();
        last = Some(work()?);
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    let last = last.ok_or_else(|| Failure::internal("nothing was measured"))?;
    Ok((seconds[seconds.len() / 2], last))
}

fn newest(book: &Book) -> Result<RunManifest, Failure> {
    book.latest_run()?.ok_or_else(|| Failure::input("no_run", "thư mục dữ liệu này chưa có lần chạy nào"))
}

/// As a page reads them: the newest run, its table, the lines that are followed.
fn read(book: &Book) -> Result<(String, Shown), Failure> {
    let run = newest(book)?;
    let mut shown = Shown::new();
    if let Some(table) = run.tables().get("indicator") {
        let columns = ["id", "commune", "main", "numerator", "denominator"];
        for batch in book.read_table(table, Some(&columns))? {
            let main = rows::flag(&batch, "main")?;
            collect(&batch, &mut shown, |row| main.value(row))?;
        }
    }
    Ok((run.id.as_str().to_owned(), shown))
}

/// As an officer asks for them in SQL.
fn query(book: &Book, shop: &Workshop, runtime: &tokio::runtime::Runtime) -> Result<Shown, Failure> {
    let run = newest(book)?;
    let mut shown = Shown::new();
    let Some(table) = run.tables().get("indicator").cloned() else { return Ok(shown) };
    let session = Session::new(&shop.law, &Options::default())?;
    let sql = "SELECT id, commune, numerator, denominator FROM indicator WHERE main AND commune IS NOT NULL";
    let batches = runtime.block_on(async {
        session.register_parquet("indicator", book.table_at(&table)).await?;
        session.collect(sql).await
    })?;
    for batch in batches {
        collect(&batch, &mut shown, |_| true)?;
    }
    Ok(shown)
}

fn collect(
    batch: &engine::arrow::record_batch::RecordBatch,
    shown: &mut Shown,
    wanted: impl Fn(usize) -> bool,
) -> Result<(), Failure> {
    let (ids, communes) = (rows::text(batch, "id")?, rows::text(batch, "commune")?);
    let (over, under) = (rows::int(batch, "numerator")?, rows::int(batch, "denominator")?);
    for row in (0..batch.num_rows()).filter(|row| wanted(*row)) {
        let Some(commune) = rows::text_at(&communes, row) else { continue };
        if INDICATORS.contains(&ids.value(row)) {
            let counts = (rows::int_at(&over, row), rows::int_at(&under, row));
            shown.insert((ids.value(row).to_owned(), commune.to_owned()), counts);
        }
    }
    Ok(())
}
