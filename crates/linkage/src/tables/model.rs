//! How much each level of each field speaks for a pair of rows of any tables.

use rayon::prelude::*;
use serde::Serialize;

use super::compare::Fields;
use super::level::{MOST_LEVELS, counts_frequency, levels, of_pattern};
use super::pool::EMPTY;
use super::related::{Related, discount};
use super::spec::MAX_FIELDS;

/// A probability for every level of every field.
pub(crate) type Shares = [[f64; MOST_LEVELS]; MAX_FIELDS];

/// Least and greatest weight of one field, in thousandths of a bit.
const BOUND: f64 = 30_000.0;
/// Rows of chance that stand behind every value, so that a value seen once is not infinitely rare.
const CHANCE_ROWS: f64 = 0.3;

/// Two fields that agree together by chance more often than each alone would: street and town.
#[derive(Debug, Clone)]
pub(crate) struct Tie {
    pub parent: usize,
    pub child: usize,
    /// What is added to the weight of the child, by level of the parent, then of the child.
    pub millibits: [[i32; MOST_LEVELS]; MOST_LEVELS],
    /// The part of it that is chance: how much likelier both levels come together, as a weight; never above 0.
    pub by_chance: [[i32; MOST_LEVELS]; MOST_LEVELS],
    /// How much of the rarity of the child's value is news where the parent is the same.
    pub news: f64,
}

/// What linking learned.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    pub matched: Shares,
    pub chance: Shares,
    pub weights: [[i32; MOST_LEVELS]; MAX_FIELDS],
    pub ties: Vec<Tie>,
    /// False pairs that share much.
    pub related: Option<Related>,
    pub prior_millibits: i32,
    /// What the rarity of each value adds where both rows have it, by field and value.
    pub rarity: Vec<Vec<i32>>,
}

/// Thousandths of a bit of a ratio of probabilities.
pub(crate) fn millibits(ratio: f64) -> i32 {
    (libm::log2(ratio.max(1e-12)) * 1_000.0).round().clamp(-BOUND, BOUND) as i32
}

/// The probability of a weight, in thousandths.
pub(crate) fn probability_thousandths(weight: i32) -> u16 {
    (1_000.0 / (1.0 + libm::exp2(-f64::from(weight) / 1_000.0))).round() as u16
}

/// One part of a weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldPart {
    /// The field's name in the specification.
    pub field: String,
    /// On which level it agrees.
    pub level: &'static str,
    /// What the level adds, in thousandths of a bit.
    pub millibits: i32,
    /// What the rarity or commonness of the shared value adds.
    pub rarity_millibits: i32,
    /// What is taken off (or added) because the field goes together with another one.
    pub tie_millibits: i32,
}

impl Model {
    /// A model of these shares; rarity comes last, by [`Self::with_rarity`].
    pub(crate) fn new(fields: &Fields, matched: Shares, chance: Shares, ties: Vec<Tie>, prior: f64) -> Self {
        let mut weights = [[0; MOST_LEVELS]; MAX_FIELDS];
        for (field, column) in fields.columns.iter().enumerate() {
            for level in 0..levels(column.kind).len() - 1 {
                weights[field][level] = millibits(matched[field][level] / chance[field][level]);
            }
        }
        let prior_millibits = millibits(prior / (1.0 - prior));
        Self { matched, chance, weights, ties, related: None, prior_millibits, rarity: Vec::new() }
    }

    /// The model with these related pairs.
    pub(crate) fn with_related(self, related: Option<Related>) -> Self {
        Self { related, ..self }
    }

    /// The model with what the rarity of every value adds.
    pub(crate) fn with_rarity(mut self, fields: &Fields) -> Self {
        self.rarity = (0..fields.columns.len()).into_par_iter().map(|field| self.rarity_of(fields, field)).collect();
        self
    }

