//! The whole way from two prepared rosters to links.

use rayon::prelude::*;
use serde::Serialize;

use crate::assign::{Assigned, Chosen, assign, weigh};
use crate::candidates::{ALL, Edge, Open, PassStats, Task, find};
use crate::certain::Certain;
use crate::compare::compare;
use crate::config::Config;
use crate::decisions::{Decided, Decisions};
use crate::doubles::{FREE, Taken, second_rows};
use crate::keys::Pass;
use crate::learn::{chance_shares, learn, random_pairs, start_shares};
use crate::level::{PATTERNS, Pattern};
use crate::lexicon::Lexicon;
use crate::lost::{LostLinks, lost};
use crate::model::{Model, NameCounts, name_key, probability_thousandths};
use crate::prepared::Prepared;
use crate::record::Record;
use crate::review::{ReviewPair, ReviewReason, of_links, queue};

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
    /// Right rows joined to a person who has another row; see [`Linked::also`].
    pub second_rows: u64,
    /// Questions past [`Config::review_pairs`].
    pub review_left_out: u64,
    /// Each pass in order.
    pub passes: Vec<PassStats>,
    /// True pairs that no pass found, estimated.
    pub lost: LostLinks,
}

/// Links, what was learned, and what a person should look at.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// Links, ascending by right row; each right row at most once.
    pub links: Vec<Link>,
    /// Second rows of people who have a link: the person stands in the right roster twice, mostly with two
    /// insurance numbers. Ascending by right row, no row of `links` among them. Without this they would
    /// seem to be people of whom the spine does not know.
    pub also: Vec<Link>,
    /// What was learned; needed by [`crate::explain`].
    pub model: Model,
    /// What was done.
    pub stats: Stats,
    /// What a person should look at, most urgent first: the best candidate of right rows without a link,
    /// where it is near, and links that are weak or contradict their number. At most
    /// [`Config::review_pairs`]; a right row stands in it at most once.
    pub review: Vec<ReviewPair>,
}

/// Prior share of right rows with a partner, before any is known.
const FIRST_COVERAGE: f64 = 0.9;

/// Links a roster to the spine. The same input gives the same result on any number of threads.
///
/// Each left row gets at most one right row (several rows of a person should be merged first, see
/// [`Prepared::merged`]), unless a person decided otherwise or [`Config::repeats`] is set.
pub fn link(left: &Prepared, right: &Prepared, decisions: &Decisions, config: &Config) -> Linked {
    link_all(left, right, None, decisions, config)
}

/// Links every row as [`link`] does, by what was learned before: nothing is learned anew. It is what
/// [`crate::link_changed`] comes to without looking at every row.
pub fn link_learned(left: &Prepared, right: &Prepared, model: &Model, decisions: &Decisions, config: &Config) -> Linked {
    link_all(left, right, Some(model), decisions, config)
}

fn link_all(left: &Prepared, right: &Prepared, known: Option<&Model>, decisions: &Decisions, config: &Config) -> Linked {
    let (lexicon, rights) = Lexicon::join(left, right);
    let lefts = &left.records[..];
    let decided = Decided::new(decisions, lefts.len(), rights.len());
    let undecided = |l: u32, r: u32| !decided.forbids(l, r) && !decided.settles_right(r) && !decided.settles_left(l);
    let certain = Certain::find(&lexicon, lefts, &rights, undecided);
    let mut sure = vec![0u64; PATTERNS];
    certain.pairs.iter().for_each(|(_, _, pattern)| sure[pattern.0 as usize] += 1);

    let first = match known {
        Some(model) => model.clone(),
        None => {
            let first = first_model(&lexicon, lefts, &rights, &certain, config);
            let mut first = learn(first, &sure, &vec![0; PATTERNS], lefts.len(), rights.len(), config);
            first.set_prior(FIRST_COVERAGE, lefts.len(), config);
            first
        }
    };

    let open_right = Open::of(&rights, |r| certain.partner_of_right(r).is_none() && !decided.settles_right(r));
    let open_left = Open::of(lefts, |l| {
        // A person who may have several rows stays a candidate.
        config.repeats || (certain.partner_of_left(l).is_none() && !decided.settles_left(l))
    });
    let namesakes: Vec<u32> = open_left.records.par_iter().map(|r| first.borne_by(&lexicon, r)).collect();
    let (left_open, right_open, borne_by) = (&open_left, &open_right, &namesakes[..]);
    let task = Task {
        lexicon: &lexicon,
        left: left_open,
        right: right_open,
        borne_by,
        model: &first,
        config,
        passes: ALL,
        kept: None,
        within: false,
    };
    let mut candidates = find(&task);
    drop((open_left, open_right, namesakes));
    candidates.edges.retain(|w| !decided.forbids(w.edge.left, w.edge.right));
    let model = match known {
        Some(_) => first,
        None => learn(first, &sure, &candidates.counts, lefts.len(), rights.len(), config),
    };

    let weighed = weigh(candidates.edges, &model);
    let mut settled: Vec<(u32, u32)> = certain.pairs.iter().map(|(l, r, _)| (*l, *r)).collect();
    settled.extend_from_slice(&decided.same);
    let mut assigned = assign(&lexicon, lefts.len(), &rights, &weighed, &settled, (config, &model));
    let (holder, open) = holders(lefts.len(), rights.len(), &assigned, &certain, &decided, config);
    let (holder, open, model_ref) = (&holder[..], &open[..], &model);
    let taken = Taken {
        lexicon: &lexicon,
        lefts,
        rights: &rights,
        holder,
        open,
        weighed: &weighed,
        model: model_ref,
        config,
        kept: None,
    };
    let second = second_rows(&taken, |l, r| !decided.forbids(l, r));
    drop(weighed);
    let is_second = |right: u32| second.also.binary_search_by_key(&right, |c| c.weighed.edge.right).is_ok();
    // A link to somebody worse while the right person was taken.
    assigned.chosen.retain(|c| !is_second(c.weighed.edge.right));
    assigned.asked.retain(|(c, _)| !is_second(c.weighed.edge.right));

    let mut links: Vec<Link> = assigned.chosen.iter().map(of_chosen).collect();
    let fixed = |l: u32, r: u32, pattern: Pattern, pass: Pass| {
        let count = model.borne_by(&lexicon, &lefts[l as usize]);
        let weight = model.pattern_weight(pattern) + model.frequency_weight(pattern, count);
        fixed_link(l, r, pattern, pass, weight)
    };
    links.extend(certain.pairs.iter().map(|(l, r, pattern)| fixed(*l, *r, *pattern, Pass::Certain)));
    links.extend(decided.same.iter().map(|(l, r)| {
        let pattern = compare(&lexicon, &lefts[*l as usize], &rights[*r as usize]);
        fixed(*l, *r, pattern, Pass::Decision)
    }));
    links.sort_unstable_by_key(|link| link.right);
    let mut passes = candidates.passes;
    for pass in &mut passes {
        pass.links = links.iter().filter(|link| link.pass == pass.pass.number()).count() as u64;
    }
    let double = model.double_millibits(config);
    let linked_right = |right: u32| links.binary_search_by_key(&right, |l| l.right).is_ok();
    let mut asked = with_second(assigned.asked, second.unsure, linked_right, &model, double);
    asked.extend(of_links(&links, &rights, (config, &model), |link| {
        model.frequency_weight(link.pattern, model.borne_by(&lexicon, &lefts[link.left as usize]))
    }));
    let (review, review_left_out) = queue(asked, config);
    let also: Vec<Link> = second.also.iter().map(|c| of_second(c, double)).collect();
    let stats = Stats {
        left_rows: lefts.len() as u64,
        right_rows: rights.len() as u64,
        pairs_scored: passes.iter().map(|p| p.pairs_scored).sum::<u64>() + certain.pairs.len() as u64,
        certain_links: certain.pairs.len() as u64,
        decided_links: decided.same.len() as u64,
        unusable_decisions: decided.unusable,
        too_close: assigned.too_close,
        second_rows: also.len() as u64,
        review_left_out,
        passes,
        lost: lost(&lexicon, lefts, &rights, &links),
    };
    Linked { links, also, model, stats, review }
}

