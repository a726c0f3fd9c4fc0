//! Jobs under compulsory insurance: spells at employers.

use base::Sex;

use crate::businesses;
use crate::calendar::{self, MonthIndex};
use crate::employers::conduct::Conduct;
use crate::employers::payroll;
use crate::households::{Household, Person};
use crate::life::standing;
use crate::random::Draw;
use crate::schools;
use crate::world::World;

/// First month for which jobs are drawn; the roster shows spells that touch January 2025 or later.
pub const START: MonthIndex = calendar::month(2024, 1);
/// Last month for which jobs are drawn.
const END: MonthIndex = calendar::month(2031, 12);
/// Months between births and the last start of a first job are counted from the eighteenth birthday.
const ADULT_MONTHS: i32 = 18 * 12;

/// A time at one employer with compulsory insurance, whole months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The employer that insures.
    pub employer: u64,
    /// The employer that pays: the same, or its branch.
    pub works_at: u64,
    /// First insured month.
    pub from: MonthIndex,
    /// Last insured month; may lie beyond the period that is written.
    pub to: MonthIndex,
    /// Wage contributions are paid on, đồng a month.
    pub wage: i64,
    /// What is really paid at least, đồng a month; more than the wage where an employer insures at the floor.
    pub pay: i64,
    /// Insured as owner of a household business, not as a worker.
    pub owner: bool,
    /// Code of the province whose agency insures: [`HERE`], or another for an employer over there.
    pub province: u64,
}

/// The city's code.
pub const HERE: u64 = 1;
/// Jobs among 100,000 of residents that are at an employer of another province.
const ELSEWHERE: u32 = 2_500;

impl Spell {
    /// Whether the employer insures with the city's agency.
    pub fn here(&self) -> bool {
        self.province == HERE
    }

    /// Whether it covers a month.
    pub fn covers(&self, month: MonthIndex) -> bool {
        (self.from..=self.to).contains(&month)
    }

    /// Months of it that lie in a year.
    pub fn months_in(&self, year: i32) -> i32 {
        (self.to.min(calendar::month(year, 12)) - self.from.max(calendar::month(year, 1)) + 1).max(0)
    }
}

/// Whether somebody's working life is in insured employment. Everybody from outside comes for that.
pub fn is_formal(world: &World, home: &Household, person: &Person) -> bool {
    !home.place.inside() || world.random.draw("formal", person.outline.slot).chance(53_000)
}

/// All insured spells of a person in order of time; none overlap.
pub fn spells(world: &World, home: &Household, person: &Person) -> Vec<Spell> {
    let slot = person.outline.slot;
    let (enter, exit) = working_life(world, home, person);
    if enter >= exit {
        return businesses::owner_spell(world, home, person).into_iter().collect();
    }
    if standing::service(world, home, person).is_some() {
        return Vec::new();
    }
    if is_formal(world, home, person) {
        return career(world, slot, enter, exit, home.place.inside());
    }
    let casual = world.random.draw("casual job", slot);
    if !casual.chance(8_000) {
        return businesses::owner_spell(world, home, person).into_iter().collect();
    }
    // One insured job of some months in an otherwise uninsured working life.
    let from = (START + 6 + casual.of("from").small(60)).max(enter);
    let to = (from + 2 + casual.of("months").small(16)).min(exit - 1);
    at_employer(world, from, to, casual.of("employer"), wage(casual.of("wage")), HERE).into_iter().collect()
}

/// A time at an employer that hires then: begins when the firm opens, ends when it rests or closes.
fn at_employer(world: &World, from: MonthIndex, to: MonthIndex, draw: Draw, pay: i64, province: u64) -> Option<Spell> {
    if province != HERE {
        // Employers of other provinces are none of the city's plan; only the time counts.
        let spell = Spell { employer: 0, works_at: 0, from, to, wage: pay, pay, owner: false, province };
        return (from <= to).then_some(spell);
    }
    let employer = world.employers.pick(draw, from.max(START));
    let standing = world.employers.standing(employer);
    let from = from.max(standing.registers());
    let to = to.min(standing.last_wage(from.max(START)));
    let floor = payroll::minimum_wage(from);
    let wage = if world.employers.conduct(employer) == Conduct::WageFloor { floor } else { pay };
    let branch = world.employers.branch_at_parent(employer).filter(|_| draw.of("branch").chance(25_000));
    let spell = Spell { employer, works_at: branch.unwrap_or(employer), from, to, wage, pay, owner: false, province };
    (from <= to).then_some(spell)
}

