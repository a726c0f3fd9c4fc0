//! One facility held against what the sheets say of it.

use base::Amount;

use super::{Arrived, Told};

/// What the month has here of a facility.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Ours {
    /// Visits.
    pub visits: i64,
    /// Cost in scope (T_TONGCHI_BH), đồng.
    pub total: Amount,
    /// Asked from the fund (T_BHTT), đồng.
    pub fund: Amount,
    /// What the national system refused of it, as its lists say, đồng.
    pub refused: Amount,
}

impl Ours {
    /// Cost of a visit, to a millionth of a đồng; none without visits.
    pub(crate) fn average(self) -> Option<Amount> {
        let visits = i128::from(self.visits);
        (visits > 0).then(|| Amount::from_millionths(self.total.millionths() / visits)).flatten()
    }
}

/// Whether a sheet could be asked of a facility.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Said {
    /// It has a row.
    Compared,
    /// It is there, and has no row of the facility.
    NoRow,
    /// It speaks of other months.
    OtherMonths,
    /// It did not arrive.
    NotArrived,
}

impl Said {
    /// The word of the contract.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Compared => "compared",
            Self::NoRow => "no_row",
            Self::OtherMonths => "other_months",
            Self::NotArrived => "not_arrived",
        }
    }
}

/// A facility beside the sheets B02, B04 and B26.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Compared {
    pub ours: Ours,
    /// Of each sheet whether it could be asked.
    pub said: [Said; 3],
    /// Visits, cost and fund as B02 has them.
    pub visits: Option<i64>,
    pub total: Option<Amount>,
    pub fund: Option<Amount>,
    /// Average cost as B04 and B26 have it.
    pub averages: [Option<Amount>; 2],
}

/// Lays the sheets beside a facility.
pub(crate) fn compared(ours: Ours, sheets: [(Arrived, Option<Told>); 3]) -> Compared {
    let [b02, b04, b26] = sheets.map(|(_, told)| told);
    let said = sheets.map(|(arrived, told)| match (arrived, told) {
        (Arrived::Month, Some(_)) => Said::Compared,
        (Arrived::Month, None) => Said::NoRow,
        (Arrived::OtherMonths, _) => Said::OtherMonths,
        (Arrived::No, _) => Said::NotArrived,
    });
    Compared {
        ours,
        said,
        visits: b02.and_then(|told| told.visits),
        total: b02.and_then(|told| told.total),
        fund: b02.and_then(|told| told.fund),
        averages: [b04, b26].map(|told| told.and_then(|told| told.average)),
    }
}

impl Compared {
    /// What came of it: `agrees`, `differs`, `portal_only`, `ours_only` or `not_compared`.
    pub(crate) fn state(&self) -> &'static str {
        let is = |said: Said| self.said.contains(&said);
        match (is(Said::Compared), self.ours.visits > 0) {
            (false, _) if is(Said::NoRow) => "ours_only",
            (false, _) => "not_compared",
            (true, false) => "portal_only",
            (true, true) if self.differs() => "differs",
            (true, true) => "agrees",
        }
    }

    /// Whether any figure that both have differs; money by one đồng or more, since sheets round.
    fn differs(&self) -> bool {
        let far = |ours: Amount, portal: Option<Amount>| {
            portal.is_some_and(|portal| (ours - portal).millionths().abs() >= Amount::whole(1).millionths())
        };
        let average = self.ours.average().unwrap_or_default();
        self.visits.is_some_and(|portal| portal != self.ours.visits)
            || far(self.ours.total, self.total)
            || far(self.ours.fund, self.fund)
            || self.averages.iter().any(|portal| far(average, *portal))
    }
}
