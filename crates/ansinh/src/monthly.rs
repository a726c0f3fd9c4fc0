//! The monthly run: takes rosters in, copies the desk, runs the steps, publishes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base::{Month, RunId, Scope};
use book::{BatchRecord, Book, RunManifest, StepRecord, TableRef};
use chapter::{Agreements, Cancelled, Inputs, Progress, Received, Receiver, RunOptions, Step, run_steps};
use desk::{AuditAction, Desk, ReadEvent};
use intake::Limits;

use crate::failure::Failure;
use crate::progress::Terminal;
use crate::workshop::Workshop;

/// Takes every roster of a folder in; stops at the first file that cannot be read.
///
/// A run on half of the cards would list insured people as not covered, so nothing is skipped silently.
pub fn receive_folder(
    book: &Book,
    shop: &Workshop,
    (agreements, period): (&Agreements, Month),
    folder: &Path,
    terminal: &Terminal,
    cancelled: &Cancelled,
) -> Result<Vec<Received>, Failure> {
    let files = roster_files(folder)?;
    let limits = Limits::default();
    let receiver = Receiver::new(book, &shop.layouts, agreements, &shop.places, &limits, period);
    let at = |done: usize| {
        terminal.at("intake", done as u64, files.len() as u64);
        Ok(cancelled.check()?)
    };
    // Among hundreds of files the officer must be told which one.
    receiver.files(&files, at, |path, error| Failure::from(error).in_file(path))
}

