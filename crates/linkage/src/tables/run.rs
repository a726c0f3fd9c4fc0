//! The whole job: read, block, learn, score, choose.

use std::sync::Arc;

use rayon::prelude::*;

use super::choose::{ScoredPair, clusters, decide, one_to_one, plain, rivals};
use super::compare::Fields;
use super::error::TableError;
use super::explain::PairExplained;
use super::input::Table;
use super::keys::{Atom, atoms};
use super::learn::{Label, learn};
use super::level::levels;
use super::model::{Model, probability_thousandths};
use super::passes::Pass;
use super::pool::{Column, hash_text, read};
use super::propose::{Plan, all_pairs, build, plans};
use super::report::{TableOptions, TablePass, TablePhase, TableStats, TableWeight};
use super::score::score;
use super::spec::{Kind, Mode, Places, Spec};

/// The engine's own threshold: more likely the same than not, which gives the best F1 where
/// probabilities are right.
const OWN_THRESHOLD: u16 = 500;
/// Pairs below this weight are only counted, in thousandths of a bit.
const HOPELESS: i32 = -8_000;

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
    Ok(ReadTables::new(spec, left, right)?.link(labels, options, told))
}

/// Tables that were read: their text is needed no more, except for ids.
#[derive(Debug)]
pub struct ReadTables<'s> {
    spec: &'s Spec,
    fields: Fields,
}

impl<'s> ReadTables<'s> {
    /// Reads both tables, or the only one.
    pub fn new(spec: &'s Spec, left: &dyn Table, right: Option<&dyn Table>) -> Result<Self, TableError> {
        let places = spec.resolve(left, right)?;
        let ids = spec.ids(left, right)?;
        check_ids(left, ids.0, "left")?;
        if let (Some(table), Some(column)) = (right, ids.1) {
            check_ids(table, column, "right")?;
        }
        Ok(Self { spec, fields: read_fields(spec, &places, left, right) })
    }

    /// Links what was read. `told` is called when a phase begins.
    pub fn link(self, labels: &[Label], options: &TableOptions, told: &mut dyn FnMut(TablePhase)) -> TablesLinked {
        let Self { spec, mut fields } = self;
        told(TablePhase::Block);
        let atoms = atoms(&fields);
        let (plans, passes) = build(&fields, &atoms, plans(spec, &fields, &atoms), spec.block.is_empty());
        fields.drop_codes();
        told(TablePhase::Learn);
        let known = decisions(&fields, labels);
        let model = learn(&fields, &passes, spec.mode, &known, options.random_pairs, options.seed);
        let threshold = options.threshold_thousandths.unwrap_or(OWN_THRESHOLD);
        let stats = stats(spec, &fields, &atoms, (&plans, &passes), &model, threshold);
        drop(atoms);
        told(TablePhase::Score);
        let least = if options.all_pairs { i32::MIN } else { HOPELESS };
        let (mut pairs, pairs_scored) = score(&fields, &model, &passes, least);
        let added = add_decided(&mut pairs, &known, passes.len() as u8, &|l, r| model.weight(&fields, l, fields.pattern(l, r)));
        told(TablePhase::Choose);
        let mut linked = TablesLinked {
            links: Vec::new(),
            clusters: Vec::new(),
            stats: TableStats { pairs_scored, ..stats },
            names: spec.field.iter().map(|f| f.name.clone()).collect(),
            pairs: Vec::new(),
            fields,
            model,
            passes,
        };
        if added > 0 {
            linked.stats.passes.push(TablePass::decided(added));
        }
        linked.choose(spec.mode, &mut pairs, threshold, &known);
        linked.pairs = pairs;
        linked
    }
}

fn fits(fields: &Fields, label: &Label) -> bool {
    let rights = if fields.one_table { fields.lefts } else { fields.rights };
    (label.left as usize) < fields.lefts && (label.right as usize) < rights
}

/// Decisions about rows there are, ascending, each pair once; in one table the earlier row comes first.
fn decisions(fields: &Fields, labels: &[Label]) -> Vec<Label> {
    let turned = |l: &Label| match fields.one_table && l.left > l.right {
        true => Label { left: l.right, right: l.left, same: l.same },
        false => *l,
    };
    let mut known: Vec<Label> = labels.iter().map(turned).filter(|l| fits(fields, l)).collect();
    // Of two decisions about one pair "not the same" stands: a wrong link does more harm than a missing one.
    known.sort_unstable_by_key(|l| (l.left, l.right, l.same));
    known.dedup_by_key(|l| (l.left, l.right));
    known.retain(|l| !fields.one_table || l.left != l.right);
    known
}

/// Adds pairs that people hold to be the same and no pass found; gives their number.
fn add_decided(pairs: &mut Vec<ScoredPair>, known: &[Label], pass: u8, weight: &dyn Fn(u32, u32) -> i32) -> u64 {
    let missing = |l: &&Label| l.same && pairs.binary_search_by_key(&(l.left, l.right), |p| (p.left, p.right)).is_err();
    let new: Vec<ScoredPair> =
        known.iter().filter(missing).map(|l| plain(l.left, l.right, weight(l.left, l.right), pass)).collect();
    let added = new.len() as u64;
    if added > 0 {
        pairs.extend(new);
        pairs.sort_unstable_by_key(|p| (p.left, p.right));
    }
    added
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
    Fields::new(columns.into_iter().flatten().collect(), name_fields, left.rows(), right.map(|t| t.rows()))
}

fn stats(
    spec: &Spec,
    fields: &Fields,
    atoms: &[Atom],
    (plans, passes): (&[Plan], &[Pass]),
    model: &Model,
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
        pairs_scored: 0,
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
    fn choose(&mut self, mode: Mode, pairs: &mut [ScoredPair], threshold: u16, known: &[Label]) {
        let fields = &self.fields;
        match mode {
            Mode::OneToOne => {
                rivals(pairs, fields.lefts, fields.rights);
                decide(pairs, known, true);
                self.links = one_to_one(pairs, fields.lefts, fields.rights, threshold);
            }
            Mode::Many => {
                decide(pairs, known, false);
                let least = threshold.max(1);
                self.links = pairs.iter().filter(|p| p.probability_thousandths >= least).copied().collect();
            }
            Mode::Clusters => {
                let evidence = |l, r| self.model.weight(fields, l, fields.pattern(l, r)) - self.model.prior_millibits;
                decide(pairs, known, false);
                let (cluster, cut) = clusters(pairs, fields.lefts, threshold, known, &evidence);
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
                related_millibits: self.model.related_part(&self.fields, left, pattern),
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
        let earlier = self.fields.one_table && right <= left;
        let found = self.passes.iter().position(|pass| pass.is_every() || pass.of(left).contains(&right));
        found.filter(|_| !earlier).map(|number| number as u8)
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
