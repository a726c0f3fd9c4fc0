//! The course of a parameter over time: a line of steps for each word of its selector.

use base::Date;
use law::{Parameter, Value};
use web::{Locale, SafeHtml, tag};

use super::words;

const WIDTH: i64 = 640;
const HEIGHT: i64 = 150;
const LEFT: i64 = 8;
const RIGHT: i64 = 632;
const TOP: i64 = 18;
const BOTTOM: i64 = 116;
/// Lines of more words would hide one another.
const MOST_LINES: usize = 5;

/// The chart; nothing for codes, days and flags, and for a single value.
///
/// A new value begins straight up on its day: the law changes by days. The vertical axis begins at zero.
pub(crate) fn history(l: Locale, parameter: &Parameter, today: Date) -> SafeHtml {
    let words_of = parameter.selector.as_ref().map(|s| s.values.clone()).unwrap_or_default();
    let selectors: Vec<Option<&str>> =
        if words_of.is_empty() { vec![None] } else { words_of.iter().map(|w| Some(w.as_str())).collect() };
    if parameter.values.len() < 2 || selectors.len() > MOST_LINES {
        return SafeHtml::empty();
    }
    let series: Vec<Vec<(Date, i128)>> = selectors
        .iter()
        .filter_map(|selector| {
            let steps = parameter.steps(*selector).ok()?;
            Some(steps.into_iter().filter_map(|(from, value)| Some((from, number(value?)?))).collect::<Vec<_>>())
        })
        .collect();
    let highest = series.iter().flatten().map(|(_, v)| *v).max().unwrap_or(0);
    if highest <= 0 {
        return SafeHtml::empty();
    }
    let last = parameter.values.last().map_or(today, |dated| dated.from);
    let first = parameter.first_day();
    let end = today.max(last).add_days(120).unwrap_or(last);
    let days = i64::from(first.days_until(end)).max(1);
    let x = |day: Date| LEFT + (RIGHT - LEFT) * i64::from(first.days_until(day)) / days;
    let y = |value: i128| BOTTOM - i64::try_from(i128::from(BOTTOM - TOP) * value / highest).unwrap_or(0);
    let name = words::pick(l, &parameter.description.vi, &parameter.description.en);
    let mut svg = tag("svg")
        .class("steps")
        .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
        .attr("width", "100%")
        .attr("role", "img")
        .attr("aria-label", l.t_args("service-chart", &[("name", name.into()), ("n", (parameter.values.len() as i64).into())]))
        .child(line(LEFT, BOTTOM, RIGHT, BOTTOM, "s-axis"))
        .child(line(x(today), TOP - 8, x(today), BOTTOM, "s-now"));
    for steps in &series {
        let mut points = String::new();
        for (at, (from, value)) in steps.iter().enumerate() {
            let until = steps.get(at + 1).map_or(end, |next| next.0);
            points.push_str(&format!("{},{} {},{} ", x(*from), y(*value), x(until), y(*value)));
        }
        svg = svg.child(tag("polyline").class("s-actual").attr("points", points.trim_end()));
    }
    if let [steps] = series.as_slice() {
        svg = svg.children(steps.iter().enumerate().map(|(at, (from, value))| {
            let shown = parameter.values.get(at).and_then(|dated| dated_value(parameter, dated.from));
            let words = words::value(l, parameter.unit, shown);
            let anchor = if at + 1 == steps.len() && x(*from) > WIDTH - 120 { "s-label end" } else { "s-label" };
            text(x(*from) + 3, y(*value) - 5, anchor, &words)
        }));
    }
    let years: Vec<SafeHtml> = parameter
        .values
        .iter()
        .fold((Vec::new(), -100_i64), |(mut ticks, before), dated| {
            let at = x(dated.from);
            if at - before < 58 {
                return (ticks, before);
            }
            ticks.push(text(at, HEIGHT - 14, "s-tick", &l.month_short(dated.from.month())));
            (ticks, at)
        })
        .0;
    tag("div").class("chart-scroll").child(svg.children(years).html()).html()
}

fn dated_value(parameter: &Parameter, on: Date) -> Option<&Value> {
    parameter.at(on, None).ok().flatten()
}

/// A value as a number for drawing; nothing for what has no size.
fn number(value: &Value) -> Option<i128> {
    match value {
        Value::Dong(dong) => Some(i128::from(dong.get())),
        Value::Rate(rate) => Some(rate.hundred_millionths()),
        Value::Int(number) => Some(i128::from(*number)),
        Value::Flag(_) | Value::Date(_) | Value::Dates(_) | Value::Code(_) => None,
    }
}

fn line(x1: i64, y1: i64, x2: i64, y2: i64, class: &str) -> SafeHtml {
    let num = |n: i64| n.to_string();
    tag("line").class(class).attr("x1", num(x1)).attr("y1", num(y1)).attr("x2", num(x2)).attr("y2", num(y2)).html()
}

fn text(x: i64, y: i64, class: &str, words: &str) -> SafeHtml {
    tag("text").class(class).attr("x", x.to_string()).attr("y", y.to_string()).text(words).html()
}
