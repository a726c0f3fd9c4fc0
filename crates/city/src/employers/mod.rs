//! Employers: how many there are of each kind, how big, and who works where.
//!
//! An employer is a number. The numbers are laid out in spans, so that its kind and its part in the
//! city follow from the number alone; dates, names, codes and conduct are drawn from it. Household
//! businesses are numbered by the household that runs them ([`crate::businesses`]).

pub mod codes;
pub mod conduct;
pub mod findings;
pub mod managers;
pub mod names;
pub mod payroll;
mod picks;
pub mod standing;
pub mod trades;
pub mod truth;

use std::collections::BTreeMap;

use crate::random::Random;
use crate::tables::{Tables, Weighted};
use conduct::Conduct;
use standing::Standing;

/// Insured workers of the whole city, the size of the employers' plan at scale 1 (2025: over 2.2 million).
const INSURED_WORKERS: f64 = 2_200_000.0;
/// Enterprises on the business register, and those that operate (March 2025).
const REGISTERED: f64 = 407_798.0;
const OPERATING: f64 = 213_283.0;
/// Enterprises planned for one that operates: some are founded later, rest, or have ended.
const ABSENT: f64 = 1.21;
/// Enterprises that pay wages and never register anybody: a model, not a published figure.
const NEVER_REGISTER: f64 = 6_000.0;
/// Enterprises with none but part-time workers, probationers and pensioners: a model.
const NOT_OBLIGED: f64 = 4_000.0;
/// Enterprises that hire by the day in their season: a model.
const SEASONAL: f64 = 2_000.0;
/// Branches whose workers are insured by the parent company: a model.
const AT_PARENT: f64 = 5_000.0;

/// What an employer is by law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Doanh nghiệp.
    Enterprise,
    /// Doanh nghiệp có vốn đầu tư nước ngoài.
    Foreign,
    /// Hợp tác xã.
    Cooperative,
    /// Đơn vị sự nghiệp công lập.
    Public,
    /// Chi nhánh: an employer of its own, with a parent.
    Branch,
    /// Hộ kinh doanh.
    Household,
}

impl Kind {
    /// The word of truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Enterprise => "enterprise",
            Self::Foreign => "foreign",
            Self::Cooperative => "cooperative",
            Self::Public => "public",
            Self::Branch => "branch",
            Self::Household => "household",
        }
    }
}

/// The part an employer plays in the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Insures workers; `band` counts the size bands from the smallest.
    Pays {
        /// Size band.
        band: usize,
    },
    /// Pays wages and has never registered: planted.
    NeverRegisters,
    /// Has only workers who need not be insured.
    NotObliged,
    /// Hires in its season only.
    Seasonal,
    /// A branch whose workers the parent insures.
    AtParent,
    /// Operates with its owner alone.
    OwnerOnly,
    /// On the register, not operating.
    Idle,
}

/// Employers of one kind and part, numbered one after another.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: u64,
    count: u64,
    kind: Kind,
    part: Part,
}

/// All employers of a city, payers first, band by band from the smallest.
#[derive(Debug, Clone)]
pub struct Employers {
    spans: Vec<Span>,
    /// First employer and count of each size band, drawn by its share of workers.
    bands: Weighted<(u64, u64)>,
    /// First number and count of each run of payers that can have branches.
    parents: Vec<(u64, u64)>,
    count: u64,
    /// How many of them, the first ones, insure workers.
    payers: u64,
    /// Those who insure fewer than they pay.
    under: Vec<u64>,
    /// Branches whose workers the parent insures, by parent; one each.
    at_parent: BTreeMap<u64, u64>,
    random: Random,
}

/// Kinds of payers, in per cent of a band; enterprises are the rest.
const KINDS: [(Kind, u64); 4] = [(Kind::Foreign, 2), (Kind::Cooperative, 1), (Kind::Public, 5), (Kind::Branch, 4)];
/// First size band of companies that have branches (ten workers and more).
const PARENT_BAND: usize = 2;

impl Employers {
    /// Plans the employers of a city at a scale; each size band and each part has at least one.
    pub fn plan(tables: &Tables, random: Random, scale: f64) -> Self {
        let shares: f64 = tables.employers.iter().map(|b| b.employers_per_10_000 as f64).sum();
        let mean = tables.employers.iter().map(|b| b.employers_per_10_000 as f64 * b.mean_workers).sum::<f64>() / shares.max(1.0);
        let all = INSURED_WORKERS * scale / mean.max(1.0);
        let (mut spans, mut bands, mut parents) = (Vec::new(), Vec::new(), Vec::new());
        let mut count = 0;
        let mut add = |kind, part, n: u64| {
            if n > 0 {
                spans.push(Span { first: count, count: n, kind, part });
            }
            count += n;
            (count - n, n)
        };
        let mut companies = 0;
        for (band, size) in tables.employers.iter().enumerate() {
            let employers = ((all * size.employers_per_10_000 as f64 / shares).round() as u64).max(1);
            let part = Part::Pays { band };
            let others = KINDS.map(|(kind, per_cent)| (kind, (employers * per_cent + 50) / 100));
            let enterprises = employers - others.iter().map(|(_, n)| n).sum::<u64>();
            let run = add(Kind::Enterprise, part, enterprises);
            if band >= PARENT_BAND {
                parents.push(run);
            }
            companies += enterprises;
            for (kind, n) in others {
                companies += if kind == Kind::Foreign { n } else { 0 };
                add(kind, part, n);
            }
            bands.push(((run.0, employers), size.workers_per_1_000));
        }
        let payers = bands.last().map_or(0, |((first, n), _)| first + n);
        let scaled = |number: f64| ((number * scale).round() as u64).max(1);
        let others = [(Part::NeverRegisters, NEVER_REGISTER), (Part::NotObliged, NOT_OBLIGED), (Part::Seasonal, SEASONAL)];
        for (part, number) in others {
            companies += add(Kind::Enterprise, part, scaled(number)).1;
        }
        add(Kind::Branch, Part::AtParent, scaled(AT_PARENT));
        add(Kind::Enterprise, Part::OwnerOnly, scaled(OPERATING * ABSENT).saturating_sub(companies));
        add(Kind::Enterprise, Part::Idle, scaled(REGISTERED - OPERATING));
        let (under, at_parent) = (Vec::new(), BTreeMap::new());
        let mut employers = Self { spans, bands: Weighted::new(bands), parents, count, payers, under, at_parent, random };
        // Only those who were there all the time can have kept workers uninsured for years.
        let steady = |n: &u64| employers.conduct(*n) == Conduct::UnderInsures && employers.standing(*n).is_steady();
        employers.under = (0..count).filter(steady).collect();
        let (first, branches) = employers.first_of(Part::AtParent);
        employers.at_parent = (first..first + branches).rev().filter_map(|b| Some((employers.parent(b)?.0, b))).collect();
        employers
    }

