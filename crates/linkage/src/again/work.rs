//! Which rows are opened again, wave by wave.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::assign::{Assigned, assign, weigh};
use crate::blocks::Filter;
use crate::candidates::{ALL, Edge, Open, Task, Weighed, find};
use crate::certain::is_certain;
use crate::columns::Columns;
use crate::compare::compare;
use crate::config::Config;
use crate::decisions::Decided;
use crate::doubles::FREE;
use crate::keys::Pass;
use crate::level::Pattern;
use crate::lexicon::Lexicon;
use crate::link::Link;
use crate::model::{Model, probability_thousandths};
use crate::record::{NO_NUMBER, Record};

use super::{ROUNDS, Standing};

/// Links without weighing: left row, right row, pattern; ascending by right row.
pub(super) type Sure = Vec<(u32, u32, Pattern)>;

pub(super) struct Work<'a> {
    pub(super) lexicon: &'a Lexicon,
    pub(super) lefts: &'a [Record],
    pub(super) kept: Option<&'a Columns>,
    pub(super) rights: &'a [Record],
    pub(super) decided: &'a Decided,
    pub(super) config: &'a Config,
    pub(super) standing: &'a Standing,
    /// Right row that holds each left row by a standing link.
    holder: Vec<u32>,
    /// Right rows that are linked again.
    pub(super) open: Vec<bool>,
    /// Their candidates, heaviest first.
    edges: BTreeMap<u32, Vec<Weighed>>,
    /// Rows asked about each left row without being linked, and the weight: ascending by left row.
    asked: Vec<(u32, u32, i32)>,
    pub(super) pairs: u64,
}

impl<'a> Work<'a> {
    pub(super) fn new(
        lexicon: &'a Lexicon,
        (lefts, kept): (&'a [Record], Option<&'a Columns>),
        rights: &'a [Record],
        decided: &'a Decided,
        config: &'a Config,
        standing: &'a Standing,
    ) -> Self {
        let mut holder = vec![FREE; lefts.len()];
        for link in standing.links.iter().filter(|l| (l.left as usize) < lefts.len()) {
            holder[link.left as usize] = link.right;
        }
        let unlinked = standing.review.iter().filter(|pair| !pair.why.is_linked());
        let both = unlinked.flat_map(|pair| {
            let second = pair.runner_up.map(|(left, weight)| (left, pair.right, weight));
            [Some((pair.left, pair.right, pair.weight_millibits)), second]
        });
        let mut asked: Vec<(u32, u32, i32)> = both.flatten().collect();
        asked.sort_unstable();
        let open = vec![false; rights.len()];
        Self { lexicon, lefts, kept, rights, decided, config, standing, holder, open, edges: BTreeMap::new(), asked, pairs: 0 }
    }

