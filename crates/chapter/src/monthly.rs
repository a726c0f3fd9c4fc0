//! The monthly run: steps in order, each done once for the same inputs.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use base::Month;
use base::places::Places;
use book::{BatchRecord, Book, Fingerprint, Packet, RunManifest, StepRecord, TableRef, TableWriter};
use engine::arrow::datatypes::SchemaRef;
use engine::arrow::record_batch::RecordBatch;
use engine::{Options, Session};
use intake::Codes;
use law::Law;
use rules::{Rules, TableSchemas};

use crate::order::sort_steps;
use crate::{ChapterError, TableBuilder};

/// How much of the machine a run may take. None of it changes a byte of what is published.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Parts of a query plan.
    pub partitions: usize,
    /// Threads for queries and linkage.
    pub threads: usize,
    /// Memory of a query in megabytes.
    pub memory_mb: Option<usize>,
}

/// Told what a run is doing.
pub trait Progress: Sync {
    /// A step starts or goes on: `done` of `total` units.
    fn at(&self, step: &str, done: u64, total: u64);
    /// A step was found done with the same inputs and is skipped.
    fn skipped(&self, step: &str);
}

/// Set from outside (Ctrl-C) to stop a run at the next safe point.
#[derive(Debug, Default)]
pub struct Cancelled(AtomicBool);

impl Cancelled {
    /// Asks the run to stop.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    /// An error when the run was asked to stop.
    pub fn check(&self) -> Result<(), ChapterError> {
        if self.0.load(Ordering::SeqCst) { Err(ChapterError::Interrupted) } else { Ok(()) }
    }
}

/// What a run works with: all of it is hashed into the fingerprints of its steps.
pub struct Inputs<'a> {
    /// The period.
    pub period: Month,
    /// Hash of the program.
    pub program: &'a str,
    /// Hash of the content (law, rules, formats, places).
    pub content: &'a str,
    /// The law.
    pub law: &'a Law,
    /// The rules.
    pub rules: &'a Rules,
    /// Contracts of the shared tables.
    pub schemas: &'a TableSchemas,
    /// What the words of offices mean.
    pub codes: &'a Codes,
    /// Communes and old units.
    pub places: &'a Places,
    /// Batches of the period, in the order of their ids.
    pub batches: &'a [BatchRecord],
    /// Packets of claims, all of them in the order of arrival: a later one can hold a dossier of the period anew.
    pub packets: &'a [Packet],
    /// Desk rows copied into the book.
    pub desk: &'a BTreeMap<String, TableRef>,
    /// The run of the period before.
    pub previous: Option<&'a RunManifest>,
    /// That run and those that stood before it, the newest first.
    pub earlier: &'a [RunManifest],
    /// The run whose numbers of people are kept: an earlier run of this period, else the one before.
    pub numbering: Option<&'a RunManifest>,
    /// The run whose links of people stand where nothing changed since.
    pub standing: Option<&'a RunManifest>,
    /// Whether everybody is linked anew all the same.
    pub full: bool,
}

/// A table made by a step, its rows in the order of its key.
pub struct StepTable {
    name: &'static str,
    rows: StepRows,
}

enum StepRows {
    /// Still in memory.
    Held(SchemaRef, Vec<RecordBatch>),
    /// Lying in the book already; without a record of the step nobody knows of it.
    Lying(TableRef),
}

impl StepTable {
    /// A table whose rows are in memory; `name` is one of the step's [`Step::writes`].
    pub fn new(name: &'static str, schema: SchemaRef, batches: Vec<RecordBatch>) -> Self {
        Self { name, rows: StepRows::Held(schema, batches) }
    }
}

/// A table written row by row: at city size no table lies in memory as a whole.
pub struct StepWriter {
    name: &'static str,
    table: TableWriter,
    rows: TableBuilder,
    schema: SchemaRef,
    waiting: usize,
}

impl StepWriter {
    /// Rows handed to the book at once.
    const ROWS: usize = 65_536;

