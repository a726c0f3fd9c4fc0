//! `ansinh run --period P [--rosters DIR]`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use base::Month;
use chapter::{Agreements, Cancelled, Received, RunOptions};
use desk::{Desk, KeyRing, RandomIds};
use engine::rows;
use serde::Serialize;

use super::Environment;
use crate::failure::Failure;
use crate::monthly::{Stores, receive_folder, run_period};
use crate::output;
use crate::progress::Terminal;
use crate::workshop::{Workshop, lock, open_book};

/// What `run` is told.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// Kỳ, dạng YYYY-MM
    #[arg(long)]
    period: Month,
    /// Thư mục danh sách, được nhận trước khi chạy
    #[arg(long)]
    rosters: Option<PathBuf>,
    /// Ghép nối lại toàn bộ, không giữ kết quả ghép của lần chạy trước
    #[arg(long)]
    full: bool,
}

/// What a run reports.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Name of the run.
    pub run: String,
    /// Period.
    pub period: Month,
    /// Files taken in now.
    pub files: usize,
    /// Files that were there already.
    pub known_files: usize,
    /// Data rows read from all files of the period.
    pub read: u64,
    /// Rows stored.
    pub stored: u64,
    /// Rows refused.
    pub quarantined: u64,
    /// How people were linked.
    pub links: Linked,
    /// Findings open now, by rule.
    pub findings: std::collections::BTreeMap<String, i64>,
}

/// People of rosters, by how they came to whom they are linked to.
#[derive(Debug, Default, Serialize)]
pub struct Linked {
    /// Whether everybody was linked anew: the first run, another program or content, or it was asked for.
    pub full: bool,
    /// Taken over from the run before.
    pub stood: i64,
    /// Linked anew.
    pub anew: i64,
    /// Of those who say what they said before, linked to somebody else now.
    pub changed: i64,
    /// People known from other rosters whom no pass found, estimated.
    pub lost: i64,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let terminal = Terminal::new(false);
    let report = run_with(environment, (arguments.period, arguments.full), arguments.rosters.as_deref(), &terminal)?;
    output::print(environment.json, &report, || report.words())?;
    Ok(ExitCode::SUCCESS)
}

/// Takes the rosters in, runs the period, reports; with `full` everybody is linked anew.
pub fn run_with(
    environment: &Environment,
    (period, full): (Month, bool),
    rosters: Option<&std::path::Path>,
    terminal: &Terminal,
) -> Result<Report, Failure> {
    let shop = Workshop::open(&environment.config.overlays())?;
    let book = open_book(&environment.config)?;
    let _lock = lock(&book)?;
    let runtime = runtime()?;
    let desk = open_desk(environment, &runtime)?;
    let cancelled = cancel_on_interrupt(&runtime);
    let received = match rosters {
        Some(folder) => receive_folder(&book, &shop, (&agreements(&runtime, &desk)?, period), folder, terminal, &cancelled)?,
        None => Vec::new(),
    };
    for batch in received.iter().filter_map(|r| if let Received::New(batch) = r { Some(batch) } else { None }) {
        runtime.block_on(desk.audit_read(&base::Scope::system(), chapter::stored_event(batch)))?;
    }
    let known = received.iter().filter(|r| matches!(r, Received::Known(_))).count();
    let stores = Stores { book: &book, desk: &desk, runtime: &runtime };
    let run = run_period(&stores, &shop, (period, full), &options(environment)?, terminal, &cancelled)?;
    runtime.block_on(desk.seal())?;
    runtime.block_on(desk.close());
    let batches = book.batches(period)?;
    let mut findings = std::collections::BTreeMap::new();
    if let Some(table) = run.tables().get("rule_run") {
        for batch in book.read_table(table, None)? {
            let (rules, new, still) = (rows::text(&batch, "rule")?, rows::int(&batch, "new")?, rows::int(&batch, "still")?);
            for row in 0..batch.num_rows() {
                findings.insert(rules.value(row).to_owned(), new.value(row) + still.value(row));
            }
        }
    }
    let links = linked(&book, &run)?;
    let sum = |of: fn(&book::BatchRecord) -> u64| batches.iter().map(of).sum();
    Ok(Report {
        run: run.id.to_string(),
        period,
        files: received.len() - known,
        known_files: known,
        read: sum(|b| b.read),
        stored: sum(|b| b.stored),
        quarantined: sum(|b| b.quarantined),
        links,
        findings,
    })
}

