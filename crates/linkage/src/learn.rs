//! Learning without truth: chance agreement from random pairs, agreement of true pairs by
//! expectation and maximisation over counts of patterns.
//!
//! Patterns are counted, not pairs kept (the idea of Enamorado, Fifield and Imai, APSR 2019), so a
//! round costs the same at any size. Chance shares stay fixed while learning: candidates come from
//! blocks and say nothing about chance.

use rayon::prelude::*;

use crate::certain::Certain;
use crate::compare::compare;
use crate::config::Config;
use crate::hash::{below, join, random};
use crate::level::{FIELDS, LEVELS, PATTERNS, Pattern, code};
use crate::lexicon::Lexicon;
use crate::model::{Model, Shares, odds};
use crate::record::{NO_SYLLABLE, Record};
use crate::verdict::needs_person;

/// How often each pattern was seen.
pub(crate) type Counts = Vec<u64>;

/// Where learning starts, per field and level: share among true pairs, share among chance pairs.
/// Rates of slips as expected of typical rosters of agencies; what is learned soon outweighs them.
const START: [&[(f64, f64)]; FIELDS] = [
    &[
        (0.90, 3e-5),
        (0.03, 1e-6),
        (0.015, 1e-5),
        (0.005, 5e-6),
        (0.0002, 4e-6),
        (0.003, 8e-6),
        (0.015, 8e-5),
        (0.012, 3e-4),
        (0.006, 3e-4),
        (0.003, 6e-3),
        (0.001, 2e-3),
        (0.001, 2e-2),
        (0.0005, 1e-2),
        (0.0005, 0.15),
        (0.0003, 0.81),
    ],
    &[(0.95, 4e-5), (0.005, 2e-5), (0.006, 2e-3), (0.025, 4e-4), (0.003, 1e-3), (0.004, 0.05), (0.002, 0.946)],
    &[(0.95, 6e-7), (0.008, 4e-5), (0.02, 1e-7), (0.0005, 1e-5), (0.01, 0.99995)],
    &[(0.985, 1e-7), (0.002, 1e-5), (0.013, 0.99999)],
    &[(0.997, 0.5), (0.003, 0.5)],
    &[(0.75, 0.012), (0.10, 0.006), (0.15, 0.982)],
];
/// Weight of the start among true pairs, in pairs.
const START_PAIRS: f64 = 200.0;
/// Weight of the start among chance pairs, in pairs.
const START_CHANCE: f64 = 20_000.0;
/// Fields whose chance agreement is known better from how numbers are given than from a sample: the
/// six random digits and the province for a personal number. Year and sex in it are not counted again.
const FIXED_CHANCE: [usize; 2] = [code::ID, code::INSURANCE];
/// Random pairs drawn by one task.
const CHUNK: usize = 65_536;

/// Draws random pairs and counts their patterns; certain pairs and equal numbers are left out.
pub(crate) fn random_pairs(lexicon: &Lexicon, left: &[Record], right: &[Record], certain: &Certain, config: &Config) -> Counts {
    let all = left.len() as u64 * right.len() as u64;
    let draws = u64::from(config.random_pairs).min(all) as usize;
    let tasks = draws.div_ceil(CHUNK);
    let (lefts, rights) = (by_content(lexicon, left), by_content(lexicon, right));
    let draw = |task: usize| {
        let mut counts = vec![0u64; PATTERNS];
        for at in task * CHUNK..((task + 1) * CHUNK).min(draws) {
            let l = lefts[below(random(config.seed, 2 * at as u64), lefts.len())].1;
            let r = rights[below(random(config.seed, 2 * at as u64 + 1), rights.len())].1;
            let pattern = compare(lexicon, &left[l as usize], &right[r as usize]);
            // A true pair among few rows would teach that chance agrees.
            let same = pattern.code(code::ID) == 0 || pattern.code(code::INSURANCE) == 0;
            if !same && certain.partner_of_right(r) != Some(l) {
                counts[pattern.0 as usize] += 1;
            }
        }
        counts
    };
    (0..tasks).into_par_iter().map(draw).reduce_with(add).unwrap_or_else(|| vec![0; PATTERNS])
}

/// Rows in an order that depends on what they hold and not on where they stand in the file.
fn by_content(lexicon: &Lexicon, records: &[Record]) -> Vec<(u64, u32)> {
    let content = |(at, r): (usize, &Record)| {
        // The place in ascending order is the same whichever roster had the syllable first.
        let place = |code: u32| lexicon.rank.get(code as usize).copied().unwrap_or(NO_SYLLABLE);
        let name = r.name.iter().fold(u64::from(r.sex), |key, code| join(key, u64::from(place(*code))));
        let numbers = join(join(r.id, r.insurance), u64::from(r.old_id) << 32 | r.birth.ordered());
        let communes = r.communes.iter().fold(0, |key, c| join(key, u64::from(*c)));
        (join(join(name, numbers), communes), at as u32)
    };
    let mut order: Vec<(u64, u32)> = records.par_iter().enumerate().map(content).collect();
    order.par_sort_unstable();
    order
}