    fn rarity_of(&self, fields: &Fields, field: usize) -> Vec<i32> {
        let column = &fields.columns[field];
        if !counts_frequency(column.kind) {
            return Vec::new();
        }
        let (lefts, rights) = column.counts.iter().fold((0.0, 0.0), |(l, r), c| (l + f64::from(c.0), r + f64::from(c.1)));
        let of = |count: &(u32, u32)| {
            // Of the rows with this value one is the pair itself; the others share it by chance.
            let (held, rows) = match fields.one_table {
                true => (f64::from(count.0), lefts),
                false => (f64::from(count.0 + count.1) / 2.0, (lefts + rights) / 2.0),
            };
            let share = ((held - 1.0).max(0.0) + CHANCE_ROWS) / rows.max(1.0);
            millibits(self.chance[field][0] / share.min(1.0))
        };
        column.counts.iter().map(of).collect()
    }

    /// Weight of a pattern without prior and rarity.
    pub(crate) fn evidence(&self, pattern: u64, fields: usize) -> i32 {
        self.agreement(pattern, fields) + discount(self.related_millibits(pattern, fields))
    }

    /// The same before related pairs are thought of.
    fn agreement(&self, pattern: u64, fields: usize) -> i32 {
        let plain: i32 = (0..fields).map(|field| self.weights[field][of_pattern(pattern, field)]).sum();
        plain
            + self
                .ties
                .iter()
                .map(|tie| tie.millibits[of_pattern(pattern, tie.parent)][of_pattern(pattern, tie.child)])
                .sum::<i32>()
    }

    /// What the rarity of the values adds for a field of a pair.
    fn rarity_part(&self, fields: &Fields, field: usize, left: u32, pattern: u64) -> i32 {
        let list = &self.rarity[field];
        if list.is_empty() || of_pattern(pattern, field) != 0 {
            return 0;
        }
        let code = fields.left_row(left)[field];
        if code == EMPTY {
            return 0;
        }
        let whole = list[code as usize];
        let tied = self.ties.iter().find(|tie| tie.child == field && of_pattern(pattern, tie.parent) == 0);
        tied.map_or(whole, |tie| (f64::from(whole) * tie.news) as i32)
    }

    /// The weight of a pair, prior and all.
    pub(crate) fn weight(&self, fields: &Fields, left: u32, pattern: u64) -> i32 {
        let count = fields.columns.len();
        let rarity: i32 = (0..count).map(|field| self.rarity_part(fields, field, left, pattern)).sum();
        self.prior_millibits + self.agreement(pattern, count) + rarity + self.related_part(fields, left, pattern)
    }

    /// What is taken off because the pair may share what it shares and not be the same.
    pub(crate) fn related_part(&self, fields: &Fields, left: u32, pattern: u64) -> i32 {
        let Some(related) = &self.related else { return 0 };
        let count = fields.columns.len();
        // A rare value that a household shares is no rarer in it.
        let shared = (0..count).filter(|field| related.is_shared[*field]);
        let rarity: i32 = shared.map(|field| self.rarity_part(fields, field, left, pattern)).sum();
        discount(self.related_millibits(pattern, count).map(|bits| bits + rarity))
    }

    /// The weight taken apart; prior and parts add up to it.
    pub(crate) fn parts(&self, fields: &Fields, names: &[String], left: u32, pattern: u64) -> Vec<FieldPart> {
        let part = |(field, name): (usize, &String)| {
            let level = of_pattern(pattern, field);
            let tie = |tie: &Tie| if tie.child == field { tie.millibits[of_pattern(pattern, tie.parent)][level] } else { 0 };
            FieldPart {
                field: name.clone(),
                level: levels(fields.columns[field].kind)[level].name,
                millibits: self.weights[field][level],
                rarity_millibits: self.rarity_part(fields, field, left, pattern),
                tie_millibits: self.ties.iter().map(tie).sum(),
            }
        };
        names.iter().enumerate().map(part).collect()
    }
}
