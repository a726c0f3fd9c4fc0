//! The rosters of people that the register is made of, in the order in which they are taken.

/// What standing on a roster says about where somebody lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proves {
    /// The population roster: it is the spine, whoever stands on it lives in the city.
    Population,
    /// A roster of the city's own residents: cards, pupils, pensions, lists of the communes.
    Residence,
    /// Work or pay in the city: the person may live in another province.
    Work,
    /// The person has died.
    Death,
}

/// A roster of people.
#[derive(Debug)]
pub(crate) struct Source {
    /// Its name, as in `formats/rosters`.
    pub(crate) name: &'static str,
    /// What it says about residence.
    pub(crate) proves: Proves,
    /// How much its address is trusted over others, most first: a list that a commune went through lately knows better
    /// than a card issued years ago.
    pub(crate) place_rank: u8,
    /// The shared table it becomes, with the columns that bear another name there: (table, roster).
    pub(crate) table: Option<(&'static str, &'static [(&'static str, &'static str)])>,
}

const fn source(name: &'static str, proves: Proves, place_rank: u8, table: Option<&'static str>) -> Source {
    let table = match table {
        Some(table) => Some((table, &[] as &'static [(&'static str, &'static str)])),
        None => None,
    };
    Source { name, proves, place_rank, table }
}

/// All rosters of people. The order is that of taking: who stands first describes a person, and a roster that knows
/// insurance numbers or full dates helps those after it.
pub(crate) const SOURCES: [Source; 16] = [
    source("population", Proves::Population, 9, None),
    source("bhyt_card", Proves::Residence, 3, Some("bhyt_card")),
    source("bhxh_participation", Proves::Work, 1, None),
    source("pension_payment", Proves::Residence, 5, Some("pension")),
    source("pupils", Proves::Residence, 4, Some("pupil")),
    source("household_member", Proves::Residence, 8, Some("household_member")),
    source("supported_group", Proves::Residence, 7, Some("supported_group")),
    source("social_pension", Proves::Residence, 7, Some("social_pension")),
    source("voluntary_payment", Proves::Residence, 4, Some("voluntary_payment")),
    source("bhyt_collection", Proves::Residence, 4, Some("bhyt_collection")),
    source("labour", Proves::Residence, 5, Some("labour")),
    source("police_uninsured", Proves::Residence, 8, Some("police_uninsured")),
    source("tour_guide", Proves::Work, 2, Some("tour_guide")),
    source("employer_worker", Proves::Work, 1, Some("employer_worker")),
    source("death", Proves::Death, 0, Some("death")),
    Source {
        name: "tax_settlement",
        proves: Proves::Work,
        place_rank: 0,
        table: Some(("tax_wage", &[("year", "settlement_year")])),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_population_roster_is_taken_first_and_names_are_unique() {
        assert_eq!(SOURCES[0].proves, Proves::Population);
        let mut names: Vec<&str> = SOURCES.iter().map(|s| s.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), SOURCES.len());
    }
}
