//! What is counted while people are drawn, for rosters about employers and communes.

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
    /// Of them, covered by a card on the month's last day.
    pub covered: u64,
}

impl CommuneCount {
    /// Adds the people of a part of the commune.
    pub fn add(&mut self, part: &Self) {
        self.people += part.people;
        self.covered += part.covered;
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
        tally.communes[0].add(&CommuneCount { people: 5, covered: 4 });
        tally.communes[1].add(&CommuneCount { people: 2, covered: 2 });
        assert_eq!(tally.employers[1], EmployerCount { workers: 2, wages: 13_000_000 });
        assert_eq!(tally.city(), CommuneCount { people: 7, covered: 6 });
    }
}
