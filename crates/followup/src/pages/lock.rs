//! `GET /ke-hoach/khoa-ky`: which periods are closed, and closing one that is over.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Query, State};
use axum::response::Response;
use base::{Month, RunId};
use book::PeriodState;
use chapter::{PageError, Shown, Viewer, day_in_hanoi};
use desk::{AuditAction, LockedPeriod, NewLock, Permission, ReadEvent};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Form, Link, Panel, Row, Status, Table};
use web::{Locale, SafeHtml};

use super::{asked_year, go, nav, period_words};
use crate::period::Period;
use crate::standing::Standing;
use crate::{Followup, HOME};

/// Path of the page.
const LOCKS: &str = "/ke-hoach/khoa-ky";

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(super) struct Year {
    #[serde(rename = "nam")]
    year: Option<i32>,
}

/// `GET /ke-hoach/khoa-ky`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Year>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let year = asked_year(followup.plan(), asked.year, today);
    let seen = followup.seen(&viewer, year).await?;
    let locked = app.desk.locked_periods(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "plan_lock").count("rows", locked.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let locked: BTreeMap<&str, &LockedPeriod> = locked.iter().map(|one| (one.period.as_str(), one)).collect();
    let runs = runs(&followup)?;
    let closes = desk::may(&viewer.scope, Permission::ConfirmTasks);
    let head = vec![
        Column::text(l.t("followup-lock-period")),
        Column::text(l.t("followup-lock-terms")),
        Column::text(l.t("followup-lock-run")),
        Column::text(l.t("followup-column-state")),
    ];
    let begins = followup.plan().binds_from();
    let over = Period::of_year(year)
        .into_iter()
        .filter(|period| period.last_day() < today && begins.is_none_or(|day| period.last_day() >= day));
    let rows = over.map(|period| {
        let (confirmed, all) = terms(&seen.standings, period);
        let counts = l.t_args("followup-of", &[("n", (confirmed as i64).into()), ("all", (all as i64).into())]);
        let run = run_of(&runs, period);
        let known = locked.get(period.to_string().as_str());
        let run_cell = match known.map_or(run.as_ref().map(RunId::as_str), |one| one.run.as_deref()) {
            Some(run) => Cell::link(run, format!("/lan-chay/{run}")),
            None => Cell::text(l.t("followup-lock-no-run")),
        };
        let state = match known {
            Some(one) => Cell::status(&Status::ok(l.t("followup-locked")))
                .note(l.t_args("followup-locked-on", &[("day", l.date(day_in_hanoi(one.locked_at)).into())])),
            None if closes => Cell::html(close(&followup, l, &viewer, period)),
            None => Cell::status(&Status::neutral(l.t("followup-lock-open"))),
        };
        Row::new(vec![Cell::text(period_words(l, period)), Cell::text(counts), run_cell, state])
    });
    let rows: Vec<Row> = rows.collect();
    let empty = web::component::empty_state(&l.t("followup-lock-none"), &l.t("followup-lock-none-why"), None);
    let table = Table::new("ky", l.t("followup-locks"), head).rows(rows).empty(empty).worklist().html(l);
    let mut page = app.page(&viewer, LOCKS, l.t("followup-locks"));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.facts = SafeHtml::text(&l.t("followup-locks-intro"));
    page.body = nav(l, LOCKS).then(Panel::flush(l.t("followup-locks"), table).html());
    page.foot = vec![l.t("followup-locks-foot")];
    Ok(Shown::page(page.render(l), audited))
}

/// Terms of a period, counted by who owes them: how many are confirmed, of how many.
fn terms(standings: &[Standing<'_>], period: Period) -> (usize, usize) {
    let mut sums = (0, 0);
    for standing in standings {
        for term in standing.terms.iter().filter(|term| period.contains(term.due)) {
            sums = (sums.0 + term.confirmed.min(standing.owing), sums.1 + standing.owing);
        }
    }
    sums
}

fn runs(followup: &Followup) -> Result<Vec<PeriodState>, PageError> {
    followup.app.book.periods().map_err(|e| PageError::inner(&e))
}

/// The run whose figures a period keeps: the newest month in it that was run.
fn run_of(runs: &[PeriodState], period: Period) -> Option<RunId> {
    let months = |month: Month| (period.first_day().month()..=period.last_day().month()).contains(&month);
    runs.iter().filter(|state| months(state.period)).max_by_key(|state| state.period).map(|state| state.run.clone())
}

fn close(followup: &Followup, l: Locale, viewer: &Viewer, period: Period) -> SafeHtml {
    let form = Form {
        action: LOCKS.into(),
        reads: false,
        hidden: vec![
            ("ky".into(), period.to_string()),
            ("so".into(), followup.app.form_number(viewer, &format!("close {period}"))),
        ],
        body: SafeHtml::empty(),
        buttons: vec![Button::submit(l.t("followup-lock"), ButtonKind::Default)],
    };
    form.html()
}

/// What the form sends.
#[derive(Debug, Deserialize)]
pub(super) struct Closed {
    #[serde(rename = "ky")]
    period: String,
}

/// `POST /ke-hoach/khoa-ky`.
pub(super) async fn lock(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    FromForm(closed): FromForm<Closed>,
) -> Result<Response, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let period: Period = closed.period.parse().map_err(|_| PageError::BadRequest(l.t("followup-fault-period")))?;
    let new = NewLock {
        plan: followup.followed.id.clone(),
        period: period.to_string(),
        first_day: period.first_day(),
        last_day: period.last_day(),
        run: run_of(&runs(&followup)?, period),
    };
    app.desk.lock_plan_period(&viewer.scope, &new, app.today()).await.map_err(PageError::desk)?;
    Ok(go(&format!("{LOCKS}?nam={}", period.year())))
}
