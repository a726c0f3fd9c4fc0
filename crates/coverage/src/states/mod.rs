//! Monthly step: how each resident stands in health, social and unemployment insurance, and the sums of it.
//!
//! Everything said of a person is read at once, person by person, from tables that stand in the order of people
//! ([`crate::per_person`]). [`decide`] says what it comes to.

mod ages;
mod decide;
mod outside;
mod owners;
mod record;
mod rows;
mod words;

use base::FindingKey;
use chapter::{ChapterError, Step, StepContext, StepTable};
use engine::rows as cells;
use law::Value;

use crate::per_person::Cursor;
use crate::reasons;
use crate::said::Said;
use crate::tables::failed;
use ages::Ages;
use decide::{Found, Own, Period};
use outside::Outside;
use owners::Owners;
use record::Everybody;

/// Says how each resident stands.
pub struct StatesStep;

pub(crate) const NAME: &str = "coverage.states";

impl Step for StatesStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "person",
            "bhyt_card",
            "bhxh_month",
            "voluntary_payment",
            "pension",
            "social_pension",
            "pupil",
            "labour",
            "tour_guide",
            "tax_wage",
            "insured_elsewhere",
            "employer",
            "finding",
            "case_outcome",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["coverage_state", "coverage_count", "coverage_outside", "coverage_outside_person"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = period(context)?;
        let mut ages = Ages::new(context.inputs.law, context.inputs.period)?;
        let owners = Owners::read(context)?;
        let said = Said::read(context)?;
        let mut hands = Hands::open(context, &said)?;
        let people = context.table("person").map_or(0, |table| table.rows);
        let mut everybody = Everybody::with_room(people);
        let mut outside = Outside::default();
        let mut own = Own::default();
        let mut done = 0;
        while let Some((number, person)) = hands.people.take()? {
            done += 1;
            if done % 100_000 == 0 {
                context.cancelled.check()?;
                context.progress.at(NAME, done, people);
            }
            if !person.alive {
                continue;
            }
            hands.fill(number, &mut own)?;
            own.age = ages.of(person.born, person.sex)?;
            own.looked_up = person.looked_up;
            own.owner = owners.has(person.personal_id);
            (own.said_health, own.said_work) = (said.health(number), said.work(number));
            own.said_other_person = said.other_person(number);
            let standing = own.standing(&period);
            if person.on_spine {
                let place = (person.commune.as_deref(), person.village.as_deref());
                everybody.add(number, place, &standing, own.age, !own.cards.is_empty());
            } else {
                outside.add(number, person.commune.as_deref(), &own, &standing, &period);
            }
        }
        let mut tables = everybody.write(context)?;
        tables.extend(outside.write(context)?);
        Ok(tables)
    }
}

/// What all people share.
fn period(context: &StepContext) -> Result<Period, ChapterError> {
    let month = context.inputs.period;
    let law = |key: &str| context.inputs.law.at(key, month.last_day(), None).map_err(|e| failed(NAME, key, &e));
    let school_year = law("school_year.name")?.and_then(|value: &Value| value.codes().next().map(str::to_owned));
    Ok(Period {
        first: month.first_day().days_since_epoch(),
        end: month.last_day().days_since_epoch(),
        settled: i64::from(month.year()) - 1,
        school_year,
        cards: context.table("bhyt_card").is_some(),
        insured: context.table("bhxh_month").is_some(),
    })
}

/// A hand in each table.
struct Hands {
    people: Cursor<rows::Person>,
    cards: Cursor<rows::Card>,
    insured: Cursor<rows::Insured>,
    voluntary: Cursor<rows::Term>,
    pensions: Cursor<rows::Paid>,
    social_pensions: Cursor<rows::Paid>,
    pupils: Cursor<Option<String>>,
    labour: Cursor<bool>,
    guides: Cursor<rows::Term>,
    wages: Cursor<i64>,
    elsewhere: Cursor<rows::Elsewhere>,
    found: Cursor<Found>,
}

