//! The most that a pair can weigh by what is known of it: what cannot be saved any more is not compared further.

use super::compare::Fields;
use super::level::{MOST_LEVELS, levels, missing};
use super::model::{Model, Tie};
use super::pool::EMPTY;
use super::spec::{Kind, MAX_FIELDS};

/// Level of a field that is known to differ and not yet how.
pub(crate) const OPEN: u8 = MOST_LEVELS as u8;

/// The levels of all fields of a pair, as far as they are known.
pub(crate) type Levels = [u8; MAX_FIELDS];

/// What a tie adds by level of the parent, then of the child; the last level of both is [`OPEN`].
type MostOfTie = Box<[[i32; MOST_LEVELS + 1]; MOST_LEVELS + 1]>;

/// The most that pairs can weigh.
pub(crate) struct Bounds<'m> {
    model: &'m Model,
    /// Fields, those that are cheap to compare first.
    pub order: Vec<usize>,
    /// The level "missing" of each field.
    pub missing: Levels,
    /// Weight of each level, and the most of those that differ, by field.
    weights: Vec<[i32; MOST_LEVELS + 1]>,
    /// Whether part of the rarity of a value may be no news.
    is_child: Vec<bool>,
    /// Parent, child and what the tie adds at most.
    ties: Vec<(usize, usize, MostOfTie)>,
}

/// What the values of a left row weigh where a right row has the same, by field.
pub(crate) type Same = [i32; MAX_FIELDS];

impl<'m> Bounds<'m> {
    /// The bounds of a model.
    pub(crate) fn new(fields: &Fields, model: &'m Model) -> Self {
        let kinds: Vec<Kind> = fields.columns.iter().map(|c| c.kind).collect();
        let mut order: Vec<usize> = (0..kinds.len()).collect();
        order.sort_by_key(|field| (cost(kinds[*field]), *field));
        let weights = |field: usize| {
            let mut all = [0; MOST_LEVELS + 1];
            all[..MOST_LEVELS].copy_from_slice(&model.weights[field]);
            // Two values are never the same: those alike in every respect have one code.
            all[MOST_LEVELS] = all[1..levels(kinds[field]).len() - 1].iter().copied().max().unwrap_or(0);
            all
        };
        let mut missing_levels = [0; MAX_FIELDS];
        kinds.iter().zip(&mut missing_levels).for_each(|(kind, level)| *level = missing(*kind));
        Self {
            model,
            order,
            missing: missing_levels,
            weights: (0..kinds.len()).map(weights).collect(),
            is_child: (0..kinds.len()).map(|field| model.ties.iter().any(|tie| tie.child == field)).collect(),
            ties: model.ties.iter().map(|tie| (tie.parent, tie.child, most_of(tie))).collect(),
        }
    }

    /// What the values of a left row weigh where a right row has the same: never less than they do.
    pub(crate) fn same(&self, left: &[u32]) -> Same {
        let mut out = [0; MAX_FIELDS];
        for (field, weights) in self.weights.iter().enumerate() {
            out[field] = weights[0];
            let rarity = &self.model.rarity[field];
            if !rarity.is_empty() && left[field] != EMPTY {
                let whole = rarity[left[field] as usize];
                // Taken in part, or not at all: never less than nothing then.
                out[field] += if self.is_child[field] { whole.max(0) } else { whole };
            }
        }
        out
    }

    /// The most that a pair of these levels can weigh.
    #[inline]
    pub(crate) fn most(&self, known: &Levels, same: &Same) -> i32 {
        let mut sum = self.model.prior_millibits;
        for (field, weights) in self.weights.iter().enumerate() {
            sum += if known[field] == 0 { same[field] } else { weights[usize::from(known[field])] };
        }
        for (parent, child, most) in &self.ties {
            sum += most[usize::from(known[*parent])][usize::from(known[*child])];
        }
        sum
    }

    /// The most a pair can weigh once an open field is known, from what it was before.
    pub(crate) fn settled(&self, most: i32, known: &mut Levels, field: usize, level: u8) -> i32 {
        let weights = &self.weights[field];
        let of_ties = |known: &Levels| -> i32 {
            let own = self.ties.iter().filter(|(parent, child, _)| *parent == field || *child == field);
            own.map(|(parent, child, most)| most[usize::from(known[*parent])][usize::from(known[*child])]).sum()
        };
        let before = weights[usize::from(known[field])] + of_ties(known);
        known[field] = level;
        most - before + weights[usize::from(level)] + of_ties(known)
    }
}

/// What a tie adds by both levels; where one is open, the most it can be.
fn most_of(tie: &Tie) -> MostOfTie {
    let mut out = Box::new([[0; MOST_LEVELS + 1]; MOST_LEVELS + 1]);
    for (x, row) in tie.millibits.iter().enumerate() {
        out[x][..MOST_LEVELS].copy_from_slice(row);
        out[x][MOST_LEVELS] = row.iter().copied().max().unwrap_or(0);
    }
    for y in 0..=MOST_LEVELS {
        out[MOST_LEVELS][y] = (0..MOST_LEVELS).map(|x| out[x][y]).max().unwrap_or(0);
    }
    out
}

/// How dear it is to compare two values that differ.
fn cost(kind: Kind) -> u8 {
    match kind {
        Kind::Year | Kind::Number | Kind::Date => 0,
        Kind::Code | Kind::Postcode => 1,
        Kind::Id => 2,
        Kind::VietnameseName => 3,
        Kind::PersonName => 4,
        Kind::Place | Kind::Text => 5,
    }
}
