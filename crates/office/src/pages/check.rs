//! `GET /tra-cuu-van-ban`: anybody holds the number printed on a document against what was issued.
//!
//! No oracle: a number that is none, one of a draft and one that was mistyped get the same words after the same time, and only so many
//! are answered a minute. There is no search by name or tax code. What is shown of a person is the first letter of each name.

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chapter::{ClientAddress, NoData, PageError, SAME_TIME, Viewer};
use desk::{DocumentState, PublicDocument};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, NoteKind, Panel, Status, definition_list, note, paragraph};
use web::{Locale, SafeHtml};

use super::document::verdict;
use crate::Office;

/// Path of the page; printed on documents, so it never changes.
pub(crate) const CHECK: &str = "/tra-cuu-van-ban";

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    #[serde(rename = "ma", default)]
    code: String,
}

/// `GET /tra-cuu-van-ban`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    FromQuery(view): FromQuery<View>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    let code = view.code.trim();
    let mut body = SafeHtml::default();
    let mut status = StatusCode::OK;
    if !code.is_empty() {
        if office.asked.may(&address, (app.clock)()) {
            let (found, ()) = tokio::join!(app.desk.verify_document(code), tokio::time::sleep(SAME_TIME));
            body.push(match found.map_err(PageError::desk)? {
                Some(document) => told(l, &document),
                None => note(NoteKind::Caution, &l.t("check-unknown-title"), SafeHtml::text(&l.t("check-unknown"))),
            });
        } else {
            status = StatusCode::TOO_MANY_REQUESTS;
            body.push(note(NoteKind::Caution, &l.t("check-too-many-title"), SafeHtml::text(&l.t("check-too-many"))));
        }
    }
    let form = Form {
        action: CHECK.into(),
        reads: true,
        hidden: Vec::new(),
        // What was asked is not shown again: it may stand on a screen that others see.
        body: Field::new("ma", l.t("check-code"), Control::Text).hint(l.t("check-code-hint")).html(l),
        buttons: vec![Button::submit(l.t("check-ask"), ButtonKind::Primary)],
    };
    body.push(Panel::new(l.t("check-form"), form.html()).foot(SafeHtml::text(&l.t("check-private"))).html());
    let mut page = app.page(&viewer, CHECK, l.t("check-title"));
    // A page for everybody: nothing of the portal stands around it.
    (page.menu, page.user, page.search) = (Vec::new(), None, None);
    page.facts = SafeHtml::text(&l.t("check-intro"));
    page.body = body;
    let mut response = (status, Html(page.render(l))).into_response();
    // The question is in the log already; of people the page shows first letters only.
    response.extensions_mut().insert(NoData);
    Ok(response)
}

fn told(l: Locale, document: &PublicDocument) -> SafeHtml {
    let text = |words: &str| SafeHtml::text(words);
    let state = match document.state {
        DocumentState::Withdrawn => Status::bad(l.t("check-withdrawn")),
        _ => Status::ok(l.t("check-issued")),
    };
    // Letter and recipient go after their term of retention; number, day and unit stay.
    let gone = l.t("document-erased-recipient");
    let items = vec![
        (l.t("document-column-state"), state.html()),
        (l.t("document-issuer"), text(&document.issuer)),
        (l.t("document-column-number"), text(&document.number)),
        (l.t("document-day"), text(&l.date(document.day))),
        (l.t("document-column-title"), text(&document.title)),
        (l.t("document-column-recipient"), text(if document.recipient.is_empty() { &gone } else { &document.recipient })),
        (l.t("document-signature"), verdict(l, document.signature).html()),
    ];
    let explain = paragraph(SafeHtml::text(&l.t("check-compare")));
    Panel::new(l.t("check-found"), definition_list(false, items).then(explain)).html()
}
