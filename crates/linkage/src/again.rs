//! New or changed rows against standing links: only what they touch is done again.
//!
//! A month brings few new rows. They are searched for candidates with the model learned before; the
//! links of rows that compete with them are opened again, as far as the competition reaches, and all
//! others stand. Every change is told together with the old link.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::assign::{Assigned, assign, weigh};
use crate::candidates::{ALL, Edge, Open, Task, Weighed, find};
use crate::certain::is_certain;
use crate::compare::compare;
use crate::config::Config;
use crate::decisions::{Decided, Decisions};
use crate::doubles::{FREE, Taken, second_rows};
use crate::keys::Pass;
use crate::level::Pattern;
use crate::lexicon::Lexicon;
use crate::link::{Link, Linked, Stats, fixed_link, of_chosen, of_second, with_second};
use crate::lost::lost;
use crate::model::{Model, probability_thousandths};
use crate::prepared::Prepared;
use crate::record::Record;
use crate::review::{of_links, queue};

/// What an earlier run left standing between a spine and a roster.
#[derive(Debug, Clone)]
pub struct Standing {
    /// Links, ascending by right row, each right row at most once.
    pub links: Vec<Link>,
    /// Second rows, ascending by right row.
    pub also: Vec<Link>,
    /// What was learned; it is not learned again.
    pub model: Model,
    /// People of the spine then; those from this number on are new.
    pub left_rows: u32,
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
    /// All links; in `review` and `stats.pairs_scored` only what was done again.
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
        let left_rows = u32::try_from(linked.stats.left_rows).unwrap_or(u32::MAX);
        Self { links: linked.links.clone(), also: linked.also.clone(), model: linked.model.clone(), left_rows }
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
    let (lexicon, rights) = Lexicon::join(left, right);
    let decided = Decided::new(decisions, left.records.len(), rights.len());
    let mut work = Work {
        lexicon: &lexicon,
        lefts: &left.records,
        rights: &rights,
        decided: &decided,
        config,
        standing,
        holder: vec![FREE; left.records.len()],
        open: vec![false; rights.len()],
        edges: BTreeMap::new(),
        pairs: 0,
    };
    for link in standing.links.iter().filter(|l| (l.left as usize) < left.records.len()) {
        work.holder[link.left as usize] = link.right;
    }
    let mut wave: BTreeSet<u32> = changed.iter().copied().collect();
    wave.extend(work.newly_decided());
    wave.extend(work.wanting(work.lefts_from(standing.left_rows), &|_| true));
    for _ in 0..ROUNDS {
        work.spread(wave);
        // People whom nobody may hold any more: who had to do without them is asked again.
        let assigned = work.assign();
        let freed = work.freed(&assigned);
        wave = work.wanting(freed, &|row| work.link_of(row).is_none());
        wave.retain(|row| !work.open[*row as usize]);
        if wave.is_empty() {
            return work.outcome(assigned);
        }
    }
    let assigned = work.assign();
    work.outcome(assigned)
}

struct Work<'a> {
    lexicon: &'a Lexicon,
    lefts: &'a [Record],
    rights: &'a [Record],
    decided: &'a Decided,
    config: &'a Config,
    standing: &'a Standing,
    /// Right row that holds each left row by a standing link.
    holder: Vec<u32>,
    /// Right rows that are linked again.
    open: Vec<bool>,
    /// Their candidates, heaviest first.
    edges: BTreeMap<u32, Vec<Weighed>>,
    pairs: u64,
}

