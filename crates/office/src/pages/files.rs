//! Attachments: sent with a form, opened by their case.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Returned, Shown, Viewer, sent_back};
use desk::{AuditAction, DeskError, NewFile, ReadEvent};

use super::case::Came;
use super::{case, go, require};
use crate::{CASES, Office};

/// `POST /viec/{case}/tep`.
pub(super) async fn attach(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    require(&viewer)?;
    let mut number = String::new();
    let wrong = match read(sent, &mut number).await {
        Some(file) => match office.app.desk.attach(&viewer.scope, &id, file, &number).await {
            Ok(_) => return Ok(go(&format!("{CASES}/{id}?da-ghi=1"))),
            Err(DeskError::Invalid { field: "file" | "name", .. }) => "office-wrong-file",
            Err(other) => return Err(PageError::desk(other)),
        },
        None => "office-wrong-file",
    };
    // Browsers forget which file was chosen; the page says at its field what may be sent.
    let l = office.app.locale(&viewer);
    let returned = Returned::of([("so".to_owned(), number)]).named("tep").fault("tep", l.t(wrong));
    Ok(sent_back(case::page(&office, &viewer, &id, Came { returned, ..Came::default() }).await?))
}

/// The file of a form and, as far as it was read, the form's number. None where nothing was chosen, or more was sent than is taken.
async fn read(mut sent: Multipart, number: &mut String) -> Option<NewFile> {
    let mut file = None;
    while let Some(field) = sent.next_field().await.ok()? {
        match field.name().unwrap_or_default() {
            "so" => *number = field.text().await.ok()?,
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                file = Some(NewFile { name, bytes: field.bytes().await.ok()?.to_vec() });
            }
            _ => return None,
        }
    }
    file.filter(|file: &NewFile| !file.bytes.is_empty())
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
