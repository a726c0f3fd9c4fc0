//! Weighing all candidates, cheap fields first: a pair that the rest cannot save is not compared further.

use rayon::prelude::*;

use super::choose::{ScoredPair, plain};
use super::compare::Fields;
use super::level::{MOST_LEVELS, levels, missing};
use super::marks::different;
use super::model::{Model, Tie};
use super::passes::{Candidates, Pass, candidates};
use super::pool::{EMPTY, Values};
use super::spec::{Kind, MAX_FIELDS};

/// Left rows scored at a time: what their candidates hold should stay in the cache of a core.
const PART: usize = 1_024;

/// Scores all candidates; gives those of at least this weight, ascending by row, and the number of all.
pub(crate) fn score(fields: &Fields, model: &Model, passes: &[Pass], least: i32) -> (Vec<ScoredPair>, u64) {
    let bounds = Bounds::new(fields, model);
    let part = |batch: &mut Batch, from: usize| {
        batch.fill(fields, passes, from..(from + PART).min(fields.lefts));
        (batch.weigh(fields, model, &bounds, least), batch.pairs.len() as u64)
    };
    let parts: Vec<(Vec<ScoredPair>, u64)> =
        (0..fields.lefts).into_par_iter().step_by(PART).map_init(Batch::default, part).collect();
    let mut kept = Vec::with_capacity(parts.iter().map(|p| p.0.len()).sum());
    let count = parts.iter().map(|p| p.1).sum();
    parts.into_iter().for_each(|p| kept.extend(p.0));
    (kept, count)
}

/// Level of a field that is known to differ and not yet how.
const OPEN: u8 = MOST_LEVELS as u8;
type Levels = [u8; MAX_FIELDS];

#[derive(Debug, Clone, Copy)]
struct Candidate {
    left: u32,
    right: u32,
    pass: u8,
}

/// The candidates of some left rows.
#[derive(Debug, Default)]
struct Batch {
    found: Candidates,
    /// Row of the batch, right row and pass of what the passes bring, packed; then the same row by row.
    raw: Vec<u64>,
    by_row: Vec<u64>,
    starts: Vec<u32>,
    near: Vec<bool>,
    pairs: Vec<Candidate>,
    /// Codes of the right row of each pair.
    rights: Vec<u32>,
    /// Place of a pair that is not hopeless yet, and its levels.
    open: Vec<(u32, Levels)>,
}

impl Batch {
    fn fill(&mut self, fields: &Fields, passes: &[Pass], rows: std::ops::Range<usize>) {
        self.pairs.clear();
        self.rights.clear();
        if passes.iter().any(Pass::is_every) {
            for left in rows.start as u32..rows.end as u32 {
                candidates(fields, passes, left, &mut self.found);
                self.pairs.extend(self.found.iter().map(|(right, pass)| Candidate { left, right, pass }));
            }
        } else {
            self.gather(fields, passes, rows);
        }
        // Nothing here waits for what was read, so that reading of many rows overlaps.
        for pair in &self.pairs {
            self.rights.extend_from_slice(fields.right_row(pair.right));
        }
    }

    /// What [`candidates`] gives of each row, pass by pass: reading the blocks of many rows then overlaps.
    fn gather(&mut self, fields: &Fields, passes: &[Pass], rows: std::ops::Range<usize>) {
        let first = rows.start as u32;
        self.raw.clear();
        self.starts.clear();
        self.starts.resize(rows.len() + 1, 0);
        for (number, pass) in passes.iter().enumerate() {
            for (at, start) in self.starts.iter_mut().skip(1).enumerate() {
                let list = pass.of(first + at as u32);
                *start += list.len() as u32;
                self.raw.extend(list.iter().map(|right| (at as u64) << 40 | u64::from(*right) << 8 | number as u64));
            }
        }
        for at in 1..self.starts.len() {
            self.starts[at] += self.starts[at - 1];
        }
        self.by_row.clear();
        self.by_row.resize(self.raw.len(), 0);
        for packed in &self.raw {
            let next = &mut self.starts[(packed >> 40) as usize];
            self.by_row[*next as usize] = *packed;
            *next += 1;
        }
        // Each start has moved to the end of its row.
        let mut from = 0;
        for (at, end) in self.starts.iter().take(rows.len()).enumerate() {
            let left = first + at as u32;
            let own = &mut self.by_row[from..*end as usize];
            from = *end as usize;
            own.sort_unstable();
            let mut last = None;
            for packed in own.iter() {
                let right = (packed >> 8) as u32;
                if last != Some(right) && (!fields.one_table || right > left) {
                    self.pairs.push(Candidate { left, right, pass: *packed as u8 });
                }
                last = Some(right);
            }
        }
    }

