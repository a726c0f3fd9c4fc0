//! Linking two tables, or finding the clusters of one.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use linkage::tables::{
    Mode, PairExplained, ReadTables, Reliability, Table, TableOptions, TablePass, TablePhase, TableWeight, TablesLinked,
};
use serde::Serialize;

use super::beside::{Ids, Scored, labels, score};
use super::load::LoadedTable;
use super::machine::{cpu_seconds, peak_mb};
use super::spec::SpecFile;
use super::words::words;
use super::write::{check_out, write};
use super::{Arguments, Environment};
use crate::failure::Failure;
use crate::output;
use crate::progress::Terminal;

/// What linking reports; the keys up to `blocking_recall` are promises.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Rows of the left (or only) table.
    pub left_rows: u64,
    /// Rows of the right table.
    pub right_rows: u64,
    /// Pairs compared.
    pub pairs_scored: u64,
    /// Pairs linked; in clusters mode pairs of rows within one cluster.
    pub links: u64,
    /// Least probability of a link, 0 to 1.
    pub threshold: f64,
    /// Wall seconds of each phase.
    pub seconds: BTreeMap<&'static str, f64>,
    /// CPU seconds of the whole program.
    pub cpu_seconds: Option<f64>,
    /// Most memory held at once.
    pub peak_mb: Option<u64>,
    /// Right links of all links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub precision: Option<f64>,
    /// Links found of all true ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<f64>,
    /// Harmonic mean of both.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1: Option<f64>,
    /// True pairs that some pass brought.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub blocking_recall: Option<f64>,
    /// True clusters found exactly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exact_clusters: Option<f64>,
    /// Of the scored pairs said to be p, how many are right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reliability: Option<Vec<Reliability>>,
    /// Lines of the truth about rows that the tables do not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub truth_unknown: Option<u64>,
    /// Clusters of two rows or more, and times two stayed apart because they contradict each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clusters: Option<u64>,
    /// Times two clusters stayed apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contradictions: Option<u64>,
    /// Share of true pairs that no pass finds, estimated.
    pub estimated_loss: f64,
    /// Blocking passes.
    pub passes: Vec<TablePass>,
    /// A pair taken apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explained: Option<PairExplained>,
    /// Learned weights.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weights: Option<Vec<TableWeight>>,
    /// Files written.
    pub written: Vec<String>,
}

/// Runs the command.
pub fn run(environment: &Environment, arguments: &Arguments) -> Result<ExitCode, Failure> {
    let mut clock = Phases::new(Terminal::new(environment.json));
    let left_path = arguments.left.as_deref().ok_or_else(|| Failure::usage("cần ít nhất một bảng, hoặc --period"))?;
    let spec_path = arguments.spec.as_deref().ok_or_else(|| Failure::usage("cần --spec SPEC.toml"))?;
    let file = SpecFile::read(spec_path)?;
    let options = options(arguments)?;
    let inputs =
        [Some(left_path), arguments.right.as_deref(), Some(spec_path), arguments.truth.as_deref(), arguments.labels.as_deref()];
    if let Some(out) = &arguments.out {
        check_out(out, &inputs.iter().flatten().copied().collect::<Vec<&Path>>())?;
    } else if arguments.explain.is_none() && arguments.truth.is_none() {
        return Err(Failure::usage("cần --out TỆP (hoặc --truth, --explain để chỉ xem)"));
    }
    clock.begin("files");
    let mut left = LoadedTable::read(left_path, &file.columns(false))?;
    let mut right = arguments.right.as_deref().map(|path| LoadedTable::read(path, &file.columns(true))).transpose()?;
    let id = |side: Option<&linkage::tables::SideSpec>, table: &LoadedTable| side.map_or(0, |s| table.column(&s.id, 0));
    let (left_at, right_at) = (id(Some(&file.spec.left), &left), right.as_ref().map(|t| id(file.spec.right.as_ref(), t)));
    let decided = match &arguments.labels {
        Some(path) => labels(path, &Ids::new((&left, left_at), right.as_ref().zip(right_at)))?,
        None => Vec::new(),
    };
    let pool = pool(environment)?;
    clock.begin("read");
    let read = pool.install(|| ReadTables::new(&file.spec, &left.table, right.as_ref().map(|t| &t.table as &dyn Table)));
    let read = read.map_err(|error| file.failure(&error, &left, right.as_ref()))?;
    // Of the text only ids are needed from here on.
    left.table.keep_only(left_at);
    if let (Some(table), Some(at)) = (&mut right, right_at) {
        table.table.keep_only(at);
    }
    let (left_id, right_id) = ((&left, left_at), right.as_ref().zip(right_at));
    let linked = pool.install(|| read.link(&decided, &options, &mut |phase| clock.begin(name(phase))));
    let mut written = Vec::new();
    if let Some(out) = &arguments.out {
        clock.begin("write");
        written = write(out, &linked, left_id, right_id, arguments.all_pairs)?;
    }
    let mut report = report(&linked, file.spec.mode, written);
    if arguments.truth.is_some() || arguments.explain.is_some() {
        clock.begin("score_truth");
        let ids = Ids::new(left_id, right_id);
        if let Some(path) = &arguments.truth {
            report.add_truth(&score(&linked, path, file.spec.mode, &ids)?);
        }
        if let Some([left, right]) = arguments.explain.as_deref() {
            report.explained = Some(explain(&linked, &ids, left, right)?);
        }
    }
    report.weights = arguments.weights.then(|| linked.weights());
    report.seconds = clock.end();
    (report.cpu_seconds, report.peak_mb) = (cpu_seconds(), peak_mb());
    output::print(environment.json, &report, || words(&report))?;
    Ok(ExitCode::SUCCESS)
}

