//! What a full run learned, to be kept from month to month.

use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::level::FIELDS;
use crate::model::{MOST_LEVELS, Model, NameCounts, Shares, Weights};

/// Shares as their bits.
type Bits = [[u64; MOST_LEVELS]; FIELDS];

/// Weights and shares without the counts of names, which are those of the spine of the month.
///
/// Shares are kept as their bits, so that they are the same number again whatever writes and reads them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learned {
    weights: Weights,
    matched: Bits,
    chance: Bits,
    prior_millibits: i32,
    coverage_thousandths: u16,
}

impl Learned {
    /// What this model learned.
    pub fn of(model: &Model) -> Self {
        let bits = |shares: &Shares| shares.map(|levels| levels.map(f64::to_bits));
        Self {
            weights: model.weights,
            matched: bits(&model.matched),
            chance: bits(&model.chance),
            prior_millibits: model.prior_millibits,
            coverage_thousandths: model.coverage_thousandths,
        }
    }

    /// The model for a spine whose names were counted so.
    pub(crate) fn model(&self, names: &NameTally, config: &Config) -> Model {
        let shares = |bits: &Bits| bits.map(|levels| levels.map(f64::from_bits));
        let chance = shares(&self.chance);
        Model {
            weights: self.weights,
            matched: shares(&self.matched),
            chance,
            prior_millibits: self.prior_millibits,
            coverage_thousandths: self.coverage_thousandths,
            names: names.counts(Model::whole_name(&chance), config),
        }
    }
}

/// The names of a spine, counted once for all rosters.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameTally {
    shared: Vec<(u64, u32)>,
    people: usize,
}

impl NameTally {
    /// Counts these keys.
    pub(crate) fn new(mut keys: Vec<u64>) -> Self {
        Self { people: keys.len(), shared: NameCounts::shared(&mut keys) }
    }

    fn counts(&self, chance: f64, config: &Config) -> NameCounts {
        NameCounts::of(self.shared.clone(), self.people, chance, config)
    }
}
