//! The frame of a chart: caption, drawing, and the same numbers as a table.

use crate::component::Table;
use crate::html::{SafeHtml, tag};
use crate::i18n::Locale;

/// A drawing with its caption and its numbers as a table that opens.
#[derive(Debug, Clone)]
pub struct ChartFigure {
    /// What, unit, as of which day.
    pub caption: String,
    /// The drawing.
    pub svg: SafeHtml,
    /// The numbers.
    pub table: Table,
}

impl ChartFigure {
    /// The figure; the table works without script (`<details>`) and opens on paper.
    pub fn html(&self, l: Locale<'_>) -> SafeHtml {
        tag("figure")
            .class("chart")
            .child(tag("figcaption").text(&self.caption))
            .child(
                tag("div")
                    .class("chart-scroll")
                    .attr("role", "group")
                    .attr("tabindex", "0")
                    .attr("aria-label", &self.caption)
                    .child(self.svg.clone()),
            )
            .child(tag("details").child(tag("summary").text(&l.t("chart-as-table"))).child(self.table.html(l)))
            .html()
    }
}
