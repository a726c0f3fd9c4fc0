//! How one person stands: the order of the questions is that of `docs/coverage.md`.

use super::ages::Age;
use super::rows::{Card, Elsewhere, Insured, Paid, Term};
use super::words::{Ground, OldAge, State};
use crate::reasons::{self, Scheme};
use crate::said::Word;

/// What all people of a period share.
#[derive(Debug, Clone)]
pub(crate) struct Period {
    /// First day of the month, in days since 1970-01-01, as all days here.
    pub(crate) first: i32,
    /// Last day.
    pub(crate) end: i32,
    /// The settled year: the one before.
    pub(crate) settled: i64,
    /// Name of the school year (năm học) on the last day.
    pub(crate) school_year: Option<String>,
    /// Whether a roster of cards arrived.
    pub(crate) cards: bool,
    /// Whether a roster of compulsory BHXH arrived.
    pub(crate) insured: bool,
}

/// An open finding: the place of its rule among the reasons, and whether an owner's duty is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) place: u8,
    pub(crate) doubtful: bool,
}

/// One person's rows of all tables.
#[derive(Debug, Default)]
pub(crate) struct Own {
    pub(crate) age: Age,
    pub(crate) looked_up: bool,
    pub(crate) owner: bool,
    pub(crate) cards: Vec<Card>,
    pub(crate) insured: Vec<Insured>,
    pub(crate) voluntary: Vec<Term>,
    pub(crate) pensions: Vec<Paid>,
    pub(crate) social_pensions: Vec<Paid>,
    pub(crate) school_years: Vec<Option<String>>,
    pub(crate) labour: Vec<bool>,
    pub(crate) guides: Vec<Term>,
    pub(crate) wages: Vec<i64>,
    pub(crate) elsewhere: Vec<Elsewhere>,
    pub(crate) found: Vec<Found>,
    /// What came of cases about a missing card, and about work.
    pub(crate) said_health: Option<Word>,
    pub(crate) said_work: Option<Word>,
    /// Somebody said that rows of another person were taken for this one's.
    pub(crate) said_other_person: bool,
}

/// State and ground in each scheme, and income in old age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) health: (State, Ground),
    pub(crate) social: (State, Ground),
    pub(crate) jobless: (State, Ground),
    pub(crate) old_age: Option<OldAge>,
}

impl Own {
    /// How the person stands on the last day of the period.
    pub(crate) fn standing(&self, period: &Period) -> Standing {
        Standing {
            health: self.health(period),
            social: self.social(period),
            jobless: self.jobless(period),
            old_age: self.old_age(period),
        }
    }

    /// The card that is valid on the last day; of several the one that lasts longest.
    pub(crate) fn card(&self, period: &Period) -> Option<&Card> {
        let valid = self.cards.iter().filter(|card| card.term.holds(period.end));
        valid.max_by_key(|card| (card.term.to.unwrap_or(i32::MAX), std::cmp::Reverse(card.object)))
    }

    fn health(&self, period: &Period) -> (State, Ground) {
        if let Some(card) = self.card(period) {
            return (State::Covered, Ground::object(card.object));
        }
        if self.elsewhere.iter().any(|answer| answer.health && answer.term.holds(period.end)) {
            return (State::CoveredElsewhere, Ground::LOOK_UP);
        }
        if !period.cards {
            return (State::Unknown, Ground::NO_ROSTER);
        }
        if let Some(said) = self.said_health {
            return standing_of(said);
        }
        if let Some(rule) = self.first(|scheme| scheme == Scheme::Health) {
            return (State::NotCovered, Ground::rule(rule.place));
        }
        if self.said_other_person {
            return standing_of(Word::OtherPerson);
        }
        if self.looked_up {
            return (State::NotCovered, Ground::NOTHING_FOUND);
        }
        (State::NeedsLookup, reasons::place(crate::UNEXPLAINED).map_or(Ground::NONE, Ground::rule))
    }

    fn social(&self, period: &Period) -> (State, Ground) {
        if self.compulsory(period).next().is_some() {
            return (State::Covered, Ground::COMPULSORY);
        }
        if self.voluntary(period) {
            return (State::Covered, Ground::VOLUNTARY);
        }
        if let Some(known) = self.elsewhere_or_free(period) {
            return known;
        }
        let handed = |found: &Found| match reasons::ORDER[usize::from(found.place)].scheme {
            Scheme::Worker => !wage(found),
            Scheme::Owner => !found.doubtful,
            _ => false,
        };
        if let Some(rule) = self.found.iter().filter(|found| handed(found)).min_by_key(|found| found.place) {
            return (State::NotCovered, Ground::rule(rule.place));
        }
        let known = self.not_obliged(period).or_else(|| self.said_work.map(standing_of));
        known.or_else(|| self.employed(period)).unwrap_or_else(|| nothing_said(period))
    }

