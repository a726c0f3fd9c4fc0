//! Steps that bring a file: the signed document, proof of delivery.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::{IntoResponse, Response};
use chapter::{PageError, Returned, Shown, Viewer, typed_day};
use desk::{AuditAction, DocumentChange, NewFile, ReadEvent, SignatureVerdict, Way};
use documents::signature::{Answer, Report, check_pdf};
use web::component::{Button, ButtonKind, Link, NoteKind, note, paragraph};
use web::{SafeHtml, tag};

use super::act::{back, refused};
use super::{DOCUMENTS, require};
use crate::Office;
use crate::pages::go;

/// A form with a file.
#[derive(Default)]
struct Sent {
    fields: BTreeMap<String, String>,
    file: Option<NewFile>,
}

impl Sent {
    fn of(&self, name: &str) -> &str {
        self.fields.get(name).map(String::as_str).unwrap_or_default()
    }

    fn version(&self) -> i64 {
        self.of("phien-ban").parse().unwrap_or(0)
    }

    /// The form as it goes back: the file is chosen again, browsers forget it.
    fn returned(&self, form: &str) -> Returned {
        Returned::of(self.fields.clone()).named(form)
    }
}

/// Reads a form as far as it can be read: of a file that is larger than is taken, what stands before it.
async fn read(mut sent: Multipart) -> Sent {
    let mut read = Sent::default();
    while let Ok(Some(field)) = sent.next_field().await {
        let name = field.name().unwrap_or_default().to_owned();
        if name == "tep" {
            let named = field.file_name().unwrap_or_default().to_owned();
            let Ok(bytes) = field.bytes().await else { break };
            read.file = Some(NewFile { name: named, bytes: bytes.to_vec() }).filter(|file| !file.bytes.is_empty());
        } else {
            let Ok(text) = field.text().await else { break };
            read.fields.insert(name, text);
        }
    }
    read
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
    let mut sent = read(sent).await;
    let returned = sent.returned("da-ky");
    let Some(pdf) = sent.file.take() else {
        return back(&office, &viewer, &id, false, returned.fault("tep", l.t("document-wrong-file"))).await;
    };
    let (verdict, lines) = if !sent.of("ban-giay").is_empty() {
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
    let done = app.desk.change_document(&viewer.scope, &id, sent.version(), &change, app.today(), sent.of("so")).await;
    match done {
        Ok(_) => Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1"))),
        Err(error) => refused(&office, &viewer, &id, returned, "ngay", error).await,
    }
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
    let mut sent = read(sent).await;
    let mut returned = sent.returned("da-gui");
    let how = Way::from_word(sent.of("cach"));
    let day = typed_day(sent.of("ngay").trim());
    if day.is_none() {
        returned = returned.fault("ngay", l.t("document-wrong-day"));
    }
    let proof = sent.file.take();
    if proof.is_none() {
        returned = returned.fault("tep", l.t("document-wrong-file"));
    }
    if how.is_none() {
        returned = returned.fault("cach", l.t("office-wrong-form"));
    }
    let (Some(how), Some(day), Some(proof)) = (how, day, proof) else {
        return back(&office, &viewer, &id, false, returned).await;
    };
    let change = DocumentChange::Deliver { how, day, proof };
    let done = app.desk.change_document(&viewer.scope, &id, sent.version(), &change, app.today(), sent.of("so")).await;
    match done {
        Ok(_) => Ok(go(&format!("{DOCUMENTS}/{id}?da-ghi=1"))),
        Err(error) => refused(&office, &viewer, &id, returned, "ngay", error).await,
    }
}
