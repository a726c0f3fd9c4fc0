//! What is true of a person at the end of a month, in one word: the truth that everything is scored by.

use crate::calendar::{self, MonthIndex};
use crate::chunk::{LAPSED, PUPIL};
use crate::households::{Household, Person};
use crate::life::Life;
use crate::life::cards::{self, Group, Issuer};

/// The state of somebody who lives, or once lived, in the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A card of the city is valid.
    Covered,
    /// No card is valid, for a reason.
    NotCovered(&'static str),
    /// A card of another province is valid.
    Elsewhere,
    /// Insured by the army, the police or the cipher service.
    ArmedForces,
    /// A foreigner without a card, who need not have one.
    Foreigner,
    /// Has died.
    Dead,
    /// Has moved out of the city.
    MovedAway,
}

impl State {
    /// The state of a person who has been born; `None` for somebody who does not yet live in the
    /// city, or never does.
    pub fn of(home: &Household, person: &Person, life: &Life, month: MonthIndex) -> Option<Self> {
        if !home.place.inside() || home.arrives.is_some_and(|m| m > month) {
            return None;
        }
        // Whoever dies after moving away has moved away.
        let left = home.leaves.filter(|m| *m <= month);
        let died = person.dies.filter(|m| *m <= month);
        match (left, died) {
            (Some(left), Some(died)) if died < left => return Some(Self::Dead),
            (Some(_), _) => return Some(Self::MovedAway),
            (None, Some(_)) => return Some(Self::Dead),
            (None, None) => {}
        }
        let end = calendar::last(month);
        let by = |issuer: fn(Issuer) -> bool| life.cards.iter().any(|c| c.valid_on(end) && issuer(c.issuer));
        Some(if by(|i| i == Issuer::City) {
            Self::Covered
        } else if by(|i| i == Issuer::Forces) {
            Self::ArmedForces
        } else if by(|i| matches!(i, Issuer::Province(_))) {
            Self::Elsewhere
        } else if home.foreign {
            Self::Foreigner
        } else {
            Self::NotCovered(reason(person, life, month))
        })
    }

    /// The word in truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::NotCovered(_) => "not_covered",
            Self::Elsewhere => "covered_elsewhere",
            Self::ArmedForces => "armed_forces",
            Self::Foreigner => "foreigner",
            Self::Dead => "dead",
            Self::MovedAway => "moved_away",
        }
    }

    /// Why somebody is not covered; empty in other states.
    pub fn reason(self) -> &'static str {
        if let Self::NotCovered(reason) = self { reason } else { "" }
    }

    /// Whether any card of anybody covers the person.
    pub fn is_covered(self) -> bool {
        matches!(self, Self::Covered | Self::Elsewhere | Self::ArmedForces)
    }

    /// Whether the person lives in the city.
    pub fn lives_here(self) -> bool {
        !matches!(self, Self::Dead | Self::MovedAway)
    }
}

/// Why somebody without a valid card has none.
fn reason(person: &Person, life: &Life, month: MonthIndex) -> &'static str {
    if life.enrolment.is_some() {
        return PUPIL;
    }
    if cards::household_card_lapsed(&life.cards, month) {
        return LAPSED;
    }
    if month - calendar::of(person.outline.birth) <= 3 {
        return "newborn-without-card";
    }
    match life.cards.iter().filter(|c| c.to < calendar::last(month)).max_by_key(|c| c.to).map(|c| c.group) {
        Some(Group::Employee) => "job-ended",
        Some(Group::Pupil | Group::Student) => "left-school",
        Some(_) => "other-card-ended",
        None => "no-card-in-a-year",
    }
}
