//! Who stands in truth on which list of `docs/coverage.md`, and why.
//!
//! Each reason is decided from the person's life and from nothing that a roster says in error. Where the list
//! says "stands on a list", the person is of that group and its office has listed them. The words are those of
//! the rules; the definitions are written out once in `docs/coverage.md`, under "Truth of the synthetic city".

mod card;
mod support;
mod work;

use base::{Date, Sex};

use crate::businesses::{self, Method};
use crate::calendar::{self, MonthIndex};
use crate::employers::{managers, standing};
use crate::households::Role;
use crate::life::benefits;
use crate::life::cards::{Card, Issuer};
use crate::life::state::State;
use crate::life::support::Support;
use crate::life::wages;
use crate::life::work::{self as working, Work};
use crate::rosters::{Subject, household_member, labour, tour_guide};

/// Reason word: on a school's list without a valid card.
pub const PUPIL: &str = "pupil-without-valid-card";
/// Reason word: household card lapsed.
pub const LAPSED: &str = "household-card-lapsed";
/// Reason word: paid in the year settled last, no compulsory insurance in it.
pub const WAGE: &str = "wage-without-compulsory";
/// Reason word of truth files: no valid card, and no rule has a reason for it.
pub const UNEXPLAINED: &str = "no-card-unexplained";

/// What is known of a person at the end of a month, as far as reasons need it.
#[derive(Debug, Clone)]
pub struct Facts<'a> {
    /// The month.
    pub month: MonthIndex,
    /// State of the person.
    pub state: State,
    /// A foreigner with a residence card.
    pub foreign: bool,
    /// Date of birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Cards that the month's file shows, and those of other issuers.
    pub cards: &'a [Card],
    /// The supported group, when the commune has the person on its list.
    pub listed: Option<Support>,
    /// Goes to school in the month.
    pub pupil: bool,
    /// Stands on the list of households of a commune that keeps one.
    pub on_household_list: bool,
    /// Insured at work in the month, by any province's agency.
    pub insured: bool,
    /// What the agency pays monthly in the month.
    pub benefit: Option<benefits::Kind>,
    /// Draws a social pension in the month.
    pub social_pension: bool,
    /// Registered labour that works for a wage and is not insured.
    pub employee: bool,
    /// First and last day of a tour guide's card.
    pub guide: Option<(Date, Date)>,
    /// Owns an active household business that declares its turnover.
    pub owner: bool,
    /// Manages a company that operates and should have registered by now, and the business register names them with a number.
    pub manager: bool,
    /// Income chosen for voluntary insurance paid for the month, đồng.
    pub voluntary: Option<i64>,
    /// Died before the month, and the register of deaths has it.
    pub registered_dead: bool,
}

impl<'a> Facts<'a> {
    /// Facts of a person with that state.
    pub fn of(subject: &Subject<'a, '_>, state: State) -> Self {
        let (life, month, person) = (subject.life, subject.month, subject.person);
        let (here, foreign) = (state.lives_here(), subject.home.foreign);
        let work = if here { working::of(subject) } else { Work::Outside };
        let told = person.told.is_some_and(|told| told <= month);
        Self {
            month,
            state,
            foreign,
            birth: person.outline.birth,
            sex: person.outline.sex,
            cards: &life.cards,
            listed: life.support.filter(|s| s.listed && here),
            pupil: life.enrolment.is_some(),
            on_household_list: state == State::NotCovered && household_member::is_listed(subject),
            insured: life.spells.iter().any(|s| s.covers(month)),
            benefit: life.benefit.filter(|b| b.from <= month).map(|b| b.kind),
            social_pension: life.social_pension.is_some(),
            employee: work == Work::Uninsured && labour::is_registered(subject, work),
            guide: tour_guide::card(subject),
            owner: here && owns_business(subject),
            manager: here && managers::has_duty(subject.world, subject.home, person.outline.role, month),
            voluntary: life.voluntary.iter().find(|p| p.from <= month && month <= p.to()).map(|p| p.income),
            registered_dead: state == State::Dead && told && person.dies.is_some_and(|dies| dies < month),
        }
    }

    /// The last day of the month.
    fn end(&self) -> Date {
        calendar::last(self.month)
    }

    /// Whole years of age on the last day.
    fn age(&self) -> i32 {
        self.birth.age_on(self.end())
    }

