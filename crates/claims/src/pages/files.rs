//! Files of a case: minutes of the agency, proofs of the facility.

use axum::Extension;
use axum::extract::{Multipart, Path, State};
use axum::response::Response;
use chapter::{PageError, Shown, Viewer};
use desk::{AuditAction, NewFile, ReadEvent, ReviewFile, ReviewFileKind};
use web::Locale;

use super::sheet::Sheet;
use super::{Audit, and, go, refused, sheet_of_case};

/// The parts of a form with a file.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// Texts by name.
    pub(super) texts: Vec<(String, String)>,
    /// The file; none where nothing was chosen.
    pub(super) file: Option<NewFile>,
}

impl Parts {
    /// Reads a form with a file named `tep`.
    pub(super) async fn read(l: Locale<'_>, mut sent: Multipart) -> Result<Self, PageError> {
        let wrong = |_| PageError::BadRequest(l.t("claims-wrong-file"));
        let mut parts = Self::default();
        while let Some(field) = sent.next_field().await.map_err(wrong)? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "tep" {
                let name = field.file_name().unwrap_or_default().to_owned();
                let bytes = field.bytes().await.map_err(wrong)?.to_vec();
                parts.file = (!bytes.is_empty()).then_some(NewFile { name, bytes });
            } else {
                parts.texts.push((name, field.text().await.map_err(wrong)?));
            }
        }
        Ok(parts)
    }

    /// A text by name.
    pub(super) fn text(&self, name: &str) -> String {
        let found = self.texts.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, text)| text.trim().to_owned()).unwrap_or_default()
    }
}

/// Adds a file to a case; what is wrong with it is said.
pub(super) async fn add(
    audit: &Audit,
    viewer: &Viewer,
    review: &str,
    kind: ReviewFileKind,
    file: Option<NewFile>,
    form: &str,
) -> Result<(), PageError> {
    let l = audit.app.locale(viewer);
    let file = file.ok_or_else(|| PageError::BadRequest(l.t("claims-wrong-file")))?;
    let added = audit.app.desk.attach_review(&viewer.scope, review, kind, file, form).await;
    added.map(drop).map_err(|error| match error {
        desk::DeskError::Invalid { .. } => PageError::BadRequest(l.t("claims-wrong-file")),
        other => refused(l, other),
    })
}

/// `POST /giam-dinh/vu-viec/{review}/tep`.
pub(super) async fn attach(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path(review): Path<String>,
    sent: Multipart,
) -> Result<Response, PageError> {
    let l = audit.app.locale(&viewer);
    let parts = Parts::read(l, sent).await?;
    let kind = ReviewFileKind::from_word(&parts.text("loai")).unwrap_or(ReviewFileKind::Other);
    let (form, visit) = (parts.text("so"), parts.text("ho-so"));
    add(&audit, &viewer, &review, kind, parts.file, &form).await?;
    let visit: i64 = visit.parse().map_err(|_| PageError::BadRequest(l.t("claims-wrong-form")))?;
    Ok(go(&and(&sheet_of_case(visit, &review), "da-ghi=1")))
}

/// `GET /giam-dinh/vu-viec/{review}/tep/{file}`.
pub(super) async fn show(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path((review, file)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    // What is proved with is as protected as the visit itself.
    let visit = audit.app.desk.review(&viewer.scope, &review).await.map_err(PageError::desk)?.case.visit;
    let (_, sheet) = Sheet::load(&audit, &viewer, visit, ("", "")).await?;
    if sheet.seen.hides() {
        return Err(PageError::BadRequest(audit.app.locale(&viewer).t("claims-protected-file")));
    }
    open(&audit, &viewer, review, &file).await
}

/// `GET /co-so/vu-viec/{review}/tep/{file}`.
pub(super) async fn show_facility(
    State(audit): State<Audit>,
    Extension(viewer): Extension<Viewer>,
    Path((review, file)): Path<(String, String)>,
) -> Result<Shown, PageError> {
    open(&audit, &viewer, review, &file).await
}

/// A file, saved under a name of fixed words: the sender's own may say who it is about. Who may see it the desk says.
async fn open(audit: &Audit, viewer: &Viewer, review: String, file: &str) -> Result<Shown, PageError> {
    let (known, bytes) = audit.app.desk.review_file(&viewer.scope, &review, file).await.map_err(PageError::desk)?;
    let event = ReadEvent::new(AuditAction::ViewReview, "review").object(review).word("file", &known.id);
    let audited = audit.app.audit(viewer, event).await?;
    let (media, name) = saved(&known);
    Ok(Shown::file(bytes, media, name, audited))
}

fn saved(file: &ReviewFile) -> (&'static str, String) {
    let (media, ending) = match file.media.as_str() {
        "application/pdf" => ("application/pdf", "pdf"),
        "image/png" => ("image/png", "png"),
        _ => ("image/jpeg", "jpg"),
    };
    (media, format!("vu-viec-{}.{ending}", file.hash.get(..8).unwrap_or_default()))
}
