//! The city page: nine indicators, what to do today, the map with its ranking, the reasons.

mod cards;
mod hall;
mod map;
mod ranking;
mod reasons;
mod today;

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Query, State};
use base::Area;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent, Target};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Columns, columns, heading};
use web::{Locale, SafeHtml, tag};

use super::Pages;
use crate::figures::Figures;
use crate::plan::Said;
use crate::serving::Snapshot;

pub(crate) use cards::{card, forecast_words, path_of};

/// What the address says.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct View {
    /// Presentation mode.
    #[serde(rename = "trinh-chieu", default)]
    presentation: String,
    /// Screen of the presentation, from 1.
    #[serde(rename = "man", default)]
    screen: String,
    /// `1`: all lines of the ranking.
    #[serde(rename = "ca-bang", default)]
    all: String,
    /// Chosen tile.
    #[serde(rename = "xa", default)]
    commune: String,
    /// Indicator of map and ranking.
    #[serde(rename = "chi-tieu", default)]
    indicator: String,
    /// What map and ranking show of it.
    #[serde(rename = "do", default)]
    measure: String,
    /// Class that the ranking is narrowed to, 1 to 5.
    #[serde(rename = "lop", default)]
    class: String,
}

impl View {
    /// The address of this page with some parts changed.
    pub(super) fn href(&self, change: impl FnOnce(&mut View)) -> String {
        let mut view = self.clone();
        change(&mut view);
        let parts = [
            ("trinh-chieu", &view.presentation),
            ("man", &view.screen),
            ("chi-tieu", &view.indicator),
            ("do", &view.measure),
            ("lop", &view.class),
            ("xa", &view.commune),
            ("ca-bang", &view.all),
        ];
        let said: Vec<String> = parts
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", crate::filter::encode(value)))
            .collect();
        if said.is_empty() { "/".to_owned() } else { format!("/?{}", said.join("&")) }
    }
}

/// All that a part of the page needs.
pub(crate) struct Desk<'a> {
    pub(crate) pages: &'a Pages,
    pub(crate) l: Locale<'a>,
    pub(crate) viewer: &'a Viewer,
    pub(crate) snapshot: &'a Snapshot,
    pub(crate) figures: &'a Figures,
    /// Targets of the run's year that the viewer may see.
    pub(crate) targets: &'a [Target],
}

/// `GET /`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let snapshot = pages.serving.current(app).await?;
    let figures: Arc<Figures> = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object("all").run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let year = snapshot.period.year();
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let desk = Desk { pages: &pages, l, viewer: &viewer, snapshot: &snapshot, figures: &figures, targets: &targets };
    let mut page = app.page(&viewer, &view.href(|_| ()), title(&pages, l, &viewer));
    page.facts = SafeHtml::text(pages.plan.short.of(l))
        .then(" · ")
        .then(tag("b").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])));
    page.foot = foot(&desk);
    if view.presentation == "1" {
        page.presentation = true;
        page.body = hall::screen(&desk, &view);
        page.actions = hall::actions(&desk, &view);
        return Ok(Shown::page(page.render(l), audited));
    }
    let today = today::panel(&desk).await?;
    let cards = columns(Columns::Three, pages.plan.all().iter().map(|indicator| card(&desk, indicator)));
    let assigned = pages.plan.all().iter().filter(|i| i.assigned).count() as i64;
    let all = pages.plan.all().len() as i64;
    let counts = [("n", all.into()), ("assigned", assigned.into()), ("followed", (all - assigned).into())];
    let head = heading(2, &l.t_args("overview-cards-title", &counts), SafeHtml::text(&l.t("overview-cards-hint")));
    let mut body = columns(Columns::MainSide, [columns(Columns::One, [head, cards]), today]);
    body.push(map::with_ranking(&desk, &view));
    body.push(reasons::panels(&desk));
    page.actions = vec![
        Button::link(l.t("overview-indicators"), "/chi-tieu-giao", ButtonKind::Default),
        Button::link(l.t("coverage-presentation"), "/?trinh-chieu=1", ButtonKind::Default),
    ];
    page.table_id = "xep-hang".into();
    page.body = body;
    Ok(Shown::page(page.render(l), audited))
}

/// "Tổng quan thành phố", or whose communes the viewer sees.
fn title(pages: &Pages, l: Locale, viewer: &Viewer) -> String {
    match &viewer.scope.area {
        Area::City => l.t("coverage-overview-title"),
        Area::Communes(own) if own.len() == 1 => {
            let name = own.iter().next().map(|code| pages.place(code)).unwrap_or_default();
            l.t_args("overview-title-commune", &[("place", name.as_str().into())])
        }
        Area::Communes(own) => l.t_args("overview-title-communes", &[("n", (own.len() as i64).into())]),
    }
}

fn foot(desk: &Desk) -> Vec<String> {
    let l = desk.l;
    let mut foot = vec![l.t_args("coverage-run-line", &[("run", desk.snapshot.run.as_str().into())])];
    let mut sources: Vec<String> = Vec::new();
    for indicator in desk.pages.plan.counted() {
        let line = desk.figures.seen(&indicator.id, &desk.viewer.scope);
        sources.extend(line.and_then(|line| line.source).filter(|s| !sources.contains(s)));
    }
    foot.extend(sources.iter().map(|s| l.t_args("coverage-denominator-line", &[("source", s.as_str().into())])));
    let mut given: Vec<&str> = desk.targets.iter().map(|t| t.source.as_str()).collect();
    given.sort_unstable();
    given.dedup();
    foot.extend(given.iter().map(|s| l.t_args("coverage-target-line", &[("source", (*s).into())])));
    foot.push(l.t("overview-read-logged"));
    foot
}
