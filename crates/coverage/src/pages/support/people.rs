//! The people of a group and standing, page by page.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use base::{CommuneCode, Dong, Scope};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent};
use web::component::{
    Button, ButtonKind, Cell, Chip, Choice, Column, Control, Field, FilterBar, Form, Link, Pager, Panel, Row, Status, Table,
    audit_note, empty_state,
};
use web::{Locale, SafeHtml};

use super::data::{self, Entitled, From};
use super::view::{self, Query, VIEWS};
use super::{HOME, PEOPLE};
use crate::pages::Pages;
use crate::support::{HEALTH, VOLUNTARY};

/// Rows of one page.
const PAGE: usize = 50;

/// `GET /ho-tro/nguoi`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromQuery(query): FromQuery<Query>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::ListPeople).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let inner = |e: engine::EngineError| PageError::inner(&e);
    if !data::there(&snapshot.session) {
        return Err(PageError::NotFound);
    }
    let asked = query.place(&viewer.scope);
    let condition = condition(&query, &viewer.scope, asked.as_ref());
    let figures = pages.figures.of(app, &snapshot).await?;
    let count = query.count(&figures.support, &viewer.scope, asked.as_ref());
    let from = match (query.after, query.before) {
        (Some(after), _) => From::After(after),
        (None, Some(before)) => From::Before(before),
        (None, None) => From::After(0),
    };
    // One more than is shown says whether there is another page.
    let mut found =
        data::people(&snapshot.session, &condition, from, PAGE + 1, (count, figures.support.last_person)).await.map_err(inner)?;
    let more = found.len() > PAGE;
    match from {
        From::After(_) => found.truncate(PAGE),
        From::Before(_) => {
            found.drain(..found.len().saturating_sub(PAGE));
        }
    }
    let mut event = ReadEvent::new(AuditAction::ListPeople, "support_entitlement")
        .object(query.group().unwrap_or("all"))
        .count("rows", found.len() as i64)
        .run(&snapshot.run);
    if let Some(view) = query.view() {
        event = event.word("standing", view.word);
    }
    if let Some(code) = &asked {
        event = event.commune(code);
    }
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, &query.href(PEOPLE, |_| ()), l.t("support-people-title"));
    page.crumbs = vec![Link::new(l.t("support-title"), HOME)];
    page.here = l.t("support-people-here");
    page.facts = SafeHtml::text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())]));
    if desk::may(&viewer.scope, Permission::Export) && count > 0 {
        page.actions = vec![
            Button::link(l.t("coverage-export-csv"), query.href("/ho-tro/nguoi.csv", |_| ()), ButtonKind::Default),
            Button::link(l.t("coverage-export-xlsx"), query.href("/ho-tro/nguoi.xlsx", |_| ()), ButtonKind::Default),
        ];
    }
    let place = asked.as_ref().map(|code| pages.place(code));
    let sentence = sentence(l, &query, place.as_deref(), count);
    let bar = FilterBar {
        chips: chips(l, &query, place.as_deref()),
        sentence: sentence.clone(),
        more: form(&pages, l, &viewer, &query),
    };
    let pager = pager(l, &query, &found, more, count).html(l);
    let table = table(&pages, l, &query, &found, &sentence);
    page.table_id = "nguoi".into();
    page.body = SafeHtml::concat([bar.html(l), Panel::flush(l.t("support-people-title"), table).foot(pager).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("support-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("coverage-reasons-note")];
    Ok(Shown::page(page.render(l), audited))
}

/// The filter as a condition on `support_entitlement`; only words and codes of our own lists come into it.
pub(super) fn condition(query: &Query, scope: &Scope, asked: Option<&CommuneCode>) -> String {
    let mut condition = format!("scheme = '{}' AND {}", query.scheme(), view::area(scope, asked));
    if let Some(group) = query.group() {
        condition.push_str(&format!(" AND group_code = '{group}'"));
    }
    if let Some(view) = query.view() {
        condition.push_str(&format!(" AND {}", view.sql));
    }
    condition
}

/// The filter read aloud, with the count.
pub(super) fn sentence(l: Locale, query: &Query, place: Option<&str>, count: i64) -> String {
    let whole = l.t("coverage-whole-scope");
    let scheme = view::scheme(l, query.scheme());
    let group = query.group().map_or_else(|| l.t("support-any-group"), |code| view::group(l, query.scheme(), code));
    let standing = query.view().map_or_else(|| l.t("support-any-standing"), |view| l.t(view.key));
    l.t_args(
        "support-people-sentence",
        &[
            ("n", count.into()),
            ("scheme", scheme.as_str().into()),
            ("group", group.as_str().into()),
            ("standing", standing.as_str().into()),
            ("place", place.unwrap_or(&whole).into()),
        ],
    )
}

fn chips(l: Locale, query: &Query, place: Option<&str>) -> Vec<Chip> {
    let mut chips = Vec::new();
    if query.scheme() == VOLUNTARY {
        let remove_href = query.href(PEOPLE, |q| {
            q.scheme.clear();
            q.group.clear();
        });
        chips.push(Chip { text: view::scheme(l, VOLUNTARY), remove_href });
    }
    if let Some(code) = query.group() {
        let text = view::group(l, query.scheme(), code);
        chips.push(Chip { text, remove_href: query.href(PEOPLE, |q| q.group.clear()) });
    }
    if let Some(view) = query.view() {
        chips.push(Chip { text: l.t(view.key), remove_href: query.href(PEOPLE, |q| q.standing.clear()) });
    }
    if let Some(place) = place {
        chips.push(Chip { text: place.to_owned(), remove_href: query.href(PEOPLE, |q| q.commune.clear()) });
    }
    chips
}

fn form(pages: &Pages, l: Locale, viewer: &Viewer, query: &Query) -> SafeHtml {
    let all = |chosen: bool| Choice::new("", l.t("coverage-filter-all"), chosen);
    let mut groups = vec![all(query.group().is_none())];
    for code in view::groups(query.scheme()) {
        groups.push(Choice::new(code, view::group(l, query.scheme(), code), query.group() == Some(code)));
    }
    let mut standings = vec![all(query.view().is_none())];
    for view in &VIEWS {
        standings.push(Choice::new(view.word, l.t(view.key), query.standing == view.word));
    }
    let communes = view::commune_choices(pages, l, &viewer.scope, &query.commune);
    let mut fields = vec![
        Field::new("nhom", l.t("support-column-group"), Control::Select(groups)).html(l),
        Field::new("tinh-trang", l.t("support-column-standing"), Control::Select(standings)).html(l),
    ];
    if communes.len() > 2 {
        fields.push(Field::new("xa", l.t("coverage-filter-commune"), Control::Select(communes)).html(l));
    }
    let hidden = if query.scheme() == VOLUNTARY { vec![("loai".to_owned(), "tu-nguyen".to_owned())] } else { Vec::new() };
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
    Form { action: PEOPLE.into(), reads: true, hidden, body: SafeHtml::concat(fields), buttons }.html()
}

fn pager(l: Locale, query: &Query, found: &[Entitled], more: bool, count: i64) -> Pager {
    let summary = l.t_args("coverage-pager-rows", &[("shown", (found.len() as i64).into()), ("n", count.into())]);
    // Read backwards, what comes after is certain; read forwards, what comes before is.
    let (earlier, later) = match (query.after, query.before) {
        (Some(after), _) => (after > 0, more),
        (None, Some(_)) => (more, true),
        (None, None) => (false, more),
    };
    Pager {
        summary,
        first: earlier.then(|| query.href(PEOPLE, |_| ())),
        previous: found.first().filter(|_| earlier).map(|e| query.href(PEOPLE, |q| q.before = Some(e.person))),
        next: found.last().filter(|_| later).map(|e| query.href(PEOPLE, |q| q.after = Some(e.person))),
    }
}

fn table(pages: &Pages, l: Locale, query: &Query, found: &[Entitled], sentence: &str) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("support-column-group")),
        Column::text(l.t("coverage-column-place")),
        Column::text(l.t("support-column-month")),
        Column::text(l.t("support-column-standing")),
    ];
    let scheme = query.scheme();
    let rows = found.iter().map(|entitled| {
        let name = match entitled.born {
            Some(born) => format!("{}, {}", entitled.name, born.year()),
            None => entitled.name.clone(),
        };
        let others: Vec<String> = entitled.others.iter().map(|code| view::group(l, scheme, code)).collect();
        let also = if others.is_empty() {
            String::new()
        } else {
            l.t_args("support-also", &[("groups", others.join("; ").as_str().into())])
        };
        let place = entitled.commune.as_ref().map_or_else(|| l.t("coverage-place-unknown"), |code| pages.place(code));
        Row::new(vec![
            Cell::link(name, format!("/nguoi/{}", entitled.person)),
            Cell::text(view::group(l, scheme, &entitled.group)).note(also),
            Cell::text(place).note(entitled.village.clone().unwrap_or_default()),
            Cell::text(parts(l, entitled)),
            Cell::html(states(l, scheme, entitled)),
        ])
    });
    let widen = Link::new(l.t("support-widen"), PEOPLE);
    let empty = empty_state(&l.t("coverage-list-empty"), sentence, Some(&widen));
    Table::new("nguoi", l.t("support-people-title"), head).rows(rows).empty(empty).worklist().html(l)
}

