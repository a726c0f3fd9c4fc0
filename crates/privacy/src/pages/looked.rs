//! `GET /du-lieu-ca-nhan/ai-da-xem/{person}`: who looked at a person's data, to be shown or printed for them.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, State};
use base::Scope;
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, WhoLooked};
use web::component::{Cell, Column, Columns, Link, Panel, Row, Table, audit_note, columns, empty_state};
use web::{Locale, SafeHtml};

use super::Labels;
use crate::stays::Stays;
use crate::{HOME, words};

/// `GET /du-lieu-ca-nhan/ai-da-xem/{person}`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(person): Path<i64>,
) -> Result<Shown, PageError> {
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::AnswerRequests).map_err(|_| PageError::Forbidden)?;
    // Whose a claimed visit is stands in the runs of the book.
    let visits = Stays::open(&app).await?.of_person(person).await?;
    let told = app.desk.who_looked(&viewer.scope, person, &visits, 0).await.map_err(PageError::desk)?;
    // The desk wrote that the log was read about this person; this is the page that shows it.
    let event =
        ReadEvent::new(AuditAction::ReadAudit, "audit_event").word("what", "who_looked").count("rows", told.looks.len() as i64);
    let audited = app.audit(&viewer, event).await?;
    let units = units(&app).await?;
    let labels = Labels::of(&app, &viewer, told.looks.iter().map(|look| look.actor.as_str())).await?;
    let number = format!("P{person}");
    let mut page = app.page(
        &viewer,
        &format!("{HOME}/ai-da-xem/{person}"),
        l.t_args("privacy-looked-title", &[("person", number.as_str().into())]),
    );
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME)];
    page.here = number;
    page.facts = SafeHtml::text(&l.t("privacy-looked-intro"));
    page.body = columns(Columns::One, [looks(l, &labels, &units, &told), lists(l, &units, &told)]);
    page.audit = audit_note(l, SafeHtml::text(&l.t("privacy-looked-audit")));
    Ok(Shown::page(page.render(l), audited))
}

/// Names of units by id.
pub(crate) async fn units(app: &App) -> Result<BTreeMap<String, String>, PageError> {
    let units = app.desk.units(&Scope::system()).await.map_err(PageError::desk)?;
    Ok(units.into_iter().map(|unit| (unit.id, unit.name)).collect())
}

/// The name of a unit, or its id.
pub(super) fn unit<'n>(units: &'n BTreeMap<String, String>, id: &'n str) -> &'n str {
    units.get(id).map_or(id, String::as_str)
}

fn looks(l: Locale, labels: &Labels, units: &BTreeMap<String, String>, told: &WhoLooked) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-column-when")),
        Column::text(l.t("privacy-column-who")),
        Column::text(l.t("privacy-column-unit")),
        Column::text(l.t("privacy-column-action")),
        Column::text(l.t("privacy-column-purpose")),
    ];
    let rows = told.looks.iter().map(|look| {
        let who = Cell::text(labels.label(&look.actor)).note(words::desk_role(l, &look.role));
        let what = match &look.handed_to {
            Some(to) => l.t_args("privacy-looked-handed", &[("to", unit(units, to).into())]),
            None => words::object(l, &look.object_kind),
        };
        Row::new(vec![
            Cell::text(words::moment(l, look.at)),
            who,
            Cell::text(unit(units, &look.unit)),
            Cell::text(words::action(l, &look.action)).note(what),
            Cell::text(words::desk_purpose(l, &look.purpose)),
        ])
    });
    let empty = empty_state(&l.t("privacy-looked-none"), &l.t("privacy-looked-none-why"), None);
    let table = Table::new("luot-xem", l.t("privacy-looked-looks"), head).rows(rows).empty(empty).html(l);
    let foot = if told.more { l.t("privacy-looked-more") } else { l.t("privacy-looked-foot") };
    Panel::flush(l.t("privacy-looked-looks"), table).foot(SafeHtml::text(&foot)).html()
}

fn lists(l: Locale, units: &BTreeMap<String, String>, told: &WhoLooked) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-column-action")),
        Column::text(l.t("privacy-column-unit")),
        Column::text(l.t("privacy-report-column-role")),
        Column::text(l.t("privacy-column-purpose")),
        Column::number(l.t("privacy-report-column-times"), ""),
    ];
    let rows = told.lists.iter().map(|list| {
        Row::new(vec![
            Cell::text(words::action(l, &list.action)),
            Cell::text(unit(units, &list.unit)),
            Cell::text(words::desk_role(l, &list.role)),
            Cell::text(words::desk_purpose(l, &list.purpose)),
            Cell::number(l, list.events),
        ])
    });
    let empty = empty_state(&l.t("privacy-looked-no-lists"), &l.t("privacy-looked-lists-why"), None);
    let table = Table::new("danh-sach", l.t("privacy-looked-lists"), head).rows(rows).empty(empty).html(l);
    Panel::flush(l.t("privacy-looked-lists"), table).foot(SafeHtml::text(&l.t("privacy-looked-lists-why"))).html()
}
