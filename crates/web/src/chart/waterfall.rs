//! The waterfall: from a first value over signed parts to the total that the parts add up to.

use crate::chart::scale::{Scale, ticks};
use crate::chart::sparkline::{line, text};
use crate::format;
use crate::html::{SafeHtml, Tag, one_decimal, tag};
use crate::i18n::Locale;

const WIDTH: f64 = 640.0;
const LABELS: f64 = 188.0;
const LEFT: f64 = 200.0;
const RIGHT: f64 = 536.0;
const ROW: f64 = 26.0;
const BAR: f64 = 15.0;
const TOP: f64 = 8.0;

/// One part of the sum.
#[derive(Debug, Clone)]
pub struct WaterfallPart {
    /// Words: "Ngày sinh giống".
    pub label: String,
    /// Value in thousandths of the unit.
    pub value: i64,
}

impl WaterfallPart {
    /// A part with words and value in thousandths.
    pub fn new(label: impl Into<String>, value: i64) -> Self {
        Self { label: label.into(), value }
    }
}

/// A sum drawn part by part. Values are in thousandths and shown with one decimal.
///
/// After rounding the shown parts still add up to the shown total: what is left over goes to the
/// largest part.
#[derive(Debug, Clone)]
pub struct Waterfall {
    /// Id, unique on the page.
    pub id: String,
    /// What is added up, with the unit.
    pub title: String,
    /// Where the sum starts, e.g. the odds before anything is compared.
    pub first: WaterfallPart,
    /// Parts, in the order they are added.
    pub parts: Vec<WaterfallPart>,
    /// Words before the total.
    pub total_label: String,
    /// The total in words after the number: "= 99,94%"; empty for none.
    pub total_words: String,
}

/// A bar of one row: from, to (both in tenths), the value printed, the class.
struct Bar<'a> {
    label: &'a str,
    from: i64,
    to: i64,
    words: String,
    class: &'static str,
    is_part: bool,
}

impl Waterfall {
    /// The first value and the parts in tenths, as printed; they add up to the printed total.
    pub fn printed_tenths(&self) -> (i64, Vec<i64>, i64) {
        let tenth = |v: i64| if v >= 0 { (v + 50) / 100 } else { (v - 50) / 100 };
        let all: Vec<i64> = std::iter::once(self.first.value).chain(self.parts.iter().map(|p| p.value)).collect();
        let total = tenth(all.iter().sum());
        let mut printed: Vec<i64> = all.iter().copied().map(tenth).collect();
        let left_over = total - printed.iter().sum::<i64>();
        // The largest value hides a tenth best; the first of equals, so that the choice is stable.
        let largest = (0..all.len()).rev().max_by_key(|at| all[*at].abs()).unwrap_or(0);
        printed[largest] += left_over;
        (printed[0], printed.split_off(1), total)
    }

    /// The drawing, with title and a sentence for screen readers.
    pub fn svg(&self, l: Locale<'_>) -> SafeHtml {
        let bars = self.bars(l);
        let broken = self.axis_start(&bars);
        let (low, high) = extent(&bars, broken);
        let x = Scale::new(low, high, LEFT, RIGHT);
        let height = TOP + ROW * bars.len() as f64 + 30.0;
        let (title_id, desc_id) = (format!("{}-t", self.id), format!("{}-d", self.id));
        let svg = tag("svg")
            .class("waterfall")
            .attr("viewBox", format!("0 0 {WIDTH} {}", one_decimal(height)))
            .attr("width", "100%")
            .attr("role", "img")
            .attr("aria-labelledby", format!("{title_id} {desc_id}"))
            .child(tag("title").attr("id", title_id).text(&self.title))
            .child(tag("desc").attr("id", desc_id).text(&self.sentence(&bars)));
        let floor = height - 24.0;
        let svg = svg.children(ticks(low, high, 4.0).into_iter().flat_map(|value| {
            let class = if value == 0.0 { "w-zero" } else { "w-grid" };
            let words = format::decimal(l.lang(), value / 10.0, if value.rem_euclid(10.0) == 0.0 { 0 } else { 1 });
            [line(x.at(value), TOP - 4.0, x.at(value), floor, class), text(x.at(value), height - 8.0, "s-tick mid", &words)]
        }));
        let last = bars.len() - 1;
        let total_line = TOP + ROW * last as f64 - 1.0;
        svg.child(line(0.0, total_line, WIDTH, total_line, "w-rule"))
            .children(
                bars.iter().enumerate().map(|(at, bar)| draw(bar, at, &x, if bar.is_part { None } else { broken }, at == last)),
            )
            .html()
    }

