//! Decisions about who is who on a person's page: taken with a reason, shown while in force, undone with a trace.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use base::CommuneCode;
use chapter::{NoData, PageError, Returned, TypedForm, Viewer, sent_back};
use desk::{DecisionKind, NewDecision, Permission, RowRef};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, Panel};
use web::{Locale, SafeHtml, tag};

use super::person::{self, both};
use super::person_data::{self, Linked, Record};
use super::{Pages, words};
use crate::serving::Snapshot;

/// What the decision form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Decision {
    left_roster: String,
    left: String,
    roster: String,
    right: String,
    client_tx: String,
    reason: String,
    /// Place of the link in the person's list of rows.
    #[serde(rename = "dong", default)]
    row: Option<usize>,
}

/// `POST /nguoi/{person}/khong-cung-nguoi`: two records are not one person. Holds from the next run on.
pub(crate) async fn decide(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    TypedForm(form, returned): TypedForm<Decision>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    let l = app.locale(&viewer);
    desk::require(&viewer.scope, Permission::DecideLinks).map_err(|_| PageError::Forbidden)?;
    let snapshot = pages.serving.current(app).await?;
    let person = person_data::person(&snapshot.session, id).await.map_err(|e| PageError::inner(&e))?;
    let commune: Option<CommuneCode> = person.ok_or(PageError::NotFound)?.commune;
    if !viewer.scope.sees(commune.as_ref()) {
        return Err(PageError::NotFound);
    }
    if !offered(&pages, &snapshot, &viewer, id, &form).await? {
        return Err(PageError::BadRequest(l.t("coverage-decide-not-offered")));
    }
    let reason = base::names::clean(&form.reason);
    if reason.chars().count() < 5 {
        let returned = returned.fault("reason", l.t("coverage-decide-needs-reason"));
        let view = person::View { row: form.row, ..person::View::default() };
        return Ok(sent_back(person::page(&pages, &viewer, id, &view, &returned).await?));
    }
    let key = |roster: &str, key: &str| RowRef::new(roster, key).map_err(|e| PageError::BadRequest(e.to_string()));
    let decision = NewDecision {
        kind: DecisionKind::NotSame,
        left: key(&form.left_roster, &form.left)?,
        right: key(&form.roster, &form.right)?,
        commune,
        period: snapshot.period,
        reason,
        client_tx: form.client_tx,
    };
    let decided = app.desk.decide(&viewer.scope, decision).await.map_err(PageError::desk)?;
    Ok(back(&format!("/nguoi/{id}?da-ghi={}", decided.id)))
}

/// What the undo form sends.
#[derive(Debug, Deserialize)]
pub(crate) struct Undo {
    decision: String,
}

/// `POST /nguoi/{person}/hoan-lai`: takes a decision back; the log keeps both.
pub(crate) async fn undo(
    State(pages): State<Pages>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<i64>,
    FromForm(form): FromForm<Undo>,
) -> Result<Response, PageError> {
    let app = &pages.app;
    desk::require(&viewer.scope, Permission::DecideLinks).map_err(|_| PageError::Forbidden)?;
    let reason = app.locale(&viewer).t("coverage-undo-reason");
    app.desk.undo(&viewer.scope, &form.decision, &reason).await.map_err(PageError::desk)?;
    Ok(back(&format!("/nguoi/{id}?da-hoan-lai=1")))
}

/// The form that says: these two records are not one person.
pub(super) fn form(
    pages: &Pages,
    l: Locale,
    (id, at): (i64, usize),
    link: &Linked,
    (own, spine): (&Record, &Record),
    returned: &Returned,
) -> SafeHtml {
    // The form's own number makes pressing twice harmless; after an undo a new form may decide again.
    let now = (pages.app.clock)().to_string();
    let number = book::Fingerprint::new("decision form").with("left", &spine.key).with("right", &own.key);
    let form_number = number.with("opened", now).finish()[..32].to_owned();
    let left_roster = link.spine.as_ref().map(|(_, at)| at.roster.clone()).unwrap_or_default();
    let row = at.to_string();
    let hidden = [
        ("left_roster", &left_roster),
        ("left", &spine.key),
        ("roster", &link.at.roster),
        ("right", &own.key),
        ("client_tx", &form_number),
        ("dong", &row),
    ];
    let hidden = hidden.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    let reason = Field::new("reason", l.t("coverage-decide-reason"), Control::Lines).hint(l.t("coverage-decide-hint"));
    // The words were about two records: they go back into the form about the same two.
    let same = returned.value("left") == spine.key && returned.value("right") == own.key;
    let reason = if same { returned.fill("", reason) } else { reason }.html(l);
    let form = Form {
        action: format!("/nguoi/{id}/khong-cung-nguoi"),
        reads: false,
        hidden,
        body: reason,
        buttons: vec![Button::submit(l.t("coverage-decide-not-same"), ButtonKind::Danger)],
    };
    Panel::new(l.t("coverage-decide-title"), form.html()).html()
}

