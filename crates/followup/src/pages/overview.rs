//! `GET /ke-hoach`: the tasks of a year, group by group.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::component::{Cell, Column, Link, Panel, Row, Status, Tab, Table, definition_list, segments};
use web::{Locale, SafeHtml, tag};

use super::figure::{self, Sources};
use super::unit::unit_href;
use super::{asked_year, heading, months, nav, said, task_href, task_status};
use crate::standing::{Standing, TaskState, has_terms};
use crate::status::days_of;
use crate::{Followup, HOME};

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "nam")]
    pub(super) year: Option<i32>,
}

/// `GET /ke-hoach`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let year = asked_year(followup.plan(), asked.year, today);
    let seen = followup.seen(&viewer, year).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").count("rows", seen.reports.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut page = app.page(&viewer, HOME, l.t("followup-title"));
    page.facts = facts(&followup, l);
    page.table_id = "nhiem-vu".into();
    let (first, last) = days_of(year, today);
    let evidence = app.desk.task_evidence_counts(&viewer.scope, &followup.followed.id, first, last);
    let evidence = evidence.await.map_err(PageError::desk)?;
    let sources = Sources::now(&followup, &viewer, year).await?;
    let beside = Beside { viewer: &viewer, evidence, sources };
    let table = table(&followup, l, &seen.standings, year, &beside).html(l);
    page.foot = vec![l.t("followup-foot"), l.t("followup-foot-terms"), beside.sources.line(l)];
    page.body = SafeHtml::concat([
        nav(l, HOME),
        years(&followup, l, year),
        tally(l, &seen.standings, today),
        leaders(&followup, l, &seen.standings, today),
        Panel::flush(l.t_args("followup-tasks", &[("year", year.to_string().as_str().into())]), table)
            .aside(months::legend(l))
            .html(),
    ]);
    page.foot.extend(followup.plan().begins.map(|day| l.t_args("followup-foot-begins", &[("day", l.date(day).as_str().into())])));
    Ok(Shown::page(page.render(l), audited))
}

fn facts(followup: &Followup, l: Locale) -> SafeHtml {
    let plan = followup.plan();
    let mut leading: Vec<&String> = plan.tasks.iter().flat_map(|task| &task.leads).collect();
    leading.sort();
    leading.dedup();
    let counts = l.t_args(
        "followup-counts",
        &[
            ("tasks", (plan.tasks.len() as i64).into()),
            ("groups", (plan.groups.len() as i64).into()),
            ("units", (leading.len() as i64).into()),
        ],
    );
    SafeHtml::join([SafeHtml::text(said(l, &plan.document)), SafeHtml::text(&counts)], " · ")
}

/// The years of the plan, where it has more than one.
fn years(followup: &Followup, l: Locale, year: i32) -> SafeHtml {
    let (Some(first), Some(last)) = (followup.plan().first_year, followup.plan().last_year) else { return SafeHtml::empty() };
    let tabs: Vec<Tab> = (first..=last)
        .map(|other| Tab {
            link: Link::new(other.to_string(), format!("{HOME}?nam={other}")),
            count: None,
            current: other == year,
        })
        .collect();
    segments(&l.t("followup-year"), &tabs)
}

