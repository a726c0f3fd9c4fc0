//! `POST /van-ban/{document}/doi`: the steps that need no file.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer, sent_back, typed_day};
use desk::{DeskError, Document, DocumentChange, DocumentRefusal, NotDelivered, Way};
use documents::letter::write_docx;
use serde::Deserialize;
use web::Locale;

use super::{DOCUMENTS, letter, marks, require, show, words};
use crate::Office;
use crate::pages::case::Came;
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

/// Why a form is no change.
enum Wrong {
    /// A field, and words that say what is right.
    Field(&'static str, String),
    /// It is no form of a document, or something failed inside.
    Whole(PageError),
}

impl From<PageError> for Wrong {
    fn from(error: PageError) -> Self {
        Self::Whole(error)
    }
}

impl Sent {
    /// The change that is asked for; otherwise what is wrong, at its field.
    fn change(&self, office: &Office, l: Locale, document: &Document) -> Result<DocumentChange, Wrong> {
        let wrong = |field: &'static str, key: &str| Wrong::Field(field, l.t(key));
        let no_form = || Wrong::Whole(PageError::BadRequest(l.t("office-wrong-form")));
        let day = |field, text: &str| typed_day(text.trim()).ok_or_else(|| wrong(field, "document-wrong-day"));
        let said = |field, text: &str| match base::names::clean(text) {
            text if text.chars().count() < 3 => Err(wrong(field, "office-wrong-reason")),
            text => Ok(text),
        };
        Ok(match self.what.as_str() {
            "sua" => {
                let new = letter(document)?.with_text(&self.text);
                if new.body.is_empty() {
                    return Err(wrong("noi-dung", "document-wrong-text"));
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
                day: day("ngay", &self.day)?,
            },
            "tu-cap-so" => DocumentChange::OwnNumber,
            "khong-den" => DocumentChange::NotDelivered {
                how: Way::from_word(&self.how).ok_or_else(no_form)?,
                day: day("ngay-khong", &self.tried_on)?,
                why: NotDelivered::from_word(&self.why).ok_or_else(no_form)?,
                reason: said("ly-do-khong", &self.not_delivered)?,
            },
            "tra-lai" => DocumentChange::Return { reason: said("ly-do-tra-lai", &self.returned)? },
            "huy" => DocumentChange::Withdraw { reason: said("ly-do-huy", &self.withdrawn)? },
            _ => return Err(no_form()),
        })
    }
}

/// `POST /van-ban/{document}/doi`.
pub(super) async fn change(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Sent>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let document = app.desk.document(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let mut returned = returned.named(sent.what.as_str());
    if sent.what == "cap-so" {
        // Number and day are looked at together: who mistyped both mends both at once.
        if !desk::is_document_number(&sent.number) {
            returned = returned.fault("so-van-ban", l.t("document-wrong-number"));
        }
        if typed_day(sent.day.trim()).is_none() {
            returned = returned.fault("ngay", l.t("document-wrong-day"));
        }
        if returned.is_wrong() {
            return back(&office, &viewer, &id, false, returned).await;
        }
    }
    let change = match sent.change(&office, l, &document) {
        Ok(change) => change,
        Err(Wrong::Field(field, words)) => return back(&office, &viewer, &id, false, returned.fault(field, words)).await,
        Err(Wrong::Whole(error)) => return Err(error),
    };
    let done = app.desk.change_document(&viewer.scope, &id, sent.version, &change, app.today(), &sent.form).await;
    match done {
        Ok(_) => Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1"))),
        Err(error) => {
            let day = if sent.what == "khong-den" { "ngay-khong" } else { "ngay" };
            refused(&office, &viewer, &id, returned, day, error).await
        }
    }
}

/// The page of the document as it is now, with the form as it was typed.
pub(super) async fn back(
    office: &Office,
    viewer: &Viewer,
    id: &str,
    stale: bool,
    returned: Returned,
) -> Result<Response, PageError> {
    Ok(sent_back(show::page(office, viewer, id, Came { stale, returned, ..Came::default() }).await?))
}

/// What the desk did not take: the form comes back with words at its field, `day` being that of its day.
pub(super) async fn refused(
    office: &Office,
    viewer: &Viewer,
    id: &str,
    returned: Returned,
    day: &'static str,
    error: DeskError,
) -> Result<Response, PageError> {
    let l = office.app.locale(viewer);
    let stale = matches!(error, DeskError::DocumentRefused { why: DocumentRefusal::Stale });
    back(office, viewer, id, stale, at_field(l, returned, day, error)?).await
}

/// An answer of the desk at its field where it is of one; otherwise of the whole. What is no answer to a form is passed on.
pub(super) fn at_field(l: Locale, returned: Returned, day: &'static str, error: DeskError) -> Result<Returned, PageError> {
    Ok(match error {
        DeskError::DocumentRefused { why: why @ DocumentRefusal::NumberTaken } => {
            returned.fault("so-van-ban", words::refusal(l, why))
        }
        DeskError::DocumentRefused { why } => returned.say(words::refusal(l, why)),
        DeskError::Invalid { field: "number", .. } => returned.fault("so-van-ban", l.t("document-wrong-number")),
        DeskError::Invalid { field: "symbol", .. } => returned.fault("ky-hieu", l.t("document-wrong-symbol")),
        DeskError::Invalid { field: "day", .. } => returned.fault(day, l.t("document-wrong-day")),
        DeskError::Invalid { field: "letter", .. } => returned.fault("noi-dung", l.t("document-wrong-length")),
        DeskError::Invalid { field: "file" | "name", .. } => returned.fault("tep", l.t("document-wrong-file")),
        other => match PageError::desk(other) {
            PageError::BadRequest(words) => returned.say(words),
            other => return Err(other),
        },
    })
}