/// The files of a folder and its folders in the order of their names; hidden and lock files are left.
pub fn roster_files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |e: std::io::Error| Failure::input("folder_unreadable", format!("{}: {e}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if name.starts_with('.') || name.starts_with("~$") {
            continue;
        }
        if path.is_dir() {
            files.extend(roster_files(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What a run reads from and writes to.
pub struct Stores<'a> {
    /// Files, tables and runs.
    pub book: &'a Book,
    /// Decisions and the audit log.
    pub desk: &'a Desk,
    /// Where the desk's work runs.
    pub runtime: &'a tokio::runtime::Runtime,
}

/// Runs the steps of a period on what the book holds and publishes the result.
pub fn run_period(
    stores: &Stores,
    shop: &Workshop,
    period: Month,
    options: &RunOptions,
    terminal: &Terminal,
    cancelled: &Cancelled,
) -> Result<RunManifest, Failure> {
    let Stores { book, desk, runtime } = *stores;
    let begun = Begun::new(stores, shop, period)?;
    let steps = begun.steps(&coverage::steps(), shop, book, options, terminal, cancelled)?;
    let unnamed = RunId::parse("unnamed-run").ok_or_else(|| Failure::internal("a run needs a name"))?;
    let run = RunManifest {
        id: unnamed,
        schema: 1,
        period,
        program: begun.program,
        content: begun.content,
        batches: begun.batches.iter().map(|b| b.id.clone()).collect(),
        desk: begun.desk,
        previous: begun.previous.map(|r| r.id),
        numbering: begun.numbering.map(|r| r.id),
        steps,
    }
    .name()?;
    book.publish(&run)?;
    let published = ReadEvent::new(AuditAction::PublishRun, "run").object(run.id.as_str()).run(&run.id);
    runtime.block_on(desk.audit_read(&Scope::system(), published))?;
    crate::settling::settle(stores, shop, &run)?;
    Ok(run)
}

/// Runs some of the steps of a period and publishes nothing; the next run takes over what they wrote.
pub fn link_period(
    stores: &Stores,
    shop: &Workshop,
    period: Month,
    steps: &[Box<dyn Step>],
    options: &RunOptions,
    terminal: &Terminal,
    cancelled: &Cancelled,
) -> Result<Vec<StepRecord>, Failure> {
    Begun::new(stores, shop, period)?.steps(steps, shop, stores.book, options, terminal, cancelled)
}

/// What the steps of a period start from.
struct Begun {
    period: Month,
    program: String,
    content: String,
    batches: Vec<BatchRecord>,
    desk: BTreeMap<String, TableRef>,
    previous: Option<RunManifest>,
    numbering: Option<RunManifest>,
}

impl Begun {
    fn new(stores: &Stores, shop: &Workshop, period: Month) -> Result<Self, Failure> {
        let Stores { book, desk, runtime } = *stores;
        let batches = book.batches(period)?;
        if batches.is_empty() {
            return Err(Failure {
                exit: 3,
                code: "no_rosters".into(),
                message: format!("kỳ {period} chưa nhận danh sách nào"),
                place: String::new(),
                remedy: format!("Chạy: ansinh run --period {period} --rosters THƯ_MỤC"),
            });
        }
        let started = ReadEvent::new(AuditAction::StartRun, "period").object(period.to_string());
        runtime.block_on(desk.audit_read(&Scope::system(), started))?;
        let desk = crate::desk_copy::copy_desk(book, desk, runtime)?;
        let previous = book.run_before(period)?;
        let program = crate::workshop::program_hash()?;
        let content = book.put_content(&shop.content)?;
        let numbering = numbering(book, period, previous.as_ref(), &batches, &desk, &content, &program)?;
        Ok(Self { period, program, content, batches, desk, previous, numbering })
    }

    fn steps(
        &self,
        steps: &[Box<dyn Step>],
        shop: &Workshop,
        book: &Book,
        options: &RunOptions,
        terminal: &Terminal,
        cancelled: &Cancelled,
    ) -> Result<Vec<StepRecord>, Failure> {
        let inputs = Inputs {
            period: self.period,
            program: &self.program,
            content: &self.content,
            law: &shop.law,
            rules: &shop.rules,
            schemas: &shop.schemas,
            codes: &shop.codes,
            places: &shop.places,
            batches: &self.batches,
            desk: &self.desk,
            previous: self.previous.as_ref(),
            numbering: self.numbering.as_ref(),
        };
        Ok(run_steps(steps, &inputs, book, options, true, terminal, cancelled)?)
    }
}

/// The run whose numbers of people are kept.
///
/// A person keeps the number when a period is run again with another decision or file. Run again with
/// nothing changed, the same run is named again, so that every step is taken over.
fn numbering(
    book: &Book,
    period: Month,
    previous: Option<&RunManifest>,
    batches: &[BatchRecord],
    desk: &BTreeMap<String, TableRef>,
    content: &str,
    program: &str,
) -> Result<Option<RunManifest>, Failure> {
    let Some(state) = book.periods()?.into_iter().find(|s| s.period == period) else { return Ok(previous.cloned()) };
    let shown = book.run(&state.run)?;
    let unchanged = shown.batches.iter().eq(batches.iter().map(|b| &b.id))
        && shown.desk == *desk
        && shown.content == content
        && shown.program == program;
    if !unchanged {
        return Ok(Some(shown));
    }
    Ok(shown.numbering.as_ref().map(|id| book.run(id)).transpose()?)
}

/// Runs an earlier run's steps again from what the book kept, and returns its tables by step.
pub fn run_again(
    book: &Book,
    run: &RunManifest,
    options: &RunOptions,
    progress: &dyn Progress,
    cancelled: &Cancelled,
) -> Result<Vec<StepRecord>, Failure> {
    let shop = Workshop::from_content(book.content(&run.content)?)?;
    let wanted: std::collections::BTreeSet<&String> = run.batches.iter().collect();
    let batches: Vec<BatchRecord> = book.all_batches(run.period)?.into_iter().filter(|b| wanted.contains(&b.id)).collect();
    let previous = run.previous.as_ref().map(|id| book.run(id)).transpose()?;
    let numbering = run.numbering.as_ref().map(|id| book.run(id)).transpose()?;
    let program = crate::workshop::program_hash()?;
    let inputs = Inputs {
        period: run.period,
        program: &program,
        content: &run.content,
        law: &shop.law,
        rules: &shop.rules,
        schemas: &shop.schemas,
        codes: &shop.codes,
        places: &shop.places,
        batches: &batches,
        desk: &run.desk,
        previous: previous.as_ref(),
        numbering: numbering.as_ref(),
    };
    Ok(run_steps(&coverage::steps(), &inputs, book, options, false, progress, cancelled)?)
}
