//! What is counted while people are drawn, for rosters about employers and communes.

use crate::life::state::State;
use crate::life::work::{self, Work};
use crate::rosters::Subject;

/// The insured workers of an employer in a month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EmployerCount {
    /// People with a month of compulsory insurance there.
    pub workers: u32,
    /// What contributions are paid on, đồng in the month.
    pub wages: i64,
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

    /// Counts a worker of an employer.
    pub fn worker(&mut self, employer: u64, wage: i64) {
        if let Some(count) = self.employers.get_mut(employer as usize) {
            count.workers += 1;
            count.wages += wage;
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
        tally.worker(1, 6_000_000);
        tally.worker(1, 7_000_000);
        tally.communes[0].add(&CommuneCount { people: 5, covered: 4, ..CommuneCount::default() });
        tally.communes[1].add(&CommuneCount { people: 2, covered: 2, ..CommuneCount::default() });
        assert_eq!(tally.employers[1], EmployerCount { workers: 2, wages: 13_000_000 });
        assert_eq!((tally.city().people, tally.city().covered), (7, 6));
    }
}
