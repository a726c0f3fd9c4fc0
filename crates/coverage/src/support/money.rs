//! The law's calculators, each distinct question asked once.
//!
//! Millions of people ask a few hundred different questions: the same groups, residence, age and day have the same answer. Nothing is
//! added or compared here that the calculator does not say; of more than two groups it is asked in pairs.

use std::collections::BTreeMap;

use base::{Date, Dong};
use law::Law;
use law::calc::{
    CalcError, Cx, Method, Silent, SupportGroup, SupportInput, SupportOutcome, VoluntaryGroup, VoluntaryInput, VoluntaryOutcome,
    support, voluntary,
};

/// A group with the day since which the person is in it, kept only where the support is for a time.
pub(super) type Since = (SupportGroup, Option<Date>);

/// Who pays a month of health insurance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shares {
    /// The group with the highest support.
    pub(super) group: SupportGroup,
    /// Since when the person is in it, where that matters.
    pub(super) since: Option<Date>,
    pub(super) premium: Dong,
    pub(super) state: Dong,
    pub(super) city: Dong,
    pub(super) person: Dong,
}

/// What the answer of the voluntary calculator hangs on: month, compulsory or not, income, residence, groups.
type VoluntaryQuestion = (Date, bool, Dong, bool, Vec<VoluntaryGroup>);

/// The calculators with what they answered before.
pub(super) struct Money<'l> {
    law: &'l Law,
    health: BTreeMap<(Date, bool, i32, Vec<Since>), Option<Shares>>,
    voluntary: BTreeMap<VoluntaryQuestion, Option<(VoluntaryGroup, VoluntaryOutcome)>>,
}

impl<'l> Money<'l> {
    pub(super) fn new(law: &'l Law) -> Self {
        Self { law, health: BTreeMap::new(), voluntary: BTreeMap::new() }
    }

    /// The best of a person's groups for one month of health insurance; `None` where the law has no figure for any of them on that day.
    pub(super) fn health(
        &mut self,
        on: Date,
        groups: &[Since],
        permanent: bool,
        born: Option<Date>,
    ) -> Result<Option<Shares>, CalcError> {
        // Only the completed years of an elderly person matter, so that birth dates do not make millions of questions.
        let elderly = groups.iter().any(|(group, _)| *group == SupportGroup::Elderly);
        let age = born.filter(|_| elderly).map_or(-1, |born| born.age_on(on));
        let key = (on, permanent, age, groups.to_vec());
        if let Some(known) = self.health.get(&key) {
            return Ok(known.clone());
        }
        let answer = best(&mut Cx::new(self.law, Silent), on, groups, permanent, born)?;
        self.health.insert(key, answer.clone());
        Ok(answer)
    }

    /// One month of voluntary insurance with the best of a person's groups; `None` where the chosen income is outside the law's bounds.
    pub(super) fn voluntary(
        &mut self,
        on: Date,
        income: Dong,
        groups: &[VoluntaryGroup],
        club: bool,
        permanent: bool,
    ) -> Result<Option<(VoluntaryGroup, VoluntaryOutcome)>, CalcError> {
        let key = (on, permanent, income, club, groups.to_vec());
        if let Some(known) = self.voluntary.get(&key) {
            return Ok(known.clone());
        }
        let mut best: Option<(VoluntaryGroup, VoluntaryOutcome)> = None;
        for group in groups {
            match voluntary(&mut Cx::new(self.law, Silent), &voluntary_question(on, income, *group, club, permanent)) {
                Ok(outcome) if best.as_ref().is_none_or(|(_, known)| outcome.person < known.person) => {
                    best = Some((*group, outcome));
                }
                Ok(_) => {}
                Err(error) if is_no_answer(&error) => {}
                Err(error) => return Err(error),
            }
        }
        self.voluntary.insert(key, best.clone());
        Ok(best)
    }
}

/// The best group: the calculator is asked in pairs, in the order given, which is that of Điều 12.
fn best(
    cx: &mut Cx<'_, Silent>,
    on: Date,
    groups: &[Since],
    permanent: bool,
    born: Option<Date>,
) -> Result<Option<Shares>, CalcError> {
    let mut best: Option<Shares> = None;
    for (group, since) in groups {
        let asked = match &best {
            None => question(on, (*group, *since), permanent, born),
            Some(known) => SupportInput {
                other_group: Some(*group),
                other_since: *since,
                ..question(on, (known.group, known.since), permanent, born)
            },
        };
        match support(cx, &asked) {
            Ok(SupportOutcome { group: chosen, premium, state, city, person, .. }) => {
                let since = if chosen == asked.group { asked.since } else { *since };
                best = Some(Shares { group: chosen, since, premium, state, city, person });
            }
            Err(error) if is_no_answer(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(best)
}

/// The calculator's question about one month of one group.
pub(super) fn question(on: Date, (group, since): Since, permanent: bool, born: Option<Date>) -> SupportInput {
    SupportInput {
        paid_on: on,
        group,
        other_group: None,
        permanent_resident: permanent,
        birth_date: born,
        since,
        other_since: None,
        months: 1,
    }
}

/// The calculator's question about one month of voluntary insurance, whatever the way of paying.
pub(super) fn voluntary_question(on: Date, income: Dong, group: VoluntaryGroup, club: bool, permanent: bool) -> VoluntaryInput {
    VoluntaryInput {
        paid_on: on,
        income,
        group,
        club,
        permanent_resident: permanent,
        method: Method::Monthly,
        months: 0,
        supported_months: 0,
    }
}

/// The law has no figure for this question: a group or a day it does not know, an income outside its bounds.
fn is_no_answer(error: &CalcError) -> bool {
    matches!(error, CalcError::NotInForce { .. } | CalcError::Input(_) | CalcError::Law(law::LookupError::NotYetInForce { .. }))
}
