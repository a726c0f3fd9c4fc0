//! `ansinh bench claims --files DIR`: claim files into Arrow and into the book, and one visit through all rules.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use base::Month;
use book::Book;
use claimfile::{Dossier, Limits};
use claims::{Catalogues, Checker, Formats, Importer, claim_files, read_file};
use serde_json::json;

use crate::commands::Environment;
use crate::failure::Failure;
use crate::output;
use crate::workshop::Workshop;

/// Visits whose time is taken.
const VISITS: usize = 20_000;

/// Measures; `files` is a file or folder of claims, one core does the work.
pub fn run(environment: &Environment, files: Option<&Path>, runs: usize) -> Result<ExitCode, Failure> {
    let files = files.ok_or_else(|| Failure::usage("bench claims cần --files TỆP|THƯ_MỤC hồ sơ XML"))?;
    let paths = claim_files(&[files.to_owned()]).map_err(|e| Failure::input("claim_file_unreadable", e.to_string()))?;
    let shop = Workshop::open(&environment.config.overlays())?;
    let formats = shop.claim_formats()?;
    let bytes: u64 = paths.iter().filter_map(|path| path.metadata().ok()).map(|meta| meta.len()).sum();
    let megabytes = bytes as f64 / 1e6;
    let month = Month::new(2026, 10).ok_or_else(|| Failure::internal("no such month"))?;
    let read = median(runs, || each(&paths, &formats, &mut |_| Ok(())))?;
    let arrow = median(runs, || Ok(claims::into_arrow(&paths, &formats, month)?))?;
    let disk = median(runs, || into_book(&paths, &formats))?;
    let visit = one_visit(&shop, &formats, &paths)?;
    let record = json!({
        "bench": "claims", "runs": runs, "cores": 1, "megabytes": megabytes, "visits": read.1,
        "read": { "seconds": read.0, "mb_s": megabytes / read.0 },
        "arrow": { "seconds": arrow.0, "mb_s": megabytes / arrow.0, "rows": arrow.1 },
        "book": { "seconds": disk.0, "mb_s": megabytes / disk.0, "visits": disk.1 },
        "visit": { "count": visit.count, "compile_s": visit.compile, "median_ms": visit.at(0.5), "p99_ms": visit.at(0.99), "max_ms": visit.at(1.0) },
    });
    output::print(environment.json, &record, || {
        format!(
            "{megabytes:.0} MB, {} hồ sơ, một lõi: đọc {:.0} MB/s; vào Arrow {:.0} MB/s; vào sổ trên đĩa {:.0} MB/s; một hồ sơ qua mọi quy tắc: trung vị {:.2} ms, p99 {:.2} ms",
            read.1,
            megabytes / read.0,
            megabytes / arrow.0,
            megabytes / disk.0,
            visit.at(0.5),
            visit.at(0.99)
        )
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Median of wall seconds, and what was counted.
fn median(runs: usize, mut work: impl FnMut() -> Result<u64, Failure>) -> Result<(f64, u64), Failure> {
    let mut seconds = Vec::with_capacity(runs);
    let mut count = 0;
    for _ in 0..runs {
        let begun = Instant::now();
        count = work()?;
        seconds.push(begun.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    Ok((seconds[runs / 2], count))
}

fn each(paths: &[PathBuf], formats: &Formats, take: &mut dyn FnMut(&Dossier) -> Result<(), Failure>) -> Result<u64, Failure> {
    let mut visits = 0;
    for path in paths {
        let mut failed = None;
        read_file(path, &formats.forms, &Limits::default(), &mut |_, dossier| {
            visits += 1;
            failed = failed.take().or(take(dossier).err());
            Ok(())
        })?;
        if let Some(failure) = failed {
            return Err(failure);
        }
    }
    Ok(visits)
}

fn into_book(paths: &[PathBuf], formats: &Formats) -> Result<u64, Failure> {
    let folder = std::env::temp_dir().join(format!("ansinh-bench-claims-{}", std::process::id()));
    let stored = import(&folder, paths, formats);
    // Left behind, it is a temporary folder like any other; what was measured stands.
    let _ = std::fs::remove_dir_all(&folder);
    stored
}

fn import(folder: &Path, paths: &[PathBuf], formats: &Formats) -> Result<u64, Failure> {
    let book = Book::open(folder)?;
    let _lock = book.lock()?;
    let received = base::Date::new(2026, 11, 30).map_err(|e| Failure::internal(e.to_string()))?;
    let mut importer = Importer::new(&book, formats, received)?;
    for path in paths {
        importer.file(path)?;
    }
    let done = importer.finish()?;
    Ok(done.map_or(0, |(packet, _)| packet.files.iter().map(|file| file.stored).sum()))
}

/// Times of single visits in milliseconds, ascending.
struct Visits {
    count: usize,
    compile: f64,
    times: Vec<f64>,
}

impl Visits {
    fn at(&self, share: f64) -> f64 {
        // A share of the list: the loss of a float below its place does not matter to a measurement.
        let place = ((self.times.len().saturating_sub(1)) as f64 * share).round() as usize;
        self.times.get(place).copied().unwrap_or_default()
    }
}

/// One visit after the other through all rules, as the receiver does it: added, checked, answered. No catalogues.
fn one_visit(shop: &Workshop, formats: &Formats, paths: &[PathBuf]) -> Result<Visits, Failure> {
    let period = Month::new(2026, 10).ok_or_else(|| Failure::internal("no such month"))?;
    let catalogues = Catalogues::default();
    let begun = Instant::now();
    let checker = Checker::new((&formats.forms, &formats.lists), &shop.law, &shop.rules, &shop.schemas, &catalogues, period);
    let mut checker = checker?;
    let compile = begun.elapsed().as_secs_f64();
    let mut times = Vec::new();
    each(paths, formats, &mut |dossier| {
        if times.len() < VISITS && !dossier.rows(claimfile::TableId::XML0).present {
            let begun = Instant::now();
            checker.add(1, dossier, None)?;
            checker.run()?;
            times.push(begun.elapsed().as_secs_f64() * 1000.0);
        }
        Ok(())
    })?;
    times.sort_by(f64::total_cmp);
    Ok(Visits { count: times.len(), compile, times })
}
