//! Drawing a sample, entering what was found in a visit of it, closing it.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use axum::response::Response;
use base::Dong;
use chapter::{PageError, TypedForm, Viewer, sent_back};
use desk::{NewReviewSample, SampleConfidence, SampleUnit};
use engine::{EngineError, Session, rows};

use super::act::Wrong;
use super::read::dong_at;
use super::words::typed_dong;
use super::{Audit, SAMPLES, fields, go, refused, sample, text_of};

/// `POST /giam-dinh/mau`: draws from all visits of the facility in the month that is shown.
pub(super) async fn draw(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    TypedForm(sent, returned): TypedForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    match drawn(&audit, &viewer, &fields(sent)).await {
        Ok(id) => Ok(go(&format!("{SAMPLES}/{id}"))),
        Err(wrong) => Ok(sent_back(sample::list_page(&audit, &viewer, &wrong.put(returned)?).await?)),
    }
}

/// Draws a sample; its id.
async fn drawn(audit: &Audit, viewer: &Viewer, sent: &BTreeMap<String, String>) -> Result<String, Wrong> {
    let app = &audit.app;
    let l = app.locale(viewer);
    let snapshot = audit.serving.current(app).await?;
    let wrong = |field: &str, key: &str| Wrong::Field(field.to_owned(), l.t(key));
    let facility = text_of(sent, "co-so");
    if !snapshot.facilities.contains_key(&facility) || !snapshot.is_open(&viewer.scope, &facility) {
        return Err(wrong("co-so", "claims-wrong-facility"));
    }
    let reason = text_of(sent, "ly-do");
    if reason.chars().count() < 3 {
        return Err(wrong("ly-do", "claims-wrong-reason"));
    }
    let new = NewReviewSample {
        commune: snapshot.commune_of(&facility).cloned(),
        period: snapshot.period,
        seed: text_of(sent, "hat-giong"),
        confidence: SampleConfidence::from_word(&text_of(sent, "do-tin-cay")).unwrap_or(SampleConfidence::P95),
        size: text_of(sent, "co-mau").parse().map_err(|_| wrong("co-mau", "claims-wrong-size"))?,
        population: population(&snapshot.session, &facility).await.map_err(|e| PageError::inner(&e))?,
        reason,
        facility,
    };
    let drawn = app.desk.draw_review_sample(&viewer.scope, &new, &text_of(sent, "so")).await;
    drawn.map(|sample| sample.id).map_err(|error| match error {
        desk::DeskError::Invalid { field: "seed", .. } => wrong("hat-giong", "claims-wrong-seed"),
        desk::DeskError::Invalid { field: "size", .. } => wrong("co-mau", "claims-wrong-size"),
        other => refused(l, other).into(),
    })
}

/// All visits of a facility in the month, with what each asks of the fund.
async fn population(session: &Session, facility: &str) -> Result<Vec<SampleUnit>, EngineError> {
    let mut all = Vec::new();
    if !session.has_table("claim_stay") {
        return Ok(all);
    }
    let sql =
        format!("SELECT visit_id, fund FROM claim_stay WHERE facility = '{}' ORDER BY visit_id", facility.replace('\'', "''"));
    for batch in session.collect(&sql).await? {
        let visits = rows::int(&batch, "visit_id")?;
        for row in 0..batch.num_rows() {
            let amount = dong_at(&batch, "fund", row)?.unwrap_or(Dong::ZERO);
            all.push(SampleUnit { visit: visits.value(row), amount });
        }
    }
    Ok(all)
}

/// `POST /giam-dinh/mau/{sample}`.
pub(super) async fn change(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(sent): FromForm<Vec<(String, String)>>,
) -> Result<Response, PageError> {
    let app = &audit.app;
    let l = app.locale(&viewer);
    let sent = fields(sent);
    let form = text_of(&sent, "so");
    let done = match text_of(&sent, "viec").as_str() {
        "ket-qua" => {
            let number = text_of(&sent, "ho-so");
            let visit: i64 = number.parse().map_err(|_| PageError::BadRequest(l.t("claims-wrong-form")))?;
            let error = typed_dong(&text_of(&sent, &format!("sai-{number}")));
            let error = error.ok_or_else(|| PageError::BadRequest(l.t("claims-wrong-amount")))?;
            let note = text_of(&sent, &format!("ghi-chu-{number}"));
            let note = Some(note.as_str()).filter(|note| !note.is_empty());
            app.desk.record_sample_visit(&viewer.scope, &id, visit, error, note, &form).await
        }
        "dong" => app.desk.close_review_sample(&viewer.scope, &id, &form).await.map(drop),
        _ => return Err(PageError::BadRequest(l.t("claims-wrong-form"))),
    };
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{SAMPLES}/{id}?da-ghi=1")))
}
