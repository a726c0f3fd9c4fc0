//! Figures that change by days and hold in between: a line of steps for each series.

use base::Date;

use crate::chart::scale::Scale;
use crate::format;
use crate::html::{SafeHtml, one_decimal, tag};
use crate::i18n::Locale;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 150.0;
const LEFT: f64 = 8.0;
const RIGHT: f64 = 500.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 116.0;
/// Least distance of two marks below the axis.
const TICK: f64 = 58.0;
/// Least height between the names of two lines.
const ROW: f64 = 12.0;

/// One line.
#[derive(Debug, Clone)]
pub struct StepSeries {
    /// Name at the end of the line; empty when there is only one.
    pub name: String,
    /// First day of each value, its size for drawing, and its words; ascending.
    pub steps: Vec<(Date, f64, String)>,
}

/// A step chart of 640 by 150 units. The vertical axis begins at zero; a dotted line marks today.
#[derive(Debug, Clone)]
pub struct StepChart {
    /// What is drawn, for screen readers.
    pub title: String,
    /// The lines; more than five would hide one another.
    pub series: Vec<StepSeries>,
    /// Today.
    pub today: Date,
}

impl StepChart {
    /// The drawing; nothing when there is nothing to compare.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let days = || self.series.iter().flat_map(|s| s.steps.iter().map(|step| step.0));
        let highest = self.series.iter().flat_map(|s| s.steps.iter().map(|step| step.1)).fold(0.0, f64::max);
        let (Some(first), Some(last)) = (days().min(), days().max()) else { return SafeHtml::empty() };
        if first == last || highest <= 0.0 {
            return SafeHtml::empty();
        }
        // Some room after the newest value, so that it is seen to hold.
        let end = self.today.max(last).add_days(120).unwrap_or(last);
        let x = Scale::new(0.0, f64::from(first.days_until(end)), LEFT, RIGHT);
        let x = |day: Date| x.at(f64::from(first.days_until(day)));
        let y = Scale::new(0.0, highest, BOTTOM, TOP);
        let lines = self.series.iter().map(|series| {
            let mut points = String::new();
            for (at, (from, value, _)) in series.steps.iter().enumerate() {
                let until = series.steps.get(at + 1).map_or(end, |next| next.0);
                let height = one_decimal(y.at(*value));
                points.push_str(&format!("{},{height} {},{height} ", one_decimal(x(*from)), one_decimal(x(until))));
            }
            tag("polyline").class("s-actual").attr("points", points.trim_end()).html()
        });
        let mut ticks: Vec<Date> = days().collect();
        ticks.sort_unstable();
        ticks.dedup();
        let mut before = f64::NEG_INFINITY;
        ticks.retain(|day| {
            let shown = x(*day) - before >= TICK;
            if shown {
                before = x(*day);
            }
            shown
        });
        let marks = ticks.iter().map(|day| text(x(*day), HEIGHT - 14.0, "s-tick", &format::month_short(l.lang(), day.month())));
        let svg = tag("svg")
            .class("steps")
            .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .attr("width", "100%")
            .attr("role", "img")
            .attr("aria-label", &self.title)
            .child(line(LEFT, BOTTOM, RIGHT, BOTTOM, "s-axis"))
            .child(line(x(self.today), TOP - 8.0, x(self.today), BOTTOM, "s-now"))
            .children(lines)
            .children(self.words(&x, &y))
            .children(marks);
        tag("div").class("chart-scroll").child(svg.html()).html()
    }

    /// The value above each step of a single line; of several the name and newest value at their ends.
    fn words(&self, x: &dyn Fn(Date) -> f64, y: &Scale) -> Vec<SafeHtml> {
        if let [only] = self.series.as_slice() {
            return only
                .steps
                .iter()
                .map(|(from, value, words)| text(x(*from) + 3.0, y.at(*value) - 5.0, "s-label", words))
                .collect();
        }
        let mut ends: Vec<(f64, String)> = self
            .series
            .iter()
            .filter_map(|series| {
                let (_, value, words) = series.steps.last()?;
                Some((y.at(*value) + 4.0, format!("{}: {words}", series.name)))
            })
            .collect();
        // From the top down, each at least a row below the one above.
        ends.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut above = f64::NEG_INFINITY;
        ends.into_iter()
            .map(|(height, words)| {
                above = height.max(above + ROW);
                text(RIGHT + 6.0, above, "s-label", &words)
            })
            .collect()
    }
}

fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> SafeHtml {
    tag("line").class(class).num("x1", x1).num("y1", y1).num("x2", x2).num("y2", y2).html()
}

fn text(x: f64, y: f64, class: &str, words: &str) -> SafeHtml {
    tag("text").class(class).num("x", x).num("y", y).text(words).html()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, Texts};

    fn drawn(series: Vec<StepSeries>) -> String {
        let texts = Texts::load(&[(Lang::Vi, "a.ftl", ""), (Lang::En, "a.ftl", "")]).unwrap();
        let chart = StepChart { title: "Mức".into(), series, today: "2026-11-22".parse().unwrap() };
        chart.html(texts.lang(Lang::Vi)).as_str().to_owned()
    }

    fn series(name: &str, values: &[(&str, f64)]) -> StepSeries {
        let steps = values.iter().map(|(day, value)| (day.parse().unwrap(), *value, value.to_string())).collect();
        StepSeries { name: name.into(), steps }
    }

    #[test]
    fn a_value_begins_on_its_day_and_holds_until_the_next() {
        let svg = drawn(vec![series("", &[("2024-07-01", 50.0), ("2026-07-01", 100.0)])]);
        // Up to the day of change at half the height, from it on at the full one.
        assert!(svg.contains("points=\"8,67 ") && svg.contains(",67 ") && svg.contains(",18\""), "{svg}");
        assert!(svg.contains("07/24") && svg.contains("07/26"), "{svg}");
    }

    #[test]
    fn several_lines_are_named_and_no_name_covers_another() {
        let alike = [("2024-07-01", 99.0), ("2026-07-01", 100.0)];
        let svg = drawn(vec![series("I", &alike), series("II", &alike), series("III", &alike)]);
        for (name, height) in [("I: 100", "y=\"22\""), ("II: 100", "y=\"34\""), ("III: 100", "y=\"46\"")] {
            assert!(svg.contains(&format!("{height}>{name}")), "{name} at {height}: {svg}");
        }
    }

    #[test]
    fn nothing_is_drawn_of_one_value_or_of_zeros() {
        assert_eq!(drawn(vec![series("", &[("2024-07-01", 50.0)])]), "");
        assert_eq!(drawn(vec![series("", &[("2024-07-01", 0.0), ("2026-07-01", 0.0)])]), "");
        assert_eq!(drawn(Vec::new()), "");
    }
}
