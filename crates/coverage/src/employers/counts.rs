//! Monthly step: whom each employer insures and pays (số người tham gia, được trả thu nhập của từng đơn vị).
//!
//! Months of insurance, wages and registered labour name their employer in words and codes; `employer_mention` says which
//! employer that is. The three tables are sorted by person, so that a person's rows are looked at together and nothing but
//! the counts of employers lies in memory.

use std::collections::HashMap;
use std::sync::Arc;

use base::Month;
use chapter::{ChapterError, Step, StepContext, StepTable};
use engine::arrow::array::StringArray;
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};
use law::Value;

use super::ledger::ledgers;
use crate::per_person::Cursor;
use crate::tables::failed;

/// Counts the people of each employer.
pub struct EmployerCountsStep;

const NAME: &str = "coverage.employer_counts";

/// Who was paid less than so many minimum wages in the year may have worked for less than a month: the order of the review
/// begins above (practice A3). The choice of the contract `employer_count`, no figure of the law.
const MINIMUM_WAGES: i64 = 3;

/// Codes of `benefit` whose receivers need not be insured at work.
const PENSIONS: [&str; 2] = ["pension", "allowance"];

/// Codes of `work` of people who work for nobody now, whatever workplace they name.
const WITHOUT_WORK: [&str; 2] = ["unemployed", "inactive"];

impl Step for EmployerCountsStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "employer",
            "employer_mention",
            "employer_link",
            "bhxh_month",
            "tax_wage",
            "labour",
            "pension",
            "bhyt_card",
            "roster.unit_ledger",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["employer_count"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        // Without months everybody paid would look uninsured, and without wages nobody would: then nothing is known, and rules
        // that need the table are not evaluated.
        if ["employer", "bhxh_month", "tax_wage"].iter().any(|table| context.table(table).is_none()) {
            return Ok(Vec::new());
        }
        let mentioned = Arc::new(Mentioned::read(context)?);
        let mut counts = vec![Count::default(); mentioned.ids.len()];
        count(context, &mentioned, &mut counts)?;
        let ledgers = ledgers(context, &mentioned)?;
        let mut out = context.writer("employer_count")?;
        for ((id, one), place) in mentioned.ids.iter().zip(&counts).zip(0u32..) {
            let ledger = ledgers.get(&place).copied();
            if *one == Count::default() && ledger.is_none() {
                continue;
            }
            let row = out.row()?;
            row.int(Some(*id)).int(Some(one.insured_now)).int(Some(one.insured_year)).int(Some(one.paid_year));
            row.int(Some(one.paid_uninsured)).int(Some(one.paid_insured_elsewhere)).int(Some(one.registered_labour));
            row.int(ledger.and_then(|l| l.workers)).int(ledger.and_then(|l| l.debt)).int(ledger.and_then(|l| l.months_late));
        }
        Ok(vec![out.finish()?])
    }
}

/// The people of one employer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    insured_now: i64,
    insured_year: i64,
    paid_year: i64,
    paid_uninsured: i64,
    paid_insured_elsewhere: i64,
    registered_labour: i64,
}

/// No employer is known for a row.
const NONE: u32 = u32::MAX;

/// Which employer a roster means by its words.
pub(super) struct Mentioned {
    /// Numbers of the employers, ascending; elsewhere they go by their place here.
    ids: Vec<i64>,
    by_name: HashMap<String, u32>,
}

impl Mentioned {
    fn read(context: &StepContext) -> Result<Self, ChapterError> {
        let mut mentioned = Self { ids: Vec::new(), by_name: HashMap::new() };
        if let Some(table) = context.table("employer") {
            for batch in context.book.stream_table(table, &["employer_id"], 65_536)? {
                mentioned.ids.extend_from_slice(rows::int(&batch?, "employer_id")?.values());
            }
        }
        mentioned.ids.sort_unstable();
        let Some(table) = context.table("employer_mention") else { return Ok(mentioned) };
        let mut key = String::new();
        for batch in context.book.stream_table(table, &["roster", "tax_code", "unit_code", "name", "employer_id"], 65_536)? {
            let batch = batch?;
            let text = |name: &str| rows::text(&batch, name);
            let columns = [text("tax_code")?, text("unit_code")?, text("name")?];
            let (rosters, employers) = (text("roster")?, rows::int(&batch, "employer_id")?);
            for row in 0..batch.num_rows() {
                let Some(place) = mentioned.place_of(employers.value(row)) else { continue };
                write_key(&mut key, rosters.value(row), columns.iter().map(Some), row);
                mentioned.by_name.insert(key.clone(), place);
            }
        }
        Ok(mentioned)
    }

