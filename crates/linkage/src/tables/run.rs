//! The whole job: read, block, learn, score, choose.

use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::choose::{ScoredPair, clusters, one_to_one, plain, rivals};
use super::compare::Fields;
use super::error::TableError;
use super::explain::PairExplained;
use super::input::Table;
use super::keys::{Atom, atoms};
use super::learn::{Label, learn};
use super::level::levels;
use super::model::{Model, probability_thousandths};
use super::passes::{Pass, candidates};
use super::pool::{Column, hash_text, read};
use super::propose::{Plan, all_pairs, plans};
use super::spec::{Kind, Mode, Places, Spec};

/// What a run may be told; the default is meant to be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableOptions {
    /// Least probability of a link, in thousandths; the engine's own when `None`.
    pub threshold_thousandths: Option<u16>,
    /// Keeps every scored pair instead of those that are not hopeless.
    pub all_pairs: bool,
    /// Random pairs from which chance agreement is learned.
    pub random_pairs: u32,
    /// Seed of the random pairs.
    pub seed: u64,
}

impl Default for TableOptions {
    fn default() -> Self {
        Self { threshold_thousandths: None, all_pairs: false, random_pairs: 500_000, seed: 0x7461_626c_6573 }
    }
}

/// The engine's own threshold: more likely the same than not, which gives the best F1 where
/// probabilities are right.
const OWN_THRESHOLD: u16 = 500;
/// Pairs below this weight are only counted, in thousandths of a bit.
const HOPELESS: i32 = -8_000;
/// Left rows scored at a time.
const PART: usize = 4_096;

/// Where a run stands; told to the caller, who has a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TablePhase {
    /// Cells are normalised.
    Read,
    /// Passes are proposed and blocks made.
    Block,
    /// Weights are learned.
    Learn,
    /// Candidates are compared.
    Score,
    /// Links are chosen.
    Choose,
}

/// A blocking pass and what it brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TablePass {
    /// Fields (and the part of their value) that both rows share, e.g. `dob (year) + surname`.
    pub on: String,
    /// Whether the engine proposed it.
    pub proposed: bool,
    /// Pairs in its blocks, found by other passes or not.
    pub pairs: u64,
    /// Blocks that were too large and were refined by further fields.
    pub refined: u64,
    /// Pairs of too large blocks given up.
    pub lost_pairs: u64,
    /// Share of true pairs it is estimated to miss by itself, in thousandths.
    pub estimated_loss_thousandths: u16,
}

/// Figures of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableStats {
    /// Rows of the left (or only) table.
    pub left_rows: u64,
    /// Rows of the right table.
    pub right_rows: u64,
    /// Pairs compared.
    pub pairs_scored: u64,
    /// Pairs linked; in clusters mode pairs of rows in one cluster.
    pub links: u64,
    /// Threshold used, in thousandths of probability.
    pub threshold_thousandths: u16,
    /// Weight before anything is compared, in thousandths of a bit.
    pub prior_millibits: i32,
    /// Clusters of two rows or more.
    pub clusters: u64,
    /// Times two clusters stayed apart because their rows contradict each other.
    pub contradictions: u64,
    /// Passes in their order; pairs refer to them by number.
    pub passes: Vec<TablePass>,
    /// True pairs estimated to be missed by all passes together, in millionths, after learning.
    pub estimated_loss_millionths: u32,
}

/// A level of a field as it was learned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TableWeight {
    /// The field.
    pub field: String,
    /// The level.
    pub level: &'static str,
    /// How often true pairs agree on it, in millionths.
    pub matched_millionths: u32,
    /// How often chance pairs do, in billionths.
    pub chance_billionths: u64,
    /// Weight in thousandths of a bit.
    pub millibits: i32,
}

/// The outcome, with what is needed to explain any pair.
#[derive(Debug)]
pub struct TablesLinked {
    /// Pairs taken as the same, ascending by row.
    pub links: Vec<ScoredPair>,
    /// Scored pairs worth keeping (or all), ascending by row.
    pub pairs: Vec<ScoredPair>,
    /// In clusters mode the first row of each row's cluster; else empty.
    pub clusters: Vec<u32>,
    /// Figures.
    pub stats: TableStats,
    fields: Fields,
    names: Vec<String>,
    model: Model,
    passes: Vec<Pass>,
}

