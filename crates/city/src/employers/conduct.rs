//! How employers treat their duty: who evades, who only looks like it, and who pays late by how much.

use crate::calendar::MonthIndex;
use crate::employers::{Kind, Part};
use crate::life::jobs;
use crate::random::{Draw, Random};

/// How an employer treats its duty to insure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Conduct {
    /// Insures whom it has to.
    Honest,
    /// Operates, pays wages and never registered anybody.
    NeverRegisters,
    /// Insures fewer than it pays.
    UnderInsures,
    /// Insures at the wage floor and pays more.
    WageFloor,
}

impl Conduct {
    /// The word of truth files; empty for the honest.
    pub fn word(self) -> &'static str {
        match self {
            Self::Honest => "",
            Self::NeverRegisters => "never-registers",
            Self::UnderInsures => "under-insures",
            Self::WageFloor => "wage-floor",
        }
    }
}

/// Payers among 100,000 of the small and middle bands who evade in one of the two ways.
const UNDER: u32 = 6_000;
const FLOOR: u32 = 4_000;
/// Size bands with such evaders: five workers and more, fewer than five hundred.
const EVADING_BANDS: std::ops::RangeInclusive<usize> = 1..=6;

/// How an employer treats its duty to insure.
pub fn of(random: &Random, employer: u64, kind: Kind, part: Option<Part>) -> Conduct {
    match part {
        Some(Part::NeverRegisters) => Conduct::NeverRegisters,
        Some(Part::Pays { band }) if kind == Kind::Enterprise && EVADING_BANDS.contains(&band) => {
            match random.draw("conduct", employer).below(100_000) as u32 {
                n if n < UNDER => Conduct::UnderInsures,
                n if n < UNDER + FLOOR => Conduct::WageFloor,
                _ => Conduct::Honest,
            }
        }
        _ => Conduct::Honest,
    }
}

/// Why an honest employer may be taken for an evader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LookAlike {
    /// Founded in the month; registers its workers in the next.
    New,
    /// Those it does not insure are pensioners or have another main employer.
    NotObliged,
    /// Hires by the day in its season.
    Seasonal,
    /// Its workers are insured at the parent company.
    AtParent,
    /// Rests; its workers have left.
    Suspended,
    /// Has no workers, and its manager is insured elsewhere or past work.
    ManagerElsewhere,
}

impl LookAlike {
    /// The word of truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::NotObliged => "not-obliged",
            Self::Seasonal => "seasonal",
            Self::AtParent => "insured-at-parent",
            Self::Suspended => "suspended",
            Self::ManagerElsewhere => "manager-insured-elsewhere",
        }
    }
}

/// How an employer pays its contributions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Habit {
    /// Within the month, now and then a month later.
    Prompt,
    /// One month behind, as most are.
    MonthBehind,
    /// Always so many months behind.
    Slow(i32),
    /// Stops in a month and pays nothing for so many months; then all at once.
    Stops(MonthIndex, i32),
}

fn habit(random: &Random, employer: u64, kind: Kind, band: usize) -> Habit {
    let draw = random.draw("pays late", employer);
    // Public units are paid by the treasury, large ones watched closely.
    let prompt = match (kind, band) {
        (Kind::Public, _) => 90,
        (_, 0..=5) => 24,
        _ => 42,
    };
    if draw.below(100) < prompt {
        return Habit::Prompt;
    }
    let ways = draw.of("ways");
    let (slow, stops) = if kind == Kind::Public { (4, 0) } else { (11, 9) };
    match ways.below(100) {
        n if n < slow => Habit::Slow(2 + heavy(ways.of("months"), 10)),
        n if n < slow + stops => {
            let from = jobs::START + 2 + ways.of("from").small(84);
            Habit::Stops(from, 4 + heavy(ways.of("length"), 44))
        }
        _ => Habit::MonthBehind,
    }
}

/// A number from 0 to `most`, small ones far more often.
fn heavy(draw: Draw, most: u32) -> i32 {
    draw.of("a").small(draw.of("b").small(draw.of("c").small(most + 1) as u32 + 1) as u32 + 1)
}

/// The last month whose contributions are paid by the end of a month. It never goes back.
pub fn paid_through(random: &Random, employer: u64, kind: Kind, part: Option<Part>, month: MonthIndex) -> MonthIndex {
    let band = if let Some(Part::Pays { band }) = part { band } else { 0 };
    let habit = habit(random, employer, kind, band);
    let begin = jobs::START - 1;
    let mut best = begin;
    // What is paid in a month reaches at most that month, so older months need no look once they cannot reach further.
    for at in (begin..=month).rev() {
        if at <= best {
            break;
        }
        let slips = random.draw2("slips", employer, at as u64).below(100);
        let behind = match habit {
            Habit::Stops(from, length) if (from..from + length).contains(&at) => continue,
            Habit::Prompt => i32::from(slips < 6),
            Habit::MonthBehind | Habit::Stops(..) => i32::from(slips >= 4),
            Habit::Slow(months) => months + i32::from(slips < 30),
        };
        best = best.max(at - behind);
    }
    best.max(begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    use crate::calendar;
    use crate::employers::Employers;
    use crate::tables::Tables;

    const SMALL: Option<Part> = Some(Part::Pays { band: 1 });

    #[test]
    fn most_late_payers_owe_one_month_and_few_owe_many() {
        let random = Random::new(1);
        let month = calendar::month(2026, 10);
        let late: Vec<i32> =
            (0..10_000).map(|n| month - paid_through(&random, n, Kind::Enterprise, SMALL, month)).filter(|m| *m > 0).collect();
        let share = |from: i32, to: i32| late.iter().filter(|m| (from..=to).contains(m)).count() as f64 / late.len() as f64;
        assert!((6_800..7_800).contains(&late.len()), "{}", late.len());
        assert!((0.75..0.90).contains(&share(1, 1)), "{}", share(1, 1));
        assert!((0.01..0.06).contains(&share(7, 99)), "{}", share(7, 99));
    }

    #[test]
    fn the_debt_of_the_whole_city_is_of_the_known_size() {
        // September 2024: 6,031 billion đồng, 23 employers over ten billion; here with mean sizes and the mean wage.
        let tables = Tables::load().unwrap();
        let employers = Employers::plan(&tables, Random::new(1), 1.0);
        let month = calendar::month(2026, 10);
        let (mut debt, mut over) = (0.0, 0);
        for employer in 0..employers.count() {
            let part = employers.part(employer);
            let Some(Part::Pays { band }) = part else { break };
            let late = month - paid_through(&Random::new(1), employer, employers.kind(employer), part, month);
            let owed = f64::from(late) * tables.employers[band].mean_workers * 9.9e6 * 0.32;
            debt += owed;
            over += u32::from(owed > 1e10);
        }
        assert!((5.0e12..8.0e12).contains(&debt), "{debt:e}");
        assert!((10..50).contains(&over), "{over}");
    }

    proptest! {
        #[test]
        fn what_is_paid_stays_paid(seed in any::<u64>(), employer in 0u64..1_000) {
            let random = Random::new(seed);
            let paid = |month| paid_through(&random, employer, Kind::Enterprise, SMALL, month);
            for month in jobs::START..calendar::month(2027, 1) {
                prop_assert!(paid(month) <= paid(month + 1) && paid(month) <= month);
            }
        }
    }
}
