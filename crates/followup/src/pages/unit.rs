//! `GET /ke-hoach/don-vi/{lead}`: one unit of the plan: what it leads and how far it is, part by part, and the data it owes.

use axum::Extension;
use axum::extract::{Path, Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, ReadEvent};
use web::component::{Column, Link, Panel, Table, definition_list, empty_state};
use web::{SafeHtml, tag};

use super::figure::Sources;
use super::overview::{Asked, Beside, table};
use super::{asked_year, duties, months, said, scorecard};
use crate::scorecard::{Facts, Whose};
use crate::status::days_of;
use crate::{Followup, HOME};

/// The address of a unit.
pub(super) fn unit_href(unit: &str) -> String {
    format!("{HOME}/don-vi/{unit}")
}

/// `GET /ke-hoach/don-vi/{lead}`.
pub(super) async fn show(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let today = app.today();
    let unit = followup.plan().unit(&id).ok_or(PageError::NotFound)?;
    let year = asked_year(followup.plan(), asked.year, today);
    let mut seen = followup.seen(&viewer, year).await?;
    let (first, last) = days_of(year, today);
    let submitted = app.desk.task_submissions(&viewer.scope, &followup.followed.id, first, last);
    let submitted = submitted.await.map_err(PageError::desk)?;
    let all = followup.duties(&viewer, year).await?;
    let facts = Facts {
        plan: followup.plan(),
        standings: &seen.standings,
        reports: &seen.reports,
        submitted: &submitted,
        duties: &all,
        today,
    };
    let score = facts.score(&Whose::Unit(unit));
    let event = ReadEvent::new(AuditAction::ViewRows, "task_report").word("unit", &id).count("rows", seen.reports.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let evidence = app.desk.task_evidence_counts(&viewer.scope, &followup.followed.id, first, last);
    let evidence = evidence.await.map_err(PageError::desk)?;
    let reminders = app.desk.reminders(&viewer.scope, &followup.followed.id).await.map_err(PageError::desk)?;
    let beside = Beside { viewer: &viewer, evidence, sources: Sources::now(&followup, &viewer, year).await? };
    seen.standings.retain(|standing| standing.task.leads.contains(&id));
    let own: Vec<_> = all.iter().filter(|one| one.duty.from == id).collect();

    let parts = scorecard::parts(l, &score);
    let mut blocks = vec![Panel::new(l.t("followup-scores"), definition_list(true, parts)).html()];
    if seen.standings.is_empty() {
        blocks.push(empty_state(&l.t("followup-unit-no-task"), &l.t("followup-unit-no-task-why"), None));
    } else {
        let tasks = table(&followup, l, &seen.standings, year, &beside).html(l);
        let title = l.t_args("followup-tasks", &[("year", year.to_string().into())]);
        blocks.push(Panel::flush(title, tasks).aside(months::legend(l)).html());
    }
    if !own.is_empty() {
        let head: Vec<Column> = duties::head(l);
        let rows = own.iter().map(|one| duties::row(&followup, l, one, &reminders));
        let owed = Table::new("du-lieu", l.t("followup-duties"), head).rows(rows).worklist().html(l);
        blocks.push(Panel::flush(l.t("followup-duties"), owed).html());
    }
    let mut page = app.page(&viewer, HOME, said(l, &unit.name));
    page.crumbs = vec![Link::new(l.t("followup-title"), HOME)];
    page.here = l.t("followup-unit-here");
    page.facts = SafeHtml::text(
        &unit
            .place
            .as_ref()
            .map_or_else(String::new, |place| l.t_args("followup-unit-place", &[("place", place.as_str().into())])),
    );
    page.body = tag("div").class("grid").children(blocks).html();
    page.foot = vec![l.t("followup-scores-foot"), l.t("followup-foot-terms"), beside.sources.line(l)];
    Ok(Shown::page(page.render(l), audited))
}
