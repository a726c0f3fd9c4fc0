//! Learning without truth: chance from random pairs, true agreement from candidates.
//!
//! The model is the mixture of Fellegi and Sunter over *all* pairs of the two tables. A true pair is
//! nearly always a candidate, so true agreement (`m`) and the prior are learned from the candidates,
//! each weighed by how likely it is true; random pairs give chance agreement (`u`), each weighed by how
//! likely it is false. Both are repeated until they agree (expectation and maximisation).

use rayon::prelude::*;

use super::compare::Fields;
use super::level::{MOST_LEVELS, levels, of_pattern};
use super::model::{Model, Shares, millibits};
use super::passes::{Candidates, Pass, candidates};
use super::propose::all_pairs;
use super::related::{Related, share};
use super::spec::{Kind, MAX_FIELDS, Mode};
use super::ties::ties;
use crate::hash::{below, random};

/// Candidate pairs looked at for learning.
const CANDIDATES: u64 = 500_000;
/// A quarter of the random pairs drawn of even the smallest tables.
const LEAST_RANDOM: u64 = 5_000;
/// Names, dates and ids differ in at most this share of true pairs. Where learning finds more it has taken
/// families for copies of one person; without the bound it would go on to learn from them.
const MOST_DIFFERENT: f64 = 0.15;
/// Rounds of learning.
const ROUNDS: usize = 25;
/// True pairs' worth of trust in the shares learning starts from.
const START_PAIRS: f64 = 8.0;
/// At least this share of the rows of a table is taken to have no partner, even where all seem to have one.
const LEAST_FREE: f64 = 0.05;
/// A share of chance is never below this part of what random pairs showed before they were cleaned.
const CLEANED_LEAST: f64 = 0.02;

/// A pair a person has decided, for learning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Label {
    /// Left row.
    pub left: u32,
    /// Right row.
    pub right: u32,
    /// Whether both are the same.
    pub same: bool,
}

/// Distinct patterns with how often each was seen.
pub(crate) type Counts = Vec<(u64, f64)>;

struct Sample {
    patterns: Vec<u64>,
    /// Place in `patterns` of each candidate pair, left row by left row.
    pairs: Vec<u32>,
    /// Where each left row's pairs end.
    ends: Vec<u32>,
    /// How many pairs are of each pattern.
    counts: Vec<f64>,
    /// All left rows for one in the sample.
    scale: f64,
}

impl Sample {
    fn new(fields: &Fields, passes: &[Pass]) -> Self {
        let total: u64 = passes.iter().map(|p| p.pairs).sum();
        let step = total.div_ceil(CANDIDATES).max(1);
        // Every so many rows of the whole table, of those drawn.
        let step = (step * fields.left_drawn.len() as u64).div_ceil(fields.lefts.max(1) as u64).max(1);
        let rows: Vec<u32> = fields.left_drawn.iter().step_by(step as usize).copied().collect();
        let of_row = |found: &mut Candidates, row: &u32| -> Vec<u64> {
            candidates(fields, passes, *row, found);
            // Sums of fractions depend on their order, which must not be that of the rows.
            let mut patterns: Vec<u64> = found.iter().map(|c| fields.pattern(*row, c.0)).collect();
            patterns.sort_unstable();
            patterns
        };
        let lists: Vec<Vec<u64>> = rows.par_iter().map_init(Candidates::default, of_row).collect();
        let mut patterns: Vec<u64> = lists.iter().flatten().copied().collect();
        patterns.par_sort_unstable();
        patterns.dedup();
        let (mut pairs, mut ends) = (Vec::new(), Vec::new());
        for list in lists {
            pairs.extend(list.iter().map(|p| patterns.binary_search(p).unwrap_or(0) as u32));
            ends.push(pairs.len() as u32);
        }
        let mut counts = vec![0.0; patterns.len()];
        pairs.iter().for_each(|pair: &u32| counts[*pair as usize] += 1.0);
        Self { patterns, pairs, ends, counts, scale: fields.lefts as f64 / rows.len().max(1) as f64 }
    }

    /// How many true pairs each pattern stands for.
    fn expected(&self, odds: &[f64], competing: bool) -> Vec<f64> {
        let mut sums = vec![0.0; self.patterns.len()];
        let mut from = 0;
        for end in &self.ends {
            let pairs = &self.pairs[from..*end as usize];
            from = *end as usize;
            let all: f64 = if competing { pairs.iter().map(|p| odds[*p as usize]).sum() } else { 0.0 };
            for pair in pairs {
                let own = odds[*pair as usize];
                sums[*pair as usize] += own / (1.0 + if competing { all } else { own });
            }
        }
        sums
    }
}