    /// The cells of the next row.
    pub fn row(&mut self) -> Result<&mut TableBuilder, ChapterError> {
        if self.waiting == Self::ROWS {
            self.flush()?;
        }
        self.waiting += 1;
        Ok(&mut self.rows)
    }

    /// Appends whole rows, after those written cell by cell.
    pub fn batch(&mut self, batch: &RecordBatch) -> Result<(), ChapterError> {
        self.flush()?;
        Ok(self.table.write(batch)?)
    }

    /// Ends the table.
    pub fn finish(mut self) -> Result<StepTable, ChapterError> {
        self.flush()?;
        Ok(StepTable { name: self.name, rows: StepRows::Lying(self.table.finish()?) })
    }

    fn flush(&mut self) -> Result<(), ChapterError> {
        let next = TableBuilder::new(self.schema.clone())?;
        for batch in std::mem::replace(&mut self.rows, next).finish()? {
            self.table.write(&batch)?;
        }
        self.waiting = 0;
        Ok(())
    }
}

/// One monthly step of a chapter.
pub trait Step: Send + Sync {
    /// Chapter and step, e.g. `coverage.register`.
    fn name(&self) -> &'static str;
    /// Tables it reads: of other steps by name, and `roster.…`, `claims` (packets), `desk.…`, `previous.…`, `earlier.…`, `numbering.…`, `standing.…`.
    fn reads(&self) -> &'static [&'static str];
    /// Tables it writes; each table has one writer.
    fn writes(&self) -> &'static [&'static str];
    /// Does the work. Same inputs, same rows in the same order.
    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError>;
}

/// What a step may use.
pub struct StepContext<'a> {
    /// The run's inputs.
    pub inputs: &'a Inputs<'a>,
    /// The book.
    pub book: &'a Book,
    /// Tables written so far in this run.
    pub tables: &'a BTreeMap<String, TableRef>,
    /// Limits.
    pub options: &'a RunOptions,
    /// Reports.
    pub progress: &'a dyn Progress,
    /// Stop request.
    pub cancelled: &'a Cancelled,
    runtime: &'a tokio::runtime::Runtime,
}

impl StepContext<'_> {
    /// A session with the run's law, and the named tables of this run registered; what is missing is skipped.
    pub fn session(&self, tables: &[&str]) -> Result<Session, ChapterError> {
        let session =
            Session::new(self.inputs.law, &Options { partitions: self.options.partitions, memory_mb: self.options.memory_mb })?;
        for name in tables {
            if let Some(table) = self.tables.get(*name) {
                self.wait(session.register_parquet(name, self.book.table_file(table)?))?;
            }
        }
        Ok(session)
    }

    /// Waits for a query on the run's own threads.
    pub fn wait<F: Future>(&self, work: F) -> F::Output {
        self.runtime.block_on(work)
    }

    /// The columns of a shared table, as its contract says.
    pub fn schema(&self, table: &str) -> Result<SchemaRef, ChapterError> {
        let contract = self.inputs.schemas.get(table);
        contract.map(|c| c.arrow()).ok_or_else(|| ChapterError::NoContract { table: table.to_owned() })
    }

    /// Starts a table of this step that is written row by row.
    pub fn writer(&self, table: &'static str) -> Result<StepWriter, ChapterError> {
        let schema = self.schema(table)?;
        let rows = TableBuilder::new(schema.clone())?;
        Ok(StepWriter { name: table, table: self.book.table_writer(schema.clone())?, rows, schema, waiting: 0 })
    }

    /// A table of this run, when it was made.
    pub fn table(&self, name: &str) -> Option<&TableRef> {
        self.tables.get(name)
    }

    /// The batches of a roster, in the order of their file names.
    pub fn roster(&self, roster: &str) -> Vec<&BatchRecord> {
        let mut batches: Vec<_> = self.inputs.batches.iter().filter(|b| b.roster == roster).collect();
        batches.sort_by(|a, b| (&a.file_name, &a.id).cmp(&(&b.file_name, &b.id)));
        batches
    }
}

