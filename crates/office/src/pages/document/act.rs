//! `POST /van-ban/{document}/doi`: the steps that need no file.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Viewer, typed_day};
use desk::{DeskError, Document, DocumentChange, NotDelivered, Way};
use documents::letter::write_docx;
use serde::Deserialize;
use web::Locale;

use super::{DOCUMENTS, letter, marks, require, words};
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
            "cap-so" => DocumentChange::Number {
                number: self.number.clone(),
                symbol: Some(self.symbol.trim().to_owned()).filter(|symbol| !symbol.is_empty()),
                day: day(&self.day)?,
            },
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
    let document = app.desk.document(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let change = sent.change(&office, l, &document)?;
    let done = app.desk.change_document(&viewer.scope, &id, sent.version, &change, app.today(), &sent.form).await;
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1")))
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
