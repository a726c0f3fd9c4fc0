//! The course of a share over months, with its path of targets and its forecast.

use base::Month;

use crate::chart::scale::{Scale, ticks};
use crate::chart::sparkline::{line, text};
use crate::format;
use crate::html::{SafeHtml, one_decimal, tag};
use crate::i18n::Locale;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 640.0;
const TOP: f64 = 20.0;
const BOTTOM: f64 = 214.0;

/// A line chart of 720 by 250 units: months to the right, percent upwards. The vertical axis runs from the smallest to
/// the largest value; its ticks say so.
#[derive(Debug, Clone)]
pub struct Course {
    /// What is drawn, for screen readers, closed by the verdict.
    pub title: String,
    /// Month and value, oldest first; months left out are gaps.
    pub actual: Vec<(Month, f64)>,
    /// Corners of the path, oldest first: start, this year's target, last target.
    pub path: Vec<(Month, f64)>,
    /// The forecast: its month, lower bound, value and upper bound.
    pub forecast: Option<(Month, [f64; 3])>,
}

impl Course {
    /// The drawing; nothing when there is neither a value nor a path.
    pub fn svg(&self, l: Locale<'_>) -> SafeHtml {
        let months = self.actual.iter().chain(&self.path).map(|p| p.0).chain(self.forecast.map(|f| f.0));
        let (Some(first), Some(last)) = (months.clone().min(), months.max()) else { return SafeHtml::empty() };
        let band = self.forecast.iter().flat_map(|f| f.1);
        let values = || self.actual.iter().chain(&self.path).map(|p| p.1).chain(band.clone());
        let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
        let y = Scale::new(low, high, BOTTOM, TOP);
        let x = Scale::new(f64::from(first.index()), f64::from(last.index().max(first.index() + 1)), LEFT, RIGHT);
        let x = |month: Month| x.at(f64::from(month.index()));
        let grid = ticks(low, high, 4.0).into_iter().map(|value| {
            let decimals = if high - low < 4.0 { 1 } else { 0 };
            line(LEFT, y.at(value), RIGHT, y.at(value), "s-grid").then(text(
                LEFT - 6.0,
                y.at(value) + 4.0,
                "s-tick end",
                &format::decimal(l.lang(), value, decimals),
            ))
        });
        let years = (first.year()..=last.year()).filter_map(|year| Month::new(year, 12)).filter(|m| *m >= first && *m <= last);
        let years = years.map(|month| text(x(month), BOTTOM + 18.0, "s-tick mid", &format::month_short(l.lang(), month)));
        tag("svg")
            .class("course")
            .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .attr("width", "100%")
            .attr("role", "img")
            .attr("aria-label", &self.title)
            .children(grid)
            .child(line(LEFT, BOTTOM, RIGHT, BOTTOM, "s-axis"))
            .children(self.actual.last().map(|(month, _)| line(x(*month), TOP - 8.0, x(*month), BOTTOM, "s-now")))
            .child(tag("polyline").class("s-path").attr("points", points(&self.path, &x, &y)))
            .children(self.runs().iter().map(|run| tag("polyline").class("s-actual").attr("points", points(run, &x, &y))))
            .children(self.marks(l, &x, &y))
            .children(years)
            .html()
    }

    /// Months that follow one another.
    fn runs(&self) -> Vec<Vec<(Month, f64)>> {
        let mut runs: Vec<Vec<(Month, f64)>> = Vec::new();
        for point in &self.actual {
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(|(month, _)| month.next() == point.0) => run.push(*point),
                _ => runs.push(vec![*point]),
            }
        }
        runs
    }

    fn marks(&self, l: Locale<'_>, x: &dyn Fn(Month) -> f64, y: &Scale) -> Vec<SafeHtml> {
        let write = |value: f64| format::decimal(l.lang(), value, 2);
        let mut marks = Vec::new();
        for (month, value) in &self.actual {
            marks.push(tag("circle").class("s-dot").num("cx", x(*month)).num("cy", y.at(*value)).attr("r", "3").html());
        }
        if let Some((month, value)) = self.actual.last() {
            marks.push(text(x(*month) - 6.0, y.at(*value) - 8.0, "s-label end", &write(*value)));
        }
        for (month, value) in self.path.iter().skip(1) {
            marks.push(tag("circle").class("s-target").num("cx", x(*month)).num("cy", y.at(*value)).attr("r", "4").html());
            marks.push(text(x(*month) + 8.0, y.at(*value) + 4.0, "s-label", &write(*value)));
        }
        if let Some((month, [low, value, high])) = self.forecast {
            let at = x(month);
            marks.push(line(at, y.at(low), at, y.at(high), "s-band"));
            marks.push(tag("circle").class("s-forecast").num("cx", at).num("cy", y.at(value)).attr("r", "3.4").html());
        }
        marks
    }
}

fn points(values: &[(Month, f64)], x: &dyn Fn(Month) -> f64, y: &Scale) -> String {
    let corner = |(month, value): &(Month, f64)| format!("{},{}", one_decimal(x(*month)), one_decimal(y.at(*value)));
    values.iter().map(corner).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, Texts};

    fn month(year: i32, number: i32) -> Month {
        Month::new(year, number).unwrap()
    }

    fn drawn(course: &Course) -> String {
        let texts = Texts::load(&[(Lang::Vi, "a.ftl", ""), (Lang::En, "a.ftl", "")]).unwrap();
        course.svg(texts.lang(Lang::Vi)).as_str().to_owned()
    }

    #[test]
    fn a_gap_in_the_months_is_a_gap_in_the_line() {
        let actual = vec![(month(2026, 8), 93.0), (month(2026, 9), 93.5), (month(2026, 11), 94.0)];
        let path = vec![(month(2026, 8), 93.0), (month(2026, 12), 94.6), (month(2030, 12), 100.0)];
        let forecast = Some((month(2026, 12), [93.9, 94.2, 94.5]));
        let svg = drawn(&Course { title: "BHYT".into(), actual, path, forecast });
        assert_eq!(svg.matches("class=\"s-actual\"").count(), 2, "{svg}");
        assert_eq!(svg.matches("class=\"s-band\"").count(), 1);
        assert!(svg.contains("94,00") && svg.contains("100,00") && svg.contains("12/30"), "{svg}");
    }

    #[test]
    fn nothing_known_draws_nothing_and_one_value_stands_alone() {
        let empty = Course { title: String::new(), actual: Vec::new(), path: Vec::new(), forecast: None };
        assert_eq!(drawn(&empty), "");
        let one = Course { actual: vec![(month(2026, 10), 94.0)], ..empty };
        let svg = drawn(&one);
        assert!(svg.contains("94,00") && !svg.contains("NaN") && !svg.contains("inf"), "{svg}");
    }
}
