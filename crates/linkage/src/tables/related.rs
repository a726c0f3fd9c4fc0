//! Pairs that share much and are not the same: people of one household, rows of one firm.
//!
//! A mixture of "the same" and "any two rows" knows no household. Its people agree in surname, street, town and
//! telephone, far more often than two rows do by chance, and where they outnumber true pairs learning would take
//! them for true ones. They are therefore a kind of false pair of their own, with its own prior and shares.
//! What belongs to one person (numbers and dates) agrees among them by chance only: that tells them from copies.

use super::compare::Fields;
use super::level::{MOST_LEVELS, levels, missing, of_pattern};
use super::model::{Model, Shares, millibits};
use super::spec::{Kind, MAX_FIELDS};

/// Related pairs' worth of trust in the shares learning starts from.
const START_PAIRS: f64 = 20.0;
/// Where learning starts: so many related pairs for a true one.
const START_RELATED: f64 = 0.5;
/// What related pairs share at the start of what may be shared, of names half of it.
const START_SHARED: f64 = 0.5;

/// What is known of related pairs.
#[derive(Debug, Clone)]
pub(crate) struct Related {
    /// How often related pairs are on each level.
    shares: Shares,
    /// Thousandths of a bit by which each level is likelier among related pairs than among any two rows.
    pub weights: [[i32; MOST_LEVELS]; MAX_FIELDS],
    /// Whether what is the same is so because it is shared, not by chance.
    pub is_shared: [bool; MAX_FIELDS],
    /// How many related pairs there are for one of any two rows, in thousandths of a bit.
    pub prior_millibits: i32,
}

/// Whether a field belongs to one person or thing alone.
fn is_own(kind: Kind) -> bool {
    matches!(kind, Kind::Id | Kind::Date)
}

impl Related {
    /// Where learning starts; `None` where no field tells a relative from a copy, or nothing can be shared.
    pub(crate) fn start(fields: &Fields, matched: &Shares, chance: &Shares, prior: f64) -> Option<Self> {
        let own = fields.columns.iter().filter(|column| is_own(column.kind)).count();
        if own == 0 || own == fields.columns.len() {
            return None;
        }
        let mut shares = *chance;
        for (field, column) in fields.columns.iter().enumerate().filter(|(_, column)| !is_own(column.kind)) {
            let is_name = matches!(column.kind, Kind::PersonName | Kind::VietnameseName);
            let part = if is_name { START_SHARED / 2.0 } else { START_SHARED };
            for level in 0..usize::from(missing(column.kind)) {
                shares[field][level] = part * matched[field][level] + (1.0 - part) * chance[field][level];
            }
        }
        Some(Self::new(fields, shares, chance, START_RELATED * prior))
    }

    /// What is learned of false pairs, each weighed by how likely it is related.
    pub(crate) fn learned(&self, fields: &Fields, sums: &Shares, chance: &Shares, prior: f64) -> Self {
        let mut shares = *chance;
        for (field, column) in fields.columns.iter().enumerate().filter(|(_, column)| !is_own(column.kind)) {
            let last = usize::from(missing(column.kind));
            let all: f64 = sums[field][..last].iter().sum();
            for level in 0..last {
                // Trusted to be chance until many are seen: no relatives are made up where there are none.
                shares[field][level] = (sums[field][level] + START_PAIRS * chance[field][level]) / (all + START_PAIRS);
            }
        }
        Self::new(fields, shares, chance, prior)
    }

    fn new(fields: &Fields, shares: Shares, chance: &Shares, prior: f64) -> Self {
        let mut weights = [[0; MOST_LEVELS]; MAX_FIELDS];
        let mut is_shared = [false; MAX_FIELDS];
        for (field, column) in fields.columns.iter().enumerate() {
            for level in 0..levels(column.kind).len() - 1 {
                weights[field][level] = millibits(shares[field][level] / chance[field][level].max(1e-12));
            }
            is_shared[field] = shares[field][0] > 2.0 * chance[field][0];
        }
        Self { shares, weights, is_shared, prior_millibits: millibits(prior) }
    }

    /// Share of all pairs that are related and have the same value of a field.
    pub(crate) fn same(&self, field: usize) -> f64 {
        libm::exp2(f64::from(self.prior_millibits) / 1_000.0) * self.shares[field][0]
    }
}

impl Model {
    /// How much likelier a false pair is related than any two rows, in thousandths of a bit; without rarity.
    pub(crate) fn related_millibits(&self, pattern: u64, fields: usize) -> Option<i32> {
        let related = self.related.as_ref()?;
        let plain: i32 = (0..fields).map(|field| related.weights[field][of_pattern(pattern, field)]).sum();
        // What any two rows share together is chance already.
        let ties = self.ties.iter().map(|tie| tie.by_chance[of_pattern(pattern, tie.parent)][of_pattern(pattern, tie.child)]);
        Some(related.prior_millibits + plain + ties.sum::<i32>())
    }
}

/// The share of false pairs of a pattern that are related.
pub(crate) fn share(related_millibits: Option<i32>) -> f64 {
    related_millibits.map_or(0.0, |bits| 1.0 / (1.0 + libm::exp2(-f64::from(bits) / 1_000.0)))
}

/// What the chance of being related takes off a weight: log2(1 + odds), in thousandths of a bit, never above 0.
pub(crate) fn discount(related_millibits: Option<i32>) -> i32 {
    let Some(bits) = related_millibits else { return 0 };
    match bits {
        ..=-14_000 => 0,
        40_000.. => -bits,
        _ => -(libm::log2(1.0 + libm::exp2(f64::from(bits) / 1_000.0)) * 1_000.0).round() as i32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_related_weighs_less_and_nothing_weighs_more() {
        assert_eq!((discount(None), discount(Some(-20_000)), discount(Some(0))), (0, 0, -1_000));
        assert_eq!(discount(Some(50_000)), -50_000);
        let all: Vec<i32> = (-30..60).map(|bits| discount(Some(bits * 1_000))).collect();
        assert!(all.is_sorted_by(|a, b| a >= b) && all[0] <= 0, "{all:?}");
        assert_eq!((share(None), share(Some(0))), (0.0, 0.5));
    }
}
