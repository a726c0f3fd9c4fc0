//! Monthly benefits: pensions and allowances paid by the insurance agency, and the social pension
//! that communes pay to the old.

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::random::Draw;
use crate::world::World;

/// What the insurance agency pays monthly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Lương hưu.
    Pension,
    /// Trợ cấp tuất hàng tháng.
    Survivor,
    /// Trợ cấp tai nạn lao động, bệnh nghề nghiệp hàng tháng.
    Accident,
}

/// A monthly benefit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Benefit {
    /// What it is.
    pub kind: Kind,
    /// First month.
    pub from: MonthIndex,
    /// Đồng a month.
    pub amount: i64,
}

/// Social pension of the state and the city's addition, đồng a month (Decree 176/2025, the city's
/// Resolution 63/2025; the addition from January 2026).
pub const SOCIAL_PENSION: i64 = 650_000;

/// A monthly benefit of the agency that has begun by a month.
///
/// `pension` is the first month of a pension.
pub fn monthly(
    world: &World,
    home: &Household,
    person: &Person,
    pension: Option<MonthIndex>,
    month: MonthIndex,
) -> Option<Benefit> {
    let draw = world.random.draw("benefit", person.outline.slot);
    if let Some(from) = pension.filter(|from| *from <= month) {
        return Some(Benefit { kind: Kind::Pension, from, amount: pension_amount(draw) });
    }
    let age = person.outline.birth.age_on(calendar::last(month));
    if !home.place.inside() || home.foreign {
        return None;
    }
    let from = calendar::month(2019, 1) + draw.of("from").small(100);
    let (kind, amount) = match (age, draw.below(10_000)) {
        (..18, 0..40) | (65.., 0..150) => (Kind::Survivor, 1_265_000),
        (25..65, 0..12) => (Kind::Accident, 700_000 + i64::from(draw.of("degree").small(30)) * 50_000),
        _ => return None,
    };
    (from <= month).then_some(Benefit { kind, from, amount })
}

/// Around a mean of seven million đồng, in steps of a hundred.
fn pension_amount(draw: Draw) -> i64 {
    let (low, spread) = match draw.of("band").below(100) {
        0..30 => (38_000, 15_000),
        30..75 => (53_000, 22_000),
        75..95 => (75_000, 40_000),
        _ => (115_000, 80_000),
    };
    (low + i64::from(draw.of("amount").small(spread))) * 100
}

/// The first month of a social pension that has begun by a month: at 75, or at 70 for the poor and
/// near-poor, without a pension or monthly allowance.
pub fn social_pension(
    world: &World,
    home: &Household,
    person: &Person,
    benefit: Option<&Benefit>,
    month: MonthIndex,
) -> Option<MonthIndex> {
    let birth = calendar::of(person.outline.birth);
    let draw = world.random.draw("social pension", person.outline.slot);
    // An application takes a while; a few never apply, and of the poor some wait until they are 75.
    let applies = |years: i32, never: u32| {
        let from = (birth + years * 12 + 1 + draw.small(4)).max(calendar::month(2025, 7));
        (!draw.of("never").number(years as u64).chance(never) && from <= month).then_some(from)
    };
    if benefit.is_some() || !home.place.inside() || home.foreign {
        return None;
    }
    let early = if home.means.is_poor() { applies(70, 25_000) } else { None };
    early.or_else(|| applies(75, 4_000))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;
    use crate::life;

    #[test]
    fn pensions_and_social_pensions_are_of_the_published_size() {
        let world = World::plan(0.01, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut here, mut paid, mut sum, mut social) = (0i64, 0i64, 0i64, 0i64);
        for number in 0..25_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                here += 1;
                let pension = life::pension_from(&world, &home, person, month);
                let benefit = monthly(&world, &home, person, pension, month);
                if let Some(benefit) = &benefit {
                    paid += 1;
                    sum += benefit.amount;
                }
                let old = social_pension(&world, &home, person, benefit.as_ref(), month);
                assert!(old.is_none() || person.outline.birth.year() <= 1956);
                social += i64::from(old.is_some());
            }
        }
        // 602,020 of 8.8 million, 6.93 million đồng on average (2025).
        let share = paid as f64 / here as f64;
        assert!((0.055..0.080).contains(&share), "{share}");
        assert!((6_200_000..7_400_000).contains(&(sum / paid)), "{}", sum / paid);
        assert!((0.008..0.03).contains(&(social as f64 / here as f64)), "{social} of {here}");
    }
}
