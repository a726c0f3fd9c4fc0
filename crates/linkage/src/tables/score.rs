//! Weighing all candidates, cheap fields first: a pair that the rest cannot save is not compared further.

use rayon::prelude::*;

use super::bounds::{Bounds, Levels, OPEN};
use super::choose::{ScoredPair, plain};
use super::compare::Fields;
use super::date::PackedDate;
use super::gather::Gathered;
use super::marks::{different, may_agree};
use super::model::Model;
use super::passes::Pass;
use super::pool::EMPTY;
use super::rows::two_words;
use super::spec::{Kind, MAX_FIELDS};

/// Left rows scored at a time: what their candidates hold should stay in the cache of a core.
const PART: usize = 512;

/// Scores all candidates; gives those of at least this weight, ascending by row, and the number of all.
pub(crate) fn score(fields: &Fields, model: &Model, passes: &[Pass], least: i32) -> (Vec<ScoredPair>, u64) {
    let bounds = Bounds::new(fields, model);
    let part = |batch: &mut Batch, from: usize| {
        batch.gathered.fill(fields, passes, from..(from + PART).min(fields.lefts));
        (batch.weigh(fields, model, &bounds, least), batch.gathered.pairs.len() as u64)
    };
    let parts: Vec<(Vec<ScoredPair>, u64)> =
        (0..fields.lefts).into_par_iter().step_by(PART).map_init(Batch::default, part).collect();
    let mut kept = Vec::with_capacity(parts.iter().map(|p| p.0.len()).sum());
    let count = parts.iter().map(|p| p.1).sum();
    parts.into_iter().for_each(|p| kept.extend(p.0));
    (kept, count)
}

/// A pair that is not hopeless yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    /// Its place among the candidates.
    at: u32,
    /// The most it can weigh.
    most: i32,
    levels: Levels,
}

/// Some left rows with their candidates.
#[derive(Debug, Default)]
struct Batch {
    gathered: Gathered,
    /// Record of the right row of each pair.
    rights: Vec<u32>,
    open: Vec<Open>,
}

impl Batch {
    fn weigh(&mut self, fields: &Fields, model: &Model, bounds: &Bounds<'_>, least: i32) -> Vec<ScoredPair> {
        self.rights.clear();
        fields.rights_by_row().gather(self.gathered.pairs.iter().map(|pair| pair.right), &mut self.rights);
        self.first_look(fields, bounds, least);
        let (pairs, stride) = (&self.gathered.pairs, fields.layout.stride);
        for field in bounds.order.iter().copied() {
            let values = fields.columns[field].values.as_ref();
            let ahead = self.open.iter().filter(|open| open.levels[field] == OPEN);
            let ahead = ahead.fold(0, |all, open| all ^ values.touch(self.rights[open.at as usize * stride + field]));
            std::hint::black_box(ahead);
            let still = |open: &mut Open| {
                if open.levels[field] != OPEN {
                    return true;
                }
                let (x, y) = (fields.left_row(pairs[open.at as usize].left), &self.rights[open.at as usize * stride..][..stride]);
                open.most = bounds.settled(open.most, &mut open.levels, field, fields.level(field, x, y));
                open.most >= least
            };
            self.open.retain_mut(still);
        }
        let mut kept = Vec::new();
        for Open { at, levels, .. } in &self.open {
            let pair = &pairs[*at as usize];
            let known = levels.iter().take(fields.columns.len()).enumerate();
            let pattern = known.fold(0, |all, (field, level)| all | u64::from(*level) << (4 * field));
            let weight = model.weight(fields, pair.left, pattern);
            if weight >= least {
                kept.push(plain(pair.left, pair.right, weight, pair.pass));
            }
        }
        // Within a row they come pass by pass.
        kept.sort_unstable_by_key(|pair| (pair.left, pair.right));
        kept
    }

    /// What records tell by themselves: what is the same or missing, how dates differ, which ids share nothing.
    fn first_look(&mut self, fields: &Fields, bounds: &Bounds<'_>, least: i32) {
        self.open.clear();
        let count = fields.columns.len();
        let mut at = 0;
        for pairs in self.gathered.pairs.chunk_by(|a, b| a.left == b.left) {
            let x = fields.left_row(pairs[0].left);
            let same = bounds.same(x);
            for _ in pairs {
                let y = &self.rights[at * x.len()..][..x.len()];
                let mut levels = [0; MAX_FIELDS];
                for (field, level) in levels.iter_mut().enumerate().take(count) {
                    let (a, b) = (x[field], y[field]);
                    let known = if a == b { 0 } else { OPEN };
                    *level = if a == EMPTY || b == EMPTY { bounds.missing[field] } else { known };
                }
                for (field, word) in &fields.layout.dates {
                    if levels[*field] == OPEN {
                        levels[*field] = PackedDate::from_packed(x[*word]).level(PackedDate::from_packed(y[*word]));
                    }
                }
                for (field, word) in &fields.layout.held {
                    if levels[*field] == OPEN && !may_agree(Kind::Id, two_words(x, *word), two_words(y, *word)) {
                        levels[*field] = different(Kind::Id);
                    }
                }
                let most = bounds.most(&levels, &same);
                if most >= least {
                    self.open.push(Open { at: at as u32, most, levels });
                }
                at += 1;
            }
        }
    }
}
