//! Steps that bring a file: the signed document, proof of delivery.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use chapter::{PageError, Shown, Viewer, typed_day};
use desk::{AuditAction, DocumentChange, NewFile, ReadEvent, SignatureVerdict, Way};
use documents::signature::{Answer, Report, check_pdf};
use web::component::{Button, ButtonKind, Link, NoteKind, note, paragraph};
use web::{Locale, SafeHtml, tag};

use super::act::refused;
use super::{DOCUMENTS, require};
use crate::Office;
use crate::pages::go;

/// A form with a file.
#[derive(Default)]
struct Sent {
    version: i64,
    form: String,
    paper: bool,
    how: String,
    day: String,
    file: Option<NewFile>,
}

async fn read(l: Locale<'_>, mut sent: Multipart) -> Result<(Sent, NewFile), PageError> {
    let wrong = |_| PageError::BadRequest(l.t("document-wrong-file"));
    let mut read = Sent::default();
    while let Some(field) = sent.next_field().await.map_err(wrong)? {
        match field.name().unwrap_or_default() {
            "viec" => drop(field.text().await.map_err(wrong)?),
            "phien-ban" => read.version = field.text().await.map_err(wrong)?.parse().unwrap_or(0),
            "so" => read.form = field.text().await.map_err(wrong)?,
            "ban-giay" => read.paper = !field.text().await.map_err(wrong)?.is_empty(),
            "cach" => read.how = field.text().await.map_err(wrong)?,
            "ngay" => read.day = field.text().await.map_err(wrong)?,
            "tep" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                read.file = Some(NewFile { name, bytes: field.bytes().await.map_err(wrong)?.to_vec() });
            }
            _ => return Err(PageError::BadRequest(l.t("office-wrong-form"))),
        }
    }
    let file = read.file.take().filter(|file| !file.bytes.is_empty());
    let file = file.ok_or_else(|| PageError::BadRequest(l.t("document-wrong-file")))?;
    Ok((read, file))
}

/// `POST /van-ban/{document}/da-ky`.
pub(super) async fn signed(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let (sent, pdf) = read(l, sent).await?;
    let (verdict, lines) = if sent.paper {
        (SignatureVerdict::Paper, Vec::new())
    } else {
        let (bytes, trust, now) = (pdf.bytes.clone(), office.trust.clone(), (app.clock)().div_euclid(1000));
        // A file of ten megabytes is read several times over.
        let checked = tokio::task::spawn_blocking(move || check_pdf(&bytes, &trust, now)).await;
        let report = checked.map_err(|_| PageError::Internal { code: "signature_check" })?;
        match report.answer() {
            Answer::Good => (SignatureVerdict::Good, report.texts()),
            Answer::NotChecked => (SignatureVerdict::NotChecked, report.texts()),
            Answer::Wrong => return wrong(&office, &viewer, &id, &report).await,
        }
    };
    let report = serde_json::to_string(&lines).map_err(|_| PageError::Internal { code: "signature_check" })?;
    let change = DocumentChange::Sign { pdf, verdict, report };
    let done = app.desk.change_document(&viewer.scope, &id, sent.version, &change, app.today(), &sent.form).await;
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1")))
}

/// A document whose signature is wrong is not taken; the page says what was found.
async fn wrong(office: &Office, viewer: &Viewer, id: &str, report: &Report) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(viewer);
    // Only who may open the document learns anything.
    app.desk.document(&viewer.scope, id).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewDocument, "document").object(id).word("file", "signature_wrong");
    let audited = app.audit(viewer, event).await?;
    let lines = tag("ul").attr("lang", "vi").children(report.texts().iter().map(|text| tag("li").text(text))).html();
    let mut page = app.page(viewer, &format!("{DOCUMENTS}/{id}"), l.t("document-signature-wrong"));
    page.crumbs = vec![Link::new(l.t("document-title"), DOCUMENTS)];
    page.here = l.t("document-signature-wrong");
    page.actions = vec![Button::link(l.t("document-signature-again"), format!("{DOCUMENTS}/{id}#buoc"), ButtonKind::Primary)];
    let explain = paragraph(SafeHtml::text(&l.t("document-signature-wrong-what")));
    page.body = note(NoteKind::Error, &l.t("document-signature-wrong"), lines).then(explain);
    Ok(Shown::page(page.render(l), audited).into_response())
}

/// `POST /van-ban/{document}/da-gui`.
pub(super) async fn delivered(
    State(office): State<Office>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let app = &office.app;
    let l = app.locale(&viewer);
    require(&viewer)?;
    let (sent, proof) = read(l, sent).await?;
    let how = Way::from_word(&sent.how).ok_or_else(|| PageError::BadRequest(l.t("office-wrong-form")))?;
    let day = typed_day(sent.day.trim()).ok_or_else(|| PageError::BadRequest(l.t("document-wrong-day")))?;
    let change = DocumentChange::Deliver { how, day, proof };
    let done = app.desk.change_document(&viewer.scope, &id, sent.version, &change, app.today(), &sent.form).await;
    done.map_err(|error| refused(l, error))?;
    Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1")))
}
