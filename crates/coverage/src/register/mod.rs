//! Monthly step: who is who. Takes every roster of people, one after the other, and writes the register.
//!
//! Where the police hand over a population roster it is the spine, and whoever stands on it lives in the city. In
//! a first deployment there is none; then people are those whom cards, pupils, pensions and household lists
//! name, and of everybody else nothing is said. Rows that find nobody become people of their own, and whoever is
//! known only from work or pay is never said to be not covered: the person may live and be insured elsewhere.

mod answers;
mod before;
mod case_outcomes;
mod coded;
mod decisions;
pub(crate) mod evidence;
pub(crate) mod files;
mod grow;
mod identity;
mod sources;
mod stage;
mod values;
mod write_links;
mod write_people;
mod write_rosters;
mod write_standing;

use std::sync::{Mutex, PoisonError};

use chapter::{ChapterError, Step, StepContext, StepTable};
use engine::rows;

use evidence::{Kind, Pairs, evidence};
use files::RosterFiles;
use grow::{Register, TakenRoster};
use identity::Identity;
use sources::Proves;
pub(crate) use sources::{SOURCES, Source};
use values::Values;

pub(crate) use decisions::row_key;

/// Builds the register of a period.
pub struct RegisterStep;

pub(crate) const NAME: &str = "coverage.register";

impl Step for RegisterStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "roster.population",
            "roster.bhyt_card",
            "roster.bhxh_participation",
            "roster.pension_payment",
            "roster.pupils",
            "roster.household_member",
            "roster.supported_group",
            "roster.social_pension",
            "roster.voluntary_payment",
            "roster.bhyt_collection",
            "roster.labour",
            "roster.police_uninsured",
            "roster.tour_guide",
            "roster.employer_worker",
            "roster.death",
            "roster.tax_settlement",
            "roster.identity_answer",
            "roster.lookup_answer",
            "desk.decision",
            "desk.exchange",
            "desk.case_outcome",
            "previous.person_evidence",
            "previous.person_alias",
            "numbering.person_evidence",
            "numbering.person_alias",
            "standing.standing_link",
            "standing.standing_question",
            "standing.standing_learned",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[
            "person",
            "person_alias",
            "person_evidence",
            "link",
            "link_pattern",
            "link_review",
            "link_changed",
            "standing_link",
            "standing_question",
            "standing_learned",
            "register_roster",
            "register_exchange",
            "register_count",
            "insured_elsewhere",
            "case_outcome",
            "bhyt_card",
            "bhxh_month",
            "pupil",
            "tax_wage",
            "pension",
            "household_member",
            "supported_group",
            "social_pension",
            "voluntary_payment",
            "bhyt_collection",
            "labour",
            "police_uninsured",
            "tour_guide",
            "employer_worker",
            "death",
        ]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let total = SOURCES.len() as u64 + 1;
        let mut register = Register::new(decisions::RowDecisions::read(context)?);
        let mut before = before::Before::open(context)?;
        let (mut values, mut own) = (Values::default(), Vec::new());
        for (source, done) in SOURCES.iter().zip(0..) {
            context.cancelled.check()?;
            context.progress.at(&format!("{NAME} {}", source.name), done, total);
            if let Some(files) = RosterFiles::of(context, source.name) {
                register.take(context, before.as_mut(), done as usize, files)?;
                values.grow(register.first.len());
                let taken = &register.rosters[register.rosters.len() - 1];
                see(context, taken, &mut values, &mut own)?;
            } else if let Some(before) = &mut before {
                register.miss(before, done as usize)?;
            }
        }
        context.cancelled.check()?;
        context.progress.at(&format!("{NAME} tables"), total - 1, total);
        let people = register.first.len();
        own.extend((0..people).map(|place| (description(&values, place), place as u32)));
        let own = evidence::unambiguous(own, people);
        let known = evidence::known(context, "person_evidence", "person_id")?;
        let numbered = evidence::number(&own, &known, people);
        let aliases = evidence::aliases(context, &numbered)?;
        let mut answers = answers::Answers::read(context, &aliases)?;
        let cases = case_outcomes::CaseOutcomes::read(context, &aliases)?;
        answers.take_cases(&cases, context.inputs.period);
        let (aliases, answers, cases) = (&aliases, &answers, &cases);
        let (own, known, numbered, values, register) = (&own, &known, &numbered, &values, &register);
        let work: Vec<Work<'_>> = vec![
            // One after the other: each roster lies in memory, ordered by person, while it is written.
            Box::new(|| {
                let mut tables = Vec::new();
                for taken in &register.rosters {
                    context.cancelled.check()?;
                    tables.extend(write_rosters::table(context, taken, numbered)?);
                }
                Ok(tables)
            }),
            Box::new(|| {
                let (people, counts) = write_people::people(context, register, values, numbered, answers)?;
                Ok(vec![people, write_people::counts(context, &counts, aliases)?])
            }),
            Box::new(|| Ok(vec![write_links::links(context, register, numbered)?])),
            Box::new(|| Ok(vec![write_standing::links(context, register, numbered)?])),
            Box::new(|| Ok(vec![write_people::evidence(context, &evidence::carried(own, numbered, known))?])),
            Box::new(|| {
                Ok(vec![
                    answers.elsewhere(context)?,
                    answers.fared(context)?,
                    cases.table(context, answers)?,
                    write_people::aliases(context, aliases)?,
                    write_links::patterns(context, register)?,
                    write_links::review(context, register, values, numbered, &cases.not_one_person())?,
                    write_links::rosters(context, register, numbered)?,
                    write_standing::changed(context, register, numbered)?,
                    write_standing::questions(context, register)?,
                    write_standing::learned(context, register)?,
                ])
            }),
        ];
        by_two_hands(context, work)
    }
}

