//! New or changed rows against standing links: only what they touch is done again.
//!
//! A month brings few new rows. They are searched for candidates with the model learned before; the
//! links of rows that compete with them are opened again, as far as the competition reaches, and all
//! others stand. Every change is told together with the old link.

mod outcome;
mod work;

use std::collections::BTreeSet;

use serde::Serialize;

use crate::columns::Columns;
use crate::config::Config;
use crate::decisions::{Decided, Decisions};
use crate::lexicon::Lexicon;
use crate::link::{Link, Linked};
use crate::model::Model;
use crate::prepared::Prepared;
use crate::review::ReviewPair;

use work::Work;

/// What an earlier run left standing between a spine and a roster.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Links, ascending by right row, each right row at most once.
    pub links: Vec<Link>,
    /// Second rows, ascending by right row.
    pub also: Vec<Link>,
    /// Questions that were open.
    pub review: Vec<ReviewPair>,
    /// What was learned; it is not learned again.
    pub model: Model,
    /// People of the spine then; those from this number on are new.
    pub left_rows: u32,
    /// Other people of the spine of whom something else is known now than then.
    pub changed_left: Vec<u32>,
    /// People of the spine whom rows that are gone held, or were asked about.
    pub freed: Vec<u32>,
}

/// A right row whose link is another now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct LinkChange {
    /// The right row; of a row that is gone its number then.
    pub right: u32,
    /// The link before.
    pub old: Option<Link>,
    /// The link now.
    pub new: Option<Link>,
}

/// Links after a change.
#[derive(Debug, Clone, PartialEq)]
pub struct Relinked {
    /// All links and questions; in `stats.pairs_scored` only what was done again.
    pub linked: Linked,
    /// What is another link than before, ascending by right row. A row whose link weighs otherwise, but leads to
    /// the same person, is not among them.
    pub changes: Vec<LinkChange>,
    /// Right rows that were linked again, ascending.
    pub touched: Vec<u32>,
}

/// Rounds in which the competition may spread; what it would reach beyond stands as it is.
const ROUNDS: usize = 6;

impl Standing {
    /// What a run leaves standing.
    pub fn of(linked: &Linked) -> Self {
        Self {
            links: linked.links.clone(),
            also: linked.also.clone(),
            review: linked.review.clone(),
            model: linked.model.clone(),
            left_rows: u32::try_from(linked.stats.left_rows).unwrap_or(u32::MAX),
            changed_left: Vec::new(),
            freed: Vec::new(),
        }
    }

    /// The same for a roster whose rows have other numbers now; `now` gives the number of a row, `None` where it is
    /// gone. Also the links of rows that are gone.
    pub fn renumbered(mut self, now: impl Fn(u32) -> Option<u32>) -> (Self, Vec<LinkChange>) {
        let mut gone = Vec::new();
        for list in [&mut self.links, &mut self.also] {
            list.retain_mut(|link| match now(link.right) {
                Some(right) => {
                    link.right = right;
                    true
                }
                None => {
                    gone.push(LinkChange { right: link.right, old: Some(*link), new: None });
                    false
                }
            });
            list.sort_unstable_by_key(|link| link.right);
        }
        self.freed.extend(gone.iter().filter_map(|change| change.old).map(|link| link.left));
        let freed = &mut self.freed;
        self.review.retain_mut(|pair| match now(pair.right) {
            Some(right) => {
                pair.right = right;
                true
            }
            None => {
                freed.push(pair.left);
                false
            }
        });
        gone.sort_unstable_by_key(|change| change.right);
        (self, gone)
    }
}

/// Links new and changed rows of a roster, and the rows they touch, by what was learned before.
///
/// `changed` are right rows that are new or say something else than before; people of the spine past
/// [`Standing::left_rows`] are new. People of the spine keep their numbers. Rows that a decision made since concerns
/// are found by themselves. The same input gives the same result on any number of threads.
pub fn link_changed(
    left: &Prepared,
    right: &Prepared,
    standing: &Standing,
    changed: &[u32],
    decisions: &Decisions,
    config: &Config,
) -> Relinked {
    relink(left, None, right, standing, changed, (decisions, config))
}

/// [`link_changed`], with what is kept of the spine's keys.
pub(crate) fn relink(
    left: &Prepared,
    kept: Option<&Columns>,
    right: &Prepared,
    standing: &Standing,
    changed: &[u32],
    (decisions, config): (&Decisions, &Config),
) -> Relinked {
    let (lexicon, rights) = Lexicon::join(left, right);
    let decided = Decided::new(decisions, left.records.len(), rights.len());
    let mut work = Work::new(&lexicon, (&left.records, kept), &rights, &decided, config, standing);
    let mut wave: BTreeSet<u32> = changed.iter().copied().collect();
    wave.extend(work.newly_decided());
    let mut other: Vec<u32> = standing.changed_left.clone();
    other.extend(standing.left_rows..left.records.len() as u32);
    other.sort_unstable();
    other.dedup();
    wave.extend(work.wanting(&other));
    wave.extend(work.concerning(&other));
    let mut known_free: BTreeSet<u32> = BTreeSet::new();
    for _ in 0..ROUNDS {
        work.spread(wave);
        // People whom nobody may hold any more: who had to do without them is asked again. And who was asked about
        // somebody whom another row got.
        let assigned = work.assign();
        let mut freed = work.freed(&assigned);
        freed.retain(|left| known_free.insert(*left));
        wave = work.wanting(&freed);
        wave.extend(work.asked_about(&work.newly_held(&assigned)));
        wave.retain(|row| !work.is_open(*row));
        if wave.is_empty() {
            return work.outcome(assigned);
        }
    }
    let assigned = work.assign();
    work.outcome(assigned)
}
