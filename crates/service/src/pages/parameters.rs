//! The list of all parameters, searched by words and narrowed to doubtful or lately changed ones.

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::Response;
use base::{Date, names};
use chapter::Viewer;
use law::Parameter;
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Choice, Column, Control, Field, Form, Panel, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml, tag};

use super::{open_page, words};
use crate::Lookup;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Words of the description or the key.
    #[serde(default)]
    tim: String,
    /// `nghi-van`: doubtful ones; `moi`: changed within a year.
    #[serde(default)]
    loc: String,
}

/// `GET /luat`.
pub(crate) async fn show(
    State(lookup): State<Lookup>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Response {
    let app = &lookup.app;
    let l = app.locale(&viewer);
    let today = lookup.today();
    let found: Vec<&Parameter> = app.law.parameters().filter(|p| takes(p, &view, today)).collect();
    let mut page = app.page(&viewer, "/luat", l.t("service-law-title"));
    page.facts = tag("span")
        .text(&l.t_args("service-law-facts", &[("n", count(found.len())), ("day", l.date(today).as_str().into())]))
        .html();
    page.body = SafeHtml::concat([
        Panel::new(l.t("service-law-filter"), filter(l, &view)).html(),
        Panel::flush(l.t("service-law-panel"), table(l, &found, today)).html(),
    ]);
    page.table_id = "tham-so".into();
    page.foot = vec![l.t("service-law-foot")];
    open_page(page.render(l))
}

fn takes(parameter: &Parameter, view: &View, today: Date) -> bool {
    let narrowed = match view.loc.as_str() {
        "nghi-van" => parameter.values.iter().any(|dated| dated.confidence.is_doubtful()),
        "moi" => {
            let year_ago = today.add_days(-365).unwrap_or(today);
            parameter.change_days().any(|day| day > year_ago)
        }
        _ => true,
    };
    let wanted = names::fold(&view.tim);
    let text = names::fold(&format!("{} {} {}", parameter.key, parameter.description.vi, parameter.description.en));
    narrowed && wanted.split_whitespace().all(|word| text.contains(word))
}

fn filter(l: Locale, view: &View) -> SafeHtml {
    let choices = ["", "nghi-van", "moi"].map(|value| {
        let key = match value {
            "nghi-van" => "service-filter-doubtful",
            "moi" => "service-filter-new",
            _ => "service-filter-all",
        };
        Choice::new(value, l.t(key), view.loc == value)
    });
    let body = SafeHtml::concat([
        Field::new("tim", l.t("service-filter-words"), Control::Text).value(&view.tim).optional().html(l),
        Field::new("loc", l.t("service-filter-which"), Control::Select(choices.to_vec())).html(l),
    ]);
    let buttons = vec![Button::submit(l.t("service-filter-apply"), ButtonKind::Primary)];
    Form { action: "/luat".into(), reads: true, hidden: Vec::new(), body, buttons }.html()
}

fn table(l: Locale, found: &[&Parameter], today: Date) -> SafeHtml {
    let head = vec![
        Column::text(l.t("service-column-parameter")),
        Column::text(l.t("service-column-value")),
        Column::text(l.t("service-column-from")),
        Column::text(l.t("service-column-sure")),
    ];
    let rows = found.iter().map(|parameter| {
        let description = words::pick(l, &parameter.description.vi, &parameter.description.en);
        let name = Cell::link(description, format!("/luat/{}", parameter.key)).note(parameter.key.clone());
        let Ok(dated) = parameter.dated(today) else {
            let from = l.date(parameter.first_day());
            return Row::new(vec![name, Cell::text(l.t("service-not-yet")), Cell::text(from), Cell::text("")]);
        };
        let held = words::held(l, parameter, dated);
        let value = match held.as_slice() {
            [(word, value)] if word.is_empty() => value.clone(),
            several if several.len() <= 3 => {
                several.iter().map(|(word, value)| format!("{word}: {value}")).collect::<Vec<_>>().join("; ")
            }
            several => l.t_args("service-several-values", &[("n", count(several.len()))]),
        };
        Row::new(vec![name, Cell::text(value), Cell::text(l.date(dated.from)), Cell::html(sure(l, dated.confidence))])
    });
    let empty = empty_state(&l.t("service-law-none"), "", None);
    Table::new("tham-so", l.t("service-law-panel"), head).rows(rows).empty(empty).html(l)
}

/// How sure a value is, in words and colour.
pub(crate) fn sure(l: Locale, confidence: law::Confidence) -> SafeHtml {
    let words = l.t(&format!("service-sure-{}", confidence.as_str().to_lowercase()));
    if confidence.is_doubtful() { Status::warn(words).html() } else { Status::neutral(words).html() }
}

fn count(n: usize) -> web::i18n::Value {
    i64::try_from(n).unwrap_or(i64::MAX).into()
}
