//! What a facility sends: its answer by form 09/BH, proofs, its appeal.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, TypedForm, Viewer, sent_back};
use desk::{AnswerKind, NewAnswer, ReviewFileKind};
use web::Locale;

use super::act::Wrong;
use super::facility::case_href;
use super::facility_case::{self, asked};
use super::files::{self, Parts};
use super::terms::AppealTerm;
use super::words::typed_dong;
use super::{Audit, fields, go, refused};

/// `POST /co-so/vu-viec/{review}/tra-loi`.
pub(super) async fn answer(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let l = audit.app.locale(&viewer);
    let parts = Parts::read(l, sent).await?;
    let returned = Returned::of(parts.texts.clone()).named("tra-loi");
    match answered(&audit, &viewer, &id, parts).await {
        Ok(()) => Ok(go(&format!("{}?da-ghi=1", case_href(&id)))),
        Err(wrong) => back(&audit, &viewer, &id, &wrong.put(returned)?).await,
    }
}

/// The page of the case with the form as it was typed; a file is chosen again, browsers forget it.
async fn back(audit: &Audit, viewer: &Viewer, id: &str, returned: &Returned) -> Result<Response, PageError> {
    Ok(sent_back(facility_case::page(audit, viewer, id, false, returned).await?))
}

/// Keeps an answer and its proof.
async fn answered(audit: &Audit, viewer: &Viewer, id: &str, parts: Parts) -> Result<(), Wrong> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let known = app.desk.facility_review(&viewer.scope, id).await.map_err(PageError::desk)?;
    // Everything is looked at before the first thing is kept.
    let answers = asked(&known.lines).map(|line| one(l, &parts, &line.id)).collect::<Result<Vec<_>, _>>()?;
    let (form, version) = (parts.text("so"), parts.text("phien-ban").parse().unwrap_or(0));
    if parts.file.is_some() {
        files::add(audit, viewer, id, ReviewFileKind::Proof, parts.file, &format!("{form}-t")).await?;
    }
    let done = app.desk.answer_review(&viewer.scope, id, version, &answers, app.today(), &form).await;
    done.map(drop).map_err(|error| refused(l, error).into())
}

/// The answer about a line.
fn one(l: Locale, parts: &Parts, line: &str) -> Result<NewAnswer, Wrong> {
    let wrong = |name: &str, words: String| Wrong::Field(format!("{name}-{line}"), words);
    let kind = AnswerKind::from_word(&parts.text(&format!("cach-{line}"))).filter(|kind| *kind != AnswerKind::Appeal);
    let kind = kind.ok_or_else(|| wrong("cach", l.t("claims-wrong-answer-kind")))?;
    let text = parts.text(&format!("loi-{line}"));
    if text.chars().count() < 3 {
        return Err(wrong("loi", l.t("claims-wrong-reason")));
    }
    let amount = match kind {
        AnswerKind::Adjust => {
            let amount = typed_dong(&parts.text(&format!("so-tien-{line}")));
            Some(amount.ok_or_else(|| wrong("so-tien", l.t("claims-wrong-amount")))?)
        }
        _ => None,
    };
    Ok(NewAnswer { line: Some(line.to_owned()), kind, text, amount })
}

/// `POST /co-so/vu-viec/{review}/kien-nghi`.
pub(super) async fn appeal(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    TypedForm(sent, returned): TypedForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let (sent, returned) = (fields(sent), returned.named("kien-nghi"));
    let lines: Vec<String> = sent
        .iter()
        .filter(|(_, tick)| *tick == "1")
        .filter_map(|(name, _)| name.strip_prefix("dong-").map(str::to_owned))
        .collect();
    if lines.is_empty() {
        return back(&audit, &viewer, &id, &returned.say(l.t("claims-wrong-appeal-lines"))).await;
    }
    let text = sent.get("loi-kien-nghi").map(|text| text.trim().to_owned()).unwrap_or_default();
    if text.chars().count() < 3 {
        return back(&audit, &viewer, &id, &returned.fault("loi-kien-nghi", l.t("claims-wrong-reason"))).await;
    }
    let of = |name: &str| sent.get(name).cloned().unwrap_or_default();
    let version = of("phien-ban").parse().unwrap_or(0);
    let today = app.today();
    let known = app.desk.facility_review(&viewer.scope, &id).await.map_err(PageError::desk)?;
    // Where no term is known an appeal is taken as long as the decision stands.
    let last = AppealTerm::of_case(app, &known.history)?.last.unwrap_or(today);
    match app.desk.appeal_review(&viewer.scope, &id, version, &lines, &text, today, last, &of("so")).await {
        Ok(_) => Ok(go(&format!("{}?da-ghi=1", case_href(&id)))),
        Err(error) => back(&audit, &viewer, &id, &Wrong::from(refused(l, error)).put(returned)?).await,
    }
}

/// `POST /co-so/vu-viec/{review}/tep`.
pub(super) async fn attach(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let parts = Parts::read(audit.app.locale(&viewer), sent).await?;
    let form = parts.text("so");
    files::add(&audit, &viewer, &id, ReviewFileKind::Proof, parts.file, &form).await?;
    Ok(go(&format!("{}?da-ghi=1", case_href(&id))))
}