    fn weigh(&mut self, fields: &Fields, model: &Model, bounds: &Bounds<'_>, least: i32) -> Vec<ScoredPair> {
        let count = fields.columns.len();
        let rights = |at: u32| &self.rights[at as usize * count..][..count];
        self.open.clear();
        for (at, pair) in self.pairs.iter().enumerate() {
            let (x, y) = (fields.left_row(pair.left), rights(at as u32));
            let mut levels = [0; MAX_FIELDS];
            for (field, level) in levels.iter_mut().enumerate().take(count) {
                *level = match (x[field], y[field]) {
                    (EMPTY, _) | (_, EMPTY) => bounds.missing[field],
                    (a, b) if a == b => 0,
                    _ => OPEN,
                };
            }
            if bounds.most(&levels, x) >= least {
                self.open.push((at as u32, levels));
            }
        }
        for field in bounds.order.iter().copied() {
            let codes = |at: u32| (fields.left_row(self.pairs[at as usize].left)[field], rights(at)[field]);
            self.near.clear();
            if let Values::Marks(marks) = fields.columns[field].values.as_ref() {
                let kind = fields.columns[field].kind;
                let near = |(at, levels): &(u32, Levels)| {
                    let (a, b) = codes(*at);
                    levels[field] == OPEN && marks.may_agree(kind, a, b)
                };
                self.near.extend(self.open.iter().map(near));
            }
            let mut near = self.near.iter();
            let still = |(at, levels): &mut (u32, Levels)| {
                let is_near = near.next();
                if levels[field] != OPEN {
                    return true;
                }
                let x = fields.left_row(self.pairs[*at as usize].left);
                levels[field] = match is_near {
                    Some(false) => different(fields.columns[field].kind),
                    _ => fields.level(field, x, rights(*at)),
                };
                bounds.most(levels, x) >= least
            };
            self.open.retain_mut(still);
        }
        let mut kept = Vec::new();
        for (at, levels) in &self.open {
            let pair = &self.pairs[*at as usize];
            let pattern =
                levels.iter().take(count).enumerate().fold(0, |all, (field, level)| all | u64::from(*level) << (4 * field));
            let weight = model.weight(fields, pair.left, pattern);
            if weight >= least {
                kept.push(plain(pair.left, pair.right, weight, pair.pass));
            }
        }
        kept
    }
}

/// What a tie adds by level of the parent, then of the child; the last level of both is [`OPEN`].
type MostOfTie = Box<[[i32; MOST_LEVELS + 1]; MOST_LEVELS + 1]>;

/// The most that a pair can weigh by what is known of it.
struct Bounds<'m> {
    model: &'m Model,
    /// Fields, those that are cheap to compare first.
    order: Vec<usize>,
    missing: Levels,
    /// Weight of each level, and the most of those that differ, by field.
    weights: Vec<[i32; MOST_LEVELS + 1]>,
    /// Whether part of the rarity of a value may be no news.
    is_child: Vec<bool>,
    /// Parent, child and what the tie adds at most.
    ties: Vec<(usize, usize, MostOfTie)>,
}

impl<'m> Bounds<'m> {
    fn new(fields: &Fields, model: &'m Model) -> Self {
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

    fn most(&self, known: &Levels, left: &[u32]) -> i32 {
        let mut sum = self.model.prior_millibits;
        for (field, weights) in self.weights.iter().enumerate() {
            sum += weights[usize::from(known[field])];
            let rarity = &self.model.rarity[field];
            if !rarity.is_empty() && known[field] == 0 && left[field] != EMPTY {
                let whole = rarity[left[field] as usize];
                // Taken in part, or not at all: never less than nothing then.
                sum += if self.is_child[field] { whole.max(0) } else { whole };
            }
        }
        for (parent, child, most) in &self.ties {
            sum += most[usize::from(known[*parent])][usize::from(known[*child])];
        }
        sum
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
