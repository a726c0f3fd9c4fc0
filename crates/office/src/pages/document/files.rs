//! Files of a document: its text as DOCX, and what was kept on its way. Names of files are fixed words, never who it is about.

use axum::Extension;
use axum::extract::{Path, State};
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, FileRole, ReadEvent};
use documents::letter::{write_docx, write_pdf};

use super::{letter, list, marks, require};
use crate::Office;

/// Type of a DOCX file.
pub(super) const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `GET /van-ban/{document}/van-ban.docx`: the text as it stands now, with number and day once it has them.
pub(super) async fn docx(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let app = &office.app;
    let document = app.desk.document(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewDocument, "document").object(id.as_str()).word("file", "text");
    let audited = app.audit(&viewer, document.commune.iter().fold(event, |event, code| event.commune(code))).await?;
    let bytes = write_docx(&letter(&document)?, &marks(&office, &document)).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, DOCX, format!("{}-{}.docx", document.template, list::short(&id)), audited))
}

/// `GET /van-ban/{document}/van-ban.pdf`: the same as PDF, to be read and to be signed.
pub(super) async fn pdf(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let app = &office.app;
    let document = app.desk.document(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewDocument, "document").object(id.as_str()).word("file", "text");
    let audited = app.audit(&viewer, document.commune.iter().fold(event, |event, code| event.commune(code))).await?;
    let bytes = write_pdf(&letter(&document)?, &marks(&office, &document)).map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, "application/pdf", format!("{}-{}.pdf", document.template, list::short(&id)), audited))
}

/// `GET /van-ban/{document}/tep/{file}`.
pub(super) async fn show(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path((id, file)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    require(&viewer)?;
    let (known, bytes) = office.app.desk.document_file(&viewer.scope, &id, &file).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewDocument, "document").object(id.as_str()).word("file", &known.id);
    let audited = office.app.audit(&viewer, event).await?;
    let (media, ending) = match known.media.as_str() {
        DOCX => (DOCX, "docx"),
        "image/png" => ("image/png", "png"),
        "image/jpeg" => ("image/jpeg", "jpg"),
        _ => ("application/pdf", "pdf"),
    };
    let what = match known.role {
        FileRole::Docx => "da-duyet",
        FileRole::Signed => "da-ky",
        FileRole::Proof => "bang-chung",
    };
    Ok(Shown::file(bytes, media, format!("van-ban-{}-{what}.{ending}", list::short(&id)), audited))
}