impl Work<'_> {
    fn model(&self) -> &Model {
        &self.standing.model
    }

    fn link_of(&self, right: u32) -> Option<&Link> {
        let of = |list: &'_ [Link]| list.binary_search_by_key(&right, |l| l.right).ok();
        of(&self.standing.links)
            .map(|at| &self.standing.links[at])
            .or_else(|| of(&self.standing.also).map(|at| &self.standing.also[at]))
    }

    /// Right rows that a decision concerns and whose link does not say so yet.
    fn newly_decided(&self) -> Vec<u32> {
        let mut rows = Vec::new();
        for (left, right) in &self.decided.same {
            if !self.link_of(*right).is_some_and(|l| l.left == *left && l.decided) {
                rows.push(*right);
                rows.extend(Some(self.holder[*left as usize]).filter(|row| *row != FREE));
            }
        }
        for link in self.standing.links.iter().chain(&self.standing.also) {
            let undone = link.decided && !self.decided.settles_right(link.right);
            if undone || self.decided.forbids(link.left, link.right) {
                rows.push(link.right);
            }
        }
        rows
    }

    fn lefts_from(&self, first: u32) -> Vec<u32> {
        (first..self.lefts.len() as u32).collect()
    }

    /// Candidates of some left and some right rows.
    fn find(&self, left: &Open<'_>, right: &Open<'_>) -> (Vec<Weighed>, u64) {
        let (lexicon, model, config) = (self.lexicon, self.model(), self.config);
        // Namesakes are counted where a pair asks for them: of a million people few are candidates.
        let task = Task { lexicon, left, right, borne_by: &[], model, config, passes: ALL, within: false };
        let mut found = find(&task);
        found.edges.retain(|w| !self.decided.forbids(w.edge.left, w.edge.right));
        (weigh(found.edges, model), found.passes.iter().map(|p| p.pairs_scored).sum())
    }

    /// Right rows not open yet among those of `which` that want one of these left rows at least as much as what they have.
    fn wanting(&self, lefts: Vec<u32>, which: &dyn Fn(u32) -> bool) -> BTreeSet<u32> {
        if lefts.is_empty() {
            return BTreeSet::new();
        }
        let left = Open::of(self.lefts, |row| lefts.binary_search(&row).is_ok());
        let may: Vec<bool> = (0..self.rights.len() as u32).map(|row| !self.open[row as usize] && which(row)).collect();
        let right = Open::of(self.rights, |row| may[row as usize]);
        let (edges, _) = self.find(&left, &right);
        let wants = |w: &&Weighed| match self.link_of(w.edge.right) {
            Some(link) => !link.decided && w.weight > link.weight_millibits - self.config.margin_millibits,
            None => probability_thousandths(w.weight, None) >= self.config.review_probability_thousandths,
        };
        edges.iter().filter(wants).map(|w| w.edge.right).collect()
    }

    /// Opens rows and, as far as the competition reaches, the rows that hold what they want.
    fn spread(&mut self, mut wave: BTreeSet<u32>) {
        let all = Open::of(self.lefts, |_| true);
        for _ in 0..ROUNDS {
            wave.retain(|row| self.open.get(*row as usize) == Some(&false));
            if wave.is_empty() {
                return;
            }
            let mut now = vec![false; self.rights.len()];
            for row in &wave {
                (self.open[*row as usize], now[*row as usize]) = (true, true);
            }
            let right = Open::of(self.rights, |row| now[row as usize]);
            let (edges, pairs) = self.find(&all, &right);
            self.pairs += pairs;
            let mut next = BTreeSet::new();
            for own in edges.chunk_by(|a, b| a.edge.right == b.edge.right) {
                next.extend(own.iter().filter_map(|w| self.rival(w)));
                self.edges.insert(own[0].edge.right, own.to_vec());
            }
            // Whoever holds the person that a decision gives away.
            for row in &wave {
                let given = self.decided.same.iter().filter(|(_, r)| r == row).map(|(l, _)| self.holder[*l as usize]);
                next.extend(given.filter(|row| *row != FREE));
            }
            wave = next;
        }
    }

    /// The row that holds a candidate's person and would have to compete for it.
    fn rival(&self, wanted: &Weighed) -> Option<u32> {
        let holder = self.holder[wanted.edge.left as usize];
        let link = self.link_of(holder).filter(|_| holder != FREE)?;
        (wanted.weight > link.weight_millibits - self.config.margin_millibits).then_some(holder)
    }

    fn weighed(&self) -> Vec<Weighed> {
        self.edges.values().flatten().copied().collect()
    }

    /// Pairs among the open rows that need no weighing; one that two claim is left to weighing.
    fn certain(&self) -> Vec<(u32, u32, Pattern)> {
        let sure = |e: &Edge| is_certain(e.pattern) && !self.decided.settles_right(e.right) && !self.decided.settles_left(e.left);
        let mut claims: Vec<(u32, u32, Pattern)> = self
            .edges
            .values()
            .flatten()
            .filter(|w| sure(&w.edge))
            .map(|w| (w.edge.left, w.edge.right, w.edge.pattern))
            .collect();
        claims.sort_unstable();
        claims.dedup();
        let (mut by_left, mut by_right) = (BTreeMap::new(), BTreeMap::new());
        for (l, r, _) in &claims {
            *by_left.entry(*l).or_insert(0u32) += 1;
            *by_right.entry(*r).or_insert(0u32) += 1;
        }
        let stands = |l: u32| {
            let holder = self.holder[l as usize];
            holder != FREE && !self.open[holder as usize]
        };
        claims.retain(|(l, r, _)| by_left[l] == 1 && by_right[r] == 1 && !stands(*l));
        claims.sort_unstable_by_key(|(_, r, _)| *r);
        claims
    }

    fn assign(&self) -> (Assigned, Vec<(u32, u32, Pattern)>) {
        let certain = self.certain();
        let is_certain = |right: u32| certain.binary_search_by_key(&right, |c| c.1).is_ok();
        let weighed: Vec<Weighed> = self
            .weighed()
            .into_iter()
            .filter(|w| !is_certain(w.edge.right) && !self.decided.settles_right(w.edge.right))
            .filter(|w| self.config.repeats || !self.decided.settles_left(w.edge.left))
            .collect();
        let standing = self.standing.links.iter().filter(|l| !self.open[l.right as usize]).map(|l| (l.left, l.right));
        let mut settled: Vec<(u32, u32)> = standing.collect();
        settled.extend(certain.iter().map(|(l, r, _)| (*l, *r)));
        settled.extend(self.decided.same.iter().filter(|(_, r)| self.open[*r as usize]));
        let rules = (self.config, self.model());
        (assign(self.lexicon, self.lefts.len(), self.rights, &weighed, &settled, rules), certain)
    }

    /// People who were held by rows that are open, and are held by nobody now.
    fn freed(&self, (assigned, certain): &(Assigned, Vec<(u32, u32, Pattern)>)) -> Vec<u32> {
        let mut held: Vec<u32> = assigned.chosen.iter().map(|c| c.weighed.edge.left).collect();
        held.extend(certain.iter().map(|c| c.0));
        held.extend(self.decided.same.iter().map(|(l, _)| *l));
        held.sort_unstable();
        let before = self.standing.links.iter().filter(|l| self.open[l.right as usize]).map(|l| l.left);
        let mut freed: Vec<u32> = before.filter(|l| held.binary_search(l).is_err()).collect();
        freed.sort_unstable();
        freed.dedup();
        freed
    }

    fn outcome(self, (mut assigned, certain): (Assigned, Vec<(u32, u32, Pattern)>)) -> Relinked {
        let Self { lexicon, lefts, rights, decided, config, standing, ref open, .. } = self;
        let model = &standing.model;
        let weighed = self.weighed();
        // Second rows are looked for among the open ones; a firm link of any row holds its person.
        let (mut holder, mut may) = (vec![FREE; lefts.len()], open.clone());
        let firm = |l: &Link| l.probability_thousandths >= config.weak_probability_thousandths && !l.decided;
        let chosen: Vec<Link> = assigned.chosen.iter().map(of_chosen).filter(firm).collect();
        let kept = standing.links.iter().filter(|l| !open[l.right as usize] && !l.decided);
        let held = kept.chain(&chosen).map(|l| (l.left, l.right)).chain(certain.iter().map(|(l, r, _)| (*l, *r)));
        for (left, right) in held {
            may[right as usize] = false;
            let slot = &mut holder[left as usize];
            if *slot == FREE && !decided.settles_left(left) {
                *slot = right;
            }
        }
        decided.same.iter().for_each(|(_, r)| may[*r as usize] = false);
        let taken = Taken { lexicon, lefts, rights, holder: &holder, open: &may, weighed: &weighed, model, config };
        let second = second_rows(&taken, |l, r| !decided.forbids(l, r));
        let is_second = |right: u32| second.also.binary_search_by_key(&right, |c| c.weighed.edge.right).is_ok();
        assigned.chosen.retain(|c| !is_second(c.weighed.edge.right));
        assigned.asked.retain(|(c, _)| !is_second(c.weighed.edge.right));
        let fixed = |l: u32, r: u32, pattern: Pattern, pass: Pass| {
            let count = model.borne_by(lexicon, &lefts[l as usize]);
            fixed_link(l, r, pattern, pass, model.pattern_weight(pattern) + model.frequency_weight(pattern, count))
        };
        let mut new: Vec<Link> = assigned.chosen.iter().map(of_chosen).collect();
        new.extend(certain.iter().map(|(l, r, pattern)| fixed(*l, *r, *pattern, Pass::Certain)));
        new.extend(
            decided
                .same
                .iter()
                .filter(|(_, r)| open[*r as usize])
                .map(|(l, r)| fixed(*l, *r, compare(lexicon, &lefts[*l as usize], &rights[*r as usize]), Pass::Decision)),
        );
        new.sort_unstable_by_key(|l| l.right);
        let double = model.double_millibits(config);
        let linked_right = |right: u32| new.binary_search_by_key(&right, |l| l.right).is_ok();
        let mut asked = with_second(assigned.asked, second.unsure, linked_right, model, double);
        asked.extend(of_links(&new, rights, (config, model), |link| {
            model.frequency_weight(link.pattern, model.borne_by(lexicon, &lefts[link.left as usize]))
        }));
        let (review, review_left_out) = queue(asked, config);
        let merged = |old: &[Link], new: Vec<Link>| {
            let mut all: Vec<Link> = old.iter().filter(|l| !open[l.right as usize]).copied().chain(new).collect();
            all.sort_unstable_by_key(|l| l.right);
            all
        };
        let links = merged(&standing.links, new);
        let also = merged(&standing.also, second.also.iter().map(|c| of_second(c, double)).collect());
        let touched: Vec<u32> = (0..rights.len() as u32).filter(|r| open[*r as usize]).collect();
        let changes = changes(&self, &touched, &links, &also);
        let mut stats = Stats {
            left_rows: lefts.len() as u64,
            right_rows: rights.len() as u64,
            pairs_scored: self.pairs,
            unusable_decisions: decided.unusable,
            too_close: assigned.too_close,
            second_rows: also.len() as u64,
            review_left_out,
            lost: lost(lexicon, lefts, rights, &links),
            ..Stats::default()
        };
        for link in &links {
            stats.certain_links += u64::from(link.pass == Pass::Certain.number());
            stats.decided_links += u64::from(link.decided);
        }
        Relinked { linked: Linked { links, also, model: model.clone(), stats, review }, changes, touched }
    }
}

/// Rows among the touched ones that lead to somebody else now, or to nobody, or to somebody for the first time.
fn changes(work: &Work<'_>, touched: &[u32], links: &[Link], also: &[Link]) -> Vec<LinkChange> {
    let now = |right: u32| {
        let of = |list: &'_ [Link]| list.binary_search_by_key(&right, |l| l.right).ok().map(|at| list[at]);
        of(links).or_else(|| of(also))
    };
    let change = |right: &u32| LinkChange { right: *right, old: work.link_of(*right).copied(), new: now(*right) };
    touched.iter().map(change).filter(|c| c.old.map(|l| l.left) != c.new.map(|l| l.left)).collect()
}