/// Who holds each left row by a firm link, and which right rows may be second rows: those without a
/// link or with a weak one. What a person decided stays as it is.
fn holders(
    lefts: usize,
    rights: usize,
    assigned: &Assigned,
    certain: &Certain,
    decided: &Decided,
    config: &Config,
) -> (Vec<u32>, Vec<bool>) {
    let mut holder = vec![FREE; lefts];
    let mut open: Vec<bool> = (0..rights as u32).map(|r| !decided.settles_right(r)).collect();
    let chosen = assigned.chosen.iter().map(of_chosen);
    let firm = chosen.filter(|l| l.probability_thousandths >= config.weak_probability_thousandths).map(|l| (l.left, l.right));
    for (left, right) in certain.pairs.iter().map(|(l, r, _)| (*l, *r)).chain(firm) {
        open[right as usize] = false;
        let slot = &mut holder[left as usize];
        if *slot == FREE && !decided.settles_left(left) {
            *slot = right;
        }
    }
    (holder, open)
}

/// Questions about rows without a link: of the best free and the best taken person the likelier.
pub(crate) fn with_second(
    mut asked: Vec<(Chosen, ReviewReason)>,
    unsure: Vec<Chosen>,
    is_linked: impl Fn(u32) -> bool,
    model: &Model,
    double: i32,
) -> Vec<ReviewPair> {
    asked.extend(unsure.into_iter().filter(|c| !is_linked(c.weighed.edge.right)).map(|c| (c, ReviewReason::SecondRow)));
    asked.sort_unstable_by_key(|(c, why)| (c.weighed.edge.right, -c.weighed.weight, *why));
    asked.dedup_by_key(|(c, _)| c.weighed.edge.right);
    let rarer = |why: ReviewReason| if why == ReviewReason::SecondRow { double } else { 0 };
    asked.iter().map(|(c, why)| ReviewPair::new(c, *why, model, rarer(*why))).collect()
}

/// Chance shares from random pairs, true shares from the start, name counts from the spine.
fn first_model(lexicon: &Lexicon, lefts: &[Record], rights: &[Record], certain: &Certain, config: &Config) -> Model {
    let chance = chance_shares(&random_pairs(lexicon, lefts, rights, certain, config));
    let mut keys: Vec<u64> = lefts.par_iter().filter_map(|r| name_key(lexicon, r)).collect();
    let names = NameCounts::new(&mut keys, Model::whole_name(&chance), config);
    let mut model = Model::new(start_shares(), chance, names);
    model.set_prior(FIRST_COVERAGE, lefts.len(), config);
    model
}

pub(crate) fn of_chosen(chosen: &Chosen) -> Link {
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

/// The link of a second row: less probable than its weight says, since second rows are rare.
pub(crate) fn of_second(chosen: &Chosen, double: i32) -> Link {
    let link = of_chosen(chosen);
    let runner_up = chosen.runner_up.map(|(_, r)| r);
    Link { probability_thousandths: probability_thousandths(link.weight_millibits + double, runner_up), ..link }
}

pub(crate) fn fixed_link(left: u32, right: u32, pattern: Pattern, pass: Pass, weight: i32) -> Link {
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