    fn model(&self) -> &'a Model {
        &self.standing.model
    }

    pub(super) fn is_open(&self, right: u32) -> bool {
        self.open.get(right as usize) == Some(&true)
    }

    pub(super) fn link_of(&self, right: u32) -> Option<&'a Link> {
        let of = |list: &'a [Link]| list.binary_search_by_key(&right, |l| l.right).ok().map(|at| &list[at]);
        of(&self.standing.links).or_else(|| of(&self.standing.also))
    }

    /// Right rows that a decision concerns and whose link does not say so yet.
    pub(super) fn newly_decided(&self) -> Vec<u32> {
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

    /// Right rows that are linked to one of these left rows, have it as next best, or were asked about it.
    pub(super) fn concerning(&self, lefts: &[u32]) -> Vec<u32> {
        if lefts.is_empty() {
            return Vec::new();
        }
        let is = |left: u32| lefts.binary_search(&left).is_ok();
        let links = self.standing.links.par_iter().chain(&self.standing.also);
        let concerned = links.filter(|l| is(l.left) || l.runner_up.is_some_and(|(left, _)| is(left)));
        let mut rows: Vec<u32> = concerned.map(|l| l.right).collect();
        rows.extend(self.asked_about(lefts));
        rows
    }

    /// Right rows without a link that were asked about one of these left rows, or had it as next best.
    pub(super) fn asked_about(&self, lefts: &[u32]) -> Vec<u32> {
        let about = |left: &u32| self.asks(*left).iter().map(|(_, right, _)| *right);
        lefts.iter().flat_map(about).collect()
    }

    fn asks(&self, left: u32) -> &[(u32, u32, i32)] {
        let from = self.asked.partition_point(|(l, ..)| *l < left);
        let own = self.asked[from..].iter().take_while(|(l, ..)| *l == left).count();
        &self.asked[from..from + own]
    }

    /// Candidates of some left and some right rows.
    fn find(&self, left: &Open<'_>, right: &Open<'_>) -> (Vec<Weighed>, u64) {
        let (lexicon, model, config, kept) = (self.lexicon, self.model(), self.config, self.kept);
        // Namesakes are counted where a pair asks for them: of a million people few are candidates.
        let task = Task { lexicon, left, right, borne_by: &[], model, config, passes: ALL, kept, within: false };
        let mut found = find(&task);
        found.edges.retain(|w| !self.decided.forbids(w.edge.left, w.edge.right));
        (weigh(found.edges, model), found.passes.iter().map(|p| p.pairs_scored).sum())
    }

    /// Right rows not open yet that want one of these left rows (ascending) at least as much as what they have. A row that
    /// is linked for certain wants nobody but who bears its number.
    pub(super) fn wanting(&self, lefts: &[u32]) -> BTreeSet<u32> {
        if lefts.is_empty() {
            return BTreeSet::new();
        }
        let left = Open::of(self.lefts, |row| lefts.binary_search(&row).is_ok());
        let certain = |row: u32| self.link_of(row).is_some_and(|l| l.pass == Pass::Certain.number());
        let right = Open::of(self.rights, |row| !self.open[row as usize] && !certain(row));
        let (edges, _) = self.find(&left, &right);
        let wants = |w: &&Weighed| match self.link_of(w.edge.right) {
            Some(link) => !link.decided && self.may_rival(w, link),
            None => {
                is_certain(w.edge.pattern)
                    || probability_thousandths(w.weight, None) >= self.config.review_probability_thousandths
            }
        };
        let mut rows: BTreeSet<u32> = edges.iter().filter(wants).map(|w| w.edge.right).collect();
        rows.extend(self.certain_claims(&left));
        rows
    }

    /// Rows linked for certain that bear the number of one of these left rows and agree with it too: of two claims neither
    /// is certain.
    fn certain_claims(&self, left: &Open<'_>) -> Vec<u32> {
        let numbers: [fn(&Record) -> u64; 2] = [|r| r.id, |r| r.insurance];
        let mut rows = Vec::new();
        for number in numbers {
            let with = left.rows.iter().zip(left.records.iter()).filter(|(_, r)| number(r) != NO_NUMBER);
            let mut own: Vec<(u64, u32)> = with.map(|(row, r)| (number(r), *row)).collect();
            own.sort_unstable();
            let wanted = Filter::of_keys(own.iter().map(|(n, _)| *n).collect());
            let claims = |(row, record): (usize, &Record)| {
                let bears = number(record);
                if bears == NO_NUMBER || !wanted.may_hold(bears) {
                    return None;
                }
                let link = self.link_of(row as u32).filter(|l| l.pass == Pass::Certain.number())?;
                let from = own.partition_point(|(n, _)| *n < bears);
                let mut same = own[from..].iter().take_while(|(n, _)| *n == bears);
                let other = |l: u32| l != link.left && is_certain(compare(self.lexicon, &self.lefts[l as usize], record));
                same.any(|(_, l)| other(*l)).then_some(row as u32)
            };
            rows.par_extend(self.rights.par_iter().enumerate().filter_map(claims));
        }
        rows
    }

    /// Opens rows and, as far as the competition reaches, the rows that hold what they want.
    pub(super) fn spread(&mut self, mut wave: BTreeSet<u32>) {
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
                next.extend(own.iter().flat_map(|w| self.asking(w)));
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
        self.may_rival(wanted, link).then_some(holder)
    }

    /// Whether a pair comes near a link, or makes a certain one uncertain.
    fn may_rival(&self, wanted: &Weighed, link: &Link) -> bool {
        let near = link.pass != Pass::Certain.number() && wanted.weight > link.weight_millibits - self.config.margin_millibits;
        near || is_certain(wanted.edge.pattern)
    }

    /// Rows without a link that want the same person about as much.
    fn asking(&self, wanted: &Weighed) -> impl Iterator<Item = u32> {
        let may_link = probability_thousandths(wanted.weight, None) >= self.config.review_probability_thousandths;
        let asks = if may_link { self.asks(wanted.edge.left) } else { &[] };
        let near = wanted.weight - self.config.margin_millibits;
        asks.iter().filter(move |(_, _, weight)| *weight > near).map(|(_, right, _)| *right)
    }

    pub(super) fn weighed(&self) -> Vec<Weighed> {
        self.edges.values().flatten().copied().collect()
    }

    /// Pairs among the open rows that need no weighing; one that two claim is left to weighing.
    fn certain(&self) -> Sure {
        let sure = |e: &Edge| is_certain(e.pattern) && !self.decided.settles_right(e.right) && !self.decided.settles_left(e.left);
        let edges = self.edges.values().flatten().map(|w| w.edge).filter(sure);
        let mut claims: Sure = edges.map(|edge| (edge.left, edge.right, edge.pattern)).collect();
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

    pub(super) fn assign(&self) -> (Assigned, Sure) {
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

    /// People held by what was assigned now, ascending.
    fn held(&self, (assigned, certain): &(Assigned, Sure)) -> Vec<u32> {
        let mut held: Vec<u32> = assigned.chosen.iter().map(|c| c.weighed.edge.left).collect();
        held.extend(certain.iter().map(|c| c.0));
        held.extend(self.decided.same.iter().map(|(l, _)| *l));
        held.sort_unstable();
        held.dedup();
        held
    }

    /// People who were held or asked about by rows that are open or gone, and are held by nobody now; ascending.
    pub(super) fn freed(&self, assigned: &(Assigned, Sure)) -> Vec<u32> {
        let held = self.held(assigned);
        let stands = |left: u32| {
            let row = self.holder[left as usize];
            row != FREE && !self.open[row as usize]
        };
        let of_open = self.standing.links.iter().filter(|l| self.open[l.right as usize]).map(|l| l.left);
        let asked = self.asked.iter().filter(|(_, right, _)| self.open[*right as usize]).map(|(left, ..)| *left);
        let before = self.standing.freed.iter().copied().chain(of_open).chain(asked);
        let mut freed: Vec<u32> = before.filter(|l| held.binary_search(l).is_err() && !stands(*l)).collect();
        freed.sort_unstable();
        freed.dedup();
        freed
    }

    /// People held now whom no standing link held; ascending.
    pub(super) fn newly_held(&self, assigned: &(Assigned, Sure)) -> Vec<u32> {
        self.held(assigned).into_iter().filter(|left| self.holder[*left as usize] == FREE).collect()
    }
}
