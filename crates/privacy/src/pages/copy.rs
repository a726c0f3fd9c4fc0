//! `POST /du-lieu-ca-nhan/yeu-cau/{request}/ban-sao.xlsx`: everything that is held about who asks, as a workbook under a password. Made for a
//! request to see the data or to get a copy, by who may see whole identities: who looks after personal data sees logs, not content.

use axum::Extension;
use axum::extract::{Form as FromForm, Path, State};
use chapter::{App, PageError, Shown, Viewer};
use desk::{AuditAction, Permission, ReadEvent, RequestKind, SubjectRequest};
use documents::sheet::{LEAST_PASSWORD, lock_xlsx, write_workbook};
use serde::Deserialize;
use web::component::{Button, ButtonKind, Control, Field, Form, Panel, paragraph};
use web::{Locale, SafeHtml};

use super::requests::REQUESTS;
use crate::copy::PersonCopy;

/// Type of an Excel file.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Whether who looks at the page may make copies.
fn may(viewer: &Viewer) -> bool {
    let all = [Permission::AnswerRequests, Permission::RevealIdentity, Permission::Export];
    all.into_iter().all(|permission| desk::may(&viewer.scope, permission))
}

/// Whose copy a request asks for; none where it asks for something else, was refused, or nobody knows who asks.
fn asked(request: &SubjectRequest) -> Option<i64> {
    let copies = matches!(request.kind, RequestKind::View | RequestKind::Copy) && request.ground.is_none();
    request.person.filter(|_| copies)
}

/// The form that makes the copy of a request; a line that says who makes it for who may not.
pub(super) fn form(l: Locale, viewer: &Viewer, request: &SubjectRequest) -> SafeHtml {
    if asked(request).is_none() {
        return SafeHtml::default();
    }
    if !may(viewer) {
        return Panel::new(l.t("privacy-copy-make"), paragraph(SafeHtml::text(&l.t("privacy-copy-not-yours")))).html();
    }
    let form = Form {
        action: format!("{REQUESTS}/{}/ban-sao.xlsx", request.id),
        reads: false,
        hidden: Vec::new(),
        body: Field::new("mat-khau", l.t("privacy-copy-password"), Control::Text).hint(l.t("privacy-copy-password-hint")).html(l),
        buttons: vec![Button::submit(l.t("privacy-copy-take"), ButtonKind::Primary)],
    };
    Panel::new(l.t("privacy-copy-make"), form.html()).foot(SafeHtml::text(&l.t("privacy-copy-why"))).html()
}

/// What the form sends.
#[derive(Deserialize)]
pub(super) struct Locked {
    #[serde(rename = "mat-khau")]
    password: String,
}

/// `POST /du-lieu-ca-nhan/yeu-cau/{request}/ban-sao.xlsx`. The password is sent in the body and kept nowhere.
pub(super) async fn locked(
    State(app): State<App>,
    Extension(viewer): Extension<Viewer>,
    Path(id): Path<String>,
    FromForm(form): FromForm<Locked>,
) -> Result<Shown, PageError> {
    if !may(&viewer) {
        return Err(PageError::Forbidden);
    }
    let (request, _) = app.desk.request(&viewer.scope, &id).await.map_err(PageError::desk)?;
    let person = asked(&request).ok_or(PageError::NotFound)?;
    if form.password.chars().count() < LEAST_PASSWORD {
        return Err(PageError::BadRequest(app.locale(&viewer).t("privacy-copy-short")));
    }
    let copy = PersonCopy::read(&app, &viewer, person).await?;
    let event = ReadEvent::new(AuditAction::Export, "person").object(format!("P{person}")).word("form", "subject_copy");
    let event = request.commune.iter().fold(event, |event, commune| event.commune(commune));
    let rows = i64::try_from(copy.rows()).unwrap_or(i64::MAX);
    let audited = app.audit(&viewer, event.count("rows", rows)).await?;
    let workbook = write_workbook(&copy.sheets(&app, &viewer, person)).map_err(|e| PageError::inner(&e))?;
    let random = app.desk.fresh_random().map_err(PageError::desk)?;
    // The password is spun a hundred thousand times: not on the threads that serve pages.
    let lock = move || lock_xlsx(&workbook, &form.password, random);
    let bytes = tokio::task::spawn_blocking(lock).await.map_err(|_| PageError::Internal { code: "lock_stopped" })?;
    let bytes = bytes.map_err(|e| PageError::inner(&e))?;
    Ok(Shown::file(bytes, XLSX, format!("ban-sao-du-lieu-{}.xlsx", app.today()), audited))
}
