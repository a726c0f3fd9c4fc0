//! The filter of the list: read aloud, as chips, as a form.

use base::{Area, CommuneCode};
use chapter::Viewer;
use web::component::{Button, ButtonKind, Chip, Choice, Control, Field, Form};
use web::{Locale, SafeHtml};

use super::super::{LIST, Pages, commune_choices, words};
use crate::REASONS;
use crate::filter::Query;
use crate::lines::Visible;

/// The filter read aloud, with the count.
pub(crate) fn sentence(pages: &Pages, l: Locale, query: &Query, count: usize) -> String {
    let place = CommuneCode::parse(&query.commune).map(|c| pages.place(&c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let reason = if query.reason.is_empty() { l.t("coverage-any-reason") } else { words::reason(&pages.app, l, &query.reason) };
    let mut text = l.t_args(
        "coverage-list-sentence",
        &[("n", (count as i64).into()), ("place", place.as_str().into()), ("reason", reason.as_str().into())],
    );
    let mut add = |more: String| text = format!("{text} {more}");
    if query.main_only() {
        add(l.t("coverage-list-sentence-main"));
    }
    if let Some(village) = village_words(l, query) {
        add(l.t_args("coverage-list-sentence-village", &[("village", village.as_str().into())]));
    }
    if !query.household.is_empty() {
        add(l.t_args("coverage-list-sentence-household", &[("number", query.household.as_str().into())]));
    }
    if query.no_card() {
        add(l.t("coverage-list-sentence-card"));
    }
    if query.is_new() {
        add(l.t("coverage-list-sentence-new"));
    }
    if !query.q.is_empty() {
        add(l.t_args("coverage-list-sentence-name", &[("q", query.q.as_str().into())]));
    }
    text
}

fn village_words(l: Locale, query: &Query) -> Option<String> {
    query.village().map(|name| name.map_or_else(|| l.t("coverage-village-none"), str::to_owned))
}

pub(super) fn chips(pages: &Pages, l: Locale, query: &Query) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |text: String, change: fn(&mut Query)| chips.push(Chip { text, remove_href: query.href(LIST, change) });
    if !query.reason.is_empty() {
        add(words::reason(&pages.app, l, &query.reason), |q| q.reason.clear());
    }
    if query.main_only() {
        add(l.t("coverage-main-only"), |q| q.main.clear());
    }
    if let Some(code) = CommuneCode::parse(&query.commune) {
        add(pages.place(&code), |q| q.commune.clear());
    }
    if let Some(village) = village_words(l, query) {
        add(village, |q| q.village.clear());
    }
    if !query.household.is_empty() {
        add(l.t_args("coverage-household", &[("number", query.household.as_str().into())]), |q| q.household.clear());
    }
    if query.no_card() {
        add(l.t("coverage-no-card-valid"), |q| q.card.clear());
    }
    if query.is_new() {
        add(l.t("coverage-state-new"), |q| q.state.clear());
    }
    if query.by_household() {
        add(l.t("coverage-group-household"), |q| q.group.clear());
    }
    if !query.q.is_empty() {
        add(l.t_args("coverage-chip-name", &[("q", query.q.as_str().into())]), |q| q.q.clear());
    }
    chips
}

/// The one commune that the list is about: asked for, or all that the viewer sees.
pub(crate) fn only_commune(viewer: &Viewer, query: &Query) -> Option<CommuneCode> {
    let own = match &viewer.scope.area {
        Area::Communes(own) if own.len() == 1 => own.first().cloned(),
        _ => None,
    };
    CommuneCode::parse(&query.commune).or(own)
}

pub(super) fn form(pages: &Pages, l: Locale, viewer: &Viewer, visible: &Visible, query: &Query) -> SafeHtml {
    let all = |chosen: bool| Choice::new("", l.t("coverage-filter-all"), chosen);
    let mut reasons = vec![all(query.reason.is_empty())];
    for reason in REASONS {
        if visible.shows(words::unit(&pages.app, reason)) {
            reasons.push(Choice::new(reason, words::reason(&pages.app, l, reason), query.reason == reason));
        }
    }
    let communes = commune_choices(pages, l, viewer, &query.commune);
    let states = vec![all(query.state.is_empty()), Choice::new("moi", l.t("coverage-state-new"), query.is_new())];
    let cards = vec![all(!query.no_card()), Choice::new("khong", l.t("coverage-no-card-valid"), query.no_card())];
    let groups = vec![
        Choice::new("", l.t("coverage-group-reason"), !query.by_household()),
        Choice::new("ho", l.t("coverage-group-household"), query.by_household()),
    ];
    let mut fields = vec![
        Field::new("ly-do", l.t("coverage-filter-reason"), Control::Select(reasons)).html(l),
        Field::new("xa", l.t("coverage-filter-commune"), Control::Select(communes)).html(l),
    ];
    // A narrowing that the form has no field for stays as it is.
    let mut hidden: Vec<(String, String)> = query.main_only().then(|| ("chinh".to_owned(), "1".to_owned())).into_iter().collect();
    match only_commune(viewer, query) {
        Some(code) => fields.push(villages(l, visible, query, &code)),
        None if !query.village.is_empty() => hidden.push(("to".into(), query.village.clone())),
        None => {}
    }
    fields.extend([
        Field::new("ho", l.t("coverage-filter-household"), Control::Text).value(query.household.as_str()).optional().html(l),
        Field::new("trang-thai", l.t("coverage-filter-state"), Control::Select(states)).html(l),
        Field::new("the", l.t("coverage-filter-card"), Control::Select(cards)).html(l),
        Field::new("q", l.t("coverage-filter-name"), Control::Text).value(query.q.as_str()).optional().html(l),
        Field::new("nhom", l.t("coverage-filter-group"), Control::Select(groups)).html(l),
    ]);
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
    Form { action: LIST.into(), reads: false, hidden, body: SafeHtml::concat(fields), buttons }.search()
}

fn villages(l: Locale, visible: &Visible, query: &Query, commune: &CommuneCode) -> SafeHtml {
    let mut choices = vec![Choice::new("", l.t("coverage-filter-all"), query.village.is_empty())];
    let everybody = Query { commune: commune.to_string(), ..Query::default() };
    for (name, people) in visible.villages(&everybody) {
        let value = name.unwrap_or("-");
        let label = name.map_or_else(|| l.t("coverage-village-none"), str::to_owned);
        choices.push(Choice::new(value, format!("{label} ({})", l.number(people as i64)), query.village == value));
    }
    if !query.village.is_empty() && choices.iter().all(|c| c.value != query.village) {
        choices.push(Choice::new(&query.village, &query.village, true));
    }
    Field::new("to", l.t("coverage-filter-village"), Control::Select(choices)).html(l)
}
