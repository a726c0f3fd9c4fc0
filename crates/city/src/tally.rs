//! What is counted while people are drawn, for rosters about employers and communes.

use crate::calendar::MonthIndex;
use crate::life::jobs::{self, Spell};
use crate::life::state::State;
use crate::life::work::{self, Work};
use crate::rosters::Subject;

/// The workers of an employer up to a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EmployerCount {
    /// People with a month of compulsory insurance there.
    pub workers: u32,
    /// What contributions are paid on, đồng in the month.
    pub wages: i64,
    /// People who work there, insured or not.
    pub present: u32,
    /// Of them, those whom it should insure and does not.
    pub evaded: u32,
    /// People whom it paid in the year settled last, with insurance or without.
    pub paid: u32,
    /// Of them, those whom it should have insured and who were insured nowhere in that year.
    pub paid_uninsured: u32,
    /// Insured people who came with the month, and who left with the month before.
    pub moved: (u32, u32),
    /// What contributions are paid on in each month from the first of the model, đồng; short where nothing is.
    history: Vec<i64>,
}

impl EmployerCount {
    /// What contributions are paid on in a month, đồng.
    pub fn wages_in(&self, month: MonthIndex) -> i64 {
        usize::try_from(month - jobs::START).ok().and_then(|at| self.history.get(at)).copied().unwrap_or(0)
    }

    /// Whether it has insured anybody in the months of the model.
    pub fn has_insured(&self) -> bool {
        !self.history.is_empty()
    }

    /// Counts the time of a worker it insures.
    fn insures(&mut self, spell: &Spell, month: MonthIndex) {
        let (first, last) = (spell.from.max(jobs::START), spell.to.min(month));
        if first <= last {
            let (first, last) = ((first - jobs::START) as usize, (last - jobs::START) as usize);
            if self.history.len() <= last {
                self.history.resize(last + 1, 0);
            }
            self.history[first..=last].iter_mut().for_each(|wages| *wages += spell.wage);
        }
        if spell.covers(month) {
            self.workers += 1;
            self.wages += spell.wage;
        }
        self.moved.0 += u32::from(spell.from == month);
        self.moved.1 += u32::from(spell.to + 1 == month);
    }
}

/// One person's work, as counted for employers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Employed {
    /// An insured time.
    Insured(Spell),
    /// Works at an employer in the month and is not insured there: with whether it should insure them.
    Uninsured(u64, bool),
    /// Has begun at a new employer, which will register them next month.
    BeforeRegistration(u64),
    /// Was paid in the year settled last: with whether the payer should have insured somebody who was insured nowhere.
    Paid(u64, bool),
}

/// The people of a commune at the end of a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CommuneCount {
    /// People who live there.
    pub people: u64,
    /// Of them, covered on the month's last day, by whosesoever card.
    pub covered: u64,
    /// Of them, by the armed forces.
    pub forces: u64,
    /// Of them, by another province.
    pub elsewhere: u64,
    /// People of working age who work or look for work.
    pub labour_force: u64,
}

impl CommuneCount {
    /// Adds the people of a part of the commune.
    pub fn add(&mut self, part: &Self) {
        self.people += part.people;
        self.covered += part.covered;
        self.forces += part.forces;
        self.elsewhere += part.elsewhere;
        self.labour_force += part.labour_force;
    }

    /// Counts a person who lives in the commune.
    pub fn person(&mut self, subject: &Subject, state: State) {
        self.people += 1;
        self.covered += u64::from(state.is_covered());
        self.forces += u64::from(state == State::ArmedForces);
        self.elsewhere += u64::from(state == State::Elsewhere);
        self.labour_force += u64::from(work::of(subject) != Work::Outside);
    }
}

/// All counts of a city in a month.
#[derive(Debug, Default)]
pub struct Tally {
    /// By number of the commune.
    pub communes: Vec<CommuneCount>,
    /// By number of the employer.
    pub employers: Vec<EmployerCount>,
}

impl Tally {
    /// Room for a city.
    pub fn new(communes: usize, employers: u64) -> Self {
        Self { communes: vec![CommuneCount::default(); communes], employers: vec![EmployerCount::default(); employers as usize] }
    }

    /// Counts a person's work up to a month.
    pub fn work(&mut self, work: &Employed, month: MonthIndex) {
        match *work {
            Employed::Insured(spell) => {
                self.of(spell.employer, |count| count.insures(&spell, month));
                if spell.covers(month) {
                    self.of(spell.works_at, |count| count.present += 1);
                }
            }
            Employed::Uninsured(employer, evaded) => self.of(employer, |count| {
                count.present += 1;
                count.evaded += u32::from(evaded);
            }),
            Employed::BeforeRegistration(employer) => self.of(employer, |count| count.present += 1),
            Employed::Paid(employer, uninsured) => self.of(employer, |count| {
                count.paid += 1;
                count.paid_uninsured += u32::from(uninsured);
            }),
        }
    }

    /// Household businesses are past the list: they have no workers here.
    fn of(&mut self, employer: u64, change: impl FnOnce(&mut EmployerCount)) {
        if let Some(count) = self.employers.get_mut(employer as usize) {
            change(count);
        }
    }

    /// The whole city.
    pub fn city(&self) -> CommuneCount {
        let mut all = CommuneCount::default();
        self.communes.iter().for_each(|c| all.add(c));
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_and_people_add_up() {
        let mut tally = Tally::new(2, 3);
        let month = jobs::START + 10;
        let spell =
            |from, to, wage| Spell { employer: 1, works_at: 2, from, to, wage, pay: wage, owner: false, province: jobs::HERE };
        let works = [
            Employed::Insured(spell(month - 20, month + 5, 6_000_000)),
            Employed::Insured(spell(month, month + 1, 7_000_000)),
            Employed::Insured(spell(month - 2, month - 1, 5_000_000)),
            Employed::Insured(spell(month + 1, month + 9, 5_000_000)),
            Employed::Uninsured(1, true),
            Employed::BeforeRegistration(1),
        ];
        works.iter().for_each(|work| tally.work(work, month));
        let count = &tally.employers[1];
        assert_eq!((count.workers, count.wages, count.present, count.evaded, count.moved), (2, 13_000_000, 2, 1, (1, 1)));
        let history = [-11, -10, -2, -1, 0, 1].map(|n| count.wages_in(month + n));
        assert_eq!(history, [0, 6_000_000, 11_000_000, 11_000_000, 13_000_000, 0]);
        assert_eq!(tally.employers[2].present, 2, "the branch has the workers its company insures");
        tally.communes[0].add(&CommuneCount { people: 5, covered: 4, ..CommuneCount::default() });
        tally.communes[1].add(&CommuneCount { people: 2, covered: 2, ..CommuneCount::default() });
        assert_eq!((tally.city().people, tally.city().covered), (7, 6));
    }
}
