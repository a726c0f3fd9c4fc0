//! A run of neighbouring households at the end of a month: their rows in every roster and their truth.

use std::fmt::Write;
use std::ops::Range;

use base::{Date, Sex};

use crate::calendar::{self, MonthIndex};
use crate::employers;
use crate::households;
use crate::life::cards::{self, Card, Group};
use crate::life::{self, jobs, wages};
use crate::rosters::{self, Profiles, Row, Subject, pupils};
use crate::schools::Enrolment;
use crate::world::World;
use crate::write::csv::Line;

/// Reason word: on a school's list without a valid card.
pub const PUPIL: &str = "pupil-without-valid-card";
/// Reason word: household card lapsed.
pub const LAPSED: &str = "household-card-lapsed";
/// Reason word: paid in the year settled last, no compulsory insurance in it.
pub const WAGE: &str = "wage-without-compulsory";

/// Which rows are written for a month.
pub struct Job<'a> {
    /// The city.
    pub world: &'a World,
    /// The care of each roster.
    pub profiles: &'a Profiles,
    /// The month.
    pub month: MonthIndex,
    /// Separator of the card file.
    pub separator: char,
}

/// What a run of households gives.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Rows of `population`.
    pub population: Vec<Line>,
    /// Rows of `bhyt_card`.
    pub cards: Vec<Line>,
    /// Rows of `bhxh_participation`.
    pub bhxh: Vec<Row>,
    /// Rows of `tax_settlement`.
    pub tax: Vec<Row>,
    /// Rows of `pupils` with the school's number in its commune and the place in the list.
    pub pupils: Vec<(Enrolment, Row)>,
    /// Truth lines of people.
    pub people: String,
    /// Truth lines of those not covered.
    pub not_covered: String,
    /// People who live in the city, and how many of them a card covers.
    pub living: u64,
    /// Of them, covered on the last day of the month.
    pub covered: u64,
}

impl Job<'_> {
    /// Draws households and writes their rows.
    pub fn chunk(&self, households: Range<u64>) -> Chunk {
        let mut chunk = Chunk::default();
        for number in households {
            let home = households::draw(self.world, number);
            for person in &home.members {
                self.person(&home, person, &mut chunk);
            }
        }
        chunk
    }

    fn person(&self, home: &households::Household, person: &households::Person, chunk: &mut Chunk) {
        let (world, month) = (self.world, self.month);
        if calendar::of(person.outline.birth) > month {
            return;
        }
        let spells = jobs::spells(world, home, person);
        let pension = life::pension_from(world, home, person, month + 1);
        let cards = cards::cards(world, home, person, &spells, pension, month);
        let subject = Subject { world, home, person, spells: &spells, cards: &cards, month };
        let mut rows = Vec::new();
        rosters::cards::write(&self.profiles.cards, &subject, &mut rows);
        chunk.cards.extend(rows.drain(..).map(|row| Line::new(&row, self.separator)));
        rosters::bhxh::write(&self.profiles.bhxh, &subject, &mut chunk.bhxh);
        let settled = wages::settled_year(month).map(|year| (year, wages::settlements(world, home, person, &spells, year)));
        if let Some((_, settlements)) = &settled {
            rosters::tax::write(&self.profiles.tax, &subject, settlements, &mut chunk.tax);
        }
        if !home.lives_here(person, month) {
            return;
        }
        rosters::population::write(&self.profiles.population, &subject, &mut rows);
        chunk.population.extend(rows.drain(..).map(|row| Line::new(&row, ',')));
        let enrolment = life::pupil(world, home, person, month);
        if let Some(enrolment) = enrolment {
            let style = pupils::style(&world.random, &home.place.schools[enrolment.school]);
            pupils::write(&self.profiles.pupils, &subject, &enrolment, style, &mut rows);
            chunk.pupils.extend(rows.drain(..).map(|row| (enrolment, row)));
        }
        let until = covered_until(&cards, month);
        chunk.living += 1;
        chunk.covered += u64::from(until.is_some());
        let sex = if person.outline.sex == Sex::Male { "male" } else { "female" };
        let until_text = until.map(|d| d.to_string()).unwrap_or_default();
        let (number, code) = (person.number(), &home.place.code);
        // Writing to a string does not fail.
        let _ =
            writeln!(chunk.people, "{number},{code},{},{sex},{},{until_text}", person.outline.birth, u8::from(until.is_some()));
        if enrolment.is_some() && until.is_none() {
            let _ = writeln!(chunk.not_covered, "{PUPIL},{number},");
        }
        if enrolment.is_none() && cards::household_card_lapsed(&cards, month) {
            let _ = writeln!(chunk.not_covered, "{LAPSED},{number},");
        }
        // A pensioner who works is paid without being obliged.
        let retired = cards.iter().any(|c| c.group == Group::Pensioner && c.from <= calendar::last(month));
        if let Some((year, settlements)) = settled.filter(|_| !retired) {
            for payer in wages::paid_without_insurance(&settlements, &spells, year) {
                let key = employers::tax_code(&world.random, payer);
                let _ = writeln!(chunk.not_covered, "{WAGE},{number},{key}");
            }
        }
    }
}

/// The latest day to which a person covered at the end of the month stays so.
fn covered_until(cards: &[Card], month: MonthIndex) -> Option<Date> {
    let end = calendar::last(month);
    cards.iter().filter(|c| c.valid_on(end)).map(|c| c.to).max()
}
