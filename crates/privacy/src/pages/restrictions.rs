//! Restrictions of processing that hold, and lifting one by decision: `POST /du-lieu-ca-nhan/han-che/{restriction}/bo`.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{App, PageError, Viewer, day_in_hanoi};
use desk::{Permission, Restriction};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Cell, Column, Control, Field, Form, Link, Panel, Row, Table, empty_state};
use web::{Locale, SafeHtml, tag};

use super::go;
use super::requests::REQUESTS;

/// The restrictions that hold, each with the form that lifts it.
pub(super) fn panel(l: Locale, all: &[Restriction]) -> SafeHtml {
    let head = vec![
        Column::text(l.t("privacy-request-person")),
        Column::text(l.t("privacy-restricted-since")),
        Column::text(l.t("privacy-restricted-lift")),
    ];
    let rows = all.iter().map(|restriction| {
        let request = Link::new(format!("P{}", restriction.person), format!("{REQUESTS}/{}", restriction.request));
        let form = Form {
            action: format!("/du-lieu-ca-nhan/han-che/{}/bo", restriction.id),
            reads: false,
            hidden: Vec::new(),
            body: Field::new(format!("quyet-dinh-{}", restriction.person), l.t("privacy-restricted-decision"), Control::Text)
                .hint(l.t("privacy-restricted-decision-hint"))
                .html(l),
            buttons: vec![Button::submit(l.t("privacy-restricted-lift"), ButtonKind::Default)],
        };
        let lift = tag("details").child(tag("summary").text(&l.t("privacy-restricted-lift"))).child(form.html()).html();
        let since = l.date(day_in_hanoi(restriction.set_at));
        Row::new(vec![Cell::html(request.html()), Cell::text(since), Cell::html(lift)])
    });
    let empty = empty_state(&l.t("privacy-restricted-none"), &l.t("privacy-restricted-why"), None);
    let table = Table::new("han-che", l.t("privacy-restricted"), head).rows(rows).empty(empty).html(l);
    Panel::flush(l.t("privacy-restricted"), table).foot(SafeHtml::text(&l.t("privacy-restricted-why"))).html()
}

/// What the form sends: one field, named after the person.
#[derive(Debug, Deserialize)]
pub(super) struct Lifted {
    #[serde(flatten)]
    fields: std::collections::BTreeMap<String, String>,
}

/// `POST /du-lieu-ca-nhan/han-che/{restriction}/bo`: lifted by this decision.
pub(super) async fn lift(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(lifted): FromForm<Lifted>,
) -> Result<Response, PageError> {
    desk::require(&viewer.scope, Permission::AnswerRequests).map_err(|_| PageError::Forbidden)?;
    let decision = lifted.fields.iter().find(|(name, _)| name.starts_with("quyet-dinh")).map(|(_, text)| text.as_str());
    let decision = base::names::clean(decision.unwrap_or_default());
    app.desk.lift_restriction(&viewer.scope, &id, &decision).await.map_err(PageError::desk)?;
    Ok(go(REQUESTS))
}