    /// The place of an employer.
    pub(super) fn place_of(&self, employer: i64) -> Option<u32> {
        self.ids.binary_search(&employer).ok().map(|place| place as u32)
    }
}

/// What a roster writes of an employer as one text; what it has no column for is empty.
fn write_key<'c>(key: &mut String, roster: &str, columns: impl Iterator<Item = Option<&'c StringArray>>, row: usize) {
    key.clear();
    key.push_str(roster);
    for column in columns {
        key.push('\u{1f}');
        key.push_str(column.and_then(|column| rows::text_at(column, row)).unwrap_or_default());
    }
}

/// What one person's rows say.
#[derive(Debug, Default)]
struct Rows {
    /// Employer and first day of the month.
    months: Vec<(u32, i32)>,
    /// Employer, income in đồng, and whether insurance was deducted; of the settlement year.
    wages: Vec<(u32, i64, bool)>,
    /// Employers the person says to work for.
    labour: Vec<u32>,
    pensioner: bool,
}

/// What the run fixes.
struct Given {
    period: Month,
    /// Settlement year.
    year: i32,
    /// Least income in đồng of somebody counted as uninsured; `None` where no minimum wage was in force.
    least: Option<i64>,
}

impl Given {
    fn of(context: &StepContext) -> Result<Self, ChapterError> {
        let period = context.inputs.period;
        let year = period.year() - 1;
        let key = "wage.regional_minimum";
        let year_end = Month::new(year, 12).unwrap_or(period).last_day();
        let wage = context.inputs.law.at(key, year_end, Some("I")).map_err(|e| failed(NAME, key, &e))?;
        let least =
            wage.and_then(Value::dong).map(|wage| wage.times(MINIMUM_WAGES)).transpose().map_err(|e| failed(NAME, key, &e))?;
        Ok(Self { period, year, least: least.map(|dong| dong.get()) })
    }

    fn year_of(days: i32) -> Option<i32> {
        Some(base::Date::from_days_since_epoch(days)?.year())
    }

    /// Adds one person to the counts.
    fn note(&self, rows: &Rows, counts: &mut [Count]) {
        let now = self.period.first_day().days_since_epoch();
        let in_year = |days: i32| Self::year_of(days) == Some(self.year);
        let at_now = employers(rows.months.iter().filter(|(_, day)| *day == now).map(|(at, _)| *at));
        let at_year = employers(rows.months.iter().filter(|(_, day)| in_year(*day)).map(|(at, _)| *at));
        let insured = rows.months.iter().any(|(_, day)| in_year(*day));
        // Insurance that a payer deducted is a sign of insurance that the city does not see (practice A3).
        let deducted = rows.wages.iter().any(|(_, _, deducted)| *deducted);
        at_now.iter().for_each(|at| counts[*at as usize].insured_now += 1);
        at_year.iter().for_each(|at| counts[*at as usize].insured_year += 1);
        for at in employers(rows.wages.iter().map(|(at, ..)| *at)) {
            let income: i64 = rows.wages.iter().filter(|(whose, ..)| *whose == at).map(|(_, income, _)| income).sum();
            if income <= 0 {
                continue;
            }
            let one = &mut counts[at as usize];
            one.paid_year += 1;
            let enough = self.least.is_some_and(|least| income >= least);
            one.paid_uninsured += i64::from(enough && !insured && !deducted && !rows.pensioner);
            one.paid_insured_elsewhere += i64::from(insured && at_year.binary_search(&at).is_err());
        }
        employers(rows.labour.iter().copied()).iter().for_each(|at| counts[*at as usize].registered_labour += 1);
    }
}

/// The known employers among some, ascending, each once.
fn employers(all: impl Iterator<Item = u32>) -> Vec<u32> {
    let mut known: Vec<u32> = all.filter(|at| *at != NONE).collect();
    known.sort_unstable();
    known.dedup();
    known
}

