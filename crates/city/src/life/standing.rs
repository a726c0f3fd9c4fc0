//! Standings that take somebody out of the city's own insurance rosters: service in the armed forces,
//! study on a card of the home province, and foreign citizenship.
//!
//! Nothing that any office writes names a person's service: it is known here and in the truth only.

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::random::Draw;
use crate::world::World;
use base::Sex;

/// Men and women of a hundred thousand who serve in the army, the police or the cipher service.
///
/// A model: how many of them live in the city is not published.
const SERVE: (u32, u32) = (2_600, 450);
/// Age at the end of service, years.
const SERVICE_ENDS: i32 = 52;

/// Months in which somebody serves in the armed forces: from the first to before the second.
pub fn service(world: &World, home: &Household, person: &Person) -> Option<(MonthIndex, MonthIndex)> {
    let outline = &person.outline;
    let draw = world.random.draw("service", outline.slot);
    let rate = if outline.sex == Sex::Male { SERVE.0 } else { SERVE.1 };
    if !home.place.inside() || home.foreign || !draw.chance(rate) {
        return None;
    }
    let birth = calendar::of(outline.birth);
    Some((birth + 12 * 19 + draw.of("enters").small(48), birth + 12 * SERVICE_ENDS + draw.of("ends").small(60)))
}

/// Whether somebody serves in a month.
pub fn serves(world: &World, home: &Household, person: &Person, month: MonthIndex) -> bool {
    service(world, home, person).is_some_and(|(from, to)| (from..to).contains(&month))
}

/// The home province that insures a student who came to the city to study, if it does.
pub fn students_province(world: &World, home: &Household, person: &Person) -> Option<u64> {
    let draw = world.random.draw("student at home", person.outline.slot);
    (home.temporary && draw.chance(35_000)).then(|| other_province(draw))
}

/// The code of one of the other provinces, as on their cards.
pub fn other_province(draw: Draw) -> u64 {
    // Neighbours and the provinces most migrants come from, by their codes of July 2025.
    const CODES: [u64; 8] = [24, 33, 25, 37, 38, 40, 31, 22];
    CODES[draw.of("province").below(CODES.len() as u64) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::households;

    #[test]
    fn about_one_resident_in_a_hundred_serves() {
        let world = World::plan(0.005, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut here, mut serving) = (0, 0);
        for number in 0..10_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                here += 1;
                serving += usize::from(serves(&world, &home, person, month));
            }
        }
        let share = f64::from(serving as u32) / f64::from(here as u32);
        assert!((0.004..0.012).contains(&share), "{share}");
    }
}
