//! Monthly step: carries the indicators of earlier periods on, and forecasts each to the end of the year.

mod line;

use std::collections::BTreeMap;

use base::{Date, Month};
use chapter::{ChapterError, Step, StepContext, StepTable, TableBuilder};
use engine::arrow::record_batch::RecordBatch;
use engine::rows;

use line::{MOST, Point, forecast, share};

/// Carries the indicators on and forecasts them.
pub struct ForecastStep;

const NAME: &str = "coverage.forecast";

/// Months that are carried on: three years.
const KEPT: i32 = 36;

impl Step for ForecastStep {
    fn name(&self) -> &'static str {
        NAME
    }

    fn reads(&self) -> &'static [&'static str] {
        &["indicator", "previous.indicator_history"]
    }

    fn writes(&self) -> &'static [&'static str] {
        &["indicator_history", "indicator_forecast"]
    }

    fn run(&self, context: &StepContext) -> Result<Vec<StepTable>, ChapterError> {
        let period = context.inputs.period;
        let mut history = History::new();
        let before = context.inputs.previous.and_then(|run| run.tables().get("indicator_history").cloned());
        for table in before.iter().chain(context.table("indicator")) {
            for batch in context.book.read_table(table, None)? {
                read(&batch, period, &mut history)?;
            }
        }
        Ok(vec![write_history(context, &history)?, write_forecasts(context, &history)?])
    }
}

/// Id, commune and basis.
type Series = (String, Option<String>, String);
/// Numerator and denominator by period.
type Course = BTreeMap<Month, (Option<i64>, Option<i64>)>;
type History = BTreeMap<Series, Course>;

/// Takes the lines of a table, those of the period last: they replace what an earlier run carried.
fn read(batch: &RecordBatch, period: Month, history: &mut History) -> Result<(), ChapterError> {
    let text = |name: &str| rows::text(batch, name);
    let (ids, communes, bases) = (text("id")?, text("commune")?, text("basis")?);
    let (over, under) = (rows::int(batch, "numerator")?, rows::int(batch, "denominator")?);
    let periods = rows::date(batch, "period")?;
    for row in 0..batch.num_rows() {
        let damaged = || ChapterError::Step { step: NAME, detail: "a period of an indicator is no date".into() };
        let month = Date::from_days_since_epoch(periods.value(row)).ok_or_else(damaged)?.month();
        if month > period || month.months_until(period) >= KEPT {
            continue;
        }
        let commune = rows::text_at(&communes, row).map(str::to_owned);
        let series = (ids.value(row).to_owned(), commune, bases.value(row).to_owned());
        history.entry(series).or_default().insert(month, (rows::int_at(&over, row), rows::int_at(&under, row)));
    }
    Ok(())
}

fn write_history(context: &StepContext, history: &History) -> Result<StepTable, ChapterError> {
    let mut out = TableBuilder::new(context.schema("indicator_history")?)?;
    for ((id, commune, basis), course) in history {
        for (period, (over, under)) in course {
            out.text(Some(id)).text(commune.as_deref()).text(Some(basis));
            out.date(Some(period.first_day().days_since_epoch())).int(*over).int(*under);
        }
    }
    Ok(StepTable::new("indicator_history", context.schema("indicator_history")?, out.finish()?))
}

/// Forecasts of all series that have a line in this period.
fn write_forecasts(context: &StepContext, history: &History) -> Result<StepTable, ChapterError> {
    let period = context.inputs.period;
    let end = year_end(period)?;
    let mut out = TableBuilder::new(context.schema("indicator_forecast")?)?;
    for ((id, commune, basis), course) in history.iter().filter(|(_, course)| course.contains_key(&period)) {
        let known =
            course.iter().filter_map(|(month, (over, under))| Some(Point { month: month.index(), share: share(*over, *under)? }));
        let points: Vec<Point> = known.collect();
        let said = forecast(&points, end.index());
        out.text(Some(id)).text(commune.as_deref()).text(Some(basis)).date(Some(end.last_day().days_since_epoch()));
        out.int(said.map(|f| f.value)).int(said.map(|f| f.low)).int(said.map(|f| f.high));
        out.int(Some(points.len().min(MOST) as i64)).text(Some(if said.is_some() { "linear" } else { "too_few" }));
    }
    Ok(StepTable::new("indicator_forecast", context.schema("indicator_forecast")?, out.finish()?))
}

/// The December that lies ahead: in December itself it is that of the next year.
fn year_end(period: Month) -> Result<Month, ChapterError> {
    let ahead = period.next();
    Month::new(ahead.year(), 12).ok_or_else(|| ChapterError::Step { step: NAME, detail: format!("no year after {period}") })
}

#[cfg(test)]
mod tests;
