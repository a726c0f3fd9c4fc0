//! Writing down a check on the spot, its minutes, and taking it back.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, Viewer, typed_day};
use desk::{CheckAnswer, ChecklistAnswer, FacilityVisitKind, NewFacilityVisit};

use super::{Audit, CHECKS, checklist, fields, go, refused, text_of};

/// `POST /giam-dinh/kiem-tra`.
pub(super) async fn record(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let sent = fields(sent);
    let wrong = |words: String| PageError::BadRequest(words);
    let snapshot = audit.serving.current(app).await?;
    let facility = text_of(&sent, "co-so");
    if !snapshot.facilities.contains_key(&facility) || !snapshot.is_open(&viewer.scope, &facility) {
        return Err(wrong(l.t("claims-wrong-facility")));
    }
    let kind = FacilityVisitKind::from_word(&text_of(&sent, "loai")).ok_or_else(|| wrong(l.t("claims-wrong-form")))?;
    let day = typed_day(&text_of(&sent, "ngay")).filter(|day| *day <= app.today());
    let mut answers = Vec::new();
    for item in checklist::items(kind) {
        let key = &item.key;
        let answer = CheckAnswer::from_word(&text_of(&sent, &format!("muc-{key}")));
        let note = text_of(&sent, &format!("ghi-chu-{key}"));
        answers.push(ChecklistAnswer {
            item: key.clone(),
            answer: answer.ok_or_else(|| wrong(l.t("claims-wrong-checklist")))?,
            note: Some(note).filter(|note| !note.is_empty()),
        });
    }
    let summary = text_of(&sent, "tom-tat");
    if summary.chars().count() < 3 {
        return Err(wrong(l.t("claims-wrong-reason")));
    }
    let new = NewFacilityVisit {
        commune: snapshot.commune_of(&facility).cloned(),
        facility,
        kind,
        day: day.ok_or_else(|| wrong(l.t("claims-wrong-day")))?,
        answers,
        cases: cases(&audit, &viewer, &text_of(&sent, "vu-viec")).await?,
        summary,
    };
    let done = app.desk.record_facility_visit(&viewer.scope, &new, app.today(), &text_of(&sent, "so")).await;
    let check = done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{CHECKS}/{}?da-ghi=1", check.id)))
}

/// The cases of visits that were named by number.
async fn cases(audit: &Audit, viewer: &Viewer, text: &str) -> Result<Vec<String>, PageError> {
    let wrong = || PageError::BadRequest(audit.app.locale(viewer).t("claims-wrong-cases"));
    let numbers: Vec<i64> = text
        .split([',', ';', ' '])
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().map_err(|_| wrong()))
        .collect::<Result<_, _>>()?;
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let known = audit.app.desk.reviews_of_visits(&viewer.scope, &numbers).await.map_err(PageError::desk)?;
    // A visit may have several cases; each number must have one.
    let has_case = |number: &i64| known.iter().any(|case| case.visit == *number);
    if numbers.iter().all(has_case) { Ok(known.into_iter().map(|case| case.id).collect()) } else { Err(wrong()) }
}

/// `POST /giam-dinh/kiem-tra/{check}`.
pub(super) async fn change(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let sent = fields(sent);
    let (form, version) = (text_of(&sent, "so"), text_of(&sent, "phien-ban").parse().unwrap_or(0));
    let done = match text_of(&sent, "viec").as_str() {
        "bien-ban" => app.desk.set_visit_minutes(&viewer.scope, &id, version, &text_of(&sent, "bien-ban"), &form).await,
        "thu-lai" => app.desk.withdraw_facility_visit(&viewer.scope, &id, version, &text_of(&sent, "ly-do"), &form).await,
        _ => return Err(PageError::BadRequest(l.t("claims-wrong-form"))),
    };
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{CHECKS}/{id}?da-ghi=1")))
}