impl Hands {
    fn open(context: &StepContext, said: &Said) -> Result<Self, ChapterError> {
        Ok(Self {
            people: Cursor::open(context, NAME, "person", &rows::PERSON, rows::people)?,
            cards: Cursor::open(context, NAME, "bhyt_card", &rows::CARD, rows::cards)?,
            insured: Cursor::open(context, NAME, "bhxh_month", &rows::INSURED, rows::insured)?,
            voluntary: Cursor::open(context, NAME, "voluntary_payment", &rows::VOLUNTARY, rows::voluntary)?,
            pensions: Cursor::open(context, NAME, "pension", &rows::PENSION, rows::pensions)?,
            social_pensions: Cursor::open(context, NAME, "social_pension", &rows::SOCIAL_PENSION, rows::social_pensions)?,
            pupils: Cursor::open(context, NAME, "pupil", &rows::PUPIL, rows::pupils)?,
            labour: Cursor::open(context, NAME, "labour", &rows::LABOUR, rows::labour)?,
            guides: Cursor::open(context, NAME, "tour_guide", &rows::GUIDE, rows::guides)?,
            wages: Cursor::open(context, NAME, "tax_wage", &rows::WAGE, rows::wages)?,
            elsewhere: Cursor::open(context, NAME, "insured_elsewhere", &rows::ELSEWHERE, rows::elsewhere)?,
            found: Cursor::held(NAME, "finding", found(context, said)?)?,
        })
    }

    fn fill(&mut self, person: i64, own: &mut Own) -> Result<(), ChapterError> {
        self.cards.of(person, &mut own.cards)?;
        self.insured.of(person, &mut own.insured)?;
        self.voluntary.of(person, &mut own.voluntary)?;
        self.pensions.of(person, &mut own.pensions)?;
        self.social_pensions.of(person, &mut own.social_pensions)?;
        self.pupils.of(person, &mut own.school_years)?;
        self.labour.of(person, &mut own.labour)?;
        self.guides.of(person, &mut own.guides)?;
        self.wages.of(person, &mut own.wages)?;
        self.elsewhere.of(person, &mut own.elsewhere)?;
        self.found.of(person, &mut own.found)
    }
}

/// The open findings about people: sixteen bytes each, sorted by person. A finding that a case has answered says nothing while the answer
/// holds.
fn found(context: &StepContext, said: &Said) -> Result<Vec<(i64, Found)>, ChapterError> {
    let mut found = Vec::new();
    let Some(table) = context.table("finding") else { return Ok(found) };
    let columns = ["rule", "person_id", "state", "finding_key", "evidence"];
    for batch in context.book.stream_table(table, &columns, 8_192)? {
        let batch = batch?;
        let text = |name: &str| cells::text(&batch, name);
        let (rules, states, evidence) = (text("rule")?, text("state")?, text("evidence")?);
        let keys = text("finding_key")?;
        let people = cells::int(&batch, "person_id")?;
        for row in 0..batch.num_rows() {
            let Some(person) = cells::int_at(&people, row) else { continue };
            // A rule that could not be evaluated says nothing about this period.
            if !matches!(states.value(row), "new" | "still") {
                continue;
            }
            if FindingKey::parse(keys.value(row)).is_some_and(|key| said.of_finding(key).is_some()) {
                continue;
            }
            let Some(place) = reasons::place(rules.value(row)) else { continue };
            let says = matches!(rules.value(row), reasons::OWNER_DUE | reasons::MANAGER_DUE);
            let doubtful = says && is_doubtful(evidence.value(row))?;
            found.push((person, Found { place, doubtful }));
        }
    }
    Ok(found)
}

/// Whether the duty of an owner or manager is not certain.
fn is_doubtful(evidence: &str) -> Result<bool, ChapterError> {
    let facts: Vec<base::Evidence> = serde_json::from_str(evidence).map_err(|e| failed(NAME, "finding", &e))?;
    Ok(facts.iter().any(|fact| fact.name == "duty" && fact.value.as_deref() == Some("doubtful")))
}

#[cfg(test)]
mod tests;