/// Adds counts of patterns.
pub(crate) fn add(mut a: Counts, b: Counts) -> Counts {
    a.iter_mut().zip(b).for_each(|(x, y)| *x += y);
    a
}

/// Shares of levels among chance pairs, out of random pairs and the start.
pub(crate) fn chance_shares(counts: &Counts) -> Shares {
    let mut shares = from_start(|(_, chance)| chance * START_CHANCE);
    for (pattern, count) in seen(counts) {
        for (field, levels) in shares.iter_mut().enumerate().filter(|(f, _)| !FIXED_CHANCE.contains(f)) {
            levels[pattern.code(field)] += count as f64;
        }
    }
    normalised(shares)
}

/// Shares of levels among true pairs before anything is learned.
pub(crate) fn start_shares() -> Shares {
    normalised(from_start(|(matched, _)| matched * START_PAIRS))
}

/// Learns how true pairs agree. `certain` are patterns of sure pairs, `scored` those of all others.
///
/// The share of right rows with a partner is learned along the way; `rights` is how many rows there are.
pub(crate) fn learn(start: Model, certain: &Counts, scored: &Counts, lefts: usize, rights: usize, config: &Config) -> Model {
    let mut model = start;
    for _ in 0..config.rounds {
        let mut shares = from_start(|(matched, _)| matched * START_PAIRS);
        let mut partners = 0.0;
        let mut take = |pattern: Pattern, pairs: f64| {
            partners += pairs;
            shares.iter_mut().enumerate().for_each(|(field, levels)| levels[pattern.code(field)] += pairs);
        };
        seen(certain).for_each(|(pattern, count)| take(pattern, count as f64));
        // Twins and siblings look like true pairs one by one; what only a person may link teaches nothing.
        seen(scored).filter(|(pattern, _)| !needs_person(*pattern)).for_each(|(pattern, count)| {
            let true_share = 1.0 / (1.0 + odds(-model.pattern_weight(pattern)));
            take(pattern, count as f64 * true_share);
        });
        let mut next = Model::new(normalised(shares), model.chance, std::mem::take(&mut model.names));
        next.set_prior(partners / (rights.max(1) as f64), lefts, config);
        model = next;
    }
    model
}

fn seen(counts: &Counts) -> impl Iterator<Item = (Pattern, u64)> + '_ {
    counts.iter().enumerate().filter(|(_, n)| **n > 0).map(|(pattern, n)| (Pattern(pattern as u32), *n))
}

fn from_start(of: impl Fn(&(f64, f64)) -> f64) -> Shares {
    let mut shares = Shares::default();
    for (slots, levels) in shares.iter_mut().zip(START) {
        slots.iter_mut().zip(levels).for_each(|(slot, level)| *slot = of(level));
    }
    shares
}

/// Divides by the sum over the levels that say something; the level "missing" gets nothing.
fn normalised(mut shares: Shares) -> Shares {
    for (slots, levels) in shares.iter_mut().zip(LEVELS) {
        let said = levels.len() - 1;
        let sum: f64 = slots[..said].iter().sum();
        slots[..said].iter_mut().for_each(|s| *s /= sum);
        slots[said] = 0.0;
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::NameCounts;

    #[test]
    fn the_start_names_every_level() {
        for (start, levels) in START.iter().zip(LEVELS) {
            assert_eq!(start.len() + 1, levels.len());
        }
    }

    #[test]
    fn learning_finds_the_rate_of_slips() {
        // 10,000 sure pairs of which 30 % lack the marks: the level must come to weigh as 0.3.
        let mut certain = vec![0u64; PATTERNS];
        certain[Pattern::new([0, 0, 0, 3, 0, 0]).0 as usize] = 7_000;
        certain[Pattern::new([1, 0, 0, 3, 0, 0]).0 as usize] = 3_000;
        let scored = vec![0u64; PATTERNS];
        let config = Config::default();
        let mut start = Model::new(start_shares(), chance_shares(&scored), NameCounts::default());
        start.set_prior(0.9, 20_000, &config);
        let model = learn(start, &certain, &scored, 20_000, 11_000, &config);
        assert!((model.matched[0][1] - 0.3).abs() < 0.01, "{}", model.matched[0][1]);
        assert_eq!(model.coverage_thousandths, 900);
    }
}
