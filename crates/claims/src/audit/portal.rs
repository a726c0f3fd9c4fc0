//! Monthly step: visits and money of the month held against the audit portal's own sheets, facility by facility: B02 (visits and cost), B04 and B26 (average
//! cost of a visit).
//!
//! A sheet speaks of the months of its title. One that has other months in it (from January on, for one) cannot be held against a single month, and is said to
//! be of other months. Nothing is decided here: a difference is where an auditor looks first, since the portal has what was sent there and the book what was
//! handed over here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use base::{Amount, Dong, Month};
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::arrow::array::{Int64Array, StringArray};
use engine::arrow::record_batch::RecordBatch;
use engine::{EngineError, rows};

use super::findings::amounts;
use super::refused::RefusedSum;
use super::sheet_row::facilities;

mod compare;

use compare::{Compared, Ours, compared};

/// Holds the month against the portal's sheets.
pub(crate) struct PortalStep;

const NAME: &str = "claims.portal";
const TABLE: &str = "claim_portal_compare";

/// Rows read at once.
const ROWS: usize = 65_536;

/// What is read of a sheet, whichever it is; one that has no such column says nothing of it.
const COLUMNS: [&str; 7] = ["from_period", "to_period", "facility", "visits", "total_cost", "fund_cost", "average_cost"];

impl Step for PortalStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &[
            "claim_stay",
            "claim_national_visit",
            "roster.claim_indicator_b02",
            "roster.claim_indicator_b04",
            "roster.claim_indicator_b26",
        ]
    }

    fn writes(&self) -> &'static [&'static str] {
        &[TABLE]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        // Without claims there is nothing to hold against a sheet.
        if context.table("claim_stay").is_none() {
            return Ok(Vec::new());
        }
        let ours = ours(context)?;
        let b02 = sheet(context, "claim_indicator_b02")?;
        let b04 = sheet(context, "claim_indicator_b04")?;
        let b26 = sheet(context, "claim_indicator_b26")?;
        let mut named: BTreeSet<&str> = ours.keys().map(String::as_str).collect();
        named.extend([&b02, &b04, &b26].into_iter().flat_map(|sheet| sheet.rows.keys()).map(String::as_str));
        let mut table = TableBuilder::new(context.schema(TABLE)?)?;
        for facility in named {
            let own = ours.get(facility).copied().unwrap_or_default();
            write(&mut table, facility, &compared(own, [&b02, &b04, &b26].map(|sheet| sheet.says(facility))));
        }
        Ok(vec![StepTable::new(TABLE, context.schema(TABLE)?, table.finish()?)])
    }
}

/// The cells of a row, in the order of the contract.
fn write(table: &mut TableBuilder, facility: &str, row: &Compared) {
    table.text(Some(facility)).text(Some(row.state()));
    for said in row.said {
        table.text(Some(said.word()));
    }
    let Ours { visits, total, fund, refused } = row.ours;
    table.int(Some(visits)).int(row.visits).int(row.visits.map(|portal| visits - portal));
    table.amount(Some(total)).amount(row.total).amount(row.total.map(|portal| total - portal));
    table.amount(Some(fund)).amount(row.fund).amount(row.fund.map(|portal| fund - portal)).amount(Some(refused));
    let average = row.ours.average();
    table.amount(average);
    for portal in row.averages {
        table.amount(portal).amount(average.zip(portal).map(|(average, portal)| average - portal));
    }
}

/// What the month has here, by facility.
fn ours(context: &StepContext) -> Result<BTreeMap<String, Ours>, ChapterError> {
    let mut refused = HashMap::new();
    if let Some(table) = context.table("claim_national_visit") {
        for batch in context.book.stream_table(table, &["visit_id", "whole", "amount"], ROWS)? {
            let batch = batch?;
            let (visits, wholes) = (rows::int(&batch, "visit_id")?, rows::flag(&batch, "whole")?);
            let sums = rows::int(&batch, "amount")?;
            for row in 0..batch.num_rows() {
                let sum = RefusedSum { whole: wholes.value(row), amount: Dong::new(sums.value(row)) };
                refused.insert(visits.value(row), sum);
            }
        }
    }
    let mut ours: BTreeMap<String, Ours> = BTreeMap::new();
    let Some(stays) = context.table("claim_stay") else { return Ok(ours) };
    for batch in context.book.stream_table(stays, &["visit_id", "facility", "total_bh", "fund"], ROWS)? {
        let batch = batch?;
        let (ids, names) = (rows::int(&batch, "visit_id")?, rows::text(&batch, "facility")?);
        let (totals, funds) = (amounts(&batch, "total_bh")?, amounts(&batch, "fund")?);
        for row in 0..batch.num_rows() {
            let fund = funds[row].unwrap_or_default();
            let sum = refused.get(&ids.value(row)).copied().unwrap_or_default();
            // A visit cannot be refused more than it asks.
            let refused = sum.of(fund.to_dong().unwrap_or_default(), Dong::ZERO);
            let of = ours.entry(names.value(row).to_owned()).or_default();
            of.visits += 1;
            of.total = of.total + totals[row].unwrap_or_default();
            of.fund = of.fund + fund;
            of.refused = of.refused + Amount::whole(refused.get());
        }
    }
    Ok(ours)
}