/// Patterns of random pairs.
fn random_patterns(fields: &Fields, count: u32, seed: u64) -> Counts {
    // A small table has few pairs to draw from.
    let count = u64::from(count).min(4 * all_pairs(fields).max(LEAST_RANDOM)) as u32;
    let (lefts, rights) = (&fields.left_drawn, fields.rights_drawn());
    let draw = |at: u32| {
        let left = lefts[below(random(seed, u64::from(at) * 2), lefts.len())];
        let right = rights[below(random(seed, u64::from(at) * 2 + 1), rights.len())];
        (!fields.one_table || left != right).then(|| fields.pattern(left, right))
    };
    let count = if all_pairs(fields) == 0 { 0 } else { count };
    let mut found: Vec<u64> = (0..count).into_par_iter().filter_map(draw).collect();
    found.par_sort_unstable();
    found.chunk_by(|a, b| a == b).map(|run| (run[0], run.len() as f64)).collect()
}

/// Shares of the levels of each field, missing left out.
fn shares(fields: &Fields, counts: impl Iterator<Item = (u64, f64)>) -> Shares {
    let mut sums = [[0.0; MOST_LEVELS]; MAX_FIELDS];
    for (pattern, count) in counts {
        for (field, levels) in sums.iter_mut().enumerate().take(fields.columns.len()) {
            levels[of_pattern(pattern, field)] += count;
        }
    }
    sums
}

/// Learns the model of two tables.
pub(crate) fn learn(fields: &Fields, passes: &[Pass], mode: Mode, labels: &[Label], random_pairs: u32, seed: u64) -> Model {
    let pairs = (all_pairs(fields) as f64).max(1.0);
    let least = fields.lefts.min(if fields.one_table { fields.lefts } else { fields.rights }) as f64;
    let sample = Sample::new(fields, passes);
    let chance_pairs = random_patterns(fields, random_pairs, seed);
    let labelled: Vec<(u64, bool)> = labels.iter().map(|l| (fields.pattern(l.left, l.right), l.same)).collect();
    let equal: Vec<Equal> = (0..fields.columns.len()).map(|field| same_values(fields, field)).collect();
    let mut prior = (0.3 * least / pairs).min(0.3);
    let mut matched = starting(fields);
    let raw = chance(fields, chance_pairs.iter().copied(), None, &equal, &expected_same(prior, &matched));
    let mut by_chance = raw;
    let mut related = Related::start(fields, &matched, &by_chance, prior);
    // Ties count from the start, with the few true pairs still among the random ones: learning comes from
    // the careful side. Without them families would be taken for true pairs and be learned from.
    let mut model =
        Model::new(fields, matched, by_chance, ties(fields, &chance_pairs, &by_chance, &Counts::new(), &matched), prior);
    model = model.with_related(related.clone());
    for _ in 0..ROUNDS {
        let odds_of = |pattern: u64| {
            let weight = f64::from(model.prior_millibits + model.evidence(pattern, fields.columns.len()));
            libm::exp2((weight / 1_000.0).min(60.0))
        };
        let odds: Vec<f64> = sample.patterns.iter().map(|p| odds_of(*p)).collect();
        let expected = sample.expected(&odds, mode == Mode::OneToOne);
        let found: f64 = expected.iter().sum::<f64>() * sample.scale;
        let true_labels = labelled.iter().filter(|l| l.1).map(|l| (l.0, 1.0));
        let of_related = |pattern: u64| share(model.related_millibits(pattern, fields.columns.len()));
        let false_of = sample.counts.iter().zip(&expected).map(|(all, own)| (all - own).max(0.0));
        let related_pairs: Counts =
            sample.patterns.iter().zip(false_of).map(|(pattern, n)| (*pattern, n * of_related(*pattern))).collect();
        let unrelated: Counts = chance_pairs.iter().map(|(p, n)| (*p, n * (1.0 - of_related(*p)))).collect();
        let true_pairs: Counts = sample.patterns.iter().copied().zip(expected).chain(true_labels).collect();
        let sums = shares(fields, true_pairs.iter().copied());
        matched = smoothed(fields, &sums);
        let most = if mode == Mode::OneToOne { least } else { least * 4.0 };
        prior = (found.min(most).max(1.0) / pairs).min(0.5);
        let false_pairs: Counts = unrelated.iter().map(|(p, n)| (*p, n / (1.0 + odds_of(*p)))).collect();
        let mut no_chance = expected_same(prior, &matched);
        if let Some(related) = &related {
            no_chance.iter_mut().enumerate().for_each(|(field, share)| *share += related.same(field));
        }
        by_chance = chance(fields, false_pairs.iter().copied(), Some(&raw), &equal, &no_chance);
        let in_all = related_pairs.iter().map(|(_, n)| n).sum::<f64>() * sample.scale;
        let related_sums = shares(fields, related_pairs.iter().copied());
        related = related.map(|before| before.learned(fields, &related_sums, &by_chance, in_all.max(1.0) / pairs));
        model = Model::new(fields, matched, by_chance, ties(fields, &false_pairs, &by_chance, &true_pairs, &matched), prior);
        model = model.with_related(related.clone());
        if mode == Mode::OneToOne {
            // The other choice of a left row is to have no partner, which is seldom where most rows have one.
            model.prior_millibits += free(found, fields.lefts);
        }
    }
    if mode == Mode::OneToOne {
        // When links are chosen, right rows compete as well.
        model.prior_millibits += free(prior * pairs, fields.rights);
    }
    model.with_rarity(fields)
}

