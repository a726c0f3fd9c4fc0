//! What the tables say of one person, read side by side.

use base::Date;
use chapter::{ChapterError, StepContext};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::NAME;
use crate::per_person::Cursor;

/// A card period (thẻ BHYT).
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    pub(super) object: Option<String>,
    pub(super) number: Option<String>,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
}

/// A line of a list of supported groups.
#[derive(Debug, Clone, Default)]
pub(super) struct Listed {
    pub(super) group: Option<String>,
    pub(super) decided: Option<i32>,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
}

/// A line of form D05-TS (đóng BHXH tự nguyện).
#[derive(Debug, Clone, Default)]
pub(super) struct Payment {
    pub(super) income: Option<i64>,
    pub(super) method: Option<String>,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
    /// What both budgets gave, where the form says.
    pub(super) given: Option<i64>,
}

/// A monthly payment: its month and the code of its kind or ground.
#[derive(Debug, Clone, Default)]
pub(super) struct Paid {
    pub(super) month: Option<i32>,
    pub(super) code: Option<String>,
}

/// Insured elsewhere by the national look-up.
#[derive(Debug, Clone, Default)]
pub(super) struct Elsewhere {
    pub(super) health: bool,
    pub(super) from: Option<i32>,
    pub(super) to: Option<i32>,
}

/// A resident with everything the tables say.
#[derive(Debug, Clone, Default)]
pub(super) struct Person {
    pub(super) id: i64,
    pub(super) born: Option<Date>,
    pub(super) commune: Option<String>,
    /// Permanent residence (thường trú); `None` where no roster says.
    pub(super) permanent: Option<bool>,
    pub(super) died: Option<i32>,
    pub(super) alive: bool,
    pub(super) cards: Vec<Card>,
    /// Whether a roster of cards arrived at all.
    pub(super) cards_known: bool,
    pub(super) listed: Vec<Listed>,
    pub(super) school_years: Vec<Option<String>>,
    pub(super) allowances: Vec<Paid>,
    pub(super) pensions: Vec<Paid>,
    /// First days of months of compulsory BHXH.
    pub(super) worked: Vec<i32>,
    pub(super) payments: Vec<Payment>,
    pub(super) elsewhere: Vec<Elsewhere>,
}

impl Person {
    /// Whether the person was alive on the last day of a month; of the period's own month the register decides.
    pub(super) fn lived_on(&self, day: i32, period: bool) -> bool {
        self.alive || (!period && self.died.is_some_and(|died| died > day))
    }
}

/// Everybody whose residence in the city is known, one after the other.
pub(super) struct People {
    people: Cursor<Person>,
    cards: Cursor<Card>,
    listed: Cursor<Listed>,
    pupils: Cursor<Option<String>>,
    allowances: Cursor<Paid>,
    pensions: Cursor<Paid>,
    worked: Cursor<i32>,
    payments: Cursor<Payment>,
    elsewhere: Cursor<Elsewhere>,
    cards_known: bool,
}

impl People {
    /// Opens the tables of the run.
    pub(super) fn open(context: &StepContext) -> Result<Self, ChapterError> {
        let person = ["birth_date", "commune", "residence", "death_date", "alive_on_period_end", "on_spine"];
        let payment = ["chosen_income", "method", "from_month", "to_month", "support_state", "support_city"];
        Ok(Self {
            people: Cursor::open(context, NAME, "person", &person, people)?,
            cards: Cursor::open(context, NAME, "bhyt_card", &["card_number", "object_code", "valid_from", "valid_to"], cards)?,
            listed: Cursor::open(
                context,
                NAME,
                "supported_group",
                &["group_code", "decision_date", "from_date", "to_date"],
                listed,
            )?,
            pupils: Cursor::open(context, NAME, "pupil", &["school_year"], pupils)?,
            allowances: Cursor::open(context, NAME, "social_pension", &["month", "ground_code"], |batch| {
                paid(batch, "ground_code")
            })?,
            pensions: Cursor::open(context, NAME, "pension", &["month", "benefit_code"], |batch| paid(batch, "benefit_code"))?,
            worked: Cursor::open(context, NAME, "bhxh_month", &["month"], worked)?,
            payments: Cursor::open(context, NAME, "voluntary_payment", &payment, payments)?,
            elsewhere: Cursor::open(context, NAME, "insured_elsewhere", &["scheme", "valid_from", "valid_to"], elsewhere)?,
            cards_known: context.table("bhyt_card").is_some(),
        })
    }

