//! The page of an indicator: what it is, its numbers on every denominator, its course and forecast, every commune.

mod places;
mod rows;

use axum::Extension;
use axum::extract::{Path as FromPath, Query, State};
use base::Area;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::chart::{ChartFigure, Course};
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Icon, Link, Panel, Row, Status, Table, columns, definition_list, heading, note,
};
use web::{Percent, SafeHtml, tag};

use super::Pages;
use super::counts::{door, people};
use super::overview::{Desk, forecast_words, path_of};
use crate::figures::Line;
use crate::path::Path;
use crate::plan::{InFigures, Indicator, Said};

pub(crate) use places::{View, csv};
pub(crate) use rows::show as rows;

/// `GET /chi-tieu/{id}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    FromPath(id): FromPath<String>,
    Query(view): Query<View>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let plan = pages.plan.clone();
    let indicator = plan.all().iter().find(|i| i.id == id).ok_or(PageError::NotFound)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "indicator").object(indicator.id.as_str()).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let targets = app.desk.targets(&viewer.scope, snapshot.period.year()).await.map_err(PageError::desk)?;
    let desk = Desk { pages: &pages, l, viewer: &viewer, snapshot: &snapshot, figures: &figures, targets: &targets };
    let mut page = app.page(&viewer, &format!("/chi-tieu/{id}"), indicator.name.of(l));
    page.crumbs = vec![Link::new(l.t("coverage-menu-overview"), "/")];
    page.here = indicator.short.of(l).to_owned();
    let kind = l.t(if indicator.assigned { "overview-assigned" } else { "overview-followed" });
    page.facts = SafeHtml::text(&format!("{kind} · {}", indicator.place.of(l)))
        .then(" · ")
        .then(tag("b").text(&l.t_args("coverage-as-of", &[("day", l.date(snapshot.as_of).as_str().into())])));
    page.foot = vec![
        l.t_args("coverage-run-line", &[("run", snapshot.run.as_str().into())]),
        l.t_args("indicator-plan-line", &[("document", pages.plan.document.of(l).into())]),
    ];
    if let Some(waits) = &indicator.waits {
        page.body = note(web::component::NoteKind::Info, &l.t("overview-no-figures"), waits.of(l));
        return Ok(Shown::page(page.render(l), audited));
    }
    let neighbours = heading(3, "", others(&desk, indicator));
    let left = columns(Columns::One, [bases(&desk, indicator), course(&desk, indicator), places::panel(&desk, indicator, &view)]);
    let right = columns(Columns::One, [definition(&desk, indicator), beside(&desk, indicator)]);
    page.table_id = "xa-phuong".into();
    page.actions = vec![
        Button::link(l.t("overview-ranking-csv"), format!("/chi-tieu/{id}/xa-phuong.csv"), ButtonKind::Default)
            .icon(Icon::Download),
        Button::link(l.t("indicator-targets"), format!("/chi-tieu-giao/{}/{id}", snapshot.period.year()), ButtonKind::Default)
            .icon(Icon::Target),
    ];
    page.body = neighbours.then(columns(Columns::MainSide, [left, right]));
    Ok(Shown::page(page.render(l), audited))
}

/// Links to the other indicators with figures.
fn others(desk: &Desk, shown: &Indicator) -> SafeHtml {
    let tabs: Vec<web::component::Tab> = desk
        .pages
        .plan
        .counted()
        .map(|indicator| web::component::Tab {
            link: Link::new(indicator.short.of(desk.l), format!("/chi-tieu/{}", indicator.id)),
            count: None,
            current: indicator.id == shown.id,
        })
        .collect();
    web::component::tabs(&desk.l.t("overview-indicator-label"), &tabs)
}

/// The lines a viewer sees: those of the city, or of the one commune.
fn lines(desk: &Desk, indicator: &Indicator) -> Vec<Line> {
    match &desk.viewer.scope.area {
        Area::City => desk.figures.all(&indicator.id, None).into_iter().cloned().collect(),
        Area::Communes(own) if own.len() == 1 => {
            let code = own.iter().next();
            desk.figures.all(&indicator.id, code).into_iter().cloned().collect()
        }
        Area::Communes(_) => desk.figures.seen(&indicator.id, &desk.viewer.scope).into_iter().collect(),
    }
}