/// Something that makes tables.
type Work<'a> = Box<dyn FnOnce() -> Result<Vec<StepTable>, ChapterError> + Send + 'a>;

/// Does all of it on two threads, each taking what is next; tables come in the order of the work.
fn by_two_hands(context: &StepContext, work: Vec<Work<'_>>) -> Result<Vec<StepTable>, ChapterError> {
    let waiting = Mutex::new(work.into_iter().enumerate());
    let hand = || {
        let mut made = Vec::new();
        loop {
            context.cancelled.check()?;
            // A panic of the other hand ends the step; what waits is whole either way.
            let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
            let Some((at, work)) = next else { return Ok(made) };
            match work() {
                Ok(tables) => made.push((at, tables)),
                Err(error) => {
                    // Nobody begins what would be thrown away.
                    waiting.lock().unwrap_or_else(PoisonError::into_inner).by_ref().for_each(drop);
                    return Err(error);
                }
            }
        }
    };
    let (ours, theirs) = std::thread::scope(|scope| {
        let other = scope.spawn(hand);
        let ours: Result<Vec<(usize, Vec<StepTable>)>, ChapterError> = hand();
        (ours, other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let mut made = ours?;
    made.extend(theirs?);
    made.sort_unstable_by_key(|(at, _)| *at);
    Ok(made.into_iter().flat_map(|(_, tables)| tables).collect())
}

/// Goes over a roster again and takes what its rows say about their people.
fn see(context: &StepContext, taken: &TakenRoster, values: &mut Values, own: &mut Pairs<u32>) -> Result<(), ChapterError> {
    let mut columns = Identity::COLUMNS.to_vec();
    columns.push("death_date");
    let is_death = SOURCES[taken.source].proves == Proves::Death;
    taken.files.each(context.book, &columns, &mut |first, batch| {
        let identity = Identity::of(batch)?;
        let days = is_death.then(|| rows::date(batch, "death_date")).transpose()?;
        for row in 0..identity.len() {
            let place = taken.place(first + row);
            let before = values.of(place);
            // A number is hashed once, not once a row of its person.
            if let Some(id) = identity.personal_id(row).filter(|id| before.personal_id.is_none_or(|(known, _)| known != *id)) {
                own.push((evidence(Kind::PersonalId, &[&id.number().to_le_bytes()]), place as u32));
            }
            if let Some(n) =
                identity.insurance_number(row).filter(|n| before.insurance_number.is_none_or(|(known, _)| known != *n))
            {
                own.push((evidence(Kind::InsuranceNumber, &[&n.to_le_bytes()]), place as u32));
            }
            values.see(place, taken.source, &identity, row);
            if let Some(day) = days.as_ref().and_then(|days| rows::date_at(days, row)) {
                // A weak link makes nobody dead: it is something to ask about.
                let sure =
                    taken.found(first + row).is_none_or(|f| f.link.decided || f.link.probability_thousandths >= SURE_DEATH);
                values.die(place, day, sure);
            }
        }
        Ok(())
    })
}

/// Least probability, in thousandths, of a link that makes somebody dead.
const SURE_DEATH: u16 = 990;

/// Hash of what is said about a person: name without marks, birth date, sex, commune.
fn description(values: &Values, place: usize) -> i64 {
    let person = values.of(place);
    let name = base::names::fold(person.name.0);
    let birth = person.birth.map_or(i32::MIN, |(days, ..)| days);
    let sex = person.sex.map_or(0u8, |sex| if sex == base::Sex::Male { 1 } else { 2 });
    let commune = person.commune.map_or(0, |(code, _)| code);
    evidence(Kind::Description, &[name.as_bytes(), &birth.to_le_bytes(), &[sex], &commune.to_le_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_declares_every_roster_and_table() {
        for source in &SOURCES {
            assert!(RegisterStep.reads().contains(&format!("roster.{}", source.name).as_str()), "{}", source.name);
            if let Some((table, _)) = source.table {
                assert!(RegisterStep.writes().contains(&table), "{table}");
            }
        }
    }
}
