//! `POST /van-ban/{document}/doi`: the steps that need no file.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chapter::{PageError, Viewer, typed_day};
use desk::{DeskError, Document, DocumentChange, DocumentRefusal, NotDelivered, Way};
use documents::letter::write_docx;
use serde::Deserialize;
use web::Locale;

use super::forms::TypedNumber;
use super::{DOCUMENTS, letter, marks, require, show, words};
use crate::Office;
use crate::pages::go;

/// What a form of a document sends; each form its own part of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sent {
    #[serde(rename = "viec", default)]
    what: String,
    #[serde(rename = "phien-ban", default)]
    version: i64,
    #[serde(rename = "so", default)]
    form: String,
    #[serde(rename = "noi-dung", default)]
    text: String,
    #[serde(rename = "so-van-ban", default)]
    number: String,
    #[serde(rename = "ky-hieu", default)]
    symbol: String,
    #[serde(rename = "ngay", default)]
    day: String,
    #[serde(rename = "cach-khong", default)]
    how: String,
    #[serde(rename = "vi-sao", default)]
    why: String,
    #[serde(rename = "ngay-khong", default)]
    tried_on: String,
    #[serde(rename = "ly-do-khong", default)]
    not_delivered: String,
    #[serde(rename = "ly-do-tra-lai", default)]
    returned: String,
    #[serde(rename = "ly-do-huy", default)]
    withdrawn: String,
}

impl Sent {
    /// The change that is asked for; what is missing or wrong is said.
    fn change(&self, office: &Office, l: Locale, document: &Document) -> Result<DocumentChange, PageError> {
        let wrong = |key: &str| PageError::BadRequest(l.t(key));
        let day = |text: &str| typed_day(text.trim()).ok_or_else(|| wrong("document-wrong-day"));
        let said = |text: &str| match base::names::clean(text) {
            text if text.chars().count() < 3 => Err(wrong("office-wrong-reason")),
            text => Ok(text),
        };
        Ok(match self.what.as_str() {
            "sua" => {
                let new = letter(document)?.with_text(&self.text);
                if new.body.is_empty() {
                    return Err(wrong("document-wrong-text"));
                }
                let letter = serde_json::to_string(&new).map_err(|_| PageError::Internal { code: "document_letter" })?;
                DocumentChange::Edit { letter }
            }
            "duyet" => {
                let docx = write_docx(&letter(document)?, &marks(office, document)).map_err(|e| PageError::inner(&e))?;
                DocumentChange::Approve { docx }
            }
            "tu-cap-so" => DocumentChange::OwnNumber,
            "khong-den" => DocumentChange::NotDelivered {
                how: Way::from_word(&self.how).ok_or_else(|| wrong("office-wrong-form"))?,
                day: day(&self.tried_on)?,
                why: NotDelivered::from_word(&self.why).ok_or_else(|| wrong("office-wrong-form"))?,
                reason: said(&self.not_delivered)?,
            },
            "tra-lai" => DocumentChange::Return { reason: said(&self.returned)? },
            "huy" => DocumentChange::Withdraw { reason: said(&self.withdrawn)? },
            _ => return Err(wrong("office-wrong-form")),
        })
    }
}

/// `POST /van-ban/{document}/doi`.
pub(super) async fn change(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Sent>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    if sent.what == "cap-so" {
        return number(&office, &viewer, &id, sent).await;
    }
    let document = app.desk.document(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let change = sent.change(&office, l, &document)?;
    let done = app.desk.change_document(&viewer.scope, &id, sent.version, &change, app.today(), &sent.form).await;
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1")))
}

/// Number and day as the document office gave them. What is wrong is said at its field, and what was typed stays.
async fn number(office: &Office, viewer: &Viewer, id: &str, sent: Sent) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    let mut typed = TypedNumber { number: sent.number, symbol: sent.symbol, day: sent.day, ..TypedNumber::default() };
    if !desk::is_document_number(&typed.number) {
        typed.faults.insert("so-van-ban", l.t("document-wrong-number"));
    }
    match typed_day(typed.day.trim()) {
        None => drop(typed.faults.insert("ngay", l.t("document-wrong-day"))),
        Some(day) if typed.faults.is_empty() => {
            let symbol = Some(typed.symbol.trim().to_owned()).filter(|symbol| !symbol.is_empty());
            let change = DocumentChange::Number { number: typed.number.clone(), symbol, day };
            match app.desk.change_document(&viewer.scope, id, sent.version, &change, app.today(), &sent.form).await {
                Ok(_) => return Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1"))),
                Err(error) => {
                    let (field, words) = at_field(l, error)?;
                    typed.faults.insert(field, words);
                }
            }
        }
        Some(_) => {}
    }
    let mut response = show::page(office, viewer, id, false, &typed).await?.into_response();
    *response.status_mut() = StatusCode::BAD_REQUEST;
    Ok(response)
}

/// What the desk did not take of number and day, at its field; what is no field's fault stays an error of the page.
fn at_field(l: Locale, error: DeskError) -> Result<(&'static str, String), PageError> {
    match error {
        DeskError::DocumentRefused { why: why @ DocumentRefusal::NumberTaken } => Ok(("so-van-ban", words::refusal(l, why))),
        DeskError::Invalid { field: "number", .. } => Ok(("so-van-ban", l.t("document-wrong-number"))),
        DeskError::Invalid { field: "symbol", .. } => Ok(("ky-hieu", l.t("document-wrong-symbol"))),
        DeskError::Invalid { field: "day", .. } => Ok(("ngay", l.t("document-wrong-day"))),
        other => Err(refused(l, other)),
    }
}

/// What the desk did not take, in words.
pub(super) fn refused(l: Locale, error: DeskError) -> PageError {
    match error {
        DeskError::DocumentRefused { why } => PageError::BadRequest(words::refusal(l, why)),
        DeskError::Invalid { field: "number", .. } => PageError::BadRequest(l.t("document-wrong-number")),
        DeskError::Invalid { field: "symbol", .. } => PageError::BadRequest(l.t("document-wrong-symbol")),
        DeskError::Invalid { field: "day", .. } => PageError::BadRequest(l.t("document-wrong-day")),
        DeskError::Invalid { field: "file" | "name", .. } => PageError::BadRequest(l.t("document-wrong-file")),
        other => PageError::desk(other),
    }
}