    /// How many there are, household businesses not counted.
    pub fn count(&self) -> u64 {
        self.count
    }

    fn span(&self, employer: u64) -> Option<&Span> {
        let after = self.spans.partition_point(|s| s.first <= employer);
        self.spans.get(after.checked_sub(1)?).filter(|s| employer < s.first + s.count)
    }

    fn first_of(&self, part: Part) -> (u64, u64) {
        self.spans.iter().find(|s| s.part == part).map_or((0, 1), |s| (s.first, s.count))
    }

    /// What an employer is; numbers past the plan are household businesses.
    pub fn kind(&self, employer: u64) -> Kind {
        self.span(employer).map_or(Kind::Household, |s| s.kind)
    }

    /// The part an employer plays; `None` for household businesses.
    pub fn part(&self, employer: u64) -> Option<Part> {
        self.span(employer).map(|s| s.part)
    }

    /// When it was founded, rested and ended.
    pub fn standing(&self, employer: u64) -> Standing {
        standing::draw(&self.random, employer, self.kind(employer), self.part(employer))
    }

    /// How it treats its duty to insure.
    pub fn conduct(&self, employer: u64) -> Conduct {
        conduct::of(&self.random, employer, self.kind(employer), self.part(employer))
    }

    /// The company a branch belongs to and the branch's number there, from 1.
    pub fn parent(&self, branch: u64) -> Option<(u64, u64)> {
        let mut before = 0;
        for span in self.spans.iter().filter(|s| s.kind == Kind::Branch) {
            if branch >= span.first && branch < span.first + span.count {
                let (ordinal, all) = (before + branch - span.first, self.parent_count());
                let parent = self.random.permute("branch parent", ordinal % all, all);
                return Some((self.nth_parent(parent), ordinal / all + 1));
            }
            before += span.count;
        }
        None
    }

    /// The branch whose workers a company insures, when it has one.
    pub fn branch_at_parent(&self, parent: u64) -> Option<u64> {
        self.at_parent.get(&parent).copied()
    }

    fn parent_count(&self) -> u64 {
        self.parents.iter().map(|(_, n)| n).sum::<u64>().max(1)
    }

    fn nth_parent(&self, nth: u64) -> u64 {
        let mut left = nth;
        for (first, count) in &self.parents {
            if left < *count {
                return first + left;
            }
            left -= count;
        }
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar;
    use standing::State;
    use std::collections::BTreeSet;

    fn employers(scale: f64) -> Employers {
        Employers::plan(&Tables::load().unwrap(), Random::new(1), scale)
    }

    #[test]
    fn mean_size_follows_the_model() {
        let employers = employers(0.1);
        let payers = (0..employers.count()).filter(|n| matches!(employers.part(*n), Some(Part::Pays { .. }))).count();
        let mean = INSURED_WORKERS * 0.1 / payers as f64;
        assert!((15.0..20.0).contains(&mean), "{mean}");
        let random = Random::new(1);
        let month = calendar::month(2026, 10);
        let small = (0..10_000).filter(|i| employers.pick(random.draw("w", *i), month) < payers as u64 * 55 / 100).count();
        assert!((500..900).contains(&small), "7.5 % work for the smallest, here {small} of 10,000");
    }

    #[test]
    fn the_register_has_as_many_enterprises_as_the_city() {
        let employers = employers(0.1);
        let month = calendar::month(2026, 3);
        let companies = (0..employers.count()).filter(|n| matches!(employers.kind(*n), Kind::Enterprise | Kind::Foreign));
        let states: Vec<State> = companies.map(|n| employers.standing(n).state(month)).collect();
        let registered = states.iter().filter(|s| !matches!(s, State::NotYet | State::Dissolved)).count();
        let operating = states.iter().filter(|s| **s == State::Active).count();
        assert!((39_500..42_000).contains(&registered), "407,798 at scale 1, here {registered} and {operating}");
        assert!((19_500..21_800).contains(&operating), "213,283 at scale 1, here {operating}");
    }

    #[test]
    fn every_branch_has_a_parent_and_a_number_of_its_own_there() {
        let employers = employers(0.02);
        let branches: Vec<u64> = (0..employers.count()).filter(|n| employers.kind(*n) == Kind::Branch).collect();
        let known: BTreeSet<(u64, u64)> = branches.iter().filter_map(|b| employers.parent(*b)).collect();
        assert_eq!(known.len(), branches.len());
        assert!(known.iter().all(|(parent, number)| employers.kind(*parent) == Kind::Enterprise && *number < 1_000));
        assert!(employers.parent(0).is_none());
    }
}