/// The same heads on every denominator side by side; which one is followed, and why.
fn bases(desk: &Desk, indicator: &Indicator) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let lines = lines(desk, indicator);
    let at = format!("/chi-tieu/{}", indicator.id);
    let head = vec![
        Column::text(l.t("indicator-basis")),
        Column::number(l.t("indicator-numerator"), indicator.counted.of(l)),
        Column::number(l.t("indicator-denominator"), indicator.counted.of(l)),
        Column::number(l.t("indicator-share"), "%"),
        Column::text(l.t("coverage-column-state")),
    ];
    let rows = lines.iter().map(|line| {
        let name = if line.basis == "register" { l.t("indicator-basis-register") } else { l.t("indicator-basis-statistics") };
        let source = line.source.clone().unwrap_or_else(|| l.t("indicator-no-denominator"));
        let over =
            line.numerator.map(|n| door(l, scope, n, format!("{at}/tu-so"))).unwrap_or_else(|| l.t("indicator-unknown").into());
        let under = match line.denominator {
            None => l.t("indicator-unknown").into(),
            Some(n) if line.basis == "register" => door(l, scope, n, format!("{at}/mau-so")),
            Some(n) => statistic(desk, n),
        };
        let share = line.share().map(|share| l.percent_figure(share)).unwrap_or_else(|| "–".into());
        let state =
            if line.main { Status::ok(l.t("indicator-followed-basis")) } else { Status::neutral(l.t("indicator-beside")) };
        Row::new(vec![
            Cell::text(name).note(source),
            Cell::html(over),
            Cell::html(under),
            Cell::text(share),
            Cell::status(&state),
        ])
        .selected(line.main)
    });
    let title = l.t("indicator-bases-title");
    let table = Table::new("mau-so", title.clone(), head).rows(rows).html(l);
    Panel::flush(title, table).foot(l.t("indicator-bases-foot")).html()
}

/// A denominator that stands in a file: the file opens for who may see files.
fn statistic(desk: &Desk, count: i64) -> SafeHtml {
    let words = desk.l.number(count);
    let file = desk.snapshot.batches.iter().find(|batch| batch.roster == "commune_figure");
    match file.filter(|_| super::rosters::require(desk.viewer).is_ok()) {
        Some(batch) => Link::new(words, super::rosters::batch_href(batch)).figure(),
        None => SafeHtml::text(&words),
    }
}

/// Definition and formula in words, with the plan and the law.
fn definition(desk: &Desk, indicator: &Indicator) -> SafeHtml {
    let l = desk.l;
    let law = SafeHtml::join(indicator.law.iter().map(|ground| SafeHtml::text(ground.of(l))), "; ");
    let last = match indicator.target_words(l) {
        Some(share) => SafeHtml::text(&format!("{share} ({})", desk.pages.plan.last_year)),
        None => SafeHtml::text(&l.t("overview-followed")),
    };
    let items = [
        (l.t("indicator-formula"), SafeHtml::text(indicator.formula.of(l))),
        (l.t("indicator-numerator"), SafeHtml::text(indicator.numerator.of(l))),
        (l.t("indicator-denominator"), SafeHtml::text(indicator.denominator.of(l))),
        (l.t("indicator-plan"), SafeHtml::text(indicator.place.of(l))),
        (l.t("indicator-law"), law),
        (l.t("indicator-last-target"), last),
    ];
    Panel::new(l.t("indicator-definition"), definition_list(false, items)).html()
}