/// Links two tables, or finds clusters in one. `told` is called when a phase begins.
pub fn link_tables(
    spec: &Spec,
    left: &dyn Table,
    right: Option<&dyn Table>,
    labels: &[Label],
    options: &TableOptions,
    told: &mut dyn FnMut(TablePhase),
) -> Result<TablesLinked, TableError> {
    told(TablePhase::Read);
    let places = spec.resolve(left, right)?;
    let ids = spec.ids(left, right)?;
    check_ids(left, ids.0, "left")?;
    if let (Some(table), Some(column)) = (right, ids.1) {
        check_ids(table, column, "right")?;
    }
    let fields = read_fields(spec, &places, left, right);
    told(TablePhase::Block);
    let atoms = atoms(&fields);
    let plans = plans(spec, &fields, &atoms);
    let passes: Vec<Pass> = plans.iter().map(|plan| Pass::new(&fields, &atoms, plan)).collect();
    told(TablePhase::Learn);
    let known: Vec<Label> = labels.iter().copied().filter(|l| fits(&fields, l)).collect();
    let model = learn(&fields, &passes, spec.mode, &known, options.random_pairs, options.seed);
    told(TablePhase::Score);
    let least = if options.all_pairs { i32::MIN } else { HOPELESS };
    let (mut pairs, pairs_scored) = score(&fields, &model, &passes, least);
    told(TablePhase::Choose);
    let threshold = options.threshold_thousandths.unwrap_or(OWN_THRESHOLD);
    let mut linked = TablesLinked {
        links: Vec::new(),
        clusters: Vec::new(),
        stats: stats(spec, &fields, &atoms, (&plans, &passes), &model, pairs_scored, threshold),
        names: spec.field.iter().map(|f| f.name.clone()).collect(),
        pairs: Vec::new(),
        fields,
        model,
        passes,
    };
    linked.choose(spec.mode, &mut pairs, threshold);
    linked.pairs = pairs;
    Ok(linked)
}

fn fits(fields: &Fields, label: &Label) -> bool {
    let rights = if fields.one_table { fields.lefts } else { fields.rights };
    (label.left as usize) < fields.lefts && (label.right as usize) < rights
}

/// Every row has an id of its own: links are told by ids.
fn check_ids(table: &dyn Table, column: usize, side: &'static str) -> Result<(), TableError> {
    let rows = u32::try_from(table.rows()).map_err(|_| TableError::TooManyRows { side })?;
    let hash = |row: u32| table.cell(column, row as usize).map(|id| (hash_text(id.trim()), row)).ok_or(row);
    let mut found = Vec::with_capacity(rows as usize);
    for row in 0..rows {
        found.push(hash(row).map_err(|row| TableError::IdMissing { side, row: row as usize + 1 })?);
    }
    found.par_sort_unstable();
    match found.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        Some(pair) => Err(TableError::IdTwice { side, row: pair[1].1 as usize + 1, other: pair[0].1 as usize + 1 }),
        None => Ok(()),
    }
}

fn read_fields(spec: &Spec, places: &[(Places, Places)], left: &dyn Table, right: Option<&dyn Table>) -> Fields {
    let name_fields: Vec<usize> = (0..spec.field.len()).filter(|at| spec.field[*at].kind == Kind::PersonName).collect();
    let mut columns: Vec<Option<Column>> = spec.field.iter().map(|_| None).collect();
    let mut groups: Vec<Vec<usize>> = (0..spec.field.len()).filter(|at| !name_fields.contains(at)).map(|at| vec![at]).collect();
    groups.extend((!name_fields.is_empty()).then(|| name_fields.clone()));
    for group in groups {
        let sides: Vec<_> = group.iter().flat_map(|at| [(Some(left), &places[*at].0), (right, &places[*at].1)]).collect();
        let (codes, values, hashes) = read(spec.field[group[0]].kind, &sides);
        let (values, hashes) = (Arc::new(values), Arc::new(hashes));
        let mut codes = codes.into_iter();
        for at in group {
            let (l, r) = (codes.next().unwrap_or_default(), codes.next().unwrap_or_default());
            columns[at] = Some(Column::new(spec.field[at].kind, &values, &hashes, l, r));
        }
    }
    let mut fields = Fields {
        columns: columns.into_iter().flatten().collect(),
        name_fields,
        lefts: left.rows(),
        rights: right.map_or(0, |t| t.rows()),
        one_table: right.is_none(),
        left_rows: Vec::new(),
        right_rows: Vec::new(),
    };
    fields.by_row();
    fields
}

/// Scores all candidates; gives those worth keeping and the number of all.
fn score(fields: &Fields, model: &Model, passes: &[Pass], least: i32) -> (Vec<ScoredPair>, u64) {
    let part = |from: usize| {
        let (mut found, mut kept, mut count) = (Vec::new(), Vec::new(), 0);
        for left in from as u32..(from + PART).min(fields.lefts) as u32 {
            candidates(fields, passes, left, &mut found);
            count += found.len() as u64;
            for (right, pass) in &found {
                let weight = model.weight(fields, left, fields.pattern(left, *right));
                if weight >= least {
                    kept.push(plain(left, *right, weight, *pass));
                }
            }
        }
        (kept, count)
    };
    let parts: Vec<(Vec<ScoredPair>, u64)> = (0..fields.lefts).into_par_iter().step_by(PART).map(part).collect();
    let count = parts.iter().map(|p| p.1).sum();
    (parts.into_iter().flat_map(|p| p.0).collect(), count)
}