/// What a sheet says of a facility; what it does not have is absent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// Visits (TONG_LUOT).
    pub visits: Option<i64>,
    /// Whole cost (TONG_CHI), đồng.
    pub total: Option<Amount>,
    /// The fund's part (T_BHTT), đồng.
    pub fund: Option<Amount>,
    /// Average cost of a visit, đồng.
    pub average: Option<Amount>,
}

/// Whether a sheet can be held against the month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Arrived {
    /// No such sheet was handed over for the month.
    #[default]
    No,
    /// What was handed over speaks of other months, or of several at once.
    OtherMonths,
    /// It speaks of the month alone.
    Month,
}

/// The sheets of one kind that were handed over for the month, as one.
#[derive(Debug, Default)]
struct Sheet {
    arrived: Arrived,
    /// Rows of facilities; of several files the last one counts.
    rows: BTreeMap<String, Told>,
}

impl Sheet {
    /// Takes in some rows; those of regions and provinces, which name no facility, are no rows of facilities.
    fn take(&mut self, batch: &RecordBatch, period: Month) -> Result<(), EngineError> {
        let text = |name: &str| batch.column_by_name(name).map(|_| rows::text(batch, name)).transpose();
        let number = |name: &str| batch.column_by_name(name).map(|_| rows::int(batch, name)).transpose();
        let (from, to, codes) = (text("from_period")?, text("to_period")?, text("facility")?);
        let (visits, total) = (number("visits")?, number("total_cost")?);
        let (fund, average) = (number("fund_cost")?, number("average_cost")?);
        for row in 0..batch.num_rows() {
            if !is_of_month(filled(from.as_ref(), row), filled(to.as_ref(), row), period) {
                if self.arrived == Arrived::No {
                    self.arrived = Arrived::OtherMonths;
                }
                continue;
            }
            self.arrived = Arrived::Month;
            let Some(code) = filled(codes.as_ref(), row) else { continue };
            let money = |cells: &Option<Int64Array>| {
                let thousandths = cells.as_ref().and_then(|cells| rows::int_at(cells, row))?;
                Amount::from_millionths(i128::from(thousandths) * 1_000)
            };
            let told = Told {
                visits: visits.as_ref().and_then(|cells| rows::int_at(cells, row)),
                total: money(&total),
                fund: money(&fund),
                average: money(&average),
            };
            self.rows.insert(facilities(code), told);
        }
        Ok(())
    }

    /// What it says of a facility, and whether it could.
    fn says(&self, facility: &str) -> (Arrived, Option<Told>) {
        (self.arrived, self.rows.get(facility).copied())
    }
}

/// A cell with something in it.
fn filled(cells: Option<&StringArray>, row: usize) -> Option<&str> {
    cells.and_then(|cells| rows::text_at(cells, row)).map(str::trim).filter(|text| !text.is_empty())
}

/// Whether a title speaks of the month alone; a sheet without months in its title is that of the month it was handed over for.
fn is_of_month(from: Option<&str>, to: Option<&str>, period: Month) -> bool {
    match (from, to) {
        (None, None) => true,
        (from, to) => [from, to].into_iter().all(|text| text.and_then(month_in) == Some(period)),
    }
}

/// "10/2026", "tháng 10 năm 2026"; nothing where the two numbers are no month.
fn month_in(text: &str) -> Option<Month> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|digits| !digits.is_empty());
    let (number, year) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    Month::new(year, number).filter(|_| numbers.next().is_none())
}

/// Reads the files of a roster, the last by name last.
fn sheet(context: &StepContext, roster: &str) -> Result<Sheet, ChapterError> {
    let mut sheet = Sheet::default();
    for file in context.roster(roster) {
        for batch in context.book.stream_table(&file.table, &COLUMNS, ROWS)? {
            sheet.take(&batch?, context.inputs.period)?;
        }
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests;
