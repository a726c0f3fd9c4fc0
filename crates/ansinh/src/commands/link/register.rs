//! `ansinh link --period P`: who is who among the rosters of a month, and nothing further.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use base::Month;
use chapter::Step;
use serde::Serialize;

use super::Environment;
use super::machine::{cpu_seconds, peak_mb};
use crate::commands::run::{cancel_on_interrupt, open_desk, options, runtime};
use crate::failure::Failure;
use crate::monthly::{Stores, link_period};
use crate::output;
use crate::progress::Terminal;
use crate::workshop::{Workshop, open_book};

/// Steps that say who is who.
const STEPS: [&str; 2] = ["coverage.register", "coverage.employers"];

#[derive(Debug, Serialize)]
struct Report {
    period: Month,
    /// Rows of each table the steps wrote.
    tables: BTreeMap<String, u64>,
    /// Rows of rosters linked to a person.
    links: u64,
    people: u64,
    seconds: BTreeMap<&'static str, f64>,
    cpu_seconds: Option<f64>,
    peak_mb: Option<u64>,
}

/// Runs the steps; what they wrote is taken over by the next `run`, nothing is published.
pub fn run(environment: &Environment, period: Month) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(environment.json);
    let started = Instant::now();
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let _lock = book.lock()?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let cancelled = cancel_on_interrupt(&runtime);
    let stores = Stores { book: &book, desk: &desk, runtime: &runtime };
    let steps: Vec<Box<dyn Step>> = coverage::steps().into_iter().filter(|step| STEPS.contains(&step.name())).collect();
    let records = link_period(&stores, &shop, period, &steps, &options(environment)?, &terminal, &cancelled)?;
    runtime.block_on(desk.seal())?;
    runtime.block_on(desk.close());
    let tables: BTreeMap<String, u64> =
        records.iter().flat_map(|record| &record.tables).map(|(name, table)| (name.clone(), table.rows)).collect();
    let rows = |name: &str| tables.get(name).copied().unwrap_or(0);
    let report = Report {
        period,
        links: rows("link"),
        people: rows("person"),
        tables: tables.clone(),
        seconds: BTreeMap::from([("all", started.elapsed().as_millis() as f64 / 1_000.0)]),
        cpu_seconds: cpu_seconds(),
        peak_mb: peak_mb(),
    };
    let words = || format!("Kỳ {period}: {} người trong sổ, {} dòng danh sách đã ghép.", report.people, report.links);
    output::print(environment.json, &report, words)?;
    Ok(ExitCode::SUCCESS)
}
