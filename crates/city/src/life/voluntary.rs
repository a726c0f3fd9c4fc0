//! Voluntary social insurance (BHXH tự nguyện): who pays, for which months, and how much.

use base::Date;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::life::jobs::{self, Spell};
use crate::life::standing;
use crate::world::World;

/// One payment for some months in advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Payment {
    /// First month paid for.
    pub from: MonthIndex,
    /// How many months: 1, 3, 6 or 12.
    pub months: i32,
    /// Chosen income, đồng a month.
    pub income: i64,
    /// What the state and the city add, đồng for all months.
    pub support: i64,
    /// What the payer hands over, đồng.
    pub paid: i64,
    /// Day of the receipt.
    pub paid_on: Date,
}

impl Payment {
    /// Last month paid for.
    pub fn to(&self) -> MonthIndex {
        self.from + self.months - 1
    }
}

/// Per cent of the chosen income that is paid.
const RATE: i64 = 22;
/// Lowest chosen income, the rural poverty line, đồng a month: of 2022-2026 and from 2027 on.
const LEAST: [i64; 2] = [1_500_000, FLOOR_OF_2027];
/// The lowest chosen income from January 2027 on, which the law names already.
pub const FLOOR_OF_2027: i64 = 2_200_000;
/// Adults without compulsory insurance who ever join, per 100,000: gives about 1.3 % of all people.
const JOIN: u32 = 7_200;
/// First month in which somebody may have joined, in the model.
const START: MonthIndex = calendar::month(2023, 7);

/// Payments made by the end of a month that reach into its last twelve months.
pub fn payments(world: &World, home: &Household, person: &Person, spells: &[Spell], month: MonthIndex) -> Vec<Payment> {
    let outline = &person.outline;
    let draw = world.random.draw("voluntary", outline.slot);
    if !home.place.inside() || home.foreign || jobs::is_formal(world, home, person) || !draw.chance(JOIN) {
        return Vec::new();
    }
    let adult = calendar::of(outline.birth) + 12 * 20;
    let last = (calendar::retires(outline.birth, outline.sex) - 1)
        .min(person.dies.unwrap_or(MonthIndex::MAX) - 1)
        .min(home.leaves.unwrap_or(MonthIndex::MAX) - 1);
    // A chosen income in steps of a hundred thousand; most choose the least.
    let chosen = LEAST[0] + if draw.of("least").chance(75_000) { 0 } else { i64::from(draw.of("income").small(60)) * 100_000 };
    let mut at = (START + draw.of("joins").small(48)).max(adult).max(home.arrives.unwrap_or(START));
    let mut all = Vec::new();
    for n in 0..200 {
        if at > month || at > last {
            break;
        }
        let choice = draw.of("payment").number(n);
        let months = [1, 3, 6, 6, 12, 12][choice.below(6) as usize];
        let works = spells.iter().any(|s| s.from < at + months && s.to >= at);
        if !works && !standing::serves(world, home, person, at) {
            let least = LEAST[usize::from(at >= calendar::month(2027, 1))];
            let income = chosen.max(least);
            let part = |rate: i64| least * RATE / 100 * rate / 100 * i64::from(months);
            // The state's tenth and as much again from the city, of the premium on the poverty line.
            let support = part(10) + part(10);
            let paid = income * RATE / 100 * i64::from(months) - support;
            let paid_on = calendar::day(at, 1 + choice.of("day").small(25));
            all.push(Payment { from: at, months, income, support, paid, paid_on });
        }
        // Most go on at once; a few pause, a few stop for good.
        at += months
            + match choice.of("goes on").below(100) {
                0..93 => 0,
                93..98 => 2 + choice.of("pause").small(6),
                _ => break,
            };
    }
    all.retain(|p| p.to() >= month - 11);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;

    #[test]
    fn about_one_in_eighty_is_in_voluntary_insurance() {
        let world = World::plan(0.01, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut here, mut paying) = (0, 0);
        for number in 0..20_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                here += 1;
                let spells = jobs::spells(&world, &home, person);
                let all = payments(&world, &home, person, &spells, month);
                assert!(all.windows(2).all(|w| w[0].to() < w[1].from), "no month is paid twice");
                assert!(all.iter().all(|p| p.paid > 0 && p.income >= LEAST[0]));
                paying += usize::from(all.iter().any(|p| p.to() >= month));
            }
        }
        let share = f64::from(paying as u32) / f64::from(here as u32);
        assert!((0.010..0.016).contains(&share), "{share}");
    }
}
