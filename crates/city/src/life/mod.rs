//! What happens to people over the months: school, work, pay, health insurance cards.
//!
//! All truth comes from here, from life state, never from a rule.

pub mod cards;
pub mod jobs;
pub mod wages;

use crate::calendar::{self, MonthIndex};
use crate::households::{Household, Person};
use crate::schools::{self, Enrolment};
use crate::world::World;

/// The school a person attends in the school year of a month, while living in the city.
pub fn pupil(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Option<Enrolment> {
    if !home.lives_here(person, month) {
        return None;
    }
    let outline = &person.outline;
    schools::enrolment(&world.random, &home.place.schools, outline.slot, outline.birth, calendar::school_year(month))
}

/// The month a person's pension began, when they have one by a month.
pub fn pension_from(world: &World, home: &Household, person: &Person, month: MonthIndex) -> Option<MonthIndex> {
    let outline = &person.outline;
    let retires = calendar::retires(outline.birth, outline.sex);
    if retires > month || !home.place.inside() {
        return None;
    }
    let draw = world.random.draw("pension", outline.slot);
    // Those who retired before the model begins have no job history in it; later ones need one.
    let has =
        if retires < jobs::START { draw.chance(42_000) } else { jobs::is_formal(world, home, person) && draw.chance(70_000) };
    has.then_some(retires)
}
