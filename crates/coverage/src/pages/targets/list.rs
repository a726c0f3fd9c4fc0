//! `GET /chi-tieu-giao`: the indicators of a year, what was assigned and to how many communes.

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::SafeHtml;
use web::component::{Cell, Column, NoteKind, Panel, Row, Status, Table, note};

use super::{TARGETS, city_target, exact, href, plan_year, years};
use crate::pages::Pages;
use crate::path::assigned;
use crate::plan::{Direction, InFigures, Said};

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct View {
    /// Year; the newest period's when left out.
    #[serde(rename = "nam", default)]
    year: String,
}

/// `GET /chi-tieu-giao`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let first = snapshot.period.year();
    let year = if view.year.is_empty() { first } else { plan_year(&pages, first, &view.year)? };
    let event = ReadEvent::new(AuditAction::ViewRows, "target").object("all").count("year", year.into()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
    let head = vec![
        Column::text(l.t("targets-indicator")),
        Column::text(l.t("targets-kind")),
        Column::number(l.t("targets-now"), "%"),
        Column::number(l.t("targets-path"), "%"),
        Column::number(l.t("targets-assigned"), "%"),
        Column::text(l.t("targets-communes")),
        Column::number(pages.plan.last_year.to_string(), ""),
    ];
    let communes = app.places.communes().iter().filter(|c| viewer.scope.sees(Some(&c.code))).count();
    let rows = pages.plan.all().iter().map(|indicator| {
        let kind = l.t(if indicator.assigned { "overview-assigned" } else { "overview-followed" });
        let last = match (indicator.direction, indicator.target_words(l)) {
            (Direction::Down, _) => l.t("overview-falls"),
            (_, Some(share)) if indicator.over => l.t_args("overview-over", &[("share", share.as_str().into())]),
            (_, Some(share)) => share,
            (_, None) => l.t("overview-followed"),
        };
        if let Some(waits) = &indicator.waits {
            let cells = [indicator.short.of(l), &kind].map(Cell::text).into_iter();
            let empty = ["–", "–", "–"].map(Cell::text);
            let mut cells: Vec<Cell> = cells.chain(empty).collect();
            cells.extend([Cell::text(waits.of(l)), Cell::text(last)]);
            return Row::new(cells);
        }
        let at = format!("{TARGETS}/{year}/{}", indicator.id);
        let now = figures.of(&indicator.id, None).and_then(|line| line.share());
        let path = city_target(&pages, &figures, indicator, year, &[]);
        let given = assigned(&targets, &indicator.id, None);
        let done = targets.iter().filter(|t| t.indicator == indicator.id && t.commune.is_some()).count();
        let words = l.t_args("targets-done", &[("n", done.into()), ("all", communes.into())]);
        let state = match (indicator.assigned, done) {
            (false, _) => Status::neutral(l.t("overview-followed")),
            (true, n) if n == communes => Status::ok(words),
            (true, 0) => Status::bad(words),
            _ => Status::warn(words),
        };
        let city = href(year, &indicator.id, None);
        Row::new(vec![
            Cell::link(indicator.short.of(l), &at),
            Cell::text(kind),
            Cell::html(
                now.map(|s| web::component::Link::new(l.percent_figure(s), format!("/chi-tieu/{}", indicator.id)).figure())
                    .unwrap_or_else(|| SafeHtml::text("–")),
            ),
            path.map(|t| Cell::figure(exact(l, t.share()), &city)).unwrap_or_else(|| Cell::text("–")),
            given.map(|(t, _)| Cell::figure(exact(l, t.value), &city)).unwrap_or_else(|| Cell::text(l.t("targets-none"))),
            Cell::status(&state),
            Cell::text(last),
        ])
    });
    let title = l.t_args("targets-title-year", &[("year", year.to_string().as_str().into())]);
    let table = Table::new("chi-tieu", title.clone(), head).rows(rows).html(l);
    let mut page = app.page(&viewer, &format!("{TARGETS}?nam={year}"), title.clone());
    page.facts = SafeHtml::text(&l.t("targets-intro"));
    page.table_id = "chi-tieu".into();
    page.body = SafeHtml::concat([
        years(&pages, l, first, year, |year| format!("{TARGETS}?nam={year}")),
        note(NoteKind::Info, "", l.t("targets-rhythm")),
        Panel::flush(title, table).foot(l.t("targets-foot")).html(),
        super::paper::panel(&pages, &figures, l, &viewer, year, &targets),
    ]);
    page.foot = vec![
        l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]),
        l.t_args("indicator-plan-line", &[("document", pages.plan.document.of(l).into())]),
    ];
    Ok(Shown::page(page.render(l), audited))
}
