//! `GET /chi-tieu-giao/{year}/{id}`: proposal and assigned target of every commune, adding up to the city's number.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path as FromPath, Query, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, DeskError, Permission, ReadEvent};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, Field, Form, Link, NoteKind, Panel, Row, Table, columns, note,
};
use web::{Locale, SafeHtml};

use super::{CityTarget, TARGETS, city_target, exact, href, plan_year, proposal, today, years};
use crate::pages::Pages;
use crate::path::assigned;
use crate::plan::Said;
use crate::propose::{Proposal, people_of};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// How many targets were just assigned.
    #[serde(rename = "da-giao", default)]
    given: Option<i64>,
}

/// `GET /chi-tieu-giao/{year}/{id}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath((year, id)): FromPath<(String, String)>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let plan = pages.plan.clone();
    let indicator = plan.indicator(&id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let first = snapshot.period.year();
    let year = plan_year(&pages, first, &year)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "target").object(id.as_str()).count("year", year.into()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let target = city_target(&pages, &figures, indicator, year, &targets);
    let proposal = target.and_then(|target| proposal(&pages, &figures, indicator, target));
    let mut body = years(&pages, l, first, year, |year| format!("{TARGETS}/{year}/{id}"));
    if let Some(given) = view.given {
        body.push(note(NoteKind::Info, &l.t("targets-saved"), l.t_args("targets-saved-many", &[("n", given.into())])));
    }
    if proposal.is_none() {
        body.push(note(NoteKind::Caution, &l.t("targets-no-proposal"), l.t("targets-no-proposal-why")));
    }
    let collectors = capacity(&pages, &viewer).await?;
    let seen: Vec<_> = app.places.communes().iter().filter(|c| viewer.scope.sees(Some(&c.code))).collect();
    let head = vec![
        Column::text(l.t("coverage-column-commune")),
        Column::number(l.t("targets-now"), "%"),
        Column::number(l.t("targets-open"), l.t("coverage-people")),
        Column::number(l.t("targets-gain"), l.t("coverage-people")),
        Column::number(l.t("targets-capacity"), l.t("coverage-people")),
        Column::number(l.t("targets-proposed-people"), l.t("coverage-people")),
        Column::number(l.t("targets-proposed"), "%"),
        Column::number(l.t("targets-assigned"), "%"),
        Column::number(l.t("targets-assigned-people"), l.t("coverage-people")),
    ];
    let mut assigned_people = Some(0_i64);
    let rows: Vec<Row> = seen
        .iter()
        .map(|commune| {
            let code = &commune.code;
            let at = href(year, &id, Some(code));
            let now = today(&figures, &id, Some(code));
            let share = proposal.as_ref().and_then(|p| p.of(code));
            let given = assigned(&targets, &id, Some(code));
            let people = given.and_then(|(t, _)| people_of(t.value, now?.people));
            assigned_people = assigned_people.zip(people).map(|(sum, n)| sum + n);
            let dash = || Cell::text("–");
            Row::new(vec![
                Cell::link(pages.place(code), &at),
                figures
                    .of(&id, Some(code))
                    .and_then(|line| line.share())
                    .map(|s| Cell::text(l.percent_figure(s)))
                    .unwrap_or_else(dash),
                now.map(|n| Cell::number(l, n.open())).unwrap_or_else(dash),
                share.map(|s| Cell::figure(l.number(s.gain), &at)).unwrap_or_else(dash),
                workload(l, share.map(|s| s.gain), collectors.as_ref().map(|all| all.get(code).copied().unwrap_or(0))),
                share.map(|s| Cell::figure(l.number(s.covered()), &at)).unwrap_or_else(dash),
                share.and_then(|s| s.share()).map(|s| Cell::text(exact(l, s))).unwrap_or_else(dash),
                given.map(|(t, _)| Cell::figure(exact(l, t.value), &at)).unwrap_or_else(|| Cell::text(l.t("targets-none"))),
                people.map(|n| Cell::number(l, n)).unwrap_or_else(dash),
            ])
        })
        .collect();
    let mut table = Table::new("xa-phuong", l.t("targets-table"), head).rows(rows).dense();
    if let (Some(proposal), true) = (&proposal, seen.len() == app.places.communes().len()) {
        table = table.total(total(l, proposal, assigned_people));
    }
    let count = l.t_args("coverage-ranking-count", &[("n", seen.len().into())]);
    let panel = Panel::flush(l.t("targets-table"), table.html(l)).aside(count).foot(l.t("targets-table-foot")).html();
    let mut side = vec![city(&pages, l, year, &id, target, proposal.as_ref())];
    let open = seen.iter().filter(|c| assigned(&targets, &id, Some(&c.code)).is_none()).count();
    if indicator.assigned && desk::may(&viewer.scope, Permission::SetTargets) && open > 0 && proposal.is_some() {
        side.push(give(&pages, l, year, &id, open));
    }
    body.push(columns(Columns::MainSide, [panel, columns(Columns::One, side)]));
    let title = format!("{}: {}", indicator.short.of(l), l.t_args("targets-year", &[("year", year.to_string().as_str().into())]));
    let mut page = app.page(&viewer, &format!("{TARGETS}/{year}/{id}"), title);
    page.crumbs = vec![Link::new(l.t("targets-title"), format!("{TARGETS}?nam={year}"))];
    page.here = indicator.short.of(l).to_owned();
    page.facts = SafeHtml::text(indicator.place.of(l));
    page.table_id = "xa-phuong".into();
    page.body = body;
    page.foot = vec![l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())])];
    Ok(Shown::page(page.render(l), audited))
}

