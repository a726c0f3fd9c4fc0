//! What happened and what comes, in order.

use crate::html::{SafeHtml, tag};

/// The mark before a moment, by kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// ● a step.
    Step,
    /// ■ money.
    Money,
    /// ◆ a turn in law.
    Legal,
    /// ○ coming.
    Coming,
}

/// One moment.
#[derive(Debug, Clone)]
pub struct Moment {
    /// Date or date and time, already written.
    pub when: String,
    /// Kind.
    pub mark: Mark,
    /// What happened.
    pub title: SafeHtml,
    /// Document number, proof of receipt, who; empty for none.
    pub detail: SafeHtml,
}

/// Moments in the order given.
pub fn timeline(moments: &[Moment]) -> SafeHtml {
    let items = moments.iter().map(|moment| {
        let mark = match moment.mark {
            Mark::Step => tag("circle").class("solid").attr("cx", "6").attr("cy", "6").attr("r", "4"),
            Mark::Money => tag("path").class("solid").attr("d", "M2 2h8v8H2z"),
            Mark::Legal => tag("path").class("solid").attr("d", "M6 .6 11.4 6 6 11.4.6 6z"),
            Mark::Coming => tag("circle").class("line").attr("cx", "6").attr("cy", "6").attr("r", "3.6"),
        };
        let mark = tag("svg")
            .class("mark")
            .attr("viewBox", "0 0 12 12")
            .attr("width", "12")
            .attr("height", "12")
            .attr("aria-hidden", "true")
            .child(mark);
        let detail = (!moment.detail.is_empty()).then(|| tag("div").class("small").child(moment.detail.clone()));
        tag("li")
            .child(tag("span").class("when").text(&moment.when))
            .child(mark)
            .child(tag("div").child(moment.title.clone()).child_opt(detail))
    });
    tag("ol").class("timeline").children(items).html()
}
