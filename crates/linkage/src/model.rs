//! How much each level of each field speaks for a pair.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::hash::join;
use crate::level::{FIELDS, FieldName, LEVELS, LevelName, Pattern};
use crate::lexicon::Lexicon;
use crate::prepared::Prepared;
use crate::record::Record;

/// Levels of the field with the most.
pub(crate) const MOST_LEVELS: usize = 16;

/// Name levels on which the letters of the whole name agree, so that its frequency counts.
const WHOLE_NAME_LEVELS: usize = 6;

/// A probability for every level of every field.
pub(crate) type Shares = [[f64; MOST_LEVELS]; FIELDS];

/// A weight for every level of every field, in thousandths of a bit.
pub(crate) type Weights = [[i32; MOST_LEVELS]; FIELDS];

/// What linking learned: weights of levels, the prior, and how frequent names are.
///
/// Weights are thousandths of a bit, so sums are exact and the same on every machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Model {
    pub(crate) weights: Weights,
    pub(crate) matched: Shares,
    pub(crate) chance: Shares,
    pub(crate) prior_millibits: i32,
    /// Share of right rows that have a partner, in thousandths.
    pub(crate) coverage_thousandths: u16,
    pub(crate) names: NameCounts,
}

/// One line of the model for an officer or a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LevelWeight {
    /// The field.
    pub field: FieldName,
    /// The level.
    pub level: LevelName,
    /// How often true pairs agree on it, in millionths of the comparable ones.
    pub matched_millionths: u32,
    /// How often chance pairs do, in millionths.
    pub chance_millionths: u32,
    /// Weight in thousandths of a bit.
    pub millibits: i32,
}

impl Model {
    /// A model of the given shares; missing levels weigh nothing.
    pub(crate) fn new(matched: Shares, chance: Shares, names: NameCounts) -> Self {
        let mut weights = [[0; MOST_LEVELS]; FIELDS];
        for (field, levels) in LEVELS.iter().enumerate() {
            for level in 0..levels.len() - 1 {
                weights[field][level] = millibits(matched[field][level] / chance[field][level]);
            }
        }
        Self { weights, matched, chance, prior_millibits: 0, coverage_thousandths: 0, names }
    }

    /// Sets the prior: of `left` people each is as likely the partner of a right row that has one.
    pub(crate) fn set_prior(&mut self, coverage: f64, left: usize, config: &Config) {
        let coverage = coverage.clamp(0.01, 0.9);
        let people = left.max(config.population_floor as usize) as f64;
        self.coverage_thousandths = libm::round(coverage * 1000.0) as u16;
        self.prior_millibits = millibits(coverage / ((1.0 - coverage) * people));
    }

    /// What is added to the weight of a row whose person has a row already: second rows are rarer than
    /// partners. Thousandths of a bit, below 0 as a rule.
    pub(crate) fn double_millibits(&self, config: &Config) -> i32 {
        millibits(f64::from(config.double_share_thousandths.max(1)) / f64::from(self.coverage_thousandths.max(1)))
    }

    /// The prior: weight of a pair of which nothing is compared, in thousandths of a bit.
    pub fn prior_millibits(&self) -> i32 {
        self.prior_millibits
    }

    /// Every level with its shares and weight, in the order of fields and levels.
    pub fn level_weights(&self) -> Vec<LevelWeight> {
        let millionths = |share: f64| libm::round(share * 1e6) as u32;
        let mut out = Vec::new();
        for (at, (field, levels)) in FieldName::COMPARED.iter().zip(LEVELS).enumerate() {
            for (code, level) in levels.iter().enumerate().take(levels.len() - 1) {
                out.push(LevelWeight {
                    field: *field,
                    level: *level,
                    matched_millionths: millionths(self.matched[at][code]),
                    chance_millionths: millionths(self.chance[at][code]),
                    millibits: self.weights[at][code],
                });
            }
        }
        out
    }

    /// How often the letters of whole names agree by chance.
    pub(crate) fn whole_name(chance: &Shares) -> f64 {
        chance[0][..WHOLE_NAME_LEVELS].iter().sum()
    }

    /// How many people of the spine bear the name of a record; at least one.
    pub(crate) fn borne_by(&self, lexicon: &Lexicon, record: &Record) -> u32 {
        name_key(lexicon, record).map_or(1, |key| self.names.count(key))
    }

    /// Prior and compared fields, without the frequency of the name.
    pub(crate) fn pattern_weight(&self, pattern: Pattern) -> i32 {
        (0..FIELDS).map(|field| self.weights[field][pattern.code(field)]).sum::<i32>() + self.prior_millibits
    }