    /// Cards of the city's agency.
    fn of_city(&self) -> impl Iterator<Item = &'a Card> {
        self.cards.iter().filter(|c| c.issuer == Issuer::City)
    }

    /// Cards of the city's agency that are valid on the last day.
    fn valid(&self) -> impl Iterator<Item = &'a Card> {
        let end = self.end();
        self.of_city().filter(move |c| c.valid_on(end))
    }

    /// Whether the person draws a pension.
    fn pensioner(&self) -> bool {
        self.benefit == Some(benefits::Kind::Pension)
    }
}

fn owns_business(subject: &Subject) -> bool {
    let head = subject.person.outline.role == Role::Head;
    let business = if head { businesses::of(subject.world, subject.home) } else { None };
    business.is_some_and(|b| b.state(subject.month) == standing::State::Active && b.method(subject.month) == Method::Declares)
}

/// The reasons of a person without the wage rule, whose entries have payers, in the order of `docs/coverage.md`.
pub fn of(facts: &Facts) -> Vec<&'static str> {
    let mut reasons = Vec::new();
    if facts.registered_dead && !facts.foreign && support::card_of_dead(facts) {
        reasons.push(support::CARD_OF_DEAD);
    }
    if facts.foreign || !facts.state.lives_here() {
        return reasons;
    }
    if facts.state == State::NotCovered {
        card::reasons(facts, &mut reasons);
    }
    work::reasons(facts, &mut reasons);
    support::reasons(facts, &mut reasons);
    reasons
}

/// The key that an entry of a reason has beside the person, once for each entry: what the rule's key columns say.
pub fn keys(reason: &str, facts: &Facts) -> Vec<String> {
    if reason == support::CARD_DOUBLED {
        return support::doubled(facts).map(|payer| format!("group_{payer}")).collect();
    }
    vec![String::new()]
}

/// The first of some reasons that is about a missing card.
pub fn of_card(reasons: &[&'static str]) -> Option<&'static str> {
    reasons.iter().copied().find(|reason| card::REASONS.contains(reason))
}

/// Payers for whom the wage rule should name a person who lives in the city.
pub fn uninsured_payers(subject: &Subject, facts: &Facts) -> Vec<u64> {
    // Who draws a pension or is a foreigner on a short contract is paid without being obliged.
    match wages::settled_year(subject.month).filter(|_| !facts.pensioner() && !facts.foreign && facts.state.lives_here()) {
        Some(year) => wages::paid_without_insurance(&subject.life.settlements, &subject.life.spells, year),
        None => Vec::new(),
    }
}

/// Facts of nobody in particular, for tests: a woman of forty without anything in October 2026.
#[cfg(test)]
fn nobody(cards: &[Card]) -> Facts<'_> {
    Facts {
        month: calendar::month(2026, 10),
        state: State::NotCovered,
        foreign: false,
        birth: calendar::day(calendar::month(1986, 3), 5),
        sex: Sex::Female,
        cards,
        listed: None,
        pupil: false,
        on_household_list: false,
        insured: false,
        benefit: None,
        social_pension: false,
        employee: false,
        guide: None,
        owner: false,
        manager: false,
        voluntary: None,
        registered_dead: false,
    }
}

/// A card of the city, for tests.
#[cfg(test)]
fn card_of(group: crate::life::cards::Group, from: &str, to: &str) -> Card {
    let day = |text: &str| text.parse().unwrap_or_else(|_| unreachable!("tests write real days"));
    Card { group, from: day(from), to: day(to), issuer: Issuer::City, second: false, ahead: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::life::cards::Group;

    #[test]
    fn who_moved_away_died_or_is_a_foreigner_has_no_reason() {
        let none = nobody(&[]);
        for state in [State::MovedAway, State::Dead] {
            assert!(of(&Facts { state, employee: true, pupil: true, ..none.clone() }).is_empty());
        }
        assert!(of(&Facts { foreign: true, state: State::Foreigner, employee: true, ..none }).is_empty());
    }

    #[test]
    fn a_covered_person_may_have_reasons_of_work_and_none_of_cards() {
        let cards = [card_of(Group::Household, "2026-01-01", "2026-12-31")];
        let facts = Facts { state: State::Covered, pupil: true, employee: true, ..nobody(&cards) };
        assert_eq!(of(&facts), ["labour-without-compulsory"]);
    }
}
