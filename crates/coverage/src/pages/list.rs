//! The list of people to be reviewed, by reason, with filter and paging.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Form, Link, Pager, Panel, Row, Status, Table,
    audit_note, empty_state,
};
use web::{Locale, SafeHtml, tag};

use super::{LIST, Pages, words};
use crate::filter::Query;
use crate::serving::{Snapshot, Work};
use crate::{REASONS, UNEXPLAINED};

/// Rows of one page.
const PAGE: usize = 50;

/// `GET /nguoi-chua-tham-gia`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let found: Vec<&Work> = snapshot.visible(&viewer.scope).filter(|w| query.takes(w)).collect();
    let (from, shown) = page_of(&found, &query);
    let audited = app.audit(&viewer, event(&snapshot, &query, shown.len())).await?;
    let mut page = app.page(&viewer, &query.href(LIST, |_| ()), l.t("coverage-list-title"));
    let sentence = sentence(&pages, l, &query, found.len());
    let bar = FilterBar { chips: chips(&pages, l, &query), sentence, more: form(&pages, l, &viewer, &query) }.html(l);
    let table = table(&pages, l, &query, shown);
    let summary = l.t_args(
        "coverage-list-range",
        &[
            ("from", ((from + 1).min(found.len()) as i64).into()),
            ("to", ((from + shown.len()) as i64).into()),
            ("n", (found.len() as i64).into()),
        ],
    );
    let first = (from > 0).then(|| query.href(LIST, |_| ()));
    let previous = shown.first().filter(|_| from > 0).map(|w| query.href(LIST, |q| q.before = Some(w.rank)));
    let next = shown.last().filter(|_| from + shown.len() < found.len()).map(|w| query.href(LIST, |q| q.after = Some(w.rank)));
    let pager = Pager { summary, first, previous, next }.html(l);
    page.facts = tag("span").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])).html();
    if desk::may(&viewer.scope, Permission::Export) {
        page.actions = vec![
            Button::link(l.t("coverage-export-csv"), query.href("/nguoi-chua-tham-gia.csv", |_| ()), ButtonKind::Default),
            Button::link(l.t("coverage-export-xlsx"), query.href("/nguoi-chua-tham-gia.xlsx", |_| ()), ButtonKind::Default),
        ];
    }
    if let Some(search) = &mut page.search {
        search.value = query.q.clone();
    }
    page.table_id = "danh-sach".into();
    page.body = SafeHtml::concat([bar, Panel::flush(l.t("coverage-list-panel"), table).foot(pager).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("coverage-list-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("coverage-list-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// The page of rows after or before a place: where it starts, and its rows.
fn page_of<'a, 'w>(found: &'a [&'w Work], query: &Query) -> (usize, &'a [&'w Work]) {
    // Without a reason rows of several reasons follow one another; rank orders the whole list.
    let from = match (query.after, query.before) {
        (Some(after), _) => found.partition_point(|w| w.rank <= after),
        (None, Some(before)) => found.partition_point(|w| w.rank < before).saturating_sub(PAGE),
        (None, None) => 0,
    };
    let to = (from + PAGE).min(found.len());
    (from, &found[from.min(to)..to])
}

/// What goes into the audit log: the reason, the commune and how many people were shown, never what was typed.
pub(crate) fn event(snapshot: &Snapshot, query: &Query, rows: usize) -> ReadEvent {
    let action = if query.q.is_empty() { AuditAction::ListPeople } else { AuditAction::SearchPeople };
    let reason = Some(query.reason.as_str()).filter(|r| REASONS.contains(r)).unwrap_or("all");
    let event = ReadEvent::new(action, "worklist").object(reason).count("rows", rows as i64).run(&snapshot.run);
    match CommuneCode::parse(&query.commune) {
        Some(code) => event.commune(&code),
        None => event,
    }
}

/// The filter read aloud, with the count.
pub(crate) fn sentence(pages: &Pages, l: Locale, query: &Query, count: usize) -> String {
    let place = CommuneCode::parse(&query.commune).map(|c| pages.place(&c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let reason = if query.reason.is_empty() { l.t("coverage-any-reason") } else { words::reason(&pages.app, l, &query.reason) };
    let mut text = l.t_args(
        "coverage-list-sentence",
        &[("n", (count as i64).into()), ("place", place.as_str().into()), ("reason", reason.as_str().into())],
    );
    if query.main_only() {
        text = format!("{text} {}", l.t("coverage-list-sentence-main"));
    }
    if query.no_card() {
        text = format!("{text} {}", l.t("coverage-list-sentence-card"));
    }
    if query.state == "moi" {
        text = format!("{text} {}", l.t("coverage-list-sentence-new"));
    }
    if !query.q.is_empty() {
        text = format!("{text} {}", l.t_args("coverage-list-sentence-name", &[("q", query.q.as_str().into())]));
    }
    text
}

fn chips(pages: &Pages, l: Locale, query: &Query) -> Vec<Chip> {
    let mut chips = Vec::new();
    if !query.reason.is_empty() {
        let text = words::reason(&pages.app, l, &query.reason);
        chips.push(Chip { text, remove_href: query.href(LIST, |q| q.reason.clear()) });
    }
    if query.main_only() {
        chips.push(Chip { text: l.t("coverage-main-only"), remove_href: query.href(LIST, |q| q.main.clear()) });
    }
    if let Some(code) = CommuneCode::parse(&query.commune) {
        chips.push(Chip { text: pages.place(&code), remove_href: query.href(LIST, |q| q.commune.clear()) });
    }
    if query.no_card() {
        chips.push(Chip { text: l.t("coverage-no-card-valid"), remove_href: query.href(LIST, |q| q.card.clear()) });
    }
    if query.state == "moi" {
        chips.push(Chip { text: l.t("coverage-state-new"), remove_href: query.href(LIST, |q| q.state.clear()) });
    }
    if !query.q.is_empty() {
        let text = l.t_args("coverage-chip-name", &[("q", query.q.as_str().into())]);
        chips.push(Chip { text, remove_href: query.href(LIST, |q| q.q.clear()) });
    }
    chips
}

fn form(pages: &Pages, l: Locale, viewer: &Viewer, query: &Query) -> SafeHtml {
    let mut reasons = vec![Choice::new("", l.t("coverage-filter-all"), query.reason.is_empty())];
    for reason in REASONS {
        if reason == crate::worklist::WAGE && !desk::may(&viewer.scope, Permission::ViewWageFindings) {
            continue;
        }
        reasons.push(Choice::new(reason, words::reason(&pages.app, l, reason), query.reason == reason));
    }
    let mut communes = vec![Choice::new("", l.t("coverage-filter-all"), query.commune.is_empty())];
    let mut places: Vec<_> = pages.app.places.communes().iter().filter(|c| viewer.scope.sees(Some(&c.code))).collect();
    places.sort_by_cached_key(|c| web::text_sort_key(&c.name));
    for commune in places {
        communes.push(Choice::new(commune.code.as_str(), pages.place(&commune.code), query.commune == commune.code.as_str()));
    }
    let states = vec![
        Choice::new("", l.t("coverage-filter-all"), query.state.is_empty()),
        Choice::new("moi", l.t("coverage-state-new"), query.state == "moi"),
    ];
    let cards = vec![
        Choice::new("", l.t("coverage-filter-all"), !query.no_card()),
        Choice::new("khong", l.t("coverage-no-card-valid"), query.no_card()),
    ];
    let body = SafeHtml::concat([
        Field::new("ly-do", l.t("coverage-filter-reason"), Control::Select(reasons)).html(l),
        Field::new("xa", l.t("coverage-filter-commune"), Control::Select(communes)).html(l),
        Field::new("trang-thai", l.t("coverage-filter-state"), Control::Select(states)).html(l),
        Field::new("the", l.t("coverage-filter-card"), Control::Select(cards)).html(l),
        Field::new("q", l.t("coverage-filter-name"), Control::Text).value(&query.q).optional().html(l),
    ]);
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), web::component::ButtonKind::Primary)];
    // A narrowing that the form has no field for stays as it is.
    let hidden = query.main_only().then(|| ("chinh".to_owned(), "1".to_owned())).into_iter().collect();
    Form { action: LIST.into(), reads: true, hidden, body, buttons }.html()
}

