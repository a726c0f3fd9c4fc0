//! Who comes to which employer, and which employers are looked at more closely.

use crate::calendar::MonthIndex;
use crate::employers::{Employers, Part};
use crate::random::Draw;

/// Employers, at most about, whose monthly papers are written one by one.
const SAMPLE: u64 = 160;

impl Employers {
    /// The employer a worker comes to in a month: a band by its share of workers, then any of the band
    /// that hires then. Small firms that are not there yet or no more are passed over.
    pub fn pick(&self, draw: Draw, month: MonthIndex) -> u64 {
        let mut last = 0;
        for attempt in 0..12 {
            let draw = draw.number(attempt);
            let (first, count) = *self.bands.pick(draw.of("band"));
            last = first + draw.of("employer").below(count);
            if self.standing(last).hires_soon(month) {
                return last;
            }
        }
        last
    }

    /// An employer that pays somebody without insuring them: planted evaders, some of whom have many such workers.
    pub fn pick_evader(&self, draw: Draw) -> u64 {
        if !self.under.is_empty() && draw.of("under").chance(45_000) {
            return self.under[draw.of("which").below(self.under.len() as u64) as usize];
        }
        self.pick_uneven(Part::NeverRegisters, draw)
    }

    /// An employer of a part, the first of them far more often than the last.
    pub fn pick_uneven(&self, part: Part, draw: Draw) -> u64 {
        let (first, count) = self.first_of(part);
        first + draw.of("uneven").below(draw.of("reach").below(count) + 1)
    }

    /// Whether a month is in the season of an employer: three months of each year.
    pub fn in_season(&self, employer: u64, month: MonthIndex) -> bool {
        (month - self.random.draw("season", employer).small(12)).rem_euclid(12) < 3
    }

    /// Whether an employer is in the sample whose monthly papers are written one by one.
    pub fn is_sampled(&self, employer: u64) -> bool {
        let payers = self.payers;
        employer < payers && self.random.draw("sampled", employer).below(payers) < SAMPLE.min(payers / 8 + 3)
    }
}
