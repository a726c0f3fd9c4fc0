//! From the people of the city to patients and their visits of a month.

use std::ops::Range;

use base::Sex;
use rayon::prelude::*;

use crate::calendar::{self, MonthIndex};
use crate::claims::facilities::{Class, Facilities};
use crate::claims::lists::{Lists, age_band};
use crate::claims::person::One;
use crate::claims::plan::{Month, Patient, Plan};
use crate::claims::stamp;
use crate::households::{self, Household, Person};
use crate::ids;
use crate::life::Life;
use crate::life::cards::{Card, Issuer};
use crate::world::World;

/// Draws patients and visits.
pub struct People<'a> {
    /// The city.
    pub world: &'a World,
    /// The month.
    pub month: MonthIndex,
    /// Diseases and what is done for them.
    pub lists: &'a Lists,
    /// Facilities.
    pub facilities: &'a Facilities,
    /// First and last day of the month.
    pub span: (i32, i32),
    /// Days of the month on which facilities examine.
    pub working: Vec<i32>,
}

/// Visits a month among 100,000 for something new, by age band.
const ACUTE: [u32; 6] = [24_000, 8_500, 8_500, 12_500, 17_000, 21_000];
/// People among 100,000 who come every month for a lasting disease, by age band.
const REGULAR: [u32; 6] = [0, 0, 600, 4_000, 13_000, 20_000];
/// Adults among 100,000 on dialysis.
const DIALYSIS: u32 = 40;
/// People kept by commune who could have come and did not.
const SPARES: u64 = 250;
/// Codes of ethnic groups by their names.
const ETHNIC: [(&str, &str); 4] = [("Mường", "06"), ("Dao", "09"), ("Tày", "02"), ("Nùng", "07")];

impl<'a> People<'a> {
    /// Of a city and a month.
    pub fn new(world: &'a World, month: MonthIndex, lists: &'a Lists, facilities: &'a Facilities) -> Self {
        let day = |date: base::Date| date.days_since_epoch();
        let span = (day(calendar::first(month)), day(calendar::last(month)));
        let working = (span.0..=span.1).filter(|day| stamp::is_working(*day)).collect();
        Self { world, month, lists, facilities, span, working }
    }

    /// Draws everybody, in the order of the city.
    pub fn draw(&self) -> Month {
        let pieces: Vec<Range<u64>> = self
            .world
            .places
            .iter()
            .filter(|place| place.inside())
            .flat_map(|place| {
                let end = place.first + place.homes;
                (place.first..end).step_by(1_024).map(move |from| from..(from + 1_024).min(end))
            })
            .collect();
        let parts: Vec<Month> = pieces.into_par_iter().map(|piece| self.piece(piece)).collect();
        let mut all = Month::default();
        for part in parts {
            let moved = all.patients.len();
            all.patients.extend(part.patients);
            all.plans.extend(part.plans.into_iter().map(|plan| Plan { patient: plan.patient + moved, ..plan }));
            all.spares.extend(part.spares.into_iter().map(|at| at + moved));
            all.dead.extend(part.dead.into_iter().map(|at| at + moved));
            all.newborns.extend(part.newborns.into_iter().map(|(child, mother)| (child + moved, mother + moved)));
        }
        all
    }

    fn piece(&self, homes: Range<u64>) -> Month {
        let mut part = Month::default();
        for number in homes {
            let home = households::draw(self.world, number);
            let here = home.arrives.is_none_or(|m| m < self.month) && home.leaves.is_none_or(|m| m > self.month);
            if here && !home.foreign {
                self.home(&home, &mut part);
            }
        }
        part
    }

    fn home(&self, home: &Household, part: &mut Month) {
        let is_newborn = |born: i32| (self.span.0..self.span.1 - 6).contains(&born);
        let awaits = home.members.iter().any(|p| is_newborn(p.outline.birth.days_since_epoch()));
        let mut mother = None;
        for person in &home.members {
            let born = person.outline.birth.days_since_epoch();
            if born > self.span.1 || person.dies.is_some_and(|m| m < self.month - 6) {
                continue;
            }
            let life = Life::draw(self.world, home, person, self.month);
            if let Some(patient) = self.patient(home, person, &life) {
                let age = patient.age(self.span.0);
                let is_mother = awaits && mother.is_none() && patient.sex == Sex::Female && (18..46).contains(&age);
                let at = part.patients.len();
                if self.visits(home, person, patient, is_mother, part) && is_mother {
                    mother = Some(at);
                }
            } else if let (Some(mother), true) = (mother, is_newborn(born)) {
                self.newborn(person, mother, part);
            }
        }
    }

