//! The whole way from two prepared rosters to links.

use rayon::prelude::*;
use serde::Serialize;

use crate::assign::{Chosen, assign, weigh};
use crate::candidates::{Edge, Open, PassStats, find};
use crate::certain::Certain;
use crate::compare::compare;
use crate::config::Config;
use crate::decisions::{Decided, Decisions};
use crate::keys::Pass;
use crate::learn::{chance_shares, learn, random_pairs, start_shares};
use crate::level::{PATTERNS, Pattern};
use crate::lexicon::Lexicon;
use crate::model::{Model, NameCounts, name_key, probability_thousandths};
use crate::prepared::Prepared;
use crate::record::Record;

/// A right row is a left row's person, or may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Row of the spine.
    pub left: u32,
    /// Row of the other roster.
    pub right: u32,
    /// Number of the [`Pass`] that found the pair.
    pub pass: u8,
    /// On which levels the fields agree.
    pub pattern: Pattern,
    /// Weight of evidence in thousandths of a bit, the prior included.
    pub weight_millibits: i32,
    /// Probability in thousandths, against nobody and against the runner-up.
    pub probability_thousandths: u16,
    /// The next best left row that was free, with its weight.
    pub runner_up: Option<(u32, i32)>,
    /// Whether a person decided it.
    pub decided: bool,
}

/// What a run did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Stats {
    /// Rows of the spine.
    pub left_rows: u64,
    /// Rows of the other roster.
    pub right_rows: u64,
    /// Pairs compared, the certain ones included.
    pub pairs_scored: u64,
    /// Links of the same number and an agreeing name or date.
    pub certain_links: u64,
    /// Links by decision.
    pub decided_links: u64,
    /// Decisions that name no row or contradict one another.
    pub unusable_decisions: u64,
    /// Rows whose race was too close to call; they are in the review list.
    pub too_close: u64,
    /// Each pass in order.
    pub passes: Vec<PassStats>,
}

/// Links, what was learned, and what a person should look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// Links, ascending by right row; each right row at most once.
    pub links: Vec<Link>,
    /// What was learned; needed by [`crate::explain`].
    pub model: Model,
    /// What was done.
    pub stats: Stats,
    /// The best candidate of right rows without a link, where it is near; ascending by right row.
    pub review: Vec<Link>,
}

/// Prior share of right rows with a partner, before any is known.
const FIRST_COVERAGE: f64 = 0.9;