    fn bars(&self, l: Locale<'_>) -> Vec<Bar<'_>> {
        let (first, parts, total) = self.printed_tenths();
        let write = |tenths: i64| format::thousandths(l.lang(), tenths * 100, 1);
        let mut bars =
            vec![Bar { label: &self.first.label, from: 0, to: first, words: write(first), class: "w-first", is_part: false }];
        let mut running = first;
        for (part, value) in self.parts.iter().zip(parts) {
            let class = if value < 0 { "w-minus" } else { "w-plus" };
            bars.push(Bar { label: &part.label, from: running, to: running + value, words: write(value), class, is_part: true });
            running += value;
        }
        let words = format!("{} {}", write(total), self.total_words);
        bars.push(Bar {
            label: &self.total_label,
            from: 0,
            to: total,
            words: words.trim_end().to_owned(),
            class: "w-total",
            is_part: false,
        });
        bars
    }

    /// Where the axis starts when it does not start at 0: only if the whole course lies far from zero,
    /// so that its parts could not be seen otherwise.
    fn axis_start(&self, bars: &[Bar<'_>]) -> Option<f64> {
        let places = bars.iter().filter(|b| b.is_part).flat_map(|b| [b.from, b.to]);
        let (low, high) = places.fold((i64::MAX, i64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if low > high || low.signum() != high.signum() || low == 0 {
            return None;
        }
        let (near, span) = (low.abs().min(high.abs()), (high - low).max(1));
        // Less than a third of the axis would be left for the parts.
        (near > 2 * span).then_some(if low > 0 { low as f64 - span as f64 * 0.4 } else { high as f64 + span as f64 * 0.4 })
    }

    fn sentence(&self, bars: &[Bar<'_>]) -> String {
        let parts: Vec<String> = bars.iter().map(|bar| format!("{} {}", bar.label, bar.words)).collect();
        format!("{}.", parts.join("; "))
    }
}

fn extent(bars: &[Bar<'_>], broken: Option<f64>) -> (f64, f64) {
    let start = broken.unwrap_or(0.0);
    let places = bars.iter().flat_map(|b| if b.is_part { [b.from, b.to] } else { [b.to, b.to] }).map(|v| v as f64);
    places.fold((start, start), |(low, high), v| (low.min(v), high.max(v)))
}

fn draw(bar: &Bar<'_>, at: usize, x: &Scale, broken: Option<f64>, is_total: bool) -> SafeHtml {
    let top = TOP + ROW * at as f64 + (ROW - BAR) / 2.0;
    let middle = top + BAR / 2.0;
    let from = x.at(broken.unwrap_or(bar.from as f64));
    let to = x.at(bar.to as f64);
    let (left, right) = (from.min(to), from.max(to));
    let weight = if is_total { "w-label b" } else { "w-label" };
    let mut out = label(bar.label, middle, weight);
    out.push(
        tag("rect")
            .class(bar.class)
            .num("x", left)
            .num("y", top)
            .num("width", (right - left).max(1.0))
            .num("height", BAR)
            .attr("rx", "1"),
    );
    if broken.is_some() {
        let cut = left + 14.0;
        for shift in [0.0, 6.0] {
            let d = format!("M{} {}l5-{}", one_decimal(cut + shift), one_decimal(top + BAR + 2.0), one_decimal(BAR + 4.0));
            out.push(tag("path").class("w-cut").attr("d", d));
        }
    }
    if !is_total {
        // The connector leads from the running total down to the next row.
        out.push(line(to, top + BAR, to, top + ROW, "w-link"));
    }
    let class = if is_total { "w-value b" } else { "w-value" };
    // About 7 units a character; a value that would leave the drawing stands left of its bar.
    let room = WIDTH - right - 6.0;
    if bar.words.chars().count() as f64 * 7.0 <= room {
        out.push(text(right + 6.0, middle + 4.0, class, &bar.words));
    } else {
        out.push(text(left - 6.0, middle + 4.0, &format!("{class} end"), &bar.words));
    }
    out
}

/// A label at the left, in two lines when it is long.
fn label(words: &str, middle: f64, class: &str) -> SafeHtml {
    let class = format!("{class} end");
    let count = words.chars().count();
    let split = (count > 28).then(|| {
        let spaces = words.char_indices().filter(|(_, c)| *c == ' ').map(|(at, _)| at);
        spaces.min_by_key(|at| at.abs_diff(words.len() / 2))
    });
    let row = |y: f64, words: &str| -> Tag { tag("text").class(&class).num("x", LABELS).num("y", y).text(words) };
    match split.flatten().map(|at| words.split_at(at)) {
        Some((one, two)) => row(middle - 2.0, one).html().then(row(middle + 10.0, two.trim_start())),
        None => row(middle + 4.0, words).html(),
    }
}
