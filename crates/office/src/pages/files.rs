//! Attachments: sent with a form, opened by their case.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, NewFile, ReadEvent};

use super::{go, require};
use crate::{CASES, Office};

/// `POST /viec/{case}/tep`.
pub(super) async fn attach(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    mut sent: Multipart,
) -> Result<Response, PageError> {
    let l = office.app.locale(&viewer);
    require(&viewer)?;
    let wrong = |_| PageError::BadRequest(l.t("office-wrong-file"));
    let (mut number, mut file) = (String::new(), None);
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "so" => number = field.text().await.map_err(wrong)?,
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some(NewFile { name, bytes: field.bytes().await.map_err(wrong)?.to_vec() });
            }
            _ => return Err(PageError::BadRequest(l.t("office-wrong-form"))),
        }
    }
    let file = file.filter(|file| !file.bytes.is_empty()).ok_or_else(|| PageError::BadRequest(l.t("office-wrong-file")))?;
    office.app.desk.attach(&viewer.scope, &id, file, &number).await.map_err(|error| match error {
        desk::DeskError::Invalid { .. } => PageError::BadRequest(l.t("office-wrong-file")),
        other => PageError::desk(other),
    })?;
    Ok(go(&format!("{CASES}/{id}?da-ghi=1")))
}

/// `GET /viec/{case}/tep/{file}`: saved under a name of fixed words; the sender's name of it may say who it is about.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path((case, file)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let (known, bytes) = office.app.desk.case_file(&viewer.scope, &case, &file).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewCase, "case").object(case).word("file", &known.id);
    let audited = office.app.audit(&viewer, event).await?;
    let (media, ending) = match known.media.as_str() {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/png" => ("image/png", "png"),
        _ => ("image/jpeg", "jpg"),
    };
    Ok(Shown::file(bytes, media, format!("dinh-kem-{}.{ending}", &known.hash[..8]), audited))
}