    /// A child without a card yet, whose first visit runs under the mother's.
    fn newborn(&self, person: &Person, mother: usize, part: &mut Month) {
        let of_mother = part.patients[mother].clone();
        let born = person.outline.birth.days_since_epoch();
        if !of_mother.insured(born, born + 6) {
            return;
        }
        let child = Patient {
            person: person.number(),
            name: format!("Con bà {}", of_mother.name),
            id: String::new(),
            birth: born,
            // A boy called after a mother with Thị in her name would look like a mistake of its own.
            sex: if of_mother.name.contains(" Thị ") { Sex::Female } else { person.outline.sex },
            died: None,
            ..of_mother
        };
        part.newborns.push((part.patients.len(), mother));
        part.patients.push(child);
    }

    fn patient(&self, home: &Household, person: &Person, life: &Life) -> Option<Patient> {
        let reach = (calendar::first(self.month - 1).days_since_epoch(), calendar::last(self.month + 1).days_since_epoch());
        let overlap = |card: &Card| {
            let (from, to) = (card.from.days_since_epoch(), card.to.days_since_epoch());
            to.min(reach.1) - from.max(reach.0)
        };
        let cards = life.cards.iter().filter(|card| card.issuer == Issuer::City);
        let card = cards.max_by_key(|card| (overlap(card), card.from)).filter(|card| overlap(card) >= 0)?;
        let (random, slot) = (&self.world.random, person.outline.slot);
        let number = if card.second { ids::second_insurance_number(random, slot) } else { ids::insurance_number(random, slot) };
        let place = home.place;
        Some(Patient {
            person: person.number(),
            name: person.name.full(),
            id: person.id.to_string(),
            birth: person.outline.birth.days_since_epoch(),
            sex: person.outline.sex,
            ethnic: home.ethnic.and_then(|name| ETHNIC.iter().find(|(n, _)| *n == name)).map_or("01", |(_, code)| *code),
            place: place.number,
            address: format!("{} {}, {}, Thành phố Hà Nội", place.group_word(), home.group, place.full_name()),
            card: format!("{}01{number:010}", card.group.code()),
            group: card.group,
            registered: self.registered(home),
            from: card.from.days_since_epoch(),
            to: card.to.days_since_epoch(),
            died: self.died(person),
        })
    }

    /// The facility on the card: the commune's station, or the hospital that the roster of cards names too.
    fn registered(&self, home: &Household) -> usize {
        let draw = self.world.random.draw("address", home.number).of("facility");
        if draw.chance(65_000) {
            return self.facilities.near(Class::Station, home.place.number);
        }
        self.facilities.hospital(draw.of("hospital").below(30))
    }

    /// The day of death as the register of deaths has it.
    fn died(&self, person: &Person) -> Option<i32> {
        let dies = person.dies.filter(|m| *m <= self.month)?;
        let record = self.world.random.draw2("death", person.outline.slot, 0);
        Some(calendar::day(dies, 1 + record.of("day").small(calendar::days_in(dies) as u32)).days_since_epoch())
    }

    /// Adds the person and their visits; whether the person stands in the list now.
    fn visits(&self, home: &Household, person: &Person, patient: Patient, keep: bool, part: &mut Month) -> bool {
        let (slot, at) = (person.outline.slot, part.patients.len());
        let draw = self.world.random.draw2("claims", slot, self.month as u64);
        let mut one = One { people: self, patient: &patient, at, plans: Vec::new() };
        let age = patient.age(self.span.0);
        let band = age_band(age);
        let random = &self.world.random;
        let alive = patient.died.is_none_or(|died| died > self.span.0);
        if alive && age >= 20 && random.draw("dialysis", slot).chance(DIALYSIS) {
            one.dialysis(draw.of("dialysis"));
        } else if alive {
            let regular = random.draw("comes every month", slot);
            if regular.chance(REGULAR[band]) && draw.of("comes").chance(88_000) {
                one.regular(regular, draw.of("regular"));
            }
            if draw.of("acute").chance(ACUTE[band]) {
                one.acute(draw.of("first"), band);
                if draw.of("again").chance(12_000) {
                    one.acute(draw.of("second"), band);
                }
            }
        }
        if let Some(died) = patient.died.filter(|died| (self.span.0 + 4..=self.span.1).contains(died)) {
            one.death(died, draw.of("death"));
        }
        let plans = one.plans;
        let died_carded = patient.died.is_some_and(|died| patient.to > died + 3) && person.told.is_some_and(|m| m <= self.month);
        let is_spare = plans.is_empty()
            && patient.insured(self.span.0 - 3, self.span.1)
            && draw.of("spare").below(home.place.homes * 34 / 10) < SPARES;
        if plans.is_empty() && !is_spare && !died_carded && !keep {
            return false;
        }
        if is_spare {
            part.spares.push(at);
        }
        if died_carded {
            part.dead.push(at);
        }
        part.plans.extend(plans);
        part.patients.push(patient);
        true
    }
}
