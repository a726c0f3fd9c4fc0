//! From weighed candidates to links: each right row to the one person it is, or to nobody.

use crate::candidates::Weighed;
use crate::certain::{agrees_otherwise, has_same_number};
use crate::compare::compare;
use crate::config::Config;
use crate::lexicon::Lexicon;
use crate::model::{Model, probability_thousandths};
use crate::record::Record;
use crate::review::ReviewReason;
use crate::verdict::{agree_as_one, needs_person, same_person};

/// A candidate that was taken, with the next best that was still free.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chosen {
    pub weighed: Weighed,
    pub runner_up: Option<(u32, i32)>,
}

/// What assigning gave.
#[derive(Debug, Default)]
pub(crate) struct Assigned {
    pub chosen: Vec<Chosen>,
    /// Best candidate of right rows without a link, where it is worth a look; ascending by right row.
    pub asked: Vec<(Chosen, ReviewReason)>,
    /// Right rows whose race was too close to call.
    pub too_close: u64,
}

/// Who holds a left row already.
const NOBODY: u32 = u32::MAX;
/// Rounds of taking: a taken person can decide another row's race.
const ROUNDS: usize = 4;

/// Weighs all candidates by what was learned; ascending by right row, then heaviest first.
pub(crate) fn weigh(mut edges: Vec<Weighed>, model: &Model) -> Vec<Weighed> {
    for Weighed { edge, weight } in &mut edges {
        *weight = model.pattern_weight(edge.pattern) + model.frequency_weight(edge.pattern, edge.borne_by);
    }
    edges.sort_unstable_by_key(|w| (w.edge.right, -w.weight, w.edge.left));
    edges
}

struct Race<'a> {
    lexicon: &'a Lexicon,
    records: &'a [Record],
    weighed: &'a [Weighed],
    /// Start of each right row's candidates in `weighed`, with one more entry at the end.
    start: Vec<u32>,
    /// Places in `weighed` by left row, heaviest first, and where each left row begins.
    by_left: Vec<u32>,
    left_start: Vec<u32>,
    holder: Vec<u32>,
    linked: Vec<bool>,
    config: &'a Config,
    /// See [`Model::double_millibits`].
    double: i32,
}

/// What became of a candidate for now.
enum Verdict {
    Take(Option<(u32, i32)>),
    TooClose,
    No,
}

/// Assigns greedily, heaviest first; `settled` pairs (left, right) hold their left rows already.
///
/// A close race is refused, not decided by order. Exact repair of contested groups is not done:
/// what greedy taking leaves contested goes to review.
pub(crate) fn assign(
    lexicon: &Lexicon,
    lefts: usize,
    records: &[Record],
    weighed: &[Weighed],
    settled: &[(u32, u32)],
    rules: (&Config, &Model),
) -> Assigned {
    let config = rules.0;
    let mut race = Race::new(lexicon, lefts, records, weighed, settled, rules);
    let mut order: Vec<u32> = (0..weighed.len() as u32).filter(|at| race.may_link(*at as usize)).collect();
    let edge = |at: &u32| &weighed[*at as usize];
    order.sort_unstable_by_key(|at| (-edge(at).weight, edge(at).edge.left, edge(at).edge.right));
    let mut out = Assigned::default();
    for _ in 0..ROUNDS {
        let before = out.chosen.len();
        for at in order.iter().map(|at| *at as usize) {
            if let Verdict::Take(runner_up) = race.judge(at) {
                race.take(at);
                out.chosen.push(Chosen { weighed: weighed[at], runner_up });
            }
        }
        if out.chosen.len() == before {
            break;
        }
    }
    if config.repeats {
        for at in order.iter().map(|at| *at as usize) {
            if let Some(runner_up) = race.shares(at) {
                race.linked[weighed[at].edge.right as usize] = true;
                out.chosen.push(Chosen { weighed: weighed[at], runner_up });
            }
        }
    }
    race.review(&mut out);
    out.chosen.sort_unstable_by_key(|c| c.weighed.edge.right);
    out
}

impl<'a> Race<'a> {
    fn new(
        lexicon: &'a Lexicon,
        lefts: usize,
        records: &'a [Record],
        weighed: &'a [Weighed],
        settled: &[(u32, u32)],
        (config, model): (&'a Config, &Model),
    ) -> Self {
        let start = starts(records.len(), weighed.iter().map(|w| w.edge.right));
        let mut by_left: Vec<u32> = (0..weighed.len() as u32).collect();
        let edge = |at: &u32| &weighed[*at as usize];
        by_left.sort_unstable_by_key(|at| (edge(at).edge.left, -edge(at).weight, edge(at).edge.right));
        let left_start = starts(lefts, by_left.iter().map(|at| edge(at).edge.left));
        let mut race = Self {
            lexicon,
            records,
            weighed,
            start,
            by_left,
            left_start,
            holder: vec![NOBODY; lefts],
            linked: vec![false; records.len()],
            config,
            double: model.double_millibits(config),
        };
        for (left, right) in settled {
            race.holder[*left as usize] = *right;
            race.linked[*right as usize] = true;
        }
        race
    }

    fn probable(&self, weight: i32, runner_up: Option<i32>) -> bool {
        probability_thousandths(weight, runner_up) >= self.config.link_probability_thousandths
    }

    fn may_link(&self, at: usize) -> bool {
        self.probable(self.weighed[at].weight, None) && !needs_person(self.weighed[at].edge.pattern)
    }

    fn candidates(&self, right: u32) -> &'a [Weighed] {
        &self.weighed[self.start[right as usize] as usize..self.start[right as usize + 1] as usize]
    }