/// How many tasks stand how.
fn tally(l: Locale, standings: &[Standing<'_>], today: base::Date) -> SafeHtml {
    let count = |is: fn(TaskState) -> bool| standings.iter().filter(|one| is(one.state(today))).count() as i64;
    let items = [
        (count(|s| s == TaskState::OnTime), Status::ok(l.t("followup-on-time"))),
        (count(|s| s == TaskState::Doing), Status::doing(l.t("followup-doing"))),
        (count(|s| matches!(s, TaskState::Late(_))), Status::bad(l.t("followup-tally-late"))),
        (count(|s| s == TaskState::NoTerm), Status::neutral(l.t("followup-no-term"))),
    ];
    let items = items.map(|(n, status)| {
        let number = tag("p").class("tally-number").text(&l.number(n)).html();
        tag("li").child(number).child(status.html()).html()
    });
    tag("ul").class("panel tally").attr("aria-label", l.t("followup-tally")).children(items).html()
}

/// What each leading unit has, and how much of it is late.
fn leaders(followup: &Followup, l: Locale, standings: &[Standing<'_>], today: base::Date) -> SafeHtml {
    let mut ids: Vec<&String> = Vec::new();
    for lead in standings.iter().flat_map(|one| &one.task.leads) {
        if !ids.contains(&lead) {
            ids.push(lead);
        }
    }
    let line = |id: &String| {
        let own: Vec<&Standing<'_>> = standings.iter().filter(|one| one.task.leads.contains(id)).collect();
        let late = own.iter().filter(|one| matches!(one.state(today), TaskState::Late(_))).count() as i64;
        let words = l.t_args("followup-unit-tasks", &[("n", (own.len() as i64).into())]);
        let status = if late > 0 {
            Status::bad(l.t_args("followup-unit-late", &[("n", late.into())]))
        } else {
            Status::ok(l.t("followup-unit-none-late"))
        };
        let tasks = Link::new(words, unit_href(id)).html();
        (followup.unit_name(l, id), tasks.then(" ").then(status.html()))
    };
    Panel::new(l.t("followup-units"), definition_list(false, ids.into_iter().map(line))).html()
}

/// What stands beside the terms of tasks.
pub(super) struct Beside<'a> {
    pub(super) viewer: &'a Viewer,
    pub(super) evidence: BTreeMap<String, i64>,
    pub(super) sources: Sources,
}

/// The tasks, group by group.
pub(super) fn table(followup: &Followup, l: Locale, standings: &[Standing<'_>], year: i32, beside: &Beside<'_>) -> Table {
    let today = followup.app.today();
    let january = today.month().plus(12 * (year - today.year()) + 1 - today.month().number());
    let head = vec![
        Column::text(l.t("followup-column-id")),
        Column::text(l.t("followup-column-task")),
        Column::text(l.t("followup-column-lead")),
        Column::text(l.t("followup-column-months")),
        Column::text(l.t("followup-column-next")),
        Column::text(l.t("followup-column-reports")),
        Column::text(l.t("followup-column-state")),
    ];
    let mut rows = Vec::new();
    let mut group: Option<&str> = None;
    for standing in standings {
        let own = standing.task.group.as_deref();
        if own.is_some() && own != group {
            group = own;
            rows.extend(
                followup
                    .plan()
                    .groups
                    .iter()
                    .find(|one| Some(one.id.as_str()) == own)
                    .map(|one| Row::group(Cell::text(format!("{}. {}", one.id, said(l, &one.title))))),
            );
        }
        rows.push(row(followup, l, standing, january, beside));
    }
    Table::new("nhiem-vu", l.t("followup-title"), head).rows(rows).worklist()
}

fn row(followup: &Followup, l: Locale, standing: &Standing<'_>, january: base::Month, beside: &Beside<'_>) -> Row {
    let (task, today) = (standing.task, followup.app.today());
    let next = match standing.next() {
        Some(term) => l.date(term.day()),
        None if !has_terms(task) => l.t("followup-always"),
        None if standing.terms.is_empty() && !task.time.is_empty() => task.time.clone(),
        None => "–".into(),
    };
    let reports = standing.next().map_or_else(
        || "–".into(),
        |term| l.t_args("followup-of", &[("n", (term.confirmed as i64).into()), ("all", (standing.owing as i64).into())]),
    );
    Row::new(vec![
        Cell::text(&task.id),
        Cell::link(heading(l, task), task_href(&task.id)),
        Cell::text(followup.leads(l, task)),
        Cell::html(months::strip(l, standing, january)),
        Cell::text(next),
        match beside.evidence.get(&task.id) {
            Some(n) => Cell::text(reports).note(l.t_args("followup-evidence-count", &[("n", (*n).into())])),
            None => Cell::text(reports),
        },
        match figure::short(followup, l, beside.viewer, task, &beside.sources) {
            Some(words) => Cell::status(&task_status(l, standing, today)).note(words),
            None => Cell::status(&task_status(l, standing, today)),
        },
    ])
}
