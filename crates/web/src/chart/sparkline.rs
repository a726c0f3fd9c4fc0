//! The course of a figure in a card, with its path to the targets.

use base::Month;

use crate::chart::scale::Scale;
use crate::format;
use crate::html::{SafeHtml, one_decimal, tag};
use crate::i18n::Locale;

const WIDTH: f64 = 243.0;
const HEIGHT: f64 = 80.0;
const LEFT: f64 = 6.0;
const RIGHT: f64 = 200.0;
const TOP: f64 = 9.0;
const BOTTOM: f64 = 58.0;
const BASE: f64 = 64.0;

/// A small line of 243 by 80 units: what happened, and the path of targets.
///
/// The vertical axis runs from the smallest to the largest value, not from zero; the sentence for
/// screen readers says so. A month without a value leaves a gap in the line.
#[derive(Debug, Clone)]
pub struct Sparkline {
    /// What is drawn, for screen readers: "Bao phủ, phần trăm".
    pub title: String,
    /// The status in words, closes the sentence: "Chậm 0,2 điểm".
    pub verdict: String,
    /// Month of the first value.
    pub from: Month,
    /// One value a month.
    pub actual: Vec<Option<f64>>,
    /// The path: last December's value, this year's target, and the final target when there is one.
    pub path: Vec<(Month, f64)>,
    /// The forecast: its month, lower bound, value and upper bound.
    pub forecast: Option<(Month, [f64; 3])>,
    /// Last month of the axis.
    pub until: Month,
    /// Decimals of the values in the sentence.
    pub decimals: u32,
}

