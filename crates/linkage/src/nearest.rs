//! Why a row has no link: its best candidate in the whole spine, looked up when somebody asks.

use rayon::prelude::*;
use serde::Serialize;

use crate::candidates::ALL;
use crate::compare::compare;
use crate::keys::{Pass, Side, key, keys};
use crate::level::{FIELDS, FieldName, LEVELS, LevelName, Pattern};
use crate::lexicon::Lexicon;
use crate::model::{Model, probability_thousandths};
use crate::prepared::{Prepared, recode};
use crate::record::Record;
use crate::verdict::needs_person;

/// The best candidate of a row, and what stands in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Nearest {
    /// Row of the spine. It may be another row's person.
    pub left: u32,
    /// On which levels the fields agree.
    pub pattern: Pattern,
    /// Weight of evidence in thousandths of a bit, the prior included.
    pub weight_millibits: i32,
    /// Probability in thousandths, against nobody and against the runner-up.
    pub probability_thousandths: u16,
    /// The next best row of the spine with its weight.
    pub runner_up: Option<(u32, i32)>,
    /// The first pass in which the two rows share a key. `None`: no pass compares them ("không vòng
    /// nào tìm thấy"), unless a block was too large.
    pub pass: Option<Pass>,
    /// Compared fields that a side does not state.
    pub missing: Vec<FieldName>,
    /// Fields that speak against the pair.
    pub disagreeing: Vec<FieldName>,
    /// Whether only a person may say that the two are one, whatever the weight.
    pub needs_person: bool,
}

/// A candidate of less weight is a stranger, thousandths of a bit.
const FAR: i32 = -20_000;

/// Looks through the whole spine for the candidate that fits a right row best; `None` where nothing
/// comes near or the row does not exist. `model` is the one the rosters were linked with.
///
/// Takes a fraction of a second for millions of rows: for one row on a screen, not for lists.
pub fn nearest(model: &Model, left: &Prepared, right: &Prepared, row: u32) -> Option<Nearest> {
    let mut record = *right.records.get(row as usize)?;
    let own = &record.name[..usize::from(record.syllables)];
    let mut syllables: Vec<_> = own.iter().map(|code| right.syllables[*code as usize]).collect();
    syllables.sort_unstable();
    syllables.dedup();
    let (lexicon, codes) = Lexicon::beside(&left.syllables, &syllables);
    let mut code_of = vec![0; right.syllables.len()];
    for (syllable, code) in syllables.iter().zip(codes) {
        code_of[right.syllables.binary_search(syllable).ok()?] = code;
    }
    recode(&mut record, &code_of);
    let weight_of = |l: usize| {
        let pattern = compare(&lexicon, &left.records[l], &record);
        let weight = model.pattern_weight(pattern);
        // Only whole names have a frequency to look up.
        let frequency =
            if weight < FAR { 0 } else { model.frequency_weight(pattern, model.borne_by(&lexicon, &left.records[l])) };
        (weight + frequency, std::cmp::Reverse(l as u32), pattern)
    };
    let none = (i32::MIN, std::cmp::Reverse(u32::MAX), Pattern(0));
    let two = |a: [Fit; 2], b: [Fit; 2]| {
        let mut all = [a[0], a[1], b[0], b[1]];
        all.sort_unstable_by(|x, y| y.cmp(x));
        [all[0], all[1]]
    };
    let best = (0..left.len()).into_par_iter().map(weight_of).fold(|| [none; 2], |top, one| two(top, [one, none]));
    let [(weight, std::cmp::Reverse(found), pattern), second] = best.reduce(|| [none; 2], two);
    let speaks_for = (0..FIELDS).any(|field| model.weights[field][pattern.code(field)] > 0);
    if weight < FAR || !speaks_for {
        return None;
    }
    let runner_up = (second.0 >= FAR).then_some((second.1.0, second.0));
    let levels = FieldName::COMPARED.iter().enumerate().filter_map(|(at, field)| Some((at, *field, pattern.level(*field)?)));
    let missing = levels.clone().filter(|(at, _, level)| is_missing(*at, *level)).map(|(_, field, _)| field).collect();
    let against = levels.filter(|(at, _, level)| !is_missing(*at, *level) && model.weights[*at][pattern.code(*at)] < 0);
    Some(Nearest {
        left: found,
        pattern,
        weight_millibits: weight,
        probability_thousandths: probability_thousandths(weight, runner_up.map(|(_, w)| w)),
        runner_up,
        pass: shared_pass(&lexicon, &left.records[found as usize], &record),
        missing,
        disagreeing: against.map(|(_, field, _)| field).collect(),
        needs_person: needs_person(pattern),
    })
}

/// Weight, row of the spine (the first of equals is best) and pattern.
type Fit = (i32, std::cmp::Reverse<u32>, Pattern);

fn is_missing(field: usize, level: LevelName) -> bool {
    LEVELS[field].last() == Some(&level)
}

/// The first pass in which two records share a key.
fn shared_pass(lexicon: &Lexicon, left: &Record, right: &Record) -> Option<Pass> {
    let single = ALL.single.iter().find(|pass| {
        let own = key(**pass, lexicon, left, Side::Left);
        own.is_some() && own == key(**pass, lexicon, right, Side::Right)
    });
    let (mut own, mut other) = (Vec::new(), Vec::new());
    let several = || {
        ALL.several.iter().find(|pass| {
            keys(**pass, left, &mut own);
            keys(**pass, right, &mut other);
            own.iter().any(|k| other.contains(k))
        })
    };
    single.or_else(several).copied()
}