    /// What the frequency of the name adds, where the whole name agrees.
    pub(crate) fn frequency_weight(&self, pattern: Pattern, count: u32) -> i32 {
        if pattern.code(0) < WHOLE_NAME_LEVELS { self.names.weight(count) } else { 0 }
    }
}

/// How many people of the spine bear each name, without marks and in any order of syllables.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct NameCounts {
    /// Names borne by at least two, ascending by key.
    shared: Vec<(u64, u32)>,
    /// Thousandths of a bit of the share of an average pair's name.
    average: i32,
    people: f64,
    /// Pseudo-people of an average name, so that counts of a short list mean little.
    pseudo: f64,
}

impl NameCounts {
    /// Counts the keys of all rows of the spine. `chance` is how often whole names agree by chance.
    pub(crate) fn new(keys: &mut [u64], chance: f64, config: &Config) -> Self {
        let people = keys.len();
        Self::of(Self::shared(keys), people, chance, config)
    }

    /// The keys that stand more than once, ascending, with how often.
    pub(crate) fn shared(keys: &mut [u64]) -> Vec<(u64, u32)> {
        keys.par_sort_unstable();
        let runs = keys.chunk_by(|a, b| a == b).filter(|run| run.len() > 1);
        runs.map(|run| (run[0], run.len() as u32)).collect()
    }

    /// Counts of names already counted among so many people.
    pub(crate) fn of(shared: Vec<(u64, u32)>, people: usize, chance: f64, config: &Config) -> Self {
        let floor = f64::from(config.population_floor);
        Self { shared, average: millibits(chance), people: people as f64 + floor, pseudo: floor * chance }
    }

    /// How many people of the spine bear the name of this key; at least one.
    pub(crate) fn count(&self, key: u64) -> u32 {
        self.shared.binary_search_by_key(&key, |(k, _)| *k).map_or(1, |at| self.shared[at].1)
    }

    fn weight(&self, count: u32) -> i32 {
        self.average - millibits((f64::from(count) + self.pseudo) / self.people)
    }
}

/// The key under which a name is counted; `None` without a name.
pub(crate) fn name_key(lexicon: &Lexicon, record: &Record) -> Option<u64> {
    let (letters, n) = lexicon.sorted_letters(record);
    (n > 0).then(|| letters[..n].iter().fold(n as u64, |key, l| join(key, *l)))
}

/// The name key of a row, from its own roster alone.
pub(crate) fn name_key_of(roster: &Prepared, row: u32) -> Option<u64> {
    let record = roster.records.get(row as usize)?;
    let n = usize::from(record.syllables);
    let mut letters: Vec<u64> = record.name[..n].iter().map(|c| roster.syllables[*c as usize].letters).collect();
    letters.sort_unstable();
    (n > 0).then(|| letters.iter().fold(n as u64, |key, l| join(key, *l)))
}

/// Thousandths of a bit of a ratio.
pub(crate) fn millibits(ratio: f64) -> i32 {
    libm::round(1000.0 * libm::log2(ratio)) as i32
}

/// Two to the power of thousandths of a bit.
pub(crate) fn odds(millibits: i32) -> f64 {
    libm::exp2(f64::from(millibits.clamp(-400_000, 400_000)) / 1000.0)
}

/// Probability of a candidate in thousandths, against no partner at all and against its runner-up.
pub(crate) fn probability_thousandths(weight: i32, runner_up: Option<i32>) -> u16 {
    let against = odds(-weight) + runner_up.map_or(0.0, |r| odds(r.saturating_sub(weight)));
    libm::round(1000.0 / (1.0 + against)) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probability_counts_the_runner_up() {
        assert_eq!(probability_thousandths(0, None), 500);
        assert_eq!(probability_thousandths(20_000, None), 1000);
        assert_eq!(probability_thousandths(20_000, Some(20_000)), 500);
        assert_eq!(probability_thousandths(-90_000, None), 0);
    }

    #[test]
    fn a_rare_name_says_more() {
        let mut keys: Vec<u64> = (0..50_000u64).map(|i| if i < 500 { 7 } else { i + 100 }).collect();
        let names = NameCounts::new(&mut keys, 1e-4, &Config::default());
        assert_eq!((names.count(7), names.count(50_050), names.count(3)), (500, 1, 1));
        assert!(names.weight(500) < names.weight(2) && names.weight(2) < names.weight(1));
        assert!(names.weight(500) < 0);
    }
}