fn options(arguments: &Arguments) -> Result<TableOptions, Failure> {
    let threshold_thousandths = match arguments.threshold {
        Some(share) if (0.0..=1.0).contains(&share) => Some((share * 1_000.0).round() as u16),
        Some(_) => return Err(Failure::usage("--threshold là xác suất từ 0 đến 1")),
        None => None,
    };
    Ok(TableOptions { threshold_thousandths, all_pairs: arguments.all_pairs, ..TableOptions::default() })
}

fn pool(environment: &Environment) -> Result<rayon::ThreadPool, Failure> {
    let threads = environment.config.number("threads")?.max(1);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|e| Failure::internal(format!("threads could not be started: {e}")))
}

fn name(phase: TablePhase) -> &'static str {
    match phase {
        TablePhase::Read => "read",
        TablePhase::Block => "block",
        TablePhase::Learn => "learn",
        TablePhase::Score => "score",
        TablePhase::Choose => "choose",
    }
}

fn report(linked: &TablesLinked, mode: Mode, written: Vec<String>) -> Report {
    let stats = &linked.stats;
    let clusters = mode == Mode::Clusters;
    Report {
        left_rows: stats.left_rows,
        right_rows: stats.right_rows,
        pairs_scored: stats.pairs_scored,
        links: stats.links,
        threshold: f64::from(stats.threshold_thousandths) / 1_000.0,
        seconds: BTreeMap::new(),
        cpu_seconds: None,
        peak_mb: None,
        precision: None,
        recall: None,
        f1: None,
        blocking_recall: None,
        exact_clusters: None,
        reliability: None,
        truth_unknown: None,
        clusters: clusters.then_some(stats.clusters),
        contradictions: clusters.then_some(stats.contradictions),
        estimated_loss: f64::from(stats.estimated_loss_millionths) / 1e6,
        passes: stats.passes.clone(),
        explained: None,
        weights: None,
        written,
    }
}

impl Report {
    fn add_truth(&mut self, scored: &Scored) {
        let share = |millionths: u32| Some(f64::from(millionths) / 1e6);
        self.precision = share(scored.score.precision);
        self.recall = share(scored.score.recall);
        self.f1 = share(scored.score.f1);
        self.blocking_recall = share(scored.score.blocking_recall);
        self.exact_clusters = scored.score.exact_clusters.and_then(share);
        self.reliability = Some(scored.reliability.clone());
        self.truth_unknown = Some(scored.unknown);
    }
}

fn explain(linked: &TablesLinked, ids: &Ids<'_>, left: &str, right: &str) -> Result<PairExplained, Failure> {
    let unknown = |side: &str| Failure::usage(format!("bảng {side} không có dòng mang mã nêu ở --explain"));
    let l = *ids.left.get(left.trim()).ok_or_else(|| unknown("thứ nhất"))?;
    let r = *ids.right.get(right.trim()).ok_or_else(|| unknown("thứ hai"))?;
    linked.explain(l, r).ok_or_else(|| unknown("thứ hai"))
}

/// Wall seconds by phase.
struct Phases {
    terminal: Terminal,
    seconds: BTreeMap<&'static str, f64>,
    open: Option<(&'static str, Instant)>,
}

impl Phases {
    fn new(terminal: Terminal) -> Self {
        Self { terminal, seconds: BTreeMap::new(), open: None }
    }

    fn begin(&mut self, phase: &'static str) {
        self.close();
        self.terminal.say(phase);
        self.open = Some((phase, Instant::now()));
    }

    fn close(&mut self) {
        if let Some((phase, from)) = self.open.take() {
            // Milliseconds: more digits would only be noise.
            let seconds = from.elapsed().as_millis() as f64 / 1_000.0;
            *self.seconds.entry(phase).or_default() += seconds;
        }
    }

    fn end(mut self) -> BTreeMap<&'static str, f64> {
        self.close();
        std::mem::take(&mut self.seconds)
    }
}
