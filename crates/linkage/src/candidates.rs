//! Candidates of all passes, each pair scored once.

use std::borrow::Cow;

use rayon::prelude::*;
use serde::Serialize;

use crate::blocks::{Blocks, Entry, Filter, Layer, Range, smaller_first};
use crate::certain::has_same_number;
use crate::columns::Columns;
use crate::compare::{compare, near};
use crate::config::Config;
use crate::keys::{Pass, SEVERAL, SINGLE, keys, shares, shares_refined};
use crate::learn::{Counts, add};
use crate::level::{PATTERNS, Pattern};
use crate::lexicon::Lexicon;
use crate::model::Model;
use crate::record::{NO_NUMBER, Record};

/// What one pass did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PassStats {
    /// The pass.
    pub pass: Pass,
    /// Pairs it was the first to find.
    pub pairs_scored: u64,
    /// Blocks that were too large and were refined.
    pub capped_blocks: u64,
    /// Pairs of such blocks that no finer block holds. Another pass may still find them.
    pub lost_pairs: u64,
    /// Links made of its pairs.
    pub links: u64,
}

/// A candidate with its weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weighed {
    pub edge: Edge,
    /// In thousandths of a bit, by the model it was found with until it is weighed again.
    pub weight: i32,
}

/// A pair that may become a link or a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Edge {
    pub left: u32,
    pub right: u32,
    pub pattern: Pattern,
    pub pass: u8,
    /// How many people of the spine bear the left row's name.
    pub borne_by: u32,
}

/// Rows that are still to be linked, copied together for locality unless that is all of them.
pub(crate) struct Open<'a> {
    pub rows: Vec<u32>,
    pub records: Cow<'a, [Record]>,
}

impl<'a> Open<'a> {
    /// The rows for which `keep` holds.
    pub(crate) fn of(records: &'a [Record], keep: impl Fn(u32) -> bool + Sync) -> Self {
        let rows: Vec<u32> = (0..records.len() as u32).into_par_iter().filter(|row| keep(*row)).collect();
        let records = if rows.len() == records.len() {
            Cow::Borrowed(records)
        } else {
            Cow::Owned(rows.par_iter().map(|row| records[*row as usize]).collect())
        };
        Self { rows, records }
    }
}

/// Keys of a row in a pass with several, at most: with more right rows than one in so many left ones, making the keys of all
/// left rows costs no more than asking for the numbers near those of the right ones.
const MANY: usize = 100;

/// What is to be searched, and how.
pub(crate) struct Task<'a> {
    pub lexicon: &'a Lexicon,
    pub left: &'a Open<'a>,
    pub right: &'a Open<'a>,
    /// Namesakes of each open left row; counted where they are asked for when this is empty.
    pub borne_by: &'a [u32],
    pub model: &'a Model,
    pub config: &'a Config,
    pub passes: Passes,
    /// What is kept of the keys of `left`, where those are all rows of the spine.
    pub kept: Option<&'a Columns>,
    /// Both sides are one roster: a pair counts once, and no row is its own pair.
    pub within: bool,
}

/// Which passes to run: those with one key a row, then those with several.
#[derive(Clone, Copy)]
pub(crate) struct Passes {
    pub single: &'static [Pass],
    pub several: &'static [Pass],
}

/// All passes.
pub(crate) const ALL: Passes = Passes { single: &SINGLE, several: &SEVERAL };
/// Passes that find two rows of one person where much agrees.
pub(crate) const STRONG: Passes = Passes {
    single: &[Pass::IdSerial, Pass::OldId, Pass::NameDate, Pass::GivenDate, Pass::SoundYear, Pass::NameDay],
    several: &[],
};

/// All candidates.
pub(crate) struct Candidates {
    pub counts: Counts,
    pub edges: Vec<Weighed>,
    pub passes: Vec<PassStats>,
}

/// Candidates that can hardly become links whatever is learned are counted and not kept, thousandths of a bit.
const KEEP: i32 = -12_000;

/// For each single-key pass as far as done two bits: whether the row was in a block, and how often
/// that block's key was refined, plus one. Two rows of equal bits and keys were compared there.
type Seen = u32;

struct Search<'a> {
    task: &'a Task<'a>,
    seen_left: Vec<Seen>,
    seen_right: Vec<Seen>,
}

