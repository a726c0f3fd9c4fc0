//! What the rosters say of people, row by row, as small as it can be.

use base::{Date, Sex, names};
use engine::EngineError;
use engine::arrow::array::{Array, Date32Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;

use super::words::OldAge;

/// A line of `person`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Person {
    pub(crate) born: Option<Date>,
    pub(crate) sex: Option<Sex>,
    pub(crate) commune: Option<String>,
    pub(crate) village: Option<String>,
    pub(crate) personal_id: Option<u64>,
    pub(crate) looked_up: bool,
    pub(crate) alive: bool,
    pub(crate) on_spine: bool,
}

/// Reads `person`.
pub(crate) const PERSON: [&str; 8] =
    ["birth_date", "sex", "commune", "village", "personal_id", "looked_up", "alive_on_period_end", "on_spine"];

pub(crate) fn people(batch: &RecordBatch) -> Result<Vec<Person>, EngineError> {
    let (born, sexes) = (rows::date(batch, "birth_date")?, rows::text(batch, "sex")?);
    let (communes, villages) = (rows::text(batch, "commune")?, rows::text(batch, "village")?);
    let numbers = rows::text(batch, "personal_id")?;
    let (looked, alive, spine) =
        (rows::flag(batch, "looked_up")?, rows::flag(batch, "alive_on_period_end")?, rows::flag(batch, "on_spine")?);
    let one = |row| Person {
        born: rows::date_at(&born, row).and_then(Date::from_days_since_epoch),
        sex: match rows::text_at(&sexes, row) {
            Some("male") => Some(Sex::Male),
            Some("female") => Some(Sex::Female),
            _ => None,
        },
        commune: rows::text_at(&communes, row).map(str::to_owned),
        village: rows::text_at(&villages, row).map(str::to_owned),
        personal_id: rows::text_at(&numbers, row).and_then(|number| number.parse().ok()),
        looked_up: looked.value(row),
        alive: alive.value(row),
        on_spine: spine.value(row),
    };
    Ok((0..batch.num_rows()).map(one).collect())
}

/// First and last day; an empty end is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Term {
    pub(crate) from: Option<i32>,
    pub(crate) to: Option<i32>,
}

impl Term {
    /// Whether a day lies in it.
    pub(crate) fn holds(self, day: i32) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| to >= day)
    }
}

fn terms(batch: &RecordBatch, from: &str, to: &str) -> Result<Vec<Term>, EngineError> {
    let (from, to) = (rows::date(batch, from)?, rows::date(batch, to)?);
    Ok((0..batch.num_rows()).map(|row| Term { from: rows::date_at(&from, row), to: rows::date_at(&to, row) }).collect())
}

/// A line of `bhyt_card`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Card {
    pub(crate) term: Term,
    pub(crate) object: Option<[u8; 2]>,
}

pub(crate) const CARD: [&str; 3] = ["object_code", "valid_from", "valid_to"];

pub(crate) fn cards(batch: &RecordBatch) -> Result<Vec<Card>, EngineError> {
    let objects = rows::text(batch, "object_code")?;
    let terms = terms(batch, "valid_from", "valid_to")?;
    let object = |row| rows::text_at(&objects, row).and_then(|code| <[u8; 2]>::try_from(code.as_bytes()).ok());
    Ok(terms.into_iter().enumerate().map(|(row, term)| Card { term, object: object(row) }).collect())
}

/// A line of `bhxh_month`: the month, and whether the unit is a household business.
pub(crate) type Insured = (i32, bool);

pub(crate) const INSURED: [&str; 2] = ["month", "employer_name"];

pub(crate) fn insured(batch: &RecordBatch) -> Result<Vec<Insured>, EngineError> {
    let (months, names) = (rows::date(batch, "month")?, rows::text(batch, "employer_name")?);
    Ok((0..batch.num_rows()).map(|row| (months.value(row), rows::text_at(&names, row).is_some_and(household_business))).collect())
}

/// Whether a unit is written as a household business (hộ kinh doanh).
fn household_business(name: &str) -> bool {
    // Almost no name begins like this, so folding is tried on few.
    if !name.chars().next().is_some_and(|c| matches!(c, 'h' | 'H')) {
        return false;
    }
    let name = names::fold(name);
    ["ho kinh doanh", "ho kd", "hkd"].iter().any(|word| name.starts_with(word))
}

/// A line of `voluntary_payment`: first days of the first and the last month paid.
pub(crate) const VOLUNTARY: [&str; 2] = ["from_month", "to_month"];

pub(crate) fn voluntary(batch: &RecordBatch) -> Result<Vec<Term>, EngineError> {
    let mut terms = terms(batch, "from_month", "to_month")?;
    for term in &mut terms {
        // A payment that names one month is for that one; one that names none covers nothing.
        term.to = term.to.or(term.from).or(Some(i32::MIN));
        term.from = term.from.or(term.to);
    }
    Ok(terms)
}

