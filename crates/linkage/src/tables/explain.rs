//! Why two rows of any tables are linked or not.

use serde::Serialize;

use super::model::FieldPart;

/// A pair taken apart: the prior, the three figures of every part and what is taken off for
/// related pairs sum to the total exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PairExplained {
    /// Weight before anything is compared, in thousandths of a bit.
    pub prior_millibits: i32,
    /// One part a field, in the order of the specification.
    pub parts: Vec<FieldPart>,
    /// What is taken off because the pair may share what it shares without being the same; never above 0.
    pub related_millibits: i32,
    /// The pair's weight, in thousandths of a bit.
    pub total_millibits: i32,
    /// Probability that both rows are the same, in thousandths.
    pub probability_thousandths: u16,
    /// Number of the pass that found the pair; `None`: no pass did, it was compared for this page only.
    pub pass: Option<u8>,
    /// Lead over the next best pair of either row, in thousandths of a bit.
    pub margin_millibits: Option<i32>,
    /// Whether it became a link.
    pub linked: bool,
}