    /// The next resident with all rows of all tables.
    pub(super) fn next(&mut self) -> Result<Option<Person>, ChapterError> {
        // People who are known from work alone have no row here: `id` 0 stands for them (see `people`).
        let mut person = loop {
            match self.people.take()? {
                None => return Ok(None),
                Some((_, person)) if person.id == 0 => {}
                Some((_, person)) => break person,
            }
        };
        person.cards_known = self.cards_known;
        self.cards.of(person.id, &mut person.cards)?;
        self.listed.of(person.id, &mut person.listed)?;
        self.pupils.of(person.id, &mut person.school_years)?;
        self.allowances.of(person.id, &mut person.allowances)?;
        self.pensions.of(person.id, &mut person.pensions)?;
        self.worked.of(person.id, &mut person.worked)?;
        self.payments.of(person.id, &mut person.payments)?;
        self.elsewhere.of(person.id, &mut person.elsewhere)?;
        Ok(Some(person))
    }
}

fn people(batch: &RecordBatch) -> Result<Vec<Person>, EngineError> {
    let (ids, born, died) = (rows::int(batch, "person_id")?, rows::date(batch, "birth_date")?, rows::date(batch, "death_date")?);
    let (communes, residence) = (rows::text(batch, "commune")?, rows::text(batch, "residence")?);
    let (alive, spine) = (rows::flag(batch, "alive_on_period_end")?, rows::flag(batch, "on_spine")?);
    let person = |row: usize| Person {
        id: if spine.value(row) { ids.value(row) } else { 0 },
        born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
        commune: own(rows::text_at(&communes, row)),
        permanent: rows::text_at(&residence, row).map(|word| word == "permanent"),
        died: rows::date_at(&died, row),
        alive: alive.value(row),
        ..Person::default()
    };
    Ok((0..batch.num_rows()).map(person).collect())
}

fn cards(batch: &RecordBatch) -> Result<Vec<Card>, EngineError> {
    let (numbers, objects) = (rows::text(batch, "card_number")?, rows::text(batch, "object_code")?);
    let (from, to) = (rows::date(batch, "valid_from")?, rows::date(batch, "valid_to")?);
    let card = |row| Card {
        object: own(rows::text_at(&objects, row)),
        number: own(rows::text_at(&numbers, row)),
        from: rows::date_at(&from, row),
        to: rows::date_at(&to, row),
    };
    Ok((0..batch.num_rows()).map(card).collect())
}

pub(super) fn listed(batch: &RecordBatch) -> Result<Vec<Listed>, EngineError> {
    let groups = rows::text(batch, "group_code")?;
    let (decided, from, to) =
        (rows::date(batch, "decision_date")?, rows::date(batch, "from_date")?, rows::date(batch, "to_date")?);
    let line = |row| Listed {
        group: own(rows::text_at(&groups, row)),
        decided: rows::date_at(&decided, row),
        from: rows::date_at(&from, row),
        to: rows::date_at(&to, row),
    };
    Ok((0..batch.num_rows()).map(line).collect())
}

fn pupils(batch: &RecordBatch) -> Result<Vec<Option<String>>, EngineError> {
    let years = rows::text(batch, "school_year")?;
    Ok((0..batch.num_rows()).map(|row| own(rows::text_at(&years, row))).collect())
}

fn paid(batch: &RecordBatch, code: &str) -> Result<Vec<Paid>, EngineError> {
    let (months, codes) = (rows::date(batch, "month")?, rows::text(batch, code)?);
    let line = |row| Paid { month: rows::date_at(&months, row), code: own(rows::text_at(&codes, row)) };
    Ok((0..batch.num_rows()).map(line).collect())
}

fn worked(batch: &RecordBatch) -> Result<Vec<i32>, EngineError> {
    Ok(rows::date(batch, "month")?.values().to_vec())
}

pub(super) fn payments(batch: &RecordBatch) -> Result<Vec<Payment>, EngineError> {
    let (incomes, methods) = (rows::int(batch, "chosen_income")?, rows::text(batch, "method")?);
    let (from, to) = (rows::date(batch, "from_month")?, rows::date(batch, "to_month")?);
    let (state, city) = (rows::int(batch, "support_state")?, rows::int(batch, "support_city")?);
    let line = |row| {
        let (state, city) = (rows::int_at(&state, row), rows::int_at(&city, row));
        Payment {
            income: rows::int_at(&incomes, row),
            method: own(rows::text_at(&methods, row)),
            from: rows::date_at(&from, row),
            to: rows::date_at(&to, row),
            given: state.or(city).map(|_| state.unwrap_or(0) + city.unwrap_or(0)),
        }
    };
    Ok((0..batch.num_rows()).map(line).collect())
}

fn elsewhere(batch: &RecordBatch) -> Result<Vec<Elsewhere>, EngineError> {
    let schemes = rows::text(batch, "scheme")?;
    let (from, to) = (rows::date(batch, "valid_from")?, rows::date(batch, "valid_to")?);
    let line = |row| Elsewhere {
        // An answer that names no scheme counts for both.
        health: rows::text_at(&schemes, row) != Some("bhxh"),
        from: rows::date_at(&from, row),
        to: rows::date_at(&to, row),
    };
    Ok((0..batch.num_rows()).map(line).collect())
}

fn own(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}
