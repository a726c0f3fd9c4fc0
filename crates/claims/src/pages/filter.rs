//! The filter of the queue, read aloud, and the form for more.

use std::collections::BTreeMap;

use base::{Month, Strength};
use chapter::Viewer;
use web::component::{Button, ButtonKind, Chip, Choice, Control, Field, Form};
use web::{Locale, SafeHtml};

use super::query::{Part, QueueQuery};
use super::serving::Snapshot;
use super::{AUDIT, Audit, words};

/// The filter read aloud with its count.
pub(super) fn sentence(
    audit: &Audit,
    l: Locale,
    query: &QueueQuery,
    count: i64,
    names: &BTreeMap<String, String>,
    snapshot: &Snapshot,
) -> String {
    let facility = match query.facility.as_str() {
        "" => l.t("claims-any-facility"),
        code => words::facility(names, Some(snapshot), code),
    };
    let rule = if query.rule.is_empty() { l.t("claims-any-rule") } else { words::rule(&audit.app, l, &query.rule) };
    let values = [("n", count.into()), ("facility", facility.as_str().into()), ("rule", rule.as_str().into())];
    match query.part() {
        Part::Waiting => l.t_args("claims-sentence-waiting", &values),
        Part::Fresh => l.t_args("claims-sentence-fresh", &values),
        Part::Cases(_) => l.t_args("claims-sentence-cases", &values),
        Part::Overdue => l.t_args("claims-sentence-overdue", &values),
        Part::National => l.t_args("claims-sentence-national", &values),
    }
}

/// The filters in force.
pub(super) fn chips(
    audit: &Audit,
    l: Locale,
    query: &QueueQuery,
    names: &BTreeMap<String, String>,
    snapshot: &Snapshot,
) -> Vec<Chip> {
    let mut chips = Vec::new();
    let mut add = |text: String, change: fn(&mut QueueQuery)| chips.push(Chip { text, remove_href: query.href(change) });
    if !query.month.is_empty() {
        add(l.month(snapshot.period), |q| q.month.clear());
    }
    if !query.facility.is_empty() {
        add(words::facility(names, Some(snapshot), &query.facility), |q| q.facility.clear());
    }
    if !query.rule.is_empty() {
        add(words::rule(&audit.app, l, &query.rule), |q| q.rule.clear());
    }
    if let Some(strength) = query.strength() {
        add(words::strength_words(l, strength), |q| q.strength.clear());
    }
    match query.owner.as_str() {
        "toi" => add(l.t("claims-owner-me"), |q| q.owner.clear()),
        "chua-ai" => add(l.t("claims-nobody"), |q| q.owner.clear()),
        _ => {}
    }
    if !query.text.is_empty() {
        add(query.text.as_str().to_owned(), |q| q.text.clear());
    }
    chips
}

/// The months to choose from. `shown`: the one that is shown; `all`: where nothing chosen shows all of them.
pub(super) fn months(l: Locale, months: &[Month], shown: Option<Month>, all: bool) -> SafeHtml {
    let mut choices: Vec<Choice> = if all { vec![Choice::new("", l.t("claims-all"), shown.is_none())] } else { Vec::new() };
    choices.extend(months.iter().map(|month| Choice::new(month.to_string(), l.month(*month), shown == Some(*month))));
    Field::new("ky", l.t("claims-period"), Control::Select(choices)).optional().html(l)
}

/// A form that shows another month of a page.
pub(super) fn month_form(l: Locale, action: &str, known: &[Month], shown: Month) -> SafeHtml {
    let buttons = vec![Button::submit(l.t("claims-filter-apply"), ButtonKind::Default)];
    let body = months(l, known, Some(shown), false);
    Form { action: action.to_owned(), reads: true, hidden: Vec::new(), body, buttons }.html()
}

/// The form with what can narrow the list.
pub(super) fn form(
    audit: &Audit,
    l: Locale,
    viewer: &Viewer,
    query: &QueueQuery,
    names: &BTreeMap<String, String>,
    snapshot: &Snapshot,
    known: &[Month],
) -> SafeHtml {
    let all = |chosen: bool| Choice::new("", l.t("claims-all"), chosen);
    let mut facilities = vec![all(query.facility.is_empty())];
    let open = snapshot.facilities.keys().filter(|code| snapshot.is_open(&viewer.scope, code));
    facilities.extend(
        open.map(|code| Choice::new(code.as_str(), words::facility(names, Some(snapshot), code), *code == query.facility)),
    );
    let mut rules = vec![all(query.rule.is_empty())];
    let found = snapshot.rules.iter().filter(|(_, line)| line.found > 0);
    let mut titles: Vec<(String, &String)> = found.map(|(id, _)| (words::rule(&audit.app, l, id), id)).collect();
    titles.sort_by_cached_key(|(title, _)| web::text_sort_key(title));
    rules.extend(titles.into_iter().map(|(title, id)| Choice::new(id.as_str(), title, *id == query.rule)));
    // Cases of all months stand in one list; findings are those of one run.
    let of_cases = query.part().is_of_cases();
    let shown = (!of_cases || !query.month.is_empty()).then_some(snapshot.period);
    let mut fields = vec![
        months(l, known, shown, of_cases),
        Field::new("co-so", l.t("claims-facility"), Control::Select(facilities)).optional().html(l),
        Field::new("quy-tac", l.t("claims-rule"), Control::Select(rules)).optional().html(l),
    ];
    let mut hidden = vec![("muc".to_owned(), query.part.clone()), ("xep".to_owned(), query.order.clone())];
    match query.part() {
        Part::Cases(_) | Part::Overdue => {
            let owner = |word: &str, words: String| Choice::new(word, words, query.owner == word);
            let owners =
                vec![all(query.owner.is_empty()), owner("toi", l.t("claims-owner-me")), owner("chua-ai", l.t("claims-nobody"))];
            fields.push(Field::new("nguoi", l.t("claims-column-owner"), Control::Select(owners)).optional().html(l));
            let text =
                Field::new("tim", l.t("claims-find"), Control::Text).value(query.text.as_str()).hint(l.t("claims-find-hint"));
            fields.push(text.optional().html(l));
        }
        Part::Waiting | Part::Fresh | Part::National => {
            let mut strengths = vec![all(query.strength().is_none())];
            strengths.extend(
                [Strength::Absolute, Strength::Explain, Strength::Warn].map(|one| {
                    Choice::new(words::strength_word(one), words::strength_words(l, one), query.strength() == Some(one))
                }),
            );
            fields.push(Field::new("muc-do", l.t("claims-column-strength"), Control::Select(strengths)).optional().html(l));
        }
    }
    hidden.retain(|(_, value)| !value.is_empty());
    let buttons = vec![Button::submit(l.t("claims-filter-apply"), ButtonKind::Primary)];
    Form { action: AUDIT.into(), reads: false, hidden, body: SafeHtml::concat(fields), buttons }.search()
}
