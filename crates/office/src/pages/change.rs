//! Changes of one case that a form sends.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Viewer, typed_day};
use desk::{Change, Outcome};
use serde::Deserialize;
use web::Locale;

use super::{go, require};
use crate::{CASES, Office, words};

/// What a form of a case sends; each form its own part of it.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Sent {
    #[serde(rename = "viec", default)]
    pub(super) what: String,
    #[serde(rename = "phien-ban", default)]
    pub(super) version: i64,
    #[serde(rename = "so", default)]
    pub(super) number: String,
    #[serde(rename = "nguoi", default)]
    pub(super) to: String,
    #[serde(rename = "ket-qua-la", default)]
    pub(super) outcome: String,
    #[serde(rename = "ngay", default)]
    pub(super) day: String,
    #[serde(rename = "ngay-lai", default)]
    pub(super) until: String,
    #[serde(rename = "ly-do", default)]
    pub(super) reason: String,
    #[serde(rename = "ly-do-hoan", default)]
    pub(super) why_later: String,
    #[serde(rename = "ly-do-tra", default)]
    pub(super) why_back: String,
    /// Where to go afterwards.
    #[serde(rename = "ve", default)]
    pub(super) back: String,
}

impl Sent {
    /// The change that is asked for; what is missing or wrong is said.
    pub(super) fn change(&self, l: Locale) -> Result<Change, PageError> {
        let wrong = |key: &str| PageError::BadRequest(l.t(key));
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => typed_day(text).map(Some).ok_or_else(|| wrong("office-wrong-day")),
        };
        let said = |text: &str| match base::names::clean(text) {
            text if text.chars().count() < 3 => Err(wrong("office-wrong-reason")),
            text => Ok(text),
        };
        Ok(match self.what.as_str() {
            "nhan" => Change::Take,
            "nhan-thay" => Change::TakeOver { reason: said(&self.reason)? },
            "giao" if !self.to.is_empty() => Change::Assign { to: self.to.clone() },
            "giao" => return Err(wrong("office-wrong-owner")),
            "tra-lai" => Change::Release { reason: said(&self.why_back)? },
            "hoan" => Change::Snooze {
                until: day(&self.until)?.ok_or_else(|| wrong("office-wrong-day"))?,
                reason: said(&self.why_later)?,
            },
            "da-gap" => Change::Outcome { outcome: Outcome::Contacted, day: None, reason: said(&self.reason)? },
            "ket-qua" => {
                let outcome = Outcome::from_word(&self.outcome).ok_or_else(|| wrong("office-wrong-outcome"))?;
                let day = day(&self.day)?;
                if outcome.needs_day() && day.is_none() {
                    return Err(wrong("office-wrong-outcome-day"));
                }
                Change::Outcome { outcome, day: day.filter(|_| outcome.needs_day()), reason: said(&self.reason)? }
            }
            "mo-lai" => Change::Reopen { reason: said(&self.reason)? },
            _ => return Err(wrong("office-wrong-form")),
        })
    }
}

/// `POST /viec/{case}/doi`.
pub(super) async fn change(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Sent>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let change = sent.change(l)?;
    let allowed = words::allowed(app);
    let done = app.desk.change_case(&viewer.scope, &id, sent.version, &change, &allowed, app.today(), &sent.number).await;
    done.map_err(|error| match error {
        desk::DeskError::CaseRefused { why } => PageError::BadRequest(words::refusal(l, why)),
        other => PageError::desk(other),
    })?;
    // Only ever to a page of cases.
    let own = sent.back.starts_with("/viec?") && !sent.back.contains(['\\', '\r', '\n']);
    Ok(go(&if own { sent.back.clone() } else { format!("{CASES}/{id}?da-ghi=1") }))
}

/// A comment.
#[derive(Debug, Deserialize)]
pub(super) struct Comment {
    #[serde(rename = "so")]
    number: String,
    #[serde(rename = "y-kien")]
    words: String,
}

/// `POST /viec/{case}/y-kien`.
pub(super) async fn comment(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Comment>,
) -> Result<Response, PageError> {
    require(&viewer)?;
    let words = base::names::clean(&sent.words);
    if words.chars().count() < 3 {
        return Err(PageError::BadRequest(office.app.locale(&viewer).t("office-wrong-reason")));
    }
    office.app.desk.comment_case(&viewer.scope, &id, &words, &sent.number).await.map_err(PageError::desk)?;
    Ok(go(&format!("{CASES}/{id}?da-ghi=1")))
}
