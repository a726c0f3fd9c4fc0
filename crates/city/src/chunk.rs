//! A run of neighbouring households at the end of a month: their rows in every roster and their truth.

use std::fmt::Write;
use std::ops::Range;

use base::{Date, Sex};

use crate::calendar::{self, MonthIndex};
use crate::employers::truth::{owner_lines, truth_line};
use crate::employers::{codes, findings};
use crate::households;
use crate::life::cards::{Card, Issuer};
use crate::life::state::State;
use crate::life::{Life, wages};
use crate::reasons::{self, Facts};
use crate::rosters::{EmployerSubject, Roster, Row, Subject, View};
use crate::tally::{CommuneCount, Employed, Tally};
use crate::write::csv::Line;
use crate::write::outlet::Drawn;

/// Which rows are written for a month.
pub struct Job<'a> {
    /// The city and the month.
    pub view: View<'a>,
    /// The rosters, each with the separator of its text file when it is one.
    pub rosters: Vec<(&'a dyn Roster, Option<char>)>,
}

/// What a run of households gives.
#[derive(Debug, Default)]
pub struct Chunk {
    /// Rows by roster, in the order of [`Job::rosters`].
    pub drawn: Vec<Drawn>,
    /// Truth lines of people.
    pub people: String,
    /// Truth lines of people's reasons.
    pub not_covered: String,
    /// The people, all of one commune.
    pub count: CommuneCount,
    /// Their work, for employers.
    pub works: Vec<Employed>,
    /// Truth lines of household businesses, as employers.
    pub employers: String,
    /// Truth lines of the owners of household businesses.
    pub owners: String,
}

impl Job<'_> {
    /// Draws households of one commune and writes their rows.
    pub fn chunk(&self, households: Range<u64>) -> Chunk {
        let mut chunk = Chunk { drawn: self.empty(), ..Chunk::default() };
        let mut rows = Vec::new();
        for number in households {
            let home = households::draw(self.view.world, number);
            for person in &home.members {
                self.person(&home, person, &mut rows, &mut chunk);
            }
        }
        chunk
    }

    /// Draws a run of employers, whose workers have been counted.
    ///
    /// Returns their rows by roster, their truth lines, and those of the findings about them.
    pub fn employers(&self, employers: Range<u64>, tally: &Tally) -> (Vec<Drawn>, [String; 2]) {
        let mut drawn = self.empty();
        let [mut truth, mut found] = [String::new(), String::new()];
        let mut rows = Vec::new();
        for employer in employers {
            let count = &tally.employers[employer as usize];
            let subject = EmployerSubject { view: self.view, employer, count };
            self.each(&mut drawn, &mut rows, |roster, rows| roster.employer(&subject, rows));
            truth.push_str(&truth_line(&subject));
            if let Some(reason) = findings::of(&subject) {
                let _ = writeln!(found, "{reason},{}", employer + 1);
            }
        }
        (drawn, [truth, found])
    }

    /// Asks every roster for rows and adds them to what it has.
    pub fn each(&self, drawn: &mut [Drawn], rows: &mut Vec<Row>, ask: impl Fn(&dyn Roster, &mut Vec<Row>)) {
        for ((roster, separator), drawn) in self.rosters.iter().zip(drawn) {
            ask(*roster, rows);
            match drawn {
                Drawn::Lines(lines) => {
                    lines.extend(rows.drain(..).map(|row| Line::new(&row, separator.unwrap_or(','))));
                }
                Drawn::Rows(all) => all.append(rows),
            }
        }
    }

    /// Nothing yet of any roster.
    pub fn empty(&self) -> Vec<Drawn> {
        let kind = |text: bool| if text { Drawn::Lines(Vec::new()) } else { Drawn::Rows(Vec::new()) };
        self.rosters.iter().map(|(_, separator)| kind(separator.is_some())).collect()
    }

    fn person(&self, home: &households::Household, person: &households::Person, rows: &mut Vec<Row>, chunk: &mut Chunk) {
        let View { world, month } = self.view;
        if calendar::of(person.outline.birth) > month {
            return;
        }
        let life = Life::draw(world, home, person, month);
        let subject = Subject { world, home, person, life: &life, month };
        self.each(&mut chunk.drawn, rows, |roster, rows| roster.person(&subject, rows));
        for spell in life.spells.iter().filter(|s| s.here() && s.from <= month + 1) {
            chunk.works.push(Employed::Insured(*spell));
            let opens = || calendar::of(world.employers.standing(spell.employer).founded) == month;
            if spell.from == month + 1 && !spell.owner && opens() {
                chunk.works.push(Employed::BeforeRegistration(spell.employer));
            }
        }
        chunk.works.extend(life.uninsured_job.map(|(employer, evaded)| Employed::Uninsured(employer, evaded)));
        if let Some(year) = wages::settled_year(month) {
            let nowhere = !life.spells.iter().any(|s| s.months_in(year) > 0);
            chunk.works.extend(life.settlements.iter().map(|s| Employed::Paid(s.payer, s.evaded && nowhere)));
        }
        if let Some((employer, owner)) = owner_lines(&subject) {
            chunk.employers.push_str(&employer);
            chunk.owners.push_str(&owner);
        }
        if let Some(state) = State::of(home, person, &life, month) {
            self.truth(&subject, state, chunk);
        }
    }

    /// The truth of a person who lives in the city, or did.
    fn truth(&self, subject: &Subject, state: State, chunk: &mut Chunk) {
        let (month, life, person) = (self.view.month, subject.life, subject.person);
        let until = covered_until(&life.cards, month).filter(|_| state == State::Covered);
        let sex = if person.outline.sex == Sex::Male { "male" } else { "female" };
        let until_text = until.map(|d| d.to_string()).unwrap_or_default();
        let facts = Facts::of(subject, state);
        let all = reasons::of(&facts);
        let reason = match state {
            State::NotCovered => reasons::of_card(&all).unwrap_or(reasons::UNEXPLAINED),
            _ => "",
        };
        let (number, code, birth) = (person.number(), &subject.home.place.code, person.outline.birth);
        let (covered, word) = (u8::from(state.is_covered()), state.word());
        // Writing to a string does not fail.
        let _ = writeln!(chunk.people, "{number},{code},{birth},{sex},{covered},{until_text},{word},{reason}");
        if state.lives_here() {
            chunk.count.person(subject, state);
        }
        for reason in all {
            for key in reasons::keys(reason, &facts) {
                let _ = writeln!(chunk.not_covered, "{reason},{number},{key}");
            }
        }
        for payer in reasons::uninsured_payers(subject, &facts) {
            let key = codes::tax_code(&self.view.world.random, &self.view.world.employers, payer);
            let _ = writeln!(chunk.not_covered, "{},{number},{key}", reasons::WAGE);
        }
    }
}

/// The latest day to which the city's cards cover a person who is covered at the end of the month.
fn covered_until(cards: &[Card], month: MonthIndex) -> Option<Date> {
    let end = calendar::last(month);
    cards.iter().filter(|c| c.issuer == Issuer::City && c.valid_on(end)).map(|c| c.to).max()
}
