//! `GET /ke-hoach/danh-gia`: what each unit and commune did of what it owed, part by part, without a sum.

use axum::Extension;
use axum::extract::{Query, State};
use base::{Area, CommuneCode, Rate};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent, Target};
use plan::indicators::Indicator;
use serde::Deserialize;
use web::component::{Cell, Column, Link, Panel, Row, Tab, Table, segments};
use web::{Locale, Percent, SafeHtml};

use super::unit::unit_href;
use super::{asked_year, nav, said};
use crate::figures::RunFigures;
use crate::scorecard::{DataScore, Facts, Score, Whose};
use crate::status::days_of;
use crate::{Followup, HOME};

/// Path of the page.
const SCORES: &str = "/ke-hoach/danh-gia";

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "nam")]
    year: Option<i32>,
    /// `xa-phuong` for the communes.
    #[serde(rename = "cua", default)]
    whose: String,
}

/// `GET /ke-hoach/danh-gia`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let year = asked_year(followup.plan(), asked.year, today);
    let communes = asked.whose == "xa-phuong" || matches!(viewer.scope.area, Area::Communes(_));
    let seen = followup.seen(&viewer, year).await?;
    let (first, last) = days_of(year, today);
    let submitted = app.desk.task_submissions(&viewer.scope, &followup.followed.id, first, last);
    let submitted = submitted.await.map_err(PageError::desk)?;
    let duties = followup.duties(&viewer, year).await?;
    let facts = Facts {
        plan: followup.plan(),
        standings: &seen.standings,
        reports: &seen.reports,
        submitted: &submitted,
        duties: &duties,
        today,
    };
    let event = ReadEvent::new(AuditAction::ViewRows, "scorecard").count("rows", seen.reports.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let table = if communes {
        let run = followup.shelf.latest(&app.book, &app.law, &followup.followed.figures).await?;
        let targets = app.desk.targets(&viewer.scope, year).await.map_err(PageError::desk)?;
        of_communes(&followup, l, &viewer, &facts, run.as_deref(), &targets)
    } else {
        of_units(&followup, l, &facts)
    };
    let mut page = app.page(&viewer, SCORES, l.t("followup-scores"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = SafeHtml::text(&l.t_args("followup-scores-intro", &[("year", year.to_string().into())]));
    page.table_id = "danh-gia".into();
    let panel = Panel::flush(l.t("followup-scores"), table.html(l)).html();
    page.body = match viewer.scope.area {
        Area::City => nav(l, SCORES).then(tabs(l, year, communes)).then(panel),
        Area::Communes(_) => nav(l, SCORES).then(panel),
    };
    page.foot = vec![l.t("followup-scores-foot"), l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

fn tabs(l: Locale, year: i32, communes: bool) -> SafeHtml {
    let tab = |key: &str, whose: &str, current| Tab {
        link: Link::new(l.t(key), format!("{SCORES}?nam={year}&cua={whose}")),
        count: None,
        current,
    };
    let tabs = [tab("followup-scores-units", "don-vi", !communes), tab("followup-scores-communes", "xa-phuong", communes)];
    segments(&l.t("followup-scores-whose"), &tabs)
}

/// Columns every scorecard has.
fn head(l: Locale, whose: &str) -> Vec<Column> {
    vec![
        Column::text(l.t(whose)),
        Column::number(l.t("followup-score-tasks"), ""),
        Column::number(l.t("followup-score-owed"), ""),
        Column::number(l.t("followup-score-confirmed"), ""),
        Column::number(l.t("followup-score-on-time"), ""),
        Column::number(l.t("followup-score-late"), ""),
        Column::number(l.t("followup-score-days"), l.t("followup-score-days-unit")),
        Column::number(l.t("followup-score-unknown"), ""),
    ]
}

fn cells(l: Locale, name: Cell, score: &Score) -> Vec<Cell> {
    let number = |n: usize| Cell::number(l, n as i64);
    let confirmed = number(score.confirmed);
    let returned = [("n", (score.returned as i64).into())];
    vec![
        name,
        number(score.tasks),
        number(score.owed),
        if score.returned > 0 { confirmed.note(l.t_args("followup-score-returned", &returned)) } else { confirmed },
        number(score.on_time),
        number(score.late),
        match score.late {
            0 => Cell::text("–"),
            late => Cell::text(mean(l, score.days_late, late as i64)),
        },
        number(score.unknown),
    ]
}

/// The parts of a scorecard, each with its name.
pub(super) fn parts(l: Locale, score: &Score) -> Vec<(String, SafeHtml)> {
    let number = |n: usize| SafeHtml::text(&l.number(n as i64));
    let days = match score.late {
        0 => "–".to_owned(),
        late => format!("{} {}", mean(l, score.days_late, late as i64), l.t("followup-score-days-unit")),
    };
    vec![
        (l.t("followup-score-tasks"), number(score.tasks)),
        (l.t("followup-score-owed"), number(score.owed)),
        (l.t("followup-score-confirmed"), number(score.confirmed)),
        (l.t("followup-score-on-time"), number(score.on_time)),
        (l.t("followup-score-late"), number(score.late)),
        (l.t("followup-score-days"), SafeHtml::text(&days)),
        (l.t("followup-score-unknown"), number(score.unknown)),
    ]
}

/// A mean with one decimal, rounded half up.
fn mean(l: Locale, sum: i64, n: i64) -> String {
    let tenths = (20 * sum + n) / (2 * n);
    let whole = l.number(tenths / 10);
    let mark = if l.lang() == web::Lang::En { '.' } else { ',' };
    format!("{whole}{mark}{}", tenths % 10)
}

fn of_units(followup: &Followup, l: Locale, facts: &Facts<'_, '_>) -> Table {
    let mut head = head(l, "followup-column-unit");
    head.push(Column::text(l.t("followup-score-data")));
    let mut rows = Vec::new();
    for unit in followup.plan().units.iter().filter(|unit| unit.kind != "commune") {
        let score = facts.score(&Whose::Unit(unit));
        let owes_data = facts.duties.iter().any(|one| one.duty.from == unit.id);
        if score.tasks == 0 && !owes_data {
            continue;
        }
        let mut cells = cells(l, Cell::link(said(l, &unit.name), unit_href(&unit.id)), &score);
        cells.push(match owes_data {
            false => Cell::text("–"),
            true if score.data == DataScore::default() => Cell::text("–"),
            true => {
                let of = [
                    ("came", (score.data.came as i64).into()),
                    ("late", (score.data.came_late as i64).into()),
                    ("missing", (score.data.missing as i64).into()),
                ];
                Cell::figure(l.t_args("followup-score-data-parts", &of), "/ke-hoach/du-lieu")
            }
        });
        rows.push(Row::new(cells));
    }
    Table::new("danh-gia", l.t("followup-scores"), head).rows(rows).worklist()
}

fn of_communes(
    followup: &Followup,
    l: Locale,
    viewer: &Viewer,
    facts: &Facts<'_, '_>,
    run: Option<&RunFigures>,
    targets: &[Target],
) -> Table {
    let assigned: Vec<&Indicator> = followup.followed.indicators.all().iter().filter(|one| one.assigned).collect();
    let mut head = head(l, "followup-score-commune");
    head.extend(assigned.iter().map(|one| Column::number(one.id.as_str(), "%")));
    let seen = |code: &CommuneCode| viewer.scope.sees(Some(code));
    let rows = followup.app.places.communes().iter().filter(|commune| seen(&commune.code)).map(|commune| {
        let score = facts.score(&Whose::Commune(&commune.code));
        let name = Cell::link(commune.name.as_str(), format!("/xa-phuong/{}", commune.code.as_str()));
        let mut cells = cells(l, name, &score);
        let area = Area::Communes([commune.code.clone()].into());
        cells.extend(assigned.iter().map(|one| {
            let actual = followup.followed.indicator(&one.id, run, None, &area).ok().and_then(|value| value.share());
            let target =
                targets.iter().find(|target| target.indicator == one.id && target.commune.as_ref() == Some(&commune.code));
            against(l, actual, target.map(|target| target.value))
        }));
        Row::new(cells)
    });
    Table::new("danh-gia", l.t("followup-scores"), head).rows(rows.collect::<Vec<_>>()).worklist()
}

/// Actual against assigned.
fn against(l: Locale, actual: Option<Rate>, target: Option<Rate>) -> Cell {
    let percent = |share: Rate| i64::try_from(share.hundred_millionths()).ok().and_then(|parts| Percent::of(parts, 100_000_000));
    let Some(actual) = actual.and_then(percent) else { return Cell::text("–") };
    let cell = Cell::text(l.percent_figure(actual));
    match target.and_then(percent) {
        Some(target) => cell.note(l.t_args("followup-score-against", &[("target", l.percent_figure(target).into())])),
        None => cell.note(l.t("followup-score-not-assigned")),
    }
}
