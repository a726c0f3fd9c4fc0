//! The monthly run: takes rosters in, copies the desk, runs the steps, publishes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use base::{Month, RunId, Scope};
use book::{BatchRecord, Book, Packet, RunManifest, StepRecord, TableRef};
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

/// Runs the steps of a period on what the book holds and publishes the result; with `full` everybody is linked anew.
pub fn run_period(
    stores: &Stores,
    shop: &Workshop,
    (period, full): (Month, bool),
    options: &RunOptions,
    terminal: &Terminal,
    cancelled: &Cancelled,
) -> Result<RunManifest, Failure> {
    let Stores { book, desk, runtime } = *stores;
    let begun = Begun::new(stores, shop, period, full)?;
    let steps = begun.steps(&all_steps(shop)?, shop, book, options, terminal, cancelled)?;
    let unnamed = RunId::parse("unnamed-run").ok_or_else(|| Failure::internal("a run needs a name"))?;
    let run = RunManifest {
        id: unnamed,
        schema: 1,
        period,
        program: begun.program,
        content: begun.content,
        batches: begun.batches.iter().map(|b| b.id.clone()).collect(),
        packets: begun.packets.iter().map(Packet::name).collect(),
        desk: begun.desk,
        previous: begun.previous.map(|r| r.id),
        numbering: begun.links.numbering.map(|r| r.id),
        standing: begun.links.standing.map(|r| r.id),
        full: begun.links.full,
        steps,
    }
    .name()?;
    book.publish(&run)?;
    let published = ReadEvent::new(AuditAction::PublishRun, "run").object(run.id.as_str()).run(&run.id);
    runtime.block_on(desk.audit_read(&Scope::system(), published))?;
    crate::settling::settle(stores, shop, &run)?;
    crate::settling::open_auto(stores, shop, &run)?;
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
    Begun::new(stores, shop, period, false)?.steps(steps, shop, stores.book, options, terminal, cancelled)
}

/// What the steps of a period start from.
struct Begun {
    period: Month,
    program: String,
    content: String,
    batches: Vec<BatchRecord>,
    packets: Vec<Packet>,
    desk: BTreeMap<String, TableRef>,
    previous: Option<RunManifest>,
    links: Links,
}

/// What a run keeps of who is who.
struct Links {
    /// The run whose numbers of people are kept.
    numbering: Option<RunManifest>,
    /// The run whose links stand where nothing changed.
    standing: Option<RunManifest>,
    /// Whether everybody is linked anew all the same.
    full: bool,
}

impl Begun {
    fn new(stores: &Stores, shop: &Workshop, period: Month, full: bool) -> Result<Self, Failure> {
        let Stores { book, desk, runtime } = *stores;
        let batches = book.batches(period)?;
        let packets = crate::inputs::packets_near(book, period)?;
        let has_claims = packets.iter().any(|packet| packet.parts.iter().any(|part| part.period == period));
        let standing = crate::inputs::standing_catalogues(book, period)?;
        if batches.is_empty() && !has_claims {
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
        let batches = standing.into_iter().chain(batches).collect();
        let mut begun = Self {
            period,
            program,
            content,
            batches,
            packets,
            desk,
            previous,
            links: Links { numbering: None, standing: None, full },
        };
        begun.links = begun.kept(book, full)?;
        Ok(begun)
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
        let earlier = crate::inputs::runs_before(book, self.previous.as_ref())?;
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
            packets: &self.packets,
            desk: &self.desk,
            previous: self.previous.as_ref(),
            earlier: &earlier,
            numbering: self.links.numbering.as_ref(),
            standing: self.links.standing.as_ref(),
            full: self.links.full,
        };
        Ok(run_steps(steps, &inputs, book, options, true, terminal, cancelled)?)
    }

    /// The run whose numbers of people and links are kept: an earlier one of this period, else the one before.
    ///
    /// A person keeps the number when a period is run again with another decision or file. Run again with
    /// nothing changed, the same runs are named again, so that every step is taken over. What another program or
    /// other content linked does not stand: it might link otherwise now.
    fn kept(&self, book: &Book, full: bool) -> Result<Links, Failure> {
        let shown = book.periods()?.into_iter().find(|s| s.period == self.period).map(|s| book.run(&s.run)).transpose()?;
        let named = |id: &Option<RunId>| id.as_ref().map(|id| book.run(id)).transpose();
        if let Some(shown) = shown.as_ref().filter(|shown| self.is_same(shown) && (shown.full || !full)) {
            return Ok(Links { numbering: named(&shown.numbering)?, standing: named(&shown.standing)?, full: shown.full });
        }
        let kept = shown.or_else(|| self.previous.clone());
        let other = kept.as_ref().is_some_and(|run| run.program != self.program || run.content != self.content);
        Ok(Links { numbering: kept.clone(), full: full || other, standing: kept })
    }

    /// Whether a run of this period had the same to work with.
    fn is_same(&self, shown: &RunManifest) -> bool {
        shown.batches.iter().eq(self.batches.iter().map(|b| &b.id))
            && shown.packets.iter().eq(self.packets.iter().map(Packet::name).collect::<Vec<_>>().iter())
            && shown.desk == self.desk
            && shown.content == self.content
            && shown.program == self.program
    }
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
    let mut batches = crate::inputs::earlier_catalogues(book, run.period, Book::all_batches)?;
    batches.extend(book.all_batches(run.period)?);
    batches.retain(|batch| wanted.contains(&batch.id));
    let wanted: std::collections::BTreeSet<&String> = run.packets.iter().collect();
    let packets: Vec<Packet> = book.packets()?.into_iter().filter(|packet| wanted.contains(&packet.name())).collect();
    let previous = run.previous.as_ref().map(|id| book.run(id)).transpose()?;
    let earlier = crate::inputs::runs_before(book, previous.as_ref())?;
    let numbering = run.numbering.as_ref().map(|id| book.run(id)).transpose()?;
    let standing = run.standing.as_ref().map(|id| book.run(id)).transpose()?;
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
        packets: &packets,
        desk: &run.desk,
        previous: previous.as_ref(),
        earlier: &earlier,
        numbering: numbering.as_ref(),
        standing: standing.as_ref(),
        full: run.full,
    };
    Ok(run_steps(&all_steps(&shop)?, &inputs, book, options, false, progress, cancelled)?)
}

/// The steps of all chapters.
fn all_steps(shop: &Workshop) -> Result<Vec<Box<dyn Step>>, Failure> {
    let mut steps = coverage::steps();
    steps.extend(claims::steps(std::sync::Arc::new(shop.claim_formats()?)));
    Ok(steps)
}