    fn judge(&self, at: usize) -> Verdict {
        let Weighed { edge, weight } = self.weighed[at];
        if self.linked[edge.right as usize] || self.holder[edge.left as usize] != NOBODY {
            return Verdict::No;
        }
        let free = |w: &&Weighed| w.edge.left != edge.left && self.holder[w.edge.left as usize] == NOBODY;
        let runner_up = self.candidates(edge.right).iter().find(free).map(|w| (w.edge.left, w.weight));
        if runner_up.is_some_and(|(_, r)| weight - r < self.config.margin_millibits)
            || !self.probable(weight, runner_up.map(|(_, r)| r))
        {
            return Verdict::TooClose;
        }
        if self.left_is_contested(at) { Verdict::TooClose } else { Verdict::Take(runner_up) }
    }

    /// Whether another person's row wants the same left row about as much.
    fn left_is_contested(&self, at: usize) -> bool {
        let Weighed { edge, weight } = self.weighed[at];
        let left = edge.left as usize;
        let rivals = self.by_left[self.left_start[left] as usize..self.left_start[left + 1] as usize].iter();
        let rivals = rivals.map(|at| &self.weighed[*at as usize]);
        rivals.take_while(|w| w.weight > weight - self.config.margin_millibits).any(|w| {
            w.edge.right != edge.right
                && !self.linked[w.edge.right as usize]
                && !self.one_person(w.edge.right, edge.right)
                && !self.double(w, &self.weighed[at])
        })
    }

    /// Whether two rows so strong are two rows of one person with two insurance numbers.
    fn double(&self, a: &Weighed, b: &Weighed) -> bool {
        let lighter = a.weight.min(b.weight);
        let (x, y) = (&self.records[a.edge.right as usize], &self.records[b.edge.right as usize]);
        is_double(lighter, None, self.double, self.config)
            && !needs_person(a.edge.pattern)
            && !needs_person(b.edge.pattern)
            && agree_as_one(compare(self.lexicon, x, y))
    }

    fn one_person(&self, a: u32, b: u32) -> bool {
        same_person(compare(self.lexicon, &self.records[a as usize], &self.records[b as usize]))
    }

    fn take(&mut self, at: usize) {
        let edge = self.weighed[at].edge;
        self.holder[edge.left as usize] = edge.right;
        self.linked[edge.right as usize] = true;
    }

    /// The runner-up, when a row without a link is one more row of the person its best candidate is.
    fn shares(&self, at: usize) -> Option<Option<(u32, i32)>> {
        let Weighed { edge, weight } = self.weighed[at];
        let holder = self.holder[edge.left as usize];
        if self.linked[edge.right as usize] || holder == NOBODY || !self.one_person(edge.right, holder) {
            return None;
        }
        let others = self.candidates(edge.right).iter();
        let runner_up = others.filter(|w| w.edge.left != edge.left).map(|w| (w.edge.left, w.weight)).next();
        let clear = runner_up.is_none_or(|(_, r)| weight - r >= self.config.margin_millibits);
        (clear && self.probable(weight, runner_up.map(|(_, r)| r))).then_some(runner_up)
    }

    fn review(&self, out: &mut Assigned) {
        let mut from = 0;
        for own in self.weighed.chunk_by(|a, b| a.edge.right == b.edge.right) {
            let first = from;
            from += own.len();
            if self.linked[own[0].edge.right as usize] {
                continue;
            }
            let worth = |w: &&Weighed| {
                // The same number with nothing else agreeing is always shown, however little it weighs. A
                // person who has a row already is a matter of second rows.
                let free = self.holder[w.edge.left as usize] == NOBODY;
                (free && probability_thousandths(w.weight, None) >= self.config.review_probability_thousandths)
                    || has_same_number(w.edge.pattern)
            };
            if let Some(best) = own.iter().find(worth) {
                let rival = |w: &&Weighed| w.edge.left != best.edge.left && self.holder[w.edge.left as usize] == NOBODY;
                let runner_up = own.iter().find(rival).map(|w| (w.edge.left, w.weight));
                let close = (first..from).filter(|at| self.may_link(*at)).any(|at| matches!(self.judge(at), Verdict::TooClose));
                out.too_close += u64::from(close);
                let pattern = best.edge.pattern;
                let why = if has_same_number(pattern) && !agrees_otherwise(pattern) {
                    ReviewReason::SameNumberOnly
                } else if close {
                    ReviewReason::Contested
                } else if needs_person(pattern) {
                    ReviewReason::NeedsPerson
                } else {
                    ReviewReason::JustBelow
                };
                out.asked.push((Chosen { weighed: *best, runner_up }, why));
            }
        }
    }
}

/// Whether a row of this weight is a second row of a person who has one, the next best person considered.
pub(crate) fn is_double(weight: i32, runner_up: Option<i32>, double: i32, config: &Config) -> bool {
    let weight = weight + double;
    runner_up.is_none_or(|r| weight - r >= config.margin_millibits)
        && probability_thousandths(weight, runner_up) >= config.double_probability_thousandths
}

/// Where each of `n` groups starts in an ascending list of group numbers, and the end.
fn starts(n: usize, groups: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut starts = vec![0u32; n + 1];
    groups.for_each(|g| starts[g as usize + 1] += 1);
    for at in 0..n {
        starts[at + 1] += starts[at];
    }
    starts
}
