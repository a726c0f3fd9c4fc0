//! `GET /ke-hoach/tom-tat`: the plan on one screen of a phone: indicators, what is late and with whom, what comes this week.

use axum::Extension;
use axum::extract::State;
use base::Rate;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Cell, Column, Link, Panel, Row, Status, Table, empty_state};
use web::{Locale, Percent, SafeHtml, tag};

use super::figure::missing;
use super::term::term_href;
use super::{HOME_TABS, heading, nav, said, task_href};
use crate::figures::{DeskCounts, RunFigures};
use crate::standing::{Standing, TaskState, TermState};
use crate::{Followup, HOME};

/// Days ahead that are told.
const AHEAD: i32 = 7;
/// Late tasks told; the others are counted.
const LATE: usize = 12;

/// `GET /ke-hoach/tom-tat`.
pub(super) async fn show(State(followup): State<Followup>, Extension(viewer): Extension<Viewer>) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let seen = followup.seen(&viewer, super::asked_year(followup.plan(), None, today)).await?;
    let duties = followup.duties(&viewer, today.year()).await?;
    let run = followup.shelf.latest(&app.book, &app.law, &followup.followed.figures).await?;
    let counts = followup.followed.desk_counts(&app.desk, &viewer.scope, today, app.places.communes().len());
    let counts = counts.await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "plan_brief").count("rows", seen.standings.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, HOME_TABS[1].1, l.t("followup-brief"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = SafeHtml::text(&match &run {
        Some(run) => l.t_args("followup-figures-run", &[("run", run.run.as_str().into()), ("day", l.date(run.as_of()).into())]),
        None => l.t("followup-missing-no-run"),
    });
    let missing_data = duties.iter().filter(|one| one.late().next().is_some());
    let data = missing_data.map(|one| {
        let late = one.late().count() as i64;
        Row::new(vec![
            Cell::link(said(l, &one.duty.what), format!("/ke-hoach/du-lieu/{}", one.duty.id)),
            Cell::text(followup.unit_name(l, &one.duty.from)),
            Cell::status(&Status::bad(l.t_args("followup-brief-terms", &[("n", late.into())]))),
        ])
    });
    let data_head = vec![
        Column::text(l.t("followup-duty-what")),
        Column::text(l.t("followup-duty-from")),
        Column::text(l.t("followup-column-state")),
    ];
    let none = || empty_state(&l.t("followup-brief-none"), &l.t("followup-brief-none-why"), None);
    let data =
        Table::new("du-lieu", l.t("followup-brief-data"), data_head).rows(data.collect::<Vec<_>>()).empty(none()).worklist();
    page.body = SafeHtml::concat([
        nav(l, HOME_TABS[1].1),
        indicators(&followup, l, &viewer, run.as_deref(), &counts),
        late(&followup, l, &seen.standings),
        Panel::flush(l.t("followup-brief-data"), data.html(l)).html(),
        ahead(&followup, l, &seen.standings),
    ]);
    page.foot = vec![l.t("followup-foot")];
    Ok(Shown::page(page.render(l), audited))
}

fn indicators(followup: &Followup, l: Locale, viewer: &Viewer, run: Option<&RunFigures>, counts: &DeskCounts) -> SafeHtml {
    let percent = |share: Rate| i64::try_from(share.hundred_millionths()).ok().and_then(|parts| Percent::of(parts, 100_000_000));
    let items = followup.followed.indicators.all().iter().map(|one| {
        let answer = followup.followed.indicator(&one.id, run, Some(counts), &viewer.scope.area);
        let share = answer.as_ref().ok().and_then(|value| value.share()).and_then(percent);
        let number = share.map_or_else(|| "–".to_owned(), |share| l.percent(share));
        let target = one.target().map(|share| {
            let of = [
                ("share", web::format::rate(l.lang(), share).into()),
                ("year", followup.followed.indicators.last_year.to_string().into()),
            ];
            l.t_args("followup-figure-by", &of)
        });
        let words = match &answer {
            Ok(_) => target.unwrap_or_default(),
            Err(why) => missing(l, why),
        };
        let name = Link::new(format!("{} {}", one.id, said(l, &one.short)), format!("/chi-tieu/{}", one.id));
        tag("li")
            .child(tag("p").class("tally-number").text(&number).html())
            .child(name.html())
            .child(tag("p").class("small").text(&words).html())
            .html()
    });
    tag("ul").class("panel tally").attr("aria-label", l.t("followup-indicators")).children(items).html()
}

fn late(followup: &Followup, l: Locale, standings: &[Standing<'_>]) -> SafeHtml {
    let today = followup.app.today();
    let mut late: Vec<(i32, &Standing<'_>)> = standings
        .iter()
        .filter_map(|one| match one.state(today) {
            TaskState::Late(days) => Some((days, one)),
            _ => None,
        })
        .collect();
    late.sort_by_key(|(days, _)| -days);
    let head = vec![
        Column::text(l.t("followup-column-task")),
        Column::text(l.t("followup-column-lead")),
        Column::text(l.t("followup-column-state")),
    ];
    let rows = late.iter().take(LATE).map(|(days, one)| {
        Row::new(vec![
            Cell::link(format!("{} {}", one.task.id, heading(l, one.task)), task_href(&one.task.id)),
            Cell::text(followup.leads(l, one.task)),
            Cell::status(&Status::bad(l.t_args("followup-late", &[("n", i64::from(*days).into())]))),
        ])
    });
    let empty = empty_state(&l.t("followup-brief-none"), &l.t("followup-brief-none-why"), None);
    let table = Table::new("qua-han", l.t("followup-brief-late"), head).rows(rows).empty(empty).worklist().html(l);
    let count = l.t_args("followup-brief-count", &[("n", (late.len() as i64).into())]);
    Panel::flush(l.t("followup-brief-late"), table).aside(count).html()
}

fn ahead(followup: &Followup, l: Locale, standings: &[Standing<'_>]) -> SafeHtml {
    let today = followup.app.today();
    let mut rows: Vec<(base::Date, Row)> = Vec::new();
    for standing in standings {
        for term in &standing.terms {
            let left = today.days_until(term.day());
            if !(0..=AHEAD).contains(&left) || term.state == TermState::Done {
                continue;
            }
            rows.push((
                term.day(),
                Row::new(vec![
                    Cell::link(
                        format!("{} {}", standing.task.id, heading(l, standing.task)),
                        term_href(&standing.task.id, term.due),
                    ),
                    Cell::text(followup.leads(l, standing.task)),
                    Cell::text(l.date(term.day())).note(l.t_args("followup-in-days", &[("n", i64::from(left).into())])),
                ]),
            ));
        }
    }
    rows.sort_by_key(|(day, _)| *day);
    let head = vec![
        Column::text(l.t("followup-column-task")),
        Column::text(l.t("followup-column-lead")),
        Column::text(l.t("followup-column-due")),
    ];
    let title = l.t_args("followup-brief-ahead", &[("n", i64::from(AHEAD).into())]);
    let empty = empty_state(&l.t("followup-brief-nothing"), &l.t("followup-brief-nothing-why"), None);
    let table = Table::new("sap-den", title.clone(), head).rows(rows.into_iter().map(|(_, row)| row)).empty(empty).worklist();
    Panel::flush(title, table.html(l)).html()
}
