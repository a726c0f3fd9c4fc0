//! Which employers should in truth be on a list, from their conduct and their duty; those who only look
//! like it are on none.

use crate::calendar;
use crate::employers::conduct::Conduct;
use crate::employers::standing::{Standing, State};
use crate::employers::{Kind, Part, managers};
use crate::rosters::EmployerSubject;

/// Reason word: paid people in the settled year whom nobody insured, and is unknown to the agency.
pub const PAYING: &str = "employer-paying-not-registered";
/// Reason word: has to register and has not, and no wages of it are known.
pub const FOUNDED: &str = "employer-founded-not-registered";
/// Reason word: known to the agency, and paid people in the settled year whom nobody insured.
pub const FEWER: &str = "employer-insuring-fewer";

/// Days from its founding in which an employer has to register.
const REGISTER_DAYS: i32 = 30;
/// The reason for which an employer of the plan should be reviewed.
pub fn of(subject: &EmployerSubject) -> Option<&'static str> {
    let (employers, employer) = (&subject.view.world.employers, subject.employer);
    let (count, standing) = (subject.count, employers.standing(employer));
    let conduct = employers.conduct(employer);
    if conduct == Conduct::UnderInsures {
        return (count.has_insured() && count.paid_uninsured > 0).then_some(FEWER);
    }
    if standing.state(subject.view.month) != State::Active {
        return None;
    }
    if conduct == Conduct::NeverRegisters {
        let founded = count.paid == 0 && is_late(&standing, subject.view.month);
        return if count.paid_uninsured > 0 { Some(PAYING) } else { founded.then_some(FOUNDED) };
    }
    let alone = match employers.part(employer) {
        Some(Part::OwnerOnly) => true,
        // Plans to insure and has had nobody yet; those of before August 2025 stand in the agency's map of codes.
        Some(Part::Pays { .. }) => !count.has_insured() && !standing.had_old_code(),
        _ => false,
    };
    let company = matches!(employers.kind(employer), Kind::Enterprise | Kind::Foreign | Kind::Cooperative);
    let due = alone && company && count.paid == 0 && is_late(&standing, subject.view.month);
    (due && managers::is_due(subject.view.world, employer, subject.view.month)).then_some(FOUNDED)
}

/// Whether the term for registering has run out by the end of a month.
pub fn is_late(standing: &Standing, month: calendar::MonthIndex) -> bool {
    standing.founded.add_days(REGISTER_DAYS).is_some_and(|last| last < calendar::last(month))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rosters::View;
    use crate::tally::{Employed, Tally};
    use crate::world::World;

    const MONTH: calendar::MonthIndex = calendar::month(2026, 10);

    fn reason(world: &World, employer: u64, works: &[Employed]) -> Option<&'static str> {
        let mut tally = Tally::new(1, world.employers.count());
        works.iter().for_each(|work| tally.work(work, MONTH));
        let view = View { world, month: MONTH };
        of(&EmployerSubject { view, employer, count: &tally.employers[employer as usize] })
    }

    #[test]
    fn evaders_are_named_by_whom_they_paid_and_honest_payers_are_not() {
        let world = World::plan(0.01, 1).unwrap();
        let find = |part| (0..world.employers.count()).find(|n| world.employers.part(*n) == Some(part)).unwrap();
        let never = find(Part::NeverRegisters);
        assert_eq!(reason(&world, never, &[Employed::Paid(never, true)]), Some(PAYING));
        assert_eq!(reason(&world, never, &[]), Some(FOUNDED), "no wages known");
        assert_eq!(reason(&world, never, &[Employed::Paid(never, false)]), None, "paid a pensioner only");
        for honest in [find(Part::NotObliged), find(Part::Seasonal), find(Part::AtParent), find(Part::Idle)] {
            assert_eq!(reason(&world, honest, &[Employed::Paid(honest, false)]), None);
            assert_eq!(reason(&world, honest, &[]), None);
        }
    }

    #[test]
    fn an_employer_that_insures_fewer_is_known_to_the_agency() {
        let world = World::plan(0.05, 1).unwrap();
        let under = (0..world.employers.count()).find(|n| world.employers.conduct(*n) == Conduct::UnderInsures).unwrap();
        let spell = crate::life::jobs::Spell {
            employer: under,
            works_at: under,
            from: MONTH - 5,
            to: MONTH,
            wage: 6_000_000,
            pay: 6_000_000,
            owner: false,
            province: crate::life::jobs::HERE,
        };
        let (insured, paid) = (Employed::Insured(spell), Employed::Paid(under, true));
        assert_eq!(reason(&world, under, &[insured, paid]), Some(FEWER));
        assert_eq!(reason(&world, under, &[insured]), None);
        assert_eq!(reason(&world, under, &[paid]), None);
    }

    #[test]
    fn a_company_of_its_manager_alone_is_due_unless_the_manager_is_insured_elsewhere() {
        let world = World::plan(0.01, 1).unwrap();
        let alone: Vec<u64> = (0..world.employers.count())
            .filter(|n| world.employers.part(*n) == Some(Part::OwnerOnly))
            .filter(|n| world.employers.standing(*n).state(MONTH) == State::Active)
            .collect();
        let due = alone.iter().filter(|n| reason(&world, **n, &[]) == Some(FOUNDED)).count();
        assert!((20..70).contains(&(due * 100 / alone.len())), "{due} of {}", alone.len());
        let young = Standing { founded: "2026-10-05".parse().unwrap(), ..world.employers.standing(alone[0]) };
        assert!(!is_late(&young, MONTH) && is_late(&young, MONTH + 1));
    }
}