/// First month of work and the month after the last.
fn working_life(world: &World, home: &Household, person: &Person) -> (MonthIndex, MonthIndex) {
    let outline = &person.outline;
    let birth = calendar::of(outline.birth);
    let draw = world.random.draw("first job", outline.slot);
    let enter = if schools::studies(&world.random, outline.slot) {
        calendar::month(outline.birth.year() + 22, 9) + draw.small(10)
    } else {
        birth + ADULT_MONTHS + 6 + draw.small(48)
    };
    // Mothers, carers and the self-employed leave insured work earlier than they retire.
    let early = draw.of("early").chance(18_000);
    let retires = calendar::retires(outline.birth, outline.sex);
    let exit = if early { retires - draw.of("years").small(if outline.sex == Sex::Female { 120 } else { 80 }) } else { retires };
    let exit = exit.min(home.leaves.unwrap_or(END)).min(person.dies.unwrap_or(END)).min(END);
    (enter.max(home.arrives.unwrap_or(enter)), exit)
}

fn career(world: &World, slot: u64, enter: MonthIndex, exit: MonthIndex, resident: bool) -> Vec<Spell> {
    let mut spells = Vec::new();
    let draw = |what: &str, n: u64| world.random.draw2(what, slot, n);
    // Whoever worked before the model begins is somewhere within a spell, or between two.
    let (mut from, mut to) = if enter < START {
        let began = START - draw("began", 0).small((START - enter).min(180) as u32 + 1);
        (began, START + draw("remaining", 0).small(110))
    } else {
        (enter, enter + 2 + draw("length", 0).small(100))
    };
    if enter < START && draw("between", 0).chance(7_000) {
        from = START + draw("until", 0).small(14);
        to = from + 2 + draw("length", 0).small(100);
    }
    for n in 1..64 {
        if from >= exit {
            break;
        }
        let away = draw("other province", n);
        let province = if resident && away.chance(ELSEWHERE) { standing::other_province(away) } else { HERE };
        let spell = at_employer(world, from, to.min(exit - 1), draw("employer", n - 1), wage(draw("wage", n)), province);
        // Whoever is hired ahead of an opening has no job until then.
        to = spell.map_or(to, |s| s.to.max(from));
        spells.extend(spell);
        // Half change at once, the others after some months without insured work.
        let gap = draw("gap", n);
        from = to + 1 + if gap.chance(50_000) { 0 } else { 1 + gap.of("months").small(9) };
        to = from + 2 + draw("length", n).small(100);
    }
    spells
}

/// A contribution wage between five and forty-six million đồng, in steps of ten thousand; the mean of just under ten
/// million makes the city's collections come out as planned (about 70,000 billion in 2024, a sixth more in 2025).
fn wage(draw: Draw) -> i64 {
    let (low, high) = match draw.of("band").below(100) {
        0..65 => (531, 800),
        65..90 => (800, 1_500),
        90..97 => (1_500, 3_000),
        _ => (3_000, 4_680),
    };
    (low + draw.of("wage").small(high - low as u32)) as i64 * 10_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::employers::standing::State;
    use crate::households;

    #[test]
    fn spells_follow_one_another_within_working_life() {
        let world = World::plan(0.002, 4).unwrap();
        let mut seen = 0;
        for number in 0..4_000 {
            let home = households::draw(&world, number);
            for person in &home.members {
                let all = spells(&world, &home, person);
                seen += all.len();
                assert!(all.iter().all(|s| s.from <= s.to && (2_340_000..=46_800_000).contains(&s.wage)));
                let worker = |s: &&Spell| !s.owner && s.here() && s.to >= START;
                for spell in all.iter().filter(worker) {
                    let standing = world.employers.standing(spell.employer);
                    let (first, last) = (spell.from.max(START), spell.to.min(END));
                    assert!((first..=last).all(|m| standing.state(m) == State::Active), "{spell:?} {standing:?}");
                    assert!(world.employers.conduct(spell.employer) != Conduct::NeverRegisters);
                }
                assert!(all.windows(2).all(|w| w[0].to < w[1].from));
                let adult = calendar::of(person.outline.birth) + ADULT_MONTHS;
                assert!(all.iter().all(|s| s.from >= adult));
            }
        }
        assert!(seen > 3_000);
    }

    #[test]
    fn about_a_quarter_of_the_people_are_insured_at_work() {
        let world = World::plan(0.005, 4).unwrap();
        let month = calendar::month(2026, 10);
        let (mut here, mut insured) = (0, 0);
        for number in 0..10_000 {
            let home = households::draw(&world, number);
            for person in home.members.iter().filter(|p| home.lives_here(p, month)) {
                here += 1;
                insured += usize::from(spells(&world, &home, person).iter().any(|s| s.covers(month)));
            }
        }
        let share = insured as f64 / here as f64;
        assert!((0.22..0.29).contains(&share), "{share}");
    }
}
