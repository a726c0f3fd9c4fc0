//! All schools of the area, those with the most pupils without a valid card first.

use axum::Extension;
use axum::extract::{Form as FromForm, State};
use axum::response::Response;
use base::CommuneCode;
use chapter::{FromAddress, PageError, Searched, Shown, Sought, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Chip, Column, Control, Field, FilterBar, Form, Link, Pager, Panel, Row, Table, audit_note,
    empty_state,
};
use web::{Locale, Percent, SafeHtml, tag};

use super::super::{Pages, commune_choices};
use super::{SCHOOLS, require};
use crate::filter::encode;
use crate::schools::{Counts, School};

/// Rows of one page.
const PAGE: usize = 50;

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct View {
    /// Commune code.
    #[serde(rename = "xa", default)]
    commune: String,
    /// Part of a name.
    #[serde(default)]
    q: Sought,
    /// Schools before this page.
    #[serde(rename = "sau", default)]
    after: usize,
}

impl Searched for View {
    fn sought(&mut self) -> Vec<&mut Sought> {
        vec![&mut self.q]
    }
}

impl View {
    fn href(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut view = Self { after: 0, ..self.clone() };
        change(&mut view);
        let mut parts = Vec::new();
        for (name, value) in [("xa", view.commune.as_str()), ("q", view.q.sealed())] {
            if !value.is_empty() {
                parts.push(format!("{name}={}", encode(value)));
            }
        }
        if view.after > 0 {
            parts.push(format!("sau={}", view.after));
        }
        if parts.is_empty() { SCHOOLS.to_owned() } else { format!("{SCHOOLS}?{}", parts.join("&")) }
    }
}

/// `GET /truong-hoc`.
pub(super) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromAddress(view): FromAddress<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let snapshot = pages.serving.current(app).await?;
    let found = snapshot.schools.found(&viewer.scope, &view.commune, &view.q);
    let from = view.after.min(found.len());
    let shown = &found[from..(from + PAGE).min(found.len())];
    let mut event = ReadEvent::new(AuditAction::ViewRows, "school").object("all").count("rows", shown.len() as i64);
    if let Some(code) = CommuneCode::parse(&view.commune) {
        event = event.commune(&code);
    }
    let audited = app.audit(&viewer, event.run(&snapshot.run)).await?;
    let sum = found.iter().fold(Counts::default(), |sum, school| sum.and(school.counts()));
    let sentence = sentence(&pages, l, &view, found.len(), sum);
    let more = form(&pages, l, &viewer, &view);
    let bar = FilterBar { chips: chips(&pages, l, &view), sentence: sentence.clone(), more }.html(l);
    let range = [
        ("from", ((from + 1).min(found.len()) as i64).into()),
        ("to", ((from + shown.len()) as i64).into()),
        ("n", (found.len() as i64).into()),
    ];
    let pager = Pager {
        summary: l.t_args("coverage-list-range", &range),
        first: (from > 0).then(|| view.href(|_| ())),
        previous: (from > 0).then(|| view.href(|v| v.after = from.saturating_sub(PAGE))),
        next: (from + PAGE < found.len()).then(|| view.href(|v| v.after = from + PAGE)),
    };
    let title = l.t("school-list-title");
    let head = vec![
        Column::text(l.t("school-name")),
        Column::text(l.t("school-commune")),
        Column::number(l.t("school-classes"), ""),
        Column::number(l.t("school-pupils"), ""),
        Column::number(l.t("school-with-card"), "%"),
        Column::number(l.t("school-without"), l.t("school-unit")),
        Column::number(l.t("school-verify"), l.t("school-unit")),
    ];
    let widen = Link::new(l.t("coverage-list-widen"), SCHOOLS);
    let empty = empty_state(&l.t("school-list-empty"), &sentence, Some(&widen));
    let rows = shown.iter().map(|school| row(&pages, l, school));
    let table = Table::new("danh-sach", title.clone(), head).rows(rows).empty(empty).html(l);
    let mut page = app.page(&viewer, &view.href(|_| ()), title.clone());
    page.facts = tag("span").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])).html();
    page.table_id = "danh-sach".into();
    page.body = SafeHtml::concat([bar, Panel::flush(title, table).foot(pager.html(l)).html()]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("school-audit")));
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]), l.t("school-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// `POST /truong-hoc`: leads to the list as it is narrowed; what was typed stands sealed in its address.
pub(super) async fn search(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromForm(fields): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    chapter::search(&pages.app, &viewer, SCHOOLS, fields, &["q"])
}

fn row(pages: &Pages, l: Locale, school: &School) -> Row {
    let counts = school.counts();
    let href = format!("{SCHOOLS}/{}", school.key);
    let place = school.commune.as_ref().map(|c| pages.place(c)).unwrap_or_else(|| l.t("coverage-place-unknown"));
    let name = if school.name.is_empty() { school.code.clone() } else { school.name.clone() };
    Row::new(vec![
        Cell::link(name, &href),
        Cell::text(place),
        Cell::number(l, school.classes.len() as i64),
        Cell::number(l, counts.pupils),
        Cell::text(share(l, counts)),
        Cell::figure(l.number(counts.without), href),
        Cell::number(l, counts.verify),
    ])
}

/// Share of pupils with a valid card, without its sign.
pub(super) fn share(l: Locale, counts: Counts) -> String {
    Percent::of(counts.pupils - counts.without, counts.pupils).map(|share| l.percent_figure(share)).unwrap_or_default()
}

fn sentence(pages: &Pages, l: Locale, view: &View, count: usize, sum: Counts) -> String {
    let place = CommuneCode::parse(&view.commune).map(|c| pages.place(&c)).unwrap_or_else(|| l.t("coverage-whole-scope"));
    let numbers = [
        ("n", (count as i64).into()),
        ("place", place.as_str().into()),
        ("pupils", sum.pupils.into()),
        ("without", sum.without.into()),
    ];
    let text = l.t_args("school-list-sentence", &numbers);
    if view.q.is_empty() {
        return text;
    }
    format!("{text} {}", l.t_args("coverage-list-sentence-name", &[("q", view.q.as_str().into())]))
}

fn chips(pages: &Pages, l: Locale, view: &View) -> Vec<Chip> {
    let mut chips = Vec::new();
    if let Some(code) = CommuneCode::parse(&view.commune) {
        chips.push(Chip { text: pages.place(&code), remove_href: view.href(|v| v.commune.clear()) });
    }
    if !view.q.is_empty() {
        let text = l.t_args("coverage-chip-name", &[("q", view.q.as_str().into())]);
        chips.push(Chip { text, remove_href: view.href(|v| v.q.clear()) });
    }
    chips
}

fn form(pages: &Pages, l: Locale, viewer: &Viewer, view: &View) -> SafeHtml {
    let communes = commune_choices(pages, l, viewer, &view.commune);
    let body = SafeHtml::concat([
        Field::new("xa", l.t("school-filter-commune"), Control::Select(communes)).html(l),
        Field::new("q", l.t("school-filter-name"), Control::Text).value(view.q.as_str()).optional().html(l),
    ]);
    let buttons = vec![Button::submit(l.t("coverage-filter-apply"), ButtonKind::Primary)];
    Form { action: SCHOOLS.into(), reads: false, hidden: Vec::new(), body, buttons }.search()
}
