//! From weighed candidates to links: each right row to the one person it is, or to nobody.

use crate::candidates::Edge;
use crate::certain::{agrees_otherwise, has_same_number};
use crate::compare::{birth_code, compare, id_code, insurance_code, name_code};
use crate::config::Config;
use crate::level::{Pattern, code};
use crate::lexicon::Lexicon;
use crate::model::{Model, probability_thousandths};
use crate::record::Record;

/// A candidate with its final weight.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weighed {
    pub edge: Edge,
    pub weight: i32,
}

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
    /// Best candidate of right rows without a link, where it is worth a look.
    pub review: Vec<Chosen>,
    /// Right rows whose race was too close to call.
    pub too_close: u64,
}

/// Who holds a left row already.
const NOBODY: u32 = u32::MAX;
/// Rounds of taking: a taken person can decide another row's race.
const ROUNDS: usize = 4;

/// Whether only a person may say that a pair is one person, whatever it weighs.
///
/// The same number with nothing else agreeing is usually a relative's number; another vowel or
/// another given name without any agreeing number is usually a twin or a sibling; a name with
/// neither a number nor a birth date beside it is a namesake as easily as the person, however rare.
pub(crate) fn needs_person(pattern: Pattern) -> bool {
    if has_same_number(pattern) {
        return !agrees_otherwise(pattern);
    }
    let name = pattern.code(code::NAME) as u8;
    let birth = pattern.code(code::BIRTH) as u8;
    let number_near = pattern.code(code::ID) <= usize::from(id_code::OLD_NEAR)
        || pattern.code(code::INSURANCE) <= usize::from(insurance_code::NEAR);
    !number_near && (name == name_code::OTHER_VOWEL || name >= name_code::OTHER_GIVEN || birth == birth_code::MISSING)
}

/// Whether two rows of one roster agree as rows of one person do.
fn same_person(pattern: Pattern) -> bool {
    let (name, birth) = (pattern.code(code::NAME) as u8, pattern.code(code::BIRTH) as u8);
    let id = pattern.code(code::ID) as u8;
    let other_insurance = pattern.code(code::INSURANCE) == usize::from(insurance_code::DIFFERENT);
    name <= name_code::TYPO
        && name != name_code::OTHER_VOWEL
        && ![birth_code::NEAR, birth_code::DIFFERENT].contains(&birth)
        && pattern.code(code::SEX) != 1
        && id != id_code::DIFFERENT
        && (!other_insurance || id <= id_code::OLD_NEAR)
}

/// Weighs all candidates; ascending by right row, then heaviest first.
pub(crate) fn weigh(edges: Vec<Edge>, model: &Model) -> Vec<Weighed> {
    let of = |edge: Edge| {
        let weight = model.pattern_weight(edge.pattern) + model.frequency_weight(edge.pattern, edge.borne_by);
        Weighed { edge, weight }
    };
    let mut weighed: Vec<Weighed> = edges.into_iter().map(of).collect();
    weighed.sort_unstable_by_key(|w| (w.edge.right, -w.weight, w.edge.left));
    weighed
}

struct Race<'a> {
    lexicon: &'a Lexicon,
    records: &'a [Record],
    weighed: &'a [Weighed],
    /// Start of each right row's candidates in `weighed`, with one more entry at the end.
    start: Vec<usize>,
    /// Places in `weighed` by left row, heaviest first, and where each left row begins.
    by_left: Vec<usize>,
    left_start: Vec<usize>,
    holder: Vec<u32>,
    linked: Vec<bool>,
    config: &'a Config,
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
    config: &Config,
) -> Assigned {
    let mut race = Race::new(lexicon, lefts, records, weighed, settled, config);
    let mut order: Vec<usize> = (0..weighed.len()).filter(|at| race.may_link(*at)).collect();
    order.sort_unstable_by_key(|at| (-weighed[*at].weight, weighed[*at].edge.left, weighed[*at].edge.right));
    let mut out = Assigned::default();
    for _ in 0..ROUNDS {
        let before = out.chosen.len();
        for at in &order {
            if let Verdict::Take(runner_up) = race.judge(*at) {
                race.take(*at);
                out.chosen.push(Chosen { weighed: weighed[*at], runner_up });
            }
        }
        if out.chosen.len() == before {
            break;
        }
    }
    if config.repeats {
        for at in &order {
            if let Some(runner_up) = race.shares(*at) {
                race.linked[weighed[*at].edge.right as usize] = true;
                out.chosen.push(Chosen { weighed: weighed[*at], runner_up });
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
        config: &'a Config,
    ) -> Self {
        let start = starts(records.len(), weighed.iter().map(|w| w.edge.right));
        let mut by_left: Vec<usize> = (0..weighed.len()).collect();
        by_left.sort_unstable_by_key(|at| (weighed[*at].edge.left, -weighed[*at].weight, weighed[*at].edge.right));
        let left_start = starts(lefts, by_left.iter().map(|at| weighed[*at].edge.left));
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
        &self.weighed[self.start[right as usize]..self.start[right as usize + 1]]
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
        let rivals = self.by_left[self.left_start[left]..self.left_start[left + 1]].iter().map(|at| &self.weighed[*at]);
        rivals.take_while(|w| w.weight > weight - self.config.margin_millibits).any(|w| {
            w.edge.right != edge.right && !self.linked[w.edge.right as usize] && !self.one_person(w.edge.right, edge.right)
        })
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
                // The same number with nothing else agreeing is always shown, however little it weighs.
                probability_thousandths(w.weight, None) >= self.config.review_probability_thousandths
                    || has_same_number(w.edge.pattern)
            };
            if let Some(best) = own.iter().find(worth) {
                let runner_up = own.iter().find(|w| w.edge.left != best.edge.left).map(|w| (w.edge.left, w.weight));
                out.review.push(Chosen { weighed: *best, runner_up });
                let close = (first..from).filter(|at| self.may_link(*at)).any(|at| matches!(self.judge(at), Verdict::TooClose));
                out.too_close += u64::from(close);
            }
        }
    }
}

/// Where each of `n` groups starts in an ascending list of group numbers, and the end.
fn starts(n: usize, groups: impl Iterator<Item = u32>) -> Vec<usize> {
    let mut starts = vec![0usize; n + 1];
    groups.for_each(|g| starts[g as usize + 1] += 1);
    for at in 0..n {
        starts[at + 1] += starts[at];
    }
    starts
}
