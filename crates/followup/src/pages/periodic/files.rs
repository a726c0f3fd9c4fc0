//! The report as a file: DOCX, PDF, XLSX, a receiver's own sheet, a picture for a phone.

use axum::Extension;
use axum::extract::{Query, State};
use chapter::{PageError, Shown, Viewer};
use desk::AuditAction;
use serde::Deserialize;

use super::{Asked, Chosen, event, report};
use crate::Followup;
use crate::report::Format;

/// What the address asks.
#[derive(Debug, Deserialize)]
pub(in crate::pages) struct File {
    #[serde(rename = "ky", default)]
    period: String,
    #[serde(rename = "don-vi", default)]
    unit: String,
    #[serde(rename = "dang", default)]
    format: String,
    #[serde(rename = "noi-nhan", default)]
    receiver: String,
}

/// `GET /ke-hoach/bao-cao-ky/tep`.
pub(in crate::pages) async fn file(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<File>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let format = Format::of(&asked.format).ok_or_else(|| PageError::BadRequest(l.t("planreport-fault-format")))?;
    let of = Asked { period: asked.period, unit: asked.unit };
    let chosen = Chosen::of(&followup, l, &viewer, &of)?;
    let receiver = match asked.receiver.as_str() {
        "" => None,
        id => Some(followup.followed.receivers.iter().find(|receiver| receiver.id == id).ok_or(PageError::NotFound)?),
    };
    let report = report(&followup, &viewer, &chosen, receiver).await?;
    let audited = app.audit(&viewer, event(AuditAction::Export, &report).word("format", format.ending())).await?;
    let name = report.file_name(format);
    let bytes = tokio::task::spawn_blocking(move || report.write(format)).await;
    let bytes = bytes.map_err(|_| PageError::Internal { code: "report_stopped" })?.map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, format.media(), name, audited))
}

/// `GET /ke-hoach/bao-cao-ky/anh`.
pub(in crate::pages) async fn picture(
    State(followup): State<Followup>,
    Extension(viewer): Extension<Viewer>,
    Query(asked): Query<Asked>,
) -> Result<Shown, PageError> {
    let app = &followup.app;
    let l = app.locale(&viewer);
    let chosen = Chosen::of(&followup, l, &viewer, &asked)?;
    let report = report(&followup, &viewer, &chosen, None).await?;
    let audited = app.audit(&viewer, event(AuditAction::Export, &report).word("format", "png")).await?;
    let name = format!("{}.png", report.stem());
    let bytes = tokio::task::spawn_blocking(move || report.picture()).await;
    let bytes = bytes.map_err(|_| PageError::Internal { code: "report_stopped" })?.map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, "image/png", name, audited))
}