/// Links a roster to the spine. The same input gives the same result on any number of threads.
///
/// Each left row gets at most one right row (several rows of a person should be merged first, see
/// [`Prepared::merged`]), unless a person decided otherwise or [`Config::repeats`] is set.
pub fn link(left: &Prepared, right: &Prepared, decisions: &Decisions, config: &Config) -> Linked {
    let (lexicon, lefts, rights) = Lexicon::join(left, right);
    let decided = Decided::new(decisions, lefts.len(), rights.len());
    let undecided = |l: u32, r: u32| !decided.forbids(l, r) && !decided.settles_right(r) && !decided.settles_left(l);
    let certain = Certain::find(&lexicon, &lefts, &rights, undecided);
    let mut sure = vec![0u64; PATTERNS];
    certain.pairs.iter().for_each(|(_, _, pattern)| sure[pattern.0 as usize] += 1);

    let first = first_model(&lexicon, &lefts, &rights, &certain, config);
    let mut first = learn(first, &sure, &vec![0; PATTERNS], lefts.len(), rights.len(), config);
    first.set_prior(FIRST_COVERAGE, lefts.len(), config);

    let open_right = Open::of(&rights, |r| certain.partner_of_right(r).is_none() && !decided.settles_right(r));
    let open_left = Open::of(&lefts, |l| {
        // A person who may have several rows stays a candidate.
        config.repeats || (certain.partner_of_left(l).is_none() && !decided.settles_left(l))
    });
    let namesakes: Vec<u32> = open_left.records.par_iter().map(|r| borne_by(&first, &lexicon, r)).collect();
    let mut candidates = find(&lexicon, &open_left, &open_right, &namesakes, &first, config);
    candidates.edges.retain(|e| !decided.forbids(e.left, e.right));
    let model = learn(first, &sure, &candidates.counts, lefts.len(), rights.len(), config);

    let weighed = weigh(candidates.edges, &model);
    let mut settled: Vec<(u32, u32)> = certain.pairs.iter().map(|(l, r, _)| (*l, *r)).collect();
    settled.extend_from_slice(&decided.same);
    let assigned = assign(&lexicon, lefts.len(), &rights, &weighed, &settled, config);

    let mut links: Vec<Link> = assigned.chosen.iter().map(of_chosen).collect();
    let fixed = |l: u32, r: u32, pattern: Pattern, pass: Pass| {
        let count = borne_by(&model, &lexicon, &lefts[l as usize]);
        let weight = model.pattern_weight(pattern) + model.frequency_weight(pattern, count);
        fixed_link(l, r, pattern, pass, weight)
    };
    links.extend(certain.pairs.iter().map(|(l, r, pattern)| fixed(*l, *r, *pattern, Pass::Certain)));
    links.extend(decided.same.iter().map(|(l, r)| {
        let pattern = compare(&lexicon, &lefts[*l as usize], &rights[*r as usize]);
        fixed(*l, *r, pattern, Pass::Decision)
    }));
    links.sort_unstable_by_key(|link| link.right);
    let review = assigned.review.iter().map(of_chosen).collect();
    let mut passes = candidates.passes;
    for pass in &mut passes {
        pass.links = links.iter().filter(|link| link.pass == pass.pass.number()).count() as u64;
    }
    let stats = Stats {
        left_rows: lefts.len() as u64,
        right_rows: rights.len() as u64,
        pairs_scored: passes.iter().map(|p| p.pairs_scored).sum::<u64>() + certain.pairs.len() as u64,
        certain_links: certain.pairs.len() as u64,
        decided_links: decided.same.len() as u64,
        unusable_decisions: decided.unusable,
        too_close: assigned.too_close,
        passes,
    };
    Linked { links, model, stats, review }
}

/// Chance shares from random pairs, true shares from the start, name counts from the spine.
fn first_model(lexicon: &Lexicon, lefts: &[Record], rights: &[Record], certain: &Certain, config: &Config) -> Model {
    let chance = chance_shares(&random_pairs(lexicon, lefts, rights, certain, config));
    let mut keys: Vec<u64> = lefts.par_iter().filter_map(|r| name_key(lexicon, r)).collect();
    // The first six levels are those on which the whole name agrees.
    let whole_name: f64 = chance[0][..6].iter().sum();
    let mut model = Model::new(start_shares(), chance, NameCounts::new(&mut keys, whole_name, config));
    model.set_prior(FIRST_COVERAGE, lefts.len(), config);
    model
}

fn borne_by(model: &Model, lexicon: &Lexicon, record: &Record) -> u32 {
    name_key(lexicon, record).map_or(1, |key| model.names.count(key))
}

fn of_chosen(chosen: &Chosen) -> Link {
    let Edge { left, right, pattern, pass, .. } = chosen.weighed.edge;
    let weight = chosen.weighed.weight;
    Link {
        left,
        right,
        pass,
        pattern,
        weight_millibits: weight,
        probability_thousandths: probability_thousandths(weight, chosen.runner_up.map(|(_, r)| r)),
        runner_up: chosen.runner_up,
        decided: false,
    }
}

fn fixed_link(left: u32, right: u32, pattern: Pattern, pass: Pass, weight: i32) -> Link {
    let decided = pass == Pass::Decision;
    let probability = if decided { 1000 } else { probability_thousandths(weight, None) };
    Link {
        left,
        right,
        pass: pass.number(),
        pattern,
        weight_millibits: weight,
        probability_thousandths: probability,
        runner_up: None,
        decided,
    }
}
