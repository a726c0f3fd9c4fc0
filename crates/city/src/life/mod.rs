//! What happens to people over the months: school, work, pay, health insurance cards.
//!
//! All truth comes from here, from life state, never from a rule.

pub mod benefits;
pub mod bought;
pub mod cards;
pub mod granted;
pub mod jobs;
pub mod standing;
pub mod state;
pub mod support;
pub mod voluntary;
pub mod wages;
pub mod work;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::schools::{self, Enrolment};
use crate::world::World;

/// Everything about a person's life that rosters and truth of a month are written from.
#[derive(Debug)]
pub struct Life {
    /// Insured jobs in order of time, later ones too.
    pub spells: Vec<jobs::Spell>,
    /// First month of a pension that has begun by the month after.
    pub pension: Option<MonthIndex>,
    /// Cards that the month's file shows.
    pub cards: Vec<cards::Card>,
    /// Pay of the year settled last by the month; empty before anything is settled.
    pub settlements: Vec<wages::Settlement>,
    /// The place in a school, of somebody who lives in the city.
    pub enrolment: Option<Enrolment>,
    /// Payments of voluntary insurance that reach into the last twelve months.
    pub voluntary: Vec<voluntary::Payment>,
    /// Pension or monthly allowance of the agency that has begun.
    pub benefit: Option<benefits::Benefit>,
    /// First month of a social pension that has begun.
    pub social_pension: Option<MonthIndex>,
    /// The supported group.
    pub support: Option<support::Support>,
    /// Where the person works in the month without being insured there, and whether the employer evades.
    pub uninsured_job: Option<(u64, bool)>,
}

impl Life {
    /// Draws a life up to the end of a month.
    pub fn draw(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Self {
        let spells = jobs::spells(world, home, person);
        let pension = pension_from(world, home, person, month + 1);
        let benefit = benefits::monthly(world, home, person, pension, month);
        let social_pension = benefits::social_pension(world, home, person, benefit.as_ref(), month);
        let support = support::of(world, home, person, benefit.as_ref(), social_pension, month);
        let grounds = cards::Grounds { spells: &spells, pension, benefit: benefit.as_ref(), support: support.as_ref() };
        let cards = cards::cards(world, home, person, &grounds, month);
        let settlements =
            wages::settled_year(month).map(|year| wages::settlements(world, home, person, &spells, year)).unwrap_or_default();
        let enrolment = pupil(world, home, person, month);
        let voluntary = voluntary::payments(world, home, person, &spells, month);
        let uninsured_job = wages::works_uninsured(world, home, person, month);
        Self { spells, pension, cards, settlements, enrolment, voluntary, benefit, social_pension, support, uninsured_job }
    }
}

/// The school a person attends in the school year of a month, while living in the city.
pub fn pupil(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Option<Enrolment> {
    // Children of foreigners go to schools that are on no list.
    if !home.lives_here(person, month) || home.foreign {
        return None;
    }
    let outline = &person.outline;
    schools::enrolment(&world.random, &home.place.schools, outline.slot, outline.birth, calendar::school_year(month))
}

/// The month a person's pension began, when they have one by a month.
pub fn pension_from(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Option<MonthIndex> {
    let outline = &person.outline;
    if let Some((_, to)) = standing::service(world, home, person) {
        // The insurance agency pays the pensions of those who served.
        return (to <= month).then_some(to);
    }
    let retires = calendar::retires(outline.birth, outline.sex);
    if retires > month || !home.place.inside() || home.foreign {
        return None;
    }
    let draw = world.random.draw("pension", outline.slot);
    // Those who retired before the model begins have no job history in it; later ones need one.
    let has =
        if retires < jobs::START { draw.chance(42_000) } else { jobs::is_formal(world, home, person) && draw.chance(70_000) };
    has.then_some(retires)
}
