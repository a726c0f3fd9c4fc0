//! `GET /du-lieu-ca-nhan/thoa-thuan/{id}`: one agreement, field by field, and its end.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{App, Faults, PageError, Shown, Viewer, sent_back, typed, typed_day};
use desk::{AuditAction, DataAgreement, ReadEvent, Term};
use serde::Deserialize;
use web::component::{
    Button, ButtonKind, Cell, Column, Columns, Control, ErrorSummary, Field, Form, Link, Panel, Row, Status, Table, columns,
    definition_list, paragraph,
};
use web::{Locale, SafeHtml, tag};

use super::{Labels, go, href, may_manage, require};
use crate::{HOME, words};

/// `GET /du-lieu-ca-nhan/thoa-thuan/{id}`.
pub(super) async fn show(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    one_page(&app, &viewer, &id, &Ended::default(), &Faults::new()).await
}

/// The agreement with the form of its end, as it was typed when it comes back.
async fn one_page(app: &App, viewer: &Viewer, id: &str, ended: &Ended, faults: &Faults) -> Result<Shown, PageError> {
    let l = app.locale(viewer);
    require(viewer)?;
    let all = app.desk.agreements(&viewer.scope).await.map_err(PageError::desk)?;
    let agreement = all.into_iter().find(|a| a.id == id).ok_or(PageError::NotFound)?;
    let event = ReadEvent::new(AuditAction::ViewRows, "data_agreement").object(agreement.id.as_str());
    let audited = app.audit(viewer, event).await?;
    let mut page = app.page(viewer, &href(id), agreement.number.clone());
    page.crumbs = vec![Link::new(l.t("privacy-title"), HOME)];
    page.here = l.t("privacy-here");
    page.facts = words::term(app, l, &agreement).html();
    let labels = Labels::of(app, viewer, [agreement.added_by.as_str()]).await?;
    let mut side = vec![facts(app, l, &labels, &agreement)];
    if may_manage(viewer) && agreement.ended_on.is_none() && agreement.term(app.today()) != Term::Over {
        side.push(end_form(l, &agreement, ended, faults));
    }
    let side = tag("div").class("grid").child(SafeHtml::concat(side)).html();
    page.body = columns(Columns::MainSide, [fields(app, l, &agreement), side]);
    page.foot = vec![l.t("privacy-law")];
    Ok(Shown::page(page.render(l), audited))
}

/// Every field of the roster, and whether the agreement names it.
fn fields(app: &App, l: Locale, agreement: &DataAgreement) -> SafeHtml {
    let layouts = app.shelf.layouts();
    let layout = layouts.newest(&agreement.roster);
    let head = vec![
        Column::text(l.t("privacy-column-field")),
        Column::text(l.t("privacy-column-class")),
        Column::text(l.t("privacy-column-allowed")),
    ];
    let known = layout.into_iter().flat_map(|layout| &layout.fields).map(|field| (field.name.as_str(), Some(field)));
    let gone = agreement.fields.iter().filter(|name| layout.is_none_or(|layout| layout.field(name).is_none()));
    let rows = known.chain(gone.map(|name| (name.as_str(), None))).map(|(name, field)| {
        let taken = agreement.fields.contains(name);
        let class = field.map(|field| words::class(l, field.personal)).unwrap_or_default();
        Row::new(vec![
            Cell::text(words::field(layout, name)).note(name),
            Cell::text(class),
            Cell::status(&match taken {
                true => Status::ok(l.t("privacy-allowed")),
                false => Status::neutral(l.t("privacy-dropped")),
            }),
        ])
    });
    let table = Table::new("truong", l.t("privacy-fields"), head).rows(rows).html(l);
    Panel::flush(l.t("privacy-fields"), table).foot(SafeHtml::text(&l.t("privacy-fields-foot"))).html()
}

fn facts(app: &App, l: Locale, labels: &Labels, agreement: &DataAgreement) -> SafeHtml {
    let text = |text: &str| SafeHtml::text(text);
    let months = l.t_args("privacy-months", &[("n", i64::from(agreement.retention_months).into())]);
    let mut items = vec![
        (l.t("privacy-column-roster"), text(&words::roster(app, l, &agreement.roster))),
        (l.t("privacy-column-provider"), text(&agreement.provider)),
        (l.t("privacy-column-receiver"), text(&agreement.receiver)),
        (l.t("privacy-role"), text(&words::role(l, agreement.receiver_role))),
        (l.t("privacy-article"), text(&agreement.article)),
        (l.t("privacy-purpose"), text(&agreement.purpose)),
        (l.t("privacy-column-days"), text(&words::days(l, agreement))),
        (l.t("privacy-retention"), text(&months)),
        (l.t("privacy-transfer"), text(&agreement.transfer.clone().unwrap_or_else(|| l.t("privacy-transfer-none")))),
        (l.t("privacy-added-by"), text(&labels.label(&agreement.added_by))),
    ];
    if let (Some(day), Some(reason)) = (agreement.ended_on, &agreement.end_reason) {
        let words = l.t_args("privacy-ended-words", &[("day", l.date(day).as_str().into()), ("reason", reason.as_str().into())]);
        items.push((l.t("privacy-ended"), text(&words)));
    }
    Panel::new(l.t("privacy-facts"), definition_list(false, items)).html()
}

fn end_form(l: Locale, agreement: &DataAgreement, ended: &Ended, faults: &Faults) -> SafeHtml {
    let day = Field::new("ngay", l.t("privacy-end-day"), Control::Date).hint(l.t("privacy-end-day-hint"));
    let reason = Field::new("ly-do", l.t("privacy-end-reason"), Control::Lines);
    let fields = [typed(day, &ended.day, faults), typed(reason, &ended.reason, faults)];
    let form = Form {
        action: format!("{}/ket-thuc", href(&agreement.id)),
        reads: false,
        hidden: Vec::new(),
        body: SafeHtml::concat(fields.iter().map(|field| field.html(l))),
        buttons: vec![Button::submit(l.t("privacy-end"), ButtonKind::Danger)],
    };
    let panel = Panel::new(l.t("privacy-end-title"), paragraph(l.t("privacy-end-why")).then(form.html()));
    ErrorSummary::of(&fields).html(l).then(panel)
}

/// What the form sends.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Ended {
    #[serde(rename = "ngay")]
    day: String,
    #[serde(rename = "ly-do")]
    reason: String,
}

/// `POST /du-lieu-ca-nhan/thoa-thuan/{id}/ket-thuc`.
pub(super) async fn end(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(ended): FromForm<Ended>,
) -> Result<Response, PageError> {
    let l = app.locale(&viewer);
    let (day, reason) = (typed_day(&ended.day), base::names::clean(&ended.reason));
    let checks = [("ngay", day.is_some(), "privacy-fault-day"), ("ly-do", !reason.is_empty(), "privacy-fault-reason")];
    let faults: Faults = checks.into_iter().filter(|(_, good, _)| !good).map(|(name, _, key)| (name, l.t(key))).collect();
    let (Some(day), true) = (day, faults.is_empty()) else {
        return Ok(sent_back(one_page(&app, &viewer, &id, &ended, &faults).await?));
    };
    app.desk.end_agreement(&viewer.scope, &id, day, &reason).await.map_err(PageError::desk)?;
    Ok(go(&href(&id)))
}