impl Sparkline {
    /// The drawing.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let values = self.actual.iter().flatten().copied().chain(self.path.iter().map(|p| p.1));
        let values = values.chain(self.forecast.iter().flat_map(|(_, band)| *band)).filter(|v| v.is_finite());
        let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let svg = tag("svg")
            .class("spark")
            .attr("viewBox", format!("0 0 {WIDTH} {HEIGHT}"))
            .attr("width", "100%")
            .attr("role", "img")
            .attr("aria-label", self.sentence(l));
        if low > high {
            return svg.html();
        }
        let y = Scale::new(low, high, BOTTOM, TOP);
        let x = Scale::new(0.0, f64::from((self.until.index() - self.from.index()).max(1)), LEFT, RIGHT);
        let x_of = |month: Month| x.at(f64::from(month.index() - self.from.index()));
        svg.child(line(LEFT, BASE, RIGHT, BASE, "s-axis"))
            .children(self.as_of().map(|(month, _)| line(x_of(month), TOP - 6.0, x_of(month), BASE, "s-now")))
            .child(self.target_path(l, &x_of, &y))
            .children(self.forecast.map(|(month, [low, value, high])| {
                let x = x_of(month);
                line(x, y.at(low), x, y.at(high), "s-band")
                    .then(tag("circle").class("s-forecast").num("cx", x).num("cy", y.at(value)).attr("r", "2.6"))
            }))
            .children(self.runs().iter().map(|run| {
                let points = run
                    .iter()
                    .map(|(month, v)| format!("{},{}", one_decimal(x_of(*month)), one_decimal(y.at(*v))))
                    .collect::<Vec<_>>()
                    .join(" ");
                tag("polyline").class("s-actual").attr("points", points)
            }))
            .children(
                self.as_of()
                    .map(|(month, v)| tag("circle").class("s-dot").num("cx", x_of(month)).num("cy", y.at(v)).attr("r", "3.4")),
            )
            .child(self.labels(l, &x_of))
            .html()
    }

    fn target_path(&self, l: Locale<'_>, x_of: &dyn Fn(Month) -> f64, y: &Scale) -> SafeHtml {
        let points = self
            .path
            .iter()
            .map(|(m, v)| format!("{},{}", one_decimal(x_of(*m)), one_decimal(y.at(*v))))
            .collect::<Vec<_>>()
            .join(" ");
        let mut out = tag("polyline").class("s-path").attr("points", points).html();
        if let Some((month, value)) = self.path.get(1) {
            let (x, y) = (x_of(*month), y.at(*value));
            let d = format!("M{} {}l4.2 4.2-4.2 4.2-4.2-4.2z", one_decimal(x), one_decimal(y - 4.2));
            out.push(tag("path").class("s-target").attr("d", d));
        }
        if let Some((month, value)) = self.path.get(2..).and_then(<[_]>::last) {
            let (x, y) = (x_of(*month), y.at(*value));
            out.push(tag("circle").class("s-target").num("cx", x).num("cy", y).attr("r", "3.2"));
            out.push(text(x + 7.0, y + 4.0, "s-label", &short(l, *value)));
        }
        out
    }

    /// Years at both ends, the month of this year's target between them when there is room.
    fn labels(&self, l: Locale<'_>, x_of: &dyn Fn(Month) -> f64) -> SafeHtml {
        let mut out = text(LEFT, HEIGHT - 3.0, "s-tick", &self.from.year().to_string());
        out.push(text(RIGHT, HEIGHT - 3.0, "s-tick mid", &self.until.year().to_string()));
        if let Some((month, _)) = self.path.get(1) {
            let x = x_of(*month);
            if (LEFT + 44.0..RIGHT - 32.0).contains(&x) {
                out.push(text(x, HEIGHT - 3.0, "s-tick mid", &format::month_short(l.lang(), *month)));
            }
        }
        out
    }

    /// The last month that has a value.
    fn as_of(&self) -> Option<(Month, f64)> {
        let last = self.actual.iter().rposition(Option::is_some)?;
        Some((self.month_at(last), (*self.actual.get(last)?)?))
    }

    fn month_at(&self, at: usize) -> Month {
        self.from.plus(i32::try_from(at).unwrap_or(0))
    }

    /// The stretches of months that follow each other with values.
    fn runs(&self) -> Vec<Vec<(Month, f64)>> {
        let mut runs: Vec<Vec<(Month, f64)>> = vec![Vec::new()];
        for (at, value) in self.actual.iter().enumerate() {
            match (value, runs.last_mut()) {
                (Some(value), Some(run)) => run.push((self.month_at(at), *value)),
                _ => runs.push(Vec::new()),
            }
        }
        runs.retain(|run| run.len() > 1);
        runs
    }

    fn sentence(&self, l: Locale<'_>) -> String {
        let write = |value: f64| format::decimal(l.lang(), value, self.decimals);
        let month = |m: Month| format::month_short(l.lang(), m);
        let mut parts = vec![self.title.clone()];
        let first =
            self.actual.iter().position(Option::is_some).and_then(|at| Some((self.month_at(at), (*self.actual.get(at)?)?)));
        if let (Some((m0, v0)), Some((m1, v1))) = (first, self.as_of()) {
            let values = [
                ("from", write(v0).into()),
                ("from_month", month(m0).into()),
                ("to", write(v1).into()),
                ("to_month", month(m1).into()),
            ];
            parts.push(l.t_args("spark-course", &values));
        }
        for (m, v) in self.path.iter().skip(1) {
            parts.push(l.t_args("spark-target", &[("value", write(*v).into()), ("month", month(*m).into())]));
        }
        if let Some((m, [low, value, high])) = self.forecast {
            let values = [
                ("value", write(value).into()),
                ("low", write(low).into()),
                ("high", write(high).into()),
                ("month", month(m).into()),
            ];
            parts.push(l.t_args("spark-forecast", &values));
        }
        parts.push(self.verdict.clone());
        parts.push(l.t("spark-axis"));
        parts.retain(|p| !p.is_empty());
        format!("{}.", parts.join(". "))
    }
}

fn short(l: Locale<'_>, value: f64) -> String {
    format::decimal(l.lang(), value, if value.fract().abs() < 0.005 { 0 } else { 1 })
}

pub(crate) fn line(x1: f64, y1: f64, x2: f64, y2: f64, class: &str) -> SafeHtml {
    tag("line").class(class).num("x1", x1).num("y1", y1).num("x2", x2).num("y2", y2).html()
}

pub(crate) fn text(x: f64, y: f64, class: &str, words: &str) -> SafeHtml {
    tag("text").class(class).num("x", x).num("y", y).text(words).html()
}
