//! What a run may be told, and what it tells.

use serde::Serialize;

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

impl TablePass {
    /// Pairs that people decided and no pass found.
    pub(crate) fn decided(pairs: u64) -> Self {
        Self { on: "decided".to_owned(), proposed: false, pairs, refined: 0, lost_pairs: 0, estimated_loss_thousandths: 1_000 }
    }
}