/// Counts and edges of one task.
struct Found {
    counts: Counts,
    edges: Vec<Weighed>,
    pairs: u64,
}

/// Runs the passes of a task.
pub(crate) fn find(task: &Task<'_>) -> Candidates {
    let Task { lexicon, left, right, config, .. } = *task;
    let mut all = Candidates { counts: vec![0; PATTERNS], edges: Vec::new(), passes: Vec::new() };
    let mut search = Search { task, seen_left: vec![0; left.rows.len()], seen_right: vec![0; right.rows.len()] };
    for (at, pass) in task.passes.single.iter().copied().enumerate() {
        let cap = if pass == Pass::NameOnly { config.name_only_pairs } else { config.block_pairs };
        let blocks = Blocks::of(pass, lexicon, &left.records, &right.records, cap, task.kept.and_then(|kept| kept.of(pass)));
        let found = search.blocks(&blocks, at, pass);
        search.remember(&blocks, at);
        all.take(pass, found, blocks.capped, blocks.lost);
    }
    for pass in task.passes.several.iter().copied() {
        let (pairs, capped, lost) = search.several(pass, config);
        let found = search.pairs(&pairs, pass);
        all.take(pass, found, capped, lost);
    }
    all
}

impl Candidates {
    fn take(&mut self, pass: Pass, mut found: Found, capped: u64, lost: u64) {
        let counts = std::mem::take(&mut self.counts);
        self.counts = add(counts, found.counts);
        self.edges.append(&mut found.edges);
        self.passes.push(PassStats { pass, pairs_scored: found.pairs, capped_blocks: capped, lost_pairs: lost, links: 0 });
    }
}