fn stats(
    spec: &Spec,
    fields: &Fields,
    atoms: &[Atom],
    (plans, passes): (&[Plan], &[Pass]),
    model: &Model,
    pairs_scored: u64,
    threshold: u16,
) -> TableStats {
    let on = |plan: &Plan| {
        let parts: Vec<String> = plan.atoms.iter().map(|a| part_name(spec, &atoms[*a])).collect();
        if parts.is_empty() { "every pair".to_owned() } else { parts.join(" + ") }
    };
    let pass = |(plan, pass): (&Plan, &Pass)| TablePass {
        on: on(plan),
        proposed: spec.block.is_empty(),
        pairs: pass.pairs,
        refined: pass.refined,
        lost_pairs: pass.lost,
        estimated_loss_thousandths: (1_000.0 * super::propose::loss(fields, atoms, &[plan], model)).round() as u16,
    };
    let all: Vec<&Plan> = plans.iter().collect();
    TableStats {
        left_rows: fields.lefts as u64,
        right_rows: fields.rights as u64,
        pairs_scored,
        links: 0,
        threshold_thousandths: threshold,
        prior_millibits: model.prior_millibits,
        clusters: 0,
        contradictions: 0,
        passes: plans.iter().zip(passes).map(pass).collect(),
        estimated_loss_millionths: (1e6 * super::propose::loss(fields, atoms, &all, model)).round() as u32,
    }
}

fn part_name(spec: &Spec, atom: &Atom) -> String {
    let field = &spec.field[atom.field].name;
    if atom.way.name().is_empty() { field.clone() } else { format!("{field} ({})", atom.way.name()) }
}

impl TablesLinked {
    fn choose(&mut self, mode: Mode, pairs: &mut [ScoredPair], threshold: u16) {
        let fields = &self.fields;
        match mode {
            Mode::OneToOne => {
                rivals(pairs, fields.lefts, fields.rights);
                self.links = one_to_one(pairs, fields.lefts, fields.rights, threshold);
            }
            Mode::Many => self.links = pairs.iter().filter(|p| p.probability_thousandths >= threshold).copied().collect(),
            Mode::Clusters => {
                let evidence = |l, r| self.model.weight(fields, l, fields.pattern(l, r)) - self.model.prior_millibits;
                let (cluster, cut) = clusters(pairs, fields.lefts, threshold, &evidence);
                self.links = pairs.iter().filter(|p| cluster[p.left as usize] == cluster[p.right as usize]).copied().collect();
                let mut sizes = vec![0u64; fields.lefts];
                cluster.iter().for_each(|c| sizes[*c as usize] += 1);
                self.stats.contradictions = cut;
                self.stats.clusters = sizes.iter().filter(|n| **n > 1).count() as u64;
                self.stats.links = sizes.iter().map(|n| n * n.saturating_sub(1) / 2).sum();
                self.clusters = cluster;
                return;
            }
        }
        self.stats.links = self.links.len() as u64;
    }

    /// Why two rows weigh what they weigh; of any pair, candidate or not. `None` for rows there are not.
    pub fn explain(&self, left: u32, right: u32) -> Option<PairExplained> {
        fits(&self.fields, &Label { left, right, same: true }).then(|| {
            let pattern = self.fields.pattern(left, right);
            let weight = self.model.weight(&self.fields, left, pattern);
            let scored = self.pairs.binary_search_by_key(&(left, right), |p| (p.left, p.right)).ok().map(|at| self.pairs[at]);
            PairExplained {
                prior_millibits: self.model.prior_millibits,
                parts: self.model.parts(&self.fields, &self.names, left, pattern),
                total_millibits: weight,
                probability_thousandths: scored.map_or(probability_thousandths(weight), |s| s.probability_thousandths),
                pass: self.pass_of(left, right),
                margin_millibits: scored.and_then(|s| s.margin_millibits),
                linked: match self.clusters.is_empty() {
                    true => self.links.binary_search_by_key(&(left, right), |p| (p.left, p.right)).is_ok(),
                    false => self.clusters[left as usize] == self.clusters[right as usize],
                },
            }
        })
    }

    /// Number of the first pass that finds a pair; `None` when no pass does.
    pub fn pass_of(&self, left: u32, right: u32) -> Option<u8> {
        let mut found = Vec::new();
        candidates(&self.fields, &self.passes, left, &mut found);
        found.binary_search_by_key(&right, |c| c.0).ok().map(|at| found[at].1)
    }

    /// The weights of all levels, for a report.
    pub fn weights(&self) -> Vec<TableWeight> {
        let of_field = |(field, name): (usize, &String)| -> Vec<TableWeight> {
            let all = levels(self.fields.columns[field].kind);
            let of_level = |level: usize| TableWeight {
                field: name.clone(),
                level: all[level].name,
                matched_millionths: (self.model.matched[field][level] * 1e6).round() as u32,
                chance_billionths: (self.model.chance[field][level] * 1e9).round() as u64,
                millibits: self.model.weights[field][level],
            };
            (0..all.len() - 1).map(of_level).collect()
        };
        self.names.iter().enumerate().flat_map(of_field).collect()
    }

    /// Pairs there are in all.
    pub fn possible_pairs(&self) -> u64 {
        all_pairs(&self.fields)
    }
}
