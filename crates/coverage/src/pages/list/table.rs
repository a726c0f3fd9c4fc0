//! The rows of the list, under each other or household by household.

use chapter::{Sought, Viewer};
use web::component::{Cell, Column, Link, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml};

use super::super::{LIST, Pages, words};
use super::sentence;
use crate::UNEXPLAINED;
use crate::filter::Query;
use crate::lines::Line;

pub(super) fn table(pages: &Pages, l: Locale, viewer: &Viewer, query: &Query, shown: &[Line]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("coverage-column-person")),
        Column::text(l.t("coverage-column-reason")),
        Column::text(l.t("coverage-column-facts")),
        Column::text(l.t("coverage-column-place")),
        Column::text(l.t("coverage-column-state")),
    ];
    let mut rows = Vec::with_capacity(shown.len());
    if query.by_household() {
        for home in shown.chunk_by(same_home) {
            rows.push(Row::group(home_head(pages, l, viewer, query, home)));
            rows.extend(home.iter().map(|line| row(pages, l, line, false)));
        }
    } else {
        rows.extend(shown.iter().map(|line| row(pages, l, line, true)));
    }
    let widen = Link::new(l.t("coverage-list-widen"), LIST);
    let empty = empty_state(&l.t("coverage-list-empty"), &sentence(pages, l, query, 0), Some(&widen));
    Table::new("danh-sach", l.t("coverage-list-panel"), head).rows(rows).empty(empty).worklist().html(l)
}

/// Whether two lines are of one household; people of no known household stand alone.
pub(super) fn same_home(a: &Line, b: &Line) -> bool {
    let home = |line: &Line| (line.commune().cloned(), line.village().map(str::to_owned), line.household().map(str::to_owned));
    a.household().is_none() && b.household().is_none() && a.village() == b.village() && a.commune() == b.commune()
        || home(a) == home(b)
}

fn home_head(pages: &Pages, l: Locale, viewer: &Viewer, query: &Query, home: &[Line]) -> Cell {
    let Some(first) = home.first() else { return Cell::default() };
    let place = place(pages, l, first);
    let people = l.t_args("coverage-household-people", &[("n", (home.len() as i64).into())]);
    let head = match first.household() {
        Some(number) => {
            let words = l.t_args("coverage-household", &[("number", number.into())]);
            // Without randomness for the seal there is no link rather than a number in an address.
            match Sought::new(&pages.app, viewer, number) {
                Ok(number) => Cell::link(words, query.href(LIST, |q| q.household = number)),
                Err(_) => Cell::text(words),
            }
        }
        None => Cell::text(l.t("coverage-household-unknown")),
    };
    head.note(format!("{place} · {people}"))
}

fn place(pages: &Pages, l: Locale, line: &Line) -> String {
    let commune = line.commune().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
    match line.village() {
        Some(village) => format!("{village}, {commune}"),
        None => commune,
    }
}

/// `home` says the household beside the name; under the head of a household it stands already.
fn row(pages: &Pages, l: Locale, line: &Line, home: bool) -> Row {
    let name = match line.born() {
        Some(born) => format!("{}, {}", line.name(), born.year()),
        None => line.name().to_owned(),
    };
    let household = line.household().filter(|_| home).map(|h| l.t_args("coverage-household", &[("number", h.into())]));
    let commune = line.commune().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
    let state = if line.is_new() {
        Status::doing(l.t("coverage-state-new"))
    } else if line.reason() == UNEXPLAINED {
        Status::neutral(l.t("coverage-state-verify"))
    } else {
        let since = line.first_period().map(|d| l.month_short(d.month())).unwrap_or_default();
        Status::neutral(l.t_args("coverage-state-since", &[("month", since.as_str().into())]))
    };
    let card = if line.without_card() { Status::warn(l.t("coverage-no-card")) } else { Status::ok(l.t("coverage-has-card")) };
    Row::new(vec![
        Cell::link(name, format!("/nguoi/{}", line.person())).note(household.unwrap_or_default()),
        Cell::text(words::reason(&pages.app, l, line.reason())),
        Cell::text(words::facts_line(l, &line.evidence())),
        Cell::text(commune).note(line.village().unwrap_or_default()),
        Cell::html(SafeHtml::join([state.html(), card.html()], " ")),
    ])
}
