//! What adults do: work under insurance or without, look for work, or neither.

use crate::calendar;
use crate::rosters::Subject;
use crate::schools;

/// How somebody stands to work in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    /// In a job under compulsory insurance, here or in another province.
    Insured,
    /// In the army, the police or the cipher service.
    Serving,
    /// For a wage without compulsory insurance.
    Uninsured,
    /// On one's own account: trade, farm, craft.
    OwnAccount,
    /// Helping in the family's business without pay.
    Family,
    /// Looking for work.
    Unemployed,
    /// Too young, retired, studying, at home.
    Outside,
}

/// How a person stands to work at the end of a month. Public totals put the labour force at about
/// 4.2 million of 8.8 (64 % of those of fifteen and older).
pub fn of(subject: &Subject) -> Work {
    let (person, home, month) = (subject.person, subject.home, subject.month);
    let age = person.outline.birth.age_on(calendar::last(month));
    if crate::life::standing::serves(subject.world, home, person, month) {
        return Work::Serving;
    }
    if subject.life.spells.iter().any(|s| s.covers(month)) {
        return Work::Insured;
    }
    let learns = subject.life.enrolment.is_some()
        || schools::is_student(&subject.world.random, subject.slot(), person.outline.birth, calendar::school_year(month));
    let draw = subject.world.random.draw("work", subject.slot());
    let retired = subject.life.benefit.is_some() || calendar::retires(person.outline.birth, person.outline.sex) <= month;
    if age < 15 || learns || age > 74 || (retired && !draw.of("old").chance(30_000)) {
        return Work::Outside;
    }
    // Who works for an evader does so for a wage.
    if subject.life.uninsured_job.is_some_and(|(_, evaded)| evaded) {
        return Work::Uninsured;
    }
    match draw.below(100) {
        0..34 => Work::Uninsured,
        34..68 => Work::OwnAccount,
        68..76 => Work::Family,
        76..80 => Work::Unemployed,
        _ => Work::Outside,
    }
}