/// What stands beside the numerator: numbers without rows, people not matched, people not known.
fn beside(desk: &Desk, indicator: &Indicator) -> SafeHtml {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let Some(line) = desk.figures.seen(&indicator.id, scope) else { return SafeHtml::default() };
    let at = format!("/chi-tieu/{}", indicator.id);
    let mut items = Vec::new();
    if let Some(over) = line.numerator {
        let rows = over - line.aggregate;
        items.push((l.t("indicator-with-rows"), door(l, scope, rows, format!("{at}/tu-so"))));
    }
    if indicator.id == crate::BHYT_COVERAGE {
        let source = line.aggregate_source.clone().unwrap_or_else(|| l.t("indicator-aggregate-none"));
        let mut words = SafeHtml::text(&l.number(line.aggregate)).then(". ").then(source);
        let files = desk.snapshot.batches.iter().filter(|b| b.roster == "card_aggregate");
        if super::rosters::require(desk.viewer).is_ok() {
            for file in files {
                words = words.then(" ").then(Link::new(&file.file_name, super::rosters::batch_href(file)));
            }
        }
        items.push((l.t("indicator-aggregate"), words));
    }
    if let Some(count) = line.unmatched {
        let opens = rows::has_outside(desk.snapshot, &indicator.id);
        let words = || SafeHtml::text(&people(l, scope, count));
        items.push((l.t("indicator-unmatched"), if opens { door(l, scope, count, format!("{at}/chua-ghep")) } else { words() }));
    }
    if let Some(count) = line.unknown {
        let opens = crate::counted::Part::Unknown.condition(&indicator.id).is_some();
        let words = || SafeHtml::text(&people(l, scope, count));
        items.push((
            l.t("indicator-unknown-people"),
            if opens { door(l, scope, count, format!("{at}/chua-ro")) } else { words() },
        ));
    }
    if let Some(count) = crate::counted::open(desk.figures, indicator, &line, scope) {
        let words = l.t_args(crate::counted::open_key(indicator), &[("n", people(l, scope, count).as_str().into())]);
        items.push((l.t("indicator-open"), Link::new(words, format!("{at}/chua")).html()));
    }
    Panel::new(l.t("indicator-beside-title"), definition_list(false, items)).foot(l.t("indicator-beside-foot")).html()
}

/// The course with path and forecast, and the same as a table.
fn course(desk: &Desk, indicator: &Indicator) -> SafeHtml {
    let scope = &desk.viewer.scope;
    let course = desk.figures.course(&indicator.id, scope);
    let own = match &scope.area {
        Area::Communes(own) if own.len() == 1 => own.iter().next(),
        _ => None,
    };
    let path = path_of(desk, indicator, own, &course);
    let whole = scope.area == Area::City || own.is_some();
    let forecast = desk.figures.forecast(&indicator.id, own).filter(|_| whole);
    chart(desk, indicator, &course, &path, forecast)
}

/// The chart of a course in its panel.
pub(crate) fn chart(
    desk: &Desk,
    indicator: &Indicator,
    course: &[(base::Month, Percent)],
    path: &Path,
    forecast: Option<&crate::figures::Forecast>,
) -> SafeHtml {
    let l = desk.l;
    let period = desk.snapshot.period;
    let verdict = course.last().map(|(_, share)| path.status(l, indicator.direction, period, *share));
    let words = forecast.map(|f| forecast_words(l, period, f)).unwrap_or_else(|| l.t("indicator-no-forecast"));
    let december = base::Month::new(period.year(), 12).unwrap_or(period);
    let title = l.t_args("indicator-course-title", &[("name", indicator.short.of(l).into())]);
    let said: Vec<String> =
        [Some(title.clone()), verdict.as_ref().map(|v| v.words.clone()), Some(words.clone())].into_iter().flatten().collect();
    let svg = Course {
        title: said.join(". "),
        actual: course.iter().map(|(month, share)| (*month, share.for_chart())).collect(),
        path: path.corners(),
        forecast: forecast.and_then(|f| f.share).map(|(v, low, high)| (december, [low, v, high].map(Percent::for_chart))),
    }
    .svg(l);
    let head = vec![
        Column::text(l.t("indicator-month")),
        Column::number(l.t("coverage-column-share"), "%"),
        Column::number(l.t("indicator-path"), "%"),
    ];
    let rows = course.iter().rev().map(|(month, share)| {
        let should = path.at(*month).map(|p| l.percent_figure(p)).unwrap_or_else(|| "–".into());
        Row::new(vec![Cell::text(l.month(*month)), Cell::text(l.percent_figure(*share)), Cell::text(should)])
    });
    let table = Table::new("dien-bien", title.clone(), head).rows(rows).dense();
    let figure = ChartFigure { caption: l.t("indicator-course-caption"), svg, table }.html(l);
    let mut body = SafeHtml::default();
    if let Some(verdict) = verdict {
        body.push(tag("p").child(verdict.html()).text(" ").text(&words));
    }
    body.push(figure);
    Panel::new(title, body).html()
}
