//! Household businesses (hộ kinh doanh): who runs one, how it is taxed, and whether its owner is insured.
//!
//! A business belongs to the head of its household, a real person of the city. Since July 2025 owners who
//! declare their turnover have to be insured; lump-sum tax ended on 1 January 2026, and whether those who
//! were taxed so have to be insured since then was not found: their duty is marked as doubtful.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::employers::standing::State;
use crate::employers::trades::Trade;
use crate::employers::{Kind, names, payroll, trades};
use crate::households::{Household, Person, Role};
use crate::ids;
use crate::life::jobs::{self, Spell};
use crate::life::standing;
use crate::random::Random;
use crate::world::World;

/// Households among 100,000 with a business at some time: about 300,000 of the city.
const HAVE_ONE: u32 = 12_000;
/// First month in which owners have to be insured.
const DUTY: MonthIndex = calendar::month(2025, 7);
/// Month in which lump-sum tax ended.
const NO_LUMP_SUM: MonthIndex = calendar::month(2026, 1);

/// How a business is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Thuế khoán, until the end of 2025.
    LumpSum,
    /// Kê khai.
    Declares,
    /// Turnover below what is taxed.
    BelowThreshold,
}

impl Method {
    /// The word of truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::LumpSum => "lump-sum",
            Self::Declares => "declares",
            Self::BelowThreshold => "below-threshold",
        }
    }
}

/// Whether the owner has to be insured as owner in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Has declared since before 2026.
    Obliged,
    /// Was taxed by lump sum until the end of 2025, or has little turnover.
    Doubtful,
    /// Is insured as a worker, which goes first.
    Elsewhere,
    /// Past working age.
    Retired,
    /// The business rests or is closed, or the duty had not begun.
    None,
}

impl Duty {
    /// The word of truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Obliged => "obliged",
            Self::Doubtful => "doubtful",
            Self::Elsewhere => "insured-elsewhere",
            Self::Retired => "retired",
            Self::None => "none",
        }
    }
}

/// A household business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Business {
    /// Its number among employers.
    pub employer: u64,
    /// The household.
    pub household: u64,
    /// Day of its first certificate.
    pub founded: Date,
    /// First month in which it is closed.
    pub closed: Option<MonthIndex>,
    /// Declared its turnover before 2026 already.
    pub declared_before: bool,
    /// Its turnover is taxed since 2026.
    pub taxed: bool,
    /// What it does.
    pub trade: Trade,
}

/// The business of a household, if it ever has one.
pub fn of(world: &World, home: &Household) -> Option<Business> {
    let draw = world.random.draw("household business", home.number);
    if !home.place.inside() || home.foreign || !draw.chance(HAVE_ONE) {
        return None;
    }
    let head = &home.members[0];
    if standing::service(world, home, head).is_some() {
        return None;
    }
    let adult = calendar::of(head.outline.birth) + 20 * 12;
    let old = calendar::month(2008, 1) + draw.of("founded").small(17 * 12);
    let late = draw.of("late");
    let drawn = if late.chance(12_000) { calendar::month(2025, 1) + late.of("month").small(72) } else { old };
    let founded = drawn.max(adult).max(home.arrives.unwrap_or(adult));
    let old_age = calendar::of(head.outline.birth) + 80 * 12;
    let end = draw.of("closed");
    let gives_up = end.chance(15_000).then(|| calendar::month(2025, 1) + end.of("month").small(72));
    let closed =
        [gives_up, home.leaves, head.dies, Some(old_age)].into_iter().flatten().min().filter(|m| *m < calendar::month(2032, 1));
    if closed.is_some_and(|m| m <= founded + 2) {
        return None;
    }
    let employer = world.employers.count() + home.number;
    Some(Business {
        employer,
        household: home.number,
        founded: calendar::day(founded, 1 + draw.of("day").small(28)),
        closed,
        declared_before: draw.of("declares").chance(10_000),
        taxed: draw.of("taxed").chance(60_000),
        trade: trades::of(&world.random, employer, Kind::Household, false),
    })
}

impl Business {
    /// Its state at the end of a month.
    pub fn state(&self, month: MonthIndex) -> State {
        if calendar::of(self.founded) > month {
            State::NotYet
        } else if self.closed.is_some_and(|m| m <= month) {
            State::Dissolved
        } else {
            State::Active
        }
    }

    /// How it is taxed in a month.
    pub fn method(&self, month: MonthIndex) -> Method {
        match (self.declared_before, month < NO_LUMP_SUM, self.taxed) {
            (true, _, _) => Method::Declares,
            (_, true, _) => Method::LumpSum,
            (_, false, true) => Method::Declares,
            (_, false, false) => Method::BelowThreshold,
        }
    }

