//! Linking a roster to the people of the population roster, or to the others: by what changed since the run before where
//! that left enough, else in full.

use std::collections::BTreeSet;

use base::Month;
use linkage::{Config, Decisions, GONE, Link, Linked, Prepared, ReviewPair, Spine, Standing, link, same_rows};

use super::before::{Before, LearnedBefore, LinkBefore, RosterBefore};
use super::grow::Among;

/// Rows or people that changed, of so many, beyond which everybody is linked anew: a fifth.
const MOST_CHANGED: usize = 5;
/// Changes that are few in a list of any length.
const FEW: usize = 1_000;

/// What is known of all people since the run before.
#[derive(Debug, Default)]
pub(crate) struct Since {
    /// The place now of each place then, as far as rosters were taken; [`GONE`] of people who are gone.
    now: Vec<u32>,
    /// By place: whether the person is new, or something else is known of the person than then.
    pub(crate) other: Vec<bool>,
}

impl Since {
    /// The place now of a place then.
    pub(crate) fn place(&self, then: u32) -> Option<u32> {
        self.now.get(then as usize).copied().filter(|now| *now != GONE)
    }

    /// A person of then is this one now.
    pub(crate) fn moved(&mut self, then: u32, now: u32) {
        if self.now.len() <= then as usize {
            self.now.resize(then as usize + 1, GONE);
        }
        self.now[then as usize] = now;
    }
}

/// A roster's people now and then.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) before: RosterBefore,
    /// For each person of the roster now the number then, [`GONE`] for who is new or says something else.
    pub(crate) then: Vec<u32>,
    /// For each of then the number now.
    now: Vec<u32>,
}

impl Known {
    /// Finds the people of then among those of now.
    pub(crate) fn new(before: RosterBefore, prints: &[u64]) -> Self {
        let (then, now) = (same_rows(prints, &before.prints), same_rows(&before.prints, prints));
        Self { before, then, now }
    }

    /// The number then of a person of the roster.
    pub(crate) fn then_of(&self, group: u32) -> Option<u32> {
        self.then.get(group as usize).copied().filter(|then| *then != GONE)
    }

    /// The number now of a person of then.
    pub(crate) fn now_of(&self, then: u32) -> Option<u32> {
        self.now.get(then as usize).copied().filter(|now| *now != GONE)
    }

    /// The link then of a person of the roster.
    pub(crate) fn link_of(&self, group: u32) -> Option<&LinkBefore> {
        self.before.link_of(self.then_of(group)?)
    }
}

/// Somebody of a roster whose rows say what they said before, and who may be somebody else's now.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moved {
    pub(crate) group: u32,
    /// The book's number of the person then.
    pub(crate) person: i64,
    /// The link then.
    pub(crate) old: Option<LinkBefore>,
    /// Whether the person then is gone, or something else is known of that person now.
    pub(crate) other: bool,
    /// Whether a decision named one of the rows then.
    pub(crate) named: bool,
}

impl Known {
    /// Those who are not where they were; `place_of_group` is where they are now.
    pub(crate) fn moved(&self, place_of_group: &[u32], since: &Since) -> Vec<Moved> {
        let moved = |(group, then): (usize, &u32)| {
            let then = Some(*then).filter(|then| *then != GONE)?;
            let place = since.place(self.before.place[then as usize]);
            let old = self.before.link_of(then).copied();
            let other = old.is_some() && place.is_none_or(|place| since.other.get(place as usize) == Some(&true));
            let (person, named) = (self.before.person[then as usize], self.before.named[then as usize]);
            let one = Moved { group: group as u32, person, old, other, named };
            (place != Some(place_of_group[group])).then_some(one)
        };
        self.then.iter().enumerate().filter_map(moved).collect()
    }
}

/// One search: a roster's people among people of one kind.
pub(crate) struct Stage<'a> {
    pub(crate) roster: &'a str,
    pub(crate) period: Month,
    pub(crate) among: Among,
    /// Place of the first person looked among.
    pub(crate) first: u32,
    /// The roster's people that take part, ascending; `None` where all do.
    pub(crate) groups: Option<&'a [u32]>,
    pub(crate) right: &'a Prepared,
    pub(crate) known: &'a Known,
    /// People of the roster whom a decision names.
    pub(crate) decided: &'a BTreeSet<u32>,
    pub(crate) decisions: &'a Decisions,
}

/// What a search gave.
pub(crate) struct Searched {
    pub(crate) linked: Linked,
    /// Rows that were linked anew, ascending; `None` where everybody was.
    pub(crate) touched: Option<Vec<u32>>,
    /// The month in which the weights were learned.
    pub(crate) since: Month,
}