/// By how much a pair is likelier where both rows are not taken: `-log2` of the share of rows without a partner.
fn free(partners: f64, rows: usize) -> i32 {
    -millibits((1.0 - partners / (rows as f64).max(1.0)).max(LEAST_FREE))
}

fn starting(fields: &Fields) -> Shares {
    let mut out = [[0.0; MOST_LEVELS]; MAX_FIELDS];
    for (shares, column) in out.iter_mut().zip(&fields.columns) {
        levels(column.kind).iter().zip(shares).for_each(|(level, share)| *share = level.start);
    }
    out
}

/// Shares of true pairs, drawn a little to where learning started.
fn smoothed(fields: &Fields, sums: &Shares) -> Shares {
    let mut out = starting(fields);
    for (field, column) in fields.columns.iter().enumerate() {
        let last = levels(column.kind).len() - 1;
        let all: f64 = sums[field][..last].iter().sum();
        for level in 0..last {
            out[field][level] = (sums[field][level] + START_PAIRS * out[field][level]) / (all + START_PAIRS);
        }
        if matches!(column.kind, Kind::Id | Kind::Date | Kind::PersonName | Kind::VietnameseName) {
            let different = &mut out[field][last - 1];
            *different = different.min(MOST_DIFFERENT);
        }
    }
    out
}

/// Share of all pairs that are true and have the same value, by field.
fn expected_same(prior: f64, matched: &Shares) -> [f64; MAX_FIELDS] {
    std::array::from_fn(|field| prior * matched[field][0])
}

/// Shares of chance pairs. Equal values are counted in the whole tables instead of in a sample; `true_same` is the
/// share of all pairs that is equal and no chance.
fn chance(
    fields: &Fields,
    counts: impl Iterator<Item = (u64, f64)>,
    raw: Option<&Shares>,
    equal: &[Equal],
    true_same: &[f64; MAX_FIELDS],
) -> Shares {
    let sums = shares(fields, counts);
    let mut out = [[0.0; MOST_LEVELS]; MAX_FIELDS];
    for (field, column) in fields.columns.iter().enumerate() {
        let last = levels(column.kind).len() - 1;
        let all: f64 = sums[field][..last].iter().sum::<f64>().max(1.0);
        let Equal { same, pairs, among_false } = equal[field];
        let no_chance = if among_false { 0.0 } else { true_same[field] };
        for level in 0..last {
            let least = raw.map_or(0.0, |raw| raw[field][level] * CLEANED_LEAST);
            let seen = match level {
                0 => same / pairs.max(1.0) - raw.map_or(0.0, |_| no_chance),
                _ => sums[field][level] / all,
            };
            // Never to be seen in the sample is no proof of never.
            out[field][level] = seen.max(least).max(0.3 / if level == 0 { pairs.max(100.0) } else { all });
        }
    }
    out
}

/// Pairs of rows with the same value of a field, of all pairs of rows that both have one.
#[derive(Debug, Clone, Copy)]
struct Equal {
    same: f64,
    pairs: f64,
    /// Whether there are no true pairs among them.
    among_false: bool,
}

fn same_values(fields: &Fields, field: usize) -> Equal {
    let sum = |of: &dyn Fn(f64, f64) -> f64| -> f64 {
        fields.columns[field].counts.iter().map(|(l, r)| of(f64::from(*l), f64::from(*r))).sum()
    };
    let (lefts, rights) = (sum(&|l, _| l), sum(&|_, r| r));
    let within = |n: f64| n * (n - 1.0).max(0.0) / 2.0;
    if fields.one_table {
        return Equal { same: sum(&|l, _| within(l)), pairs: within(lefts), among_false: false };
    }
    let across = Equal { same: sum(&|l, r| l * r), pairs: lefts * rights, among_false: false };
    // A number that belongs to one person is equal across the tables mostly in true pairs, which teaches nothing of
    // chance; within a table rows are different people, and what is equal there is chance.
    let inside = Equal { same: sum(&|l, r| within(l) + within(r)), pairs: within(lefts) + within(rights), among_false: true };
    let share = |e: &Equal| e.same / e.pairs.max(1.0);
    if fields.columns[field].kind == Kind::Id && share(&inside) < share(&across) { inside } else { across }
}