    fn jobless(&self, period: &Period) -> (State, Ground) {
        if self.compulsory(period).any(|(_, household)| !(*household && self.owner)) {
            return (State::Covered, Ground::COMPULSORY);
        }
        if let Some(known) = self.elsewhere_or_free(period) {
            return known;
        }
        let worker = |found: &&Found| reasons::ORDER[usize::from(found.place)].scheme == Scheme::Worker && !wage(found);
        if let Some(rule) = self.found.iter().filter(worker).min_by_key(|found| found.place) {
            return (State::NotCovered, Ground::rule(rule.place));
        }
        if self.owner || self.first(|scheme| scheme == Scheme::Owner).is_some() {
            return (State::NotObliged, Ground::OWNER);
        }
        let known = self.not_obliged(period).or_else(|| self.said_work.map(standing_of)).or_else(|| self.employed(period));
        let voluntary = || self.voluntary(period).then_some((State::NotObliged, Ground::VOLUNTARY));
        known.or_else(voluntary).unwrap_or_else(|| nothing_said(period))
    }

    /// What holds before any rule is asked: insured elsewhere, or one of those whom the law leaves out whatever they earn.
    fn elsewhere_or_free(&self, period: &Period) -> Option<(State, Ground)> {
        if self.elsewhere.iter().any(|answer| answer.social && answer.term.holds(period.end)) {
            return Some((State::CoveredElsewhere, Ground::LOOK_UP));
        }
        match self.old_age(period) {
            Some(OldAge::Pension) => Some((State::NotObliged, Ground::PENSIONER)),
            Some(OldAge::Allowance) => Some((State::NotObliged, Ground::ALLOWANCE)),
            _ => self.age.under.then_some((State::NotObliged, Ground::UNDER_AGE)),
        }
    }

    /// Not obliged as long as no rule found somebody who pays.
    fn not_obliged(&self, period: &Period) -> Option<(State, Ground)> {
        let pupil = self.is_pupil(period).then_some((State::NotObliged, Ground::PUPIL));
        pupil.or(self.age.past.then_some((State::NotObliged, Ground::PAST_AGE)))
    }

    /// Somebody pays or employs the person, and insurance may be elsewhere.
    fn employed(&self, period: &Period) -> Option<(State, Ground)> {
        if !period.insured {
            return None;
        }
        // A wage of the year before is a reason to look, never a fact about today (practice A3).
        let paid = self.first(|scheme| matches!(scheme, Scheme::Worker | Scheme::Owner)).map(|found| Ground::rule(found.place));
        let labour = || self.labour.iter().any(|wage| *wage).then_some(Ground::LABOUR);
        let guide = || self.guides.iter().any(|term| term.holds(period.end)).then_some(Ground::TOUR_GUIDE);
        let wages = || self.wages.contains(&period.settled).then_some(Ground::PAID);
        paid.or_else(labour).or_else(guide).or_else(wages).map(|ground| (State::NeedsLookup, ground))
    }

    /// The first open finding of a scheme.
    fn first(&self, of: impl Fn(Scheme) -> bool) -> Option<&Found> {
        let found = self.found.iter().filter(|found| of(reasons::ORDER[usize::from(found.place)].scheme));
        found.min_by_key(|found| found.place)
    }

    fn compulsory<'a>(&'a self, period: &'a Period) -> impl Iterator<Item = &'a Insured> {
        self.insured.iter().filter(|(month, _)| *month == period.first)
    }

    /// Whether the person stands on a class list of the school year.
    pub(crate) fn is_pupil(&self, period: &Period) -> bool {
        let now = |year: &Option<String>| year.is_none() || *year == period.school_year;
        self.school_years.iter().any(now)
    }

    /// Whether a payment of voluntary BHXH covers the month.
    pub(crate) fn voluntary(&self, period: &Period) -> bool {
        self.voluntary.iter().any(|term| term.holds(period.first))
    }

    /// Income in old age in the month; a list without a month is of the period it was handed over for.
    fn old_age(&self, period: &Period) -> Option<OldAge> {
        let paid = self.pensions.iter().chain(&self.social_pensions);
        let now = paid.filter(|(month, _)| month.is_none_or(|month| month == period.first));
        now.filter_map(|(_, kind)| *kind).min()
    }
}

/// How somebody stands by what came of a case: nobody becomes covered by a word.
fn standing_of(said: Word) -> (State, Ground) {
    match said {
        Word::Exempt => (State::NotObliged, Ground::SAID_EXEMPT),
        Word::Elsewhere => (State::NeedsLookup, Ground::SAID_ELSEWHERE),
        Word::OtherPerson => (State::NeedsLookup, Ground::SAID_OTHER_PERSON),
        Word::Joined => (State::NeedsLookup, Ground::SAID_JOINED),
        Word::Joins => (State::NotCovered, Ground::SAID_JOINS),
    }
}

/// Whether a finding is that of a wage in the settled year.
fn wage(found: &Found) -> bool {
    reasons::ORDER[usize::from(found.place)].rule == crate::worklist::WAGE
}

fn nothing_said(period: &Period) -> (State, Ground) {
    (State::Unknown, if period.insured { Ground::NONE } else { Ground::NO_ROSTER })
}