/// Collectors with a valid card by commune (năng lực vận động); none for who may not see collectors.
async fn capacity(pages: &Pages, viewer: &Viewer) -> Result<Option<BTreeMap<CommuneCode, i64>>, PageError> {
    let today = pages.app.today();
    let known = match pages.app.desk.collectors(&viewer.scope, None).await {
        Ok(known) => known,
        Err(DeskError::Forbidden { .. }) => return Ok(None),
        Err(error) => return Err(PageError::desk(error)),
    };
    let mut counts = BTreeMap::new();
    for card in known.iter().filter_map(|one| one.valid_card(today)) {
        for commune in &card.area {
            *counts.entry(commune.clone()).or_insert(0) += 1;
        }
    }
    Ok(Some(counts))
}

/// People whom each collector would have to win for the proposal.
fn workload(l: Locale, gain: Option<i64>, collectors: Option<i64>) -> Cell {
    match (gain, collectors) {
        (Some(gain), Some(n)) if n > 0 => {
            Cell::number(l, (gain + n - 1) / n).note(l.t_args("targets-collectors", &[("n", n.into())]))
        }
        (Some(gain), Some(_)) if gain > 0 => Cell::text("–").note(l.t("targets-no-collector")),
        _ => Cell::text("–"),
    }
}

/// The last row: communes and people of no known commune together are the city's number.
fn total(l: Locale, proposal: &Proposal, assigned: Option<i64>) -> Vec<Cell> {
    let covered: i64 = proposal.shares.iter().map(|s| s.covered()).sum();
    let share = crate::propose::share(covered + proposal.unplaced.covered, proposal.city.people);
    vec![
        Cell::text(l.t("targets-sum")).note(l.t_args("targets-unplaced", &[("n", proposal.unplaced.covered.into())])),
        Cell::text(crate::propose::share(proposal.city.covered, proposal.city.people).map(|s| exact(l, s)).unwrap_or_default()),
        Cell::number(l, proposal.open),
        Cell::number(l, proposal.shares.iter().map(|s| s.gain).sum()),
        Cell::text(""),
        Cell::number(l, covered),
        Cell::text(share.map(|s| exact(l, s)).unwrap_or_default()),
        Cell::text(""),
        assigned.map(|n| Cell::number(l, n)).unwrap_or_else(|| Cell::text("–")),
    ]
}

/// The city's number and where it comes from.
fn city(pages: &Pages, l: Locale, year: i32, id: &str, target: Option<CityTarget>, proposal: Option<&Proposal>) -> SafeHtml {
    let mut items = Vec::new();
    match target {
        Some(CityTarget::Assigned(share)) => {
            items.push((l.t("targets-city-assigned"), Link::new(exact(l, share), href(year, id, None)).figure()))
        }
        Some(CityTarget::ByPath(share, (month, from))) => {
            let (from, month) = (l.percent(from), l.month(month));
            let last = pages.plan.last_year.to_string();
            let words = l.t_args(
                "targets-city-path-why",
                &[("from", from.as_str().into()), ("month", month.as_str().into()), ("last", last.as_str().into())],
            );
            items.push((
                l.t("targets-city-path"),
                Link::new(exact(l, share), href(year, id, None)).figure().then(". ").then(words),
            ));
        }
        None => items.push((l.t("targets-city-path"), SafeHtml::text("–"))),
    }
    if let Some(proposal) = proposal {
        items.push((l.t("targets-needed"), SafeHtml::text(&l.number(proposal.needed))));
        items.push((l.t("targets-covered-now"), SafeHtml::text(&l.number(proposal.city.covered))));
        items.push((l.t("targets-gain-city"), SafeHtml::text(&l.number(proposal.gain))));
        items.push((l.t("targets-open-city"), SafeHtml::text(&l.number(proposal.open))));
    }
    Panel::new(l.t("targets-city-title"), web::component::definition_list(true, items)).foot(l.t("targets-method")).html()
}

/// Assigning the proposals to all communes that have no target yet.
fn give(pages: &Pages, l: Locale, year: i32, id: &str, open: usize) -> SafeHtml {
    let body = SafeHtml::concat([
        web::component::paragraph(l.t_args("targets-give-words", &[("n", open.into())])),
        Field::new("source", l.t("targets-source"), Control::Text).hint(l.t("targets-source-hint")).html(l),
        Field::new("document", l.t("targets-document"), Control::Text).hint(l.t("targets-document-hint")).optional().html(l),
    ]);
    let form = Form {
        action: format!("{TARGETS}/{year}/{id}"),
        reads: false,
        hidden: vec![("client_tx".to_owned(), super::assign::form_number(pages, year, id, "all"))],
        body,
        buttons: vec![
            Button::submit(l.t_args("targets-give", &[("n", open.into())]), ButtonKind::Primary).busy(l.t("targets-saving")),
        ],
    };
    Panel::new(l.t("targets-give-title"), form.html()).html()
}
