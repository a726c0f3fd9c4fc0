//! The course of a parameter over time as a chart.

use base::Date;
use law::{Parameter, Value};
use web::chart::{StepChart, StepSeries};
use web::{Locale, SafeHtml};

use super::words;

/// Lines of more words would hide one another.
const MOST_LINES: usize = 5;

/// The chart; nothing for codes, days and flags, for many words, and for a single value.
pub(crate) fn history(l: Locale, parameter: &Parameter, today: Date) -> SafeHtml {
    let names = parameter.selector.as_ref().map(|s| s.values.as_slice()).unwrap_or_default();
    let selectors: Vec<Option<&str>> =
        if names.is_empty() { vec![None] } else { names.iter().map(|word| Some(word.as_str())).collect() };
    if selectors.len() > MOST_LINES {
        return SafeHtml::empty();
    }
    let series = selectors.iter().filter_map(|selector| {
        let steps = parameter.steps(*selector).ok()?;
        let drawn = |(from, value): (Date, Option<&Value>)| Some((from, size(value?)?, words::value(l, parameter.unit, value)));
        Some(StepSeries { name: selector.unwrap_or_default().to_owned(), steps: steps.into_iter().filter_map(drawn).collect() })
    });
    let name = words::pick(l, &parameter.description.vi, &parameter.description.en);
    let count = i64::try_from(parameter.values.len()).unwrap_or(i64::MAX);
    let title = l.t_args("service-chart", &[("name", name.into()), ("n", count.into())]);
    StepChart { title, series: series.collect(), today }.html(l)
}

/// A value's size for drawing, never for arithmetic that is shown; nothing for what has none.
fn size(value: &Value) -> Option<f64> {
    match value {
        Value::Dong(dong) => Some(dong.get() as f64),
        Value::Rate(rate) => Some(rate.hundred_millionths() as f64),
        Value::Int(number) => Some(f64::from(*number)),
        Value::Flag(_) | Value::Date(_) | Value::Dates(_) | Value::Code(_) => None,
    }
}
