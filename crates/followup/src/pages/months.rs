//! The twelve months of a task as a strip of small cells.

use base::Month;
use web::{Locale, SafeHtml, tag};

use crate::standing::{Standing, TermState};

/// The strip of a year, from January; told in words to who does not see it.
pub(super) fn strip(l: Locale, standing: &Standing<'_>, january: Month) -> SafeHtml {
    let states: Vec<(Month, Option<TermState>)> = (0..12).map(|n| january.plus(n)).map(|m| (m, standing.month(m))).collect();
    let told = states.iter().filter_map(|(month, state)| Some(format!("{}: {}", l.month_short(*month), l.t(key((*state)?)))));
    let told = told.collect::<Vec<_>>().join("; ");
    let cells = states.iter().map(|(_, state)| tag("span").class(class(*state)).html());
    let told = if told.is_empty() { l.t("followup-no-term") } else { told };
    tag("span").class("months").attr("role", "img").attr("aria-label", told).children(cells).html()
}

/// The numbers of the months, for the head of the column.
pub(super) fn legend(l: Locale) -> SafeHtml {
    let kinds = [TermState::Done, TermState::Partly, TermState::Late, TermState::Ahead];
    let items = kinds.map(|state| {
        let cell = tag("span").class(class(Some(state))).attr("aria-hidden", "true").html();
        tag("li").child(cell).child(tag("span").text(&l.t(key(state)))).html()
    });
    tag("ul").class("months-legend").children(items).html()
}

fn class(state: Option<TermState>) -> &'static str {
    match state {
        Some(TermState::Done) => "m-done",
        Some(TermState::Partly) => "m-partly",
        Some(TermState::Late) => "m-late",
        Some(TermState::Ahead) => "m-ahead",
        None => "m-none",
    }
}

fn key(state: TermState) -> &'static str {
    match state {
        TermState::Done => "followup-term-done",
        TermState::Partly => "followup-term-partly",
        TermState::Late => "followup-term-late",
        TermState::Ahead => "followup-term-ahead",
    }
}
