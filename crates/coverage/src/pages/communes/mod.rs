//! The page of a commune: its five figures, who is missing and why, its villages and schools, what the month brought.

mod ended;
mod gaps;
mod list;
mod month;
mod schools;
mod speaker;

use axum::Extension;
use axum::extract::{Path, State};
use base::CommuneCode;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Button, ButtonKind, Columns, Figure, FigureStrip, Icon, Link, NumberCard, TargetLine, columns};
use web::{SafeHtml, tag};

use super::Pages;
use super::counts::people;
use super::overview::{Desk, path_of};
use crate::plan::{Indicator, Said};

pub(crate) use ended::show as ended;
pub(crate) use list::show as list;
pub(crate) use speaker::show as speaker;

/// Path of the communes.
pub(crate) const COMMUNE: &str = "/xa-phuong";

/// The commune of an address; nothing is told about one the viewer does not see.
fn commune_of(pages: &Pages, viewer: &Viewer, code: &str) -> Result<CommuneCode, PageError> {
    let code = CommuneCode::parse(code).filter(|code| pages.app.places.commune(code).is_some()).ok_or(PageError::NotFound)?;
    if viewer.scope.sees(Some(&code)) { Ok(code) } else { Err(PageError::NotFound) }
}

/// `GET /xa-phuong/{code}`.
pub(crate) async fn show(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(code): Path<String>,
) -> Result<Shown, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    let code = commune_of(&pages, &viewer, &code)?;
    let snapshot = pages.serving.current(app).await?;
    let figures = pages.figures.of(app, &snapshot).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "commune").object("all").commune(&code).run(&snapshot.run);
    let audited = app.audit(&viewer, event).await?;
    let targets = app.desk.targets(&viewer.scope, snapshot.period.year()).await.map_err(PageError::desk)?;
    let desk = Desk { pages: &pages, l, viewer: &viewer, snapshot: &snapshot, figures: &figures, targets: &targets };
    let name = pages.place(&code);
    let at = format!("{COMMUNE}/{code}");
    let mut page = app.page(&viewer, &at, name.clone());
    page.crumbs = vec![Link::new(l.t("commune-list-title"), COMMUNE)];
    page.here = name;
    page.facts = facts(&desk, &code);
    page.actions =
        vec![Button::link(l.t("commune-speaker-open"), format!("{at}/ban-tin"), ButtonKind::Default).icon(Icon::Speaker)];
    if desk::may(&viewer.scope, desk::Permission::ListPeople) {
        let list = format!("{}?xa={code}", super::LIST);
        page.actions.push(Button::link(l.t("commune-open-list"), list, ButtonKind::Primary).icon(Icon::People));
    }
    let strip = FigureStrip { cards: pages.plan.counted().map(|indicator| card(&desk, indicator, &code)).collect() };
    let left = [gaps::panel(&desk, &code), gaps::villages(&desk, &code).await?];
    let right = [schools::panel(&desk, &code), month::panel(&desk, &code).await?];
    let grid = |panels: Vec<SafeHtml>| columns(Columns::One, panels.into_iter().filter(|panel| !panel.is_empty()));
    page.table_id = "ly-do".into();
    page.body = strip.html().then(columns(Columns::MainSide, [grid(left.into()), grid(right.into())]));
    page.foot = foot(&desk, &code);
    Ok(Shown::page(page.render(l), audited))
}

fn facts(desk: &Desk, code: &CommuneCode) -> SafeHtml {
    let l = desk.l;
    let mut facts = l.t_args("commune-code", &[("code", code.as_str().into())]);
    if let Some(people) = desk.figures.of(crate::BHYT_COVERAGE, Some(code)).and_then(|line| line.denominator) {
        facts = format!("{facts} · {}", l.t_args("commune-people", &[("n", people.into())]));
    }
    let day = l.t_args("coverage-as-of", &[("day", l.date(desk.snapshot.as_of).as_str().into())]);
    SafeHtml::text(&facts).then(" · ").then(tag("b").text(&day))
}

fn foot(desk: &Desk, code: &CommuneCode) -> Vec<String> {
    let l = desk.l;
    let mut foot = vec![l.t_args("coverage-run-line", &[("run", desk.snapshot.run.as_str().into())])];
    let mut sources: Vec<String> = Vec::new();
    for indicator in desk.pages.plan.counted() {
        let line = desk.figures.of(&indicator.id, Some(code));
        sources.extend(line.and_then(|line| line.source.clone()).filter(|s| !sources.contains(s)));
    }
    foot.extend(sources.iter().map(|s| l.t_args("coverage-denominator-line", &[("source", s.as_str().into())])));
    foot.push(l.t("coverage-reasons-note"));
    foot
}

/// One figure of the strip.
fn card(desk: &Desk, indicator: &Indicator, code: &CommuneCode) -> NumberCard {
    let (l, scope) = (desk.l, &desk.viewer.scope);
    let name = indicator.short.of(l);
    let at = format!("/chi-tieu/{}", indicator.id);
    let line = desk.figures.of(&indicator.id, Some(code)).cloned().unwrap_or_default();
    let (Some(share), Some(over), Some(under)) = (line.share(), line.numerator, line.denominator) else {
        return NumberCard::new(name, Figure::missing(l.t("overview-missing")));
    };
    let course = desk.figures.course_of(&indicator.id, Some(code));
    let path = path_of(desk, indicator, Some(code), &course);
    let year = desk.snapshot.period.year().to_string();
    let targets = path.year.map(|(_, target)| {
        let key = if path.assigned { "overview-target-assigned" } else { "overview-target-path" };
        TargetLine::new(l.t_args(key, &[("year", year.as_str().into())]), l.percent(target))
    });
    let denominator = match line.basis.as_str() {
        "register" => format!("{at}/mau-so?xa={code}"),
        _ => format!("{at}#mau-so"),
    };
    NumberCard {
        status: Some(path.status(l, indicator.direction, desk.snapshot.period, share)),
        targets: targets.into_iter().collect(),
        numerator: Some(Link::new(people(l, scope, over), format!("{at}/tu-so?xa={code}"))),
        denominator: Some(Link::new(l.number(under), denominator)),
        counted: indicator.counted.of(l).to_owned(),
        ..NumberCard::new(name, Figure::known(l.percent_figure(share), "%", at))
    }
}
