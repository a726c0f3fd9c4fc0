//! Changes of one case that a form sends.

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer, sent_back, typed_day};
use desk::{Change, DeskError, Outcome, Refusal};
use serde::Deserialize;
use web::Locale;

use super::case::Came;
use super::{case, go, require};
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

/// A field that is missing or wrong, and words that say what is right. No field: what was sent is no form of a case.
pub(super) type Wrong = (&'static str, String);

impl Sent {
    /// The change that is asked for; otherwise what is wrong, at its field.
    pub(super) fn change(&self, l: Locale) -> Result<Change, Wrong> {
        let wrong = |field: &'static str, key: &str| (field, l.t(key));
        let day = |field, text: &str| match text.trim() {
            "" => Ok(None),
            text => typed_day(text).map(Some).ok_or_else(|| wrong(field, "office-wrong-day")),
        };
        let said = |field, text: &str| match base::names::clean(text) {
            text if text.chars().count() < 3 => Err(wrong(field, "office-wrong-reason")),
            text => Ok(text),
        };
        Ok(match self.what.as_str() {
            "nhan" => Change::Take,
            "nhan-thay" => Change::TakeOver { reason: said("ly-do", &self.reason)? },
            "giao" if !self.to.is_empty() => Change::Assign { to: self.to.clone() },
            "giao" => return Err(wrong("nguoi", "office-wrong-owner")),
            "tra-lai" => Change::Release { reason: said("ly-do-tra", &self.why_back)? },
            "hoan" => Change::Snooze {
                until: day("ngay-lai", &self.until)?.ok_or_else(|| wrong("ngay-lai", "office-wrong-day"))?,
                reason: said("ly-do-hoan", &self.why_later)?,
            },
            "da-gap" => Change::Outcome { outcome: Outcome::Contacted, day: None, reason: said("ly-do", &self.reason)? },
            "ket-qua" => {
                let outcome = Outcome::from_word(&self.outcome).ok_or_else(|| wrong("ket-qua-la", "office-wrong-outcome"))?;
                let day = day("ngay", &self.day)?;
                if outcome.needs_day() && day.is_none() {
                    return Err(wrong("ngay", "office-wrong-outcome-day"));
                }
                Change::Outcome { outcome, day: day.filter(|_| outcome.needs_day()), reason: said("ly-do", &self.reason)? }
            }
            "mo-lai" => Change::Reopen { reason: said("ly-do", &self.reason)? },
            _ => return Err(wrong("", "office-wrong-form")),
        })
    }
}

/// An answer of the desk to a change, at its field where it is of one; otherwise of the whole. What is no answer to a form is passed on.
pub(super) fn refused(l: Locale, returned: Returned, error: DeskError) -> Result<Returned, PageError> {
    Ok(match error {
        DeskError::CaseRefused { why: why @ Refusal::OutcomeNotOffered } => returned.fault("ket-qua-la", words::refusal(l, why)),
        DeskError::CaseRefused { why: why @ Refusal::OwnerDoesNotSee } => returned.fault("nguoi", words::refusal(l, why)),
        DeskError::CaseRefused { why } => returned.say(words::refusal(l, why)),
        DeskError::Invalid { field: "until", .. } => returned.fault("ngay-lai", l.t("office-wrong-day")),
        DeskError::Invalid { field: "day", .. } => returned.fault("ngay", l.t("office-wrong-day-past")),
        other => match PageError::desk(other) {
            PageError::BadRequest(words) => returned.say(words),
            other => return Err(other),
        },
    })
}

/// `POST /viec/{case}/doi`.
pub(super) async fn change(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Sent>,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let returned = returned.named(sent.what.as_str());
    let change = match sent.change(l) {
        Ok(change) => change,
        Err(("", words)) => return Err(PageError::BadRequest(words)),
        Err((field, words)) => return back(&office, &viewer, &id, false, returned.fault(field, words)).await,
    };
    let allowed = words::allowed(app);
    let done = app.desk.change_case(&viewer.scope, &id, sent.version, &change, &allowed, app.today(), &sent.number).await;
    if let Err(error) = done {
        let stale = matches!(error, DeskError::CaseRefused { why: Refusal::Stale });
        return back(&office, &viewer, &id, stale, refused(l, returned, error)?).await;
    }
    // Only ever to a page of cases.
    let own = sent.back.starts_with("/viec?") && !sent.back.contains(['\\', '\r', '\n']);
    Ok(go(&if own { sent.back.clone() } else { format!("{CASES}/{id}?da-ghi=1") }))
}

/// The page of the case as it is now, with the form as it was typed.
async fn back(office: &Office, viewer: &Viewer, id: &str, stale: bool, returned: Returned) -> Result<Response, PageError> {
    Ok(sent_back(case::page(office, viewer, id, Came { stale, returned, ..Came::default() }).await?))
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
    TypedForm(sent, returned): TypedForm<Comment>,
) -> Result<Response, PageError> {
    let l = office.app.locale(&viewer);
    require(&viewer)?;
    let returned = returned.named("y-kien");
    let words = base::names::clean(&sent.words);
    if words.chars().count() < 3 {
        return back(&office, &viewer, &id, false, returned.fault("y-kien", l.t("office-wrong-reason"))).await;
    }
    if let Err(error) = office.app.desk.comment_case(&viewer.scope, &id, &words, &sent.number).await {
        return back(&office, &viewer, &id, false, refused(l, returned, error)?).await;
    }
    Ok(go(&format!("{CASES}/{id}?da-ghi=1")))
}
