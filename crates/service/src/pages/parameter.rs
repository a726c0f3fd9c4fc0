//! One parameter of the law: what it is, its values over time with citations, who uses it.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Viewer};
use law::Parameter;
use law::calc::Calculator;
use web::component::{Cell, Column, Columns, Link, NoteKind, Panel, Row, Table, columns, definition_list, note};
use web::{Locale, SafeHtml, tag};

use super::parameters::sure;
use super::{chart, open_page, words};
use crate::Lookup;

/// `GET /luat/{key}`.
pub(crate) async fn show(
    State(lookup): State<Lookup>,
    Extension(viewer): Extension<Viewer>,
    Path(key): Path<String>,
) -> Result<Response, PageError> {
    let app = &lookup.app;
    let l = app.locale(&viewer);
    let parameter = app.law.parameter(&key).ok_or(PageError::NotFound)?;
    let title = words::pick(l, &parameter.description.vi, &parameter.description.en);
    let mut page = app.page(&viewer, &format!("/luat/{key}"), title);
    page.crumbs = vec![Link::new(l.t("service-law-title"), "/luat")];
    page.here = key.clone();
    page.table_id = "gia-tri".into();
    let mut left = now(&lookup, l, parameter);
    let history = chart::history(l, parameter, lookup.today());
    if !history.is_empty() {
        left.push(Panel::new(l.t("service-history"), history).html());
    }
    left.push(Panel::flush(l.t("service-values"), values(l, parameter)).html());
    page.body = columns(
        Columns::MainSide,
        [tag("div").class("grid").child(left).html(), tag("div").class("grid").child(users(&lookup, l, parameter)).html()],
    );
    page.foot = vec![l.t("service-law-foot")];
    Ok(open_page(page.render(l)))
}

/// What holds today.
fn now(lookup: &Lookup, l: Locale, parameter: &Parameter) -> SafeHtml {
    let today = lookup.today();
    let day = l.date(today);
    let title = l.t_args("service-now", &[("day", day.as_str().into())]);
    let Ok(dated) = parameter.dated(today) else {
        let from = l.date(parameter.first_day());
        let text = l.t_args("service-not-yet-from", &[("day", from.as_str().into())]);
        return Panel::new(title, tag("p").text(&text).html()).html();
    };
    let mut items: Vec<(String, SafeHtml)> = words::held(l, parameter, dated)
        .into_iter()
        .map(|(word, value)| {
            let name = if word.is_empty() { l.t("service-column-value") } else { word };
            (name, tag("b").text(&value).html())
        })
        .collect();
    items.push((l.t("service-column-from"), SafeHtml::text(&l.date(dated.from))));
    items.push((l.t("service-reference"), SafeHtml::text(&dated.reference.to_string())));
    items.push((l.t("service-column-sure"), sure(l, dated.confidence)));
    let mut body = definition_list(false, items);
    if let Some(text) = &dated.note {
        let kind = if dated.confidence.is_doubtful() { NoteKind::Caution } else { NoteKind::Info };
        body.push(note(kind, &l.t("service-note"), SafeHtml::text(text)));
    }
    Panel::new(title, body).html()
}

fn values(l: Locale, parameter: &Parameter) -> SafeHtml {
    let head = vec![
        Column::text(l.t("service-column-from")),
        Column::text(l.t("service-column-value")),
        Column::text(l.t("service-reference")),
        Column::text(l.t("service-column-sure")),
    ];
    let rows = parameter.values.iter().rev().map(|dated| {
        let held = words::held(l, parameter, dated);
        let lines = held.into_iter().map(|(word, value)| {
            let text = if word.is_empty() { value } else { format!("{word}: {value}") };
            tag("div").text(&text).html()
        });
        let until = parameter.last_day(dated).map(|day| l.t_args("service-until", &[("day", l.date(day).as_str().into())]));
        let mut notes: Vec<&str> = [dated.reference.note.as_deref(), dated.note.as_deref()].into_iter().flatten().collect();
        notes.dedup();
        Row::new(vec![
            Cell::text(l.date(dated.from)).note(until.unwrap_or_default()),
            Cell::html(SafeHtml::concat(lines)),
            Cell::text(dated.reference.to_string()).note(notes.join(" ")),
            Cell::html(sure(l, dated.confidence)),
        ])
    });
    Table::new("gia-tri", l.t("service-values"), head).rows(rows).html(l)
}

/// Rules and calculators that use the parameter.
fn users(lookup: &Lookup, l: Locale, parameter: &Parameter) -> SafeHtml {
    let list = |links: Vec<Link>| {
        if links.is_empty() {
            return tag("p").text(&l.t("service-used-by-none")).html();
        }
        tag("ul").children(links.into_iter().map(|link| tag("li").child(link.html()))).html()
    };
    let rules = lookup.app.rules.iter().filter(|rule| rule.law.contains(&parameter.key));
    let rules =
        rules.map(|rule| Link::new(words::pick(l, &rule.title.vi, &rule.title.en), format!("/quy-tac/{}", rule.id))).collect();
    let names = lookup.used_by.get(&parameter.key).map(Vec::as_slice).unwrap_or_default();
    let calculators = names.iter().filter_map(|name| Calculator::of(name));
    let calculators = calculators.map(|c| Link::new(words::pick(l, c.vi, c.en), format!("/tinh/{}", c.name))).collect();
    let facts = definition_list(
        false,
        [
            (l.t("service-key"), tag("code").text(&parameter.key).html()),
            (l.t("service-unit"), SafeHtml::text(&l.t(&format!("service-unit-name-{}", parameter.unit.as_str())))),
        ],
    );
    SafeHtml::concat([
        Panel::new(l.t("service-parameter-facts"), facts).html(),
        Panel::new(l.t("service-used-by-calculators"), list(calculators)).html(),
        Panel::new(l.t("service-used-by-rules"), list(rules)).html(),
    ])
}