    /// Whether its owner has to be insured as such in a month; `spells` are all insured times of the owner.
    pub fn duty(&self, owner: &Person, spells: &[Spell], month: MonthIndex) -> Duty {
        if self.state(month) != State::Active || month < DUTY {
            return Duty::None;
        }
        if !calendar::of_working_age(owner.outline.birth, owner.outline.sex, month) {
            return Duty::Retired;
        }
        if spells.iter().any(|s| s.covers(month) && !s.owner) {
            return Duty::Elsewhere;
        }
        match self.method(month) {
            Method::Declares if self.declared_before => Duty::Obliged,
            Method::Declares | Method::BelowThreshold => Duty::Doubtful,
            Method::LumpSum => Duty::None,
        }
    }

    /// The old tax code of a business, ten digits; since July 2025 its tax code is its owner's personal id.
    pub fn old_tax_code(&self, random: &Random) -> String {
        let place = random.permute("household tax code", self.household % 10_000_000, 10_000_000);
        let codes = (80..100).map(|front| front * 10_000_000 + place);
        let code = codes.into_iter().find_map(|nine| ids::tax_check_digit(nine).map(|check| nine * 10 + check));
        format!("{:010}", code.unwrap_or(place))
    }

    /// The agency's code of the unit its owner pays through: the old tax code and letters of this model's own.
    pub fn unit_code(&self, random: &Random) -> String {
        format!("{}HKA01", self.old_tax_code(random))
    }

    /// Its name: after the owner, or after what it sells.
    pub fn name(&self, world: &World, owner: &Person) -> names::EmployerName {
        let draw = world.random.draw("business name", self.household);
        let own_name = draw.chance(55_000);
        let own = if own_name { owner.name.full() } else { names::words(&world.tables, draw) };
        let trade = if own_name { Trade { words: "", short: "", ..self.trade } } else { self.trade };
        names::EmployerName { form: names::Form::Household, trade, own, before: None, branch: None }
    }
}

/// The time a business owner is insured as such, for somebody who has no other insured time.
pub fn owner_spell(world: &World, home: &Household, person: &Person) -> Option<Spell> {
    if person.outline.role != Role::Head {
        return None;
    }
    let business = of(world, home)?;
    let draw = world.random.draw("owner insured", home.number);
    let (share, first, spread) = match (business.declared_before, business.taxed) {
        (true, _) => (70_000, DUTY, 5),
        (false, true) => (30_000, NO_LUMP_SUM + 1, 18),
        (false, false) => return None,
    };
    let from = first.max(calendar::of(business.founded) + 1) + draw.of("month").small(spread);
    let retires = calendar::retires(person.outline.birth, person.outline.sex);
    let to = business.closed.unwrap_or(retires).min(retires) - 1;
    let spell = Spell {
        employer: business.employer,
        works_at: business.employer,
        from,
        to,
        wage: payroll::reference_level(from),
        pay: 0,
        owner: true,
        province: jobs::HERE,
    };
    (draw.chance(share) && from <= to).then_some(spell)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;
    use crate::life::jobs;
    use std::collections::BTreeMap;

    #[test]
    fn about_one_household_in_ten_runs_a_business_and_its_owner_may_be_insured() {
        let world = World::plan(0.002, 1).unwrap();
        let month = calendar::month(2026, 10);
        let (mut active, mut insured) = (0, 0);
        let mut duties: BTreeMap<&str, u32> = BTreeMap::new();
        for number in 0..5_000 {
            let home = households::draw(&world, number);
            let Some(business) = of(&world, &home) else { continue };
            let head = &home.members[0];
            let spells = jobs::spells(&world, &home, head);
            let duty = business.duty(head, &spells, month);
            *duties.entry(duty.word()).or_default() += 1;
            active += u32::from(business.state(month) == State::Active);
            let covered = spells.iter().any(|s| s.owner && s.covers(month));
            insured += u32::from(covered);
            assert!(!covered || matches!(duty, Duty::Obliged | Duty::Doubtful), "{business:?}");
        }
        assert!((400..620).contains(&active), "{active} of 5,000");
        assert!(
            insured > 10 && duties["obliged"] > 5 && duties["insured-elsewhere"] > 50 && duties["retired"] > 20,
            "{duties:?} {insured}"
        );
    }

    #[test]
    fn lump_sum_tax_ends_with_2025() {
        let world = World::plan(0.001, 1).unwrap();
        let business =
            (0..500).find_map(|n| of(&world, &households::draw(&world, n)).filter(|b| !b.declared_before && b.taxed)).unwrap();
        assert_eq!(business.method(calendar::month(2025, 12)), Method::LumpSum);
        assert_eq!(business.method(calendar::month(2026, 1)), Method::Declares);
        let code: u64 = business.old_tax_code(&world.random).parse().unwrap();
        assert_eq!(ids::tax_check_digit(code / 10), Some(code % 10));
    }
}
