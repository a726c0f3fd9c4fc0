//! Writing down a check on the spot, its minutes, and taking it back.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use chapter::{PageError, TypedForm, Viewer, sent_back, typed_day};
use desk::{CheckAnswer, ChecklistAnswer, FacilityVisitKind, NewFacilityVisit};

use super::act::Wrong;
use super::{Audit, CHECKS, check, checklist, fields, go, refused, text_of};

/// `POST /giam-dinh/kiem-tra`.
pub(super) async fn record(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(sent, returned): TypedForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let sent = fields(sent);
    match recorded(&audit, &viewer, &sent).await {
        Ok(id) => Ok(go(&format!("{CHECKS}/{id}?da-ghi=1"))),
        Err(wrong) => {
            let view = check::View { kind: text_of(&sent, "loai"), ..check::View::default() };
            Ok(sent_back(check::list_page(&audit, &viewer, &view, &wrong.put(returned)?).await?))
        }
    }
}

/// Writes a check down; its id.
async fn recorded(audit: &Audit, viewer: &Viewer, sent: &BTreeMap<String, String>) -> Result<String, Wrong> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let wrong = |field: &str, words: String| Wrong::Field(field.to_owned(), words);
    let snapshot = audit.serving.current(app).await?;
    let facility = text_of(sent, "co-so");
    if !snapshot.facilities.contains_key(&facility) || !snapshot.is_open(&viewer.scope, &facility) {
        return Err(wrong("co-so", l.t("claims-wrong-facility")));
    }
    let kind = FacilityVisitKind::from_word(&text_of(sent, "loai"));
    let kind = kind.ok_or_else(|| Wrong::Page(PageError::BadRequest(l.t("claims-wrong-form"))))?;
    let day = typed_day(&text_of(sent, "ngay")).filter(|day| *day <= app.today());
    let mut answers = Vec::new();
    for item in checklist::items(kind) {
        let key = &item.key;
        let field = format!("muc-{key}");
        let answer = CheckAnswer::from_word(&text_of(sent, &field));
        let note = text_of(sent, &format!("ghi-chu-{key}"));
        answers.push(ChecklistAnswer {
            item: key.clone(),
            answer: answer.ok_or_else(|| wrong(&field, l.t("claims-wrong-checklist")))?,
            note: Some(note).filter(|note| !note.is_empty()),
        });
    }
    let summary = text_of(sent, "tom-tat");
    if summary.chars().count() < 3 {
        return Err(wrong("tom-tat", l.t("claims-wrong-reason")));
    }
    let new = NewFacilityVisit {
        commune: snapshot.commune_of(&facility).cloned(),
        facility,
        kind,
        day: day.ok_or_else(|| wrong("ngay", l.t("claims-wrong-day")))?,
        answers,
        cases: cases(audit, viewer, &text_of(sent, "vu-viec")).await?,
        summary,
    };
    let done = app.desk.record_facility_visit(&viewer.scope, &new, app.today(), &text_of(sent, "so")).await;
    done.map(|check| check.id).map_err(|error| refused(l, error).into())
}

/// The cases of visits that were named by number.
async fn cases(audit: &Audit, viewer: &Viewer, text: &str) -> Result<Vec<String>, Wrong> {
    let wrong = || Wrong::Field("vu-viec".to_owned(), audit.app.locale(viewer).t("claims-wrong-cases"));
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
