//! Wages of a year as a payer settles them for income tax.

use crate::businesses;
use crate::calendar::{self, MonthIndex};
use crate::employers::Part;
use crate::households::{Household, Person, Role};
use crate::life::jobs::{self, Spell};
use crate::life::standing;
use crate::random::Draw;
use crate::world::World;

/// What one payer paid one person in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settlement {
    /// The payer, an employer.
    pub payer: u64,
    /// Taxable income of the year, đồng.
    pub income: i64,
    /// Insurance contributions deducted, đồng.
    pub insurance: i64,
    /// The pay of a job whose employer does not insure.
    pub evaded: bool,
}

/// Worker's part of compulsory contributions, per thousand of the wage: what payroll deducted in 2025-2026.
const DEDUCTED_PER_1_000: i64 = 105;

/// The year settled last by a month: last year's from April on, none before.
///
/// Settlements of the year before that are not handed over again.
pub fn settled_year(month: MonthIndex) -> Option<i32> {
    (month.rem_euclid(12) >= 3).then(|| month.div_euclid(12) - 1)
}

/// All settlements of a person for a year, one a payer, in the order of payers.
pub fn settlements(world: &World, home: &Household, person: &Person, spells: &[Spell], year: i32) -> Vec<Settlement> {
    let mut all: Vec<Settlement> = Vec::new();
    // Owners pay themselves nothing, employers of other provinces settle with their own tax office.
    for spell in spells.iter().filter(|s| !s.owner && s.here()) {
        let months = i64::from(spell.months_in(year));
        if months == 0 {
            continue;
        }
        let slot = world.random.draw2("income", person.outline.slot, spell.employer);
        // Pay is at or above what contributions are paid on.
        let income = spell.pay * months * (100 + i64::from(slot.small(70))) / 100 / 1_000 * 1_000;
        let insurance = spell.wage * months * DEDUCTED_PER_1_000 / 1_000;
        match all.iter_mut().find(|s| s.payer == spell.works_at) {
            Some(same) => {
                same.income += income;
                same.insurance += insurance;
            }
            None => all.push(Settlement { payer: spell.works_at, income, insurance, evaded: false }),
        }
    }
    if let Some((extra, _)) = uninsured_pay(world, home, person, year)
        && !all.iter().any(|s| s.payer == extra.payer)
    {
        all.push(extra);
    }
    all.sort_by_key(|s| s.payer);
    all
}

/// Why somebody is paid without being insured there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// A job whose employer does not insure: the planted gap.
    Evaded,
    /// A pensioner who goes on working.
    Pensioner,
    /// A second job of somebody insured elsewhere, or a foreigner's short contract.
    Second,
    /// A one-off fee.
    Fee,
}

/// Pay from which nothing was deducted: the planted gap and those who only look like it.
fn uninsured_pay(world: &World, home: &Household, person: &Person, year: i32) -> Option<(Settlement, Why)> {
    let outline = &person.outline;
    let start = calendar::month(year, 1);
    let adult = outline.birth.year() + 18 < year;
    let there =
        person.dies.is_none_or(|m| m > start) && home.leaves.is_none_or(|m| m > start) && home.arrives.is_none_or(|m| m <= start);
    let serves = standing::service(world, home, person).is_some();
    if !adult || !there || !home.place.inside() || serves {
        return None;
    }
    let draw = world.random.draw2("uninsured pay", outline.slot, year as u64);
    let months = |least: i64| least + i64::from(draw.of("months").small(13 - least as u32));
    let monthly = |low: i64, spread: u32| (low + i64::from(draw.of("pay").small(spread))) * 100_000;
    let (income, why) = if calendar::retires(outline.birth, outline.sex) <= start {
        // Pensioners who go on working: paid, not obliged.
        let works = outline.birth.year() + 75 > year && draw.chance(4_000);
        (works.then(|| monthly(60, 120) * months(3))?, Why::Pensioner)
    } else if jobs::is_formal(world, home, person) {
        // A second payer of somebody insured elsewhere, most often a fee.
        (draw.chance(4_000).then(|| monthly(10, 60) * months(1))?, Why::Second)
    } else {
        // A job under contract whose employer does not insure; it tends to last over the years.
        let owner = outline.role == Role::Head && businesses::of(world, home).is_some();
        let kept = !owner && world.random.draw("works uninsured", outline.slot).chance(2_200);
        match (kept, draw.chance(700)) {
            // Foreigners on short contracts need not be insured.
            (true, _) if home.foreign => (monthly(55, 110) * months(3), Why::Second),
            (true, _) => (monthly(55, 110) * months(3), Why::Evaded),
            (false, true) => (fee(draw), Why::Fee),
            (false, false) => return None,
        }
    };
    let payer = payer(world, world.random.draw("uninsured payer", outline.slot), why, start);
    Some((Settlement { payer, income, insurance: 0, evaded: why == Why::Evaded }, why))
}