/// The sums over all rosters of a run.
fn linked(book: &book::Book, run: &book::RunManifest) -> Result<Linked, Failure> {
    let mut sums = Linked::default();
    if let Some(table) = run.tables().get("register_roster") {
        for batch in book.read_table(table, Some(&["stood", "anew", "changed", "lost"]))? {
            let sum = |name: &str| rows::int(&batch, name).map(|column| column.values().iter().sum::<i64>());
            sums.stood += sum("stood")?;
            sums.anew += sum("anew")?;
            sums.changed += sum("changed")?;
            sums.lost += sum("lost")?;
        }
    }
    sums.full = sums.stood == 0;
    Ok(sums)
}

impl Report {
    /// The report in words.
    pub fn words(&self) -> String {
        let mut text = format!(
            "Kỳ {}: lần chạy {}. Nhận {} tệp mới, {} tệp đã có. Đọc {} dòng = lưu {} + trả lại {}.",
            self.period, self.run, self.files, self.known_files, self.read, self.stored, self.quarantined
        );
        let Linked { full, stood, anew, changed, lost } = &self.links;
        text.push_str(&if *full {
            format!("\n  Ghép nối toàn bộ {anew} người của các danh sách.")
        } else {
            format!("\n  Ghép nối: giữ nguyên {stood}, ghép lại {anew}, trong đó {changed} người nay thuộc người khác trong sổ.")
        });
        text.push_str(&format!(" Ước tính {lost} người có ở danh sách khác mà không lượt ghép nào tìm ra."));
        for (rule, count) in &self.findings {
            text.push_str(&format!("\n  {rule}: {count} trường hợp cần rà soát"));
        }
        text
    }
}

/// How much of the machine a run takes.
pub fn options(environment: &Environment) -> Result<RunOptions, Failure> {
    Ok(RunOptions {
        partitions: environment.config.number("partitions")?,
        threads: environment.config.number("threads")?,
        memory_mb: Some(environment.config.number("memory_mb")?),
    })
}

/// Threads for desk and pages.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|e| Failure::internal(format!("threads could not be started: {e}")))
}

/// The desk that the settings name, with the machine's clock.
pub fn open_desk(environment: &Environment, runtime: &tokio::runtime::Runtime) -> Result<Desk, Failure> {
    let place = environment.config.desk()?;
    Ok(runtime.block_on(Desk::open_with_keys(&place, clock(), Arc::new(RandomIds::new()), keys(environment)?))?)
}

/// The keys of the key file, where one is set.
pub fn keys(environment: &Environment) -> Result<Option<KeyRing>, Failure> {
    Ok(environment.config.keys().map(|path| KeyRing::load(&path)).transpose()?)
}

/// The agreements on sharing data that hold today.
pub fn agreements(runtime: &tokio::runtime::Runtime, desk: &Desk) -> Result<Agreements, Failure> {
    Ok(Agreements::on(&runtime.block_on(desk.agreements(&base::Scope::system()))?, today()))
}

/// Today in Hà Nội, by the machine's clock.
pub fn today() -> base::Date {
    chapter::day_in_hanoi(clock()())
}

/// The machine's clock, in Unix milliseconds: the one place where time comes in.
pub fn clock() -> desk::Clock {
    Arc::new(|| {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        // A clock set before 1970 stands at 1970; order in the audit log does not depend on it.
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    })
}

/// Ctrl-C asks the run to stop at the next safe point.
pub fn cancel_on_interrupt(runtime: &tokio::runtime::Runtime) -> Arc<Cancelled> {
    let cancelled = Arc::new(Cancelled::default());
    let asked = cancelled.clone();
    runtime.spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            asked.cancel();
        }
    });
    cancelled
}