impl Stage<'_> {
    /// The row of a person of the roster, where it takes part.
    fn row(&self, group: u32) -> Option<u32> {
        match self.groups {
            Some(groups) => groups.binary_search(&group).ok().map(|at| at as u32),
            None => Some(group),
        }
    }

    fn group(&self, row: u32) -> u32 {
        self.groups.and_then(|groups| groups.get(row as usize)).copied().unwrap_or(row)
    }

    /// Links, and takes over into the people what they lacked; tells `since` of whom something else is known now.
    pub(crate) fn run(&self, spine: &mut Spine, before: Option<&Before>, since: &mut Since) -> Searched {
        let config = Config::default();
        let learned = before.and_then(|b| b.learned.get(&(self.roster.to_owned(), self.among)));
        let found = learned.and_then(|learned| self.by_change(spine, learned, since, &config));
        let searched = found.unwrap_or_else(|| Searched {
            linked: link(spine.people(), self.right, self.decisions, &config),
            touched: None,
            since: self.period,
        });
        let taught = spine.enrich(&searched.linked, self.right);
        if before.is_some() {
            self.tell(&searched.linked, &taught, since);
        }
        searched
    }

    /// Links what changed; `None` where so much did that linking everybody is no more work and learns besides.
    fn by_change(&self, spine: &mut Spine, learned: &LearnedBefore, since: &Since, config: &Config) -> Option<Searched> {
        let (standing, changed) = self.standing(spine, learned, since, config);
        let many = |changed: usize, all: usize| changed > FEW && changed * MOST_CHANGED > all;
        if many(changed.len(), self.right.len()) || many(standing.changed_left.len(), spine.len()) {
            return None;
        }
        let again = spine.link_changed(self.right, &standing, &changed, self.decisions, config);
        Some(Searched { linked: again.linked, touched: Some(again.touched), since: learned.since })
    }

    /// What stands, in the numbers of now, and the rows to be linked anew.
    fn standing(&self, spine: &Spine, learned: &LearnedBefore, since: &Since, config: &Config) -> (Standing, Vec<u32>) {
        let before = &self.known.before;
        let left = |then: u32| self.left(since, spine.len(), then);
        let right = |then: u32| self.known.now_of(then).and_then(|group| self.row(group));
        let mut standing = Standing {
            links: Vec::new(),
            also: Vec::new(),
            review: Vec::new(),
            model: spine.model(&learned.weights, config),
            left_rows: spine.len() as u32,
            changed_left: (0..spine.len() as u32).filter(|l| since.other[(self.first + l) as usize]).collect(),
            freed: Vec::new(),
        };
        let mut changed: BTreeSet<u32> = (0..self.right.len() as u32).filter(|row| self.is_new(*row)).collect();
        for old in before.links.iter().filter(|old| old.among == self.among) {
            match (left(old.link.left), right(old.link.right)) {
                (Some(left), None) => standing.freed.push(left),
                (None, Some(right)) => {
                    changed.insert(right);
                }
                (Some(to), Some(right)) => {
                    let runner_up = old.link.runner_up.map(|(other, weight)| (left(other), weight));
                    if runner_up.is_some_and(|(other, _)| other.is_none()) {
                        changed.insert(right);
                    }
                    let runner_up = runner_up.and_then(|(other, weight)| Some((other?, weight)));
                    let list = if old.second { &mut standing.also } else { &mut standing.links };
                    list.push(Link { left: to, right, runner_up, ..old.link });
                }
                (None, None) => {}
            }
        }
        for old in before.questions.iter().filter(|old| old.among == self.among) {
            let runner_up = old.pair.runner_up.map(|(other, weight)| (left(other), weight));
            let whole = runner_up.is_none_or(|(other, _)| other.is_some());
            match (left(old.pair.left), right(old.pair.right)) {
                (Some(to), Some(right)) if whole => {
                    let runner_up = runner_up.and_then(|(other, weight)| Some((other?, weight)));
                    standing.review.push(ReviewPair { left: to, right, runner_up, ..old.pair });
                }
                (to, Some(right)) => {
                    changed.insert(right);
                    standing.freed.extend(to);
                }
                (to, None) => standing.freed.extend(to),
            }
        }
        standing.links.sort_unstable_by_key(|link| link.right);
        standing.also.sort_unstable_by_key(|link| link.right);
        (standing, changed.into_iter().collect())
    }

    /// Whether a row did not take part in this search before, or may have to be linked otherwise.
    fn is_new(&self, row: u32) -> bool {
        let group = self.group(row);
        let Some(then) = self.known.then_of(group) else { return true };
        let was_elsewhere =
            self.known.before.link_of(then).is_some_and(|old| self.among == Among::Others && old.among != self.among);
        was_elsewhere || self.known.before.named[then as usize] || self.decided.contains(&group)
    }

    /// The left row now of a place then.
    fn left(&self, since: &Since, people: usize, then: u32) -> Option<u32> {
        since.place(then)?.checked_sub(self.first).filter(|left| (*left as usize) < people)
    }

    /// Notes of whom something else is known now: who lost a link that told of the person, and who learned something by a link
    /// that is new. Rosters taken later link such people's rows anew.
    fn tell(&self, linked: &Linked, taught: &[u32], since: &mut Since) {
        let mut now = vec![GONE; self.right.len()];
        linked.links.iter().chain(&linked.also).filter(|l| l.is_sure()).for_each(|l| now[l.right as usize] = l.left);
        let mut then = vec![GONE; self.right.len()];
        let mut told = Vec::new();
        for old in self.known.before.links.iter().filter(|old| old.among == self.among && old.link.is_sure()) {
            let Some(place) = since.place(old.link.left) else { continue };
            let right = self.known.now_of(old.link.right).and_then(|group| self.row(group));
            let left = place.checked_sub(self.first);
            match (right, left) {
                (Some(right), Some(left)) if now[right as usize] == left => then[right as usize] = left,
                _ => told.push(place),
            }
        }
        let new = now.iter().zip(&then).filter(|(now, then)| now != then && taught.binary_search(now).is_ok());
        told.extend(new.map(|(left, _)| self.first + left));
        for place in told {
            if let Some(other) = since.other.get_mut(place as usize) {
                *other = true;
            }
        }
    }
}
