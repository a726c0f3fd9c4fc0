//! True pairs that no pass finds, estimated by capture and recapture.
//!
//! Passes by numbers and passes by words (name, date, commune) are taken as two occasions of catching a
//! pair. Of pairs caught by the one, the share that the other caught too says how well the other catches
//! (Petersen 1896, Lincoln 1930; Chapman's form, which is finite when no pair is caught twice). Pairs whose
//! rows have no number in common use are split by other occasions: those by whole names and those by dates
//! with part of the name. A row that is hard for both occasions makes them depend on one another, so the
//! estimate is a lower bound more than a middle.

use rayon::prelude::*;
use serde::Serialize;

use crate::compare::near;
use crate::hash::mix;
use crate::keys::{Pass, shares};
use crate::lexicon::Lexicon;
use crate::link::Link;
use crate::record::{NO_NUMBER, NO_OLD_ID, Record};

/// How many of a roster's rows may have a partner that no pass brought up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct LostLinks {
    /// Links looked at: all, or a sample of them.
    pub looked_at: u64,
    /// Of these, both rows have a number of one kind.
    pub with_numbers: Caught,
    /// Of these, they do not.
    pub without_numbers: Caught,
    /// Estimated true pairs that no pass found, of all rows.
    pub lost: u64,
}

/// Links by the occasions that caught them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Caught {
    /// By the first occasion (numbers; without numbers: whole names).
    pub first: u64,
    /// By the second (name, date, commune; without numbers: dates with part of the name).
    pub second: u64,
    /// By both.
    pub both: u64,
}

/// Most links looked at.
const SAMPLE: usize = 100_000;

const NUMBERS: [Pass; 3] = [Pass::IdSerial, Pass::OldId, Pass::Insurance];
const WHOLE_NAMES: [Pass; 6] =
    [Pass::NameDate, Pass::NameYear, Pass::SoundYear, Pass::NameDay, Pass::NameCommune, Pass::NameOnly];
const DATES: [Pass; 3] = [Pass::GivenDate, Pass::SurnameDate, Pass::EndsYear];

/// Estimates the pairs lost between two rosters from the links made.
pub(crate) fn lost(lexicon: &Lexicon, lefts: &[Record], rights: &[Record], links: &[Link]) -> LostLinks {
    let step = links.len().div_ceil(SAMPLE).max(1) as u64;
    let seen = |link: &Link| -> LostLinks {
        if link.decided || !mix(u64::from(link.right) ^ 0x6c6f_7374).is_multiple_of(step) {
            return LostLinks::default();
        }
        of_pair(lexicon, &lefts[link.left as usize], &rights[link.right as usize])
    };
    let mut all = links.par_iter().map(seen).reduce(LostLinks::default, LostLinks::add);
    let thousandths = u128::from(step) * (all.with_numbers.missed_thousandths() + all.without_numbers.missed_thousandths());
    all.lost = u64::try_from((thousandths + 500) / 1_000).unwrap_or(u64::MAX);
    all
}

fn of_pair(lexicon: &Lexicon, a: &Record, b: &Record) -> LostLinks {
    let any = |passes: &[Pass]| passes.iter().any(|pass| shares(*pass, lexicon, a, b));
    let names = any(&WHOLE_NAMES);
    let dates = || any(&DATES) || (a.birth.has_day() && a.birth.ordered() == b.birth.ordered() && share_commune(a, b));
    let ids = a.id != NO_NUMBER && b.id != NO_NUMBER;
    let comparable =
        ids || (a.old_id != NO_OLD_ID && b.old_id != NO_OLD_ID) || (a.insurance != NO_NUMBER && b.insurance != NO_NUMBER);
    let mut out = LostLinks { looked_at: 1, ..LostLinks::default() };
    let (slot, first, second) = match comparable {
        true => (&mut out.with_numbers, any(&NUMBERS) || (ids && near(a.id, b.id)), names || dates()),
        false => (&mut out.without_numbers, names, dates()),
    };
    *slot = Caught { first: u64::from(first), second: u64::from(second), both: u64::from(first && second) };
    out
}

fn share_commune(a: &Record, b: &Record) -> bool {
    a.communes().any(|own| b.communes().any(|other| own == other))
}

impl LostLinks {
    fn add(self, other: Self) -> Self {
        Self {
            looked_at: self.looked_at + other.looked_at,
            with_numbers: self.with_numbers.add(other.with_numbers),
            without_numbers: self.without_numbers.add(other.without_numbers),
            lost: 0,
        }
    }
}

impl Caught {
    fn add(self, other: Self) -> Self {
        Self { first: self.first + other.first, second: self.second + other.second, both: self.both + other.both }
    }

    /// Thousandths of the pairs that neither occasion caught, by Chapman's estimate of all,
    /// (n1 + 1)(n2 + 1) / (m + 1) - 1, less those caught: (n1 - m)(n2 - m) / (m + 1).
    fn missed_thousandths(self) -> u128 {
        let alone = |n: u64| u128::from(n.saturating_sub(self.both));
        1_000 * alone(self.first) * alone(self.second) / (u128::from(self.both) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prepared::tests::prepared;

    #[test]
    fn pairs_missed_are_those_of_the_textbook() {
        // Of 900 caught by the second, 810 were caught by the first, which so catches nine in ten; and the other way round.
        let caught = Caught { first: 900, second: 900, both: 810 };
        assert_eq!(caught.missed_thousandths(), 9_987);
        let all: f64 = 901.0 * 901.0 / 811.0 - 1.0;
        assert!((all - (900.0 + 900.0 - 810.0) - 9.987).abs() < 0.001);
        assert_eq!(Caught { first: 50, second: 50, both: 50 }.missed_thousandths(), 0);
        assert_eq!(Caught::default().missed_thousandths(), 0);
    }

    #[test]
    fn a_pair_is_caught_by_its_numbers_and_by_its_words() {
        let rows = prepared(&[
            "Trần Văn An|1970-02-03|m|001070123456|1",
            "Trần Văn An|1970-02-03|m|001070999999|1",
            "Lê Thị Hoa|1991-05-06|f|001070123456|2",
            "Trần Văn An|1970-02-03|m||9",
            "Trần Văn Ba|1970-02-03|m||1",
        ]);
        let lexicon = Lexicon::new(rows.syllables.clone());
        let of = |a: usize, b: usize| {
            let pair = of_pair(&lexicon, &rows.records[a], &rows.records[b]);
            let one = |c: Caught| (c.first, c.second, c.both);
            (one(pair.with_numbers), one(pair.without_numbers))
        };
        assert_eq!(of(0, 0), ((1, 1, 1), (0, 0, 0)));
        assert_eq!(of(0, 1), ((0, 1, 0), (0, 0, 0)));
        assert_eq!(of(0, 2), ((1, 0, 0), (0, 0, 0)));
        assert_eq!(of(0, 3), ((0, 0, 0), (1, 1, 1)));
        assert_eq!(of(0, 4), ((0, 0, 0), (0, 1, 0)));
    }
}
