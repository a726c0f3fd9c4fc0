//! What target to propose to each commune (đề xuất giao chỉ tiêu): the city's gain divided by who is not covered yet.
//!
//! Each commune is asked to close the same part of its own gap, so the proposals depend on nothing but its people. Whole people are
//! given out by the largest remainder, and the proposals of the communes add up to the city's number exactly.

use base::{CommuneCode, Rate};

/// What an area has today.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Today {
    /// People counted in the numerator.
    pub(crate) covered: i64,
    /// People of the denominator.
    pub(crate) people: i64,
}

impl Today {
    /// People not covered; a numerator above its denominator leaves nobody.
    pub(crate) fn open(self) -> i64 {
        (self.people - self.covered).max(0)
    }
}

/// The proposal for one commune.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Share {
    pub(crate) commune: CommuneCode,
    pub(crate) today: Today,
    /// People more than today, as a whole number.
    pub(crate) gain: i64,
    /// Remainder of the division, in parts of [`Proposal::open`].
    pub(crate) remainder: i64,
    /// Whether the commune got one more for its remainder.
    pub(crate) rounded_up: bool,
}

impl Share {
    /// People covered when the proposal is reached.
    pub(crate) fn covered(&self) -> i64 {
        self.today.covered + self.gain
    }

    /// The proposed share with six decimals: enough to say whole people of any commune again.
    pub(crate) fn share(&self) -> Option<Rate> {
        share(self.covered(), self.today.people)
    }
}

/// Proposals for all communes from one target of the city.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Proposal {
    /// The city today.
    pub(crate) city: Today,
    /// People the city must count to reach its target; today's number where that is more already.
    pub(crate) needed: i64,
    /// `needed` less today's number.
    pub(crate) gain: i64,
    /// People not covered in all communes: what the gain is divided by.
    pub(crate) open: i64,
    /// People whom the city counts and no commune does.
    pub(crate) unplaced: Today,
    /// By commune, in the order given.
    pub(crate) shares: Vec<Share>,
}

impl Proposal {
    /// Divides the gain that a target of the city asks for among its communes.
    ///
    /// `None` when the communes have fewer people not covered than the city must gain: then the target cannot be reached by them.
    pub(crate) fn new(city: Today, target: Rate, communes: &[(CommuneCode, Today)]) -> Option<Self> {
        let needed = people_of(target, city.people)?.max(city.covered);
        let gain = needed - city.covered;
        let open: i64 = communes.iter().map(|(_, today)| today.open()).sum();
        if gain > open {
            return None;
        }
        let mut shares = Vec::with_capacity(communes.len());
        for (commune, today) in communes {
            let part = i128::from(gain) * i128::from(today.open());
            let whole = if open == 0 { 0 } else { i64::try_from(part / i128::from(open)).ok()? };
            let remainder = if open == 0 { 0 } else { i64::try_from(part % i128::from(open)).ok()? };
            shares.push(Share { commune: commune.clone(), today: *today, gain: whole, remainder, rounded_up: false });
        }
        let missing = gain - shares.iter().map(|s| s.gain).sum::<i64>();
        let mut order: Vec<usize> = (0..shares.len()).collect();
        order.sort_by(|a, b| (shares[*b].remainder, &shares[*a].commune).cmp(&(shares[*a].remainder, &shares[*b].commune)));
        for at in order.into_iter().take(usize::try_from(missing).ok()?) {
            shares[at].gain += 1;
            shares[at].rounded_up = true;
        }
        let placed = |of: fn(&Today) -> i64| communes.iter().map(|(_, today)| of(today)).sum::<i64>();
        let unplaced = Today { covered: city.covered - placed(|t| t.covered), people: city.people - placed(|t| t.people) };
        Some(Self { city, needed, gain, open, unplaced, shares })
    }

    /// The proposal for one commune.
    pub(crate) fn of(&self, commune: &CommuneCode) -> Option<&Share> {
        self.shares.iter().find(|s| s.commune == *commune)
    }
}

/// How many people a share of some people is, rounded half up.
pub(crate) fn people_of(share: Rate, people: i64) -> Option<i64> {
    let parts = share.hundred_millionths().checked_mul(i128::from(people))?;
    i64::try_from((2 * parts + 100_000_000) / 200_000_000).ok()
}

/// People over people with six decimals, rounded half up.
pub(crate) fn share(covered: i64, people: i64) -> Option<Rate> {
    if people <= 0 {
        return None;
    }
    let (over, under) = (i128::from(covered) * 1_000_000, i128::from(people));
    Some(Rate::from_parts((2 * over + under) / (2 * under), 6))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commune(number: usize, covered: i64, people: i64) -> (CommuneCode, Today) {
        (CommuneCode::parse(&format!("{number:05}")).unwrap(), Today { covered, people })
    }

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    #[test]
    fn proposals_add_up_to_the_city_exactly() {
        // Prime numbers, so that nothing divides evenly.
        let communes: Vec<_> = (1..=126).map(|n| commune(n, 9_001 + 37 * n as i64, 10_007 + 41 * n as i64)).collect();
        let covered: i64 = communes.iter().map(|c| c.1.covered).sum::<i64>() + 11;
        let people: i64 = communes.iter().map(|c| c.1.people).sum::<i64>() + 13;
        for target in ["0.93", "0.951234", "0.9777", "0.99"] {
            let proposal = Proposal::new(Today { covered, people }, rate(target), &communes).unwrap();
            let sum: i64 = proposal.shares.iter().map(Share::covered).sum();
            assert_eq!(sum + proposal.unplaced.covered, proposal.needed, "{target}");
            assert_eq!(proposal.unplaced, Today { covered: 11, people: 13 });
            assert!(proposal.shares.iter().all(|s| s.gain >= 0 && s.covered() <= s.today.people), "{target}");
            // The share says the same whole people again.
            assert!(
                proposal.shares.iter().all(|s| people_of(s.share().unwrap(), s.today.people) == Some(s.covered())),
                "{target}"
            );
        }
    }

    #[test]
    fn who_has_more_to_do_is_asked_for_more() {
        let communes = [commune(1, 90, 100), commune(2, 50, 100), commune(3, 100, 100)];
        let proposal = Proposal::new(Today { covered: 240, people: 300 }, rate("0.9"), &communes).unwrap();
        assert_eq!((proposal.needed, proposal.gain, proposal.open), (270, 30, 60));
        assert_eq!(proposal.shares.iter().map(|s| s.gain).collect::<Vec<_>>(), [5, 25, 0]);
    }

    #[test]
    fn a_target_already_passed_asks_for_nothing_and_one_out_of_reach_is_none() {
        let communes = [commune(1, 90, 100), commune(2, 95, 100)];
        let city = Today { covered: 185, people: 200 };
        let kept = Proposal::new(city, rate("0.9"), &communes).unwrap();
        assert_eq!((kept.needed, kept.gain), (185, 0));
        assert_eq!(Proposal::new(Today { covered: 185, people: 400 }, rate("0.9"), &communes), None);
    }

    #[test]
    fn equal_remainders_are_settled_by_the_code() {
        let communes = [commune(2, 0, 10), commune(1, 0, 10), commune(3, 0, 10)];
        let proposal = Proposal::new(Today { covered: 0, people: 30 }, rate("0.3334"), &communes).unwrap();
        assert_eq!(proposal.gain, 10);
        let up: Vec<&str> = proposal.shares.iter().filter(|s| s.rounded_up).map(|s| s.commune.as_str()).collect();
        assert_eq!(up, ["00001"]);
    }
}
