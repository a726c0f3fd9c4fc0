//! Second rows: a person who stands in a roster twice, under two insurance numbers or with a slip.
//!
//! One to one assignment alone would make a person of the second row, or give it to a namesake,
//! because the right person of the spine is taken.

use rayon::prelude::*;
use serde::Serialize;

use crate::assign::{Chosen, is_double, weigh};
use crate::blocks::Filter;
use crate::candidates::{Open, Passes, STRONG, Task, Weighed, find};
use crate::certain::Certain;
use crate::columns::{Columns, short};
use crate::compare::{compare, insurance_code};
use crate::config::Config;
use crate::group::Groups;
use crate::hash::below;
use crate::keys::{Pass, Side, key};
use crate::learn::{chance_shares, random_pairs, start_shares};
use crate::level::code;
use crate::lexicon::Lexicon;
use crate::model::{Model, NameCounts, millibits, name_key, probability_thousandths};
use crate::prepared::Prepared;
use crate::record::Record;
use crate::review::{ReviewPair, ReviewReason, queue};
use crate::verdict::{agree_as_one, needs_person};

/// Nobody holds a left row.
pub(crate) const FREE: u32 = u32::MAX;

/// What looking for second rows works on.
pub(crate) struct Taken<'a> {
    pub lexicon: &'a Lexicon,
    pub lefts: &'a [Record],
    pub rights: &'a [Record],
    /// The right row of each left row, [`FREE`] for none and for those that a person decided.
    pub holder: &'a [u32],
    /// Right rows that may be second rows.
    pub open: &'a [bool],
    /// All candidates of free left rows, ascending by right row.
    pub weighed: &'a [Weighed],
    pub model: &'a Model,
    pub config: &'a Config,
    /// What is kept of the keys of `lefts`.
    pub kept: Option<&'a Columns>,
}

/// Second rows found.
#[derive(Debug, Default)]
pub(crate) struct Second {
    /// To be joined to the person; ascending by right row.
    pub also: Vec<Chosen>,
    /// Perhaps; ascending by right row.
    pub unsure: Vec<Chosen>,
}

/// Finds the second rows among open right rows. `allowed` is false for pairs a person parted.
pub(crate) fn second_rows(taken: &Taken<'_>, allowed: impl Fn(u32, u32) -> bool) -> Second {
    let Taken { lexicon, lefts, rights, holder, open, model, config, kept, .. } = *taken;
    let right = Open::of(rights, |r| open[r as usize]);
    if right.rows.is_empty() {
        return Second::default();
    }
    let known = Known::new(STRONG, lexicon, &right.records);
    let columns = kept.map(|kept| KnownColumns::new(STRONG, lexicon, &right.records, kept));
    let left = Open::of(lefts, |l| {
        holder[l as usize] != FREE
            && columns.as_ref().is_none_or(|c| c.may_meet(l as usize))
            && known.may_meet(lexicon, &lefts[l as usize])
    });
    let borne_by: Vec<u32> = left.records.par_iter().map(|r| model.borne_by(lexicon, r)).collect();
    let task = Task {
        lexicon,
        left: &left,
        right: &right,
        borne_by: &borne_by,
        model,
        config,
        passes: STRONG,
        kept: None,
        within: false,
    };
    let mut edges = find(&task).edges;
    edges.retain(|w| holder[w.edge.left as usize] != w.edge.right && allowed(w.edge.left, w.edge.right));
    let double = model.double_millibits(config);
    let mut found = Second::default();
    for own in weigh(edges, model).chunk_by(|a, b| a.edge.right == b.edge.right) {
        let best = own[0];
        let (l, r) = (best.edge.left, best.edge.right);
        let runner_up = taken.runner_up(own, best);
        let first_row = &rights[holder[l as usize] as usize];
        let one = !needs_person(best.edge.pattern) && agree_as_one(compare(lexicon, first_row, &rights[r as usize]));
        let chosen = Chosen { weighed: best, runner_up };
        if one && is_double(best.weight, runner_up.map(|(_, w)| w), double, config) {
            found.also.push(chosen);
        } else if probability_thousandths(best.weight + double, None) >= config.review_probability_thousandths {
            found.unsure.push(chosen);
        }
    }
    found
}

impl Taken<'_> {
    /// The next best person for the row of `best`, free or taken.
    fn runner_up(&self, own: &[Weighed], best: Weighed) -> Option<(u32, i32)> {
        let right = best.edge.right;
        let from = self.weighed.partition_point(|w| w.edge.right < right);
        let free = self.weighed[from..].iter().take_while(|w| w.edge.right == right);
        let others = own.iter().chain(free).filter(|w| w.edge.left != best.edge.left);
        others.map(|w| (w.edge.left, w.weight)).max_by_key(|(left, weight)| (*weight, std::cmp::Reverse(*left)))
    }
}