/// Reads of a batch which employer each row names.
fn named(
    mentioned: &Arc<Mentioned>,
    roster: &'static str,
    columns: [&'static str; 3],
) -> impl FnMut(&RecordBatch) -> Result<Vec<u32>, EngineError> + use<> {
    let (mentioned, mut key) = (mentioned.clone(), String::new());
    move |batch| {
        let text = |name: &str| (!name.is_empty()).then(|| rows::text(batch, name)).transpose();
        let columns = [text(columns[0])?, text(columns[1])?, text(columns[2])?];
        let mut places = Vec::with_capacity(batch.num_rows());
        for row in 0..batch.num_rows() {
            write_key(&mut key, roster, columns.iter().map(Option::as_ref), row);
            places.push(mentioned.by_name.get(&key).copied().unwrap_or(NONE));
        }
        Ok(places)
    }
}

/// Goes over the people and counts them at their employers.
fn count(context: &StepContext, mentioned: &Arc<Mentioned>, counts: &mut [Count]) -> Result<(), ChapterError> {
    let given = Given::of(context)?;
    let year = i64::from(given.year);
    let columns = ["employer_tax_code", "employer_code", "employer_name"];
    let mut employer = named(mentioned, "bhxh_participation", columns);
    let wanted = [columns[0], columns[1], columns[2], "month"];
    let mut months = Cursor::open(context, NAME, "bhxh_month", &wanted, move |batch| {
        let days = rows::date(batch, "month")?;
        Ok(employer(batch)?.into_iter().zip(days.values().iter().copied()).collect())
    })?;
    let mut employer = named(mentioned, "tax_settlement", ["payer_tax_code", "", "payer_name"]);
    let wanted = ["payer_tax_code", "payer_name", "year", "total_income", "insurance_deducted"];
    let mut wages = Cursor::open(context, NAME, "tax_wage", &wanted, move |batch| {
        let int = |name: &str| rows::int(batch, name);
        let (years, income, deducted) = (int("year")?, int("total_income")?, int("insurance_deducted")?);
        let wage = |(row, place)| match rows::int_at(&years, row) == Some(year) {
            true => (place, rows::int_at(&income, row).unwrap_or(0), rows::int_at(&deducted, row).is_some_and(|d| d > 0)),
            // Another year says nothing.
            false => (NONE, 0, false),
        };
        Ok(employer(batch)?.into_iter().enumerate().map(wage).collect())
    })?;
    let mut employer = named(mentioned, "labour", ["employer_tax_code", "", "employer_name"]);
    let wanted = ["work_code", "employer_name", "employer_tax_code"];
    let mut labour = Cursor::open(context, NAME, "labour", &wanted, move |batch| {
        let work = rows::text(batch, "work_code")?;
        let works = |row: usize| rows::text_at(&work, row).is_none_or(|code| !WITHOUT_WORK.contains(&code));
        Ok(employer(batch)?.into_iter().enumerate().map(|(row, place)| if works(row) { place } else { NONE }).collect())
    })?;
    let (mut pensions, mut cards) = (pensions(context)?, pension_cards(context)?);
    let mut rows = Rows::default();
    let mut done = 0u64;
    while let Some(person) = [months.next_person(), wages.next_person(), labour.next_person()].into_iter().flatten().min() {
        if done.is_multiple_of(100_000) {
            context.cancelled.check()?;
        }
        done += 1;
        months.of(person, &mut rows.months)?;
        wages.of(person, &mut rows.wages)?;
        labour.of(person, &mut rows.labour)?;
        rows.pensioner = pensions.any(person)? | cards.any(person)?;
        given.note(&rows, counts);
    }
    Ok(())
}

/// People who draw a pension or an allowance; a benefit without a code is taken for one, so that nobody is counted by mistake.
fn pensions(context: &StepContext) -> Result<Cursor<bool>, ChapterError> {
    Cursor::open(context, NAME, "pension", &["benefit_code"], |batch| {
        let codes = rows::text(batch, "benefit_code")?;
        let drawn = |row| rows::text_at(&codes, row).is_none_or(|code| PENSIONS.contains(&code));
        Ok((0..batch.num_rows()).map(drawn).collect())
    })
}

/// People who hold the card of a pensioner.
fn pension_cards(context: &StepContext) -> Result<Cursor<bool>, ChapterError> {
    let day = context.inputs.period.last_day();
    let key = "bhyt.object.pensioner";
    let value = context.inputs.law.at(key, day, None).map_err(|e| failed(NAME, key, &e))?;
    let objects: Vec<String> = value.map(|value| value.codes().map(str::to_owned).collect()).unwrap_or_default();
    let end = day.days_since_epoch();
    Cursor::open(context, NAME, "bhyt_card", &["object_code", "valid_from"], move |batch| {
        let (codes, from) = (rows::text(batch, "object_code")?, rows::date(batch, "valid_from")?);
        let of_pensioner = |row| rows::text_at(&codes, row).is_some_and(|code| objects.iter().any(|o| o == code));
        let begun = |row| rows::date_at(&from, row).is_none_or(|day| day <= end);
        Ok((0..batch.num_rows()).map(|row| of_pensioner(row) && begun(row)).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given {
        Given { period: Month::new(2026, 10).unwrap(), year: 2025, least: Some(15) }
    }

    fn day(year: i32, month: i32) -> i32 {
        Month::new(year, month).unwrap().first_day().days_since_epoch()
    }

    fn noted(rows: &Rows) -> Vec<Count> {
        let mut counts = vec![Count::default(); 3];
        given().note(rows, &mut counts);
        counts
    }

    #[test]
    fn a_person_counts_once_at_each_employer() {
        let months = vec![(0, day(2025, 3)), (0, day(2025, 4)), (1, day(2026, 10)), (1, day(2026, 10)), (NONE, day(2026, 10))];
        let counts = noted(&Rows { months, labour: vec![2, 2, NONE], ..Rows::default() });
        assert_eq!(counts[0], Count { insured_year: 1, ..Count::default() });
        assert_eq!(counts[1], Count { insured_now: 1, ..Count::default() });
        assert_eq!(counts[2], Count { registered_labour: 1, ..Count::default() });
    }

    #[test]
    fn paid_and_nowhere_insured_is_told_from_paid_and_insured_elsewhere() {
        let wages = vec![(0, 10, false), (0, 5, false), (1, 14, false), (2, 0, false)];
        let counts = noted(&Rows { wages: wages.clone(), ..Rows::default() });
        // The second employer paid less than three minimum wages, the third nothing.
        assert_eq!(counts[0], Count { paid_year: 1, paid_uninsured: 1, ..Count::default() });
        assert_eq!(counts[1], Count { paid_year: 1, ..Count::default() });
        assert_eq!(counts[2], Count::default());
        // A month of the settlement year at one employer, known or not, is evidence for all; one of this year is none.
        let months = vec![(0, day(2025, 1))];
        let counts = noted(&Rows { wages: wages.clone(), months, ..Rows::default() });
        assert_eq!(counts[0], Count { insured_year: 1, paid_year: 1, ..Count::default() });
        assert_eq!(counts[1], Count { paid_year: 1, paid_insured_elsewhere: 1, ..Count::default() });
        let months = vec![(NONE, day(2025, 12))];
        assert_eq!(noted(&Rows { wages: wages.clone(), months, ..Rows::default() })[0].paid_insured_elsewhere, 1);
        let months = vec![(0, day(2026, 10))];
        assert_eq!(noted(&Rows { wages, months, ..Rows::default() })[0].paid_uninsured, 1);
    }

    #[test]
    fn pensioners_and_people_with_insurance_deducted_are_not_counted_as_uninsured() {
        let pensioner = Rows { wages: vec![(0, 99, false)], pensioner: true, ..Rows::default() };
        assert_eq!(noted(&pensioner)[0], Count { paid_year: 1, ..Count::default() });
        let deducted = Rows { wages: vec![(0, 99, false), (1, 1, true)], ..Rows::default() };
        assert_eq!(noted(&deducted)[0], Count { paid_year: 1, ..Count::default() });
    }

    #[test]
    fn an_employer_is_found_by_exactly_what_the_roster_wrote() {
        let (tax, name) = (StringArray::from(vec![Some("0100109106"), None]), StringArray::from(vec![Some("A"), Some("A")]));
        let mut key = String::new();
        write_key(&mut key, "labour", [Some(&tax), None, Some(&name)].into_iter(), 0);
        let first = key.clone();
        write_key(&mut key, "labour", [Some(&tax), None, Some(&name)].into_iter(), 1);
        assert_eq!((first.as_str(), key.as_str()), ("labour\u{1f}0100109106\u{1f}\u{1f}A", "labour\u{1f}\u{1f}\u{1f}A"));
    }
}