/// Decisions in force about the row that brought the person, each with its undo.
pub(super) async fn in_force(
    pages: &Pages,
    snapshot: &Snapshot,
    viewer: &Viewer,
    id: i64,
    links: &[Linked],
) -> Result<SafeHtml, PageError> {
    let app = &pages.app;
    let l = app.locale(viewer);
    let first = links.iter().filter(|link| link.spine.is_none());
    let Some(first) = first.min_by_key(|link| link.at.roster != "population") else { return Ok(SafeHtml::default()) };
    let read = person_data::record(snapshot, &app.book, &app.law, &app.places, &first.at);
    let Some(record) = read.await.map_err(|e| PageError::inner(&e))? else { return Ok(SafeHtml::default()) };
    let row = RowRef::new(&first.at.roster, &record.key).map_err(PageError::desk)?;
    let found = app.desk.decisions_for(&viewer.scope, &row).await.map_err(PageError::desk)?;
    let may_undo = desk::may(&viewer.scope, Permission::DecideLinks);
    let mut body = SafeHtml::default();
    for decision in found.iter().filter(|d| d.undone.is_none()) {
        let other = if decision.left == row { &decision.right } else { &decision.left };
        let roster = other.parts().0;
        // Tax rows are tax secret: not even that there is one is told to who may not see wage findings (practice E6).
        if roster == "tax_settlement" && !desk::may(&viewer.scope, Permission::ViewEmployeeFindings) {
            continue;
        }
        let roster = words::roster(l, roster);
        let key = match decision.kind {
            DecisionKind::NotSame => "coverage-decision-not-same",
            DecisionKind::Same => "coverage-decision-same",
        };
        body.push(tag("p").text(&l.t_args(key, &[("roster", roster.as_str().into())])).html());
        body.push(tag("p").class("small").text(&decision.reason).html());
        if may_undo {
            body.push(undo_form(l, id, &decision.id));
        }
    }
    if body.is_empty() {
        return Ok(body);
    }
    Ok(Panel::new(l.t("coverage-decisions-title"), body).html())
}

/// Whether the two rows are a link of this person that the viewer was shown.
async fn offered(pages: &Pages, snapshot: &Snapshot, viewer: &Viewer, id: i64, form: &Decision) -> Result<bool, PageError> {
    let mut links = person_data::links(&snapshot.session, id).await.map_err(|e| PageError::inner(&e))?;
    if !desk::may(&viewer.scope, Permission::ViewEmployeeFindings) {
        links.retain(|link| link.at.roster != "tax_settlement");
    }
    for link in links.iter().filter(|link| link.at.roster == form.roster) {
        if let (Some(own), Some(spine)) = both(pages, snapshot, link).await?
            && link.spine.as_ref().is_some_and(|(_, at)| at.roster == form.left_roster)
            && own.key == form.right
            && spine.key == form.left
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn undo_form(l: Locale, id: i64, decision: &str) -> SafeHtml {
    Form {
        action: format!("/nguoi/{id}/hoan-lai"),
        reads: false,
        hidden: vec![("decision".into(), decision.to_owned())],
        body: SafeHtml::default(),
        buttons: vec![Button::submit(l.t("coverage-undo"), ButtonKind::Default)],
    }
    .html()
}

pub(crate) fn back(to: &str) -> Response {
    let mut response = Redirect::to(to).into_response();
    response.extensions_mut().insert(NoData);
    response
}