/// Runs the steps in their order; a step done before with the same fingerprint is taken over.
///
/// With `reuse` false every step is done again: that is replay.
pub fn run_steps(
    steps: &[Box<dyn Step>],
    inputs: &Inputs,
    book: &Book,
    options: &RunOptions,
    reuse: bool,
    progress: &dyn Progress,
    cancelled: &Cancelled,
) -> Result<Vec<StepRecord>, ChapterError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(options.threads.max(1))
        .build()
        .map_err(|e| ChapterError::Threads(e.to_string()))?;
    let pool = rayon_pool(options)?;
    let mut tables = BTreeMap::new();
    let mut done = Vec::new();
    let order = sort_steps(steps)?;
    for (number, at) in order.iter().enumerate() {
        cancelled.check()?;
        let step = steps[*at].as_ref();
        let fingerprint = fingerprint(step, inputs, &tables);
        let known = if reuse { book.step(&fingerprint)? } else { None };
        let record = match known {
            Some(record) => {
                progress.skipped(step.name());
                record
            }
            None => {
                progress.at(step.name(), number as u64, order.len() as u64);
                let context = StepContext { inputs, book, tables: &tables, options, progress, cancelled, runtime: &runtime };
                let made = pool.install(|| step.run(&context))?;
                let mut record = StepRecord { step: step.name().to_owned(), fingerprint, tables: BTreeMap::new() };
                for table in made {
                    if !step.writes().contains(&table.name) {
                        return Err(ChapterError::Undeclared { step: step.name(), table: table.name });
                    }
                    let lies = match table.rows {
                        StepRows::Held(schema, batches) => book.put_table(schema, &batches)?,
                        StepRows::Lying(lies) => lies,
                    };
                    record.tables.insert(table.name.to_owned(), lies);
                }
                book.put_step(&record)?;
                record
            }
        };
        tables.extend(record.tables.clone());
        done.push(record);
    }
    Ok(done)
}

fn fingerprint(step: &dyn Step, inputs: &Inputs, tables: &BTreeMap<String, TableRef>) -> String {
    let mut print = Fingerprint::new(step.name())
        .with("program", inputs.program)
        .with("content", inputs.content)
        .with("period", inputs.period.to_string());
    for name in step.reads() {
        if let Some(roster) = name.strip_prefix("roster.") {
            for batch in inputs.batches.iter().filter(|b| b.roster == roster) {
                print = print.with(name, format!("{} {} {}", batch.id, batch.file_name, batch.table.hash));
            }
        } else if *name == "claims" {
            for packet in inputs.packets {
                print = print.with(name, packet.name());
            }
        } else {
            let found = if let Some(desk) = name.strip_prefix("desk.") {
                inputs.desk.get(desk).map(|t| t.hash.clone())
            } else if let Some(previous) = name.strip_prefix("previous.") {
                inputs.previous.and_then(|run| run.tables().get(previous).map(|t| t.hash.clone()))
            } else if let Some(earlier) = name.strip_prefix("earlier.") {
                let of_run = |run: &RunManifest| Some(format!("{} {}", run.period, run.tables().get(earlier)?.hash));
                let all: Vec<String> = inputs.earlier.iter().filter_map(of_run).collect();
                (!all.is_empty()).then(|| all.join(","))
            } else if let Some(kept) = name.strip_prefix("numbering.") {
                inputs.numbering.and_then(|run| run.tables().get(kept).map(|t| t.hash.clone()))
            } else if let Some(standing) = name.strip_prefix("standing.") {
                let mode = if inputs.full { "in full" } else { "by what changed" };
                inputs.standing.and_then(|run| run.tables().get(standing).map(|t| format!("{} {mode}", t.hash)))
            } else {
                tables.get(*name).map(|t| t.hash.clone())
            };
            print = print.with(name, found.unwrap_or_else(|| "absent".to_owned()));
        }
    }
    print.finish()
}

fn rayon_pool(options: &RunOptions) -> Result<rayon::ThreadPool, ChapterError> {
    rayon::ThreadPoolBuilder::new().num_threads(options.threads.max(1)).build().map_err(|e| ChapterError::Threads(e.to_string()))
}