/// The keys of some rows, so that a row that meets none of them is passed over without being copied.
struct Known {
    passes: Passes,
    bits: Vec<u64>,
}

impl Known {
    fn new(passes: Passes, lexicon: &Lexicon, records: &[Record]) -> Self {
        let bits = vec![0; (records.len() * passes.single.len() / 4).max(64).next_power_of_two()];
        let mut known = Self { passes, bits };
        for record in records {
            for key in passes.single.iter().filter_map(|p| key(*p, lexicon, record, Side::Right)) {
                let (word, bit) = known.place(key);
                known.bits[word] |= bit;
            }
        }
        known
    }

    fn place(&self, key: u64) -> (usize, u64) {
        (below(key, self.bits.len()), 1 << (key & 63))
    }

    fn may_meet(&self, lexicon: &Lexicon, record: &Record) -> bool {
        self.passes.single.iter().filter_map(|p| key(*p, lexicon, record, Side::Left)).any(|key| {
            let (word, bit) = self.place(key);
            self.bits[word] & bit != 0
        })
    }
}

/// The same, told from what is kept of the left rows' keys.
struct KnownColumns<'a>(Vec<(&'a [u32], Filter)>);

impl<'a> KnownColumns<'a> {
    fn new(passes: Passes, lexicon: &Lexicon, rights: &[Record], kept: &'a Columns) -> Self {
        let of = |pass: &Pass| {
            let keys = rights.iter().filter_map(|r| key(*pass, lexicon, r, Side::Right));
            Some((kept.of(*pass)?, Filter::of_keys(keys.map(|key| u64::from(short(key))).collect())))
        };
        Self(passes.single.iter().filter_map(of).collect())
    }

    fn may_meet(&self, row: usize) -> bool {
        self.0.iter().any(|(column, filter)| column[row] != 0 && filter.may_hold(u64::from(column[row])))
    }
}

/// Rows of one person within one roster that share no number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Doubles {
    /// The group of each row, the smallest row number of the same person: for [`Prepared::merged`].
    pub groups: Vec<u32>,
    /// Pairs of rows that were joined; `left` is the row further up. Ascending by right row.
    pub joined: Vec<ReviewPair>,
    /// Pairs of rows that may be one person, most urgent first.
    pub review: Vec<ReviewPair>,
}

/// Finds people who stand in a roster twice although [`crate::group_rows`] joined what is certain:
/// two insurance numbers, a number on one row only. For rosters that are no one's right side, such as
/// the first one of a [`crate::Star`]; [`crate::link`] does the same for rows it links.
///
/// Give one record a person (after [`Prepared::merged`]). Another insurance number does not speak
/// against a pair, since second rows have one; another identity number does.
pub fn doubles(roster: &Prepared, config: &Config) -> Doubles {
    let lexicon = Lexicon::new(roster.syllables.clone());
    let records = &roster.records[..];
    let chance = chance_shares(&random_pairs(&lexicon, records, records, &Certain::default(), config));
    let mut keys: Vec<u64> = records.par_iter().filter_map(|r| name_key(&lexicon, r)).collect();
    let names = NameCounts::new(&mut keys, Model::whole_name(&chance), config);
    let mut model = Model::new(start_shares(), chance, names);
    model.weights[code::INSURANCE][usize::from(insurance_code::DIFFERENT)] = 0;
    let people = records.len().max(config.population_floor as usize) as f64;
    model.prior_millibits = millibits(f64::from(config.double_share_thousandths) / 1_000.0 / people);
    let all = Open::of(records, |_| true);
    let borne_by: Vec<u32> = records.par_iter().map(|r| model.borne_by(&lexicon, r)).collect();
    let task = Task {
        lexicon: &lexicon,
        left: &all,
        right: &all,
        borne_by: &borne_by,
        model: &model,
        config,
        passes: STRONG,
        kept: None,
        within: true,
    };
    let mut groups = Groups::new(records.len());
    let (mut joined, mut asked) = (Vec::new(), Vec::new());
    for weighed in weigh(find(&task).edges, &model) {
        let edge = weighed.edge;
        let one = agree_as_one(edge.pattern) && !needs_person(edge.pattern);
        let probability = probability_thousandths(weighed.weight, None);
        let pair = ReviewPair::new(&Chosen { weighed, runner_up: None }, ReviewReason::SecondRow, &model, 0);
        // All rows of a person must agree with one another, through the person's first row.
        let first = [groups.find(edge.left), groups.find(edge.right)].map(|row| &records[row as usize]);
        if one && probability >= config.double_probability_thousandths && agree_as_one(compare(&lexicon, first[0], first[1])) {
            groups.join(edge.left, edge.right);
            joined.push(pair);
        } else if one && probability >= config.review_probability_thousandths {
            asked.push(pair);
        }
    }
    let groups = (0..records.len() as u32).map(|row| groups.find(row)).collect();
    Doubles { groups, joined, review: queue(asked, config).0 }
}
