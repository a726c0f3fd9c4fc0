//! The legal representatives of companies (người đại diện theo pháp luật): who manages what, and who should be insured as manager.
//!
//! The business register names a person with a number for companies of their manager alone and for some others; of the rest it has a name.

use crate::calendar::{self, MonthIndex};
use crate::employers::standing::State;
use crate::employers::{Employers, Kind, Part, findings};
use crate::households::{self, Household, Role};
use crate::life::Life;
use crate::life::benefits;
use crate::life::standing;
use crate::random::Random;
use crate::world::World;

/// Companies with workers, of 100,000, whose representative the register names with a number.
const NUMBERED: u32 = 20_000;
/// Companies of 100,000 that belong to the manager of the company before.
const SECOND_COMPANY: u32 = 5_000;

/// Homes whose head manages a company, by home.
#[derive(Debug, Clone, Default)]
pub struct Managers(Vec<(u64, u64)>);

impl Managers {
    /// Plans who manages which company, among so many homes of the city.
    pub fn plan(random: &Random, employers: &Employers, homes: u64) -> Self {
        let managed = (0..employers.count()).filter_map(|e| Some((home_of(random, employers, homes, e)?, e)));
        let mut by_home: Vec<(u64, u64)> = managed.collect();
        by_home.sort_unstable();
        Self(by_home)
    }

    /// The companies that the head of a home manages.
    pub fn of_home(&self, home: u64) -> impl Iterator<Item = u64> {
        let first = self.0.partition_point(|(h, _)| *h < home);
        self.0[first..].iter().take_while(move |(h, _)| *h == home).map(|(_, employer)| *employer)
    }
}

/// The home of the manager whom the register names with a number.
fn home_of(random: &Random, employers: &Employers, homes: u64, employer: u64) -> Option<u64> {
    if !matches!(employers.kind(employer), Kind::Enterprise | Kind::Foreign | Kind::Cooperative) || homes == 0 {
        return None;
    }
    let alone = employers.part(employer) == Some(Part::OwnerOnly);
    if !alone && !random.draw("manager numbered", employer).chance(NUMBERED) {
        return None;
    }
    let of = if random.draw("second company", employer).chance(SECOND_COMPANY) { employer.saturating_sub(1) } else { employer };
    Some(random.permute("manager home", of % homes, homes))
}

/// The household whose head manages a company and is named with a number; foreigners are named with a passport.
pub fn home(world: &World, employer: u64) -> Option<Household<'_>> {
    let homes = world.places.last().map_or(0, |outside| outside.first);
    Some(households::draw(world, home_of(&world.random, &world.employers, homes, employer)?))
}

/// Whether somebody is a manager whom the law obliges: of a company that operates and whose term for registering has run out.
pub fn has_duty(world: &World, home: &Household, role: Role, month: MonthIndex) -> bool {
    let due = |employer: u64| {
        let standing = world.employers.standing(employer);
        standing.state(month) == State::Active && findings::is_late(&standing, month)
    };
    role == Role::Head && !home.foreign && world.managers.of_home(home.number).any(due)
}

/// Whether a company has a manager whom nobody insures and who has to be insured through it.
///
/// Of companies whose manager the register does not name nothing is known here, and they are not due.
pub fn is_due(world: &World, employer: u64, month: MonthIndex) -> bool {
    let Some(home) = home(world, employer) else { return false };
    let head = &home.members[0];
    let here = home.lives_here(head, month) && !home.foreign && standing::service(world, &home, head).is_none();
    if !here || !calendar::of_working_age(head.outline.birth, head.outline.sex, month) {
        return false;
    }
    let life = Life::draw(world, &home, head, month);
    let pension = life.benefit.is_some_and(|b| b.from <= month && b.kind == benefits::Kind::Pension);
    !pension && !life.spells.iter().any(|spell| spell.covers(month))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MONTH: MonthIndex = calendar::month(2026, 10);

    #[test]
    fn every_company_of_its_manager_alone_has_one_and_homes_lead_back_to_them() {
        let world = World::plan(0.01, 3).unwrap();
        let alone: Vec<u64> =
            (0..world.employers.count()).filter(|e| world.employers.part(*e) == Some(Part::OwnerOnly)).take(300).collect();
        let mut due = 0;
        for employer in &alone {
            let Some(home) = home(&world, *employer) else {
                assert_ne!(world.employers.kind(*employer), Kind::Enterprise, "an enterprise without a manager");
                continue;
            };
            assert!(home.place.inside());
            assert!(world.managers.of_home(home.number).any(|managed| managed == *employer));
            due += usize::from(is_due(&world, *employer, MONTH));
        }
        // Most heads are insured at work, retired or pensioned.
        assert!((20..70).contains(&(due * 100 / alone.len())), "{due} of {}", alone.len());
    }

    #[test]
    fn some_manage_two_companies_and_members_other_than_the_head_none() {
        let world = World::plan(0.01, 3).unwrap();
        assert!(world.managers.0.windows(2).any(|pair| pair[0].0 == pair[1].0));
        let (number, _) = world.managers.0[0];
        let home = households::draw(&world, number);
        assert!(!has_duty(&world, &home, Role::Spouse, MONTH));
    }
}