/// Who pays so: evaders keep workers uninsured, the honest pay pensioners, second jobs and fees.
fn payer(world: &World, draw: Draw, why: Why, start: MonthIndex) -> u64 {
    let employers = &world.employers;
    // A branch pays fees through its company.
    let any = || {
        let employer = employers.pick(draw, start);
        employers.parent(employer).map_or(employer, |(parent, _)| parent)
    };
    match why {
        Why::Evaded => employers.pick_evader(draw),
        Why::Pensioner if draw.of("with others").chance(70_000) => employers.pick_uneven(Part::NotObliged, draw),
        Why::Second if draw.of("with others").chance(35_000) => employers.pick_uneven(Part::NotObliged, draw),
        Why::Fee if draw.of("season").chance(50_000) => employers.pick_uneven(Part::Seasonal, draw),
        Why::Pensioner | Why::Second | Why::Fee => any(),
    }
}

/// Where somebody works in a month without being insured there, and whether that is a planted evasion.
pub fn works_uninsured(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Option<(u64, bool)> {
    if !home.lives_here(person, month) {
        return None;
    }
    let (pay, why) = uninsured_pay(world, home, person, month.div_euclid(12))?;
    // Who gets a fee works in the season only, if the payer has one.
    let seasonal = world.employers.part(pay.payer) == Some(Part::Seasonal) && world.employers.in_season(pay.payer, month);
    (why != Why::Fee || seasonal).then_some((pay.payer, why == Why::Evaded))
}

/// A one-off fee.
fn fee(draw: Draw) -> i64 {
    (20 + i64::from(draw.of("fee").small(180))) * 100_000
}

/// Payers for whom the wage rule should name a person: paid in the year, nothing deducted, and no
/// month of compulsory insurance in that year anywhere.
///
/// The caller leaves out pensioners and people who no longer live in the city.
pub fn paid_without_insurance(settlements: &[Settlement], spells: &[Spell], year: i32) -> Vec<u64> {
    if spells.iter().any(|s| s.months_in(year) > 0) {
        return Vec::new();
    }
    settlements.iter().filter(|s| s.income > 0 && s.insurance == 0).map(|s| s.payer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settlements_come_in_april() {
        assert_eq!(settled_year(calendar::month(2026, 3)), None);
        assert_eq!(settled_year(calendar::month(2026, 4)), Some(2025));
        assert_eq!(settled_year(calendar::month(2026, 12)), Some(2025));
    }

    #[test]
    fn a_month_insured_anywhere_clears_the_year() {
        let pay = [Settlement { payer: 7, income: 90_000_000, insurance: 0, evaded: true }];
        let (from, to) = (calendar::month(2024, 6), calendar::month(2025, 1));
        let spell =
            Spell { employer: 1, works_at: 1, from, to, wage: 6_000_000, pay: 6_000_000, owner: false, province: jobs::HERE };
        assert_eq!(paid_without_insurance(&pay, &[], 2025), [7]);
        assert!(paid_without_insurance(&pay, &[spell], 2025).is_empty());
        assert_eq!(paid_without_insurance(&pay, &[spell], 2026), [7]);
    }
}
