//! `GET /ke-hoach/lich`: what is due on each day of a month: tasks and data.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Query, State};
use base::{Date, Month};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Link, Panel, Row, Status, Table, empty_state};
use web::{Locale, SafeHtml};

use super::term::term_href;
use super::{heading, nav, said, task};
use crate::duties::DutyState;
use crate::{Followup, HOME};

/// Path of the page.
const CALENDAR: &str = "/ke-hoach/lich";

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(rename = "thang")]
    month: Option<Month>,
}

/// `GET /ke-hoach/lich`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let month = asked.month.unwrap_or(today.month());
    let year = super::asked_year(followup.plan(), Some(month.year()), today);
    let seen = followup.seen(&viewer, year).await?;
    let duties = followup.duties(&viewer, year).await?;
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").count("rows", seen.reports.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let mut days: BTreeMap<Date, Vec<Row>> = BTreeMap::new();
    for standing in &seen.standings {
        for term in standing.terms.iter().filter(|term| term.day().month() == month) {
            let name = format!("{} {}", standing.task.id, heading(l, standing.task));
            days.entry(term.day()).or_default().push(Row::new(vec![
                Cell::link(name, term_href(&standing.task.id, term.due)),
                Cell::text(followup.leads(l, standing.task)),
                Cell::status(&task::state(l, term)),
            ]));
        }
    }
    for standing in &duties {
        for term in standing.terms.iter().filter(|term| term.due.month() == month) {
            let status = match term.state {
                DutyState::Came | DutyState::CameLate(_) => Status::ok(l.t("followup-duty-came")),
                DutyState::Ahead => Status::neutral(l.t("followup-term-ahead")),
                DutyState::Late(_) => Status::bad(l.t("followup-term-late")),
                DutyState::NoData => Status::neutral(l.t("followup-duty-no-data")),
            };
            days.entry(term.due).or_default().push(Row::new(vec![
                Cell::link(said(l, &standing.duty.what), format!("/ke-hoach/du-lieu/{}", standing.duty.id)),
                Cell::text(followup.unit_name(l, &standing.duty.from)).note(l.t("followup-calendar-data")),
                Cell::status(&status),
            ]));
        }
    }
    let mut page = app.page(&viewer, CALENDAR, l.t_args("followup-calendar", &[("month", l.month(month).into())]));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("followup-calendar-here");
    page.actions = [month.plus(-1), month.plus(1)]
        .map(|other| Button::link(l.month(other), format!("{CALENDAR}?thang={other}"), ButtonKind::Default))
        .to_vec();
    page.body = nav(l, CALENDAR).then(agenda(l, days, today));
    page.foot = vec![l.t("followup-foot-terms")];
    Ok(Shown::page(page.render(l), audited))
}

fn agenda(l: Locale, days: BTreeMap<Date, Vec<Row>>, today: Date) -> SafeHtml {
    if days.is_empty() {
        return empty_state(&l.t("followup-calendar-none"), &l.t("followup-calendar-none-why"), None);
    }
    let day = |(day, rows): (Date, Vec<Row>)| {
        let head = vec![
            Column::text(l.t("followup-column-task")),
            Column::text(l.t("followup-column-lead")),
            Column::text(l.t("followup-column-state")),
        ];
        let title = match today.days_until(day) {
            0 => l.t_args("followup-calendar-today", &[("day", weekday(l, day).into())]),
            _ => weekday(l, day),
        };
        let count = l.t_args("followup-calendar-count", &[("n", (rows.len() as i64).into())]);
        let table = Table::new(format!("ngay-{day}"), title.clone(), head).rows(rows).worklist().html(l);
        Panel::flush(title, table).aside(count).html()
    };
    SafeHtml::concat(days.into_iter().map(day))
}

/// `Thứ Hai, 30/11/2026`.
fn weekday(l: Locale, day: Date) -> String {
    // 1970-01-01 was a Thursday: three days after a Monday.
    let name = match (day.days_since_epoch() + 3).rem_euclid(7) {
        0 => l.t("followup-monday"),
        1 => l.t("followup-tuesday"),
        2 => l.t("followup-wednesday"),
        3 => l.t("followup-thursday"),
        4 => l.t("followup-friday"),
        5 => l.t("followup-saturday"),
        _ => l.t("followup-sunday"),
    };
    format!("{name}, {}", l.date(day))
}