/// Who pays which part of a month, without the parts that are nothing.
fn parts(l: Locale, entitled: &Entitled) -> String {
    let parts =
        [("support-part-state", entitled.state), ("support-part-city", entitled.city), ("support-part-person", entitled.own)];
    let said: Vec<String> = parts
        .into_iter()
        .filter(|(_, amount)| *amount > 0)
        .map(|(key, amount)| l.t_args(key, &[("amount", l.dong(Dong::new(amount)).as_str().into())]))
        .collect();
    if said.is_empty() { l.t("support-part-none") } else { said.join("; ") }
}

fn states(l: Locale, scheme: &str, entitled: &Entitled) -> SafeHtml {
    let mut states = vec![view::standing(l, &entitled.standing).html()];
    if entitled.doubled {
        states.push(Status::warn(l.t("support-doubled-review")).html());
    }
    if entitled.pending.is_some() {
        states.push(Status::neutral(l.t("support-pending")).html());
    }
    if let Some(to) = entitled.to.filter(|_| scheme == HEALTH) {
        states.push(SafeHtml::text(&l.t_args("support-card-to", &[("day", l.date(to).as_str().into())])));
    }
    SafeHtml::join(states, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(from: i64, to: i64) -> Vec<Entitled> {
        let person = |person| Entitled {
            person,
            name: String::new(),
            born: None,
            village: None,
            commune: None,
            group: "poor".into(),
            others: Vec::new(),
            state: 1,
            city: 0,
            own: 0,
            pending: None,
            standing: "supported".into(),
            doubled: false,
            to: None,
        };
        (from..=to).map(person).collect()
    }

    #[test]
    fn pages_lead_on_and_back() {
        let texts = web::Texts::load(&[]).unwrap();
        let l = texts.lang(web::Lang::Vi);
        let first = pager(l, &Query::default(), &found(1, 50), true, 120);
        assert_eq!((first.previous, first.next.as_deref()), (None, Some("/ho-tro/nguoi?sau=50")));
        let second = pager(l, &Query { after: Some(50), ..Query::default() }, &found(51, 100), true, 120);
        assert_eq!(second.previous.as_deref(), Some("/ho-tro/nguoi?truoc=51"));
        assert_eq!(second.next.as_deref(), Some("/ho-tro/nguoi?sau=100"));
        let last = pager(l, &Query { after: Some(100), ..Query::default() }, &found(101, 120), false, 120);
        assert_eq!(last.next, None);
        let all = pager(l, &Query::default(), &found(1, 50), false, 50);
        assert_eq!((all.previous, all.next), (None, None));
    }
}