fn table(pages: &Pages, l: Locale, query: &Query, shown: &[&Work]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-column-reason")),
        Column::text(l.t("coverage-column-facts")),
        Column::text(l.t("coverage-column-place")),
        Column::text(l.t("coverage-column-state")),
    ];
    let rows = shown.iter().map(|work| {
        let year = work.born.map(|b| b.year().to_string()).unwrap_or_default();
        let name = if year.is_empty() { work.name.clone() } else { format!("{}, {year}", work.name) };
        let place = work.commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
        let household = work.household.as_ref().map(|h| l.t_args("coverage-household", &[("number", h.as_str().into())]));
        let state = if work.new {
            Status::doing(l.t("coverage-state-new"))
        } else if work.reason == UNEXPLAINED {
            Status::neutral(l.t("coverage-state-verify"))
        } else {
            let since = work.first_period.map(|d| l.month_short(d.month())).unwrap_or_default();
            Status::neutral(l.t_args("coverage-state-since", &[("month", since.as_str().into())]))
        };
        let card = if work.without_card { Status::warn(l.t("coverage-no-card")) } else { Status::ok(l.t("coverage-has-card")) };
        Row::new(vec![
            Cell::link(name, format!("/nguoi/{}", work.person)).note(household.unwrap_or_default()),
            Cell::text(words::reason(&pages.app, l, &work.reason)),
            Cell::text(words::facts_line(l, &work.evidence)),
            Cell::text(place),
            Cell::html(SafeHtml::join([state.html(), card.html()], " ")),
        ])
    });
    let widen = Link::new(l.t("coverage-list-widen"), LIST);
    let empty = empty_state(&l.t("coverage-list-empty"), &sentence(pages, l, query, 0), Some(&widen));
    Table::new("danh-sach", l.t("coverage-list-panel"), head).rows(rows).empty(empty).worklist().html(l)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(rank: i64) -> Work {
        Work {
            reason: UNEXPLAINED.into(),
            commune: None,
            rank,
            person: rank,
            name: "Lê Văn Mẫu".into(),
            folded: "le van mau".into(),
            born: None,
            household: None,
            main: true,
            without_card: true,
            new: false,
            first_period: None,
            evidence: Vec::new(),
        }
    }

    #[test]
    fn pages_follow_one_another_without_gap_or_overlap() {
        let all: Vec<Work> = (1..=120).map(work).collect();
        let found: Vec<&Work> = all.iter().collect();
        let mut seen = Vec::new();
        let mut query = Query::default();
        loop {
            let (_, shown) = page_of(&found, &query);
            let Some(last) = shown.last() else { break };
            seen.extend(shown.iter().map(|w| w.rank));
            query.after = Some(last.rank);
        }
        assert_eq!(seen, (1..=120).collect::<Vec<_>>());
        let back = Query { before: Some(101), ..Query::default() };
        let (from, shown) = page_of(&found, &back);
        assert_eq!((from, shown.len(), shown[0].rank), (50, 50, 51));
    }
}