impl Search<'_> {
    /// Scores all pairs of the blocks that no earlier pass found.
    fn blocks(&self, blocks: &Blocks, before: usize, pass: Pass) -> Found {
        let of_layer = |layer: &Layer| {
            let task = |ranges: &[Range]| {
                let mut found = Found::empty();
                for (lefts, rights) in ranges.iter().map(|range| layer.rows(range)) {
                    for (l, r) in lefts.iter().flat_map(|l| rights.iter().map(move |r| (l.row, r.row))) {
                        self.score(l, r, before, pass, &mut found);
                    }
                }
                found
            };
            // The split into tasks depends on the blocks alone, so the order of edges does too.
            layer.ranges.par_chunks(task_size(layer.ranges.len())).map(task).reduce_with(Found::join)
        };
        blocks.layers.iter().filter_map(of_layer).reduce(Found::join).unwrap_or_else(Found::empty)
    }

    fn pairs(&self, pairs: &[(u32, u32)], pass: Pass) -> Found {
        let task = |pairs: &[(u32, u32)]| {
            let mut found = Found::empty();
            pairs.iter().for_each(|(l, r)| self.score(*l, *r, SINGLE.len(), pass, &mut found));
            found
        };
        pairs.par_chunks(task_size(pairs.len())).map(task).reduce_with(Found::join).unwrap_or_else(Found::empty)
    }

    fn score(&self, l: u32, r: u32, before: usize, pass: Pass, found: &mut Found) {
        let Task { lexicon, left, right, model, .. } = *self.task;
        if self.task.within && left.rows[l as usize] >= right.rows[r as usize] {
            return;
        }
        let (a, b) = (&left.records[l as usize], &right.records[r as usize]);
        if self.was_compared(l, r, before, a, b) {
            return;
        }
        let pattern = compare(lexicon, a, b);
        found.counts[pattern.0 as usize] += 1;
        found.pairs += 1;
        let borne_by = self.task.borne_by.get(l as usize).copied().unwrap_or_else(|| model.borne_by(lexicon, a));
        let weight = model.pattern_weight(pattern) + model.frequency_weight(pattern, borne_by);
        if weight >= KEEP || has_same_number(pattern) {
            let (left, right) = (left.rows[l as usize], right.rows[r as usize]);
            let edge = Edge { left, right, pattern, pass: pass.number(), borne_by };
            found.edges.push(Weighed { edge, weight });
        }
    }

    /// Whether one of the first `before` passes had the two rows in one block.
    fn was_compared(&self, l: u32, r: u32, before: usize, a: &Record, b: &Record) -> bool {
        let (x, y) = (self.seen_left[l as usize], self.seen_right[r as usize]);
        (0..before).any(|at| {
            let (own, other) = (x >> (2 * at) & 3, y >> (2 * at) & 3);
            own != 0
                && own == other
                && shares(self.task.passes.single[at], self.task.lexicon, a, b)
                && shares_refined(own as usize - 1, a, b)
        })
    }

    fn remember(&mut self, blocks: &Blocks, at: usize) {
        for (round, layer) in (1..).zip(&blocks.layers) {
            for (lefts, rights) in layer.ranges.iter().map(|range| layer.rows(range)) {
                lefts.iter().for_each(|e| self.seen_left[e.row as usize] |= round << (2 * at));
                rights.iter().for_each(|e| self.seen_right[e.row as usize] |= round << (2 * at));
            }
        }
    }

    /// The pairs of a pass with several keys a row, each once, with capped blocks and lost pairs.
    fn several(&self, pass: Pass, config: &Config) -> (Vec<(u32, u32)>, u64, u64) {
        let entries = |records: &[Record], wanted: Option<&Filter>| -> Vec<Entry> {
            let parts = records.par_chunks(16_384).enumerate().map(|(chunk, records)| {
                let (mut out, mut own) = (Vec::new(), Vec::new());
                for (at, record) in records.iter().enumerate() {
                    keys(pass, record, &mut own);
                    let wanted = own.iter().filter(|k| wanted.is_none_or(|f| f.may_hold(**k)));
                    out.extend(wanted.map(|k| Entry::new(*k, (chunk * 16_384 + at) as u32)));
                }
                out
            });
            parts.flatten_iter().collect()
        };
        let Task { left, right, kept, .. } = *self.task;
        let few = |kept: &&Columns| kept.len() == left.records.len() && right.records.len() * MANY < left.records.len();
        let (lefts, rights) = match kept.filter(few) {
            Some(kept) => {
                let near = kept.rows_near(pass, &left.records, &right.records);
                let records: Vec<Record> = near.iter().map(|row| left.records[*row as usize]).collect();
                let rights = entries(&right.records, None);
                let lefts = entries(&records, Some(&Filter::new(&rights)));
                (lefts.into_iter().map(|e| e.of_row(near[e.row as usize])).collect(), rights)
            }
            None => smaller_first(
                (left.records.len(), &|wanted| entries(&left.records, wanted)),
                (right.records.len(), &|wanted| entries(&right.records, wanted)),
            ),
        };
        let finer = |_: u64, _: &Record, _: usize| None;
        let blocks = Blocks::capped(lefts, rights, &left.records, &right.records, config.block_pairs, &finer);
        let mut pairs = Vec::new();
        for (lefts, rights) in blocks.layers.iter().flat_map(|layer| layer.ranges.iter().map(|range| layer.rows(range))) {
            for l in lefts {
                pairs.extend(rights.iter().map(|r| (l.row, r.row)).filter(|(l, r)| self.belongs(pass, *l, *r)));
            }
        }
        pairs.par_sort_unstable();
        pairs.dedup();
        (pairs, blocks.capped, blocks.lost)
    }

    /// Whether a pair of equal keys is of this pass: near numbers of the one, no near numbers of the other.
    fn belongs(&self, pass: Pass, l: u32, r: u32) -> bool {
        let (a, b) = (self.task.left.records[l as usize].id, self.task.right.records[r as usize].id);
        let is_near = a != NO_NUMBER && b != NO_NUMBER && near(a, b);
        is_near == (pass == Pass::IdNear)
    }
}

/// Items a task takes of `n`: at most 64 tasks, and none so small that its counts cost more than its work.
fn task_size(n: usize) -> usize {
    n.div_ceil(64).max(4_096)
}

impl Found {
    fn empty() -> Self {
        Self { counts: vec![0; PATTERNS], edges: Vec::new(), pairs: 0 }
    }

    fn join(mut self, mut other: Self) -> Self {
        self.edges.append(&mut other.edges);
        Self { counts: add(self.counts, other.counts), edges: self.edges, pairs: self.pairs + other.pairs }
    }
}
