//! Bars: reasons stacked in one bar, progress in a row, a deviation from a centre line.

use crate::chart::tiles::TileClass;
use crate::component::Link;
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// How a part of a bar is filled; the three read in grey print too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fill {
    /// Full.
    Solid,
    /// Slanted lines.
    Hatch,
    /// Dots.
    Dots,
}

/// One reason: words, how many, and the list of them.
#[derive(Debug, Clone)]
pub struct ReasonPart {
    /// Words.
    pub label: String,
    /// How many.
    pub value: i64,
    /// The list.
    pub href: String,
}

/// One bar of reasons, the parts in the order given, with values and words under it.
#[derive(Debug, Clone, Default)]
pub struct ReasonBar {
    /// Id, unique on the page.
    pub id: String,
    /// What is divided, for screen readers.
    pub title: String,
    /// Reasons.
    pub parts: Vec<ReasonPart>,
}

const BAR_WIDTH: f64 = 1000.0;
const GAP: f64 = 2.0;

impl ReasonBar {
    /// The bar and its list; each value opens its list.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        let items = self.parts.iter().enumerate().map(|(at, part)| {
            let swatch = tag("svg")
                .class("swatch")
                .attr("viewBox", "0 0 12 12")
                .attr("width", "12")
                .attr("height", "12")
                .attr("aria-hidden", "true");
            let swatch =
                swatch.child(tag("rect").class(shade(at)).attr("x", "1").attr("y", "1").attr("width", "10").attr("height", "10"));
            let value = Link::new(l.number(part.value), part.href.clone()).figure();
            tag("li")
                .child(tag("span").class("value").child(swatch).child(value))
                .child(tag("span").class("words").text(&part.label))
        });
        tag("div").class("reasons").child(self.svg(l)).child(tag("ol").children(items)).html()
    }

    /// The bar alone. Parts of a thousandth or less are still one unit wide.
    pub fn svg(&self, l: Locale<'_>) -> SafeHtml {
        let total: i64 = self.parts.iter().map(|p| p.value.max(0)).sum();
        let shown = self.parts.iter().filter(|p| p.value > 0).count();
        let room = BAR_WIDTH - GAP * shown.saturating_sub(1) as f64;
        let said: Vec<String> = self.parts.iter().map(|p| format!("{}: {}", p.label, l.number(p.value))).collect();
        let (title_id, desc_id) = (format!("{}-t", self.id), format!("{}-d", self.id));
        let mut svg = tag("svg")
            .class("reason-bar")
            .attr("viewBox", "0 0 1000 22")
            .attr("width", "100%")
            .attr("height", "22")
            .attr("preserveAspectRatio", "none")
            .attr("role", "img")
            .attr("aria-labelledby", format!("{title_id} {desc_id}"))
            .child(tag("title").attr("id", title_id).text(&self.title))
            .child(tag("desc").attr("id", desc_id).text(&format!("{}.", said.join("; "))));
        let mut x = 0.0;
        for (at, part) in self.parts.iter().enumerate().filter(|(_, p)| p.value > 0) {
            let width = part.value as f64 / total as f64 * room;
            svg = svg
                .child(tag("rect").class(shade(at)).num("x", x).attr("y", "1").num("width", width.max(1.0)).attr("height", "20"));
            x += width + GAP;
        }
        svg.html()
    }
}

fn shade(at: usize) -> &'static str {
    ["r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8"][at.min(7)]
}

/// The parts of a row against the largest row of the table, e.g. done, under way, not begun.
///
/// The values stand beside it in the table, so it is hidden from screen readers.
pub fn share_bar(parts: &[(Fill, i64)], largest_row: i64) -> SafeHtml {
    const WIDTH: f64 = 130.0;
    let mut svg = tag("svg")
        .class("share")
        .attr("viewBox", "0 0 132 14")
        .attr("width", "132")
        .attr("height", "14")
        .attr("aria-hidden", "true");
    let mut x = 1.0;
    for (fill, value) in parts.iter().filter(|p| p.1 > 0) {
        let width = (*value as f64 / largest_row.max(1) as f64 * WIDTH).clamp(1.5, WIDTH);
        let (class, paint) = match fill {
            Fill::Solid => ("f-solid", None),
            Fill::Hatch => ("f-hatch", Some("url(#p-hatch)")),
            Fill::Dots => ("f-dots", Some("url(#p-dots)")),
        };
        svg = svg.child(
            tag("rect")
                .class(class)
                .attr_opt("fill", paint)
                .num("x", x)
                .attr("y", "1")
                .num("width", (width - 1.0).max(0.8))
                .attr("height", "12"),
        );
        x += width;
    }
    svg.html()
}

/// A bar to the left (short of the target) or right (above it) of a centre line, for a ranking.
///
/// `share` is the difference as a part of the largest one shown, -1 to 1. The number stands beside it.
pub fn deviation_bar(share: f64, class: TileClass) -> SafeHtml {
    const HALF: f64 = 27.0;
    let length = (share.clamp(-1.0, 1.0) * HALF).abs().max(1.0);
    let x = if share < 0.0 { 28.0 - length } else { 28.0 };
    tag("svg")
        .class("deviation")
        .attr("viewBox", "0 0 56 16")
        .attr("width", "56")
        .attr("height", "16")
        .attr("aria-hidden", "true")
        .child(
            tag("rect")
                .class(&format!("d-{}", class.class()))
                .num("x", x)
                .attr("y", "3")
                .num("width", length)
                .attr("height", "10"),
        )
        .child(tag("path").class("centre").attr("d", "M28 1v14"))
        .html()
}