/// A line of `pension`: the month paid and what for.
pub(crate) type Paid = (Option<i32>, Option<OldAge>);

pub(crate) const PENSION: [&str; 3] = ["month", "benefit", "benefit_code"];

/// Survivors' and accident allowances are no income in old age. A line of the payment list that says nothing is a pension;
/// one whose words have no code is some monthly allowance.
pub(crate) fn pensions(batch: &RecordBatch) -> Result<Vec<Paid>, EngineError> {
    let (months, said, codes) = (rows::date(batch, "month")?, rows::text(batch, "benefit")?, rows::text(batch, "benefit_code")?);
    let kind = |row| match (rows::text_at(&codes, row), rows::text_at(&said, row)) {
        (Some("pension"), _) | (None, None) => Some(OldAge::Pension),
        (Some("allowance"), _) | (None, Some(_)) => Some(OldAge::Allowance),
        (Some(_), _) => None,
    };
    Ok(paid(&months, kind))
}

pub(crate) const SOCIAL_PENSION: [&str; 3] = ["month", "ground", "ground_code"];

/// Only what is paid for age; the same lists pay the disabled and orphans.
pub(crate) fn social_pensions(batch: &RecordBatch) -> Result<Vec<Paid>, EngineError> {
    let (months, said, codes) = (rows::date(batch, "month")?, rows::text(batch, "ground")?, rows::text(batch, "ground_code")?);
    let kind = |row| match (rows::text_at(&codes, row), rows::text_at(&said, row)) {
        (Some("age_75" | "age_70_poor"), _) | (None, None) => Some(OldAge::SocialPension),
        _ => None,
    };
    Ok(paid(&months, kind))
}

fn paid(months: &Date32Array, kind: impl Fn(usize) -> Option<OldAge>) -> Vec<Paid> {
    (0..months.len()).map(|row| (rows::date_at(months, row), kind(row))).collect()
}

/// A column of texts as a line each.
fn texts(column: &StringArray) -> Vec<Option<String>> {
    (0..column.len()).map(|row| rows::text_at(column, row).map(str::to_owned)).collect()
}

pub(crate) const PUPIL: [&str; 1] = ["school_year"];

/// A line of `pupil`: the school year.
pub(crate) fn pupils(batch: &RecordBatch) -> Result<Vec<Option<String>>, EngineError> {
    Ok(texts(&rows::text(batch, "school_year")?))
}

pub(crate) const LABOUR: [&str; 1] = ["work_code"];

/// A line of `labour`: whether the person works for a wage.
pub(crate) fn labour(batch: &RecordBatch) -> Result<Vec<bool>, EngineError> {
    let codes = rows::text(batch, "work_code")?;
    Ok((0..batch.num_rows()).map(|row| rows::text_at(&codes, row) == Some("employee")).collect())
}

pub(crate) const GUIDE: [&str; 2] = ["issued", "expires"];

/// A line of `tour_guide`: when the card is in force.
pub(crate) fn guides(batch: &RecordBatch) -> Result<Vec<Term>, EngineError> {
    terms(batch, "issued", "expires")
}

pub(crate) const WAGE: [&str; 1] = ["year"];

/// A line of `tax_wage`: the settled year.
pub(crate) fn wages(batch: &RecordBatch) -> Result<Vec<i64>, EngineError> {
    let years = rows::int(batch, "year")?;
    Ok((0..batch.num_rows()).map(|row| rows::int_at(&years, row).unwrap_or(0)).collect())
}

/// A line of `insured_elsewhere`. An answer that names no scheme counts for both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Elsewhere {
    pub(crate) term: Term,
    pub(crate) health: bool,
    pub(crate) social: bool,
}

pub(crate) const ELSEWHERE: [&str; 3] = ["scheme", "valid_from", "valid_to"];

pub(crate) fn elsewhere(batch: &RecordBatch) -> Result<Vec<Elsewhere>, EngineError> {
    let schemes = rows::text(batch, "scheme")?;
    let terms = terms(batch, "valid_from", "valid_to")?;
    let one = |(row, term)| {
        let scheme = rows::text_at(&schemes, row);
        Elsewhere { term, health: scheme != Some("bhxh"), social: scheme != Some("bhyt") }
    };
    Ok(terms.into_iter().enumerate().map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_household_businesses_are_told_by_their_name() {
        for (name, yes) in [
            ("Hộ kinh doanh Nguyễn Thị Hoa", true),
            ("HKD Trần Văn Bình", true),
            ("HỘ KD MINH ANH", true),
            ("Công ty TNHH Hộ Kinh", false),
            ("Hợp tác xã Hòa Bình", false),
        ] {
            assert_eq!(household_business(name), yes, "{name}");
        }
    }
}
