//! What is true of a person at the end of a month, in one word: the truth that everything is scored by.

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::life::Life;
use crate::life::cards::Issuer;

/// The state of somebody who lives, or once lived, in the city.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A card of the city is valid.
    Covered,
    /// No card is valid.
    NotCovered,
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
            Self::NotCovered
        })
    }

    /// The word in truth files.
    pub fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::NotCovered => "not_covered",
            Self::Elsewhere => "covered_elsewhere",
            Self::ArmedForces => "armed_forces",
            Self::Foreigner => "foreigner",
            Self::Dead => "dead",
            Self::MovedAway => "moved_away",
        }
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
