//! `GET /tra-cuu-van-ban`: anybody holds the number printed on a document against what was issued.
//!
//! No oracle: a number that is none, one of a draft and one that was mistyped get the same words after the same time, and only so many
//! are answered a minute. There is no search by name or tax code. What is shown of a person is the first letter of each name.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query as FromQuery, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use chapter::{ClientAddress, NoData, PageError, Viewer};
use desk::{DocumentState, PublicDocument};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, NoteKind, Panel, Status, definition_list, note, paragraph};
use web::{Locale, SafeHtml};

use super::document::verdict;
use crate::Office;

/// Path of the page; printed on documents, so it never changes.
pub(crate) const CHECK: &str = "/tra-cuu-van-ban";
/// Every answer takes at least this long, so that its time says nothing about what was found.
const SAME_TIME: Duration = Duration::from_millis(400);
/// Questions of one address in a minute, and of all together.
const OF_ONE: u32 = 30;
const OF_ALL: u32 = 600;
const MINUTE: i64 = 60_000;

/// What the address says.
#[derive(Debug, Default, Deserialize)]
pub(super) struct View {
    #[serde(rename = "ma", default)]
    code: String,
}

/// Questions of the running minute.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Minute>);

#[derive(Debug, Default)]
struct Minute {
    number: i64,
    all: u32,
    of: BTreeMap<String, u32>,
}

impl Asked {
    /// Counts a question at a moment in Unix milliseconds; whether it may be answered.
    fn may(&self, from: &str, now: i64) -> bool {
        let mut minute = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let number = now.div_euclid(MINUTE);
        if minute.number != number {
            *minute = Minute { number, ..Minute::default() };
        }
        if minute.all >= OF_ALL {
            return false;
        }
        minute.all += 1;
        let one = minute.of.entry(from.to_owned()).or_default();
        *one += 1;
        *one <= OF_ONE
    }
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
    let items = vec![
        (l.t("document-column-state"), state.html()),
        (l.t("document-issuer"), text(&document.issuer)),
        (l.t("document-column-number"), text(&document.number)),
        (l.t("document-day"), text(&l.date(document.day))),
        (l.t("document-column-title"), text(&document.title)),
        (l.t("document-column-recipient"), text(&document.recipient)),
        (l.t("document-signature"), verdict(l, document.signature).html()),
    ];
    let explain = paragraph(SafeHtml::text(&l.t("check-compare")));
    Panel::new(l.t("check-found"), definition_list(false, items).then(explain)).html()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_questions_are_answered_a_minute_and_no_more() {
        let asked = Asked::default();
        assert!((0..OF_ONE).all(|_| asked.may("1.1.1.1", 5)));
        assert!(!asked.may("1.1.1.1", 59_999) && asked.may("2.2.2.2", 59_999), "one address does not shut out another");
        assert!(asked.may("1.1.1.1", 60_000), "the next minute");
        let crowd = Asked::default();
        let may = (0..700).filter(|n| crowd.may(&format!("10.0.0.{n}"), 0)).count();
        assert_eq!(may, OF_ALL as usize);
    }
}
